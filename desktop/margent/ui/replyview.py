"""A reply on a card: who, when and the note, set in with a line at its side; a new one before it is written."""

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from margent.annotations import Annotation
from margent.ui.cardheader import Byline
from margent.ui.cardtext import spoken
from margent.ui.glyph import Glyph
from margent.ui.notefield import NoteField
from margent.ui.style import Style

_INDENT = 10
_LINE = 18


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
        self.read_only = False
        """Whether it stands on an older text, where nothing is written any more."""
        self._shown: Annotation | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._byline = Byline(style, owner, self)
        self._remove = Glyph(style, "trash-2", self.tr("Delete reply"), self, size=12, width=20, height=_LINE)
        self._remove.clicked.connect(self._ask_delete)
        self._remove.hide()
        self.field = NoteField(self.tr("Reply…"), self)
        self.field.clicked.connect(self.edit)
        self.field.saveRequested.connect(lambda text: self.saveRequested.emit(self, text))
        self.field.unsavedChanged.connect(self.unsavedChanged)
        self.field.resized.connect(self.resized)
        self.field.left.connect(lambda by_key: self.left.emit(self, by_key))
        self.field.linkActivated.connect(self.linkActivated)
        self.set_reply(reply)

    def set_reply(self, reply: Annotation | None) -> None:
        """Show a reply as the library has it."""
        if reply is not None and reply == self._shown:
            return
        self.reply = self._shown = reply
        self._byline.setVisible(reply is not None)
        if reply is not None:
            self._byline.show_annotation(reply)
            self.setAccessibleName(self.tr("Reply: %1").replace("%1", spoken(reply, self._owner, 0)))
        self.field.set_note(reply.note if reply is not None else "")

    def adopt(self, reply: Annotation) -> None:
        """Be the view of a reply that is about to be written; what it shows waits for the announcement."""
        self.reply = reply
        self._shown = None

    def edit(self) -> None:
        """Put the cursor into the reply."""
        if self.read_only:
            return
        self.field.edit(self.tr("Reply"))

    def height_for(self, width: int) -> int:
        """Put the parts in their places for a width; the height in pixels that they need."""
        px = self._style.px
        indent, line = px(_INDENT), px(_LINE)
        inner = width - indent
        x = indent if self.layoutDirection() == Qt.LayoutDirection.LeftToRight else 0
        y = 0
        if not self._byline.isHidden():
            self._byline.setGeometry(x, 0, inner, line)
            self._remove.move(x + inner - self._remove.width() if x else 0, 0)
            y = line + px(1)
        height = self.field.height_for(inner)
        self.field.setGeometry(x, y, inner, height)
        return y + height

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint the line at the side; in the accent while the reply itself has the keyboard."""
        painter = QPainter(self)
        x = 0.0 if self.layoutDirection() == Qt.LayoutDirection.LeftToRight else self.width() - 2.0
        painter.fillRect(QRectF(x, 0, 2, self.height()), self._style.colour("focus" if self.hasFocus() else "line"))
        painter.end()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be deleted."""
        self._remove.setVisible(self.reply is not None and not self.read_only)
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
        if self.reply is not None and not self.read_only:
            self.deleteRequested.emit(self.reply)
