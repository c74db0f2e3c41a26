import io
import re
import time
import zipfile
from collections import Counter
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from margent.document import Document
from margent.errors import MargentError
from margent.formats import epub, pagetree

DATA = Path(__file__).parent / "data" / "formats"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01" + bytes(30)
CONTAINER = (
    '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
META = (
    "<dc:title>The River</dc:title><dc:creator>Anna Berg</dc:creator><dc:language>en</dc:language>"
    "<dc:date>2021-03-05</dc:date><dc:identifier>urn:isbn:978-3-16-148410-0</dc:identifier>"
    "<dc:description>&lt;p&gt;About a river.&lt;/p&gt;</dc:description>"
)
KINDS = {"xhtml": "application/xhtml+xml", "png": "image/png", "ncx": "application/x-dtbncx+xml", "css": "text/css"}


def page(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title>x</title></head><body>{body}</body></html>'
    )


def opf(names: list[str], meta: str = META, last: tuple[str, ...] = ()) -> str:
    items = "".join(
        f'<item id="i{number}" href="{name}" media-type="{KINDS[name.rsplit(".")[-1]]}"'
        f"{' properties=' + chr(34) + 'nav' + chr(34) if name == 'nav.xhtml' else ''}/>"
        for number, name in enumerate(names)
    )
    toc = next((f' toc="i{number}"' for number, name in enumerate(names) if name.endswith("ncx")), "")
    spine = "".join(
        f'<itemref idref="i{number}"{" linear=" + chr(34) + "no" + chr(34) if name in last else ""}/>'
        for number, name in enumerate(names)
        if name.endswith("xhtml")
    )
    return (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" xmlns:opf="http://www.idpf.org/'
        f'2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{meta}</metadata>'
        f"<manifest>{items}</manifest><spine{toc}>{spine}</spine></package>"
    )


def packed(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/epub+zip")
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def book(texts: dict[str, str | bytes], meta: str = META, last: tuple[str, ...] = (), **more: str | bytes) -> bytes:
    files: dict[str, str | bytes] = {"META-INF/container.xml": CONTAINER, "OPS/book.opf": opf(list(texts), meta, last)}
    for name, text in texts.items():
        whole = page(text) if isinstance(text, str) and name.endswith("xhtml") and "<html" not in text else text
        files[f"OPS/{name}"] = whole
    return packed({**files, **more})


def read(texts: dict[str, str | bytes], *args: str, last: tuple[str, ...] = ()) -> Document:
    return epub.read(book(texts, *args, last=last), "book.epub")


def lines(document: Document, *kind: str) -> list[str]:
    return [block.text for block in document.blocks if not kind or block.kind in kind]


def test_a_book_is_its_texts_in_reading_order_and_what_it_says_of_itself() -> None:
    document = read(
        {
            "b.xhtml": "<h1>One</h1><p>First.</p>",
            "n.xhtml": "<h1>Note</h1><p>Beside.</p>",
            "a.xhtml": "<h1>Two</h1><p>Second.</p>",
        },
        last=("n.xhtml",),
    )
    assert lines(document) == ["The River", "One", "First.", "Two", "Second.", "Note", "Beside."]
    assert [block.level for block in document.blocks if block.kind == "heading"] == [1, 2, 2, 2]
    assert (document.title, document.authors, document.language, document.date, document.source, document.summary) == (
        *("The River", ("Anna Berg",), "en", "2021-03-05", "ISBN 9783161484100", "About a river."),
    )


SUBTITLE = "<dc:title id='s'>Sub</dc:title><meta refines='#s' property='title-type'>subtitle</meta>"
MAIN = "<dc:title id='m'>Main</dc:title><meta refines='#m' property='title-type'>main</meta>"


@pytest.mark.parametrize(
    ("meta", "field", "value"),
    [
        (SUBTITLE + MAIN, "title", "Main"),
        ("<dc:creator opf:role='edt'>Ed</dc:creator><dc:creator opf:role='aut'>Au</dc:creator>", "authors", ("Au",)),
        ("<dc:creator id='c'>Il</dc:creator><meta refines='#c' property='role'>ill</meta>", "authors", ("Il",)),
        ("<dc:date opf:event='creation'>2022</dc:date><dc:date opf:event='publication'>1999</dc:date>", "date", "1999"),
        ("<dc:date>0101-01-01T00:00:00+00:00</dc:date>", "date", ""),
        ("<dc:language>kk_KZ</dc:language>", "language", "kk-KZ"),
        ("<dc:language>unknown language</dc:language>", "language", ""),
        ("<dc:identifier>urn:uuid:1</dc:identifier><dc:source>https://a.org</dc:source>", "source", "https://a.org"),
        ("<dc:identifier>doi:10.1000/182</dc:identifier>", "source", "https://doi.org/10.1000/182"),
        ("<dc:identifier>urn:uuid:1</dc:identifier>", "source", ""),
        ("", "title", "book"),
    ],
)  # fmt: skip
def test_what_a_book_says_of_itself(meta: str, field: str, value: object) -> None:
    assert getattr(read({"a.xhtml": "<p>Words stand here.</p>"}, meta), field) == value


NCX = (
    "<?xml version='1.0'?><!DOCTYPE ncx PUBLIC '-//NISO//DTD ncx 2005-1//EN' 'http://www.daisy.org/z3986/2005/x.dtd'>"
    "<ncx xmlns='http://www.daisy.org/z3986/2005/ncx/'><navMap><navPoint id='n1'><navLabel><text>Chapter I</text>"
    "</navLabel><content src='a.xhtml'/><navPoint id='n2'><navLabel><text>Part of it</text></navLabel>"
    "<content src='a.xhtml#p'/></navPoint></navPoint></navMap><pageList><pageTarget><navLabel><text>12</text>"
    "</navLabel><content src='a.xhtml#p'/></pageTarget></pageList></ncx>"
)
NAV = (
    "<nav epub:type='toc'><ol><li><a href='a.xhtml'>Chapter I</a><ol><li><a href='a.xhtml#p'>Part of it</a></li></ol>"
    "</li></ol></nav><nav epub:type='page-list' hidden=''><ol><li><a href='a.xhtml#p'>12</a></li></ol></nav>"
)


@pytest.mark.parametrize("contents", [{"toc.ncx": NCX}, {"nav.xhtml": NAV}], ids=["NCX", "nav"])
@pytest.mark.parametrize(
    "body",
    [
        "<p class='c'>CHAPTER I</p><p>First.</p><p id='p'>Part of it</p><p>Second.</p>",
        "<div><p>First.</p><p id='p'>Second.</p></div>",
        "<h2>Chapter I</h2><p>First.</p><h3 id='p'>Part of it</h3><p>Second.</p>",
    ],
    ids=["as paragraphs", "only in the contents", "as headings"],
)
def test_the_contents_give_the_headings_that_the_text_has_not(contents: dict[str, str], body: str) -> None:
    document = read({**contents, "a.xhtml": body})
    assert [text.casefold() for text in lines(document)] == [
        *("the river", "chapter i", "first.", "part of it", "second."),
    ]
    levels = [block.level for block in document.blocks if block.kind == "heading"]
    assert levels == ([1, 2, 3] if "<h2>" in body else [1, 1, 2])
    assert [label for _, label in document.pages] == ["12"]


def test_pages_of_print_are_kept_as_places_and_their_numbers_are_not_words() -> None:
    document = read(
        {
            "a.xhtml": "<h1>T</h1><p><span epub:type='pagebreak' id='p1' title='1'/>One goes "
            "<span epub:type='pagebreak' id='p2'>2</span>on.</p><p role='doc-pagebreak' aria-label='iii'></p><p>Two</p>"
        }
    )
    assert lines(document)[-2:] == ["One goes on.", "Two"]
    assert [(document.text[place:][:3], label) for place, label in document.pages] == [
        ("One", "1"), ("on.", "2"), ("Two", "iii"),
    ]  # fmt: skip


def test_links_between_files_lead_to_their_headings() -> None:
    document = read(
        {
            "a.xhtml": "<h1 id='x'>A</h1><p><a href='b.xhtml#x'>b</a>, <a href='b.xhtml'>b</a>; <a href='#x'>a</a>; "
            "<a href='https://a.org'>web</a>; <a href='gone.xhtml#x'>gone</a></p>",
            "b.xhtml": "<h1 id='x'>B</h1><p>Words.</p>",
        }
    )
    targets = {block.text: block.target for block in document.blocks if block.kind == "heading"}
    marks = next(block.marks for block in document.blocks if block.text.startswith("b, b"))
    assert [mark.target for mark in marks] == [
        f"#{targets['B']}",
        f"#{targets['B']}",
        f"#{targets['A']}",
        "https://a.org",
    ]


ASIDE = "<aside epub:type='footnote' id='n'><p>1. Note</p></aside>"
ENDNOTES = "<section epub:type='endnotes'><ol><li id='n' epub:type='endnote' hidden=''>Note</li></ol></section>"


@pytest.mark.parametrize(
    "texts",
    [
        {"a.xhtml": f"<p>Words<a epub:type='noteref' href='#n'>1</a>.</p>{ASIDE}"},
        {"a.xhtml": "<p>Words<sup><a epub:type='noteref' href='n.xhtml#n'>1</a></sup>.</p>", "n.xhtml": ENDNOTES},
        {
            "a.xhtml": "<p>Words<a id='r' href='n.xhtml#n'>[1]</a>.</p>",
            "n.xhtml": "<p id='n'><a href='a.xhtml#r'>[1]</a> Note</p>",
        },
    ],
)
def test_notes_become_footnotes_wherever_they_stand(texts: dict[str, str | bytes]) -> None:
    document = read(texts)
    assert lines(document, "footnote") == ["Note"]
    assert "Words1." in lines(document, "paragraph")
    assert [mark.kind for block in document.blocks for mark in block.marks] == ["noteref"]


def test_pictures_of_the_book_are_kept() -> None:
    document = read(
        {
            "c.xhtml": "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'>"
            "<image xlink:href='img/a%20b.png'/></svg>",
            "a.xhtml": "<h1>T</h1><p>Words.</p><img src='img/a%20b.png' alt='Map'/>"
            "<img src='https://a.org/x.png' alt='Far'/><img src='../../etc/passwd' alt='Out'/>",
            "img/a b.png": PNG,
        }
    )
    assert list(document.pictures.values()) == [PNG]
    shown = [(block.text, bool(block.target)) for block in document.blocks if block.kind == "picture"]
    assert shown == [("", True), ("Map", True), ("Far", False), ("Out", False)]


def test_style_sheets_say_what_is_stressed() -> None:
    document = read(
        {
            "a.xhtml": "<p>A <span class='it'>slanted</span> <span class='b'>heavy</span> <span class='x'>word</span>",
            "s.css": "/* .x{font-style:italic} */ span.it, p { font-style: italic } .b{font-weight:700}",
        }
    )
    paragraph = document.blocks[-1]
    assert [(m.kind, paragraph.text[m.start : m.end]) for m in paragraph.marks] == [
        ("emphasis", "slanted"), ("strong", "heavy"),
    ]  # fmt: skip


def test_a_text_that_is_not_well_formed_or_has_entities_is_read() -> None:
    broken = "<html><body><p>One &nbsp;&eacute; &unknown; & <b>two<p>three<br>four</body>"
    declared = "<!DOCTYPE html [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><html><body><p>five &b;</p></body></html>"
    document = read({"a.xhtml": broken, "b.xhtml": declared})
    assert lines(document)[1:] == ["One \xa0é &unknown; & two", "three\nfour", "five &b;"]


LOCKED = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:e="http://www.w3.org/2001/04/xmlenc#">'
    '<e:EncryptedData><e:EncryptionMethod Algorithm="{}"/><e:CipherData><e:CipherReference URI="{}"/></e:CipherData>'
    "</e:EncryptedData></encryption>"
)
AES = "http://www.w3.org/2001/04/xmlenc#aes128-cbc"
FONT = "http://www.idpf.org/2008/embedding"


def test_a_protected_book_is_refused_and_disguised_fonts_are_not_minded() -> None:
    texts: dict[str, str | bytes] = {"a.xhtml": "<p>Words.</p>"}
    for way, path in ((AES, "OPS/a.xhtml"), ("other", "OPS/a.xhtml")):
        with pytest.raises(MargentError, match=r"book\.epub is protected"):
            epub.read(book(texts, **{"META-INF/encryption.xml": LOCKED.format(way, path)}), "book.epub")
    for way, path in ((FONT, "OPS/f.otf"), (AES, "OPS/video.mp4")):
        data = book(texts, **{"META-INF/encryption.xml": LOCKED.format(way, path), "META-INF/rights.xml": "<r/>"})
        assert "Words." in epub.read(data, "book.epub").text


ENTITIES = '<!DOCTYPE p [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><package>&b;</package>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04 and nothing more", "damaged"),
        (packed({"a.txt": "x"}), "damaged"),
        (packed({"META-INF/container.xml": CONTAINER}), "damaged"),
        (book({"a.xhtml": "<img src='a.png' alt=''/>", "a.png": PNG}), "pictures without text"),
        (packed({"META-INF/container.xml": CONTAINER, "OPS/book.opf": opf(["gone.xhtml"])}), "damaged"),
        (packed({"../../evil.opf": "x", "META-INF/container.xml": CONTAINER}), "leads out"),
        (packed({"META-INF/container.xml": CONTAINER, "OPS/book.opf": ENTITIES}), "entities"),
        (book({"a.xhtml": b"<p>" + b"a" * 9 * 1024 * 1024}), "longer than|times its size"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_the_cause(data: bytes, words: str) -> None:
    with pytest.raises(MargentError, match=words) as error:
        epub.read(data, "book.epub")
    assert "book.epub" in str(error.value)


@pytest.mark.parametrize("contents", [{"nav.xhtml": ""}, {"nav.xhtml": b"\x00"}, {"toc.ncx": "<ncx"}, {"toc.ncx": ""}])
def test_a_book_with_damaged_contents_is_read_without_them(contents: dict[str, str | bytes]) -> None:
    assert lines(read({**contents, "a.xhtml": "<p>Words.</p>"}))[-1] == "Words."


def test_a_missing_part_is_said_and_the_rest_is_read() -> None:
    files: dict[str, str | bytes] = {
        "META-INF/container.xml": CONTAINER,
        "OPS/book.opf": opf(["gone.xhtml", "a.xhtml"]),
    }
    document = epub.read(packed({**files, "OPS/a.xhtml": page("<p>Words.</p>")}), "book.epub")
    assert "Words." in document.text
    assert document.notices == ("A part of the book is missing in the file or damaged, so the text has a gap there.",)


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 10_000 + "deep",
        "<p>" + "".join(f"<a href='a.xhtml#n{n}' id='r{n}'>{n}</a>" for n in range(1000))
        + "</p>" + "".join(f"<p id='n{n}'><a href='#r{n}'>{n}</a> x</p>" for n in range(1000)) + "deep",
        "<table>" + ("<tr>" + "<td>1</td>" * 60 + "</tr>") * 200 + "</table>deep",
    ],
    ids=["nested", "notes", "table"],
)  # fmt: skip
def test_hostile_texts_are_read_within_seconds(body: str) -> None:
    start = time.process_time()
    assert "deep" in read({"a.xhtml": body}).text
    assert time.process_time() - start < 10


