"""What comes in: looked at, put beside what is there, and shown before anything happens.

Whatever the file is (an exchange file, a document exported whole, another program's annotations), it ends as one
Change that one undo takes back, with a row for each record that came.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from margent.annotations import (
    Annotation,
    Change,
    Collection,
    DocumentRecord,
    Passage,
    Theme,
    Value,
    new_id,
    next_colour,
    theme_named,
)
from margent.errors import MargentError
from margent.exchange import attaching, outgoing, package, programs, texts, wholetext
from margent.exchange.attaching import Candidate
from margent.exchange.landing import carried, in_step, settled
from margent.exchange.lineage import kept, packed
from margent.exchange.merging import TICK, Clash, Merge, Row, merge
from margent.exchange.package import Bundle, Revision
from margent.exchange.parcel import Parcel
from margent.exchange.versions import Copy
from margent.exchange.wholetext import WholeText
from margent.revising import revise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from margent.annotations import State
    from margent.document import Document
    from margent.exchange.texts import Relation
    from margent.library.store import Library

LABEL = "Merge annotations"
LIMIT = 512 * 1024 * 1024
"""Bytes of a file to be taken in: an exchange file holds the document's own file and pictures."""
Incoming = Bundle | WholeText | Parcel
"""One document's annotations, as they came."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What taking it in would do."""

    change: Change
    """Nothing has been written yet."""
    rows: tuple[Row, ...]
    """A line for each record that came."""
    problems: tuple[str, ...] = ()
    """What could not be carried or told apart, a sentence each."""
    text: Revision | None = None
    """A text that becomes the document's newest with it."""
    offer: Offer | None = None
    """The file's own text, where that is not the one that is read here; what is prepared leaves it out."""

    def counted(self) -> dict[str, int]:
        """How many records come to each end, those that say the same on both sides left out."""
        counts: dict[str, int] = {}
        for row in self.rows:
            if row.fate not in {"same", "ours"}:
                counts[row.fate] = counts.get(row.fate, 0) + 1
        return counts

    @property
    def is_nothing(self) -> bool:
        """Whether the library has all of it already, the file's own text set apart."""
        return not self.change.after and self.text is None


@dataclass(frozen=True, slots=True)
class Offer:
    """A text that came with annotations and may become the document's newest, with all that stands on the old one."""

    relation: Literal["newer", "other"]
    """Whether it is known to have grown out of the text that is read here. Of two of which neither comes from the
    other one, only the reader knows which counts."""
    taken: Prepared
    """The same annotations taken in with that text."""
    states: Mapping[State, int]
    """What becomes of the reader's own annotations then, replies left out."""
    refused: bool
    """Whether the reader has had that text here and has taken it back."""

    @property
    def advised(self) -> bool | None:
        """Whether to take the text along when nothing else is said; None when somebody has to be asked.

        A text that grew out of the one read here is what the colleague has worked on since: the notes that come stand
        on its words, and undo leads back. One that was taken back once does not come again by itself.
        """
        return not self.refused if self.relation == "newer" else None

    @property
    def name(self) -> str:
        """The file it was read from, and when, for a sentence."""
        assert self.taken.text is not None
        return f"{self.taken.text.file or 'without a name'}, {self.taken.text.created:%Y-%m-%d}"


def look(data: bytes, name: str, moment: datetime) -> list[Incoming]:
    """What is in a file called `name`, by document. `moment` is when edits that carry no time count as made.

    Raises MargentError naming the file when nothing can be taken in from it.
    """
    if package.is_package(data) or name.lower().endswith(package.SUFFIX):
        return [package.read(data, name)]
    if wholetext.is_whole(data):
        return [wholetext.read(data, name, moment)]
    if wholetext.is_cut(data):
        raise MargentError(
            f"{name} is a document that Margent exported whole, but its last lines, which hold the notes, are gone: "
            "get the whole file."
        )
    return list(programs.read(data, name))


def is_incoming(data: bytes, name: str) -> bool:
    """Whether a file holds annotations to be taken in, and not only a text to be read."""
    lowered = name.lower()
    if package.is_package(data) or lowered.endswith((package.SUFFIX, ".annotations", ".annotation", ".jsonld")):
        return True
    return wholetext.is_whole(data) or programs.is_annotations(data)


