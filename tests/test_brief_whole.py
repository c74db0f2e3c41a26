"""In the whole document the signs stand around the words that were highlighted, and cost none of them."""

import html
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from margent.annotations import Annotation
from margent.brief.points import Point
from margent.brief.whole import whole
from margent.document import Block, Document, Mark, canonical, sorted_marks

COMMONMARK = MarkdownIt("commonmark")
GITHUB = MarkdownIt("commonmark").enable(["table", "strikethrough"])
TIME = datetime(2026, 11, 2, tzinfo=UTC)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []

    def handle_data(self, data: str) -> None:
        self.out.append(data)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in {"br", "p", "li", "td", "th", "tr", "pre", "blockquote", "h1", "h2"}:
            self.out.append(" ")


def words(rendered: str) -> str:
    parser = _Words()
    parser.feed(rendered)
    parser.close()
    return " ".join("".join(parser.out).split())


def point(start: int, end: int, document: Document) -> Point:
    return Point(
        Annotation(
            id=f"{start:04x}{end:04x}", document="d", revision="r", start=start, end=end,
            exact=document.text[start:end], created=TIME, modified=TIME,
        ),
        (),
    )  # fmt: skip


def marked(document: Document, *spans: tuple[int, int]) -> str:
    return "\n\n".join(part.text for part in whole(document, [point(*span, document) for span in spans], "").parts)


def paragraph(text: str, *marks: tuple[str, str]) -> Document:
    found = [Mark(kind, text.index(part), text.index(part) + len(part), "https://x.org") for kind, part in marks]  # type: ignore[arg-type]
    return Document("T", (Block("paragraph", text, sorted_marks(found)),))


CASES = [
    ("plain words here", [], ["words"], "plain ==words== here"),
    ("plain words here", [], ["plain w", "words"], "==plain words== here"),
    ("plain words here", [], ["plain", " words "], "==plain words== here"),
    ("plain words here", [], [" words "], "plain ==words== here"),
    ("a “quoted” word", [], ["“quoted”"], "a ==“quoted”== word"),
    ("the end.", [], ["end."], "the ==end.=="),
    ("two\nlines here", [], ["two\nlines"], "==two==\\\n==lines== here"),
    ("a strong word", [("strong", "strong word")], ["strong"], "a ==**strong**== **word**"),
    ("a strong word", [("strong", "strong word")], ["a strong"], "==a **strong**== **word**"),
    ("a strong word", [("strong", "a strong word")], ["strong"], "**a ==strong== word**"),
    ("a strong word", [("strong", "strong")], ["a strong word"], "==a **strong** word=="),
    ("a strong word", [("strong", "a strong")], ["strong word"], "**a** ==**strong** word=="),
    ("a code span", [("code", "code span")], ["span"], "a `code` ==`span`=="),
    ("a code span", [("code", "code span")], ["code span"], "a ==`code span`=="),
    ("a link there", [("link", "link there")], ["there"], "a [link](https://x.org) ==[there](https://x.org)=="),
    ("a link there", [("link", "a link there")], ["link"], "[a ==link== there](https://x.org)"),
    ("if a == b and c == d", [], ["b and c"], "if a == ==b and c== == d"),
    ("if a==b and c==d", [], ["and"], "if a\\=\\=b ==and== c\\=\\=d"),
    ("x = y", [], ["= y"], "x ==\\= y=="),
    ("a\\b", [], ["a\\"], "==a\\\\==b"),
    ("🌍 earth 🌍", [], ["earth"], "🌍 ==earth== 🌍"),
    ("שלום עולם", [], ["עולם"], "שלום ==עולם=="),
]


@pytest.mark.parametrize(("text", "marks", "quoted", "written"), CASES)
def test_signs_stand_on_the_words(text: str, marks: list[tuple[str, str]], quoted: list[str], written: str) -> None:
    document = paragraph(text, *marks)
    spans = [(text.index(part), text.index(part) + len(part)) for part in quoted]
    assert marked(document, *spans) == written


def test_highlights_across_blocks_lists_and_cells_are_signed_in_each() -> None:
    document = Document(
        "T",
        (
            Block("heading", "One thing", level=2),
            Block("item", "first", level=1),
            Block("item", "second", level=2),
            Block("table", "a b\tc\nd\te", heading_row=True),
            Block("code", "x = 1"),
            Block("paragraph", "last"),
        ),
    )
    assert marked(document, (4, len(document.text))) == (
        "## One ==thing==\n\n- ==first==\n    - ==second==\n\n"
        "| ==a b== | ==c== |\n| --- | --- |\n| ==d== | ==e== |\n\n```\nx = 1\n```\n\n==last=="
    )


def test_notes_wait_for_the_end_of_a_list_or_quotation() -> None:
    document = Document(
        "T",
        (
            Block("item", "one", level=1),
            Block("item", "two", level=1),
            Block("paragraph", "still two", level=1),
            Block("quotation", "q", quote=1),
            Block("quotation", "r", quote=1),
            Block("paragraph", "end"),
        ),
    )
    spans = [(0, 3), document.span_of(3), document.span_of(5)]
    parts = whole(document, [point(*span, document) for span in spans], "").parts
    assert [(part.text, len(part.points)) for part in parts] == [
        ("- ==one==\n- two\n\n    still two", 1),
        ("> ==q==\n>\n> r", 1),
        ("==end==", 1),
    ]


