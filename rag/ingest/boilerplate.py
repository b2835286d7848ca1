"""What a page says around its article: menus, share buttons, credits, notices. Plain rules, English.

A rule must match a whole paragraph (or, for credits, its end), so that an article that merely
mentions "subscribe" or "print" keeps its words.
"""

from __future__ import annotations

import re

from rag.ingest import bylines

_LONGEST = 400
"""Furniture is short."""


def _any(*alternatives: str) -> str:
    return f"(?:{'|'.join(alternatives)})"


def _row(word: str) -> str:
    """One or more of a kind in a row, as menus have them."""
    return rf"{word}(?:[\s,|/·•]+{word})*"


_SITE = _any(
    *(
        "facebook",
        "twitter",
        "x",
        "whatsapp",
        "linkedin",
        "reddit",
        "telegram",
        "weibo",
        "wechat",
        "instagram",
    ),
    *(
        "youtube",
        "pinterest",
        "tumblr",
        "line",
        "e-?mail",
        "print",
        "share",
        "copy(?: link)?",
        "save",
        "tweet",
    ),
)
_LANGUAGE = _any(
    *("english", "français", "español", "deutsch", "русский", "العربية", "日本語", "한국어"),
    *("中文", "简体(?:中文)?", "繁體(?:中文)?"),
)
_ABOUT = _any(
    *("contact us", "about us", "terms of (?:use|service)", "privacy (?:policy|notice)", "cookie policy"),
    *("help", "faq", "sitemap"),
)
_THIS = r"(?:this )?(?:article|story|page|post)(?: \(.{1,20}\))?"
_FURNITURE = re.compile(
    _any(
        r"(?:old|new|mobile|desktop|print|classic|full|text) version",
        r"back to top|top of page|skip to (?:main )?content|skip to navigation|jump to .{1,30}",
        r"listen|follow|comments?|reply|menu|search|home|close|next|previous",
        r"video ad feedback.{0,300}",
        rf"(?:print|share|e-?mail|save|gift|bookmark|listen to|download) {_THIS}",
        r"share (?:on|via|to|this) .{1,40}",
        _row(_SITE),
        _row(_LANGUAGE),
        _row(_ABOUT),
        rf"(?:(?:select |choose )?language|{_LANGUAGE})\s*[:|].{{0,80}}",
        r"log ?in|sign ?in|sign ?up|subscribe(?: now)?|register|sign in to .{1,40}",
        r"already a subscriber\?.{0,40}",
        r"(?:subscribe|sign up|register|join)\b.{0,120}\b(?:newsletters?|inbox|e-?mail alerts?)\b.{0,60}",
        r"advertis(?:ement|ing)|sponsored(?: content)?|promoted|paid content|ad",
        r"(?:story|article) continues (?:below|after).{0,40}|continue reading.{0,60}",
        r"read full (?:story|article)",
        r"(?:image|video|photo|gallery|audio|(?:info)?graphic|slideshow|(?:image )?credit|caption)s?:?",
        r"\d{1,3}[- ]?min(?:ute)?s?(?: read)?|(?:estimated )?read(?:ing)? time:?.{0,20}",
        r"(?:(?:published|posted|updated) )?\d{1,2} (?:minute|hour|day|week)s? ago",
        r"(?:a )?version of this (?:article|story|post|op-ed).{0,300}",
        r"(?:©|copyright\W{0,3}(?:©|\(c\)|(?:19|20)\d\d\b)|\(c\)\s?(?:copyright\b|(?:19|20)\d\d\b)).{0,200}",
        r".{0,120}all rights reserved\.?.{0,80}",
        r"(?:this (?:site|website)|we) uses? cookies.{0,300}|(?:accept|reject|manage)(?: all)?(?: cookies)?",
        r"(?:please )?(?:enable|turn on) javascript.{0,120}",
        r"(?:follow|find|like) us on .{1,80}|follow @?\w+(?: on .{1,40})?",
        r"(?:home|news)(?: ?[>/›»] ?[^>/›»]{1,40}){1,5}",
        r"(?:tags?|topics?|keywords?|filed under|categor(?:ies|y)):.{1,200}",
        r"(?:press|news|media) release|for immediate release",
        r"our standards: the thomson reuters trust principles.{0,40}",
        r"need a (?:\w+ )?break\?.{0,120}",
        r"[\w .,()’'-]{1,80}\.(?:png|jpe?g|gif|webp|svg|tiff?|bmp|mp4)",
        r"[-–—_=*•·.#~\s|]+|-?30-?|ends?",
    ),
    re.IGNORECASE,
)
_POINTER = re.compile(
    _any(
        r"(?:more about|(?:read )?more from|see more (?:of|from|about)) .{1,60}",
        r"(?:read|see|watch|listen|more)(?: also| more)?: ?.{1,200}",
    ),
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?!\w+(?: \w+)?:\S)(?:\S+ ){7,}\S*(?<!\.\w)\.[”’\"')\]»]*")
"""Headlines end in no dot, and many have no space after the label: `More:Ferries are full`."""
_RIGHTS = re.compile(
    r"(?:copyright\b|\(c\))\W*(?:by )?((?-i:[A-Z]).{0,120}?)(?:,? (?:19|20)\d\d(?:\..{0,200})?)?\.?", re.IGNORECASE
)
"""A notice with neither sign nor a year in front, if the group holds no more than names."""
_RELATED = re.compile(
    _any(
        r"you (?:might|may) also (?:like|be interested in)",
        r"related(?: (?:articles?|stories|content|news|topics|posts|links|reading))?",
        r"more (?:stories|news|on this(?: story)?|like this|from .{1,40}|in .{1,30})",
        r"recommended(?: (?:for you|stories|reading))?",
        r"most (?:read|popular|viewed|shared)|trending(?: now)?|popular (?:now|stories)|top stories",
        r"editors[’']? picks?|latest (?:news|stories)|(?:read|up) next|what to read next",
        r"around the web|from our partners|see also|further reading",
    )
    + ":?",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"\b\w\.\w\.$")
