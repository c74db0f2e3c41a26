"""Starts the program: the lock of the library, the quick look at what was read last, the window, the event loop."""

from __future__ import annotations

import gc
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtCore, QtGui
from PySide6.QtCore import QLocale, QLockFile, QTimer, QTranslator, Signal
from PySide6.QtWidgets import QApplication

from margent import __version__
from margent.assets import RESOURCES
from margent.errors import MargentError
from margent.library.glance import glance
from margent.settings import Settings, load
from margent.ui.session import Session
from margent.ui.style import Style
from margent.ui.window import MainWindow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QEvent

    from margent.settings import Folders
    from margent.ui.single import Listener

_SCREENS = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET")
_PATIENCE = 20.0
"""Seconds to wait for a program that has the library and does not answer."""
_AGAIN_MS = 200


class Program:
    """One running Margent: application, session and window. Built by `run`; tests build it too."""

    def __init__(self, app: QApplication, folders: Folders, settings: Settings, files: Sequence[Path] = ()) -> None:
        self.app = app
        self.style = Style(app, settings.appearance, quick=True)
        self.session = Session(folders, settings)
        self.window = MainWindow(self.session, self.style)
        self.session.settings_changed.connect(self._settings_changed)
        self._files = list(files)
        self._listener: Listener | None = None
        self.window.read.painted.connect(self.style.settle)
        self.window.read.completed.connect(self._completed)

    def show(self) -> None:
        """Show the window with the text that was being read, without waiting for the library."""
        document, self._files = known_file(self.session.folders, self._files)
        reading = glance(self.session.folders.library, document) if not self._files else None
        # The window first, so that the text is set once, in its width there; nothing is painted before both are done.
        self.window.show()
        if reading is not None:
            self.session.show(reading)
        elif not self._files:
            self.session.open_last()

    def _completed(self) -> None:
        """The first page is painted: now the library, the files asked for, and whoever else starts."""
        self.session.start()
        if self._files:
            self.window.open_files(self._files)
        QTimer.singleShot(0, self._listen)

    def _listen(self) -> None:
        from margent.ui.single import Listener  # noqa: PLC0415 - brings in QtNetwork

        self._listener = Listener(self.session.folders.library, self.window)
        self._listener.asked.connect(self._asked)

    def _asked(self, paths: object) -> None:
        self.window.setWindowState(self.window.windowState() & ~self.window.windowState().WindowMinimized)
        self.window.raise_()
        self.window.activateWindow()
        if isinstance(paths, list) and paths:
            self.window.open_files(paths)

    def _settings_changed(self, settings: Settings) -> None:
        self.style.set_appearance(settings.appearance)


class FinderApplication(QApplication):
    """The QApplication on macOS; `file_opened` carries the path of a file that the Finder hands to a program that runs.

    Elsewhere nobody does, and every event of the application would be shown to Python in vain.
    """

    file_opened = Signal(str)

    def event(self, event: QEvent) -> bool:
        """Take files from the Finder."""
        if isinstance(event, QtGui.QFileOpenEvent) and event.file():
            self.file_opened.emit(event.file())
            return True
        return super().event(event)


def known_file(folders: Folders, files: Sequence[Path]) -> tuple[str | None, list[Path]]:
    """The id of the document, when `files` is one file whose content the library has, else the files to bring in."""
    if len(files) != 1:
        return None, list(files)
    from margent.library.glance import document_of_file  # noqa: PLC0415 - only for a file on the command line

    found = document_of_file(folders.library, files[0])
    return (found, []) if found is not None else (None, list(files))


def application(arguments: Sequence[str]) -> QApplication:
    """The QApplication, named and in the reader's language."""
    # The style is named as an argument: setStyle answers with a QStyle, and to make that class takes PySide 7 ms.
    kind = FinderApplication if sys.platform == "darwin" else QApplication
    app = kind([*arguments, "-style", "fusion"])
    app.setApplicationName("margent")
    app.setApplicationDisplayName("Margent")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("margent")
    own = QTranslator(app)
    if own.load(QLocale(), "margent", "_", str(RESOURCES / "translations")) or own.load(
        "margent_en", str(RESOURCES / "translations")
    ):
        app.installTranslator(own)
    # Qt's own words, and the direction it lays out in, follow the language that the window speaks.
    spoken = QLocale(own.language())
    if spoken.language() not in {QLocale.Language.C, QLocale.Language.English}:
        qt = QTranslator(app)
        where = QtCore.QLibraryInfo.path(QtCore.QLibraryInfo.LibraryPath.TranslationsPath)
        if qt.load(spoken, "qtbase", "_", where):
            app.installTranslator(qt)
    return app


