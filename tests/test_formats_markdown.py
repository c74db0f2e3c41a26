import re
import time
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from margent.annotations import THEME_COLOURS
from margent.document import Block, Document, GivenTheme, Mark, canonical
from margent.errors import MargentError
from margent.formats import html, markdown, read


def blocks(source: str) -> list[Block]:
    """The blocks of Markdown without front matter, its title apart."""
    return list(html.parse(markdown.to_html(source)).blocks)


def document(source: str, name: str = "a-brief.md") -> Document:
    return read(source.encode(), name)


def test_the_page_begins_with_the_title_of_the_front_matter() -> None:
    brief = document('---\ntitle: "EU: a brief"\nauthor: A. Novak and B. Smith\nlang: en\n---\nText.')
    assert (brief.title, brief.authors, brief.language, brief.source) == (
        "EU: a brief",
        ("A. Novak", "B. Smith"),
        "en",
        "",
    )
    assert brief.blocks == (Block("heading", "EU: a brief", level=1, target="eu-a-brief"), Block("paragraph", "Text."))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(
            "# Қазақстан мен ЕО\n\nText.",
            [
                Block("heading", "Қазақстан мен ЕО", level=1, target="қазақстан-мен-ео"),
                Block("paragraph", "Text."),
            ],
            id="a heading has an anchor name in any script",
        ),
        pytest.param(
            "## Same\n\n## Same\n\n## Own {#mine}",
            [
                Block("heading", "Same", level=2, target="same"),
                Block("heading", "Same", level=2, target="same_1"),
                Block("heading", "Own", level=2, target="mine"),
            ],
            id="anchor names are unique, and an author's own are kept",
        ),
        pytest.param(
            "**a *b* c** `d` ~~e~~ ==f== H~2~O x<sup>2</sup> <ins>g</ins>",
            [
                Block(
                    "paragraph",
                    "a b c d e f H2O x2 g",
                    (
                        Mark("strong", 0, 5),
                        Mark("emphasis", 2, 3),
                        Mark("code", 6, 7),
                        Mark("strike", 8, 9),
                        Mark("marked", 10, 11),
                        Mark("subscript", 13, 14),
                        Mark("superscript", 17, 18),
                        Mark("underline", 19, 20),
                    ),
                )
            ],
            id="inline marks",
        ),
        pytest.param(
            "See https://example.org/a_b, <mailto:a@b.org> and [it](https://x.org 'T') or [out](/etc/passwd).",
            [
                Block(
                    "paragraph",
                    "See https://example.org/a_b, a@b.org and it or out.",
                    (
                        Mark("link", 4, 27, "https://example.org/a_b"),
                        Mark("link", 29, 36, "mailto:a@b.org"),
                        Mark("link", 41, 43, "https://x.org"),
                    ),
                )
            ],
            id="links that may be opened, and one that may not",
        ),
        pytest.param(
            "- one\n\n    more\n\n    > quoted\n\n- two\n    1. three\n    2. four",
            [
                Block("item", "one", level=1),
                Block("paragraph", "more", level=1),
                Block("quotation", "quoted", level=1, quote=1),
                Block("item", "two", level=1),
                Block("item", "three", level=2, ordered=True, number=1),
                Block("item", "four", level=2, ordered=True, number=2),
            ],
            id="further blocks of an item have its level",
        ),
        pytest.param(
            "Points:\n- one\n  - two\n    - three\n- four\n1. five\n2) six",
            [
                Block("paragraph", "Points:"),
                Block("item", "one", level=1),
                Block("item", "two", level=2),
                Block("item", "three", level=3),
                Block("item", "four", level=1),
                Block("item", "five", level=1, ordered=True, number=1),
                Block("item", "six", level=1, ordered=True, number=2),
            ],
            id="two spaces nest, and a list needs no blank line before it",
        ),
        pytest.param(
            "3. three\n4. four\n\n- [x] done\n- [ ] open",
            [
                Block("item", "three", level=1, ordered=True, number=3),
                Block("item", "four", level=1, ordered=True, number=4),
                Block("item", "done", level=1, checked=True),
                Block("item", "open", level=1, checked=False),
            ],
            id="numbers and ticks",
        ),
        pytest.param(
            "> outer\n>\n> - item\n>   - nested\n>\n> > inner",
            [
                Block("quotation", "outer", quote=1),
                Block("item", "item", level=1, quote=1),
                Block("item", "nested", level=2, quote=1),
                Block("quotation", "inner", quote=2),
            ],
            id="quotations nest and hold lists",
        ),
        pytest.param(
            "> [!WARNING]\n> Mind the gap.",
            [
                Block("quotation", "Warning", (Mark("strong", 0, 7),), quote=1),
                Block("quotation", "Mind the gap.", quote=1),
            ],
            id="a callout has its name",
        ),
        pytest.param(
            '!!! note "Mind"\n    The *gap*.',
            [
                Block("quotation", "Mind", (Mark("strong", 0, 4),), quote=1),
                Block("quotation", "The gap.", (Mark("emphasis", 4, 7),), quote=1),
            ],
            id="an admonition",
        ),
        pytest.param(
            "A table\n| a | b | c |\n|:--|:-:|--:|\n| x **y** | [z](#a) | 1 \\| 2 |",
            [
                Block("paragraph", "A table"),
                Block(
                    "table",
                    "a\tb\tc\nx y\tz\t1 | 2",
                    (Mark("strong", 8, 9),),
                    align=("left", "center", "right"),
                    heading_row=True,
                ),
            ],
            id="a table directly under prose",
        ),
        pytest.param(
            "```python\n- not a list\n  - x\n```\n\n    indented <b>",
            [
                Block("code", "- not a list\n  - x", target="python"),
                Block("code", "indented <b>"),
            ],
            id="code is left as it is",
        ),
        pytest.param(
            "- item\n  ```js\n  a  b\n  ```\n  after\n\n1. ```sh\n   ls\n   ```",
            [
                Block("item", "item", level=1),
                Block("code", "a  b", level=1, target="js"),
                Block("paragraph", "after", level=1),
                Block("item", "", level=1, ordered=True, number=1),
                Block("code", "ls", level=1, target="sh"),
            ],
            id="code in a list",
        ),
        pytest.param(
            "Text[^b] and[^a], again[^b].\n\n[^a]: First.\n[^b]: Second.\n\n    More of *it*.",
            [
                Block(
                    "paragraph",
                    "Text1 and2, again1.",
                    (Mark("noteref", 4, 5, "b"), Mark("noteref", 9, 10, "a"), Mark("noteref", 17, 18, "b")),
                ),
                Block("footnote", "Second.", number=1, target="b"),
                Block("footnote", "More of it.", (Mark("emphasis", 8, 10),), number=1, target="b"),
                Block("footnote", "First.", number=2, target="a"),
            ],
            id="footnotes and their references",
        ),
        pytest.param(
            "Term\n:   One\n:   Two\n\n    more",
            [
                Block("paragraph", "Term", (Mark("strong", 0, 4),)),
                Block("paragraph", "One", level=1),
                Block("paragraph", "Two", level=1),
                Block("paragraph", "more", level=1),
            ],
            id="definitions",
        ),
        pytest.param(
            "one  \ntwo\\\nthree\nfour\n\n---\n\nThe EU.\n\n*[EU]: European Union",
            [Block("paragraph", "one\ntwo\nthree four"), Block("rule"), Block("paragraph", "The EU.")],
            id="line breaks, a rule, an abbreviation",
        ),
        pytest.param(
            "![A map](map.png)\n\nWith ![an icon](i.png) inside.\n\n![](far.png)",
            [Block("picture", "A map"), Block("paragraph", "With an icon inside.")],
            id="pictures without their bytes are their descriptions",
        ),
        pytest.param(
            "#tag is no heading\n\n#another",
            [
                Block("heading", "tag is no heading", level=1, target="tag-is-no-heading"),
                Block("paragraph", "#another"),
            ],
            id="a hash without a space is a heading in the first line alone",
        ),
        pytest.param(
            "Born in\n1990. That was\n- a year",
            [Block("paragraph", "Born in 1990. That was"), Block("item", "a year", level=1)],
            id="a year at the beginning of a line begins no list",
        ),
        pytest.param(
            "[to it](#the-end) [nowhere](#gone)\n\n## The end",
            [
                Block("paragraph", "to it nowhere", (Mark("link", 0, 5, "#the-end"),)),
                Block("heading", "The end", level=2, target="the-end"),
            ],
            id="links inside the document lead somewhere or are none",
        ),
        pytest.param(
            "<pre>\n - x\n   - y\n</pre>\n\n<div markdown='1'>\n*in*\n</div>",
            [Block("code", " - x\n   - y"), Block("paragraph", "in", (Mark("emphasis", 0, 2),))],
            id="HTML between Markdown",
        ),
        pytest.param(
            "- a\n<details>\n\n<summary>More</summary>\n\n## Heading\n\n"
            "| a | b |\n|---|---|\n| 1 | 2 |\n\n</details>\nEnd",
            [
                Block("item", "a", level=1),
                Block("paragraph", "More", (Mark("strong", 0, 4),)),
                Block("heading", "Heading", level=2, target="heading"),
                Block("table", "a\tb\n1\t2", align=("left", "left"), heading_row=True),
                Block("paragraph", "End"),
            ],
            id="Markdown within a tag that is closed far below",
        ),
        pytest.param(
            "<table>\n<tr><td>a</td></tr>\n\n<tr><td>*b*</td></tr>\n</table>\n*c*\n\n"
            "<div>\n<pre>\nx\n\n# y\n</pre>\n</div>",
            [
                Block("table", "a\n*b*", align=("left",)),
                Block("paragraph", "c", (Mark("emphasis", 0, 1),)),
                Block("code", "x\n\n# y"),
            ],
            id="HTML that goes on beyond a blank line",
        ),
        pytest.param(
            "* a\n\n    ```{.python .numberLines}\n    x\n      y\n    ````\n\n```{r, echo=FALSE}\nz",
            [
                Block("item", "a", level=1),
                Block("code", "x\n  y", level=1, target="python"),
                Block("code", "z", target="r"),
            ],
            id="fences that are indented, described or never closed",
        ),
        pytest.param(
            "Text[^1] and [site][].\n\n[^1]: Note.\n[site]: https://example.org",
            [
                Block(
                    "paragraph",
                    "Text1 and site.",
                    (Mark("noteref", 4, 5, "1"), Mark("link", 10, 14, "https://example.org")),
                ),
                Block("footnote", "Note.", number=1, target="1"),
            ],
            id="a link's address directly below a footnote",
        ),
    ],
)
def test_markdown_becomes_blocks(source: str, expected: list[Block]) -> None:
    assert blocks(source) == expected


