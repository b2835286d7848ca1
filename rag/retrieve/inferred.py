"""A filter from the question, where it names an outlet or an author of this corpus as the one who writes.

"What did the Times report in July 2023 about the talks?" asks for articles; "what happened in July 2023?" asks for an
event, which articles of any date may tell. So a date counts only beside a verb of writing or "articles".
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rag.records import Article, Filter
from rag.retrieve.listing import LONGEST


@dataclass(frozen=True, kw_only=True)
class Names:
    """Who writes in a corpus, as its articles have it."""

    outlets: tuple[str, ...]
    authors: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Aim:
    """The articles that a question is meant for."""

    where: Filter
    question: str
    """What those articles are asked; "" where only they themselves are asked for."""
    note: str
    """Which articles they are, to be shown with the answer."""
    by: str
    """Who writes them, and when, as "in The Harbour Times from 2021"; "" where only their time is named."""
    instead: Aim | None = None
    """What is tried next, where a time may be theirs or that of what happened."""

    def holds(self, article: Article) -> bool:
        """Tell whether an article is one of them."""
        where, day = self.where, str(article.published)
        ours = (where.source or "").casefold() in (article.source or "").casefold()
        ours = ours and (where.author or "").casefold() in (article.author or "").casefold()
        begins, ends = str(where.published_from or ""), str(where.published_to or "9999")
        return ours and (begins, ends) == ("", "9999") if article.published is None else ours and begins <= day <= ends


_MONTHS = [name.lower() for name in calendar.month_name]
_DAY = rf"(?:(?:{'|'.join(_MONTHS[1:])}) )?(?:19|20)\d\d"
_JOINED = r"(?:and|or|to|until|till|through)"
_TELLS = r"(?:mention(?:s|ed|ing)?|say(?:s|ing)?|said|discuss(?:es|ed|ing)?|cover(?:s|ed|ing)?)\b"
_WHEN = (
    rf"(?P<how>(?P<begins>from|since)|in|after|before|until|between(?= {_DAY} and {_DAY})) (?P<day>{_DAY})"
    rf"(?: (?P<joined>{_JOINED}) (?P<last>{_DAY})"
    r"|(?P<on> (?:onwards?|(?:to|until|till) (?:today|now)"
    # elsewhere "on" has the topic behind it: "articles in 2022 on coverage of the flood"
    rf"|(?(begins)on(?= about\b| (?:(?:that|which) )?{_TELLS}|[,?.!]|$)|(?!)))))?"
    rf"(?! (?:{_JOINED}\b|[-–—]))"
)
"""A time that goes on in words not known is none: what was left of it would stand broken in the question."""
_NAME = r"(?P<name>[\w'’.&-]+(?: [\w'’.&-]+){0,6}?)"
_WRITES = r"(?:write|wrote|written|report|reported|argue|argued|publish|published|print|printed)"
_SAYS = r"(?:say|said|claim|claimed|tell|told)"
_KIND = r"(?P<kind>articles?|stories|pieces|columns|op-?eds|editorials)"
_END = r"(?=[\s,?.!]|$)"
_OF = re.compile(r"\b(?:of|for|from)(?: the)?$")
"""What follows it in an outlet's name is not a short form of that name."""
_ABOUT = rf"^what (?:does|did|do|has|have) {_NAME} (?P<verb>{_WRITES}|{_SAYS})"
_TOPICS = (
    # in this order: "before 2021" at the end is first taken for the time of what happened, and "in 2021" always
    rf"{_ABOUT} (?:about|on) (?P<topic>.+?) (?=since|after){_WHEN}[?.! ]*$",
    rf"{_ABOUT}(?: {_WHEN})? (?:about|on) (?P<topic>.+?)[?.! ]*$",
    rf"{_ABOUT} (?:about|on) (?P<topic>.+?) (?=before|until){_WHEN}[?.! ]*$",
)
_FORMS = (
    rf"\b(?:does|did|do|has|have) {_NAME} (?P<verb>{_WRITES}|{_SAYS})\b(?P<cut> {_WHEN})?{_END}",
    rf"(?P<cut>,? ?\baccording to {_NAME}(?: {_WHEN})?(?:,|(?=\?)|$))",
    rf"\b{_KIND}(?P<cut> (?:(?:were )?(?:written|published|printed) )?(?:by|in|from) {_NAME}(?: {_WHEN})?)"
    r"(?= (?:about|on|that|which|mention|say|discuss|cover|are there)|[?.!]|$)",
    rf"\b{_KIND}(?P<cut> (?:(?:were )?(?:written|published|printed) )?{_WHEN} (?:by|in|from) {_NAME})"
    r"(?= (?:about|on|that|which|mention|say|discuss|cover|are there)|[?.!]|$)",
    rf"\b{_KIND}(?P<cut> (?:(?:were )?(?:written|published|printed) )?{_WHEN}){_END}",
)
_ALL = (
    rf"^(?:which|what) {_KIND} (?:does|did|do|has|have) {_NAME} {_WRITES}$",
    rf"^what (?:does|did|do|has|have) {_NAME} (?:{_WRITES}|{_SAYS})$",
    rf"^(?:(?:which|what|list|show|find|name|give) )?(?:(?:me|all|the|any|are there) )*{_KIND}(?: are there)?$",
)
"""What is left of a question for articles of which nothing more is said."""


