"""From the start of the process to the first readable text, against a bare window; and what is felt after it.

Both are started in alternation, each in a process of its own, under Xvfb where there is one and otherwise offscreen.
The least of all rounds counts: whatever else the machine does can only add to it.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from benchmarks.prose import markdown
from margent import importing
from margent.library.store import Library

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]

ROUNDS = 8
WITHIN = {600: 1.6, 60_000: 1.6, 1_000_000: 2.25}
"""Times that a bare window takes, by words, in processor time: 1.46, 1.48 and 2.06 as measured here,
and a twelfth more for the noise of a busy machine.

By the clock the ratios are the same on an idle machine, and anything on a busy one; so the clock is told, not judged.
"""
PAUSE_MS = 100

BARE = """
import sys, time
from PySide6.QtWidgets import QApplication, QLabel
class Bare(QLabel):
    def paintEvent(self, event):
        super().paintEvent(event)
        print(time.monotonic(), time.process_time(), flush=True)
        app.quit()
app = QApplication(sys.argv)
window = Bare("\\n".join(["The quick brown fox jumps over the lazy dog. " * 4] * 30))
window.resize(1440, 900)
window.show()
app.exec()
"""

# The driver replaces app.Program as soon as app is imported, by whom and when the program likes.
_ON_APP = """
import sys, time
class Watch:
    def find_spec(self, name, path, target=None):
        if name != "margent.ui.app":
            return None
        sys.meta_path.remove(self)
        spec = next(f for f in map(lambda f: f.find_spec(name, path), sys.meta_path) if f)
        load = spec.loader.exec_module
        spec.loader.exec_module = lambda module: (load(module), watch(module))
        return spec
sys.meta_path.insert(0, Watch())
"""

FIRST = (
    _ON_APP
    + """
def watch(app):
    show = app.Program.show
    def shown(program):
        Reader = type(program.window.read.reader)
        paint = Reader.paintEvent
        def painted(reader, event):
            paint(reader, event)
            print(time.monotonic(), time.process_time(), flush=True)
            program.app.quit()
        Reader.paintEvent = painted
        show(program)
    app.Program.show = shown
from margent.cli import main
main([])
"""
)

FELT = (
    _ON_APP
    + """
def watch(app):
    import json
    from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtTest import QTest
    class Watched(app.Program):
        def show(self):
            self.longest, self.doing = {}, "opening"
            self.heart = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=5)
            self.heart.timeout.connect(self.beat)
            self.window.read.painted.connect(self.begin)
            self.steps = self.use()
            self.session.ready.connect(lambda: QTimer.singleShot(1500, self.step))
            super().show()
        def begin(self):
            self.last = time.perf_counter()
            self.heart.start()
        def beat(self):
            now = time.perf_counter()
            gap, self.last = 1000 * (now - self.last), now
            self.longest[self.doing] = max(self.longest.get(self.doing, 0), gap)
        def step(self):
            self.doing = next(self.steps, "")
            if self.doing:
                QTimer.singleShot(200 if self.doing == "finding" else 40, self.step)
            else:
                print(json.dumps(self.longest), flush=True)
                self.window.close()
        def use(self):
            reader, control = self.window.read.reader, Qt.KeyboardModifier.ControlModifier
            none = Qt.KeyboardModifier.NoModifier
            for _ in range(30):
                self.app.sendEvent(reader.viewport(), QWheelEvent(
                    QPointF(200, 200), QPointF(200, 200), QPoint(), QPoint(0, -360),
                    Qt.MouseButton.NoButton, none, Qt.ScrollPhase.NoScrollPhase, False))
                yield "wheel"
            keys = ("PageDown", none, 15), ("End", control, 1), ("PageUp", none, 5), ("Home", control, 1)
            for key, modifier, times in keys:
                for _ in range(times):
                    QTest.keyClick(reader, getattr(Qt.Key, "Key_" + key), modifier)
                    yield key
            self.window.actions_by_name["find"].trigger()
            yield "finding"
            for letter in "the reg":
                QTest.keyClicks(self.app.focusWidget() or reader, letter)
                yield "finding"
            for _ in range(4):
                self.window.actions_by_name["find_next"].trigger()
                yield "next hit"
    app.Program = Watched
from margent.cli import main
main([])
"""
)


@pytest.fixture(scope="module")
def screen() -> Iterator[Mapping[str, str]]:
    """The environment of a screen nobody looks at."""
    kept = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH", "XDG_RUNTIME_DIR")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    server = shutil.which("Xvfb")
    if server is None:
        yield environment | {"QT_QPA_PLATFORM": "offscreen"}
        return
    reading, writing = os.pipe()
    command = [server, "-displayfd", str(writing), "-screen", "0", "1440x900x24", "-nolisten", "tcp", "-noreset"]
    running = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as told:
        display = told.readline().strip()
    yield environment | {"QT_QPA_PLATFORM": "xcb", "DISPLAY": f":{display}"}
    running.terminate()
    running.wait(10)


@pytest.fixture
def library(words: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library in which a document of so many words was read last."""
    file = tmp_path / "brief.md"
    file.write_text(markdown(words), "utf-8")
    found = Library.open(tmp_path / "library")
    importing.seed(found)
    record, _ = importing.import_file(found, file)
    found.touch_opened(record.id)
    found.close()
    monkeypatch.setenv("MARGENT_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("MARGENT_CONFIG", str(tmp_path / "config"))


def run(script: str, screen: Mapping[str, str]) -> str:
    names = ("MARGENT_LIBRARY", "MARGENT_CONFIG", "HOME")
    environment = {**screen, **{name: os.environ[name] for name in names}}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    return done.stdout.splitlines()[0]


def milliseconds(script: str, screen: Mapping[str, str]) -> tuple[float, float]:
    """To the first paint: by the clock, and of the processor."""
    begun = time.monotonic()
    painted, used = map(float, run(script, screen).split())
    return 1000 * (painted - begun), 1000 * used


@pytest.mark.parametrize("words", WITHIN)
@pytest.mark.usefixtures("library")
def test_the_first_page_is_there_soon(words: int, screen: Mapping[str, str]) -> None:
    for script in (BARE, FIRST):
        milliseconds(script, screen)
    rounds = [(milliseconds(BARE, screen), milliseconds(FIRST, screen)) for _ in range(ROUNDS)]
    (bare, bare_used), (first, first_used) = (
        [min(column) for column in zip(*side, strict=True)] for side in zip(*rounds, strict=True)
    )
    print(
        f"\n{words:,} words: {first:.0f} ms, bare window {bare:.0f}, {first / bare:.2f} times; "
        f"of the processor {first_used:.0f} and {bare_used:.0f}, {first_used / bare_used:.2f} times"
    )
    assert first_used / bare_used <= WITHIN[words]


@pytest.mark.parametrize("words", WITHIN)
@pytest.mark.usefixtures("library")
def test_nothing_stops_the_window(words: int, screen: Mapping[str, str]) -> None:
    runs = [json.loads(run(FELT, screen)) for _ in range(3)]
    least = {doing: min(longest.get(doing, 0.0) for longest in runs) for doing in runs[0]}
    print(f"\n{words:,} words, longest pause in ms: {', '.join(f'{name} {ms:.0f}' for name, ms in least.items())}")
    assert max(least.values()) <= PAUSE_MS
