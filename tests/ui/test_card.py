"""One card: what it shows of an annotation, and what its parts ask for when clicked and typed at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from margent.annotations import Annotation, Change, DocumentRecord, Kind, Theme, now
from margent.document import Block, Document
from margent.reading import Reading
from margent.ui.card import Card
from margent.ui.cardheader import Byline, CardHeader
from margent.ui.cardtools import CardTools
from margent.ui.chip import Chip
from margent.ui.glyph import Glyph
from margent.ui.noteeditor import NoteEditor
from margent.ui.notefield import NoteLabel
from margent.ui.replyview import ReplyView
from margent.ui.style import Style

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

PLAIN = Annotation(id="a", document="d", revision="r", start=0, end=5, exact="words", note="By how much?")
THEMES = (Theme(id="e", name="Energy & raw materials"), Theme(id="t", name="Trade", colour="navy"))


class Window(QWidget):
    """A window that notes the wheel."""

    def __init__(self) -> None:
        super().__init__()
        self.turned: list[int] = []

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        self.turned.append(event.angleDelta().y())


@dataclass
class Held:
    """A card in a window of its own, with a library's part played."""

    card: Card
    reading: Reading
    changes: list[Change] = field(default_factory=list)
    current: bool = False

    def do(self, change: Change) -> None:
        self.changes.append(change)
        stamped = {
            key: replace(value, modified=now()) if value is not None else None for key, value in change.after.items()
        }
        self.reading.apply(Change(change.label, change.before, stamped, change.merge))
        if "a" in self.reading.annotations:
            self.card.show_annotation(self.reading, self.reading.annotations["a"])
        self.fit()

    def fit(self) -> None:
        self.card.resize(276, self.card.wanted_height(276))

    def activate(self) -> None:
        self.card.set_current(True)
        self.card.set_reachable(True)
        self.fit()

    @property
    def annotation(self) -> Annotation:
        return self.reading.annotations["a"]

    @property
    def replies(self) -> list[Annotation]:
        return self.reading.replies.get("a", [])

    def texts(self) -> list[str]:
        """Authors and kinds, top down, then what is said of the state."""
        lines = sorted(
            (line for line in self.card.findChildren(Byline) if line.isVisible()),
            key=lambda line: line.mapTo(self.card, QPoint(0, 0)).y(),
        )
        said = [line.text.partition(" · ")[0] for line in lines]
        said += [line.kind for line in lines if isinstance(line, CardHeader) and line.kind]
        labels = [label for label in self.card.findChildren(QLabel) if label.isVisible()]
        return said + [label.text() for label in labels if not isinstance(label, NoteLabel)]


@pytest.fixture(scope="module")
def style(qapp: QApplication) -> Style:
    return Style(qapp, "light")


Hold = Callable[..., Held]


@pytest.fixture
def hold(qtbot: QtBot, style: Style) -> Iterator[Hold]:
    kept: list[QWidget] = []

    def make(annotation: Annotation = PLAIN, *replies: Annotation) -> Held:
        window = Window()
        kept.append(window)
        qtbot.addWidget(window)
        window.resize(300, 700)
        document = Document("T", (Block("paragraph", "words and more words"),))
        record = DocumentRecord(id="d", revision="r", title="T")
        reading = Reading(record, document, annotations=[annotation, *replies], themes=THEMES)
        card = Card(style, "Anna", window)
        held = Held(card, reading)
        card.changeRequested.connect(held.do)
        card.activated.connect(lambda _: held.activate())
        card.resized.connect(held.fit)
        card.show_annotation(reading, annotation)
        card.show()
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        held.fit()
        return held

    yield make
    kept.clear()


def reply(key: str = "r1", note: str = "Agreed.", author: str = "") -> Annotation:
    return replace(PLAIN, id=key, parent="a", note=note, author=author)


def chips(held: Held) -> list[Chip]:
    return [chip for chip in held.card.findChildren(Chip) if chip.isVisible()]


def views(held: Held) -> list[ReplyView]:
    return [view for view in held.card.findChildren(ReplyView) if view.isVisible()]


def tool(held: Held, name: str) -> Glyph:
    tools = held.card.findChild(CardTools)
    assert isinstance(tools, CardTools)
    return tools.buttons[name]


# -- showing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("annotation", "said"),
    [
        (PLAIN, ["You"]),
        (replace(PLAIN, author="Anna"), ["You"]),
        (replace(PLAIN, author="A. Novak", kind="question"), ["A. Novak", "question"]),
        (replace(PLAIN, kind="position"), ["You", "position"]),
        (replace(PLAIN, kind="action"), ["You", "action"]),
        (replace(PLAIN, kind="question", done=True), ["You", "question"]),
    ],
)
def test_a_card_says_who_and_what_kind(hold: Hold, annotation: Annotation, said: list[str]) -> None:
    held = hold(annotation)
    assert held.texts() == said
    assert held.card.tick.isVisible() == annotation.is_task


