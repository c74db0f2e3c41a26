"""Prose into blocks: what a paragraph becomes depends on the quotations, lists and notes it stands in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from margent.document import Block, Mark
from margent.formats.inline import Inline

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from margent.formats.places import Point

_DEEPEST: Final = 20
"""Quotations and lists deeper than this are shown no deeper: a page has only so much width."""


@dataclass
class _List:
    ordered: bool
    number: int


@dataclass
class _Item:
    """A list item, or a definition, which is like an item that has begun."""

    fresh: bool
    ordered: bool = False
    number: int = 0
    checked: bool | None = None


class Assembly:
    """The blocks so far and the place where the next one will stand. Each `begin_…` has its `end_…`."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.inline = Inline()
        """The present paragraph's text."""
        self._shown: list[tuple[str, str]] = []
        """Descriptions and keys of the pictures in the present paragraph, as long as it has nothing else."""
        self._quote = 0
        self._lists: list[_List] = []
        self._items: list[_Item] = []
        self._heading: tuple[int, str] | None = None
        self._in_notes = False
        self._note = ""
        self._notes = 0

    # -- out ------------------------------------------------------------------------------------------------------

    def text(self, data: str) -> None:
        """Text for the present paragraph."""
        if self._shown and not data.isspace():
            self._part_from_pictures()
        self.inline.add(data)

    def picture(self, description: str, key: str) -> None:
        """A picture: its description goes into the text, and where nothing else does, it is a block of its own."""
        if self._heading is None and (self._shown or not len(self.inline)):
            self.inline.add(" ")
            self._shown.append((description, key))
        self.inline.add(description)

    def _part_from_pictures(self) -> None:
        """Text begins after pictures: those that can be drawn stand above it, of others it has the descriptions."""
        drawn = any(key for _, key in self._shown)
        if drawn and not self._note and not (self._items and self._items[-1].fresh):
            self.flush()
        self._shown.clear()

    def line_break(self) -> None:
        """A forced line break; two of them end the paragraph."""
        if not self.inline.line_break():
            self.flush()

    def flush(self) -> None:
        """End the present paragraph, if there is one."""
        shown, self._shown = self._shown, []
        text, marks = self.inline.take()
        points = self.inline.settled
        if shown:
            self.interrupt()
        first = len(self.blocks)
        if shown:
            for description, key in shown:
                if description or key:
                    self.add(Block("picture", description, target=key))
        elif text:
            self.emit(text, marks)
        if points:
            self._settle(points, first)

    def settle(self, points: Iterable[tuple[Point, int]], first: int, end: int) -> None:
        """Say that `points` lie in block `first` at their places, which lie before `end`."""
        for point, place in points:
            point.block, point.offset = first, min(place, end)

    def between(self, point: Point) -> None:
        """Say that `point` lies between blocks: a start before what comes next, an end after what came last."""
        if point.end:
            point.block = len(self.blocks) - 1
            point.offset = len(self.blocks[-1].text) if self.blocks else 0
        else:
            point.block, point.offset = len(self.blocks), 0

    def _settle(self, points: list[tuple[Point, int]], first: int) -> None:
        """Settle points of the paragraph that became the blocks from `first` on."""
        if len(self.blocks) == first + 1 and self.blocks[first].kind != "picture":
            self.settle(points, first, len(self.blocks[first].text))
            return
        for point, _ in points:
            self.between(point)
            if not point.end:
                point.block = first

    def emit(self, text: str, marks: tuple[Mark, ...]) -> None:
        """Add a block of prose, of the kind that its place says."""
        item = self._items[-1] if self._items else None
        if self._heading is not None:
            level, target = self._heading
            self.blocks.append(Block("heading", text, marks, level=level, quote=self._depth, target=target))
        elif self._note:
            self.add(Block("footnote", text.rstrip(), marks, number=self._notes, target=self._note))
        elif item is not None and item.fresh:
            item.fresh = False
            self.add(Block("item", text, marks, ordered=item.ordered, number=item.number, checked=item.checked))
        else:
            self.add(Block("quotation" if self._quote else "paragraph", text, marks))

    def add(self, block: Block) -> None:
        """Add a block of any kind at the present depth of lists and quotations."""
        self.blocks.append(block._replace(level=min(len(self._items), _DEEPEST), quote=self._depth))

    def interrupt(self) -> None:
        """Something that is not an item's text begins in it: its number or box must not be lost."""
        item = self._items[-1] if self._items else None
        if item is None or not item.fresh:
            return
        item.fresh = False
        if (item.ordered or item.checked is not None) and self._heading is None and not self._note:
            self.add(Block("item", ordered=item.ordered, number=item.number, checked=item.checked))

    def rule(self) -> None:
        """A line across, but for the one that HTML puts above footnotes."""
        if not self._in_notes:
            self.flush()
            self.interrupt()
            self.add(Block("rule"))

    @property
    def _depth(self) -> int:
        return min(self._quote, _DEEPEST)

    # -- places ---------------------------------------------------------------------------------------------------

    def begin_heading(self, level: int, name: str) -> None:
        """What follows is a heading, 1–6, with a name that links may lead to ("" for none)."""
        self.interrupt()
        self._heading = (level, name)
        self.inline.breaks = False

    def end_heading(self) -> None:
        """The heading is complete."""
        self.flush()
        self._heading = None
        self.inline.breaks = True

    def begin_quote(self) -> None:
        """What follows is quoted, or quoted once more."""
        self.interrupt()
        self._quote += 1

    def end_quote(self) -> None:
        """The innermost quotation is complete."""
        self.flush()
        self._quote -= 1

    def begin_list(self, *, ordered: bool, start: int = 1) -> None:
        """A list, with the number of its first item."""
        if not self._in_notes or self._note:
            self.interrupt()
        self._lists.append(_List(ordered, start if ordered else 0))

    def end_list(self) -> None:
        """The innermost list is complete."""
        self.flush()
        self._lists.pop()

    def begin_item(self, number: int | None = None) -> None:
        """An item of the innermost list, with its number where that is not the next one."""
        around = self._lists[-1] if self._lists else _List(ordered=False, number=0)
        if number is not None and around.ordered:
            around.number = number
        self._items.append(_Item(fresh=True, ordered=around.ordered, number=around.number))
        around.number += around.ordered

    def begin_definition(self) -> None:
        """A definition: prose that is set in like an item's second paragraph."""
        self._items.append(_Item(fresh=False))

    def end_item(self) -> None:
        """The innermost item or definition is complete; an empty numbered one is kept."""
        self.flush()
        self.interrupt()
        self._items.pop()

    def box(self, attributes: Mapping[str, str]) -> None:
        """A box at the beginning of an item makes it a task."""
        if self._items and self._items[-1].fresh and not len(self.inline):
            self._items[-1].checked = "checked" in attributes

    def begin_notes(self) -> None:
        """What follows are the footnotes of the document."""
        self._in_notes = True

    def end_notes(self) -> None:
        """The footnotes are complete."""
        self.flush()
        self._in_notes = False

    def begin_note(self, label: str) -> bool:
        """A footnote with this label. False when footnotes do not stand here."""
        if not self._in_notes or self._note:
            return False
        self._note = label
        self._notes += 1
        return True

    def end_note(self) -> None:
        """The footnote is complete."""
        self.flush()
        self._note = ""
