"""`margent --selftest`: the whole program once through, in temporary libraries, without a screen if there is none.

First what needs no window (`margent.trial`: formats, search, exchange), then the window. An installed or frozen program
is checked with it.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from margent.errors import MargentError
from margent.settings import Folders, Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from margent.ui.app import Program

_SECONDS = 30.0
_NOTE = "Written by the self-test."


def selftest() -> int:
    """Read every format, search, exchange; open the bundled brief, write a note, export; 0 when all is found again.

    Raises MargentError naming the step that failed.
    """
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from margent.trial import trial  # noqa: PLC0415 - only when asked for

    with tempfile.TemporaryDirectory(prefix="margent-selftest-") as folder:
        trial(Path(folder))
        _run(Path(folder))
    print("margent: the self-test passed")  # noqa: T201 - the command's output
    return 0


def _run(folder: Path) -> None:
    from margent.ui.app import Program, application  # noqa: PLC0415 - Qt, only when asked for

    app = application(["margent"])
    program = Program(app, Folders(folder / "library", folder / "config"), Settings(daily_backup=False))
    program.session.folders.library.mkdir(parents=True)
    program.show()
    session, read = program.session, program.window.read
    _until(program, "the bundled brief opens", lambda: session.reading is not None and session.is_ready)
    reading = session.reading
    assert reading is not None
    start, end = reading.document.span_of(2)
    read.reader.select(start, end)
    program.window.actions_by_name["note"].trigger()
    _until(program, "a highlight is made", lambda: len(reading) == 1)
    (made,) = reading.annotations.values()
    margin = read.margin
    if margin is None:
        raise MargentError("The self-test failed where the margin is built.")
    from margent import edits  # noqa: PLC0415

    session.do(edits.set_note(made, _NOTE))
    program.window.actions_by_name["brief"].trigger()
    brief = program.window.brief
    if brief is None or _NOTE not in brief.markdown():
        raise MargentError("The self-test failed where the brief shows the note.")
    target = folder / "brief.md"
    brief.write_to(target)
    _until(program, "the brief is written", target.exists)
    program.window.close()
    from margent.library.store import Library  # noqa: PLC0415

    library = Library.open(folder / "library")
    try:
        kept = [value.note for value in library.annotations()]
    finally:
        library.close()
    if kept != [_NOTE] or _NOTE not in target.read_text("utf-8"):
        raise MargentError("The self-test failed where the note is read back.")


def _until(program: Program, what: str, condition: Callable[[], bool]) -> None:
    end = time.monotonic() + _SECONDS
    while not condition():
        if time.monotonic() > end:
            raise MargentError(f"The self-test waited in vain until {what}.")
        program.app.processEvents()
        time.sleep(0.002)