_SECTION = _any(
    *("world", "international", "global", "politics", "nation(?:al)?", "business", "economy", "economics"),
    *("finance", "markets?", "opinion", "op-ed", "editorials?", "commentary", "(?:news )?analysis", "news"),
    *("breaking news", "foreign (?:policy|affairs)", "diplomacy", "security", "defen[cs]e", "military"),
    *(r"u\.?s\.?(?: news| politics)?", "china", "asia(?:[- ]pacific)?", "europe", "africa", "americas?"),
    *("middle east", "science", "tech(?:nology)?", "health", "sports?", "culture", "arts?", "books", "style"),
    *("travel", "environment", "climate", "education", "society", "features?", "interviews?", "exclusive"),
    *("special reports?", "explainers?", "cover story", "latest", "live"),
)
_SECTIONS = re.compile(rf"{_SECTION}(?: ?[|/>&,·] ?[\w .&-]{{1,30}}){{0,3}}", re.IGNORECASE)
_AGENCY = _any(
    *(
        "ap",
        "associated press",
        "afp",
        "reuters",
        "xinhua",
        r"getty(?: images)?",
        "vcg",
        "epa",
        "cfp",
        "bloomberg",
    ),
    *("handout", "the new york times", "the washington post"),
)
_PICTURE = r"(?:photograph|photo|picture|image|illustration|graphic)s?"
_BEGINS = r"(?:^|(?<=[.!?”\"])\s+)"
"""In the middle of a sentence `a picture by Johannes Vermeer` is prose."""
_CREDIT_WORDS = re.compile(
    r"\b(?:courtesy|exclusive(?:ly)?|file|image|left|photo|pool|right|via|for the \w+(?=\.?$)|"
    r"\d+(?:st|nd|rd|th)|class|permission|provided|released|screenshot|used|user|with)\b"
)
"""What else a credit says in lower case beside its names."""
_CREDIT = re.compile(
    r"\s*"
    + _any(
        r"\((?:file )?(?:photo|image|picture|credit|pool|courtesy|source)\b[^()]{0,80}\)",
        rf"\((?:[^()]{{0,40}}/)?{_AGENCY}(?:[/ ][^()]{{0,40}})?\)",
        rf"{_BEGINS}(?:pool |file )?{_PICTURE} (?:by|courtesy of|via):? ((?-i:[A-Z])[^.]{{1,60}}\.?)",
        r"(?<=[.!?”\"]) credit\s?(?:\.\.\.|…)\s?(?-i:[A-Z])[^.]{1,80}\.?",
        r"(?<=[.!?”\"]) credit\s?((?-i:[A-Z])[^.]{1,80}\.?)",
        rf"(?<=[.!?”\"]) (?:{_PICTURE} )?courtesy(?: of)? (?-i:[A-Z])[^.]{{1,60}}\.?",
        rf"(?:(?<=[.!?”\"])|(?<=[.!?”\"] )|^)(?:{_PICTURE}|(?:{_PICTURE} )?credit|source):\s*[^.]{{2,80}}\.?",
        rf"(?:{_BEGINS}|(?<=/))(?-i:(?:[A-Z][\w.’'-]+ ){{1,3}})(?:for|/|via) {_AGENCY}\.?",
        r"(?<=[.!?”\"])\s+(?-i:REUTERS)/(?-i:[A-Z])[^.]{1,60}(?:, opens new tab)?",
        rf"(?<=[.!?”\"])\s+(?:[\w .’'-]{{2,40}}/)?{_AGENCY}(?:(?: via |/)[\w ]{{2,30}})?\.?",
    )
    + r"\s*$",
    re.IGNORECASE,
)
"""Groups hold the names of credits that only these tell from a sentence: `Credit Suisse declined to comment.`"""
_LABEL = re.compile(
    rf"(?:(?:file )?{_PICTURE}|caption|pictured|file)\s*[:–—-]\s+\S|\[\d{{1,2}}/\d{{1,2}}\]\s*\S", re.IGNORECASE
)
_CAPTION_LONGEST = 600