def about(one: Incoming) -> str:
    """The title of the document that it is about; "" where the file does not say."""
    return one.title if isinstance(one, Parcel) else one.record.title


def places(one: Incoming, library: Library) -> list[Candidate]:
    """The documents of the library that it may be about, the likeliest first."""
    if isinstance(one, Parcel):
        known = _by_urn(one.source, library)
        if known is not None:
            return [Candidate(known, 1.0, titled=True)]
        return attaching.candidates(one, library.records(), lambda record: library.text(record.revision))
    record = _same_document(one, library)
    return [Candidate(record, 1.0, titled=True)] if record is not None else []


def meant(one: Incoming, library: Library) -> DocumentRecord | None:
    """The document that it is about beyond doubt; None when it is new or somebody has to be asked."""
    return attaching.chosen(places(one, library))


def _by_urn(source: str, library: Library) -> DocumentRecord | None:
    """The document that our own export named."""
    key = source.removeprefix("urn:margent:")
    if key == source:
        return None
    return next((record for record in library.records() if record.id == key), None)


def _same_document(one: Bundle | WholeText, library: Library) -> DocumentRecord | None:
    """The same document: by its id, or because somebody imported the same file here."""
    records = {record.id: record for record in library.records()}
    if one.record.id in records:
        return records[one.record.id]
    if isinstance(one, Bundle):
        # Somebody may have an earlier text alone, which need not be in the file.
        earlier = texts.files_in(one.earlier)
        for digest in (*(revision.hash for revision in reversed(one.revisions)), *earlier):
            found = library.by_hash(digest)
            if found is not None:
                return found
    return _in_the_bin(one, library)


def _in_the_bin(one: Bundle | WholeText, library: Library) -> DocumentRecord | None:
    """The same document where the reader has deleted it: what comes for it brings it back."""
    if library.was_added(one.record.id):
        return library.record(one.record.id)
    if not isinstance(one, Bundle):
        return None
    hashes = {revision.hash for revision in one.revisions}
    held = library.holding(key for key, copy in one.copies.items() if isinstance(copy.value, Annotation))
    homes = sorted({value.document for value in held.values() if isinstance(value, Annotation)})
    # Its notes are there already, on a text that was read from the same file.
    same = (home for home in homes if any(known.hash in hashes for known in library.revisions(home)))
    return next(map(library.record, same), None)


def arrival(one: Incoming, name: str) -> tuple[Document, str, bytes, str]:
    """A document that is not in the library, as `Library.add_document` takes it: itself, origin, original, id.

    Raises MargentError when the file brings no text of its own.
    """
    if isinstance(one, Bundle):
        newest = one.newest
        original = newest.original or newest.document.text.encode("utf-8")
        return newest.document, newest.file or name, original, one.record.id
    if isinstance(one, WholeText) and one.markdown.strip():
        from margent.formats import read  # noqa: PLC0415 - of a document that nobody here has

        data = one.markdown.encode("utf-8")
        document = replace(read(data, f"{one.record.title}.md"), title=one.record.title)
        return document, name, data, one.record.id
    raise MargentError(
        f"{name} holds annotations of “{about(one) or 'a document'}” and not its text: "
        "import the document first, then these."
    )


def rows_if_new(one: Incoming) -> tuple[Row, ...]:
    """The rows of a document that is not in the library: all that came is new."""
    if isinstance(one, Parcel):
        return ()
    theirs = one.copies if isinstance(one, Bundle) else wholetext.copies(one, lambda name: name)
    return merge({}, theirs).rows


def prepare(one: Incoming, library: Library, record: DocumentRecord) -> Prepared:
    """What taking it in on a document of the library would do, on the text that is read there. Writes nothing.

    Where the file has another text, `offer` says what taking that along would do.
    """
    if isinstance(one, Parcel):
        return _attached(one, library, record)
    came = _came(one, library, record)
    text = library.text(record.revision)
    kept = came.onto(record, text, came.mine)
    if not isinstance(one, Bundle):
        return kept
    mine = texts.descent(library, record)
    found = texts.relation(mine, one.descent)
    if found == "same":
        return replace(
            kept, change=_remembering(kept.change, library, record.revision, one.descent.earlier - mine.names)
        )
    if found == "older" or found == "reread":  # noqa: PLR1714 - the type checker follows this and no set
        return replace(kept, problems=(_OTHER_TEXT[found], *kept.problems))
    offer = _offer(one, came, record, found)
    said = _OTHER_TEXT[found].format(name=offer.name)
    return replace(kept, offer=offer, problems=(said, *kept.problems))


