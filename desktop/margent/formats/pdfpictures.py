"""Which pictures of a PDF belong to its text, and after which of its blocks they stand.

A page is full of pictures that say nothing: grounds behind the text, scans under recognised words, a logo in every
head. What remains is put where a reader's eye meets it: above its caption, or after the block it stands under.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from margent.formats.pdfdraft import Draft
from margent.formats.pdfmarkers import is_caption
from margent.formats.pdfpage import Box
from margent.formats.pictures import Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from margent.formats.pdffile import File
    from margent.formats.pdfpage import Line, Page, Shown

_MOST: Final = 60
"""Pictures of one page; more are a pattern."""
_GROUND: Final = 0.6
"""Of a page: a picture as large as this under lines of text is their ground."""
_WRITTEN: Final = 0.25
"""Of a picture: text that covers so much of it has it for its ground."""
_AGAIN: Final = 3
"""Pages on which a picture stands in one place that make it a part of the paper."""
_EDGE: Final = 0.16
"""Of a page's height: a picture that is repeated so near to the edge belongs to heads and feet."""
_TOUCH: Final = 1.5
"""Points between the edges of two pieces of one picture."""
_NEAR: Final = 40.0
"""Points between a picture and its caption."""


class Figure(NamedTuple):
    """A picture that is kept: where it stands, upright, and its key among the document's pictures."""

    page: int
    place: Box
    key: str


class Gallery:
    """The pictures of a document while its pages are read, and what is to be said of those left out."""

    def __init__(self) -> None:
        self._store = Store()
        self.kept = self._store.kept
        """Bytes of each picture by their SHA-256."""
        self.pages: set[int] = set()
        """Pages that have any picture."""
        self.grounds = 0
        """Pages whose picture lies behind their text."""
        self.lost = 0
        """Pictures that are too large or cannot be drawn."""
        self._pages: list[tuple[Page, list[list[Shown]]]] = []

    def look(self, page: Page, lines: Sequence[Line]) -> None:
        """Take note of the pictures of a page with these lines, which still stand as on the page."""
        if page.pictures:
            self.pages.add(page.number)
        own = [each for each in page.pictures if max(each.width, each.height) > 2]
        if not 0 < len(own) <= _MOST:
            return
        groups = _pieces(own)
        free = [pieces for pieces in groups if not _is_ground(_around(pieces), page, lines)]
        self.grounds += len(free) < len(groups) and bool(lines)
        if free:
            self._pages.append((page._replace(glyphs=(), aside=(), spots=(), rules=(), pictures=()), free))

    def figures(self, file: File) -> list[Figure]:
        """The pictures that are kept, in the order of their pages; their bytes are in `kept` then."""
        paper = _repeated(self._pages)
        found: list[Figure] = []
        known: dict[tuple[bytes, ...], str] = {}
        for page, groups in self._pages:
            own = [pieces for pieces in groups if _sign(pieces) not in paper]
            new = [pieces for pieces in own if _shape(pieces, page) not in known]
            for pieces, data in zip(new, file.pictures(page, new) if new else (), strict=True):
                known[_shape(pieces, page)] = self._key(data)
            for pieces in own:
                key = known[_shape(pieces, page)]
                if key:
                    found.append(Figure(page.number, _around(pieces), key))
        return found

    def _key(self, data: bytes) -> str:
        key = self._store.keep(data) if data else ""
        self.lost += not key
        return key


def _pieces(pictures: Sequence[Shown]) -> list[list[Shown]]:
    """Pictures, those together that were cut from one: they touch along a whole edge."""
    groups: list[list[Shown]] = []
    for each in sorted(pictures, key=lambda shown: (-shown.place.top, shown.place.left)):
        for group in groups:
            if _touch(_around(group), each.place):
                group.append(each)
                break
        else:
            groups.append([each])
    return groups


def _touch(first: Box, second: Box) -> bool:
    def near(one: float, other: float) -> bool:
        return abs(one - other) <= _TOUCH

    stacked = near(first.left, second.left) and near(first.right, second.right)
    beside = near(first.bottom, second.bottom) and near(first.top, second.top)
    return (stacked and (near(first.bottom, second.top) or near(first.top, second.bottom))) or (
        beside and (near(first.right, second.left) or near(first.left, second.right))
    )


def _around(pieces: Sequence[Shown]) -> Box:
    return Box(
        min(each.place.left for each in pieces),
        min(each.place.bottom for each in pieces),
        max(each.place.right for each in pieces),
        max(each.place.top for each in pieces),
    )


def _area(box: Box) -> float:
    return max(0.0, box.right - box.left) * max(0.0, box.top - box.bottom)


def _is_ground(box: Box, page: Page, lines: Sequence[Line]) -> bool:
    """Whether a picture lies behind the text: it fills the page, or text covers much of it."""
    inside = [line for line in lines if box.holds((line.left + line.right) / 2, line.base + 0.3 * line.size)]
    if not inside:
        return False
    height = page.top - page.bottom
    if len(inside) >= 3 and box.top - box.bottom > _GROUND * height and _is_wide(box, lines):
        return True
    return sum((line.right - line.left) * line.size for line in inside) > _WRITTEN * _area(box)


