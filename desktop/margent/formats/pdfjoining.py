"""How the end of one line and the beginning of the next make running text again."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_LAST = re.compile(r"[\w'’‐-]+$")
_FIRST = re.compile(r"[\w'’]+(?:[-‐][\w'’]+)*")
_ADDRESS = re.compile(r"(?:\w+://|www\.|doi\.org/)\S+$", re.IGNORECASE)
_TAIL = 200
"""Characters of a text's end that are looked at; a search through all of it would be repeated with every line."""
_HYPHENS = "-\u00ad\u2010"
_KEEPS = frozenset(
    {
        "all",
        "cross",
        "ex",
        "half",
        "high",
        "long",
        "low",
        "near",
        "non",
        "quasi",
        "self",
        "semi",
        "short",
        "so",
        "third",
    }
    | {"vice", "well", "policy", "decision", "medium", "nord", "ost", "süd", "west"}
)
"""First parts that keep their hyphen where the document says nothing else."""


class Vocabulary:
    """The words of a document as they stand inside its lines, by which a word divided at a line's end is made whole."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._counts: Counter[str] = Counter()
        for line in lines:
            words = _WORD.findall(line.rstrip(_HYPHENS) if line[-1:] in _HYPHENS else line)
            self._counts.update(word.casefold().replace("‐", "-") for word in words)

    def keeps_hyphen(self, before: str, after: str) -> bool:
        """Whether `before`, which ended a line with a hyphen, and `after` are parts of a word that has that hyphen."""
        if not before or not after or before[-1].isdigit() or not after[0].isalpha():
            return True
        if after[0].isupper() and not before.isupper():
            return True
        if not after[0].islower() and not after.isupper():
            return True
        first, second = before.casefold().replace("‐", "-"), after.casefold()
        whole, divided = self._seen(first + second), self._seen(f"{first}-{second}")
        if whole != divided:
            return divided > whole
        chained = "-" in first or ("-" in second and second.index("-") <= 3)
        return chained or first in _KEEPS

    def _seen(self, word: str) -> int:
        """How often `word` stands in the document, or one that differs in an ending."""
        alike = {
            word,
            f"{word}s",
            f"{word}es",
            f"{word}ed",
            f"{word}ing",
            word.removesuffix("s"),
            word.removesuffix("ed"),
        }
        return sum(self._counts[form] for form in alike)


def join(before: str, after: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """`before` as it stands in running text, and what goes between it and `after`: a space or nothing."""
    if not before or not after:
        return before, ""
    last = before[-1]
    attached = len(before) > 1 and not before[-2].isspace()
    if _ADDRESS.search(before[-_TAIL:]) and (
        last in "/-_=&?%#" or after[0] in "/_=&?%#" or (last == "." and after[0].islower())
    ):
        return before, ""
    if last in _HYPHENS and attached:
        return _divided(before, after, vocabulary)
    closed = (last in "–—/" and attached) or (_is_wide(last) and _is_wide(after[0]))
    return before, "" if closed else " "


def _divided(before: str, after: str, vocabulary: Vocabulary) -> tuple[str, str]:
    head = _LAST.search(before[-_TAIL:-1])
    tail = _FIRST.match(after)
    if tail is None or _is_suspended(after):
        return before, " "
    if head is None or vocabulary.keeps_hyphen(head.group(), tail.group()):
        return before, ""
    return before[:-1], ""


def _is_suspended(after: str) -> bool:
    """Whether what follows shows that the hyphen was a word's own: "short- and long-term"."""
    return re.match(r"(?:and|or|to|und|oder|bis|et|ou|и|или)\s", after) is not None


def _is_wide(char: str) -> bool:
    """Whether the character belongs to a script that is written without spaces."""
    return ("\u2e80" <= char <= "\ufaff" and not "\uac00" <= char <= "\ud7a3") or (
        char > "\ufaff" and unicodedata.east_asian_width(char) in {"W", "F"}
    )
