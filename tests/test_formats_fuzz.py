"""No file, however it is broken, does more than become a document or be refused in a sentence that names it.

Small good files are broken where it hurts: in their bytes, in the XML, HTML and JSON inside a whole archive, in what
their headers say of sizes and numbers. Each goes through the process that reads files for the program, so a crash of a
parser in C++ is seen as well as an exception of ours. An example is told by its number: the same number, the same file.

`pytest tests/test_formats_fuzz.py --fuzz-minutes 10` goes on that long for each importer, from another number each day.
"""

import io
import json
import os
import random
import re
import shutil
import sys
import time
import traceback
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest

from margent import formats
from margent.document import Block, Document
from margent.errors import MargentError
from margent.exchange import package, programs, wholetext
from margent.formats.apart import Apart, serve
from margent.formats.pictures import beside
from margent.importing import Content, import_paths
from margent.library.store import Library

pytestmark = pytest.mark.timeout(0)
"""Each file has a bound of its own; all of them together go on for as long as is asked."""
DATA = Path(__file__).parent / "data" / "formats"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
UNFORESEEN = "UNFORESEEN"
"""How the process begins a refusal that is none: an exception nobody thought of, or a file that was written."""
SECONDS = 20.0
"""A file of a few kilobytes that is read longer than that hangs, on a busy computer too."""
SECRET = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01secret"
ID, REV = "d" * 32, "a" * 32

# -- files to begin with ----------------------------------------------------------------------------------------------

MARKDOWN = """---
title: Access brief
authors: [Policy unit]
date: 2026-11-01
themes: {Access: {words: [road], colour: teal}}
---
# Access *brief* {#top}

The corridor reopened[^1] on [3 May](https://x.org "t") ![map](a.png) `code` **bold ~~old~~**.

1. One
   - [x] Two
     > Quoted

| a | b |
|---|--:|
| 1 | 2 |

```py
x = 1
```
<b>raw</b> &amp; ==marked==

[^1]: A note.
"""
TEXT = (
    "ACCESS BRIEF\n\nThe corridor reopened on 3 May after long\ntalks of two days.\n\n1. One\n2. Two\n\n  * a\n  * b\n"
)
PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Access brief</title>
<meta property="og:title" content="Access brief"><meta name="author" content="Ana"><base href="https://x.org/">
<script type="application/ld+json">{"@type": "Article", "datePublished": "2026-11-01", "author": {"name": "Ana"}}
</script></head><body><nav><a href="/">Home</a></nav><article><h1>Access brief</h1>
<p>The corridor <b>reopened</b> on 3 May, after two days of talks, to all who wish to pass<sup><a href="#n1"
id="r1">1</a></sup>.</p><blockquote><p>No road, no trade, and no end of either.</p></blockquote><ol start="3"><li>One
<ul><li>Two</li></ul></li></ol><table><tr><th colspan="2">a</th></tr><tr><td rowspan="2">1</td><td>2</td></tr></table>
<figure><img src="a.png" alt="map" width="10"><figcaption>A map</figcaption></figure><pre>x
 y</pre><hr><p id="n1"><a href="#r1">1</a> A note.</p></article><footer>(c)</footer></body></html>
"""
MAIL = """From: =?utf-8?q?Ana_=C3=81?= <ana@x.org>
To: bek@x.org
Subject: =?utf-8?b?QWNjZXNz?= brief
Date: Tue, 24 Nov 2026 12:00:00 +0100
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b1"

--b1
Content-Type: multipart/alternative; boundary="b2"

--b2
Content-Type: text/plain; charset=utf-8; format=flowed
Content-Transfer-Encoding: quoted-printable

The corridor reopened=20
on 3 May.

On 23 Nov Bek wrote:
> When?
--b2
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: base64

PHA+VGhlIGNvcnJpZG9yIDxpbWcgc3JjPSJjaWQ6cDEiPiByZW9wZW5lZDwvcD4=
--b2--
--b1
Content-Type: message/rfc822

