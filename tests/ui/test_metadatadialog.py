"""The details of a document, put right: what is altered is one change, what nobody touched is none."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLineEdit
from pytestqt.qtbot import QtBot

from margent.annotations import DocumentRecord, Status
from margent.errors import MargentError
from margent.ui.metadatadialog import MetadataDialog
from margent.ui.style import Style

RECORD = DocumentRecord(
    id="d", revision="r", title="Rail corridors", authors=("A. Novak", "B. Serik"), date="2019", language="kk",
    source="https://example.org/rail", summary="Two\n\nparts", words=690,
)  # fmt: skip


def dialog_of(app: QApplication, qtbot: QtBot, record: DocumentRecord = RECORD) -> MetadataDialog:
    dialog = MetadataDialog(Style(app, "light"), record)
    qtbot.addWidget(dialog)
    return dialog


def altered(dialog: MetadataDialog) -> dict[str, Any]:
    """The fields that a dialog's change alters, and to what."""
    after = dialog.change().after
    if not after:
        return {}
    (record,) = after.values()
    assert isinstance(record, DocumentRecord)
    fields = ("title", "authors", "date", "language", "source", "summary", "status")
    return {name: getattr(record, name) for name in fields if getattr(record, name) != getattr(RECORD, name)}


@pytest.mark.parametrize(
    "record",
    [
        RECORD,
        replace(RECORD, title="  Two   spaces ", summary="a\r\nb\u2028c", authors=("Novak; A.",)),
        replace(RECORD, language="qzz-Latn", date="", source="", authors=()),
    ],
)
def test_what_nobody_touched_is_no_change(qapp: QApplication, qtbot: QtBot, record: DocumentRecord) -> None:
    assert not dialog_of(qapp, qtbot, record).change().after


@pytest.mark.parametrize(
    ("field", "typed", "found"),
    [
        ("title", " Other  title ", {"title": "Other title"}),
        ("authors", "C. Aye ;; D. Bee;", {"authors": ("C. Aye", "D. Bee")}),
        ("authors", "", {"authors": ()}),
        ("date", "2020-02-30", {"date": "2020-02-30"}),
        ("source", " a  book ", {"source": "a book"}),
    ],
)
def test_a_field_is_one_change(qapp: QApplication, qtbot: QtBot, field: str, typed: str, found: dict[str, Any]) -> None:
    dialog = dialog_of(qapp, qtbot)
    edit = getattr(dialog, field)
    assert isinstance(edit, QLineEdit)
    edit.setText(typed)
    assert altered(dialog) == found


@pytest.mark.parametrize(("typed", "code"), [("German", "de"), ("german", "de"), ("de-AT", "de-AT"), ("", "")])
def test_a_language_is_chosen_by_name_or_typed_as_a_code(
    qapp: QApplication, qtbot: QtBot, typed: str, code: str
) -> None:
    dialog = dialog_of(qapp, qtbot)
    dialog.language.setEditText(typed)
    assert altered(dialog) == {"language": code}


@pytest.mark.parametrize("status", ["to_read", "reading", "finished"])
def test_a_state_goes_with_the_rest_as_one_change(qapp: QApplication, qtbot: QtBot, status: Status) -> None:
    dialog = dialog_of(qapp, qtbot)
    dialog.status.setCurrentIndex(dialog.status.findData(status))
    assert altered(dialog) == {"status": status}
    dialog.summary.setPlainText("One part")
    assert altered(dialog) == {"status": status, "summary": "One part"}
    assert dialog.change().before == {"d": RECORD}


def test_a_document_needs_a_title(qapp: QApplication, qtbot: QtBot) -> None:
    dialog = dialog_of(qapp, qtbot)
    box = dialog.findChild(QDialogButtonBox)
    assert isinstance(box, QDialogButtonBox)
    save = box.button(QDialogButtonBox.StandardButton.Save)
    dialog.title.setText("  ")
    assert not save.isEnabled()
    with pytest.raises(MargentError, match="title"):
        dialog.change()
    dialog.title.setText("One")
    assert save.isEnabled()