_OTHER_TEXT: dict[Relation, str] = {
    "older": "The notes were made on an older text of the document than yours; they are put on yours.",
    "reread": "Their Margent reads the document's file in another way than yours; the notes are put on your text.",
    "newer": "Their copy has a newer text of the document ({name}); the notes are put on yours.",
    "other": "Their copy has another text of the document ({name}), and neither text is known to come from the other "
    "one; the notes are put on yours.",
}


def write(prepared: Prepared, library: Library, document: str) -> Change:
    """Do what was prepared, as one change that can be undone. Raises StaleError for what was changed meanwhile."""
    text = prepared.text
    if text is None:
        return library.apply(prepared.change)
    original = text.original or text.document.text.encode("utf-8")
    return library.add_revision(document, text.document, origin=text.file, original=original, change=prepared.change)


@dataclass(frozen=True, slots=True)
class _Came:
    """Both sides of a merge, before it is known on which text they meet."""

    library: Library
    mine: Mapping[str, Copy]
    theirs: Mapping[str, Copy]
    texts: Mapping[str, str]
    """The texts that theirs were made on, by revision."""
    hidden: Mapping[str, frozenset[str]]
    told: tuple[str, ...]
    filed: Sequence[Annotation | Passage]
    """What stands under themes in other documents."""

    def onto(self, record: DocumentRecord, text: str, mine: Mapping[str, Copy]) -> Prepared:
        """Merge them on a text of the document, on which `mine` stand."""
        there = carried(self.theirs, mine, record, text, self.texts)
        used = {theme for value in self.filed if value.deleted is None for theme in _themes_of(value)}
        outcome = merge(mine, there, used, self.hidden)
        sure = settled(outcome.copies, there, record.revision)
        copies = {**outcome.copies, **sure}
        outcome = replace(outcome, copies={**copies, **in_step(copies)})
        change = _change(mine, outcome, self.filed)
        told = (*self.told, *_landed(outcome.rows), *_settled_told(sure))
        if record.deleted is not None:
            back = {**change.after, record.id: replace(record, deleted=None)}
            change = replace(change, before={**change.before, record.id: record}, after=back)
            told = (*told, f"“{record.title}” is in the bin here and comes back.")
        return Prepared(change, outcome.rows, told)


def _came(one: Bundle | WholeText, library: Library, record: DocumentRecord) -> _Came:
    mine = outgoing.copies(library, record.id)
    made: dict[str, Theme] = {}
    if isinstance(one, Bundle):
        theirs: Mapping[str, Copy] = {
            key: copy
            for key, copy in one.copies.items()
            if not (isinstance(copy.value, Passage) and copy.value.origin == "given")
        }
        made_on = {revision.id: revision.document.text for revision in one.revisions}
        problems: tuple[str, ...] = ()
    else:
        theirs = wholetext.copies(one, _themes(mine, made))
        theirs = {**{key: Copy(theme) for key, theme in made.items()}, **theirs}
        made_on = {known.id: library.text(known.id) for known in library.revisions(record.id)}
        problems = (*one.problems, *_changed_text(one, library, record))
    theirs, foreign = _without_foreign(theirs, mine, library)
    hidden = one.hidden if isinstance(one, Bundle) else {}
    return _Came(library, mine, theirs, made_on, hidden, (*problems, *foreign), library.filed_elsewhere(record.id))


