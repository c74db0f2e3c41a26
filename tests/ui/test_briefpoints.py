"""The list of points: ticking by mouse and keyboard, asking for another order, and how rows are read and painted."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from margent.annotations import Annotation
from margent.ui.briefpoints import Heading, PointList, PointRow, _Delegate
from margent.ui.style import Style

LONG = "Words that somebody wrote at length about the price of copper and of rare earths. " * 12


def point(key: str, group: str = "Trade", *, included: bool = True, label: str = "", **values: Any) -> PointRow:
    more: dict[str, Any] = {"exact": f"quote {key}", **values}
    return PointRow(Annotation(id=key, document="d", revision="r", start=0, end=5, **more), included, label, group)


class Bench:
    """A list on the screen, and what it asked for."""

    def __init__(self, qtbot: QtBot, qapp: QApplication, *rows: Heading | PointRow, rtl: bool = False) -> None:
        self.style = Style(qapp, "light")
        self.list = PointList(self.style)
        qtbot.addWidget(self.list)
        if rtl:
            self.list.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.model = self.list.rows
        QAbstractItemModelTester(self.model, QAbstractItemModelTester.FailureReportingMode.Fatal, self.model)
        self.ticked: list[tuple[list[str], bool]] = []
        self.moved: list[tuple[str, str]] = []
        self.stepped: list[tuple[str, int]] = []
        self.list.ticked.connect(lambda keys, on: self.ticked.append((keys, on)))
        self.list.moved.connect(lambda key, before: self.moved.append((key, before)))
        self.list.stepped.connect(lambda key, by: self.stepped.append((key, by)))
        self.list.resize(400, 500)
        self.put(*rows)
        with qtbot.waitActive(self.list):
            self.list.show()

    def put(self, *rows: Heading | PointRow) -> None:
        self.model.put(
            [(row.annotation.id if isinstance(row, PointRow) else f"heading:{row.text}", row) for row in rows]
        )

    def area(self, key: str) -> QRect:
        return self.list.visualRect(self.index(key))

    def index(self, key: str) -> Any:
        return self.model.index(self.model.keys().index(key), 0)

    def click(self, qtbot: QtBot, key: str, x: int) -> None:
        area = self.area(key)
        qtbot.mouseClick(self.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(area.left() + x, area.top() + 18))

    def image(self) -> QImage:
        return self.list.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


ROWS = (Heading("Trade"), point("a"), point("b", included=False), Heading("Energy"), point("c", "Energy"))


def test_a_click_on_the_box_ticks_and_one_on_the_words_does_not(qtbot: QtBot, qapp: QApplication) -> None:
    bench = Bench(qtbot, qapp, *ROWS)
    bench.click(qtbot, "a", 28)
    bench.click(qtbot, "b", 28)
    assert bench.ticked == [(["a"], False), (["b"], True)]
    bench.click(qtbot, "a", 120)
    bench.click(qtbot, "heading:Trade", 28)
    assert len(bench.ticked) == 2


def test_space_ticks_all_that_is_chosen_unless_all_are_ticked(qtbot: QtBot, qapp: QApplication) -> None:
    bench = Bench(qtbot, qapp, *ROWS)
    bench.list.setCurrentIndex(bench.index("a"))
    qtbot.keyClick(bench.list, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(bench.list, Qt.Key.Key_Space)
    assert bench.ticked == [(["a", "b"], True)]
    bench.put(Heading("Trade"), point("a"), point("b"))
    qtbot.keyClick(bench.list, Qt.Key.Key_Space)
    assert bench.ticked[1:] == [(["a", "b"], False)]


def test_arrows_pass_over_headings(qtbot: QtBot, qapp: QApplication) -> None:
    bench = Bench(qtbot, qapp, *ROWS)
    bench.list.setCurrentIndex(bench.index("b"))
    qtbot.keyClick(bench.list, Qt.Key.Key_Down)
    assert bench.model.key(bench.list.currentIndex()) == "c"


@pytest.mark.parametrize(("key", "by"), [(Qt.Key.Key_Down, 1), (Qt.Key.Key_Up, -1)])
def test_alt_with_an_arrow_asks_to_move_the_point_and_stays_on_it(
    qtbot: QtBot, qapp: QApplication, key: Qt.Key, by: int
) -> None:
    bench = Bench(qtbot, qapp, *ROWS)
    bench.list.setCurrentIndex(bench.index("b"))
    qtbot.keyClick(bench.list, key, Qt.KeyboardModifier.AltModifier)
    assert bench.stepped == [("b", by)]
    assert bench.model.key(bench.list.currentIndex()) == "b"


@pytest.mark.parametrize(
    ("onto", "before"), [("a", "a"), ("heading:Energy", ""), ("c", "c"), (None, "")], ids=["point", "gap", "far", "end"]
)
def test_what_is_dropped_asks_to_come_before_the_point_it_fell_on(
    qtbot: QtBot, qapp: QApplication, onto: str | None, before: str
) -> None:
    bench = Bench(qtbot, qapp, *ROWS)
    dragged = bench.model.mimeData([bench.index("b")])
    row = bench.model.keys().index(onto) if onto is not None else bench.model.rowCount()
    assert not bench.model.dropMimeData(dragged, Qt.DropAction.MoveAction, row, 0, bench.model.index(-1, -1))
    assert bench.moved == [("b", before)]
    assert bench.model.keys()[1:3] == ["a", "b"], "the list waits to be told of the new order"


def test_a_heading_can_be_neither_chosen_nor_dragged(qtbot: QtBot, qapp: QApplication) -> None:
    bench = Bench(qtbot, qapp, *ROWS)
    assert bench.model.flags(bench.index("heading:Trade")) == Qt.ItemFlag.NoItemFlags
    assert bench.model.flags(bench.index("a")) & Qt.ItemFlag.ItemIsDragEnabled


def test_a_screen_reader_hears_the_words_the_note_and_whether_it_is_in(qtbot: QtBot, qapp: QApplication) -> None:
    rows = (Heading("Trade"), point("a", label="Question, private:", note="By *how* much?"), point("b", included=False))
    bench = Bench(qtbot, qapp, *rows)
    role = Qt.ItemDataRole
    heard = [bench.index("a").data(role.AccessibleTextRole), bench.index("b").data(role.AccessibleTextRole)]
    assert heard == ["quote a. Question, private: By how much?", "quote b"]
    ticks = [bench.model.data(bench.index(key), role.CheckStateRole) for key in "ab"]
    assert ticks == [Qt.CheckState.Checked, Qt.CheckState.Unchecked]
    assert bench.index("heading:Trade").data() == "Trade"


def test_a_row_grows_with_its_note_and_not_without_end(qtbot: QtBot, qapp: QApplication) -> None:
    rows = (
        point("bare"),
        point("note", note="A note."),
        point("long", exact=LONG, note=LONG),
        point("endless", exact=LONG * 9, note=LONG * 9),
    )
    bench = Bench(qtbot, qapp, *rows)
    heights = [bench.area(key).height() for key in ("bare", "note", "long", "endless")]
    assert heights[0] < heights[1] < heights[2] == heights[3]
    bench.list.resize(700, 500)
    bench.list.doItemsLayout()
    assert bench.area("note").height() == heights[1]


def columns(image: QImage, area: QRect, colour: QColor) -> set[int]:
    return {
        x
        for x in range(area.left(), area.right() + 1)
        for y in range(area.top(), area.bottom() + 1)
        if image.pixelColor(x, y) == colour
    }


@pytest.mark.parametrize("rtl", [False, True])
def test_a_list_from_right_to_left_has_its_boxes_and_bars_on_the_right(
    qtbot: QtBot, qapp: QApplication, *, rtl: bool
) -> None:
    bench = Bench(qtbot, qapp, point("a", exact="one two"), rtl=rtl)
    area = bench.area("a")
    bars = columns(bench.image(), area, bench.style.mark_strong("yellow"))
    assert bars
    middle = area.center().x()
    assert all((x > middle) == rtl for x in bars)
    words = columns(bench.image(), area, bench.style.colour("muted"))
    assert words
    assert all(x < min(bars) if rtl else x > max(bars) for x in words)
    assert all((x > middle) == rtl for x in words)
    near, far = (area.width() - 28, 28) if rtl else (28, area.width() - 28)
    bench.click(qtbot, "a", far)
    assert bench.ticked == []
    bench.click(qtbot, "a", near)
    assert bench.ticked == [(["a"], False)]


def test_what_is_left_out_is_fainter(qtbot: QtBot, qapp: QApplication) -> None:
    bench = Bench(qtbot, qapp, point("a", exact="one two"))
    inside = bench.image()
    bench.put(point("a", exact="one two", included=False))
    muted, faint = bench.style.colour("muted"), bench.style.colour("faint")
    area = bench.area("a")
    assert columns(inside, area, muted)
    outside = bench.image()
    assert not columns(outside, area, muted)
    assert columns(outside, area, faint)


@pytest.mark.parametrize(("note", "runs_right"), [("Who pays?.", True), ("من يدفع؟.", False)])
def test_a_note_runs_the_way_its_words_do_in_a_window_from_right_to_left(
    qtbot: QtBot, qapp: QApplication, note: str, *, runs_right: bool
) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        bench = Bench(qtbot, qapp, point("a", note=note))
        delegate = bench.list.itemDelegate()
        assert isinstance(delegate, _Delegate)
        _, layout = delegate._layouts(point("a", note=note), 300, rtl=True)
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert layout is not None
    places = [layout.lineAt(0).cursorToX(at)[0] for at in range(len(note) + 1)]
    assert places[-1] == (max(places) if runs_right else min(places)), "the full stop is at the end"
    assert max(places) == pytest.approx(300 - 43 - 20, abs=2), "and the words at the right"
