"""Footnotes of a PDF: small lines at the foot of a column that begin with the number some word above them carries."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from margent.formats.pdflines import Pages
from margent.formats.pdfmarkers import note_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from margent.formats.pdfpage import Line

_SMALLER: Final = 0.94
"""Of the text's size: a footnote is no larger."""


_UNITS = frozenset({"m", "km", "cm", "mm", "dm", "ft", "mi", "in", "s", "CO"})


@dataclass(slots=True)
class Note:
    """A footnote: its lines, the first without its label's `skip` characters."""

    key: str
    """Its label, made unique in the document."""
    skip: int
    lines: list[Line] = field(default_factory=list)


def take_footnotes(pages: Iterable[Sequence[Line]], size: float) -> tuple[Pages, list[Note]]:
    """The pages without their footnotes, and the footnotes; where a word carries a note's number, it refers to it.

    `size` is that of most letters of the document, points.
    """
    kept = Pages()
    notes: list[Note] = []
    taken: dict[str, int] = {}
    for lines in pages:
        own: list[tuple[str, Note]] = []
        rest: list[Line] = []
        for column in _columns(lines):
            start = _start(column, size)
            rest.extend(column[:start])
            own.extend(_notes(column[start:], taken))
        if own and not _refer(rest, own):
            kept.append(lines)
            continue
        kept.append(rest)
        notes.extend(note for _, note in own)
    return kept, notes


def _columns(lines: Sequence[Line]) -> list[list[Line]]:
    columns: list[list[Line]] = []
    for line in lines:
        if columns and columns[-1][-1].number == line.number:
            columns[-1].append(line)
        else:
            columns.append([line])
    return columns


def _start(column: Sequence[Line], size: float) -> int:
    """Where the footnotes of a column begin; its length when it has none."""
    first = len(column)
    while first and column[first - 1].size <= _SMALLER * size:
        first -= 1
    if first == 0 and len(column) > 1 and column[0].number == 0:
        return len(column)
    for place in range(first, len(column)):
        if _label(column[place]) is not None:
            return place
    return len(column)


def _label(line: Line) -> tuple[str, int] | None:
    """The label a line begins with: raised, or a number and a space."""
    found = note_label(line.text)
    if found is None:
        return None
    label, length = found
    raised = any(kind == "superscript" and start == 0 for kind, start, _, _ in line.marks)
    if raised:
        end = next(end for kind, start, end, _ in line.marks if kind == "superscript" and start == 0)
        label = line.text[:end].strip().rstrip(".)")
        return (label, end + len(line.text[end:]) - len(line.text[end:].lstrip())) if label else None
    spaced = line.text[len(label) : length]
    return found if (label.isdigit() and spaced.strip() in {"", ".", ")"} and spaced) or not label.isalnum() else None


def _notes(lines: Sequence[Line], taken: dict[str, int]) -> list[tuple[str, Note]]:
    notes: list[tuple[str, Note]] = []
    for line in lines:
        found = _label(line)
        begins = found is not None and (
            not notes or not found[0].isdigit() or not notes[-1][0].isdigit() or int(found[0]) == int(notes[-1][0]) + 1
        )
        if begins and found is not None:
            label, skip = found
            taken[label] = taken.get(label, 0) + 1
            key = label if taken[label] == 1 else f"{label}-{taken[label]}"
            notes.append((label, Note(key, skip)))
        notes[-1][1].lines.append(line)
    return notes


def _is_power(before: str) -> bool:
    """Whether a raised number after `before` is the power of a unit, a number or a variable: "km2", "10 3"."""
    last = re.search(r"(?:^|[\s(/·])(\w{1,2}|\d[\d.,]*)$", before)
    return last is not None and (last[1] in _UNITS or last[1][0].isdigit() or len(last[1]) == 1)


def _refer(lines: Sequence[Line], notes: Sequence[tuple[str, Note]]) -> bool:
    """Make the raised numbers in `lines` refer to the notes of that label; False when there is none."""
    keys = {label: note.key for label, note in notes}
    found = False
    for line in lines:
        for place, (kind, start, end, _) in enumerate(line.marks):
            label = line.text[start:end].strip()
            if kind == "superscript" and label in keys and not _is_power(line.text[:start]):
                line.marks[place] = ("noteref", start, end, keys[label])
                found = True
    return found
