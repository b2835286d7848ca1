"""What a saved page shows and what it hides: hidden text and furniture go before anything is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

_NEVER_SHOWN = (
    "//script|//style|//noscript|//template|//svg|//iframe|//object|//embed|//comment()|//processing-instruction()"
)
_HIDDEN_RULE = r"(?<![-\w])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))"
_SHOWN_RULE = re.compile(r"(?<![-\w])(?:display\s*:(?!\s*none)|visibility\s*:\s*visible)", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(
    rf"{_HIDDEN_RULE}|(?<![-\w])opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)"
    r"|(?<![-\w])(?:font-size|height|width)\s*:\s*0(?:\.0+)?(?:[a-z]+|%)?\s*(?:;|!|$)"
    r"|(?:text-indent|(?<![-\w])(?:left|top))\s*:\s*-\d{3,}|margin-(?:left|top)\s*:\s*-\d{4,}|clip\s*:\s*rect\(\s*0",
    re.IGNORECASE,
)
_COLOUR = re.compile(r"(?<![-\w])(color|background(?:-color)?)\s*:\s*([^;!]+)", re.IGNORECASE)
_WHITE = {"white": "#ffffff", "#fff": "#ffffff", "rgb(255,255,255)": "#ffffff"}
_UNSEEN_CLASS = re.compile(r"(?:^|\s)(?:sr-only|screen-reader-text|visually-?hidden|d-none|is-hidden|hide)(?:\s|$)")
_WIDTHS = ("", "sm", "md", "lg", "xl", "xxl")
_DISPLAY = re.compile(
    r"(?<!\S)d-(?:(sm|md|lg|xl|xxl)-)?(none|inline|contents|(?:inline-)?(?:block|flex|grid)|table(?:-row|-cell)?)(?!\S)"
)
"""Bootstrap's classes. One for a width holds for all wider ones up to the next."""
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_CONDITIONAL = re.compile(
    r"@(?:media|container)\b(?!\s+(?:all|screen)\s*\{)[^@{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.IGNORECASE
)
"""Rules for print or narrow screens say nothing of the page as it is read."""
_FURNITURE = (
    "//nav|//aside|//footer|//form|//button|//dialog|//select|//amp-sidebar"
    "|//*[@role='navigation' or @role='banner' or @role='contentinfo' or @role='complementary'"
    " or @role='dialog' or @role='search' or @role='menu']"
)
FURNITURE_NAME = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|social|newsletter|related|recirc|recommend(?:ed|ations)?|promo|cookies?|consent|"
    r"gdpr|comments?|disqus|breadcrumbs?|outbrain|taboola|adverts?|advertisement|ads?|ad-(?:wrapper|slot|unit)|"
    r"paywall|sidebar|pagination|pager|toolbar|tools|masthead|menu|site-header|also|most-read|trending|author-bio)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_KEPT = frozenset(["html", "body", "main", "article", "h1"])
_LARGEST_FURNITURE = 0.3
"""An element that holds more of the page's text than this is no furniture, whatever it is called."""


@dataclass(frozen=True)
class _Sheet:
    """What the page's own style sheet says by class alone."""

    hidden: frozenset[str]
    """Classes with a plain rule that hides (`.tab { display: none }`)."""
    shown: frozenset[frozenset[str]]
    """Classes that together are shown all the same (`.tab.on { display: block }`)."""
    wide: frozenset[str]
    """The words of views for wide screens alone. A view for narrow ones that only repeats them is hidden."""

    def hides(self, classes: frozenset[str]) -> bool:
        unseen = self.hidden & classes
        return bool(unseen) and not any(some <= classes and some & unseen for some in self.shown)


def drop_hidden(root: HtmlElement) -> int:
    """Remove what a browser would not show. Return how many elements with words that were."""
    unseen = _sheet(root)
    _drop(root.xpath(_NEVER_SHOWN))
    hidden = [element for element in root.iter(etree.Element) if _is_hidden(element, unseen)]
    count = sum(1 for element in hidden if (element.text_content() or "").strip())
    _drop(hidden)
    return count


