"""Changes on Qt's own undo stack. A command holds values, never widgets; the library's announcement redraws."""

import zlib
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QUndoCommand

from margent.annotations import Change, same
from margent.errors import MargentError
from margent.ui.actions import QT_TRANSLATE_NOOP

LABELS = (
    QT_TRANSLATE_NOOP("Changes", "Highlight"),
    QT_TRANSLATE_NOOP("Changes", "Underline"),
    QT_TRANSLATE_NOOP("Changes", "Reply"),
    QT_TRANSLATE_NOOP("Changes", "Edit note"),
    QT_TRANSLATE_NOOP("Changes", "Change colour"),
    QT_TRANSLATE_NOOP("Changes", "Change style"),
    QT_TRANSLATE_NOOP("Changes", "Change kind"),
    QT_TRANSLATE_NOOP("Changes", "Tick"),
    QT_TRANSLATE_NOOP("Changes", "Untick"),
    QT_TRANSLATE_NOOP("Changes", "Make private"),
    QT_TRANSLATE_NOOP("Changes", "Make shareable"),
    QT_TRANSLATE_NOOP("Changes", "Add theme"),
    QT_TRANSLATE_NOOP("Changes", "Remove theme"),
    QT_TRANSLATE_NOOP("Changes", "Attach to selection"),
    QT_TRANSLATE_NOOP("Changes", "Accept new words"),
    QT_TRANSLATE_NOOP("Changes", "Detach"),
    QT_TRANSLATE_NOOP("Changes", "Resolve"),
    QT_TRANSLATE_NOOP("Changes", "Reopen"),
    QT_TRANSLATE_NOOP("Changes", "New revision"),
    QT_TRANSLATE_NOOP("Changes", "Merge annotations"),
    QT_TRANSLATE_NOOP("Changes", "Import annotations"),
    QT_TRANSLATE_NOOP("Changes", "Sign notes"),
    QT_TRANSLATE_NOOP("Changes", "Delete"),
    QT_TRANSLATE_NOOP("Changes", "Restore"),
    QT_TRANSLATE_NOOP("Changes", "New theme"),
    QT_TRANSLATE_NOOP("Changes", "Add themes"),
    QT_TRANSLATE_NOOP("Changes", "Import themes"),
    QT_TRANSLATE_NOOP("Changes", "Rename theme"),
    QT_TRANSLATE_NOOP("Changes", "Recolour theme"),
    QT_TRANSLATE_NOOP("Changes", "Edit signal words"),
    QT_TRANSLATE_NOOP("Changes", "Merge themes"),
    QT_TRANSLATE_NOOP("Changes", "Delete theme"),
    QT_TRANSLATE_NOOP("Changes", "Dismiss suggestion"),
    QT_TRANSLATE_NOOP("Changes", "Add passage"),
    QT_TRANSLATE_NOOP("Changes", "Remove passage"),
    QT_TRANSLATE_NOOP("Changes", "New revision"),
    QT_TRANSLATE_NOOP("Changes", "Edit details"),
    QT_TRANSLATE_NOOP("Changes", "Change status"),
    QT_TRANSLATE_NOOP("Changes", "Delete documents"),
    QT_TRANSLATE_NOOP("Changes", "Restore documents"),
    QT_TRANSLATE_NOOP("Changes", "New collection"),
    QT_TRANSLATE_NOOP("Changes", "Rename collection"),
    QT_TRANSLATE_NOOP("Changes", "Move collection"),
    QT_TRANSLATE_NOOP("Changes", "Delete collection"),
    QT_TRANSLATE_NOOP("Changes", "Add to collection"),
    QT_TRANSLATE_NOOP("Changes", "Remove from collection"),
)
"""What `edits` calls its changes, here only to be found by translators: `edits` knows nothing of Qt."""


class ChangeCommand(QUndoCommand):
    """A Change that has been applied already; undo and redo apply its inverse and itself again."""

    def __init__(
        self,
        change: Change,
        apply: Callable[[Change], object],
        failed: Callable[[MargentError], None],
        sitting: int,
    ) -> None:
        super().__init__(QCoreApplication.translate("Changes", change.label))
        self._change = change
        self._apply = apply
        self._failed = failed
        self._sitting = sitting
        self._applied = True

    def id(self) -> int:
        """Equal for commands that may merge: typing in one note, in one sitting."""
        if not self._change.merge:
            return -1
        return zlib.crc32(f"{self._change.merge}:{self._sitting}".encode()) & 0x7FFFFFFF

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over a later command of the same typing, unless somebody else wrote in between: undo leads to that."""
        if not isinstance(other, ChangeCommand):
            return False
        mine, later = self._change, other._change  # noqa: SLF001
        if later.merge != mine.merge or not all(
            same(mine.after.get(key), value) for key, value in later.before.items()
        ):
            return False
        self._change = mine.then(later)
        return True

    def undo(self) -> None:
        """Apply the inverse; a change that can no longer be taken back leaves the stack."""
        self._run(self._change.inverse())

    def redo(self) -> None:
        """Apply the change, but for the first time: the session has applied it before it came here."""
        if self._applied:
            self._applied = False
        else:
            self._run(self._change)

    def _run(self, change: Change) -> None:
        try:
            self._apply(change)
        except MargentError as error:
            self.setObsolete(True)
            self._failed(error)
