"""The table of documents: its columns, what is chosen in it, and all that keys and the pointer can do there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QByteArray,
    QEvent,
    QItemSelectionModel,
    QKeyCombination,
    QModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHoverEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QTableView,
    QWidget,
)

from margent.shelving import FIELDS, Field
from margent.ui.shelfcells import WIDTHS, ShelfDelegate
from margent.ui.shelfheights import RowHeights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from margent.ui.shelfmodel import ShelfModel
    from margent.ui.style import Style

_LEAST: dict[Field, int] = {"title": 150, "themes": 62, "highlights": 60, "notes": 50, "read": 60, "opened": 70}
_SPARE: tuple[Field, ...] = ("themes", "notes", "highlights", "read")
"""Columns that are left out, in this order, where the title would have less than its least width."""

_Move = QAbstractItemView.CursorAction
_Flag = QItemSelectionModel.SelectionFlag
_OWN = (
    QKeyCombination(Qt.Key.Key_Delete),
    QKeyCombination(Qt.Key.Key_F2),
    QKeyCombination(Qt.Key.Key_Space),
    QKeyCombination(Qt.Key.Key_Return),
    QKeyCombination(Qt.Key.Key_Enter),
    QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_A),
    QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_Space),
    QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_Home),
    QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_End),
)
"""Keys that come here while the table has the focus, though they may be shortcuts of the window too."""


class ShelfTable(QTableView):
    """The documents of a shelf.

    `opened` carries a document's id, `menuWanted` the place on the screen for the menu of what is chosen, `chosen` says
    that other documents are chosen now, `left` that Escape was pressed.
    """

    opened = Signal(str)
    chosen = Signal()
    menuWanted = Signal(QPoint)
    deleteWanted = Signal()
    left = Signal()

    def __init__(self, style: Style, model: ShelfModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._rows = model
        self._hover = -1
        self._ring = False
        self._fitting = False
        self._hidden: set[Field] = set()
        self._delegate = ShelfDelegate(style, self, self)
        self.setObjectName("shelf")
        self.setAccessibleName(self.tr("Documents"))
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.viewport().setAutoFillBackground(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self._delegate.row_height())
        self._set_up_header()
        self._heights = RowHeights(self, model, self._delegate)
        self._heights.altered.connect(self.updateGeometries)
        self.verticalScrollBar().setSingleStep(self._delegate.row_height())
        self.doubleClicked.connect(lambda index: self.opened.emit(model.key(index)))
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())
        style.changed.connect(self.viewport().update)

    # -- columns ----------------------------------------------------------------------------------------------

    def _set_up_header(self) -> None:
        header = self.horizontalHeader()
        header.setObjectName("shelfheader")
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setMinimumSectionSize(self._style.px(min(_LEAST.values())))
        header.setHighlightSections(False)
        # Of what is chosen in the table the header would ask, column by column, whether it is all of ten thousand rows.
        header.setSelectionModel(QItemSelectionModel(self._rows, header))
        header.setSectionsMovable(True)
        header.setFirstSectionMovable(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setFixedHeight(self._style.px(40))
        header.setAccessibleName(self.tr("Columns"))
        for number, field in enumerate(FIELDS):
            self.setColumnWidth(number, self._style.px(WIDTHS[field]))
        header.setSortIndicator(FIELDS.index("opened"), Qt.SortOrder.DescendingOrder)
        self.setSortingEnabled(True)
        header.sectionResized.connect(self._resized)

    def layout_state(self) -> QByteArray:
        """Widths, order and sorting of the columns, as `restore_layout` takes them."""
        return self.horizontalHeader().saveState()

    def restore_layout(self, state: QByteArray) -> None:
        """Take over what `layout_state` gave; nothing happens where it cannot be read."""
        header = self.horizontalHeader()
        if not state.isEmpty() and header.restoreState(state):
            for number in range(len(FIELDS)):
                header.setSectionHidden(number, False)
            self.sortByColumn(header.sortIndicatorSection(), header.sortIndicatorOrder())
            self._fit()

    def _resized(self, column: int, _old: int, _new: int) -> None:
        """The columns fill the table: what one takes the title gives, and what the title takes its neighbour gives."""
        if not self._fitting and not self.isHidden():
            self._fit(FIELDS[column])

    def _fit(self, kept: Field | None = None) -> None:
        self._fitting = True
        header, width = self.horizontalHeader(), self.viewport().width()
        self._leave_out(width)
        shown = sorted(
            (field for field in FIELDS if field not in self._hidden),
            key=lambda field: header.visualIndex(FIELDS.index(field)),
        )
        takes: Sequence[Field] = (
            shown[:1] if kept != "title" else [field for field in shown[1:] if field != kept] or shown[:1]
        )
        over = width - sum(header.sectionSize(FIELDS.index(field)) for field in shown)
        for field in takes:
            column = FIELDS.index(field)
            size = max(self._style.px(_LEAST[field]), header.sectionSize(column) + over)
            over -= size - header.sectionSize(column)
            header.resizeSection(column, size)
            if not over:
                break
        self._fitting = False
        self._heights.start()

    def _leave_out(self, width: int) -> None:
        sizes = {field: self._style.px(WIDTHS[field]) for field in FIELDS}
        needed = sum(sizes.values()) - sizes["title"] + self._style.px(_LEAST["title"] + 40)
        hidden: set[Field] = set()
        for field in _SPARE:
            if needed > width:
                hidden.add(field)
                needed -= sizes[field]
        if hidden != self._hidden:
            self._hidden = hidden
            for number, field in enumerate(FIELDS):
                self.horizontalHeader().setSectionHidden(number, field in hidden)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The title takes what the table gains or loses."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    # -- what is chosen ---------------------------------------------------------------------------------------

    def chosen_keys(self) -> list[str]:
        """Ids of the chosen documents, in the order of the table."""
        # By stretches: ten thousand indexes, one for each chosen row, take half a second to be made.
        parts = self.selectionModel().selection()
        stretches = {(part.top(), part.bottom()) for part in (parts.at(n) for n in range(parts.count()))}
        keys = self._rows.keys()
        return [keys[row] for row in sorted({r for top, bottom in stretches for r in range(top, bottom + 1)})]

    def choose(self, keys: Sequence[str]) -> None:
        """Choose these documents and no others; those that are not shown are left out."""
        places = [self._rows.row(key) for key in keys]
        model = self.selectionModel()
        model.clearSelection()
        for row in places:
            if row >= 0:
                model.select(self._rows.index(row, 0), _Flag.Select | _Flag.Rows)
        first = next((row for row in places if row >= 0), -1)
        if first >= 0:
            index = self._rows.index(first, 0)
            model.setCurrentIndex(index, _Flag.NoUpdate)
            self.scrollTo(index)

    def rename(self) -> None:
        """Edit the title of the document one stands on."""
        index = self._rows.index(self.currentIndex().row(), 0)
        if index.isValid() and self._rows.flags(index) & Qt.ItemFlag.ItemIsEditable:
            self.setCurrentIndex(index)
            self.edit(index)

    # -- keys -------------------------------------------------------------------------------------------------

    def moveCursor(self, action: _Move, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End go to the first and the last document."""
        if action in {_Move.MoveHome, _Move.MoveEnd} and self._rows.rowCount():
            row = 0 if action == _Move.MoveHome else self._rows.rowCount() - 1
            return self._rows.index(row, max(0, self.currentIndex().column()))
        return super().moveCursor(action, modifiers)

    def keyboardSearch(self, search: str) -> None:
        """Whichever cell one stands in, letters lead to the titles that begin with them."""
        index = self.currentIndex()
        if index.isValid() and index.column():
            self.selectionModel().setCurrentIndex(self._rows.index(index.row(), 0), _Flag.NoUpdate)
        super().keyboardSearch(search)

    def event(self, event: QEvent) -> bool:
        """Take the keys that mean something here."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.keyCombination() in _OWN
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, F2 renames, Delete puts into the bin, Space chooses or leaves out, Escape leaves."""
        if self.state() == QAbstractItemView.State.EditingState:
            # The field one types into lets Enter through.
            event.accept()
            return
        self._ring = True
        index, plain = self.currentIndex(), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = event.key()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and plain:
            if index.isValid():
                self.opened.emit(self._rows.key(index))
        elif key == Qt.Key.Key_F2 and plain:
            self.rename()
        elif (key == Qt.Key.Key_Delete and plain) or (
            key == Qt.Key.Key_Backspace and event.modifiers() == Qt.KeyboardModifier.ControlModifier
        ):
            self.deleteWanted.emit()
        elif key == Qt.Key.Key_Space and index.isValid() and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.selectionModel().select(index, _Flag.Toggle | _Flag.Rows)
        elif key == Qt.Key.Key_Escape and plain:
            self.left.emit()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.selectAll()
        else:
            super().keyPressEvent(event)
        self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By mouse where it points, by key at the row one stands on."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            spot = self.viewport().mapToGlobal(self.visualRect(index).center())
        else:
            index, spot = self.indexAt(self.viewport().mapFromGlobal(event.globalPos())), event.globalPos()
        if index.isValid():
            if not self.selectionModel().isSelected(index):
                self.selectionModel().setCurrentIndex(index, _Flag.ClearAndSelect | _Flag.Rows)
            self.menuWanted.emit(spot)

    # -- pointing and focus -----------------------------------------------------------------------------------

    def viewportEvent(self, event: QEvent) -> bool:
        """The whole row under the pointer is lit."""
        if isinstance(event, QHoverEvent):
            gone = event.type() == QEvent.Type.HoverLeave
            row = -1 if gone else self.rowAt(event.position().toPoint().y())
            if row != self._hover:
                self._hover = row
                self.viewport().update()
        return super().viewportEvent(event)

    @property
    def hovered(self) -> int:
        """The row under the pointer; -1 for none."""
        return self._hover

    @property
    def ringed(self) -> int:
        """The row that has the keyboard; -1 where the pointer is used."""
        return self.currentIndex().row() if self._ring and self.hasFocus() else -1

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming here by keyboard there is always a row one stands on."""
        super().focusInEvent(event)
        self._ring = event.reason() != Qt.FocusReason.MouseFocusReason
        if not self.currentIndex().isValid() and self._rows.rowCount():
            self.selectionModel().setCurrentIndex(self._rows.index(0, 0), _Flag.NoUpdate)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The edge that tells of the keyboard goes."""
        super().focusOutEvent(event)
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Who points at a row knows where they are; beside the rows nothing is chosen."""
        self._ring = False
        super().mousePressEvent(event)
        if not self.indexAt(event.position().toPoint()).isValid():
            self.clearSelection()
        self.viewport().update()
