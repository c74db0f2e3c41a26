"""What people see of an annotation in a document exported whole, and may have edited there in any editor.

Below each block stands `**Note** on “words” (author, themes): ` with the note and the answers to it. Whatever an editor
or a formatter makes of that Markdown is no edit; other words are.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from margent.annotations import UNSAID, Annotation
from margent.brief import markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from margent.annotations import Kind

_BOX = re.compile(r"[-*+][ \t]+\[(?P<tick>[ xX]?)\][ \t]+")
_HEAD = re.compile(r"(?P<strong>\*\*|__)(?P<label>[^*_\n]+)(?P=strong) \S+ [“„«\"]")
_CLOSING = re.compile(r"[”“»\"]")
"""Some editors write quotation marks of their own in place of ours."""
_BULLET = r"[-*+][ \t]+"
_ANSWER = re.compile(
    r"(?:(?P<strong>\*\*|__)(?P<author>(?:\\.|[^*\\\n])+?)(?P=strong), )?"
    r"(?P<date>\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC)(?::|$)",
    re.MULTILINE,
)
_NAMED = re.compile(r"(?:\*\*)?(?P<author>[^\s:*][^:*\n]{0,59}?)(?::\*\*|\*\*:|:)\s+(?=\S)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~\n])")
_ITEM = re.compile(r"^([ \t]*)[*+-][ \t]+", re.MULTILINE)
_NUMBER = re.compile(r"^([ \t>]*)\d{1,9}[.)][ \t]+", re.MULTILINE)


class Entry(NamedTuple):
    """An annotation of the file."""

    record: Annotation
    """As it was exported; themes are not in it."""
    edited: Annotation
    """As the file shows it; the same where nobody touched it."""
    themes: tuple[str, ...]
    """Names."""
    replies: tuple[tuple[Annotation, Annotation], ...]
    """Each as it was exported and as it is shown."""
    added: tuple[Annotation, ...]
    """Answers that somebody wrote below the note by hand."""


class Part(NamedTuple):
    """What stands below a block for one annotation."""

    said: str
    untouched: bool
    """Whether the check sums say that it is as it was written."""


def as_shown(
    entry: Entry, parts: Sequence[Part], moment: datetime, others: Iterable[str] = ()
) -> tuple[Entry, list[str]]:
    """The entry with what was edited in its part of the text, and what could not be told apart.

    `others` are the `letters` of the words that the notes of the file are on: people move what they see, and the
    comments around it stay where they were.
    """
    told = []
    quote = markdown.shortened(entry.record.exact, 40)
    if len(parts) > 1:
        told.append(f"the note on “{quote}” stands there {len(parts)} times; the first one counts.")
    if not parts:
        if entry.record.note or entry.replies:
            told.append(f"the note on “{quote}” was taken out of the text; it is kept as it was.")
        return entry, told
    if parts[0].untouched and letters(entry.record.note) in letters(parts[0].said):
        return entry, told
    said = unquoted(parts[0].said)
    if "\ufffd" in said and "\ufffd" not in entry.record.note:
        told.append(f"the note on “{quote}” has lost letters on its way, so it is kept as it was.")
        return entry, told
    done = entry.record.done
    box = _BOX.match(said)
    if box:
        done = box["tick"] in {"x", "X"}
        said = _outdented(said[box.end() :], max(1, len(box[0]) - 4))
    head = _head_of(said)
    if head is None:
        told.append(f"the beginning of the note on “{quote}” was changed, so it is kept as it was: “{said[:200]}”.")
        return entry, told
    if _is_of_another(head.quote, entry.record, others):
        told.append(f"below “{quote}” stands the note on other words, so it is kept as it was: “{said[:200]}”.")
        return entry, told
    note, answers = _divided(head.rest, entry)
    edited = entry.record
    if not _alike(note, markdown.note(edited.note)):
        edited = replace(edited, note=note)
    kind = _kinds().get(head.label, edited.kind)
    if kind != edited.kind:
        edited = replace(edited, kind=kind)
    if done != edited.done and edited.is_task:
        edited = replace(edited, done=done)
    if edited != entry.record:
        edited = replace(edited, modified=max(moment, edited.modified))
    if not _is_about(head.about, entry):
        told.append(
            f"what stands in brackets behind “{quote}” was changed, which no file can: author and themes are kept."
        )
    replies, added, missing = _answers(entry, answers, moment)
    told += [
        f"the reply “{markdown.shortened(one.note, 40)}” was taken out of the text; it is kept." for one in missing
    ]
    return entry._replace(edited=edited, replies=replies, added=added), told


def unquoted(part: str) -> str:
    """A part without the signs of quotation, which an editor may have taken away or put before blank lines."""
    lines = [re.sub(r"^[ \t]{0,3}> ?", "", line) for line in part.strip("\n").split("\n")]
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _outdented(text: str, by: int) -> str:
    return re.sub(rf"^ {{1,{by}}}", "", text, flags=re.MULTILINE)


class _Head(NamedTuple):
    """`**Note** on “words” (author, themes): ` and what follows it."""

    label: str
    quote: str
    about: str
    rest: str


def _head_of(said: str) -> _Head | None:
    """How a note begins; None where that is not how it begins."""
    head = _HEAD.match(said)
    if head is None:
        return None
    # An editor may have broken the line anywhere between words.
    paragraph = said.split("\n\n", 1)[0]
    for close in _CLOSING.finditer(paragraph, head.end()):
        at = close.end()
        behind = paragraph[at : at + 2]
        if behind in {" (", "\n("}:
            end = _closing(paragraph, at + 1)
            if end and paragraph[end : end + 1] in {"", ":", "\n"}:
                quote = said[head.end() : close.start()]
                return _Head(head["label"], quote, said[at + 2 : end - 1], said[end:].removeprefix(":").strip(" \n"))
        elif behind[:1] in {"", ":", "\n"}:
            return _Head(head["label"], said[head.end() : close.start()], "", said[at:].removeprefix(":").strip(" \n"))
    return None


def letters(text: str) -> str:
    """A text's letters and digits alone, whatever an editor made of its other signs."""
    return "".join(filter(str.isalnum, text))


