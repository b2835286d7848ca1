"""What stands on a held-out or dev passage, in whatever set: it is not trained on.

Sets cut the same encyclopedia into passages that begin a few words apart, so texts are compared by their stretches of
`WORDS` words: two passages are the same when one has `SHARE` of the other's.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from tools.reader.records import plain

WORDS = 12
SHARE = 0.4


class Guard:
    """Questions and passages that are kept apart."""

    def __init__(self, questions: Iterable[str], passages: Iterable[str]) -> None:
        self._questions = {plain(question) for question in questions}
        self._sizes: list[int] = []
        self._holders: dict[str, list[int]] = defaultdict(list)
        for number, passage in enumerate(dict.fromkeys(passages)):
            stretches = _stretches(passage)
            self._sizes.append(len(stretches))
            for stretch in stretches:
                self._holders[stretch].append(number)

    def asks(self, question: str) -> bool:
        """Tell whether a question is one of those, but for spacing and punctuation."""
        return plain(question) in self._questions

    def holds(self, text: str) -> bool:
        """Tell whether a text is one of the passages, or much of one.

        >>> words = [str(n) for n in range(80)]
        >>> guard = Guard([], [" ".join(words[:40])])
        >>> [guard.holds(" ".join(part)) for part in (words[5:40], words[25:], words[:1])]
        [True, False, False]
        """
        stretches = _stretches(text)
        shared = Counter(number for stretch in stretches for number in self._holders.get(stretch, ()))
        return any(count >= SHARE * min(len(stretches), self._sizes[number]) for number, count in shared.items())


def _stretches(text: str) -> set[str]:
    """Return all runs of `WORDS` words; a shorter text is one."""
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[at : at + WORDS]) for at in range(max(1, len(words) - WORDS + 1))}
