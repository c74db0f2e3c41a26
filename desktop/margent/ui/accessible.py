"""What screen readers are told of the page.

Qt's own text interface cannot be given from Python: PySide takes interfaces made in Python, but an
`interface_cast` written in Python crashes as soon as the platform asks for an interface that is not there, which
AT-SPI does at once (PySide6 6.11.3, tried against a running bus). So the page says what it is, a read-only document
with the title as its name, and has the text of the block one is in as its description; and with caret browsing it
announces what the caret came to, as screen readers do by themselves in text fields: the letter, word, line or
block, and what was selected. Nothing is computed, and no event is sent, while no assistive technology is there.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAccessible

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QAccessibleInterface

    from margent.ui.caret import Move
    from margent.ui.column import Column
    from margent.ui.reader import Reader

MOST = 1000
"""Characters of a block that are told at once."""
_UNITS = {"left": "letter", "right": "letter", "word left": "word", "word right": "word", "up": "line", "down": "line"}


class Accessible:
    """Tells assistive technology about a reader."""

    def __init__(self, reader: Reader, column: Column) -> None:
        self._reader = reader
        self._column = column
        self.interface: QAccessibleInterface | None = None
        """Kept for as long as the reader: Qt holds it without owning it."""
        QAccessible.installFactory(make_interface)

    def at(self, position: int) -> None:
        """Describe the reader by the block that holds a position."""
        if QAccessible.isActive():
            start, end = self._column.block_of(position)
            self._reader.setAccessibleDescription(self._reader.text[start : min(end, start + MOST)])

    def moved(self, before: int, move: Move, *, extend: bool) -> None:
        """Announce what the caret came to with `move` from `before`."""
        if QAccessible.isActive():
            from PySide6.QtGui import QAccessibleAnnouncementEvent  # noqa: PLC0415 - for screen readers only

            message = self.message(before, move, extend=extend)
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._reader, message))

    def message(self, before: int, move: Move, *, extend: bool) -> str:
        """What is announced."""
        reader, column = self._reader, self._column
        text, caret = reader.text, reader.caret
        if extend:
            passed = text[min(before, caret) : max(before, caret)][:MOST]
            span = reader.selection()
            grown = span is not None and span[0] <= min(before, caret) and max(before, caret) <= span[1]
            said = (
                QCoreApplication.translate("Reader", "%1, selected")
                if grown
                else QCoreApplication.translate("Reader", "%1, not selected")
            )
            return said.replace("%1", passed)
        unit = _UNITS.get(move, "line" if move.startswith(("line", "page")) else "block")
        if unit == "letter" or move.startswith("line"):
            return self._letter(text[caret : caret + 1])
        start, end = {"word": column.word_of, "line": column.line_of, "block": column.block_of}[unit](caret)
        return text[start : min(end, start + MOST)].strip() or QCoreApplication.translate("Reader", "blank")

    def _letter(self, letter: str) -> str:
        if letter in {"", "\n"}:
            return QCoreApplication.translate("Reader", "end of line")
        if letter.isspace():
            return QCoreApplication.translate("Reader", "space")
        return letter if letter.isalnum() else unicodedata.name(letter, letter).lower()


def make_interface(key: str, thing: QObject) -> QAccessibleInterface | None:
    """QAccessible's factory: an interface for a Reader, None for every other class."""
    if key != "Reader":
        return None
    from margent.ui.accessiblepage import interface  # noqa: PLC0415 - loaded when somebody asks

    return interface(thing)
