"""Knows when the newest backup of the library was made, and hears of the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QFileSystemWatcher, QObject, Signal

from margent.library.files import BACKUPS
from margent.shelving import last_backup

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


class BackupWatch(QObject):
    """The backups of the library in a folder. `changed` says that there is another newest one."""

    changed = Signal()

    def __init__(self, library: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self.last: datetime | None = None
        """When the newest one was made, UTC; None when there is none, or before `look`."""
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self.look)

    def look(self) -> None:
        """Look now, and hear of it from now on when there is a newer one."""
        # The folder of the backups is made with the first of them.
        watched = set(self._watcher.directories())
        for folder in (self._library, self._library / BACKUPS):
            if folder.is_dir() and str(folder) not in watched:
                self._watcher.addPath(str(folder))
        found = last_backup(self._library)
        if found != self.last:
            self.last = found
            self.changed.emit()
