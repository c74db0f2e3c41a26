"""The Themes tab: what rows say, choosing a theme, walking its passages, and every edit of a theme."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from margent import edits
from margent.annotations import Annotation, Change, DocumentRecord, Passage, Theme
from margent.document import Block, Document
from margent.reading import Reading
from margent.themes import suggest
from margent.ui.style import Style
from margent.ui.themedialog import MergeDialog, ThemeDialog
from margent.ui.themerows import NEW, OTHERS, SUGGEST, ThemesDelegate, theme_rows
from margent.ui.themespane import ThemesPane

TEXTS = [
    "Oil and gas come from the east.",
    "Nothing of note is said here.",
    "Trade brings minerals and more oil.",
    "Rights are spoken of at the end.",
]
ENERGY = Theme(id="energy", name="Energy", colour="amber", words=("oil",))
RIGHTS = Theme(id="rights", name="Rights", colour="plum")
WATER = Theme(id="water", name="Water", colour="navy")
DEFENCE = Theme(id="defence", name="Defence", colour="teal")


def a_reading(*themes: Theme, annotations: tuple[Annotation, ...] = ()) -> Reading:
    document = Document("A brief", tuple(Block("paragraph", text) for text in TEXTS))
    record = DocumentRecord(id="d", revision="r", title="A brief")
    start, end = document.span_of(3)
    passage = Passage(id="p", theme="rights", document="d", revision="r", start=start, end=end, origin="given")
    return Reading(record, document, annotations=annotations, themes=themes, passages=[passage], suggest=suggest)


def an(key: str, start: int, **values: Any) -> Annotation:
    return Annotation(id=key, document="d", revision="r", start=start, end=start + 3, exact="abc", **values)


class Bench:
    """A pane whose wishes are fulfilled at once, as the session does, and that notes all it says."""

    def __init__(self, qtbot: QtBot, qapp: QApplication, reading: Reading | None = None) -> None:
        self.qtbot = qtbot
        self.reading = a_reading(ENERGY, RIGHTS, WATER, DEFENCE) if reading is None else reading
        self.pane = ThemesPane(Style(qapp, "light"), "Me")
        qtbot.addWidget(self.pane)
        model = self.pane.model
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
        self.changes: list[Change] = []
        self.chosen: list[str] = []
        self.positions: list[int] = []
        self.pane.changeRequested.connect(self.do)
        self.pane.themeChosen.connect(self.chosen.append)
        self.pane.positionRequested.connect(self.positions.append)
        self.pane.resize(248, 420)
        self.pane.open(self.reading)
        with qtbot.waitActive(self.pane):
            self.pane.show()
        self.pane.setFocus()

    def do(self, change: Change) -> None:
        self.changes.append(change)
        self.reading.apply(change)
        self.pane.refresh(change)

    def shown(self) -> list[str]:
        return list(self.pane.model.keys())

    def rect(self, key: str) -> Any:
        return self.pane.view.visualRect(self.pane.model.index_of(key))

    def click(self, key: str, at: QPoint | None = None) -> None:
        spot = at or QPoint(60, self.rect(key).top() + 12)
        self.qtbot.mouseClick(self.pane.view.viewport(), Qt.MouseButton.LeftButton, pos=spot)

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            self.qtbot.keyClick(self.pane.view, key)

    def stand_on(self, key: str) -> None:
        self.pane.view.setCurrentIndex(self.pane.model.index_of(key))

    def menu(self, theme: str) -> dict[str, QAction]:
        menu = self.pane.menu_for(theme)
        return {action.text(): action for action in menu.actions()}

    def selected(self) -> list[str]:
        return self.pane.view.selected_keys()


@pytest.fixture
def bench(qtbot: QtBot, qapp: QApplication) -> Bench:
    return Bench(qtbot, qapp)


# -- rows ---------------------------------------------------------------------------------------------------------


def test_themes_come_in_order_of_appearance_and_those_that_do_not_are_folded(bench: Bench) -> None:
    assert bench.shown() == ["energy", "rights", OTHERS, NEW, SUGGEST]
    assert bench.pane.model.index_of(OTHERS).data() == "Other themes (2)"
    bench.click(OTHERS)
    assert bench.shown() == ["energy", "rights", OTHERS, "defence", "water", NEW, SUGGEST]
    bench.stand_on(OTHERS)
    bench.press(Qt.Key.Key_Space)
    assert bench.shown() == ["energy", "rights", OTHERS, NEW, SUGGEST]


def test_numbers_are_of_passages_and_annotations_and_said_in_words() -> None:
    reading = a_reading(
        ENERGY,
        annotations=(
            an("a", 0, themes=("energy",)),
            an("b", 40, themes=("energy",), author="Me"),
            an("c", 9, themes=("energy",), author="A. Novak"),
            an("d", 0, themes=("energy",), state="orphaned"),
        ),
    )
    row = dict(theme_rows(reading, "Me", "", unfolded=False))["energy"]
    assert [origin for _, _, origin in row.spans] == ["suggested", "suggested"]
    assert (row.annotations, row.mine) == (4, 3)
    assert row.marks == (0, 9, 40), "an orphan has no place on the strip"


def test_a_row_says_in_words_what_it_shows(bench: Bench) -> None:
    tip = bench.pane.model.index_of("energy").data(Qt.ItemDataRole.ToolTipRole)
    spoken = bench.pane.model.index_of("energy").data(Qt.ItemDataRole.AccessibleTextRole)
    assert tip.startswith("Energy\n2 passage")
    assert "no annotations" in tip
    assert "2 suggested by its signal words" in tip
    assert spoken.startswith("Energy, 2 passage")
    given = bench.pane.model.index_of("rights").data(Qt.ItemDataRole.ToolTipRole)
    assert "1 given by the document's author" in given


@pytest.mark.parametrize(
    ("authors", "said"),
    [
        ([], "no annotations"),
        (["", "Me"], "2 annotations of yours"),
        (["A. Novak", "A. Novak"], "2 annotations of colleagues"),
        (["A. Novak", "", "B"], "3 annotations, 1 of them yours"),
    ],
)
def test_whose_annotations_they_are_is_said(qtbot: QtBot, qapp: QApplication, authors: list[str], said: str) -> None:
    annotations = tuple(an(str(n), n, themes=("energy",), author=author) for n, author in enumerate(authors))
    bench = Bench(qtbot, qapp, a_reading(ENERGY, annotations=annotations))
    row = bench.pane.model.get("energy")
    assert row is not None
    assert bench.pane.model.counts(row).replace("(s)", "s").endswith(said)


def test_the_fold_says_whether_it_is_open(bench: Bench) -> None:
    index = bench.pane.model.index_of(OTHERS)
    assert index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == "Folded"
    bench.click(OTHERS)
    assert index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == "Unfolded"


def test_every_cell_of_a_strip_tells_its_passage(bench: Bench) -> None:
    delegate = bench.pane.view.itemDelegate()
    assert isinstance(delegate, ThemesDelegate)
    row = bench.pane.model.get("energy")
    assert row is not None
    area = bench.rect("energy")
    strip = delegate.strip_rect(area)
    for span in row.spans:
        middle = (span[0] + span[1]) / 2 / row.length
        x = strip.left() + round(middle * strip.width())
        assert delegate.span_at(row, area, x, strip.center().y(), rtl=False) == span
        mirror = area.left() + area.right() - x
        assert delegate.span_at(row, area, mirror, strip.center().y(), rtl=True) == span
    gap = strip.left() + round((len(TEXTS[0]) + 10) / row.length * strip.width())
    assert delegate.span_at(row, area, gap, strip.center().y(), rtl=False) is None
    assert delegate.span_at(row, area, strip.left(), area.top(), rtl=False) is None
    assert delegate.said(row, row.spans[1]) == "Passage 2 of 2, suggested by its signal words"


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_the_strip_is_filled_where_passages_are(
    bench: Bench, qapp: QApplication, direction: Qt.LayoutDirection
) -> None:
    bench.pane.setLayoutDirection(direction)
    image = bench.pane.view.viewport().grab().toImage()
    delegate = bench.pane.view.itemDelegate()
    assert isinstance(delegate, ThemesDelegate)
    area = bench.rect("rights")
    strip = delegate.strip_rect(area)
    y = strip.center().y()
    colour = bench.pane._style.theme("plum").rgb()
    filled = [x for x in range(area.left(), area.right()) if image.pixel(x, y) == colour]
    start, end, _ = bench.reading.passages("rights")[0]
    length = len(bench.reading.document.text)
    assert len(filled) == pytest.approx((end - start) / length * strip.width(), abs=5)
    on_the_right = sum(filled) / len(filled) > strip.center().x()
    assert on_the_right is (direction == Qt.LayoutDirection.LeftToRight)


# -- choosing and walking -------------------------------------------------------------------------------------------


def test_a_click_chooses_and_another_lets_go(bench: Bench) -> None:
    bench.click("energy")
    assert bench.selected() == ["energy"]
    bench.click("rights")
    bench.click("rights")
    assert bench.chosen == ["energy", "rights", ""]
    assert bench.selected() == []


def test_keys_choose_and_escape_lets_go(bench: Bench) -> None:
    bench.press(Qt.Key.Key_Home, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Up, Qt.Key.Key_Space)
    assert bench.chosen == ["rights", "energy"]
    bench.press(Qt.Key.Key_Escape)
    assert bench.chosen == ["rights", "energy", ""]
    assert not bench.pane.bar.isVisible()


def test_typing_a_name_goes_to_the_theme(bench: Bench) -> None:
    bench.press(Qt.Key.Key_R, Qt.Key.Key_I)
    assert bench.pane.view.currentIndex().data() == "Rights"


def test_the_label_and_the_bar_follow_the_walk(bench: Bench) -> None:
    assert bench.pane.passage_label() == ""
    bench.pane.step_passage(1)
    assert bench.positions == []
    bench.click("energy")
    assert bench.pane.passage_label().startswith("Energy: 2 passage")
    said: list[str] = []
    bench.pane.passageChanged.connect(lambda: said.append(bench.pane.passage_label()))
    spans = bench.reading.passages("energy")
    for _ in range(3):
        bench.qtbot.mouseClick(bench.pane.bar.next, Qt.MouseButton.LeftButton)
    bench.qtbot.mouseClick(bench.pane.bar.previous, Qt.MouseButton.LeftButton)
    assert bench.positions == [spans[0][0], spans[1][0], spans[0][0], spans[1][0]]
    assert said == [f"Energy: passage {n} of 2" for n in (1, 2, 1, 2)]


def test_the_walk_begins_at_the_place_one_reads_at(bench: Bench) -> None:
    bench.click("energy")
    spans = bench.reading.passages("energy")
    bench.pane.set_place(spans[0][1])
    bench.pane.step_passage(1)
    assert bench.positions == [spans[1][0]]


def test_scrolling_far_away_ends_the_walk(bench: Bench) -> None:
    bench.click("energy")
    bench.pane.step_passage(1)
    bench.pane.set_place(0)
    assert bench.pane.passage_label() == "Energy: passage 1 of 2"
    bench.pane.set_place(5000)
    assert bench.pane.passage_label().startswith("Energy: 2 passage")


def test_a_click_on_a_cell_chooses_the_theme_and_goes_to_the_passage(bench: Bench) -> None:
    delegate = bench.pane.view.itemDelegate()
    assert isinstance(delegate, ThemesDelegate)
    strip = delegate.strip_rect(bench.rect("energy"))
    start, end, _ = bench.reading.passages("energy")[1]
    x = strip.left() + round((start + end) / 2 / len(bench.reading.document.text) * strip.width())
    bench.click("energy", QPoint(x, strip.center().y()))
    bench.click("energy", QPoint(x, strip.center().y()))
    assert bench.chosen == ["energy"]
    assert bench.positions == [start, start]
    assert bench.pane.passage_label() == "Energy: passage 2 of 2"


def test_another_document_has_no_theme_chosen(bench: Bench) -> None:
    bench.click("energy")
    bench.pane.open(a_reading(ENERGY))
    assert bench.chosen == ["energy", ""]
    bench.pane.open(None)
    assert bench.shown() == []


# -- passages -------------------------------------------------------------------------------------------------------


def test_a_suggestion_is_kept(bench: Bench) -> None:
    bench.click("energy")
    bench.pane.step_passage(1)
    bench.qtbot.mouseClick(bench.pane.bar.keep, Qt.MouseButton.LeftButton)
    assert [origin for _, _, origin in bench.reading.passages("energy")] == ["chosen", "suggested"]
    assert bench.pane.passage_label() == "Energy: passage 1 of 2"
    assert not bench.pane.bar.keep.isVisible()


def test_a_suggestion_is_dismissed_and_the_walk_goes_on_from_there(bench: Bench) -> None:
    bench.click("energy")
    bench.pane.step_passage(1)
    second = bench.reading.passages("energy")[1]
    bench.menu("energy")["Dismiss this passage"].trigger()
    assert [change.label for change in bench.changes] == ["Dismiss suggestion"]
    assert bench.reading.passages("energy") == [second]
    bench.pane.step_passage(1)
    assert bench.positions[-1] == second[0]


def test_a_given_passage_is_removed_from_the_menu(bench: Bench) -> None:
    bench.click("rights")
    assert "Remove this passage" not in bench.menu("rights")
    bench.pane.step_passage(1)
    bench.menu("rights")["Remove this passage"].trigger()
    assert bench.reading.passages("rights") == []
    bench.do(bench.changes[-1].inverse())
    assert [origin for _, _, origin in bench.reading.passages("rights")] == ["given"]


@pytest.mark.parametrize(("start", "end", "words"), [(0, 11, "Oil and gas"), (3, 8, "and"), (3, 4, None), (7, 7, None)])
def test_selected_words_become_a_passage_without_the_space_around(
    bench: Bench, start: int, end: int, words: str | None
) -> None:
    bench.pane.add_selection("water", start, end)
    found = [bench.reading.document.text[a:b] for a, b, _ in bench.reading.passages("water")]
    assert found == ([words] if words else [])
    bench.pane.add_selection("water", start, end)
    assert len(bench.changes) == len(found), "the same words are added once"


def test_adding_the_selection_is_offered_while_there_is_one(bench: Bench) -> None:
    assert not bench.menu("energy")["Add selection to theme"].isEnabled()
    bench.pane.set_selection_available(True)
    with bench.qtbot.waitSignal(bench.pane.selectionWanted) as wanted:
        bench.menu("energy")["Add selection to theme"].trigger()
    assert wanted.args == ["energy"]


# -- themes ---------------------------------------------------------------------------------------------------------


def editor(bench: Bench) -> QLineEdit:
    (field,) = bench.pane.view.viewport().findChildren(QLineEdit)
    return field


def test_a_theme_is_renamed_in_its_row(bench: Bench) -> None:
    bench.stand_on("energy")
    bench.press(Qt.Key.Key_F2)
    field = editor(bench)
    assert field.text() == "Energy"
    field.selectAll()
    bench.qtbot.keyClicks(field, "Fuel")
    bench.qtbot.keyClick(field, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert bench.reading.themes["energy"].name == "Fuel"
    assert bench.pane.model.index_of("energy").data() == "Fuel"
    assert bench.pane.view.currentIndex().data() == "Fuel"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
@pytest.mark.parametrize("name", ["", "   ", "Energy", "Rights", " rights"])
def test_no_name_the_same_or_that_of_another_renames_nothing(bench: Bench, name: str) -> None:
    bench.stand_on("energy")
    bench.press(Qt.Key.Key_F2)
    field = editor(bench)
    field.setText(name)
    bench.qtbot.keyClick(field, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert bench.changes == []


def test_escape_leaves_the_name_as_it_was(bench: Bench) -> None:
    bench.stand_on("energy")
    bench.press(Qt.Key.Key_F2)
    field = editor(bench)
    field.setText("Fuel")
    bench.qtbot.keyClick(field, Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert bench.changes == []
    assert bench.chosen == []


def test_a_theme_is_recoloured_from_its_menu(bench: Bench) -> None:
    colours = bench.menu("energy")["Colour"].menu()
    assert isinstance(colours, QMenu)
    ticked = [action.text() for action in colours.actions() if action.isChecked()]
    assert ticked == ["Amber"]
    next(action for action in colours.actions() if action.text() == "Navy").trigger()
    assert bench.reading.themes["energy"].colour == "navy"
    row = bench.pane.model.get("energy")
    assert row is not None
    assert row.theme == bench.reading.themes["energy"]


def test_delete_puts_a_theme_away_and_undo_brings_it_back(bench: Bench) -> None:
    bench.click("energy")
    bench.press(Qt.Key.Key_Delete)
    assert "energy" not in bench.shown()
    assert bench.chosen == ["energy", ""]
    bench.do(bench.changes[-1].inverse())
    assert bench.shown()[0] == "energy"


def test_the_row_for_a_new_theme_opens_a_dialog(bench: Bench) -> None:
    bench.press(Qt.Key.Key_End, Qt.Key.Key_Up, Qt.Key.Key_Return)
    dialog = bench.pane.tools.dialog
    assert isinstance(dialog, ThemeDialog)
    dialog.name.setText("Fossil fuels")
    dialog.words.setPlainText("gas, minerals")
    bench.qtbot.waitUntil(lambda: "2 passage" in dialog.said.text())
    bench.qtbot.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    (made,) = [theme for theme in bench.reading.themes.values() if theme.name == "Fossil fuels"]
    assert len(bench.reading.passages(made.id)) == 2
    assert made.id in bench.shown()
    assert bench.pane.tools.dialog is None


def test_a_new_theme_that_occurs_nowhere_is_not_folded_away(bench: Bench) -> None:
    bench.pane.tools.new()
    dialog = bench.pane.tools.dialog
    assert isinstance(dialog, ThemeDialog)
    dialog.name.setText("Space")
    dialog.accept()
    assert bench.pane.view.currentIndex().data() == "Space"
    assert len(bench.shown()) == 2 + 1 + 3 + 2


def test_the_chosen_theme_stays_in_sight_when_its_last_passage_goes(bench: Bench) -> None:
    bench.click("rights")
    bench.pane.step_passage(1)
    bench.pane.drop_passage()
    assert bench.reading.passages("rights") == []
    assert bench.shown() == ["energy", OTHERS, "rights", NEW, SUGGEST]
    assert bench.selected() == ["rights"]
    bench.click("rights")
    assert bench.shown() == ["energy", OTHERS, NEW, SUGGEST]


def test_signal_words_are_edited_and_passages_follow(bench: Bench) -> None:
    bench.menu("energy")["Signal words…"].trigger()
    dialog = bench.pane.tools.dialog
    assert isinstance(dialog, ThemeDialog)
    dialog.words.setPlainText("minerals")
    dialog.accept()
    assert [change.label for change in bench.changes] == ["Edit signal words"]
    row = bench.pane.model.get("energy")
    assert row is not None
    assert len(row.spans) == 1


def test_a_merge_is_asked_for_and_left_to_others(bench: Bench) -> None:
    bench.menu("energy")["Merge into…"].trigger()
    dialog = bench.pane.tools.dialog
    assert isinstance(dialog, MergeDialog)
    dialog.filter.setText("rig")
    with bench.qtbot.waitSignal(bench.pane.mergeRequested) as asked:
        dialog.accept()
    assert asked.args == ["energy", "rights"]
    assert bench.changes == []


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_menu_comes_by_key_for_the_row_one_stands_on(bench: Bench) -> None:
    bench.stand_on("rights")
    view = bench.pane.view
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), view.mapToGlobal(QPoint(0, 0)))
    QApplication.sendEvent(view.viewport(), event)
    (menu,) = [widget for widget in bench.pane.findChildren(QMenu) if widget.isVisible()]
    assert {action.text() for action in menu.actions()} == set(bench.menu("rights"))
    menu.close()


def test_typing_in_a_note_redraws_nothing_here(bench: Bench) -> None:
    reading = a_reading(ENERGY, annotations=(an("a", 0, themes=("energy",)),))
    bench.pane.open(reading)
    told: list[object] = []
    bench.pane.passageChanged.connect(lambda: told.append(1))
    change = edits.set_note(reading.annotations["a"], "typed")
    reading.apply(change)
    bench.pane.refresh(change)
    assert told == []
    change = edits.add_theme([reading.annotations["a"]], "rights")
    reading.apply(change)
    bench.pane.refresh(change)
    assert told == [1]


def test_focus_and_place_in_the_list_stay_through_changes(bench: Bench) -> None:
    bench.stand_on("rights")
    bench.do(edits.delete_theme(bench.reading.themes["energy"]))
    bench.do(edits.new_theme("Another", "olive", ["gas"]))
    assert bench.pane.view.currentIndex().data() == "Rights"
    assert bench.pane.view.hasFocus()


def test_without_any_theme_a_sentence_says_what_they_are_for(qtbot: QtBot, qapp: QApplication) -> None:
    bench = Bench(qtbot, qapp, a_reading())
    assert bench.shown() == [NEW, SUGGEST]
    assert bench.pane.empty.isVisible()
    bench.do(edits.new_theme("Energy", "amber"))
    assert not bench.pane.empty.isVisible()
