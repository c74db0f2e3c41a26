"""Bars beside the text, one a passage, in the colour of its theme; and the tint of the theme that is being shown."""

from __future__ import annotations

from bisect import bisect_left
from operator import itemgetter
from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import QRectF

from margent.ui.marks import lanes

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from margent.reading import Reading
    from margent.ui.pageview import PageView
    from margent.ui.style import Style

_AWAY = 22
"""From the text to the first bar."""
_BAR = 3
_STEP = 7
_QUIET = 0.35


class Gutter:
    """The passages of all themes of a reading, and where their bars stand."""

    def __init__(self, style: Style, view: PageView) -> None:
        self._style = style
        self._view = view
        self.reading: Reading | None = None
        self.theme = ""
        self._passages: dict[str, list[tuple[int, int]]] = {}
        self._bars: list[tuple[int, int, str, int]] = []
        self._longest = 0
        self._arranged = True

    def pending(self) -> list[str]:
        """Themes whose passages are not known yet; finding them may take a while in a long text."""
        return [key for key in self.reading.themes if key not in self._passages] if self.reading is not None else []

    def find(self, theme: str) -> None:
        """Look a theme's passages up."""
        if self.reading is not None:
            self._passages[theme] = [(start, end) for start, end, _ in self.reading.passages(theme)]
            self._arranged = False

    def forget(self, theme: str = "") -> None:
        """A theme's passages (all, by default) are others now."""
        if theme:
            self._passages.pop(theme, None)
        else:
            self._passages.clear()
        self._arranged = False

    def passages(self, theme: str) -> list[tuple[int, int]]:
        """A theme's passages in order."""
        if theme not in self._passages:
            self.find(theme)
        return self._passages.get(theme, [])

    def _arrange(self) -> None:
        order = {theme: number for number, theme in enumerate(self.reading.themes if self.reading is not None else ())}
        spans = sorted(
            (start, end, order[theme], theme)
            for theme, found in self._passages.items()
            if theme in order
            for start, end in found
        )
        self._longest = max((end - start for start, end, _, _ in spans), default=0)
        places = lanes([(start, end) for start, end, _, _ in spans])
        self._arranged = True
        self._bars = [(start, end, theme, lane) for (start, end, _, theme), lane in zip(spans, places, strict=True)]

    # -- in view --------------------------------------------------------------------------------------------------

    def bars(self) -> list[tuple[QRectF, str]]:
        """The bars in view, each with its theme."""
        if not self._arranged:
            self._arrange()
        view = self._view
        start, end = view.span()
        found = []
        for number in range(bisect_left(self._bars, start - self._longest, key=itemgetter(0)), len(self._bars)):
            first, last, theme, lane = self._bars[number]
            if first >= end:
                break
            boxes = view.rects(first, last) if last > start else []
            if boxes:
                away = _AWAY - lane * _STEP if lane < 2 else _AWAY + (lane - 1) * _STEP
                x = view.left + view.column_width + away - _BAR if view.mirrored else view.left - away
                top = min(box.top() for box in boxes)
                found.append((QRectF(x, top, _BAR, max(box.bottom() for box in boxes) - top), theme))
        return found

    def at(self, x: float, y: float) -> str:
        """The theme whose bar is at, or within 2 px of, a point; "" for none."""
        return next((theme for bar, theme in self.bars() if bar.adjusted(-2, 0, 2, 0).contains(x, y)), "")

    def paint(self, painter: QPainter) -> None:
        """Draw the bars in view."""
        themes = self.reading.themes if self.reading is not None else {}
        bars = self.bars()
        if bars:
            painter.setPen(QtCore.Qt.PenStyle.NoPen)
        for bar, theme in bars:
            colour = self._style.theme(themes[theme].colour)
            if self.theme and theme != self.theme:
                colour = self._style.blend(colour, self._style.colour("page"), _QUIET)
            painter.setBrush(colour)
            painter.drawRoundedRect(bar, 1.5, 1.5)

    def paint_tint(self, painter: QPainter) -> None:
        """Draw the ground of the shown theme's passages."""
        theme = self.reading.themes.get(self.theme) if self.reading is not None else None
        if theme is None:
            return
        view = self._view
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(self._style.theme_tint(theme.colour))
        start, end = view.span()
        for first, last in self.passages(self.theme):
            if first < end and last > start:
                for block in view.blocks(first, last):
                    painter.drawRoundedRect(block, 4, 4)
