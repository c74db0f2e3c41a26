import base64
import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from margent.document import Block, Document
from margent.errors import MargentError
from margent.formats import webpage
from margent.formats.charsets import page_text, python_name
from margent.formats.notices import ARTICLE_ONLY

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01" + bytes(30)
LINE = "The river carries less water every year, and the towns along it have begun to count what is left of it. "
BODY = "".join(f"<p>{number}. {LINE}{LINE}</p>" for number in range(1, 7))
AROUND = (
    "<nav><ul><li><a href='/a'>Home</a></li><li><a href='/b'>Politics</a></li></ul></nav>{}"
    "<aside class='related'><h3>Related</h3><ul><li><a href='/c'>Another story entirely</a></li></ul></aside>"
    "<div class='comments'><p>Nice article, I read it twice.</p></div>"
    "<footer><p>Copyright of the paper. <a href='/d'>Imprint</a></p></footer>"
)


def read(html: str, name: str = "page.html", **options: bool) -> Document:
    return webpage.read(html.encode(), name, **options)


def article(inner: str, head: str = "<title>Water</title>") -> Document:
    return read(f"<html><head>{head}</head><body>{AROUND.format(f'<article>{inner}{BODY}</article>')}</body></html>")


def kinds(document: Document, *kind: str) -> list[str]:
    return [block.text for block in document.blocks if block.kind in kind]


def test_the_article_is_taken_out_of_the_page_and_the_whole_page_can_be_had() -> None:
    html = f"<html><head><title>Water | Paper</title></head><body>{AROUND.format(f'<article>{BODY}</article>')}"
    taken, whole = read(html), read(html, whole=True)
    assert ARTICLE_ONLY in taken.notices
    assert ARTICLE_ONLY not in whole.notices
    for word in ("Politics", "Another story", "Nice article", "Copyright"):
        assert word not in taken.text
        assert word in whole.text
    for document in (taken, whole):
        assert all(f"{number}. {LINE.strip()}" in document.text for number in range(1, 7))


@pytest.mark.parametrize(
    "html",
    [
        "<h1>Plan</h1><p>Short.</p><ul><li>One<li>Two</ul>",
        f"<html><body><h1>Plan</h1>{BODY}<table><tr><td>1<td>2</table></body></html>",
        "<table><tr><th>Year<th>Value</tr><tr><td>2020<td>5</tr></table>",
        "<nav><a href=x>Home</a></nav><table><tr><th>Year<th>Value</tr><tr><td>2020<td>5</tr></table>",
    ],
)
def test_a_page_without_more_than_its_text_comes_in_whole(html: str) -> None:
    document = read(html)
    assert ARTICLE_ONLY not in document.notices
    for word in ("Plan", "Short.", "One", "Year", "2020"):
        assert (word in document.text) == (word in html)


def test_what_belongs_to_an_article_survives() -> None:
    inner = (
        "<h2>Findings</h2><p>Some <b>bold</b>, <em>fine</em> and <a href='https://a.org/x'>linked</a> words.</p>"
        "<ul><li>First point</li><li><a href='https://a.org/y'>Second point</a></li></ul><ol><li>Step</li></ol>"
        "<blockquote><p>Quoted words.</p></blockquote>"
        "<table><tr><th>Year</th><th>Flow</th></tr><tr><td>2020</td><td>5</td></tr></table>"
        "<figure><img src='https://a.org/map.png' alt='A map'><figcaption>The basin</figcaption></figure>"
        "<dl><dt>Term</dt><dd>Meaning</dd></dl><pre>code</pre>"
    )
    document = article(inner)
    assert kinds(document, "heading") == ["Water", "Findings"]
    assert kinds(document, "item") == ["First point", "Second point", "Step"]
    assert kinds(document, "quotation") == ["Quoted words."]
    assert kinds(document, "table") == ["Year\tFlow\n2020\t5"]
    assert kinds(document, "picture") == ["A map"]
    assert kinds(document, "code") == ["code"]
    assert {"The basin", "Term", "Meaning"} <= set(kinds(document, "paragraph"))
    marks = {(m.kind, b.text[m.start : m.end]) for b in document.blocks for m in b.marks}
    assert {("strong", "bold"), ("emphasis", "fine"), ("link", "linked"), ("link", "Second point")} <= marks


