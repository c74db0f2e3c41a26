"""A document of every format, a few hundred bytes each: what the self-test brings in to see that every parser is there.

They are made here instead of kept as files, so that one can see what is in them and an installed program has them.
"""

from __future__ import annotations

import io
import textwrap
import zipfile
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SENTENCE = "The corridor carries minerals, energy and goods between the two sides by rail, by road and by sea"
"""The words of each document, before the name of its format."""

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def sample(module: str) -> bytes:
    """The content of a file that the module of `formats` reads. Raises KeyError for a module without one."""
    return SAMPLES[module]("Sample", f"{SENTENCE}: {module}.")


def _markdown(title: str, text: str) -> bytes:
    return f"# {title}\n\n{text}\n".encode()


def _text(title: str, text: str) -> bytes:
    return f"{title}\n\n{text}\n".encode()


def _webpage(title: str, text: str) -> bytes:
    body = f"<article><h1>{title}</h1><p>{text}</p><p>{text}</p></article>"
    return f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title><body>{body}</body></html>".encode()


def _mhtml(title: str, text: str) -> bytes:
    lines = (
        "From: <Saved by Margent>",
        "Snapshot-Content-Location: https://example.org/sample",
        f"Subject: {title}",
        "MIME-Version: 1.0",
        'Content-Type: multipart/related; type="text/html"; boundary="part"',
        "",
        "--part",
        "Content-Type: text/html; charset=utf-8",
        "Content-Location: https://example.org/sample",
        "",
        _webpage(title, text).decode(),
        "--part--",
        "",
    )
    return "\r\n".join(lines).encode()


def _mail(title: str, text: str) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = "A. Novak <a.novak@example.org>"
    message["To"] = "reader@example.org"
    message["Subject"] = title
    message["Date"] = "Tue, 24 Nov 2026 09:00:00 +0000"
    message["Message-ID"] = "<sample@example.org>"
    message.set_content(text)
    return message.as_bytes()


def _epub(title: str, text: str) -> bytes:
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">sample</dc:identifier>'
        f"<dc:title>{title}</dc:title><dc:language>en</dc:language></metadata>"
        '<manifest><item id="page" href="page.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="page"/></spine></package>'
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
        '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    page = (
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{title}</title></head>'
        f"<body><h1>{title}</h1><p>{text}</p></body></html>"
    )
    return _zip(
        ("mimetype", "application/epub+zip"),
        ("META-INF/container.xml", container),
        ("book.opf", package),
        ("page.xhtml", page),
    )


def _docx(title: str, text: str) -> bytes:
    types = (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_WORD_MAIN}"/></Types>'
    )
    relations = (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}" Target="word/document.xml"/></Relationships>'
    )
    body = "".join(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>" for words in (title, text))
    return _zip(
        ("[Content_Types].xml", types),
        ("_rels/.rels", relations),
        ("word/document.xml", f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'),
    )


def _pdf(title: str, text: str) -> bytes:
    """One page in a typeface that every reader of PDF brings along, and where its objects begin (ISO 32000, 7.5)."""
    lines = "".join(f" ({line}) Tj T*" for line in textwrap.wrap(text, 70))
    shown = f"BT /F1 20 Tf 40 TL 72 740 Td ({title}) Tj T* /F1 12 Tf 16 TL{lines} ET"
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(shown)}>>\nstream\n{shown}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        f"<</Title({title})>>",
    )
    data = b"%PDF-1.4\n"
    starts = []
    for number, value in enumerate(objects, 1):
        starts.append(len(data))
        data += f"{number} 0 obj\n{value}\nendobj\n".encode()
    table = "".join(f"{start:010d} 00000 n \n" for start in starts)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R/Info 6 0 R>>\n"
    return data + f"{end}startxref\n{len(data)}\n%%EOF\n".encode()


def _zip(*files: tuple[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content)
    return data.getvalue()


SAMPLES: Mapping[str, Callable[[str, str], bytes]] = {
    "markdown": _markdown,
    "text": _text,
    "webpage": _webpage,
    "mhtml": _mhtml,
    "mail": _mail,
    "epub": _epub,
    "docx": _docx,
    "pdf": _pdf,
}
"""What makes a document of a title and a paragraph, by the module of `formats` that reads it.

Neither may have characters that mean something in the format: `<`, `&`, parentheses, or any beyond ASCII.
"""
