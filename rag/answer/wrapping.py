"""A fence of code that a whole answer stands in, as models write it that were asked for Markdown: taken off.

Left where it is, all of the answer would count as one block of code, in which no mark is read.
"""

from __future__ import annotations

import re

_OPENS = re.compile(r"(`{3,}|~{3,})[ \t]*(?:markdown|md|text)?[ \t]*", re.IGNORECASE)
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})(.*)", re.DOTALL)
_LONGEST = 32
"""Characters of a line that are held back while it may be a fence."""


class Unwrapped:
    """Takes a text character by character and gives it back without the fence that it opens with, if it does.

    Any other language than Markdown or plain text is code, and stays. Blocks of code within the fence stay, too.
    """

    def __init__(self) -> None:
        self._line: str | None = ""
        """What has come of a line that may be a fence, None when it is none."""
        self._opening = True
        self._fence = ""
        """The fence that the answer stands in, if any."""
        self._inner = ""
        """The fence of a block within it, if any."""

    def feed(self, character: str) -> str:
        """Return what is certain now.

        >>> unwrapped = Unwrapped()
        >>> "".join(map(unwrapped.feed, "```md\\nIt closed.\\n```\\nWhy?"))
        'It closed.\\nWhy?'
        """
        if not self._opening and not self._fence:
            return character
        if character == "\n":
            return self._ended()
        if self._line is None:
            return character
        self._line += character
        return "" if self._may_be() else self._let_go()

    def close(self) -> str:
        """Return what was held back, now that nothing follows."""
        held, self._line = self._line or "", ""
        return "" if self._closes(held) else held

    def _ended(self) -> str:
        line, self._line = self._line, ""
        if line is None:
            return "\n"
        if self._opening:
            opened = _OPENS.fullmatch(line.strip())
            self._fence, self._opening = (opened[1] if opened else ""), not line.strip()
            return "" if opened else f"{line}\n"
        if self._closes(line):
            self._fence = ""
            return ""
        found = _FENCE.fullmatch(line)
        if found and self._inner:
            ends = found[1].startswith(self._inner) and not found[2].strip()
            self._inner = "" if ends else self._inner
        elif found:
            self._inner = found[1]
        return f"{line}\n"

    def _closes(self, line: str) -> bool:
        found = _FENCE.fullmatch(line) if self._fence and not self._inner else None
        return bool(found and found[1].startswith(self._fence) and not found[2].strip())

    def _may_be(self) -> bool:
        line = (self._line or "").lstrip()
        return len(self._line or "") <= _LONGEST and (
            not line or not line.strip("`") or not line.strip("~") or line.startswith(("```", "~~~"))
        )

    def _let_go(self) -> str:
        line, self._line = self._line or "", None
        found = _FENCE.match(line)  # of a block whose line is longer than any fence that is looked for
        if found and self._fence and not self._inner:
            self._inner = found[1]
        self._opening = False
        return line