WORD = (
    "<p>Words<a href='#_ftn1' name='_ftnref1'><sup>[1]</sup></a> go on.</p>",
    "<div id='ftn1'><p><a href='#_ftnref1' name='_ftn1'>[1]</a> The note.</p></div>",
)
REFERENCE = "<sup id='cite_ref-1' class='reference'><a href='#cite_note-1'><span>[</span>1<span>]</span></a></sup>"
JUMP = "<span class='mw-cite-backlink'><b><a href='#cite_ref-1'>^</a></b></span>"
WIKIPEDIA = (
    f"<p>Words{REFERENCE} go on.</p>",
    f"<ol class='references'><li id='cite_note-1'>{JUMP} <span class='reference-text'>The note.</span></li></ol>",
)
UP = "<a href='#fnref1' role='doc-backlink'>↩︎</a>"
PANDOC = (
    "<p>Words<a href='#fn1' class='footnote-ref' id='fnref1' role='doc-noteref'><sup>1</sup></a> go on.</p>",
    f"<section class='footnotes'><hr><ol><li id='fn1'><p>The note.{UP}</p></li></ol></section>",
)
BACK = "<a class='footnote-backref' href='#fnref:1'>↩</a>"
MARKDOWN = (
    "<p>Words<sup id='fnref:1'><a class='footnote-ref' href='#fn:1'>1</a></sup> go on.</p>",
    f"<div class='footnote'><hr><ol><li id='fn:1'><p>The note.&nbsp;{BACK}</p></li></ol></div>",
)
PLAIN = ("<p>Words<a id='r1' href='#n1'>*</a> go on.</p>", "<p id='n1'><a href='#r1'>*</a> The note.</p>")


@pytest.mark.parametrize(("words", "note"), [WORD, WIKIPEDIA, PANDOC, MARKDOWN, PLAIN])
def test_footnotes_are_known_however_they_are_written(words: str, note: str) -> None:
    document = read(f"<h1>T</h1>{words}<p>More.</p>{note}")
    assert kinds(document, "footnote") == ["The note."]
    paragraph = next(block for block in document.blocks if block.text.startswith("Words"))
    assert paragraph.text == "Words1 go on."
    assert [(m.kind, m.target) for m in paragraph.marks if m.kind == "noteref"] == [("noteref", "1")]


@pytest.mark.parametrize(("words", "note"), [WORD, WIKIPEDIA, PANDOC, MARKDOWN, PLAIN])
def test_footnotes_that_stand_outside_the_article_come_with_it(words: str, note: str) -> None:
    html = f"<title>T</title><body>{AROUND.format(f'<div><article>{words}{BODY}</article></div><div>{note}</div>')}"
    document = read(html)
    assert ARTICLE_ONLY in document.notices
    assert kinds(document, "footnote") == ["The note."]


def test_a_table_of_contents_with_numbers_is_not_taken_for_footnotes() -> None:
    document = read(
        "<h1>T</h1><p><a href='#s1'>1</a> <a href='#s2'>2</a></p><div id=s1><h2>A</h2>x</div><p id=s2>B</p>"
    )
    assert kinds(document, "footnote") == []


HEAD = (
    "<title>Less water in the river | The Paper</title><meta name=author content='Site Admin'>"
    "<meta property='og:title' content='Less water in the river'><meta property='og:site_name' content='The Paper'>"
    "<meta name=description content='What the towns along the river have counted so far.'>"
    "<link rel=canonical href='https://paper.example/water'>"
)


def linked(**data: object) -> str:
    return f"<script type='application/ld+json'>{json.dumps(data)}</script>"


ANNA = {"@type": "Person", "name": "Anna Berg"}
NEWS = {"@type": "NewsArticle", "headline": "Less water in the river", "author": [ANNA, {"name": "Bo Li"}]}


