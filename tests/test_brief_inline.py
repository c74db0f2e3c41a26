"""What CommonMark makes of a line has the same words wherever it stands, and plain sentences come out as they are."""

import html
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from margent.brief.inline import Place, inline
from margent.brief.links import destination
from margent.document import Mark, sorted_marks

GITHUB = MarkdownIt("commonmark").enable(["table", "strikethrough"])
ADDRESS = "https://example.org/a_(b)?c=1&copy;d"
PLACES: dict[Place, str] = {
    "block": "{}",
    "item": "- {}",
    "heading": "## {}",
    "phrase": "see {}",
    "cell": "| {} |\n|-|",
}
SIGNS = st.sampled_from(
    [
        *"*_[]()#+-1.>|\\~`<&!={}$%:;@^/'\" \n\tabАбא🌍“é\u00a0\u200d\u0301",
        *("**", "__", "~~", "==", "---", "```", "$$", "%%", "http://x.y", "<b>", "&amp;", "![", "\\\n"),
        *("1. ", "- ", "> ", "# ", "[x] ", "[a]: b"),
    ]
)
TEXTS = st.lists(SIGNS, max_size=14).map("".join)
KINDS = st.sampled_from(
    ["strong", "emphasis", "strike", "code", "link", "superscript", "subscript", "underline", "marked"]
)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, tuple[Mark, ...]]:
    text = draw(TEXTS)
    at = st.integers(0, len(text))
    spans = draw(st.lists(st.tuples(KINDS, at, at), max_size=5))
    return text, sorted_marks(Mark(kind, min(a, b), max(a, b), ADDRESS) for kind, a, b in spans)


def words(rendered: str) -> str:
    broken = re.sub(r"<br ?/?>", " ", rendered)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", broken)).split())


@pytest.mark.parametrize("place", PLACES)
@settings(max_examples=400, deadline=None)
@given(line=marked())
@example(line=("_*\n___", ()))
@example(line=("_\n*_", ()))
@example(line=("\\\n\u00a0", ()))
@example(line=("**", (Mark("superscript", 0, 1),)))
@example(line=("http://x.y", (Mark("strike", 0, 3), Mark("strong", 0, 3))))
@example(line=("***", (Mark("strong", 0, 3), Mark("emphasis", 0, 1), Mark("emphasis", 2, 3))))
@example(line=("*****[a]: b", (Mark("link", 0, 11, ADDRESS), Mark("code", 6, 11))))
def test_a_line_has_the_words_of_its_text(place: Place, line: tuple[str, tuple[Mark, ...]]) -> None:
    text, marks = line
    written = PLACES[place].format(inline(text, marks, place=place))
    expected = f"see {text}" if place == "phrase" else text
    assert words(GITHUB.render(written)) == " ".join(expected.split()), written


PLAIN = [
    "EU–Kazakhstan (2 of 3), 5 * 3 = 15, snake_case, #1 priority, a - b, U.S. & EU",
    "Is 3 < 4? Yes! See [annex] and {braces}; “quoted” text…",
    "The share was 12.5 % (2024) ~ 13 % later; Q&A follows: 1/2.",
    "Ministers said: “no”. – Then what? C# or C++ or $5 and €6.",
    "Қазақстан мен Еуропа: әріптестік туралы_келісім.",
    "مرحبا بالعالم (2) 🌍!",
    "2024 was a year. 10,000 people; v1.2.3 | not a table",
    "-5 degrees, +3 points, 50%, x^2 + y^2, 5'10\"",
    "a footnote* applies, AT&T, R&D, it costs US$5 to US$7bn",
    "[2] says (see below), C:\\Users\\ana, from ~5 to ~10",
    "See http://x.org/a_b_c?d=1&e=2 or write to a_b@c.org",
    "(a) first; (b) second",
    "{braces} first, !important, #tag, =4, 1.5 million, 2026: a year",
]


@pytest.mark.parametrize("text", PLAIN)
@pytest.mark.parametrize("place", ["block", "item", "heading", "phrase"])
def test_plain_sentences_are_not_escaped(place: Place, text: str) -> None:
    assert inline(text, place=place) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("# x", "\\# x"),
        ("2026. x", "2026\\. x"),
        ("1) x", "1\\) x"),
        ("- x", "\\- x"),
        ("> x", "\\> x"),
        ("[a]: b", "\\[a]: b"),
        ("* * *", "\\* * *"),
        ("a\n===", "a\\\n\\==="),
        ("a\n-|-", "a\\\n\\-|-"),
        ("*x*", "\\*x\\*"),
        ("_x_", "\\_x\\_"),
        ("~~x~~", "\\~\\~x\\~\\~"),
        ("==x==", "\\=\\=x\\=\\="),
        ("a `b`", "a \\`b\\`"),
        ("<b>", "&lt;b>"),
        ("&amp;", "&amp;amp;"),
        ("[a](b)", "\\[a\\](b)"),
        ("[[a]]", "\\[\\[a\\]\\]"),
        ("$x$", "&#36;x&#36;"),
        ("%%x", "&#37;%x"),
        ("a\\*", "a\\\\*"),
        (" a \n\n b ", "a\\\nb"),
    ],
)
def test_what_would_mean_something_is_escaped(text: str, written: str) -> None:
    assert inline(text) == written


def at(text: str, *marks: tuple[str, str]) -> tuple[Mark, ...]:
    return sorted_marks(
        Mark(kind, text.index(part), text.index(part) + len(part), ADDRESS if kind == "link" else "")  # type: ignore[arg-type]
        for kind, part in marks
    )


MARKED = [
    ("bold and italic mix", [("strong", "bold and italic"), ("emphasis", "italic mix")], "**bold and *italic*** *mix*"),
    ("a bold word", [("strong", "bold "), ("emphasis", "bold")], "a ***bold*** word"),
    ("see the link here", [("strong", "see the link"), ("link", "link")], f"**see the** [**link**](<{ADDRESS}>) here"),
    ("10 to 103 or CO2", [("superscript", "3"), ("subscript", "2")], "10 to 10<sup>3</sup> or CO<sub>2</sub>"),
    ("it said “no”then", [("strong", "“no”")], "it said **“no**”then"),
    ("5 * 3 and so", [("emphasis", "so")], "5 \\* 3 and *so*"),
    ("a `b` c", [("code", "`b`")], "a `` `b` `` c"),
    ("wow!this", [("link", "this")], f"wow\\![this](<{ADDRESS}>)"),
    ("1. Introduction", [("strong", "1. Introduction")], "**1. Introduction**"),
    ("own highlight, underlined", [("marked", "own"), ("underline", "underlined")], "own highlight, underlined"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "marks", "written"), MARKED, ids=[text for text, *_ in MARKED])
def test_marks_nest_and_give_way_to_the_words(text: str, marks: list[tuple[str, str]], written: str) -> None:
    assert inline(text, at(text, *marks)) == written.replace("&copy;", "&amp;copy;")


@pytest.mark.parametrize(
    ("target", "written"),
    [
        ("https://example.org/a_b*c", "https://example.org/a_b*c"),
        (" https://example.org/a b|c ", "https://example.org/a%20b%7Cc"),
        ("https://қаз.kz/жол", "https://қаз.kz/жол"),
        ("https://example.org/(a)", "<https://example.org/(a)>"),
        ("mailto:a@b.org", "mailto:a@b.org"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("#section", ""),
        ("", ""),
    ],
)
def test_only_the_web_and_mail_are_linked_to(target: str, written: str) -> None:
    assert destination(target) == written