FOOTED = Document(
    "T",
    (
        Block("paragraph", "Known1 and twice2.", (Mark("noteref", 5, 6, "1"), Mark("noteref", 16, 17, "n2"))),
        Block("footnote", "Ibid.", target="1"),
        Block("footnote", "Two words", target="n2"),
        Block("footnote", "Nobody asks", target="3"),
        Block("footnote", "The same again", target="1"),
    ),
)


def test_footnotes_are_referred_to_and_none_is_lost() -> None:
    text = marked(FOOTED, (0, 5))
    assert text == (
        "==Known==[^1] and twice[^n2].\n\n[^1]: Ibid. <!-- -->\n\n[^n2]: Two words\n\nNobody asks\n\nThe same again"
    )
    for said in ("Ibid.", "Two words", "Nobody asks", "The same again"):
        assert said in COMMONMARK.render(text)


@pytest.mark.parametrize("span", [(5, 6), (0, 6), (3, 8)])
def test_a_reference_is_highlighted_whole_or_not_at_all(span: tuple[int, int]) -> None:
    text = marked(FOOTED, span).split("\n")[0]
    assert re.sub("==", "", text) == "Known[^1] and twice[^n2]."
    assert "==[^1]==" in text or "[^1]" in re.findall("==(.*?)==", text)[0]


def test_the_title_is_marked_in_its_place_and_written_once() -> None:
    document = Document("A title", (Block("heading", "A title", level=1), Block("paragraph", "Text")))
    made = whole(document, [point(2, 7, document)], "A  title")
    assert made.title == "A ==title=="
    assert [(part.text, len(part.points)) for part in made.parts] == [("", 1), ("Text", 0)]
    assert whole(document, [], "Another").title == ""
    assert whole(document, [], "Another").parts[0].text == "# A title\n\nText"


def test_points_that_no_sign_shows_are_named() -> None:
    document = Document("T", (Block("code", "x = 1"), Block("paragraph", "y")))
    points = [point(0, 5, document), point(0, 7, document), point(6, 7, document)]
    assert whole(document, points, "").unmarked == {points[0].annotation.id}


def test_characters_for_private_use_are_words_like_others() -> None:
    assert marked(paragraph("a \ue000 b \ue001 c"), (4, 5)) == "a \ue000 ==b== \ue001 c"


SIGNS = st.text(st.sampled_from([*list("ab1 \n*_[]()#+-.>|\\~`<&!:/\t\"'^{}$%@"), "é", "ж", "🌍", "ש", "“", "\ue000"]))
KINDS = st.sampled_from(["strong", "emphasis", "code", "link", "strike", "noteref"])


@st.composite
def highlighted(draw: st.DrawFn, *, kinds: st.SearchStrategy[str] = KINDS) -> tuple[Document, list[tuple[int, int]]]:
    text = canonical(draw(SIGNS)).strip()
    marks = []
    for kind, a, b in draw(
        st.lists(st.tuples(kinds, st.integers(0, len(text)), st.integers(0, len(text))), max_size=3)
    ):
        marks.append(Mark(kind, min(a, b), max(a, b), "https://example.org/a" if kind == "link" else ""))  # type: ignore[arg-type]
    document = Document("T", (Block("paragraph", text, sorted_marks(marks)), Block("paragraph", "after")))
    spans = draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))), max_size=3))
    return document, [(min(span), max(span)) for span in spans if len(set(span)) == 2]


def signed(document: Document, spans: list[tuple[int, int]]) -> str:
    """The highlighted words of the first paragraph, in order, without white space."""
    text = document.blocks[0].text
    inside = [any(start <= place < end for start, end in spans) for place in range(len(text))]
    return "".join(char for char, flag in zip(text, inside, strict=True) if flag and not char.isspace())


@pytest.mark.parametrize("parser", [COMMONMARK, GITHUB], ids=["commonmark", "github"])
@settings(max_examples=500, deadline=None)
@given(made=highlighted(kinds=st.sampled_from(["strong", "emphasis", "code", "link"])))
@example(made=(Document("T", (Block("paragraph", "*a*"), Block("paragraph", "after"))), [(0, 1), (2, 3)]))
def test_every_word_is_there_and_just_the_highlighted_ones_between_signs(
    parser: MarkdownIt, made: tuple[Document, list[tuple[int, int]]]
) -> None:
    document, spans = made
    shown = words(parser.render(marked(document, *spans)))
    assert "".join(shown.replace("==", "").split()) == "".join(document.text.split())
    between = "".join(shown.split("==")[1::2])
    assert "".join(between.split()) == signed(document, spans)


@settings(max_examples=200, deadline=None)
@given(made=highlighted())
def test_no_combination_of_marks_fails_or_leaves_a_stand_in(made: tuple[Document, list[tuple[int, int]]]) -> None:
    document, spans = made
    text = marked(document, *spans)
    assert not re.search("[\ufdd0-\ufdef]", text)
    assert html.unescape(COMMONMARK.render(text)).count("after") == 1