def test_a_card_tells_a_screen_reader_everything(hold: Hold) -> None:
    held = hold(replace(PLAIN, kind="question", private=True), reply())
    assert held.card.accessibleName().startswith("Question by You, ")
    assert held.card.accessibleName().endswith(
        ", private, 1 reply: By how much?"
    ) or held.card.accessibleName().endswith(", private, 1 reply(ies): By how much?")


def test_a_card_tells_the_colour_of_its_mark_in_words(hold: Hold) -> None:
    held = hold(replace(PLAIN, colour="pink", style="underline"))
    assert held.card.accessibleDescription() == "Pink underline"


def test_pointing_at_the_header_tells_the_full_times_and_what_the_lock_means(hold: Hold) -> None:
    held = hold(replace(PLAIN, private=True, author="A. Novak"))
    header = held.card.findChild(CardHeader)
    assert isinstance(header, CardHeader)
    assert header.tip(QPoint(5, 5)).startswith("A. Novak\nWritten ")
    assert header.tip(QPoint(header.width() - 5, 10)) == "Private: stays out of briefs"


def test_the_wheel_over_an_editor_goes_on_to_the_text(hold: Hold, qtbot: QtBot) -> None:
    held = hold()
    held.card.edit()
    editor = held.card.field.editor
    assert editor is not None
    window = held.card.window()
    assert isinstance(window, Window)
    at = QPointF(editor.mapTo(window, QPoint(5, 5)))
    QTest.wheelEvent(window.windowHandle(), at, QPoint(0, -120))
    assert window.turned == [-120]


def test_the_note_is_rendered_and_its_links_are_asked_for(hold: Hold, qtbot: QtBot) -> None:
    held = hold(replace(PLAIN, note="[here](https://example.org)"))
    label = held.card.field.label
    with qtbot.waitSignal(held.card.linkActivated, timeout=500) as asked:
        qtbot.mouseMove(label, QPoint(10, 8))
        qtbot.mouseClick(label, Qt.MouseButton.LeftButton, pos=QPoint(10, 8))
    assert asked.args == ["https://example.org"]
    assert held.card.field.editor is None


@pytest.mark.parametrize("note", ["word " * 80, "x" * 300, "https://example.org/" + "long" * 40, "*a* " + "y" * 200])
def test_long_notes_are_broken_into_lines_and_shown_whole(hold: Hold, note: str) -> None:
    held = hold(replace(PLAIN, note=note))
    label = held.card.field.label
    assert label.heightForWidth(label.width()) <= label.height()
    assert held.card.wanted_height(276) > 4 * 17
    assert label.width() <= 276


