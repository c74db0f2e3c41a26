"""What CommonMark makes of our Markdown has the same words, and plain sentences come out as they are."""

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from margent.brief import markdown
from margent.document import Block, Mark, canonical, sorted_marks

COMMONMARK = MarkdownIt("commonmark")
GITHUB = MarkdownIt("commonmark").enable(["table", "strikethrough"])


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.tags: list[str] = []

    def handle_data(self, data: str) -> None:
        self.out.append(data)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)
        if tag in {"br", "p", "li", "td", "th", "tr", "pre", "blockquote", "hr"}:
            self.out.append(" ")


def words(rendered: str) -> str:
    parser = _Words()
    parser.feed(rendered)
    parser.close()
    return " ".join("".join(parser.out).split())


def tags(rendered: str) -> list[str]:
    parser = _Words()
    parser.feed(rendered)
    return parser.tags


SIGNS = st.text(st.sampled_from([*list("ab1 \n*_[]()#+-.>|\\~`<&!=:;/\t\"'^{}$%@"), "é", "ж", "🌍", "ש", "“", " "]))
WORDY = st.lists(
    st.sampled_from(
        ["a", "*", "**", "_b_", "[x](y)", "![i](j)", "[r]: z", "# h", "> q", "- i", "1. n", "1) m", "```", "~~~",
         "~~s~~", "<b>", "</b>", "<!-- c -->", "&amp;", "&#35;", "a|b", "-|-", "---", "===", "\\", "`c`",
         "http://x.org/a_b",
         "snake_case", "\n", "\n\n", " ", "[ ] t", "[x] t", "[^1]", "[[w]]", "==m==", "+ p", "* r", "!", "<x@y.z>",
         "10."]
    ),
    max_size=14,
).map(" ".join)  # fmt: skip
TEXTS = st.one_of(SIGNS, WORDY, st.text()).map(canonical)


@pytest.mark.parametrize("parser", [COMMONMARK, GITHUB], ids=["commonmark", "github"])
@settings(max_examples=600, deadline=None)
@given(text=TEXTS)
@example(text="1. a\n- b\n# c\n> d\n---\n===\n\\")
@example(text="a\n-|-\nb")
@example(text="[a]: b")
@example(text="!")
@example(text="a*b_c*d_")
def test_a_quotation_has_the_words_of_its_text(parser: MarkdownIt, text: str) -> None:
    quoted = markdown.quotation([Block("quotation", text, quote=1)])
    rendered = parser.render(quoted)
    assert words(rendered) == " ".join(text.split())
    assert set(tags(rendered)) <= {"blockquote", "p", "br"}
    assert all(line.startswith(">") for line in quoted.split("\n") if quoted)


KINDS = st.sampled_from(["strong", "emphasis", "code", "link", "strike", "marked", "superscript"])


@st.composite
def marked(draw: st.DrawFn) -> Block:
    text = draw(TEXTS)
    spans = draw(st.lists(st.tuples(KINDS, st.integers(0, len(text)), st.integers(0, len(text))), max_size=4))
    marks = [
        Mark(kind, min(a, b), max(a, b), "https://example.org/a_(b)" if kind == "link" else "")  # type: ignore[arg-type]
        for kind, a, b in spans
    ]
    return Block("paragraph", text, sorted_marks(marks))


@pytest.mark.parametrize("parser", [COMMONMARK, GITHUB], ids=["commonmark", "github"])
@settings(max_examples=600, deadline=None)
@given(block=marked())
def test_marks_never_cost_a_word(parser: MarkdownIt, block: Block) -> None:
    if parser is COMMONMARK:
        # It has no strikes: there the signs are seen, which still says that the words were struck.
        block = block._replace(marks=tuple(mark for mark in block.marks if mark.kind != "strike"))
    assert words(parser.render(markdown.quotation([block]))) == " ".join(block.text.split())


LISTS = st.lists(
    st.builds(
        lambda text, level, ordered, quote: Block("item", text, level=level, ordered=ordered, quote=quote),
        st.sampled_from(["one", "two words", "# three", "4. four", "a_b*c", "five\nlines"]),
        st.integers(1, 4),
        st.booleans(),
        st.integers(0, 2),
    )
    | st.builds(
        lambda text, level: Block("paragraph", text, level=level), st.sampled_from(["p", "> q"]), st.integers(0, 3)
    )
    | st.builds(
        lambda text, level: Block("heading", text, level=level), st.sampled_from(["H", "# h *"]), st.integers(1, 6)
    ),
    max_size=7,
)


