"""Web pages that a browser saved as one file: the page, and the pictures it was shown with, as parts of a message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from margent.errors import MargentError
from margent.formats import mailparts, webpage
from margent.formats.pagemeta import joined

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from email.message import Message

    from margent.document import Document
    from margent.formats.mailparts import Part

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_WEB = re.compile(r"https?://\S+", re.IGNORECASE)
_PICTURE = "picture-of-page-"


def read(
    data: bytes,
    name: str,
    picture: Callable[[str], bytes | None] | None = None,  # noqa: ARG001 - all pictures are in the file
    *,
    whole: bool = False,
) -> Document:
    """The document in a saved web page with its parts; `whole` as in `webpage.read`.

    Raises MargentError, naming the file, when there is no page in it.
    """
    message = mailparts.message(data, name)
    parts = mailparts.parts(message, name)
    page = _page(message, parts)
    if page is None:
        raise MargentError(f"{name} holds no web page, or is damaged: save the page again and open that.")
    stated = (mailparts.header(message, "Snapshot-Content-Location"), page.location)
    address = next((each for each in stated if _WEB.fullmatch(each)), "")
    title = mailparts.header(message, "Subject")
    # The message holds all parts as they are packed, beside the parts themselves.
    del message
    known = mailparts.locations(parts, address)

    def stored(source: str) -> str:
        ways = (source, source.partition("#")[0], source and joined(address, source))
        index = next((known[way] for way in ways if way in known), None)
        return "" if index is None else f"{_PICTURE}{index}"

    def kept(source: str) -> bytes | None:
        return parts[int(source.removeprefix(_PICTURE))].data if source.startswith(_PICTURE) else None

    return webpage.from_html(
        lambda: page.text(name),
        name,
        kept,
        whole=whole,
        address=address,
        sources=stored,
        title=title,
    )


def _page(message: Message, parts: Sequence[Part]) -> Part | None:
    """The part that is the page: the one the file names, or else its first."""
    start = re.search(r"\bstart=\"?<?([^\">;\s]+)", mailparts.header(message, "Content-Type"), re.IGNORECASE)
    pages = [part for part in parts if part.kind in _PAGES]
    return next((page for page in pages if start and page.cid == start[1]), next(iter(pages), None))
