"""Carry spans of one revision of a text over to another, both texts being known.

The alignment of their words says what became of each word of a span. What is left to decide is whether enough of
them are still together to call the place theirs, and where exactly it begins and ends.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from margent.aligning import Alignment, words_of
from margent.folding import fold

_SHARE = 0.3
"""Of a span's words so many must be found together. Quotations that are gone share less than a fifth with what
replaced them, as stop words do; sentences that editors reworked keep a third and more."""
_ALONE = (0.6, 13)
"""Without any of the words around it, a rest must be so large a share or so many words: a four-word phrase of a
deleted sentence may turn up in quite another one."""
_COMPANY = 4
"""How many words on either side of a span count as its surroundings."""
_SETTLED = 8
"""So many words in one run are certain without half of their surroundings: they hardly occur twice by chance."""
_REACH = 25
"""Words of one span are still together with so many new words between them, or half the span's number if more."""
_SLACK = 40
"""Code points on either side of a place in which its exact words are looked for."""
_FAR = 256
"""How many words to look over for the end of a changed stretch; what is longer is no replacement of a few words."""
_SENTENCE_END = re.compile(r"(?<![^\w\s])(?=[^\w\s]*[.!?:;])[^\w\s]++\s|\n\s*\n")


class Carried(NamedTuple):
    """Where a span went."""

    start: int
    """Code points in the new text, end exclusive."""
    end: int
    share: float
    """How many of its words are there, 0–1."""
    firm: bool
    """Whether all are, in one run, with half of the words that stood around them (or too many to be another's)."""


class Tally(NamedTuple):
    """How many words there are of how many."""

    there: int
    of: int

    @property
    def share(self) -> float:
        """As a fraction; 0 where there are none."""
        return self.there / self.of if self.of else 0.0


