"""Annotations out and in through the window: nothing leaves unseen, nothing comes in unasked, undo takes it back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from margent import edits
from margent.cli import main
from margent.settings import Settings
from margent.ui.app import Program
from margent.ui.exchanges import holds_annotations
from margent.ui.senddialog import SendDialog
from margent.ui.takeindialog import TakeInDialog

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

Start = Callable[..., Program]
QUOTE = "Oil, gas and minerals"


def note(program: Program, quote: str = QUOTE, text: str = "Ask.", author: str = "Ana", **more: object) -> str:
    reading = program.session.reading
    assert reading is not None
    at = reading.document.text.index(quote)
    change = edits.annotate(
        reading.record, reading.document.text, at, at + len(quote), note=text, author=author, **more
    )  # type: ignore[arg-type]
    (key,) = change.after
    assert program.session.do(change)
    return key


def answer(qtbot: QtBot, kind: type[QDialog], act: Callable[[QDialog], None], accept: bool = True) -> None:
    """When a dialog of that kind stands, do something with it and close it."""

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, kind):
            QTimer.singleShot(20, look)
            return
        act(dialog)
        dialog.accept() if accept else dialog.reject()

    QTimer.singleShot(20, look)


def settle(program: Program, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not program.session.jobs.busy, timeout=8000)
    qtbot.wait(20)


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the next file is saved; its suffix is the one that is asked for."""
    monkeypatch.setattr(
        QFileDialog,
        "getSaveFileName",
        lambda _parent, _title, start, *_more, **_options: (str(tmp_path / f"out{Path(start).suffix}"), ""),
    )
    return tmp_path


@pytest.fixture
def from_bek(tmp_path: Path) -> Path:
    """An exchange file of a colleague with two notes on the bundled brief."""
    there = ["--library", str(tmp_path / "bek")]
    for quote, words in ((QUOTE, "By how much?"), ("largest country of Central Asia", "Says who?")):
        assert main([*there, "annotate", "b0e5", "--quote", quote, "--note", words, "--author", "Bek"]) == 0
    path = tmp_path / "bek.margent"
    assert main([*there, "export", "b0e5", "--format", "margent", "-o", str(path)]) == 0
    return path


def test_a_file_that_is_opened_is_shown_first_then_merged_and_undone(
    start: Start, qtbot: QtBot, from_bek: Path
) -> None:
    program = start()
    reading = program.session.reading
    assert reading is not None
    seen: list[str] = []

    def look(dialog: QDialog) -> None:
        assert isinstance(dialog, TakeInDialog)
        qtbot.waitUntil(dialog.merge.isEnabled, timeout=5000)
        seen.append(dialog.summary.text())
        seen.extend(row.note for row in dialog.model.values())
        assert len(reading) == 0, "nothing happens before it is accepted"

    answer(qtbot, TakeInDialog, look)
    program.window.open_files([from_bek])
    qtbot.waitUntil(lambda: len(reading) == 2, timeout=8000)
    assert seen == ["Bek: 2 new", "Says who?", "By how much?"]
    assert {value.author for value in reading.annotations.values()} == {"Bek"}
    assert "2 new" in program.window.messages.text()
    program.session.undo_group.undo()
    assert len(reading) == 0
    program.session.undo_group.redo()
    assert len(reading) == 2


def test_what_is_refused_changes_nothing(start: Start, qtbot: QtBot, from_bek: Path) -> None:
    program = start()
    reading = program.session.reading
    assert reading is not None
    answer(qtbot, TakeInDialog, lambda _: None, accept=False)
    program.window.open_files([from_bek])
    settle(program, qtbot)
    assert len(reading) == 0


def test_a_file_that_brings_nothing_new_says_so(start: Start, qtbot: QtBot, from_bek: Path) -> None:
    program = start()
    reading = program.session.reading
    assert reading is not None
    answer(qtbot, TakeInDialog, lambda dialog: qtbot.waitUntil(dialog.merge.isEnabled))  # type: ignore[attr-defined]
    program.window.open_files([from_bek])
    qtbot.waitUntil(lambda: len(reading) == 2, timeout=8000)
    said: list[str] = []

    def look(dialog: QDialog) -> None:
        assert isinstance(dialog, TakeInDialog)
        qtbot.waitUntil(lambda: dialog.summary.text() != "Comparing…", timeout=5000)
        said.append(dialog.summary.text())
        assert not dialog.merge.isEnabled()

    answer(qtbot, TakeInDialog, look, accept=False)
    program.window.open_files([from_bek])
    settle(program, qtbot)
    assert said == ["There is nothing in it that you do not have already."]


