"""What can be done about a library that does not open. The old file is always kept, never written over."""

import os
import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from margent.errors import MargentError
from margent.library.backup import verify
from margent.library.files import BACKUPS, library_file, make_private, sidecar, sync

_SUFFIXES = ("-wal", "-shm", "-journal", "")
"""The database comes last: should a crash part the files, SQLite would throw away a WAL without its database."""


def backups(folder: Path) -> list[Path]:
    """The backups in a library's folder, newest first."""
    found = (folder / BACKUPS).glob("library-*.db")
    return sorted(found, key=lambda path: (path.name[:18], path.stat().st_mtime_ns), reverse=True)


def restore_backup(folder: Path, backup: Path) -> Path | None:
    """Put a copy of `backup` in the library's place, and say where the old file is kept now (None: there was none).

    Raises MargentError, with everything left as it was, when the backup is no sound library or cannot be copied.
    """
    path = library_file(folder)
    verify(backup, backup)
    draft = path.with_name(f"{path.name}.restored")
    try:
        make_private(draft)
        shutil.copyfile(backup, draft)
        sync(draft)
        kept = _set_aside(path)
        draft.replace(path)
        sync(folder)
    except OSError as error:
        raise MargentError(f"The backup {backup} could not be put in the place of {path}: {error.strerror}.") from error
    finally:
        with suppress(OSError):
            draft.unlink()
    return kept


def start_anew(folder: Path) -> Path | None:
    """Move the library out of the way, so that the next start makes an empty one; where the old file is kept now."""
    path = library_file(folder)
    try:
        kept = _set_aside(path)
        if kept is not None:
            sync(folder)
    except OSError as error:
        raise MargentError(f"The library {path} could not be moved out of the way: {error.strerror}.") from error
    return kept


def _set_aside(path: Path) -> Path | None:
    there = [suffix for suffix in _SUFFIXES if os.path.lexists(sidecar(path, suffix))]
    if not there:
        return None
    name = f"library-aside-{datetime.now().astimezone():%Y-%m-%d-%H%M%S}"
    kept = path.with_name(f"{name}.db")
    turn = 1
    while any(os.path.lexists(sidecar(kept, suffix)) for suffix in _SUFFIXES):
        turn += 1
        kept = path.with_name(f"{name}-{turn}.db")
    for suffix in there:
        sidecar(path, suffix).rename(sidecar(kept, suffix))
    return kept
