"""What comes in: looked at, put beside what is there, and shown before anything happens.

Whatever the file is (an exchange file, a document exported whole, another program's annotations), it ends as one
Change that one undo takes back, with a row for each record that came.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from margent.anchoring import Selector, relocate
from margent.annotations import (
    Annotation,
    Change,
    DocumentRecord,
    Passage,
    Theme,
    Value,
    new_id,
    next_colour,
    theme_named,
)
from margent.errors import MargentError
from margent.exchange import attaching, outgoing, package, programs, wholetext
from margent.exchange.attaching import Candidate
from margent.exchange.lineage import kept, packed
from margent.exchange.merging import TICK, Merge, Row, merge
from margent.exchange.package import Bundle
from margent.exchange.parcel import Parcel
from margent.exchange.versions import Copy
from margent.exchange.wholetext import WholeText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from margent.document import Document
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

    def counted(self) -> dict[str, int]:
        """How many records come to each end, those that say the same on both sides left out."""
        counts: dict[str, int] = {}
        for row in self.rows:
            if row.fate not in {"same", "ours"}:
                counts[row.fate] = counts.get(row.fate, 0) + 1
        return counts


def look(data: bytes, name: str, moment: datetime) -> list[Incoming]:
    """What is in a file called `name`, by document. `moment` is when edits that carry no time count as made.

    Raises MargentError naming the file when nothing can be taken in from it.
    """
    if package.is_package(data) or name.lower().endswith(package.SUFFIX):
        return [package.read(data, name)]
    if wholetext.is_whole(data):
        return [wholetext.read(data, name, moment)]
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
        for revision in reversed(one.revisions):
            found = library.by_hash(revision.hash)
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
        newest = one.revisions[-1]
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
    """What taking it in on a document of the library would do. Writes nothing."""
    if isinstance(one, Parcel):
        return _attached(one, library, record)
    mine = outgoing.copies(library, record.id)
    text = library.text(record.revision)
    made: dict[str, Theme] = {}
    if isinstance(one, Bundle):
        theirs: Mapping[str, Copy] = {
            key: copy
            for key, copy in one.copies.items()
            if not (isinstance(copy.value, Passage) and copy.value.origin == "given")
        }
        texts = {revision.id: revision.document.text for revision in one.revisions}
        problems = _other_text(one, library, record)
    else:
        theirs = wholetext.copies(one, _themes(mine, made))
        theirs = {**{key: Copy(theme) for key, theme in made.items()}, **theirs}
        texts = {known.id: library.text(known.id) for known in library.revisions(record.id)}
        problems = (*one.problems, *_changed_text(one, library, record))
    theirs, foreign = _without_foreign(theirs, mine, library)
    there = carried(theirs, mine, record, text, texts)
    filed = _filed_elsewhere(library, record.id)
    used = {theme for value in filed for theme in _themes_of(value)}
    outcome = merge(mine, there, used, one.hidden if isinstance(one, Bundle) else {})
    change = _change(mine, outcome, filed)
    told = (*problems, *foreign, *_landed(outcome.rows))
    if record.deleted is not None:
        back = {**change.after, record.id: replace(record, deleted=None, modified=record.modified + TICK)}
        change = replace(change, before={**change.before, record.id: record}, after=back)
        told = (*told, f"“{record.title}” is in the bin here and comes back.")
    return Prepared(change, outcome.rows, told)


def _changed_text(one: WholeText, library: Library, record: DocumentRecord) -> tuple[str, ...]:
    """What is to be said when somebody wrote in the document's own text."""
    from margent.brief.render import brief_of, render  # noqa: PLC0415 - of documents exported whole alone

    if one.record.revision != record.revision or not one.markdown.strip():
        return ()
    own = render(brief_of(library.reading(record.id)), "whole")
    return wholetext.told_of_text(one, wholetext.read(own.encode(), record.title, record.modified).markdown)


def _other_text(one: Bundle, library: Library, record: DocumentRecord) -> tuple[str, ...]:
    """What is to be said when the file's newest text is not the one that is read here."""
    theirs = one.revisions[-1]
    if library.text(record.revision) == theirs.document.text:
        return ()
    earlier = [known for known in library.revisions(record.id) if known.id != record.revision]
    if any(known.hash == theirs.hash or library.text(known.id) == theirs.document.text for known in earlier):
        return ("The notes were made on an older text of the document than yours; they are put on yours.",)
    ours = {known.hash for known in library.revisions(record.id)}
    if any(revision.hash in ours for revision in one.revisions[:-1]):
        said = "The file has a newer text of the document than yours"
    else:
        said = "The file has another text of the document than yours"
    name = f"{theirs.file or 'without a name'}, {theirs.created:%Y-%m-%d}"
    return (
        f"{said} ({name}). The notes are put on yours: ask for its own file if you want to read that text as well.",
    )


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


