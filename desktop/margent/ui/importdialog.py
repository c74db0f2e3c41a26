"""What became of each file of an import: what did not come in and why, and what is to be known of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextEdit, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from margent.importing import ImportReport
    from margent.ui.style import Style


class ImportDialog(QDialog):
    """Lists the files of a report under headings; the whole can be copied."""

    def __init__(self, style: Style, report: ImportReport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self.setWindowTitle(self.tr("Import"))
        self.resize(style.px(620), style.px(440))
        self._sections = list(self._told(report))
        self.list = QTextEdit(self)
        self.list.setReadOnly(True)
        self.list.document().setDocumentMargin(style.px(10))
        self.list.setAccessibleName(self.tr("What became of the files"))
        self._fill()
        style.changed.connect(self._fill)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.copy = buttons.addButton(self.tr("Copy all"), QDialogButtonBox.ButtonRole.ActionRole)
        self.copy.clicked.connect(self._copy)
        self.copy.setAutoDefault(False)
        buttons.button(QDialogButtonBox.StandardButton.Close).setDefault(True)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(style.px(12))
        column.addWidget(self.list, 1)
        column.addWidget(buttons)

    def text(self) -> str:
        """All of it as plain text: a heading, and a line for each file below it."""
        return "\n\n".join(
            "\n".join([heading, *(f"{name}\n    {said}" for name, said in lines)]) for heading, lines in self._sections
        )

    def _told(self, report: ImportReport) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        if report.failed:
            yield (
                self.tr("%n file(s) could not be read", None, len(report.failed)),
                [(name, reason) for name, reason in report.failed],
            )
        losses = [(added.name, notice) for added in report.added for notice in added.notices]
        if losses:
            yield self.tr("Came in, but not whole"), losses
        if report.known:
            yield (
                self.tr("%n already in your library", None, len(report.known)),
                [(known.name, f"“{known.record.title}”") for known in report.known],
            )

    def _fill(self) -> None:
        strong, plain, muted = QTextCharFormat(), QTextCharFormat(), QTextCharFormat()
        strong.setFont(self._style.ui_font(15, 600))
        plain.setFont(self._style.ui_font(13, 600))
        muted.setFont(self._style.ui_font(13))
        for shape, role in ((strong, "text"), (plain, "text"), (muted, "muted")):
            shape.setForeground(self._style.colour(role))
        self.list.clear()
        cursor = QTextCursor(self.list.document())
        block = cursor.blockFormat()
        for heading, lines in self._sections:
            block.setTopMargin(self._style.px(0 if cursor.atStart() else 16))
            self._line(cursor, block, heading, strong)
            for name, said in lines:
                block.setTopMargin(self._style.px(8))
                self._line(cursor, block, name, plain)
                block.setTopMargin(self._style.px(1))
                self._line(cursor, block, said, muted)
        self.list.moveCursor(QTextCursor.MoveOperation.Start)

    @staticmethod
    def _line(cursor: QTextCursor, block: object, text: str, shape: QTextCharFormat) -> None:
        if cursor.atStart():
            cursor.setBlockFormat(block)  # type: ignore[arg-type]
        else:
            cursor.insertBlock(block)  # type: ignore[call-overload]
        cursor.insertText(text, shape)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())
