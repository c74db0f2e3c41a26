"""What a row of the notes list says: plain previews, kinds and times in words, orphans under their heading."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from margent.annotations import Annotation, Theme
from margent.ui.noterows import ORPHANS, NotesDelegate, NotesModel, author_name, kind_name, note_rows, plain
from margent.ui.rows import KEY
from margent.ui.style import Style


def an(key: str = "a", **values: Any) -> Annotation:
    return Annotation(**{"id": key, "document": "d", "revision": "r", "start": 0, "end": 1, "exact": "words", **values})


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        ("", ""),
        ("Plain words.", "Plain words."),
        ("Two\n\nparagraphs", "Two paragraphs"),
        ("**Bold** and *slanted* and ***both***", "Bold and slanted and both"),
        ("__Bold__ and _slanted_", "Bold and slanted"),
        ("~~gone~~ `code`", "gone code"),
        ("# Title\n\n- one\n- [ ] two\n> quoted", "Title one two quoted"),
        ("See [the agreement](https://example.org/a_b_c) first", "See the agreement first"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ("well-known - and so on", "well-known - and so on"),
        ("a # b > c", "a # b > c"),
    ],
)
def test_a_note_is_previewed_without_its_marks(note: str, shown: str) -> None:
    assert plain(note) == shown


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Highlight"),
        ({"style": "underline"}, "Underline"),
        ({"note": "x"}, "Note"),
        ({"note": "x", "style": "underline"}, "Note"),
        ({"kind": "question"}, "Question"),
        ({"kind": "question", "done": True}, "Question, answered"),
        ({"kind": "action", "note": "x"}, "Action"),
        ({"kind": "action", "done": True}, "Action, done"),
        ({"kind": "position"}, "Position"),
    ],
)
def test_kind_and_state_are_words(qapp: QApplication, values: dict[str, Any], said: str) -> None:
    assert kind_name(an(**values)) == said


@pytest.mark.parametrize(("author", "said"), [("", "You"), ("Me", "You"), ("A. Novak", "A. Novak")])
def test_the_reader_is_you(qapp: QApplication, author: str, said: str) -> None:
    assert author_name(an(author=author), "Me") == said


def a_model(*annotations: Annotation) -> NotesModel:
    model = NotesModel("Me")
    model.themes = {"e": Theme(id="e", name="Energy")}
    replies = {"a": [an("r", parent="a")]}
    model.put(list(note_rows(annotations, replies, model)))
    return model


def test_the_small_line_names_everything_in_order(qapp: QApplication) -> None:
    model = a_model(an(kind="action", private=True, state="moved", themes=("e", "gone"), author="A. Novak"))
    row = model.value(model.index(0, 0))
    assert model.what(row).startswith("Action · Words changed · Private · Energy · A. Novak · 1 repl")
    assert model.line(row).startswith(model.what(row) + " · ")


def test_a_screen_reader_hears_words_and_then_what_they_are(qapp: QApplication) -> None:
    model = a_model(an(note="Ask **who** pays", colour="pink", state="orphaned"))
    assert model.keys() == [ORPHANS, "a"]
    index = model.index(1, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "words. Ask who pays"
    assert index.data(Qt.ItemDataRole.AccessibleDescriptionRole).startswith("Pink, No longer in the text, Note, You")
    assert index.data(KEY) == "a"
    assert index.data(Qt.ItemDataRole.ToolTipRole).endswith("words\nAsk **who** pays")


def test_orphans_stand_under_a_heading_that_cannot_be_chosen(qapp: QApplication) -> None:
    model = a_model(an("x"), an("y", state="orphaned"), an("z", state="orphaned"))
    assert model.keys() == ["x", ORPHANS, "y", "z"]
    heading = model.index_of(ORPHANS)
    assert heading.data() == "No longer in the text"
    assert model.flags(heading) == Qt.ItemFlag.NoItemFlags
    assert model.flags(model.index_of("y")) & Qt.ItemFlag.ItemIsSelectable


def test_rows_are_made_once_for_each_state_of_an_annotation(qapp: QApplication) -> None:
    first, second = an("x", note="one"), an("y", note="two")
    model = a_model(first, second)
    before = list(model.values())
    model.put(list(note_rows([first, an("y", note="three")], {}, model)))
    after = list(model.values())
    assert after[0] is before[0]
    assert after[1].note == "three"


@pytest.mark.parametrize(
    ("prefix", "suffix", "said"),
    [
        ("", "", ""),
        ("Before it.\n", " After", "…Before it. […] After…"),
        ("word " * 30, "", "…" + "word " * 12 + "[…]"),
    ],
)
def test_words_that_are_gone_keep_what_stood_around_them(
    qapp: QApplication, prefix: str, suffix: str, said: str
) -> None:
    value = an("x", state="orphaned", prefix=prefix, suffix=suffix, note="a note")
    model = a_model(value)
    row = model.get("x")
    assert row is not None
    assert row.around == said
    index = model.index_of("x")
    assert said in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said in index.data(Qt.ItemDataRole.ToolTipRole)


def test_what_stood_around_has_room_of_its_own(qapp: QApplication) -> None:
    delegate = NotesDelegate(Style(qapp, "light"))
    bare, framed = an("x", state="orphaned"), an("y", state="orphaned", prefix="Before", suffix="after")
    model = a_model(bare, framed)
    _, low, high = delegate.heights(model, 240)
    assert high > low


def test_a_conversation_that_was_closed_says_so(qapp: QApplication) -> None:
    model = a_model(an("x", done=True), an("y", kind="question", done=True))
    assert "✓ Resolved" in model.line(model.value(model.index_of("x")))
    assert "Resolved" not in model.line(model.value(model.index_of("y")))
