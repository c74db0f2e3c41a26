"""A dossier as a brief: what was ticked of a theme in the whole library becomes points, document after document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from margent.brief.points import gather_chosen
from margent.brief.render import Brief, JointBrief
from margent.dossier import key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from margent.annotations import Theme
    from margent.dossier import DossierRow
    from margent.reading import Reading


def dossier_brief(
    rows: Iterable[DossierRow], ticked: Collection[str], theme: Theme, reading: Callable[[str], Reading]
) -> JointBrief:
    """The brief of the entries of `rows` whose keys are `ticked`; documents without any are left out.

    `reading` gives a document with what stands in it by its id; of a document that has another text by now, the points
    are those that stand in it still. The brief is known by the theme's id, so that exporting it again finds its place.
    """
    parts = []
    for row in rows:
        chosen = [entry for entry in row.entries if key_of(row.record.id, entry) in ticked]
        if not chosen:
            continue
        found = reading(row.record.id)
        notes = {entry.annotation.id for entry in chosen if entry.annotation is not None}
        spans = [
            (entry.start, entry.end)
            for entry in chosen
            if entry.annotation is None and found.document.text[entry.start : entry.end] == entry.text
        ]
        points = gather_chosen(found, theme.id, notes, spans)
        if points:
            parts.append(Brief(found.record, found.document, tuple(points), found.record.title))
    return JointBrief(tuple(parts), theme.name, key=theme.id)