Subject: Older
From: c@x.org

Text of the older one.
--b1
Content-Type: image/png; name="a.png"
Content-ID: <p1>
Content-Transfer-Encoding: base64

iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB
--b1--
"""
SAVED = (
    "From: <Saved>\nSubject: Access\nSnapshot-Content-Location: https://x.org/\nMIME-Version: 1.0\nContent-Type: "
    'multipart/related; type="text/html"; boundary="b1"\n\n--b1\nContent-Type: text/html\nContent-Location: '
    "https://x.org/\nContent-Transfer-Encoding: quoted-printable\n\n"
    + PAGE.replace("=", "=3D").replace("a.png", "https://x.org/a.png")
    + "\n--b1\nContent-Type: image/png\nContent-Location: https://x.org/a.png\nContent-Transfer-Encoding: base64\n\n"
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB\n--b1--\n"
)
PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R/Outlines 6 0 R/Lang(en)>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2/MediaBox[0 0 612 792]>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>/Annots[7 0 R]>>endobj
4 0 obj<</Length 158>>stream
BT /F 18 Tf 72 700 Td (Access brief) Tj /F 11 Tf 0 -40 Td (The corridor re-) Tj 0 -13 Td (opened on 3 May.) Tj
200 0 Td [(two) -900 (columns)] TJ ET q 1 0 0 1 5 5 cm Q
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Times-Roman/FirstChar 32/Widths[250 333 408]>>endobj
6 0 obj<</Type/Outlines/First 8 0 R/Last 8 0 R/Count 1>>endobj
7 0 obj<</Type/Annot/Subtype/Highlight/Rect[72 640 160 672]/QuadPoints[72 672 160 672 72 640 160 640]/T(Ana)
/Contents(Ask)/M(D:20261124120000Z)/C[1 1 0]>>endobj
8 0 obj<</Title(Access)/Parent 6 0 R/Dest[3 0 R/XYZ 0 700 0]>>endobj
9 0 obj<</Title(Access brief)/Author(Ana)/CreationDate(D:2026)>>endobj
trailer<</Root 1 0 R/Info 9 0 R/Size 10>>
%%EOF
"""
WEB: dict[str, Any] = {
    "@context": "http://www.w3.org/ns/anno.jsonld", "id": "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e",
    "type": "Annotation", "created": "2026-11-24T10:00:00Z", "creator": {"type": "Person", "name": "Ana"},
    "body": [{"type": "TextualBody", "value": "Check.", "format": "text/markdown"}], "motivation": "commenting",
    "target": {"source": "https://x.org/", "selector": [
        {"type": "TextQuoteSelector", "exact": "The corridor", "prefix": "", "suffix": " reopened"},
        {"type": "TextPositionSelector", "start": 13, "end": 25}]},
}  # fmt: skip
HYPOTHESIS = {"client_version": "1", "annotations": [{
    "id": "abc", "created": "2026-11-24T10:00:00Z", "updated": "2026-11-24T10:00:00Z", "user": "acct:ana@h.is",
    "uri": "https://x.org/", "text": "Check.", "tags": ["Access"], "references": [], "permissions": {"read": ["g"]},
    "document": {"title": ["Access brief"]}, "target": [WEB["target"]]}]}  # fmt: skip
KOREADER = {"title": "Access", "author": "A\nB", "version": "json/1.0.0", "entries": [
    {"sort": "highlight", "page": 6, "time": 1795514400, "text": "The corridor", "note": "Check.", "chapter": "A",
     "drawer": "underscore", "color": "green", "pn_xp": "/body/DocFragment[3]/body/p[3]/text().0"}]}  # fmt: skip
