"""What a page of a PDF is once PDFium is done with it: letters with their places, and nothing that can crash.

Points of 1/72 inch, from the lower left corner of the page as its letters stand upright; `base` is where a letter
stands, so letters of one line share it whatever their size.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle in points."""

    left: float
    bottom: float
    right: float
    top: float

    def holds(self, x: float, y: float) -> bool:
        """Whether the point lies in the box or on its edge."""
        return self.left <= x <= self.right and self.bottom <= y <= self.top


NOWHERE = Box(0.0, 0.0, 0.0, 0.0)
"""No place on a page."""


class Face(NamedTuple):
    """How a letter looks; `size` in points as it is drawn."""

    size: float
    bold: bool = False
    italic: bool = False
    mono: bool = False


GUESS = "\u2009"
"""Instead of a letter: PDFium takes the gap here for a space. Its place and look say nothing."""


class Glyph(NamedTuple):
    """A letter (or a ligature's letters) from `left` to `right` on its baseline."""

    char: str
    left: float
    right: float
    base: float
    face: Face


class Spot(NamedTuple):
    """A part of the page that a link or an annotation covers."""

    kind: str
    """"link" with its address as target, or "note" with the annotation's number."""
    boxes: tuple[Box, ...]
    target: str


class Shown(NamedTuple):
    """A raster picture on a page."""

    path: tuple[int, ...]
    """How it is reached: its number among the page's objects, or those of the forms it stands in and its own."""
    box: Box
    """What is seen of it, in the page's own points."""
    whole: Box
    """What it would fill if nothing were cut off."""
    digest: bytes
    """The same for a picture that is shown twice."""
    width: int
    height: int
    """Pixels, as it is stored."""
    place: Box = NOWHERE
    """`box` in upright points."""


class Page(NamedTuple):
    """A page's letters in the order they were drawn."""

    number: int
    """From 0."""
    label: str
    bottom: float = 0.0
    top: float = 0.0
    glyphs: tuple[Glyph, ...] = ()
    aside: tuple[tuple[Glyph, ...], ...] = ()
    """Letters that stand turned against most of the page, each direction for itself, in its own upright points."""
    spots: tuple[Spot, ...] = ()
    rules: tuple[Box, ...] = ()
    """Thin lines and frames that are drawn, in the order they were drawn."""
    pictures: tuple[Shown, ...] = ()
    """In the order they were drawn."""
    turn: int = 0
    """The quarter turn to the left in which most letters stand on the page."""


class Cell(NamedTuple):
    """A part of a line that a wide gap parts from the rest: its text's span, and its left and right in points."""

    start: int
    end: int
    left: float
    right: float


@dataclass(slots=True)
class Line:
    """A line of text as it stands in its column."""

    text: str
    left: float
    right: float
    base: float
    face: Face
    """The look of most of its letters; bold, italic and mono only when nearly all are."""
    marks: list[tuple[str, int, int, str]] = field(default_factory=list)
    """Kind, start, end, target. Of a document's mark, or "note"."""
    cells: tuple[Cell, ...] = ()
    """Its parts where there are two or more."""
    page: int = 0
    column: Box = NOWHERE
    """The column's left and right edge as its lines have them; bottom and top of what stands in it."""
    number: int = 0
    """Which column of its page, in reading order."""

    @property
    def size(self) -> float:
        """Points of most of its letters."""
        return self.face.size


@dataclass(slots=True)
class Given:
    """An annotation of the file before it has a place in the text."""

    key: int
    """Its number in the file; a reply's parent has another."""
    kind: str
    """"highlight", "underline", "strike" or "text"."""
    note: str = ""
    author: str = ""
    created: str = ""
    """As in the file: D:20240131120000+01'00'."""
    modified: str = ""
    colour: tuple[int, int, int] | None = None
    """Red, green, blue, 0–255."""
    parent: int | None = None
    page: int = 0


@dataclass(slots=True)
class Outline:
    """An entry of the contents that the file carries beside its pages."""

    title: str
    level: int
    """From 1."""
    page: int
    """Index of the page; -1 where it leads nowhere."""


@dataclass(slots=True)
class Facts:
    """What the file says of itself."""

    title: str = ""
    authors: tuple[str, ...] = ()
    created: str = ""
    language: str = ""
    subject: str = ""
    outline: tuple[Outline, ...] = ()