@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        (HEAD, "title", "Less water in the river"),
        (HEAD, "authors", ("Site Admin",)),
        (HEAD, "source", "https://paper.example/water"),
        (HEAD, "summary", "What the towns along the river have counted so far."),
        (HEAD + linked(**NEWS), "authors", ("Anna Berg", "Bo Li")),
        (HEAD + linked(**{"@graph": [{"@type": "WebSite"}, NEWS]}), "authors", ("Anna Berg", "Bo Li")),
        (
            linked(**{"@graph": [{"@id": "#p", **ANNA}, {"@type": "Report", "author": {"@id": "#p"}}]}),
            "authors",
            ("Anna Berg",),
        ),
        (linked(**NEWS, datePublished="2024-03-05T10:00:00Z"), "date", "2024-03-05"),
        ("<meta property='article:published_time' content='2023-01-02T01:00+05:00'>", "date", "2023-01-02"),
        ("<meta name='citation_publication_date' content='2019/07/04'>", "date", "2019-07-04"),
        ("<meta name='DC.date.issued' content='2019-07'>", "date", "2019-07"),
        ("<meta name='date' content='5 March 2021'>", "date", "2021-03-05"),
        ("<meta name='date' content='soon'>", "date", ""),
        ("<meta name=citation_author content='Berg, A.'><meta name=citation_author content='Li'>", "authors",
         ("Berg, A.", "Li")),
        ("<meta name='dc.creator' content='Anna Berg; Bo Li'>", "authors", ("Anna Berg", "Bo Li")),
        ("<meta name=author content='https://paper.example/u/1'>", "authors", ()),
        ("<meta property='og:locale' content='kk_KZ'>", "language", "kk-KZ"),
        ("</head><body lang=EN-GB><p>Some words stand here.", "language", "EN-GB"),
        ("<meta property='og:url' content='https://paper.example/x'>", "source", "https://paper.example/x"),
        ("<base href='https://paper.example/a/'><link rel=canonical href='b'>", "source", "https://paper.example/a/b"),
        ("<link rel=canonical href='javascript:x'>", "source", ""),
        ("<title>Dry river - The Handbook</title><h1>The Handbook</h1><h1>Dry river</h1>", "title", "Dry river"),
        ("<title>Water – Report – Ministry of Rivers</title>", "title", "Water – Report"),
        ("<title>Water - Land</title>", "title", "Water - Land"),
    ],
)  # fmt: skip
def test_what_a_page_says_of_itself(head: str, field: str, value: object) -> None:
    document = read(f"<html><head>{head}</head><body><p>Some words stand here.</p></body></html>")
    assert getattr(document, field) == value


@pytest.mark.parametrize(
    "html",
    [
        "<!DOCTYPE html>\n<!-- saved from url=(0028)https://paper.example/water --><html><body><p>a</p>",
        "<html><!--\n Page saved with SingleFile \n url: https://paper.example/water \n saved date: x--><body><p>a</p>",
        "<!-- Mirrored from paper.example/water by HTTrack Website Copier/3.x -->\n<html><body><p>a</p>",
    ],
)
def test_where_a_page_was_saved_from(html: str) -> None:
    assert read(html).source.endswith("//paper.example/water")


def test_the_language_of_the_page_and_its_links_lead_where_they_led() -> None:
    document = read(
        "<html lang=ru><head><link rel=canonical href='https://p.example/a/b'></head><body><h1 id=t>T</h1>"
        "<p><a href='c'>one</a> <a href='/d'>two</a> <a href='https://p.example/a/b#t'>three</a>, <a href='#t'>four</a>"
    )
    assert document.language == "ru"
    marks = next(block.marks for block in document.blocks if block.kind == "paragraph")
    assert [m.target for m in marks] == ["https://p.example/a/c", "https://p.example/d", "#t", "#t"]


def test_nothing_hidden_and_nothing_that_acts_is_read() -> None:
    document = read(
        "<p>Seen</p><p hidden>a1</p><div style='color:red;display: none'>a2</div><span aria-hidden=true>a3</span>"
        "<script>a4</script><noscript>a5</noscript><!-- a6 --><span class='sr-only'>a7</span>"
        "<details><summary>More</summary>Kept</details>"
        "<h2>Plan<span class=mw-editsection>[edit]</span><a class=headerlink href='#p'>¶</a></h2>"
    )
    assert document.text.split("\n")[-4:] == ["Seen", "More", "Kept", "Plan"]


def test_a_page_that_is_hidden_as_a_whole_is_read() -> None:
    assert (
        "words" in read("<body style='display:none'><div aria-hidden=true><p>Many words</p></div><p hidden>x</p>").text
    )


