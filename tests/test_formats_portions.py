"""A tree in portions reads as the whole page does, wherever it is parted."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from margent.formats import html, pagetree, portions

DATA = Path(__file__).parent / "data" / "formats"
PAGE = """<html><head><title>x</title></head><body class="a" id="top">Bare <b>words</b> &lt; these
<div id="one"><h2 id="h">Head &amp; line</h2><p>One <a href="#h">two</a> three</p> tail of it <br> more
<blockquote>Quoted<p>twice</p><blockquote>deep</blockquote></blockquote>
<ol start="4"><li>four<ul><li>inner</li></ul></li><li value="9">nine<p>second</p></li></ol></div>
<table id="t"><caption>Named</caption><thead><tr><th>A<th align="right">B</tr></thead>
<tbody><tr><td colspan="2">wide</tr><tr><td rowspan="2">1<td>2</tr><tr><td>3</tr></tbody><tfoot><tr><td>s<td>t</tfoot>
</table>
<dl><dt>Term<dd>Meaning<dd>Other</dl><!-- gone --><pre>a
  b</pre><main><article><section><p>Innermost <i>words</i> <sup>2</sup></p></section></article></main>
<p>Before<div>within</div>after</p><center>Middle</center></body></html>"""


def both(page: str, portion: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = lxml_html.tostring(pagetree.page(page), encoding="unicode", with_tail=False)
    wanted = html.parse(whole, places="h")
    with monkeypatch.context() as patch:
        patch.setattr(portions, "PORTION", portion)
        found = html.parse_tree(pagetree.page(page), places="h")
    assert found == wanted


@pytest.mark.parametrize("portion", [1, 40, 100, 300, 1000])
def test_a_page_of_everything_reads_the_same_in_portions(portion: int, monkeypatch: pytest.MonkeyPatch) -> None:
    both(PAGE, portion, monkeypatch)


@pytest.mark.parametrize("file", sorted(DATA.glob("**/*.htm*")), ids=lambda file: file.name)
@pytest.mark.parametrize("portion", [64, 2048])
def test_real_pages_read_the_same_in_portions(file: Path, portion: int, monkeypatch: pytest.MonkeyPatch) -> None:
    both(file.read_text("utf-8", errors="replace"), portion, monkeypatch)


TAGS = [
    "div",
    "p",
    "b",
    "ul",
    "li",
    "ol",
    "table",
    "tr",
    "td",
    "blockquote",
    "pre",
    "h2",
    "a href='#x'",
    "section",
    "br",
]
PIECE = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag.split()[0]}>" for tag in TAGS]),
    st.text(alphabet="ab <&;é\n", max_size=8),
)


@settings(max_examples=150)
@given(st.lists(PIECE, min_size=1, max_size=40).map("".join), st.sampled_from([1, 60, 200]))
def test_any_page_keeps_its_words_in_portions(page: str, portion: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        both(f"<body><p>x</p>{page}</body>", portion, patch)


def test_what_was_given_is_not_in_the_tree_any_more() -> None:
    tree = pagetree.page("<body><div>" + "<p>words of a paragraph</p>" * 20_000 + "</div></body>")
    left = [sum(1 for _ in tree.iter()) for part in portions.portions(tree)]
    assert left[0] > 15_000
    assert left[-1] < 10
    assert left == sorted(left, reverse=True)
