"""One window a library: later starts hand their files over; locks that a crash left behind do not keep anyone out."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLockFile
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from pytestqt.qtbot import QtBot

from margent.ui import single
from margent.ui.single import Listener, hand_over

START = "import sys; from margent.cli import main; sys.exit(main(sys.argv[1:]))"
START_BRIEFLY = """
import sys
from PySide6.QtCore import QTimer
from margent.cli import main
from margent.ui.app import Program
def leave(self):
    print("opened", flush=True)
    QTimer.singleShot(0, self.app.quit)
Program.show = leave
sys.exit(main(sys.argv[1:]))
"""
"""The program, but for showing the window: what is tried here is the way to it."""
START_IMPATIENT = f"from margent.ui import app; app._PATIENCE = 0.3; {START}"

Begin = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def library(own_folders: Path) -> Path:
    folder = own_folders / "library"
    folder.mkdir()
    return folder


@pytest.fixture
def begin(library: Path) -> Iterator[Begin]:
    """Starts the program in a process of its own."""
    running: list[subprocess.Popen[str]] = []

    def call(*words: str, code: str = START) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", code, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ,
            cwd=library,
        )
        running.append(process)
        return process

    yield call
    for process in running:
        process.kill()
        process.communicate()


def finished(qtbot: QtBot, process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=30000)
    out, err = process.communicate()
    return process.returncode, out, err


def held(library: Path) -> QLockFile:
    lock = QLockFile(str(library / "margent.lock"))
    lock.setStaleLockTime(0)
    assert lock.tryLock(0)
    return lock


def heard(listener: Listener) -> list[object]:
    asked: list[object] = []
    listener.asked.connect(asked.append)
    return asked


def test_a_second_start_hands_its_files_over_and_leaves_with_0(
    qapp: object, qtbot: QtBot, library: Path, begin: Begin
) -> None:
    lock = held(library)
    listener = Listener(library)
    asked = heard(listener)
    (library / "News – Қазақстан.md").write_text("# News\n", "utf-8")
    process = begin("News – Қазақстан.md")
    assert finished(qtbot, process) == (0, "", "")
    assert asked == [[library / "News – Қазақстан.md"]], "made absolute where it was given"
    lock.unlock()


def test_a_second_start_without_files_asks_the_window_to_come_up(
    qapp: object, qtbot: QtBot, library: Path, begin: Begin
) -> None:
    lock = held(library)
    listener = Listener(library)
    asked = heard(listener)
    assert finished(qtbot, begin())[0] == 0
    assert asked == [[]]
    lock.unlock()


def test_a_holder_that_does_not_answer_is_told_in_a_sentence(
    qapp: object, qtbot: QtBot, library: Path, begin: Begin
) -> None:
    lock = held(library)
    code, out, err = finished(qtbot, begin(code=START_IMPATIENT))
    assert (code, out) == (2, "")
    assert err.startswith("margent: ")
    assert str(library) in err
    assert "Traceback" not in err
    assert (library / "margent.lock").exists(), "the holder keeps its lock"
    assert not (library / "library.db").exists()
    lock.unlock()


def test_a_holder_that_is_being_closed_is_waited_for(qapp: object, qtbot: QtBot, library: Path, begin: Begin) -> None:
    lock = held(library)
    process = begin(code=START_BRIEFLY.replace("def leave", "print('starts', flush=True)\ndef leave"))
    assert process.stdout is not None
    assert process.stdout.readline() == "starts\n"
    qtbot.wait(600)
    lock.unlock()
    assert finished(qtbot, process) == (0, "opened\n", "")


def crashed(library: Path) -> None:
    """What kill -9 leaves: the lock of a process that is no more."""
    code = "import os, sys; from PySide6.QtCore import QLockFile; l = QLockFile(sys.argv[1]); l.tryLock(0); os._exit(9)"
    subprocess.run([sys.executable, "-c", code, str(library / "margent.lock")], check=False, timeout=30)


@pytest.mark.parametrize("left", ["a dead process", "an empty file", "another name of this computer", "noise"])
def test_a_lock_that_nobody_holds_is_taken_over(
    qapp: object, qtbot: QtBot, library: Path, begin: Begin, left: str
) -> None:
    lock = library / "margent.lock"
    match left:
        case "a dead process":
            crashed(library)
        case "an empty file":
            lock.touch()
        case "another name of this computer":
            lock.write_text(f"{os.getpid()}\npython\nold-name.example\n00000000\n11111111\n")
        case _:
            lock.write_bytes(b"\x00\xff" * 50)
    assert lock.exists()
    code, out, err = finished(qtbot, begin(code=START_BRIEFLY))
    assert (code, out, err) == (0, "opened\n", "")
    assert not lock.exists()


@pytest.fixture
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(single, "_WAIT_MS", 150)


def test_nobody_listens(qapp: object, library: Path, short_waits: None) -> None:
    assert not hand_over(library, [])


def test_a_listener_that_never_answers(qapp: object, library: Path, short_waits: None) -> None:
    server = QLocalServer()
    assert server.listen(single._name(library))
    assert not hand_over(library, [Path("a.md")])
    server.close()


def test_libraries_do_not_hear_of_each_other(qapp: object, library: Path, tmp_path: Path, short_waits: None) -> None:
    listener = Listener(library)
    asked = heard(listener)
    assert not hand_over(tmp_path, [Path("a.md")])
    assert asked == []


def test_the_same_library_by_another_path_is_the_same(qapp: object, library: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(library)
    assert single._name(link) == single._name(library)
    assert single._name(library / ".." / "library") == single._name(library)


def send(qtbot: QtBot, library: Path, *parts: bytes) -> bytes:
    """Write parts to the listener, one after the other, and what it answers until it hangs up or has said ok."""
    socket = QLocalSocket()
    socket.connectToServer(single._name(library))
    assert socket.waitForConnected(1000)
    answer = bytearray()
    for part in parts:
        socket.write(part)
        socket.flush()
        qtbot.wait(20)
    qtbot.waitUntil(
        lambda: (
            answer.extend(socket.readAll().data())  # type: ignore[func-returns-value]
            or bool(answer)
            or socket.state() == QLocalSocket.LocalSocketState.UnconnectedState
        ),
        timeout=3000,
    )
    socket.abort()
    return bytes(answer)


@pytest.mark.parametrize(
    ("parts", "answer", "expected"),
    [
        ([b'["/a.md"', b', "/b.md"]', b"\n"], b"ok\n", [[Path("/a.md"), Path("/b.md")]]),
        ([b'["/a.md", 3, null]\n'], b"ok\n", [[Path("/a.md")]]),
        ([b'{"a": 1}\n'], b"ok\n", []),
        ([b"not json\n"], b"", []),
        ([b"\xff\xfe\n"], b"", []),
    ],
    ids=["in pieces", "with strangers", "no list", "noise", "bytes"],
)
def test_what_a_listener_makes_of_what_it_hears(
    qapp: object, qtbot: QtBot, library: Path, parts: list[bytes], answer: bytes, expected: list[object]
) -> None:
    listener = Listener(library)
    asked = heard(listener)
    assert send(qtbot, library, *parts) == answer
    assert asked == expected


def test_a_message_without_an_end_is_cut_off(qapp: object, qtbot: QtBot, library: Path) -> None:
    listener = Listener(library)
    asked = heard(listener)
    assert send(qtbot, library, json.dumps(["x" * (1 << 21)]).encode()) == b""
    assert asked == []


def test_a_listener_replaces_the_socket_of_a_crash(qapp: object, qtbot: QtBot, library: Path) -> None:
    code = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from margent.ui.single import Listener
app = QCoreApplication([])
listener = Listener(Path(sys.argv[1]))
os._exit(9)
"""
    subprocess.run([sys.executable, "-c", code, str(library)], check=False, timeout=30)
    listener = Listener(library)
    asked = heard(listener)
    assert send(qtbot, library, b'["/a.md"]\n') == b"ok\n"
    assert asked == [[Path("/a.md")]]
