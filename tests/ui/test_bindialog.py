"""The bin: what it lists, searching it, and taking things back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from margent import edits
from margent.annotations import Annotation, Change
from margent.ui.bindialog import BinDialog
from margent.ui.style import Style

NOON = datetime(2020, 11, 24, 12, tzinfo=UTC)
TITLES = {"d": "A brief", "e": "Доклад"}


def an(key: str, minutes: int, **values: Any) -> Annotation:
    deleted = NOON + timedelta(minutes=minutes)
    plain = {"id": key, "document": "d", "revision": "r", "start": 0, "end": 1, "exact": key, "deleted": deleted}
    return Annotation(**{**plain, **values})


def some() -> list[Annotation]:
    return [
        an("first", 1, note="Égalité"),
        an("second", 3, document="e"),
        an("reply", 2, parent="second", document="e", note="Agreed"),
        an("lost", 0, document="gone", author="A. Novak"),
    ]


class Bench:
    """A dialog whose wishes are fulfilled at once, as the session does."""

    def __init__(self, qtbot: QtBot, qapp: QApplication, values: list[Annotation]) -> None:
        self.qtbot = qtbot
        self.dialog = BinDialog(Style(qapp, "light"), values, TITLES)
        qtbot.addWidget(self.dialog)
        model = self.dialog.model
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
        self.changes: list[Change] = []
        self.dialog.changeRequested.connect(self.do)
        with qtbot.waitActive(self.dialog):
            self.dialog.show()

    def do(self, change: Change) -> None:
        self.changes.append(change)
        self.dialog.refresh(change)

    def shown(self) -> list[str]:
        return list(self.dialog.model.keys())

    def choose(self, *keys: str) -> None:
        view = self.dialog.view
        view.clearSelection()
        for key in keys:
            spot = view.visualRect(self.dialog.model.index_of(key)).center()
            modifier = Qt.KeyboardModifier.ControlModifier
            self.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, spot)


@pytest.fixture
def bench(qtbot: QtBot, qapp: QApplication) -> Bench:
    return Bench(qtbot, qapp, some())


def test_what_was_deleted_last_comes_first(bench: Bench) -> None:
    assert bench.shown() == ["second", "reply", "first", "lost"]
    assert bench.dialog.count.text().startswith("4 deleted annotation")


def test_rows_name_their_document(bench: Bench) -> None:
    model = bench.dialog.model
    headings = {key: model.heading(row) for key, row in zip(bench.shown(), model.values(), strict=True)}
    assert headings == {
        "second": "Доклад",
        "reply": "Reply in Доклад",
        "first": "A brief",
        "lost": "A document that is no longer there",
    }
    index = model.index_of("first")
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "A brief. first. Égalité"
    assert "deleted " in index.data(Qt.ItemDataRole.AccessibleDescriptionRole)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("egalite", ["first"]),
        ("доклад", ["second", "reply"]),
        ("доклад agreed", ["reply"]),
        ("novak", ["lost"]),
        ("zz", []),
    ],
)
def test_it_can_be_searched(bench: Bench, words: str, shown: list[str]) -> None:
    bench.dialog.field.setText(words)
    assert bench.shown() == shown
    assert bench.dialog.count.text() == f"{len(shown)} of 4"
    assert bench.dialog.empty.isVisible() is not bool(shown)


def test_what_is_chosen_is_restored_and_leaves(bench: Bench) -> None:
    assert not bench.dialog.restore.isEnabled()
    bench.choose("first", "lost")
    assert bench.dialog.count.text() == "2 chosen"
    bench.qtbot.mouseClick(bench.dialog.restore, Qt.MouseButton.LeftButton)
    (change,) = bench.changes
    assert sorted(change.after) == ["first", "lost"]
    assert all(isinstance(value, Annotation) and value.deleted is None for value in change.after.values())
    assert bench.shown() == ["second", "reply"]
    bench.do(change.inverse())
    assert bench.shown() == ["second", "reply", "first", "lost"]


@pytest.mark.parametrize(("key", "restored"), [("reply", ["reply", "second"]), ("second", ["second"])])
def test_a_reply_comes_back_with_what_it_answers(bench: Bench, key: str, restored: list[str]) -> None:
    bench.choose(key)
    bench.dialog.view.setFocus()
    bench.dialog.view.opened.emit(bench.dialog.model.index_of(key))
    assert sorted(bench.changes[0].after) == restored


def test_enter_in_the_list_restores_and_enter_in_the_field_goes_there(bench: Bench) -> None:
    bench.dialog.field.setFocus()
    bench.qtbot.keyClick(bench.dialog.field, Qt.Key.Key_Return)
    assert bench.dialog.view.hasFocus()
    assert bench.changes == []
    bench.qtbot.keyClick(bench.dialog.view, Qt.Key.Key_End)
    bench.qtbot.keyClick(bench.dialog.view, Qt.Key.Key_Return)
    assert [list(change.after) for change in bench.changes] == [["lost"]]


def test_what_is_deleted_meanwhile_comes_in(bench: Bench) -> None:
    bench.do(edits.delete([an("new", 0, deleted=None)]))
    assert bench.shown()[0] == "new"


def test_an_empty_bin_says_so(qtbot: QtBot, qapp: QApplication) -> None:
    bench = Bench(qtbot, qapp, [])
    assert bench.dialog.empty.isVisible()
    assert bench.dialog.empty.text().startswith("The bin is empty")
    assert not bench.dialog.field.isEnabled()
    assert not bench.dialog.restore.isEnabled()


def test_escape_clears_the_search_and_then_closes(bench: Bench) -> None:
    bench.dialog.field.setText("first")
    bench.qtbot.keyClick(bench.dialog.field, Qt.Key.Key_Escape)
    assert bench.dialog.field.text() == ""
    assert bench.dialog.isVisible()
    bench.qtbot.keyClick(bench.dialog.field, Qt.Key.Key_Escape)
    assert not bench.dialog.isVisible()
