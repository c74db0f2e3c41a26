"""Whether a document that came as JSON is one: a stranger's file may hold anything where a text or a number belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from margent.document import Align, canonical

if TYPE_CHECKING:
    from margent.document import Block, Document

_ALIGN = get_args(Align)


def checked(document: Document) -> Document:
    """`document` itself. Raises ValueError saying what of it no importer would have made."""
    length = len(document.text)
    said = (document.title, document.summary, document.date, document.language, document.source)
    for value in (document.text, *said, *document.authors, *document.notices):
        if not isinstance(value, str) or canonical(value) != value:
            raise ValueError("a text in it cannot be shown")
    for block in document.blocks:
        _check(block)
    if document.annotations:
        raise ValueError("annotations stand in its text, where none belong")
    for theme in document.themes:
        names = (theme.name, theme.colour, *theme.words)
        named = all(isinstance(name, str) for name in names) and theme.name.strip()
        if not named or not all(_span(*span, length) for span in theme.spans):
            raise ValueError("a theme in it is none")
    place = 0
    for start, label in document.pages:
        if not _whole(start) or not place <= start <= length or not isinstance(label, str):
            raise ValueError("its pages are not in order")
        place = start
    return document


def _check(block: Block) -> None:
    length = len(block.text)
    for mark in block.marks:
        if not _span(mark.start, mark.end, length) or not isinstance(mark.target, str):
            raise ValueError("a mark in its text stands nowhere")
    numbers = (block.level, block.quote, block.number)
    if not all(map(_whole, numbers)) or (block.kind == "heading" and not 1 <= block.level <= 6):
        raise ValueError("a block of its text has no level")
    flags = (block.ordered, block.heading_row, block.checked)
    if not all(flag is None or isinstance(flag, bool) for flag in flags) or not isinstance(block.target, str):
        raise ValueError("a block of its text is none")
    if any(side not in _ALIGN for side in block.align):
        raise ValueError("a table in its text has columns without a side")


def _whole(value: Any) -> bool:  # noqa: ANN401 - what is checked is what it is
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 31


def _span(start: Any, end: Any, length: int) -> bool:  # noqa: ANN401 - what is checked is what it is
    return _whole(start) and _whole(end) and start < end <= length
