"""Gives rows whose titles are long a third line, a few at a time.

A header adds up all its sections after each one that is resized, and titles have to be measured: of thousands of rows
those that are seen are looked at first, and the others between other events.
"""

from __future__ import annotations

from collections import deque
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from margent.shelving import FIELDS

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTableView

    from margent.ui.shelfcells import ShelfDelegate
    from margent.ui.shelfmodel import ShelfModel

_SEEN = 60
"""Rows whose heights are looked at together: more than the highest screen holds."""
_SLICE = 0.004
"""Seconds in which heights are set before other events are looked at."""


class RowHeights(QObject):
    """The heights of a table's rows. `altered` says that some are others now; what is seen is to stay where it is."""

    altered = Signal()

    def __init__(self, table: QTableView, model: ShelfModel, delegate: ShelfDelegate) -> None:
        super().__init__(table)
        self._table = table
        self._model = model
        self._delegate = delegate
        self._rest: deque[range] = deque()
        """Rows whose heights have yet to be looked at."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._set)
        for signal in (model.layoutChanged, model.rowsInserted, model.rowsRemoved, model.dataChanged, model.modelReset):
            signal.connect(self.start)

    def start(self) -> None:
        """Look at all rows: every one may have another height now."""
        self._rest = deque()
        self._timer.start()

    def _set(self) -> None:
        table, count = self._table, self._model.rowCount()
        top = max(0, table.rowAt(0))
        if not self._rest:
            seen = range(top, min(count, top + _SEEN))
            self._rest.extend((seen, *(range(at, min(count, at + _SEEN)) for at in range(0, count, _SEEN))))
        offset, changed = table.rowViewportPosition(top), False
        end = perf_counter() + _SLICE
        while self._rest and perf_counter() < end:
            changed |= self._set_some(self._rest.popleft())
        if self._rest:
            self._timer.start()
        if changed:
            self.altered.emit()
            moved = table.rowViewportPosition(top) - offset
            if moved:
                table.verticalScrollBar().setValue(table.verticalScrollBar().value() + moved)

    def _set_some(self, rows: range) -> bool:
        header, titles = self._table.verticalHeader(), self._model.titles(self._model.keys()[rows.start : rows.stop])
        base, more = self._delegate.row_height(), self._delegate.line_height()
        changed = False
        width = self._table.columnWidth(FIELDS.index("title"))
        for row, lines in zip(rows, self._delegate.title_lines(titles, width), strict=False):
            height = base + (lines - 1) * more
            if header.sectionSize(row) != height:
                header.resizeSection(row, height)
                changed = True
        return changed
