"""Highlights and comments of a PDF: from where they lie on the page to where they stand in the text."""

from __future__ import annotations

import colorsys
import re
from typing import TYPE_CHECKING, Final

from margent.annotations import COLOURS
from margent.document import GivenAnnotation, canonical
from margent.formats.pdffacts import line as one_line
from margent.formats.pdffacts import moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from margent.annotations import Colour
    from margent.formats.pdfpage import Given, Line, Spot

_HUES: Final[tuple[tuple[float, Colour], ...]] = (
    (0.0, "pink"),
    (0.15, "yellow"),
    (0.36, "green"),
    (0.58, "blue"),
    (0.78, "purple"),
    (0.9, "pink"),
    (1.0, "pink"),
)
"""Hue of each of our colours, as colorsys counts it."""
_NEAR: Final = 3
"""Characters between two parts of a highlight that are still one: the space or end of a block."""
_STRUCK: Final = "Struck out"


def place_notes(lines: Sequence[Line], spots: Sequence[Spot], given: Sequence[Given]) -> None:
    """Mark the line beside each comment on a page that covers no letters: a slip of paper, a text in the margin."""
    covered = {target for line in lines for kind, _, _, target in line.marks if kind == "note"}
    for spot in spots:
        if spot.kind != "note" or spot.target in covered or not lines or given[int(spot.target)].parent is not None:
            continue
        box = spot.boxes[0]
        middle = (box.bottom + box.top) / 2
        across = (box.left + box.right) / 2

        def distance(line: Line, middle: float = middle, across: float = across) -> float:
            aside = max(line.left - across, across - line.right, 0.0)
            return abs(line.base + 0.3 * line.size - middle) + 0.3 * aside

        line = min(lines, key=distance)
        line.marks.append(("note", 0, len(line.text), spot.target))


def stand_in(
    given: Sequence[Given],
    spans: dict[int, list[tuple[int, int]]],
    starts: Sequence[tuple[int, int]],
    blocks: Sequence[str],
) -> int:
    """Put each note that covers no words at the first word of its page, or of the last page with text before it.

    `starts` are where the text of each page begins, and the page. Gives how many notes were put so.
    """
    if not given:
        # Most files have no notes, and a long text need not be there twice for none.
        return 0
    text = "\n".join(blocks)
    moved = 0
    for each in given:
        if each.parent is not None or each.key in spans or not (each.note.strip() or _answered(each, given)):
            continue
        place = max((start for start, page in starts if page <= each.page), default=0)
        word = re.compile(r"\S+").search(text, place)
        if word:
            spans[each.key] = [word.span()]
            moved += 1
    return moved


def _answered(given: Given, every: Sequence[Given]) -> bool:
    return any(each.parent == given.key for each in every)


def annotations_of(
    given: Sequence[Given], spans: Mapping[int, Sequence[tuple[int, int]]], text: str
) -> tuple[GivenAnnotation, ...]:
    """Annotations in reading order; `spans` are the parts of `text` that each covers, by its number.

    What lies over two places far apart, such as the end of one column and the top of a table, becomes one annotation
    for each, and the note stands at the first.
    """
    replies: dict[int, list[Given]] = {}
    for each in given:
        root = _root(each, given)
        if root is not each:
            replies.setdefault(root.key, []).append(each)
    found: list[GivenAnnotation] = []
    for each in given:
        if _root(each, given) is not each:
            continue
        for number, (start, end) in enumerate(_parts(spans.get(each.key, ()), text)):
            own = replies.get(each.key, ()) if number == 0 else ()
            found.append(
                _annotation(
                    each,
                    (start, end),
                    note=_note(each) if number == 0 else "",
                    replies=tuple(_annotation(reply, (start, end), _note(reply)) for reply in own if _note(reply)),
                )
            )
    return tuple(sorted(found, key=lambda annotation: (annotation.start, annotation.end)))


def nearest(colour: tuple[int, int, int] | None) -> Colour:
    """The one of our colours that comes next to red, green and blue of 0–255; yellow for grey and for none."""
    if colour is None:
        return COLOURS[0]
    hue, saturation, _ = colorsys.rgb_to_hsv(*(part / 255 for part in colour))
    if saturation < 0.12:
        return COLOURS[0]
    return min(_HUES, key=lambda each: abs(each[0] - hue))[1]


def _root(given: Given, every: Sequence[Given]) -> Given:
    """The annotation that a reply, or a reply to a reply, belongs to."""
    seen = {given.key}
    while given.parent is not None and given.parent not in seen:
        seen.add(given.parent)
        given = every[given.parent]
    return given


def _parts(spans: Sequence[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    parts: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if parts and start - parts[-1][1] <= _NEAR:
            parts[-1] = (parts[-1][0], max(parts[-1][1], end))
        else:
            parts.append((start, end))
    trimmed = [(end - len(text[start:end].lstrip()), start + len(text[start:end].rstrip())) for start, end in parts]
    return [(start, end) for start, end in trimmed if end > start]


def _note(given: Given) -> str:
    note = canonical(given.note).strip()
    if given.kind == "strike":
        return f"{_STRUCK}: {note}" if note else f"{_STRUCK}."
    return note


def _annotation(
    given: Given, span: tuple[int, int], note: str, replies: tuple[GivenAnnotation, ...] = ()
) -> GivenAnnotation:
    return GivenAnnotation(
        *span,
        note=note,
        author=one_line(given.author),
        created=moment(given.created),
        modified=moment(given.modified),
        colour=nearest(given.colour),
        style="underline" if given.kind == "underline" else "highlight",
        replies=replies,
    )
