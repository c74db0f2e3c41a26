"""Every edit as a pure function that makes a Change. The window and the command line both go through these."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from margent.annotations import (
    CONTEXT,
    Annotation,
    Change,
    Collection,
    Colour,
    DocumentRecord,
    Kind,
    Origin,
    Passage,
    Status,
    Style,
    Theme,
    ThemeColour,
    Value,
    new_id,
    now,
)
from margent.errors import MargentError

_V = TypeVar("_V", bound=Value)


def annotate(
    record: DocumentRecord,
    text: str,
    start: int,
    end: int,
    *,
    colour: Colour = "yellow",
    style: Style = "highlight",
    kind: Kind = "note",
    note: str = "",
    themes: Sequence[str] = (),
    private: bool = False,
    author: str = "",
) -> Change:
    """Put a new annotation on `start:end` (code points) of the revision's `text`, white space at its ends left out.

    Raises MargentError when nothing but white space is there.
    """
    start, end, exact = _trimmed(text, start, end, "There are no words in that selection to annotate.")
    value = Annotation(
        id=new_id(),
        document=record.id,
        revision=record.revision,
        start=start,
        end=end,
        exact=exact,
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[end : end + CONTEXT],
        colour=colour,
        style=style,
        kind=kind,
        note=note,
        themes=tuple(dict.fromkeys(themes)),
        private=private,
        author=author,
    )
    return _one("Underline" if style == "underline" else "Highlight", None, value)


def reply(parent: Annotation, note: str = "", *, author: str = "") -> Change:
    """Answer an annotation; the reply takes its parent's span."""
    value = replace(
        parent,
        id=new_id(),
        parent=parent.id,
        note=note,
        author=author,
        themes=(),
        kind="note",
        done=False,
        created=now(),
        modified=now(),
    )
    return _one("Reply", None, value)


def set_note(annotation: Annotation, note: str) -> Change:
    """Write an annotation's or a reply's note; consecutive edits of one note are one undo step."""
    return Change(
        "Edit note",
        {annotation.id: annotation},
        {annotation.id: replace(annotation, note=note)},
        merge=f"note:{annotation.id}",
    )


def set_colour(annotations: Iterable[Annotation], colour: Colour) -> Change:
    """Give annotations another colour."""
    return _each("Change colour", annotations, lambda a: replace(a, colour=colour))


def set_style(annotations: Iterable[Annotation], style: Style) -> Change:
    """Make annotations highlights or underlines."""
    return _each("Change style", annotations, lambda a: replace(a, style=style))


def set_kind(annotations: Iterable[Annotation], kind: Kind) -> Change:
    """Say what annotations are for; only questions and actions stay ticked, and closed conversations closed."""
    return _each(
        "Change kind",
        annotations,
        lambda a: replace(a, kind=kind, done=a.done and (not a.is_task or kind in {"question", "action"})),
    )


def set_done(annotations: Iterable[Annotation], done: bool) -> Change:
    """Tick or untick questions and actions."""
    return _each("Tick" if done else "Untick", annotations, lambda a: replace(a, done=done))


def set_private(annotations: Iterable[Annotation], private: bool) -> Change:
    """Keep annotations out of briefs, or let them in again."""
    return _each("Make private" if private else "Make shareable", annotations, lambda a: replace(a, private=private))


def add_theme(annotations: Iterable[Annotation], theme: str) -> Change:
    """File annotations under a theme."""
    return _each(
        "Add theme",
        annotations,
        lambda a: a if theme in a.themes else replace(a, themes=(*a.themes, theme)),
    )


def remove_theme(annotations: Iterable[Annotation], theme: str) -> Change:
    """Take annotations out of a theme."""
    return _each("Remove theme", annotations, lambda a: replace(a, themes=tuple(t for t in a.themes if t != theme)))


def attach(annotation: Annotation, text: str, start: int, end: int) -> Change:
    """Put an annotation on other words by hand: `start:end` of the revision's text."""
    start, end, exact = _trimmed(text, start, end, "There are no words in that selection to attach to.")
    value = replace(
        annotation,
        start=start,
        end=end,
        exact=exact,
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[end : end + CONTEXT],
        state="placed",
    )
    return _one("Attach to selection", annotation, value)


def accept(annotations: Iterable[Annotation], text: str) -> Change:
    """Take the place that was found for annotations as theirs, with the words there in the revision's `text`."""

    def accepted(value: Annotation) -> Annotation:
        if value.state != "moved":
            return value
        start, end = value.start, value.end
        prefix, suffix = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
        return replace(value, exact=text[start:end], prefix=prefix, suffix=suffix, state="placed")

    return _each("Accept new words", annotations, accepted)