def is_boilerplate(paragraph: str) -> bool:
    """Say whether a paragraph (on one line, trimmed) is page furniture.

    >>> is_boilerplate("Back to Top"), is_boilerplate("He went back to top the list.")
    (True, False)
    """
    return len(paragraph) <= _LONGEST and (
        bool(_FURNITURE.fullmatch(paragraph)) or _is_pointer(paragraph) or _is_notice(paragraph)
    )


def _is_pointer(paragraph: str) -> bool:
    return bool(_POINTER.fullmatch(paragraph)) and not _SENTENCE.fullmatch(paragraph)


def _is_notice(paragraph: str) -> bool:
    notice = _RIGHTS.fullmatch(paragraph)
    return notice is not None and not bylines.has_prose(notice[1])


def opens_related(paragraph: str) -> bool:
    """Say whether a paragraph opens a list of other articles, as `You might also like` does."""
    return len(paragraph) <= _LONGEST and bool(_RELATED.fullmatch(paragraph))


def is_teaser(line: str) -> bool:
    """Say whether a line below such an opener, short as it is, may name another article: headlines end in no dot.

    >>> is_teaser("Ferries are full"), is_teaser("Why rents rose in the U.S."), is_teaser("It was cut.")
    (True, True, False)
    """
    return not line.endswith(".") or bool(_INITIALS.search(line))


def is_section(paragraph: str) -> bool:
    """Say whether a paragraph is the name of a newspaper's section and nothing else."""
    prose = paragraph[:1].isupper() and bylines.has_prose(paragraph)  # `Opinion | The talks are lost`
    return len(paragraph) <= _LONGEST and bool(_SECTIONS.fullmatch(paragraph)) and not prose


def credit_start(paragraph: str) -> int | None:
    """Return where a photo credit at the end of a paragraph begins, or None.

    >>> credit_start("The two met. Pool photo by Leah Millis")
    12
    """
    match = _CREDIT.search(paragraph) if len(paragraph) <= _CAPTION_LONGEST else None
    while match and _is_sentence(*match.groups()):
        match = _CREDIT.search(paragraph, match.start() + 1)
    return match.start() if match else None


def _is_sentence(picture: str | None, credit: str | None) -> bool:
    """Say whether the names of a credit go on as a sentence. One of a picture would end as a sentence does."""
    names = credit or (picture if picture and picture.endswith(".") else "")
    return bylines.has_prose(_CREDIT_WORDS.sub(" ", names))


def is_caption(paragraph: str) -> bool:
    """Say whether a paragraph is labelled as the caption of a picture."""
    return len(paragraph) <= _CAPTION_LONGEST and bool(_LABEL.match(paragraph))
