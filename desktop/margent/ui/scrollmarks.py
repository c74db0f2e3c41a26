"""A scroll bar for another widget's scrolling, with ticks where something was found."""

from collections.abc import Sequence

from PySide6 import QtCore
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollBar

from margent.ui.style import Style

_TICK = 3
"""Height of a tick in pixels."""


class MarkedScrollBar(QScrollBar):
    """Stands at the edge of the window and moves `other`, the hidden bar of the page, and is moved by it."""

    def __init__(self, style: Style, other: QScrollBar) -> None:
        super().__init__()  # and no orientation, which is vertical, for its name brings in all of Qt's (Style.brush)
        self._style = style
        self._other = other
        self._marks: list[float] = []
        self._current = -1
        self.setAccessibleName(self.tr("Place in the text"))
        other.rangeChanged.connect(self._follow)
        other.valueChanged.connect(self.setValue)
        self.valueChanged.connect(other.setValue)
        style.changed.connect(self.update)
        self._follow()

    def set_marks(self, fractions: Sequence[float], current: int = -1) -> None:
        """Tick these places (0-1 of the text); `current` is the index of the one that stands out."""
        self._marks, self._current = list(fractions), current
        self.update()

    def _follow(self) -> None:
        other = self._other
        self.setPageStep(other.pageStep())
        self.setSingleStep(other.singleStep())
        self.setRange(other.minimum(), other.maximum())
        self.setValue(other.value())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ticks over the bar; those that fall on the same pixel are drawn once."""
        super().paintEvent(event)
        if not self._marks:
            return
        from PySide6.QtWidgets import QStyle, QStyleOptionSlider  # noqa: PLC0415 - 8 ms, and the first page has no ticks

        option = QStyleOptionSlider()
        self.initStyleOption(option)
        groove = self.style().subControlRect(
            QStyle.ComplexControl.CC_ScrollBar, option, QStyle.SubControl.SC_ScrollBarGroove, self
        )
        painter = QPainter(self)
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(self._style.colour("accent"))
        rows = {round(groove.top() + mark * (groove.height() - _TICK)) for mark in self._marks}
        for y in rows:
            painter.drawRect(QRectF(2, y, self.width() - 4, _TICK - 1))
        if 0 <= self._current < len(self._marks):
            middle = groove.top() + self._marks[self._current] * (groove.height() - _TICK)
            painter.setBrush(self._style.colour("danger"))
            painter.drawRect(QRectF(0, middle - 1, self.width(), _TICK + 1))
        painter.end()
