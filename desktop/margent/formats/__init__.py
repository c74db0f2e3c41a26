"""Files into documents. One module a format; which one reads a file is decided by its content first, then by its name.

The modules are imported when a file needs them, for their parsers take longer to load than the window does.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from margent.errors import MargentError
from margent.formats import limits, sniffing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from margent.document import Document


class Format(NamedTuple):
    """A kind of file that is read: the module of this package, its name in a sentence, its suffixes, its bound."""

    module: str
    title: str
    suffixes: tuple[str, ...]
    limit: int = limits.TEXT
    """Bytes; a longer file is refused."""
    quick: int = 0
    """Bytes; a shorter file is read within a second by this process, whatever stands in it. Others go to `apart`."""
    parts: bool = False
    """Whether an article is taken out of it, so that its `read` knows `whole`."""


FORMATS: tuple[Format, ...] = (
    Format("markdown", "Markdown", (".md", ".markdown", ".mdown", ".mkd", ".qmd", ".rmd"), quick=8 * 1024),
    Format("text", "plain text", (".txt", ".text", ".asc", ".log"), quick=256 * 1024),
    Format("webpage", "web pages", (".html", ".htm", ".xhtml", ".xht"), parts=True),
    Format("mhtml", "saved web pages", (".mhtml", ".mht"), limits.PACKED, parts=True),
    Format("mail", "e-mail", (".eml",), limits.PACKED),
    Format("epub", "EPUB books", (".epub",), limits.PACKED),
    Format("docx", "Word documents", (".docx", ".docm", ".dotx"), limits.PACKED),
    Format("pdf", "PDF", (".pdf",), limits.PACKED),
)
"""Adding a format is a module and its line here; `sniffing` tells those apart that do not say what they are."""

SUFFIXES: Mapping[str, str] = {suffix: format_.module for format_ in FORMATS for suffix in format_.suffixes}
"""The module that reads each kind of file."""


class _Module(Protocol):
    def read(
        self, data: bytes, name: str, picture: Callable[[str], bytes | None] | None, **choice: bool
    ) -> Document: ...


def read(
    data: bytes, name: str, picture: Callable[[str], bytes | None] | None = None, *, whole: bool = False
) -> Document:
    """The document in `data`, the content of a file called `name`.

    `picture` gives the bytes of a local picture by its address in the document; without it only alternative texts
    are kept. With `whole` all of a web page is read and not its article alone. Raises MargentError, with a sentence
    that names the file, when there is no text to be had from it.
    """
    format_ = format_of(data, name)
    if len(data) > format_.limit:
        raise limits.too_long(name, format_.limit)
    if not data.strip():
        raise MargentError(f"{name} is empty: there is nothing to read in it.")
    module = cast("_Module", import_module(f"{__name__}.{format_.module}"))
    choice = {"whole": True} if whole and format_.parts else {}
    document = module.read(data, name, picture, **choice)
    if not document.blocks or not (document.text.strip() or document.pictures):
        raise MargentError(f"{name} has no text in it that could be read; look at it in the program it comes from.")
    return _printable(document)


def _printable(document: Document) -> Document:
    """What the file says of itself without the characters that no store or page can hold; the text has none."""
    from margent.document import canonical  # noqa: PLC0415 - the window opens without the parsers

    said = (document.title, document.summary, document.date, document.language, document.source, *document.authors)
    clean = [canonical(value) for value in said]
    if clean == list(said):
        return document
    title, summary, date, language, source, *authors = clean
    return replace(
        document,
        title=title,
        summary=summary,
        date=date,
        language=language,
        source=source,
        authors=tuple(authors),
    )


def read_file(path: Path, *, whole: bool = False) -> tuple[Document, bytes]:
    """The document in a file, and the bytes it was read from.

    Pictures are taken from the file's own folder and the folders in it; `whole` as in `read`. Raises MargentError, with
    a sentence that names the file, when it is missing, a folder, unreadable, too long or of a kind that is not read.
    """
    from margent.formats.pictures import beside  # noqa: PLC0415 - needed only for a file

    data = load(path)
    return read(data, path.name or str(path), beside(path), whole=whole), data


def load(path: Path) -> bytes:
    """The bytes of a file. Raises MargentError, naming it, when it is missing, no file, unreadable or too long."""
    name = path.name or str(path)
    try:
        if path.is_dir():
            raise MargentError(f"{name} is a folder: open the files in it instead.")
        if path.exists() and not path.is_file():
            raise MargentError(f"{name} is a device and not a file: copy what it gives into a file and open that.")
        with path.open("rb") as file:
            data = file.read(limits.TEXT + 1)
            if len(data) > limits.TEXT:
                data += file.read(_limit(data, name) - limits.TEXT)
    except FileNotFoundError:
        raise MargentError(
            f"There is no file {path}: it may have been moved or renamed, so look for it again."
        ) from None
    except PermissionError:
        raise MargentError(f"{name} may not be read: change its permissions, or ask whoever owns it.") from None
    except OSError as error:
        reason = error.strerror or "the system gives no reason"
        raise MargentError(f"{name} could not be read ({reason}): copy it to another place and try again.") from error
    return data


def format_of(data: bytes, name: str) -> Format:
    """The format of a file called `name`. Raises MargentError, saying what it is, for one that is not read."""
    found = sniffing.kind_of(data, name, SUFFIXES.get(suffix_of(name), ""))
    for format_ in FORMATS:
        if format_.module == found.module:
            return format_
    raise sniffing.refusal(name, found, [format_.title for format_ in FORMATS])


def suffix_of(name: str) -> str:
    """The suffix of a name in lower case, with its point; "" for none."""
    return name[name.rfind(".") :].lower() if "." in name else ""


def _limit(head: bytes, name: str) -> int:
    """How many bytes of the file that begins with `head` are read: one more than allowed, so that it is noticed."""
    if sniffing.is_zip(head):
        return limits.PACKED + 1
    format_ = format_of(head, name)
    if format_.limit <= limits.TEXT:
        raise limits.too_long(name, format_.limit)
    return format_.limit + 1
