"""A reply on a card: who, when and the note, set in with a line at its side; a new one before it is written."""

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from margent.annotations import Annotation
from margent.ui.cardtext import author_of, short_time, spoken, times_of
from margent.ui.glyph import Glyph
from margent.ui.notefield import NoteField
from margent.ui.style import Style

_INDENT = 10


class Byline(QWidget):
    """The author in bold and the time, as “You · 08:41”."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.px(4))
        self.author = QLabel(self)
        self.author.setTextFormat(Qt.TextFormat.PlainText)
        self.author.setProperty("strong", True)
        self.author.setFont(style.ui_font(12, 600))
        self.time = QLabel(self)
        self.time.setProperty("muted", True)
        row.addWidget(self.author)
        row.addWidget(self.time)

    def show_annotation(self, annotation: Annotation, owner: str) -> None:
        """Say who and when."""
        name = author_of(annotation, owner)
        shown = self.author.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, self._style.px(130))
        self.author.setText(shown)
        self.author.setToolTip(name if shown != name else "")
        self.time.setText(f"· {short_time(annotation.created)}")
        self.time.setToolTip(times_of(annotation))


class ReplyView(QWidget):
    """One reply. `reply` is None until the first words of a new one have been saved."""

    saveRequested = Signal(object, str)
    deleteRequested = Signal(object)
    unsavedChanged = Signal(bool)
    left = Signal(object, bool)
    resized = Signal()
    linkActivated = Signal(str)

    def __init__(self, style: Style, owner: str, reply: Annotation | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._owner = owner
        self.reply: Annotation | None = None
        self._shown: Annotation | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(style.px(_INDENT), 0, 0, 0)
        column.setSpacing(style.px(2))
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        self._byline = Byline(style, self)
        head.addWidget(self._byline)
        head.addStretch(1)
        self._remove = Glyph(style, "trash-2", self.tr("Delete reply"), self, size=12, width=20, height=18)
        policy = QSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        policy.setRetainSizeWhenHidden(True)
        self._remove.setSizePolicy(policy)
        self._remove.clicked.connect(self._ask_delete)
        self._remove.hide()
        head.addWidget(self._remove)
        column.addLayout(head)
        self.field = NoteField(self.tr("Reply…"), self)
        self.field.clicked.connect(self.edit)
        self.field.saveRequested.connect(lambda text: self.saveRequested.emit(self, text))
        self.field.unsavedChanged.connect(self.unsavedChanged)
        self.field.resized.connect(self.resized)
        self.field.left.connect(lambda by_key: self.left.emit(self, by_key))
        self.field.linkActivated.connect(self.linkActivated)
        column.addWidget(self.field)
        self.set_reply(reply)

    def set_reply(self, reply: Annotation | None) -> None:
        """Show a reply as the library has it."""
        if reply is not None and reply == self._shown:
            return
        self.reply = self._shown = reply
        self._byline.setVisible(reply is not None)
        if reply is not None:
            self._byline.show_annotation(reply, self._owner)
            self.setAccessibleName(self.tr("Reply: %1").replace("%1", spoken(reply, self._owner, 0)))
        self.field.set_note(reply.note if reply is not None else "")

    def adopt(self, reply: Annotation) -> None:
        """Be the view of a reply that is about to be written; what it shows waits for the announcement."""
        self.reply = reply
        self._shown = None

    def edit(self) -> None:
        """Put the cursor into the reply."""
        self.field.edit(self.tr("Reply"))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint the line at the side; in the accent while the reply itself has the keyboard."""
        painter = QPainter(self)
        x = 0.0 if self.layoutDirection() == Qt.LayoutDirection.LeftToRight else self.width() - 2.0
        painter.fillRect(QRectF(x, 0, 2, self.height()), self._style.colour("focus" if self.hasFocus() else "line"))
        painter.end()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be deleted."""
        self._remove.setVisible(self.reply is not None)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer has gone."""
        self._remove.hide()
        super().leaveEvent(event)

    def event(self, event: QEvent) -> bool:
        """Delete means this reply, not the note it answers."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Delete and self.hasFocus():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter edits, Delete deletes."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2} and not event.modifiers():
            self.edit()
        elif event.key() == Qt.Key.Key_Delete:
            self._ask_delete()
        else:
            super().keyPressEvent(event)

    def _ask_delete(self) -> None:
        if self.reply is not None:
            self.deleteRequested.emit(self.reply)
