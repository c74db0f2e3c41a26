"""What became of a text, word by word: which words stayed, which went and which came.

Both texts can be put together again from the parts, whatever is in them: nothing is left out to look tidy.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from margent.aligning import Alignment, words_of

Op = Literal["same", "removed", "added"]
_ELLIPSIS = "…"


class Part(NamedTuple):
    """A stretch of text that is in both, only in the old or only in the new one. Never empty."""

    op: Op
    text: str


class Join(NamedTuple):
    """A word of the old text (code points, end exclusive) and the word of the new one that it is."""

    start: int
    end: int
    new_start: int
    new_end: int


def difference(old: str, new: str) -> list[Part]:
    """The parts of `old` and `new` in order, what was removed before what was added in its place.

    Words that changed places are removed here and added there.
    """
    if old == new:
        return [Part("same", old)] if old else []
    vocabulary: dict[str, int] = {}
    before, after = words_of(old, vocabulary), words_of(new, vocabulary)
    image = Alignment(before, after).image
    joins = [
        Join(before.starts[word], before.ends[word], after.starts[other], after.ends[other])
        for word, other in enumerate(image)
        if other >= 0
    ]
    return parts(old, new, joins)


def parts(old: str, new: str, joins: Sequence[Join]) -> list[Part]:
    """The parts of two texts of which words are known to be the same; joins that cross others are not used."""
    return list(_together(_cut(old, new, joins)))


def shortened(found: Iterable[Part], keep: int) -> list[Part]:
    """The parts with what stayed reduced to some `keep` characters beside a change, an ellipsis for the rest."""
    whole = list(found)
    short: list[Part] = []
    for number, part in enumerate(whole):
        head = keep if number else 0
        tail = keep if number < len(whole) - 1 else 0
        if part.op != "same" or len(part.text) <= head + tail + 2:
            short.append(part)
            continue
        left = part.text[:head].rsplit(" ", 1)[0] if head else ""
        right = part.text[len(part.text) - tail :].split(" ", 1)[-1] if tail else ""
        short.append(Part("same", f"{left} {_ELLIPSIS} {right}".strip() if left and right else _edge(left, right)))
    return short


def _edge(left: str, right: str) -> str:
    return f"{left} {_ELLIPSIS}" if left else f"{_ELLIPSIS} {right}"


def _cut(old: str, new: str, joins: Sequence[Join]) -> Iterator[Part]:
    here = there = 0
    for join in _rising(joins, old, new):
        yield from _gap(old[here : join.start], new[there : join.new_start])
        yield Part("same", old[join.start : join.end])
        here, there = join.end, join.new_end
    yield from _gap(old[here:], new[there:])


def _gap(old: str, new: str) -> Iterator[Part]:
    """What stands between words that stayed; signs and spaces at its ends that are in both stay as well."""
    most = min(len(old), len(new))
    head = 0
    while head < most and old[head] == new[head] and not old[head].isalnum():
        head += 1
    tail = 0
    while tail < most - head and old[-1 - tail] == new[-1 - tail] and not old[-1 - tail].isalnum():
        tail += 1
    yield Part("same", old[:head])
    yield Part("removed", old[head : len(old) - tail])
    yield Part("added", new[head : len(new) - tail])
    yield Part("same", old[len(old) - tail :])


def _together(found: Iterable[Part]) -> Iterator[Part]:
    """Parts without empty ones, neighbours of one kind made one."""
    last: Part | None = None
    for part in found:
        if not part.text:
            continue
        if last is not None and last.op == part.op:
            last = Part(part.op, last.text + part.text)
            continue
        if last is not None:
            yield last
        last = part
    if last is not None:
        yield last


def _rising(joins: Sequence[Join], old: str, new: str) -> list[Join]:
    """As many joins of words written alike as rise in both texts, by patience sorting."""
    alike = [join for join in joins if old[join.start : join.end] == new[join.new_start : join.new_end]]
    tails: list[int] = []
    holders: list[int] = []
    before: list[int] = []
    for number, join in enumerate(alike):
        level = bisect_left(tails, join.new_start)
        before.append(holders[level - 1] if level else -1)
        tails[level : level + 1] = [join.new_start]
        holders[level : level + 1] = [number]
    chain: list[Join] = []
    number = holders[-1] if holders else -1
    while number >= 0:
        chain.append(alike[number])
        number = before[number]
    return chain[::-1]
