"""A card of the margin: one annotation with its note, themes and replies, read and edited in the same place.

A card is given to one annotation after the other while the margin scrolls. What it shows comes from the Reading; what
it changes, it asks for with a Change and shows when the announcement comes back.
"""

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QWidget

from margent import edits
from margent.annotations import Annotation, Change, Theme
from margent.reading import Reading
from margent.ui.cardheader import CardHeader
from margent.ui.cardstate import StateBox
from margent.ui.cardtext import is_resolved, mark_of, may_resolve, resolved_line, spoken
from margent.ui.cardtools import CardTools, colour_menu, keys_of, kind_menu
from margent.ui.chip import ThemesRow
from margent.ui.glyph import Words
from margent.ui.notefield import NoteField
from margent.ui.replies import Replies
from margent.ui.style import Style

_EDGE = 3
_RADIUS = 8
_PADDING = (11, 8)
_GAP = 5
_FOLDED = 240
"""Pixels that the line of a folded conversation has."""
_ENTERS = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2}


class Card(QFrame):
    """Shows one annotation of a reading; asks for changes, never makes them.

    `activated`: the reader turned to it; `stepped`: to the next (1) or previous (-1) card; `left`: back to the text;
    `attachRequested`: the note is to stand on what is selected; `resized`: it needs another height;
    `themesRequested`: a menu of themes at a place on the screen.
    """

    changeRequested = Signal(object)
    unsavedChanged = Signal(bool)
    activated = Signal(str)
    hovered = Signal(str)
    stepped = Signal(int)
    left = Signal()
    linkActivated = Signal(str)
    themesRequested = Signal(str, QPoint)
    resized = Signal()
    attachRequested = Signal(str)
    writingEnded = Signal()

    def __init__(self, style: Style, owner: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._owner = owner
        self._reading: Reading | None = None
        self._shown: tuple[object, ...] = ()
        self._height: tuple[int, int] = (0, 0)
        self._current = False
        self._hovered = False
        self._reachable = False
        self.annotation: Annotation | None = None
        self.setObjectName("card")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._build()
        self.hide()

    # -- building -----------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._header = CardHeader(self._style, self._owner, self)
        self.tick = self._header.tick
        self.tick.clicked.connect(self._ticked)
        self.state = StateBox(self._style, self)
        self.state.chosen.connect(lambda name: self.perform(name, QPoint()))
        self.state.hide()
        self._folded = Words(self._style, "", self.tr("Open the conversation"), self)
        self._folded.clicked.connect(self._activate)
        self._folded.hide()
        self.field = NoteField(self.tr("Add a note…"), self)
        self.field.clicked.connect(self.edit)
        self.field.saveRequested.connect(self._save)
        self.field.unsavedChanged.connect(self.unsavedChanged)
        self.field.left.connect(self._left_editor)
        self.field.resized.connect(self._resize)
        self.field.linkActivated.connect(self.linkActivated)
        self._themes = ThemesRow(self._style, self)
        self._themes.removeRequested.connect(self._remove_theme)
        self._themes.addRequested.connect(lambda at: self.perform("theme", at))
        self.replies = Replies(self._style, self._owner, self)
        self.replies.changeRequested.connect(self.changeRequested)
        self.replies.unsavedChanged.connect(self.unsavedChanged)
        self.replies.left.connect(self._left_editor)
        self.replies.resized.connect(self._resize)
        self.replies.linkActivated.connect(self.linkActivated)
        self._footer: QWidget | None = None
        self._tools: CardTools | None = None
        self._resolve: Words | None = None

    def _build_footer(self) -> QWidget:
        footer = QWidget(self)
        row = QHBoxLayout(footer)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        answer = Words(self._style, self.tr("Reply…"), self.tr("Reply"), footer)
        answer.clicked.connect(self.reply)
        row.addWidget(answer)
        row.addSpacing(self._style.px(8))
        self._resolve = Words(self._style, self.tr("Resolve"), self.tr("Resolve"), footer)
        self._resolve.clicked.connect(lambda: self.perform("resolve", QPoint()))
        row.addWidget(self._resolve)
        row.addStretch(1)
        self._tools = CardTools(self._style, ("edit", "kind", "colour", "theme", "private", "delete"), footer)
        self._tools.chosen.connect(self.perform)
        row.addWidget(self._tools)
        return footer

    # -- showing ------------------------------------------------------------------------------------------------

    def show_annotation(self, reading: Reading, annotation: Annotation) -> None:
        """Show an annotation as the reading has it now; nothing that is the same is touched."""
        self._reading = reading
        replies = reading.replies.get(annotation.id, [])
        state = (annotation, tuple(replies), self._themes_of(annotation))
        if state == self._shown:
            return
        self._shown = state
        self.annotation = annotation
        self._header.show_annotation(annotation)
        self.state.show_annotation(reading, annotation, read_only=reading.read_only)
        self.tick.setEnabled(not reading.read_only)
        self._themes.setEnabled(not reading.read_only)
        self.field.set_note(annotation.note)
        self.replies.show_replies(reading, annotation.id)
        self._show_parts()
        self.setAccessibleName(spoken(annotation, self._owner, len(replies)))
        self.setAccessibleDescription(mark_of(annotation))
        self._resize()
        self.update()

    def _themes_of(self, annotation: Annotation) -> tuple[Theme, ...]:
        themes = self._reading.themes if self._reading is not None else {}
        return tuple(themes[key] for key in annotation.themes if key in themes)

    def _show_parts(self) -> None:
        """What is there depends on whether this is the card one works on."""
        annotation = self.annotation
        if annotation is None:
            return
        writing = self.writing
        folded = self._is_folded(annotation) and not self._current and not writing
        self._show_folded(annotation, folded)
        if folded:
            return
        editable = not self._reading.read_only if self._reading is not None else True
        self._themes.show_themes(self._themes_of(annotation), offer=self._current and editable)
        empty = not annotation.note and not (self._current and editable) and self.field.editor is None
        self.field.setVisible(not (empty and (bool(self.replies.views) or not editable)))
        if self._current and self._footer is None and editable:
            self._footer = self._build_footer()
        if self._footer is not None:
            self._footer.setVisible(self._current and editable)
            self._offer_resolving(annotation)
        if self._tools is not None:
            self._tools.show_state(annotation)

    def _is_folded(self, annotation: Annotation) -> bool:
        return self._reading is not None and is_resolved(self._reading, annotation)

    def _show_folded(self, annotation: Annotation, folded: bool) -> None:
        """A conversation that is closed takes one line until one turns to it."""
        self._folded.setVisible(folded)
        if folded:
            said = resolved_line(annotation, len(self.replies.views))
            self._folded.setText(QFontMetrics(self._folded.font()).elidedText(
                said, Qt.TextElideMode.ElideRight, self._style.px(_FOLDED)
            ))  # fmt: skip
        rest = (self._themes, self.replies, *((self._footer,) if self._footer is not None else ()))
        for part in rest:
            part.setVisible(not folded)
        self.state.setVisible(not folded and annotation.state != "placed")
        if folded:
            self.field.hide()

    def _offer_resolving(self, annotation: Annotation) -> None:
        if self._resolve is not None and self._reading is not None:
            self._resolve.setVisible(may_resolve(self._reading, annotation))
            text = self.tr("Reopen") if annotation.done else self.tr("Resolve")
            self._resolve.setText(text)
            self._resolve.setAccessibleName(text)
            self._resolve.setToolTip(f"{text}  {keys_of('resolve')}")

    def set_selection_available(self, available: bool) -> None:
        """Whether words are selected on the page that the note could be attached to."""
        self.state.set_selection_available(available)

    def set_reachable(self, reachable: bool) -> None:
        """Whether Tab comes here: it enters one card of the margin, Up and Down lead to the others."""
        policy = Qt.FocusPolicy.TabFocus if reachable else Qt.FocusPolicy.NoFocus
        if self.focusPolicy() != policy:
            self.setFocusPolicy(policy)
            self.tick.setFocusPolicy(policy)
            self._themes.set_reachable(reachable)
            self.replies.set_reachable(reachable)

    def set_current(self, current: bool) -> None:
        """Whether this is the card that keys act on; it then has a ring, its tools, and takes part in Tab."""
        if current != self._current:
            self._current = current
            self._show_parts()
            self._resize()
            self.update()

    def set_hovered(self, hovered: bool) -> None:
        """Whether the pointer is on the card or on its mark."""
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()

    # -- size ---------------------------------------------------------------------------------------------------

    def wanted_height(self, width: int) -> int:
        """Put the parts in their places for a width; the height in pixels. Remembered until something changes.

        Laid out here and not by a layout of Qt's, which would pass a changed height up by one posted event a level:
        the margin cannot wait for them, a card must have its height before it is painted.
        """
        if self._height[0] != width:
            self._height = (width, self._lay_out(width))
        return self._height[1]

    def _lay_out(self, width: int) -> int:
        px = self._style.px
        x, y = px(_PADDING[0]), px(_PADDING[1])
        inner = width - 2 * x
        for part, height, gap in self._parts(inner):
            if height:
                part.setGeometry(x, y, inner, height)
                y += height + px(gap)
        return y - px(_GAP) + px(_PADDING[1])

    def _parts(self, width: int) -> Iterator[tuple[QWidget, int, int]]:
        """What is shown, from the top, with the height it needs and the gap below it."""
        yield self._header, self._style.px(20), 2
        if not self._folded.isHidden():
            yield self._folded, self._folded.sizeHint().height(), 0
            return
        if not self.state.isHidden():
            yield self.state, self.state.height_for(width), _GAP
        if not self.field.isHidden():
            yield self.field, self.field.height_for(width), _GAP
        yield self._themes, self._themes.height_for(width), _GAP
        yield self.replies, self.replies.height_for(width), _GAP
        if self._footer is not None and not self._footer.isHidden():
            yield self._footer, self._style.px(24), _GAP

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the parts in their places, whoever gave the card its size."""
        super().resizeEvent(event)
        self.wanted_height(self.width())

    def _resize(self) -> None:
        self._height = (0, 0)
        self.resized.emit()

    # -- writing ------------------------------------------------------------------------------------------------

    @property
    def writing(self) -> bool:
        """Whether an editor is open on it."""
        return any(field.editor is not None for field in self._fields())

    @property
    def unsaved(self) -> bool:
        """Whether something typed is not in the library."""
        return any(field.unsaved for field in self._fields())

    def unsaved_texts(self) -> list[str]:
        """What was typed on it and is not in the library."""
        return [field.text for field in self._fields() if field.unsaved]

    def _is_read_only(self) -> bool:
        return self._reading is not None and self._reading.read_only

    def edit(self) -> None:
        """Put the cursor into the note."""
        self._activate()
        if self._is_read_only():
            return
        self.field.show()
        self.field.edit(self.tr("Note"))
        self._resize()

    def reply(self) -> None:
        """Put the cursor into a new reply."""
        self._activate()
        if self._is_read_only():
            return
        self.replies.begin()

    def flush(self) -> None:
        """Have what is unsaved written, now."""
        for field in self._fields():
            field.flush()

    def release(self) -> bool:
        """End all writing, so that another annotation can be shown; False when something could not be saved."""
        if not all(field.close_editor() for field in self._fields()):
            return False
        self.replies.forget_unwritten()
        return True

    def settle(self, change: Change) -> None:
        """Take note of what was written, when the reading that this card belongs to is not kept in step any more."""
        fields = {view.reply.id: view.field for view in self.replies.views if view.reply is not None}
        if self.annotation is not None:
            fields[self.annotation.id] = self.field
        for key, field in fields.items():
            value = change.after.get(key)
            if isinstance(value, Annotation):
                field.set_note(value.note)

    def _fields(self) -> list[NoteField]:
        return [self.field, *self.replies.fields()]

    def _standing(self) -> Annotation | None:
        """The annotation as the library has it now; what the card was given if it is gone."""
        if self._reading is None or self.annotation is None:
            return self.annotation
        return self._reading.annotations.get(self.annotation.id, self.annotation)

    def _save(self, text: str) -> None:
        standing = self._standing()
        if standing is not None:
            self.changeRequested.emit(edits.set_note(standing, text))

    def _left_editor(self, by_key: bool) -> None:
        self._show_parts()
        self._resize()
        self.writingEnded.emit()
        if by_key:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- changing -----------------------------------------------------------------------------------------------

    def perform(self, tool: str, at: QPoint) -> None:
        """Do what one of cardtools.TOOLS stands for; `at` is where a menu opens, in global pixels."""
        annotation = self._standing()
        if annotation is None or self._is_read_only():
            return
        match tool:
            case "edit":
                self.edit()
            case "reply":
                self.reply()
            case "theme":
                self._activate()
                self.themesRequested.emit(annotation.id, at)
            case "kind":
                self._open(kind_menu(annotation, self.changeRequested.emit, self), at)
            case "colour":
                self._open(colour_menu(self._style, annotation, self.changeRequested.emit, self), at)
            case "accept" if self._reading is not None:
                self.changeRequested.emit(edits.accept([annotation], self._reading.document.text))
            case "attach":
                self.attachRequested.emit(annotation.id)
            case "detach":
                self.changeRequested.emit(edits.detach([annotation]))
            case "resolve":
                self.changeRequested.emit(edits.resolve([annotation], not annotation.done))
            case "private":
                self.changeRequested.emit(edits.set_private([annotation], not annotation.private))
            case "delete":
                self.flush()
                self.changeRequested.emit(edits.delete([self._standing() or annotation]))

    def _open(self, menu: QMenu, at: QPoint) -> None:
        self._activate()
        menu.popup(at)

    def _ticked(self, done: bool) -> None:
        annotation = self._standing()
        if annotation is not None:
            self.changeRequested.emit(edits.set_done([annotation], done))

    def _remove_theme(self, theme: str) -> None:
        annotation = self._standing()
        if annotation is not None:
            self.changeRequested.emit(edits.remove_theme([annotation], theme))

    def _activate(self) -> None:
        if self.annotation is not None:
            self.activated.emit(self.annotation.id)

    # -- pointer and keys ---------------------------------------------------------------------------------------

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Turn to the card when the button is let go: turning to it may move it from under the pointer."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._activate()
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Keep the press, so that the release comes here."""
        event.accept()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Light the mark."""
        if self.annotation is not None:
            self.hovered.emit(self.annotation.id)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The mark's light goes out."""
        self.hovered.emit("")
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Having the focus makes it the current card."""
        super().focusInEvent(event)
        self._activate()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The ring stays, thinner: the card is still the one that the program's keys act on."""
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down go to other cards, Enter edits, Delete deletes, Escape goes back to the text."""
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif held:
            super().keyPressEvent(event)
        elif key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.stepped.emit(1 if key == Qt.Key.Key_Down else -1)
        elif key in _ENTERS and self.hasFocus():
            self.edit()
        elif key == Qt.Key.Key_Delete and self.hasFocus():
            self.perform("delete", QPoint())
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint the ground, the edge in the mark's colour, and the line or ring around it."""
        style = self._style
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        keyboard = self.hasFocus() and bool(self.property("keyboard"))
        thick = 3.0 if keyboard else 2.0 if self._current else 1.0
        box = QRectF(self.rect()).adjusted(thick / 2, thick / 2, -thick / 2, -thick / 2)
        edge = style.mark_strong(self.annotation.colour) if self.annotation is not None else None
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        shape = paint_ground(painter, box, _RADIUS, style.colour("card"), edge, _EDGE + thick / 2, mirrored=mirrored)
        role = "focus" if self._current or keyboard else "control" if self._hovered else "line"
        painter.setPen(QPen(style.colour(role), thick))
        painter.drawPath(shape)
        painter.end()


def paint_ground(
    painter: QPainter, box: QRectF, radius: float, ground: QColor, edge: QColor | None, wide: float, *, mirrored: bool
) -> QPainterPath:
    """Fill a card's shape, with the colour of its mark at the leading edge, `wide` pixels; the shape."""
    shape = QPainterPath()
    shape.addRoundedRect(box, radius, radius)
    painter.fillPath(shape, ground)
    if edge is not None:
        painter.save()
        painter.setClipPath(shape)
        painter.fillRect(QRectF(box.right() - wide if mirrored else box.left(), 0, wide, box.bottom() + wide), edge)
        painter.restore()
    return shape


def is_shown(reading: Reading, annotation: Annotation) -> bool:
    """Whether an annotation has a card of its own accord: it has a note or replies."""
    return bool(annotation.note) or bool(reading.replies.get(annotation.id))
