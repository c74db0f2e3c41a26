"""Which word of one text is which word of another, also where stretches changed places.

The alignment of two revisions tells an annotation's words from other words that read alike, because a word of the
new text can continue only one word of the old. It is found from runs of words that occur once, taken in any order
so that moves survive, and then filled in between what is already known.
"""

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, pairwise
from math import inf, log2

from margent.folding import fold
from margent.wording import MARKS, UNSPACED

Run = tuple[int, int]
"""First and last (exclusive) word of a stretch."""
Pair = tuple[int, int]
"""A word of the old text and the word of the new one that it is."""

# Of scripts that do not part words each letter is taken as a word, with the marks that belong to it and a vowel that
# Thai and Lao write before it. Elsewhere a mark is part of its word: vowels are marks in Hindi, and accents are in
# texts that come from files of some systems.
_LETTERS = rf"[^\W_{UNSPACED}]+"
_WORD = re.compile(rf"[{UNSPACED}]|{_LETTERS}")
_LETTER = re.compile(f"[{UNSPACED}]")
_MARK = re.compile(f"[{MARKS}]")
_MARKED_WORD = re.compile(
    rf"[\u0e40-\u0e44\u0ec0-\u0ec4]?[{UNSPACED}][{MARKS}]*|{_LETTERS}(?:[{MARKS}]+(?:{_LETTERS})?)*"
)
# From the first sign of a run only, or a line of dots would be read anew from each.
_BREAK = re.compile(r"(?<![^\w\s])(?=[^\w\s]*[.!?:;])[^\w\s]++\s|\n")

_RUNS = (12, 8, 6, 4)
"""Lengths of the runs that join the texts wherever they stand, if they occur once in what is still free of either
text. Twelve words hardly occur twice by chance, so the longest go first and leave less for the others to mistake."""
_BEGINNING = 10
"""Fewer words than that, of a sentence that goes on differently, may be another sentence's."""
_FEW = 10_000
"""Gaps with up to so many pairs of equal words are compared exhaustively, within a few hundredths of a second."""
_FOLLOWING = 0.3
"""What it is worth, in words that occur once, if a pair directly follows another."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text as words: letters and digits in a row, compared without case."""

    numbers: Sequence[int]
    """Equal words have equal numbers, in all texts read with the same vocabulary."""
    starts: Sequence[int]
    """Code points in the text."""
    ends: Sequence[int]
    breaks: Sequence[int]
    """Words that begin a line or what looks like a sentence, in order; the end of the text is the last."""
    grain: int
    """How many of these tell as much as one word that is parted by spaces: 1, or 2 where most are single letters."""

    def touching(self, start: int, end: int) -> Run:
        """The words of which a part lies in `start:end`; an empty run at the place where they would be."""
        first = bisect_right(self.ends, start)
        return first, max(first, bisect_left(self.starts, end))


def words_of(text: str, vocabulary: dict[str, int]) -> Words:
    """Part `text` into words, and add those that are new to `vocabulary`."""
    folded = fold(text, accents=False)
    # The few different characters of a text are told at a twentieth of what the search of all of it costs.
    marked = not folded.text.isascii() and any(map(_MARK.match, set(folded.text)))
    matches = list((_MARKED_WORD if marked else _WORD).finditer(folded.text))
    words = [match[0] for match in matches]
    if marked:
        words = [word if word.isascii() else unicodedata.normalize("NFC", word) for word in words]
    numbers = array("I", [vocabulary.setdefault(word, len(vocabulary)) for word in words])
    if folded.is_even:
        starts, ends = array("I", [match.start() for match in matches]), array("I", [match.end() for match in matches])
    else:
        spans = list(folded.spans([match.span() for match in matches]))
        starts, ends = array("I", [start for start, _ in spans]), array("I", [end for _, end in spans])
    breaks = sorted({0, len(starts), *(bisect_left(starts, match.end()) for match in _BREAK.finditer(text))})
    return Words(numbers, starts, ends, breaks, _grain(words))


def _grain(words: Sequence[str]) -> int:
    """1, or 2 if most words are letters of scripts that do not part words, where one word has about two of them."""
    single = {word for word in set(words) if _LETTER.match(word)}
    return 2 if single and 2 * sum(word in single for word in words) > len(words) else 1


