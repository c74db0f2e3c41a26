"""The left side of the Brief view: the points under their headings, to tick and to put in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QMimeData, QModelIndex, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QWidget

from margent.ui.noterows import plain
from margent.ui.rowpaint import area_of, is_mirrored, is_on, mirrored, paint_tick
from margent.ui.rows import KEY, Index, Rows
from margent.ui.rowsview import RowDelegate, RowsView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from margent.annotations import Annotation
    from margent.ui.style import Style

_MIME = "application/x-margent-point"
_SIDE = 20
_TEXT = 43
"""Left edge of a point's words, in pixels of the design; its box stands at _SIDE."""
_BOX = 16
_GAP = 6
"""Between the quotation and the note."""
_BAR = 12
"""From the bar in the colour of the mark to the words that are quoted."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A row that says what the points below it have in common."""

    text: str


@dataclass(frozen=True, slots=True)
class PointRow:
    """A row with one annotation as it may stand in the brief."""

    annotation: Annotation
    included: bool
    label: str
    """What stands before the note: its kind, its author, or that it is private; "" for a plain note of one's own."""
    group: str


class PointRows(Rows["Heading | PointRow"]):
    """Headings and points. `moved` asks to put a point before another of its group ("" for the end)."""

    moved = Signal(str, str)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - as Qt declares it
        """Words for a screen reader and for type-ahead; the delegate paints from the values."""
        if not index.isValid():
            return None
        if role == KEY:
            return self.key(index)
        value = self.value(index)
        if isinstance(value, Heading):
            return value.text if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if value.included else Qt.CheckState.Unchecked
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            note = f"{value.label} {plain(value.annotation.note)}".strip()
            return f"{value.annotation.exact}. {note}" if note else value.annotation.exact
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings only show; points are ticked and dragged."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        if isinstance(self.value(index), Heading):
            return Qt.ItemFlag.NoItemFlags
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsUserCheckable
            | Qt.ItemFlag.ItemIsDragEnabled
        )

    def supportedDropActions(self) -> Qt.DropAction:
        """Points are moved, never copied."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        """Only rows of this list."""
        return [_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The key of the point that is dragged."""
        data = QMimeData()
        data.setData(_MIME, QByteArray(self.key(indexes[0]).encode()))
        return data

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:  # noqa: ARG002
        """Ask for the move; the row itself moves when the view is told of the new order."""
        at = parent.row() if parent.isValid() else row
        key = bytes(data.data(_MIME).data()).decode()
        before = self.keys()[at] if 0 <= at < len(self.keys()) else ""
        value = self.get(before) if before else None
        self.moved.emit(key, before if isinstance(value, PointRow) else "")
        return False


