"""The page shows exactly the document's text, and both conversions between code points and UTF-16 hold."""

from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from margent.document import Block, Document, Mark, canonical
from margent.ui.column import Column, cuts
from margent.ui.inline import pieces, touching
from margent.ui.page import Flow, Typography, page_text, reads_right_to_left, surrogate_pairs
from margent.ui.style import Style
from margent.ui.typesetter import Typesetter

ALPHABET = "abcdefgh ,.   \u00a0fiWÅé–Қазשלוםمرحبا中文日😀👩‍👩‍👧e\u0301\u2028\u200f\ufffc"


@pytest.fixture(scope="module")
def style(qapp: QApplication) -> Style:
    return Style(qapp, "light")


def words(newlines: bool = False) -> st.SearchStrategy[str]:
    return st.text(st.sampled_from(ALPHABET + ("\n" if newlines else "")), max_size=160).map(canonical)


def tables() -> st.SearchStrategy[str]:
    cell = st.text(st.sampled_from("abc  défשלום😀中"), max_size=12)
    row = st.lists(cell, min_size=1, max_size=4).map("\t".join)
    return st.lists(row, min_size=1, max_size=5).map("\n".join).map(canonical)


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    kind = draw(
        st.sampled_from(["paragraph", "heading", "item", "quotation", "code", "table", "picture", "footnote", "rule"])
    )
    if kind == "rule":
        return Block("rule")
    text = draw(tables() if kind == "table" else words(newlines=True))
    return Block(
        kind,
        text,
        level=draw(st.integers(1, 6)) if kind == "heading" else draw(st.integers(0, 3)),
        quote=draw(st.integers(0, 2)),
        ordered=draw(st.booleans()),
        number=draw(st.integers(0, 12)),
        checked=draw(st.sampled_from([None, True, False])),
        target=draw(st.sampled_from(["", "1", "key"])),
        heading_row=draw(st.booleans()),
    )


def column_of(style: Style, document: Document, width: int = 420) -> Column:
    setter = Typesetter(style, Typography())
    setter.set_width(width)
    column = Column(setter)
    column.set_document(document)
    return column


@settings(max_examples=120, deadline=None)
@given(found=st.lists(blocks(), max_size=6))
def test_the_page_shows_the_text_of_the_document(style: Style, found: list[Block]) -> None:
    document = Document("", tuple(found))
    column = column_of(style, document)
    shown = page_text([column.strip(number) for number in range(len(column))], document.text)
    assert shown == document.text.replace("\u2028", "\n")


@settings(max_examples=120, deadline=None)
@given(text=words(newlines=True), start=st.integers(0, 1000))
def test_code_points_and_utf16_units_convert_both_ways(style: Style, text: str, start: int) -> None:
    flow = Flow(text, start, style.text_font(18))
    for index in range(len(text) + 1):
        units = len(text[:index].encode("utf-16-le")) // 2
        assert flow.units(start + index) == units
        assert flow.position(units) == start + index
        if index < len(text) and text[index] > "\uffff":
            assert flow.position(units + 1) == start + index


def cluster(flow: Flow, position: int) -> tuple[int, int]:
    """The character as a reader sees it, marks and joiners included, around a code point."""
    first, last = position, position + 1
    while first > flow.start and not flow.layout.isValidCursorPosition(flow.units(first)):
        first -= 1
    while last < flow.end and not flow.layout.isValidCursorPosition(flow.units(last)):
        last += 1
    return first, last


@settings(max_examples=120, deadline=None)
@given(found=st.lists(blocks(), min_size=1, max_size=4), data=st.data())
def test_a_caret_comes_back_from_where_it_stands(style: Style, found: list[Block], data: st.DataObject) -> None:
    document = Document("", tuple(found))
    column = column_of(style, document)
    position = data.draw(st.integers(0, len(document.text)))
    strip = column.strip(column.number_at(position))
    flow = strip.flow_of(position)
    assert flow.start <= position <= flow.end
    rect = strip.caret(position)
    assert strip.top <= rect.top() < strip.height
    back = flow.position_near(flow.line_at(rect.center().y()), rect.x())
    assert strip.caret(back).top() == rect.top()
    if not flow.bidi:
        # Characters without width of their own (joiners, separators) share a place.
        assert abs(strip.caret(back).x() - rect.x()) < 0.5