class Carrier:
    """An old and a new text, aligned once for any number of spans."""

    def __init__(self, old_text: str, new_text: str, vocabulary: dict[str, int] | None = None) -> None:
        """`vocabulary` numbers the words, for one who knows more of them; it gets those that are new to it."""
        vocabulary = {} if vocabulary is None else vocabulary
        self.old_text = old_text
        self.new_text = new_text
        self._old = words_of(old_text, vocabulary)
        self._new = words_of(new_text, vocabulary)
        alignment = Alignment(self._old, self._new)
        self._grain = max(self._old.grain, self._new.grain)
        self._image: Sequence[int] = alignment.image
        self._source: Sequence[int] = alignment.source

    def carry(self, start: int, end: int) -> Carried | None:
        """Where `start:end` of the old text is in the new one; None if it is gone."""
        first, last = self._old.touching(start, end)
        if first == last:
            return self._signs(first, start, end)
        found = self._together(first, last)
        if not found:
            return self._respelled(first, last)
        share = len(found) / (last - first)
        company = self._company(first, last, found)
        if share < _SHARE or (len(found) <= 2 * self._grain and company.there < min(2 * self._grain, company.of)):
            return None
        if not company.there and company.of and share < _ALONE[0] and len(found) < _ALONE[1] * self._grain:
            return None
        span = self._exactly(start, end, *self._edges(start, end, (first, last), self._widened(first, last, found)))
        one_run = self._image[first] == found[0] and found[-1] - found[0] + 1 == len(found) == last - first
        firm = one_run and self._image[last - 1] == found[-1] and self._settled(first, last, company)
        return Carried(*span, share, firm)

    def whereabouts(self, position: int) -> int:
        """Where in the new text something would be that stood at `position` of the old one."""
        word = self._old.touching(position, position)[0]
        for before in range(word - 1, max(-1, word - _FAR), -1):
            if self._image[before] >= 0:
                return self._new.ends[self._image[before]]
        for after in range(word, min(len(self._image), word + _FAR)):
            if self._image[after] >= 0:
                return self._new.starts[self._image[after]]
        return position * len(self.new_text) // max(1, len(self.old_text))

    def words(self, start: int, end: int) -> int:
        """How many words `start:end` of the old text has."""
        first, last = self._old.touching(start, end)
        return last - first

    def near(self, start: int, end: int, reach: int) -> Tally:
        """Of up to `reach` words on either side of `start:end` those that are still in the new text, anywhere."""
        around = self._around(*self._old.touching(start, end), reach)
        return Tally(sum(self._image[index] >= 0 for index in around), len(around))

    def telling(self, start: int, end: int, reach: int, weight: Callable[[int], float], own: float) -> float:
        """Of the words of `start:end` and up to `reach` on either side what share is in the new text, 0–1.

        Each counts as much as `weight` says of its number, a word of `start:end` itself no less than `own`.
        """
        first, last = self._old.touching(start, end)
        there = whole = 0.0
        for index in range(max(0, first - reach), min(len(self._image), last + reach)):
            counts = weight(self._old.numbers[index])
            if first <= index < last:
                counts = max(own, counts)
            whole += counts
            there += counts if self._image[index] >= 0 else 0.0
        return there / whole if whole else 0.0

    def beside(self, start: int, end: int, reach: int) -> tuple[Tally, Tally]:
        """Of up to `reach` words before, and after, `start:end` those that still stand right beside it."""
        first, last = self._old.touching(start, end)
        there = [0, 0]
        for side, (at, step) in enumerate(((first, -1), (last - 1, 1)) if first < last else ()):
            image = self._image[at]
            for far in range(1, reach + 1):
                index = at + far * step
                if image < 0 or not 0 <= index < len(self._image) or self._image[index] != image + far * step:
                    break
                there[side] += 1
        return Tally(there[0], min(reach, first)), Tally(there[1], min(reach, len(self._image) - last))

    def _settled(self, first: int, last: int, company: Tally) -> bool:
        """Whether old words `first:last`, all there in one run, can be nowhere else.

        A long run speaks for itself. A short one needs half of its surroundings, and to stand right beside a word of
        its own sentence still, or beside any if it is a whole sentence: what only lies between known words may have
        come there by chance, and "Article" is no heading of what follows once its number is another.
        """
        if last - first >= _SETTLED * self._grain or not company.of:
            return True
        if 2 * company.there < company.of:
            return False
        at = bisect_right(self._old.breaks, first) - 1
        begun, over = self._old.breaks[at], self._old.breaks[bisect_left(self._old.breaks, last)]
        left, right = first > 0, last < len(self._image)
        if begun < first or last < over:
            left, right = begun < first, last < over
        beside_left = left and self._image[first - 1] == self._image[first] - 1 >= 0
        beside_right = right and self._image[last] == self._image[last - 1] + 1
        return beside_left or beside_right

    def _around(self, first: int, last: int, reach: int) -> list[int]:
        return [*range(max(0, first - reach), first), *range(last, min(len(self._image), last + reach))]

    def _together(self, first: int, last: int) -> list[int]:
        """New words that are old words `first:last`, in order; of those far from each other the largest group."""
        reach = max(_REACH * self._grain, (last - first) // 2)
        groups: list[list[int]] = []
        for word in sorted(self._image[index] for index in range(first, last) if self._image[index] >= 0):
            if groups and word - groups[-1][-1] <= reach:
                groups[-1].append(word)
            else:
                groups.append([word])
        return max(groups, key=len, default=[])

    def _company(self, first: int, last: int, found: list[int]) -> Tally:
        """How many words around old words `first:last` are still near what was found of these, and of how many."""
        reach = _COMPANY * self._grain
        around = self._around(first, last, reach)
        low, high = found[0] - 2 * reach, found[-1] + 2 * reach
        return Tally(sum(low <= self._image[index] <= high for index in around if self._image[index] >= 0), len(around))

    def _widened(self, first: int, last: int, found: list[int]) -> tuple[int, int]:
        """First and last new word of a span: those found, and what replaced its own first and last words.

        Of the new words in a changed stretch as many are the span's as it has of the old ones, in proportion, but
        no more than half as many again, and none beyond the end of a sentence.
        """
        begin, end = found[0], found[-1]
        lead, trail = self._source[begin] - first, last - 1 - self._source[end]
        if lead > 0:
            for _ in range(_portion(lead, _run(self._image, first + lead, -1), _run(self._source, begin, -1))):
                if _SENTENCE_END.search(self.new_text, self._new.ends[begin - 1], self._new.starts[begin]):
                    break
                begin -= 1
        if trail > 0:
            for _ in range(_portion(trail, _run(self._image, last - 1 - trail, 1), _run(self._source, end, 1))):
                if _SENTENCE_END.search(self.new_text, self._new.ends[end], self._new.starts[end + 1]):
                    break
                end += 1
        return begin, end

    def _edges(self, start: int, end: int, words: tuple[int, int], found: tuple[int, int]) -> tuple[int, int]:
        """Code points of new words `found`, the ends as far inside or outside them as they were in the old text."""
        first, last = words[0], words[1] - 1
        begin, until = self._new.starts[found[0]], self._new.ends[found[1]]
        if self._image[first] == found[0]:
            inside = start - self._old.starts[first]
            signs = self.old_text[start : self._old.starts[first]]
            gap = self.new_text[self._new.ends[found[0] - 1] if found[0] else 0 : begin]
            begin += inside if inside > 0 else -_signs_before(signs, gap)
        if self._image[last] == found[1]:
            inside = self._old.ends[last] - end
            signs = self.old_text[self._old.ends[last] : end]
            gap = self.new_text[until : self._new.starts[found[1] + 1] if found[1] + 1 < len(self._source) else None]
            until += -inside if inside > 0 else _signs_after(signs, gap)
        return begin, max(begin + 1, until)

    def _exactly(self, start: int, end: int, begin: int, until: int) -> tuple[int, int]:
        """The place `begin:until`, or the only one over it that reads exactly as `start:end` of the old text."""
        quote = self.old_text[start:end]
        if self.new_text[begin:until] == quote:
            return begin, until
        found: list[int] = []
        place = self.new_text.find(quote, max(0, begin - _SLACK), until + _SLACK)
        while place >= 0:
            if place < until and place + len(quote) > begin:
                found.append(place)
            place = self.new_text.find(quote, place + 1, until + _SLACK)
        return (found[0], found[0] + len(quote)) if len(found) == 1 else (begin, until)

    def _respelled(self, first: int, last: int) -> Carried | None:
        """The place of a single word that took another ending or spelling between the same neighbours."""
        before, after = first - 1, last
        if last - first > 1 or before < 0 or after >= len(self._image):
            return None
        left, right = self._image[before], self._image[after]
        word = self.old_text[self._old.starts[first] : self._old.ends[first]].casefold()
        if left < 0 or right < 0 or not 1 < right - left <= 5:
            return None
        for other in range(left + 1, right):
            begin, until = self._new.starts[other], self._new.ends[other]
            if self._source[other] < 0 and _alike(word, self.new_text[begin:until].casefold()):
                return Carried(begin, until, 0.0, firm=False)
        return None

    def _signs(self, word: int, start: int, end: int) -> Carried | None:
        """The place of signs without a word, which are found between the words that they stood between."""
        left = self._image[word - 1] if word else -1
        right = self._image[word] if word < len(self._image) else len(self._source)
        if (word and left < 0) or right != left + 1:
            return None
        begin = self._new.ends[left] if word else 0
        until = self._new.starts[right] if right < len(self._source) else len(self.new_text)
        quote = self.old_text[start:end]
        if self.new_text.count(quote, begin, until) != 1:
            return None
        place = self.new_text.index(quote, begin, until)
        return Carried(place, place + len(quote), 1.0, firm=True)


def _signs_before(signs: str, gap: str) -> int:
    """How many of the last characters of `gap` read like the last ones of `signs`."""
    ours, theirs = fold(signs), fold(gap)
    length = shared(ours.text[::-1], theirs.text[::-1])
    return len(gap) - theirs.span(len(theirs.text) - length, len(theirs.text))[0] if length else 0


def _signs_after(signs: str, gap: str) -> int:
    """How many of the first characters of `gap` read like the first ones of `signs`."""
    theirs = fold(gap)
    return theirs.span(0, shared(fold(signs).text, theirs.text))[1]


def shared(first: str, second: str) -> int:
    """How many characters two strings begin with alike."""
    length = 0
    while length < min(len(first), len(second)) and first[length] == second[length]:
        length += 1
    return length


def _run(image: Sequence[int], word: int, step: int) -> int:
    """How many free words follow `word` in one direction, up to `_FAR`."""
    count = 0
    word += step
    while 0 <= word < len(image) and image[word] < 0 and count < _FAR:
        count += 1
        word += step
    return count


def _portion(words: int, replaced: int, by: int) -> int:
    return min(round(by * words / replaced), words + words // 2) if words <= replaced else 0


def _alike(first: str, second: str) -> bool:
    short, long = sorted((first, second), key=len)
    if len(short) >= 3 and (long.startswith(short) or long.endswith(short)):
        return True
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= 0.75