def collect_from_now_on() -> None:
    """Let Python look for garbage, but not among what there is: the program itself and the text being read."""
    gc.freeze()
    gc.enable()


def run(folders: Folders, files: Sequence[Path] = ()) -> int:
    """Open the window and stay until it is closed; the exit code.

    When this library is open already, hands the files to that window and leaves with 0. Raises MargentError when there
    is no screen, the library folder cannot be made, or another program holds the lock and does not answer for
    _PATIENCE seconds.
    """
    if not _has_screen():
        raise MargentError(
            "There is no screen to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set. Start Margent from a "
            "desktop, or use a command that needs no window (margent --help lists them)."
        )
    app = application(sys.argv[:1])
    try:
        lock = _locked(folders) or _handed_over(folders, files)
        if lock is None:
            return 0
    except MargentError as error:
        _tell(app, error)
        raise
    problem = ""
    try:
        settings = load(folders.settings)
    except MargentError as error:
        settings, problem = Settings(), str(error)
    program = Program(app, folders, settings, files)
    program.window.read.completed.connect(collect_from_now_on)
    if isinstance(app, FinderApplication):
        app.file_opened.connect(lambda name: program.window.open_files([Path(name)]))
    program.show()
    if problem:
        program.window.messages.fail(problem)
    code = app.exec()
    lock.unlock()
    return code


def _has_screen() -> bool:
    """Whether Qt can be expected to find a screen; without one it ends the program by itself, and not with a word."""
    if sys.platform in {"win32", "darwin"} or any(os.environ.get(name) for name in _SCREENS):
        return True
    return (Path(os.environ.get("XDG_RUNTIME_DIR", "/nonexistent")) / "wayland-0").exists()


def _lock_of(folders: Folders) -> QLockFile:
    lock = QLockFile(str(folders.library / "margent.lock"))
    lock.setStaleLockTime(0)
    return lock


def _locked(folders: Folders) -> QLockFile | None:
    """The library's lock, held; None when another process holds it."""
    try:
        folders.library.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise MargentError(f"The library folder {folders.library} cannot be made: {error.strerror}.") from error
    lock = _lock_of(folders)
    if lock.tryLock(0):
        return lock
    if lock.error() != QLockFile.LockError.LockFailedError:
        raise MargentError(
            f"Nothing can be written in the library folder {folders.library}. Check its permissions, or choose "
            f"another folder with --library."
        )
    return None


def _handed_over(folders: Folders, files: Sequence[Path]) -> QLockFile | None:
    """None once the program that holds the lock has taken the files, else the lock: it was left behind, or let go.

    A program that is being closed answers nobody while it finishes a backup or an import, so this asks again.
    """
    from margent.ui.single import hand_over  # noqa: PLC0415 - a second start alone

    lock = _lock_of(folders)
    until = time.monotonic() + _PATIENCE
    while not hand_over(folders.library, files):
        # A crash leaves a lock that may name nobody, or this computer by another name.
        if lock.tryLock(_AGAIN_MS) or (lock.removeStaleLockFile() and lock.tryLock(0)):
            return lock
        if time.monotonic() > until:
            raise MargentError(
                f"The library in {folders.library} is in use by another program that does not answer. "
                f"Close it, or remove margent.lock there if you are sure that nothing uses it."
            )
    return None


def _tell(app: QApplication, error: MargentError) -> None:
    """Show the sentence in a box to whoever started the program from an icon, and so sees no terminal."""
    if app.platformName() in {"offscreen", "minimal"} or (sys.stderr is not None and sys.stderr.isatty()):
        return
    from PySide6.QtWidgets import QMessageBox  # noqa: PLC0415 - a failed start alone

    box = QMessageBox(QMessageBox.Icon.Critical, "Margent", str(error))
    box.setTextFormat(QtCore.Qt.TextFormat.PlainText)
    box.exec()
