"""The table of documents: two lines a row, three for a long title, painted by hand, and all that keys can do there."""

from __future__ import annotations

from collections import deque
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QByteArray,
    QEvent,
    QItemSelectionModel,
    QKeyCombination,
    QModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHoverEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from margent.shelving import FIELDS, Field
from margent.ui.rowpaint import Lines, area_of, is_mirrored, is_on, mirrored

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtGui import QResizeEvent

    from margent.ui.rows import Index
    from margent.ui.shelfmodel import Cells, ShelfModel
    from margent.ui.style import Style

_ROW = 57
_PAD = 12
_WIDTHS: dict[Field, int] = {"title": 340, "themes": 86, "highlights": 90, "notes": 64, "read": 112, "opened": 108}
"""Pixels of the design; the title takes what is left over."""
_LEAST: dict[Field, int] = {"title": 150, "themes": 62, "highlights": 60, "notes": 50, "read": 60, "opened": 70}
_SPARE: tuple[Field, ...] = ("themes", "notes", "highlights", "read")
"""Columns that are left out, in this order, where the title would have less than its least width."""
_SEEN = 60
"""Rows whose heights are looked at together: more than the highest screen holds."""
_SLICE = 0.004
"""Seconds in which heights are set before other events are looked at."""
_DOT = 10
_GAP = 4

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


