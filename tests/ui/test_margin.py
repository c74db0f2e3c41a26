"""Cards of the margin: where they stand, what they cost, and how the reader moves among them and writes on them."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QInputMethodEvent, QShortcut, QWheelEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from margent import edits
from margent.annotations import Annotation, Change, DocumentRecord, Theme, now
from margent.document import Block, Document
from margent.reading import Reading
from margent.ui import noteeditor
from margent.ui.card import Card
from margent.ui.foldedmargin import CardMark, CardPopover
from margent.ui.hovertools import HoverTools
from margent.ui.margin import Margin
from margent.ui.style import Style
from margent.ui.thememenu import ThemeMenu

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

LINE = 24
LETTERS = 60


class Lines(QWidget):
    """A page of even lines, 60 letters each and 24 pixels high."""

    def __init__(self) -> None:
        super().__init__()
        self.scrolled = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def top_of(self, position: int) -> float:
        return position // LETTERS * LINE - self.scrolled

    def visible_span(self) -> tuple[int, int]:
        first = self.scrolled // LINE
        return first * LETTERS, (first + 800 // LINE) * LETTERS


@dataclass
class Desk:
    """A margin with a library's part played: changes are applied and announced."""

    margin: Margin
    reading: Reading
    lines: Lines
    changes: list[Change]
    broken: bool = False

    def do(self, change: Change) -> None:
        self.changes.append(change)
        if self.broken:
            self.margin.refresh(None)
            return
        stamped = {
            key: replace(value, modified=now()) if value is not None else None for key, value in change.after.items()
        }
        announced = Change(change.label, change.before, stamped, change.merge)
        self.reading.apply(announced)
        self.margin.refresh(announced)

    def card(self, key: str) -> Card:
        return next(card for card in self.cards() if card.annotation is not None and card.annotation.id == key)

    def cards(self) -> list[Card]:
        shown = [card for card in self.margin.findChildren(Card) if not card.isHidden()]
        return sorted(shown, key=lambda card: card.y())

    def ids(self) -> list[str]:
        return [card.annotation.id for card in self.cards() if card.annotation is not None]

    def note(self, key: str) -> str:
        return self.reading.annotations[key].note


@pytest.fixture(scope="module")
def style(qapp: QApplication) -> Style:
    return Style(qapp, "light")


def annotation(key: str, line: int, **rest: object) -> Annotation:
    start = line * LETTERS + 5
    values: dict[str, object] = {"note": f"Note {key}", "exact": "x" * 10, **rest}
    return Annotation(id=key, document="d", revision="r", start=start, end=start + 10, **values)  # type: ignore[arg-type]


@pytest.fixture
def desk(qtbot: QtBot, style: Style) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []
    kept: list[QWidget] = []

    def make(*annotations: Annotation, themes: tuple[Theme, ...] = (), lines: int = 400) -> Desk:
        document = Document("T", tuple(Block("paragraph", "x" * (LETTERS - 1)) for _ in range(lines)))
        record = DocumentRecord(id="d", revision="r", title="T")
        reading = Reading(record, document, annotations=annotations, themes=themes)
        window = QWidget()
        qtbot.addWidget(window)
        kept.append(window)
        window.resize(1000, 800)
        page = Lines()
        page.setParent(window)
        page.resize(700, 800)
        margin = Margin(style, page, "Anna", window)
        margin.setGeometry(700, 0, 300, 800)
        found = Desk(margin, reading, page, [])
        margin.changeRequested.connect(found.do)
        margin.activated.connect(margin.set_current)
        margin.open(reading)
        window.show()
        window.activateWindow()
        page.setFocus()
        qtbot.waitUntil(page.hasFocus)
        made.append(found)
        return found

    yield make
    for found in made:
        found.margin.open(None)
    kept.clear()


def test_each_note_has_a_card_level_with_its_line(desk: Callable[..., Desk]) -> None:
    here = desk(annotation("a", 2), annotation("b", 12), annotation("bare", 20, note=""))
    assert here.ids() == ["a", "b"]
    assert here.card("a").y() == 2 * LINE
    assert here.card("b").y() == 12 * LINE


