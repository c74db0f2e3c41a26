import pytest

from margent.document import Block, Document, Mark
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
    ],
)
def test_markdown_becomes_blocks(source: str, expected: list[Block]) -> None:
    assert blocks(source) == expected
