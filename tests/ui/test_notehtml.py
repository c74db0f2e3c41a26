"""Notes as HTML: what Markdown is shown, what is left as typed, and that nothing in a note can act."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QTextDocument

from margent.ui.notehtml import to_html


def shown(note: str) -> str:
    document = QTextDocument()
    document.setHtml(to_html(note))
    return document.toPlainText()


@pytest.mark.parametrize(
    ("note", "text"),
    [
        ("Plain words.", "Plain words."),
        ("One\nline each", "One\nline each"),
        ("A\n\nB", "A\nB"),
        ("R&D < 3 > 2", "R&D < 3 > 2"),
        ("**bold** and *soft*", "bold and soft"),
        ("# Head\n\ntext", "Head\ntext"),
        ("- one\n- two", "one\ntwo"),
        ("1. one\n2. two", "one\ntwo"),
        ("a `b < c` d", "a b < c d"),
        ("[words](https://example.org)", "words"),
        ("![a map](https://example.org/map.png)", "a map"),
        ("snake_case_name", "snake_case_name"),
        ("3 * 4 * 5", "3 * 4 * 5"),
        ("<b>raw</b> *x*", "<b>raw</b> x"),
        ("هل تم؟", "هل تم؟"),
    ],
)
def test_what_a_note_shows(note: str, text: str, qapp: object) -> None:
    assert shown(note) == text


@pytest.mark.parametrize("note", ["", " ", "\n\n"])
def test_a_blank_note_is_nothing(note: str) -> None:
    assert to_html(note) == ""


@pytest.mark.parametrize(
    ("note", "missing"),
    [
        ("<script>alert(1)</script> *x*", "<script"),
        ("<img src=x onerror=alert(1)> *x*", "<img"),
        ("[x](javascript:alert(1))", "javascript:"),
        ("[x](file:///etc/passwd)", "file:"),
        ("![x](https://example.org/spy.png)", "https:"),
        ("*x*\n\n<iframe src='https://example.org'></iframe>", "<iframe"),
        ('[x](https://example.org "t" onclick=alert(1))', "<a onclick"),
    ],
)
def test_nothing_in_a_note_can_act(note: str, missing: str) -> None:
    assert missing not in to_html(note)


def test_links_keep_their_address() -> None:
    assert 'href="https://example.org/a?b=1&amp;c=2"' in to_html("see https://example.org/a?b=1&c=2 there")


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="*_`~[]\\&@:/\r\x0b\x0c"), max_size=80))
def test_words_without_markdown_are_shown_letter_by_letter(note: str) -> None:
    note = note.strip()
    letters = "".join(note.split())
    if letters[:1] not in {"#", "-", "+", ">", "=", "\x1c"} and "\n" not in note and not letters[:1].isdigit():
        html = to_html(note)
        for wrong, right in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&")):
            html = html.replace(wrong, right)
        inner = html.partition(">")[2].removesuffix("</p>")
        assert "".join(inner.split()) == letters


def test_plain_notes_need_no_markdown() -> None:
    code = (
        "import sys; from margent.ui.notehtml import to_html; to_html('Who pays? R&D, 3 < 4.\\nAnd: when?');"
        "sys.exit('markdown' in sys.modules or 'nh3' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