def test_cards_move_with_the_text_in_the_same_call(desk: Callable[..., Desk]) -> None:
    here = desk(annotation("a", 4), annotation("b", 14))
    here.lines.scrolled = 37
    here.margin.arrange()
    assert here.card("a").y() == 4 * LINE - 37
    assert here.card("b").y() == 14 * LINE - 37


def test_crowded_cards_keep_apart_and_the_current_one_stands_exactly(desk: Callable[..., Desk]) -> None:
    here = desk(*(annotation(f"a{n}", 10 + n) for n in range(5)))
    here.margin.set_current("a3")
    cards = here.cards()
    assert here.ids() == ["a0", "a1", "a2", "a3", "a4"]
    assert here.card("a3").y() == 13 * LINE
    for upper, lower in pairwise(cards):
        assert upper.geometry().bottom() < lower.y()


def test_the_current_annotation_has_a_card_although_it_has_no_note(desk: Callable[..., Desk]) -> None:
    here = desk(annotation("bare", 3, note=""), annotation("a", 9))
    here.margin.set_current("bare")
    assert here.ids() == ["bare", "a"]
    here.margin.set_current("a")
    assert here.ids() == ["a"]


def test_replies_alone_are_reason_for_a_card(desk: Callable[..., Desk]) -> None:
    here = desk(annotation("bare", 3, note=""), annotation("r", 3, parent="bare", author="A. Novak"))
    assert here.ids() == ["bare"]