def _is_wide(box: Box, lines: Sequence[Line]) -> bool:
    """Whether a picture reaches as far across as the page's text."""
    return box.left <= min(line.left for line in lines) + 1 and box.right >= max(line.right for line in lines) - 1


def _sign(pieces: Sequence[Shown]) -> tuple[bytes, ...]:
    return tuple(each.digest for each in pieces)


def _shape(pieces: Sequence[Shown], page: Page) -> tuple[bytes, ...]:
    """What makes the bytes of a picture: what is stored, how it is turned and cut."""
    extents = [
        f"{page.turn} {box.left - whole.left:.0f} {box.bottom - whole.bottom:.0f} {box.right - whole.left:.0f} "
        f"{box.top - whole.bottom:.0f}".encode()
        for box, whole in ((each.box, each.whole) for each in pieces)
    ]
    return (*_sign(pieces), *extents)


def _repeated(pages: Iterable[tuple[Page, list[list[Shown]]]]) -> set[tuple[bytes, ...]]:
    """Pictures that stand in one place on many pages, or on two near the edge: part of the paper."""
    places: Counter[tuple[tuple[bytes, ...], int, int]] = Counter()
    edges: Counter[tuple[bytes, ...]] = Counter()
    for page, groups in pages:
        room = _EDGE * (page.top - page.bottom)
        for pieces in groups:
            box = _around(pieces)
            places[_sign(pieces), round(box.left / 10), round(box.bottom / 10)] += 1
            edges[_sign(pieces)] += box.bottom > page.top - room or box.top < page.bottom + room
    return {sign for (sign, _, _), count in places.items() if count >= _AGAIN} | {
        sign for sign, count in edges.items() if count > 1
    }


# -- into the text ----------------------------------------------------------------------------------------------------


def placed(drafts: Sequence[Draft], figures: Sequence[Figure], mirrored: Iterable[int]) -> list[Draft]:
    """`drafts` with the pictures among them. On the pages `mirrored`, lines are turned about."""
    turned = frozenset(mirrored)
    lines: dict[int, list[tuple[Line, int]]] = {}
    for number, draft in enumerate(drafts):
        for line in draft.lines if draft.kind != "footnote" else ():
            lines.setdefault(line.page, []).append((line, number))
    after: dict[int, list[Figure]] = {}
    for figure in sorted(figures, key=lambda each: (each.page, -each.place.top)):
        if figure.page in turned:
            box = figure.place
            figure = figure._replace(place=box._replace(left=-box.right, right=-box.left))  # noqa: PLW2901 - the loop's own
        after.setdefault(_before(figure, lines, drafts), []).append(figure)
    out = [_draft(figure, None) for figure in after.get(-1, ())]
    for number, draft in enumerate(drafts):
        out.append(draft)
        out += [_draft(figure, draft) for figure in after.get(number, ())]
    return out


def _draft(figure: Figure, before: Draft | None) -> Draft:
    draft = Draft("picture", target=figure.key)
    if before is None or (before.turns and before.turns[-1][1] < figure.page):
        draft.turns.append((0, figure.page))
    return draft


def _before(figure: Figure, lines: Mapping[int, Sequence[tuple[Line, int]]], drafts: Sequence[Draft]) -> int:
    """The index of the draft after which a picture stands; -1 before all."""
    box = figure.place
    own = lines.get(figure.page, ())
    across = [pair for pair in own if pair[0].left < box.right and pair[0].right > box.left]
    caption = _caption(box, across, drafts)
    if caption is not None:
        return caption
    in_column = [p for p in own if p[0].column.left < box.right - 5 and p[0].column.right > box.left + 5]
    middle = (box.bottom + box.top) / 2
    for near in (across, in_column, own):
        above = [number for line, number in near if line.base > middle]
        if above:
            return above[-1]
        if near:
            return near[0][1] - 1
    earlier = [number for page in lines if page < figure.page for _, number in lines[page][-1:]]
    return max(earlier, default=-1)


def _caption(box: Box, across: Sequence[tuple[Line, int]], drafts: Sequence[Draft]) -> int | None:
    """The draft before the caption under a picture, or the caption above it; None for a picture without one."""
    best: tuple[float, int] | None = None
    for line, number in across:
        draft = drafts[number]
        if line is not draft.lines[0] and line is not draft.lines[-1]:
            continue
        below, above = box.bottom - (line.base + line.size), line.base - box.top
        distance = below if line.base < box.bottom else above
        if -line.size <= distance <= _NEAR and is_caption(draft.text) and (best is None or distance < best[0]):
            best = distance, _over(box, drafts, number) - 1 if line.base < box.bottom else number
    return None if best is None else best[1]


def _over(box: Box, drafts: Sequence[Draft], caption: int) -> int:
    """The first of the drafts that stand between a picture and its caption: the same in another language."""
    number = caption
    while number:
        lines = drafts[number - 1].lines
        if not lines or lines[-1].page != drafts[caption].lines[0].page:
            break
        first = lines[0]
        if first.page != lines[-1].page or not drafts[caption].lines[0].base < first.base < box.bottom:
            break
        number -= 1
    return number
