"""What a saved page shows and what it hides: hidden text and furniture go before anything is read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

_NEVER_SHOWN = (
    "//script|//style|//noscript|//template|//svg|//iframe|//object|//embed|//comment()|//processing-instruction()"
)
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)"
    r"|font-size\s*:\s*0|(?<![-\w])(?:height|width)\s*:\s*0(?:px|em|rem|%)?\s*(?:;|!|$)"
    r"|(?:text-indent|left|top)\s*:\s*-\d{3,}|clip\s*:\s*rect\(\s*0",
    re.IGNORECASE,
)
_COLOUR = re.compile(r"(?<![-\w])(color|background(?:-color)?)\s*:\s*([^;!]+)", re.IGNORECASE)
_WHITE = {"white": "#ffffff", "#fff": "#ffffff", "rgb(255,255,255)": "#ffffff"}
_UNSEEN_CLASS = re.compile(r"(?:^|\s)(?:sr-only|screen-reader-text|visually-?hidden|d-none|is-hidden|hide)(?:\s|$)")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_FURNITURE = (
    "//nav|//aside|//footer|//form|//button|//dialog|//select|//amp-sidebar"
    "|//*[@role='navigation' or @role='banner' or @role='contentinfo' or @role='complementary'"
    " or @role='dialog' or @role='search' or @role='menu']"
)
_FURNITURE_NAME = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|social|newsletter|related|recirc|recommend(?:ed|ations)?|promo|cookies?|consent|"
    r"gdpr|comments?|disqus|breadcrumbs?|outbrain|taboola|adverts?|advertisement|ads?|ad-(?:wrapper|slot|unit)|"
    r"paywall|sidebar|pagination|pager|toolbar|tools|masthead|menu|site-header|also|most-read|trending|author-bio)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_KEPT = frozenset(["html", "body", "main", "article", "h1"])
_LARGEST_FURNITURE = 0.3
"""An element that holds more of the page's text than this is no furniture, whatever it is called."""


def drop_hidden(root: HtmlElement) -> int:
    """Remove what a browser would not show. Return how many elements with words that were."""
    unseen = _hidden_classes(root)
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
        if _FURNITURE_NAME.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            yield element


def _drop(elements: list[HtmlElement]) -> None:
    for element in elements:
        if element.getparent() is not None:
            element.drop_tree()


def _is_hidden(element: HtmlElement, unseen: frozenset[str]) -> bool:
    classes = element.get("class") or ""
    style = element.get("style") or ""
    return (
        "hidden" in element.attrib
        or (element.tag == "input" and element.get("type") == "hidden")
        or bool(style and (_HIDDEN_STYLE.search(style) or _same_colours(style)))
        or bool(classes and (_UNSEEN_CLASS.search(classes) or not unseen.isdisjoint(classes.split())))
    )


def _same_colours(style: str) -> bool:
    colours = {name.lower()[:5]: _colour(value) for name, value in _COLOUR.findall(style)}
    text = colours.get("color")
    return text is not None and text == colours.get("backg", "#ffffff")


def _colour(value: str) -> str:
    value = re.sub(r"\s", "", value.lower())
    if re.fullmatch(r"#[0-9a-f]{3}", value):
        value = "#" + "".join(2 * digit for digit in value[1:])
    return _WHITE.get(value, value)


def _hidden_classes(root: HtmlElement) -> frozenset[str]:
    """Classes that the page's own style sheet hides with a plain rule (`.x { display: none }`)."""
    rules = (rule for style in root.xpath("//style") for rule in _RULE.findall((style.text or "")[:500_000]))
    return frozenset(
        selector.strip()[1:]
        for selectors, body in rules
        if re.search(r"display\s*:\s*none|visibility\s*:\s*hidden", body) and "@" not in selectors
        for selector in selectors.split(",")
        if re.fullmatch(r"\s*\.[\w-]+\s*", selector)
    )