@settings(max_examples=400, deadline=None)
@given(parts=LISTS)
def test_lists_and_headings_keep_their_words(parts: list[Block]) -> None:
    rendered = COMMONMARK.render(markdown.quotation(parts))
    assert words(rendered) == " ".join(" ".join(part.text for part in parts).split())
    assert "<pre>" not in rendered


PLAIN = [
    "EU–Kazakhstan (2 of 3), 5 * 3 = 15, snake_case, #1 priority, a - b, U.S. & EU",
    "Is 3 < 4? Yes! See [annex] and {braces}; “quoted” text…",
    "The share was 12.5 % (2024) ~ 13 % later; Q&A follows: 1/2.",
    "Ministers said: “no”. – Then what? C# or C++ or $5 and €6.",
    "Қазақстан мен Еуропа: әріптестік туралы_келісім.",
    "2024 was a year. 10,000 people; v1.2.3 | not a table",
    "-5 degrees, +3 points, 1.5 million, >4 is wrong only at the start"[1:],
]


@pytest.mark.parametrize("text", PLAIN)
def test_plain_sentences_are_not_escaped(text: str) -> None:
    assert markdown.escape(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("# x", "\\# x"),
        ("1. x", "1\\. x"),
        ("- x", "\\- x"),
        ("> x", "\\> x"),
        ("*x*", "\\*x\\*"),
        ("a `b`", "a \\`b\\`"),
        ("<b>", "&lt;b>"),
        ("&amp;", "&amp;amp;"),
        ("[a](b)", "\\[a\\](b)"),
        ("a\nb", "a\\\nb"),
    ],
)
def test_what_would_mean_something_is_escaped(text: str, written: str) -> None:
    assert markdown.escape(text) == written


def test_marks_are_written_where_they_can_be() -> None:
    text = "A strong word, an emphatic one, code and a link."
    marks = tuple(
        Mark(kind, text.index(word), text.index(word) + len(word), target)
        for kind, word, target in (
            ("strong", "strong word", ""),
            ("emphasis", "emphatic", ""),
            ("code", "code", ""),
            ("link", "a link", "https://example.org/"),
        )
    )
    assert markdown.inline(Block("paragraph", text, sorted_marks(marks))) == (  # type: ignore[arg-type]
        "A **strong word**, an *emphatic* one, `code` and [a link](https://example.org/)."
    )


def test_tables_lists_and_code_stay_whole_in_a_quotation() -> None:
    parts = [
        Block("paragraph", "Before"),
        Block("item", "one", level=1),
        Block("item", "inner", level=2),
        Block("item", "two", level=1, ordered=True, number=3),
        Block("table", "a\tb|c\n1\t2", heading_row=True, align=("left", "right")),
        Block("code", "x = 1\n```\n", target="python"),
    ]
    text = markdown.quotation(parts)
    assert "> - one\n>     - inner\n> 3. two" in text
    assert "> | a | b\\|c |\n> | --- | --: |\n> | 1 | 2 |" in text
    rendered = GITHUB.render(text)
    assert rendered.count("<table>") == 1
    assert html.unescape(re.search(r"<code[^>]*>(.*?)</code>", rendered, re.DOTALL)[1]) == "x = 1\n```\n\n"  # type: ignore[index]


NOTES = [
    ("# Heading", "**Heading**"),
    ("Setext\n---\nmore", "Setext\n\\---\nmore"),
    ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
    ("`<b>` stays", "`<b>` stays"),
    ("```\nopen <b>", "```\nopen <b>\n```"),
    ("[x]: http://y", "\\[x]: http://y"),
    ("plain *emphasis* and **strong**", "plain *emphasis* and **strong**"),
    ("- a\n- b", "- a\n- b"),
]


@pytest.mark.parametrize(("typed", "written"), NOTES)
def test_notes_keep_their_markdown_but_not_its_power(typed: str, written: str) -> None:
    assert markdown.note(typed) == written


@settings(max_examples=500, deadline=None)
@given(typed=st.one_of(WORDY, SIGNS, st.text()).map(canonical))
@example(typed="~~~ x\n<b>")
@example(typed="<!-- never closed")
@example(typed="<div>\n\n")
@example(typed="```")
def test_a_note_never_swallows_what_follows(typed: str) -> None:
    document = f"{markdown.note(typed)}\n\n<!-- end -->\n\nAFTER\n\n> QUOTE\n"
    rendered = COMMONMARK.render(document)
    assert rendered.rstrip().endswith("<p>AFTER</p>\n<blockquote>\n<p>QUOTE</p>\n</blockquote>")
    assert not {"h1", "h2", "h3", "script", "b", "div"} & set(tags(rendered))