def test_chips_name_the_themes_and_take_them_off(hold: Hold, qtbot: QtBot) -> None:
    held = hold(replace(PLAIN, themes=("e", "gone", "t")))
    assert [chip.theme.name for chip in chips(held)] == ["Energy & raw materials", "Trade"]
    chip = chips(held)[1]
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(6, chip.height() // 2))
    assert held.changes == []
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(chip.width() - 8, chip.height() // 2))
    assert held.annotation.themes == ("e", "gone")
    assert [chip.theme.name for chip in chips(held)] == ["Energy & raw materials"]


def test_the_name_on_a_chip_gives_way_to_the_cross(hold: Hold) -> None:
    held = hold(replace(PLAIN, themes=("e",)))
    held.activate()
    chip = chips(held)[0]
    assert chip.shown_name == "Energy & raw materials"
    chip.setFocus(Qt.FocusReason.TabFocusReason)
    assert chip.shown_name.endswith("…")


@pytest.mark.parametrize(
    ("kind", "icon"),
    [("note", ""), ("question", "circle-help"), ("action", "list-checks"), ("position", "flag")],
)
def test_each_kind_has_its_icon(hold: Hold, kind: Kind, icon: str) -> None:
    header = hold(replace(PLAIN, kind=kind)).card.findChild(CardHeader)
    assert isinstance(header, CardHeader)
    assert header.icon == icon


def test_delete_on_a_chip_takes_the_theme_off_and_not_the_note(hold: Hold, qtbot: QtBot) -> None:
    held = hold(replace(PLAIN, themes=("e",)))
    held.activate()
    chips(held)[0].setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(chips(held)[0], Qt.Key.Key_Delete)
    assert held.annotation.themes == ()


def test_a_task_is_ticked_in_place(hold: Hold, qtbot: QtBot) -> None:
    held = hold(replace(PLAIN, kind="action"))
    qtbot.mouseClick(held.card.tick, Qt.MouseButton.LeftButton)
    assert held.annotation.done
    assert held.card.tick.isChecked()
    qtbot.mouseClick(held.card.tick, Qt.MouseButton.LeftButton)
    assert not held.annotation.done


def test_the_card_one_works_on_has_tools_and_others_do_not(hold: Hold) -> None:
    held = hold()
    low = held.card.height()
    assert held.card.findChildren(CardTools) == []
    held.activate()
    assert tool(held, "edit").isVisible()
    assert held.card.height() > low
    held.card.set_current(False)
    held.fit()
    assert not tool(held, "edit").isVisible()
    assert held.card.height() == low


def test_everything_on_the_current_card_is_reached_by_tab(hold: Hold, qtbot: QtBot) -> None:
    held = hold(replace(PLAIN, kind="question", themes=("e",)), reply())
    held.activate()
    held.card.setFocus(Qt.FocusReason.TabFocusReason)
    reached: list[str] = []
    for _ in range(20):
        widget = QApplication.focusWidget()
        if widget is None or widget.accessibleName() in reached:
            break
        reached.append(widget.accessibleName())
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    wanted = {"Done: question", "Theme Energy & raw materials", "Add a theme", "Reply", "Edit note", "Kind"}
    wanted |= {"Colour and style", "Themes", "Keep out of briefs", "Delete"}
    assert wanted <= set(reached)
    assert reached[0].startswith("Question by You")


# -- the tools ----------------------------------------------------------------------------------------------------


def test_private_and_delete_ask_for_changes(hold: Hold, qtbot: QtBot) -> None:
    held = hold()
    held.activate()
    qtbot.mouseClick(tool(held, "private"), Qt.MouseButton.LeftButton)
    assert held.annotation.private
    assert tool(held, "private").accessibleName() == "Let into briefs"
    qtbot.mouseClick(tool(held, "delete"), Qt.MouseButton.LeftButton)
    assert "a" not in held.reading.annotations


@pytest.mark.parametrize(
    ("name", "choice", "part", "value"),
    [
        ("kind", "Position", "kind", "position"),
        ("kind", "Done", "done", True),
        ("colour", "Pink", "colour", "pink"),
        ("colour", "Underline", "style", "underline"),
    ],
)
def test_menus_offer_and_ask_for(hold: Hold, qtbot: QtBot, name: str, choice: str, part: str, value: object) -> None:
    held = hold(replace(PLAIN, kind="question"))
    held.activate()
    qtbot.mouseClick(tool(held, name), Qt.MouseButton.LeftButton)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    action = next(action for action in menu.actions() if action.text() == choice)
    assert not action.isChecked()
    action.trigger()
    menu.close()
    assert getattr(held.annotation, part) == value


def test_themes_are_asked_for_at_a_place(hold: Hold, qtbot: QtBot) -> None:
    held = hold()
    held.activate()
    with qtbot.waitSignal(held.card.themesRequested, timeout=500) as asked:
        qtbot.mouseClick(tool(held, "theme"), Qt.MouseButton.LeftButton)
    assert asked.args[0] == "a"


# -- writing ------------------------------------------------------------------------------------------------------


def test_a_click_on_the_note_edits_it_and_dragging_does_not(hold: Hold, qtbot: QtBot) -> None:
    held = hold()
    label = held.card.field.label
    qtbot.mousePress(label, Qt.MouseButton.LeftButton, pos=QPoint(4, 8))
    qtbot.mouseMove(label, QPoint(80, 8))
    qtbot.mouseRelease(label, Qt.MouseButton.LeftButton, pos=QPoint(80, 8))
    assert held.card.field.editor is None
    qtbot.mouseClick(label, Qt.MouseButton.LeftButton, pos=QPoint(200, 8))
    assert held.card.field.editor is not None
    assert held.card.field.editor.hasFocus()


def test_the_editor_grows_with_its_text_up_to_a_limit(hold: Hold, qtbot: QtBot) -> None:
    held = hold(replace(PLAIN, note=""))
    held.card.edit()
    editor = held.card.field.editor
    assert editor is not None
    low, card = editor.height(), held.card.height()
    editor.insertPlainText("one\ntwo\nthree")
    assert editor.height() > 2 * low
    assert held.card.height() - card == editor.height() - low
    assert editor.verticalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    editor.insertPlainText("\n" * 60)
    assert editor.height() <= 320
    assert editor.verticalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAsNeeded


def test_after_writing_the_note_is_rendered_again(hold: Hold, qtbot: QtBot) -> None:
    held = hold()
    held.card.edit()
    qtbot.keyClicks(held.card.field.editor, " *Much*")
    qtbot.keyClick(held.card.field.editor, Qt.Key.Key_Escape)
    assert held.card.field.editor is None
    assert held.annotation.note == "By how much? *Much*"
    assert "<em>Much</em>" in held.card.field.label.text()
    assert held.card.hasFocus()


# -- replies ------------------------------------------------------------------------------------------------------


def test_replies_are_shown_in_order_with_their_authors(hold: Hold) -> None:
    held = hold(PLAIN, reply("r1", "First."), reply("r2", "Second.", "A. Novak"))
    assert [view.reply.note for view in views(held) if view.reply] == ["First.", "Second."]
    assert held.texts() == ["You", "You", "A. Novak"]


def test_a_reply_is_made_with_its_first_words_and_grows_in_one_step(hold: Hold, qtbot: QtBot) -> None:
    held = hold()
    held.card.reply()
    assert held.changes == []
    (view,) = views(held)
    editor = view.field.editor
    assert editor is not None
    qtbot.keyClicks(editor, "It")
    held.card.flush()
    qtbot.keyClicks(editor, " is.")
    held.card.flush()
    (made,) = held.replies
    assert (made.note, made.author, made.parent) == ("It is.", "Anna", "a")
    assert len({change.merge for change in held.changes}) == 1
    assert held.changes[0].merge
    assert views(held) == [view]
    assert editor.hasFocus()


def test_a_new_reply_is_written_in_the_full_width_of_the_card(hold: Hold, qtbot: QtBot) -> None:
    held = hold()
    held.card.reply()
    editor = views(held)[0].field.editor
    assert editor is not None
    qtbot.keyClicks(editor, "A reply being written")
    assert editor.document().size().height() == 1
    assert editor.width() > 220


def test_a_reply_without_words_leaves_no_trace(hold: Hold, qtbot: QtBot) -> None:
    held = hold()
    held.card.reply()
    editor = views(held)[0].field.editor
    assert editor is not None
    qtbot.keyClicks(editor, " ")
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert held.replies == []
    assert views(held) == []


def test_emptying_a_reply_deletes_it(hold: Hold, qtbot: QtBot) -> None:
    held = hold(PLAIN, reply())
    held.activate()
    views(held)[0].edit()
    editor = views(held)[0].field.editor
    assert editor is not None
    editor.selectAll()
    qtbot.keyClick(editor, Qt.Key.Key_Delete)
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert held.replies == []
    assert views(held) == []


def test_delete_on_a_reply_deletes_the_reply_alone(hold: Hold, qtbot: QtBot) -> None:
    held = hold(PLAIN, reply("r1"), reply("r2"))
    held.activate()
    view = views(held)[0]
    view.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert [other.id for other in held.replies] == ["r2"]
    assert "a" in held.reading.annotations


def test_undoing_a_reply_takes_its_editor_away(hold: Hold, qtbot: QtBot) -> None:
    held = hold()
    held.card.reply()
    editor = views(held)[0].field.editor
    assert editor is not None
    qtbot.keyClicks(editor, "It is.")
    held.card.flush()
    held.do(held.changes[-1].inverse())
    assert views(held) == []


# -- handing on ---------------------------------------------------------------------------------------------------


def test_a_card_that_is_handed_on_keeps_nothing_of_the_old_annotation(hold: Hold) -> None:
    held = hold(replace(PLAIN, kind="action", private=True, done=True, themes=("e",)), reply())
    assert held.card.release()
    held.card.show_annotation(held.reading, replace(PLAIN, id="b", note="Other", author="A. Novak"))
    held.fit()
    assert chips(held) == []
    assert views(held) == []
    assert not held.card.tick.isVisible()
    assert held.texts() == ["A. Novak"]


def test_showing_the_same_again_touches_nothing(hold: Hold, qtbot: QtBot) -> None:
    held = hold(replace(PLAIN, themes=("e",)), reply())
    before = (chips(held), views(held))
    with qtbot.assertNotEmitted(held.card.resized):
        held.card.show_annotation(held.reading, held.annotation)
    assert (chips(held), views(held)) == before


def test_no_general_tool_button_or_editor_is_made_before_it_is_needed(hold: Hold) -> None:
    held = hold(replace(PLAIN, themes=("e",)), reply())
    assert held.card.findChildren(QToolButton) == []
    assert held.card.findChildren(NoteEditor) == []
