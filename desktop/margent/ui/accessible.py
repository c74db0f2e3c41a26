"""The page as screen readers see it: one document with its text, a caret and a selection.

QAccessible takes a factory written in Python, and the interfaces it makes live as long as their widget, so the page is
a real text interface and not a picture with a description: with caret browsing a screen reader speaks the letter,
word or line the caret comes to, and can read on from there. Words and lines around an offset are found by Qt, which
asks for the whole text each time (that method cannot be overridden from Python); of a very long document only the
part around the caret is therefore given. Nothing is computed, and no event is sent, while no assistive technology
is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAccessible

from margent.ui.page import Units

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QAccessibleInterface

    from margent.ui.reader import Reader

MOST = 120_000
"""Code points given at once."""


class Accessible:
    """What the reader tells assistive technology, and the part of the text that is given to it."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._text: str | None = None
        self._start = self._end = 0
        self._units = Units("")
        QAccessible.installFactory(make_interface)

    def part(self) -> tuple[int, int, Units]:
        """Start and end of the part of the text that is given, and its conversions."""
        text = self._reader.text
        caret = self._reader.caret
        if self._text is not text or not self._start <= caret <= self._end:
            self._text = text
            self._start, self._end = part_around(text, caret)
            self._units = Units(text[self._start : self._end])
        return self._start, self._end, self._units

    def caret_moved(self) -> None:
        """Say that caret and selection are elsewhere."""
        if not QAccessible.isActive():
            return
        from PySide6.QtGui import (  # noqa: PLC0415 - classes that are costly to load and rarely needed
            QAccessibleTextCursorEvent,
            QAccessibleTextSelectionEvent,
        )

        reader = self._reader
        start, _, units = self.part()
        QAccessible.updateAccessibility(QAccessibleTextCursorEvent(reader, units.of(reader.caret - start)))
        first, last = reader.selection() or (reader.caret, reader.caret)
        event = QAccessibleTextSelectionEvent(reader, units.of(max(first - start, 0)), units.of(max(last - start, 0)))
        QAccessible.updateAccessibility(event)


def part_around(text: str, caret: int) -> tuple[int, int]:
    """At most about MOST code points of `text` around `caret`, from one line's start to another's end."""
    if len(text) <= MOST:
        return 0, len(text)
    start = text.rfind("\n", 0, max(0, caret - MOST // 2)) + 1
    end = text.find("\n", min(len(text), caret + MOST // 2))
    return start, end if end >= 0 else len(text)


def make_interface(key: str, thing: QObject) -> QAccessibleInterface | None:
    """QAccessible's factory: an interface for a Reader, None for every other class."""
    if key != "Reader":
        return None
    from margent.ui.accessibletext import PageInterface  # noqa: PLC0415 - loaded when somebody asks

    return PageInterface(thing)  # type: ignore[arg-type]
