"""Writing a note: plain text as typed, saved while one types, undone letter by letter, never overwritten.

The editor knows two texts: what it shows and what the library has. As long as they differ the note is unsaved, and
nothing but the library having the same text ends that: a save that failed is tried again. What somebody else has
written into the same note meanwhile is put below what was typed: saving must not wipe it out either.
"""

import re

from PySide6.QtCore import QElapsedTimer, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QResizeEvent, QShowEvent, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

SAVE_MS = 400
"""From the first unsaved key to the save."""
RETRY_MS = 3000
"""From a save that did not take to the next attempt."""
PAUSE_MS = 1000
"""What is typed after such a pause is undone by itself."""
_TALLEST = 320
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""NUL and halves of characters, which come in by pasting."""
_STAYS = {Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.MenuBarFocusReason}


class NoteEditor(QPlainTextEdit):
    """A note being written; as tall as its text, up to 320 px.

    `saveRequested` carries the text to be written; whoever writes it calls `take` with what the library then has.
    `unsavedChanged` says whether something typed is not in the library. `left` means that the reader is done, and
    whether that was by key (the focus is then to be put somewhere).
    """

    saveRequested = Signal(str)
    unsavedChanged = Signal(bool)
    left = Signal(bool)
    heightChanged = Signal()

    def __init__(self, note: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("quiet", True)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(0)
        self._stored = self._asked = _normal(note)
        self._unsaved = False
        self._height = 0
        self._quiet = False
        self._pause = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.flush)
        self.setPlainText(note)
        self.moveCursor(QTextCursor.MoveOperation.End)
        self.textChanged.connect(self._typed)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)

    # -- the two texts ------------------------------------------------------------------------------------------

    def text(self) -> str:
        """What was typed, no-break spaces included (`toPlainText` loses them); no unfinished input of an IME."""
        return _normal(self.document().toRawText())

    @property
    def unsaved(self) -> bool:
        """Whether the library does not have what is shown."""
        return self._unsaved

    def take(self, note: str) -> None:
        """The library has `note` now. It is shown; if the reader has typed what is not saved yet, below that."""
        theirs = _normal(note)
        foreign = theirs not in {self._stored, self._asked}
        self._stored = theirs
        if not self._unsaved and self.text() != theirs:
            self._replace(theirs)
        elif self._unsaved and foreign and theirs not in self.text():
            end = QTextCursor(self.document())
            end.movePosition(QTextCursor.MoveOperation.End)
            end.insertText(f"\n\n{theirs}" if self.text().strip() else theirs)
        self._settle()

    def flush(self) -> None:
        """Ask for what is unsaved to be written, now."""
        self._timer.stop()
        if not self._unsaved:
            return
        self._asked = self.text()
        self.saveRequested.emit(self._asked)
        if self._unsaved:
            self._timer.start(RETRY_MS)

    def _typed(self) -> None:
        self._settle()
        if self._unsaved and (not self._timer.isActive() or self._timer.interval() != SAVE_MS):
            self._timer.start(SAVE_MS)

    def _settle(self) -> None:
        unsaved = self.text() != self._stored
        if not unsaved:
            self._timer.stop()
        if unsaved != self._unsaved:
            self._unsaved = unsaved
            self.unsavedChanged.emit(unsaved)

    def _replace(self, text: str) -> None:
        """Show `text`, changed only where it differs, so that the cursor stays with its words."""
        old = self.text()
        if _units(old) != self.document().characterCount() - 1:
            # Something that is left out of the text stands in the document; places in the two do not agree.
            self.setPlainText(text)
            return
        head = 0
        while head < min(len(old), len(text)) and old[head] == text[head]:
            head += 1
        tail = 0
        while tail < min(len(old), len(text)) - head and old[-1 - tail] == text[-1 - tail]:
            tail += 1
        cursor = QTextCursor(self.document())
        cursor.setPosition(_units(old[:head]))
        cursor.setPosition(_units(old[: len(old) - tail]), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text[head : len(text) - tail])
        # Undoing by letter would now go back past what somebody else wrote.
        self.document().clearUndoRedoStacks()

    # -- size ---------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines break anew. Whoever gave the new width asks for the height that goes with it."""
        self._quiet = True
        super().resizeEvent(event)
        self._fit()
        self._quiet = False

    def showEvent(self, event: QShowEvent) -> None:
        """The font is known for certain now."""
        self._quiet = True
        super().showEvent(event)
        self._fit()
        self._quiet = False

    def _fit(self) -> None:
        lines = max(1, round(self.document().size().height()))
        wanted = lines * self.fontMetrics().lineSpacing() + 2
        height = min(wanted, _TALLEST)
        if height == self._height:
            return
        self._height = height
        tall = wanted > _TALLEST
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAsNeeded if tall else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        if not self._quiet:
            self.heightChanged.emit()

    @property
    def wanted_height(self) -> int:
        """The height in pixels that its text needs at its present width, up to a limit."""
        return self._height

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the note if it is too tall; else the wheel is meant for the page."""
        if self.verticalScrollBar().maximum() > 0:
            super().wheelEvent(event)
        else:
            event.ignore()

    # -- keys ---------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Claim keys before shortcuts do; undo and redo only as long as there is typing to take back."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            step = _history(event)
            if step:
                document = self.document()
                there = document.isUndoAvailable() if step < 0 else document.isRedoAvailable()
                event.setAccepted(there)
                return there
            if _leaves(event):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape and Ctrl+Return finish; Ctrl+Y takes back an undo like Ctrl+Shift+Z."""
        step = _history(event)
        if _leaves(event):
            self.flush()
            self.left.emit(True)
        elif step < 0:
            self.undo()
        elif step > 0:
            self.redo()
        else:
            if not self._pause.isValid() or self._pause.restart() > PAUSE_MS:
                # A document that counts as unmodified starts a new step; Qt would else undo a whole note at once.
                self.document().setModified(False)
                self._pause.start()
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Nothing stays unsaved where nobody is writing."""
        super().focusOutEvent(event)
        self.flush()
        if event.reason() not in _STAYS:
            self.left.emit(False)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nor in what cannot be seen."""
        self.flush()
        super().hideEvent(event)


def _history(event: QKeyEvent) -> int:
    """-1 for the keys of undo, 1 for those of redo, 0 for others."""
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if event.key() == Qt.Key.Key_Z and held in {control, control | shift}:
        return 1 if held & shift else -1
    return 1 if event.key() == Qt.Key.Key_Y and held == control else 0


def _leaves(event: QKeyEvent) -> bool:
    if event.key() == Qt.Key.Key_Escape:
        return True
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and held == Qt.KeyboardModifier.ControlModifier


def _normal(text: str) -> str:
    """`text` with Qt's separators and foreign line ends as plain newlines, and without what no file can hold."""
    for separator in ("\u2029", "\u2028", "\ufdd0", "\ufdd1", "\r\n", "\r"):
        text = text.replace(separator, "\n")
    return _UNSTORABLE.sub("", text)


def _units(text: str) -> int:
    """How many UTF-16 units `text` takes up, which is how Qt counts."""
    return len(text.encode("utf-16-le")) // 2
