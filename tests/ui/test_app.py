"""Starting: which document is shown first, in which language, and what keeps the program from starting."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from margent import edits
from margent.importing import BRIEF, GUIDE, import_file, seed
from margent.library.store import Library
from margent.settings import Folders, folders, load
from margent.ui.app import Program, known_file

Start = Callable[..., Program]

MAIN = "import sys; from margent.cli import main; sys.exit(main(sys.argv[1:]))"
SHOWN = """
import os, sys
from PySide6.QtCore import QLocale, QTimer
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from margent.cli import main
from margent.ui.app import Program
if "SPEAK" in os.environ:
    QLocale.setDefault(QLocale(os.environ["SPEAK"]))
show = Program.show
def shown(program):
    show(program)
    def look():
        read = program.window.read
        if program.session.reading is None or not program.session.is_ready or program.session.jobs.busy:
            QTimer.singleShot(10, look)
            return
        print(program.window.windowTitle())
        print(program.window.messages.text())
        print(read.status.counts.text())
        print(read.status.state.text())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        print(QApplication.layoutDirection().name, buttons.buttons()[0].text().replace("&", ""))
        program.window.close()
    look()
Program.show = shown
sys.exit(main(sys.argv[1:]))
"""


def run(code: str, *words: object, **environment: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, words)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=20,
        env=os.environ | {"QT_LOGGING_RULES": ""} | environment,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def in_the_way(own: Path) -> Path:
    path = own / "file"
    path.write_text("in the way")
    return path / "library"


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="needs a folder that even root cannot write in")
def test_a_folder_that_cannot_be_written_in_is_told() -> None:
    code, out, err = run(MAIN, "--library", "/sys/kernel")
    assert (code, out) == (2, "")
    assert err.startswith("margent: ")
    assert "/sys/kernel" in err
    assert "permissions" in err
    assert "another program" not in err


def test_a_folder_that_cannot_be_made_is_told(own_folders: Path) -> None:
    folder = in_the_way(own_folders)
    code, out, err = run(MAIN, "--library", folder)
    assert (code, out) == (2, "")
    assert err.startswith("margent: ")
    assert str(folder) in err
    assert "Traceback" not in err


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="there is always a screen")
def test_without_a_screen_the_program_says_so(own_folders: Path) -> None:
    code, out, err = run(
        MAIN, QT_QPA_PLATFORM="", DISPLAY="", WAYLAND_DISPLAY="", WAYLAND_SOCKET="", XDG_RUNTIME_DIR=""
    )
    assert (code, out) == (2, "")
    assert err.startswith("margent: There is no screen")
    assert not (own_folders / "library" / "library.db").exists()


def test_broken_settings_are_told_in_the_window_and_stay_as_they_are(own_folders: Path) -> None:
    config = own_folders / "config"
    config.mkdir()
    (config / "settings.toml").write_text("author = Ana")
    code, out, err = run(SHOWN)
    assert (code, err) == (0, "")
    assert "settings.toml" in out.splitlines()[1]
    assert (config / "settings.toml").read_text() == "author = Ana"


@pytest.mark.parametrize(
    ("language", "quotes", "counts"),
    [
        ("fr_FR", ["Oil, gas and minerals"], "1 annotation"),
        ("ar_EG", ["Oil, gas and minerals", "largest country of Central Asia"], "2 annotations"),
    ],
)
def test_in_a_language_without_translation_the_window_speaks_english_with_its_plurals(
    language: str, quotes: list[str], counts: str
) -> None:
    library = Library.open(folders().library)
    seed(library)
    record = library.record(BRIEF)
    text = library.text(record.revision)
    for quote in quotes:
        at = text.index(quote)
        library.apply(edits.annotate(record, text, at, at + len(quote)))
    library.close()
    code, out, err = run(SHOWN, SPEAK=language)
    assert (code, err) == (0, "")
    assert out.splitlines()[2:] == [counts, "Saved", "LeftToRight Cancel"]


def test_one_file_whose_content_is_known_needs_no_import(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# Known\n\nWords.\n", "utf-8")
    where = folders()
    library = Library.open(where.library)
    record, _ = import_file(library, path)
    library.close()
    unknown = tmp_path / "b.md"
    unknown.write_text("# Unknown\n", "utf-8")
    assert known_file(where, [path]) == (record.id, [])
    assert known_file(where, [unknown]) == (None, [unknown])
    assert known_file(where, [path, unknown]) == (None, [path, unknown])
    assert known_file(where, []) == (None, [])
    assert known_file(where, [tmp_path / "gone.md"]) == (None, [tmp_path / "gone.md"])
    assert known_file(Folders(tmp_path / "none", tmp_path / "none"), [path]) == (None, [path])


def test_what_was_read_last_is_shown_at_the_next_start(start: Start, qtbot: QtBot) -> None:
    program = start()
    program.window.show_document(GUIDE)
    qtbot.waitUntil(
        lambda: program.session.reading is not None and program.session.reading.record.id == GUIDE, timeout=5000
    )
    program.window.close()
    again = start()
    assert again.session.reading is not None
    assert again.session.reading.record.id == GUIDE


@pytest.mark.qt_log_ignore(r"raise\(\)", extend=True)
def test_later_starts_hand_over_to_a_window_that_shows_their_file(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    from margent.ui.single import hand_over

    program = start()
    qtbot.waitUntil(lambda: program._listener is not None, timeout=3000)
    assert program._listener is not None
    path = tmp_path / "news.md"
    path.write_text("# Handed over\n\nWords.\n", "utf-8")
    program._listener.asked.emit([path])
    qtbot.waitUntil(lambda: "Handed over" in program.window.windowTitle(), timeout=5000)
    program._listener.asked.emit([])
    assert "Handed over" in program.window.windowTitle()
    assert not hand_over(tmp_path, [])


def test_a_choice_of_appearance_is_seen_at_once_and_kept(start: Start) -> None:
    program = start()
    program.session.set_settings(replace(program.session.settings, appearance="sepia"))
    assert program.style.appearance.name == "sepia"
    assert load(folders().settings).appearance == "sepia"


def test_a_file_that_the_finder_hands_over_is_told() -> None:
    code = (
        "from PySide6.QtCore import QUrl\n"
        "from PySide6.QtGui import QFileOpenEvent\n"
        "import sys\n"
        "sys.platform = 'darwin'\n"
        "from margent.ui.app import application\n"
        "app = application(['margent'])\n"
        "app.file_opened.connect(print)\n"
        "app.sendEvent(app, QFileOpenEvent(QUrl.fromLocalFile('/tmp/a brief.md')))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, timeout=60, capture_output=True, text=True)
    assert done.stdout == "/tmp/a brief.md\n"
