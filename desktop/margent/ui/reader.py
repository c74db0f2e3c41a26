"""The page: a document as one calm column that scrolls, with its marks, and from which text is selected.

Positions in its interface are code points in `Document.text`; points and rectangles are pixels of the viewport.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6 import QtCore, QtGui
from PySide6.QtCore import QPoint, QRect, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QWidget

from margent.annotations import Passage, Theme
from margent.document import Document
from margent.ui.accessible import Accessible
from margent.ui.column import Column
from margent.ui.gutter import Gutter
from margent.ui.inline import merged
from margent.ui.keyboard import Keyboard
from margent.ui.marks import Marks
from margent.ui.pageview import PageView, Where
from margent.ui.pointer import Pointer, primary_selection
from margent.ui.shapes import Shapes
from margent.ui.typesetter import Typesetter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import (
        QContextMenuEvent,
        QFocusEvent,
        QKeyEvent,
        QMouseEvent,
        QPaintEvent,
        QResizeEvent,
        QWheelEvent,
    )

    from margent.annotations import Change
    from margent.reading import Reading
    from margent.ui.page import Typography
    from margent.ui.style import Style

_ALWAYS_OFF = 1
"""Qt.ScrollBarPolicy.ScrollBarAlwaysOff"""
_STRONG_FOCUS = 11
"""Qt.FocusPolicy.StrongFocus"""


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
    painted = Signal()
    """The page is being painted for the first time."""

    def __init__(
        self, style: Style, typography: Typography, parent: QWidget | None = None, *, ground: str = "page"
    ) -> None:
        """`ground` is the role of the colour behind the text."""
        super().__init__(parent)
        # A viewport made here is known to PySide; to wrap Qt's own it would first build every class of QtWidgets.
        self.setViewport(QWidget())
        self._style = style
        self._reading: Reading | None = None
        self._typesetter = Typesetter(style, typography)
        self._column = Column(self._typesetter, self._repaint)
        self._view = PageView(self._column, self._typesetter)
        self._marks = Marks(style, self._view)
        self._gutter = Gutter(style, self._view)
        self._shapes = Shapes(style, self._view, self._typesetter)
        self._keyboard = Keyboard(self, self._column, self._view)
        self._pointer = Pointer(self, self._column, self._view, self._marks, self._gutter, self._shapes)
        self.accessible = Accessible(self, self._column)
        self._ground = ground
        self._fixed = 0
        self._moving = 0
        self._place = 0
        self._syncing = False
        self._ringed = False
        self._seen = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        # As properties, which take numbers: the names of these values bring in all of Qt's (Style.brush).
        self.setProperty("horizontalScrollBarPolicy", _ALWAYS_OFF)
        self.setProperty("focusPolicy", _STRONG_FOCUS)
        self.viewport().setMouseTracking(True)
        style.changed.connect(self._restyle)

    def hide_scroll_bar(self) -> None:
        """Leave it to others to show how far down the text one is."""
        self.setProperty("verticalScrollBarPolicy", _ALWAYS_OFF)

    def _attend(self) -> None:
        """What the first paint can do without: the pointer's shape, what it points at, painting without a ground."""
        self.viewport().setAttribute(QtCore.Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setCursor(QtCore.Qt.CursorShape.IBeamCursor)
        self._pointer.listen()
        self._find_passages()

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
        self.accessible.at(0)
        self._find_passages()
        self._moved()
        self.selectionChanged.emit()

    def refresh(self, change: Change | None) -> None:
        """Redraw after a change, or (None) after anything."""
        reading = self._reading
        if reading is None:
            return
        if change is None:
            self._gutter.forget()
        else:
            for key in change.after:
                value = change.after[key] or change.before.get(key)
                if isinstance(value, Theme):
                    self._gutter.forget(value.id)
                elif isinstance(value, Passage):
                    self._gutter.forget(value.theme)
        if self._gutter.theme not in reading.themes:
            self._gutter.theme = ""
        if self._marks.current not in reading.annotations:
            self._marks.current = ""
        self._show_theme()
        self._find_passages()
        self._moved()

    def set_meta(self, text: str) -> None:
        """Show a line of facts under the first heading; it is no part of the text."""
        if self._column.set_meta(text):
            self._view.invalidate()
            self._moved()

    def _find_passages(self) -> None:
        """Look up the passages of one theme after the other, between events, so that the page is there first."""
        # A window that waits for its first page shows text first: a bar brings in all the names of Qt (Style.brush).
        if self._gutter.pending() and (self._seen or not self.isVisible()):
            QTimer.singleShot(0, self, self._find_next_passages)

    def _find_next_passages(self) -> None:
        pending = self._gutter.pending()
        if pending:
            self._gutter.find(pending[0])
            self._find_passages()
            self.viewport().update()

    @property
    def text(self) -> str:
        """The text of the document shown."""
        return self._column.document.text

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
        self._keyboard.placed()
        self._put(start, end)

    def _put(self, fixed: int, moving: int) -> None:
        length = len(self._column.document.text)
        before = self.selection()
        self._fixed, self._moving = min(max(fixed, 0), length), min(max(moving, 0), length)
        self.viewport().update()
        self.accessible.at(self._moving)
        if self.selection() != before:
            self.selectionChanged.emit()

    def clear_selection(self) -> None:
        """Select nothing; the caret stays."""
        self.select(self._moving, self._moving)

    @property
    def caret(self) -> int:
        """Where the caret is: at the moving end of a selection."""
        return self._moving

    def set_caret(self, position: int, *, extend: bool) -> None:
        """Put the caret somewhere, selecting up to there (`extend`) or nothing."""
        self._put(self._fixed if extend else position, position)

    def settle(self) -> None:
        """A selection is finished: offer it to the middle button, and say so."""
        if self.selection() is not None:
            primary_selection(self.selected_text())
            self.selectionSettled.emit()

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

    def scroll_to_end(self) -> None:
        """Bring the end of the text into view."""
        self._view.set_value(self._view.maximum())
        self._moved()

    def follow(self, position: int) -> None:
        """Do what a click there does: follow the link or note reference, or activate the annotation."""
        anchor = self._view.anchor_of(position)
        if anchor is None:
            found = list(self._reading.between(position, position + 1)) if self._reading is not None else []
            self.activated.emit(found[-1].id if found else "")
        elif anchor.note:
            self.footnoteRequested.emit(anchor.target, self.rect_of(anchor.start, anchor.end))
        elif anchor.target.startswith("#"):
            start = self._column.named(anchor.target[1:])
            if start >= 0:
                self.scroll_to(start, "top")
        else:
            self.linkActivated.emit(anchor.target)

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

    def set_current(self, annotation: str, beside: Iterable[str] = ()) -> None:
        """Draw an annotation as the current one, "" for none, and `beside` as one with it."""
        self._marks.current = annotation
        self._marks.beside = frozenset(beside)
        self.viewport().update()

    def set_hovered(self, annotation: str) -> None:
        """Draw an annotation as pointed at; "" for none."""
        self._marks.hovered = annotation
        self.viewport().update()

    def set_theme(self, theme: str) -> None:
        """Tint a theme's passages and dim all but them and the theme's annotations; "" for neither."""
        self._gutter.theme = theme
        self._show_theme()

    def _show_theme(self) -> None:
        bright = merged(sorted(self._of_theme(self._gutter.theme))) if self._gutter.theme else None
        if bright != self._typesetter.inline.bright:
            self._marks.bright = self._typesetter.inline.bright = bright
            self._restyle()
        self.viewport().update()

    def _of_theme(self, theme: str) -> list[tuple[int, int]]:
        """What belongs to a theme: its passages, and the words of annotations that are filed under it."""
        marked = self._reading.annotations.values() if self._reading is not None else ()
        filed = [(a.start, a.end) for a in marked if theme in a.themes and a.state != "orphaned"]
        return [*self._gutter.passages(theme), *filed]

    def set_hits(self, hits: list[tuple[int, int]], current: int) -> None:
        """Draw what Find has found, in order; `current` is an index, -1 for none."""
        self._marks.hits, self._marks.hit = hits, current
        self.viewport().update()

    def set_caret_browsing(self, on: bool) -> None:
        """Let the keys move a caret, or the view."""
        self._keyboard.set_browsing(on)

    def set_typography(self, typography: Typography) -> None:
        """Set the text in another way, the place kept."""
        if typography == self._typesetter.faces.typography:
            return
        self._view.hold()
        self._typesetter.set_typography(typography)
        self._view.remeasure()
        self._view.resize(self._view.width, self._view.height)
        self._moved()

    def _repaint(self) -> None:
        self.viewport().update()

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
        bar.setSingleStep(3 * self._typesetter.faces.pitch)
        if not bar.isSliderDown():
            bar.setValue(self._view.value())
        self._syncing = False
        self.viewport().update()
        self.viewChanged.emit()
        place = self._view.place()
        if place != self._place:
            self._place = place
            if not self._keyboard.browsing:
                self.accessible.at(place)
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
        if event.modifiers() & QtCore.Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        pixels = event.pixelDelta().y()
        if not pixels:
            notches = event.angleDelta().y() / 120
            pixels = round(notches * QApplication.wheelScrollLines() * self._typesetter.faces.pitch)
        self.scroll_by(-pixels)
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Break the text anew where the column becomes another, the place kept."""
        self.fit()

    def fit(self) -> None:
        """Take up the room there is, mirrored with the interface."""
        self._view.mirrored = self.isRightToLeft()
        self._view.resize(self.viewport().width(), self.viewport().height())
        self._moved()

    # -- painting -------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what is in view."""
        if not self._seen:
            self._seen = True
            QTimer.singleShot(0, self, self._attend)
            self.painted.emit()
        painter = QPainter(self.viewport())
        painter.setBackground(self._style.brush(self._style.colour(self._ground)))
        painter.eraseRect(event.rect())
        if not len(self._column):
            self._paint_empty(painter)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        self._shapes.paint_ground(painter, self._column.pictures)
        self._gutter.paint_tint(painter)
        self._marks.paint(painter)
        self._marks.paint_hits(painter)
        span = self.selection()
        if span is not None:
            self._marks.paint_selection(painter, *span)
        self._gutter.paint(painter)
        painter.restore()
        lit = self._marks.lit() if self._typesetter.inline.bright is not None else []
        self._shapes.paint_text(painter, [*lit, span] if span is not None else lit)
        self._keyboard.paint(painter, self._style.colour("text"))
        if self._ringed:
            painter.setPen(QtGui.QPen(self._style.colour("focus"), 2))
            painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))

    def _paint_empty(self, painter: QPainter) -> None:
        text = self.tr("No document is open.") if self._reading is None else self.tr("This document has no text.")
        painter.setPen(self._style.colour("muted"))
        painter.setFont(self._style.ui_font())
        painter.drawText(self.viewport().rect(), QtCore.Qt.AlignmentFlag.AlignCenter, text)

    # -- events -----------------------------------------------------------------------------------------------------

    def _mouse(self, event: QMouseEvent) -> None:
        if not self._pointer.handle(event):
            event.ignore()

    mousePressEvent = mouseDoubleClickEvent = mouseMoveEvent = mouseReleaseEvent = _mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll, move the caret, select or copy."""
        if event.matches(QtGui.QKeySequence.StandardKey.Copy):
            if self.selection() is not None:
                QGuiApplication.clipboard().setText(self.selected_text())
        elif event.matches(QtGui.QKeySequence.StandardKey.SelectAll):
            self.select(0, len(self._column.document.text))
        elif not self._keyboard.press(event):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """End a selection that was made with keys."""
        self._keyboard.release(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is, when it came here by keys."""
        if self._seen:  # nobody presses Tab before; to ask brings in all the names of Qt (Style.brush)
            reasons = QtCore.Qt.FocusReason
            self._ringed = event.reason() in {reasons.TabFocusReason, reasons.BacktabFocusReason}
        self.accessible.at(self._moving if self._keyboard.browsing else self.place())
        self._keyboard.awake()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Hide the caret."""
        self._ringed = False
        self._keyboard.awake()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the place under the pointer or, from the keyboard, of the selection."""
        at = event.pos()
        if event.reason() == QtGui.QContextMenuEvent.Reason.Keyboard:
            span = self.selection() or (self._moving, self._moving)
            at = self.rect_of(*span).bottomLeft()
        self.contextMenuRequested.emit(self.viewport().mapToGlobal(at), self.position_at(at))
