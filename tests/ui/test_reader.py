"""The reader as somebody uses it: scrolling, selecting, pointing, and keeping the place through every change."""

import subprocess
import sys
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QBuffer, QByteArray, QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QContextMenuEvent,
    QGuiApplication,
    QImage,
    QKeySequence,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from margent import edits
from margent.annotations import Annotation, DocumentRecord, Passage, Theme
from margent.appearance import blend, contrast, load
from margent.document import Block, Document, Mark
from margent.reading import Reading
from margent.ui.caret import Move
from margent.ui.inline import dimmed
from margent.ui.marks import DIMMED, lanes
from margent.ui.page import Typography
from margent.ui.reader import Reader
from margent.ui.style import Style

PROSE = (
    "The European Union is preparing to put its relations with Kazakhstan on a higher footing. Two things draw it "
    "there: what lies under the ground, and where the country sits on the map, between Europe and Asia."
)
LONG = [
    Block("heading", f"Chapter {n // 10}", level=1 if n == 0 else 2, target=f"c{n // 10}")
    if n % 10 == 0
    else Block("paragraph", f"{n}. {PROSE}")
    for n in range(300)
]
Key = Qt.Key
Shift = Qt.KeyboardModifier.ShiftModifier
Left = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def style(qapp: QApplication) -> Style:
    return Style(qapp, "light")


def annotation(document: Document, words: str, **values: object) -> Annotation:
    start = document.text.index(words)
    return Annotation(
        id=str(values.pop("id", words)),
        document="d",
        revision="r",
        start=start,
        end=start + len(words),
        exact=words,
        **values,  # type: ignore[arg-type]
    )


def passage(document: Document, theme: str, words: str) -> Passage:
    start = document.text.index(words)
    key = f"{theme}:{words[:9]}"
    return Passage(id=key, theme=theme, document="d", revision="r", start=start, end=start + len(words))


def reading(blocks: Sequence[Block], *, pictures: dict[str, bytes] | None = None, **values: object) -> Reading:
    document = Document("A brief", tuple(blocks), pictures=pictures or {})
    return Reading(DocumentRecord(id="d", revision="r", title="A brief"), document, **values)  # type: ignore[arg-type]


@pytest.fixture
def make(qtbot: QtBot, style: Style) -> Callable[..., Reader]:
    def build(blocks: Sequence[Block] | Reading = LONG, width: int = 860, height: int = 600) -> Reader:
        reader = Reader(style, Typography())
        qtbot.addWidget(reader)
        reader.resize(width, height)
        reader.open(blocks if isinstance(blocks, Reading) else reading(blocks))
        reader.show()
        qtbot.waitExposed(reader)
        reader.setFocus()
        return reader

    return build


def find(reader: Reader, words: str) -> int:
    return reader.text.index(words)


def middle(reader: Reader, words: str) -> QPoint:
    start = find(reader, words)
    return reader.rect_of(start, start + len(words)).center()


def tip(reader: Reader, point: QPoint) -> str:
    return reader._pointer.tip_at(QPointF(point))


def colours_in(reader: Reader, rect: QRect) -> set[str]:
    image = reader.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    image = image.copy(rect.intersected(image.rect()))
    return {f"#{pixel & 0xFFFFFF:06x}" for pixel in set(memoryview(image.constBits()).cast("B").cast("I"))}


# -- scrolling and places ---------------------------------------------------------------------------------------------


def test_it_opens_at_the_beginning(make: Callable[..., Reader]) -> None:
    reader = make()
    assert reader.place() == 0
    assert reader.verticalScrollBar().value() == 0
    assert reader.accessibleName() == "A brief"


def test_no_document_is_an_empty_state(make: Callable[..., Reader]) -> None:
    reader = make()
    reader.open(None)
    assert reader.selection() is None
    assert reader.place() == 0
    assert reader.visible_span() == (0, 0)
    assert reader.position_at(QPoint(100, 100)) == 0
    assert reader.annotation_at(QPoint(100, 100)) == ""
    assert reader.top_of(10) == 0
    assert not reader.grab().isNull()


@pytest.mark.parametrize("number", [0, 1, 57, 150, 299])
@pytest.mark.parametrize("offset", [0, 3, 120])
def test_a_place_comes_back_exactly(make: Callable[..., Reader], number: int, offset: int) -> None:
    reader = make()
    position = min(sum(len(b.text) + 1 for b in LONG[:number]) + offset, len(reader.text))
    reader.scroll_to(position, "top")
    place = reader.place()
    other = make()
    other.scroll_to(place, "top")
    assert other.place() == place
    assert abs(other.top_of(place) - reader.top_of(place)) <= 1


def test_scrolling_to_the_top_brings_the_line_there(make: Callable[..., Reader]) -> None:
    reader = make()
    position = find(reader, "157. The")
    reader.scroll_to(position, "top")
    assert 0 <= reader.top_of(position) <= 20
    assert reader.place() == position


@pytest.mark.parametrize("where", ["centre", "nearest"])
def test_scrolling_brings_a_far_line_into_view(make: Callable[..., Reader], where: str) -> None:
    reader = make()
    position = find(reader, "251. The")
    reader.scroll_to(position, where)
    assert 0 < reader.top_of(position) < reader.viewport().height() - 28
    assert reader.rect_of(position, position + 4).top() >= 0


def test_nearest_does_not_move_what_is_in_view(make: Callable[..., Reader]) -> None:
    reader = make()
    reader.scroll_to(find(reader, "51. The"), "top")
    position = reader.position_at(QPoint(400, 300))
    before = reader.top_of(position)
    reader.scroll_to(position, "nearest")
    assert reader.top_of(position) == before