def _is_of_another(quote: str, record: Annotation, others: Iterable[str]) -> bool:
    """Whether the words that a note is said to be on are not its own ones, but those of another note."""
    said = letters(quote)
    if not said or letters(record.exact).startswith(said):
        return False
    return any(other.startswith(said) for other in others)


def _kinds() -> dict[str, Kind]:
    """What the word before a note says of it; a mere highlight may be one for any reason."""
    from margent.brief.render import Words  # noqa: PLC0415 - of parts that somebody changed alone

    words = Words()
    return {words.question: "question", words.action: "action", words.position: "position", words.note: "note"}


def _is_about(said: str, entry: Entry) -> bool:
    """Whether the brackets say what they said; whoever exported it is not named in them."""
    from margent.brief.render import Words  # noqa: PLC0415 - of parts that somebody changed alone

    known = [markdown.phrase(name) for name in entry.themes] + [Words().private] * entry.record.private
    author = [markdown.phrase(entry.record.author)] if entry.record.author else []
    return any(_tidied(said) == _tidied(", ".join([*names, *known])) for names in (author, []))


def _closing(line: str, at: int) -> int:
    """Where the bracket that opens at `at` is closed, behind it; 0 where it is not."""
    depth = 0
    for index in range(at, len(line)):
        depth += {"(": 1, ")": -1}.get(line[index], 0)
        if depth == 0:
            return index + 1
    return 0


