"""The library view over 10,000 documents with 100,000 highlights: how soon the table stands, and a frame of scrolling.

Each figure is taken in a process of its own, from its start on. *Cold*: the library is asked for as soon as the first
page is painted and keys are heard, before the library has been opened; the time counts to the painted table with its
first documents in it, importing and making the view included. *Warm*: the view was made and filled while nobody did
anything, as it is 2.5 seconds after the start. *Ahead*: the longest step of that, which is the longest that a person
who begins to do something in that very moment is kept waiting. All in time of the window's own processor, for what
others do on the machine meanwhile is not the table's; time on the clock is printed beside it. The floor is a frame of
the same number of words drawn by QTextLayout.draw onto an image as large as the table.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.shelffull import DOCUMENTS, OF_FIRST, fill

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]

OPENED_MS = 100
FRAME_MS = 1000 / 60
_ROOT = Path(__file__).resolve().parents[2]

START = """
import json, os, sys, time
from PySide6.QtCore import QEvent, QObject
from margent.settings import Settings, folders
from margent.ui.app import Program, application
from margent.ui import window as windows

app = application(["margent"])
program = Program(app, folders(), Settings(daily_backup=False, appearance="light"))
window = program.window
window.resize(1440, 900)
completed = []
window.read.completed.connect(lambda: completed.append(True))
told = {}

def until(condition):
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end
        app.processEvents()
        time.sleep(0.0005)

class Painted(QObject):
    at = worked = 0.0

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and not self.at and watched.parent().model().rowCount():
            self.at, self.worked = time.perf_counter(), time.thread_time()
        return False

def opened(name):
    clock, worked = time.perf_counter(), time.thread_time()
    window.show_library()
    view = window.library().view
    painted = Painted()
    view.table.viewport().installEventFilter(painted)
    until(lambda: painted.at)
    told[name] = 1000 * (painted.worked - worked), 1000 * (painted.at - clock), view.model.rowCount()
    until(lambda: view.reader.is_settled)
    told[name + " whole"] = 1000 * (time.thread_time() - worked), 1000 * (time.perf_counter() - clock)
    return view
"""

COLD = """
program.show()
until(lambda: completed)
opened("cold")
"""

WARM = """
from margent.ui.idle import Idle
from margent.ui.shelfreader import ShelfReader
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QImage, QPainter, QTextLayout

windows._AHEAD_MS = 200
steps = []

def timed(method):
    def call(*arguments):
        begun = time.thread_time()
        method(*arguments)
        steps.append(1000 * (time.thread_time() - begun))
    return call

Idle._go_on = timed(Idle._go_on)
ShelfReader._take = timed(ShelfReader._take)
program.show()
until(lambda: window.librarian is not None and window.librarian._complete and window.librarian.view.reader.is_known)
told["ahead"] = max(steps)
view = opened("warm")
until(lambda: not view.table._heights._timer.isActive())
window.show_article()
app.processEvents()
opened("again")
bar, frames = view.table.verticalScrollBar(), []
for step in range(400):
    begun = time.thread_time()
    bar.setValue(step * 400 % bar.maximum())
    view.table.viewport().repaint()
    frames.append(1000 * (time.thread_time() - begun))
told["frames"] = sorted(frames)
for number, name in ((0, "title"), (2, "highlights")):
    begun = time.thread_time()
    view.model.sort(number)
    told["by " + name] = 1000 * (time.thread_time() - begun)
begun = time.thread_time()
view.table.selectAll()
app.processEvents()
told["all chosen"] = 1000 * (time.thread_time() - begun)
view.table.choose(list(view.model.keys()[:1]))
app.processEvents()
begun = time.thread_time()
view.doing.set_status("finished")
app.processEvents()
told["one changed"] = 1000 * (time.thread_time() - begun)