@pytest.mark.parametrize(
    ("source", "title", "first"),
    [
        ("# Only a heading\n\nText.", "Only a heading", "Only a heading"),
        ("---\ntitle: Same  WORDS’\n---\n# Same words'\n\nText.", "Same WORDS’", "Same words'"),
        ("---\ntitle: Stated\n---\n# Another\n\nText.", "Stated", "Stated"),
        ("---\ntitle: Stated\n---\nText.", "Stated", "Stated"),
        ("Logo\n\n# Late heading\n\nText.", "Late heading", "Logo"),
        ("## A heading 2\n\nText.", "A heading 2", "A heading 2"),
        ("A first line\n\nText.", "A first line", "A first line"),
        ("A first sentence that ends.\n\nText.", "my brief", "my brief"),
        ("**Bold** line\n\nText.", "Bold line", "Bold line"),
        ("- a list\n- first", "my brief", "my brief"),
        ("Alone", "my brief", "my brief"),
    ],
)
def test_the_title_is_stated_or_the_first_heading_or_the_first_line_or_the_name(
    source: str, title: str, first: str
) -> None:
    brief = document(source, "my_brief.md")
    assert brief.title == title
    assert brief.blocks[0].text == first
    assert [block.text for block in brief.blocks].count(title) <= 1
    if first == title:
        assert brief.blocks[0].kind == "heading"


