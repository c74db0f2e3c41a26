import base64
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from margent.document import Block, Document, Mark
from margent.errors import MargentError
from margent.formats.html import parse, sanitised

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
GIF = b"GIF89a" + bytes(20)


def blocks(html: str) -> list[Block]:
    return list(parse(html).blocks)


def words_of(html: str) -> list[tuple[str, str]]:
    """The words that each mark covers."""
    return [(mark.kind, block.text[mark.start : mark.end]) for block in blocks(html) for mark in block.marks]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>  one\n\ttwo   three  </p>", "one two three"),
        ("<p>one <b> two </b> three</p>", "one two three"),
        ("<p>one<b> </b>two</p>", "one two"),
        ("<p>a&nbsp;b &amp; c\xa0\xa0d</p>", "a\xa0b & c\xa0\xa0d"),
        ("<p>a <br> b<br/>c<br></p>", "a\nb\nc"),
        ("<p>e\u0301 and o\u0308</p>", "é and ö"),
        ("<p>e<b>\u0301x</b></p>", "éx"),
        ("<p>&#x1F389; &#0; &#xD800; &#x2028;x\u2029y</p>", "🎉 \ufffd \ufffd x y"),
        ("text without a tag", "text without a tag"),
        ("<p>1 < 2 && 3 > 2</p>", "1 < 2 && 3 > 2"),
        ("<p>He said <q>yes</q>.</p>", "He said “yes”."),
        ("<p>\u202bעברית\u202c and \u200fعربي</p>", "\u202bעברית\u202c and \u200fعربي"),
    ],
)
def test_text_is_what_a_browser_shows(html: str, text: str) -> None:
    assert [block.text for block in blocks(html)] == [text]


