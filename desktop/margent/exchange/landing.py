"""Where another library's annotations stand in the text that is read here: in their places, or found again by words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeGuard

from margent.anchoring import Selector, relocate
from margent.annotations import CONTEXT, Annotation, Passage, Theme
from margent.exchange.merging import placeless

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from margent.anchoring import Match
    from margent.annotations import DocumentRecord
    from margent.exchange.versions import Copy

NOWHERE = "0" * 32
"""The revision of what stands on a text that is not read here. An id, for what is merged is remembered with it."""
_PLACE = ("start", "end", "exact", "prefix", "suffix", "state")


def carried(
    theirs: Mapping[str, Copy],
    mine: Mapping[str, Copy],
    record: DocumentRecord,
    text: str,
    texts: Mapping[str, str],
) -> dict[str, Copy]:
    """Records of another library as they would stand here: on this document, in its newest text.

    `texts` gives the texts they were made on, by revision. What is here already keeps its own place, so only what is
    new, or was never here with its words, has to be found again.
    """
    found: dict[str, Copy] = {}
    away: dict[str, list[str]] = {}
    # Ids of revisions are not believed: only the same text has the same places.
    same = {revision for revision, made_on in texts.items() if made_on == text}
    for key, copy in theirs.items():
        value = copy.value
        if isinstance(value, Theme):
            found[key] = copy
            continue
        here = value.deleted is not None or (value.revision in same and _fits(value, text))
        unknown = key not in mine or placeless(mine[key].value)
        if not here and unknown:
            away.setdefault(value.revision, []).append(key)
        # A revision that is not this one tells the merge to keep the place that the record has here.
        revision = record.revision if here or unknown else NOWHERE
        there = replace(value, document=record.id, revision=revision)
        found[key] = copy.placed(replace(there, state="orphaned") if _is_bare(there) else there)
    for revision, keys in away.items():
        _carry(found, keys, texts.get(revision), text)
    _follow(found, mine)
    return found


def settled(copies: Mapping[str, Copy], there: Mapping[str, Copy], revision: str) -> dict[str, Copy]:
    """What of `copies` is not surely in its place, and is so in the other library on the very same text.

    It was looked for here in a text that did not have its words yet; there it was made on them, or somebody has looked.
    """
    found: dict[str, Copy] = {}
    for key, copy in there.items():
        theirs, mine = copy.value, copies[key].value if key in copies else None
        if not isinstance(theirs, Annotation) or not isinstance(mine, Annotation) or mine.parent is not None:
            continue
        if mine.state == "placed":
            continue
        if (theirs.state, theirs.revision) == ("placed", revision) and copy.version == copies[key].version:
            found[key] = copies[key].placed(replace(mine, **{name: getattr(theirs, name) for name in _PLACE}))
    return found


def in_step(copies: Mapping[str, Copy]) -> dict[str, Copy]:
    """The replies among `copies` that do not stand where what they answer stands, there: its place may be theirs."""
    found: dict[str, Copy] = {}
    for key, copy in copies.items():
        value = copy.value
        if not isinstance(value, Annotation) or value.parent not in copies or value.deleted is not None:
            continue
        head = copies[value.parent or ""].value
        if not isinstance(head, Annotation):
            continue
        if any(getattr(value, name) != getattr(head, name) for name in _PLACE):
            found[key] = copy.placed(replace(value, **{name: getattr(head, name) for name in _PLACE}))
    return found


def _is_bare(value: Annotation | Passage) -> TypeGuard[Annotation]:
    """Whether it is deleted and came without its words, so that it is on none."""
    return isinstance(value, Annotation) and value.deleted is not None and not value.exact


def _fits(value: Annotation | Passage, text: str) -> bool:
    """Whether a place is one in `text`, with the words that are said to be there."""
    if not 0 <= value.start <= value.end <= len(text):
        return False
    if isinstance(value, Passage) or value.state == "orphaned":
        return True
    if value.state == "placed":
        return text[value.start : value.end] == value.exact
    return value.start < value.end


def _carry(found: dict[str, Copy], keys: Iterable[str], old_text: str | None, text: str) -> None:
    notes = [key for key in keys if isinstance(found[key].value, Annotation)]
    values = [value for key in notes if isinstance(value := found[key].value, Annotation)]
    # A place that does not fit its own text tells nothing; the words still may.
    sure = old_text is not None and old_text != text and all(_fits(value, old_text) for value in values)
    selectors = [Selector(value.exact, value.prefix, value.suffix, value.start, value.end) for value in values]
    for key, value, match in zip(notes, values, relocate(old_text if sure else None, text, selectors), strict=True):
        moved = _moved(value, match, text)
        found[key] = found[key].placed(moved)
    passages = [(key, value) for key in keys if isinstance(value := found[key].value, Passage)]
    places = [Selector((old_text or "")[p.start : p.end], "", "", p.start, p.end) for _, p in passages]
    for (key, passage), match in zip(passages, relocate(old_text, text, places), strict=True):
        if match.state == "orphaned":
            # A paragraph that is not in this text belongs to no theme here; in a newer one it may.
            del found[key]
        else:
            found[key] = found[key].placed(replace(passage, start=match.start, end=match.end))


def _moved(value: Annotation, match: Match, text: str) -> Annotation:
    """An annotation at the place found for it; what was orphaned or to be checked before does not become certain."""
    start, end = match.start, match.end
    if value.state == "orphaned" or match.state == "orphaned":
        return replace(value, start=start, end=start, state="orphaned")
    if not match.state == value.state == "placed":
        return replace(value, start=start, end=end, state="moved")
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    return replace(value, start=start, end=end, exact=text[start:end], prefix=before, suffix=after)


def _follow(found: dict[str, Copy], mine: Mapping[str, Copy]) -> None:
    """A reply stands where what it answers stands."""
    for key, copy in found.items():
        value = copy.value
        if isinstance(value, Annotation) and value.parent is not None:
            head = (mine.get(value.parent) or found.get(value.parent) or copy).value
            if isinstance(head, Annotation):
                found[key] = copy.placed(replace(value, **{name: getattr(head, name) for name in _PLACE}))
