"""The right side of the Brief view: exactly what will be written, as it reads and as it is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from margent.annotations import DocumentRecord
from margent.reading import Reading
from margent.ui.groups import one_stop
from margent.ui.page import Typography
from margent.ui.reader import Reader

if TYPE_CHECKING:
    from margent.document import Document
    from margent.ui.style import Style

_WIDEST = 760


class BriefSheet(QWidget):
    """A sheet of paper with the brief on it; buttons above choose between its preview and its Markdown."""

    def __init__(self, style: Style, face: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("desk")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 10, 24, 0)
        column.setSpacing(8)
        column.addWidget(self._make_forms(style), 0, Qt.AlignmentFlag.AlignHCenter)
        sheet = QFrame()
        sheet.setObjectName("sheet")
        sheet.setMaximumWidth(_WIDEST)
        inside = QVBoxLayout(sheet)
        inside.setContentsMargins(1, 1, 1, 0)
        self.stack = QStackedWidget()
        self.preview = Reader(style, Typography(face=face, size=16, leading=1.5, measure=64), ground="card")
        self.preview.setAccessibleName(self.tr("Preview of the brief"))
        self.source = QPlainTextEdit()
        self.source.setObjectName("source")
        self.source.setReadOnly(True)
        self.source.setAccessibleName(self.tr("Markdown of the brief"))
        self.stack.addWidget(self.preview)
        self.stack.addWidget(self.source)
        inside.addWidget(self.stack)
        centre = QHBoxLayout()
        centre.addStretch(1)
        centre.addWidget(sheet, 100)
        centre.addStretch(1)
        column.addLayout(centre, 1)

    def _make_forms(self, style: Style) -> QWidget:
        forms = QFrame()
        forms.setObjectName("segmented")
        row = QHBoxLayout(forms)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        self.forms = QButtonGroup(self)
        for number, text in enumerate((self.tr("Preview"), self.tr("Markdown"))):
            button = QToolButton()
            button.setText(text)
            button.setCheckable(True)
            button.setChecked(number == 0)
            button.setFixedHeight(style.px(25))
            self.forms.addButton(button, number)
            row.addWidget(button)
        one_stop(self.forms)
        self.forms.idClicked.connect(self._show_form)
        return forms

    def _show_form(self, number: int) -> None:
        self.stack.setCurrentIndex(number)

    def show_brief(self, text: str, document: Document) -> None:
        """Show a brief, its Markdown and what that reads as; where one had scrolled to stays in sight."""
        bar = self.preview.verticalScrollBar()
        place = bar.value()
        self.preview.open(Reading(DocumentRecord(id="", revision="", title=document.title), document))
        bar.setValue(place)
        self._show_source(text)

    def _show_source(self, text: str) -> None:
        """Write the Markdown anew; the line at the top stays there, whatever came in above it."""
        if text == self.source.toPlainText():
            return
        top = self.source.cursorForPosition(QPoint(0, 0)).block()
        number, words = top.blockNumber(), top.text()
        self.source.setPlainText(text)
        document = self.source.document()
        lines = text.split("\n")
        same = (at for at, line in enumerate(lines) if line == words)
        nearest = min(same, key=lambda at: abs(at - number), default=min(number, len(lines) - 1))
        # The bar counts in lines as far as they are broken, and so does the block.
        self.source.verticalScrollBar().setValue(document.findBlockByNumber(nearest).firstLineNumber())