SMALL = book(
    {
        "nav.xhtml": NAV,
        "toc.ncx": NCX,
        "a.xhtml": f"<h1>A</h1><p id='p'>Words<a epub:type='noteref' href='#n'>1</a></p>{ASIDE}<img src='a.png'/>",
        "s.css": ".a{font-style:italic}",
        "a.png": PNG,
    }
)
MEMBERS = {n: zipfile.ZipFile(io.BytesIO(SMALL)).read(n) for n in zipfile.ZipFile(io.BytesIO(SMALL)).namelist()}


HARM = st.one_of(
    st.binary(max_size=6),
    st.sampled_from(
        [b"&#1;", b'href="//[x"', b"<a:1b", b"<![CDATA[", b"<table>", b"&#xFFFE;", b"<?xml ", b"</body>", b"\xff\xfe"]
    ),
)
CHANGES = st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.binary(max_size=4), st.integers(0, 8)), min_size=1)


@given(CHANGES)
@settings(max_examples=60, deadline=2000)
def test_a_damaged_archive_is_read_or_refused(changes: list[tuple[int, bytes, int]]) -> None:
    data = SMALL
    for place, new, cut in changes:
        data = data[:place] + new + data[place + cut :]
    try:
        assert isinstance(epub.read(data, "book.epub"), Document)
    except MargentError as error:
        assert "book.epub" in str(error)  # noqa: PT017 - either is right


