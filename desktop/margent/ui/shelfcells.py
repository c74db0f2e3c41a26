"""How a document looks in the table: two lines a row, three for a long title, painted by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from margent.shelving import FIELDS, Field
from margent.ui.rowpaint import Lines, area_of, is_mirrored, is_on, mirrored

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QObject

    from margent.ui.rows import Index
    from margent.ui.shelfmodel import Cells, ShelfModel
    from margent.ui.style import Style

_ROW = 57
_PAD = 12
WIDTHS: dict[Field, int] = {"title": 340, "themes": 86, "highlights": 90, "notes": 64, "read": 112, "opened": 108}
"""Pixels of the design; the title takes what is left over."""
_DOT = 10
_GAP = 4
_FAINT = 80
"""Of 255: how much a line covers that parts two chosen rows."""


class Spots(Protocol):
    """Which rows a table wants to stand out."""

    @property
    def hovered(self) -> int:
        """The row under the pointer; -1 for none."""

    @property
    def ringed(self) -> int:
        """The row that has the keyboard; -1 for none."""


class ShelfDelegate(QStyledItemDelegate):
    """Paints the cells of a document."""

    def __init__(self, style: Style, spots: Spots, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._spots = spots
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
        style, area, spots = self._style, area_of(option), self._spots
        line = style.colour("line")
        if is_on(option, QStyle.StateFlag.State_Selected):
            painter.fillRect(area, style.colour("selected"))
            # What parts rows that are chosen together would be lost on their ground.
            line = QColor(style.colour("muted"))
            line.setAlpha(_FAINT)
        elif index.row() == spots.hovered:
            painter.fillRect(area, style.colour("hover"))
        painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), line)
        if index.column() == 0 and index.row() == spots.ringed:
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
        return QSize(self._style.px(WIDTHS[FIELDS[index.column()]]), self.row_height())

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
