"""A library that does not open: what the window offers, and that the old file is kept whatever is chosen."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from margent import edits
from margent.importing import BRIEF, seed
from margent.library.backup import back_up, check
from margent.library.files import library_file
from margent.library.store import Library
from margent.settings import Settings, folders
from margent.ui.app import Program

from .conftest import end

NOTE = "Kept in the backup."


class Choice:
    """Answers each message box by clicking the button with these words ("" for Escape), and keeps what it said."""

    def __init__(self, *words: str) -> None:
        self.words = list(words)
        self.said: list[str] = []
        self.offered: list[list[str]] = []

    def answer(self, box: QMessageBox) -> int:
        buttons = {button.text(): button for button in box.buttons()}
        self.said.append(f"{box.text()} {box.informativeText()}")
        self.offered.append(sorted(buttons))
        assert box.textFormat() == Qt.TextFormat.PlainText, "a file's name must not be read as HTML"
        word = self.words.pop(0)
        (buttons[word] if word else box.escapeButton()).click()
        return 0


Begin = Callable[..., tuple[Program, Choice]]


@pytest.fixture
def begin(qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """Starts the program on this test's library, with answers to the boxes that come."""
    running: list[Program] = []

    def call(*answers: str) -> tuple[Program, Choice]:
        choice = Choice(*answers)

        def exec_(box: QMessageBox) -> int:
            return choice.answer(box)

        monkeypatch.setattr(QMessageBox, "exec", exec_)
        program = Program(qapp, folders(), Settings(daily_backup=False, appearance="light"))
        running.append(program)
        program.show()
        qtbot.waitUntil(
            lambda: (
                not choice.words
                and not program.session.jobs.busy
                and (program.session.is_ready or not program.window.isVisible())
            ),
            timeout=15000,
        )
        return program, choice

    yield call
    for program in running:
        end(program)


def library(note: str = NOTE, *, backed_up: bool = False) -> Path:
    """A library with one note in it; its file."""
    where = folders().library
    where.mkdir()
    opened = Library.open(where)
    seed(opened)
    record = opened.record(BRIEF)
    opened.apply(edits.annotate(record, opened.text(record.revision), 0, 4, note=note))
    opened.close()
    if backed_up:
        back_up(where)
    return library_file(where)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def rubbish(path: Path) -> None:
    path.write_bytes(b"no database " * 500)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def torn(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(bytes(4096 * 6))


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE somebody_elses (a)")


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def aside() -> list[Path]:
    return sorted(folders().library.glob("library-aside-*.db"))


DAMAGE = pytest.mark.parametrize("damage", [rubbish, cut_short, torn, foreign], ids=lambda damage: damage.__name__)


@DAMAGE
def test_the_newest_backup_is_offered_and_the_old_file_kept(begin: Begin, damage: Callable[[Path], None]) -> None:
    path = library(backed_up=True)
    damage(path)
    before = digest(path)
    program, choice = begin("Open the newest backup")
    assert choice.offered == [["Open the newest backup", "Quit", "Start anew"]]
    assert str(path) in choice.said[0]
    assert [value.note for value in program.session.library.annotations()] == [NOTE]
    assert check(program.session.library) == []
    assert [digest(kept) for kept in aside()] == [before]
    assert program.session.reading is not None


def test_an_emptied_library_is_damage_while_there_are_backups(begin: Begin) -> None:
    path = library(backed_up=True)
    emptied(path)
    program, _ = begin("Open the newest backup")
    assert [value.note for value in program.session.library.annotations()] == [NOTE]


@DAMAGE
def test_without_a_backup_one_can_start_anew_and_the_old_file_is_kept(
    begin: Begin, damage: Callable[[Path], None]
) -> None:
    path = library()
    damage(path)
    before = digest(path)
    program, choice = begin("Start anew")
    assert choice.offered == [["Quit", "Start anew"]]
    assert program.session.library.annotations() == []
    assert program.session.library.record(BRIEF).title
    assert [digest(kept) for kept in aside()] == [before]


@DAMAGE
@pytest.mark.parametrize("answer", ["Quit", ""], ids=["quit", "escape"])
def test_leaving_changes_nothing(begin: Begin, damage: Callable[[Path], None], answer: str) -> None:
    path = library(backed_up=True)
    damage(path)
    before = {found: digest(found) for found in folders().library.rglob("*.db*")}
    program, _ = begin(answer)
    assert not program.window.isVisible()
    assert not program.session.is_ready
    assert {found: digest(found) for found in folders().library.rglob("*.db*")} == before


def test_a_broken_backup_is_told_and_the_one_before_it_offered(begin: Begin) -> None:
    path = library(backed_up=True)
    rubbish(path)
    (good,) = (folders().library / "backups").glob("*.db")
    bad = good.with_name("library-2999-01-01.db")
    rubbish(bad)
    before = digest(path)
    program, choice = begin("Open the newest backup", "Open the newest backup")
    assert bad.name in choice.said[0]
    assert bad.name in choice.said[1], "what went wrong"
    assert good.name in choice.said[1], "what is offered now"
    assert bad.exists()
    assert [digest(kept) for kept in aside()] == [before]
    assert [value.note for value in program.session.library.annotations()] == [NOTE]


def test_when_no_backup_is_left_one_can_still_start_anew(begin: Begin) -> None:
    path = library(backed_up=True)
    rubbish(path)
    (copy,) = (folders().library / "backups").glob("*.db")
    rubbish(copy)
    before = digest(path)
    program, choice = begin("Open the newest backup", "Start anew")
    assert choice.offered[1] == ["Quit", "Start anew"]
    assert copy.exists()
    assert [digest(kept) for kept in aside()] == [before]
    assert program.session.library.annotations() == []


def test_a_newer_library_is_refused_and_left_alone(begin: Begin) -> None:
    path = library(backed_up=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = digest(path)
    program, choice = begin("Quit")
    assert choice.offered == [["Quit"]], "neither a backup nor a new library in its place"
    assert "newer" in choice.said[0]
    assert not program.window.isVisible()
    assert digest(path) == before
    assert aside() == []


def test_a_library_that_may_not_be_used_is_refused_with_its_cause(begin: Begin) -> None:
    path = library()
    kept = path.with_name("kept.db")
    path.rename(kept)
    path.mkdir()
    program, choice = begin("Quit")
    assert choice.offered == [["Quit"]]
    assert str(path) in choice.said[0]
    assert not program.window.isVisible()
    assert path.is_dir()
