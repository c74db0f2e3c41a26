"""A list of rows of unequal height that lays out ten thousand of them without asking for each one's size.

QListView asks the delegate for the size of every row at every layout; with a delegate in Python that costs tenths
of a second at each step of a splitter. Here the delegate gives all heights in one call, and only rows that are seen
are painted. Everything else (selection, keys, type-ahead, editing, accessibility) stays Qt's own.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QKeyCombination,
    QMargins,
    QModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHoverEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from margent.ui.rowpaint import Lines
from margent.ui.rows import Index, Rows
from margent.ui.style import Style

GUTTER = 12
"""Pixels of the design between the rows of the sidebar and its edge."""


_Move = QAbstractItemView.CursorAction
_Hint = QAbstractItemView.ScrollHint


def beside_gutter(widget: QWidget, style: Style) -> QHBoxLayout:
    """A row that gives `widget` the width that rows have, whichever side the gutter is on."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    row.addWidget(widget)
    row.addSpacing(style.px(GUTTER))
    return row


class RowDelegate(QStyledItemDelegate):
    """Paints rows and says how high they are: one line each, unless a subclass knows better."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style
        self._lines = Lines()
        style.changed.connect(self._lines.clear)

    def heights(self, rows: Rows[Any], width: int) -> list[int]:  # noqa: ARG002 - for those who need it
        """The height in pixels of each row, in order, at a width in pixels."""
        return [self._style.px(34)] * rows.rowCount()

    def editorEvent(
        self, _event: QEvent, _model: QAbstractItemModel, _option: QStyleOptionViewItem, _index: Index
    ) -> bool:
        """The lists tick, for they know where boxes are painted; Qt would swallow clicks where it would paint one."""
        return False


class RowsView(QListView):
    """A list over `Rows` painted by a `RowDelegate`.

    `contentHeightChanged` says that all rows together take another height. `opened` carries the index of a row that
    was double-clicked or has Enter pressed on it, `menuWanted` that of a row and the place on the screen for its menu.
    """

    contentHeightChanged = Signal()
    opened = Signal(QModelIndex)
    menuWanted = Signal(QModelIndex, QPoint)

    def __init__(
        self, rows: Rows[Any], delegate: RowDelegate, name: str, parent: QWidget | None = None, *, gutter: int = 0
    ) -> None:
        """`gutter` pixels beside the rows are kept free for the scroll bar, so that it takes none of their width."""
        super().__init__(parent)
        self._gutter = gutter
        self._rows = rows
        self._delegate = delegate
        delegate.setParent(self)
        self._offsets = [0]
        self._laid_out_for = -1
        self._hover = -1
        self._ring = True
        self._claimed: set[QKeyCombination] = set()
        self.setProperty("rows", True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(name)
        self.setModel(rows)
        self.setItemDelegate(delegate)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.viewport().setAutoFillBackground(False)
        self.doubleClicked.connect(self.opened)

    # -- layout -----------------------------------------------------------------------------------------------

    def doItemsLayout(self) -> None:
        """Ask for all heights and add them up."""
        before = self._offsets[-1]
        self._laid_out_for = self.viewport().width()
        self._offsets = [0, *accumulate(self._delegate.heights(self._rows, self._laid_out_for))]
        QAbstractItemView.doItemsLayout(self)
        if self._offsets[-1] != before:
            self.contentHeightChanged.emit()

    def content_height(self) -> int:
        """The height of all rows together, in pixels."""
        self.executeDelayedItemsLayout()
        return self._offsets[-1]

    def sizeHint(self) -> QSize:
        """All rows; layouts make it smaller."""
        return QSize(super().sizeHint().width(), self.content_height())

    def minimumSizeHint(self) -> QSize:
        """A row's height, or less where there is no more to show."""
        return QSize(80, min(40, self._offsets[-1]))

    def updateGeometries(self) -> None:
        """Set the scroll bar to what there is."""
        bar = self.verticalScrollBar()
        height = self.viewport().height()
        bar.setPageStep(height)
        bar.setSingleStep(24)
        bar.setRange(0, max(0, self._offsets[-1] - height))
        taken = bar.sizeHint().width() if bar.maximum() else 0
        beside = max(0, self._gutter - taken)
        margins = QMargins(beside, 0, 0, 0) if self.isRightToLeft() else QMargins(0, 0, beside, 0)
        if margins != self.viewportMargins():
            self.setViewportMargins(margins)
        self.updateEditorGeometries()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Heights follow the width."""
        super().resizeEvent(event)
        if self.viewport().width() != self._laid_out_for:
            self.scheduleDelayedItemsLayout()
        else:
            self.updateGeometries()

    def dataChanged(self, topLeft: Index, bottomRight: Index, /, roles: Sequence[int] = ()) -> None:
        """A row may be higher now, unless it was only ticked."""
        super().dataChanged(topLeft, bottomRight, roles)
        if list(roles) != [Qt.ItemDataRole.CheckStateRole]:
            self.scheduleDelayedItemsLayout()

    def horizontalOffset(self) -> int:
        """Rows are never wider than the view."""
        return 0

    def verticalOffset(self) -> int:
        """Pixels scrolled past."""
        return self.verticalScrollBar().value()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: ARG002 - there is nothing to shift
        """Paint anew what is seen: Qt would shift the pixels that were there, which need not be these rows any more."""
        self.viewport().update()
        self.updateEditorGeometries()

    def isIndexHidden(self, index: Index) -> bool:  # noqa: ARG002
        """No row is hidden."""
        return False

    def visualRect(self, index: Index) -> QRect:
        """Where a row is in the viewport."""
        row = index.row()
        if not index.isValid() or row + 1 >= len(self._offsets):
            return QRect()
        top = self._offsets[row]
        return QRect(0, top - self.verticalOffset(), self.viewport().width(), self._offsets[row + 1] - top)

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The row at a point of the viewport; an invalid index below the last one."""
        self.executeDelayedItemsLayout()
        y = point.y() + self.verticalOffset()
        if not 0 <= y < self._offsets[-1]:
            return QModelIndex()
        return self._rows.index(bisect_right(self._offsets, y) - 1, 0)

    def scrollTo(self, index: Index, hint: _Hint = _Hint.EnsureVisible) -> None:
        """Bring a row into view with as little movement as the hint allows."""
        self.executeDelayedItemsLayout()
        rect = self.visualRect(index)
        if not rect.isValid():
            return
        bar, height = self.verticalScrollBar(), self.viewport().height()
        below = rect.bottom() + 1 - height
        if hint == _Hint.PositionAtCenter:
            bar.setValue(bar.value() + rect.center().y() - height // 2)
        elif rect.top() < 0 or hint == _Hint.PositionAtTop or (below > 0 and rect.height() > height):
            bar.setValue(bar.value() + rect.top())
        elif below > 0 or hint == _Hint.PositionAtBottom:
            bar.setValue(bar.value() + below)

    # -- selection --------------------------------------------------------------------------------------------

    def moveCursor(self, action: _Move, modifiers: Qt.KeyboardModifier) -> QModelIndex:  # noqa: ARG002
        """Where an arrow or page key leads; rows that cannot be chosen are stepped over."""
        self.executeDelayedItemsLayout()
        count = self._rows.rowCount()
        if not count:
            return QModelIndex()
        row = self.currentIndex().row()
        if row < 0:
            return self._enabled(0, 1)
        forward = action in {_Move.MoveDown, _Move.MoveNext, _Move.MovePageDown, _Move.MoveHome}
        match action:
            case _Move.MoveHome:
                row = 0
            case _Move.MoveEnd:
                row = count - 1
            case _Move.MovePageDown | _Move.MovePageUp:
                row = self._row_a_page_off(row, 1 if forward else -1)
            case _Move.MoveDown | _Move.MoveNext:
                row += 1
            case _Move.MoveUp | _Move.MovePrevious:
                row -= 1
            case _:
                return self.currentIndex()
        found = self._enabled(row, 1 if forward else -1)
        return found if found.isValid() else self.currentIndex()

    def _row_a_page_off(self, row: int, by: int) -> int:
        y = self._offsets[row] + by * self.viewport().height()
        found = bisect_right(self._offsets, min(max(y, 0), self._offsets[-1] - 1)) - 1
        return found if found != row else min(max(row + by, 0), len(self._offsets) - 2)

    def _enabled(self, row: int, by: int) -> QModelIndex:
        while 0 <= row < self._rows.rowCount():
            index = self._rows.index(row, 0)
            if self._rows.flags(index) & Qt.ItemFlag.ItemIsEnabled:
                return index
            row += by
        return QModelIndex()

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Choose the rows that a rectangle of the viewport touches."""
        rect = rect.normalized()
        offset, last = self.verticalOffset(), self._rows.rowCount() - 1
        selection = QItemSelection()
        if last >= 0 and rect.bottom() + offset >= 0 and rect.top() + offset < self._offsets[-1]:
            first = max(0, bisect_right(self._offsets, rect.top() + offset) - 1)
            final = min(last, bisect_right(self._offsets, rect.bottom() + offset) - 1)
            selection.select(self._rows.index(first, 0), self._rows.index(final, 0))
        self.selectionModel().select(selection, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """The part of the viewport that chosen rows take."""
        region = QRegion()
        for number in range(selection.size()):
            part = selection.at(number)
            region += self.visualRect(part.topLeft()).united(self.visualRect(part.bottomRight()))
        return region

    def selected_keys(self) -> list[str]:
        """Keys of the chosen rows, in the order of the list."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        return [self._rows.keys()[row] for row in rows]

    # -- painting and events ----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that are seen."""
        painter = QPainter(self.viewport())
        offset, area = self.verticalOffset(), event.rect()
        row = max(0, bisect_right(self._offsets, area.top() + offset) - 1)
        focused = self.hasFocus() and self._ring
        current = self.currentIndex().row()
        while row < min(len(self._offsets) - 1, self._rows.rowCount()) and self._offsets[row] - offset <= area.bottom():
            index = self._rows.index(row, 0)
            option = QStyleOptionViewItem()
            self.initViewItemOption(option)
            option.rect = self.visualRect(index)
            state = option.state
            if self.selectionModel().isSelected(index):
                state |= QStyle.StateFlag.State_Selected
            if row == self._hover:
                state |= QStyle.StateFlag.State_MouseOver
            if row == current and focused:
                state |= QStyle.StateFlag.State_HasFocus
            else:
                state &= ~QStyle.StateFlag.State_HasFocus
            option.state = state
            self._delegate.paint(painter, option, index)
            row += 1
        painter.end()

    def viewportEvent(self, event: QEvent) -> bool:
        """Follow the pointer."""
        if isinstance(event, QHoverEvent):
            left = event.type() == QEvent.Type.HoverLeave
            row = -1 if left else self.indexAt(event.position().toPoint()).row()
            if row != self._hover:
                self._hover = row
                self.viewport().update()
        return super().viewportEvent(event)

    def claim(self, *keys: QKeyCombination | Qt.Key) -> None:
        """Have these keys come here while the list has the focus, though they are shortcuts of the window too."""
        self._claimed.update(QKeyCombination(key) if isinstance(key, Qt.Key) else key for key in keys)

    def event(self, event: QEvent) -> bool:
        """Take the keys that were claimed."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.keyCombination() in self._claimed
        ):
            event.accept()
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By mouse where it points, by key at the row one stands on."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            spot = self.viewport().mapToGlobal(self.visualRect(index).center())
        else:
            index, spot = self.indexAt(self.viewport().mapFromGlobal(event.globalPos())), event.globalPos()
        if index.isValid():
            self.menuWanted.emit(index, spot)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming here by keyboard there is always a row one stands on."""
        super().focusInEvent(event)
        self._ring = event.reason() != Qt.FocusReason.MouseFocusReason
        if not self.currentIndex().isValid():
            first = self._enabled(0, 1)
            self.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Who points at a row knows where they are; the ring is for those who use keys."""
        self._ring = False
        super().mousePressEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The ring goes."""
        super().focusOutEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the row one stands on."""
        if self.state() == QAbstractItemView.State.EditingState:
            # The field one types into lets Enter through, which is meant for the field alone.
            event.accept()
            return
        self._ring = True
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers() & ~_KEYPAD:
            if self.currentIndex().isValid():
                self.opened.emit(self.currentIndex())
            return
        super().keyPressEvent(event)


class ClickedRows(RowsView):
    """A list in which a click does something at once; `clickedAt` says on which row, and where in the viewport."""

    clickedAt = Signal(QModelIndex, QPoint)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click counts when it ends on the row it began on."""
        point = event.position().toPoint()
        index = self.indexAt(point)
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and index.isValid() and index == self.currentIndex():
            self.clickedAt.emit(index, point)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Two clicks are two clicks."""
        self.mousePressEvent(event)


_KEYPAD = Qt.KeyboardModifier.KeypadModifier