@pytest.mark.parametrize(
    ("html", "marks"),
    [
        ("<p><b>a <i>b</b> c</i></p>", [("strong", "a b"), ("emphasis", "b c")]),
        ("<p><b><strong>a</strong> b</b></p>", [("strong", "a b")]),
        ("<p>a<b> b </b>c</p>", [("strong", "b")]),
        ("<p><code>a</code> <code>b</code></p>", [("code", "a"), ("code", "b")]),
        ("<p><b>a</b> <b>b</b></p>", [("strong", "a b")]),
        ("<b><p>a</p><p>b</p></b>", [("strong", "a"), ("strong", "b")]),
        (
            "<p><kbd>K</kbd><var>v</var><u>u</u><s>s</s></p>",
            [("code", "K"), ("emphasis", "v"), ("underline", "u"), ("strike", "s")],
        ),
        ("<p><a href='https://a.org/x y'>go</a></p>", [("link", "go")]),
        ("<p><b> </b><i></i>x</p>", []),
        ("<p>e\u0301e\u0301 <b>e\u0301x</b> e\u0301 <i>ö</i></p>", [("strong", "éx"), ("emphasis", "ö")]),
        ("<h2><em>Both</em> ways</h2>", [("emphasis", "Both")]),
    ],
)
def test_marks_lie_on_their_words(html: str, marks: list[tuple[str, str]]) -> None:
    assert words_of(html) == marks


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param(
            "<ol start=4><li value=7>a<li>b</ol><ol><li></li><li><pre>x</pre></li></ol><ul><li></li></ul>",
            [
                Block("item", "a", level=1, ordered=True, number=7),
                Block("item", "b", level=1, ordered=True, number=8),
                Block("item", "", level=1, ordered=True, number=1),
                Block("item", "", level=1, ordered=True, number=2),
                Block("code", "x", level=1),
            ],
            id="numbers are kept, those of empty items too",
        ),
        pytest.param(
            "<ul><li><p>a<p>b<ul><li>c</ul><p>d</ul>e",
            [
                Block("item", "a", level=1),
                Block("paragraph", "b", level=1),
                Block("item", "c", level=2),
                Block("paragraph", "d", level=1),
                Block("paragraph", "e"),
            ],
            id="an item goes on after a nested list",
        ),
        pytest.param(
            "<blockquote>a<blockquote><ol><li>b<blockquote>c</blockquote></ol></blockquote><h3 id=x>d</h3>",
            [
                Block("quotation", "a", quote=1),
                Block("item", "b", level=1, quote=2, ordered=True, number=1),
                Block("quotation", "c", level=1, quote=3),
                Block("heading", "d", level=3, quote=1, target="x"),
            ],
            id="quotations, lists and headings in each other",
        ),
        pytest.param(
            "<div>a<div>b</div>c</div><section>d</section><unknown>e</unknown>",
            [Block("paragraph", text) for text in "abcd"] + [Block("paragraph", "e")],
            id="every block begins a paragraph",
        ),
        pytest.param(
            "<p>a<br><br>b<br>c</p>",
            [Block("paragraph", "a"), Block("paragraph", "b\nc")],
            id="two line breaks end a paragraph",
        ),
        pytest.param(
            "<h1>a<br>b</h1><h2 id='own'> c </h2><h2></h2><h3>a b</h3>",
            [
                Block("heading", "a b", level=1, target="a-b"),
                Block("heading", "c", level=2, target="own"),
                Block("heading", "a b", level=3, target="a-b_1"),
            ],
            id="headings are one line and have names",
        ),
        pytest.param(
            "<pre class='language-c'>\n\tint  x;\n\n<b>y</b>\n</pre><pre><code class='hl language-py'>z</code></pre>",
            [Block("code", "\tint  x;\n\ny", target="c"), Block("code", "z", target="py")],
            id="code keeps its white space",
        ),
        pytest.param(
            "<table><caption>Cap</caption><thead><tr><th align=right>a<th style='text-align:center;color:red'>b</thead>"
            "<tr><td rowspan=2>1<td><p>x</p><p>y</p><tr><td>2<br>3</td></tr><tr><td colspan=2><b>w\tw</b></table>",
            [
                Block("paragraph", "Cap"),
                Block(
                    "table",
                    "a\tb\n1\tx y\n\t2 3\nw w\t",
                    (Mark("strong", 15, 18),),
                    align=("right", "center"),
                    heading_row=True,
                ),
            ],
            id="a table with spans",
        ),
        pytest.param(
            "<table><tr><td>a<table><tr><td>b</td><td>c</td></tr></table>d</td><td>e</td></tr><tr><td>f</td></tr></table>",
            [Block("table", "a b c d\te\nf\t", align=("left", "left"))],
            id="a table in a table is its text, and short rows are filled",
        ),
        pytest.param("<table><tr><td> </td></tr></table>", [], id="a table without text is none"),
        pytest.param(
            "<ul><li><table><tr><td>a</td></tr></table></li></ul><blockquote><hr></blockquote>",
            [Block("table", "a", level=1, align=("left",)), Block("rule", quote=1)],
            id="tables and rules stand where they stand",
        ),
        pytest.param(
            "<figure><img src=a.png alt='A  map'><figcaption>Below</figcaption></figure>"
            "<p>with <img src=i.png alt=icon> in</p><p><img src=b.png alt=B> words</p>",
            [
                Block("picture", "A map"),
                Block("paragraph", "Below"),
                Block("paragraph", "with icon in"),
                Block("paragraph", "B words"),
            ],
            id="a picture alone is a block, in a line its description",
        ),
        pytest.param(
            "<details><summary>More</summary>Hidden</details><dl><dt>T<dd>D<dd>E</dl>",
            [
                Block("paragraph", "More", (Mark("strong", 0, 4),)),
                Block("paragraph", "Hidden"),
                Block("paragraph", "T", (Mark("strong", 0, 1),)),
                Block("paragraph", "D", level=1),
                Block("paragraph", "E", level=1),
            ],
            id="summaries and definitions",
        ),
    ],
)
def test_html_becomes_blocks(html: str, expected: list[Block]) -> None:
    assert blocks(html) == expected


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<script>alert(1)</script>a", "a"),
        ("<style>p{}</style><title>t</title>a", "a"),
        ("<p onclick='x()' style='position:fixed'>a</p>", "a"),
        ("<svg><script>alert(1)</script><text>s</text></svg>a", "a"),
        ("<iframe src='https://a.org'>i</iframe>a", "a"),
        ("<noscript><img src=x onerror=alert(1)></noscript>a", "a"),
        ("<p>a<!-- <b>c</b> --></p>", "a"),
        ("<form action='https://a.org'><input type=text value=v>a<textarea>t</textarea></form>", "a"),
        ("<math><semantics><mi>a</mi><annotation>TeX</annotation></semantics></math>", "a"),
        ("<math><mtext><img src=x onerror=alert(1)>a</mtext></math>", "a"),
        ("<plaintext>a", "a"),
    ],
)
def test_what_could_act_is_gone(html: str, text: str) -> None:
    assert "".join(block.text for block in blocks(html)) == text
    assert not any(word in sanitised(html) for word in ("script", "onclick", "onerror", "iframe", "position"))


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "java\tscript:alert(1)",
        "&#106;avascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://a.org",
        "//a.org/x",
        "/etc/passwd",
        "other.md",
        "#",
        "#nowhere",
        "https://",
        "",
        "https://a.org/" + "x" * 5000,
    ],
)
def test_a_link_that_leads_nowhere_good_is_only_text(address: str) -> None:
    assert blocks(f'<p><a href="{address}">here</a></p>') == [Block("paragraph", "here")]