def _divided(rest: str, entry: Entry) -> tuple[str, list[str]]:
    """The note, and the items below it that are answers."""
    answers: list[str] = []
    by_hand = None if entry.replies else _typed_below(rest, entry.record)
    if by_hand is not None:
        rest, answers = by_hand
    if entry.replies:
        first = next(
            (
                found.start()
                for found in re.finditer(rf"^{_BULLET}", rest, re.MULTILINE)
                if _ANSWER.match(rest, found.end())
            ),
            None,
        )
        if first is not None:
            items = re.split(rf"^{_BULLET}", rest[first:], flags=re.MULTILINE)[1:]
            answers = [_outdented(item.strip("\n"), 2) for item in items]
            rest = rest[:first]
    if entry.record.state == "moved":
        # "Before the text changed: “…”" stands in a paragraph of its own behind the note.
        paragraphs = rest.strip("\n").split("\n\n")
        quoted = f"“{markdown.phrase(entry.record.exact)}”"
        if paragraphs and paragraphs[-1].endswith(quoted):
            rest = "\n\n".join(paragraphs[:-1])
    return rest.strip("\n"), answers


def _typed_below(rest: str, record: Annotation) -> tuple[str, list[str]] | None:
    """The first answers to a note, typed below it as items that begin with a name; None where there are none."""
    own = markdown.note(record.note)
    if _ITEM.match(own.rsplit("\n", 1)[-1]):
        return None
    for found in re.finditer(rf"^{_BULLET}", rest, re.MULTILINE):
        if not _alike(rest[: found.start()], own):
            continue
        items = re.split(rf"^{_BULLET}", rest[found.start() :], flags=re.MULTILINE)[1:]
        if all(map(_NAMED.match, items)):
            return rest[: found.start()], [_outdented(item.strip("\n"), 2) for item in items]
    return None


def _answers(
    entry: Entry, items: Sequence[str], moment: datetime
) -> tuple[tuple[tuple[Annotation, Annotation], ...], tuple[Annotation, ...], list[Annotation]]:
    """Replies as they are shown, answers that were added by hand, and replies that are not there any more."""
    left = [before for before, _ in entry.replies]
    replies: list[tuple[Annotation, Annotation]] = []
    added: list[Annotation] = []
    for item in items:
        found = _ANSWER.match(item)
        before = _answered(found, item, left) if found else None
        if before is None:
            added += _by_hand(item, entry.record, moment)
            continue
        left.remove(before)
        note = item[found.end() :].strip(" \n") if found else item
        own = markdown.note(before.note)
        replies.append(
            (before, before if _alike(note, own) else replace(before, note=note, modified=max(moment, before.modified)))
        )
    hidden = [one for one in left if one.private and not entry.record.private]
    replies += [(one, one) for one in left]
    return tuple(replies), tuple(added), [one for one in left if one not in hidden]


def _answered(found: re.Match[str], item: str, left: Sequence[Annotation]) -> Annotation | None:
    """Which reply an item is: by author and minute, and by its words where one wrote two in a minute."""
    fitting = [
        one
        for one in left
        if f"{one.created:%Y-%m-%d %H:%M} UTC" == found["date"]
        and (markdown.phrase(one.author) if one.author else None) == found["author"]
    ]
    words = item[found.end() :].split()
    exact = [one for one in fitting if markdown.note(one.note).split() == words]
    return next(iter(exact or fitting), None)


def _by_hand(item: str, parent: Annotation, moment: datetime) -> Iterator[Annotation]:
    """An answer that somebody typed: `Name: words`, or words of nobody who is named."""
    import hashlib  # noqa: PLC0415 - of answers typed by hand alone

    said = item.strip()
    if not said:
        return
    named = _NAMED.match(said)
    note = said[named.end() :].strip() if named else said
    author = named["author"].strip() if named else UNSAID
    key = hashlib.sha256(f"{parent.id}\n{author}\n{note}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
    yield replace(
        parent,
        id=key,
        parent=parent.id,
        note=note,
        author=author,
        kind="note",
        done=False,
        themes=(),
        created=moment,
        modified=moment,
    )


def _alike(first: str, second: str) -> bool:
    """Whether two texts are the same but for how an editor or a formatter writes the same Markdown."""
    return first == second or _tidied(first) == _tidied(second)


def _tidied(text: str) -> list[str]:
    """The words of a text with one sign for emphasis and for items, and without escapes and signs of line ends."""
    plain = _ESCAPED.sub(r"\1", _NUMBER.sub(r"\g<1>1. ", _ITEM.sub(r"\1- ", text)))
    return plain.replace("_", "*").split()
