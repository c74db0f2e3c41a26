"""A plain Word document through mammoth into the HTML that `formats.html` reads.

The package that mammoth gets is written here from what `docxbody` made of the file, so nothing of a stranger's archive
reaches it: one text, its notes, and in place of each picture the picture's path in the stranger's archive.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import quoteattr

import mammoth  # type: ignore[import-untyped]

from margent.formats.docxbody import ITEM

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from margent.formats.docxbody import Body

_LEVELS = 9


class Note(NamedTuple):
    """A footnote or endnote made plain."""

    source: Body
    """The part it stands in, which knows its links and pictures."""
    blocks: list[str]


def _list_map() -> str:
    """A line for the items of each depth: the list stands in an item of one a level higher, of either kind."""
    lines = []
    for level in range(1, _LEVELS + 1):
        around = "ul|ol > li > " * (level - 1)
        lines += [f"p.MgU{level} => {around}ul > li:fresh", f"p.MgO{level} => {around}ol > li:fresh"]
        lines.append(f"p.MgC{level} => {around}ul|ol > li > p:fresh")
    return "\n".join(lines)


STYLE_MAP = "\n".join(
    [
        "p.MgP => p:fresh",
        _list_map(),
        "p.MgTitle => h1:fresh",
        *(f"p.MgH{level} => h{level}:fresh" for level in range(1, 7)),
        "p.MgQuote => blockquote > p:fresh",
        r"p.MgCode => pre:separator('\n')",
        "highlight => mark",
        "u => u",
        "strike => s",
    ]
)
_STYLES = ["MgTitle", "MgP", "MgQuote", "MgCode"]
_STYLES += [f"MgH{level}" for level in range(1, 7)] + [f"Mg{kind}{n}" for kind in "UOC" for n in range(1, _LEVELS + 1)]

_W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
_R = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="png" ContentType="image/png"/></Types>'
)
PIECE = 400_000
"""Letters of XML that go through mammoth at once: some 10,000 words."""
_PARTING = tuple(
    f'<w:p><w:pPr><w:pStyle w:val="{name}"/>' for name in ("MgP", "MgTitle", *(f"MgH{n}" for n in range(1, 7)))
)
_LABEL = re.compile(r'<w:footnoteReference w:id="([^"]+)"/>')
_REFERENCE = re.compile(r'<sup><a href="#footnote-([^"]+)" id="footnote-ref-[^"]+">\[\d+\]</a></sup>')
_BACK = re.compile(r'(?:<p>)? <a href="#footnote-ref-[^"]+">↑</a>(?:</p>(?=</li>))?')
_NOTE = re.compile(r'<li id="footnote-([^"]+)">')
_NUMBER = re.compile(rf'<li><a id="{ITEM}(\d+)"></a>')


def html_of(text: Body, blocks: Iterable[str], notes: Mapping[str, Note]) -> str:
    """The HTML of a document: the blocks of its text, then its notes by label.

    Mammoth keeps some hundred bytes for each letter of XML, so that a long text goes through it in pieces.
    """
    bodies: list[str] = []
    tails: list[str] = []
    for piece in _pieces(blocks):
        own = {label: notes[label] for label in _LABEL.findall(piece)}
        body, tail = _converted(_package(text, piece, own))
        bodies.append(body)
        tails.append(tail)
    if not any(tails):
        return "".join(bodies)
    return f'{"".join(bodies)}<div class="footnotes"><ol>{"".join(tails)}</ol></div>'


def _pieces(blocks: Iterable[str]) -> Iterator[str]:
    """`blocks` together in pieces of PIECE letters or more, parted only where no list or quotation goes on."""
    piece: list[str] = []
    length = 0
    for block in blocks:
        if length > PIECE and block.startswith(_PARTING):
            yield "".join(piece)
            piece, length = [], 0
        piece.append(block)
        length += len(block)
    yield "".join(piece)


def _converted(package: bytes) -> tuple[str, str]:
    """The HTML of one piece, and the items of the list of its notes."""
    result = mammoth.convert_to_html(
        io.BytesIO(package),
        style_map=STYLE_MAP,
        include_default_style_map=False,
        include_embedded_style_map=False,
        convert_image=mammoth.images.img_element(_address),
    )
    html = _REFERENCE.sub(r'<sup id="fnref:\1"><a class="footnote-ref" href="#fn:\1">\1</a></sup>', str(result.value))
    html = _NUMBER.sub(r'<li value="\1">', _BACK.sub(_unbacked, html))
    first = _NOTE.search(html)
    if first is None:
        return html, ""
    place = html.rindex("<ol>", 0, first.end())
    return html[:place], _NOTE.sub(r'<li id="fn:\1">', html[place:]).removeprefix("<ol>").removesuffix("</ol>")


def _unbacked(found: re.Match[str]) -> str:
    """The link back from a note goes, with its paragraph when it has one of its own."""
    text = found[0]
    return "" if text.startswith("<p>") == text.endswith("</p>") else "<p>" if text.startswith("<p>") else "</p>"


def _address(image: mammoth.documents.Image) -> dict[str, str]:
    with image.open() as content:
        return {"src": content.read().decode()}


def _package(text: Body, body: str, notes: Mapping[str, Note]) -> bytes:
    footnotes = "".join(
        f"<w:footnote w:id={quoteattr(label)}>{''.join(note.blocks)}</w:footnote>" for label, note in notes.items()
    )
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/></w:style>' for name in _STYLES
    )
    sources = {id(note.source): note.source for note in notes.values()}.values()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        package.writestr("[Content_Types].xml", _CONTENT_TYPES)
        package.writestr(
            "_rels/.rels",
            f'<Relationships {_R}><Relationship Id="t" Type="{_KIND}officeDocument" Target="word/document.xml"/>'
            f"</Relationships>",
        )
        package.writestr("word/document.xml", f"<w:document {_W}><w:body>{body}</w:body></w:document>")
        package.writestr("word/styles.xml", f"<w:styles {_W}>{styles}</w:styles>")
        package.writestr("word/footnotes.xml", f"<w:footnotes {_W}>{footnotes}</w:footnotes>")
        package.writestr("word/_rels/document.xml.rels", _relations([text], package))
        package.writestr("word/_rels/footnotes.xml.rels", _relations(sources, package))
    return out.getvalue()


def _relations(sources: Iterable[Body], package: zipfile.ZipFile) -> str:
    """The relations of a part, with its pictures put into the package."""
    lines: list[str] = []
    for source in sources:
        lines += [
            f'<Relationship Id={quoteattr(link)} Type="{_KIND}hyperlink" Target={quoteattr(link)}/>'
            for link in sorted(source.links)
        ]
        for path, key in source.pictures.items():
            lines.append(f'<Relationship Id="{key}" Type="{_KIND}image" Target="media/{key}.png"/>')
            package.writestr(f"word/media/{key}.png", path.encode())
    return f"<Relationships {_R}>{''.join(lines)}</Relationships>"