@given(st.sampled_from(sorted(MEMBERS)), st.integers(0, 2000), HARM, st.integers(0, 40))
@settings(max_examples=100, deadline=2000)
def test_a_book_with_a_damaged_part_is_read_or_refused(member: str, place: int, new: bytes, cut: int) -> None:
    place = min(place, len(MEMBERS[member]))
    changed = MEMBERS[member][:place] + new + MEMBERS[member][place + cut :]
    files: dict[str, str | bytes] = {**MEMBERS, member: changed}
    files.pop("mimetype")
    try:
        assert isinstance(epub.read(packed(files), "book.epub"), Document)
    except MargentError as error:
        assert "book.epub" in str(error)  # noqa: PT017 - either is right


def test_a_real_book_is_read_as_another_program_reads_it() -> None:
    data = (DATA / "debmake.epub").read_bytes()
    document = epub.read(data, "debmake.epub")
    assert (document.title, document.authors, document.date) == (
        *("Guide for Debian Maintainers", ("Osamu Aoki",), "2022-05-09"),
    )
    assert len(lines(document, "footnote")) == 3
    assert lines(document, "heading")[-1] == "6.8.\xa0debmake -T"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        pages = [archive.read(f"OEBPS/{name}.html") for name in ("cover", "index", "pr01", "ch01", "ch06")]
    plain = re.sub(r"<(?:head|style)\b[\s\S]*?</(?:head|style)>|<[^<>]*>", " ", b" ".join(pages).decode())
    theirs, ours = (Counter(re.findall(r"\w+", unescape(text))) for text in (plain, document.text))
    assert 2 * (theirs & ours).total() / (theirs.total() + ours.total()) > 0.99


def test_a_list_of_parts_that_cannot_be_repaired_is_refused_in_a_sentence() -> None:
    listed = opf(["one.xhtml"]).encode().replace(b"The River", b"&#xD800;")
    data = packed({"META-INF/container.xml": CONTAINER, "OPS/book.opf": listed, "OPS/one.xhtml": page("<p>One.</p>")})
    with pytest.raises(MargentError, match=r"book\.epub is damaged: OPS/book\.opf"):
        epub.read(data, "book.epub")


def test_an_attribute_whose_name_is_none_does_no_harm() -> None:
    page = '<html><body><p {{7*7}}="x" a:b="c">Words</p></body></html>'
    tree = pagetree.chapter(page)
    assert "Words" in "".join(tree.itertext())
