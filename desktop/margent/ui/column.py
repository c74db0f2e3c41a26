"""The whole document as a column of strips, of which only those near the view are laid out.

Opening costs one cheap pass that guesses heights from lengths; a guess becomes a fact when its strip is laid out.
Nothing here knows where the view is: it holds on to a strip, and asks for heights around it.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from margent.document import Document
from margent.ui.typesetter import LISTING_LINES, Typesetter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from margent.document import Block
    from margent.ui.page import Flow, Strip
    from margent.ui.pictures import Pictures

LONG = 12_000
"""Characters from which on a block is laid out in parts, about 2 ms each."""
_KEPT = 240
"""Strips kept laid out: several screens of short ones."""


class Column:
    """The strips of one document, one under the other."""

    def __init__(self, typesetter: Typesetter, picture_ready: Callable[[], None] | None = None) -> None:
        """`picture_ready` is called when a picture that was asked for has been decoded."""
        self._picture_ready = picture_ready
        self._typesetter = typesetter
        self._laid: dict[int, Strip] = {}
        self._tops: list[int] | None = None
        self.set_document(Document("", ()))

    def set_document(self, document: Document) -> None:
        """Show another document."""
        self.document = document
        self._pictures: Pictures | None = None
        self._typesetter.forget()
        self._meta = ""
        self._cut()
        first = next((n for n, b in enumerate(document.blocks[:4]) if b.kind == "heading" and b.level == 1), 0)
        self._meta_number = self.number_at(document.starts[first]) if document.blocks else 0
        self.measure()

    def pictures(self) -> Pictures:
        """The document's pictures."""
        if self._pictures is None:
            from margent.ui.pictures import Pictures  # noqa: PLC0415 - most documents have none

            self._pictures = Pictures(self.document.pictures, self._picture_ready)
        return self._pictures

    def set_meta(self, text: str) -> bool:
        """Show a line of facts about the document under its first heading; whether it is another than before."""
        if text == self._meta or not self.heights:
            return False
        self._meta = text
        self._laid.pop(self._meta_number, None)
        return True

    def _cut(self) -> None:
        """Say which strip is which block: the same number, but for tables and what is long."""
        blocks = self.document.blocks
        self.starts: Sequence[int] = self.document.starts
        self._blocks: Sequence[int] = range(len(blocks))
        if not any(len(block.text) > LONG or block.kind in {"table", "code"} for block in blocks):
            return
        starts, owners = [], []
        for index, (block, start) in enumerate(zip(blocks, self.document.starts, strict=True)):
            more = [start + cut for cut in cuts(block)]
            starts += [start, *more]
            owners += [index] * (len(more) + 1)
        self.starts, self._blocks = starts, owners

    def measure(self) -> None:
        """Forget what is laid out, and guess all heights afresh: the width or the typography is another."""
        setter = self._typesetter
        self._laid.clear()
        self._tops = None
        pitch = setter.faces.pitch
        line = max(1, int(setter.width / setter.faces.character * 0.97))
        room = {"heading": pitch + 10, "item": 6, "table": 12 - pitch // 3, "picture": 320, "code": 8}
        blocks = self.document.blocks
        if isinstance(self._blocks, range):
            usual = round(setter.faces.size * 0.83)
            self.heights = [room.get(block.kind, usual) + pitch * (len(block.text) // line + 1) for block in blocks]
            return
        self.heights = []
        ends = [*self.starts[1:], len(self.document.text) + 1]
        for owner, start, end in zip(self._blocks, self.starts, ends, strict=True):
            block = blocks[owner]
            if block.kind == "code":
                lines = block.text.count("\n", start - self.document.starts[owner], end - self.document.starts[owner])
                self.heights.append(max(1, lines) * round(pitch * 0.8))
            else:
                self.heights.append(room.get(block.kind, 15) + pitch * ((end - start) // line + 1))

    def repaint(self) -> None:
        """Forget what is laid out but not how high it was: colours are others, and nothing moves."""
        self._typesetter.forget()
        self._laid.clear()

    # -- strips ---------------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self.heights)

    def strip(self, number: int) -> Strip:
        """A strip, laid out now if it is not yet."""
        known = self._laid.pop(number, None)
        if known is None:
            end = self.starts[number + 1] - 1 if number + 1 < len(self.starts) else len(self.document.text)
            known = self._typesetter.strip(
                self.document,
                self._blocks[number],
                self.starts[number],
                end,
                self.pictures,
                self._meta if number == self._meta_number else "",
            )
            if known.height != self.heights[number]:
                self.heights[number] = known.height
                self._tops = None
            if len(self._laid) >= _KEPT:
                del self._laid[next(iter(self._laid))]
        self._laid[number] = known
        return known

    def flow_of(self, position: int) -> Flow | None:
        """The flow that holds a code point of the document, laid out now if it is not yet; None without any text."""
        return self.strip(self.number_at(position)).flow_of(position) if self.heights else None

    def block_of(self, position: int) -> tuple[int, int]:
        """Start and end of the block that holds a position."""
        document = self.document
        return document.span_of(document.block_at(position)) if document.blocks else (0, 0)

    def line_of(self, position: int) -> tuple[int, int]:
        """Start and end of the line, as it is broken now, that holds a position."""
        flow = self.flow_of(position)
        return flow.bounds(flow.line_of(position)) if flow is not None else (0, 0)

    def word_of(self, position: int) -> tuple[int, int]:
        """Start and end of the word, or of what is between words, at a position."""
        flow = self.flow_of(position)
        return flow.word_at(position) if flow is not None else (0, 0)

    def is_laid(self, number: int) -> bool:
        """Whether a strip is laid out, so that its inside is known exactly."""
        return number in self._laid

    def number_at(self, position: int) -> int:
        """The strip that holds a code point of the document; a strip's end belongs to it."""
        return max(0, bisect_right(self.starts, position) - 1)

    def named(self, name: str) -> int:
        """Where the heading with an anchor name begins, or -1."""
        blocks = enumerate(self.document.blocks)
        found = next((n for n, b in blocks if b.kind == "heading" and b.target == name), -1)
        return self.document.starts[found] if found >= 0 else -1

    # -- heights --------------------------------------------------------------------------------------------------

    @property
    def tops(self) -> list[int]:
        """Where each strip begins below the start of the column, and at the end the height of all; guesses included."""
        if self._tops is None:
            self._tops = list(accumulate(self.heights, initial=0))
        return self._tops

    @property
    def height(self) -> int:
        """Height of all strips, guesses included."""
        return self.tops[-1]

    def number_under(self, y: int) -> int:
        """The strip at a depth in the column."""
        return min(max(0, bisect_right(self.tops, y) - 1), max(0, len(self.heights) - 1))


def cuts(block: Block) -> list[int]:
    """Where the second and further strips of a block begin in its text, right behind a line break or space.

    Every row of a table is a strip, and so are some lines of a listing. Prose is cut only where a block is so long
    that laying it out at once would be felt; a line then ends early at the cut.
    """
    text = block.text
    if block.kind == "table" or (block.kind == "code" and len(text) <= LONG):
        step = 1 if block.kind == "table" else LISTING_LINES
        return list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))[step:-1:step]
    found: list[int] = []
    at = 0
    while len(text) - at > LONG:
        cut = max(text.rfind("\n", at, at + LONG // 2), text.rfind(" ", at, at + LONG // 2))
        if cut <= at:
            cut = text.find(" ", at + LONG // 2)
        if cut < 0:
            break
        at = cut + 1
        found.append(at)
    return found