READWISE = (
    "Highlight,Book Title,Book Author,Amazon Book ID,Note,Color,Tags,Location Type,Location,Highlighted at\r\n"
    'The corridor,Access brief,Ana,,"Check, please.",blue,"access,trade",location,13,2026-11-24 10:00:00+00:00\r\n'
)
KINDLE = (
    "Access brief (Ana)\r\n- Your Highlight on page 4 | Location 13-25 | Added on Tuesday, 24 November 2026 10:00:00"
    "\r\n\r\nThe corridor reopened\r\n==========\r\n"
)
SIDECAR = r"""-- x
return {
    ["annotations"] = {
        [1] = { ["datetime"] = "2026-11-24 11:00:00", ["drawer"] = "lighten", ["note"] = "Ask \"them\".\
Then \208\182.", ["pageno"] = 6, ["text"] = "The corridor" },
    },
    ["doc_pages"] = 12, ["doc_props"] = { ["title"] = "Access brief" }, ["x"] = { 1, -2.5e3, true, nil, [[long]] },
}
"""
ZOTERO_NOTE = """# Annotations
(24/11/2026, 10:15:00)

“The corridor” ([Unit, 2026, p. 4](zotero://select/library/items/ABCD2345)) \
([pdf](zotero://open-pdf/library/items/EFGH6789?page=4&annotation=JKLM2345)) Check.

My own words.
"""
EXCHANGED: dict[str, Any] = {
    "manifest.json": {
        "format": "margent-exchange", "version": 1, "sender": "Ana", "sent": "2026-11-24T12:00:00Z",
        "document": {"id": ID, "revision": REV, "title": "Access", "authors": ["A"], "created": "2026-11-24T12:00:00Z",
                     "modified": "2026-11-24T12:00:00Z"},
        "revisions": [{"id": REV, "number": 1, "hash": "0" * 64, "file": "a.md", "created": "2026-11-24T12:00:00Z"}]},
    "annotations.json": {"type": "AnnotationSet", "items": []},
    "themes.json": {"themes": [], "passages": []},
    "history.json": {},
}  # fmt: skip


def packed(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive of these files, in their order, with the checksums they have."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            kind = zipfile.ZIP_STORED if name == "mimetype" else method
            archive.writestr(zipfile.ZipInfo(name), data, kind)
    return out.getvalue()


UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, NotImplementedError)
"""What `unpacked` raises on an archive that has been broken before."""


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def exchanged() -> bytes:
    """An exchange file as the program writes it, of a document with a note, a reply, a theme and a passage."""
    from margent.annotations import Annotation, DocumentRecord, Passage, Theme
    from margent.exchange.versions import Copy

    text = Document("Access", (Block("heading", "Access", level=1), Block("paragraph", "The corridor reopened.")))
    note = Annotation(
        id="1" * 32, document=ID, revision=REV, start=7, end=19, exact="The corridor", note="Ask.", author="Ana",
        themes=("e" * 32,), created=NOON, modified=NOON,
    )  # fmt: skip
    reply = Annotation(
        id="2" * 32, document=ID, revision=REV, start=7, end=19, exact="The corridor", parent="1" * 32, note="Yes.",
        author="Bek", created=NOON, modified=NOON,
    )  # fmt: skip
    values = [
        note, reply, Theme(id="e" * 32, name="Access", words=("road",), created=NOON, modified=NOON),
        Passage(id="f" * 32, theme="e" * 32, document=ID, revision=REV, start=7, end=19, created=NOON, modified=NOON),
    ]  # fmt: skip
    record = DocumentRecord(id=ID, revision=REV, title="Access", created=NOON, modified=NOON)
    revision = package.Revision(REV, 1, "0" * 64, "a.md", NOON, text)
    return package.write(package.Bundle(record, (revision,), {one.id: Copy(one) for one in values}, "Ana", NOON), "x")


