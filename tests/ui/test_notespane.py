"""The Notes tab: order, search and filters, choosing several, changing them at once, orphans, and keeping its place."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from margent import edits
from margent.annotations import Annotation, Change, DocumentRecord, Theme
from margent.document import Block, Document
from margent.reading import Reading
from margent.ui.noterows import ORPHANS
from margent.ui.notespane import NotesPane
from margent.ui.style import Style
from margent.ui.thememenu import ThemeMenu

WORDS = [f"word{number:04}" for number in range(3000)]
TEXT = " ".join(WORDS)
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def an(number: int, **values: Any) -> Annotation:
    words = WORDS[number]
    start = TEXT.index(words)
    plain = {"id": words, "document": "d", "revision": "r", "start": start, "end": start + len(words), "exact": words}
    return Annotation(**{**plain, **values})


def a_reading(*annotations: Annotation) -> Reading:
    themes = [Theme(id="e", name="Energy"), Theme(id="t", name="Trade", colour="navy")]
    document = Document("A brief", (Block("paragraph", TEXT),))
    return Reading(DocumentRecord(id="d", revision="r", title="A"), document, annotations=annotations, themes=themes)


def some() -> list[Annotation]:
    return [
        an(3, kind="question", note="Égalité?", colour="green"),
        an(1, kind="action", themes=("e",), colour="blue"),
        an(2, note="A longer note that needs rather more than a single line in so narrow a column", author="A. Novak"),
        an(5, state="orphaned", note="lost"),
        an(4, private=True),
    ]


class Bench:
    """A pane whose wishes are fulfilled at once, as the session does."""

    def __init__(self, qtbot: QtBot, qapp: QApplication, annotations: list[Annotation]) -> None:
        self.qtbot = qtbot
        self.reading = a_reading(*annotations)
        self.pane = NotesPane(Style(qapp, "light"), "Me")
        qtbot.addWidget(self.pane)
        model = self.pane.model
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
        self.changes: list[Change] = []
        self.pane.changeRequested.connect(self.do)
        self.pane.resize(248, 420)
        self.pane.open(self.reading)
        with qtbot.waitActive(self.pane):
            self.pane.show()
        self.pane.setFocus()

    def do(self, change: Change) -> None:
        self.changes.append(change)
        self.reading.apply(change)
        self.pane.refresh(change)

    def shown(self) -> str:
        keys = self.pane.model.keys()
        return " ".join(key.removeprefix("word000") for key in keys)

    def chosen(self) -> str:
        return " ".join(key.removeprefix("word000") for key in self.pane.view.selected_keys())

    def click(self, number: int, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        view = self.pane.view
        spot = view.visualRect(view.model().index_of(WORDS[number])).center()  # type: ignore[attr-defined]
        self.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, spot)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.pane.view, key, modifier)

    def actions(self, menu: QMenu | None = None) -> dict[str, QAction]:
        menu = menu or self.pane.menu()
        menu.aboutToShow.emit()
        return {action.text(): action for action in menu.actions()}

    def submenu(self, name: str) -> dict[str, QAction]:
        menu = self.actions()[name].menu()
        assert isinstance(menu, QMenu)
        return {action.text(): action for action in menu.actions()}


@pytest.fixture
def bench(qtbot: QtBot, qapp: QApplication) -> Bench:
    return Bench(qtbot, qapp, some())


# -- what is shown --------------------------------------------------------------------------------------------------


def test_annotations_come_in_reading_order_and_orphans_last(bench: Bench) -> None:
    assert bench.shown() == f"1 2 3 4 {ORPHANS} 5"


def test_the_search_field_narrows_and_says_so(bench: Bench) -> None:
    bench.qtbot.keyClicks(bench.pane.filters.field, "egalite")
    assert bench.shown() == "3"
    assert bench.pane.filters.count.text() == "1 of 5"
    bench.qtbot.keyClicks(bench.pane.filters.field, "zzz")
    assert bench.shown() == ""
    assert bench.pane.empty.isVisible()
    assert bench.pane.empty.text() == "No annotation matches."
    bench.pane.filters.field.clear()
    assert bench.shown() == f"1 2 3 4 {ORPHANS} 5"


def test_a_filter_narrows_and_follows_changes(bench: Bench) -> None:
    bench.pane.filters.toggle("kind", "action")
    assert bench.shown() == "1"
    bench.do(edits.set_kind([bench.reading.annotations[WORDS[2]]], "action"))
    assert bench.shown() == "1 2"
    bench.do(edits.set_kind([bench.reading.annotations[WORDS[1]]], "note"))
    assert bench.shown() == "2"


def test_what_changes_elsewhere_is_followed(bench: Bench) -> None:
    deletion = edits.delete([bench.reading.annotations[WORDS[2]], bench.reading.annotations[WORDS[5]]])
    bench.do(deletion)
    assert bench.shown() == "1 3 4"
    bench.do(deletion.inverse())
    assert bench.shown() == f"1 2 3 4 {ORPHANS} 5"
    bench.do(edits.attach(bench.reading.annotations[WORDS[5]], TEXT, 0, 8))
    assert bench.shown() == "5 1 2 3 4"


def test_a_theme_with_another_name_is_shown_by_it(bench: Bench) -> None:
    bench.do(edits.rename_theme(bench.reading.themes["e"], "Fuel"))
    row = bench.pane.model.get(WORDS[1])
    assert row is not None
    assert "Fuel" in bench.pane.model.what(row)


def test_without_annotations_a_sentence_says_how_to_make_one(qtbot: QtBot, qapp: QApplication) -> None:
    bench = Bench(qtbot, qapp, [])
    assert bench.pane.empty.isVisible()
    assert bench.pane.empty.text() == "Select words in the text to highlight them."
    assert not bench.pane.filters.isVisible()
    bench.do(edits.annotate(bench.reading.record, TEXT, 0, 8))
    assert not bench.pane.empty.isVisible()
    assert bench.pane.view.isVisible()


# -- choosing -------------------------------------------------------------------------------------------------------


def test_clicks_with_control_and_shift_choose_several(bench: Bench) -> None:
    bench.click(1)
    assert bench.chosen() == "1"
    bench.click(3, CONTROL)
    assert bench.chosen() == "1 3"
    bench.click(4, SHIFT)
    assert bench.chosen() == "1 3 4"
    bench.click(2)
    assert bench.chosen() == "2"


def test_keys_choose_several_and_skip_the_heading(bench: Bench) -> None:
    bench.press(Qt.Key.Key_Home)
    bench.press(Qt.Key.Key_Down, SHIFT)
    assert bench.chosen() == "1 2"
    bench.press(Qt.Key.Key_End)
    assert bench.chosen() == "5"
    bench.press(Qt.Key.Key_Up)
    assert bench.chosen() == "4"
    bench.press(Qt.Key.Key_A, CONTROL)
    assert bench.chosen() == "1 2 3 4 5"
    bench.press(Qt.Key.Key_Escape)
    assert bench.chosen() == ""


def test_typing_goes_to_a_quotation(bench: Bench) -> None:
    bench.press(Qt.Key.Key_Home)
    bench.qtbot.keyClicks(bench.pane.view, "word0003")
    assert bench.chosen() == "3"


@pytest.mark.parametrize("how", ["enter", "double click"])
def test_enter_and_double_click_go_to_the_annotation(bench: Bench, how: str) -> None:
    bench.click(3)
    with bench.qtbot.waitSignal(bench.pane.annotationRequested) as asked:
        if how == "enter":
            bench.press(Qt.Key.Key_Return)
        else:
            spot = bench.pane.view.visualRect(bench.pane.model.index_of(WORDS[3])).center()
            bench.qtbot.mouseDClick(bench.pane.view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert asked.args == [WORDS[3]]


def test_the_current_annotation_of_the_page_is_chosen_here(bench: Bench) -> None:
    bench.pane.set_current(WORDS[2])
    assert bench.chosen() == "2"
    bench.pane.set_current("")
    assert bench.chosen() == "2"
    bench.press(Qt.Key.Key_A, CONTROL)
    bench.pane.set_current(WORDS[4])
    assert bench.chosen() == "1 2 3 4 5", "going to one of several chosen keeps them"


# -- changing several at once ---------------------------------------------------------------------------------------


def test_the_bar_is_there_for_two_or_more(bench: Bench) -> None:
    bench.click(1)
    assert not bench.pane.bar.isVisible()
    bench.click(2, CONTROL)
    assert bench.pane.bar.isVisible()
    assert bench.pane.bar.label.text() == "2 chosen"
    bench.press(Qt.Key.Key_Escape)
    assert not bench.pane.bar.isVisible()


@pytest.mark.parametrize(
    ("button", "choice", "label", "after"),
    [
        ("colour", "Pink", "Change colour", lambda a: a.colour == "pink"),
        ("kind", "Position", "Change kind", lambda a: a.kind == "position"),
    ],
)
def test_the_bar_changes_all_that_are_chosen_in_one_step(
    bench: Bench, button: str, choice: str, label: str, after: Callable[[Annotation], bool]
) -> None:
    bench.click(1)
    bench.click(3, SHIFT)
    tool: QToolButton = getattr(bench.pane.bar, button)
    bench.actions(tool.menu())[choice].trigger()
    assert [(change.label, len(change.after)) for change in bench.changes] == [(label, 3)]
    assert [after(bench.reading.annotations[WORDS[n]]) for n in (1, 2, 3, 4)] == [True, True, True, False]
    assert bench.chosen() == "1 2 3"


def test_private_goes_on_for_all_and_then_off(bench: Bench) -> None:
    bench.click(3)
    bench.click(4, CONTROL)
    bench.qtbot.mouseClick(bench.pane.bar.private, Qt.MouseButton.LeftButton)
    assert [bench.reading.annotations[WORDS[n]].private for n in (3, 4)] == [True, True]
    bench.qtbot.mouseClick(bench.pane.bar.private, Qt.MouseButton.LeftButton)
    assert [bench.reading.annotations[WORDS[n]].private for n in (3, 4)] == [False, False]


def test_delete_takes_all_that_are_chosen(bench: Bench) -> None:
    bench.click(1)
    bench.click(3, CONTROL)
    bench.press(Qt.Key.Key_Delete)
    assert [len(change.after) for change in bench.changes] == [2]
    assert bench.shown() == f"2 4 {ORPHANS} 5"
    bench.click(2)
    bench.click(4, CONTROL)
    bench.qtbot.mouseClick(bench.pane.bar.delete, Qt.MouseButton.LeftButton)
    assert bench.shown() == f"{ORPHANS} 5"


def test_delete_without_a_choice_deletes_nothing(bench: Bench) -> None:
    bench.press(Qt.Key.Key_Delete)
    assert bench.changes == []


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_themes_are_given_to_all_that_are_chosen_and_taken_from_all(bench: Bench) -> None:
    bench.click(1)
    bench.click(2, CONTROL)
    bench.qtbot.mouseClick(bench.pane.bar.theme, Qt.MouseButton.LeftButton)
    (menu,) = bench.pane.findChildren(ThemeMenu)
    bench.qtbot.keyClicks(menu.filter, "ener")
    bench.qtbot.keyClick(menu.filter, Qt.Key.Key_Return)
    assert [bench.reading.annotations[WORDS[n]].themes for n in (1, 2)] == [("e",), ("e",)]
    bench.qtbot.keyClick(menu.filter, Qt.Key.Key_Return)
    assert [bench.reading.annotations[WORDS[n]].themes for n in (1, 2)] == [(), ()]
    assert [len(change.after) for change in bench.changes] == [1, 2]
    menu.close()


def test_ticking_leaves_notes_alone(bench: Bench) -> None:
    assert "Tick" not in bench.actions()
    bench.press(Qt.Key.Key_A, CONTROL)
    bench.actions()["Tick"].trigger()
    done = {key for key, value in bench.reading.annotations.items() if value.done}
    assert done == {WORDS[1], WORDS[3]}
    bench.actions()["Untick"].trigger()
    assert not any(value.done for value in bench.reading.annotations.values())


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_menu_for_a_row_that_is_not_chosen_chooses_it(bench: Bench) -> None:
    bench.click(1)
    bench.click(2, CONTROL)
    bench.pane.view.menuWanted.emit(bench.pane.model.index_of(WORDS[1]), QPoint())
    assert bench.chosen() == "1 2"
    bench.pane.view.menuWanted.emit(bench.pane.model.index_of(WORDS[4]), QPoint())
    assert bench.chosen() == "4"
    for menu in bench.pane.findChildren(QMenu):
        menu.close()


# -- orphans --------------------------------------------------------------------------------------------------------


def test_an_orphan_is_attached_while_words_are_selected(bench: Bench) -> None:
    bench.click(1)
    assert not bench.pane.bar.attach.isVisible()
    bench.click(5)
    assert bench.pane.bar.attach.isVisible()
    assert not bench.pane.bar.attach.isEnabled()
    assert not bench.actions()["Attach to selection"].isEnabled()
    bench.pane.set_selection_available(True)
    with bench.qtbot.waitSignal(bench.pane.attachRequested) as asked:
        bench.qtbot.mouseClick(bench.pane.bar.attach, Qt.MouseButton.LeftButton)
    assert asked.args == [WORDS[5]]
    bench.pane.set_selection_available(False)
    assert not bench.pane.bar.attach.isEnabled()


# -- keeping the place ----------------------------------------------------------------------------------------------


def test_choice_place_and_focus_stay_while_notes_are_written(qtbot: QtBot, qapp: QApplication) -> None:
    bench = Bench(qtbot, qapp, [an(number) for number in range(500)])
    bench.pane.set_current(WORDS[300])
    bench.pane.view.setFocus()
    top = bench.pane.view.verticalScrollBar().value()
    assert top > 0
    bench.do(edits.set_note(bench.reading.annotations[WORDS[310]], "typed " * 10))
    bench.do(edits.set_colour([bench.reading.annotations[WORDS[300]]], "pink"))
    QApplication.processEvents()
    assert bench.pane.view.verticalScrollBar().value() == top
    assert bench.pane.view.selected_keys() == [WORDS[300]]
    assert bench.pane.view.currentIndex() == bench.pane.model.index_of(WORDS[300])
    assert bench.pane.view.hasFocus()


def test_choice_stays_when_half_of_the_notes_go(qtbot: QtBot, qapp: QApplication) -> None:
    bench = Bench(qtbot, qapp, [an(number) for number in range(500)])
    bench.pane.set_current(WORDS[301])
    gone = edits.delete([bench.reading.annotations[WORDS[number]] for number in range(0, 500, 2)])
    bench.do(gone)
    assert len(bench.pane.model.keys()) == 250
    assert bench.pane.view.selected_keys() == [WORDS[301]]
    bench.do(gone.inverse())
    assert list(bench.pane.model.keys()) == WORDS[:500]
    assert bench.pane.view.selected_keys() == [WORDS[301]]


def test_del_comes_here_before_it_is_a_shortcut_of_the_window(bench: Bench) -> None:
    for key, taken in ((Qt.Key.Key_Delete, True), (Qt.Key.Key_F9, False)):
        event = QKeyEvent(QKeyEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
        event.ignore()
        QApplication.sendEvent(bench.pane.view, event)
        assert event.isAccepted() is taken


def test_another_document_starts_at_its_top_with_nothing_chosen(bench: Bench) -> None:
    bench.press(Qt.Key.Key_A, CONTROL)
    bench.pane.filters.toggle("kind", "action")
    bench.pane.open(a_reading(an(7), an(8)))
    assert bench.shown() == "7 8"
    assert bench.chosen() == ""
    assert not bench.pane.bar.isVisible()
    bench.pane.open(None)
    assert bench.shown() == ""
    assert not bench.pane.empty.isVisible()


# -- moved notes and conversations ----------------------------------------------------------------------------------


def choose(bench: Bench, *numbers: int) -> None:
    bench.pane.view.clearSelection()
    for number in numbers:
        index = bench.pane.model.index_of(WORDS[number])
        flags = QItemSelectionModel.SelectionFlag
        bench.pane.view.selectionModel().select(index, flags.Select | flags.Rows)


def labels(bench: Bench) -> list[str]:
    menu = bench.pane.menu()
    found = [action.text() for action in menu.actions()]
    menu.deleteLater()
    return found


def test_the_new_words_of_several_are_accepted_at_once(qtbot: QtBot, qapp: QApplication) -> None:
    bench = Bench(qtbot, qapp, [an(n, state="moved", exact="other") for n in (1, 2)] + [an(3)])
    choose(bench, 3)
    assert not bench.pane.bar.accept.isVisible()
    choose(bench, 1, 2, 3)
    assert bench.pane.bar.accept.isVisible()
    assert {"Accept new words", "Detach"} <= set(labels(bench))
    qtbot.mouseClick(bench.pane.bar.accept, Qt.MouseButton.LeftButton)
    (change,) = bench.changes
    assert set(change.after) == {WORDS[1], WORDS[2]}
    assert [(a.state, a.exact) for a in bench.reading.in_order()] == [("placed", WORDS[n]) for n in (1, 2, 3)]


def test_conversations_are_resolved_from_the_list(qtbot: QtBot, qapp: QApplication) -> None:
    bench = Bench(qtbot, qapp, [an(1, note="Really?"), an(9, id="r", parent=WORDS[1], note="Yes."), an(2)])
    choose(bench, 2)
    assert "Resolve" not in labels(bench)
    choose(bench, 1, 2)
    menu = bench.pane.menu()
    next(action for action in menu.actions() if action.text() == "Resolve").trigger()
    assert bench.reading.annotations[WORDS[1]].done
    assert not bench.reading.annotations[WORDS[2]].done
    assert "Reopen" in labels(bench)
