"""Bytes to text, without losing a character.

Order: a byte order mark decides; then the NUL pattern of UTF-16; then strict UTF-8; then UTF-8 with a
few stray bytes of cp1252, as scrapes glued together have them; then Korean, GB18030 and cp1252 by what is
typical of each; then charset-normalizer's guess. The last alone is not enough: it reads short cp1252
texts as cp1250 ("naďve") and short GB18030 texts as Korean.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from rag.errors import SourceError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_COMMON_CHINESE = re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]")
"""Punctuation and the frequent characters, which are sorted first in GB2312."""
_HANGUL = bytes(range(0xB0, 0xC9))
"""The first bytes of Korean syllables, and of half of the frequent Chinese characters."""
_OTHER_HALF = bytes(range(0xC9, 0xD8))
_FEWEST_HANGUL = 20
"""A name or a short text in Chinese may well lie in that half alone."""
_HIGH = re.compile(rb"[\x80-\xff]+")
_FOREIGN_SIGN = re.compile("(?<=[^\\W\\d_])[\xa1-\xac\xae-\xb3\xb5\xb6\xb8-\xbf\xd7\xf7](?=[^\\W\\d_])")
"""Signs that Western text does not have within a word: there they are letters of another encoding."""
_STRAY = re.compile("[\udc80-\udcff]")
_MAX_CONTROL = 0.02
"""Text holds next to no control characters, a binary file about one in eight."""


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """The text of a file and, unless it was plain UTF-8, how it was read."""

    text: str
    note: str | None = None


def decode(data: bytes) -> Decoded:
    """Return the text that these bytes are.

    Raises:
        SourceError: `empty`, `no text` or `not text`.
    """
    if not data:
        raise SourceError("empty")
    if not data.strip(b"\0 \t\r\n\f\v"):
        raise SourceError("no text")
    readings = (_by_mark, _by_nul_pattern, _as_utf8, _as_korean, _as_gb18030, _as_cp1252, _by_guess)
    decoded = next((found for reading in readings if (found := reading(data))), None)
    if decoded is None or _control_share(decoded.text) > _MAX_CONTROL:
        raise SourceError("not text")
    return decoded


def _by_mark(data: bytes) -> Decoded | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, errors="replace")
            return Decoded(text=text, note=None if encoding == "utf-8" else f"decoded as {encoding}")
    return None


def _by_nul_pattern(data: bytes) -> Decoded | None:
    """UTF-16 without a mark: nearly every second byte of Latin text is NUL."""
    sample = data[: 4096 - 4096 % 2]
    half = len(sample) // 2
    for encoding, zeros, others in (
        ("utf-16-le", sample[1::2].count(0), sample[0::2].count(0)),
        ("utf-16-be", sample[0::2].count(0), sample[1::2].count(0)),
    ):
        if half and zeros > 0.3 * half and others < 0.02 * half + 1:
            return Decoded(text=data.decode(encoding, errors="replace"), note=f"decoded as {encoding}")
    return None


def _as_utf8(data: bytes) -> Decoded | None:
    try:
        return Decoded(text=data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    text, strays = _with_strays(data)
    good = sum(char > "\x7f" for char in text) - strays
    if strays > good:
        return None
    return Decoded(text=text, note=f"decoded as UTF-8, {strays} stray bytes as cp1252")


def _with_strays(data: bytes) -> tuple[str, int]:
    return _STRAY.subn(
        lambda match: bytes([ord(match[0]) - 0xDC00]).decode("cp1252", errors="replace"),
        data.decode("utf-8", errors="surrogateescape"),
    )


def _as_korean(data: bytes) -> Decoded | None:
    """Korean has nearly nothing in the other half of the frequent Chinese characters, where Chinese has many."""
    runs = _HIGH.findall(data)
    firsts = b"".join(run[:-1:2] for run in runs)
    hangul = len(firsts) - len(firsts.translate(None, _HANGUL))
    others = len(firsts) - len(firsts.translate(None, _OTHER_HALF))
    high = sum(map(len, runs))
    korean = hangul >= _FEWEST_HANGUL and 2 * hangul > 0.8 * high and others <= 0.05 * hangul
    return _strictly(data, "cp949") if korean else None


def _as_gb18030(data: bytes) -> Decoded | None:
    high = sum(map(len, _HIGH.findall(data)))
    common = 2 * len(_COMMON_CHINESE.findall(data))
    return _strictly(data, "gb18030") if common > 0.8 * high else None


def _as_cp1252(data: bytes) -> Decoded | None:
    """Western text: few letters outside ASCII, and none that would be a sign within a word."""
    decoded = _strictly(data, "cp1252")
    high = len(re.findall(rb"[\x80-\xff]", data))
    letters = len(re.findall(rb"[A-Za-z]", data))
    if decoded is None or high > 0.25 * letters or len(_FOREIGN_SIGN.findall(decoded.text)) > 0.1 * high:
        return None
    return decoded


SUPERSETS = {
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987"), "cp949"),
    **dict.fromkeys(("shift_jis", "shift-jis", "x-sjis"), "cp932"),
}
"""What browsers read these names as, and what is written under them."""


def as_declared(data: bytes, charset: str) -> str | None:
    """Return the text of bytes that are said to be in `charset`, None when they are not."""
    try:
        return data.decode(SUPERSETS.get(charset.lower(), charset))
    except (LookupError, ValueError):  # ValueError: some encodings raise no more than that
        return None


def nearly_as_declared(data: bytes, charset: str) -> Decoded | None:
    """Return the text of bytes that are in `charset` but for a few, None when its name says little.

    Much is called UTF-8 or ASCII that is not, and what reads as UTF-8 is no other encoding.
    """
    try:
        if codecs.lookup(charset).name in ("utf-8", "ascii") or (not data.isascii() and as_declared(data, "utf-8")):
            return None
        text = data.decode(SUPERSETS.get(charset.lower(), charset), "replace")
    except (LookupError, ValueError):
        return None
    return Decoded(text=text, note=f"decoded as {charset.lower()}, {text.count('�')} signs of it unreadable")


def _strictly(data: bytes, encoding: str) -> Decoded | None:
    try:
        return Decoded(text=data.decode(encoding), note=f"decoded as {encoding}")
    except UnicodeDecodeError:
        return None


def _by_guess(data: bytes) -> Decoded | None:
    from charset_normalizer import from_bytes

    guess = from_bytes(data).best()
    if guess is None:
        return None
    return Decoded(text=str(guess), note=f"decoded as {guess.encoding}")


def _control_share(text: str) -> float:
    sample = text[:100_000].replace("\0", "")
    controls = sum((char < " " and char not in "\t\n\r\f\v\x1b") or char == "�" for char in sample)
    return controls / max(len(sample), 1)
