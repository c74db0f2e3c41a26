import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.document import Block, Document, Mark, canonical, cut, sorted_marks

TEXT = st.text(st.characters(exclude_characters="\n"), max_size=12)
BLOCKS = st.lists(st.builds(Block, st.sampled_from(["paragraph", "item"]), TEXT), max_size=8)


@given(BLOCKS)
def test_the_text_is_the_blocks_with_a_newline_between(blocks: list[Block]) -> None:
    document = Document("T", tuple(blocks))
    assert document.text == "\n".join(block.text for block in blocks)
    for index, block in enumerate(blocks):
        start, end = document.span_of(index)
        assert document.text[start:end] == block.text
        assert document.starts[index] == start


@given(BLOCKS.filter(bool))
def test_each_position_belongs_to_the_block_it_stands_in_its_end_included(blocks: list[Block]) -> None:
    document = Document("T", tuple(blocks))
    for index in range(len(blocks)):
        start, end = document.span_of(index)
        assert {document.block_at(position) for position in range(start, end + 1)} == {index}


def test_an_empty_document_has_no_text_and_no_words() -> None:
    document = Document("T", ())
    assert (document.text, document.starts, document.words(), document.block_at(0)) == ("", (), 0, 0)
    assert document.section_at(0) == ()


def brief() -> Document:
    return Document(
        "T",
        (
            Block("paragraph", "Before"),
            Block("heading", "One", level=1),
            Block("paragraph", "Text"),
            Block("heading", "One A", level=3),
            Block("paragraph", "Text"),
            Block("heading", "One B", level=2),
            Block("paragraph", "Text"),
            Block("heading", "Two", level=1),
            Block("paragraph", "Text 🎉"),
        ),
    )


@pytest.mark.parametrize(
    ("block", "section"),
    [
        (0, ()),
        (1, ("One",)),
        (2, ("One",)),
        (4, ("One", "One A")),
        (5, ("One", "One B")),
        (6, ("One", "One B")),
        (8, ("Two",)),
    ],
)
def test_a_position_stands_under_its_headings_outermost_first(block: int, section: tuple[str, ...]) -> None:
    start, end = brief().span_of(block)
    assert brief().section_at(start) == section
    assert brief().section_at(end) == section


def test_headings_come_with_their_places() -> None:
    assert [(index, block.text) for index, block in brief().headings()] == [
        (1, "One"),
        (3, "One A"),
        (5, "One B"),
        (7, "Two"),
    ]


def test_words_are_what_stands_between_white_space() -> None:
    assert Document("T", (Block("paragraph", "one  two\nthree"), Block("table", "a\tb\nc\td"))).words() == 7


def test_a_table_gives_its_rows_and_cells() -> None:
    assert Block("table", "a\tb c\n\td").rows() == [["a", "b c"], ["", "d"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("e\u0301", "é"),
        ("a\x00b\x07c\x1bd\x7f\x85e", "abcde"),
        ("tab\tstays, no-break\xa0stays", "tab\tstays, no-break\xa0stays"),
        ("\ufdd0a\ufdefb\ufffec\uffffd", "abcd"),
        ("a\ud800b", "ab"),
        ("🎉 סלאם \u200f\u200d", "🎉 סלאם \u200f\u200d"),
        ("e\x00\u0301", "é"),
    ],
)
def test_canonical_text_is_composed_and_can_be_stored(text: str, expected: str) -> None:
    assert canonical(text) == expected


@given(st.text(st.characters(codec=None)))
def test_canonical_text_stays_as_it_is(text: str) -> None:
    clean = canonical(text)
    assert canonical(clean) == clean
    assert unicodedata.is_normalized("NFC", clean)
    clean.encode("utf-8")


MARKS = (Mark("strong", 0, 4), Mark("link", 2, 8, "https://a.org"), Mark("emphasis", 6, 8))


@pytest.mark.parametrize(
    ("start", "end", "text", "marks"),
    [
        (0, 8, "one two.", MARKS),
        (0, 3, "one", (Mark("strong", 0, 3), Mark("link", 2, 3, "https://a.org"))),
        (4, 7, "two", (Mark("link", 0, 3, "https://a.org"), Mark("emphasis", 2, 3))),
        (3, 3, "", ()),
    ],
)
def test_a_cut_block_keeps_the_marks_of_its_words(start: int, end: int, text: str, marks: tuple[Mark, ...]) -> None:
    block = Block("item", "one two.", MARKS, level=2, ordered=True, number=4)
    assert cut(block, start, end) == block._replace(text=text, marks=marks)


def test_marks_are_in_order_the_longer_first_and_none_is_empty() -> None:
    assert sorted_marks([Mark("code", 3, 3), Mark("code", 2, 3), Mark("link", 0, 2), Mark("strong", 0, 5)]) == (
        Mark("strong", 0, 5),
        Mark("link", 0, 2),
        Mark("code", 2, 3),
    )


def test_tells_the_page_a_position_stands_on() -> None:
    document = Document(title="t", blocks=(Block("paragraph", "abcdef"),), pages=((0, "iv"), (3, "1")))
    assert [document.page_at(position) for position in (0, 2, 3, 6)] == ["iv", "iv", "1", "1"]
    assert Document(title="t", blocks=(Block("paragraph", "abc"),)).page_at(1) == ""