def detach(annotations: Iterable[Annotation]) -> Change:
    """Take annotations off the words they stand on; they keep their own words, notes and old context as orphans."""
    return _each("Detach", annotations, lambda a: replace(a, state="orphaned"))


def resolve(annotations: Iterable[Annotation], done: bool) -> Change:
    """Close a conversation, or open it again."""
    return _each("Resolve" if done else "Reopen", annotations, lambda a: replace(a, done=done))


def delete(annotations: Iterable[Annotation]) -> Change:
    """Move annotations to the bin."""
    moment = now()
    return _each("Delete", annotations, lambda a: replace(a, deleted=moment))


def restore(annotations: Iterable[Annotation]) -> Change:
    """Take annotations out of the bin."""
    return _each("Restore", annotations, lambda a: replace(a, deleted=None))


def new_theme(name: str, colour: ThemeColour, words: Sequence[str] = ()) -> Change:
    """Add a theme to the library. Raises MargentError for an empty name."""
    return _one("New theme", None, Theme(id=new_id(), name=_named(name), colour=colour, words=_words(words)))


def new_themes(themes: Iterable[tuple[str, ThemeColour, Sequence[str]]]) -> Change:
    """Add several themes at once, each with its name, colour and words. Raises MargentError for an empty name."""
    after: dict[str, Value | None] = {}
    for name, colour, words in themes:
        after |= new_theme(name, colour, words).after
    return Change("Add themes", dict.fromkeys(after), after)


def rename_theme(theme: Theme, name: str) -> Change:
    """Give a theme another name. Raises MargentError for an empty one."""
    return _one("Rename theme", theme, replace(theme, name=_named(name)))


def recolour_theme(theme: Theme, colour: ThemeColour) -> Change:
    """Give a theme another colour."""
    return _one("Recolour theme", theme, replace(theme, colour=colour))


def set_words(theme: Theme, words: Sequence[str]) -> Change:
    """Say which words signal a theme."""
    return _one("Edit signal words", theme, replace(theme, words=_words(words)))


def merge_themes(theme: Theme, into: Theme, annotations: Iterable[Annotation], passages: Iterable[Passage]) -> Change:
    """Make one theme of two: `into` takes over the words, and the `annotations` and `passages` of `theme`.

    Both must be given for the whole library, deleted ones included, or some would be left behind.
    """
    before: dict[str, Value | None] = {theme.id: theme, into.id: into}
    after: dict[str, Value | None] = {
        theme.id: replace(theme, deleted=now()),
        into.id: replace(into, words=_words([*into.words, *theme.words])),
    }
    for annotation in annotations:
        if theme.id in annotation.themes:
            themes = dict.fromkeys(into.id if t == theme.id else t for t in annotation.themes)
            before[annotation.id] = annotation
            after[annotation.id] = replace(annotation, themes=tuple(themes))
    for passage in passages:
        if passage.theme == theme.id:
            before[passage.id] = passage
            after[passage.id] = replace(passage, theme=into.id)
    return Change("Merge themes", before, after)


def delete_theme(theme: Theme) -> Change:
    """Put a theme away; annotations keep their link to it, so that undoing brings all of it back."""
    return _one("Delete theme", theme, replace(theme, deleted=now()))


def set_passage(record: DocumentRecord, theme: Theme, start: int, end: int, origin: Origin) -> Change:
    """Say that `start:end` belongs to a theme (chosen), or that a suggestion there is wrong (dismissed)."""
    value = Passage(
        id=new_id(),
        theme=theme.id,
        document=record.id,
        revision=record.revision,
        start=start,
        end=end,
        origin=origin,
    )
    return _one("Dismiss suggestion" if origin == "dismissed" else "Add passage", None, value)


def drop_passage(passage: Passage) -> Change:
    """Take a stored passage away from its theme; the words are then not suggested again."""
    return _one("Remove passage", passage, replace(passage, origin="dismissed"))


def edit_document(
    record: DocumentRecord,
    *,
    title: str | None = None,
    authors: Sequence[str] | None = None,
    date: str | None = None,
    language: str | None = None,
    source: str | None = None,
    summary: str | None = None,
) -> Change:
    """Say anew what is known of a document; what is None stays. Raises MargentError for an empty title."""
    fields: dict[str, str | tuple[str, ...]] = {}
    if title is not None:
        fields["title"] = _named(title, "A document needs a title.")
    if authors is not None:
        fields["authors"] = _words(authors)
    for name, text in (("date", date), ("language", language), ("source", source)):
        if text is not None:
            fields[name] = " ".join(text.split())
    if summary is not None:
        fields["summary"] = summary.strip()
    return _each("Edit details", [record], lambda r: replace(r, **fields))  # type: ignore[arg-type]


