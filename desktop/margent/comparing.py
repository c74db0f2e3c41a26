"""Two states of a document compared: which block became which, and what changed in its words.

The words of both texts are aligned once; blocks that share most of their words are one block that changed. A block
that went somewhere else is removed here and added there, for a comparison is read from the top to the bottom.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from margent.aligning import Alignment, words_of
from margent.difference import Join, Part, parts
from margent.document import Block, Document, Mark, MarkKind, sorted_marks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Kind = Literal["same", "changed", "removed", "added"]

_GAP = Part("same", "\u2005")
"""A quarter of an em, which is in neither text: it stands between words that went and those that came for them."""
_ALIKE = 0.4
"""Of the words of two blocks, those that must be the same for one to be a state of the other."""


class Row(NamedTuple):
    """A block of the old text (index, -1 for none) and the block of the new one that it became."""

    kind: Kind
    old: int
    new: int
    parts: tuple[Part, ...]


class Span(NamedTuple):
    """A stretch of a text (code points) that is only in the old or only in the new one, and its change's number."""

    start: int
    end: int
    op: Literal["removed", "added"]
    change: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two states of a document with what is between them."""

    old: Document
    new: Document
    rows: tuple[Row, ...]
    changes: tuple[tuple[int, int], ...]
    """First and last (exclusive) row of each change: a block that changed, or neighbours that went and came."""

    def change_of(self, row: int) -> int:
        """The number of the change that a row belongs to, -1 for none."""
        number = bisect_right(self.changes, (row, len(self.rows))) - 1
        return number if number >= 0 and row < self.changes[number][1] else -1

    def across(self, position: int, *, back: bool = False) -> int:
        """Where a position (code points) of the old text is in the new one, or (`back`) the other way round."""
        source, target = (self.new, self.old) if back else (self.old, self.new)
        if not source.blocks:
            return 0
        index = source.block_at(position)
        there = 0
        for row in self.rows:
            mine, other = (row.new, row.old) if back else (row.old, row.new)
            if mine == index and other >= 0:
                start, end = source.span_of(index)
                first, last = target.span_of(other)
                share = (position - start) / max(1, end - start)
                return first + min(last - first, round(share * (last - first)))
            if mine > index:
                break
            if other >= 0:
                there = target.span_of(other)[1]
            if mine == index:
                break
        return there

    def sides(self) -> tuple[list[Span], list[Span]]:
        """What of the old text is gone, and what of the new one has come, in their own positions."""
        gone: list[Span] = []
        come: list[Span] = []
        for number, row in enumerate(self.rows):
            change = self.change_of(number)
            here = self.old.starts[row.old] if row.old >= 0 else 0
            there = self.new.starts[row.new] if row.new >= 0 else 0
            for part in row.parts:
                size = len(part.text)
                if part.op == "removed":
                    gone.append(Span(here, here + size, "removed", change))
                elif part.op == "added":
                    come.append(Span(there, there + size, "added", change))
                here += size if part.op != "added" else 0
                there += size if part.op != "removed" else 0
        return gone, come

    def inline(self) -> tuple[Document, list[Span]]:
        """One text with all that went and all that came in its place, and where each of it is.

        Where the two would touch a small space keeps them apart.
        """
        blocks: list[Block] = []
        spans: list[Span] = []
        place = 0
        for number, row in enumerate(self.rows):
            change = self.change_of(number)
            for block, pieces in self._blocks(row):
                at = place
                for part in pieces:
                    if part.op != "same":
                        spans.append(Span(at, at + len(part.text), part.op, change))
                    at += len(part.text)
                blocks.append(block)
                place += len(block.text) + 1
        pictures = {**self.old.pictures, **self.new.pictures}
        return replace(self.new, blocks=tuple(blocks), pictures=pictures, themes=(), pages=()), spans

    def _blocks(self, row: Row) -> Iterator[tuple[Block, Sequence[Part]]]:
        old = self.old.blocks[row.old] if row.old >= 0 else None
        new = self.new.blocks[row.new] if row.new >= 0 else None
        if old is not None and new is not None and row.kind == "changed":
            if "table" in {old.kind, new.kind}:
                # A table's cells are told apart by its text: with both texts in it there would be cells too many.
                yield old, [Part("removed", old.text)]
                yield new, [Part("added", new.text)]
            else:
                pieces = list(_apart(row.parts))
                yield _woven(new, pieces), pieces
        else:
            block = new if new is not None else old
            assert block is not None
            yield block, row.parts


def _apart(pieces: Sequence[Part]) -> Iterator[Part]:
    """The pieces with a small space wherever something that went and something that came would touch."""
    last = ""
    for part in pieces:
        touching = part.op != "same" and last and not (last[-1].isspace() or part.text[:1].isspace())
        if touching:
            yield _GAP
        yield part
        last = part.text if part.op != "same" else ""


def compare(old: Document, new: Document) -> Comparison:
    """Compare two states of a document. For 60,000 words well under a second; work for a worker all the same."""
    rows = tuple(_rows(old, new))
    changes: list[tuple[int, int]] = []
    for number, row in enumerate(rows):
        if row.kind == "same":
            continue
        beside = changes and changes[-1][1] == number and "changed" not in {row.kind, rows[number - 1].kind}
        if beside:
            changes[-1] = (changes[-1][0], number + 1)
        else:
            changes.append((number, number + 1))
    return Comparison(old, new, rows, tuple(changes))


def shown(document: Document, spans: Iterable[Span]) -> Document:
    """`document` with what is gone struck out and what has come underlined, so that no colour need tell it."""
    marks: dict[int, list[Mark]] = {}
    for start, end, op, _ in spans:
        kind: MarkKind = "strike" if op == "removed" else "underline"
        for index in range(document.block_at(start), document.block_at(max(start, end - 1)) + 1):
            first, last = document.span_of(index)
            mark = Mark(kind, max(start, first) - first, min(end, last) - first)
            marks.setdefault(index, []).append(mark)
    blocks = [
        block._replace(marks=sorted_marks((*block.marks, *marks[index]))) if index in marks else block
        for index, block in enumerate(document.blocks)
    ]
    return replace(document, blocks=tuple(blocks))


def _rows(old: Document, new: Document) -> Iterator[Row]:
    joins = _joins(old, new)
    here = there = 0
    for i, j in [*_pairs(old, new, joins), (len(old.blocks), len(new.blocks))]:
        yield from _gap(old, new, (here, i), (there, j))
        if i < len(old.blocks):
            yield _pair(old, new, i, j, joins.get((i, j), ()))
        here, there = i + 1, j + 1


def _pair(old: Document, new: Document, i: int, j: int, joins: Sequence[Join]) -> Row:
    before, after = old.blocks[i].text, new.blocks[j].text
    if before == after:
        return Row("same", i, j, (Part("same", before),) if before else ())
    return Row("changed", i, j, tuple(parts(before, after, joins)))


def _gap(old: Document, new: Document, ours: tuple[int, int], theirs: tuple[int, int]) -> Iterator[Row]:
    """Blocks between two that are known; equal ones without words, as rules are, go on being the same at the ends."""
    (first, last), (start, end) = ours, theirs
    while first < last and start < end and old.blocks[first].text == new.blocks[start].text:
        yield _pair(old, new, first, start, ())
        first, start = first + 1, start + 1
    tail = 0
    while first < last - tail and start < end - tail:
        if old.blocks[last - 1 - tail].text != new.blocks[end - 1 - tail].text:
            break
        tail += 1
    for index in range(first, last - tail):
        text = old.blocks[index].text
        yield Row("removed", index, -1, (Part("removed", text),) if text else ())
    for index in range(start, end - tail):
        text = new.blocks[index].text
        yield Row("added", -1, index, (Part("added", text),) if text else ())
    for step in range(tail, 0, -1):
        yield _pair(old, new, last - step, end - step, ())


def _joins(old: Document, new: Document) -> dict[tuple[int, int], list[Join]]:
    """Words that are the same, in positions of their blocks, by the blocks (old, new) that they are in."""
    vocabulary: dict[str, int] = {}
    before, after = words_of(old.text, vocabulary), words_of(new.text, vocabulary)
    homes = _homes(new, after.starts)
    found: dict[tuple[int, int], list[Join]] = {}
    image = Alignment(before, after).image
    for word, (block, other) in enumerate(zip(_homes(old, before.starts), image, strict=True)):
        if other >= 0:
            here, there = old.starts[block], new.starts[homes[other]]
            join = Join(
                before.starts[word] - here,
                before.ends[word] - here,
                after.starts[other] - there,
                after.ends[other] - there,
            )
            found.setdefault((block, homes[other]), []).append(join)
    return found


def _homes(document: Document, starts: Sequence[int]) -> list[int]:
    """The block of each word; words come in their order."""
    homes: list[int] = []
    block = 0
    for start in starts:
        while block + 1 < len(document.starts) and document.starts[block + 1] <= start:
            block += 1
        homes.append(block)
    return homes


def _pairs(old: Document, new: Document, joins: dict[tuple[int, int], list[Join]]) -> list[tuple[int, int]]:
    """Blocks that are states of each other, rising in both, with as many words in common as can be."""
    mine = Counter[int]()
    yours = Counter[int]()
    for (i, j), words in joins.items():
        mine[i], yours[j] = max(mine[i], len(words)), max(yours[j], len(words))
    sizes = [[len(block.text.split()) for block in document.blocks] for document in (old, new)]
    alike = sorted(
        (i, j, len(words))
        for (i, j), words in joins.items()
        if len(words) == mine[i] == yours[j] and 2 * len(words) >= _ALIKE * (sizes[0][i] + sizes[1][j])
    )
    return _heaviest(alike, len(new.blocks))


def _heaviest(alike: Sequence[tuple[int, int, int]], width: int) -> list[tuple[int, int]]:
    """Of (old, new, weight), sorted, the rising chain that weighs most; a Fenwick tree keeps the best before each."""
    tree: list[tuple[int, int]] = [(0, -1)] * (width + 1)
    links: list[int] = []
    best: list[tuple[int, int, tuple[int, int]]] = []

    def settle() -> None:
        for _, number, entry in best:
            node = alike[number][1] + 1
            while node <= width:
                tree[node] = max(tree[node], entry)
                node += node & -node
        best.clear()

    row = -1
    for number, (i, j, weight) in enumerate(alike):
        if i != row:
            settle()
            row = i
        found, node = (0, -1), j
        while node:
            found = max(found, tree[node])
            node &= node - 1
        links.append(found[1])
        best.append((i, number, (found[0] + weight, number)))
    settle()
    top, node = (0, -1), width
    while node:
        top = max(top, tree[node])
        node &= node - 1
    chain: list[tuple[int, int]] = []
    number = top[1]
    while number >= 0:
        chain.append(alike[number][:2])
        number = links[number]
    return chain[::-1]


def _woven(new: Block, pieces: Sequence[Part]) -> Block:
    """The new block with what went put in where it was; its own marks go on over that."""
    text = "".join(part.text for part in pieces)
    places: list[int] = []
    at = 0
    for part in pieces:
        if part.op != "removed" and part is not _GAP:
            places += range(at, at + len(part.text))
        at += len(part.text)
    marks = [
        mark._replace(start=places[mark.start], end=places[mark.end - 1] + 1)
        for mark in new.marks
        if mark.start < mark.end <= len(places)
    ]
    return new._replace(text=text, marks=sorted_marks(marks))
