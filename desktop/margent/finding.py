"""Find in text: what Ctrl+F looks for, answered between two keystrokes however long the document.

A hit is a pair of code points in the text as it stands, although the comparison is made on its folding.
"""

import unicodedata
from collections.abc import Iterator
from itertools import islice

from margent.folding import Folded, fold

Span = tuple[int, int]


class Finder:
    """Finds in one text, which it folds once for each way of comparing and keeps folded between keystrokes.

    The first search pays for the folding (about 15 ms a million characters, less for plain ASCII), the others do
    not. White space in a query stands for any run of white space, the end of a block included. Hits do not overlap.
    `words` asks for whole words, `accents` and `case` that these count.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._folded: dict[tuple[bool, bool], Folded] = {}

    def folded(self, *, accents: bool = False, case: bool = False) -> Folded:
        """The text folded for a comparison; call it ahead of the first search where that must not wait."""
        known = self._folded.get((accents, case))
        if known is None:
            known = self._folded[accents, case] = fold(self.text, accents=not accents, case=not case, spaces=True)
        return known

    def find(
        self,
        query: str,
        *,
        words: bool = False,
        accents: bool = False,
        case: bool = False,
        start: int = 0,
        limit: int | None = None,
    ) -> Iterator[Span]:
        """Up to `limit` hits that begin at `start` or later, in order, each looked for when it is asked for."""
        return islice(self._hits(query, words=words, accents=accents, case=case, start=start), limit)

    def _hits(self, query: str, *, words: bool, accents: bool, case: bool, start: int) -> Iterator[Span]:
        wanted = _wanted(query, words=words, accents=accents, case=case)
        folded = self.folded(accents=accents, case=case)
        text = folded.text
        done = start
        place = text.find(wanted, folded.offset(start)) if wanted else -1
        while place >= 0:
            end = place + len(wanted)
            if not words or (_begins(text, place) and _ends(text, end)):
                span = folded.span(place, end)
                # Both halves of an "ss" lead to the same "ß".
                if span[0] >= done:
                    done = span[1]
                    yield span
                place = text.find(wanted, end)
            else:
                place = text.find(wanted, place + 1)

    def before(
        self, query: str, position: int, *, words: bool = False, accents: bool = False, case: bool = False
    ) -> Span | None:
        """The last hit that ends at `position` or earlier."""
        wanted = _wanted(query, words=words, accents=accents, case=case)
        folded = self.folded(accents=accents, case=case)
        text = folded.text
        place = text.rfind(wanted, 0, folded.offset(position)) if wanted else -1
        while place >= 0:
            end = place + len(wanted)
            if not words or (_begins(text, place) and _ends(text, end)):
                span = folded.span(place, end)
                if span[1] <= position:
                    return span
            place = text.rfind(wanted, 0, end - 1)
        return None

    def count(self, query: str, *, words: bool = False, accents: bool = False, case: bool = False) -> int:
        """How many hits there are; for anything but whole words without walking through them."""
        folded = self.folded(accents=accents, case=case)
        wanted = _wanted(query, words=words, accents=accents, case=case)
        if wanted and not words and folded.is_even:
            return folded.text.count(wanted)
        return sum(1 for _ in self.find(query, words=words, accents=accents, case=case))


def find(
    text: str,
    query: str,
    *,
    words: bool = False,
    accents: bool = False,
    case: bool = False,
    start: int = 0,
    limit: int | None = None,
) -> list[Span]:
    """Up to `limit` hits for `query` in `text` from `start` on; see `Finder`, which searches a text repeatedly."""
    return list(Finder(text).find(query, words=words, accents=accents, case=case, start=start, limit=limit))


def _wanted(query: str, *, words: bool, accents: bool, case: bool) -> str:
    wanted = fold(unicodedata.normalize("NFC", query), accents=not accents, case=not case, spaces=True).text
    return wanted.strip() if words or wanted.isspace() else wanted


def _begins(text: str, place: int) -> bool:
    """Whether what stands at `place` of a folded text does not continue a word.

    An apostrophe parts an elision from its word ("l'accord", "dell'arte") but not the tail of a contraction ("don't",
    "they've"), which is short, nor the halves of a Cyrillic word ("об'єднання").
    """
    if place == 0 or not _in_word(text[place]):
        return True
    before = text[place - 1]
    if before != "'" or place == 1 or not text[place - 2].isalpha():
        return not _in_word(before)
    return text[place - 2] < "\u0250" and text[place : place + 3].isalpha() and len(text) >= place + 3


def _ends(text: str, place: int) -> bool:
    """Whether no word goes on at `place`. After a possessive's apostrophe it does not ("state's")."""
    if place == len(text) or not _in_word(text[place - 1]):
        return True
    after = text[place]
    if after != "'" or not text[place + 1 : place + 2].isalpha():
        return not _in_word(after)
    return text[place + 1] in "sS" and not _in_word(text[place + 2 : place + 3])


def _in_word(character: str) -> bool:
    if character.isalnum() or character == "_":
        return True
    # Vowel signs of Indic scripts are neither letters nor digits.
    return character > "\u02ff" and unicodedata.category(character).startswith("M")