def test_where_a_file_may_belong_to_several_documents_the_reader_says_which(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    program = start()
    table = tmp_path / "x.csv"
    table.write_text("Highlight,Title,Author,URL,Note,Location,Date\nnowhere to be found,Other,,,Ask.,,\n", "utf-8")
    shown: list[int] = []

    def look(dialog: QDialog) -> None:
        assert isinstance(dialog, TakeInDialog)
        shown.append(dialog.place.count())
        guide = dialog.place.findText("Reading and briefing with Margent")
        dialog.place.setCurrentIndex(guide)
        qtbot.waitUntil(dialog.merge.isEnabled, timeout=5000)
        assert "orphans" in dialog.problems.text()

    answer(qtbot, TakeInDialog, look)
    program.window.open_files([table])
    qtbot.waitUntil(lambda: bool(program.session.library.annotations()), timeout=8000)
    (value,) = program.session.library.annotations()
    assert (value.state, value.note) == ("orphaned", "Ask.")
    reading = program.session.reading
    assert reading is not None
    assert reading.record.id == value.document, "the document it went to is open, with its undo"
    assert shown == [2]


def test_a_document_that_is_not_there_comes_with_its_notes(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    text = tmp_path / "roads.md"
    text.write_text("# Roads\n\nThe corridor reopened on 3 May after long talks.\n", "utf-8")
    there = ["--library", str(tmp_path / "bek")]
    assert main([*there, "import", str(text)]) == 0
    assert main([*there, "annotate", "roads", "--quote", "The corridor", "--author", "Bek"]) == 0
    path = tmp_path / "roads.margent"
    assert main([*there, "export", "roads", "--format", "margent", "-o", str(path)]) == 0
    program = start()
    answer(qtbot, TakeInDialog, lambda dialog: qtbot.waitUntil(dialog.merge.isEnabled))  # type: ignore[attr-defined]
    program.window.open_files([path])
    qtbot.waitUntil(lambda: bool(program.session.library.annotations()), timeout=8000)
    reading = program.session.reading
    assert reading is not None
    assert (reading.record.title, len(reading)) == ("Roads", 1)


@pytest.mark.parametrize("content", ["{broken", "[1]", '{"type": "Person"}'])
def test_a_file_that_cannot_be_taken_in_is_named(start: Start, qtbot: QtBot, tmp_path: Path, content: str) -> None:
    program = start()
    path = tmp_path / "odd.json"
    path.write_text(content, "utf-8")
    program.window.open_files([path])
    qtbot.waitUntil(lambda: "odd.json" in program.window.messages.text(), timeout=5000)


# -- out ------------------------------------------------------------------------------------------------------------


def test_what_leaves_is_shown_exactly_and_private_notes_stay(start: Start, qtbot: QtBot, saved: Path) -> None:
    program = start(settings=Settings(daily_backup=False, appearance="light", author="Ana"))
    note(program)
    note(program, "largest country of Central Asia", "Mine alone.", private=True)
    shown: list[list[str]] = []

    def look(dialog: QDialog) -> None:
        assert isinstance(dialog, SendDialog)
        shown.append([row.note for row in dialog.model.values()])
        dialog.include.setChecked(True)
        shown.append([row.note for row in dialog.model.values()])
        dialog.include.setChecked(False)

    answer(qtbot, SendDialog, look)
    program.window.actions_by_name["send"].trigger()
    qtbot.waitUntil((saved / "out.margent").exists, timeout=8000)
    settle(program, qtbot)
    assert shown == [["Ask."], ["Mine alone.", "Ask."]]
    assert b"Mine alone" not in (saved / "out.margent").read_bytes()
    assert "out.margent" in program.window.messages.text()
    assert main(["--library", str(saved / "bek"), "merge", "-", str(saved / "out.margent")]) == 0


def test_notes_without_a_name_need_one_and_get_it(start: Start, qtbot: QtBot, saved: Path) -> None:
    program = start()
    note(program, author="")

    def look(dialog: QDialog) -> None:
        assert isinstance(dialog, SendDialog)
        assert not dialog.save.isEnabled()
        dialog.name.setText(" Ana ")
        assert dialog.save.isEnabled()

    answer(qtbot, SendDialog, look)
    program.window.actions_by_name["send"].trigger()
    qtbot.waitUntil((saved / "out.margent").exists, timeout=8000)
    settle(program, qtbot)
    assert [value.author for value in program.session.library.annotations()] == ["Ana"]
    assert program.session.settings.author == "Ana"


@pytest.mark.parametrize("form", ["whole", "jsonld", "readwise"])
def test_every_form_is_written_and_comes_back(start: Start, qtbot: QtBot, saved: Path, form: str) -> None:
    program = start(settings=Settings(daily_backup=False, appearance="light", author="Ana"))
    note(program, kind="question")

    def look(dialog: QDialog) -> None:
        assert isinstance(dialog, SendDialog)
        dialog.forms.setCurrentIndex(dialog.forms.findData(form))
        assert dialog.left_out.isVisible() == (form == "readwise")

    answer(qtbot, SendDialog, look)
    program.window.actions_by_name["send"].trigger()
    suffix = {"whole": ".md", "jsonld": ".jsonld", "readwise": ".csv"}[form]
    path = saved / f"out{suffix}"
    qtbot.waitUntil(path.exists, timeout=8000)
    settle(program, qtbot)
    assert holds_annotations(path)
    assert main(["--library", str(saved / "bek"), "merge", "-", str(path)]) == 0


def test_a_file_that_is_no_export_is_not_written_over(start: Start, qtbot: QtBot, saved: Path) -> None:
    program = start(settings=Settings(daily_backup=False, appearance="light", author="Ana"))
    note(program)
    (saved / "out.margent").write_text("A letter.", "utf-8")
    # The suffix alone makes it look like one; what is in it counts.
    (saved / "out.jsonld").write_text("A letter.", "utf-8")

    def look(dialog: QDialog) -> None:
        assert isinstance(dialog, SendDialog)
        dialog.forms.setCurrentIndex(dialog.forms.findData("jsonld"))

    answer(qtbot, SendDialog, look)
    program.window.actions_by_name["send"].trigger()
    qtbot.waitUntil(lambda: "is there already" in program.window.messages.text(), timeout=8000)
    assert (saved / "out.jsonld").read_text("utf-8") == "A letter."


@pytest.mark.parametrize(
    ("name", "content", "merged"),
    [
        ("a.md", "# A text\n", False),
        ("a.txt", "A text.\n", False),
        ("a.pdf", "%PDF", False),
        ("a.json", "{}", True),
        ("a.margent", "", True),
        ("My Clippings.txt", "Book (A)\n- Your Highlight on page 4 | Added on Monday\n\nwords\n==========\n", True),
    ],
)
def test_which_files_are_merged_and_which_are_read(tmp_path: Path, name: str, content: str, merged: bool) -> None:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    assert holds_annotations(path) == merged


def test_folders_and_missing_files_are_left_to_the_import(tmp_path: Path) -> None:
    (tmp_path / "x.json").mkdir()
    assert not holds_annotations(tmp_path / "x.json")
    assert not holds_annotations(tmp_path / "missing.json")


def test_a_document_in_the_bin_comes_back_even_where_no_note_is_new(start: Start, qtbot: QtBot, from_bek: Path) -> None:
    program = start()
    answer(qtbot, TakeInDialog, lambda dialog: qtbot.waitUntil(dialog.merge.isEnabled, timeout=8000))  # type: ignore[attr-defined]
    program.window.open_files([from_bek])
    qtbot.waitUntil(lambda: len(program.session.library.annotations()) == 2, timeout=8000)
    (record,) = [one for one in program.session.library.records() if one.id.startswith("b0e5")]
    program.session.library.apply(edits.delete_documents([record]))
    seen: list[bool] = []

    def look(dialog: QDialog) -> None:
        assert isinstance(dialog, TakeInDialog)
        qtbot.waitUntil(lambda: "Comparing" not in dialog.summary.text(), timeout=8000)
        seen.append(dialog.merge.isEnabled())
        assert "comes back" in dialog.problems.text()

    answer(qtbot, TakeInDialog, look)
    program.window.open_files([from_bek])
    qtbot.waitUntil(lambda: bool(seen), timeout=8000)
    settle(program, qtbot)
    assert seen == [True]
    qtbot.waitUntil(lambda: program.session.library.record(record.id).deleted is None, timeout=8000)
