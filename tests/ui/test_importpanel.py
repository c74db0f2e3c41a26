"""Importing in the window: how far it is, how it is stopped, what became of it, and closing meanwhile."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QTimer, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from margent.annotations import DocumentRecord
from margent.importing import Added, Failed, ImportReport, Known, Progress
from margent.library.store import Library
from margent.ui.app import Program
from margent.ui.importdialog import ImportDialog
from margent.ui.importpanel import ImportPanel

Start = Callable[..., Program]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Path]:
    """Files of which the second one is read for ever."""
    code = f"import sys; sys.path[:] = {sys.path!r}; from margent.formats import apart\n"
    code += "def reader(*_):\n    while True: pass\napart.serve(reader)"
    monkeypatch.setattr("margent.formats.apart.command", lambda: [sys.executable, "-c", code])
    folder = tmp_path / "slow"
    folder.mkdir()
    (folder / "1.md").write_text("# One\n", "utf-8")
    (folder / "2.md").write_text("# Two\n\n" + "Words. " * 5000, "utf-8")
    (folder / "3.md").write_text("# Three\n", "utf-8")
    return [folder]


def panel_of(program: Program, qtbot: QtBot) -> ImportPanel:
    qtbot.waitUntil(lambda: program.window.import_panel is not None, timeout=5000)
    panel = program.window.import_panel
    assert panel is not None
    return panel


def titles(program: Program) -> set[str]:
    return {record.title for record in program.session.library.records()}


def idle(program: Program) -> bool:
    return not program.session.is_importing and not program.session.jobs.busy


def test_a_quick_import_shows_no_panel(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    program = start()
    (tmp_path / "a.md").write_text("# Quick\n", "utf-8")
    program.window.open_files([tmp_path / "a.md"])
    panel = panel_of(program, qtbot)
    qtbot.waitUntil(lambda: "Quick" in program.window.windowTitle(), timeout=5000)
    qtbot.wait(500)
    assert not panel.isVisible()
    assert program.window.messages.text() == ""


def test_a_long_import_says_how_far_it_is_and_stops_when_asked(start: Start, qtbot: QtBot, slow: list[Path]) -> None:
    program = start()
    program.window.open_files(slow)
    panel = panel_of(program, qtbot)
    qtbot.waitUntil(panel.isVisible, timeout=5000)
    qtbot.waitUntil(lambda: panel.title.text() == "Bringing in 2 of 3", timeout=5000)
    assert panel.name.accessibleName() == "slow/2.md"
    assert (panel.bar.value(), panel.bar.maximum()) == (100, 300)
    qtbot.mouseClick(panel.cancel, Qt.MouseButton.LeftButton)
    assert panel.title.text() == "Stopping…"
    qtbot.waitUntil(lambda: idle(program), timeout=5000)
    assert not panel.isVisible()
    assert program.window.messages.text() == "Stopped: 1 document(s) came in"
    assert "One" in titles(program)
    assert not titles(program) & {"Two", "Three"}


def test_escape_stops_an_import_that_shows(start: Start, qtbot: QtBot, slow: list[Path]) -> None:
    program = start()
    program.window.open_files(slow)
    panel = panel_of(program, qtbot)
    qtbot.waitUntil(panel.isVisible, timeout=5000)
    qtbot.keyClick(program.window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: idle(program), timeout=5000)
    assert "Stopped" in program.window.messages.text()


def test_the_window_answers_while_documents_come_in(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    program = start()
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number}.md").write_text(f"# {number}\n\n" + "Some words of it. " * 300, "utf-8")
    gaps: list[float] = []
    last = [time.perf_counter()]

    def tick() -> None:
        gaps.append(time.perf_counter() - last[0])
        last[0] = time.perf_counter()

    timer = QTimer()
    timer.timeout.connect(tick)
    timer.start(5)
    program.window.open_files([folder])
    qtbot.waitUntil(lambda: len(titles(program)) >= 62 and idle(program), timeout=30000)
    timer.stop()
    assert max(gaps) < 0.5
    assert program.window.messages.text() == "60 document(s) came in"


def test_what_did_not_come_in_is_listed(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    program = start()
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "good.md").write_text("# Good\n", "utf-8")
    (folder / "same.md").write_text("# Good\n", "utf-8")
    (folder / "bad.md").write_bytes(bytes(range(256)) * 8)
    (folder / "empty.txt").write_bytes(b"")
    program.window.open_files([folder])
    panel = panel_of(program, qtbot)
    qtbot.waitUntil(lambda: idle(program), timeout=10000)
    text = "1 document(s) came in · 1 already in your library · 2 could not be read"
    assert program.window.messages.text() == text
    shown: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, ImportDialog)
        dialog.copy.click()
        shown.append(dialog.list.toPlainText())
        dialog.reject()

    QTimer.singleShot(0, look)
    panel.show_details()
    copied = QGuiApplication.clipboard().text()
    assert copied.splitlines()[0] == "2 file(s) could not be read"
    assert "f/empty.txt\n    empty.txt is empty: there is nothing to read in it." in copied
    assert "f/bad.md" in shown[0]
    assert "empty.txt is empty" in shown[0]


def report_of(record: DocumentRecord) -> ImportReport:
    return ImportReport(
        added=[Added("a.docx", record, ("A picture could not be found.",))],
        known=[Known("b.md", record)],
        failed=[Failed("c.pdf", "c.pdf is damaged.")],
    )


def test_the_list_has_a_heading_for_each_kind_and_follows_the_appearance(start: Start) -> None:
    program = start()
    assert program.session.reading is not None
    dialog = ImportDialog(program.style, report_of(program.session.reading.record), program.window)
    headings = [section.splitlines()[0] for section in dialog.text().split("\n\n")]
    assert headings == [
        "1 file(s) could not be read",
        "Came in, but not whole",
        "1 already in your library",
    ]
    light = dialog.list.textCursor().charFormat().foreground().color().name()
    program.style.set_appearance("dark")
    assert dialog.list.textCursor().charFormat().foreground().color().name() != light
    dialog.deleteLater()


def test_a_long_name_is_cut_in_its_middle_and_said_whole(start: Start, qtbot: QtBot) -> None:
    program = start()
    program.session.imports  # noqa: B018 - made with its panel
    panel = panel_of(program, qtbot)
    name = "folder/" + "very long " * 40 + "name.docx"
    panel._progress(Progress(0, 3, name, share=0.5))
    assert panel.bar.value() == 50
    panel.resize(400, 90)
    panel.name.resize(200, 20)
    assert panel.name.accessibleName() == name
    assert "…" in panel.name.text()
    assert panel.name.text().startswith("folder")


@pytest.mark.parametrize("answer", ["Keep waiting", "Stop and close"])
def test_closing_while_documents_come_in_asks(start: Start, qtbot: QtBot, slow: list[Path], answer: str) -> None:
    program = start()
    program.window.open_files(slow)
    panel = panel_of(program, qtbot)
    qtbot.waitUntil(panel.isVisible, timeout=5000)
    chosen: list[float] = []

    def choose() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        button = next(button for button in box.buttons() if button.text() == answer)
        chosen.append(time.monotonic())
        button.click()

    QTimer.singleShot(50, choose)
    closed = program.window.close()
    assert closed == (answer == "Stop and close")
    assert time.monotonic() - chosen[0] < 1
    if not closed:
        assert program.session.is_importing
        program.session.imports.stop()
        qtbot.waitUntil(lambda: idle(program), timeout=5000)
        return
    qtbot.waitUntil(lambda: not program.session.jobs.busy, timeout=5000)
    library = Library.open(program.session.folders.library)
    found = {record.title for record in library.records()}
    library.close()
    assert "One" in found
    assert "Two" not in found


def test_an_import_that_ends_while_it_is_asked_about_closes_the_question(
    start: Start, qtbot: QtBot, slow: list[Path]
) -> None:
    program = start()
    program.window.open_files(slow)
    qtbot.waitUntil(panel_of(program, qtbot).isVisible, timeout=5000)
    QTimer.singleShot(100, program.session.imports.stop)
    assert program.window.close()


def test_text_on_the_clipboard_becomes_a_document(start: Start, qtbot: QtBot) -> None:
    program = start()
    QGuiApplication.clipboard().setText("A pasted headline\n\nMinisters agreed on a corridor yesterday.\n")
    program.window.actions_by_name["paste_document"].trigger()
    qtbot.waitUntil(lambda: "A pasted headline" in program.window.windowTitle(), timeout=5000)
    assert program.session.reading is not None
    assert program.session.reading.record.origin == "A pasted headline.txt"


def test_files_on_the_clipboard_are_brought_in(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    program = start()
    (tmp_path / "a.md").write_text("# From a file\n", "utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.md"))])
    QGuiApplication.clipboard().setMimeData(data)
    program.window.actions_by_name["paste_document"].trigger()
    qtbot.waitUntil(lambda: "From a file" in program.window.windowTitle(), timeout=5000)


def test_an_empty_clipboard_is_told(start: Start) -> None:
    program = start()
    QGuiApplication.clipboard().clear()
    program.window.actions_by_name["paste_document"].trigger()
    assert program.window.messages.text() == "There is no text and no file on the clipboard."


def test_the_file_dialogs_bring_in_what_was_chosen(
    start: Start, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "a.md").write_text("# Of the folder\n", "utf-8")
    (tmp_path / "b.md").write_text("# Of the files\n", "utf-8")
    filters: list[str] = []

    def names(*arguments: object) -> tuple[list[str], str]:
        filters.append(str(arguments[-1]))
        return [str(tmp_path / "b.md")], ""

    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getOpenFileNames", names)
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getExistingDirectory", lambda *_: str(folder))
    program = start()
    program.window.actions_by_name["open"].trigger()
    qtbot.waitUntil(lambda: "Of the files" in program.window.windowTitle(), timeout=5000)
    for suffix in ("*.md", "*.docx", "*.pdf", "*.epub", "*.zip"):
        assert suffix in filters[0]
    program.window.actions_by_name["open_folder"].trigger()
    qtbot.waitUntil(lambda: "Of the folder" in program.window.windowTitle(), timeout=5000)
