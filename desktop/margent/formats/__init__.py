"""Files into documents. One module a format; which one reads a file is decided here, by content first, then by name.

The modules are imported when a file needs them, for their parsers take longer to load than the window does.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from margent.errors import MargentError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from margent.document import Document

SUFFIXES: Mapping[str, str] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdown": "markdown",
    ".mkd": "markdown",
    ".qmd": "markdown",
    ".rmd": "markdown",
    ".txt": "text",
    ".text": "text",
    ".asc": "text",
    ".log": "text",
}
"""The module of this package that reads each kind of file. Adding a format is a module and its lines here."""

LIMIT = 64 * 1024 * 1024
"""Bytes; a longer file is refused, for nobody reads so much text and every view would wait for it."""

_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (rb"%PDF-", ".pdf", "a PDF"),
    (rb"PK\x03\x04[\s\S]{0,80}mimetypeapplication/epub\+zip", ".epub", "an EPUB book"),
    (rb"PK\x03\x04[\s\S]{0,80}mimetypeapplication/vnd\.oasis\.opendocument", ".odt", "an OpenDocument file"),
    (rb"PK\x03\x04[\s\S]*word/", ".docx", "a Word document"),
    (rb"PK\x03\x04[\s\S]*xl/", ".xlsx", "an Excel workbook"),
    (rb"PK\x03\x04[\s\S]*ppt/", ".pptx", "a PowerPoint presentation"),
    (rb"PK[\x03\x05\x07][\x04\x06\x08]", ".zip", "a ZIP archive"),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".doc", "a document of an older Microsoft Office"),
    (rb"\{\\rtf", ".rtf", "a Rich Text document"),
    (rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP|BM[\s\S]{4}\x00{4}|II\*\x00|MM\x00\*", ".png", "a picture"),
    (rb"SQLite format 3\x00", ".sqlite", "a database"),
    (rb"\x1f\x8b\x08|7z\xbc\xaf|BZh[1-9]|\xfd7zXZ|Rar!", ".gz", "an archive"),
    (rb"\x7fELF|MZ[\s\S]{58}|\xfe\xed\xfa|\xcf\xfa\xed\xfe", ".exe", "a program"),
    (
        rb"(?i)(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]{0,4000}?-->\s*)*<(?:!doctype\s+html|html[\s>])",
        ".html",
        "a web page",
    ),
)
"""How each kind of file begins (in the first `_HEAD` bytes), the suffix that stands for it in SUFFIXES, its name."""

_HEAD = 4096
_FRONT_MATTER = re.compile(
    rb"(?:\xef\xbb\xbf)?---[ \t]*\r?\n(?:#.*\r?\n)*[A-Za-z_][\w-]*:(?:.*\r?\n)+?---[ \t]*(?:\r?\n|$)"
)


class _Format(Protocol):
    def read(self, data: bytes, name: str, picture: Callable[[str], bytes | None] | None) -> Document: ...


def read(data: bytes, name: str, picture: Callable[[str], bytes | None] | None = None) -> Document:
    """The document in `data`, the content of a file called `name`.

    `picture` gives the bytes of a local picture by its address in the document; without it only alternative texts
    are kept. Raises MargentError, with a sentence that names the file, when there is no text to be had from it.
    """
    if len(data) > LIMIT:
        raise _too_long(name)
    if not data.strip():
        raise MargentError(f"{name} is empty: there is nothing to read in it.")
    module = cast("_Format", import_module(f"{__name__}.{_module(data, name)}"))
    document = module.read(data, name, picture)
    if not document.blocks or not (document.text.strip() or document.pictures):
        raise MargentError(f"{name} has no text in it that could be read; look at it in the program it comes from.")
    return document


def read_file(path: Path) -> tuple[Document, bytes]:
    """The document in a file, and the bytes it was read from.

    Pictures are taken from the file's own folder and the folders in it. Raises MargentError, with a sentence that names
    the file, when it is missing, a folder, unreadable, longer than LIMIT or of a kind that is not read.
    """
    from margent.formats.pictures import beside  # noqa: PLC0415 - needed only for a file

    name = path.name or str(path)
    try:
        if path.is_dir():
            raise MargentError(f"{name} is a folder: open the files in it instead.")
        if path.exists() and not path.is_file():
            raise MargentError(f"{name} is a device and not a file: copy what it gives into a file and open that.")
        with path.open("rb") as file:
            data = file.read(LIMIT + 1)
    except FileNotFoundError:
        raise MargentError(
            f"There is no file {path}: it may have been moved or renamed, so look for it again."
        ) from None
    except PermissionError:
        raise MargentError(f"{name} may not be read: change its permissions, or ask whoever owns it.") from None
    except OSError as error:
        reason = error.strerror or "the system gives no reason"
        raise MargentError(f"{name} could not be read ({reason}): copy it to another place and try again.") from error
    return read(data, name, beside(path)), data


def _module(data: bytes, name: str) -> str:
    """The module that reads `data`; its content decides, and its suffix only among kinds that look alike."""
    head = data[:_HEAD]
    if head.startswith(b"PK"):
        # The names of what a ZIP archive holds stand at its end.
        head += data[-16 * _HEAD :]
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    for signature, kind, title in _SIGNATURES:
        if re.match(signature, head, re.DOTALL):
            module = SUFFIXES.get(kind)
            if module is None:
                raise MargentError(
                    f"{name} is {title}, and Margent reads {_readable()}: save its text as one of these."
                )
            return module
    if _is_binary(data):
        raise MargentError(f"{name} is not text, and Margent reads {_readable()}: save its text as one of these.")
    if _FRONT_MATTER.match(head):
        return "markdown"
    return SUFFIXES.get(suffix, "text")


def _is_binary(data: bytes) -> bool:
    """Whether `data` cannot be text in any encoding: UTF-16 and UTF-32 have NULs in every second place at least."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or data[:4] == b"\x00\x00\xfe\xff":
        return False
    head = data[:_HEAD]
    from margent.formats.decoding import is_wide  # noqa: PLC0415 - a file with NULs alone

    if b"\x00" in head:
        return not is_wide(head)
    controls = len(head) - len(
        head.translate(None, b"\x01\x02\x03\x04\x05\x06\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18")
    )
    return controls > max(8, len(head) / 50)


def _readable() -> str:
    names = {"markdown": "Markdown", "text": "plain text"}
    known = list(dict.fromkeys(names.get(module, module.upper()) for module in SUFFIXES.values()))
    return " and ".join([", ".join(known[:-1]), known[-1]])


def _too_long(name: str) -> MargentError:
    return MargentError(f"{name} is longer than {LIMIT // 1024 // 1024} MB: divide it and open the parts.")