def _offer(one: Bundle, came: _Came, record: DocumentRecord, relation: Literal["newer", "other"]) -> Offer:
    """What it would be to take the file's text along: what stands here goes over to it first, then theirs come."""
    library = came.library
    standing, newest = library.standing(record.id), one.newest
    carry = revise(standing, newest.document, new_id()).change
    there = carry.after[record.id]
    assert isinstance(there, DocumentRecord)
    # A passage that is not in that text is not there to be merged with, unless the file has it.
    mine = {
        key: _carried_over(copy, carry) for key, copy in came.mine.items() if carry.after.get(key, copy) is not None
    }
    merged = came.onto(there, newest.document.text, mine)
    before = {**merged.change.before, **{key: came.mine[key].value for key in merged.change.after if key in came.mine}}
    change = Change(
        LABEL,
        {**before, **carry.before},
        {**carry.after, **merged.change.after},
        lineage={**merged.change.lineage, there.revision: ("", texts.packed(one.descent.earlier))},
        dated=True,
    )
    after = [value for key, value in change.after.items() if key in carry.before and isinstance(value, Annotation)]
    states = Counter(value.state for value in after if value.parent is None and value.deleted is None)
    known = library.revisions(record.id)
    shown = next(revision.number for revision in known if revision.id == record.revision)
    refused = any(revision.hash == newest.hash and revision.number > shown for revision in known)
    return Offer(relation, replace(merged, change=change, text=newest), states, refused)


def _carried_over(copy: Copy, carry: Change) -> Copy:
    value = carry.after.get(copy.value.id)
    return copy if value is None or isinstance(value, DocumentRecord | Collection) else copy.placed(value)


def _remembering(change: Change, library: Library, revision: str, earlier: frozenset[str]) -> Change:
    """`change` that also remembers what the same text grew out of where it came from."""
    was = library.lineage([revision]).get(revision, "")
    known = texts.unpacked(was)
    if earlier <= known:
        return change
    return replace(change, lineage={**change.lineage, revision: (was, texts.packed(known | earlier))})


def _changed_text(one: WholeText, library: Library, record: DocumentRecord) -> tuple[str, ...]:
    """What is to be said when somebody wrote in the document's own text."""
    from margent.brief.render import brief_of, render  # noqa: PLC0415 - of documents exported whole alone

    if one.record.revision != record.revision or not one.markdown.strip():
        return ()
    own = render(brief_of(library.reading(record.id)), "whole")
    return wholetext.told_of_text(one, wholetext.read(own.encode(), record.title, record.modified).markdown)


def _without_foreign(
    theirs: Mapping[str, Copy], mine: Mapping[str, Copy], library: Library
) -> tuple[dict[str, Copy], tuple[str, ...]]:
    """What came without records whose ids belong to something else here: nothing else is written over or moved."""
    held = library.holding([key for key in theirs if key not in mine])
    foreign = {key for key, copy in theirs.items() if key in mine and type(mine[key].value) is not type(copy.value)}
    foreign |= held.keys()
    left = {key: copy for key, copy in theirs.items() if key not in foreign}
    cut = {
        key
        for key, copy in left.items()
        if (isinstance(copy.value, Annotation) and copy.value.parent in foreign)
        or (isinstance(copy.value, Passage) and copy.value.theme in foreign)
    }
    left = {key: _filed(copy, foreign) for key, copy in left.items() if key not in cut}
    count = sum(not isinstance(theirs[key].value, Theme) for key in foreign | cut)
    if not foreign:
        return left, ()
    homes = {value.document for value in held.values() if isinstance(value, Annotation | Passage)}
    named = ", ".join(f"“{library.record(home).title}”" for home in sorted(homes)[:3])
    where = f"stand in another document of your library already ({named})" if named else "have ids of something else"
    return left, (f"{count} annotation(s) {where}; they were left there as they are and not taken in here.",)


def _filed(copy: Copy, foreign: set[str]) -> Copy:
    value = copy.value
    if not isinstance(value, Annotation) or foreign.isdisjoint(value.themes):
        return copy
    return copy._replace(value=replace(value, themes=tuple(key for key in value.themes if key not in foreign)))


def _themes_of(value: Annotation | Passage) -> tuple[str, ...]:
    return value.themes if isinstance(value, Annotation) else (value.theme,)


def _landed(rows: Iterable[Row]) -> tuple[str, ...]:
    """What is to be said of new annotations that are not surely on their words."""
    new = [
        row.after.state if row.after.exact else "whole"
        for row in rows
        if row.fate == "new" and isinstance(row.after, Annotation) and row.after.parent is None
    ]
    return tuple(_places_told(new.count("moved"), new.count("orphaned"), new.count("whole")))


