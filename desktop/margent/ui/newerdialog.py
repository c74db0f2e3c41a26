"""Asks what is to become of files that look like newer texts of known documents; nothing is done without an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from margent.ui.tips import on_a_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from margent.importing import Held
    from margent.ui.style import Style

_REVISION, _OWN, _OUT = range(3)
"""What may become of a file, as the index of its choice."""


class NewerDialog(QDialog):
    """One question for one file; of several a list, with a choice for each.

    `answered` carries the files that become new revisions and those that become documents of their own.
    """

    answered = Signal(object, object)

    def __init__(self, style: Style, held: Sequence[Held], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held = held
        self.choices: list[QComboBox] = []
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Newer text"))
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 18)
        column.setSpacing(style.px(14))
        self.question = QLabel()
        self.question.setTextFormat(Qt.TextFormat.PlainText)
        self.question.setWordWrap(True)
        self.question.setMinimumWidth(style.px(440))
        column.addWidget(self.question)
        row = QHBoxLayout()
        row.setSpacing(style.px(8))
        if len(held) == 1:
            self._ask_one(style, column, row)
        else:
            self._ask_several(style, column, row)
        column.addLayout(row)

    def _ask_one(self, style: Style, column: QVBoxLayout, row: QHBoxLayout) -> None:
        self.question.setText(self._said(self._held[0]))
        hint = QLabel(self.tr("As a new revision it takes your notes along to the new words; the older text is kept."))
        hint.setProperty("muted", True)
        hint.setWordWrap(True)
        column.addWidget(hint)
        column.addSpacing(style.px(4))
        self.revision = self._button(row, self.tr("Add as new revision"), lambda: self._answer([_REVISION]))
        self.revision.setProperty("primary", True)
        self.revision.setDefault(True)
        self.own = self._button(row, self.tr("Keep as a document of its own"), lambda: self._answer([_OWN]))
        row.addStretch(1)
        self.cancel = self._button(row, self.tr("Cancel"), self.reject)

    def _ask_several(self, style: Style, column: QVBoxLayout, row: QHBoxLayout) -> None:
        self.question.setText(
            self.tr("%n file(s) look like newer texts of documents that you have.", None, len(self._held))
        )
        inner = QWidget()
        lines = QVBoxLayout(inner)
        lines.setContentsMargins(0, 0, style.px(8), 0)
        lines.setSpacing(style.px(12))
        for held in self._held:
            lines.addWidget(self._line(style, held))
        lines.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inner)
        area.setMinimumSize(style.px(560), min(style.px(330), inner.sizeHint().height() + 4))
        column.addWidget(area, 1)
        row.addStretch(1)
        self.cancel = self._button(row, self.tr("Cancel"), self.reject)
        self.revision = self._button(row, self.tr("Bring in"), self._answer_all)
        self.revision.setProperty("primary", True)
        self.revision.setDefault(True)

    def _line(self, style: Style, held: Held) -> QWidget:
        line = QWidget()
        column = QVBoxLayout(line)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(4))
        label = QLabel(self._said(held))
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        choice = QComboBox()
        choice.addItems(
            [self.tr("Add as new revision"), self.tr("Keep as a document of its own"), self.tr("Leave out")]
        )
        choice.setAccessibleName(self._said(held))
        label.setBuddy(choice)
        row = QHBoxLayout()
        row.addWidget(choice)
        row.addStretch(1)
        column.addWidget(label)
        column.addLayout(row)
        self.choices.append(choice)
        return line

    def _said(self, held: Held) -> str:
        return (
            self.tr("“%1” looks like a newer text of “%2” (%3\u00a0% the same).")
            .replace("%1", on_a_line(held.name))
            .replace("%2", on_a_line(held.record.title))
            .replace("%3", str(min(99, int(100 * held.share))))
        )

    def _button(self, row: QHBoxLayout, text: str, call: object) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(call)
        row.addWidget(button)
        return button

    def _answer_all(self) -> None:
        self._answer([choice.currentIndex() for choice in self.choices])

    def _answer(self, chosen: Sequence[int]) -> None:
        pairs = list(zip(self._held, chosen, strict=True))
        self.accept()
        self.answered.emit(
            [held for held, choice in pairs if choice == _REVISION],
            [held for held, choice in pairs if choice == _OWN],
        )
