"""What kind a file is: by its content first, and by its suffix only among kinds that look alike."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from margent.errors import MargentError
from margent.formats.archive import directory

if TYPE_CHECKING:
    from collections.abc import Sequence

HEAD = 4096
"""Bytes at the beginning of a file that are looked at."""

_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (rb"(?:\xef\xbb\xbf)?\s{0,64}%PDF-", "pdf", "a PDF"),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "", "a document of an older Microsoft Office"),
    (rb"\{\\rtf", "", "a Rich Text document"),
    (rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP|BM[\s\S]{4}\x00{4}|II\*\x00|MM\x00\*", "", "a picture"),
    (rb"SQLite format 3\x00", "", "a database"),
    (rb"\x1f\x8b\x08|7z\xbc\xaf|BZh[1-9]|\xfd7zXZ|Rar!", "", "an archive"),
    (rb"\x7fELF|MZ[\s\S]{58}|\xfe\xed\xfa|\xcf\xfa\xed\xfe", "", "a program"),
    (
        rb"(?i)(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).){0,4000}-->\s*)*<(?:!doctype\s+html|html[\s>])",
        "webpage",
        "a web page",
    ),
)
"""How each kind begins, the module that reads it ("" for none), and its name."""
_PACKED: tuple[tuple[tuple[bytes, ...], str, str], ...] = (
    ((b"META-INF/container.xml",), "epub", "an EPUB book"),
    ((b"mimetypeapplication/epub+zip",), "epub", "an EPUB book"),
    ((b"mimetypeapplication/vnd.oasis.opendocument",), "", "an OpenDocument file"),
    ((b"[Content_Types].xml", b"word/"), "docx", "a Word document"),
    ((b"[Content_Types].xml", b"xl/"), "", "an Excel workbook"),
    ((b"[Content_Types].xml", b"ppt/"), "", "a PowerPoint presentation"),
)
"""The same for ZIP archives: what all stands in their first bytes or in the names of what they hold."""

_FRONT_MATTER = re.compile(
    rb"(?:\xef\xbb\xbf)?---[ \t]*\r?\n(?:#[^\n]*\n)*[A-Za-z_][\w-]*:(?:[^\n]*\n)+?---[ \t]*(?:\r?\n|$)"
)
"""Each line can be read in one way alone: with two, fifty lines could be in more ways than there is time for."""
_HEADERS = re.compile(rb"(?:\xef\xbb\xbf)?(?:>?From [^\n]*\n)?((?:[!-9;-~]+:[^\n]*(?:\n[ \t][^\n]*)*(?:\n|$))+)")
"""The header of a message (RFC 5322, 2.2): fields, each on a line that may go on in lines that begin with a space."""
_FIELD = re.compile(rb"(?m)^([!-9;-~]+):")
_SAVED_PAGE = re.compile(rb"(?im)^(?:snapshot-content-location:|from:\s*\"?<saved by )")
_RELATED = re.compile(rb"(?i)^content-type:\s*multipart/related", re.MULTILINE)
_SENT = frozenset({b"received", b"message-id", b"return-path", b"delivered-to", b"dkim-signature"})
_WRITTEN = frozenset({b"from", b"to", b"subject", b"date", b"mime-version"})
_LOOK_ALIKE = frozenset({"markdown", "text", "webpage"})
"""Kinds whose files say what they are by their suffix alone."""
_LOCKED = "EncryptedPackage".encode("utf-16-le")


class Found(NamedTuple):
    """What a file is: the module that reads it, "" when none does, and the kind as it stands in a sentence."""

    module: str
    title: str


def kind_of(data: bytes, name: str, by_suffix: str) -> Found:
    """What the file called `name` with the content `data` is; `by_suffix` is the module its suffix stands for, or "".

    A ZIP archive that is no document is ("", "a ZIP archive"), what is no text ("", "not text").
    """
    head = data[:HEAD]
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        head = head[: len(head) // 2 * 2].decode("utf-16", "replace").encode("utf-8", "replace")
    if re.match(rb"PK[\x03\x05\x07][\x04\x06\x08]", head):
        return _packed(head + directory(data))
    for signature, module, title in _SIGNATURES:
        if re.match(signature, head, re.DOTALL):
            return Found(module, "locked with a password" if _LOCKED in data[: 16 * HEAD] else title)
    if name.lower().endswith(".pdf") and b"%PDF-" in head[:1024]:
        # Some servers and printers put lines of their own before it, which the standard lets readers pass over.
        return Found("pdf", "a PDF")
    if is_binary(data):
        return Found("", "not text")
    if _FRONT_MATTER.match(head):
        return Found("markdown", "Markdown")
    return Found(_message(head, by_suffix) or (by_suffix if by_suffix in _LOOK_ALIKE else "text"), "text")


def refusal(name: str, found: Found, readable: Sequence[str]) -> MargentError:
    """The sentence for a file of a kind that is not read."""
    if found.title == "locked with a password":
        return MargentError(f"{name} is locked with a password: unlock it in the program it comes from.")
    kinds = f"{', '.join(readable[:-1])} and {readable[-1]}"
    return MargentError(f"{name} is {found.title}, and Margent reads {kinds}: save its text as one of these.")


def is_zip(data: bytes) -> bool:
    """Whether `data` is a ZIP archive that is not itself a document."""
    return kind_of(data, "", "") == _ZIP


_ZIP = Found("", "a ZIP archive")


def _packed(names: bytes) -> Found:
    for signs, module, title in _PACKED:
        if all(sign in names for sign in signs):
            return Found(module, title)
    return _ZIP


def _message(head: bytes, by_suffix: str) -> str:
    """The module for a message or a page saved as one, "" when `head` is neither.

    A text whose first lines are "From:", "Subject:", "Date:" is an article with a heading of its own, or a message that
    somebody pasted: only what a mail program writes by itself tells a message, unless its suffix does.
    """
    block = _HEADERS.match(head)
    if block is None:
        return ""
    fields = {field.lower() for field in _FIELD.findall(block[1])}
    if _RELATED.search(block[1]) and (_SAVED_PAGE.search(block[1]) or not fields & (_SENT | {b"to"})):
        return "mhtml"
    written = len(fields & _WRITTEN)
    if by_suffix == "mail" and written:
        return "mail"
    if fields & _SENT and b"from" in fields and written > 1:
        return "mail"
    if b"mime-version" in fields and b"from" in fields and b"content-type" in fields:
        return "mail"
    return ""


def is_binary(data: bytes) -> bool:
    """Whether `data` cannot be text in any encoding: UTF-16 and UTF-32 have NULs in every second place at least."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or data[:4] == b"\x00\x00\xfe\xff":
        return False
    head = data[:HEAD]
    from margent.formats.decoding import is_wide  # noqa: PLC0415 - a file with NULs alone

    if b"\x00" in head:
        return not is_wide(head)
    controls = len(head) - len(
        head.translate(None, b"\x01\x02\x03\x04\x05\x06\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18")
    )
    return controls > max(8, len(head) / 50)