@pytest.mark.parametrize(
    ("matter", "expected"),
    [
        ("authors: [A. Novak, B. Smith]", {"authors": ("A. Novak", "B. Smith")}),
        ("author: A. Novak; B. Smith", {"authors": ("A. Novak", "B. Smith")}),
        ("author: Smith, John", {"authors": ("Smith, John",)}),
        ("authors:\n  - name: A. Novak\n    role: x", {"authors": ("A. Novak",)}),
        ("date: 2024-05-01", {"date": "2024-05-01"}),
        ("date: spring of 2024", {"date": "spring of 2024"}),
        ("language: kk", {"language": "kk"}),
        ("lang: no", {"language": "no"}),
        ("source: not given", {"source": ""}),
        ("source: Not Given", {"source": ""}),
        ("source: https://example.org/x", {"source": "https://example.org/x"}),
        ("summary: >\n  Two\n  lines", {"summary": "Two lines"}),
        ("subtitle: One", {"summary": "One"}),
        ("Title: Қазақстан\nversion: 1.10\nsummary: {a: b}", {"title": "Қазақстан", "summary": ""}),
        ("title: !!python/object/apply:os.system ['true']", {"title": "a brief"}),
        ("title: 1_000\nauthor: 2024-13-45", {"title": "1_000", "authors": ("2024-13-45",)}),
        ("themes: [Water, Energy]", {"themes": (GivenTheme("Water"), GivenTheme("Energy"))}),
        ("themes: 7", {"themes": ()}),
        ("a: &a [x]\nb: &b [*a, *a]\ntitle: *b", {"title": "a brief"}),
    ],
)
def test_front_matter(matter: str, expected: dict[str, object]) -> None:
    brief = document(f"---\n{matter}\n---\nA text that is a sentence.")
    assert {name: getattr(brief, name) for name in expected} == expected
    assert brief.notices == ()
    assert brief.blocks[-1].text == "A text that is a sentence."


