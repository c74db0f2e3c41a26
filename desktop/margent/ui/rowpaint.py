"""What the lists have in common when they paint a row: its ground, its ring and its few lines of text."""

from collections import OrderedDict
from collections.abc import Iterable
from math import ceil

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from margent.ui.style import Style

_KEPT = 400
"""Texts laid out and kept: some twenty screens of rows."""
_DOUBT = 2.0
"""Pixels by which a measured text and the same text in a layout may differ."""
_LONGEST = 600
"""Code points of a text that are looked at; three lines of the widest sidebar hold fewer."""


def is_on(option: QStyleOptionViewItem, flag: QStyle.StateFlag) -> bool:
    """Whether a row has a state: chosen, under the pointer, focused."""
    return bool(option.state & flag)


def area_of(option: QStyleOptionViewItem) -> QRect:
    """Where a row is to be painted."""
    return QRect(option.rect)


def is_mirrored(option: QStyleOptionViewItem) -> bool:
    """Whether the interface runs from right to left."""
    return bool(option.direction == Qt.LayoutDirection.RightToLeft)


def mirrored(rect: QRect, area: QRect, option: QStyleOptionViewItem) -> QRect:
    """`rect`, meant for left to right, where it belongs within `area` in the direction of the interface."""
    return QStyle.visualRect(option.direction, area, rect)


def mirrored_rect(rect: QRect, area: QRect, *, rtl: bool) -> QRect:
    """`rect` within `area`, turned round when `rtl`."""
    return QRect(area.left() + area.right() - rect.right(), rect.top(), rect.width(), rect.height()) if rtl else rect


def paint_ground(painter: QPainter, option: QStyleOptionViewItem, style: Style, *, inset: int = 1) -> None:
    """The rounded ground of a chosen or hovered row, and the ring of the one that has the keyboard."""
    area = QRectF(area_of(option)).adjusted(0, inset, 0, -inset)
    radius = style.px(8)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    if is_on(option, QStyle.StateFlag.State_Selected):
        painter.setBrush(style.colour("selected"))
        painter.drawRoundedRect(area, radius, radius)
    elif is_on(option, QStyle.StateFlag.State_MouseOver):
        painter.setBrush(style.colour("hover"))
        painter.drawRoundedRect(area, radius, radius)
    if is_on(option, QStyle.StateFlag.State_HasFocus):
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(style.colour("focus"), 2))
        painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), radius - 1, radius - 1)


def paint_tick(painter: QPainter, box: QRect, style: Style, *, ticked: bool) -> None:
    """A box to tick in `box`, as the appearance's sheet draws it for a QCheckBox: one look wherever there is one."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(style.colour("accent" if ticked else "control"), 1))
    painter.setBrush(style.colour("accent" if ticked else "field"))
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    if ticked:
        style.icon("check", 14, "on_accent").paint(painter, box.adjusted(1, 1, -1, -1))


class Lines:
    """Texts broken into a few lines, the last one elided, and kept for the next time they are painted."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], QTextLayout] = OrderedDict()
        self._widths: dict[tuple[str, str], float] = {}
        self._metrics: dict[str, QFontMetricsF] = {}

    def clear(self) -> None:
        """Forget what was laid out, when fonts change."""
        self._kept.clear()
        self._widths.clear()
        self._metrics.clear()

    def spacing(self, font: QFont) -> int:
        """The distance from line to line, in pixels."""
        return round(self._of(font).lineSpacing())

    def counts(self, texts: Iterable[str], font: QFont, width: int) -> list[int]:
        """How many lines each text takes at `width` pixels, counted up to 2; 0 for no text.

        Only lengths that leave it open are measured: of ten thousand quotations, a few hundred.
        """
        room = width / self._of(font).averageCharWidth()
        surely_one, surely_two = room / 2.2, room * 2.2
        # Asking Qt for the key of a font ten thousand times takes longer than all the rest.
        key = font.key()
        return [
            (1 if text else 0)
            if len(text) < surely_one
            else 2
            if len(text) > surely_two or self._breaks(text, font, key, width)
            else 1
            for text in texts
        ]

    def _breaks(self, text: str, font: QFont, key: str, width: int) -> bool:
        over = self._width(text, font, key) - width
        # A layout rounds its words one by one; within a pixel or two only the breaking itself can tell.
        if abs(over) > _DOUBT:
            return over > 0
        return _broken(" ".join(text.split()), font, width, 2, mirrored=False).lineCount() > 1

    def width(self, text: str, font: QFont) -> int:
        """The width of `text` on one line, in pixels, rounded up."""
        return ceil(self._width(text, font, font.key()))

    def elided(self, text: str, font: QFont, width: int) -> str:
        """`text` with an ellipsis for what does not fit on one line of `width` pixels."""
        return self._of(font).elidedText(text, Qt.TextElideMode.ElideRight, width)

    def paint(
        self, painter: QPainter, rect: QRect, text: str, font: QFont, colour: QColor, lines: int, *, mirrored: bool
    ) -> None:
        """Paint the first `lines` lines of `text` from the top of `rect`."""
        layout = self._layout(" ".join(text[:_LONGEST].split()), font, rect.width(), lines, mirrored=mirrored)
        painter.setPen(colour)
        layout.draw(painter, QPointF(rect.topLeft()))

    def _of(self, font: QFont) -> QFontMetricsF:
        key = font.key()
        if key not in self._metrics:
            self._metrics[key] = QFontMetricsF(font)
        return self._metrics[key]

    def _width(self, text: str, font: QFont, key: str) -> float:
        found = self._widths.get((key, text))
        if found is None:
            found = self._widths[key, text] = self._of(font).horizontalAdvance(" ".join(text.split()))
        return found

    def _layout(self, text: str, font: QFont, width: int, lines: int, *, mirrored: bool) -> QTextLayout:
        key = (text, font.key(), width, lines, mirrored)
        layout = self._kept.get(key)
        if layout is None:
            layout = self._kept[key] = self._laid_out(text, font, width, lines, mirrored=mirrored)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return layout

    def _laid_out(self, text: str, font: QFont, width: int, lines: int, *, mirrored: bool) -> QTextLayout:
        layout = _broken(text, font, width, lines, mirrored=mirrored)
        last = layout.lineAt(layout.lineCount() - 1) if layout.lineCount() else None
        units = text.encode("utf-16-le")
        if last is not None and 2 * (last.textStart() + last.textLength()) < len(units):
            start = 2 * last.textStart()
            rest = units[start:].decode("utf-16-le")
            elided = self._of(font).elidedText(rest, Qt.TextElideMode.ElideRight, width)
            layout = _broken(units[:start].decode("utf-16-le") + elided, font, width, lines, mirrored=mirrored)
        return layout


def _broken(text: str, font: QFont, width: int, lines: int, *, mirrored: bool) -> QTextLayout:
    layout = QTextLayout(text, font)
    side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
    option = QTextOption(side | Qt.AlignmentFlag.AlignAbsolute)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    spacing = QFontMetricsF(font).lineSpacing()
    layout.beginLayout()
    for number in range(lines):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        line.setPosition(QPointF(0, round(spacing) * number))
    layout.endLayout()
    return layout
