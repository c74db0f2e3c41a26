"""A newer text of a document: what stands on the old one comes along, or says that it cannot.

Annotations keep the words they were made on: where those have changed, the old ones stay in `exact` beside the new
place, until the reader has looked. All of it is one Change, which one undo takes back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from margent.anchoring import Match, Selector, relocate
from margent.annotations import CONTEXT, Annotation, Change, DocumentRecord, Passage, State, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from margent.document import Document

LABEL = "New revision"


@dataclass(frozen=True, slots=True)
class Standing:
    """A document with its newest text and all that was ever put on that: deleted things too, for they may come back."""

    record: DocumentRecord
    document: Document
    annotations: Sequence[Annotation]
    """Replies among them."""
    passages: Sequence[Passage]


@dataclass(frozen=True, slots=True)
class Revised:
    """What a newer text does to what stands on the old one. Nothing has been written."""

    change: Change
    states: dict[str, State]
    """What becomes of each standing annotation, replies left out, by id."""

    def count(self, state: State) -> int:
        """How many annotations come to a state."""
        return sum(found == state for found in self.states.values())


def carry(standing: Standing, newer: Document, revision: str) -> Change:
    """The change that makes `newer` the text of a document; `revision` is the id that it will have."""
    return revise(standing, newer, revision).change


def revise(standing: Standing, new: Document, revision: str) -> Revised:
    """Carry what stands on a document over to `new`, which will be the revision with that id.

    Passages that the document's author gave come with each text anew; the reader's own go along.
    """
    record, old = standing.record, standing.document
    values = list(standing.annotations)
    heads = [value for value in values if value.parent is None]
    carried = dict(zip((head.id for head in heads), _carried(heads, old, new, revision), strict=True))
    after: dict[str, Value | None] = {}
    before: dict[str, Value | None] = {}
    for value in values:
        head = carried.get(value.parent or value.id)
        moved = replace(value, revision=revision) if head is None else _placed(value, head)
        before[value.id], after[value.id] = value, moved
    for passage, kept in _passages([p for p in standing.passages if p.origin != "given"], old, new, revision):
        before[passage.id], after[passage.id] = passage, kept
    before[record.id], after[record.id] = record, _record(record, old, new, revision)
    states = {head.id: carried[head.id].state for head in heads if head.deleted is None}
    return Revised(Change(LABEL, before, after, dated=True), states)


def _carried(heads: Sequence[Annotation], old: Document, new: Document, revision: str) -> list[Annotation]:
    standing = [head for head in heads if head.state != "orphaned"]
    lost = [head for head in heads if head.state == "orphaned"]
    matches = [
        *relocate(old.text, new.text, [_here(head, old.text) for head in standing]),
        # An orphan's words may be in the text again; only its own old context can tell.
        *relocate(None, new.text, [_selector(head) for head in lost]),
    ]
    found = {head.id: match for head, match in zip((*standing, *lost), matches, strict=True)}
    return [_carry(head, found[head.id], new.text, revision) for head in heads]


def _here(head: Annotation, text: str) -> Selector:
    """The place where an annotation stands in the old text: of a moved one the words found there, not its own."""
    if head.state == "placed":
        return _selector(head)
    start, end = head.start, head.end
    return Selector(text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT], start, end)


def _selector(head: Annotation) -> Selector:
    return Selector(head.exact, head.prefix, head.suffix, head.start, head.end)


def _carry(head: Annotation, match: Match, text: str, revision: str) -> Annotation:
    if match.state == "orphaned" or (head.state == "orphaned" and not head.exact):
        return replace(head, revision=revision, start=match.start, end=match.end, state="orphaned")
    if match.state == "placed" and head.state == "placed":
        return replace(
            head,
            revision=revision,
            start=match.start,
            end=match.end,
            exact=text[match.start : match.end],
            prefix=text[max(0, match.start - CONTEXT) : match.start],
            suffix=text[match.end : match.end + CONTEXT],
        )
    # What was uncertain before stays to be checked, however surely its place came along.
    return replace(head, revision=revision, start=match.start, end=match.end, state="moved")


def _placed(value: Annotation, head: Annotation) -> Annotation:
    """`value`, the head itself or a reply to it, where the head stands now."""
    if value.id == head.id:
        return head
    names = ("revision", "start", "end", "exact", "prefix", "suffix", "state")
    return replace(value, **{name: getattr(head, name) for name in names})


def _passages(
    passages: list[Passage], old: Document, new: Document, revision: str
) -> Iterable[tuple[Passage, Passage | None]]:
    selectors = [
        Selector(
            old.text[passage.start : passage.end],
            old.text[max(0, passage.start - CONTEXT) : passage.start],
            old.text[passage.end : passage.end + CONTEXT],
            passage.start,
            passage.end,
        )
        for passage in passages
    ]
    for passage, match in zip(passages, relocate(old.text, new.text, selectors), strict=True):
        there = replace(passage, revision=revision, start=match.start, end=match.end)
        # A paragraph that is gone belongs to no theme any more.
        yield passage, there if match.state != "orphaned" else None


def _record(record: DocumentRecord, old: Document, new: Document, revision: str) -> DocumentRecord:
    """What the new file says of itself counts where the reader has not said otherwise."""
    told = {
        name: getattr(new, name)
        for name in ("title", "authors", "date", "language", "source", "summary")
        if getattr(record, name) == getattr(old, name) and getattr(new, name)
    }
    return replace(record, revision=revision, words=new.words(), **told)
