"""Where sentences begin and end, as exact offsets.

Rules for news prose: a terminator ends a sentence unless the word before it is a title, an initial
or another abbreviation that the next word continues, or what follows is lower case. Closing quotes
and brackets stay with their sentence. A blank line ends a sentence unless the text runs on in lower
case, as in scrapes that cut a sentence at a page's end.

Deliberately not done: other languages' abbreviations (their full stops still end sentences); their quotation
marks are known.
"""

from __future__ import annotations

import re

from rag.ingest.items import LONG_LINE, is_listed, line_start

_CLOSING = "”’\"'»)\\]」』】"
_FOREIGN_CLOSING = "“‘«"
"""They close in German; in English and French they open, but then no space follows them."""
_EDGE = re.compile(rf"[.!?…。！？\n][.!?…。！？]*[{_CLOSING}]*(?:(?:[ \xa0\u202f]?»|[{_FOREIGN_CLOSING}])(?=\s|$))*")
"""Starts with one class of characters, which is what makes the search fast."""
_MARKERS = re.compile(r"(?:\s*\[\d+\])+(?=\s|$)")
_LOST_SPACE = re.compile(
    r"[“\"]?(?:The|A|In|But|It|He|She|They|We|This|That|There|And|On|At|As|For|So|When|While|However|After|If|His|Her)\s"
)
_LOST_AFTER_QUESTION = re.compile(r"[“\"]?[A-Z][a-z’']*\s")
_ITEM = re.compile(r"(?:[-*•·]|\d{1,2}[.)])\s")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TITLES = _words(
    "mr mrs ms mx dr drs prof gen lt maj col cmdr cdr capt cpt sgt cpl adm rev hon sen sens rep reps gov "
    "govs pres dem repub messrs mme mlle ste amb atty supt det insp msgr brig pvt fr mt ft dept univ asst assoc "
    "cllr cllrs ald sec"
)
"""Written with a capital, they stand before a name."""
_RANKS = _words("Pfc Spc Flt Wg Sqn Ldr Wm")
"""They too, but in these letters only: SPC is an office."""
_NEVER = _words("vs v viz cf fig figs eq e.g i.e ca approx al nos vol eds pp")
"""They stand before what they belong to, however they are written."""
_BEFORE_NUMBER = _words("no nos p pp vol ch art sec fig jan feb mar apr jun jul aug sep sept oct nov dec para")
_BEFORE_YEAR = _words("est Est b c d fl r Rs")
"""Before a number, and in these letters only: EST is a time zone, a C an initial."""
_SOMETIMES = _words(
    "st ret inc corp co ltd plc llc bros jr sr ave blvd rd hwy no jan feb mar apr jun jul aug sep sept oct "
    "nov dec mon tue tues wed thu thur thurs fri sat sun calif conn fla ill mass mich minn ariz colo ore "
    "pa tenn tex va wash wis vt md neb nev okla ala ark del ind kan ky la mo mont"
)
"""Written with a capital, they end a sentence only before a word that opens one."""
_OPENERS = _words(
    "the a an this that these those it its he she they we i you his her their our my there here in on at "
    "by for from with without to as if when while where since although though because but and or so yet "
    "however moreover meanwhile furthermore after before during under over despite instead still also "
    "then now today yesterday what who why how which one two some many most all both each no not "
    "officials critics experts analysts according"
)
_TIME = _words("a.m p.m")
_AFTER_TIME = _words(
    "et est edt pt pst pdt ct cst cdt mt mst mdt mountain hst gmt utc bst cet hkt ist jst eastern pacific central "
    "beijing local monday tuesday wednesday thursday friday saturday sunday january february march april may june "
    "july august september october november december"
)
_VERBS = (
    r"(?:said|says|asked|asks|wrote|writes|told|added|adds|replied|replies|tweeted|declared|wondered|shouted|cried|"
    r"exclaimed|reads?)"
)
_ATTRIBUTION = re.compile(rf"(?:[A-Z][\w.’'-]*\s+){{1,4}}{_VERBS}\b|{_VERBS}\s+[A-Z]")
_BEFORE = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]$|[^\W_]+$")
_AFTER = re.compile(r"[\s“‘\"'«(\[「『—–-]*(?P<word>[^\W_]+(?:\.[^\W_]+)*)?")
_SPACE = re.compile(r"\s*")


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Return the sentences of `text[start:end]` as offsets into `text`, trimmed, in order.

    Every character that is not space is in exactly one of them.

    >>> sentences("Mr. Xi left. He flew to the U.S. on Dec.1.")
    [(0, 12), (13, 42)]
    """
    end = len(text) if end is None else end
    found: list[tuple[int, int]] = []
    begin = seen = skip_space(text, start, end)
    for match in _EDGE.finditer(text, start, end):
        if match.start() < max(begin, seen):
            continue
        if text[match.start()] == "\n":
            seen = skip_space(text, match.start(), end)
            cut = match.start() if _line_ends(text, begin, (match.start(), seen), end) else None
        else:
            cut = _sentence_end(text, begin, match, end)
        if cut is not None:
            found.append((begin, begin + len(text[begin:cut].rstrip())))
            begin = skip_space(text, cut, end)
    if begin < end:
        found.append((begin, begin + len(text[begin:end].rstrip())))
    return found


def skip_space(text: str, start: int, end: int) -> int:
    """Return the first offset in `text[start:end]` that is not space, or `end`."""
    match = _SPACE.match(text, start, end)
    return match.end() if match else start


def _line_ends(text: str, begin: int, space: tuple[int, int], end: int) -> bool:
    """Say whether a line's end is a sentence's: a blank line follows, or an item of a list."""
    newline, after = space
    if text.count("\n", newline, after) > 1:
        return not text[after : after + 1].islower()
    item = _ITEM.match(text, after, end)
    return item is not None and _is_item(text, begin, newline, item)


def _is_item(text: str, begin: int, newline: int, item: re.Match[str]) -> bool:
    """Say whether what looks like an item is one: a line above not wrapped, or with room for its sign, says so."""
    above = newline - line_start(text, newline)
    if above >= LONG_LINE or is_listed(text, begin, newline, item):
        return True
    below = text.find("\n", item.end(), item.endpos)
    return above + len(item[0]) <= (item.endpos if below < 0 else below) - item.start()


def _sentence_end(text: str, begin: int, match: re.Match[str], end: int) -> int | None:
    """Return where the sentence that these terminators may end does end, or None."""
    if match[0][0] in "。！？":
        return match.end()
    markers = _MARKERS.match(text, match.end(), end)
    cut = markers.end() if markers else match.end()
    if cut < end and not text[cut].isspace():
        return cut if _lost_space(text, begin, match, end) else None
    return cut if _ends(text, begin, (match[0], match.start(), cut), end) else None


def _lost_space(text: str, begin: int, match: re.Match[str], end: int) -> bool:
    """Say whether terminators between two words end a sentence: `as of Jan. 13.But neither …`."""
    before = text[max(begin, match.start() - 2) : match.start()]
    if len(before) < 2 or not before.isalnum() or before != before.lower() or len(match[0]) > 2:
        return False
    form = _LOST_SPACE if match[0][0] == "." else _LOST_AFTER_QUESTION
    return bool(form.match(text, match.end(), end))


def _ends(text: str, begin: int, stop: tuple[str, int, int], end: int) -> bool:
    """Decide about terminators, given with their place, before a space."""
    signs, at, cut = stop
    after = _AFTER.match(text, cut, end)
    word = (after["word"] if after else None) or ""
    if not word:
        return skip_space(text, cut, end) == end or not signs.startswith("…")
    if at == begin or (signs[0] == "…" and text[at - 1].isspace()):
        return False  # a pause, or the mark of an omission
    if word[0].islower() and text.count("\n", cut, skip_space(text, cut, end)) < 2:
        return False
    if signs.rstrip(f"{_CLOSING}{_FOREIGN_CLOSING} \xa0\u202f") == ".":
        return _full_stop_ends(text, begin, (signs, at), word)
    named = signs[0] == "!" and text[at - 1].isupper() and (at - 1 == begin or not text[at - 2].isalpha())
    return not named and not _is_attributed(text, begin, signs, skip_space(text, cut, end))


def _full_stop_ends(text: str, begin: int, stop: tuple[str, int], word: str) -> bool:
    """Decide about a full stop from the word before it and the word after."""
    signs, at = stop
    before = _BEFORE.search(text, max(begin, at - 24), at)
    last = before[0] if before else ""
    if signs == ".)" and before and text[before.start() - 1] == "(" and last.islower():
        return False  # an abbreviation in brackets: Adm. (ret.) Haddery
    if not before or (len(signs) > 1 and not last.isupper()):
        return True
    if last.isdigit() and before.start() == begin and len(last) <= 3:
        return False
    return _word_ends(last, word, compound=before.start() > begin and text[before.start() - 1] in "-–")


def _word_ends(last: str, word: str, compound: bool) -> bool:
    """Decide about a full stop between the word `last` and the word `word`."""
    lower, follows = last.lower(), word.lower()
    capital = last[0].isupper()
    if (lower in _BEFORE_NUMBER or last in _BEFORE_YEAR) and word[0].isdigit():
        return False
    if (lower in _TITLES and capital) or last in _RANKS:
        return False
    if lower in _NEVER:
        return compound
    if lower in _TIME:
        return follows not in _AFTER_TIME
    initial = len(last) == 1 and capital
    if initial or "." in last or lower == "etc" or (lower in _SOMETIMES and capital):
        return follows in _OPENERS
    return True


def _is_attributed(text: str, begin: int, signs: str, after: int) -> bool:
    """`“Why?” Mr. Biden asked.` is one sentence: the quote opens it and its speaker follows."""
    quoted = signs[-1] in "”“\"’'" and text[begin] in "“\"‘'"
    return quoted and bool(_ATTRIBUTION.match(text, after))