@pytest.mark.parametrize(
    ("source", "title", "text"),
    [
        ("---\ntitle: EU: a brief\nauthor: 'A'\n---\nText.", "EU: a brief", "EU: a brief\nText."),
        ("---\ntitle: [open\n---\nText.", "[open", "[open\nText."),
        ("---\ntitle: A\n\tb: c\n---\nText.", "A", "A\nText."),
        ("---\ntitle: A\nx: " + "[" * 5000 + "\n---\nText.", "A", "A\nText."),
    ],
    ids=["colon", "bracket", "tab", "deep"],
)
def test_broken_front_matter_is_told_and_the_text_still_reads(source: str, title: str, text: str) -> None:
    brief = document(source)
    assert (brief.title, brief.text) == (title, text)
    assert len(brief.notices) == 1
    assert brief.notices[0].startswith("The front matter is not valid YAML")


@pytest.mark.parametrize(
    "source",
    [
        "---\n\nA line.\n\n---\n\nAnother.",
        "---\ntitle: x\n\nNo end.",
        "----\n\nA: b\n\n----\n",
        "Text.\n\n---\na: b\n---",
    ],
)
def test_rules_are_not_front_matter(source: str) -> None:
    brief = document(source)
    assert brief.notices == ()
    for word in source.replace("-", " ").split():
        assert word in brief.text


THEMES = """\
---
title: T
themes:
  - name: Energy & raw materials
    colour: amber
    words: [oil, "raw  materials"]
    passages: ["Oil, gas and", '“Quoted” start', Under the title, only here]
  - name: Odd
    color: mauve
    passages: [Nowhere, Twice]
  - words: [x]
---
## Oil, gas and minerals

Oil, gas and minerals draw money.

"Quoted" start of a *paragraph*.

- Under the **title** of an item

Twice a.

Twice b, and what stands only here.
"""