class ShelfDelegate(QStyledItemDelegate):
    """Paints the cells of a document."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style
        self._lines = Lines()
        self._title = style.ui_font(14, 600)
        self._plain = style.ui_font(13)
        self._small = style.ui_font(12)
        style.changed.connect(self._lines.clear)

    def row_height(self) -> int:
        """The height of every row, in pixels: two lines and the air around them."""
        lines = self._lines.spacing(self._title) + self._lines.spacing(self._small)
        return max(self._style.px(_ROW), lines + self._style.px(22))

    def title_lines(self, titles: Iterable[str], width: int) -> list[int]:
        """How many lines, 1 or 2, each title takes in a column `width` pixels wide."""
        return [max(1, lines) for lines in self._lines.counts(titles, self._title, width - 2 * self._style.px(_PAD))]

    def line_height(self) -> int:
        """How much higher a row is whose title takes a second line, in pixels."""
        return self._lines.spacing(self._title)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        model: ShelfModel = index.model()  # type: ignore[assignment]
        painter.save()
        self._paint_ground(painter, option, index)
        cells, field = model.cells(index), FIELDS[index.column()]
        if field == "title":
            self._paint_title(painter, option, cells)
        elif field == "themes":
            self._paint_themes(painter, option, cells)
        elif field == "read":
            self._paint_read(painter, option, cells)
        else:
            text = {"highlights": cells.highlights, "notes": cells.notes}.get(field, cells.opened)
            self._paint_word(painter, option, text, quiet=field == "opened")
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        style, area, table = self._style, area_of(option), self.parent()
        assert isinstance(table, ShelfTable)
        if is_on(option, QStyle.StateFlag.State_Selected):
            painter.fillRect(area, style.colour("selected"))
        elif index.row() == table.hovered:
            painter.fillRect(area, style.colour("hover"))
        painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), style.colour("line"))
        if index.column() == 0 and index.row() == table.ringed:
            # What has the keyboard is told by an edge along the start of the row: a ring round every cell of it would
            # be a grid.
            edge = QRect(area.left(), area.top(), style.px(3), area.height() - 1)
            painter.fillRect(mirrored(edge, area, option), style.colour("focus"))

    def _paint_title(self, painter: QPainter, option: QStyleOptionViewItem, cells: Cells) -> None:
        style, lines = self._style, self._lines
        area, rtl, pad, gap = area_of(option), is_mirrored(option), style.px(_PAD), style.px(1)
        count = 2 if area.height() > self.row_height() else 1
        title = count * lines.spacing(self._title)
        area.adjust(pad, (area.height() - 1 - title - gap - lines.spacing(self._small)) // 2, -pad, 0)
        lines.paint(painter, area, cells.title, self._title, style.colour("text"), count, mirrored=rtl)
        area.translate(0, title + gap)
        lines.paint(painter, area, cells.origin, self._small, style.colour("muted"), 1, mirrored=rtl)

    def _paint_themes(self, painter: QPainter, option: QStyleOptionViewItem, cells: Cells) -> None:
        style, area = self._style, area_of(option)
        side, step = style.px(_DOT), style.px(_DOT + _GAP)
        left = area.left() + style.px(_PAD)
        room = max(1, (area.right() - left + style.px(_GAP)) // step)
        shown = cells.themes if len(cells.themes) <= room else cells.themes[: max(1, room - 1)]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        top = area.top() + (area.height() - side) // 2
        for theme in shown:
            painter.setBrush(style.theme(theme.colour))
            painter.drawEllipse(QRectF(mirrored(QRect(left, top, side, side), area, option)))
            left += step
        if len(shown) < len(cells.themes):
            spot = QRect(left, area.top(), area.right() - left + step, area.height())
            self._paint_text(painter, mirrored(spot, area, option), f"+{len(cells.themes) - len(shown)}", option)

    def _paint_read(self, painter: QPainter, option: QStyleOptionViewItem, cells: Cells) -> None:
        style, area = self._style, area_of(option)
        height, pad = style.px(5), style.px(_PAD)
        track = QRectF(area.left() + pad, area.top() + (area.height() - height) // 2, area.width() - 2 * pad, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.colour("panel" if is_on(option, QStyle.StateFlag.State_Selected) else "track"))
        painter.drawRoundedRect(track, height / 2, height / 2)
        if cells.read > 0:
            width = max(height, cells.read * track.width())
            left = track.right() - width if is_mirrored(option) else track.left()
            painter.setBrush(style.colour("accent"))
            painter.drawRoundedRect(QRectF(left, track.top(), width, height), height / 2, height / 2)

    def _paint_word(self, painter: QPainter, option: QStyleOptionViewItem, text: str, *, quiet: bool) -> None:
        pad = self._style.px(_PAD)
        self._paint_text(painter, area_of(option).adjusted(pad, 0, -pad // 2, 0), text, option, quiet=quiet)

    def _paint_text(
        self, painter: QPainter, rect: QRect, text: str, option: QStyleOptionViewItem, *, quiet: bool = True
    ) -> None:
        font = self._small if quiet else self._plain
        top = (rect.height() - 1 - self._lines.spacing(font)) // 2
        colour = self._style.colour("muted" if quiet else "text")
        area = rect.adjusted(0, top, 0, 0)
        self._lines.paint(painter, area, text, font, colour, 1, mirrored=is_mirrored(option))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        """What a cell is given."""
        return QSize(self._style.px(_WIDTHS[FIELDS[index.column()]]), self.row_height())

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:  # noqa: ARG002
        """A field for the title."""
        field = QLineEdit(parent)
        field.setProperty("inline", True)
        field.setAccessibleName(self.tr("Title of the document"))
        return field

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: ARG002
        """Over the cell, one line high."""
        area, height = area_of(option), editor.sizeHint().height()
        editor.setGeometry(area.adjusted(3, 0, -3, 0).left(), area.center().y() - height // 2, area.width() - 6, height)


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
        self._delegate = ShelfDelegate(style)
        self._delegate.setParent(self)
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
        self._rest: deque[range] = deque()
        """Rows whose heights have yet to be looked at."""
        self._heights = QTimer(self)
        self._heights.setSingleShot(True)
        self._heights.setInterval(0)
        self._heights.timeout.connect(self._set_heights)
        for signal in (model.layoutChanged, model.rowsInserted, model.rowsRemoved, model.dataChanged, model.modelReset):
            signal.connect(self._start_heights)
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
        header.setSectionsMovable(True)
        header.setFirstSectionMovable(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setFixedHeight(self._style.px(40))
        header.setAccessibleName(self.tr("Columns"))
        for number, field in enumerate(FIELDS):
            self.setColumnWidth(number, self._style.px(_WIDTHS[field]))
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
        self._start_heights()

    def _start_heights(self) -> None:
        """Every row may have another height now: those that are seen are looked at first, then the others."""
        self._rest = deque()
        self._heights.start()

    def _set_heights(self) -> None:
        """Give some rows whose titles are long a third line. What is seen stays where it is.

        A header adds up all its sections after each one that is resized, and titles have to be measured; of thousands
        of rows a few are done between other events.
        """
        count = self._rows.rowCount()
        top = max(0, self.rowAt(0))
        if not self._rest:
            seen = range(top, min(count, top + _SEEN))
            self._rest.extend((seen, *(range(at, min(count, at + _SEEN)) for at in range(0, count, _SEEN))))
        offset, changed = self.rowViewportPosition(top), False
        end = perf_counter() + _SLICE
        while self._rest and perf_counter() < end:
            changed |= self._set_some(self._rest.popleft())
        if self._rest:
            self._heights.start()
        if changed:
            self.updateGeometries()
            moved = self.rowViewportPosition(top) - offset
            if moved:
                self.verticalScrollBar().setValue(self.verticalScrollBar().value() + moved)

    def _set_some(self, rows: range) -> bool:
        header, keys = self.verticalHeader(), self._rows.keys()[rows.start : rows.stop]
        titles = self._rows.titles(keys)
        base, more = self._delegate.row_height(), self._delegate.line_height()
        changed = False
        width = self.columnWidth(FIELDS.index("title"))
        for row, lines in zip(rows, self._delegate.title_lines(titles, width), strict=False):
            height = base + (lines - 1) * more
            if header.sectionSize(row) != height:
                header.resizeSection(row, height)
                changed = True
        return changed

    def _leave_out(self, width: int) -> None:
        sizes = {field: self._style.px(_WIDTHS[field]) for field in FIELDS}
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
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return [self._rows.keys()[row] for row in rows]

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