class _Delegate(RowDelegate):
    """Paints a heading, or a box, a bar in the mark's colour, the quotation and the note."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self._known: dict[tuple[str, int, int, float], int] = {}

    def heights(self, rows: Rows[Heading | PointRow], width: int) -> list[int]:
        """Heights in pixels; those of points are kept by what they say."""
        heights = []
        first = True
        for value in rows.values():
            if isinstance(value, Heading):
                heights.append(self._style.px(34 if first else 46))
            else:
                heights.append(self._height(value, width))
            first = False
        return heights

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        model = index.model()
        assert isinstance(model, PointRows)
        value = model.value(index)
        rect = area_of(option)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(value, Heading):
            self._paint_heading(painter, rect, value, option)
        else:
            self._paint_point(painter, rect, value, option)
        painter.restore()

    def _paint_heading(self, painter: QPainter, rect: QRect, value: Heading, option: QStyleOptionViewItem) -> None:
        font = self._style.ui_font(11, 600)
        font.setLetterSpacing(font.SpacingType.AbsoluteSpacing, 0.8)
        painter.setFont(font)
        painter.setPen(self._style.colour("muted"))
        area = rect.adjusted(self._style.px(_SIDE), 0, -self._style.px(_SIDE), -self._style.px(6))
        text = QFontMetrics(font).elidedText(value.text.upper(), Qt.TextElideMode.ElideRight, area.width())
        side = Qt.AlignmentFlag.AlignRight if is_mirrored(option) else Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, Qt.AlignmentFlag.AlignBottom | side | Qt.AlignmentFlag.AlignAbsolute, text)

    def _paint_point(self, painter: QPainter, rect: QRect, value: PointRow, option: QStyleOptionViewItem) -> None:
        style, px = self._style, self._style.px
        if is_on(option, QStyle.StateFlag.State_MouseOver):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.colour("hover"))
            painter.drawRoundedRect(rect.adjusted(px(10), 2, -px(10), -3), 8, 8)
        if is_on(option, QStyle.StateFlag.State_HasFocus):
            painter.setPen(QPen(style.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(px(10), 2, -px(10), -3), 8, 8)
        box = QRect(rect.left() + px(_SIDE), rect.top() + px(10), px(_BOX), px(_BOX))
        paint_tick(painter, mirrored(box, rect, option), style, ticked=value.included)
        rtl = is_mirrored(option)
        quote, note = self._layouts(value, rect.width(), rtl=rtl)
        height = round(quote.boundingRect().height())
        words = QRect(rect.left() + px(_TEXT), rect.top() + px(8), rect.width() - px(_TEXT) - px(_SIDE), height)
        bar = mirrored(QRect(words.left(), words.top() + 1, 3, height - 2), rect, option)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.mark_strong(value.annotation.colour))
        painter.drawRoundedRect(QRectF(bar), 1.5, 1.5)
        painter.setPen(style.colour("muted" if value.included else "faint"))
        quote.draw(painter, mirrored(words.adjusted(px(_BAR), 0, 0, 0), rect, option).topLeft().toPointF())
        if note is not None:
            painter.setPen(style.colour("text" if value.included else "faint"))
            spot = mirrored(words.translated(0, height + px(_GAP)), rect, option)
            note.draw(painter, spot.topLeft().toPointF())
        painter.setPen(style.colour("line"))
        painter.drawLine(rect.left() + px(_SIDE), rect.bottom(), rect.right() - px(_SIDE), rect.bottom())

    def _height(self, value: PointRow, width: int) -> int:
        annotation = value.annotation
        key = (annotation.id, hash((annotation.exact, annotation.note, value.label)), width, self._style.px(100))
        height = self._known.get(key)
        if height is None:
            quote, note = self._layouts(value, width)
            px = self._style.px
            height = px(8) + round(quote.boundingRect().height()) + px(10)
            height += px(_GAP) + round(note.boundingRect().height()) if note is not None else 0
            self._known[key] = height
        return height

    def _layouts(self, value: PointRow, width: int, *, rtl: bool = False) -> tuple[QTextLayout, QTextLayout | None]:
        px = self._style.px
        annotation = value.annotation
        room = width - px(_TEXT) - px(_SIDE)
        quote = QTextLayout(" ".join(annotation.exact.split()), self._style.text_font(px(14)))
        _lay(quote, room - px(_BAR), 3, rtl=rtl)
        words = plain(annotation.note)
        if not words and not value.label:
            return quote, None
        note = QTextLayout(f"{value.label} {words}".strip(), self._style.ui_font(13))
        strong = QTextLayout.FormatRange()
        strong.start, strong.length = 0, len(value.label.encode("utf-16-le")) // 2
        strong.format.setFont(self._style.ui_font(13, 600))
        note.setFormats([strong])
        return quote, _lay(note, room, 4, rtl=rtl)


class PointList(RowsView):
    """The points. `ticked` asks to put points in or leave them out; `moved` to put one before another."""

    ticked = Signal(object, bool)
    moved = Signal(str, str)
    stepped = Signal(str, int)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        self._points = PointRows()
        self._line: int | None = None
        super().__init__(self._points, _Delegate(style), "", parent)
        self._points.setParent(self)
        self.setObjectName("points")
        self.setAccessibleName(self.tr("Points of the brief"))
        self.setAccessibleDescription(self.tr("Space ticks, Alt with the arrow keys moves a point"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDropIndicatorShown(True)
        self._style = style
        self._points.moved.connect(self.moved)
        style.changed.connect(self.viewport().update)

    @property
    def rows(self) -> PointRows:
        """The model."""
        return self._points

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on the box ticks."""
        super().mouseReleaseEvent(event)
        spot = event.position().toPoint()
        width = self.viewport().width()
        inwards = width - spot.x() if self.isRightToLeft() else spot.x()
        if event.button() == Qt.MouseButton.LeftButton and inwards < self._style.px(_TEXT - 2):
            self._toggle([self.indexAt(spot)])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks what is chosen; Alt with Up and Down moves the point one stands on."""
        if event.key() == Qt.Key.Key_Space:
            self._toggle(self.selectionModel().selectedIndexes() or [self.currentIndex()])
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            if self.currentIndex().isValid():
                self.stepped.emit(self._points.key(self.currentIndex()), 1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Say between which points the one that is dragged would come to stand."""
        super().dragMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        below = self.dropIndicatorPosition() == QAbstractItemView.DropIndicatorPosition.BelowItem
        area = self.visualRect(index) if index.isValid() else self._end()
        self._mark(area.bottom() if below or not index.isValid() else area.top() - 1)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Nothing would come to stand here any more."""
        super().dragLeaveEvent(event)
        self._mark(None)

    def dropEvent(self, event: QDropEvent) -> None:
        """It stands there now."""
        super().dropEvent(event)
        self._mark(None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, and the line that shows where a drop would go."""
        super().paintEvent(event)
        if self._line is None:
            return
        painter = QPainter(self.viewport())
        side, px = self._style.px(_SIDE), self._style.px
        painter.fillRect(
            QRect(side, self._line - 1, self.viewport().width() - 2 * side, px(2)), self._style.colour("accent")
        )
        painter.end()

    def _end(self) -> QRect:
        last = self.model().index(self.model().rowCount() - 1, 0)
        return self.visualRect(last)

    def _mark(self, line: int | None) -> None:
        if line != self._line:
            self._line = line
            self.viewport().update()

    def _toggle(self, indexes: Sequence[QModelIndex]) -> None:
        rows = [self._points.value(index) for index in indexes if index.isValid()]
        points = [row for row in rows if isinstance(row, PointRow)]
        if points:
            self.ticked.emit([row.annotation.id for row in points], not all(row.included for row in points))


def _lay(layout: QTextLayout, width: int, lines: int, *, rtl: bool) -> QTextLayout:
    """Set at most `lines` lines; where there is more, the last one ends in an ellipsis."""
    side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
    option = QTextOption(side | Qt.AlignmentFlag.AlignAbsolute)
    # By its words: an English note in an Arabic window keeps its full stop at its end.
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    ends: list[int] = []
    y = 0.0
    layout.beginLayout()
    for _ in range(lines):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(max(40, width))
        line.setPosition(QPoint(0, round(y)).toPointF())
        y += line.height()
        ends.append(line.textStart() + line.textLength())
    layout.endLayout()
    text = layout.text()
    units = len(text.encode("utf-16-le")) // 2
    if ends and ends[-1] < units and not text.endswith("…"):
        shown = text.encode("utf-16-le")[: 2 * max(1, ends[-1] - 2)].decode("utf-16-le", "ignore").rstrip()
        formats = layout.formats()
        layout.setText(shown + "…")
        layout.setFormats(formats)
        return _lay(layout, width, lines, rtl=rtl)
    return layout