class Alignment:
    """Which word of `old` became which of `new`, two texts read with one vocabulary.

    `image[i]` is the new word that old word `i` is, -1 where it is gone; `source` is the inverse.
    """

    def __init__(self, old: Words, new: Words) -> None:
        self.old = old.numbers
        self.new = new.numbers
        self._breaks = old.breaks
        self._grain = max(old.grain, new.grain)
        self.image = array("i", [-1]) * len(self.old)
        self.source = array("i", [-1]) * len(self.new)
        counts = Counter(self.old)
        counts.update(self.new)
        self._weight = {word: 1 / (1 + log2(count / 2 + 0.5)) for word, count in counts.items()}
        self._join_ends()
        for size in _RUNS:
            self._join_runs(size * self._grain)
        for gap in list(_free(self.image)):
            self._fill(gap)

    def weight(self, word: int) -> float:
        """How much old word `word` tells: 1 if it is once in either text, less the more often it occurs."""
        return self._weight[self.old[word]]

    def _join(self, first: int, other: int, length: int = 1) -> None:
        for step in range(length):
            self.image[first + step] = other + step
            self.source[other + step] = first + step

    def _join_ends(self) -> None:
        old, new = self.old, self.new
        shorter = min(len(old), len(new))
        head = 0
        while head < shorter and old[head] == new[head]:
            head += 1
        tail = 0
        while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
            tail += 1
        if head < len(old):
            head = self._without_beginning(-1, head)
            tail = len(old) - self._without_ending(len(old) - tail, len(old) + 1)
        self._join(0, 0, head)
        self._join(len(old) - tail, len(new) - tail, tail)

    def _join_runs(self, size: int) -> None:
        """Join the stretches around runs of `size` words that are once in what is free, longest stretch first."""
        here = _once(self.old, _free(self.image), size)
        there = _once(self.new, _free(self.source), size)
        stretches: list[tuple[int, int, int]] = []
        offset, until = 0, -1
        for run, first in here.items():
            other = there.get(run, -1)
            if first < 0 or other < 0 or (other - first == offset and first < until):
                continue
            stretch = self._stretch(first, other, size)
            if stretch[0] >= size:
                stretches.append(stretch)
                offset, until = other - first, stretch[1] + stretch[0]
        for length, first, other in sorted(stretches, key=lambda stretch: (-stretch[0], stretch[1])):
            for step in range(length):
                if self.image[first + step] < 0 and self.source[other + step] < 0:
                    self._join(first + step, other + step)

    def _stretch(self, first: int, other: int, size: int) -> tuple[int, int, int]:
        """Length, old and new beginning of the free stretch of equal words around a run of `size` words."""
        old, new, image, source = self.old, self.new, self.image, self.source
        start, end, offset = first, first, other - first
        while end < len(old) and end + offset < len(new) and old[end] == new[end + offset]:
            if image[end] >= 0 or source[end + offset] >= 0:
                break
            end += 1
        while start and start + offset and old[start - 1] == new[start - 1 + offset]:
            if image[start - 1] >= 0 or source[start - 1 + offset] >= 0:
                break
            start -= 1
        if end < len(old) and image[end] < 0:
            end = max(self._without_beginning(start, end), min(end, first + size))
        if start and image[start - 1] < 0:
            start = min(self._without_ending(start, end), first)
        return end - start, start, start + offset

    def _without_beginning(self, start: int, end: int) -> int:
        """The end of `start:end` without a few last words that only begin a sentence.

        Sentences often begin alike. What follows a stretch may be another sentence, whose words these are; if it is
        not, they are joined when gaps are filled.
        """
        at = bisect_right(self._breaks, end) - 1
        begun = self._breaks[at]
        return begun if start < begun and end - begun < _BEGINNING * self._grain else end

    def _without_ending(self, start: int, end: int) -> int:
        """The start of `start:end` without a few first words that only end a sentence."""
        at = bisect_left(self._breaks, start)
        begun = self._breaks[at]
        return begun if begun < end and begun - start < _BEGINNING * self._grain else start

    def _fill(self, gap: Run) -> None:
        """Join what a gap between known words has in common with the free words beside their images."""
        beside = self._beside(gap)
        if not beside:
            return
        pairs = _matched([*range(*gap)], self.old, beside, self.new, self.weight)
        for first, other in _weighty(pairs, gap, beside, self.weight):
            self._join(first, other)

    def _beside(self, gap: Run) -> list[int]:
        """Free new words after the image of what stands before `gap` and before the image of what follows it."""
        left = self.image[gap[0] - 1] + 1 if gap[0] else 0
        right = self.image[gap[1]] if gap[1] < len(self.old) else len(self.new)
        after = left
        while after < len(self.new) and self.source[after] < 0:
            after += 1
        before = right
        while before > 0 and self.source[before - 1] < 0:
            before -= 1
        if left <= right <= after:
            return [*range(left, right)]
        return [*range(left, after), *(word for word in range(before, right) if not left <= word < after)]


def _free(image: Sequence[int]) -> Iterator[Run]:
    """Stretches of words that have no counterpart."""
    first = -1
    for index, other in enumerate(image):
        if other < 0:
            if first < 0:
                first = index
        elif first >= 0:
            yield first, index
            first = -1
    if first >= 0:
        yield first, len(image)


def _once(words: Sequence[int], stretches: Iterable[Run], size: int) -> dict[int, int]:
    """Where each run of `size` words, by its hash, begins in `stretches`; -1 for runs found more than once."""
    places: dict[int, int] = {}
    for first, last in stretches:
        stretch = words[first:last]
        runs = zip(*(stretch[step:] for step in range(size)), strict=False)
        for place, run in enumerate(map(hash, runs), first):
            places[run] = -1 if run in places else place
    return places


