"""Starts the program: the lock of the library, the quick look at what was read last, the window, the event loop."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QLockFile, QTimer, QTranslator
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
    from pathlib import Path

    from margent.settings import Folders
    from margent.ui.single import Listener


class Program:
    """One running Margent: application, session and window. Built by `run`; tests build it too."""

    def __init__(self, app: QApplication, folders: Folders, settings: Settings, files: Sequence[Path] = ()) -> None:
        self.app = app
        self.style = Style(app, settings.appearance)
        self.session = Session(folders, settings)
        self.window = MainWindow(self.session, self.style)
        self.session.settings_changed.connect(self._settings_changed)
        self._files = list(files)
        self._listener: Listener | None = None
        self.window.read.completed.connect(self._completed)

    def show(self) -> None:
        """Show the window with the text that was being read, without waiting for the library."""
        document, self._files = known_file(self.session.folders, self._files)
        reading = glance(self.session.folders.library, document) if not self._files else None
        if reading is not None:
            self.session.show(reading)
        elif not self._files:
            self.session.open_last()
        self.window.show()

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
    app = QApplication([*arguments, "-style", "fusion"])
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
        if qt.load(spoken, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            app.installTranslator(qt)
    return app


def collect_from_now_on() -> None:
    """Let Python look for garbage, but not among what there is: the program itself and the text being read."""
    gc.freeze()
    gc.enable()


def run(folders: Folders, files: Sequence[Path] = ()) -> int:
    """Open the window and stay until it is closed; the exit code.

    When this library is open already, hands the files to that window and leaves with 0. Raises MargentError when the
    library folder cannot be made or another program holds the lock and does not answer.
    """
    try:
        folders.library.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise MargentError(f"The library folder {folders.library} cannot be made: {error.strerror}.") from error
    lock = QLockFile(str(folders.library / "margent.lock"))
    lock.setStaleLockTime(0)
    app = application(sys.argv[:1])
    if not lock.tryLock(0):
        if lock.error() != QLockFile.LockError.LockFailedError:
            raise MargentError(
                f"Nothing can be written in the library folder {folders.library}. Check its permissions, or choose "
                f"another folder with --library."
            )
        from margent.ui.single import hand_over  # noqa: PLC0415

        if hand_over(folders.library, files):
            return 0
        # What a crash left may name nobody, or this computer by another name. It can be removed if nobody holds it.
        if not (lock.removeStaleLockFile() and lock.tryLock(0)):
            raise MargentError(
                f"The library in {folders.library} is in use by another program that does not answer. "
                f"Close it, or remove margent.lock there if you are sure that nothing uses it."
            )
    problem = ""
    try:
        settings = load(folders.settings)
    except MargentError as error:
        settings, problem = Settings(), str(error)
    program = Program(app, folders, settings, files)
    program.window.read.completed.connect(collect_from_now_on)
    program.show()
    if problem:
        program.window.messages.fail(problem)
    code = app.exec()
    lock.unlock()
    return code