def _filed_elsewhere(library: Library, document: str) -> list[Annotation | Passage]:
    """What stands under themes in the other documents."""
    values: list[Annotation | Passage] = [
        *library.annotations(),
        *library.annotations(deleted=True),
        *library.passages(),
        *library.passages(deleted=True),
    ]
    return [value for value in values if value.document != document and _themes_of(value)]


def _themes_of(value: Annotation | Passage) -> tuple[str, ...]:
    return value.themes if isinstance(value, Annotation) else (value.theme,)


def _landed(rows: Iterable[Row]) -> tuple[str, ...]:
    """What is to be said of new annotations that are not surely on their words."""
    new = [
        row.after.state
        for row in rows
        if row.fate == "new" and isinstance(row.after, Annotation) and row.after.parent is None
    ]
    return tuple(_places_told(new.count("moved"), new.count("orphaned")))


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
        if key not in outcome.copies:
            continue
        was = kept(mine[key]) if key in mine else ""
        now = packed(outcome.copies[key])
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


def carried(
    theirs: Mapping[str, Copy],
    mine: Mapping[str, Copy],
    record: DocumentRecord,
    text: str,
    texts: Mapping[str, str],
) -> dict[str, Copy]:
    """Records of another library as they would stand here: on this document, in its newest text.

    `texts` gives the texts they were made on, by revision. What is here already keeps its own place, so only what is
    new has to be found again.
    """
    found: dict[str, Copy] = {}
    away: dict[str, list[str]] = {}
    for key, copy in theirs.items():
        value = copy.value
        if isinstance(value, Theme):
            found[key] = copy
            continue
        # Ids of revisions are not believed: only the same text has the same places.
        here = value.deleted is not None or (texts.get(value.revision) == text and _fits(value, text))
        if not here and key not in mine:
            away.setdefault(value.revision, []).append(key)
        # A revision that is not this one tells the merge to keep the place that the record has here.
        revision = record.revision if here or key not in mine else ""
        found[key] = copy._replace(value=replace(value, document=record.id, revision=revision))
    for revision, keys in away.items():
        _carry(found, keys, texts.get(revision), text)
    _follow(found, mine)
    return found


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
        moved = _moved(value, match.state, match.start, match.end)
        found[key] = found[key]._replace(value=moved)
    for key in keys:
        value = found[key].value
        if isinstance(value, Passage):
            quote = (old_text or "")[value.start : value.end]
            (match,) = relocate(old_text, text, [Selector(quote, "", "", value.start, value.end)])
            found[key] = found[key]._replace(value=replace(value, start=match.start, end=match.end))


def _moved(value: Annotation, state: str, start: int, end: int) -> Annotation:
    """An annotation at the place found for it; what was orphaned or to be checked before does not become certain."""
    if value.state == "orphaned" or state == "orphaned":
        return replace(value, start=start, end=start, state="orphaned")
    return replace(value, start=start, end=end, state="placed" if state == value.state == "placed" else "moved")


def _follow(found: dict[str, Copy], mine: Mapping[str, Copy]) -> None:
    """A reply stands where what it answers stands."""
    for key, copy in found.items():
        value = copy.value
        if isinstance(value, Annotation) and value.parent is not None:
            head = (mine.get(value.parent) or found.get(value.parent) or copy).value
            if isinstance(head, Annotation):
                place = {name: getattr(head, name) for name in ("start", "end", "exact", "prefix", "suffix", "state")}
                found[key] = copy._replace(value=replace(value, **place))


def _attached(one: Parcel, library: Library, record: DocumentRecord) -> Prepared:
    stored = {
        value.id: value for value in (*library.annotations(record.id), *library.annotations(record.id, deleted=True))
    }
    result = attaching.attach(one, record, library.text(record.revision), stored, library.theme_list())
    rows = [
        Row(key, "changed" if key in stored else "new", stored.get(key), value)
        for key, value in result.change.after.items()
        if isinstance(value, Annotation | Theme)
    ]
    change = replace(result.change, dated=True)
    return Prepared(change, tuple(rows), (*one.lost, *_places_told(result.moved, result.orphaned)))


def _places_told(moved: int, orphaned: int) -> list[str]:
    told = []
    if moved:
        told.append(f"{moved} annotation(s) stand on changed or uncertain words and are to be checked.")
    if orphaned:
        told.append(f"{orphaned} annotation(s) were not found in the text and are kept as orphans.")
    return told


def by_author(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows of notes and replies by who wrote them, for the preview."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        if isinstance(row.after, Annotation) and row.fate not in {"same", "ours"}:
            found.setdefault(row.after.author, []).append(row)
    return found
