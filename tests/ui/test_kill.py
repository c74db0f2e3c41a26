"""kill -9 at any moment: what was typed half a second before is there, the library is sound, and it opens again."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from margent.importing import BRIEF
from margent.library.backup import check, verify
from margent.library.store import Library

pytestmark = pytest.mark.timeout(300)

LOST_AT_MOST = 0.5
"""Seconds of typing that a crash may cost."""

HEAD = """
import random, sys, time
from pathlib import Path
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from margent.cli import main
from margent.ui.app import Program

def say(*words):
    print(*words, flush=True)

def begin(program):
    session = program.session
    if session.reading is None or not session.is_ready or program.window.read.margin is None or session.jobs.busy:
        QTimer.singleShot(10, lambda: begin(program))
    else:
        act(program)

show = Program.show
def shown(program):
    show(program)
    begin(program)
Program.show = shown
"""

TYPING = (
    HEAD
    + """
def act(program):
    read, reading = program.window.read, program.session.reading
    known = list(reading.annotations)
    if known:
        read.edit_note(known[0])
    else:
        at = reading.document.text.index("Oil, gas and minerals")
        read.reader.select(at, at + 21)
        program.window.actions_by_name["note"].trigger()
    (value,) = reading.annotations.values()
    letters = iter("the price of oil was not what the minister had said in spring " * 20)
    editor = QApplication.focusWidget()
    QTest.keyClick(editor, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    timer = QTimer(program.window)
    def type_one():
        letter = next(letters)
        QTest.keyClicks(QApplication.focusWidget(), letter)
        say("key", time.time(), letter)
    timer.timeout.connect(type_one)
    timer.start(50)
    say("before", value.note)
sys.exit(main([]))
"""
)

COPYING = (
    HEAD
    + """
def act(program):
    folder = Path(sys.argv[1])
    turn = int(sys.argv[2])
    say("working")
    def step():
        nonlocal turn
        if not program.session.jobs.busy:
            turn += 1
            path = folder / f"{turn}.txt"
            sentence = f"A sentence of report {turn}, one of very many. "
            path.write_text(f"Report {turn}\\n\\n" + sentence * 20000, "utf-8")
            program.window.open_files([path])
            from margent.library.backup import back_up_to
            where = program.session.folders.library
            target = folder / f"backup-{turn}.db"
            program.session.jobs.run(lambda: back_up_to(where, target))
    timer = QTimer(program.window)
    timer.timeout.connect(step)
    timer.start(5)
sys.exit(main([]))
"""
)

LOOKING = (
    HEAD
    + """
def act(program):
    say("title", program.window.windowTitle())
    say("message", program.window.messages.text())
    program.window.close()
sys.exit(main([]))
"""
)

Begin = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def library(own_folders: Path) -> Path:
    return own_folders / "library"


@pytest.fixture
def begin(own_folders: Path) -> Iterator[Begin]:
    """Starts the program, in a process of its own, with what it is to do."""
    own_folders.joinpath("config").mkdir()
    own_folders.joinpath("config/settings.toml").write_text("daily_backup = false\n")
    running: list[subprocess.Popen[str]] = []

    def call(code: str, *words: object) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ,
        )
        running.append(process)
        return process

    yield call
    for process in running:
        process.kill()
        process.communicate()


def lines(process: "subprocess.Popen[str]", first: str) -> str:
    """Read on until a line begins with `first`; what follows it there."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(first):
            return line.removeprefix(first).strip()
    _, err = process.communicate()
    raise AssertionError(f"the program ended before it said {first!r}: {err}")


def notes(library: Path) -> list[str]:
    opened = Library.open(library)
    try:
        assert check(opened) == []
        return [value.note for value in opened.annotations()]
    finally:
        opened.close()


def looks_as_always(begin: Begin) -> None:
    process = begin(LOOKING)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert "Margent" in out
    assert out.endswith("message \n"), "nothing is wrong, so nothing is said"


def test_what_was_typed_half_a_second_before_a_kill_is_there(begin: Begin, library: Path) -> None:
    chance = random.Random(os.environ.get("MARGENT_SEED", "kill"))
    before = ""
    for _ in range(int(os.environ.get("MARGENT_KILLS", "3"))):
        process = begin(TYPING)
        assert lines(process, "before") == before.strip(), "the window shows what the library has"
        time.sleep(0.3 + 1.5 * chance.random())
        process.kill()
        killed = time.time()
        out, err = process.communicate(timeout=30)
        assert err == ""
        keys = [(float(line.split(" ", 2)[1]), line[-1]) for line in out.splitlines() if line.startswith("key ")]
        assert len(keys) > 3
        (note,) = notes(library)
        typed = before + "".join(letter for _, letter in keys)
        old = before + "".join(letter for at, letter in keys if at < killed - LOST_AT_MOST)
        assert note.startswith(old), f"lost {len(old) - len(note)} letters"
        assert typed.startswith(note) or note[:-1] == typed, "what is there is what was typed"
        before = note
    looks_as_always(begin)


def test_a_kill_during_import_and_backup_leaves_whole_documents_and_whole_copies(
    begin: Begin, library: Path, tmp_path: Path
) -> None:
    chance = random.Random(os.environ.get("MARGENT_SEED", "kill"))
    turn = 0
    for _ in range(int(os.environ.get("MARGENT_KILLS", "2"))):
        process = begin(COPYING, tmp_path, turn)
        lines(process, "working")
        time.sleep(0.05 + 0.6 * chance.random())
        process.kill()
        assert process.communicate(timeout=30)[1] == ""
        turn = max([turn, *(int(path.stem) for path in tmp_path.glob("*.txt"))])
        opened = Library.open(library)
        try:
            assert check(opened) == []
            for record in opened.records():
                document = opened.document(record.revision)
                if record.origin != "bundled":
                    assert document.text.count(f"A sentence of report {record.title.split()[-1]},") == 20000
            assert opened.record(BRIEF).deleted is None
        finally:
            opened.close()
        for copy in tmp_path.glob("backup-*.db"):
            verify(copy, copy)
    assert turn > 0
    looks_as_always(begin)