@settings(max_examples=120, deadline=None)
@given(found=st.lists(blocks(), min_size=1, max_size=4), data=st.data())
def test_a_character_is_found_where_it_is_drawn(style: Style, found: list[Block], data: st.DataObject) -> None:
    document = Document("", tuple(found))
    column = column_of(style, document)
    letters = [n for n, character in enumerate(document.text) if character.isalnum()]
    if not letters:
        return
    position = data.draw(st.sampled_from(letters))
    strip = column.strip(column.number_at(position))
    flow = strip.flow_of(position)
    first, last = cluster(flow, position)
    rects = strip.rects(first, last)
    assert rects, "a letter is drawn somewhere"
    middle = rects[0].center()
    assert flow.y <= middle.y() < strip.height
    # In text of both directions Qt gives a ligature (ff, ffi) as one box for each of its letters.
    slack = 2 if flow.bidi else 0
    assert first - slack <= flow.character_at(middle.x(), middle.y()) < last + slack


@settings(max_examples=60, deadline=None)
@given(found=st.lists(blocks(), min_size=1, max_size=4), data=st.data())
def test_rects_of_a_span_are_those_of_its_parts(style: Style, found: list[Block], data: st.DataObject) -> None:
    document = Document("", tuple(found))
    column = column_of(style, document)
    strip = column.strip(data.draw(st.integers(0, len(column) - 1)))
    whole = sum(rect.width() for rect in strip.rects(strip.start, strip.end))
    edges = sorted(
        {strip.start, strip.end, *(cluster(strip.flow_of(p), p)[0] for p in range(strip.start, strip.end, 7))}
    )
    parts = sum(rect.width() for a, b in pairwise(edges) for rect in strip.rects(a, b))
    assert parts == pytest.approx(whole, abs=0.6 * len(edges) + 0.02 * whole)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", False), ("abc שלום", False), ("שלום abc", True), ("12 – مرحبا", True), ("“Қазақ”", False), ("123", False)],
)
def test_direction_comes_from_the_first_letter(text: str, expected: bool) -> None:
    assert reads_right_to_left(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"), [("abc", []), ("é中", []), ("😀", [0]), ("a😀b😀", [1, 4]), ("😀😀", [0, 2])]
)
def test_surrogate_pairs_are_where_utf16_has_them(text: str, expected: list[int]) -> None:
    assert surrogate_pairs(text) == expected


def test_pieces_cut_overlapping_marks() -> None:
    marks = [(0, 6, "strong"), (4, 9, "link"), (4, 9, "emphasis"), (20, 30, "code")]
    found = [(first, last, sorted(kinds)) for first, last, kinds in pieces(marks, 2, 12)]
    assert found == [
        (2, 4, ["strong"]),
        (4, 6, ["emphasis", "link", "strong"]),
        (6, 9, ["emphasis", "link"]),
        (9, 12, []),
    ]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(0, 10, [(0, 5), (8, 12)]), (5, 8, []), (5, 9, [(8, 12)]), (4, 5, [(0, 5)]), (12, 20, []), (30, 40, [])],
)
def test_touching_spans(start: int, end: int, expected: list[tuple[int, int]]) -> None:
    assert list(touching([(0, 5), (8, 12), (20, 30)], start, end)) == expected


def test_a_line_holds_about_the_measure(style: Style) -> None:
    prose = "The European Union is preparing to put its relations with Kazakhstan on a higher footing. " * 20
    for measure in (45, 66, 90):
        setter = Typesetter(style, Typography(measure=measure))
        column = Column(setter)
        column.set_document(Document("", (Block("paragraph", prose),)))
        lines = column.strip(0).flows[0].lines[:-1]
        average = sum(line.last - line.first for line in lines) / len(lines)
        assert measure - 6 <= average <= measure + 3


def test_the_text_of_both_directions_stands_at_its_own_side(style: Style) -> None:
    document = Document("", (Block("paragraph", "left"), Block("paragraph", "שלום")))
    column = column_of(style, document, width=400)
    (left,), (right,) = (column.strip(n).rects(*document.span_of(n)) for n in (0, 1))
    assert left.left() == 0
    assert right.right() == pytest.approx(400, abs=1)


