"""How well a row of the index answers a query: by where the words are in it, and how often.

Of each text the index keeps the words that are in its title and how often it says those that it says again and again;
of each note, which words are its own and not its quotation's. So to rank hundreds of rows no text is read.
"""

import math
from collections.abc import Sequence

from margent.library.asking import Wording

Told = tuple[str, str, str, str]
"""A row as `asking` gives it: document, annotation or "", and two columns by which it is ranked."""
_TITLE, _NOTE, _QUOTE = 2.0, 1.6, 1.4
"""What a word in a title counts more than in the text, and what one counts in a note and in a quotation."""
_TERMS = 3
"""Rows are ranked by so many of the terms that are likely to be rarest: they have all of them anyway."""
_SATED = 1.2
"""A word that is there without end counts this much more than twice as one that is there once, as in BM25."""
_Needles = tuple[list[str], list[str]]
"""A word as it may stand in a title or note, and in front of its count."""


class Ranking:
    """Ranks the rows of one query."""

    def __init__(self, wording: Wording) -> None:
        self._terms = [
            [
                _needles(wording.keys(word, exact=term.exact), prefix=term.prefix and place == len(term.words) - 1)
                for place, word in enumerate(term.words)
            ]
            for term in wording.telling[:_TERMS]
        ]

    def of_texts(self, rows: Sequence[Told], count: int, most: int) -> list[float]:
        """What each text counts: less the more of them (`count`) have the words, down to `most`."""
        weight = _rarity(count, most)
        return [weight * sum([_in_text(term, title, counts) for term in self._terms]) for _, _, title, counts in rows]

    def of_notes(self, rows: Sequence[Told], count: int, most: int) -> list[float]:
        """What each note counts: less the more of them (`count`) have the words, down to `most`."""
        weight = _rarity(count, most)
        return [weight * sum([_in_note(term, note) for term in self._terms]) for _, _, note, _ in rows]


def _rarity(count: int, most: int) -> float:
    """What a word counts that so many rows have, `most` standing for all that have more."""
    return math.log(1.0 + 4.0 * most / max(1, min(count, most)))


def _needles(keys: Sequence[str], *, prefix: bool) -> _Needles:
    begun = [f" {min(keys, key=len)}"] if prefix else []
    return [f" {key} " for key in keys] + begun, [f" {key}=" for key in keys] + begun


def _in_text(term: Sequence[_Needles], title: str, counts: str) -> float:
    times = _times(term[0], counts) if len(term) == 1 else min([_times(word, counts) for word in term])
    value = times * (1.0 + _SATED) / (times + _SATED)
    return value + _TITLE if _stand(term, title) else value


def _in_note(term: Sequence[_Needles], note: str) -> float:
    return _NOTE if _stand(term, note) else _QUOTE


def _stand(term: Sequence[_Needles], text: str) -> bool:
    """Whether all words of a term are in a text."""
    for needles, _ in term:
        for needle in needles:
            if needle in text:
                break
        else:
            return False
    return True


def _times(word: _Needles, counts: str) -> int:
    """How often a text has a word; one that it does not say again and again may be there once."""
    for needle in word[1]:
        place = counts.find(needle)
        if place >= 0:
            equals = counts.index("=", place)
            return int(counts[equals + 1 : counts.index(" ", equals)])
    return 1
