"""What stands inside lines: emphasis, links, code and references as formats of a flow, and dimmed text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QFont, QTextLayout

from margent.appearance import blend, contrast
from margent.ui.page import Anchor, Flow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtGui import QTextCharFormat

    from margent.document import Block, Mark
    from margent.ui.faces import Faces
    from margent.ui.page import Strip
    from margent.ui.style import Style

Span = tuple[int, int]
_Piece = tuple[int, int, str]

_DIM = 5.6
_HIGH = 7.5
"""Contrast with the page that dimmed text keeps. WCAG 2.2 asks for 4.5, which is then left on a faded mark too, and
for 7 where more is needed."""


class Inline:
    """Makes flows of parts of blocks."""

    def __init__(self, style: Style) -> None:
        self._style = style
        self.bright: list[Span] | None = None
        """The passages that keep their ink while all other text is dimmed; None when nothing is."""
        self._formats: dict[tuple[object, ...], QTextCharFormat] = {}
        self._longest: dict[int, int] = {}

    def set_faces(self, faces: Faces) -> None:
        """Take other faces."""
        self._faces = faces
        self._formats = {}

    def forget(self) -> None:
        """Drop what depends on the document or on colours."""
        self._formats = {}
        self._longest = {}

    def flow(self, strip: Strip, block: Block, text: str, start: int, font: QFont, scale: float = 1.0) -> Flow:
        """A flow of part of a block with its inline marks and the dimming in force; not laid out yet."""
        flow = Flow(text, start, font)
        strip.flows.append(flow)
        marks: list[_Piece] = []
        for mark in self._marks_of(strip.block, block, start - strip.origin, flow.end - strip.origin):
            first, last = strip.origin + mark.start, strip.origin + mark.end
            marks.append((first, last, mark.kind))
            if mark.kind in {"link", "noteref"}:
                strip.anchors.append(Anchor(first, last, mark.target, mark.kind == "noteref"))
        muted = block.kind == "picture"
        if self.bright is not None:
            marks += [(first, last, "bright") for first, last in touching(self.bright, start, flow.end)]
        if not marks and not muted and self.bright is None:
            return flow
        heavy = font.weight() >= QFont.Weight.DemiBold
        ranges = []
        for first, last, kinds in pieces(marks, start, flow.end):
            piece = QTextLayout.FormatRange()
            piece.start = flow.units(first)
            piece.length = flow.units(last) - piece.start
            piece.format = self._format(kinds, scale, heavy=heavy, muted=muted)
            ranges.append(piece)
        flow.layout.setFormats(ranges)
        for first, last, kinds in pieces(marks, start, flow.end):
            if "code" in kinds or "marked" in kinds:
                strip.washes.append((first, last, "code" if "code" in kinds else "marked"))
        return flow

    def _marks_of(self, index: int, block: Block, start: int, end: int) -> Iterator[Mark]:
        """The inline marks of a block that touch `start:end` of its text; cost follows what is found."""
        longest = self._longest.get(index)
        if longest is None:
            longest = self._longest[index] = max((mark.end - mark.start for mark in block.marks), default=0)
        low = bisect_left(block.marks, start - longest, key=attrgetter("start"))
        for mark in block.marks[low : bisect_left(block.marks, end, key=attrgetter("start"))]:
            if mark.end > start:
                yield mark

    def _format(self, kinds: frozenset[str], scale: float, *, heavy: bool, muted: bool) -> QTextCharFormat:
        key = (kinds, scale, heavy, muted)
        known = self._formats.get(key)
        if known is not None:
            return known
        from PySide6.QtGui import QTextCharFormat  # noqa: PLC0415 - costs 3 ms, and plain text needs none

        form = QTextCharFormat()
        bold = heavy or "strong" in kinds
        if "code" in kinds:
            form.setFont(self._faces.mono(scale, bold=bold))
        elif kinds & {"strong", "emphasis"}:
            form.setFont(self._faces.font(scale, 600 if bold else 400, italic="emphasis" in kinds))
        if kinds & {"superscript", "noteref"}:
            form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
        elif "subscript" in kinds:
            form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSubScript)
        form.setFontStrikeOut("strike" in kinds)
        form.setFontUnderline("underline" in kinds)
        role = "link" if kinds & {"link", "noteref"} else "muted" if muted else "text"
        form.setForeground(self._style.brush(self.ink(role, dim=self.bright is not None and "bright" not in kinds)))
        self._formats[key] = form
        return form

    def mute(self, flow: Flow) -> None:
        """Write a flow that is no part of the text in the second rank; before it is laid out."""
        from PySide6.QtGui import QTextCharFormat  # noqa: PLC0415 - see above

        piece = QTextLayout.FormatRange()
        piece.start, piece.length = 0, flow.units(flow.end)
        piece.format = QTextCharFormat()
        piece.format.setForeground(self._style.brush(self.ink("muted", dim=self.bright is not None)))
        flow.layout.setFormats([piece])

    def ink(self, role: str, *, dim: bool) -> QColor:
        """The colour of a role of text; `dim` takes it towards the page as far as it can still be read."""
        colour = self._style.colour(role)
        return dimmed(colour, self._style.colour("page")) if dim else colour


def pieces(marks: Sequence[_Piece], start: int, end: int) -> Iterator[tuple[int, int, frozenset[str]]]:
    """`start:end` cut at every end of a mark, each piece with the kinds that cover it. Code points."""
    cuts = sorted({start, end, *(at for mark in marks for at in mark[:2] if start < at < end)})
    opening = sorted(marks)
    standing: list[_Piece] = []
    following = 0
    for first, last in pairwise(cuts):
        while following < len(opening) and opening[following][0] <= first:
            standing.append(opening[following])
            following += 1
        standing = [mark for mark in standing if mark[1] > first]
        yield first, last, frozenset([mark[2] for mark in standing])


def merged(spans: Sequence[Span]) -> list[Span]:
    """`spans`, in order, with those that touch made one."""
    found: list[Span] = []
    for start, end in spans:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def touching(spans: Sequence[Span], start: int, end: int) -> Sequence[Span]:
    """Those of `spans` (in order, apart from each other) that touch `start:end`."""
    low = bisect_right(spans, start, key=itemgetter(1))
    return spans[low : bisect_left(spans, end, lo=low, key=itemgetter(0))]


def dimmed(colour: QColor, page: QColor) -> QColor:
    """`colour` blended towards `page`, as long as it can be read there: with a contrast of _DIM, or of _HIGH where
    text is as far from the page as it can be, which somebody will have chosen for a reason.
    """
    ink, ground = colour.name(), page.name()
    least = _DIM if contrast(ink, ground) < 18 else _HIGH
    steps = (blend(ground, ink, percent / 100) for percent in range(60, 0, -5))
    return QColor(next((mixed for mixed in steps if contrast(mixed, ground) >= least), ink))