def _matched(
    ours: list[int], old: Sequence[int], theirs: list[int], new: Sequence[int], weight: Callable[[int], float]
) -> list[Pair]:
    """Pairs of equal words of two stretches, rising in both, that tell as much as can be."""
    places: dict[int, list[int]] = {}
    for place, index in enumerate(theirs):
        places.setdefault(new[index], []).append(place)
    choices = [places.get(old[index], ()) for index in ours]
    if sum(map(len, choices)) <= _FEW:
        chain = _heaviest_chain(choices, [weight(index) for index in ours], len(theirs))
        return [(ours[mine], theirs[yours]) for mine, yours in chain]
    pairs: list[Pair] = []
    begin = start = 0
    for mine, yours in _landmarks(ours, old, theirs, new):
        pairs += _matched(ours[begin:mine], old, theirs[start:yours], new, weight)
        pairs.append((ours[mine], theirs[yours]))
        begin, start = mine + 1, yours + 1
    if pairs:
        pairs += _matched(ours[begin:], old, theirs[start:], new, weight)
    return pairs


def _landmarks(ours: list[int], old: Sequence[int], theirs: list[int], new: Sequence[int]) -> list[Pair]:
    """As many words found once in either stretch as keep their order, by patience sorting; places in the stretches."""
    mine = Counter(old[index] for index in ours)
    yours = Counter(new[index] for index in theirs)
    where = {new[index]: place for place, index in enumerate(theirs) if yours[new[index]] == 1}
    pairs = [(place, where[old[i]]) for place, i in enumerate(ours) if mine[old[i]] == 1 and old[i] in where]
    tails: list[int] = []
    holders: list[int] = []
    previous: list[int] = []
    for number, (_, place) in enumerate(pairs):
        level = bisect_left(tails, place)
        previous.append(holders[level - 1] if level else -1)
        tails[level : level + 1] = [place]
        holders[level : level + 1] = [number]
    chain: list[Pair] = []
    number = holders[-1] if holders else -1
    while number >= 0:
        chain.append(pairs[number])
        number = previous[number]
    return chain[::-1]


def _heaviest_chain(choices: Sequence[Sequence[int]], weights: Sequence[float], width: int) -> list[Pair]:
    """Of all (row, choice) the chain, rising in both, whose rows weigh most; choices are below `width`.

    What stands before the first row and choice, and after the last ones, counts as a pair that is known already.
    A Fenwick tree keeps the best chain that ends before each choice, so only equal words cost anything.
    """
    tree: list[tuple[float, int]] = [(0.0, -1)] * (width + 1)
    links: list[tuple[int, int, int]] = []
    above: dict[int, tuple[float, int]] = {-1: (0.0, -1)}
    for row, (places, weight) in enumerate(zip(choices, weights, strict=True)):
        here: dict[int, tuple[float, int]] = {}
        for place in reversed(places):
            value, link = 0.0, -1
            node = place
            while node:
                if tree[node][0] > value:
                    value, link = tree[node]
                node &= node - 1
            follows = above.get(place - 1)
            if follows and follows[0] + _FOLLOWING >= value:
                value, link = follows[0] + _FOLLOWING, follows[1]
            best = here[place] = (value + weight, len(links))
            links.append((row, place, link))
            node = place + 1
            while node <= width:
                if best[0] > tree[node][0]:
                    tree[node] = best
                node += node & -node
        above = here
    value, link = above.get(width - 1, (-_FOLLOWING, -1))
    value += _FOLLOWING
    node = width
    while node:
        if tree[node][0] > value:
            value, link = tree[node]
        node &= node - 1
    chain: list[Pair] = []
    while link >= 0:
        row, place, link = links[link]
        chain.append((row, place))
    return chain[::-1]


def _weighty(pairs: list[Pair], gap: Run, beside: list[int], weight: Callable[[int], float]) -> Iterator[Pair]:
    """`pairs` without those that are lost among changed words, as stop words of a rewritten sentence are.

    An island of pairs stays when it weighs more than a tenth of n^0.7, n being the changed words on that side of it
    that has fewer. Of neighbouring islands that do not the weaker goes first, which joins the changes around it.
    """
    place = {index: number for number, index in enumerate(beside)}
    islands: list[list[Pair]] = []
    for pair in pairs:
        if islands and islands[-1][-1] == (pair[0] - 1, pair[1] - 1):
            islands[-1].append(pair)
        else:
            islands.append([pair])
    weights = [sum(weight(index) for index, _ in island) for island in islands]
    while islands:
        edges = [(gap[0] - 1, -1), *((island[-1][0], place[island[-1][1]]) for island in islands)]
        shores = [*((island[0][0], place[island[0][1]]) for island in islands), (gap[1], len(beside))]
        changes = [max(shore[0] - edge[0], shore[1] - edge[1]) - 1 for edge, shore in zip(edges, shores, strict=True)]
        margins = [weights[k] - 0.1 * min(sides) ** 0.7 for k, sides in enumerate(pairwise(changes))]
        around = [inf, *margins, inf]
        stay = [own > 0 or own > min(around[k], around[k + 2]) for k, own in enumerate(margins)]
        if all(stay):
            break
        islands, weights = list(compress(islands, stay)), list(compress(weights, stay))
    for island in islands:
        yield from island
