"""What a card says of an uncertain place and offers to do about it, and how a conversation is closed and folded."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from margent.annotations import Annotation, Change, DocumentRecord
from margent.document import Block, Document
from margent.reading import Reading
from margent.ui.card import Card
from margent.ui.glyph import Words
from margent.ui.replyview import ReplyView
from margent.ui.style import Style

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

TEXT = "States shall send their annual reports before the end of March."
OLD = "States shall send their <final> reports before the end of March."
MOVED = Annotation(
    id="a", document="d", revision="r", start=0, end=len(TEXT), exact=OLD, note="Which month?", state="moved"
)
LOST = replace(MOVED, state="orphaned", exact="The annex", prefix="The end. ", suffix=" lists seven measures")
REPLY = replace(MOVED, id="r1", parent="a", note="March.")
PLACED = replace(MOVED, state="placed", exact=TEXT)

Hold = Callable[..., Card]


@pytest.fixture(scope="module")
def style(qapp: QApplication) -> Style:
    return Style(qapp, "light")


@pytest.fixture
def changes() -> list[Change]:
    return []


@pytest.fixture
def hold(qtbot: QtBot, style: Style, changes: list[Change]) -> Iterator[Hold]:
    kept: list[QWidget] = []

    def make(annotation: Annotation, *replies: Annotation, read_only: bool = False) -> Card:
        window = QWidget()
        kept.append(window)
        qtbot.addWidget(window)
        window.resize(300, 500)
        reading = Reading(
            DocumentRecord(id="d", revision="r", title="T"),
            Document("T", (Block("paragraph", TEXT),)),
            annotations=[annotation, *replies],
            read_only=read_only,
        )
        card = Card(style, "", window)
        card.changeRequested.connect(changes.append)
        card.activated.connect(lambda _: card.set_current(True))
        card.resized.connect(lambda: card.resize(276, card.wanted_height(276)))
        card.show_annotation(reading, annotation)
        card.show()
        window.show()
        card.resize(276, card.wanted_height(276))
        return card

    yield make
    kept.clear()


def offered(card: Card) -> list[str]:
    return [words.text() for words in card.findChildren(Words) if words.isVisible() and words.text() != "+ theme"]


def press(card: Card, text: str) -> None:
    (button,) = [words for words in card.findChildren(Words) if words.isVisible() and words.text() == text]
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)


def test_what_changed_is_struck_out_and_underlined_and_said_in_words(hold: Hold, style: Style) -> None:
    card = hold(MOVED)
    html = card.state.label.text()
    assert "line-through" in html
    assert "&lt;final&gt;" in html
    assert 'text-decoration:underline;font-weight:600">annual<' in html
    assert card.state.label.accessibleName() == "The words changed. Removed: “<final>”. Added: “annual”."
    assert "to be checked" in card.accessibleDescription()


def test_the_colours_of_what_changed_follow_the_appearance(hold: Hold, style: Style) -> None:
    card = hold(MOVED)
    light = card.state.label.text()
    style.set_appearance("dark")
    try:
        assert card.state.label.text() != light
        assert style.colour("danger").name() in card.state.label.text()
    finally:
        style.set_appearance("light")


def test_a_moved_note_is_accepted_or_detached_from_the_keyboard(hold: Hold, changes: list[Change]) -> None:
    card = hold(MOVED)
    assert offered(card) == ["Accept", "Attach to selection", "Detach"]
    press(card, "Accept")
    press(card, "Detach")
    accepted, detached = (change.after["a"] for change in changes)
    assert isinstance(accepted, Annotation)
    assert isinstance(detached, Annotation)
    assert (accepted.state, accepted.exact) == ("placed", TEXT)
    assert (detached.state, detached.exact) == ("orphaned", OLD)


def test_it_can_be_attached_only_while_words_are_selected(hold: Hold, qtbot: QtBot) -> None:
    card = hold(MOVED)
    assert not card.state.buttons["attach"].isEnabled()
    card.set_selection_available(True)
    with qtbot.waitSignal(card.attachRequested, timeout=1000) as asked:
        press(card, "Attach to selection")
    assert asked.args == ["a"]


def test_words_that_are_gone_are_shown_with_what_stood_around_them(hold: Hold) -> None:
    card = hold(LOST)
    assert offered(card) == ["Attach to selection"]
    html = card.state.label.text()
    assert html.startswith("No longer in this text:<br>…The end.")
    assert html.endswith("lists seven measures…")
    assert ">The annex<" in html


def test_a_note_in_its_place_says_nothing_of_it(hold: Hold) -> None:
    card = hold(PLACED)
    assert not card.state.isVisible()
    assert offered(card) == []


def test_a_card_that_is_handed_on_forgets_the_state(hold: Hold) -> None:
    card = hold(MOVED)
    reading = card._reading
    assert reading is not None
    card.show_annotation(reading, replace(PLACED, id="b"))
    assert not card.state.isVisible()
    card.show_annotation(reading, LOST)
    assert offered(card) == ["Attach to selection"]


def test_a_conversation_is_resolved_and_opened_again(hold: Hold, changes: list[Change]) -> None:
    card = hold(PLACED, REPLY)
    card.set_current(True)
    assert offered(card) == ["Reply…", "Resolve"]
    press(card, "Resolve")
    resolved = changes[-1].after["a"]
    assert isinstance(resolved, Annotation)
    assert resolved.done
    assert card._reading is not None
    card._reading.apply(changes[-1])
    card.show_annotation(card._reading, resolved)
    assert offered(card) == ["Reply…", "Reopen"]
    press(card, "Reopen")
    assert changes[-1].label == "Reopen"


def test_without_replies_there_is_nothing_to_resolve(hold: Hold) -> None:
    card = hold(PLACED)
    card.set_current(True)
    assert offered(card) == ["Reply…"]


def test_a_resolved_conversation_is_one_line_until_one_turns_to_it(hold: Hold) -> None:
    card = hold(replace(PLACED, done=True), REPLY)
    assert offered(card) == ["✓ Resolved · 1 reply(ies) · Which month?"]
    assert not [view for view in card.findChildren(ReplyView) if view.isVisible()]
    low = card.wanted_height(276)
    assert low < 70
    press(card, offered(card)[0])
    assert offered(card) == ["Reply…", "Reopen"]
    assert len([view for view in card.findChildren(ReplyView) if view.isVisible()]) == 1
    assert card.field.isVisible()
    card.set_current(False)
    assert card.wanted_height(276) == low
    assert "resolved" in card.accessibleName()


@pytest.mark.parametrize("annotation", [MOVED, LOST, PLACED])
def test_on_an_older_text_nothing_can_be_written(hold: Hold, changes: list[Change], annotation: Annotation) -> None:
    card = hold(replace(annotation, kind="question"), REPLY, read_only=True)
    card.set_current(True)
    card.edit()
    card.reply()
    for name in ("accept", "detach", "resolve", "delete", "private"):
        card.perform(name, QPoint())
    card.tick.click()
    card.flush()
    assert changes == []
    assert not card.writing
    assert offered(card) == []