def whole() -> bytes:
    """A document exported with its notes."""
    from margent.annotations import Annotation, DocumentRecord
    from margent.brief.render import brief_of, render
    from margent.reading import Reading

    text = Document("Access", (Block("heading", "Access", level=1), Block("paragraph", "The corridor reopened.")))
    record = DocumentRecord(id=ID, revision=REV, title="Access", created=NOON, modified=NOON)
    note = Annotation(
        id="1" * 32, document=ID, revision=REV, start=7, end=19, exact="The corridor", suffix=" reopened.",
        note="Ask *them*.", author="Ana", created=NOON, modified=NOON,
    )  # fmt: skip
    reply = replace(note, id="2" * 32, parent=note.id, note="Yes.", author="Bek")
    reading = Reading(record, text, annotations=[note, reply])
    return render(brief_of(reading, exporter="Ana", include_private=True), "whole").encode()


def seeds() -> dict[str, list[bytes]]:
    """Good files by the suffix of their format."""
    words = [path.read_bytes() for path in sorted(DATA.glob("*.docx"))]
    dumped = [json.dumps(value).encode() for value in (WEB, HYPOTHESIS, KOREADER)]
    members = {"a.md": MARKDOWN.encode(), "sub/b.html": PAGE.encode(), "c.txt": TEXT.encode(), "m.eml": MAIL.encode()}
    plain = {name: json.dumps(value).encode() for name, value in EXCHANGED.items()}
    page = json.dumps({"about": {}, "blocks": [], "text": ""}).encode()
    return {
        "md": [MARKDOWN.encode()],
        "txt": [TEXT.encode(), TEXT.encode("utf-16")],
        "html": [PAGE.encode(), (DATA / "debmake-ch01.html").read_bytes()],
        "mhtml": [SAVED.encode()],
        "eml": [MAIL.encode(), *(path.read_bytes() for path in sorted(DATA.glob("*.eml")))],
        "epub": [(DATA / "debmake.epub").read_bytes()],
        "docx": words,
        "pdf": [PDF, PDF, (DATA / "two-columns.pdf").read_bytes()],
        "zip": [packed(members), packed({"in.zip": packed(members), "d.md": b"# D\n\nText."})],
        "folder": [packed(members)],
        "margent": [exchanged(), packed({**plain, f"text/{REV}.json": page})],
        "json": [*dumped, packed({"annotations.json": dumped[0]})],
        "csv": [READWISE.encode(), KINDLE.encode()],
        "lua": [SIDECAR.encode(), ZOTERO_NOTE.encode()],
        "whole.md": [whole()],
    }


# -- how they are broken ----------------------------------------------------------------------------------------------

NUMBERS = ("0", "-1", "1", "255", "65536", "2147483647", "2147483648", "4294967295", "-9223372036854775808", "1e308",
           "1e999", "NaN", "99999999999999999999999", "9" * 5000, "0x7f", "١٢", "²", "1.5", "")  # fmt: skip
WORDS = ("../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "C:\\Windows\\win.ini", "\\\\host\\share",
         "..", "secret.png", "http://127.0.0.1:9/", "javascript:alert(1)", "data:image/png;base64,AAAA", "%2e%2e%2fx",
         "#", "", "\x00", "\ud800", "\u202e", "\ufffe", "a" * 3000, "𝔸", "e\u0301" * 40, "é", "%s%n", "{{7*7}}", "<",
         "&", "]]>", "<!--", '"', "'", "\n", "\r", "\t", "&#0;", "&#xD800;", "&#1114112;", "&nbsp;", "&lol;", "NaN",
         "utf-7", "idna", "rot13", "zlib", "utf-16", "unknown-8bit", "2026-99-99T99:99:99Z", "D:99999999999999",
         "text/html")  # fmt: skip
DOCTYPE = '<!DOCTYPE x [<!ENTITY lol "lol"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
JUNK: tuple[Any, ...] = (None, True, -1, 0, 1, 2**31, 2**63, 10**400, -(10**18), 1.5, 1e308, float("nan"), float("inf"),
                         "", [], {}, [[]], [None], {"": None}, "\ud800", "\x00", "a" * 3000)  # fmt: skip