def _change(mine: Mapping[str, Copy], outcome: Merge, filed: Iterable[Annotation | Passage] = ()) -> Change:
    after: dict[str, Value | None] = dict(outcome.altered(mine))
    before: dict[str, Value | None] = {key: mine[key].value if key in mine else None for key in after}
    for value in filed:
        # Other documents' records go along when two themes became one; this is no exchange of them.
        moved = _refiled(value, outcome.into)
        if moved != value:
            before[value.id], after[value.id] = value, moved
    lineage = {}
    for key in {row.id for row in outcome.rows} | after.keys():
        copy = outcome.copies.get(key)
        if copy is None or (copy is mine.get(key) and copy.version in copy.seen):
            continue
        was = kept(mine[key]) if key in mine else ""
        now = packed(copy)
        if was != now:
            lineage[key] = (was, now)
    return Change(LABEL, before, after, lineage=lineage, dated=True)


def _refiled(value: Annotation | Passage, into: Mapping[str, str]) -> Annotation | Passage:
    if into.keys().isdisjoint(_themes_of(value)):
        return value
    if isinstance(value, Passage):
        return replace(value, theme=into[value.theme], modified=value.modified + TICK)
    themes = tuple(dict.fromkeys(into.get(theme, theme) for theme in value.themes))
    return replace(value, themes=themes, modified=value.modified + TICK)


def _themes(mine: Mapping[str, Copy], made: dict[str, Theme]) -> Callable[[str], str]:
    """Ids of themes by their names; one that is not there is made, and put into `made`."""
    standing = [copy.value for copy in mine.values() if isinstance(copy.value, Theme) and copy.value.deleted is None]

    def theme_of(name: str) -> str:
        found = theme_named(name, standing)
        if found is None:
            found = Theme(id=new_id(), name=name, colour=next_colour(standing))
            standing.append(found)
            made[found.id] = found
        return found.id

    return theme_of


def _settled_told(sure: Mapping[str, Copy]) -> list[str]:
    count = sum(isinstance(copy.value, Annotation) and copy.value.parent is None for copy in sure.values())
    of = _many(count, "annotation that was", "annotations that were")
    return [f"{of} not surely in place get it from theirs."] if count else []


def _attached(one: Parcel, library: Library, record: DocumentRecord) -> Prepared:
    stored = {
        value.id: value for value in (*library.annotations(record.id), *library.annotations(record.id, deleted=True))
    }
    held = library.holding(key for key in attaching.ids(one, record) if key not in stored)
    lineage = library.lineage(list(stored))
    result = attaching.attach(
        one,
        record,
        library.text(record.revision),
        stored,
        library.theme_list(),
        elsewhere=held.keys(),
        brought=lineage,
    )
    rows = [_attached_row(stored.get(key), value, result.disputed) for key, value in _takeable(result.change)]
    told = [*one.lost, *_places_told(result.moved, result.orphaned, result.whole)]
    if result.differing:
        told.append(f"{result.differing} note(s) read otherwise in the file, which is not newer: yours stay.")
    if result.binned:
        told.append(
            f"{result.binned} annotation(s) of the file are in your bin and stay there; take them out to have them."
        )
    return Prepared(replace(result.change, dated=True), tuple(rows), tuple(told))


def _takeable(change: Change) -> list[tuple[str, Annotation | Theme]]:
    return [(key, value) for key, value in change.after.items() if isinstance(value, Annotation | Theme)]


def _attached_row(before: Annotation | None, after: Annotation | Theme, disputed: frozenset[str]) -> Row:
    if before is not None and after.id in disputed:
        return Row(after.id, "conflict", before, after, Clash("note", before, after))
    return Row(after.id, "changed" if before is not None else "new", before, after)


def _places_told(moved: int, orphaned: int, whole: int = 0) -> list[str]:
    told = []
    if moved:
        stand = _many(moved, "annotation stands", "annotations stand")
        told.append(f"{stand} on changed or uncertain words and should be checked.")
    if orphaned:
        were = _many(orphaned, "annotation was", "annotations were")
        told.append(f"{were} not found in the text; orphans are kept with their words.")
    if whole:
        told.append(f"{_many(whole, 'annotation is', 'annotations are')} about no words, but the document as a whole.")
    return told


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def by_author(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows of notes and replies by who wrote them, for the preview."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        if isinstance(row.after, Annotation) and row.fate not in {"same", "ours"}:
            found.setdefault(row.after.author, []).append(row)
    return found
