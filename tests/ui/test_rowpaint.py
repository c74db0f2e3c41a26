"""Lines of text: counted without measuring where that is clear, broken and elided where they must be."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from margent.ui.rowpaint import Lines, mirrored_rect
from margent.ui.style import Style


@pytest.fixture(scope="module")
def style(qapp: QApplication) -> Style:
    return Style(qapp, "light")


def drawn(text: str, lines: int, style: Style, *, width: int = 200, mirrored: bool = False) -> QImage:
    image = QImage(width, 80, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    font = style.ui_font()
    Lines().paint(painter, QRect(0, 0, width, 80), text, font, QColor("black"), lines, mirrored=mirrored)
    painter.end()
    return image


def inked_rows(image: QImage) -> set[int]:
    white = QColor("white").rgb()
    return {y for y in range(image.height()) if any(image.pixel(x, y) != white for x in range(image.width()))}


@given(
    st.lists(
        st.sampled_from(["a", "policy", "Wirtschaftsbeziehungen", "тұрақтылық", "的", "iii", "WWW", "é"]), max_size=40
    )
)
@example(["policy", "policy", "WWW", "тұрақтылық"])
@settings(max_examples=60, deadline=None)
def test_the_count_of_lines_is_what_breaking_gives(style: Style, words: list[str]) -> None:
    font = style.ui_font()
    lines, text = Lines(), " ".join(words)
    (count,) = lines.counts([text], font, 200)
    whole = lines._laid_out(text, font, 200, 3, mirrored=False).lineCount() if text else 0
    assert count == min(whole, 2)


def test_no_text_takes_no_line(style: Style) -> None:
    assert Lines().counts(["", "x"], style.ui_font(), 200) == [0, 1]


def test_text_beyond_the_last_line_is_elided(style: Style) -> None:
    lines = Lines()
    layout = lines._laid_out("word " * 100, style.ui_font(), 200, 2, mirrored=False)
    assert layout.lineCount() == 2
    assert layout.text().endswith("…")
    assert layout.lineAt(1).naturalTextWidth() <= 200
    pair = "🌍" * 60
    elided = lines._laid_out(pair, style.ui_font(), 200, 2, mirrored=False).text()
    assert elided.endswith("…")
    assert set(elided) == {"🌍", "…"}, "no half of a character stays"


@pytest.mark.parametrize("lines", [1, 2])
def test_no_more_lines_are_painted_than_there_is_room_for(style: Style, lines: int) -> None:
    spacing = Lines().spacing(style.ui_font())
    rows = inked_rows(drawn("word " * 100, lines, style))
    assert (lines - 1) * spacing < max(rows) < lines * spacing


def test_in_a_right_to_left_interface_text_stands_on_the_right(style: Style) -> None:
    white = QColor("white").rgb()
    for mirrored in (False, True):
        image = drawn("abc", 1, style, mirrored=mirrored)
        inked = [x for x in range(200) if any(image.pixel(x, y) != white for y in range(40))]
        assert (min(inked) > 100) is mirrored


def test_the_same_text_is_laid_out_once(style: Style) -> None:
    font, lines = style.ui_font(), Lines()
    first = lines._layout("abc", font, 200, 1, mirrored=False)
    assert lines._layout("abc", font, 200, 1, mirrored=False) is first
    assert lines._layout("abc", font, 201, 1, mirrored=False) is not first
    lines.clear()
    assert lines._layout("abc", font, 200, 1, mirrored=False) is not first


@pytest.mark.parametrize(("rtl", "left"), [(False, 10), (True, 70)])
def test_a_rectangle_is_turned_round_within_its_row(rtl: bool, left: int) -> None:
    assert mirrored_rect(QRect(10, 5, 20, 8), QRect(0, 0, 100, 30), rtl=rtl) == QRect(left, 5, 20, 8)


def test_qt_turns_rectangles_the_same_way() -> None:
    from PySide6.QtWidgets import QStyle

    rect, area = QRect(13, 5, 21, 8), QRect(3, 0, 100, 30)
    turned = QStyle.visualRect(Qt.LayoutDirection.RightToLeft, area, rect)
    assert mirrored_rect(rect, area, rtl=True) == turned
