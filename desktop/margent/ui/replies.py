"""The replies under a note: shown, begun, written and deleted, each saved like the note itself."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from margent import edits
from margent.annotations import Annotation
from margent.reading import Reading
from margent.ui.notefield import NoteField
from margent.ui.replyview import ReplyView
from margent.ui.style import Style


class Replies(QWidget):
    """The replies to one annotation, oldest first; a new one exists from its first saved words."""

    changeRequested = Signal(object)
    unsavedChanged = Signal(bool)
    left = Signal(bool)
    resized = Signal()
    linkActivated = Signal(str)

    def __init__(self, style: Style, owner: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._owner = owner
        self._reading: Reading | None = None
        self._parent = ""
        self._answered: Annotation | None = None
        """What is answered, as it stood last: it may be deleted elsewhere while somebody writes a reply."""
        self._reachable = False
        self.views: list[ReplyView] = []

    # -- showing ------------------------------------------------------------------------------------------------

    def show_replies(self, reading: Reading, annotation: str) -> None:
        """Show the replies to an annotation as they are now, leaving alone what is the same."""
        other = annotation != self._parent
        self._reading, self._parent = reading, annotation
        self._answered = reading.annotations.get(annotation, self._answered)
        replies = self._standing()
        there = {reply.id for reply in replies}
        for view in list(self.views):
            gone = view.reply is not None and view.reply.id not in there
            if other or (gone and not view.field.unsaved):
                self._drop(view)
        shown = {view.reply.id: view for view in self.views if view.reply is not None}
        for reply in replies:
            if reply.id in shown:
                shown[reply.id].set_reply(reply)
            else:
                self._add(reply)

    def _standing(self) -> list[Annotation]:
        return self._reading.replies.get(self._parent, []) if self._reading is not None else []

    def _add(self, reply: Annotation | None) -> ReplyView:
        view = ReplyView(self._style, self._owner, reply, self)
        view.read_only = self._reading is not None and self._reading.read_only
        view.saveRequested.connect(self._save)
        view.deleteRequested.connect(self._delete)
        view.unsavedChanged.connect(self.unsavedChanged)
        view.left.connect(self._leave)
        view.resized.connect(self.resized)
        view.linkActivated.connect(self.linkActivated)
        view.setFocusPolicy(Qt.FocusPolicy.TabFocus if self._reachable else Qt.FocusPolicy.NoFocus)
        unwritten = bool(self.views) and self.views[-1].reply is None
        self.views.insert(len(self.views) - unwritten, view)
        view.show()
        return view

    def _drop(self, view: ReplyView) -> None:
        self.views.remove(view)
        view.hide()
        view.deleteLater()

    def set_reachable(self, reachable: bool) -> None:
        """Whether Tab comes to the replies."""
        if reachable != self._reachable:
            self._reachable = reachable
            for view in self.views:
                view.setFocusPolicy(Qt.FocusPolicy.TabFocus if reachable else Qt.FocusPolicy.NoFocus)

    def height_for(self, width: int) -> int:
        """Put the replies in their places for a width; the height in pixels that they need, 0 when there are none."""
        px = self._style.px
        y = px(2)
        for view in self.views:
            height = view.height_for(width)
            view.setGeometry(0, y, width, height)
            y += height + px(8)
        return y - px(8) + px(2) if self.views else 0

    # -- writing ------------------------------------------------------------------------------------------------

    def fields(self) -> list[NoteField]:
        """What can be written in."""
        return [view.field for view in self.views]

    def begin(self) -> None:
        """Put the cursor into a new reply."""
        unwritten = next((view for view in self.views if view.reply is None), None)
        (unwritten or self._add(None)).edit()
        self.resized.emit()

    def forget_unwritten(self) -> None:
        """Take away a reply that never got any words."""
        for view in [view for view in self.views if view.reply is None]:
            self._drop(view)

    def _save(self, view: ReplyView, text: str) -> None:
        standing = next((r for r in self._standing() if view.reply is not None and r.id == view.reply.id), None)
        parent = self._reading.annotations.get(self._parent, self._answered) if self._reading is not None else None
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
        elif not text.strip():
            # White space that answers nothing is not waiting to be saved.
            view.field.set_note(text)

    def _delete(self, reply: Annotation) -> None:
        self.changeRequested.emit(edits.delete([reply]))

    def _leave(self, view: ReplyView, by_key: bool) -> None:
        if view in self.views and not view.field.text.strip():
            if view.reply is not None:
                self._delete(view.reply)
            else:
                self._drop(view)
        self.left.emit(by_key)
