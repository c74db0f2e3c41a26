"""The whole document with its notes inside: highlighted words between signs, each note under the block it ends in."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from margent.brief import markdown
from margent.brief.markdown import CLOSE, OPEN, REFER, REFERRED
from margent.document import Block, Document, Mark, sorted_marks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from margent.brief.points import Point

_UNMARKED = {"code", "rule"}
"""Kinds of blocks in which signs would be read as what the block says."""
_ORDER = attrgetter("annotation.start", "annotation.end", "annotation.id")
_LABEL = re.compile(r"[A-Za-z0-9-]+$")
_STRETCH = re.compile(r"[^\n\t]+")


class Part(NamedTuple):
    """A stretch of the document, up to where notes can stand, and the points whose words end in it."""

    text: str
    points: tuple[Point, ...]


class Whole(NamedTuple):
    """The document in parts."""

    title: str
    """The first heading where it says no more than the brief's title, its highlights marked; otherwise ""."""
    parts: list[Part]
    unmarked: frozenset[str]
    """Ids of points none of whose words could be marked."""


def whole(document: Document, points: Sequence[Point], title: str) -> Whole:
    """`document` with the words of `points` marked. `title` is the plain one of the brief."""
    standing = sorted((point for point in points if point.annotation.state != "orphaned"), key=_ORDER)
    ending: dict[int, list[Point]] = {}
    spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
    unmarked = set()
    starts, blocks = document.starts, document.blocks
    for point in standing:
        start, end = point.annotation.start, point.annotation.end
        first = last = max(0, bisect_right(starts, start) - 1)
        low = starts[first]
        size = len(blocks[first].text)
        if end <= low + size:
            spans[first].append((start - low, end - low))
        else:
            if end > low + size + 1:
                last = bisect_right(starts, end - 1) - 1
            for index in range(first, last + 1):
                low = starts[index]
                spans[index].append((max(start, low) - low, min(end - low, len(blocks[index].text))))
        ending.setdefault(last, []).append(point)
        if blocks[first].kind in _UNMARKED and all(block.kind in _UNMARKED for block in blocks[first : last + 1]):
            unmarked.add(point.annotation.id)
    marked = [
        _marked(block, spans.get(index, ()), labels)
        for (index, block), labels in zip(enumerate(document.blocks), _labels(document), strict=True)
    ]
    named = bool(marked) and document.blocks[0].kind == "heading" and _same(document.blocks[0].text, title)
    heading = markdown.finished(markdown.heading(marked[0])) if named else ""
    return Whole(heading, list(_parts(marked, ending, skip=int(named))), frozenset(unmarked))


def _same(first: str, second: str) -> bool:
    return first.split() == second.split()


def _labels(document: Document) -> Iterable[Mapping[str, bool]]:
    """For each block the labels that can be referred to; a footnote block has its own only where it is the one meant.

    Programs leave out a footnote that nothing refers to, and all but one of the same label.
    """
    referred = {mark.target for block in document.blocks for mark in block.marks if mark.kind == "noteref"}
    known = {
        block.target: True
        for block in document.blocks
        if block.kind == "footnote" and block.target in referred and _LABEL.match(block.target)
    }
    seen: set[str] = set()
    for block in document.blocks:
        if block.kind == "footnote" and (block.target in seen or block.target not in known):
            yield {**known, block.target: False}
        else:
            yield known
        if block.kind == "footnote":
            seen.add(block.target)


def _parts(marked: Sequence[Block], ending: Mapping[int, list[Point]], *, skip: int) -> Iterator[Part]:
    """Notes wait for the end of the list or quotation their words stand in, which they would tear apart."""
    run: list[Block] = []
    waiting: list[Point] = []
    for index, block in enumerate(marked):
        if index >= skip:
            run.append(block)
        waiting += ending.get(index, ())
        following = marked[index + 1] if index + 1 < len(marked) else None
        inside = following is not None and (
            (following.level > 0 and following.kind != "heading") or (following.quote > 0 and block.quote > 0)
        )
        if waiting and not inside:
            yield Part(_written(run), tuple(waiting))
            run, waiting = [], []
    if run or waiting:
        yield Part(_written(run), tuple(waiting))


def _written(run: Sequence[Block]) -> str:
    return markdown.finished(markdown.blocks(run, headings=0))


# -- signs ----------------------------------------------------------------------------------------------------------


class _Edit(NamedTuple):
    """What comes into a text at `start`, for what stands there up to `end`."""

    start: int
    rank: int
    """Of several at one place: what closes comes first, what replaces last."""
    end: int
    words: str