@pytest.mark.parametrize("address", ["http://a.org", "HTTPS://a.org/b?c=d#e", "mailto:a@b.org", "https://қаз.kz/жол"])
def test_links_of_the_web_and_mail_stay(address: str) -> None:
    assert blocks(f'<a href="{address}">here</a>') == [Block("paragraph", "here", (Mark("link", 0, 4, address),))]


def test_links_inside_the_document_lead_to_its_headings() -> None:
    html = (
        '<p><a href="#own">1</a> <a href="#para">2</a> <a href="#%D0%B6">3</a> <a href="#in">4</a> '
        '<a href="#top">5</a></p>'
        '<h2 id="own">Own</h2><p id="para">x</p><h2 id="ж">Ж</h2><h3>With <a name="in"></a>inner</h3>'
    )
    found = blocks(html)
    assert [mark.target for mark in found[0].marks] == ["#own", "#own", "#ж", "#with-inner"]
    assert [block.target for block in found if block.kind == "heading"] == ["own", "ж", "with-inner"]


def test_a_reference_without_its_footnote_is_only_text() -> None:
    assert blocks('<p>a<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup></p>') == [
        Block("paragraph", "a1")
    ]


def test_pictures_come_from_the_resolver_and_from_the_text_and_never_from_the_network() -> None:
    asked: list[str] = []

    def picture(address: str) -> bytes | None:
        asked.append(address)
        return {"a.png": PNG, "script.svg": b"<svg onload=x>"}.get(address)

    inside = base64.b64encode(GIF).decode()
    html = (
        '<p><img src="a.png" alt="A"></p><p><img src="a.png"></p><p><img src="https://a.org/x.png" alt="Far"></p>'
        f'<p><img src="//a.org/y.png"></p><p><img src="data:image/gif;base64,{inside}" alt="In"></p>'
        '<p><img src="script.svg" alt="S"></p><p><img src="gone.png" alt="G"></p>'
        '<p><img src="file:///x.png" alt="F"></p>'
    )
    content = parse(html, picture)
    assert asked == ["a.png", "script.svg", "gone.png"]
    assert sorted(content.pictures.values()) == sorted([PNG, GIF])
    shown = [(block.kind, block.text, content.pictures.get(block.target)) for block in content.blocks]
    assert shown == [
        ("picture", "A", PNG),
        ("picture", "", PNG),
        ("picture", "Far", None),
        ("picture", "In", GIF),
        ("picture", "S", None),
        ("picture", "G", None),
        ("picture", "F", None),
    ]
    assert len(content.notices) == 2
    assert content.notices[0].startswith("2 pictures are on the network")
    assert content.notices[1].startswith("3 pictures could not be found")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p><img src=a.png alt=A> words</p>", [("picture", "A"), ("paragraph", "words")]),
        (
            "<p><a href='https://a.org'><img src=a.png alt=A></a> <b>words</b></p>",
            [("picture", "A"), ("paragraph", "words")],
        ),
        ("<p>words <img src=a.png alt=A> go on</p>", [("paragraph", "words A go on")]),
        ("<ul><li><img src=a.png alt=A> words</ul>", [("item", "A words")]),
        ("<h2><img src=a.png alt=A> words</h2>", [("heading", "A words")]),
        ("<p><img src=gone.png alt=A> words</p>", [("paragraph", "A words")]),
    ],
)
def test_a_picture_that_can_be_drawn_stands_above_the_words_after_it(
    html: str, expected: list[tuple[str, str]]
) -> None:
    content = parse(html, lambda address: PNG if address == "a.png" else None)
    assert [(block.kind, block.text) for block in content.blocks] == expected


def test_a_picture_that_is_too_large_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("margent.formats.pictures.LIMIT", 30)
    content = parse('<p><img src="a.png" alt="A"></p>', lambda _: PNG)
    assert content.pictures == {}
    assert content.notices == ("A picture is too large to keep: only the description is shown.",)


@pytest.mark.parametrize("tag", ["blockquote", "div", "ul><li", "ol><li", "b", "span", "table><tr><td", "dl><dd"])
def test_thousands_of_nested_tags_are_read_without_a_crash(tag: str) -> None:
    found = blocks(f"<{tag}>" * 5000 + "deep")
    assert [block.text for block in found if block.text] == ["deep"]
    assert all(block.quote <= 20 and block.level <= 20 for block in found)


