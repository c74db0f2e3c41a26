"""A start as the command line makes it: in a process of its own, from nothing to the finished window."""

import json
import subprocess
import sys
from typing import Any

import pytest

from margent.importing import seed
from margent.library.store import Library
from margent.settings import folders

TOLD = """
import gc, json, sys
from PySide6.QtCore import QTimer
from margent.ui import app

class Told(app.Program):
    def show(self):
        self.window.read.painted.connect(lambda: self.tell("first"))
        self.window.read.painted.connect(self.beat)
        self.window.read.completed.connect(lambda: QTimer.singleShot(0, self.end))
        self.beats = 0
        super().show()

    def beat(self):
        self.beats += 1
        QTimer.singleShot(0, self.beat)

    def tell(self, when):
        print(json.dumps({
            "when": when,
            "modules": sorted(sys.modules),
            "collecting": gc.isenabled(),
            "frozen": gc.get_freeze_count(),
            "style": self.app.style().objectName(),
            "shown": self.window.read.reader.text[:60],
            "beats": self.beats,
            "actions": sorted(self.window.actions_by_name),
        }), flush=True)

    def end(self):
        self.tell("completed")
        self.app.setStyleSheet("")
        self.tell("unstyled")
        self.window.close()

app.Program = Told
from margent.cli import main
sys.exit(main([]))
"""


@pytest.fixture
def told() -> dict[str, dict[str, Any]]:
    """What the program said of itself at its first page and when it was complete."""
    library = Library.open(folders().library)
    seed(library)
    library.close()
    done = subprocess.run([sys.executable, "-c", TOLD], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return {said["when"]: said for said in map(json.loads, done.stdout.splitlines())}


def test_the_first_page_waits_for_nothing_it_does_not_show(told: dict[str, dict[str, Any]]) -> None:
    first = told["first"]
    assert first["shown"].startswith("EU–Kazakhstan")
    later = {"sqlalchemy", "alembic", "markdown", "tomlkit", "jinja2", "platformdirs", "uuid"}
    later |= {"PySide6.QtNetwork", "PySide6.QtSvg", "margent.ui.sidebar", "margent.ui.margin", "margent.themes"}
    assert later.isdisjoint(first["modules"])


def test_the_actions_are_there_when_the_window_is_complete(told: dict[str, dict[str, Any]]) -> None:
    from margent.ui.actions import ACTIONS

    assert told["completed"]["actions"] == sorted(spec.name for spec in ACTIONS)


def test_the_page_can_be_scrolled_while_the_rest_is_built(told: dict[str, dict[str, Any]]) -> None:
    assert told["completed"]["beats"] - told["first"]["beats"] >= 5


def test_garbage_is_collected_from_when_the_window_is_complete(told: dict[str, dict[str, Any]]) -> None:
    assert not told["first"]["collecting"]
    assert told["completed"]["collecting"]
    assert told["completed"]["frozen"] > 10_000


def test_every_platform_shows_the_same_style(told: dict[str, dict[str, Any]]) -> None:
    assert told["unstyled"]["style"] == "fusion"
