"""Annotations, hits and selection as they are drawn under the text, and which annotation is at a point.

Marks that overlap stay apart: each that begins inside another is drawn lower than it, with an edge in its strong
colour, so that both grounds are seen above and below. Colour never tells alone: underlines are lines, the current
mark has an outline, the current hit a frame, and what only perhaps stands on its words has a broken edge.
"""

from __future__ import annotations

from bisect import bisect_left
from operator import itemgetter
from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from margent.ui.inline import touching

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from margent.annotations import Annotation
    from margent.reading import Reading
    from margent.ui.pageview import PageView
    from margent.ui.style import Style

RADIUS = 3
_INSET = 3
_DEEPEST = 2
_LINE = 2
_BROKEN = 1.5
"""Pixels of the broken edge around words that a note only perhaps belongs to."""
_ROUNDS = 6
_LONG = 4000
"""How far marks that overlap one another are followed beyond the view, and from which length on they are not."""
DIMMED = 0.3
"""How much of a mark is left, where another theme is shown: dimmed text must be readable on it."""


class Marks:
    """Draws the annotations in view."""

    def __init__(self, style: Style, view: PageView) -> None:
        self._style = style
        self._view = view
        self.reading: Reading | None = None
        self.current = ""
        self.beside: frozenset[str] = frozenset()
        """Marks that are one with the current one, drawn as it is."""
        self.hovered = ""
        self.bright: Sequence[tuple[int, int]] | None = None
        """The passages of the theme being shown, apart and in order: marks elsewhere step back. None for no theme."""
        self.hits: Sequence[tuple[int, int]] = ()
        self.hit = -1
        """Index of the current hit."""

    # -- what is there --------------------------------------------------------------------------------------------

    def layers(self) -> list[tuple[Annotation, int]]:
        """The annotations in view with their depth: 0 at the bottom, more where they overlap earlier ones.

        Depths count in what is around the view too, so that a mark keeps its own while the text is scrolled.
        """
        if self.reading is None:
            return []
        start, end = self._view.span()
        found = list(self.reading.between(start, end))
        for _ in range(_ROUNDS):
            near = [a for a in found if a.end - a.start < _LONG]
            first, last = min([start, *(a.start for a in near)]), max([end, *(a.end for a in near)])
            wider = list(self.reading.between(first, last))
            if len(wider) == len(found):
                break
            found = wider
        highlights = [a for a in found if a.style == "highlight"]
        underlines = [a for a in found if a.style == "underline"]
        return [
            (annotation, depth)
            for group in (highlights, underlines)
            for annotation, depth in zip(group, lanes([(a.start, a.end) for a in group]), strict=True)
            if annotation.end > start and annotation.start <= end
        ]

    def at(self, x: float, y: float) -> list[str]:
        """Ids of the annotations drawn at a point, the uppermost first."""
        found = [
            annotation.id
            for annotation, _ in sorted(self.layers(), key=itemgetter(1))
            if any(rect.contains(x, y) for rect in self._view.rects(annotation.start, annotation.end))
        ]
        return found[::-1]

    # -- drawing --------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter) -> None:
        """Draw the annotations in view."""
        layers = self.layers()
        for annotation, depth in sorted(layers, key=itemgetter(1)):
            if annotation.style == "underline":
                self._underline(painter, annotation, depth)
            else:
                self._highlight(painter, annotation, depth)

    def _highlight(self, painter: QPainter, annotation: Annotation, depth: int) -> None:
        style = self._style
        ground, strong = style.mark(annotation.colour), style.mark_strong(annotation.colour)
        edge = 1.0 if depth else 0.0
        if annotation.id == self.current or annotation.id in self.beside:
            edge = 2.0
        elif annotation.id == self.hovered:
            edge = 1.0
            ground = style.blend(strong, ground, 0.14)
        elif self._dimmed(annotation):
            ground = style.blend(ground, style.colour("page"), DIMMED)
            strong = style.blend(strong, style.colour("page"), DIMMED)
        inset = _INSET * min(depth, _DEEPEST)
        painter.setBrush(ground)
        pen = QPen(strong, edge)
        if annotation.state == "moved":
            edge = max(edge, _BROKEN)
            pen = QPen(strong, edge)
            pen.setDashPattern([3 / edge, 2.5 / edge])
        painter.setPen(pen if edge else QtCore.Qt.PenStyle.NoPen)
        for rect in self._view.rects(annotation.start, annotation.end):
            box = rect.adjusted(-1, inset, 1, -inset)
            if edge:
                box = QRectF(box.toAlignedRect()).adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2)
            painter.drawRoundedRect(box, RADIUS, RADIUS)

    def _dimmed(self, annotation: Annotation) -> bool:
        return self.bright is not None and not touching(self.bright, annotation.start, annotation.end)

    def _underline(self, painter: QPainter, annotation: Annotation, depth: int) -> None:
        style = self._style
        strong = style.mark_strong(annotation.colour)
        thick = _LINE
        if annotation.id in {self.current, self.hovered}:
            thick += 1
            painter.setPen(QtCore.Qt.PenStyle.NoPen)
            painter.setBrush(style.blend(style.mark(annotation.colour), style.colour("page"), 0.5))
            for rect in self._view.rects(annotation.start, annotation.end):
                painter.drawRoundedRect(rect, RADIUS, RADIUS)
        elif self._dimmed(annotation):
            strong = style.blend(strong, style.colour("page"), DIMMED)
        for left, right, baseline in self._view.baselines(annotation.start, annotation.end):
            top = round(baseline + 4 + min(depth, _DEEPEST) * (_LINE + 1))
            if annotation.state == "moved":
                pen = QPen(strong, thick)
                pen.setDashPattern([2, 1.5])
                pen.setCapStyle(QtCore.Qt.PenCapStyle.FlatCap)
                painter.setPen(pen)
                painter.drawLine(QPointF(left, top + thick / 2), QPointF(right, top + thick / 2))
            else:
                painter.fillRect(QRectF(left, top, right - left, thick), strong)

    def paint_hits(self, painter: QPainter) -> None:
        """Draw what Find has found in view."""
        if not self.hits:
            return
        ground, current = self._style.colour("find"), self._style.colour("find_current")
        for number, hit in self._hits_between(*self._view.span()):
            here = number == self.hit
            painter.setBrush(current if here else ground)
            painter.setPen(QPen(self._style.colour("text"), 1) if here else QtCore.Qt.PenStyle.NoPen)
            for rect in self._view.rects(*hit):
                box = QRectF(rect.adjusted(-1, 2, 1, -2).toAlignedRect())
                painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5) if here else box, 2, 2)

    def lit(self) -> list[tuple[int, int]]:
        """Hits in view, the current mark and the one pointed at: what is read even while all else is dimmed."""
        start, end = self._view.span()
        found = [hit for _, hit in self._hits_between(start, end)]
        marks = self.reading.annotations if self.reading is not None else {}
        return found + [(marks[key].start, marks[key].end) for key in {self.current, self.hovered} if key in marks]

    def _hits_between(self, start: int, end: int) -> Iterator[tuple[int, tuple[int, int]]]:
        first = max(0, bisect_left(self.hits, start, key=itemgetter(0)) - 1)
        for number in range(first, len(self.hits)):
            if self.hits[number][0] > end:
                break
            yield number, self.hits[number]

    def paint_selection(self, painter: QPainter, start: int, end: int) -> None:
        """Draw the selection."""
        colour = self._style.colour("selection")
        # Smoothed edges would show as seams between lines where a pixel of the screen is a part of one of ours.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for rect in self._view.rects(start, end, full=True):
            painter.fillRect(QRectF(rect.toAlignedRect()).adjusted(-1, 0, 1, 0), colour)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def lanes(spans: Sequence[tuple[int, int]]) -> list[int]:
    """For each of `spans`, in order of their starts, the lowest lane in which it overlaps no earlier one."""
    ends: list[int] = []
    found = []
    for start, end in spans:
        lane = next((n for n, last in enumerate(ends) if last <= start), len(ends))
        if lane == len(ends):
            ends.append(end)
        else:
            ends[lane] = end
        found.append(lane)
    return found
