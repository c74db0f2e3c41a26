"""Shelves, collections and themes in one list: choosing, naming, moving, and what may be dropped where."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from margent.annotations import Change, Collection, DocumentRecord, Theme
from margent.shelf import ShelfRow
from margent.shelving import Shelves
from margent.ui import collectionspane
from margent.ui.collectionspane import CollectionsPane
from margent.ui.shelfmodel import DOCUMENTS
from margent.ui.shelfrows import COLLECTION, COLLECTIONS, THEMES
from margent.ui.style import Style

KEY = Qt.Key
THEN = datetime(2026, 1, 1, tzinfo=UTC)
COPY, LEFT, NONE = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def collection(key: str, name: str, parent: str | None = None) -> Collection:
    return Collection(id=key, name=name, parent=parent, created=THEN, modified=THEN)


COUNCIL, ANNEXES, BACKGROUND = (
    collection("o", "Council"),
    collection("i", "Annexes", "o"),
    collection("b", "Background"),
)
ENERGY, LAW = (Theme(id=key, name=name) for key, name in (("e", "Energy"), ("l", "Law")))
ROWS = [
    ShelfRow(DocumentRecord(id="d1", revision="r", title="One", collections=("i",)), 0, 0, ("e",)),
    ShelfRow(DocumentRecord(id="d2", revision="r", title="Two", progress=0.5), 0, 0, ()),
]


class Bench:
    """A pane in a window of its own, and all it says."""

    def __init__(self, app: QApplication, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.pane = CollectionsPane(Style(app, "light"))
        qtbot.addWidget(self.pane)
        self.pane.resize(272, 700)
        self.pane.show()
        self.chosen: list[str] = []
        self.changes: list[Change] = []
        self.dropped: list[tuple[list[str], str]] = []
        self.dossiers: list[str] = []
        self.refused: list[str] = []
        self.pane.chosen.connect(self.chosen.append)
        self.pane.changeRequested.connect(self.changes.append)
        self.pane.dropped.connect(lambda ids, key: self.dropped.append((ids, key)))
        self.pane.dossierRequested.connect(self.dossiers.append)
        self.pane.refused.connect(self.refused.append)
        self.tell(COUNCIL, ANNEXES, BACKGROUND)

    def tell(self, *collections: Collection) -> None:
        self.pane.show_shelves(Shelves(ROWS, (), collections, (ENERGY, LAW)))
        self.qtbot.wait(10)

    def stand(self, key: str) -> None:
        self.pane.view.setCurrentIndex(self.pane.model.index_of(key))
        self.pane.view.setFocus()

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            self.qtbot.keyClick(self.pane.view, key)

    def drag(self, data: QMimeData, key: str) -> tuple[bool, bool]:
        """Bring something over a row and let it fall there; whether the pane and the row took it."""
        target = self.pane.view.viewport()
        spot = self.pane.view.visualRect(self.pane.model.index_of(key)).center()
        enter = QDragEnterEvent(spot, COPY, data, LEFT, NONE)
        QApplication.sendEvent(target, enter)
        move = QDragMoveEvent(spot, COPY, data, LEFT, NONE)
        if enter.isAccepted():
            QApplication.sendEvent(target, move)
            if move.isAccepted():
                QApplication.sendEvent(target, QDropEvent(QPointF(spot), COPY, data, LEFT, NONE))
        return enter.isAccepted(), enter.isAccepted() and move.isAccepted()


@pytest.fixture
def bench(qapp: QApplication, qtbot: QtBot) -> Bench:
    return Bench(qapp, qtbot)


def carrying(kind: str, *ids: str) -> QMimeData:
    data = QMimeData()
    data.setData(kind, "\n".join(ids).encode())
    return data


def test_rows_are_shelves_collections_with_those_inside_and_themes(bench: Bench) -> None:
    keys = list(bench.pane.model.keys())
    assert keys[:5] == ["all", "reading", "to_read", "finished", "bin"]
    assert keys[5:9] == [COLLECTIONS, "c:b", "c:o", "c:i"]
    assert keys[9:11] == [THEMES, "t:e"]
    counts = {key: entry.count for key in keys if (entry := bench.pane.model.get(key)) is not None}
    assert (counts["all"], counts["reading"], counts["c:o"], counts["c:i"], counts["t:e"]) == (2, 1, 1, 1, 1)


def test_what_is_not_counted_yet_has_no_numbers(bench: Bench) -> None:
    bench.pane.show_shelves(Shelves(ROWS, (), (COUNCIL,), (ENERGY, LAW), partial=True))
    assert {entry.count for entry in bench.pane.model.values()} == {0}
    assert list(bench.pane.model.keys())[-3:] == [THEMES, "t:e", "t:l"]


def test_arrows_choose_as_they_go_and_pass_over_the_heading_that_does_nothing(bench: Bench) -> None:
    bench.stand("bin")
    bench.press(KEY.Key_Down)
    assert bench.pane.view.currentIndex() == bench.pane.model.index_of(COLLECTIONS)
    bench.press(KEY.Key_Down)
    assert bench.chosen[-1:] == ["c:b"]
    bench.stand("c:i")
    bench.press(KEY.Key_Down)
    assert bench.chosen[-1:] == ["t:e"]


def test_a_click_chooses_two_lead_to_the_dossier_of_a_theme(bench: Bench) -> None:
    spot = bench.pane.view.visualRect(bench.pane.model.index_of("t:e")).center()
    bench.qtbot.mouseClick(bench.pane.view.viewport(), LEFT, pos=spot)
    assert (bench.chosen, bench.dossiers) == (["t:e"], [])
    bench.qtbot.mouseDClick(bench.pane.view.viewport(), LEFT, pos=spot)
    assert bench.dossiers == ["e"]
    bench.stand("t:l")
    bench.press(KEY.Key_Return)
    assert bench.dossiers == ["e", "l"]


def test_the_heading_asks_for_a_collection_under_a_free_name_and_names_it_in_its_row(bench: Bench) -> None:
    bench.tell(COUNCIL, collection("n", "New collection"))
    bench.stand(COLLECTIONS)
    bench.press(KEY.Key_Space)
    (change,) = bench.changes
    (made,) = change.after.values()
    assert isinstance(made, Collection)
    assert made.name == "New collection 2"
    bench.tell(COUNCIL, made)
    field = bench.pane.view.viewport().findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    assert field.text() == "New collection 2"


def test_a_collection_is_renamed_in_its_row_and_needs_a_name(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(collectionspane.QToolTip, "showText", lambda _spot, text, _widget: told.append(text))
    for typed, changes in (("  ", 0), ("Council", 0), (" Inner   market ", 1)):
        bench.stand("c:o")
        bench.press(KEY.Key_F2)
        field = bench.pane.view.viewport().findChild(QLineEdit)
        assert isinstance(field, QLineEdit)
        field.setText(typed)
        bench.qtbot.keyClick(field, KEY.Key_Return)
        bench.qtbot.waitUntil(lambda: bench.pane.view.viewport().findChild(QLineEdit) is None)
        assert len(bench.changes) == changes
    assert told == ["A collection needs a name."]
    (renamed,) = bench.changes[0].after.values()
    assert isinstance(renamed, Collection)
    assert renamed.name == "Inner market"


def test_delete_asks_for_a_collection_to_go_with_those_inside_and_leaves_shelves_alone(bench: Bench) -> None:
    bench.stand("bin")
    bench.press(KEY.Key_Delete)
    assert not bench.changes
    bench.stand("c:o")
    bench.press(KEY.Key_Delete)
    assert set(bench.changes[0].before) == {"o", "i"}


def test_when_the_chosen_collection_is_gone_all_documents_are_looked_at(bench: Bench) -> None:
    bench.pane.choose("c:i")
    bench.tell(COUNCIL)
    assert bench.pane.shelf == "all"


@pytest.mark.parametrize("key", ["c:o", "c:i", "bin", "reading", "finished"])
def test_documents_may_be_dropped_on_collections_states_and_the_bin(bench: Bench, key: str) -> None:
    assert bench.drag(carrying(DOCUMENTS, "d1", "d2"), key) == (True, True)
    assert bench.dropped == [(["d1", "d2"], key)]


@pytest.mark.parametrize("key", ["all", COLLECTIONS, "t:e"])
def test_elsewhere_documents_are_not_taken(bench: Bench, key: str) -> None:
    assert bench.drag(carrying(DOCUMENTS, "d1"), key) == (True, False)
    assert not bench.dropped


@pytest.mark.parametrize(
    ("dragged", "onto", "parent"), [("b", "c:o", "o"), ("i", COLLECTIONS, None), ("i", "c:b", "b")]
)
def test_a_collection_is_dropped_into_another_or_out_of_it(
    bench: Bench, dragged: str, onto: str, parent: str | None
) -> None:
    assert bench.drag(carrying(COLLECTION, dragged), onto) == (True, True)
    (moved,) = bench.changes[0].after.values()
    assert isinstance(moved, Collection)
    assert (moved.id, moved.parent) == (dragged, parent)


def test_a_collection_that_holds_others_is_refused_with_a_sentence_and_none_goes_two_deep(bench: Bench) -> None:
    assert bench.drag(carrying(COLLECTION, "o"), "c:b") == (True, True)
    assert not bench.changes
    assert "Council" in bench.refused[0]
    assert bench.drag(carrying(COLLECTION, "b"), "c:i") == (True, False)


def test_files_are_left_to_the_window(bench: Bench) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/tmp/a.md")])
    assert bench.drag(data, "c:o") == (False, False)


def test_the_menu_of_a_collection_offers_what_is_possible(bench: Bench) -> None:
    def texts(key: str) -> list[str]:
        menu = bench.pane.menu_for(key)
        found = [action.text() for action in menu.actions() if not action.isSeparator()]
        menu.deleteLater()
        return found

    assert texts("c:o") == ["Rename", "New collection inside", "Delete collection"]
    assert texts("c:i") == ["Rename", "Move into", "Take out", "Delete collection"]
    assert texts("c:b") == ["Rename", "New collection inside", "Move into", "Delete collection"]
    assert texts("t:e") == ["Open dossier"]
    assert texts("all") == ["New collection"]