def broken_bytes(data: bytes, chance: random.Random) -> bytes:
    """`data` with a few bytes turned, taken out, repeated, put elsewhere, or a number made extreme."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at, length = chance.randrange(len(out) + 1), chance.choice((1, 1, 2, 4, 8, 64, 512))
        how = chance.randrange(8)
        if how == 0 and at < len(out):
            out[at] ^= 1 << chance.randrange(8)
        elif how == 1:
            out[at : at + length] = chance.randbytes(length)
        elif how == 2:
            del out[at : at + length]
        elif how == 3:
            out[at:at] = out[at : at + length] * chance.choice((1, 2, 30))
        elif how == 4:
            del out[max(1, at) :]
        elif how == 5:
            value = chance.choice((0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF))
            size = chance.choice((2, 4))
            out[at : at + size] = (value & ((1 << 8 * size) - 1)).to_bytes(size, chance.choice(("little", "big")))
        elif how == 6:
            other = chance.randrange(len(out) + 1)
            out[at:at] = out[other : other + length]
        else:
            out[at:at] = chance.choice(WORDS).encode("utf-8", "surrogatepass")
    return bytes(out)


_TOKEN = re.compile(r"</?[\w:]+|[\w.:-]+|\s+|.", re.DOTALL)


def broken_text(data: bytes, chance: random.Random) -> bytes:
    """The same with the words, tags and numbers of a text: these stay whole, but not where or what they were."""
    tokens = _TOKEN.findall(data.decode("latin-1"))
    for _ in range(chance.choice((1, 1, 2, 4, 12))):
        if not tokens:
            break
        at, length = chance.randrange(len(tokens)), chance.choice((1, 1, 3, 10, 60))
        how = chance.randrange(8)
        if how == 0:
            del tokens[at : at + length]
        elif how == 1:
            tokens[at:at] = tokens[at : at + length] * chance.choice((1, 2, 50, 3000 // length))
        elif how == 2:
            other = chance.randrange(len(tokens))
            tokens[at:at] = tokens[other : other + length]
        elif how in {3, 4}:
            numbers = [place for place, token in enumerate(tokens) if token[:1].isdigit()]
            tokens[chance.choice(numbers) if numbers else at] = chance.choice(NUMBERS).encode().decode("latin-1")
        elif how == 5:
            names = [place for place, token in enumerate(tokens) if token[:1] == "<"]
            if names:
                tokens[chance.choice(names)] = tokens[chance.choice(names)]
        elif how == 6 and chance.random() < 0.1:
            tokens.insert(min(at, 3), DOCTYPE)
        else:
            tokens[at] = chance.choice(WORDS).encode("utf-8", "surrogatepass").decode("latin-1")
    return "".join(tokens).encode("latin-1")


def broken_json(data: bytes, chance: random.Random) -> bytes:
    """A JSON file that still is one, with values that are not what they should be; others as text."""
    try:
        value = json.loads(data)
    except ValueError:
        return broken_text(data, chance)
    holders: list[Any] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict | list) and one:
            holders.append(one)
            waiting += list(one.values()) if isinstance(one, dict) else one
    for _ in range(chance.choice((1, 1, 2, 5))):
        if not holders:
            break
        one = chance.choice(holders)
        key = chance.choice(list(one) if isinstance(one, dict) else range(len(one))) if one else None
        how = chance.randrange(6)
        if key is None:
            continue
        if how == 0:
            del one[key]
        elif how == 1:
            one[key] = chance.choice(WORDS)
        elif how == 2:
            nested: Any = one[key]
            for _ in range(chance.choice((1, 50, 700))):
                nested = [nested]
            one[key] = nested
        elif how == 3 and isinstance(one, list):
            one += [one[key]] * chance.choice((1, 100))
        else:
            one[key] = chance.choice(JUNK)
    try:
        return json.dumps(value, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    except RecursionError:
        # Nested twice, it is deeper than the encoder goes; the readers meet such depths in other examples.
        return broken_text(data, chance)


def broken_part(name: str, data: bytes, chance: random.Random) -> bytes:
    """A file inside an archive, broken as its kind asks for."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        return broken_archive(data, chance)
    if data.lstrip()[:1] in {b"{", b"["}:
        return broken_json(data, chance)
    textual = name.endswith((".xml", ".rels", ".xhtml", ".html", ".opf", ".ncx", ".md", ".txt", ".eml"))
    return broken_text(data, chance) if textual and chance.random() < 0.8 else broken_bytes(data, chance)