def test_ten_thousand_notes_make_few_cards(desk: Callable[..., Desk]) -> None:
    here = desk(*(annotation(f"a{n:05}", n * 4 // 10) for n in range(10_000)), lines=4_200)
    for scrolled in range(0, 40_000, 397):
        here.lines.scrolled = scrolled
        here.margin.arrange()
    assert 0 < len(here.margin.findChildren(Card)) < 60


def test_cards_are_handed_on_while_scrolling(desk: Callable[..., Desk]) -> None:
    here = desk(*(annotation(f"a{n:03}", n * 8) for n in range(45)))
    here.margin.arrange()
    before = {id(card) for card in here.margin.findChildren(Card)}
    here.lines.scrolled = 5_000
    here.margin.arrange()
    after = {id(card) for card in here.margin.findChildren(Card)}
    assert all(key in here.ids() for key in ("a026", "a027", "a028", "a029"))
    assert "a001" not in here.ids()
    assert len(after) <= len(before) + 12
    assert len(before & after) == len(before)


def test_another_document_takes_the_place_of_the_old_one(desk: Callable[..., Desk]) -> None:
    here = desk(annotation("a", 2))
    here.margin.open(None)
    assert here.ids() == []
    other = Reading(here.reading.record, here.reading.document, annotations=[annotation("z", 6)])
    here.margin.open(other)
    assert here.ids() == ["z"]


def test_a_new_note_and_a_deleted_one_show_at_once(desk: Callable[..., Desk]) -> None:
    here = desk(annotation("a", 2))
    here.do(edits.delete([here.reading.annotations["a"]]))
    assert here.ids() == []
    change = edits.annotate(here.reading.record, here.reading.document.text, 600, 620, note="New")
    here.do(change)
    assert here.ids() == list(change.after)


# -- writing ------------------------------------------------------------------------------------------------------


def test_typing_is_saved_within_half_a_second_of_the_first_key(desk: Callable[..., Desk], qtbot: QtBot) -> None:
    here = desk(annotation("a", 2, note=""))
    typing: list[bool] = []
    here.margin.typing.connect(typing.append)
    here.margin.edit("a")
    editor = here.card("a").field.editor
    assert editor is not None
    assert editor.hasFocus()
    qtbot.keyClicks(editor, "By", delay=1)
    assert typing == [True]
    assert here.changes == []
    # The promise is half a second; a machine that is busy with other tests may wake the timer late.
    assert noteeditor.SAVE_MS <= 450
    qtbot.waitUntil(lambda: here.note("a") == "By", timeout=2000)
    assert typing == [True, False]


def test_steady_typing_is_saved_again_and_again(
    desk: Callable[..., Desk], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(noteeditor, "SAVE_MS", 100)
    here = desk(annotation("a", 2, note=""))
    here.margin.edit("a")
    editor = here.card("a").field.editor
    qtbot.keyClicks(editor, "abcdefghijklmno", delay=20)
    assert len(here.changes) >= 2
    assert {change.merge for change in here.changes} == {"note:a"}


@pytest.mark.parametrize("ending", ["escape", "ctrl-return", "focus", "hide", "flush", "open", "click"])
def test_whatever_ends_writing_saves_at_once(desk: Callable[..., Desk], qtbot: QtBot, ending: str) -> None:
    here = desk(annotation("a", 2, note=""), annotation("b", 20))
    here.margin.edit("a")
    editor = here.card("a").field.editor
    assert editor is not None
    qtbot.keyClicks(editor, "Who pays?")
    match ending:
        case "escape":
            qtbot.keyClick(editor, Qt.Key.Key_Escape)
        case "ctrl-return":
            qtbot.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        case "focus":
            editor.clearFocus()
        case "hide":
            here.margin.hide()
        case "flush":
            here.margin.flush()
        case "open":
            here.margin.open(None)
        case "click":
            qtbot.mouseClick(here.card("b"), Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert here.note("a") == "Who pays?"


def test_an_editor_survives_its_own_change_and_those_of_others(desk: Callable[..., Desk], qtbot: QtBot) -> None:
    here = desk(annotation("a", 2, note="one two"), annotation("b", 5))
    here.margin.edit("a")
    editor = here.card("a").field.editor
    assert editor is not None
    cursor = editor.textCursor()
    cursor.setPosition(3)
    editor.setTextCursor(cursor)
    qtbot.keyClicks(editor, "!")
    here.margin.flush()
    here.do(edits.set_note(here.reading.annotations["b"], "Other"))
    here.do(edits.set_colour([here.reading.annotations["a"]], "pink"))
    assert here.card("a").field.editor is editor
    assert editor.hasFocus()
    assert (editor.text(), editor.textCursor().position()) == ("one! two", 4)


def test_a_change_from_elsewhere_is_shown_and_the_cursor_stays_with_its_words(
    desk: Callable[..., Desk], qtbot: QtBot
) -> None:
    here = desk(annotation("a", 2, note="🙂 one two"))
    here.margin.edit("a")
    editor = here.card("a").field.editor
    assert editor is not None
    here.do(edits.set_note(here.reading.annotations["a"], "🙂 zero one two"))
    assert editor.text() == "🙂 zero one two"
    assert editor.textCursor().atEnd()
    qtbot.keyClicks(editor, "!")
    here.margin.flush()
    assert here.note("a") == "🙂 zero one two!"


def test_what_was_typed_and_what_another_wrote_meanwhile_both_stay(desk: Callable[..., Desk], qtbot: QtBot) -> None:
    here = desk(annotation("a", 2, note="one"))
    here.margin.edit("a")
    editor = here.card("a").field.editor
    assert editor is not None
    qtbot.keyClicks(editor, " mine")
    here.do(edits.set_note(here.reading.annotations["a"], "theirs"))
    assert editor.text() == "one mine\n\ntheirs"
    here.margin.flush()
    assert here.note("a") == "one mine\n\ntheirs"


def test_a_save_that_fails_loses_nothing_and_is_tried_again(
    desk: Callable[..., Desk], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(noteeditor, "RETRY_MS", 100)
    here = desk(annotation("a", 2, note=""))
    typing: list[bool] = []
    here.margin.typing.connect(typing.append)
    here.margin.edit("a")
    editor = here.card("a").field.editor
    assert editor is not None
    here.broken = True
    qtbot.keyClicks(editor, "Keep me")
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert editor.text() == "Keep me"
    assert typing == [True]
    here.broken = False
    qtbot.waitUntil(lambda: here.note("a") == "Keep me", timeout=1000)
    assert typing == [True, False]


def test_text_that_could_not_be_saved_goes_on_trying_after_another_document_came(
    desk: Callable[..., Desk], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(noteeditor, "RETRY_MS", 100)
    here = desk(annotation("a", 2, note=""), annotation("b", 8))
    typing: list[bool] = []
    here.margin.typing.connect(typing.append)
    here.margin.edit("a")
    here.broken = True
    qtbot.keyClicks(here.card("a").field.editor, "Keep me")
    other = Reading(here.reading.record, here.reading.document, annotations=[annotation("z", 6)])
    here.margin.open(other)
    assert here.ids() == ["z"]
    assert all(change.after.keys() == {"a"} for change in here.changes)
    here.broken = False
    qtbot.waitUntil(lambda: here.note("a") == "Keep me", timeout=1000)
    assert typing == [True, False]
    count = len(here.changes)
    qtbot.wait(250)
    assert len(here.changes) == count


def test_unfinished_input_of_an_input_method_is_not_saved(desk: Callable[..., Desk]) -> None:
    here = desk(annotation("a", 2, note=""))
    here.margin.edit("a")
    editor = here.card("a").field.editor
    QApplication.sendEvent(editor, QInputMethodEvent("にほ", []))
    here.margin.flush()
    assert here.changes == []
    done = QInputMethodEvent()
    done.setCommitString("日本")
    QApplication.sendEvent(editor, done)
    here.margin.flush()
    assert here.note("a") == "日本"


def test_no_break_spaces_and_line_ends_come_through(desk: Callable[..., Desk], qtbot: QtBot) -> None:
    here = desk(annotation("a", 2, note="10\u00a0000\r\nsecond"))
    here.margin.edit("a")
    here.margin.flush()
    assert here.changes == []
    qtbot.keyClicks(here.card("a").field.editor, ".")
    here.margin.flush()
    assert here.note("a") == "10\u00a0000\nsecond."


def test_undo_takes_typing_back_and_then_passes_to_the_program(desk: Callable[..., Desk], qtbot: QtBot) -> None:
    here = desk(annotation("a", 2, note="old"))
    passed: list[str] = []
    shortcut = QShortcut("Ctrl+Z", here.margin.window())
    shortcut.activated.connect(lambda: passed.append("undo"))
    here.margin.edit("a")
    editor = here.card("a").field.editor
    assert editor is not None
    qtbot.keyClicks(editor, "er")
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(editor, Qt.Key.Key_Z, control)
    assert (editor.text(), passed) == ("old", [])
    qtbot.keyClick(editor, Qt.Key.Key_Z, control)
    assert passed == ["undo"]
    qtbot.keyClick(editor, Qt.Key.Key_Y, control)
    assert editor.text() == "older"


def test_undo_of_the_program_shows_in_the_open_editor(desk: Callable[..., Desk], qtbot: QtBot) -> None:
    here = desk(annotation("a", 2, note="old"))
    here.margin.edit("a")
    editor = here.card("a").field.editor
    assert editor is not None
    qtbot.keyClicks(editor, " and new")
    here.margin.flush()
    here.do(here.changes[-1].inverse())
    assert editor.text() == "old"
    assert here.note("a") == "old"


def test_scrolling_far_away_leaves_the_editor_alone(desk: Callable[..., Desk], qtbot: QtBot) -> None:
    here = desk(*(annotation(f"a{n:03}", n * 3) for n in range(130)))
    here.margin.edit("a001")
    editor = here.card("a001").field.editor
    assert editor is not None
    qtbot.keyClicks(editor, "!")
    here.lines.scrolled = 7_000
    here.margin.arrange()
    assert editor.hasFocus()
    here.lines.scrolled = 0
    here.margin.arrange()
    assert here.card("a001").field.editor is editor
    assert editor.text() == "Note a001!"


def test_a_card_grows_while_one_writes_and_the_others_make_room(desk: Callable[..., Desk]) -> None:
    here = desk(annotation("a", 2), annotation("b", 8))
    here.margin.edit("a")
    editor = here.card("a").field.editor
    assert editor is not None
    editor.insertPlainText("\n" * 12)
    assert here.card("a").geometry().contains(editor.geometry().translated(here.card("a").pos()))
    assert here.card("b").y() > here.card("a").geometry().bottom()
    assert here.card("a").height() > 12 * 14


# -- folded -------------------------------------------------------------------------------------------------------


def folded(here: Desk) -> list[CardMark]:
    here.margin.setGeometry(964, 0, 36, 800)
    here.margin.set_folded(True)
    return marks(here)


def marks(here: Desk) -> list[CardMark]:
    return sorted((m for m in here.margin.findChildren(CardMark) if m.isVisible()), key=lambda mark: mark.y())


def popover(here: Desk) -> CardPopover | None:
    found = [p for p in here.margin.window().findChildren(CardPopover) if p.isVisible()]
    return found[0] if found else None


def test_a_folded_margin_has_marks_level_with_the_text_and_apart(desk: Callable[..., Desk]) -> None:
    here = desk(annotation("a", 2), annotation("b", 2), annotation("c", 20))
    found = folded(here)
    assert [mark.annotation.id for mark in found if mark.annotation] == ["a", "b", "c"]
    assert (found[0].y(), found[2].y()) == (2 * LINE, 20 * LINE)
    assert found[1].y() > found[0].geometry().bottom()
    assert here.ids() == []
    assert all(mark.accessibleName() for mark in found)
    here.lines.scrolled = 30
    here.margin.arrange()
    assert marks(here)[2].y() == 20 * LINE - 30


def test_a_click_on_a_mark_opens_the_card_and_another_closes_it(desk: Callable[..., Desk], qtbot: QtBot) -> None:
    here = desk(annotation("a", 2), annotation("b", 12))
    activated: list[str] = []
    here.margin.activated.connect(activated.append)
    mark = folded(here)[1]
    qtbot.mouseClick(mark, Qt.MouseButton.LeftButton)
    opened = popover(here)
    assert opened is not None
    assert opened.card.annotation == here.reading.annotations["b"]
    assert activated[-1] == "b"
    qtbot.mouseClick(mark, Qt.MouseButton.LeftButton)
    assert popover(here) is None


def test_a_folded_margin_works_by_keyboard(desk: Callable[..., Desk], qtbot: QtBot) -> None:
    here = desk(annotation("a", 2), annotation("b", 12))
    left: list[bool] = []
    here.margin.left.connect(lambda: left.append(True))
    found = folded(here)
    here.margin.setFocus(Qt.FocusReason.TabFocusReason)
    first = QApplication.focusWidget()
    assert first is found[0]
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert found[1].hasFocus()
    qtbot.keyClick(found[1], Qt.Key.Key_Return)
    opened = popover(here)
    assert opened is not None
    assert opened.card.hasFocus()
    qtbot.keyClick(opened.card, Qt.Key.Key_Escape)
    assert popover(here) is None
    assert left == [True]


def test_writing_in_a_popover_is_saved_when_it_closes(desk: Callable[..., Desk], qtbot: QtBot) -> None:
    here = desk(annotation("a", 2))
    folded(here)
    here.margin.edit("a")
    opened = popover(here)
    assert opened is not None
    editor = opened.card.field.editor
    assert editor is not None
    qtbot.keyClicks(editor, "!")
    here.margin.set_current("")
    assert popover(here) is None
    assert here.note("a") == "Note a!"


def test_a_click_elsewhere_closes_a_popover(desk: Callable[..., Desk], qtbot: QtBot) -> None:
    here = desk(annotation("a", 2))
    qtbot.mouseClick(folded(here)[0], Qt.MouseButton.LeftButton)
    opened = popover(here)
    assert opened is not None
    assert opened.card.mapTo(here.margin.window(), QPoint(opened.card.width(), 0)).x() <= here.margin.x()
    qtbot.mouseClick(opened.card, Qt.MouseButton.LeftButton, pos=QPoint(60, 8))
    assert popover(here) is opened
    qtbot.mouseClick(here.lines, Qt.MouseButton.LeftButton, pos=QPoint(20, 700))
    assert popover(here) is None


def test_deleting_the_note_closes_its_popover(desk: Callable[..., Desk], qtbot: QtBot) -> None:
    here = desk(annotation("a", 2))
    qtbot.mouseClick(folded(here)[0], Qt.MouseButton.LeftButton)
    here.do(edits.delete([here.reading.annotations["a"]]))
    assert popover(here) is None
    assert marks(here) == []


def test_folding_and_unfolding_while_writing_loses_nothing(desk: Callable[..., Desk], qtbot: QtBot) -> None:
    here = desk(annotation("a", 2))
    here.margin.edit("a")
    qtbot.keyClicks(here.card("a").field.editor, " one")
    folded(here)
    opened = popover(here)
    assert opened is not None
    editor = opened.card.field.editor
    assert editor is not None
    assert here.note("a") == "Note a one"
    qtbot.keyClicks(editor, " two")
    here.margin.setGeometry(700, 0, 300, 800)
    here.margin.set_folded(False)
    assert here.note("a") == "Note a one two"
    assert here.ids() == ["a"]
    assert here.card("a").field.editor is not None
    assert popover(here) is None


# -- moving about -------------------------------------------------------------------------------------------------


def test_keys_go_between_cards_edit_and_leave(desk: Callable[..., Desk], qtbot: QtBot) -> None:
    here = desk(annotation("a", 2), annotation("b", 12))
    activated: list[str] = []
    left: list[bool] = []
    here.margin.activated.connect(activated.append)
    here.margin.left.connect(lambda: left.append(True))
    here.margin.setFocus(Qt.FocusReason.TabFocusReason)
    assert here.card("a").hasFocus()
    qtbot.keyClick(here.card("a"), Qt.Key.Key_Down)
    assert here.card("b").hasFocus()
    assert activated[-1] == "b"
    qtbot.keyClick(here.card("b"), Qt.Key.Key_Return)
    editor = here.card("b").field.editor
    assert editor is not None
    assert editor.hasFocus()
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert here.card("b").hasFocus()
    assert left == []
    qtbot.keyClick(here.card("b"), Qt.Key.Key_Escape)
    assert left == [True]


def test_the_focus_goes_with_the_current_annotation(desk: Callable[..., Desk], qtbot: QtBot) -> None:
    here = desk(annotation("a", 2), annotation("b", 12))
    here.margin.edit("a")
    qtbot.keyClicks(here.card("a").field.editor, "!")
    here.margin.set_current("b")
    assert here.card("b").hasFocus()
    assert here.note("a") == "Note a!"
    assert here.card("a").field.editor is None
    here.lines.setFocus()
    here.margin.set_current("a")
    assert here.lines.hasFocus()


def test_another_name_of_the_owner_changes_who_is_you(desk: Callable[..., Desk]) -> None:
    here = desk(annotation("a", 2, author="A. Novak"))
    assert "by A. Novak" in here.card("a").accessibleName()
    here.margin.set_author("A. Novak")
    assert "by You" in here.card("a").accessibleName()


def test_delete_asks_for_the_card_to_be_deleted(desk: Callable[..., Desk], qtbot: QtBot) -> None:
    here = desk(annotation("a", 2), annotation("b", 12))
    here.margin.setFocus()
    qtbot.keyClick(here.card("a"), Qt.Key.Key_Delete)
    assert [change.label for change in here.changes] == ["Delete"]
    assert here.ids() == ["b"]
    assert here.card("b").hasFocus()
    left: list[bool] = []
    here.margin.left.connect(lambda: left.append(True))
    qtbot.keyClick(here.card("b"), Qt.Key.Key_Delete)
    assert here.ids() == []
    assert left == [True]


def test_pointing_at_a_card_is_told(desk: Callable[..., Desk]) -> None:
    here = desk(annotation("a", 2))
    hovered: list[str] = []
    here.margin.hovered.connect(hovered.append)
    at = QPointF(5, 5)
    QApplication.sendEvent(here.card("a"), QEnterEvent(at, at, at))
    QApplication.sendEvent(here.card("a"), QEvent(QEvent.Type.Leave))
    assert hovered == ["a", ""]


def test_a_card_pointed_at_has_tools_on_its_edge_that_work(desk: Callable[..., Desk], qtbot: QtBot) -> None:
    here = desk(annotation("a", 6), annotation("b", 16))
    at = QPointF(5, 5)
    QApplication.sendEvent(here.card("a"), QEnterEvent(at, at, at))
    tools = here.margin.findChild(HoverTools)
    assert isinstance(tools, HoverTools)
    assert tools.isVisible()
    before = here.card("a").geometry()
    qtbot.mouseClick(tools.tools.buttons["private"], Qt.MouseButton.LeftButton)
    assert here.reading.annotations["a"].private
    assert here.card("a").geometry() == before
    assert not tools.isVisible()


def test_the_tools_go_when_the_pointer_goes_and_when_the_text_moves(desk: Callable[..., Desk], qtbot: QtBot) -> None:
    here = desk(annotation("a", 6))
    at = QPointF(5, 5)
    QApplication.sendEvent(here.card("a"), QEnterEvent(at, at, at))
    tools = here.margin.findChild(HoverTools)
    assert isinstance(tools, HoverTools)
    here.lines.scrolled = 10
    here.margin.arrange()
    assert not tools.isVisible()
    QApplication.sendEvent(here.card("a"), QEnterEvent(at, at, at))
    assert tools.isVisible()
    QApplication.sendEvent(here.card("a"), QEvent(QEvent.Type.Leave))
    qtbot.waitUntil(tools.isHidden, timeout=1000)


def test_pointing_at_a_mark_lights_its_card(desk: Callable[..., Desk]) -> None:
    here = desk(annotation("a", 2), annotation("b", 12))
    plain = here.card("a").grab().toImage()
    here.margin.set_hovered("a")
    assert here.card("a").grab().toImage() != plain
    here.margin.set_hovered("")
    assert here.card("a").grab().toImage() == plain


def test_themes_are_chosen_from_a_card(desk: Callable[..., Desk], qtbot: QtBot) -> None:
    here = desk(annotation("a", 2), themes=(Theme(id="e", name="Energy"),))
    here.margin.set_current("a")
    here.card("a").perform("theme", QPoint(10, 10))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, ThemeMenu)
    qtbot.keyClick(menu.filter, Qt.Key.Key_Return)
    assert here.reading.annotations["a"].themes == ("e",)
    assert menu.list.item(0).checkState() == Qt.CheckState.Checked
    menu.close()


def test_an_orphan_that_is_current_stands_at_the_top_and_says_so(desk: Callable[..., Desk]) -> None:
    here = desk(annotation("a", 2), annotation("lost", 40, state="orphaned", exact="gone words"))
    assert here.ids() == ["a"]
    here.margin.set_current("lost")
    assert here.ids() == ["lost", "a"]
    assert here.card("lost").y() >= 0


def test_the_wheel_over_the_margin_scrolls_the_text(style: Style, qtbot: QtBot) -> None:
    text = QPlainTextEdit("line\n" * 200)
    qtbot.addWidget(text)
    text.resize(200, 200)
    text.show()
    text.top_of = lambda _: 0.0  # type: ignore[attr-defined]
    text.visible_span = lambda: (0, 10)  # type: ignore[attr-defined]
    margin = Margin(style, text, "")  # type: ignore[arg-type]
    qtbot.addWidget(margin)
    turn = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(0, 0), QPoint(0, -240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(margin, turn)
    assert text.verticalScrollBar().value() > 0


def test_arranging_twenty_cards_fits_into_a_frame(desk: Callable[..., Desk]) -> None:
    here = desk(*(annotation(f"a{n:02}", n * 2) for n in range(20)))
    here.margin.resize(300, 2400)
    times = []
    for scrolled in range(40):
        here.lines.scrolled = scrolled
        before = time.process_time()
        here.margin.arrange()
        times.append(time.process_time() - before)
    assert len(here.cards()) == 20
    # Measured 0.4 ms; the bound leaves room for a busy machine.
    assert sorted(times)[20] < 0.004