layouts = []
for number in range(6 * (view.table.viewport().height() // 57 + 1)):
    layout = QTextLayout(f"corridor {number}", QFont("Inter", 10))
    layout.setCacheEnabled(True)
    layout.beginLayout()
    layout.createLine().setLineWidth(200)
    layout.endLayout()
    layouts.append(layout)
image = QImage(view.table.viewport().size(), QImage.Format.Format_ARGB32_Premultiplied)
floor = []
for _ in range(60):
    begun = time.thread_time()
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    for number, layout in enumerate(layouts):
        layout.draw(painter, QPointF(100 * (number % 6), 40 * (number // 6)))
    painter.end()
    floor.append(1000 * (time.thread_time() - begun))
told["floor"] = sorted(floor)[30]
"""

DOSSIER = """
program.show()
until(lambda: completed and program.session.is_ready and not program.session.jobs.busy)
theme = next(one for one in program.session.library.theme_list() if one.name == "Theme 0")
begun = time.thread_time()
rows = program.session.library.theme_rows([theme.id])
told["read"] = 1000 * (time.thread_time() - begun), sum(len(row.entries) for row in rows)
window.show_library()
view = window.library().view
until(lambda: view.reader.is_settled and not program.session.jobs.busy)
clock, begun = time.perf_counter(), time.thread_time()
view.show_dossier(theme.id)
until(lambda: view.dossier.loader.stored)
view.dossier.repaint()
told["shown"] = 1000 * (time.thread_time() - begun), 1000 * (time.perf_counter() - clock)
"""

END = """
print(json.dumps(told), flush=True)
window.close()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("shelf")
    fill(made / "library")
    return made


def told(folder: Path, script: str) -> dict[str, Any]:
    """What a program of its own tells of the library in `folder`."""
    own = {
        "MARGENT_LIBRARY": str(folder / "library"), "MARGENT_CONFIG": str(folder / "config"),
        "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(_ROOT / "desktop"),
    }  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | own
    done = subprocess.run(
        [sys.executable, "-c", START + script + END], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_the_library_right_after_the_start(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told(folder, COLD)  # the first start adds the bundled documents and compiles what there is
    found = min((told(folder, COLD) for _ in range(3)), key=lambda one: one["cold"][0])
    with capsys.disabled():
        worked, clock, rows = found["cold"]
        print(
            f"\n  cold: painted with its first {rows} documents after {worked:.0f} ms of processor "
            f"({clock:.0f} ms on the clock); all of {DOCUMENTS} after {found['cold whole'][1]:.0f} ms on the clock"
        )
    assert found["cold"][0] < OPENED_MS * 1.25


def test_the_library_that_was_made_ready(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = min((told(folder, WARM) for _ in range(2)), key=lambda one: one["warm"][0])
    frames = found["frames"]
    late, floor = frames[int(len(frames) * 0.95)], found["floor"]
    with capsys.disabled():
        print(
            f"\n  ahead: longest step {found['ahead']:.0f} ms; warm: painted after {found['warm'][0]:.0f} ms of "
            f"processor ({found['warm'][1]:.0f} on the clock), again {found['again'][0]:.0f} ms\n"
            f"  frame p95 {late:.1f} ms ({late / floor:.0f} x floor {floor:.2f}), worst {frames[-1]:.1f} ms; "
            f"ordered by title {found['by title']:.0f} ms, by highlights {found['by highlights']:.0f} ms; "
            f"all chosen {found['all chosen']:.0f} ms; a state given {found['one changed']:.0f} ms"
        )
    assert found["warm"][2] >= DOCUMENTS
    assert found["warm"][0] < OPENED_MS
    assert late < FRAME_MS
    assert found["ahead"] < 2 * FRAME_MS, "a step is to be no longer than a frame; on a busy machine it may be two"


def test_the_dossier_of_a_theme_with_two_thousand_passages(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = min((told(folder, DOSSIER) for _ in range(3)), key=lambda one: one["shown"][0])
    with capsys.disabled():
        print(
            f"\n  dossier: {found['read'][1]} places of {DOCUMENTS} documents read in {found['read'][0]:.0f} ms in a "
            f"worker; shown after {found['shown'][0]:.0f} ms of the window's processor, making it included "
            f"({found['shown'][1]:.0f} ms on the clock)"
        )
    assert found["read"][1] == OF_FIRST
    assert found["read"][0] < OPENED_MS
    assert found["shown"][0] < OPENED_MS
