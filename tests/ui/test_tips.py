"""Tooltips show what looks like markup, and obey none of it."""

import pytest
from PySide6.QtGui import Qt, QTextDocument
from PySide6.QtWidgets import QApplication

from margent.ui.tips import as_tip, on_a_line


@pytest.mark.parametrize(
    "text",
    [
        "plain words",
        "R&D",
        "&lt;b&gt;",
        "a < b > c & d",
        "<b>bold</b> & co",
        '<img src="//elsewhere/share/x.png">',
        "one line\n<h1>two</h1>\n\nfour",
        "<!-- quiet -->",
        "\u202eturned <i>round</i>",
        "\"quoted\" and 'so'",
    ],
)
def test_a_tooltip_shows_the_text_as_it_is(qapp: QApplication, text: str) -> None:
    tip = as_tip(text)
    if Qt.mightBeRichText(tip):
        document = QTextDocument()
        document.setHtml(tip)
        assert document.toPlainText() == text
        assert "<img" not in document.toHtml()
    else:
        assert tip == text


def test_a_long_text_is_cut(qapp: QApplication) -> None:
    assert as_tip("word " * 1_000_000) == "word " * 199 + "word…"


def test_a_title_leaves_room_and_direction_to_what_stands_beside_it() -> None:
    assert on_a_line("\u202egnp.exe") == "gnp.exe"
    assert on_a_line("R&D <b>") == "R&D <b>"
    assert on_a_line("T" * 1_000_000) == "T" * 100 + "…"
