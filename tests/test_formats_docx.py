import io
import re
import time
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import docx as python_docx
import pytest
from docx.enum.text import WD_COLOR_INDEX
from hypothesis import given, settings
from hypothesis import strategies as st

from margent import formats
from margent.document import Block, Document
from margent.errors import MargentError
from margent.formats import docxhtml
from margent.formats.docx import read

W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" '
    'xmlns:cid="http://schemas.microsoft.com/office/word/2016/wordml/cid" '
    'xmlns:cex="http://schemas.microsoft.com/office/word/2018/wordml/cex"'
)
FILES = Path(__file__).parent / "data" / "formats"
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
ETUDE = "e\u0301tude 😀"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01" + bytes(30)


def package(body: str, parts: Mapping[str, str | bytes] | None = None, relations: str = "") -> bytes:
    """A Word file with this body; `parts` are files by name under word/, each related to as its name says."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="a" Type="{KIND}officeDocument" Target="word/document.xml"/>'
            f'<Relationship Id="b" Type="http://x/metadata/core-properties" Target="docProps/core.xml"/>'
            "</Relationships>",
        )
        file.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, content in (parts or {}).items():
            if isinstance(content, bytes):
                file.writestr(f"word/{name}", content)
            elif name == "docProps/core.xml":
                file.writestr(name, content)
            else:
                file.writestr(f"word/{name}.xml", f"<w:{name} {W}>{content}</w:{name}>")
                relations += f'<Relationship Id="p-{name}" Type="{KIND}{name}" Target="{name}.xml"/>'
        file.writestr(
            "word/_rels/document.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f"{relations}</Relationships>",
        )
    return out.getvalue()


def made(body: str, parts: Mapping[str, str | bytes] | None = None, relations: str = "") -> Document:
    return read(package(body, parts, relations), "brief.docx")


def para(text: str, style: str = "", properties: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{run(text)}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def style(name: str, title: str, more: str = "", based: str = "") -> str:
    on = f'<w:basedOn w:val="{based}"/>' if based else ""
    return f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{title}"/>{on}{more}</w:style>'


def level(index: int, form: str = "decimal", start: int = 1) -> str:
    return f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/></w:lvl>'


def numbered(number: int, depth: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'


def shape(document: Document) -> list[tuple[object, ...]]:
    return [(block.kind, block.text, block.level) for block in document.blocks]


def marked(block: Block) -> list[tuple[str, str]]:
    return [(mark.kind, block.text[mark.start : mark.end]) for mark in block.marks]


# -- structure ---------------------------------------------------------------------------------------------------------


def test_what_word_writes_becomes_blocks() -> None:
    word = python_docx.Document()
    word.core_properties.author = "Ana Peeters; Serik Alimov"
    word.core_properties.modified = datetime(2025, 3, 4, 22, 0, tzinfo=UTC)
    word.add_heading("Critical raw materials", 0)
    word.add_heading("Overview", 1)
    paragraph = word.add_paragraph("The Commission ")
    paragraph.add_run("adopted").bold = True
    paragraph.add_run(" it").italic = True
    paragraph.add_run(" now").font.highlight_color = WD_COLOR_INDEX.YELLOW
    word.add_paragraph("One", style="List Number")
    word.add_paragraph("Dash", style="List Bullet")
    word.add_paragraph("Two", style="List Number")
    word.add_paragraph("Said so", style="Quote")
    table = word.add_table(2, 3, style="Light Grid Accent 1")
    for index, cell in enumerate(table.rows[0].cells):
        cell.text = f"H{index}"
    table.rows[1].cells[0].merge(table.rows[1].cells[1]).text = "both"
    table.rows[1].cells[2].text = "x"
    out = io.BytesIO()
    word.save(out)
    document = formats.read(out.getvalue(), "brief.docx")
    assert shape(document) == [
        ("heading", "Critical raw materials", 1),
        ("heading", "Overview", 2),
        ("paragraph", "The Commission adopted it now", 0),
        ("item", "One", 1),
        ("item", "Dash", 1),
        ("item", "Two", 1),
        ("quotation", "Said so", 0),
        ("table", "H0\tH1\tH2\nboth\t\tx", 0),
    ]
    assert marked(document.blocks[2]) == [("strong", "adopted"), ("emphasis", "it"), ("marked", "now")]
    assert [block.number for block in document.blocks[3:6]] == [1, 0, 2]
    assert document.blocks[7].heading_row
    assert (document.title, document.authors) == ("Critical raw materials", ("Ana Peeters", "Serik Alimov"))
    assert (document.date, document.annotations) == ("2025-03-04", ())


@pytest.mark.parametrize(
    ("name", "title", "more", "kind", "depth"),
    [
        ("berschrift2", "heading 2", "", "heading", 2),
        ("Zitat", "Quote", "", "quotation", 0),
        ("IntensivesZitat", "Intense Quote", "", "quotation", 0),
        ("a9", "Цитата", "", "quotation", 0),
        ("Citationintense", "Citation intense", "", "quotation", 0),
        ("Ttulo3", "Título 3", "", "heading", 3),
        ("X", "Chapter", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>', "heading", 2),
        ("X", "Body", '<w:pPr><w:outlineLvl w:val="9"/></w:pPr>', "paragraph", 0),
        ("X", "Listing", "", "paragraph", 0),
        ("HTMLPreformatted", "HTML Preformatted", "", "code", 0),
    ],
)
def test_a_style_says_what_a_paragraph_is_in_any_language(
    name: str, title: str, more: str, kind: str, depth: int
) -> None:
    document = made(para("First") + para("Words", name), {"styles": style(name, title, more)})
    assert shape(document)[1] == (kind, "Words", depth)


def test_a_style_based_on_a_heading_is_one_and_a_style_that_takes_the_outline_away_is_none() -> None:
    styles = style("H", "heading 1", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>')
    styles += style("Own", "Annex title", "", "H") + style(
        "Not", "Box", '<w:pPr><w:outlineLvl w:val="9"/></w:pPr>', "H"
    )
    document = made(
        para("A", "Own") + para("B", "Not") + para("C", "", '<w:outlineLvl w:val="2"/>'), {"styles": styles}
    )
    assert shape(document) == [("heading", "A", 1), ("paragraph", "B", 0), ("heading", "C", 3)]


def test_a_style_based_on_the_title_that_is_none_is_prose() -> None:
    styles = (
        style("Title", "Title") + style("Author", "Author", "", "Title") + style("Subtitle", "Subtitle", "", "Title")
    )
    document = made(para("T", "Title") + para("Who", "Author") + para("What", "Subtitle"), {"styles": styles})
    assert shape(document) == [("heading", "T", 1), ("paragraph", "Who", 0), ("paragraph", "What", 0)]


def bold(text: str) -> str:
    return f"<w:p>{run(text, '<w:b/>')}</w:p>"


def test_bold_lines_are_headings_only_where_a_document_has_no_other() -> None:
    text = bold("Title of it") + para("Prose.") + bold("A part") + para("More.") + bold("A whole sentence in bold.")
    assert shape(made(text)) == [
        ("heading", "Title of it", 1),
        ("paragraph", "Prose.", 0),
        ("heading", "A part", 2),
        ("paragraph", "More.", 0),
        ("paragraph", "A whole sentence in bold.", 0),
    ]
    styled = made(text + para("Own", "H"), {"styles": style("H", "heading 1")})
    assert [block.kind for block in styled.blocks] == ["paragraph"] * 5 + ["heading"]


def test_an_item_with_nothing_before_it_goes_on_with_the_one_above() -> None:
    blank = '<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val=" "/></w:lvl>'
    numbering = f'<w:abstractNum w:abstractNumId="7">{level(0)}</w:abstractNum>'
    numbering += f'<w:abstractNum w:abstractNumId="8">{blank}</w:abstractNum>'
    numbering += '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    numbering += '<w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>'
    body = para("One", "", numbered(1)) + para("goes on", "", numbered(2)) + para("Two", "", numbered(1))
    blocks = made(body, {"numbering": numbering}).blocks
    assert [(b.kind, b.text, b.level, b.number) for b in blocks] == [
        ("item", "One", 1, 1),
        ("paragraph", "goes on", 1, 0),
        ("item", "Two", 1, 2),
    ]


def test_styles_based_on_each_other_in_a_circle_are_read() -> None:
    document = made(para("A", "X"), {"styles": style("X", "x", "", "Y") + style("Y", "y", "", "X")})
    assert shape(document) == [("paragraph", "A", 0)]


def test_lists_count_as_word_counts_them() -> None:
    numbering = f'<w:abstractNum w:abstractNumId="7">{level(0, start=3)}{level(1, "lowerLetter")}</w:abstractNum>'
    numbering += f'<w:abstractNum w:abstractNumId="8">{level(0, "bullet")}</w:abstractNum>'
    numbering += '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    numbering += '<w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>'
    numbering += (
        '<w:num w:numId="3"><w:abstractNumId w:val="7"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    body = "".join(
        para(text, "", properties)
        for text, properties in [
            ("three", numbered(1)),
            ("a", numbered(1, 1)),
            ("b", numbered(1, 1)),
            ("between", ""),
            ("four", numbered(1)),
            ("a again", numbered(1, 1)),
            ("dot", numbered(2)),
            ("five", numbered(1)),
            ("one", numbered(3)),
            ("two", numbered(3)),
            ("none", numbered(0)),
        ]
    )
    blocks = made(body, {"numbering": numbering}).blocks
    assert [(b.text, b.level, b.number) for b in blocks] == [
        ("three", 1, 3),
        ("a", 2, 1),
        ("b", 2, 2),
        ("between", 0, 0),
        ("four", 1, 4),
        ("a again", 2, 1),
        ("dot", 1, 0),
        ("five", 1, 5),
        ("one", 1, 1),
        ("two", 1, 2),
        ("none", 0, 0),
    ]


def shown(index: int, form: str, text: str, more: str = "") -> str:
    return f'<w:lvl w:ilvl="{index}"><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def definition(key: int, levels: str) -> str:
    return (
        f'<w:abstractNum w:abstractNumId="{key}">{levels}</w:abstractNum>'
        f'<w:num w:numId="{key}"><w:abstractNumId w:val="{key}"/></w:num>'
    )


def test_headings_carry_the_numbers_that_word_shows() -> None:
    linked = '<w:numPr><w:ilvl w:val="{}"/><w:numId w:val="4"/></w:numPr><w:outlineLvl w:val="{}"/>'
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="H{n}"><w:name w:val="heading {n + 1}"/>'
        f"<w:pPr>{linked.format(n, n)}</w:pPr></w:style>"
        for n in range(2)
    )
    levels = shown(0, "upperRoman", "Part %1", '<w:pStyle w:val="H0"/>')
    levels += shown(1, "decimal", "%1.%2", '<w:pStyle w:val="H1"/><w:isLgl/>')
    body = para("Aims", "H0") + para("Means", "H1") + para("Ends", "H1") + para("", "H1") + para("Costs", "H0")
    body += para("Of all", "H1") + para("Unnumbered", "H1", '<w:numPr><w:numId w:val="0"/></w:numPr>')
    document = made(body, {"styles": styles, "numbering": definition(4, levels)})
    assert [(block.text, block.level) for block in document.blocks] == [
        ("Part I Aims", 1),
        ("1.1 Means", 2),
        ("1.2 Ends", 2),
        ("Part II Costs", 1),
        ("2.1 Of all", 2),
        ("Unnumbered", 2),
    ]
    assert document.blocks[1].target == "11-means"


def test_labels_that_others_refer_by_stay_in_the_text_and_plain_numbers_make_a_list() -> None:
    levels = shown(0, "decimal", "Article %1") + shown(1, "decimal", "%2.") + shown(2, "lowerLetter", "(%3)")
    levels += shown(3, "lowerRoman", "%4)", '<w:suff w:val="nothing"/>')
    body = "".join(
        para(text, "", numbered(4, depth))
        for text, depth in [
            ("Scope", 0),
            ("The parties shall", 1),
            ("meet, and", 2),
            ("report:", 2),
            ("yearly", 3),
            ("The council decides.", 1),
            ("Entry into force", 0),
            ("No paragraph between", 2),
        ]
    )
    blocks = made(body, {"numbering": definition(4, levels)}).blocks
    assert [(block.kind, block.text, block.level, block.number) for block in blocks] == [
        ("paragraph", "Article 1 Scope", 0, 0),
        ("item", "The parties shall", 1, 1),
        ("paragraph", "(a) meet, and", 1, 0),
        ("paragraph", "(b) report:", 1, 0),
        ("paragraph", "i)yearly", 1, 0),
        ("item", "The council decides.", 1, 2),
        ("paragraph", "Article 2 Entry into force", 0, 0),
        ("paragraph", "(a) No paragraph between", 0, 0),
    ]


def test_a_numbering_begins_where_it_is_told_and_again_under_each_outer_number() -> None:
    levels = shown(0, "decimal", "§ %1", '<w:start w:val="5"/>') + shown(1, "upperLetter", "%1%2")
    levels += shown(2, "decimal", "%1.%3", '<w:lvlRestart w:val="0"/>')
    numbering = definition(4, levels) + (
        '<w:num w:numId="9"><w:abstractNumId w:val="4"/><w:lvlOverride w:ilvl="0"><w:lvl w:ilvl="0">'
        '<w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Annex %1"/></w:lvl>'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    order = [(4, 1), (4, 0), (4, 1), (4, 1), (4, 2), (4, 0), (4, 1), (4, 2), (9, 0), (9, 0)]
    body = "".join(para("x", "", numbered(number, depth)) for number, depth in order)
    texts = [block.text for block in made(body, {"numbering": numbering}).blocks]
    labels = ["5A", "§ 5", "5A", "5B", "5.1", "§ 6", "6A", "6.2", "Annex 1", "Annex 2"]
    assert texts == [f"{label} x" for label in labels]


def test_a_comment_on_a_numbered_paragraph_stands_on_its_words() -> None:
    body = f"<w:p><w:pPr>{numbered(4)}</w:pPr>{begin(0)}{run('All of it')}{end(0)}{refer(0)}</w:p>"
    parts = {"numbering": definition(4, shown(0, "lowerLetter", "(%1)")), "comments": comment(0, "Really?")}
    document = made(body, parts)
    (given_,) = document.annotations
    assert document.text == "(a) All of it"
    assert document.text[given_.start : given_.end] == "All of it"


def test_notes_follow_the_text_with_the_numbers_they_have_in_it() -> None:
    body = (
        f'<w:p>{run("First")}<w:r><w:footnoteReference w:id="4"/></w:r>{run(" and")}'
        f'<w:r><w:endnoteReference w:id="2"/></w:r>{run(" last")}<w:r><w:footnoteReference w:id="3"/></w:r>'
        '<w:r><w:footnoteReference w:id="99"/></w:r></w:p>'
    )
    document = made(
        body,
        {
            "footnotes": f'<w:footnote w:id="0" w:type="separator">{para("---")}</w:footnote>'
            f'<w:footnote w:id="3">{para("Third.")}</w:footnote><w:footnote w:id="4">{para("Fourth.")}</w:footnote>',
            "endnotes": f'<w:endnote w:id="2">{para("At the end.")}{para("More.")}</w:endnote>',
        },
    )
    assert document.blocks[0].text == "First1 andi last2"
    assert [(m.kind, m.target) for m in document.blocks[0].marks if m.kind == "noteref"] == [
        ("noteref", "1"),
        ("noteref", "i"),
        ("noteref", "2"),
    ]
    assert [(b.kind, b.text, b.target) for b in document.blocks[1:]] == [
        ("footnote", "Fourth.", "1"),
        ("footnote", "At the end.", "i"),
        ("footnote", "More.", "i"),
        ("footnote", "Third.", "2"),
    ]


def test_a_note_under_a_sign_of_its_own_is_not_counted() -> None:
    def reference(number: int, sign: str = "") -> str:
        own = f"<w:t>{sign}</w:t>" if sign else ""
        said = 'w:customMarkFollows="1" ' if sign else ""
        return f'<w:r><w:footnoteReference {said}w:id="{number}"/>{own}</w:r>'

    words = [
        f"{run('Thanks')}{reference(2, '*')}",
        f"{run('Counted')}{reference(3)}",
        f"{run('Also')}{reference(4, '*')}",
    ]
    notes = [(2, f"{run('*')}{run(' To all.')}"), (3, run(" A source.")), (4, f"{run('*')}{run(' To some.')}")]
    document = made(
        "".join(f"<w:p>{each}</w:p>" for each in words),
        {"footnotes": "".join(f'<w:footnote w:id="{key}"><w:p>{note}</w:p></w:footnote>' for key, note in notes)},
    )
    assert [(b.kind, b.text, b.target) for b in document.blocks] == [
        ("paragraph", "Thanks*", ""),
        ("paragraph", "Counted1", ""),
        ("paragraph", "Also**", ""),
        ("footnote", "To all.", "*"),
        ("footnote", "A source.", "1"),
        ("footnote", "To some.", "**"),
    ]
    assert [mark.target for block in document.blocks for mark in block.marks if mark.kind == "noteref"] == [
        "*",
        "1",
        "**",
    ]


def test_contents_are_left_out_and_links_lead_where_they_led() -> None:
    toc = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC \\o "1-3" </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("Aims")}{run("3")}</w:p>'
        f'<w:p>{run("Means")}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    sdt = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{para('Contents')}</w:sdtContent></w:sdt>"
    )
    link = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "https://example.org/a" '
        f'</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("field")}'
        f'<w:r><w:fldChar w:fldCharType="end"/></w:r>{run(" and ")}'
        f'<w:hyperlink r:id="l">{run("rel")}</w:hyperlink> {run(" and ")}'
        f'<w:hyperlink w:anchor="aims">{run("inside")}</w:hyperlink>'
        f'<w:hyperlink r:id="bad">{run(" bad")}</w:hyperlink>'
        f'<w:fldSimple w:instr=" AUTHOR ">{run(" simple")}</w:fldSimple></w:p>'
    )
    heading = (
        f'<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:bookmarkStart w:id="1" w:name="aims"/>{run("Aims")}</w:p>'
    )
    document = made(
        toc + sdt + link + heading,
        relations=f'<Relationship Id="l" Type="{KIND}hyperlink" Target="https://example.org/b" TargetMode="External"/>'
        f'<Relationship Id="bad" Type="{KIND}hyperlink" Target="file:///etc/passwd" TargetMode="External"/>',
    )
    assert [block.text for block in document.blocks] == ["field and rel and inside bad simple", "Aims"]
    assert [(mark.target, document.blocks[0].text[mark.start : mark.end]) for mark in document.blocks[0].marks] == [
        ("https://example.org/a", "field"),
        ("https://example.org/b", "rel"),
        ("#aims", "inside"),
    ]


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        (run("a") + "<w:r><w:tab/></w:r>" + run("b"), "a b"),
        (run("a") + "<w:r><w:br/></w:r>" + run("b"), "a\nb"),
        (run("a") + '<w:r><w:br w:type="page"/></w:r>' + run("b"), "a b"),
        ("<w:r><w:t>non</w:t><w:noBreakHyphen/><w:t>stop</w:t></w:r>", "non\u2011stop"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>' + run(" done"), "✓ done"),
        ('<w:r><w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr><w:t>\uf061</w:t></w:r>' + run(" ray"), "α ray"),
        ('<w:r><w:sym w:font="Arial" w:char="2192"/></w:r>' + run("x"), "→x"),
        ('<w:r><w:sym w:font="Wingdings" w:char="zz"/></w:r>' + run("x"), "x"),
        ("<w:sdt><w:sdtContent>" + run("control") + "</w:sdtContent></w:sdt>", "control"),
        ("<w:smartTag><w:customXml>" + run("tag") + "</w:customXml></w:smartTag>", "tag"),
        (
            "<w:r><w:ruby><w:rt>" + run("kan") + "</w:rt><w:rubyBase>" + run("漢") + "</w:rubyBase></w:ruby></w:r>",
            "漢(kan)",
        ),
        (
            (
                "<m:oMath><m:r><m:t>E=m</m:t></m:r><m:sSup><m:e><m:r><m:t>c</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t>"
                "</m:r></m:sup></m:sSup><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den>"
                "</m:f><m:d><m:e><m:r><m:t>x</m:t></m:r></m:e></m:d></m:oMath>"
            ),
            "E=mc2a/b(x)",
        ),
        (run("seen") + run("hidden words", "<w:vanish/>"), "seen"),
        (run("a < b & “c”".replace("&", "&amp;").replace("<", "&lt;")), "a < b & “c”"),
    ],
)
def test_what_stands_in_a_paragraph_is_read_as_word_shows_it(inside: str, text: str) -> None:
    assert made(f"<w:p>{inside}</w:p>" + para("End.")).blocks[0].text == text


def test_a_text_box_follows_its_paragraph_once_whichever_of_its_two_versions_is_read() -> None:
    box = (
        "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wp:anchor><w:txbxContent>"
        + para("In the box")
        + "</w:txbxContent></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>"
        + para("In the box")
        + "</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert [b.text for b in made(f"<w:p>{run('Around')}{box}</w:p>").blocks] == ["Around", "In the box"]


def picture(relation: str, description: str) -> str:
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="{description}"/><a:graphic><a:graphicData>'
        f'<pic:pic><pic:blipFill><a:blip r:embed="{relation}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def test_pictures_come_from_the_file_and_never_from_elsewhere() -> None:
    asked: list[str] = []
    data = package(
        f"<w:p>{picture('i', 'A map')}</w:p><w:p>{picture('far', 'Far away')}</w:p><w:p>{picture('no', 'Gone')}</w:p>",
        {"media/image1.png": PNG},
        f'<Relationship Id="i" Type="{KIND}image" Target="media/image1.png"/>'
        f'<Relationship Id="far" Type="{KIND}image" Target="https://example.org/x.png" TargetMode="External"/>',
    )
    document = read(data, "brief.docx", lambda address: asked.append(address) or None)
    assert [(b.kind, b.text, bool(b.target)) for b in document.blocks] == [
        ("picture", "A map", True),
        ("picture", "Far away", False),
        ("picture", "Gone", False),
    ]
    assert list(document.pictures.values()) == [PNG]
    assert asked == []
    assert any("on the network" in notice for notice in document.notices)


def test_a_table_keeps_its_cells_and_a_table_of_one_column_is_prose() -> None:
    cell = "<w:tc><w:tcPr>{}</w:tcPr>{}</w:tc>"
    rows = (
        "<w:tr><w:trPr><w:tblHeader/></w:trPr>"
        + cell.format("", para("A"))
        + cell.format('<w:gridSpan w:val="2"/>', para("B"))
        + "</w:tr><w:tr>"
        + cell.format('<w:vMerge w:val="restart"/>', para("down"))
        + cell.format("", para("1") + para("2"))
        + cell.format("", "<w:p/>")
        + "</w:tr><w:tr>"
        + cell.format("<w:vMerge/>", "<w:p/>")
        + cell.format("", para("3"))
        + cell.format("", para("4"))
        + "</w:tr>"
    )
    box = "<w:tbl><w:tr>" + cell.format("", para("Key message")) + "</w:tr></w:tbl>"
    document = made(f"<w:tbl>{rows}</w:tbl>{box}")
    assert [(b.kind, b.rows() if b.kind == "table" else b.text) for b in document.blocks] == [
        ("table", [["A", "B", ""], ["down", "1 2", ""], ["", "3", "4"]]),
        ("paragraph", "Key message"),
    ]
    assert document.blocks[0].heading_row


# -- tracked changes ---------------------------------------------------------------------------------------------------


def test_insertions_are_taken_deletions_dropped_and_both_are_said() -> None:
    tracked = 'w:id="1" w:author="Ana" w:date="2024-05-03T10:00:00Z"'
    body = (
        f"<w:p>{run('Keep ')}<w:ins {tracked}>{run('new ')}{run('words ')}</w:ins><w:ins {tracked}>{run('too')}</w:ins>"
        f"<w:del {tracked}><w:r><w:delText>old</w:delText></w:r></w:del>{run(' end.')}"
        f"<w:del {tracked}><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
        f"<w:p><w:moveFrom {tracked}>{run('moved')}</w:moveFrom></w:p>"
        f"<w:p><w:moveTo {tracked}>{run('moved')}</w:moveTo></w:p>"
        f"<w:p><w:pPr><w:rPr><w:del {tracked}/></w:rPr></w:pPr>{run('joined ')}</w:p>{para('with this')}"
        f"<w:tbl><w:tr>{'<w:tc>' + para('a') + '</w:tc>'}{'<w:tc>' + para('b') + '</w:tc>'}</w:tr>"
        f"<w:tr><w:trPr><w:del {tracked}/></w:trPr><w:tc>{para('c')}</w:tc><w:tc>{para('d')}</w:tc></w:tr></w:tbl>"
    )
    document = made(body)
    assert [b.text for b in document.blocks] == ["Keep new words too end.", "moved", "joined with this", "a\tb"]
    assert document.notices[0] == (
        "The document has tracked changes: 1 insertion is taken as accepted, 3 deletions are left out and "
        "1 passage stands where it was moved to."
    )


# -- comments ----------------------------------------------------------------------------------------------------------


def comment(key: int, text: str, author: str = "Ana", paragraph: str = "", date: str = "2024-05-03T10:00:00Z") -> str:
    name = f' w14:paraId="{paragraph}"' if paragraph else ""
    return f'<w:comment w:id="{key}" w:author="{author}" w:date="{date}"><w:p{name}>{run(text)}</w:p></w:comment>'


def begin(key: int) -> str:
    return f'<w:commentRangeStart w:id="{key}"/>'


def end(key: int) -> str:
    return f'<w:commentRangeEnd w:id="{key}"/>'


def refer(key: int) -> str:
    return f'<w:r><w:commentReference w:id="{key}"/></w:r>'


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            f"<w:p>{run('One ')}{begin(1)}{run('two', '<w:b/>')}{run(' three')}{end(1)}{refer(1)}{run(' four')}</w:p>",
            "two three",
        ),
        (f"<w:p>{run('One ')}{begin(1)}{run(' two ')}{end(1)}{refer(1)}{run('three')}</w:p>", "two"),
        (
            f"<w:p>{run('One ')}{begin(1)}{run('two')}</w:p><w:p>{run('three')}{end(1)}{refer(1)}{run(' four')}</w:p>",
            "two\nthree",
        ),
        (f"{begin(1)}{para('Whole.')}{end(1)}<w:p>{refer(1)}{run('Next')}</w:p>", "Whole."),
        (f"{para('Before')}{begin(1)}<w:p>{run('Last')}{refer(1)}</w:p>{end(1)}", "Last"),
        (f"<w:p>{run('One two')}{refer(1)}{run(' three')}</w:p>", "two"),
        (f"<w:p>{run('One two. ')}{refer(1)}{run(' ')}</w:p>", "One two."),
        (f"<w:p>{run('One')}</w:p><w:p>{refer(1)}</w:p>", "One"),
        (
            f"<w:p>{run('One ')}<w:hyperlink>{begin(1)}{run('link')}{end(1)}</w:hyperlink>{refer(1)}</w:p>",
            "link",
        ),
        (
            f"<w:p>{run('One ')}<w:ins w:id='5' w:author='B'>{begin(1)}{run('new')}{end(1)}</w:ins>{refer(1)}</w:p>",
            "new",
        ),
        (
            (
                f"<w:p>{run('One ')}{begin(1)}<w:del w:id='5' w:author='B'><w:r><w:delText>x</w:delText></w:r></w:del>"
                f"{end(1)}{refer(1)}{run('gone')}</w:p>"
            ),
            "gone",
        ),
        (
            (
                f"<w:tbl><w:tr><w:tc><w:p>{run('a')}</w:p></w:tc><w:tc><w:p>{run('the ')}{begin(1)}{run('cell')}"
                f"{end(1)}{refer(1)}</w:p></w:tc></w:tr></w:tbl>"
            ),
            "cell",
        ),
        (f"<w:p>{run('ab')}{begin(1)}{run(ETUDE)}{end(1)}{refer(1)}{run('c')}</w:p>", "étude 😀"),
        (f"<w:p>{begin(1)}{run('Same')}{end(1)}{begin(2)}{run(' Other')}{end(2)}{refer(1)}{refer(2)}</w:p>", "Same"),
    ],
)
def test_a_comment_stands_on_the_words_it_was_made_on(body: str, words: str) -> None:
    document = made(body, {"comments": comment(1, "Really?") + comment(2, "")})
    (given,) = document.annotations
    assert document.text[given.start : given.end] == words
    assert (given.note, given.author) == ("Really?", "Ana")


def test_a_comment_in_a_heading_a_list_a_quotation_and_a_note_keeps_its_place() -> None:
    around = "{}{}{}{}{}".format
    text = [around(run("x "), begin(k), run(f"words {k}"), end(k), refer(k)) for k in range(4)]
    numbering = f'<w:abstractNum w:abstractNumId="7">{level(0)}</w:abstractNum>'
    numbering += '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    body = (
        f'<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr>{text[0]}</w:p><w:p><w:pPr>{numbered(1)}</w:pPr>{text[1]}'
        f'<w:r><w:footnoteReference w:id="3"/></w:r></w:p><w:p><w:pPr><w:pStyle w:val="Q"/></w:pPr>{text[2]}</w:p>'
    )
    document = made(
        body,
        {
            "comments": "".join(comment(k, f"note {k}") for k in range(4)),
            "numbering": numbering,
            "styles": style("Q", "Quote"),
            "footnotes": f'<w:footnote w:id="3"><w:p>{text[3]}</w:p></w:footnote>',
        },
    )
    assert [b.kind for b in document.blocks] == ["heading", "item", "quotation", "footnote"]
    assert [(a.note, document.text[a.start : a.end]) for a in document.annotations] == [
        (f"note {k}", f"words {k}") for k in range(4)
    ]


def test_answers_resolution_and_the_time_in_utc_are_taken_over() -> None:
    comments = comment(0, "Ask", paragraph="0A") + comment(1, "Answer", "Serik", "0B") + comment(2, "Also", "Ivo", "0C")
    extended = (
        '<w15:commentEx w15:paraId="0A" w15:done="1"/><w15:commentEx w15:paraId="0B" w15:paraIdParent="0A"/>'
        '<w15:commentEx w15:paraId="0C" w15:paraIdParent="0B" w15:done="0"/>'
    )
    document = made(
        f"<w:p>{begin(0)}{begin(1)}{begin(2)}{run('Here')}{end(0)}{refer(0)}{end(1)}{refer(1)}{end(2)}{refer(2)}</w:p>",
        {
            "comments": comments,
            "commentsExtended": extended,
            "commentsIds": '<cid:commentId cid:paraId="0B" cid:durableId="1234ABCD"/>',
            "commentsExtensible": '<cex:commentExtensible cex:durableId="1234abcd" '
            'cex:dateUtc="2024-05-03T08:00:00Z"/>',
        },
    )
    (given,) = document.annotations
    assert (given.note, given.done, given.created) == ("Ask", True, datetime(2024, 5, 3, 10, tzinfo=UTC))
    assert [(r.note, r.author, r.created) for r in given.replies] == [
        ("Answer", "Serik", datetime(2024, 5, 3, 8, tzinfo=UTC)),
        ("Also", "Ivo", datetime(2024, 5, 3, 10, tzinfo=UTC)),
    ]
    assert all((r.start, r.end) == (given.start, given.end) for r in given.replies)


def test_the_time_in_utc_that_stands_beside_the_writers_clock_is_taken() -> None:
    utc = 'xmlns:w16du="http://schemas.microsoft.com/office/word/2023/wordml/word16du" w16du:dateUtc="{}" w:author'
    first = comment(0, "Ask", date="2024-05-03T12:00:00Z").replace("w:author", utc.format("2024-05-03T10:00:00Z"))
    second = comment(1, "Also", date="2024-05-03T12:00:00Z").replace("w:author", utc.format("soon"))
    body = f"<w:p>{begin(0)}{begin(1)}{run('Here')}{end(0)}{refer(0)}{end(1)}{refer(1)}</w:p>"
    given_ = made(body, {"comments": first + second}).annotations
    assert [each.created for each in given_] == [
        datetime(2024, 5, 3, 10, tzinfo=UTC),
        datetime(2024, 5, 3, 12, tzinfo=UTC),
    ]


def test_answers_in_a_circle_an_odd_date_and_a_comment_without_a_place_are_survived() -> None:
    comments = comment(0, "A", "", "0A", "yesterday") + comment(1, "B", "", "0B") + comment(2, "Nowhere")
    extended = (
        '<w15:commentEx w15:paraId="0A" w15:paraIdParent="0B"/><w15:commentEx w15:paraId="0B" w15:paraIdParent="0A"/>'
    )
    document = made(
        f"<w:p>{begin(0)}{run('Here')}{end(0)}{refer(0)}{refer(1)}</w:p>",
        {"comments": comments, "commentsExtended": extended},
    )
    notes = [n for a in document.annotations for n in (a.note, *(r.note for r in a.replies))]
    assert sorted(notes) == ["A", "B"]
    assert "1 comment has no place in the text and was left out." in document.notices


def test_comments_that_word_itself_was_asked_to_make_come_back() -> None:
    word = python_docx.Document()
    paragraph = word.add_paragraph("The plan ")
    runs = [paragraph.add_run("was adopted"), paragraph.add_run(" in May")]
    paragraph.add_run(".")
    word.add_comment(runs=runs, text="Check the month.\nAnd the year.", author="Ana Peeters", initials="AP")
    out = io.BytesIO()
    word.save(out)
    document = read(out.getvalue(), "brief.docx")
    (given,) = document.annotations
    assert document.text[given.start : given.end] == "was adopted in May"
    assert given.note == "Check the month.\n\nAnd the year."
    assert given.author == "Ana Peeters"
    assert given.created is not None
    assert abs((given.created - datetime.now(UTC)).total_seconds()) < 60


NOTED = '<w:r><w:footnoteReference w:id="3"/></w:r>'


# -- what the document says of itself ----------------------------------------------------------------------------------


def core(**properties: str) -> dict[str, str | bytes]:
    inside = "".join(f"<{key.replace('_', ':')}>{text}</{key.replace('_', ':')}>" for key, text in properties.items())
    return {
        "docProps/core.xml": '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
        f"{inside}</cp:coreProperties>"
    }


@pytest.mark.parametrize(
    ("body", "stated", "title"),
    [
        (para("On the page", "Title") + para("Chapter", "H1"), "In the properties", "On the page"),
        (para("Chapter", "H1"), "In the properties", "In the properties"),
        (f"<w:p><w:pPr><w:pStyle w:val='Title'/></w:pPr>{run('Noted')}{NOTED}</w:p>", "", "Noted"),
        (para("Chapter", "H1"), "Microsoft Word - draft.doc", "Chapter"),
        (para("Chapter", "H1"), "", "Chapter"),
        (para("A line like a title") + para("Prose."), "", "A line like a title"),
        (para("Prose goes on here, and ends."), "", "my brief"),
    ],
)
def test_the_title_is_the_one_on_the_page_before_any_other(body: str, stated: str, title: str) -> None:
    styles = style("Title", "Title") + style("H1", "heading 1")
    notes = f'<w:footnote w:id="3">{para("Note.")}</w:footnote>'
    data = package(body, {"styles": styles, "footnotes": notes, **core(dc_title=stated)})
    assert read(data, "my_brief.docx").title == title


@pytest.mark.parametrize(
    ("creator", "authors"),
    [
        ("Ana Peeters", ("Ana Peeters",)),
        ("python-docx", ()),
        ("Microsoft Office User", ()),
        ("A B; C D", ("A B", "C D")),
    ],
)
def test_authors_are_people_and_not_programs(creator: str, authors: tuple[str, ...]) -> None:
    assert made(para("Words."), core(dc_creator=creator)).authors == authors


def test_the_language_is_that_of_the_words_and_not_of_the_installation() -> None:
    english = '<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="en-US"/></w:rPr></w:rPrDefault></w:docDefaults>'
    russian = "Это документ о том, что он и она не были на этом месте, и для этого из них был выбран он. "
    assert made(para(russian), {"styles": english}).language == "ru"
    assert (
        made(f"<w:p>{run('Wörter', '<w:lang w:val=' + chr(34) + 'de-AT' + chr(34) + '/>')}</w:p>").language == "de-AT"
    )
    assert made(para("Lorem."), {"styles": english}).language == "en-US"


def test_letters_that_run_leftwards_have_a_language_of_their_own() -> None:
    both = '<w:lang w:val="en-US" w:bidi="he-IL"/>'
    document = made(
        f"<w:p><w:pPr><w:bidi/></w:pPr>{run('הסכם חדש בין אירופה לאסיה', '<w:rtl/>' + both)}{run(' EU', both)}</w:p>"
    )
    assert (document.text, document.language) == ("הסכם חדש בין אירופה לאסיה EU", "he-IL")
    only = run("Ein neues Abkommen", '<w:lang w:bidi="ar-SA"/>')
    german = style("Text", "Text", '<w:rPr><w:lang w:val="de-AT"/></w:rPr>')
    assert made(f'<w:p><w:pPr><w:pStyle w:val="Text"/></w:pPr>{only}</w:p>', {"styles": german}).language == "de-AT"


# -- files that others made --------------------------------------------------------------------------------------------


def real(name: str) -> Document:
    return formats.read((FILES / name).read_bytes(), name)


def test_changes_that_word_tracked_read_as_word_shows_them_when_all_are_accepted() -> None:
    document = real("word-tracked.docx")
    for block in document.blocks[1:]:
        shown, _, rest = block.text.partition(" [Test: Accept → '")
        assert shown.replace(".—", "—") == rest.partition("'; Reject")[0]
    assert document.notices == (
        "The document has tracked changes: 4 insertions are taken as accepted and 4 deletions are left out.",
    )


def test_comments_that_word_wrote_stand_on_their_words() -> None:
    document = real("word-comments.docx")
    assert [(a.note, a.author, document.text[a.start : a.end]) for a in document.annotations] == [
        ("A tachyon walks into a bar.", "Michael Williamson", "Ouch"),
        ("Fin.", "Michael Williamson", "Ouch."),
    ]
    rich = real("word-rich-comments.docx")
    assert [(a.author, rich.text[a.start : a.end]) for a in rich.annotations] == [
        ("Steve Canny", "Some text worthy of note."),
        ("", "Other text worthy of note."),
        ("", "Paragraph 5"),
        ("", "Paragraph 6"),
    ]
    assert rich.annotations[0].note == "Text with hyperlink https://google.com embedded."


def test_footnotes_that_word_wrote_follow_the_text() -> None:
    document = real("word-footnotes.docx")
    assert [(b.kind, b.text, b.target) for b in document.blocks] == [
        ("paragraph", "Ouch1.2", ""),
        ("footnote", "A tachyon walks into a bar.", "1"),
        ("footnote", "Fin.", "2"),
    ]


# -- damage and malice -------------------------------------------------------------------------------------------------


def test_a_damaged_part_beside_the_text_is_said_and_does_not_keep_the_text_from_being_read() -> None:
    document = made(para("Words."), {"styles": "<w:unclosed>", "comments": "&nope;"})
    assert [b.text for b in document.blocks] == ["Words."]
    assert any("word/styles.xml" in notice and "word/comments.xml" in notice for notice in document.notices)


@pytest.mark.parametrize(
    "body",
    [
        "<w:p><w:r><w:t>x</w:t></w:r>",
        "<w:tbl><w:tr><w:tc>" * 90 + para("x") + "</w:tc></w:tr></w:tbl>" * 90,
        "<w:p>" + "<w:smartTag>" * 390 + run("x") + "</w:smartTag>" * 390 + "</w:p>",
        "<w:sdt><w:sdtContent>" * 500 + para("x") + "</w:sdtContent></w:sdt>" * 500,
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(body: str) -> None:
    with pytest.raises(MargentError, match=r"^brief\.docx .*\.$"):
        made(body)


def test_entities_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(
            "word/document.xml",
            f'<!DOCTYPE x [<!ENTITY a "{"b" * 100}">]><w:document {W}><w:body>{para("&a;" * 50)}</w:body></w:document>',
        )
    with pytest.raises(MargentError, match="entities"):
        read(out.getvalue(), "brief.docx")


def test_a_long_document_is_read_in_time_that_grows_with_it() -> None:
    lines = [para(f"Paragraph {k} with a few more words than that.") for k in range(3000)]

    def seconds(count: int) -> float:
        data = package("".join(lines[:count]))
        begun = time.process_time()
        assert len(read(data, "brief.docx").blocks) == count
        return time.process_time() - begun

    seconds(200)
    assert seconds(3000) < 15 * max(seconds(500), 0.05)


def test_a_text_that_goes_through_in_pieces_is_the_same_text(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = read(SMALL, "brief.docx")
    monkeypatch.setattr(docxhtml, "PIECE", 1)
    body = "".join(
        f"<w:p>{begin(k)}{run(f'Paragraph {k}')}{end(k)}{refer(k)}"
        f"<w:r><w:footnoteReference w:id='{k + 1}'/></w:r></w:p>"
        for k in range(5)
    )
    parts = {
        "comments": "".join(comment(k, f"note {k}") for k in range(5)),
        "footnotes": "".join(f"<w:footnote w:id='{k + 1}'>{para(f'Foot {k}.')}</w:footnote>" for k in range(5)),
    }
    document = made(body, parts)
    assert [b.text for b in document.blocks if b.kind == "footnote"] == [f"Foot {k}." for k in range(5)]
    assert [document.text[a.start : a.end] for a in document.annotations] == [f"Paragraph {k}" for k in range(5)]
    assert read(SMALL, "brief.docx") == whole


SMALL = package(
    f'<w:p><w:pPr><w:pStyle w:val="H"/></w:pPr>{run("Title")}</w:p><w:p>{begin(0)}{run("One ")}{end(0)}{refer(0)}'
    f'<w:ins w:author="A">{run("two")}</w:ins><w:r><w:footnoteReference w:id="3"/></w:r></w:p>'
    f"<w:p><w:pPr>{numbered(1)}</w:pPr>{run('item')}</w:p>"
    f"<w:tbl><w:tr><w:tc>{para('a')}</w:tc><w:tc><w:tcPr><w:gridSpan w:val='2'/><w:vMerge/></w:tcPr>{para('b')}</w:tc>"
    f"</w:tr></w:tbl><w:p>{picture('i', 'map')}<w:r><w:sym w:font='Symbol' w:char='F061'/></w:r></w:p>",
    {
        "styles": style("H", "heading 1"),
        "numbering": f'<w:abstractNum w:abstractNumId="7">{level(0)}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>',
        "comments": comment(0, "Why?", paragraph="0A"),
        "commentsExtended": '<w15:commentEx w15:paraId="0A" w15:done="1"/>',
        "footnotes": f'<w:footnote w:id="3">{para("Note.")}</w:footnote>',
        "media/image1.png": PNG,
        **core(dc_title="T", dc_creator="A B", dcterms_modified="2024-01-02T00:00:00Z"),
    },
    f'<Relationship Id="i" Type="{KIND}image" Target="media/image1.png"/>',
)


def survives(data: bytes) -> None:
    begun = time.process_time()
    try:
        document = read(data, "brief.docx")
    except MargentError as error:
        refused = str(error)
        assert refused.startswith("brief.docx")
    else:
        assert all(0 <= a.start < a.end <= len(document.text) for a in document.annotations)
    assert time.process_time() - begun < 5


@given(
    st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(0, 255)), max_size=12), st.integers(0, len(SMALL))
)
@settings(max_examples=60, deadline=None)
def test_damaged_bytes_give_a_document_or_a_sentence(changes: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(SMALL)
    for place, byte in changes:
        data[place] = byte
    survives(bytes(data[:cut]) if cut % 7 == 0 else bytes(data))


PARTS = {
    info.filename: zipfile.ZipFile(io.BytesIO(SMALL)).read(info)
    for info in zipfile.ZipFile(io.BytesIO(SMALL)).infolist()
}
XML = sorted(name for name in PARTS if name.endswith((".xml", ".rels")))
ODD = ["-1", "", "99999999999999999999", "w:p", "continue", "FFFFFF", "\u0416", "../../etc/passwd", "https://x/", "\n"]


@st.composite
def altered(draw: st.DrawFn) -> bytes:
    """The small file with elements taken out, doubled or put elsewhere and attributes given odd values."""
    parts = dict(PARTS)
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(XML))
        text = parts[name].decode()
        values = list(re.finditer(r'="([^"]*)"', text))
        tags = list(re.finditer(r"<(w:\w+)[^<>]*/>|<(w:\w+)[^<>]*>(?:(?!</?\2\b).)*</\2>", text, re.DOTALL))
        if values and draw(st.booleans()):
            found = draw(st.sampled_from(values))
            text = text[: found.start(1)] + draw(st.sampled_from(ODD)) + text[found.end(1) :]
        elif tags:
            one, other = draw(st.sampled_from(tags)), draw(st.sampled_from(tags))
            text = text[: other.start()] + draw(st.sampled_from([one[0], one[0] * 3, ""])) + text[other.end() :]
        parts[name] = text.encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


@given(altered())
@settings(max_examples=80, deadline=None)
def test_odd_but_well_formed_files_give_a_document_or_a_sentence(data: bytes) -> None:
    survives(data)
