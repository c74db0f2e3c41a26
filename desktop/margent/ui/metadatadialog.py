"""What is known of a document besides its text, to be put right: title, authors, date, language, source, summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from margent import edits
from margent.annotations import STATUSES, Status
from margent.ui.preview import language_name

if TYPE_CHECKING:
    from margent.annotations import Change, DocumentRecord
    from margent.ui.style import Style

_LANGUAGES = (
    "ar", "de", "el", "en", "es", "fr", "it", "kk", "ky", "nl", "pl", "pt", "ro", "ru", "tg", "tk", "tr", "uk", "uz",
    "zh",
)  # fmt: skip
"""Offered to choose from; any other BCP 47 code can be typed."""
_BETWEEN = ";"


class MetadataDialog(QDialog):
    """Shows the details of a document; `change` says what was altered."""

    def __init__(self, style: Style, record: DocumentRecord, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record = record
        self.setWindowTitle(self.tr("Details"))
        self.resize(style.px(520), style.px(430))
        self.title = QLineEdit(record.title)
        self.authors = QLineEdit(f"{_BETWEEN} ".join(record.authors))
        self.authors.setPlaceholderText(self.tr("Several are parted by semicolons"))
        self.date = QLineEdit(record.date)
        self.date.setPlaceholderText(self.tr("2026-11-24, or as the document writes it"))
        self.language = self._languages(record.language)
        self.source = QLineEdit(record.source)
        self.source.setPlaceholderText(self.tr("An address, or where it was published"))
        self.summary = QPlainTextEdit(record.summary)
        self.summary.setTabChangesFocus(True)
        self.status = self._statuses(record.status)
        self._shown = {
            "title": self.title.text(),
            "authors": self.authors.text(),
            "date": self.date.text(),
            "language": self._language(),
            "source": self.source.text(),
            "summary": self.summary.toPlainText(),
        }
        form = QFormLayout()
        form.setVerticalSpacing(style.px(9))
        form.setHorizontalSpacing(style.px(14))
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignTop)
        for text, field in (
            (self.tr("&Title"), self.title),
            (self.tr("&Authors"), self.authors),
            (self.tr("&Date"), self.date),
            (self.tr("&Language"), self.language),
            (self.tr("&Source"), self.source),
            (self.tr("Su&mmary"), self.summary),
            (self.tr("Stat&us"), self.status),
        ):
            label = QLabel(text)
            label.setBuddy(field)
            label.setContentsMargins(0, style.px(6), 0, 0)
            field.setAccessibleName(text.replace("&", ""))
            form.addRow(label, field)
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        self._save = box.button(QDialogButtonBox.StandardButton.Save)
        self._save.setProperty("primary", True)
        self.title.textChanged.connect(lambda text: self._save.setEnabled(bool(text.strip())))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(style.px(14))
        column.addLayout(form, 1)
        column.addWidget(box)
        self.title.setFocus()

    def _languages(self, chosen: str) -> QComboBox:
        box = QComboBox()
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.addItem(self.tr("Not said"), "")
        for code in sorted({*_LANGUAGES, chosen} - {""}, key=language_name):
            box.addItem(language_name(code), code)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        return box

    def _statuses(self, chosen: Status) -> QComboBox:
        box = QComboBox()
        names: dict[Status, str] = {
            "": self.tr("As far as it is read"),
            "to_read": self.tr("To read"),
            "reading": self.tr("Reading"),
            "finished": self.tr("Finished"),
        }
        for status in STATUSES:
            box.addItem(names[status], status)
        box.setCurrentIndex(box.findData(chosen))
        return box

    def _language(self) -> str:
        text = self.language.currentText().strip()
        index = self.language.findText(text, Qt.MatchFlag.MatchFixedString)
        return str(self.language.itemData(index)) if index >= 0 else text

    def change(self) -> Change:
        """What was altered, as one change; an empty one when nothing was."""
        record = self._record
        said = {
            "title": self.title.text(),
            "date": self.date.text(),
            "language": self._language(),
            "source": self.source.text(),
            "summary": self.summary.toPlainText(),
        }
        # A field that nobody touched says nothing: showing it may have changed its line ends or its spaces.
        altered = {name: text for name, text in said.items() if text != self._shown[name]}
        authors = None
        if self.authors.text() != self._shown["authors"]:
            authors = [part.strip() for part in self.authors.text().split(_BETWEEN)]
        change = edits.edit_document(record, authors=authors, **altered)
        edited = next((value for value in change.after.values()), record)
        status = edits.set_status([edited], self.status.currentData())  # type: ignore[list-item]
        if not status.after:
            return change
        return change.then(status) if change.after else status
