"""EPUB books, of version 2 and 3: their texts in reading order become one document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from margent.document import Document
from margent.errors import MargentError
from margent.formats import html
from margent.formats.archive import open_zip
from margent.formats.epubpackage import package
from margent.formats.epubtext import PAGE, Book
from margent.formats.pagenotes import forget_names, mark_notes
from margent.formats.pageshape import reshape
from margent.formats.webpage import titled

if TYPE_CHECKING:
    from collections.abc import Callable

    from margent.formats.html import Content


def read(data: bytes, name: str, picture: Callable[[str], bytes | None] | None = None) -> Document:  # noqa: ARG001
    """The document in an EPUB book; its pictures come from the book itself, and `picture` is not asked.

    Headings are those of the text, and where a chapter has none, those of the contents. Raises MargentError, naming the
    file, when the book is damaged, protected, or holds pictures instead of text.
    """
    archive = open_zip(data, name)
    described = package(archive, name)
    book = Book(archive, described, name)
    mark_notes(book.tree)
    reshape(book.tree)
    forget_names(book.tree)
    content = html.parse_tree(book.tree, book.picture, places=PAGE)
    if not any(block.text.strip() for block in content.blocks if block.kind != "picture"):
        if book.missing and not content.pictures:
            raise MargentError(f"{name} is damaged: the text of the book is missing in it, so get another copy.")
        raise MargentError(f"{name} is a book of pictures without text, so there is nothing in it to read or to mark.")
    title, blocks = titled(described.title, content.blocks, name)
    before = len(blocks[0].text) + 1 if len(blocks) > len(content.blocks) else 0
    return Document(
        title=title,
        blocks=blocks,
        summary=described.summary,
        authors=described.authors,
        date=described.date,
        language=described.language,
        source=described.source,
        pictures=content.pictures,
        notices=(*_notices(book), *content.notices),
        pages=_pages(book, content, before),
    )


def _notices(book: Book) -> tuple[str, ...]:
    if not book.missing:
        return ()
    parts = "A part of the book is" if book.missing == 1 else f"{book.missing} parts of the book are"
    return (f"{parts} missing in the file or damaged, so the text has a gap there.",)


def _pages(book: Book, content: Content, before: int) -> tuple[tuple[int, str], ...]:
    """Where printed pages begin; of two that begin in one place the later counts."""
    places: dict[int, str] = {}
    for number, label in enumerate(book.labels):
        span = content.places.get(f"{PAGE}{number}")
        if span is not None:
            places[span[0] + before] = label
    return tuple(sorted(places.items()))
