"""A card of the margin: one annotation with its note, themes and replies, read and edited in the same place.

A card is given to one annotation after the other while the margin scrolls. What it shows comes from the Reading; what
it changes, it asks for with a Change and shows when the announcement comes back.
"""

from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from margent import edits
from margent.annotations import Annotation
from margent.reading import Reading
from margent.ui.cardtext import KIND_ICONS, kind_word, spoken, state_of
from margent.ui.cardtools import CardTools, colour_menu, kind_menu
from margent.ui.chip import Chip
from margent.ui.flow import FlowLayout
from margent.ui.glyph import Words
from margent.ui.notefield import NoteField
from margent.ui.replyview import Byline, ReplyView
from margent.ui.style import Style

_EDGE = 3
_RADIUS = 8
_PADDING = (11, 8)
_ENTERS = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2}


class Card(QFrame):
    """Shows one annotation of a reading; asks for changes, never makes them.

    `activated`: the reader turned to it; `stepped`: to the next (1) or previous (-1) card; `left`: back to the text;
    `resized`: it needs another height; `themesRequested`: a menu of themes at a place on the screen.
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
    writingEnded = Signal()

    def __init__(self, style: Style, owner: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._owner = owner
        self._reading: Reading | None = None
        self._shown: tuple[object, ...] = ()
        self._chips: tuple[object, ...] = ()
        self._height: tuple[int, int] = (0, 0)
        self._replies: list[ReplyView] = []
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
        px = self._style.px
        self._column = QVBoxLayout(self)
        across, down = px(_PADDING[0]), px(_PADDING[1])
        self._column.setContentsMargins(across, down, across, down)
        self._column.setSpacing(px(4))
        self._column.addLayout(self._build_header())
        self._state = QLabel(self)
        self._state.setTextFormat(Qt.TextFormat.PlainText)
        self._state.setProperty("muted", True)
        self._state.setWordWrap(True)
        self._column.addWidget(self._state)
        self.field = NoteField(self.tr("Add a note…"), self)
        self.field.clicked.connect(self.edit)
        self.field.saveRequested.connect(self._save)
        self.field.unsavedChanged.connect(self.unsavedChanged)
        self.field.left.connect(self._left_editor)
        self.field.resized.connect(self._resize)
        self.field.linkActivated.connect(self.linkActivated)
        self._column.addWidget(self.field)
        self._themes = QWidget(self)
        FlowLayout(self._themes, px(4))
        self._column.addWidget(self._themes)
        self._thread = QVBoxLayout()
        self._thread.setSpacing(px(8))
        self._thread.setContentsMargins(0, px(2), 0, px(2))
        self._column.addLayout(self._thread)
        self._footer: QWidget | None = None
        self._tools: CardTools | None = None

    def _build_header(self) -> QHBoxLayout:
        px = self._style.px
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(px(3))
        self._byline = Byline(self._style, self)
        self._byline.setFixedHeight(px(20))
        head.addWidget(self._byline)
        head.addStretch(1)
        self._lock = QLabel(self)
        self._lock.setToolTip(self.tr("Private: stays out of briefs"))
        self._kind_icon = QLabel(self)
        self._kind = QLabel(self)
        self._kind.setProperty("muted", True)
        self.tick = QCheckBox(self)
        self.tick.setFixedSize(px(22), px(20))
        self.tick.clicked.connect(self._ticked)
        for widget in (self._lock, self.tick, self._kind_icon, self._kind):
            head.addWidget(widget)
        return head

    def _build_footer(self) -> QWidget:
        footer = QWidget(self)
        row = QHBoxLayout(footer)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        answer = Words(self._style, self.tr("Reply…"), self.tr("Reply"), footer)
        answer.clicked.connect(self.reply)
        row.addWidget(answer)
        row.addStretch(1)
        tools = CardTools(self._style, ("edit", "kind", "colour", "theme", "private", "delete"), footer)
        tools.chosen.connect(self.perform)
        row.addWidget(tools)
        self._tools = tools
        self._column.addWidget(footer)
        return footer

    # -- showing ------------------------------------------------------------------------------------------------

    def show_annotation(self, reading: Reading, annotation: Annotation) -> None:
        """Show an annotation as the reading has it now; nothing that is the same is touched."""
        self._reading = reading
        replies = reading.replies.get(annotation.id, [])
        themes = tuple(reading.themes[t] for t in annotation.themes if t in reading.themes)
        state = (annotation, tuple(replies), themes)
        if state == self._shown:
            return
        other = self.annotation is None or self.annotation.id != annotation.id
        self._shown = state
        self.annotation = annotation
        self._byline.show_annotation(annotation, self._owner)
        self._show_kind(annotation)
        words = reading.document.text[annotation.start : annotation.end]
        self._state.setText(state_of(annotation, words))
        self._state.setVisible(bool(self._state.text()))
        self.field.set_note(annotation.note)
        self._show_themes()
        self._show_replies(replies, afresh=other)
        if self._tools is not None:
            self._tools.show_state(annotation)
        self._show_parts()
        self.setAccessibleName(spoken(annotation, self._owner, len(replies)))
        self._resize()
        self.update()

    def _show_kind(self, annotation: Annotation) -> None:
        plain = annotation.kind == "note"
        word = kind_word(annotation.kind)
        self._kind.setText(word)
        self._kind.setVisible(not plain)
        self._kind_icon.setVisible(annotation.kind in {"question", "position"})
        if not plain:
            self._kind_icon.setPixmap(self._pixmap(KIND_ICONS[annotation.kind]))
        self._lock.setVisible(annotation.private)
        if annotation.private:
            self._lock.setPixmap(self._pixmap("lock"))
            self._lock.setAccessibleName(self.tr("private"))
        self.tick.setVisible(annotation.is_task)
        self.tick.setChecked(annotation.done)
        name = self.tr("Done: %1").replace("%1", word)
        self.tick.setAccessibleName(name)
        self.tick.setToolTip(self.tr("Done") if annotation.done else self.tr("Open"))

    def _pixmap(self, icon: str) -> QPixmap:
        side = self._style.px(13)
        return self._style.icon(icon, 13, "muted").pixmap(QSize(side, side), self.devicePixelRatio())

    def _show_themes(self) -> None:
        annotation, reading = self.annotation, self._reading
        if annotation is None or reading is None:
            return
        themes = tuple(reading.themes[t] for t in annotation.themes if t in reading.themes)
        wanted = (annotation.id, themes, self._current)
        if wanted == self._chips:
            return
        self._chips = wanted
        layout = self._themes.layout()
        while layout is not None and (item := layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for theme in themes:
            chip = Chip(self._style, theme, self._themes)
            chip.removeRequested.connect(self._remove_theme)
            self._add_chip(chip)
        if self._current:
            self._add_chip(self._theme_button())
        self._themes.setVisible(bool(themes) or self._current)

    def _add_chip(self, widget: QWidget) -> None:
        layout = self._themes.layout()
        if layout is not None:
            layout.addWidget(widget)
            widget.show()

    def _theme_button(self) -> Words:
        button = Words(self._style, self.tr("+ theme"), self.tr("Add a theme"), self._themes, size=11)
        button.clicked.connect(lambda: self.perform("theme", button.mapToGlobal(button.rect().bottomLeft())))
        return button

    def _show_replies(self, replies: list[Annotation], *, afresh: bool) -> None:
        by_id = {reply.id: reply for reply in replies}
        for view in list(self._replies):
            gone = view.reply is not None and view.reply.id not in by_id
            if afresh or (gone and not view.field.unsaved):
                self._drop_reply(view)
        shown = {view.reply.id: view for view in self._replies if view.reply is not None}
        for reply in replies:
            if reply.id in shown:
                shown[reply.id].set_reply(reply)
            else:
                self._add_reply(reply)

    def _add_reply(self, reply: Annotation | None) -> ReplyView:
        view = ReplyView(self._style, self._owner, reply, self)
        view.saveRequested.connect(self._save_reply)
        view.deleteRequested.connect(self._delete_reply)
        view.unsavedChanged.connect(self.unsavedChanged)
        view.left.connect(self._left_reply)
        view.resized.connect(self._resize)
        view.linkActivated.connect(self.linkActivated)
        at = len(self._replies)
        if at and self._replies[-1].reply is None:
            at -= 1
        self._replies.insert(at, view)
        self._thread.insertWidget(at, view)
        view.show()
        return view

    def _drop_reply(self, view: ReplyView) -> None:
        self._replies.remove(view)
        self._thread.removeWidget(view)
        view.hide()
        view.deleteLater()

    def _show_parts(self) -> None:
        """What is there depends on whether this is the card one works on."""
        annotation = self.annotation
        empty = annotation is None or not annotation.note
        self.field.setVisible(not empty or self._current or self.field.editor is not None or not self._replies)
        if self._current and self._footer is None:
            self._footer = self._build_footer()
            self._footer.show()
            if annotation is not None and self._tools is not None:
                self._tools.show_state(annotation)
        elif self._footer is not None:
            self._footer.setVisible(self._current)
        self._show_reach()

    def _show_reach(self) -> None:
        policy = Qt.FocusPolicy.TabFocus if self._reachable else Qt.FocusPolicy.NoFocus
        for part in (self, self.tick, *self._replies, *self._themes.findChildren(Chip)):
            part.setFocusPolicy(policy)

    def set_reachable(self, reachable: bool) -> None:
        """Whether Tab comes here: it enters one card of the margin, Up and Down lead to the others."""
        if reachable != self._reachable:
            self._reachable = reachable
            self._show_reach()

    def set_current(self, current: bool) -> None:
        """Whether this is the card that keys act on; it then has a ring, its tools, and takes part in Tab."""
        if current != self._current:
            self._current = current
            self._show_themes()
            self._show_parts()
            self._resize()
            self.update()

    def set_hovered(self, hovered: bool) -> None:
        """Whether the pointer is on the card or on its mark."""
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()

    def wanted_height(self, width: int) -> int:
        """The height in pixels at this width; remembered until something changes."""
        if self._height[0] != width:
            self.ensurePolished()
            self._column.invalidate()
            self._height = (width, self._column.totalHeightForWidth(width))
        return self._height[1]

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

    def edit(self) -> None:
        """Put the cursor into the note."""
        self._activate()
        self.field.show()
        self.field.edit(self.tr("Note"))
        self._resize()

    def reply(self) -> None:
        """Put the cursor into a new reply."""
        self._activate()
        fresh = next((view for view in self._replies if view.reply is None), None)
        view = fresh or self._add_reply(None)
        view.edit()
        self._resize()

    def flush(self) -> None:
        """Have what is unsaved written, now."""
        for field in self._fields():
            field.flush()

    def release(self) -> bool:
        """End all writing, so that another annotation can be shown; False when something could not be saved."""
        if not all(field.close_editor() for field in self._fields()):
            return False
        for view in [view for view in self._replies if view.reply is None]:
            self._drop_reply(view)
        return True

    def _fields(self) -> list[NoteField]:
        return [self.field, *(view.field for view in self._replies)]

    def _standing(self) -> Annotation | None:
        """The annotation as the library has it now; what the card was given if it is gone."""
        if self._reading is None or self.annotation is None:
            return self.annotation
        return self._reading.annotations.get(self.annotation.id, self.annotation)

    def _save(self, text: str) -> None:
        standing = self._standing()
        if standing is not None:
            self.changeRequested.emit(edits.set_note(standing, text))

    def _save_reply(self, view: ReplyView, text: str) -> None:
        parent = self._standing()
        replies = self._reading.replies.get(parent.id, []) if self._reading is not None and parent is not None else []
        standing = next((reply for reply in replies if view.reply is not None and reply.id == view.reply.id), None)
        if standing is not None:
            self.changeRequested.emit(edits.set_note(standing, text))
        elif parent is not None and text.strip():
            change = edits.reply(parent, text, author=self._owner)
            (key,) = change.after
            value = change.after[key]
            # From now on the view is that reply's, so that the announcement finds it instead of making another.
            if isinstance(value, Annotation):
                view.adopt(value)
            self.changeRequested.emit(replace(change, merge=f"note:{key}"))

    def _left_editor(self, by_key: bool) -> None:
        self._show_parts()
        self._resize()
        self.writingEnded.emit()
        if by_key:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _left_reply(self, view: ReplyView, by_key: bool) -> None:
        if view in self._replies and not view.field.text.strip():
            if view.reply is not None:
                self._delete_reply(view.reply)
            else:
                self._drop_reply(view)
        self._left_editor(by_key)

    # -- changing -----------------------------------------------------------------------------------------------

    def perform(self, tool: str, at: QPoint) -> None:
        """Do what one of cardtools.TOOLS stands for; `at` is where a menu opens, in global pixels."""
        annotation = self._standing()
        if annotation is None:
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

    def _delete_reply(self, reply: Annotation) -> None:
        self.changeRequested.emit(edits.delete([reply]))

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
        """The ring stays, thinner: the card is still the one that keys act on."""
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
        thick = 2.0 if self._current else 1.0
        box = QRectF(self.rect()).adjusted(thick / 2, thick / 2, -thick / 2, -thick / 2)
        shape = QPainterPath()
        shape.addRoundedRect(box, _RADIUS, _RADIUS)
        painter.fillPath(shape, style.colour("card"))
        if self.annotation is not None:
            painter.save()
            painter.setClipPath(shape)
            wide = _EDGE + thick / 2
            x = box.left() if self.layoutDirection() == Qt.LayoutDirection.LeftToRight else box.right() - wide
            edge = QRectF(x, 0, wide, self.height())
            painter.fillRect(edge, style.mark_strong(self.annotation.colour))
            painter.restore()
        role = "focus" if self._current else "control" if self._hovered else "line"
        painter.setPen(QPen(style.colour(role), thick))
        painter.drawPath(shape)
        painter.end()


def is_shown(reading: Reading, annotation: Annotation) -> bool:
    """Whether an annotation has a card of its own accord: it has a note or replies."""
    return bool(annotation.note) or bool(reading.replies.get(annotation.id))