def _marked(block: Block, spans: Sequence[tuple[int, int]], labels: Mapping[str, bool]) -> Block:
    """The block with stand-ins around what is highlighted and for references to footnotes, its marks on their words."""
    if block.kind == "footnote" and not labels.get(block.target):
        block = block._replace(kind="paragraph")
    references = [mark for mark in block.marks if mark.kind == "noteref" and labels.get(mark.target)]
    if block.kind in _UNMARKED or not (spans or references):
        return block
    stretches = _stretches(block.text, spans, references)
    if not block.marks:
        return block._replace(text=_between_signs(block.text, stretches))
    edits = sorted(
        [
            *(_Edit(start, 1, start, OPEN) for start, _ in stretches),
            *(_Edit(end, 0, end, CLOSE) for _, end in stretches),
            *(_Edit(mark.start, 2, mark.end, f"{REFER}{mark.target}{REFERRED}") for mark in references),
        ]
    )
    text: list[str] = []
    at = 0
    for edit in edits:
        text += (block.text[at : edit.start], edit.words)
        at = edit.end
    text.append(block.text[at:])
    shift = _Shift(edits)
    marks = [
        Mark(mark.kind, shift.start(first), shift.end(last), mark.target)
        for mark in block.marks
        if mark.kind != "noteref"
        for first, last in _pieces(mark, stretches, references)
    ]
    return block._replace(text="".join(text), marks=sorted_marks(marks))


def _between_signs(text: str, stretches: Iterable[tuple[int, int]]) -> str:
    out: list[str] = []
    at = 0
    for start, end in stretches:
        out += (text[at:start], OPEN, text[start:end], CLOSE)
        at = end
    return "".join([*out, text[at:]])


def _stretches(text: str, spans: Sequence[tuple[int, int]], references: Sequence[Mark]) -> list[tuple[int, int]]:
    """What is highlighted: in order, apart, in one line and one cell each, without white space at the ends."""
    joined: list[list[int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        elif end > start:
            joined.append([start, end])
    for mark in references:
        for span in joined:
            if span[0] < mark.end and span[1] > mark.start:
                span[:] = min(span[0], mark.start), max(span[1], mark.end)
    found: list[tuple[int, int]] = []
    for start, end in joined:
        for match in _STRETCH.finditer(text, start, end):
            words = match[0].strip()
            if words:
                first = match.start() + match[0].index(words)
                if found and first <= found[-1][1]:
                    found[-1] = (found[-1][0], max(found[-1][1], first + len(words)))
                else:
                    found.append((first, first + len(words)))
    return found


def _pieces(mark: Mark, stretches: Sequence[tuple[int, int]], references: Sequence[Mark]) -> list[tuple[int, int]]:
    """A mark in pieces that lie inside a highlight, around it or beside it, never across its border.

    Code shows all signs as they are, and no link may hold another: both are parted by all that comes in.
    """
    begin, finish = mark.start, mark.end
    gaps = [(ref.start, ref.end) for ref in references if ref.start < finish and ref.end > begin]
    if mark.kind not in {"code", "link"}:
        begin = min([begin, *(low for low, high in gaps if low < begin < high)])
        finish = max([finish, *(high for low, high in gaps if low < finish < high)])
        gaps = []
    cuts = {place for gap in gaps for place in gap}
    if mark.kind == "code":
        cuts.update(place for stretch in stretches for place in stretch)
    at = [
        bisect_right(stretches, begin, key=lambda s: s[0]) - 1,
        bisect_left(stretches, finish, key=lambda s: s[0]) - 1,
    ]
    for low, high in (stretches[index] for index in at if index >= 0):
        if low <= begin < high < finish:
            cuts.add(high)
        if begin < low < finish <= high:
            cuts.add(low)
    bounds = [begin, *sorted(place for place in cuts if begin < place < finish), finish]
    return [
        (first, last)
        for first, last in pairwise(bounds)
        if not any(low <= first and last <= high for low, high in gaps)
    ]


class _Shift:
    """Where places of a text are after its edits."""

    def __init__(self, edits: Sequence[_Edit]) -> None:
        self._edits = [(edit.start, edit.rank) for edit in edits]
        self._sums = [0]
        for edit in edits:
            self._sums.append(self._sums[-1] + len(edit.words) - (edit.end - edit.start))

    def start(self, place: int) -> int:
        """Of what begins at `place`: behind the signs that come in there, before what is replaced there."""
        return place + self._sums[bisect_right(self._edits, (place, 1))]

    def end(self, place: int) -> int:
        """Of what ends at `place`: before the signs that come in there."""
        return place + self._sums[bisect_left(self._edits, (place, -1))]