def test_text_does_not_jump_while_guesses_become_facts(make: Callable[..., Reader]) -> None:
    reader = make()
    reader.verticalScrollBar().setValue(reader.verticalScrollBar().maximum() // 2)
    seen = reader.place()
    for step in (-40, -40, -40, 25, -90, 60):
        before = reader.top_of(seen)
        reader.scroll_by(step)
        assert reader.top_of(seen) == before - step


def test_the_end_can_be_reached_and_is_the_end(make: Callable[..., Reader]) -> None:
    reader = make()
    reader.scroll_to_end()
    last = len(reader.text)
    assert reader.top_of(last) < reader.viewport().height()
    assert reader.progress() == 1
    bar = reader.verticalScrollBar()
    assert bar.value() == bar.maximum()
    top = reader.top_of(last)
    reader.scroll_by(500)
    assert reader.top_of(last) == top


def test_dragging_the_scroll_bar_to_an_end_shows_that_end(make: Callable[..., Reader]) -> None:
    reader = make()
    bar = reader.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert reader.visible_span()[1] == len(reader.text)
    bar.setValue(0)
    assert reader.visible_span()[0] == 0


@pytest.mark.parametrize("width", [420, 600, 700, 1400])
def test_another_width_keeps_the_place(make: Callable[..., Reader], width: int) -> None:
    reader = make()
    position = find(reader, "201. The") + 90
    reader.scroll_to(position, "top")
    before = reader.top_of(position)
    reader.resize(width, 500)
    assert abs(reader.top_of(position) - before) <= 1
    assert reader.place() == position
    reader.resize(860, 600)
    assert reader.place() == position
    assert abs(reader.top_of(position) - before) <= 1


@pytest.mark.parametrize(
    "typography",
    [Typography(size=26), Typography(size=12), Typography(leading=2.2), Typography(measure=45), Typography("Inter")],
)
def test_another_typography_keeps_the_place(make: Callable[..., Reader], typography: Typography) -> None:
    reader = make()
    position = find(reader, "201. The")
    reader.scroll_to(position, "top")
    reader.set_typography(typography)
    assert reader.place() == position
    assert 0 <= reader.top_of(position) < 60
    reader.set_typography(Typography())
    assert reader.place() == position


def test_opening_the_same_reading_again_stays_there(make: Callable[..., Reader]) -> None:
    reader = make(text := reading(LONG))
    reader.scroll_to(find(reader, "201. The"), "top")
    reader.open(text)
    assert reader.place() == find(reader, "201. The")


def test_progress_grows_with_reading(make: Callable[..., Reader]) -> None:
    reader = make()
    found = [reader.progress()]
    while found[-1] < 1:
        reader.scroll_by(550)
        found.append(reader.progress())
        assert found[-1] > found[-2]


def test_view_and_place_are_announced(make: Callable[..., Reader], qtbot: QtBot) -> None:
    reader = make()
    with qtbot.waitSignals([reader.viewChanged, reader.placeChanged]):
        reader.scroll_by(300)
    with qtbot.waitSignal(reader.viewChanged):
        reader.resize(500, 500)


def test_the_wheel_scrolls_by_pixels_or_by_lines(make: Callable[..., Reader]) -> None:
    reader = make()

    def turn(pixels: int, angle: int) -> None:
        event = QWheelEvent(
            QPointF(300, 300),
            QPointF(300, 300),
            QPoint(0, pixels),
            QPoint(0, angle),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(reader.viewport(), event)

    turn(-17, 0)
    assert reader.verticalScrollBar().value() == 17
    turn(0, -120)
    assert reader.verticalScrollBar().value() == 17 + 3 * reader._view.line_height
    turn(500, 0)
    assert reader.verticalScrollBar().value() == 0


@pytest.mark.parametrize(
    ("key", "least", "most"), [(Key.Key_Down, 60, 100), (Key.Key_PageDown, 450, 600), (Key.Key_Space, 450, 600)]
)
def test_keys_scroll_without_caret_browsing(make: Callable[..., Reader], key: Qt.Key, least: int, most: int) -> None:
    reader = make()
    QTest.keyClick(reader, key)
    assert least <= reader.verticalScrollBar().value() <= most
    QTest.keyClick(reader, Key.Key_End)
    assert reader.progress() == 1
    QTest.keyClick(reader, Key.Key_Home)
    assert reader.place() == 0


def test_the_meta_line_takes_room_but_is_no_text(make: Callable[..., Reader]) -> None:
    reader = make()
    below = find(reader, "1. The")
    before, text = reader.top_of(below), reader.text
    reader.set_meta("430 words · 2 min · read to 38%")
    assert reader.top_of(below) > before + 10
    assert reader.text == text
    reader.set_meta("")
    assert reader.top_of(below) == before


# -- selecting --------------------------------------------------------------------------------------------------------


def test_dragging_selects_what_is_under_it(make: Callable[..., Reader], qtbot: QtBot) -> None:
    reader = make()
    start, end = find(reader, "European"), find(reader, "preparing")
    view = reader.viewport()
    first, last = (reader.rect_of(p, p + 1) for p in (start, end))
    with qtbot.waitSignal(reader.selectionSettled):
        QTest.mousePress(view, Left, pos=first.center() - QPoint(first.width() // 2, 0))
        QTest.mouseMove(view, last.center())
        QTest.mouseMove(view, last.center() - QPoint(last.width() // 2, 0))
        QTest.mouseRelease(view, Left, pos=last.center() - QPoint(last.width() // 2, 0))
    assert reader.selection() == (start, end)
    assert reader.selected_text() == "European Union is "


def test_a_double_click_selects_a_word_and_a_third_the_block(make: Callable[..., Reader]) -> None:
    reader = make()
    view, at = reader.viewport(), middle(reader, "Kazakhstan")
    QTest.mouseDClick(view, Left, pos=at)
    assert reader.selected_text() == "Kazakhstan"
    QTest.mousePress(view, Left, pos=at)
    assert reader.selected_text() == f"1. {PROSE}"
    QTest.mouseRelease(view, Left, pos=at)
    assert reader.selected_text() == f"1. {PROSE}"


def test_dragging_after_a_double_click_selects_whole_words(make: Callable[..., Reader]) -> None:
    reader = make()
    view = reader.viewport()
    QTest.mouseDClick(view, Left, pos=middle(reader, "relations"))
    drag(reader, middle(reader, "higher"))
    assert reader.selected_text() == "relations with Kazakhstan on a higher"
    drag(reader, middle(reader, "preparing"))
    assert reader.selected_text() == "preparing to put its relations"


def drag(reader: Reader, at: QPoint) -> None:
    view = reader.viewport()
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(at),
        QPointF(view.mapToGlobal(at)),
        Qt.MouseButton.NoButton,
        Left,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(view, event)


def test_a_click_with_shift_extends(make: Callable[..., Reader]) -> None:
    reader = make()
    start = find(reader, "European")
    reader.select(start, start + 8)
    reader.set_caret(start, extend=False)
    QTest.mouseClick(reader.viewport(), Left, Shift, middle(reader, "preparing"))
    found = reader.selection()
    assert found is not None
    assert found[0] == start
    assert found[1] in range(find(reader, "preparing"), find(reader, "preparing") + 10)


def test_dragging_beyond_the_edge_scrolls_on(make: Callable[..., Reader], qtbot: QtBot) -> None:
    reader = make()
    view = reader.viewport()
    QTest.mousePress(view, Left, pos=middle(reader, "European"))
    drag(reader, QPoint(300, view.height() + 60))
    before = reader.verticalScrollBar().value()
    qtbot.waitUntil(lambda: reader.verticalScrollBar().value() > before + 100)
    QTest.mouseRelease(view, Left, pos=QPoint(300, view.height() + 60))
    selected = reader.selection()
    assert selected is not None
    assert selected[1] > find(reader, "3. The")
    still = reader.verticalScrollBar().value()
    qtbot.wait(100)
    assert reader.verticalScrollBar().value() == still


def test_a_plain_click_clears_the_selection_and_says_so(make: Callable[..., Reader], qtbot: QtBot) -> None:
    reader = make()
    reader.select(5, 50)
    with qtbot.waitSignal(reader.selectionChanged):
        QTest.mouseClick(reader.viewport(), Left, pos=middle(reader, "Asia"))
    assert reader.selection() is None


def test_select_clamps_and_announces_changes_only(make: Callable[..., Reader], qtbot: QtBot) -> None:
    reader = make()
    with qtbot.waitSignal(reader.selectionChanged):
        reader.select(-5, 10**9)
    assert reader.selection() == (0, len(reader.text))
    with qtbot.assertNotEmitted(reader.selectionChanged):
        reader.select(0, len(reader.text))


def test_copy_and_select_all_have_their_keys(make: Callable[..., Reader]) -> None:
    reader = make(LONG[:4])
    QTest.keySequence(reader, QKeySequence(QKeySequence.StandardKey.SelectAll))
    QTest.keySequence(reader, QKeySequence(QKeySequence.StandardKey.Copy))
    assert QGuiApplication.clipboard().text() == reader.text


def test_the_selection_spans_cells_of_a_table(make: Callable[..., Reader]) -> None:
    table = Block("table", "Country\tShare\nKazakhstan\t8 %\nNorway\t11 %", heading_row=True)
    reader = make([Block("paragraph", "Before"), table])
    reader.select(find(reader, "Kazakhstan"), find(reader, "11 %") + 2)
    assert reader.selected_text() == "Kazakhstan\t8 %\nNorway\t11"
    selection = QColor("#bccbda").name()
    for words in ("Kazakhstan", "8 %", "Norway"):
        start = find(reader, words)
        assert selection in colours_in(reader, reader.rect_of(start, start + len(words)))


# -- caret browsing ---------------------------------------------------------------------------------------------------

MIXED = [
    Block("paragraph", "one two three"),
    Block("paragraph", "four 😀 five"),
    Block("table", "a\tb\nc\td"),
    Block("paragraph", "last"),
]


def press(reader: Reader, *keys: QKeySequence.StandardKey | Qt.Key) -> None:
    for key in keys:
        if isinstance(key, Qt.Key):
            QTest.keyClick(reader, key)
        else:
            QTest.keySequence(reader, QKeySequence(key))


Keys = QKeySequence.StandardKey


@pytest.mark.parametrize(
    ("start", "key", "expected"),
    [
        ("one", Keys.MoveToNextChar, "ne two"),
        ("two", Keys.MoveToPreviousChar, " two"),
        ("one", Keys.MoveToNextWord, "two"),
        ("two", Keys.MoveToPreviousWord, "one"),
        ("two", Keys.MoveToStartOfLine, "one"),
        ("two", Keys.MoveToEndOfLine, "\nfour"),
        ("two", Keys.MoveToStartOfDocument, "one"),
        ("\nfour", Keys.MoveToNextChar, "four"),
        ("four", Keys.MoveToPreviousChar, "\nfour"),
        ("😀", Keys.MoveToNextChar, " five"),
        (" five", Keys.MoveToPreviousChar, "😀"),
        ("one", Keys.MoveToNextLine, "four"),
        ("four", Keys.MoveToPreviousLine, "one"),
        ("a\tb", Keys.MoveToNextLine, "c\td"),
        ("\tb", Keys.MoveToNextChar, "b\nc"),
        ("b\nc", Keys.MoveToNextLine, "d\nlast"),
        ("\nc", Keys.MoveToNextChar, "c\td"),
        ("five", Keys.MoveToNextWord, "\na\tb"),
        ("\na\tb", Keys.MoveToNextWord, "a\tb"),
        ("one", Keys.MoveToPreviousChar, "one"),
    ],
)
def test_the_caret_moves(make: Callable[..., Reader], start: str, key: QKeySequence.StandardKey, expected: str) -> None:
    reader = make(MIXED)
    reader.set_caret_browsing(True)
    reader.set_caret(find(reader, start), extend=False)
    press(reader, key)
    assert reader.text[reader.caret :].startswith(expected)
    assert reader.selection() is None


def test_the_caret_stops_at_the_end(make: Callable[..., Reader]) -> None:
    reader = make(MIXED)
    reader.set_caret_browsing(True)
    press(reader, Keys.MoveToEndOfDocument, Keys.MoveToNextChar, Keys.MoveToNextWord, Keys.MoveToNextLine)
    assert reader.caret == len(reader.text)


def test_up_and_down_keep_their_column(make: Callable[..., Reader]) -> None:
    reader = make([Block("paragraph", PROSE), Block("paragraph", "short"), Block("paragraph", PROSE)])
    reader.set_caret_browsing(True)
    reader.set_caret(find(reader, "relations"), extend=False)
    x = reader.rect_of(reader.caret, reader.caret + 1).left()
    passed = []
    for _ in range(6):
        press(reader, Keys.MoveToNextLine)
        passed.append(reader.caret)
    assert find(reader, "short") + 5 in passed
    assert abs(reader.rect_of(reader.caret, reader.caret + 1).left() - x) < 12
    for _ in range(6):
        press(reader, Keys.MoveToPreviousLine)
    assert reader.caret == find(reader, "relations")


def test_left_means_left_in_text_from_right_to_left(make: Callable[..., Reader]) -> None:
    reader = make([Block("paragraph", "שלום עולם"), Block("paragraph", "מילים")])
    reader.set_caret_browsing(True)
    reader.set_caret(0, extend=False)
    press(reader, Keys.MoveToPreviousChar)
    assert reader.caret == 1
    press(reader, Keys.MoveToNextChar)
    assert reader.caret == 0
    reader.set_caret(9, extend=False)
    press(reader, Keys.MoveToPreviousChar)
    assert reader.caret == 10


def test_shift_selects_and_letting_it_go_settles(make: Callable[..., Reader], qtbot: QtBot) -> None:
    reader = make(MIXED)
    reader.set_caret_browsing(True)
    reader.set_caret(0, extend=False)
    with qtbot.waitSignal(reader.selectionSettled):
        press(reader, Keys.SelectNextWord, Keys.SelectNextWord)
        QTest.keyRelease(reader, Key.Key_Shift)
    assert reader.selected_text() == "one two "
    with qtbot.assertNotEmitted(reader.selectionSettled):
        QTest.keyRelease(reader, Key.Key_Shift)
    press(reader, Keys.MoveToPreviousChar)
    assert reader.selection() is None
    assert reader.caret == 0


def test_pages_move_caret_and_view(make: Callable[..., Reader]) -> None:
    reader = make()
    reader.set_caret_browsing(True)
    for _ in range(3):
        before, value = reader.caret, reader.verticalScrollBar().value()
        press(reader, Key.Key_PageDown)
        assert reader.caret > before
        assert reader.verticalScrollBar().value() > value
        start, end = reader.visible_span()
        assert start <= reader.caret <= end
    for _ in range(5):
        press(reader, Key.Key_PageUp)
    assert reader.caret == 0


def test_turning_caret_browsing_on_brings_the_caret_into_view(make: Callable[..., Reader]) -> None:
    reader = make()
    reader.scroll_to(find(reader, "201. The"), "top")
    reader.set_caret_browsing(True)
    assert reader.caret == find(reader, "201. The")


def test_the_caret_blinks_where_it_is(make: Callable[..., Reader], qtbot: QtBot) -> None:
    reader = make(MIXED)
    reader.activateWindow()
    qtbot.waitUntil(reader.hasFocus)
    reader.set_caret(3, extend=False)
    rect = reader.rect_of(3, 3).adjusted(-1, 4, 1, -4)
    ink = QColor("#22262b").name()
    assert ink not in colours_in(reader, rect)
    reader.set_caret_browsing(True)
    assert ink in colours_in(reader, rect)
    qtbot.waitUntil(lambda: ink not in colours_in(reader, rect), timeout=3000)


@settings(max_examples=25, deadline=None)
@given(
    moves=st.lists(
        st.sampled_from(
            [
                Keys.MoveToNextChar,
                Keys.MoveToPreviousChar,
                Keys.MoveToNextWord,
                Keys.MoveToPreviousWord,
                Keys.MoveToNextLine,
                Keys.MoveToPreviousLine,
                Keys.MoveToStartOfLine,
                Keys.MoveToEndOfLine,
                Keys.SelectNextWord,
                Keys.SelectPreviousLine,
            ]
        ),
        max_size=30,
    )
)
def test_the_caret_never_leaves_the_text_nor_splits_a_character(
    style: Style, moves: list[QKeySequence.StandardKey]
) -> None:
    reader = Reader(style, Typography())
    reader.resize(500, 400)
    reader.open(
        reading([*MIXED, Block("paragraph", "שלום e\u0301 👩‍👩‍👧 world"), Block("rule"), Block("code", "x\n\ty")])
    )
    reader.show()
    reader.set_caret_browsing(True)
    for move in moves:
        press(reader, move)
        assert 0 <= reader.caret <= len(reader.text)
        assert reader.text[reader.caret : reader.caret + 1] not in {"\u0301", "\u200d"}
    reader.deleteLater()


# -- marks ------------------------------------------------------------------------------------------------------------

BRIEF = [
    Block("heading", "EU–Kazakhstan", level=1),
    Block("paragraph", PROSE),
    Block("paragraph", "Oil, gas and minerals make the country a natural place for European money."),
    Block("paragraph", "Brussels has come to see Kazakhstan as part of the answer to security in Central Asia."),
]
TEXT = Document("A brief", tuple(BRIEF))


def marked(*annotations: Annotation, **values: object) -> Reading:
    return reading(BRIEF, annotations=annotations, **values)


def ground(style: Style, colour: str) -> str:
    return style.mark(colour).name()


def test_a_highlight_is_drawn_under_its_words_only(make: Callable[..., Reader], style: Style) -> None:
    reader = make(marked(annotation(TEXT, "natural place", colour="green")))
    start = find(reader, "natural place")
    assert ground(style, "green") in colours_in(reader, reader.rect_of(start, start + 13))
    for words in ("Oil, gas", "European money"):
        other = find(reader, words)
        assert ground(style, "green") not in colours_in(reader, reader.rect_of(other, other + len(words)))


def test_an_orphan_is_not_drawn(make: Callable[..., Reader], style: Style) -> None:
    reader = make(marked(annotation(TEXT, "natural place", colour="green", state="orphaned")))
    assert ground(style, "green") not in colours_in(reader, reader.viewport().rect())


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("minerals make the country", "the country a natural"),
        ("minerals make the country", "make the"),
        ("minerals make the country", "minerals make the country"),
    ],
    ids=["crossing", "nested", "same"],
)
def test_marks_that_overlap_are_both_seen(make: Callable[..., Reader], style: Style, first: str, second: str) -> None:
    reader = make(marked(annotation(TEXT, first, id="1"), annotation(TEXT, second, id="2", colour="blue")))
    start = max(find(reader, first), find(reader, second))
    end = min(find(reader, first) + len(first), find(reader, second) + len(second))
    seen = colours_in(reader, reader.rect_of(start, end))
    assert {ground(style, "yellow"), ground(style, "blue")} <= seen


def test_underlines_that_overlap_are_both_seen(make: Callable[..., Reader], style: Style) -> None:
    reader = make(
        marked(
            annotation(TEXT, "minerals make the country", id="1", style="underline"),
            annotation(TEXT, "make the", id="2", colour="blue", style="underline"),
        )
    )
    start = find(reader, "make the")
    seen = colours_in(reader, reader.rect_of(start, start + 8).adjusted(0, 0, 0, 6))
    assert {style.mark_strong("yellow").name(), style.mark_strong("blue").name()} <= seen


def test_the_current_mark_has_an_edge_and_the_hovered_one_another_ground(
    make: Callable[..., Reader], style: Style
) -> None:
    reader = make(marked(annotation(TEXT, "natural place", id="1")))
    start = find(reader, "natural place")
    area = reader.rect_of(start, start + 13)
    strong = style.mark_strong("yellow").name()
    plain = colours_in(reader, area)
    assert strong not in plain
    reader.set_current("1")
    assert strong in colours_in(reader, area)
    reader.set_current("")
    assert colours_in(reader, area) == plain
    reader.set_hovered("1")
    assert ground(style, "yellow") not in colours_in(reader, area)


def test_a_change_is_drawn_when_it_is_announced(make: Callable[..., Reader], style: Style) -> None:
    text = marked()
    reader = make(text)
    start = find(reader, "natural place")
    change = edits.annotate(text.record, text.document.text, start, start + 13, colour="pink")
    text.apply(change)
    reader.refresh(change)
    area = reader.rect_of(start, start + 13)
    assert ground(style, "pink") in colours_in(reader, area)
    text.apply(change.inverse())
    reader.refresh(change.inverse())
    assert ground(style, "pink") not in colours_in(reader, area)


def test_clicking_a_mark_activates_it_and_clicking_elsewhere_none(make: Callable[..., Reader], qtbot: QtBot) -> None:
    reader = make(marked(annotation(TEXT, "natural place", id="1")))
    for words, expected in (("natural", "1"), ("Oil", "")):
        with qtbot.waitSignal(reader.activated) as heard:
            QTest.mouseClick(reader.viewport(), Left, pos=middle(reader, words))
        assert heard.args == [expected]


def test_clicks_go_through_marks_that_lie_on_one_another(make: Callable[..., Reader]) -> None:
    reader = make(
        marked(
            annotation(TEXT, "gas and minerals make the country", id="1"),
            annotation(TEXT, "minerals make the country a natural", id="2"),
            annotation(TEXT, "make the country", id="3"),
        )
    )
    heard: list[str] = []
    reader.activated.connect(heard.append)
    reader.activated.connect(reader.set_current)
    for _ in range(4):
        QTest.mouseClick(reader.viewport(), Left, pos=middle(reader, "make the"))
    assert sorted(heard[:3]) == ["1", "2", "3"]
    assert heard[3] == heard[0]


def test_pointing_at_a_mark_is_announced(make: Callable[..., Reader]) -> None:
    reader = make(marked(annotation(TEXT, "natural place", id="1")))
    heard: list[str] = []
    reader.hovered.connect(heard.append)
    for words in ("natural", "place", "Oil"):
        QTest.mouseMove(reader.viewport(), middle(reader, words))
    assert heard == ["1", ""]
    QTest.mouseMove(reader.viewport(), middle(reader, "natural"))
    QApplication.sendEvent(reader.viewport(), QEvent(QEvent.Type.Leave))
    assert heard == ["1", "", "1", ""]


def test_hits_differ_from_marks_and_the_current_one_from_the_others(make: Callable[..., Reader], style: Style) -> None:
    reader = make(marked())
    spans = [(find(reader, words), find(reader, words) + len(words)) for words in ("European", "Oil", "Brussels")]
    reader.set_hits(spans, 1)
    hit, current = style.colour("find").name(), style.colour("find_current").name()
    for number, span in enumerate(spans):
        seen = colours_in(reader, reader.rect_of(*span))
        assert (current in seen) == (number == 1)
        assert (hit in seen) == (number != 1)
    reader.set_hits([], -1)
    assert not {hit, current} & colours_in(reader, reader.viewport().rect())


@given(spans=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=30))
def test_lanes_keep_overlapping_spans_apart(spans: list[tuple[int, int]]) -> None:
    ordered = sorted((start, start + length) for start, length in spans)
    found = lanes(ordered)
    for n, (start, end) in enumerate(ordered):
        for m in range(n):
            if ordered[m][1] > start and ordered[m][0] < end:
                assert found[m] != found[n]
    deepest = max((sum(a <= at < b for a, b in ordered) for at in range(80)), default=0)
    assert max(found, default=-1) + 1 == deepest, "no more lanes than overlap anywhere"


# -- themes -----------------------------------------------------------------------------------------------------------

THEMES = [Theme(id="e", name="Energy", colour="amber"), Theme(id="g", name="Geopolitics", colour="brick")]


def themed() -> Reading:
    passages = [
        passage(TEXT, "e", str(BRIEF[2].text)),
        passage(TEXT, "g", str(BRIEF[2].text)),
        passage(TEXT, "g", str(BRIEF[3].text)),
    ]
    return marked(
        annotation(TEXT, "The European Union", note="Since when?", themes=("g",)), themes=THEMES, passages=passages
    )


def gutter(reader: Reader, words: str, lane: int = 0) -> QPoint:
    start = find(reader, words)
    rect = reader.rect_of(start, start + 1)
    return QPoint(rect.left() - 22 + 7 * lane + 1, rect.center().y())


def test_bars_of_several_themes_stand_side_by_side(make: Callable[..., Reader], style: Style, qtbot: QtBot) -> None:
    reader = make(themed())
    amber, brick = style.theme("amber").name(), style.theme("brick").name()
    qtbot.waitUntil(lambda: amber in colours_in(reader, QRect(gutter(reader, "Oil"), gutter(reader, "Oil"))))

    def at(words: str, lane: int) -> set[str]:
        point = gutter(reader, words, lane)
        return colours_in(reader, QRect(point, point))

    assert at("Oil", 0) == {amber}
    assert at("Oil", 1) == {brick}
    assert at("Brussels", 0) == {brick}
    assert at("Brussels", 1).isdisjoint({amber, brick})
    assert at("The European", 0).isdisjoint({amber, brick})


def test_bars_stand_at_the_right_where_the_interface_is_mirrored(
    make: Callable[..., Reader], style: Style, qtbot: QtBot
) -> None:
    reader = make(themed())
    reader.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    amber = style.theme("amber").name()
    view = reader.viewport()
    right = QRect(view.width() // 2, 0, view.width() // 2, view.height())
    qtbot.waitUntil(lambda: amber in colours_in(reader, right))
    assert amber not in colours_in(reader, QRect(0, 0, view.width() // 2, view.height()))


def test_a_shown_theme_is_tinted_and_the_rest_dimmed(make: Callable[..., Reader], style: Style) -> None:
    reader = make(themed())
    ink, tint = style.colour("text").name(), style.theme_tint("amber").name()

    def of(words: str) -> set[str]:
        start = find(reader, words)
        return colours_in(reader, reader.rect_of(start, start + len(words)))

    tops = [reader.top_of(n) for n in range(0, len(reader.text), 9)]
    assert ink in of("Brussels")
    reader.set_theme("e")
    assert ink not in of("Brussels")
    assert {ink, tint} <= of("Oil")
    assert tint not in of("Brussels")
    assert [reader.top_of(n) for n in range(0, len(reader.text), 9)] == tops, "nothing moves"
    reader.set_theme("")
    assert ink in of("Brussels")
    assert tint not in of("Oil")


def test_an_annotation_of_the_shown_theme_is_not_dimmed(make: Callable[..., Reader], style: Style) -> None:
    reading = themed()
    reader = make(reading)
    ink = style.colour("text").name()
    span = (find(reader, "Brussels"), find(reader, "Brussels") + 8)
    change = edits.annotate(reading.record, reading.document.text, *span, themes=["e"])
    reading.apply(change)
    reader.set_theme("e")
    reader.refresh(change)
    assert ink in colours_in(reader, reader.rect_of(*span))
    back = change.inverse()
    reading.apply(back)
    reader.refresh(back)
    assert ink not in colours_in(reader, reader.rect_of(*span))


def test_what_is_selected_or_found_is_not_dimmed(make: Callable[..., Reader], style: Style) -> None:
    reader = make(themed())
    ink = style.colour("text").name()
    reader.set_theme("e")
    span = (find(reader, "Brussels"), find(reader, "Brussels") + 8)
    assert ink not in colours_in(reader, reader.rect_of(*span))
    reader.select(*span)
    assert ink in colours_in(reader, reader.rect_of(*span))
    reader.clear_selection()
    reader.set_hits([span], -1)
    assert ink in colours_in(reader, reader.rect_of(*span))


@pytest.mark.parametrize("appearance", ["light", "sepia", "dark", "contrast"])
def test_dimmed_text_can_still_be_read(style: Style, appearance: str) -> None:
    look = load(appearance)  # type: ignore[arg-type]
    page = look.colours["page"]
    for role in ("text", "muted", "link"):
        found = dimmed(QColor(look.colours[role]), QColor(page)).name()
        assert contrast(found, page) >= 4.5
        if role == "text":
            assert found != look.colours["text"].lower()
            for mark in look.marks.values():
                assert contrast(found, blend(mark, page, DIMMED)) >= 4.5


def test_a_change_of_passages_moves_the_bars(make: Callable[..., Reader], style: Style, qtbot: QtBot) -> None:
    text = themed()
    reader = make(text)
    amber = style.theme("amber").name()
    start = find(reader, "Brussels")
    change = edits.set_passage(text.record, THEMES[0], start, start + 20, "chosen")
    text.apply(change)
    reader.refresh(change)
    point = gutter(reader, "Brussels", 0)
    qtbot.waitUntil(lambda: amber in colours_in(reader, QRect(point - QPoint(0, 8), point + QPoint(10, 8))))


@pytest.mark.parametrize(
    ("words", "expected"),
    [("The European", "Geopolitics\nSince when?"), ("Oil", ""), ("Brussels", "")],
)
def test_the_tooltip_of_a_mark_is_its_theme_and_note(make: Callable[..., Reader], words: str, expected: str) -> None:
    reader = make(themed())
    assert tip(reader, middle(reader, words)) == expected


def test_the_tooltip_of_a_bar_is_its_theme(make: Callable[..., Reader], qtbot: QtBot) -> None:
    reader = make(themed())
    qtbot.waitUntil(lambda: tip(reader, gutter(reader, "Brussels")) == "Geopolitics")
    assert tip(reader, gutter(reader, "Oil")) == "Energy"


# -- links, notes, menus ----------------------------------------------------------------------------------------------

LINKS = "See the strategy and chapter 7, or the note1 on it."


def linked() -> Reading:
    def mark(kind: str, words: str, target: str) -> Mark:
        start = LINKS.index(words)
        return Mark(kind, start, start + len(words), target)  # type: ignore[arg-type]

    marks = (
        mark("link", "strategy", "https://example.org/a?b=<c>"),
        mark("link", "chapter 7", "#c7"),
        mark("noteref", "1", "one"),
    )
    note = Block("footnote", "Of 2019, and in force.", target="one")
    return reading([Block("paragraph", LINKS, marks), *LONG, note])


def test_a_link_is_followed_on_a_click(make: Callable[..., Reader], qtbot: QtBot) -> None:
    reader = make(linked())
    with qtbot.waitSignal(reader.linkActivated) as heard:
        QTest.mouseClick(reader.viewport(), Left, pos=middle(reader, "strategy"))
    assert heard.args == ["https://example.org/a?b=<c>"]
    assert tip(reader, middle(reader, "strategy")) == "https://example.org/a?b=<c>"


def test_dragging_from_a_link_selects_and_does_not_follow(make: Callable[..., Reader], qtbot: QtBot) -> None:
    reader = make(linked())
    with qtbot.assertNotEmitted(reader.linkActivated):
        QTest.mousePress(reader.viewport(), Left, pos=middle(reader, "strategy"))
        drag(reader, middle(reader, "note1"))
        QTest.mouseRelease(reader.viewport(), Left, pos=middle(reader, "note1"))
    assert "and chapter 7" in reader.selected_text()


def test_a_link_inside_the_document_scrolls_there(make: Callable[..., Reader], qtbot: QtBot) -> None:
    reader = make(linked())
    with qtbot.assertNotEmitted(reader.linkActivated):
        QTest.mouseClick(reader.viewport(), Left, pos=middle(reader, "chapter 7"))
    assert reader.place() == find(reader, "Chapter 7")


def test_a_note_reference_asks_for_its_footnote(make: Callable[..., Reader], qtbot: QtBot) -> None:
    reader = make(linked())
    at = find(reader, "note1") + 4
    with qtbot.waitSignal(reader.footnoteRequested) as heard:
        QTest.mouseClick(reader.viewport(), Left, pos=reader.rect_of(at, at + 1).center())
    assert heard.args == ["one", reader.rect_of(at, at + 1)]
    assert tip(reader, reader.rect_of(at, at + 1).center()) == "Of 2019, and in force."


def test_return_follows_the_link_at_the_caret(make: Callable[..., Reader], qtbot: QtBot) -> None:
    reader = make(linked())
    reader.set_caret_browsing(True)
    reader.set_caret(find(reader, "strategy") + 2, extend=False)
    with qtbot.waitSignal(reader.linkActivated):
        press(reader, Key.Key_Return)


def test_the_pointer_is_a_hand_over_links(make: Callable[..., Reader]) -> None:
    reader = make(linked())
    for words, expected in (
        ("strategy", Qt.CursorShape.PointingHandCursor),
        ("See the", Qt.CursorShape.IBeamCursor),
    ):
        QTest.mouseMove(reader.viewport(), middle(reader, words))
        assert reader.viewport().cursor().shape() == expected
    QTest.mouseMove(reader.viewport(), QPoint(3, 200))
    assert reader.viewport().cursor().shape() == Qt.CursorShape.ArrowCursor


def test_a_context_menu_is_asked_for_where_the_pointer_is(make: Callable[..., Reader], qtbot: QtBot) -> None:
    reader = make(linked())
    at = middle(reader, "strategy")
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, reader.viewport().mapToGlobal(at))
    with qtbot.waitSignal(reader.contextMenuRequested) as heard:
        QApplication.sendEvent(reader.viewport(), event)
    assert heard.args[0] == reader.viewport().mapToGlobal(at)
    assert heard.args[1] in range(find(reader, "strategy"), find(reader, "strategy") + 9)


# -- what is drawn ----------------------------------------------------------------------------------------------------


def png(width: int, height: int, colour: str) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(data.data())


def test_a_picture_is_drawn_no_wider_than_the_column(make: Callable[..., Reader]) -> None:
    blocks = [Block("picture", "A field of blue", target="k"), Block("paragraph", "after")]
    reader = make(reading(blocks, pictures={"k": png(1200, 300, "#123456")}))
    image = reader.viewport().grab().toImage()
    columns = [x for x in range(image.width()) if image.pixelColor(x, 60).name() == "#123456"]
    assert len(columns) == reader._view.column_width
    caption = find(reader, "A field")
    assert reader.rect_of(caption, caption + 7).top() > 28 + 100


def test_a_large_picture_comes_when_it_is_decoded(make: Callable[..., Reader], qtbot: QtBot) -> None:
    blocks = [Block("picture", "Large", target="k"), Block("paragraph", "after")]
    reader = make(reading(blocks, pictures={"k": png(2000, 1000, "#123456")}))
    qtbot.waitUntil(lambda: "#123456" in colours_in(reader, QRect(300, 60, 20, 20)))


@pytest.mark.parametrize("data", [None, b"", b"not a picture", b"\x89PNG\r\n\x1a\n"])
def test_a_picture_that_cannot_be_shown_leaves_its_words(make: Callable[..., Reader], data: bytes | None) -> None:
    pictures = {} if data is None else {"k": data}
    reader = make(reading([Block("picture", "A chart of imports", target="k")], pictures=pictures))
    ink = QColor("#5a5f67").name()
    start = find(reader, "A chart")
    assert ink in colours_in(reader, reader.rect_of(start, start + 18))


@pytest.mark.parametrize(
    "block",
    [
        Block("item", "words", level=1),
        Block("item", "words", level=2, ordered=True, number=12),
        Block("item", "words", level=1, checked=True),
        Block("quotation", "words", quote=2),
        Block("footnote", "words", target="3"),
    ],
    ids=["bullet", "number", "task", "quotation", "footnote"],
)
@pytest.mark.parametrize("words", ["words", "מילים"])
def test_what_hangs_beside_a_block_is_drawn_at_its_side(make: Callable[..., Reader], block: Block, words: str) -> None:
    reader = make([Block("paragraph", PROSE), block._replace(text=words), Block("paragraph", PROSE)])
    start = find(reader, words)
    rect = reader.rect_of(start, start + len(words))
    left, right = (
        QRect(rect.right() + 4, rect.top(), 90, rect.height()),
        QRect(rect.left() - 94, rect.top(), 90, rect.height()),
    )
    before, behind = (right, left) if words == "words" else (left, right)
    assert len(colours_in(reader, before)) > 1
    assert len(colours_in(reader, behind)) == 1


def test_a_change_of_appearance_repaints_without_moving(make: Callable[..., Reader], style: Style) -> None:
    reader = make()
    reader.scroll_to(find(reader, "201. The"), "top")
    try:
        style.set_appearance("dark")
        assert style.colour("page").name() in colours_in(reader, QRect(2, 2, 4, 4))
        assert reader.place() == find(reader, "201. The")
        start = reader.place()
        assert "#d9dce0" in colours_in(reader, reader.rect_of(start, start + 30))
    finally:
        style.set_appearance("light")


def test_only_what_is_seen_is_laid_out(make: Callable[..., Reader]) -> None:
    reader = make([Block("paragraph", f"{n} {PROSE}") for n in range(5000)])
    laid = [number for number in range(5000) if reader._column.is_laid(number)]
    assert len(laid) < 20
    reader.scroll_to_end()
    laid = [number for number in range(5000) if reader._column.is_laid(number)]
    assert len(laid) < 40


# -- screen readers ---------------------------------------------------------------------------------------------------

_SPOKEN = """
import gc, sys
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from margent.annotations import DocumentRecord
from margent.document import Block, Document
from margent.reading import Reading
from margent.ui.page import Typography
from margent.ui.reader import Reader
from margent.ui.style import Style

app = QApplication(sys.argv)
style = Style(app, "light")
document = Document("A brief", (Block("heading", "Title 😀", level=1), Block("paragraph", "Words to read.")))
QAccessible.setActive(True)
for _ in range(60):
    reader = Reader(style, Typography())
    reader.resize(500, 400)
    reader.open(Reading(DocumentRecord(id="d", revision="r", title="A brief"), document))
    reader.show()
    interface = QAccessible.queryAccessibleInterface(reader)
    assert interface.role() == QAccessible.Role.Document, interface.role()
    assert interface.text(QAccessible.Text.Name) == "A brief"
    assert interface.state().readOnly
    assert interface.text(QAccessible.Text.Description) == "Title 😀"
    reader.set_caret_browsing(True)
    reader.setFocus()
    reader.set_caret(9, extend=False)
    assert interface.text(QAccessible.Text.Description) == "Words to read."
    QTest.keyClick(reader, Qt.Key.Key_Right)
    del interface
    gc.collect()
    reader.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
print("spoken")
"""


def test_a_screen_reader_finds_a_document_and_the_block_one_is_in() -> None:
    """In a process of its own: a fault in a bridge between languages would end this one."""
    done = subprocess.run([sys.executable, "-c", _SPOKEN], check=False, capture_output=True, text=True, timeout=60)
    assert done.stdout == "spoken\n", done.stderr
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("start", "key", "expected"),
    [
        ("one", Keys.MoveToNextChar, "n"),
        ("e two", Keys.MoveToNextChar, "space"),
        ("last", Keys.MoveToEndOfLine, "end of line"),
        ("😀", Keys.MoveToPreviousChar, "space"),
        ("four", Keys.MoveToNextWord, "five"),
        ("one", Keys.MoveToNextWord, "two"),
        ("one", Keys.MoveToNextLine, "four 😀 five"),
        ("two", Keys.MoveToStartOfDocument, "one two three"),
        ("one", Keys.SelectNextWord, "one , selected"),
    ],
)
def test_what_the_caret_comes_to_is_announced(
    make: Callable[..., Reader], start: str, key: QKeySequence.StandardKey, expected: str
) -> None:
    reader = make(MIXED)
    before = find(reader, start)
    reader.set_caret(before, extend=False)
    reader.set_caret_browsing(True)
    heard: list[str] = []
    announce = reader.accessible.message

    def listen(before: int, move: Move, *, extend: bool) -> str:
        heard.append(announce(before, move, extend=extend))
        return heard[-1]

    reader.accessible.message = listen  # type: ignore[method-assign]
    QAccessible.setActive(True)
    try:
        press(reader, key)
    finally:
        QAccessible.setActive(False)
    assert heard == [expected]
