"""The table of documents under keys and pointer."""

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from margent.annotations import DocumentRecord, Theme
from margent.shelf import ShelfRow
from margent.shelving import FIELDS
from margent.ui.shelfmodel import ShelfModel
from margent.ui.shelftable import ShelfTable
from margent.ui.style import Style

KEY = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
TITLES = [
    "Annex",
    "Budget",
    "Corridors",
    "Dialogue",
    "Energy and a title so long that it takes two lines of its column, if not more",
]


class Bench:
    """A table of five documents in a window of its own, ordered by title."""

    def __init__(self, app: QApplication, qtbot: QtBot, size: tuple[int, int] = (780, 500)) -> None:
        self.qtbot = qtbot
        self.style = Style(app, "light")
        self.model = ShelfModel()
        self.table = ShelfTable(self.style, self.model)
        qtbot.addWidget(self.table)
        themes = {f"t{n}": Theme(id=f"t{n}", name=f"Theme {n}") for n in range(9)}
        records = [
            DocumentRecord(id=title[0], revision="r", title=title, progress=n / 4) for n, title in enumerate(TITLES)
        ]
        rows = [ShelfRow(record, n, n, tuple(themes)[: n * 2]) for n, record in enumerate(records)]
        self.model.show(rows, themes)
        self.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.table.resize(*size)
        self.table.show()
        self.table.setFocus()
        self.table.choose(["A"])
        qtbot.wait(20)

    def press(self, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            self.qtbot.keyClick(self.table, key, modifier)

    @property
    def chosen(self) -> str:
        return "".join(self.table.chosen_keys())


@pytest.fixture
def bench(qapp: QApplication, qtbot: QtBot) -> Bench:
    return Bench(qapp, qtbot)


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        ([KEY.Key_Down], "B"), ([KEY.Key_End], "E"), ([KEY.Key_End, KEY.Key_Up], "D"),
        ([KEY.Key_End, KEY.Key_Home], "A"),
        ([KEY.Key_D], "D"), ([KEY.Key_Right, KEY.Key_Right, KEY.Key_C], "C"), ([KEY.Key_Space], ""),
        ([KEY.Key_Space, KEY.Key_Space], "A"),
    ],
)  # fmt: skip
def test_keys_walk_and_choose(bench: Bench, keys: list[Qt.Key], chosen: str) -> None:
    bench.press(*keys)
    assert bench.chosen == chosen


def test_several_are_chosen_by_shift_control_space_and_all_at_once(bench: Bench) -> None:
    bench.press(KEY.Key_Down, KEY.Key_Down, modifier=SHIFT)
    assert bench.chosen == "ABC"
    bench.press(KEY.Key_Down, KEY.Key_Down, modifier=CONTROL)
    bench.press(KEY.Key_Space, modifier=CONTROL)
    assert bench.chosen == "ABCE"
    bench.press(KEY.Key_A, modifier=CONTROL)
    assert bench.chosen == "ABCDE"


def test_enter_opens_delete_deletes_and_escape_leaves(bench: Bench) -> None:
    said: list[str] = []
    bench.table.opened.connect(lambda key: said.append("open " + key))
    bench.table.deleteWanted.connect(lambda: said.append("delete"))
    bench.table.left.connect(lambda: said.append("leave"))
    bench.press(KEY.Key_Down, KEY.Key_Return, KEY.Key_Delete, KEY.Key_Escape)
    assert said == ["open B", "delete", "leave"]


def test_f2_edits_the_title_whichever_cell_one_stands_in(bench: Bench) -> None:
    asked: list[tuple[str, str]] = []
    opened: list[str] = []
    bench.table.opened.connect(opened.append)
    bench.model.renamed.connect(lambda key, title: asked.append((key, title)))
    bench.press(KEY.Key_Down, KEY.Key_Right, KEY.Key_Right, KEY.Key_F2)
    field = bench.table.viewport().findChild(QLineEdit)
    assert field is not None
    assert field.text() == "Budget"
    field.setText("Budget 2027")
    handle = bench.table.window().windowHandle()
    QTest.keyClick(handle, KEY.Key_Return)  # as the window system brings it: what the field leaves goes on to the table
    bench.qtbot.waitUntil(lambda: asked == [("B", "Budget 2027")])
    assert not opened