def test_the_themes_of_the_front_matter_cover_the_blocks_they_name() -> None:
    brief = document(THEMES)
    energy, odd = brief.themes
    assert (energy.name, energy.colour, energy.words) == ("Energy & raw materials", "amber", ("oil", "raw materials"))
    assert [brief.text[start:end] for start, end in energy.spans] == [
        "Oil, gas and minerals draw money.",
        '"Quoted" start of a paragraph.',
        "Under the title of an item",
        "Twice b, and what stands only here.",
    ]
    assert (odd.name, odd.colour, odd.spans) == ("Odd", "", ())
    assert brief.notices == (
        "The theme “Odd” asks for the colour “mauve”, which Margent does not have.",
        "A theme of the front matter has no name and was left out.",
        "The theme “Odd” names a passage that is not in the text: “Nowhere”.",
        "The theme “Odd” names a passage that stands in several places: “Twice”.",
    )


@pytest.mark.parametrize("colour", THEME_COLOURS)
def test_every_colour_of_themes_may_be_asked_for(colour: str) -> None:
    assert document(f"---\nthemes: [{{name: A, colour: {colour}}}]\n---\nText.").themes[0].colour == colour


def test_markdown_in_another_encoding_is_read_with_a_notice() -> None:
    source = "# Заголовок\n\n" + "Европейский союз хочет обновить партнёрство. " * 5
    brief = read(source.encode("cp1251"), "x.md")
    assert brief.title == "Заголовок"
    assert len(brief.notices) == 1


def test_windows_and_old_mac_line_ends_are_line_ends() -> None:
    source = "---\ntitle: T\n---\n\n- a\n  - b\n\ntext"
    for end in ("\r\n", "\r"):
        assert document(source.replace("\n", end)) == document(source)


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>\n\nText",
        "Text <b onclick='x()'>b</b> [a](javascript:alert(1)) <a href='javascript:x'>c</a>",
        "![x](https://example.org/x.png 'javascript:x')\n\nText",
        "[a]: javascript:alert(1)\n\nText [a]",
        "Text{: onclick='x()' style='position:fixed' }",
        "<div markdown='1' onmouseover='x()'>Text</div>",
        "<svg onload=alert(1)>\n\nText",
        "# Text {: href='javascript:x' onclick='y' }",
    ],
)
def test_nothing_in_markdown_can_act(source: str) -> None:
    brief = document(source)
    assert "Text" in brief.text
    assert "alert(1)" not in brief.text.replace("[a]: javascript:alert(1)", "")
    assert all(mark.target in {"", "https://example.org/x.png"} for block in brief.blocks for mark in block.marks)
    assert brief.pictures == {}


def test_ten_thousand_quotation_signs_and_a_thousand_nested_lists_are_read() -> None:
    assert "deep" in document("> " * 10_000 + "deep").text
    nested = document("\n".join("  " * depth + f"- deep {depth}" for depth in range(1000)))
    assert [block.text for block in nested.blocks if block.kind == "item"] == [f"deep {depth}" for depth in range(1000)]
    assert max(block.level for block in nested.blocks) == 20


def test_what_nests_too_deeply_is_refused_with_a_sentence() -> None:
    with pytest.raises(MargentError, match=r"^a-brief\.md nests .*\.$"):
        document("- " * 10_000 + "deep")


@pytest.mark.parametrize(
    "unit", ["[", "![", "[a](", "<![CDATA[", "*a ", "**a ", "`", "<a ", "# a\n", "~a", "==a ", "a\n: b\n"]
)
def test_a_hostile_paragraph_takes_seconds_not_minutes(unit: str) -> None:
    start = time.process_time()
    found = html.parse(markdown.to_html(unit * 3000)).blocks
    assert time.process_time() - start < 8
    assert all(mark.end <= len(block.text) for block in found for mark in block.marks)


def test_escaping_wild_brackets_keeps_links_and_text() -> None:
    row = "[a](https://example.org) [b " * 1100
    (block,) = blocks(row)
    assert block.text == "a [b " * 1099 + "a [b"
    assert {mark.target for mark in block.marks} == {"https://example.org"}
    assert len(block.marks) == 1100


