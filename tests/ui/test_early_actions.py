"""What is asked for before the library is open: every action does what it can, or says why it cannot."""

import threading
from contextlib import closing

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from margent.importing import seed
from margent.library.store import Library
from margent.settings import Settings, folders
from margent.ui.actions import ACTIONS
from margent.ui.app import Program

from .conftest import end


@pytest.mark.qt_log_ignore("This plugin does not support")  # the offscreen one
@pytest.mark.parametrize("view", ["read", "library"])
def test_no_action_fails_before_the_library_is_open(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, view: str
) -> None:
    where = folders()
    with closing(Library.open(where.library)) as library:
        seed(library)
    go_on, opened = threading.Event(), Library.open
    monkeypatch.setattr(Library, "open", lambda folder: (go_on.wait(60), opened(folder))[1])
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([], ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    monkeypatch.setattr(QDialog, "exec", lambda _: 0)
    program = Program(qapp, where, Settings(daily_backup=False, appearance="light"))
    window, said = program.window, []
    program.session.failed.connect(said.append)
    program.show()
    qtbot.waitUntil(lambda: window.menus is not None and window.read.margin is not None, timeout=10_000)
    tried = 0
    for action in ACTIONS:
        if action.name in {"quit", "full_screen"}:
            continue
        if view == "library" and window.view_name != "library":
            window.library().enter()
        elif view == "read":
            if window.view_name != "read":
                window.show_article()
            window.read.reader.select(10, 30)
        tried += window.actions_by_name[action.name].isEnabled()
        window.actions_by_name[action.name].trigger()
        QApplication.processEvents()
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
    assert tried > 20
    assert any("still being opened" in sentence for sentence in said)
    go_on.set()
    qtbot.waitUntil(lambda: program.session.is_ready and not program.session.jobs.busy, timeout=20_000)
    end(program)
