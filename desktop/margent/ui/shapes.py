"""How strips are drawn: panels, rules, bars, bullets and pictures, and the text itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from margent.ui.inline import touching

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from margent.ui.page import Flow, Shape
    from margent.ui.pageview import PageView, Shown
    from margent.ui.pictures import Pictures
    from margent.ui.style import Style
    from margent.ui.typesetter import Typesetter

_QUIET = 0.5
"""Opacity of what is not text, where another theme is shown."""


class Shapes:
    """Draws the strips in view."""

    def __init__(self, style: Style, view: PageView, typesetter: Typesetter) -> None:
        self._style = style
        self._view = view
        self._typesetter = typesetter
        self.hovered: tuple[int, int] | None = None
        """The link under the pointer."""

    def paint_ground(self, painter: QPainter, pictures: Callable[[], Pictures]) -> None:
        """Draw what stands under marks and text."""
        bright = self._typesetter.inline.bright
        for shown in self._view.shown():
            if not shown.strip.shapes and not shown.strip.washes:
                continue
            painter.save()
            painter.setClipRect(QRectF(0, shown.y, self._view.width, shown.strip.height))
            painter.translate(self._view.left, shown.y)
            stepped_back = bright is not None and not touching(bright, shown.strip.start, shown.strip.end + 1)
            for shape in shown.strip.shapes:
                painter.setOpacity(_QUIET if stepped_back and shape.kind != "text" else 1.0)
                self._shape(painter, shape, pictures, dim=stepped_back)
            painter.setOpacity(_QUIET if stepped_back else 1.0)
            for start, end, kind in shown.strip.washes:
                painter.setPen(QtCore.Qt.PenStyle.NoPen)
                painter.setBrush(self._style.colour("chip" if kind == "code" else "find"))
                for rect in shown.strip.rects(start, end):
                    painter.drawRoundedRect(rect.adjusted(-2, 3, 2, -2), 3, 3)
            painter.restore()

    def _shape(self, painter: QPainter, shape: Shape, pictures: Callable[[], Pictures], *, dim: bool) -> None:
        style = self._style
        rect = shape.rect
        match shape.kind:
            case "line":
                self._fill(painter, rect, style.colour("line"))
            case "heavy":
                self._fill(painter, rect, style.colour("control"))
            case "bar":
                painter.setPen(QtCore.Qt.PenStyle.NoPen)
                painter.setBrush(style.colour("line"))
                painter.drawRoundedRect(rect, 1.5, 1.5)
            case "panel":
                # Where page and panel are one colour, as in high contrast, an outline has to do.
                plain = style.colour("panel") == style.colour("page")
                painter.setPen(QPen(style.colour("line"), 1) if plain else QtCore.Qt.PenStyle.NoPen)
                painter.setBrush(style.colour("panel"))
                painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
            case "missing":
                painter.setPen(QPen(style.colour("line"), 1))
                painter.setBrush(style.colour("panel"))
                painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
            case "glyph":
                self._glyph(painter, rect)
            case "picture":
                self._picture(painter, shape, pictures)
            case "box" | "ticked":
                self._box(painter, rect, ticked=shape.kind == "ticked")
            case _:
                if shape.font is not None:
                    painter.setFont(shape.font)
                _write_in(painter, self._typesetter.inline.ink("text", dim=dim))
                painter.drawText(rect.topLeft(), shape.text)

    def _picture(self, painter: QPainter, shape: Shape, pictures: Callable[[], Pictures]) -> None:
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        image = pictures().image(shape.text, round(shape.rect.width() * ratio))
        if image.isNull():
            painter.fillRect(shape.rect, self._style.colour("panel"))
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(shape.rect, image)

    def _glyph(self, painter: QPainter, rect: QRectF) -> None:
        """A framed hill: the sign for a picture that is not there."""
        painter.setPen(QPen(self._style.colour("muted"), 1.2))
        painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect, 2, 2)
        hill = [(0.0, 0.85), (0.33, 0.42), (0.6, 0.75), (0.75, 0.6), (1.0, 0.85)]
        at = rect.topLeft()
        painter.drawPolyline([at + QPointF(x * rect.width(), y * rect.height()) for x, y in hill])

    def _box(self, painter: QPainter, rect: QRectF, *, ticked: bool) -> None:
        accent = self._style.colour("accent" if ticked else "control")
        painter.setPen(QPen(accent, 1.4))
        painter.setBrush(accent if ticked else QColor(QtCore.Qt.GlobalColor.transparent))
        painter.drawRoundedRect(rect, 3, 3)
        if ticked:
            painter.setPen(QPen(self._style.colour("on_accent"), 1.8))
            at = rect.topLeft()
            side = rect.width()
            points = [(0.24, 0.54), (0.43, 0.72), (0.77, 0.32)]
            painter.drawPolyline([at + QPointF(x * side, y * side) for x, y in points])

    def paint_text(self, painter: QPainter, lit: list[tuple[int, int]]) -> None:
        """Draw the text in view, and the lines under its links; where text is dimmed, `lit` stretches are not."""
        dim = self._typesetter.inline.bright is not None
        ink = self._typesetter.inline.ink("text", dim=dim)
        clip = QRectF(0, 0, self._view.width, self._view.height)
        _write_in(painter, ink)
        for shown in self._view.shown():
            for flow in shown.strip.flows:
                self._draw(painter, flow, shown, clip, [span for span in lit if dim and touching([span], *flow.span)])
            if shown.strip.meta is not None:
                self._draw(painter, shown.strip.meta, shown, clip)
            if shown.strip.anchors:
                self._lines(painter, shown)

    def _draw(
        self, painter: QPainter, flow: Flow, shown: Shown, clip: QRectF, lit: Sequence[tuple[int, int]] = ()
    ) -> None:
        at = QPointF(self._view.left + flow.x, shown.y + flow.y)
        flow.layout.draw(painter, at, flow.ranges(lit, self._style.colour("text")) if lit else [], clip)

    def _lines(self, painter: QPainter, shown: Shown) -> None:
        link, page = self._style.colour("link"), self._style.colour("page")
        for anchor in shown.strip.anchors:
            if anchor.note:
                continue
            here = self.hovered == (anchor.start, anchor.end)
            colour = link if here else self._style.blend(link, page, 0.35)
            for left, right, baseline in shown.strip.baselines(anchor.start, anchor.end):
                at = QRectF(self._view.left + left, shown.y + round(baseline) + 2, right - left, 1)
                self._fill(painter, at, colour)

    def _fill(self, painter: QPainter, rect: QRectF, colour: QColor) -> None:
        """Fill a rectangle as eraseRect does, which has no forms to choose among (see Style.brush)."""
        painter.setBackground(self._style.brush(colour))
        painter.eraseRect(rect)


def _write_in(painter: QPainter, colour: QColor) -> None:
    """Draw text in a colour. The page's pen has that of text from the start, and to set it costs (Style.brush)."""
    if painter.pen().color() != colour:
        painter.setPen(colour)
