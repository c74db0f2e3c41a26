"""Annotations out and in through the window: nothing leaves unseen, nothing comes in unasked, undo takes it back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from margent import edits
from margent.annotations import Annotation
from margent.cli import main
from margent.exchange.merging import Row
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
    settle(program, qtbot)
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
    settle(program, qtbot)
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


def test_a_very_long_export_is_known_by_its_beginning_and_its_end(tmp_path: Path) -> None:
    path = tmp_path / "long.md"
    start, end = "# Long\n\n<!-- margent:begin text -->\n\n", "\n\n<!-- margent:document {} -->\n"
    for document in (f"{start}{'word ' * 900_000}{end}", f"{start}{'word ' * 210_000}{end}", f"{start}word{end}"):
        path.write_text(document, "utf-8")
        assert holds_annotations(path)
    path.write_text("word " * 900_000, "utf-8")
    assert not holds_annotations(path)


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


# -- another text ---------------------------------------------------------------------------------------------------

ROADS = (
    "# Roads\n\nThe corridor reopened on 3 May after long talks between the two sides.\n\nNothing was agreed at all.\n"
)
NEWER = ROADS.replace("# Roads\n", "# Roads\n\nAll of it in short.\n").replace("\n\nNothing was agreed at all.", "")


@pytest.fixture
def roads(start: Start, qtbot: QtBot, tmp_path: Path) -> Program:
    """A program that reads a text with two notes on it, of which a colleague has a newer one (`from_ana`)."""
    (tmp_path / "roads.md").write_text(ROADS, "utf-8")
    (tmp_path / "roads 2.md").write_text(NEWER, "utf-8")
    there = ["--library", str(tmp_path / "ana")]
    assert main([*there, "import", str(tmp_path / "roads.md")]) == 0
    assert main([*there, "revise", "roads", str(tmp_path / "roads 2.md")]) == 0
    assert main([*there, "annotate", "roads", "--quote", "in short", "--note", "Good.", "--author", "Ana"]) == 0
    assert main([*there, "export", "roads", "--format", "margent", "-o", str(tmp_path / "ana.margent")]) == 0
    program = start()
    program.window.open_files([tmp_path / "roads.md"])
    qtbot.waitUntil(lambda: program.session.reading.record.title == "Roads", timeout=8000)  # type: ignore[union-attr]
    settle(program, qtbot)
    note(program, "corridor reopened", "Ask.")
    note(program, "Nothing was agreed", "Pity.")
    return program


def take(program: Program, qtbot: QtBot, path: Path, act: Callable[[TakeInDialog], None], accept: bool = True) -> None:
    def look(dialog: QDialog) -> None:
        assert isinstance(dialog, TakeInDialog)
        qtbot.waitUntil(lambda: "Comparing" not in dialog.summary.text(), timeout=8000)
        act(dialog)

    answer(qtbot, TakeInDialog, look, accept=accept)
    program.window.open_files([path])
    settle(program, qtbot)


def states(program: Program) -> dict[str, str]:
    return {value.note: value.state for value in program.session.library.annotations()}


def test_a_newer_text_is_offered_with_what_becomes_of_the_notes_and_taken_along(
    roads: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    said: list[str] = []

    def look(dialog: TakeInDialog) -> None:
        said.extend([dialog.text.question.text(), dialog.text.take.text(), dialog.summary.text()])
        assert dialog.text.taken() is True
        assert dialog.merge.isEnabled()

    take(roads, qtbot, tmp_path / "ana.margent", look)
    qtbot.waitUntil(lambda: len(states(roads)) == 3, timeout=8000)
    settle(roads, qtbot)
    assert said[0].startswith("Their copy has a newer text: “roads 2.md”, ")
    assert said[1:] == ["Take their text along: 1 of your notes placed, 1 orphaned", "Ana: 1 new"]
    assert states(roads) == {"Ask.": "placed", "Pity.": "orphaned", "Good.": "placed"}
    reading = roads.session.reading
    assert reading is not None
    assert "in short" in reading.document.text
    assert roads.window.messages.text() == (
        "Their text is the newest one now. Merged: 1 new, 0 changed, 0 deleted. "
        "2 annotation(s) on the same words, 1 without its words."
    )
    (check,) = [one for one in roads.window.messages.findChildren(QPushButton) if one.text() == "Check them"]
    check.click()
    checks = roads.window.read.checks
    assert checks is not None
    assert checks.isVisible()
    assert checks.label.text() == "1 of 1 to check: no longer in the text"
    roads.session.undo_group.undo()
    assert states(roads) == {"Ask.": "placed", "Pity.": "placed"}
    assert "in short" not in roads.session.reading.document.text  # type: ignore[union-attr]
    roads.session.undo_group.redo()
    assert states(roads) == {"Ask.": "placed", "Pity.": "orphaned", "Good.": "placed"}


def test_kept_out_the_newer_text_leaves_ones_own_and_the_notes_are_put_on_that(
    roads: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    def look(dialog: TakeInDialog) -> None:
        dialog.text.keep.click()
        assert dialog.text.taken() is False
        assert "orphans" in dialog.problems.text()

    take(roads, qtbot, tmp_path / "ana.margent", look)
    assert states(roads) == {"Ask.": "placed", "Pity.": "placed", "Good.": "orphaned"}
    assert "in short" not in roads.session.reading.document.text  # type: ignore[union-attr]


def test_of_two_texts_none_is_chosen_beforehand(roads: Program, qtbot: QtBot, tmp_path: Path) -> None:
    from margent.formats import read

    other = ROADS.replace("3 May", "4 May").encode()
    document = roads.session.reading.record.id  # type: ignore[union-attr]
    roads.session.library.add_revision(document, read(other, "b.md"), origin="b.md", original=other)

    def look(dialog: TakeInDialog) -> None:
        assert "which counts?" in dialog.text.question.text()
        assert dialog.text.taken() is None
        assert not dialog.merge.isEnabled()
        dialog.text.keep.click()
        assert dialog.merge.isEnabled()

    take(roads, qtbot, tmp_path / "ana.margent", look)
    assert states(roads)["Good."] == "orphaned"


def test_what_was_changed_between_the_preview_and_the_merge_is_compared_anew(
    start: Start, qtbot: QtBot, from_bek: Path
) -> None:
    program = start()
    take(program, qtbot, from_bek, lambda _: None)
    qtbot.waitUntil(lambda: len(program.session.library.annotations()) == 2, timeout=8000)
    first = next(value for value in program.session.library.annotations() if value.note == "By how much?")
    there = ["--library", str(from_bek.parent / "bek")]
    assert (
        main([*there, "annotate", "b0e5", "--quote", "Enhanced Partnership", "--note", "Third.", "--author", "Bek"])
        == 0
    )
    assert main([*there, "export", "b0e5", "--format", "margent", "-o", str(from_bek)]) == 0
    shown: list[str] = []

    def second(dialog: TakeInDialog) -> None:
        shown.append(dialog.again.text())
        shown.extend(row.note for row in dialog.model.values())

    def change(dialog: TakeInDialog) -> None:
        library = program.session.library
        third = next(row.after for row in dialog.prepared().rows if row.fate == "new")  # type: ignore[union-attr]
        # Somebody else has merged it and edited it in the moment before the button is clicked.
        made = library.apply(dialog.prepared().change)  # type: ignore[union-attr]
        library.apply(edits.set_note(made.after[third.id], "Third, edited."))  # type: ignore[arg-type]

        def again(dialog: QDialog) -> None:
            assert isinstance(dialog, TakeInDialog)
            qtbot.waitUntil(lambda: "Comparing" not in dialog.summary.text(), timeout=8000)
            second(dialog)

        QTimer.singleShot(0, lambda: answer(qtbot, TakeInDialog, again, accept=False))

    take(program, qtbot, from_bek, change)
    qtbot.waitUntil(lambda: bool(shown), timeout=8000)
    settle(program, qtbot)
    assert shown[0].startswith("Your library was changed meanwhile")
    assert {value.note for value in program.session.library.annotations()} == {
        "By how much?",
        "Says who?",
        "Third, edited.",
    }
    assert first.id in {value.id for value in program.session.library.annotations()}


def test_a_change_that_does_not_touch_the_preview_needs_no_second_look(
    start: Start, qtbot: QtBot, from_bek: Path
) -> None:
    program = start()

    def change(dialog: TakeInDialog) -> None:
        library = program.session.library
        (theme,) = library.apply(edits.new_theme("Mine", "navy")).after.values()
        prepared = dialog.prepared()
        assert prepared is not None
        stale = {**prepared.change.before, theme.id: None}  # type: ignore[union-attr]
        object.__setattr__(prepared.change, "before", stale)

    take(program, qtbot, from_bek, change)
    qtbot.waitUntil(lambda: len(program.session.library.annotations()) == 2, timeout=8000)


def test_a_long_preview_is_filled_in_while_the_window_answers(start: Start, qtbot: QtBot) -> None:
    program = start()
    keys = [f"{n:032x}" for n in range(2500)]
    values = [
        Annotation(id=key, document="d", revision="r", start=n, end=n + 4, exact=f"word {n}", note=f"Note {n}.")
        for n, key in enumerate(keys)
    ]
    rows = tuple(Row(value.id, "new", None, value) for value in values)
    dialog = TakeInDialog(program.style, "long.margent", [("", "")], program.window)
    dialog.show_new(rows)
    assert dialog.model.rowCount() == 1000
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 2500, timeout=5000)
    assert list(dialog.model.keys()) == keys
    dialog.show_new(rows[:3])
    qtbot.wait(50)
    assert dialog.model.rowCount() == 3
