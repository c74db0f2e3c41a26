"""A note keeps its Markdown and its words, and has no power over what stands around it."""

import html
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from margent.brief import markdown
from margent.brief.notes import tamed
from margent.document import canonical

COMMONMARK = MarkdownIt("commonmark")
GITHUB = MarkdownIt("commonmark").enable(["table", "strikethrough"])

KEPT = [
    "Plain *emphasis*, **strong**, `code` and [a link](https://example.org/a_b).",
    "Two\nlines",
    "- a\n- b\n  - c",
    "1. a\n2. b",
    "> quoted\n> twice",
    "```python\n# no heading <b>\n```",
    "`<b>` and ``a ` <b>``",
    "<https://example.org> and <mailto:a@b.org>",
    "| a | b |\n| --- | --- |\n| 1 | 2 |",
    "5 < 6, R&D, #1, 2 - 1 = 1, $5 and $6",
    "$$x$$",
    "Hard  \nbreak",
    "- [ ] a\n- [x] b",
    "***",
]


@pytest.mark.parametrize("typed", KEPT)
def test_what_harms_nobody_stays_as_typed(typed: str) -> None:
    assert markdown.note(typed) == typed


CHANGED = [
    ("# A\nb", "**A**\n\nb"),
    ("a\n# B #\nc", "a\n\n**B**\n\nc"),
    ("# A\n\nb", "**A**\n\nb"),
    ("#", ""),
    ("# a *b*", "a *b*"),
    ("> # A", "> **A**"),
    ("- # A", "- **A**"),
    ("a\n===", "a\n\\==="),
    ("> a\n> ---", "> a\n> \\---"),
    ("[x]: y", "\\[x]: y"),
    ("> [x]: y", "> \\[x]: y"),
    ("[a\nb]: y", "[a\nb]&#58; y"),
    ("see [^1]", "see \\[^1]"),
    ("[^1]: y", "\\[^1]: y"),
    ("<b>x</b>", "&lt;b>x&lt;/b>"),
    ("\\\\<b>", "\\\\&lt;b>"),
    ("\\<b>", "&lt;b>"),
    ("`<b>``", "`&lt;b>``"),
    ("a `\n`<b>`", "a `\n`&lt;b>`"),
    ("%% hidden %%", "&#37;% hidden &#37;%"),
    ("$$ open", "&#36;$ open"),
    ("```\na", "```\na\n```"),
    ("  ~~~~\na", "~~~~\na\n~~~~"),
    ("```\n<!-- margent:end brief a -->", " ```\n <!-- margent:end brief a -->\n ```"),
    ("- ```\n  <b>\n  ```\n<b>", "- ```\n  &lt;b>\n  ```\n&lt;b>"),
    ("\ta\r\rb", "    a\n\nb"),
    ("\n\na\n\n", "a"),
    ("", ""),
]


@pytest.mark.parametrize(("typed", "written"), CHANGED)
def test_what_reaches_beyond_the_note_becomes_words(typed: str, written: str) -> None:
    assert markdown.note(typed) == written


LINES = st.lists(
    st.sampled_from(
        [
            "", "a", "# h", "> # h", "> q", "- i", "- # h", "  b", "    c", "\td", "1. n", "   ```", "```", "~~~",
            "````", "- ```", "> ```", "  ```", "1. ~~~", "---", "===", "> ---", "  ===", "<b>", "</div>", "<!-- x",
            "-->", "<script>", "`<b>", "`", "a ` b", "<b>``", "[x]: y", "[x", "y]: z", "> [x]: y", "- [x]: y",
            "[^1]: z", "\\", "\\`<b>`", "a\\", "x  ", "| a |", "| - |", "$$", "%%", "<?php", "<![CDATA[", "***",
            "+ ", "-", "* * *", "<a", "href>", "\\<b>", "\\\\<i>",
        ]
    ),
    max_size=9,
).map("\n".join)  # fmt: skip


@pytest.mark.parametrize("parser", [COMMONMARK, GITHUB], ids=["commonmark", "github"])
@settings(max_examples=1500, deadline=None)
@given(typed=LINES)
@example(typed="- ```\n  code\n  ```\n<script>")
@example(typed="1. ```\n  ```\n<b>")
@example(typed="[x\n[x]: y\na\n[x\n[x]: y")
@example(typed="[x\na \\[x]: y")
@example(typed="[x\\]x]: y\n\n[x\\]x]")
def test_no_note_makes_headings_html_or_definitions_or_swallows_what_follows(parser: MarkdownIt, typed: str) -> None:
    document = f"{markdown.note(typed)}\n\n<!-- end -->\n\nAFTER [x] [^1]\n\n> QUOTE\n"
    tokens = parser.parse(document)
    kinds = {token.type for token in tokens} | {child.type for token in tokens for child in token.children or ()}
    assert not kinds & {"heading_open", "html_inline", "link_open"}
    assert [token.content.strip() for token in tokens if token.type == "html_block"] == ["<!-- end -->"]
    assert parser.render(document).endswith("<p>AFTER [x] [^1]</p>\n<blockquote>\n<p>QUOTE</p>\n</blockquote>\n")


@settings(max_examples=500, deadline=None)
@given(typed=st.one_of(LINES, st.text()).map(canonical))
def test_no_letter_of_a_note_is_lost_and_taming_it_again_changes_nothing(typed: str) -> None:
    once = tamed(typed.strip("\n"))
    assert re.findall(r"\w", html.unescape(once)) == re.findall(r"\w", html.unescape(typed))
    assert sorted(re.findall(r"\w", tamed(once))) == sorted(re.findall(r"\w", once))


@settings(max_examples=300, deadline=None)
@given(typed=LINES)
def test_a_note_inside_a_list_item_stays_inside(typed: str) -> None:
    item = f"- [ ] **Question:**\n\n  {markdown.indent(markdown.note(typed), 2)}\n\n<!-- end -->\n\nAFTER\n"
    rendered = COMMONMARK.render(item)
    assert rendered.endswith("</ul>\n<!-- end -->\n<p>AFTER</p>\n")
    assert "<h" not in rendered.replace("<hr", "")
