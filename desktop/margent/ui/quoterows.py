"""Rows that quote: an edge in the mark's colour, a heading with something at its end, and a few lines of words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QRect, QRectF, Qt

from margent.ui.rowpaint import area_of, is_mirrored, mirrored, paint_ground
from margent.ui.rowsview import RowDelegate

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem

    from margent.annotations import Colour
    from margent.ui.rows import Index, Rows
    from margent.ui.style import Style


class Words(NamedTuple):
    """Words of a row, how they are set, and the role of their colour."""

    text: str
    font: QFont
    role: str


class QuoteDelegate(RowDelegate):
    """Paints such rows. Subclasses say what is in them: `edge`, `heading`, `aside` and `texts`."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self.quote = style.text_font(style.px(14))
        self.note = style.ui_font(13)
        self.small = style.ui_font(11)
        self.title = style.ui_font(11, 600)

    def edge(self, row: Any) -> Colour:  # noqa: ANN401 - a row of the subclass
        """The colour of a row's edge."""
        raise NotImplementedError

    def heading(self, rows: Rows[Any], row: Any) -> str:  # noqa: ANN401
        """The first line of a row."""
        raise NotImplementedError

    def aside(self, rows: Rows[Any], row: Any) -> Words:  # noqa: ANN401
        """What stands at the end of the first line."""
        raise NotImplementedError

    def texts(self, row: Any) -> tuple[Words, ...]:  # noqa: ANN401
        """What stands below, each text on up to two lines; as many of them in every row."""
        raise NotImplementedError

    def heights(self, rows: Rows[Any], width: int) -> list[int]:
        """The heading, and up to two lines of each text."""
        style, lines = self._style, self._lines
        room = width - style.px(32)
        texts = [self.texts(row) for row in rows.values()]
        heights = [lines.spacing(self.title) + style.px(23)] * len(texts)
        for column in zip(*texts, strict=True):
            font = column[0].font
            counts, line = lines.counts((words.text for words in column), font, room), lines.spacing(font)
            heights = [high + count * line for high, count in zip(heights, counts, strict=True)]
        return heights

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        rows: Any = index.model()
        row, style, lines, area = rows.value(index), self._style, self._lines, area_of(option)
        rtl = is_mirrored(option)
        painter.save()
        paint_ground(painter, option, style)
        edge = QRect(area.left() + style.px(8), area.top() + style.px(9), style.px(3), area.height() - style.px(18))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.mark_strong(self.edge(row)))
        painter.drawRoundedRect(QRectF(mirrored(edge, area, option)), 1.5, 1.5)
        spot = QRect(area.left() + style.px(20), area.top() + style.px(9), area.width() - style.px(32), area.height())
        aside = self.aside(rows, row)
        width = lines.width(aside.text, aside.font)
        end = mirrored(QRect(spot.right() + 1 - width, spot.top(), width, spot.height()), area, option)
        lines.paint(painter, end, aside.text, aside.font, style.colour(aside.role), 1, mirrored=rtl)
        start = QRect(spot.left(), spot.top(), spot.width() - width - style.px(10), spot.height())
        muted, heading = style.colour("muted"), self.heading(rows, row)
        lines.paint(painter, mirrored(start, area, option), heading, self.title, muted, 1, mirrored=rtl)
        spot = mirrored(spot, area, option)
        spot.translate(0, lines.spacing(self.title) + style.px(3))
        for words in self.texts(row):
            (count,) = lines.counts([words.text], words.font, spot.width())
            if count:
                lines.paint(painter, spot, words.text, words.font, style.colour(words.role), count, mirrored=rtl)
                spot.translate(0, count * lines.spacing(words.font))
        painter.restore()