def test_ten_thousand_nested_quotations_are_read_and_a_million_refused() -> None:
    assert blocks("<blockquote>" * 10_000 + "deep") == [Block("quotation", "deep", quote=20)]
    with pytest.raises(MargentError, match="nest"):
        blocks("<blockquote>" * 1_000_000 + "deep")


@pytest.mark.parametrize(
    "html",
    [
        "<p id='" + "x" * 1_000_000 + "'>a</p>",
        "<p class='" + "x " * 300_000 + "'>a</p>",
        "<p " + " ".join(f"a{n}='1'" for n in range(5000)) + ">a</p>",
        "<a href='https://a.org/" + "x" * 1_000_000 + "'>a</a>",
        "<h2 id='" + "x" * 1_000_000 + "'>a</h2>",
        "<ol start='" + "9" * 100_000 + "'><li>a</ol>",
        "<table><tr><td colspan='999999999' rowspan='99999999'>a</td></tr></table>",
    ],
    ids=["id", "class", "many", "link", "anchor", "number", "span"],
)
def test_huge_attributes_are_read_quickly_and_not_kept(html: str) -> None:
    start = time.process_time()
    found = blocks(html)
    assert time.process_time() - start < 2
    assert [block.text.strip() for block in found] == ["a"]
    assert max(len(block.target) for block in found) < 300


TEXTS = [
    "a",
    "bb ",
    "  c",
    " d\n",
    "é",
    "e\u0301",
    "\u0301",
    "\xa0",
    "🎉",
    "سلام",
    "қаз",
    "&amp;",
    "&lt;",
    "<",
    ">",
    "\t",
]
PAIRED = ["b", "i", "p", "ul", "li", "blockquote", "h2", "pre", "code", "table", "sup", "mark", "q", "span", "dl"]
SINGLE = ["<br>", "<ol start=3>", "<tr>", "<td>", "<th>", "<td colspan=3>", "<td rowspan=2>", "<hr>", "<dd>", "</ol>"]
SPECIAL = [
    "<a href='https://a.org'>",
    "<a href='#fn:1' class=footnote-ref>",
    "<a class=footnote-backref>",
    "</a>",
    "<img src=x alt=pic>",
    "<input type=checkbox checked>",
    "<div class=footnote>",
    "<li id='fn:1'>",
    "</div>",
]
TAGS = [f"<{slash}{tag}>" for tag in PAIRED for slash in ("", "/")]
PIECES = st.sampled_from(TEXTS + TAGS + SINGLE + SPECIAL)


@given(st.lists(PIECES, max_size=40).map("".join))
@example("<b>e</b><i>\u0301</i>")
@example("<pre><li></pre><table><tr><td><b>a</table>b")
def test_marks_stand_within_their_block_on_words_and_text_is_canonical(html: str) -> None:
    found = parse(html).blocks
    notes = {block.target for block in found if block.kind == "footnote"}
    for block in found:
        assert unicodedata.is_normalized("NFC", block.text)
        assert block.kind in {"rule", "item", "picture"} or block.text.strip()
        for mark in block.marks:
            assert 0 <= mark.start < mark.end <= len(block.text)
            covered = block.text[mark.start : mark.end]
            assert covered == covered.strip(" \n\t")
            assert mark.kind != "noteref" or mark.target in notes
        assert list(block.marks) == sorted(block.marks, key=lambda m: (m.start, -m.end, m.kind))
        if block.kind == "table":
            assert {len(row) for row in block.rows()} == {len(block.align)}
    assert unicodedata.is_normalized("NFC", Document("", found).text)


@given(st.lists(st.sampled_from(["one", "two ", " three", "é", "e\u0301", "🎉", " ", "\n"]), min_size=1), st.data())
def test_a_mark_covers_the_same_words_wherever_it_lies(parts: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(parts)))
    last = data.draw(st.integers(first, len(parts)))
    inner = "".join(parts[first:last])
    found = blocks(f"<p>{''.join(parts[:first])}<mark>{inner}</mark>{''.join(parts[last:])}</p>")
    words = " ".join(unicodedata.normalize("NFC", inner).split())
    covered = [block.text[mark.start : mark.end] for block in found for mark in block.marks]
    assert covered == ([words] if words else [])


def test_time_grows_with_the_length_of_the_html() -> None:
    def seconds(paragraphs: int) -> float:
        html = "<p>Some <b>words</b> with <a href='https://a.org'>a link</a> &amp; more of them.</p>\n" * paragraphs
        start = time.process_time()
        parse(html)
        return time.process_time() - start

    seconds(100)
    assert seconds(16_000) < 16 * max(seconds(2000), 0.01)