def set_status(records: Iterable[DocumentRecord], status: Status) -> Change:
    """Say that documents are to read, being read or finished; "" leaves it to the progress again."""
    return _each("Change status", records, lambda r: replace(r, status=status))


def delete_documents(records: Iterable[DocumentRecord]) -> Change:
    """Move documents to the bin; what stands in them stays there and is hidden with them."""
    moment = now()
    return _each("Delete documents", records, lambda r: r if r.deleted is not None else replace(r, deleted=moment))


def restore_documents(records: Iterable[DocumentRecord]) -> Change:
    """Take documents out of the bin, with all that stood in them."""
    return _each("Restore documents", records, lambda r: replace(r, deleted=None))


def make_collection(name: str, parent: Collection | None = None) -> Change:
    """Add a collection, inside `parent` or on its own.

    Raises MargentError for an empty name, and for a parent that is inside another.
    """
    name = _named(name, "A collection needs a name.")
    value = Collection(id=new_id(), name=name, parent=_outer(parent))
    return _one("New collection", None, value)


def rename_collection(collection: Collection, name: str) -> Change:
    """Give a collection another name. Raises MargentError for an empty one."""
    name = _named(name, "A collection needs a name.")
    return _each("Rename collection", [collection], lambda c: replace(c, name=name))


def move_collection(collection: Collection, parent: Collection | None, others: Iterable[Collection]) -> Change:
    """Put a collection inside `parent`, or on its own; `others` are all the collections that stand.

    Raises MargentError where it would stand more than one deep, or in itself.
    """
    into = _outer(parent)
    if into is not None and (into == collection.id or any(other.parent == collection.id for other in others)):
        raise MargentError(f"“{collection.name}” holds collections itself, or is the one it would be put in.")
    return _each("Move collection", [collection], lambda c: replace(c, parent=into))


def delete_collection(collection: Collection, others: Iterable[Collection]) -> Change:
    """Put a collection away, and those of `others` that are in it.

    Documents stay, and keep their link to it, so that undoing brings all of it back.
    """
    moment = now()
    inside = [other for other in others if other.parent == collection.id and other.deleted is None]
    return _each("Delete collection", [collection, *inside], lambda c: replace(c, deleted=moment))


def file_documents(records: Iterable[DocumentRecord], collection: Collection) -> Change:
    """Put documents into a collection; they stay in those they are in."""
    key = collection.id
    return _each(
        "Add to collection",
        records,
        lambda r: r if key in r.collections else replace(r, collections=(*r.collections, key)),
    )


def unfile_documents(records: Iterable[DocumentRecord], collection: Collection) -> Change:
    """Take documents out of a collection."""
    return _each(
        "Remove from collection",
        records,
        lambda r: replace(r, collections=tuple(c for c in r.collections if c != collection.id)),
    )


def _trimmed(text: str, start: int, end: int, refusal: str) -> tuple[int, int, str]:
    """`start:end` without white space at its ends, and its words. Raises MargentError(refusal) for none."""
    exact = text[start:end]
    start += len(exact) - len(exact.lstrip())
    exact = exact.strip()
    if not exact:
        raise MargentError(refusal)
    return start, start + len(exact), exact


def _one(label: str, before: Value | None, after: Value) -> Change:
    return Change(label, {after.id: before}, {after.id: after})


def _each(label: str, values: Iterable[_V], edit: Callable[[_V], _V]) -> Change:
    before: dict[str, Value | None] = {}
    after: dict[str, Value | None] = {}
    for value in values:
        edited = edit(value)
        if edited != value:
            before[value.id] = value
            after[value.id] = edited
    return Change(label, before, after)


def _named(name: str, refusal: str = "A theme needs a name.") -> str:
    name = " ".join(name.split())
    if not name:
        raise MargentError(refusal)
    return name


def _outer(parent: Collection | None) -> str | None:
    if parent is None:
        return None
    if parent.parent is not None:
        raise MargentError(f"“{parent.name}” is inside another collection; a collection can hold no third level.")
    return parent.id


def _words(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in (" ".join(w.split()) for w in words) if word))
