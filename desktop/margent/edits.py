"""Every edit as a pure function that makes a Change. The window and the command line both go through these."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from margent.annotations import (
    CONTEXT,
    Annotation,
    Change,
    Colour,
    DocumentRecord,
    Kind,
    Origin,
    Passage,
    Style,
    Theme,
    ThemeColour,
    Value,
    new_id,
    now,
)
from margent.errors import MargentError


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
    """Say what annotations are for; only questions and actions stay ticked."""
    return _each(
        "Change kind",
        annotations,
        lambda a: replace(a, kind=kind, done=a.done and kind in {"question", "action"}),
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


def _each(label: str, annotations: Iterable[Annotation], edit: Callable[[Annotation], Annotation]) -> Change:
    before: dict[str, Value | None] = {}
    after: dict[str, Value | None] = {}
    for annotation in annotations:
        edited = edit(annotation)
        if edited != annotation:
            before[annotation.id] = annotation
            after[annotation.id] = edited
    return Change(label, before, after)


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise MargentError("A theme needs a name.")
    return name


def _words(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in (" ".join(w.split()) for w in words) if word))