@pytest.mark.parametrize(
    ("title", "meta", "right"),
    [
        ("Title", "430 words", False),
        ("שלום", "430 words", True),
        ("שלום", "430 מילים של שלום", True),
        ("Title", "שלום", False),
    ],
)
def test_the_line_of_facts_stands_where_the_heading_begins(style: Style, title: str, meta: str, right: bool) -> None:
    setter = Typesetter(style, Typography())
    setter.set_width(400)
    document = Document("", (Block("heading", title, level=1),))
    strip = setter.strip(document, 0, 0, len(title), dict, meta)
    assert strip.meta is not None
    line = strip.meta.layout.lineAt(0).naturalTextRect()
    assert line.right() == pytest.approx(400, abs=1) if right else line.left() == 0


def test_a_long_listing_is_cut_into_strips_without_losing_a_line(style: Style) -> None:
    text = "\n".join(f"line {n}" for n in range(401))
    document = Document("", (Block("code", text), Block("paragraph", "after")))
    column = column_of(style, document)
    assert len(column) == 12
    assert page_text([column.strip(number) for number in range(len(column))], document.text) == document.text
    assert [column.number_at(document.text.index(f"line {n}\n")) for n in (0, 39, 40, 399)] == [0, 0, 1, 9]
    assert column.number_at(document.starts[1]) == 11


def test_guessed_heights_are_near_the_real_ones(style: Style) -> None:
    prose = "The European Union is preparing to put its relations with Kazakhstan on a higher footing. " * 6
    blocks = [Block("paragraph", prose[: 90 * (1 + n % 6)]) for n in range(60)]
    column = column_of(style, Document("", tuple(blocks)), width=570)
    guessed = column.height
    for number in range(len(column)):
        column.strip(number)
    assert guessed == pytest.approx(column.height, rel=0.08)


@pytest.mark.parametrize("kind", ["paragraph", "item", "code"])
def test_an_endless_block_is_laid_out_in_parts(style: Style, kind: str) -> None:
    text = " ".join(f"word{n}" for n in range(20_000))
    document = Document("", (Block("paragraph", "before"), Block(kind, text, level=1), Block("paragraph", "after")))  # type: ignore[arg-type]
    column = column_of(style, document)
    strips = [column.strip(number) for number in range(len(column))]
    assert page_text(strips, document.text) == document.text
    assert max(strip.end - strip.start for strip in strips) < 13_000
    assert sum(bool(strip.top) for strip in strips) == 3, "room above blocks, not above their parts"
    assert sum(len(strip.shapes) for strip in strips[1:-1]) == {"paragraph": 0, "item": 1}.get(kind, len(strips) - 2)
    position = document.text.index("word15000 ")
    number = column.number_at(position)
    assert strips[number].start <= position <= strips[number].end


def test_text_that_cannot_be_cut_stays_whole() -> None:
    assert cuts(Block("paragraph", "中" * 40_000)) == []
    assert cuts(Block("paragraph", "x" * 30_000 + " " + "y" * 30_000)) == [30_001]
    assert cuts(Block("paragraph", "short enough")) == []


def test_marks_of_a_part_are_found_wherever_they_begin(style: Style) -> None:
    text = " ".join(["word"] * 4000)
    marks = (Mark("strong", 0, len(text)), *(Mark("emphasis", n, n + 4) for n in range(0, len(text), 50)))
    document = Document("", (Block("paragraph", text, marks),))
    column = column_of(style, document)
    for number in range(len(column)):
        formats = column.strip(number).flows[0].layout.formats()
        assert all(piece.format.fontWeight() == 600 for piece in formats)
        assert any(piece.format.fontItalic() for piece in formats)
        assert sum(piece.length for piece in formats) == column.strip(number).end - column.strip(number).start


def test_data_without_a_space_is_laid_out_without_delay(style: Style) -> None:
    flow = Flow("T" * 300_000, 0, style.text_font(18))
    began = process_time()
    flow.lay(600, 28)
    assert process_time() - began < 3
    assert flow.lines[-1].last == 300_000
    assert max(line.right for line in flow.lines) <= 600