WORDS = st.lists(st.sampled_from(["alpha", "beta", "gamma", "é", "🎉", "سلام"]), min_size=1, max_size=3).map(" ".join)


@st.composite
def commonmark(draw: st.DrawFn, depth: int = 0) -> list[str]:
    """Lines of nested lists, quotations, code and paragraphs, indented as CommonMark has it."""
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["list", "list", "quotation", "code", "prose"])) if depth < 3 else "prose"
        if kind == "list":
            # The number that follows itself keeps neighbouring lists apart in every dialect.
            sign = draw(st.sampled_from(["-", "1."])) if lines[-3:-2] != ["<!-- -->"] else "-"
            for number in range(draw(st.integers(1, 3))):
                marker = (sign if sign == "-" else f"{number + 1}.") + " " * draw(st.integers(1, 3))
                body = [draw(WORDS)]
                if draw(st.booleans()):
                    inner = draw(commonmark(depth + 1))
                    body += inner if inner[0][0] == "-" and draw(st.booleans()) else ["", *inner]
                lines.append(marker + body[0])
                lines += [" " * len(marker) + line if line else "" for line in body[1:]]
                lines += [""] * draw(st.integers(0, 1))
        elif kind == "quotation":
            lines += [f"> {line}".rstrip() for line in draw(commonmark(depth + 1))]
        elif kind == "code":
            lines += ["```py", "- x", "  y", "```"]
        else:
            lines += [draw(WORDS) for _ in range(draw(st.integers(1, 2)))]
        lines += ["", f"end {len(lines)}", ""]
    return lines[:-1]


@given(commonmark())
def test_nested_lists_and_quotations_are_what_commonmark_says(lines: list[str]) -> None:
    source = "\n".join(lines)
    judge = MarkdownIt("commonmark").render(source)
    assert blocks(source) == list(html.parse(judge).blocks)


@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                ["- ", "  ", "    ", "1. ", "> ", "\n", "\n\n", "```", "|", "---", "#", "a", "**", "[", "]", ":", "\t"]
            ),
            st.text(max_size=6),
        ),
        max_size=30,
    ).map("".join)
)
def test_any_text_is_read_and_its_marks_stand_in_their_blocks(source: str) -> None:
    source = canonical(source)
    found = html.parse(markdown.to_html(source)).blocks
    for block in found:
        assert all(0 <= mark.start < mark.end <= len(block.text) for mark in block.marks)


def test_time_grows_with_the_length_of_the_markdown() -> None:
    def seconds(paragraphs: int) -> float:
        source = (
            "## A heading\n\nSome *words* and [a link](https://example.org), more of them.\n\n- a\n- b\n\n" * paragraphs
        )
        start = time.process_time()
        document(source)
        return time.process_time() - start

    seconds(20)
    assert seconds(1600) < 16 * max(seconds(200), 0.01)


def test_a_backslash_takes_its_meaning_from_any_sign() -> None:
    text = read(rb"\<b>x\</b> a \: b \$5 \% \"q\" 1\. `\<`", "t.md").text
    assert text.split("\n")[-1] == '<b>x</b> a : b $5 % "q" 1. \\<'


