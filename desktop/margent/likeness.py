"""Whether a file that comes in is another state of a document that is known already, as values alone.

Offering the wrong document costs a glance and a No; offering none costs the reader a second copy without the notes. So
a name in common is needed as well as words in common, and either may be loose.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from margent.formats.titles import stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from margent.annotations import DocumentRecord
    from margent.document import Document

_WORDS = 4
"""Words of a shingle. With one word in twelve changed two thirds of them stay; texts on the same subject by different
hands have some two in a hundred in common."""
_SHARED = 0.4
"""Of the shorter text's shingles. A new draft with most sentences touched keeps more, an issue of a series with its
standing phrases less."""
_SHORT = 40
"""Words; below that shingles are too few to tell, and letters are compared."""
_SHORT_RATIO = 75.0
"""Of 100 (rapidfuzz.fuzz.ratio); unlike sentences in one language come to some 50."""
_FIRST = 20_000
"""Words of a text that are compared."""

_MOST = 8
"""Documents of one name that a file is compared with: a series may have hundreds."""

_STATE = re.compile(
    r"(?:[\s_.\-–]*(?:\(\d{1,3}\)|\b(?:copy|kopie|copie|copia|копия|көшірме|final|draft|rev(?:ised|ision)?|new|old|"
    r"v(?:er(?:sion)?)?[\s._-]?\d+(?:\.\d+)*|\d{4}[-_.]?\d{2}[-_.]?\d{2}|\d{1,2}[-_.]\d{1,2}[-_.]\d{4})))+$",
    re.IGNORECASE,
)
"""What people and programs put behind a file's name to tell its states apart. Not a bare number: that tells parts."""
_WORD = re.compile(r"\w+")


class Kin:
    """Finds the documents that bear the name of a file, or the title or source of what was read from it.

    Takes `records` in the order in which they are to be preferred; those that are added later come first.
    """

    def __init__(self, records: Iterable[DocumentRecord] = ()) -> None:
        self._by_key: dict[tuple[str, str], list[DocumentRecord]] = {}
        for record in reversed([*records]):
            self.add(record)

    def add(self, record: DocumentRecord) -> None:
        """Know one more document."""
        if record.deleted is None:
            for key in _keys(record.origin, record.title, record.source):
                self._by_key.setdefault(key, []).append(record)

    def of(self, document: Document, name: str) -> list[DocumentRecord]:
        """Those akin to `document`, read from a file called `name`; the last added first, and a few at most."""
        found: dict[str, DocumentRecord] = {}
        for key in _keys(name, document.title, document.source):
            for record in reversed(self._by_key.get(key, ())[-_MOST:]):
                found.setdefault(record.id, record)
        return [*found.values()][:_MOST]


def known_as(document: Document, name: str, candidates: Sequence[tuple[DocumentRecord, str]]) -> DocumentRecord | None:
    """Which of the candidates, each with its text, a file called `name` is another state of; None when of none.

    The one that has most of its words in common, if that is enough.
    """
    texts = {record.id: text for record, text in candidates}
    akin = Kin(record for record, _ in candidates).of(document, name)
    found = [(likeness(document.text, texts[record.id]), record) for record in akin]
    best = max(found, key=lambda pair: pair[0], default=None)
    return best[1] if best is not None and best[0] >= _SHARED else None


def likeness(first: str, second: str) -> float:
    """How much of the shorter text the longer one has: 0 for nothing, 1 for all."""
    # Word by word, for the words of a whole book at once take ten times its memory.
    words = [[word[0].casefold() for word in islice(_WORD.finditer(text), _FIRST)] for text in (first, second)]
    if min(map(len, words)) < _SHORT:
        from rapidfuzz import fuzz  # noqa: PLC0415 - short texts are rare

        # The bound for short texts is put where the one for long texts is.
        return min(1.0, fuzz.ratio(" ".join(words[0]), " ".join(words[1])) / _SHORT_RATIO * _SHARED)
    shingles = [{tuple(run[place : place + _WORDS]) for place in range(len(run) - _WORDS + 1)} for run in words]
    return len(shingles[0] & shingles[1]) / min(map(len, shingles))


def sameness(first: str, second: str) -> float:
    """How much of the longer text is in the shorter one, to be told: 0 for nothing, 1 for the same words.

    Counts pairs of neighbouring words, so that the order of words tells too; whole sentences may change places.
    """
    counts = [Counter(pairwise(["", *_WORD.findall(text.casefold()), ""])) for text in (first, second)]
    return (counts[0] & counts[1]).total() / max(count.total() for count in counts)


def _keys(file: str, title: str, source: str) -> list[tuple[str, str]]:
    name = " ".join(stem(file).casefold().split()) if file else ""
    keys = [("file", _STATE.sub("", name) or name), ("title", " ".join(title.casefold().split())), ("source", source)]
    return [key for key in keys if key[1]]