def broken_archive(data: bytes, chance: random.Random) -> bytes:
    """An archive that opens, of broken files; or of files under other names; or one whose headers lie."""
    if chance.random() < 0.1:
        return broken_bytes(data, chance)
    try:
        files = unpacked(data)
    except UNREADABLE:
        # An archive inside one, which an earlier step has broken.
        return broken_bytes(data, chance)
    for _ in range(chance.choice((1, 1, 2))):
        if not files:
            return broken_bytes(data, chance)
        name = chance.choice(list(files))
        how = chance.randrange(12)
        if how == 0:
            del files[name]
        elif how == 1:
            files[chance.choice(WORDS[:11]).encode("utf-8", "replace").decode() or "x"] = files.pop(name)
        elif how == 2:
            files[name] = files[chance.choice(list(files))]
        else:
            files[name] = broken_part(name, files[name], chance)
        if not files:
            return packed({})
    out = bytearray(packed(files, chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))))
    if chance.random() < 0.15:
        heads = [found.start() for found in re.finditer(rb"PK(?:\x01\x02|\x03\x04|\x05\x06)", out)]
        at = chance.choice(heads) + chance.randrange(4, 44)
        value = chance.choice((0, 1, 8, 0xFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, len(out)))
        out[at : at + 4] = value.to_bytes(4, "little")
    return bytes(out)


def broken_pdf(data: bytes, chance: random.Random) -> bytes:
    """A PDF broken in its objects, or inside a compressed stream that still unpacks."""
    streams = list(re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL))
    if streams and chance.random() < 0.4:
        found = chance.choice(streams)
        try:
            inside = zlib.compress(broken_text(zlib.decompress(found[1]), chance))
        except zlib.error:
            inside = broken_text(found[1], chance)
        head = data[: found.start(1)]
        if chance.random() < 0.9:
            place = head.rfind(b"/Length")
            head = head[:place] + re.sub(rb"/Length \d+", b"/Length %d" % len(inside), head[place:], count=1)
        return head + inside + data[found.end(1) :]
    return broken_text(data, chance) if chance.random() < 0.7 else broken_bytes(data, chance)


def broken(suffix: str, number: int, good: list[bytes]) -> bytes:
    """Example `number` of a format."""
    chance = random.Random(f"{suffix} {number}")
    data = chance.choice(good)
    if data.startswith(b"PK"):
        return broken_archive(data, chance)
    if suffix == "pdf":
        return broken_pdf(data, chance)
    if suffix == "json":
        return broken_json(data, chance) if chance.random() < 0.8 else broken_text(data, chance)
    return broken_text(data, chance) if chance.random() < 0.7 else broken_bytes(data, chance)


# -- what may come of them --------------------------------------------------------------------------------------------


