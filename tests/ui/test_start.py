"""The first page waits for nothing that it does not show."""

import json
import os
import subprocess
import sys

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
    }  # fmt: skip
    assert not later & set(loaded)