def test_the_menu_key_asks_for_the_menu_of_what_is_chosen(bench: Bench) -> None:
    spots: list[QPoint] = []
    bench.table.menuWanted.connect(spots.append)
    viewport = bench.table.viewport()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), viewport.mapToGlobal(QPoint(0, 0)))
    QApplication.sendEvent(viewport, event)
    assert spots
    assert bench.table.visualRect(bench.model.index(0, 0)).contains(viewport.mapFromGlobal(spots[0]))


def test_a_right_click_beside_what_is_chosen_chooses_what_it_points_at(bench: Bench) -> None:
    bench.table.menuWanted.connect(lambda _: None)
    spot = bench.table.visualRect(bench.model.index(2, 0)).center()
    viewport = bench.table.viewport()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, viewport.mapToGlobal(spot))
    QApplication.sendEvent(viewport, event)
    assert bench.chosen == "C"


def test_a_long_title_has_a_second_line_and_a_short_one_has_not(bench: Bench) -> None:
    bench.qtbot.waitUntil(lambda: bench.table.rowHeight(4) > bench.table.rowHeight(0))
    assert len({bench.table.rowHeight(row) for row in range(4)}) == 1
    bench.table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    bench.qtbot.waitUntil(lambda: bench.table.rowHeight(0) > bench.table.rowHeight(4))


@pytest.mark.parametrize("width", [420, 560, 780, 1200])
def test_the_columns_that_are_shown_fill_the_table_and_the_title_keeps_room(
    qapp: QApplication, qtbot: QtBot, width: int
) -> None:
    table = Bench(qapp, qtbot, (width, 400)).table
    header = table.horizontalHeader()
    shown = [n for n in range(len(FIELDS)) if not table.isColumnHidden(n)]
    assert sum(header.sectionSize(n) for n in shown) == table.viewport().width()
    assert header.sectionSize(0) >= 150
    assert 0 in shown
    assert FIELDS.index("opened") in shown


def test_what_one_column_takes_the_title_gives_and_the_other_way_round(bench: Bench) -> None:
    header, width = bench.table.horizontalHeader(), bench.table.viewport().width()
    before = header.sectionSize(0)
    header.resizeSection(2, header.sectionSize(2) + 30)
    assert header.sectionSize(0) == before - 30
    header.resizeSection(0, before)
    assert sum(header.sectionSize(n) for n in range(len(FIELDS))) == width


def test_widths_order_and_sorting_come_back(qapp: QApplication, qtbot: QtBot) -> None:
    first = Bench(qapp, qtbot).table
    first.horizontalHeader().resizeSection(5, 150)
    first.horizontalHeader().moveSection(3, 1)
    first.sortByColumn(FIELDS.index("highlights"), Qt.SortOrder.DescendingOrder)
    second = Bench(qapp, qtbot)
    second.table.restore_layout(first.layout_state())
    header = second.table.horizontalHeader()
    assert header.sectionSize(5) == 150
    assert header.visualIndex(3) == 1
    assert "".join(second.model.keys()) == "EDCBA"


def test_rows_that_go_leave_the_choice_and_the_place_alone(bench: Bench) -> None:
    bench.table.choose(["C", "D"])
    rows = [row for row in bench.model.values() if row.record.id != "A"]
    bench.model.show(rows, {})
    assert bench.chosen == "CD"


def test_every_column_paints_in_every_state(bench: Bench) -> None:
    """Each cell leaves something on the ground it stands on: a table that paints nothing is not noticed otherwise."""
    bench.table.selectAll()
    image = bench.table.viewport().grab().toImage()
    for column, field in enumerate(FIELDS):
        rect = bench.table.visualRect(bench.model.index(4, column))
        colours = {
            image.pixel(x, y) for x in range(rect.left(), rect.right(), 2) for y in range(rect.top(), rect.bottom() - 2)
        }
        assert len(colours) > 1, field


def test_choosing_all_of_many_documents_asks_for_no_row_that_is_not_seen(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0
    flags = ShelfModel.flags

    def counted(self: ShelfModel, index: QModelIndex) -> Qt.ItemFlag:
        nonlocal asked
        asked += 1
        return flags(self, index)

    records = [DocumentRecord(id=f"d{n}", revision="r", title=f"Title {n}") for n in range(2000)]
    bench.model.show([ShelfRow(record, 0, 0, ()) for record in records], {})
    qtbot.wait(20)
    monkeypatch.setattr(ShelfModel, "flags", counted)
    bench.table.selectAll()
    bench.table.repaint()
    bench.table.horizontalHeader().viewport().repaint()
    assert len(bench.table.chosen_keys()) == 2000
    assert asked < 2000