def faults(document: Document) -> list[str]:
    """What a document must not be, of this one."""
    length = len(document.text)
    found = []
    for block in document.blocks:
        if any(not 0 <= mark.start < mark.end <= len(block.text) for mark in block.marks):
            found.append(f"a mark beyond its block: {block!r:.300}")
        if block.kind == "picture" and block.target and block.target not in document.pictures:
            found.append(f"a picture that is not there: {block!r:.300}")
        if block.kind == "heading" and not 1 <= block.level <= 6:
            found.append(f"a heading of level {block.level}")
    found += [
        f"an annotation beyond the text: {one!r:.300}"
        for one in document.annotations
        if not 0 <= one.start <= one.end <= length
    ]
    starts = [start for start, _ in document.pages]
    if starts != sorted(starts) or any(not 0 <= start <= length for start in starts):
        found.append(f"pages out of order: {document.pages!r:.300}")
    said = [document.text, document.title, document.summary, document.date, document.source, *document.authors]
    if any(re.search("[\x00-\x08\x0b-\x1f\ud800-\udfff]", text) for text in said):
        found.append("characters that no store can hold")
    if any(SECRET in data for data in document.pictures.values()):
        found.append("a picture from outside the file's folder")
    return found


def read(data: bytes, name: str, picture: Callable[[str], bytes | None] | None) -> Document:
    """What the process reads files with: an importer, whose unforeseen exceptions come back as refusals."""
    try:
        if name.endswith((".margent", ".json", ".csv", ".lua", "whole.md")):
            if name.endswith(".margent"):
                bundle = package.read(data, name)
                wrong = [fault for revision in bundle.revisions for fault in faults(revision.document)]
                assert not wrong, wrong
            elif name.endswith("whole.md"):
                wholetext.read(data, name, NOON)
            else:
                programs.read(data, name)
            return Document("read", (Block("paragraph", "read"),))
        document = formats.read(data, name, picture)
    except (MargentError, MemoryError):
        raise
    except BaseException as error:
        raise MargentError(f"{UNFORESEEN} {traceback.format_exc()[-3000:]}") from error
    if wrong := faults(document):
        raise MargentError(f"{UNFORESEEN} {'; '.join(wrong)[:2000]}")
    return document


def watched(event: str, arguments: tuple[Any, ...]) -> None:
    """Raises when an importer writes, starts or connects to anything, or reads what a file led it to."""
    if event in {"os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.system", "subprocess.Popen", "socket.connect"}:
        raise RuntimeError(f"an importer did {event}: {arguments!r:.200}")
    if event == "open" and isinstance(arguments[0], str) and arguments[0] != os.devnull:
        path, mode, flags = arguments
        if (isinstance(mode, str) and set(mode) & set("wax+")) or (isinstance(flags, int) and flags & 3):
            raise RuntimeError(f"an importer wrote {path}")
        if re.search(r"passwd|secret|win\.ini", path):
            raise RuntimeError(f"an importer read {path}")


def serve_watched() -> NoReturn:
    """What the process does that reads for this module."""
    sys.addaudithook(watched)
    serve(read)


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    code = (
        f"import sys, importlib.util; sys.path[:] = {sys.path!r}; sys.dont_write_bytecode = True\n"
        f"spec = importlib.util.spec_from_file_location('fuzzing', {__file__!r})\n"
        "module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module); module.serve_watched()"
    )
    with Apart([sys.executable, "-I", "-c", code], patience=SECONDS) as reader:
        yield reader


@pytest.fixture(scope="module")
def good() -> dict[str, list[bytes]]:
    return seeds()


TOO_MANY = 20
"""Examples that went wrong; more would be told of the same faults."""
BROKE = "broke the program that reads"


def outcome(apart: Apart, data: bytes, name: str, folder: Path) -> str:
    """What came of a file: "" for a document, the sentence of a refusal. Fails for anything else."""
    try:
        found = apart.send(data, name, beside(folder / name), lambda: False)
    except MargentError as error:
        said = str(error)
        assert UNFORESEEN not in said, said
        assert BROKE not in said, said
        assert "took longer than" not in said, said
        assert name in said, said
        return said
    assert not faults(found)
    return ""


