"""Zip files, opened only after a look at their directory: size, ratio, count, names.

Nothing is written to disk, so a name can do no harm; one that points outside is still refused, since a
file that lies about its names is not worth trusting.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from lxml import etree

from rag.errors import SourceError
from rag.ingest.sniff import BROKEN_ZIP

LARGEST_TOTAL = 100_000_000
"""Bytes of all entries together, unpacked."""
MOST_ENTRIES = 2_000
_WORST_RATIO = 100
_RATIO_FROM = 1_000_000
"""Small files may be packed as well as they like."""
_ENCRYPTED = 0x1


def open_zip(data: bytes) -> zipfile.ZipFile:
    """Return an archive that is safe to read.

    Raises:
        SourceError: `damaged`, `needs a password`, or what is wrong with its directory.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except BROKEN_ZIP:
        raise SourceError("damaged") from None
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise SourceError(f"an archive of more than {MOST_ENTRIES} files")
    if sum(entry.file_size for entry in entries) > LARGEST_TOTAL:
        raise SourceError(f"an archive of more than {LARGEST_TOTAL // 1_000_000} MB unpacked")
    for entry in entries:
        _check(entry)
    return archive


def _check(entry: zipfile.ZipInfo) -> None:
    name = entry.filename.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/") or re.match(r"[A-Za-z]:", name):
        raise SourceError(f"an archive with a path that leads outside: {name[:80]!r}")
    if entry.file_size > _RATIO_FROM and entry.file_size > _WORST_RATIO * max(1, entry.compress_size):
        raise SourceError("an archive packed too densely to be honest")
    if entry.flag_bits & _ENCRYPTED:
        raise SourceError("needs a password")


def member(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return one file of an archive.

    Raises:
        SourceError: `damaged`: it is missing, broken, or larger than the directory says.
    """
    try:
        with archive.open(name) as file:
            data = file.read(LARGEST_TOTAL + 1)
    except BROKEN_ZIP:
        raise SourceError("damaged") from None
    if len(data) > LARGEST_TOTAL:
        raise SourceError("damaged")
    return data


def parse_xml(data: bytes) -> etree._Element:
    """Return a tree of XML. Entities are not expanded; nothing outside the data is read.

    Raises:
        SourceError: `damaged`.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise SourceError("damaged") from None
    if root is None:
        raise SourceError("damaged")
    return root


def files(archive: zipfile.ZipFile) -> Iterator[str]:
    """Yield the names of an archive's files that a person put there, in the order of their names."""
    for name in sorted(entry.filename for entry in archive.infolist() if not entry.is_dir()):
        parts = name.split("/")
        if not any(part.startswith((".", "~$", "__MACOSX")) for part in parts):
            yield name