def test_pictures_are_kept_from_the_page_and_beside_it_and_never_fetched() -> None:
    asked: list[str] = []

    def picture(address: str) -> bytes | None:
        asked.append(address)
        return PNG if address == "page_files/a.png" else None

    inside = base64.b64encode(PNG * 5).decode()
    html = (
        "<h1>T</h1><p><img src='page_files/a.png' alt='A'></p><p><img src='https://far.example/b.png' alt='Far'></p>"
        f"<p><img src='data:image/png;base64,{inside}' alt='In'></p><img width=1 height=1 src='//far.example/x.gif'>"
        "<p><img src='data:image/gif;base64,R0lGOD' data-src='https://far.example/c.png' alt='Late'></p>"
    )
    document = webpage.read(html.encode(), "page.html", picture)
    assert asked == ["page_files/a.png"]
    shown = [(b.text, document.pictures.get(b.target)) for b in document.blocks if b.kind == "picture"]
    assert shown == [("A", PNG), ("Far", None), ("In", PNG * 5), ("Late", None)]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<p>қазақ".encode(), "қазақ"),
        (b"\xef\xbb\xbf<meta charset=windows-1251><p>\xd2\x9b", "қ"),
        ("<meta charset=windows-1251><p>Привет, мир".encode("cp1251"), "Привет, мир"),
        ("<meta http-equiv=content-type content='text/html; charset=koi8-r'><p>Привет".encode("koi8-r"), "Привет"),
        ("<?xml version='1.0' encoding='iso-8859-1'?><html><p>café “x”</p></html>".encode("cp1252"), "café “x”"),
        ("<meta charset=iso-8859-1><p>қазақ".encode(), "қазақ"),
        ("<meta charset=shift_jis><p>日本語の文".encode("cp932"), "日本語の文"),
        ("<meta charset=iso-2022-jp><p>日本語".encode("iso-2022-jp"), "日本語"),
        ("<meta charset=gb2312><p>中文".encode("gb18030"), "中文"),
        ("<html><p>wide</p></html>".encode("utf-16"), "wide"),
        ("<!-- <meta charset=koi8-r> --><meta charset=cp1251><p>Привет".encode("cp1251"), "Привет"),
        (b"<meta charset=base64><p>plain", "plain"),
    ],
)
def test_the_encoding_of_a_page(data: bytes, text: str) -> None:
    assert webpage.read(data, "page.html").blocks[-1].text == text
    assert page_text(data, "page.html")[1] == ()


@pytest.mark.parametrize(
    "label", ["", "base64", "unicode_escape", "rot13", "idna", "utf-7", "\0", "zip", "é", "x" * 9999]
)
def test_labels_that_name_no_encoding_of_text(label: str) -> None:
    assert python_name(label) == ""


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<link rel=canonical href='https://a.org/x'><p><a href='x&#1;y'>a</a>", "a"),
        ("<p><a href='http://[x'>b</a>", "b"),
        ("<base href='http://[x'><p><a href=y>a</a>", "a"),
        ("<base href='http://a.org'><link rel=canonical href='//[x'><p><a href='//[y'>a</a>", "a"),
        ("<p id='fn&#1;' class='a&#x2;b'>a&#0;&#xFFFE;&#99999999;b", "ab"),
        ("<p>one &#150; two &#x93;three&#148; &#8212;", "one – two “three” —"),
    ],
)
def test_addresses_and_letters_that_no_tree_can_hold_do_no_harm(html: str, text: str) -> None:
    assert read(html).blocks[-1].text == text


def test_layout_tables_become_paragraphs_and_tables_of_figures_stay() -> None:
    document = read(
        f"<table><tr><td><table><tr><td>Menu</td></tr></table></td><td><h2>Head</h2>{BODY}</td></tr></table>"
        "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
    )
    assert kinds(document, "table") == ["a\tb\n1\t2"]
    assert kinds(document, "heading") == ["Menu", "Head"]
    assert len([text for text in kinds(document, "paragraph") if LINE.strip() in text]) == 6


def test_numbers_of_the_acts_of_the_union_stand_before_their_paragraphs() -> None:
    row = "<table><colgroup><col><col></colgroup><tbody><tr><td><p>({})</p></td><td><p>{}</p></td></tr></tbody></table>"
    document = read("<p>Whereas:</p>" + row.format(1, LINE) + row.format(2, LINE))
    assert kinds(document, "paragraph") == ["Whereas:", f"(1) {LINE.strip()}", f"(2) {LINE.strip()}"]


def test_lists_of_word_become_lists() -> None:
    item = (
        "<p class=MsoListParagraph style='mso-list:l0 level{} lfo1'><![if !supportLists]>"
        "<span style='mso-list:Ignore'>{}<span>&nbsp;&nbsp;</span></span><![endif]>{}</p>"
    )
    document = read(
        "<h1>T</h1>"
        + item.format(1, "1.", "One")
        + item.format(2, "o", "Inner")
        + item.format(1, "2.", "Two")
        + "<p>After</p>"
    )
    found = [(b.kind, b.text, b.level, b.number) for b in document.blocks[1:]]
    assert found == [
        ("item", "One", 1, 1),
        ("item", "Inner", 2, 0),
        ("item", "Two", 1, 2),
        ("paragraph", "After", 0, 0),
    ]


@pytest.mark.parametrize("name", ["footnote", "toc", "admonition", "footnotes"])
def test_names_in_a_page_do_not_act_as_those_of_markdown(name: str) -> None:
    document = read(f"<h1>T</h1><p>a <span class={name}>b</span> c</p><div class={name}>d</div>")
    assert [(b.kind, b.text) for b in document.blocks[1:]] == [("paragraph", "a b c"), ("paragraph", "d")]