def brought_in(apart: Apart, data: bytes, name: str, folder: Path) -> str:
    """The same for what holds several files: each is a document or a sentence, and nothing else is on the disk."""
    source: Path | Content = Content(data, name)
    inside = folder / "given"
    if name.endswith(".folder"):
        inside.mkdir()
        try:
            files = unpacked(data)
        except UNREADABLE:
            files = {"broken.zip": data}
        for number, (path, part) in enumerate(files.items()):
            (inside / f"{number}{path.rsplit('/', 1)[-1]}").write_bytes(part)
        source = inside
    before = {path for path in folder.rglob("*") if "library" not in path.parts}
    with closing(Library.open(folder / "library")) as library:
        report = import_paths(library, [source], apart=apart)
        texts = [library.text(record.revision) for record in library.records()]
    assert {path for path in folder.rglob("*") if "library" not in path.parts} == before
    assert not any("unlikely words" in text for text in texts)
    for failed in report.failed:
        assert UNFORESEEN not in failed.reason, failed.reason
        assert BROKE not in failed.reason, failed.reason
        assert "took longer" not in failed.reason, failed.reason
    return " ".join(failed.reason for failed in report.failed)


def examples(config: pytest.Config, few: int) -> Iterator[int]:
    """Numbers of examples: the first few, or others for as many minutes as the command line asks for."""
    minutes = config.getoption("--fuzz-minutes")
    if not minutes:
        yield from range(few)
        return
    end, number = time.monotonic() + 60 * minutes, 1_000_000 * (int(time.time()) // 86400 % 20_000) + 1000
    while time.monotonic() < end:
        yield number
        number += 1


SUFFIXES = ("md", "txt", "html", "mhtml", "eml", "epub", "docx", "pdf", "margent", "json", "csv", "lua", "whole.md")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_broken_file_is_read_or_refused_in_a_sentence(
    suffix: str, apart: Apart, good: dict[str, list[bytes]], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    (tmp_path / "secret.png").write_bytes(SECRET)
    folder = tmp_path / "in"
    folder.mkdir()
    run(request, suffix, good[suffix], 20, lambda data, name: outcome(apart, data, name, folder))


@pytest.mark.parametrize("suffix", ["zip", "folder"])
def test_of_broken_files_together_each_is_read_or_refused(
    suffix: str,
    apart: Apart,
    good: dict[str, list[bytes]],
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    def bring(data: bytes, name: str) -> str:
        folder = tmp_path_factory.mktemp("in")
        (folder / "secret.md").write_text("# Secret\n\nThese are unlikely words.")
        said = brought_in(apart, data, name, folder)
        shutil.rmtree(folder)
        return said

    run(request, suffix, good[suffix], 2, bring)


def run(
    request: pytest.FixtureRequest, suffix: str, good: list[bytes], few: int, bring: Callable[[bytes, str], str]
) -> None:
    """Try examples one after the other; whichever fails is named, and counts are printed at the end."""
    name, count, refused, slowest = f"brief.{suffix}", 0, 0, 0.0
    wrong: list[Exception] = []
    for number in examples(request.config, few):
        data = broken(suffix, number, good)
        if suffix == "folder" and not zipfile.is_zipfile(io.BytesIO(data)):
            continue
        began = time.monotonic()
        try:
            said = bring(data, name)
        except (AssertionError, MargentError, OSError, ValueError, LookupError, TypeError) as error:
            error.add_note(f"example {number} of {suffix}, {len(data)} bytes: broken({suffix!r}, {number}, good)")
            wrong.append(error)
            if len(wrong) == TOO_MANY:
                break
            continue
        count, refused, slowest = count + 1, refused + bool(said), max(slowest, time.monotonic() - began)
    if wrong:
        raise ExceptionGroup(f"{len(wrong)} of {count + len(wrong)} broken files were not taken well", wrong)
    assert refused < count, "every example was refused: nothing but the refusal was tried"
    print(f"{suffix}: {count} files, {refused} refused, slowest {slowest:.2f} s")
