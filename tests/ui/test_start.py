"""The first page waits for nothing that it does not show."""

import json
import os
import subprocess
import sys

import pytest

from margent import importing
from margent.library.store import Library
from margent.settings import folders

FIRST = """
import json, os, sys
from margent.settings import Settings, folders
from margent.ui.app import Program, application
from margent.ui.reader import Reader
paint = Reader.paintEvent
def painted(reader, event):
    paint(reader, event)
    made = {name for part in ("QtCore", "QtGui", "QtWidgets") for name in vars(sys.modules["PySide6." + part])}
    print(json.dumps([reader.text, sorted({*sys.modules, *made})]), flush=True)
    os._exit(0)
Reader.paintEvent = painted
app = application(["margent"])
program = Program(app, folders(), Settings())
program.show()
app.exec()
"""


def test_the_first_page_loads_nothing_that_comes_after_it() -> None:
    library = Library.open(folders().library)
    importing.seed(library)
    library.touch_opened(importing.BRIEF)
    library.close()
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", FIRST], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    text, loaded = json.loads(done.stdout)
    assert text
    later = {
        "sqlalchemy", "alembic", "markdown", "jinja2", "tomllib", "tomlkit", "margent.importing", "margent.ui.chrome",
        "margent.ui.handlers", "margent.ui.menus", "margent.ui.actions", "margent.ui.sidebar", "margent.ui.margin",
        # One event that may be of any class, shown to Python, makes them all.
        "QTouchEvent", "QTabletEvent", "QGestureEvent", "QKeySequence", "QAction",
        # All names in it are made at once (Style.brush).
        "Qt",
    }  # fmt: skip
    assert not later & set(loaded)


QUICK = """
import sys
from PySide6.QtGui import QColor, QPalette
from margent.ui.app import application
from margent.ui.style import Style
app = application(["margent"])
palette = QPalette()
for role, colour in ((QPalette.ColorRole.Window, sys.argv[1]), (QPalette.ColorRole.WindowText, sys.argv[2])):
    palette.setColor(role, QColor(colour))
app.setPalette(palette)
style = Style(app, "system", quick=True)
print(style.appearance.name, "Qt" in vars(sys.modules["PySide6.QtCore"]))
"""


@pytest.mark.parametrize(
    ("ground", "text", "name", "asked"),
    [
        ("#efefef", "#000000", "light", False),
        ("#323232", "#f0f0f0", "dark", False),
        # What may be a theme of high contrast is asked about before anything is shown.
        ("#ffffff", "#000000", "light", True),
    ],
)
def test_the_first_page_is_in_the_systems_colours_already(ground: str, text: str, name: str, asked: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", QUICK, ground, text],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"}, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.split() == [name, str(asked)]


KEYS = """
import json, sys
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from margent.settings import Settings, folders
from margent.ui.app import Program, application
app = application(["margent"])
program = Program(app, folders(), Settings())
window, pressed = program.window, []
def press():
    if window.focusWidget() is not read.reader:
        return
    program.app.focusObjectChanged.disconnect(press)
    pressed.append(read.toolbar is None and not window.actions_by_name)
    for name in sys.argv[1:]:
        control = Qt.KeyboardModifier.ControlModifier if name.startswith("^") else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(window.windowHandle(), getattr(Qt.Key, "Key_" + name.lstrip("^")), control)
    pressed.append(True)
def tell():
    if len(pressed) < 2:
        return QTimer.singleShot(50, tell)
    place = read.reader.verticalScrollBar().value()
    print(json.dumps([pressed, place, read.finding.edit.text()]))
    window.close()
read = window.read
program.app.focusObjectChanged.connect(press)
read.completed.connect(lambda: QTimer.singleShot(50, tell))
program.show()
app.exec()
"""


@pytest.mark.parametrize(
    ("keys", "sought"), [(("Down",), ""), (("^F", "R", "E", "G"), "reg"), (("Down", "^F", "X"), "x")], ids=str
)
def test_keys_pressed_before_the_first_page_are_not_lost(keys: tuple[str, ...], sought: str) -> None:
    library = Library.open(folders().library)
    importing.seed(library)
    library.touch_opened(importing.BRIEF)
    library.close()
    done = subprocess.run(
        [sys.executable, "-c", KEYS, *keys],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"}, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    pressed, place, text = json.loads(done.stdout)
    assert pressed == [True, True]
    assert text.casefold() == sought
    if "Down" in keys:
        assert place > 0
