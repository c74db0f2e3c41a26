"""A note on a card: rendered to be read, and in the same place an editor to be written in."""

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPaintEvent, QResizeEvent, QTextDocument, QTextOption
from PySide6.QtWidgets import QApplication, QLabel, QSizePolicy, QWidget

from margent.ui.noteeditor import NoteEditor
from margent.ui.notehtml import to_html
from margent.ui.tips import as_tip


class NoteLabel(QLabel):
    """A rendered note. A click asks to edit it; dragging selects its words; a link is asked for, never followed."""

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        flags = Qt.TextInteractionFlag
        self.setTextInteractionFlags(flags.TextSelectableByMouse | flags.LinksAccessibleByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setOpenExternalLinks(False)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._pressed = QPoint()
        self._link = ""
        self.linkHovered.connect(self._over_link)

    def heightForWidth(self, width: int) -> int:
        """The height at a width, with words longer than a line broken: a label would let them run out of the card."""
        height = super().heightForWidth(width)
        # QLabel lays its document out anew, with its own way of wrapping, when something changed; this comes after.
        document = self.findChild(QTextDocument)
        if not isinstance(document, QTextDocument):
            return height
        option = document.defaultTextOption()
        if option.wrapMode() == QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere:
            return height
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        document.setDefaultTextOption(option)
        return super().heightForWidth(width)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint with the wrapping that the height was measured with."""
        self.heightForWidth(self.width())
        super().paintEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where, to tell a click from a drag."""
        self._pressed = event.globalPosition().toPoint()
        super().mousePressEvent(event)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click that selected nothing and met no link is one on the note."""
        link = self._link
        super().mouseReleaseEvent(event)
        moved = (event.globalPosition().toPoint() - self._pressed).manhattanLength()
        still = moved < QApplication.startDragDistance()
        if event.button() == Qt.MouseButton.LeftButton and still and not link and not self.hasSelectedText():
            self.clicked.emit()
        event.accept()

    def changeEvent(self, event: QEvent) -> None:
        """Take the colour of links from the new palette: Qt does so only when a text is set."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and "<a " in self.text():
            text = self.text()
            self.clear()
            self.setText(text)

    def _over_link(self, address: str) -> None:
        self._link = address
        self.setToolTip(as_tip(address))


class NoteField(QWidget):
    """Shows a note, or lets it be written. `owner` code sets what the library has with `set_note`.

    `saveRequested` carries text to be written, `unsavedChanged` whether something is not written yet; `resized` says
    that the height this needs is another one; `left` that writing ended, and whether it was by key.
    """

    saveRequested = Signal(str)
    unsavedChanged = Signal(bool)
    clicked = Signal()
    left = Signal(bool)
    resized = Signal()
    linkActivated = Signal(str)

    def __init__(self, prompt: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prompt = prompt
        self._note = ""
        self._shown: str | None = None
        self.editor: NoteEditor | None = None
        self.label = NoteLabel(self)
        self.label.clicked.connect(self.clicked)
        self.label.linkActivated.connect(self.linkActivated)

    def set_note(self, note: str) -> None:
        """The library has `note` now."""
        self._note = note
        if self.editor is not None:
            self.editor.take(note)
        else:
            self._show_label()

    def height_for(self, width: int) -> int:
        """The height in pixels that is needed at a width."""
        if self.editor is None:
            return self.label.heightForWidth(width)
        if self.editor.width() != width:
            self.editor.resize(width, self.editor.height())
        return self.editor.wanted_height

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Label and editor take all of it."""
        super().resizeEvent(event)
        self.label.setGeometry(self.rect())
        if self.editor is not None:
            self.editor.setGeometry(self.rect())

    @property
    def text(self) -> str:
        """What is shown, saved or not."""
        return self.editor.text() if self.editor is not None else self._note

    @property
    def unsaved(self) -> bool:
        """Whether something typed is not in the library."""
        return self.editor is not None and self.editor.unsaved

    def edit(self, name: str) -> None:
        """Put the cursor into the note; `name` is what a screen reader calls the editor."""
        if self.editor is None:
            editor = NoteEditor(self._note, self)
            editor.setPlaceholderText(self._prompt)
            editor.setAccessibleName(name)
            editor.saveRequested.connect(self.saveRequested)
            editor.unsavedChanged.connect(self.unsavedChanged)
            editor.heightChanged.connect(self.resized)
            editor.left.connect(self._leave)
            self.editor = editor
            self.label.hide()
            editor.setGeometry(self.rect())
            editor.show()
            self.resized.emit()
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def flush(self) -> None:
        """Have what is unsaved written, now."""
        if self.editor is not None:
            self.editor.flush()

    def close_editor(self) -> bool:
        """Show the note rendered again; stays open, and says False, as long as something could not be saved."""
        if self.editor is None:
            return True
        self.editor.flush()
        if self.editor.unsaved:
            return False
        editor, self.editor = self.editor, None
        self._note = editor.text()
        # Hiding what has the focus would pass it on to some other widget, which would then act as if it was chosen.
        editor.clearFocus()
        editor.hide()
        editor.deleteLater()
        self._show_label()
        self.label.show()
        self.resized.emit()
        return True

    def _leave(self, by_key: bool) -> None:
        if self.editor is not None and self.close_editor():
            self.left.emit(by_key)

    def _show_label(self) -> None:
        if self._shown == self._note:
            return
        self._shown = self._note
        html = to_html(self._note)
        muted = not html
        if self.label.property("muted") != muted:
            self.label.setProperty("muted", muted)
            self.label.style().unpolish(self.label)
            self.label.style().polish(self.label)
        self.label.setText(html or self._prompt)
        self.label.setToolTip("")
        self.resized.emit()
