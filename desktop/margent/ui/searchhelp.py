"""What can be typed into the library's search field, on one small panel."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from margent.ui.popover import Popover


class SearchHelp(Popover):
    """Examples on the left, what they find on the right."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, self.tr("What can be searched for"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(7)
        for row, (example, meaning) in enumerate(self._lines()):
            code = QLabel(example)
            code.setProperty("keys", True)
            code.setTextFormat(Qt.TextFormat.PlainText)
            text = QLabel(meaning)
            text.setTextFormat(Qt.TextFormat.PlainText)
            code.setAccessibleName(f"{example}: {meaning}")
            grid.addWidget(code, row, 0, Qt.AlignmentFlag.AlignLeading)
            grid.addWidget(text, row, 1)
        self.body.addLayout(grid)

    def _lines(self) -> list[tuple[str, str]]:
        return [
            (self.tr("raw materials"), self.tr("both words, in any form and order")),
            (self.tr("“raw materials”"), self.tr("these words as they stand")),
            (self.tr("-coal"), self.tr("without this word")),
            (self.tr("theme:energy"), self.tr("under a theme whose name begins so")),
            (self.tr("kind:question"), self.tr("notes of a kind: note, question, action, position")),
            (self.tr("colour:yellow"), self.tr("highlights of a colour")),
            (self.tr("author:novak"), self.tr("written by somebody")),
            (self.tr("in:notes"), self.tr("in notes alone; also text, quotes, titles")),
            (self.tr("after:2026-11-01"), self.tr("from that day on")),
            (self.tr("before:2026-12-01"), self.tr("before that day")),
        ]
