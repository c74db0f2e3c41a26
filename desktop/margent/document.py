r"""What every format becomes: a document is blocks, and its canonical text is what anchors count in.

All offsets are Unicode code points, end exclusive. `Document.text` is NFC, one "\n" between blocks; inside a
block "\n" is a forced line break (code, a table's rows, `<br>`) and "\t" parts the cells of a table row.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime
from operator import itemgetter
from typing import Literal, NamedTuple

from margent.values import value

BlockKind = Literal["paragraph", "heading", "item", "quotation", "code", "table", "picture", "footnote", "rule"]
MarkKind = Literal[
    "strong", "emphasis", "code", "link", "superscript", "subscript", "strike", "underline", "marked", "noteref"
]
Align = Literal["left", "center", "right"]

_UNPRINTABLE = "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
"""Compiled by the first import of a file, which the first page does without."""


class Mark(NamedTuple):
    """An inline mark on `start:end` of its block's text."""

    kind: MarkKind
    start: int
    end: int
    target: str = ""
    """Of a link its address ("#name" inside the document), of a noteref the label of its footnote."""


class Block(NamedTuple):
    """A paragraph, heading, list item, quotation, code, table, picture, footnote or rule."""

    kind: BlockKind
    text: str = ""
    """NFC. A picture's is its alternative text, a rule's is empty, a table's is its rows and cells."""
    marks: tuple[Mark, ...] = ()
    """In order of (start, -end); they may overlap."""
    level: int = 0
    """Heading 1–6. Otherwise the depth of list nesting: 1 for an item of an outer list, and the same for
    further blocks inside that item; 0 outside lists."""
    quote: int = 0
    """How many quotations the block stands in; a `quotation` is a plain paragraph inside one or more."""
    ordered: bool = False
    number: int = 0
    """An ordered item's number, from 1; 0 for bullets."""
    checked: bool | None = None
    """A task item's tick; None for an ordinary item."""
    target: str = ""
    """A heading's anchor name; a footnote's label; code's language; a picture's key in `Document.pictures`,
    or "" where only its alternative text is known (pictures are never fetched from the network)."""
    align: tuple[Align, ...] = ()
    """One a table column; the first row of a table is its heading row when `heading_row`."""
    heading_row: bool = False

    def rows(self) -> list[list[str]]:
        """A table's cells, row by row; the text is rows joined by newlines, cells joined by tabs."""
        return [row.split("\t") for row in self.text.split("\n")]


@value(frozen=True, slots=True)
class GivenTheme:
    """A theme that the document's author named, with the spans it covers."""

    name: str
    colour: str = ""
    words: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    """Code points in `Document.text`."""


@value(frozen=True, slots=True)
class GivenAnnotation:
    """A comment or highlight that came with the file: somebody made it in another program."""

    start: int
    """Code points in `Document.text`; a reply has its parent's span."""
    end: int
    note: str = ""
    """Markdown."""
    author: str = ""
    """The name in the file; "" when the file does not say, and then nobody's is put there."""
    created: datetime | None = None
    """UTC; None when the file does not say."""
    modified: datetime | None = None
    colour: str = "yellow"
    """One of annotations.COLOURS."""
    style: str = "highlight"
    """One of annotations.STYLES."""
    done: bool = False
    """Whether it was marked as resolved."""
    replies: tuple["GivenAnnotation", ...] = ()


@value(frozen=True, slots=True)
class Document:
    """One immutable state of a text, as an importer read it or the library gave it back."""

    title: str
    blocks: tuple[Block, ...]
    summary: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    """As the document states it; ISO 8601 where it can be told."""
    language: str = ""
    """BCP 47, or "" when unknown."""
    source: str = ""
    """An address or citation; "" means not given, and is shown as such."""
    themes: tuple[GivenTheme, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    """Bytes of each picture by its key, the SHA-256 of the bytes in hexadecimal."""
    notices: tuple[str, ...] = ()
    """What the reader should know about the import (what could not be carried), a sentence each."""
    annotations: tuple[GivenAnnotation, ...] = ()
    """What others had put on the file, in reading order. Not kept with the revision: each becomes an annotation."""
    pages: tuple[tuple[int, str], ...] = ()
    """Where in `text` each page of a paged file begins, and its label; () for a file without pages."""
    text: str = field(init=False, default="")
    starts: tuple[int, ...] = field(init=False, default=(), repr=False)
    """Where each block begins in `text`."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", "\n".join([block.text for block in self.blocks]))
        starts = []
        position = 0
        for block in self.blocks:
            starts.append(position)
            position += len(block.text) + 1
        object.__setattr__(self, "starts", tuple(starts))

    def block_at(self, position: int) -> int:
        """Index of the block that holds `position`; a block's end belongs to it. 0 for an empty document."""
        return max(0, bisect_right(self.starts, position) - 1)

    def span_of(self, index: int) -> tuple[int, int]:
        """Start and end of block `index` in `text`."""
        start = self.starts[index]
        return start, start + len(self.blocks[index].text)

    def headings(self) -> list[tuple[int, Block]]:
        """Index and block of each heading, in order."""
        return [(index, block) for index, block in enumerate(self.blocks) if block.kind == "heading"]

    def section_at(self, position: int) -> tuple[str, ...]:
        """Titles of the headings that `position` stands under, outermost first, itself included."""
        path: list[tuple[int, str]] = []
        for index in range(min(self.block_at(position), len(self.blocks) - 1), -1, -1):
            block = self.blocks[index]
            if block.kind == "heading" and (not path or block.level < path[-1][0]):
                path.append((block.level, block.text))
                if block.level == 1:
                    break
        return tuple(text for _, text in reversed(path))

    def page_at(self, position: int) -> str:
        """The label of the page that `position` stands on; "" in a text without pages."""
        index = bisect_right(self.pages, position, key=itemgetter(0))
        return self.pages[index - 1][1] if index else ""

    def words(self) -> int:
        """How many words the text has, counted between white space."""
        return sum(len(block.text.split()) for block in self.blocks)


def canonical(text: str) -> str:
    """`text` in NFC without the characters no store or page can hold (NUL, lone surrogates, other controls)."""
    clean = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", re.sub(_UNPRINTABLE, "", clean))


def cut(block: Block, start: int, end: int) -> Block:
    """`block` reduced to `start:end` of its text, its marks clipped and shifted."""
    marks = [
        Mark(mark.kind, max(mark.start, start) - start, min(mark.end, end) - start, mark.target)
        for mark in block.marks
        if max(mark.start, start) < min(mark.end, end)
    ]
    return block._replace(text=block.text[start:end], marks=tuple(marks))


def sorted_marks(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """`marks` in the order a block keeps them, empty ones dropped."""
    return tuple(sorted((m for m in marks if m.end > m.start), key=lambda m: (m.start, -m.end, m.kind)))
