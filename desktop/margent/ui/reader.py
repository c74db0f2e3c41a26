"""The page: a document as one calm column that scrolls, with its marks, and from which text is selected.

Positions in its interface are code points in `Document.text`; points and rectangles are pixels of the viewport.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame

from margent.annotations import Passage, Theme
from margent.document import Document
from margent.ui.column import Column
from margent.ui.gutter import Gutter
from margent.ui.marks import Marks
from margent.ui.pageview import PageView, Where
from margent.ui.shapes import Shapes
from margent.ui.typesetter import Typesetter

if TYPE_CHECKING:
    from PySide6.QtGui import (
        QMouseEvent,
        QPaintEvent,
        QResizeEvent,
        QWheelEvent,
    )
    from PySide6.QtWidgets import QWidget

    from margent.annotations import Change
    from margent.reading import Reading
    from margent.ui.page import Typography
    from margent.ui.style import Style


class Reader(QAbstractScrollArea):
    """Shows a reading. Selects, points and scrolls; changes nothing."""

    selectionChanged = Signal()
    selectionSettled = Signal()
    """The mouse or the keys that made a selection were let go."""
    activated = Signal(str)
    """Id of the annotation that was clicked, "" for none."""
    hovered = Signal(str)
    linkActivated = Signal(str)
    footnoteRequested = Signal(str, QRect)
    """A footnote's label, and where its reference stands."""
    viewChanged = Signal()
    """Positions stand elsewhere on the screen now."""
    placeChanged = Signal(int)
    contextMenuRequested = Signal(QPoint, int)
    """Where on the screen, and at which position."""

    def __init__(self, style: Style, typography: Typography, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._reading: Reading | None = None
        self._typesetter = Typesetter(style, typography)
        self._column = Column(self._typesetter)
        self._view = PageView(self._column, self._typesetter)
        self._marks = Marks(style, self._view)
        self._gutter = Gutter(style, self._view)
        self._shapes = Shapes(style, self._view, self._typesetter)
        self._fixed = 0
        self._moving = 0
        self._place = 0
        self._unit = "character"
        self._syncing = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        style.changed.connect(self._restyle)

    # -- the document ---------------------------------------------------------------------------------------------

    def open(self, reading: Reading | None) -> None:
        """Show a reading from its beginning, or none; the one already shown stays where it is."""
        if reading is not None and reading is self._reading:
            self.refresh(None)
            return
        self._reading = self._marks.reading = self._gutter.reading = reading
        self._marks.current = self._marks.hovered = ""
        self._marks.hits, self._marks.hit = (), -1
        self._gutter.forget()
        self.set_theme("")
        self._fixed = self._moving = 0
        self._column.set_document(reading.document if reading is not None else Document("", ()))
        self._view.reset()
        self.setAccessibleName(reading.document.title if reading is not None else "")
        self._find_passages()
        self._moved()
        self.selectionChanged.emit()

    def refresh(self, change: Change | None) -> None:
        """Redraw after a change, or (None) after anything."""
        reading = self._reading
        if reading is None:
            return
        if reading.document is not self._column.document:
            self._view.hold()
            self._column.set_document(reading.document)
            self._view.remeasure()
            self.clear_selection()
        if change is None:
            self._gutter.forget()
        else:
            for key in change.after:
                value = change.after[key] or change.before.get(key)
                if isinstance(value, Theme):
                    self._gutter.forget(value.id)
                elif isinstance(value, Passage):
                    self._gutter.forget(value.theme)
        if self._marks.current not in reading.annotations:
            self._marks.current = ""
        self._find_passages()
        self._moved()

    def set_meta(self, text: str) -> None:
        """Show a line of facts under the first heading; it is no part of the text."""
        if self._column.set_meta(text):
            self._view.invalidate()
            self._moved()

    def _find_passages(self) -> None:
        """Look up the passages of one theme after the other, between events, so that the page is there first."""
        if self._gutter.pending():
            QTimer.singleShot(0, self, self._find_next_passages)

    def _find_next_passages(self) -> None:
        pending = self._gutter.pending()
        if pending:
            self._gutter.find(pending[0])
            self._find_passages()
            self.viewport().update()

    # -- selection ------------------------------------------------------------------------------------------------

    def selection(self) -> tuple[int, int] | None:
        """What is selected, or None."""
        if self._fixed == self._moving:
            return None
        return min(self._fixed, self._moving), max(self._fixed, self._moving)

    def selected_text(self) -> str:
        """The selected text as the document has it; "" when nothing is."""
        span = self.selection()
        return self._column.document.text[slice(*span)] if span is not None else ""

    def select(self, start: int, end: int) -> None:
        """Select from `start` to `end`, where the caret then is."""
        length = len(self._column.document.text)
        fixed, moving = min(max(start, 0), length), min(max(end, 0), length)
        if (fixed, moving) == (self._fixed, self._moving):
            return
        self._fixed, self._moving = fixed, moving
        self.viewport().update()
        self.selectionChanged.emit()

    def clear_selection(self) -> None:
        """Select nothing; the caret stays."""
        self.select(self._moving, self._moving)

    # -- where things are -----------------------------------------------------------------------------------------

    def top_of(self, position: int) -> float:
        """The y of the line that holds a position; an estimate when it is far away."""
        return self._view.top_of(position)

    def rect_of(self, start: int, end: int) -> QRect:
        """The first line's part of the text from `start` to `end`; a caret's place where nothing of it is in view."""
        rects = self._view.rects(start, end)
        return (rects[0] if rects else self._view.caret(start)).toAlignedRect()

    def position_at(self, point: QPoint) -> int:
        """The position nearest to a point."""
        return self._view.position_at(point.x(), point.y())

    def annotation_at(self, point: QPoint) -> str:
        """Id of the uppermost annotation at a point, or ""."""
        return next(iter(self._marks.at(point.x(), point.y())), "")

    def scroll_to(self, position: int, where: Where = "nearest") -> None:
        """Bring a position into view: to the top, to a third ("centre"), or by as little as needed."""
        self._view.scroll_to(position, where)
        self._moved()

    def place(self) -> int:
        """The first position that is fully in view."""
        return self._view.place()

    def visible_span(self) -> tuple[int, int]:
        """First and last position in view."""
        return self._view.span()

    def progress(self) -> float:
        """How much of the text is above the lower edge of the view, 0–1."""
        return self._view.span()[1] / max(1, len(self._column.document.text))

    # -- what is shown how ----------------------------------------------------------------------------------------

    def set_current(self, annotation: str) -> None:
        """Draw an annotation as the current one; "" for none."""
        self._marks.current = annotation
        self.viewport().update()

    def set_hovered(self, annotation: str) -> None:
        """Draw an annotation as pointed at; "" for none."""
        self._marks.hovered = annotation
        self.viewport().update()

    def set_theme(self, theme: str) -> None:
        """Tint a theme's passages and dim all else; "" for neither."""
        self._gutter.theme = theme
        self._marks.dimmed = bool(theme)
        self._typesetter.bright = self._gutter.passages(theme) if theme else None
        self._column.repaint()
        self._view.invalidate()
        self.viewport().update()

    def set_hits(self, hits: list[tuple[int, int]], current: int) -> None:
        """Draw what Find has found, in order; `current` is an index, -1 for none."""
        self._marks.hits, self._marks.hit = hits, current
        self.viewport().update()

    def set_typography(self, typography: Typography) -> None:
        """Set the text in another way, the place kept."""
        if typography == self._typesetter.typography:
            return
        self._view.hold()
        self._typesetter.set_typography(typography)
        self._view.remeasure()
        self._view.resize(self._view.width, self._view.height)
        self._moved()

    def _restyle(self) -> None:
        self._column.repaint()
        self._view.invalidate()
        self.viewport().update()

    # -- scrolling ------------------------------------------------------------------------------------------------

    def _moved(self) -> None:
        """Tell the scroll bar and everybody else that the view is another."""
        self._view.shown()
        bar = self.verticalScrollBar()
        self._syncing = True
        bar.setRange(0, self._view.maximum())
        bar.setPageStep(max(1, self._view.height))
        bar.setSingleStep(3 * self._typesetter.pitch)
        if not bar.isSliderDown():
            bar.setValue(self._view.value())
        self._syncing = False
        self.viewport().update()
        self.viewChanged.emit()
        place = self._view.place()
        if place != self._place:
            self._place = place
            self.placeChanged.emit(place)

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: ARG002 - Qt's signature
        """Follow the scroll bar."""
        if not self._syncing:
            self._view.set_value(self.verticalScrollBar().value())
            self._moved()

    def scroll_by(self, pixels: int) -> None:
        """Move down the text."""
        self._view.scroll_by(pixels)
        self._moved()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll by what a touchpad says in pixels, or by lines a notch."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        pixels = event.pixelDelta().y()
        if not pixels:
            notches = event.angleDelta().y() / 120
            pixels = round(notches * QApplication.wheelScrollLines() * self._typesetter.pitch)
        self.scroll_by(-pixels)
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Break the text anew where the column becomes another, the place kept."""
        self._view.resize(self.viewport().width(), self.viewport().height())
        self._moved()

    # -- painting -------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what is in view."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._style.colour("page"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._shapes.paint_ground(painter, self._column.pictures)
        self._gutter.paint_tint(painter)
        self._marks.paint(painter)
        self._marks.paint_hits(painter)
        if self._fixed != self._moving:
            self._marks.paint_selection(painter, *sorted((self._fixed, self._moving)))
        self._gutter.paint(painter)
        self._shapes.paint_text(painter)
        painter.end()

    # -- the mouse ------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a selection."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        position = self.position_at(event.position().toPoint())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.select(self._fixed, position)
        else:
            self.select(position, position)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Extend a selection."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.select(self._fixed, self.position_at(event.position().toPoint()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a selection, or act on what was clicked."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._fixed != self._moving:
            self.selectionSettled.emit()
        else:
            self.activated.emit(self.annotation_at(event.position().toPoint()))