@pytest.mark.parametrize(
    ("html", "title", "first"),
    [
        ("<title>T</title><p>a", "T", Block("heading", "T", level=1, target="t")),
        (
            "<title>Dry rivers | Site</title><h1 id=x>Dry rivers</h1><p>a",
            "Dry rivers",
            Block("heading", "Dry rivers", level=1, target="x"),
        ),
        ("<h2>Only</h2><p>a", "Only", Block("heading", "Only", level=1, target="only")),
        ("<p>A sentence ends here.</p>", "my page", Block("heading", "my page", level=1, target="my-page")),
    ],
)
def test_the_title_stands_at_the_head(html: str, title: str, first: Block) -> None:
    document = read(html, "my-page.html")
    assert document.title == title
    assert document.blocks[0] == first


@pytest.mark.parametrize("tag", ["div", "blockquote", "ul><li", "table><tr><td", "b", "section"])
def test_ten_thousand_nested_tags_are_read(tag: str) -> None:
    start = time.process_time()
    assert "deep" in read(f"<{tag}>" * 5000 + "deep").text
    assert time.process_time() - start < 10


def test_a_million_nested_tags_are_refused_with_the_name_of_the_file() -> None:
    with pytest.raises(MargentError, match=r"page\.html nests"):
        read("<div>" * 1_000_000)


@pytest.mark.parametrize("html", ["", " ", "<!-- a -->", "<html></html>", "<script>x</script>", "\0"])
def test_a_page_without_text_has_no_blocks_or_says_so(html: str) -> None:
    try:
        assert read(html).text.strip() in {"", "page"}
    except MargentError as error:
        assert "page.html" in str(error)  # noqa: PT017 - either is right


@pytest.mark.parametrize(
    "html",
    [
        "<nav>x</nav><table>" + ("<tr>" + "<td>1</td>" * 50 + "</tr>") * 200 + "</table>",
        "<nav>x</nav>" + "<p><a href='#n'>1</a>" * 3000,
        "<nav>x</nav>" + "<div class=sidebar><p>" * 400 + LINE * 400,
        "<!DOCTYPE " * 5000 + "<p>a",
        "<p>" + "<meta charset=" * 9000 + "a",
        "<nav>x</nav>" + f"<div>{LINE}</div>" * 2000,
        "<sup><a href='#a' id=b>1</a></sup>" * 1000 + "<p id=a><a href='#b'>1</a>a</p>",
        "<script type='application/ld+json'>" + "[" * 100_000 + "</script><p>a",
        "<p>" + "&nbsp;" * 50_000 + "a",
    ],
    ids=["table", "links", "nested", "doctypes", "metas", "divs", "notes", "linked data", "entities"],
)  # fmt: skip
def test_hostile_pages_are_read_within_seconds(html: str) -> None:
    start = time.process_time()
    read(html)
    assert time.process_time() - start < 10


ALL = f"<article>{WORD[0]}{BODY[:600]}{WORD[1]}<table><tr><td>(1)<td><p>a</table></article>"
SAMPLE = f"<html lang=en><head>{HEAD}{linked(**NEWS)}</head><body>{AROUND.format(ALL)}".encode()
HARM = st.one_of(
    st.binary(max_size=6),
    st.sampled_from(
        [b"&#1;", b'href="//[x"', b"<a:1b", b"<![CDATA[", b"<table>", b"&#xFFFE;", b"<?xml ", b"</body>", b"\xff\xfe"]
    ),
)
CHANGES = st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), HARM, st.integers(0, 30)), max_size=8)


@given(CHANGES, st.booleans())
@settings(max_examples=60, deadline=2000)
def test_a_damaged_page_is_read_or_refused(changes: list[tuple[int, bytes, int]], whole: bool) -> None:
    data = SAMPLE
    for place, new, cut in changes:
        data = data[:place] + new + data[place + cut :]
    try:
        assert isinstance(webpage.read(data, "page.html", whole=whole), Document)
    except MargentError as error:
        assert "page.html" in str(error)  # noqa: PT017 - either is right


def test_a_chapter_of_a_manual_is_read_without_the_navigation_around_it() -> None:
    data = (Path(__file__).parent / "data" / "formats" / "debmake-ch01.html").read_bytes()
    document = webpage.read(data, "debmake-ch01.html")
    assert document.title == "Chapter 1. Overview"
    assert "Prerequisites" not in document.text
    assert "Prerequisites" in webpage.read(data, "debmake-ch01.html", whole=True).text
    assert kinds(document, "code")[0].startswith(" $ tar -xvzf package-1.0.tar.gz")
    assert kinds(document, "footnote")[0].startswith("The deb-make command was popular")
    assert len(kinds(document, "item")) == 12
