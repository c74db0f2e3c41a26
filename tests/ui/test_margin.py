"""Cards of the margin: where they stand, what they cost, and how the reader moves among them and writes on them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from margent import edits
from margent.annotations import Annotation, Change, DocumentRecord, Theme, now
from margent.document import Block, Document
from margent.reading import Reading
from margent.ui.card import Card
from margent.ui.margin import Margin
from margent.ui.style import Style

LINE = 24
LETTERS = 60


class Lines(QWidget):
    """A page of even lines, 60 letters each and 24 pixels high."""

    def __init__(self) -> None:
        super().__init__()
        self.scrolled = 0

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

    def make(*annotations: Annotation, themes: tuple[Theme, ...] = (), lines: int = 400) -> Desk:
        document = Document("T", tuple(Block("paragraph", "x" * (LETTERS - 1)) for _ in range(lines)))
        record = DocumentRecord(id="d", revision="r", title="T")
        reading = Reading(record, document, annotations=annotations, themes=themes)
        page = Lines()
        qtbot.addWidget(page)
        margin = Margin(style, page, "Anna")
        qtbot.addWidget(margin)
        margin.resize(300, 800)
        found = Desk(margin, reading, page, [])
        margin.changeRequested.connect(found.do)
        margin.activated.connect(margin.set_current)
        margin.open(reading)
        margin.show()
        margin.activateWindow()
        qtbot.waitUntil(margin.isActiveWindow)
        made.append(found)
        return found

    yield make
    for found in made:
        found.margin.open(None)


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
    qtbot.waitUntil(lambda: here.note("a") == "By", timeout=500)
    assert typing == [True, False]


def test_steady_typing_is_saved_again_and_again(desk: Callable[..., Desk], qtbot: QtBot) -> None:
    here = desk(annotation("a", 2, note=""))
    here.margin.edit("a")
    editor = here.card("a").field.editor
    qtbot.keyClicks(editor, "abcdefghijklmnopqrst", delay=50)
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


def test_what_the_reader_typed_stays_when_the_note_changes_elsewhere(desk: Callable[..., Desk], qtbot: QtBot) -> None:
    here = desk(annotation("a", 2, note="one"))
    here.margin.edit("a")
    editor = here.card("a").field.editor
    assert editor is not None
    qtbot.keyClicks(editor, " mine")
    here.do(edits.set_note(here.reading.annotations["a"], "theirs"))
    assert editor.text() == "one mine"
    here.margin.flush()
    assert here.note("a") == "one mine"


def test_a_save_that_fails_loses_nothing_and_is_tried_again(desk: Callable[..., Desk], qtbot: QtBot) -> None:
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
    qtbot.waitUntil(lambda: here.note("a") == "Keep me", timeout=4000)
    assert typing == [True, False]


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
    from PySide6.QtGui import QShortcut

    here = desk(annotation("a", 2, note="old"))
    passed: list[str] = []
    shortcut = QShortcut("Ctrl+Z", here.margin)
    shortcut.activated.connect(lambda: passed.append("undo"))
    here.margin.activateWindow()
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


def test_delete_asks_for_the_card_to_be_deleted(desk: Callable[..., Desk], qtbot: QtBot) -> None:
    here = desk(annotation("a", 2), annotation("b", 12))
    here.margin.setFocus()
    qtbot.keyClick(here.card("a"), Qt.Key.Key_Delete)
    assert [change.label for change in here.changes] == ["Delete"]
    assert here.ids() == ["b"]


def test_pointing_at_a_card_is_told(desk: Callable[..., Desk]) -> None:
    here = desk(annotation("a", 2))
    hovered: list[str] = []
    here.margin.hovered.connect(hovered.append)
    at = QPointF(5, 5)
    QApplication.sendEvent(here.card("a"), QEnterEvent(at, at, at))
    QApplication.sendEvent(here.card("a"), QEvent(QEvent.Type.Leave))
    assert hovered == ["a", ""]