def drop_furniture(root: HtmlElement) -> None:
    """Remove menus, asides, forms, share buttons, comments and lists of other articles."""
    limit = _LARGEST_FURNITURE * len(root.text_content())
    for element in [*root.xpath(_FURNITURE), *_named(root)]:
        if element.tag not in _KEPT and len(element.text_content()) <= limit:
            _drop([element])


def _named(root: HtmlElement) -> Iterator[HtmlElement]:
    for element in root.iter(etree.Element):
        if FURNITURE_NAME.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            yield element


def _drop(elements: list[HtmlElement]) -> None:
    for element in elements:
        if element.getparent() is not None:
            element.drop_tree()


def _is_hidden(element: HtmlElement, unseen: _Sheet) -> bool:
    classes = element.get("class") or ""
    shown_wide = _shown_wide(classes)
    if shown_wide:
        classes = re.sub(r"(?<!\S)d-none(?!\S)", "", classes)
    style = element.get("style") or ""
    return (
        "hidden" in element.attrib
        or (element.tag == "input" and element.get("type") == "hidden")
        or (shown_wide is False and unseen.wide.issuperset(_words(element)))
        or bool(style and (_HIDDEN_STYLE.search(style) or _same_colours(element)))
        or bool(classes and (_UNSEEN_CLASS.search(classes) or unseen.hides(frozenset(classes.split()))))
    )


def _shown_wide(classes: str) -> bool | None:
    """Tell whether an element is shown on the widest screen; None where it is shown or hidden at any width."""
    display: dict[str, str] = dict(_DISPLAY.findall(classes))
    widest = max(display, key=_WIDTHS.index, default="")
    return display[widest] != "none" if widest else None


def _words(element: HtmlElement) -> list[str]:
    return " ".join(element.itertext()).split()  # cells have no space between them


def _same_colours(element: HtmlElement) -> bool:
    """Tell whether an element's text has the colour that lies behind it; a page is white where no element says."""
    text = _colours(element).get("color")
    around = (_colours(one).get("backg") for one in (element, *element.iterancestors()))
    return text is not None and text == next((behind for behind in around if behind), "#ffffff")


def _colours(element: HtmlElement) -> dict[str, str]:
    return {name.lower()[:5]: _colour(value) for name, value in _COLOUR.findall(element.get("style") or "")}


def _colour(value: str) -> str:
    value = re.sub(r"\s", "", value.lower())
    if re.fullmatch(r"#[0-9a-f]{3}", value):
        value = "#" + "".join(2 * digit for digit in value[1:])
    return _WHITE.get(value, value)


def _sheet(root: HtmlElement) -> _Sheet:
    """Read the plain rules of the page's own style sheets; what needs more than classes is not followed."""
    sheets = (_CONDITIONAL.sub("", (style.text or "")[:500_000]) for style in root.xpath("//style"))
    hidden, shown = set[str](), set[frozenset[str]]()
    for selectors, body in (rule for sheet in sheets for rule in _RULE.findall(sheet)):
        hides = re.search(_HIDDEN_RULE, body) is not None
        if "@" in selectors or not (hides or _SHOWN_RULE.search(body)):
            continue
        for selector in re.findall(r"(?:^|(?<=,))\s*((?:\.[\w-]+)+)\s*(?=,|$)", selectors):
            classes = frozenset(selector[1:].split("."))
            if hides and len(classes) == 1:
                hidden |= classes
            elif not hides and len(classes) > 1:
                shown.add(classes)
    views = (view for view in root.xpath("//*[contains(@class, 'd-none')]") if _shown_wide(view.get("class")))
    return _Sheet(frozenset(hidden), frozenset(shown), frozenset(word for view in views for word in _words(view)))
