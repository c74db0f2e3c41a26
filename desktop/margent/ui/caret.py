"""Where a caret goes when a key is pressed: through lines, words, cells and blocks, in any script.

Left and right are meant as on the screen, also inside text of the other direction, as Qt's own text fields have it;
words go in the order of reading. Up and down keep to the x at which they began.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from margent.ui.column import Column
    from margent.ui.pageview import PageView

Move = Literal[
    "left", "right", "word left", "word right", "up", "down", "line start", "line end",
    "block start", "block end", "page up", "page down", "start", "end",
]  # fmt: skip


_FORWARD = {"right", "word right", "down", "line end", "block end", "page down", "end"}


class Caret:
    """Moves a caret through a column."""

    def __init__(self, column: Column, view: PageView) -> None:
        self._column = column
        self._view = view
        self._x: float | None = None

    def forget(self) -> None:
        """The caret was put somewhere by other means: up and down begin at a new x."""
        self._x = None

    def moved(self, position: int, move: Move) -> int:
        """Where a caret at `position` goes; pages are as high as the view, which scrolls along."""
        column = self._column
        if not len(column):
            return 0
        if move not in {"up", "down", "page up", "page down"}:
            self._x = None
        forward = move in _FORWARD
        match move.rsplit(maxsplit=1)[0]:
            case "left" | "right":
                found = self._sideways(position, right=forward)
            case "word":
                found = self._word(position, forward=forward)
            case "up" | "down":
                found = self._line(position, down=forward)
            case "page":
                found = self._page(position, down=forward)
            case "block":
                found = self._block(position, forward=forward)
            case "line":
                found = column.line_of(position)[forward]
            case _:
                found = len(column.document.text) if forward else 0
        return found

    def _sideways(self, position: int, *, right: bool) -> int:
        strip = self._column.strip(self._column.number_at(position))
        flow = strip.flow_of(position)
        found = flow.beside(position, right=right)
        if found != position:
            return found
        return self._within(flow.start - 1 if right == flow.right_to_left else flow.end + 1, position)

    def _word(self, position: int, *, forward: bool) -> int:
        strip = self._column.strip(self._column.number_at(position))
        flow = strip.flow_of(position)
        found = flow.word_beside(position, forward=forward)
        if found != position:
            return found
        return self._within(flow.end + 1 if forward else flow.start - 1, position)

    def _within(self, wanted: int, otherwise: int) -> int:
        return wanted if 0 <= wanted <= len(self._column.document.text) else otherwise

    def _line(self, position: int, *, down: bool) -> int:
        column = self._column
        number = column.number_at(position)
        flow = column.strip(number).flow_of(position)
        if self._x is None:
            self._x = flow.caret(position).x()
        index = flow.line_of(position) + (1 if down else -1)
        if 0 <= index < len(flow.lines):
            return flow.position_near(index, self._x)
        number += 1 if down else -1
        if not 0 <= number < len(column):
            return len(column.document.text) if down else 0
        flow = column.strip(number).flow_at(self._x)
        return flow.position_near(0 if down else len(flow.lines) - 1, self._x)

    def _page(self, position: int, *, down: bool) -> int:
        view = self._view
        rect = view.caret(position)
        if self._x is None:
            self._x = rect.x() - view.left
        before = view.value()
        view.scroll_by((1 if down else -1) * max(40, view.height - round(3 * rect.height())))
        if view.value() == before:
            return len(self._column.document.text) if down else 0
        return view.position_at(view.left + self._x, min(max(rect.center().y(), 0), view.height - 1))

    def _block(self, position: int, *, forward: bool) -> int:
        document = self._column.document
        start, end = document.span_of(document.block_at(position))
        if forward:
            return end if position < end else min(end + 1, len(document.text))
        return start if position > start else document.span_of(document.block_at(max(0, start - 1)))[0]
