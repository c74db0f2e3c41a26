"""A running program for tests of the whole window."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from margent.settings import Settings, folders
from margent.ui.app import Program

Start = Callable[..., Program]


@pytest.fixture
def start(qapp: QApplication, qtbot: QtBot) -> Iterator[Start]:
    """Starts the program on this test's library, waits until it stands, and ends it after the test."""
    running: list[Program] = []

    def call(*files: Path, settings: Settings | None = None) -> Program:
        where = folders()
        where.library.mkdir(parents=True, exist_ok=True)
        program = Program(qapp, where, settings or Settings(daily_backup=False, appearance="light"), files)
        running.append(program)
        program.window.resize(1440, 900)
        program.show()
        qtbot.waitUntil(
            lambda: program.session.is_ready and program.session.reading is not None and not program.session.jobs.busy,
            timeout=15000,
        )
        return program

    yield call
    for program in running:
        end(program)


def end(program: Program) -> None:
    """Close the window and let Qt delete it, as quitting does. A test that failed may have left an import running."""
    if program.session.is_importing:
        program.session.imports.stop()
        deadline = time.monotonic() + 20
        while program.session.is_importing and time.monotonic() < deadline:
            QCoreApplication.processEvents()
            time.sleep(0.01)
    program.window.close()
    for thing in (program.window, program.session, program.style):
        thing.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