def test_an_empty_footnote_keeps_the_others_in_their_order() -> None:
    document = read(b"One[^b] and two[^a].\n\n[^a]:\n\n[^b]: A note.\n", "notes.md")
    (note,) = (block for block in document.blocks if block.kind == "footnote")
    assert note.text == "A note."


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        ("[", "["),
        ("x" * 1000 + " [ ", "["),
        ("[a](", "[a]("),
        ("<a ", "<a"),
        ("\\", "\\"),
        ("a \\", "a"),
        ("]", "]"),
        ("`[` ", "["),
        ("` ", "` `"),
    ],
)
def test_a_paragraph_of_signs_that_lead_nowhere_is_read_within_seconds_and_keeps_them(unit: str, shown: str) -> None:
    began = time.process_time()
    document = markdown.read(("# A\n\n" + unit * (300_000 // len(unit))).encode(), "a.md")
    assert time.process_time() - began < 8
    assert shown in document.text
    assert not re.search("[\x00-\x08\x0b-\x1f]", document.text)


def test_one_open_bracket_before_a_million_letters_is_read_within_seconds() -> None:
    began = time.process_time()
    document = markdown.read(("Words [" + "9" * 1_500_000 + " and [one](https://example.org) more").encode(), "a.md")
    assert time.process_time() - began < 8
    assert document.text.count("[9") == 1
    assert [mark.target for block in document.blocks for mark in block.marks] == ["https://example.org"]


def test_broken_front_matter_of_one_long_word_is_read_within_seconds() -> None:
    began = time.process_time()
    document = markdown.read(("---\ntitle: A brief\nb: {c\n" + "word" * 50_000 + "\n---\nText.").encode(), "a.md")
    assert time.process_time() - began < 5
    assert document.title == "A brief"


def growth(construct: Callable[[int], str], count: int) -> float:
    """How many times longer four times as much of a construct takes; 4 where time grows with the length."""

    def seconds(times: int) -> float:
        data = ("# A\n\n" + construct(times)).encode()
        start = time.process_time()
        read(data, "a.md")
        return time.process_time() - start

    seconds(count // 8)
    return min(seconds(4 * count) / seconds(count) for _ in range(2))


@pytest.mark.parametrize(
    ("construct", "count"),
    [
        pytest.param(lambda n: "word[^1] and\n\n" * n + "[^1]: A note.", 600, id="references to one footnote"),
        pytest.param(
            lambda n: "".join(f"*[AB{i}]: meaning\n" for i in range(n)) + "\n\nSome AB1 here.\n" * n,
            600,
            id="abbreviations",
        ),
        pytest.param(lambda n: "[a]:\n" * n, 1000, id="labels without an address"),
        pytest.param(lambda n: "# a" + " " * n + "b", 12000, id="white space in a heading"),
        pytest.param(lambda n: "a*" * n, 4000, id="emphasis in one paragraph"),
        pytest.param(lambda n: "`a` " * n, 4000, id="code in one paragraph"),
        pytest.param(lambda n: "|a|b|\n|-|-|\n|" + "`|" * n, 1500, id="backticks in a row of a table"),
        pytest.param(lambda n: "|a" * n + "|\n" + "|-" * n + "|\n" + "|x|\n" * n, 500, id="empty cells"),
    ],
)
def test_time_grows_with_the_number_of(construct: Callable[[int], str], count: int) -> None:
    assert growth(construct, count) < 9


def test_each_reference_to_a_footnote_leads_to_it() -> None:
    document = read(b"One[^a], two[^b], three[^a].\n\n[^b]: B.\n\n[^a]: A.\n", "notes.md")
    (prose,) = (block for block in document.blocks if block.kind == "paragraph")
    assert [(mark.target, prose.text[mark.start : mark.end]) for mark in prose.marks] == [
        ("a", "1"),
        ("b", "2"),
        ("a", "1"),
    ]
    assert [(note.number, note.text) for note in document.blocks if note.kind == "footnote"] == [(1, "A."), (2, "B.")]


def test_a_paragraph_as_long_as_a_book_keeps_its_words_and_the_marks_within_its_passages() -> None:
    source = "Some *stressed* words and `code` of [a link](https://example.org).\n" * 2000
    (block,) = blocks(source)
    assert block.text.split() == (["Some", "stressed", "words", "and", "code", "of", "a", "link."] * 2000)
    assert Counter(mark.kind for mark in block.marks) == {"emphasis": 2000, "code": 2000, "link": 2000}


def test_a_table_that_is_almost_all_empty_cells_keeps_its_words() -> None:
    text = document("|a" * 600 + "|\n" + "|-" * 600 + "|\n" + "|x|\n" * 600).text
    assert text.count("a") >= 600
    assert text.count("x") == 600