def infer(question: str, names: Callable[[], Names]) -> Aim | None:
    """Return the articles that a question is meant for; None when it names none.

    `names` is asked only when the words suggest that one is there.

    >>> who = lambda: Names(outlets=("The Harbour Times",), authors=("Mara Lind and Edward Wong",))
    >>> aim = infer("What did the Times report in July 2023 about the talks?", who)
    >>> aim.question, aim.note
    ('What is said about the talks?', 'Only articles in The Harbour Times from July 2023 were searched.')
    >>> infer("What happened in July 2023?", who)
    """
    if len(question) > LONGEST:
        return None
    if about := list(_aims(_TOPICS, question, names)):
        return replace(about[0], instead=about[1] if len(about) > 1 else None)
    return next(_aims(_FORMS, question, names), None)


def _aims(forms: Sequence[str], question: str, names: Callable[[], Names]) -> Iterator[Aim]:
    for form in forms:
        if (found := re.search(form, question, re.IGNORECASE)) and (aim := _aim(question, found, names)):
            yield aim


def _aim(question: str, found: re.Match[str], names: Callable[[], Names]) -> Aim | None:
    said = {key: value or "" for key, value in found.groupdict().items()}
    outlet = author = shown = ""
    if name := re.sub(r"^the ", "", said.get("name", ""), flags=re.IGNORECASE):
        known = names()
        outlet, shown = _outlet(name, known.outlets)
        written = not re.fullmatch(_SAYS, said.get("verb", ""), re.IGNORECASE)
        author = _author(name, known.authors) if written and not outlet else ""
        if not outlet and not author:
            return None
    if not (days := _range(said) if said["day"] else (None, None)):
        return None
    where = Filter(source=outlet or None, author=author or None, published_from=days[0], published_to=days[1])
    by, when = f"by {author}" if author else f"in {shown}" if shown else "", _when(said)
    note = f"Only articles {f'{by} {when}'.strip()} were searched."
    return Aim(where=where, question=_asked(question, said), note=note, by=f"{by} {when}".strip() if by else "")


def who_writes(name: str, known: Names) -> tuple[str, str]:
    """Return what the names of the outlets, or else of the authors, that are meant hold; both "" for none."""
    outlet, _ = _outlet(name, known.outlets)
    return outlet, "" if outlet else _author(name, known.authors)


def _outlet(name: str, outlets: Sequence[str]) -> tuple[str, str]:
    """Return what the names of the outlets that are meant hold, and those names; both "" for none.

    A short form such as "the Times" is one when it has a capital: what several outlets end in stands for all of them.
    "India" is no short form of the Times of India: it says whose or where, and is meant itself.
    A filter knows names by what they hold, so a name that is part of another outlet's names none.
    """
    full = {re.sub(r"\s*\([^)]*\)\s*$", "", outlet) for outlet in outlets}
    folded = name.casefold()
    meant = {outlet for outlet in full if re.sub(r"^the ", "", outlet.casefold()) == folded}
    if not meant and name[0].isupper():
        ending = {outlet: outlet.casefold() for outlet in full if outlet.casefold().endswith(f" {folded}")}
        meant = {outlet for outlet, said in ending.items() if not _OF.search(said.removesuffix(f" {folded}"))}
    held = min(meant) if len(meant) == 1 else name
    if not meant or any(held.casefold() in outlet.casefold() for outlet in full - meant):
        return "", ""
    return held, " or ".join(sorted(meant))


def _author(name: str, authors: Sequence[str]) -> str:
    """Return an author who is named in full; "" for none."""
    form = re.compile(rf"\b{re.escape(name)}\b", re.IGNORECASE)
    holding = [author for author in authors if name.casefold() in author.casefold()]
    found = [match[0] for author in holding if (match := form.search(author))]
    return found[0] if " " in name and found and len(found) == len(holding) else ""


def _range(said: dict[str, str]) -> tuple[date | None, date | None] | None:
    """Return the first and the last day of a time: "in 2023", "since May 2023", "from 2021 to 2023"; None for no time.

    "In 2021 and 2024" is none: a filter has no gap.
    """
    how, (begin, end) = said["how"].lower(), _days(said["day"])
    if said["last"]:
        next_begin, next_end = _days(said["last"])
        apart = how != "between" and said["joined"].lower() in {"and", "or"}
        fits = end + timedelta(days=1) == next_begin if apart else end < next_begin
        return (begin, next_end) if fits and how in {"in", "from", "since", "between"} else None
    if how in {"in", "from"}:
        return begin, None if said["on"] else end
    if how == "before":
        return None, begin - timedelta(days=1)
    if how == "after":
        return end + timedelta(days=1), None
    return (begin, None) if how == "since" else (None, end)


def _days(day: str) -> tuple[date, date]:
    """Return the first and the last day of a month or a year."""
    *months, year = day.lower().split()
    first = _MONTHS.index(months[0]) if months else 1
    last = first if months else 12
    return date(int(year), first, 1), date(int(year), last, calendar.monthrange(int(year), last)[1])


def _asked(question: str, said: dict[str, str]) -> str:
    """Return the question without what the filter says already."""
    if topic := said.get("topic"):
        return f"What is said about {topic}?"
    left = question.replace(said.get("cut", ""), "", 1).strip(" ,")
    if any(re.match(form, left.rstrip(" ?.!"), re.IGNORECASE) for form in _ALL):
        return ""
    return left[0].upper() + left[1:] if left.strip(" ?.!") else question


def _when(said: dict[str, str]) -> str:
    """Return when articles of the time that is named were published, "" where none is."""
    how = f"published {said['how'].lower()}"
    if said["how"].lower() in {"in", "from"}:
        how = "published since" if said["on"] else "from"
    if said["last"]:
        return f"from {said['day']} to {said['last']}"
    return f"{how} {said['day']}" if said["day"] else ""
