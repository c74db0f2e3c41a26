"""A document exported whole, with notes inline, read back: every annotation equal, and what a colleague wrote in them.

The comments hold each annotation as it was (`brief/records.py`); between them stands what people see and may have
edited in any editor. Text that differs from what its record would have been written as is an edit of that record; a
part that cannot be told apart any more is reported, and its record comes in as it was.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from margent.annotations import COLOURS, KINDS, STYLES, UNSAID, Annotation, DocumentRecord, State
from margent.brief import markdown
from margent.brief.keeping import altered
from margent.brief.records import BEGIN, END, VERSION
from margent.errors import MargentError
from margent.exchange import reading
from margent.exchange.versions import Copy, Record, version_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

Json = Any

_COMMENT = re.compile(r"^<!-- margent:(?P<name>document|record) (?P<value>\{.*\}) -->[ \t]*$", re.MULTILINE)
_BROKEN = re.compile(r"^.*<!-- margent:(?:document|record) .*$", re.MULTILINE)
_TEXT = re.compile(
    rf"^{re.escape(BEGIN)} text -->[ \t]*\n(?P<text>.*?)^{re.escape(END)} text -->[ \t]*$", re.MULTILINE | re.DOTALL
)
_PART = re.compile(
    rf"^{re.escape(BEGIN)} (?P<id>[0-9a-f]{{32}}) -->[ \t]*\n(?P<said>.*?)^{re.escape(END)} (?P=id) -->[ \t]*$\n?",
    re.MULTILINE | re.DOTALL,
)
_ANY = re.compile(r"^<!-- margent:[^\n]*-->[ \t]*\n?", re.MULTILINE)
_BOX = re.compile(r"- \[(?P<tick>[ xX]?)\] ")
_HEAD = re.compile(r"\*\*[^*\n]+\*\* \S+ “")
_ANSWER = re.compile(
    r"(?:\*\*(?P<author>(?:\\.|[^*\\\n])+)\*\*, )?(?P<date>\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC)(?::|$)", re.MULTILINE
)
_NAMED = re.compile(r"(?:\*\*)?(?P<author>[^\s:*][^:*\n]{0,59}?)(?::\*\*|\*\*:|:)\s+(?=\S)")
_SIGNS = re.compile(r"==(?=\S)(.+?)(?<=\S)==")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~\n])")
_ITEM = re.compile(r"^([ \t]*)[*+-][ \t]+", re.MULTILINE)
_STATES: tuple[State, ...] = get_args(State)


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


@dataclass(frozen=True, slots=True)
class WholeText:
    """What is in the file."""

    record: DocumentRecord
    """Which document it is, and in which revision."""
    markdown: str
    """The document's own text, without signs and notes."""
    entries: tuple[Entry, ...]
    problems: tuple[str, ...]
    """What could not be read or told apart, a sentence each."""


def is_whole(data: bytes) -> bool:
    """Whether a file is a document that was exported whole."""
    return b"<!-- margent:document {" in data and b"<!-- margent:begin text -->" in data


def read(data: bytes, name: str, moment: datetime) -> WholeText:
    """What is in the exported document called `name`; `moment` is when edits in it count as made.

    Raises MargentError naming the file when it is none, or made by a newer Margent.
    """
    text = reading.text(data.decode("utf-8-sig", "replace"))
    about, records, problems = _records(text, name)
    if about is None:
        raise MargentError(f"{name} is not a document that Margent exported whole, or its last lines are gone.")
    version = about.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise MargentError(f"{name} was made by a newer Margent: update this one to read it.")
    record = _document(about, name, moment)
    touched = altered(text)
    parts: dict[str, list[_Part]] = {}
    for found in _PART.finditer(text):
        start, end = found.span("said")
        whole = touched is not None and not any(low < end and high > start for low, high in touched)
        parts.setdefault(found["id"], []).append(_Part(found["said"], whole))
    entries: list[Entry] = []
    for value in records:
        try:
            entry = _entry(value, record)
        except ValueError as error:
            problems.append(f"{name}: an annotation could not be read ({error}).")
            continue
        said = parts.pop(entry.record.id, [])
        entry, told = _as_shown(entry, said, moment)
        problems += [f"{name}: {what}" for what in told]
        entries.append(entry)
    problems += [
        f"{name}: a note came without its record and was left out: “{markdown.shortened(_unquoted(said[0].said), 80)}”."
        for said in parts.values()
    ]
    body = _TEXT.search(text)
    if body is None:
        problems.append(f"{name}: the marks around the document's text are gone, so only the notes were read.")
    return WholeText(record, _bare(body["text"]) if body else "", tuple(entries), tuple(problems))


def copies(whole: WholeText, theme_of: Callable[[str], str]) -> dict[str, Copy]:
    """The annotations as a merge takes them; `theme_of` gives the id of the theme of a name.

    An edit descends from what was exported, so that a later change of the same note in the library is not overwritten.
    """
    found: dict[str, Copy] = {}

    def put(before: Record, after: Record) -> None:
        past: Mapping[str, Record] = {} if after == before else {version_of(before): before}
        found[after.id] = Copy(after, frozenset(past), past)

    for entry in whole.entries:
        themes = tuple(dict.fromkeys(theme_of(name) for name in entry.themes))
        put(replace(entry.record, themes=themes), replace(entry.edited, themes=themes))
        for before, after in entry.replies:
            put(before, after)
        for answer in entry.added:
            put(answer, answer)
    return found


# -- records ----------------------------------------------------------------------------------------------------------


def _records(text: str, name: str) -> tuple[dict[str, Json] | None, list[dict[str, Json]], list[str]]:
    about: dict[str, Json] | None = None
    records: list[dict[str, Json]] = []
    whole = 0
    for found in _COMMENT.finditer(text):
        try:
            value = json.loads(found["value"])
        except (ValueError, RecursionError):
            continue
        whole += 1
        if found["name"] == "document":
            about = about or value
        else:
            records.append(value)
    broken = sum(1 for _ in _BROKEN.finditer(text)) - whole
    problems = [f"{name}: {broken} record(s) of annotations are damaged and could not be read."] if broken else []
    return about, list({str(value.get("id")): value for value in records}.values()), problems


def _document(about: Mapping[str, Json], name: str, moment: datetime) -> DocumentRecord:
    key, revision = reading.uuid_of(about.get("id")), reading.uuid_of(about.get("revision"))
    if not key or not revision:
        raise MargentError(f"{name} does not say which document it is: its record of the document is damaged.")
    return DocumentRecord(
        id=key,
        revision=revision,
        title=reading.line(about.get("title")) or name,
        authors=reading.names(reading.listed(about.get("authors"))),
        date=reading.line(about.get("date")),
        language=reading.line(about.get("language")),
        source=reading.line(about.get("source")),
        summary=reading.text(about.get("summary")),
        origin=name,
        created=moment,
        modified=moment,
    )


def _entry(value: Mapping[str, Json], record: DocumentRecord) -> Entry:
    created, modified = reading.moment(value.get("created")), reading.moment(value.get("modified"))
    start, end = reading.number(value.get("start")), reading.number(value.get("end"))
    key = reading.uuid_of(value.get("id"))
    if not key or created is None or modified is None or start is None or end is None or end < start:
        raise ValueError("its id, place or times are damaged")
    annotation = Annotation(
        id=key,
        document=record.id,
        revision=record.revision,
        start=start,
        end=end,
        exact=_string(value, "exact"),
        prefix=_string(value, "prefix"),
        suffix=_string(value, "suffix"),
        state=_choice(value, "state", _STATES),
        colour=_choice(value, "colour", COLOURS),
        style=_choice(value, "style", STYLES),
        kind=_choice(value, "kind", KINDS),
        note=_string(value, "note"),
        private=value.get("private") is True,
        done=value.get("done") is True,
        author=_string(value, "author"),
        created=created,
        modified=modified,
    )
    replies = [_reply(reading.mapping(reply), annotation) for reply in reading.listed(value.get("replies"))]
    themes = tuple(theme for theme in reading.listed(value.get("themes")) if isinstance(theme, str) and theme.strip())
    return Entry(annotation, annotation, themes, tuple((reply, reply) for reply in replies), ())


def _reply(value: Mapping[str, Json], parent: Annotation) -> Annotation:
    created, modified = reading.moment(value.get("created")), reading.moment(value.get("modified"))
    key = reading.uuid_of(value.get("id"))
    if not key or created is None or modified is None:
        raise ValueError("a reply's id or times are damaged")
    return replace(
        parent,
        id=key,
        parent=parent.id,
        note=_string(value, "note"),
        author=_string(value, "author"),
        private=value.get("private") is True,
        kind="note",
        done=False,
        created=created,
        modified=modified,
    )


def _string(value: Mapping[str, Json], name: str) -> str:
    found = value.get(name)
    if not isinstance(found, str):
        raise ValueError(f"its {name} is missing")  # noqa: TRY004 - one kind of error for all that is damaged
    return found


def _choice(value: Mapping[str, Json], name: str, choices: tuple[Any, ...]) -> Any:  # noqa: ANN401
    found = value.get(name)
    if found not in choices:
        raise ValueError(f"its {name} is unknown")
    return found


# -- what people see --------------------------------------------------------------------------------------------------


class _Part(NamedTuple):
    """What stands below a block for one annotation."""

    said: str
    untouched: bool
    """Whether the check sums say that it is as it was written."""


def _as_shown(entry: Entry, parts: Sequence[_Part], moment: datetime) -> tuple[Entry, list[str]]:
    """The entry with what was edited in its part of the text, and what could not be told apart."""
    told = []
    quote = markdown.shortened(entry.record.exact, 40)
    if len(parts) > 1:
        told.append(f"the note on “{quote}” stands there {len(parts)} times; the first one counts.")
    if not parts:
        if entry.record.note or entry.replies:
            told.append(f"the note on “{quote}” was taken out of the text; it is kept as it was.")
        return entry, told
    if parts[0].untouched:
        return entry, told
    said = _unquoted(parts[0].said)
    done = entry.record.done
    box = _BOX.match(said)
    if box:
        done = box["tick"] in {"x", "X"}
        said = _outdented(said[box.end() :], 2)
    rest = _behind_head(said)
    if rest is None:
        told.append(f"the beginning of the note on “{quote}” was changed, so it is kept as it was: “{said[:200]}”.")
        return entry, told
    note, answers = _divided(rest, entry)
    edited = entry.record
    if not _alike(note, markdown.note(edited.note)):
        edited = replace(edited, note=note)
    if done != edited.done and edited.is_task:
        edited = replace(edited, done=done)
    if edited != entry.record:
        edited = replace(edited, modified=max(moment, edited.modified))
    replies, added, missing = _answers(entry, answers, moment)
    told += [
        f"the reply “{markdown.shortened(one.note, 40)}” was taken out of the text; it is kept." for one in missing
    ]
    return entry._replace(edited=edited, replies=replies, added=added), told


def _unquoted(part: str) -> str:
    """A part without the signs of quotation, which an editor may have taken away or put before blank lines."""
    lines = [re.sub(r"^[ \t]{0,3}> ?", "", line) for line in part.strip("\n").split("\n")]
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _outdented(text: str, by: int) -> str:
    return re.sub(rf"^ {{1,{by}}}", "", text, flags=re.MULTILINE)


def _behind_head(said: str) -> str | None:
    """What follows `**Note** on “words” (author, themes):`; None where that is not how it begins."""
    head = _HEAD.match(said)
    if head is None:
        return None
    line = said.split("\n", 1)[0]
    for close in re.finditer("”", line):
        at = close.end()
        if at == len(line):
            return said[at:].strip("\n")
        if line[at] == ":":
            return said[at + 1 :].strip(" \n")
        if line.startswith(" (", at):
            end = _closing(line, at + 1)
            if end and (end == len(line) or line[end] == ":"):
                return said[end + 1 :].strip(" \n") if end < len(line) else said[end:].strip("\n")
    return None


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
    if entry.replies:
        first = next(
            (found.start() for found in re.finditer(r"^- ", rest, re.MULTILINE) if _ANSWER.match(rest, found.end())),
            None,
        )
        if first is not None:
            items = re.split(r"^- ", rest[first:], flags=re.MULTILINE)[1:]
            answers = [_outdented(item.strip("\n"), 2) for item in items]
            rest = rest[:first]
    if entry.record.state == "moved":
        # "Before the text changed: “…”" stands in a paragraph of its own behind the note.
        paragraphs = rest.strip("\n").split("\n\n")
        quoted = f"“{markdown.phrase(entry.record.exact)}”"
        if paragraphs and paragraphs[-1].endswith(quoted):
            rest = "\n\n".join(paragraphs[:-1])
    return rest.strip("\n"), answers


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
    plain = _ESCAPED.sub(r"\1", _ITEM.sub(r"\1- ", text))
    return plain.replace("_", "*").split()


def told_of_text(whole: WholeText, own: str) -> tuple[str, ...]:
    """What somebody did to the document's own text, which no note can carry: a sentence.

    `own` is the text as it would be exported now, of the same revision.
    """
    theirs, ours = _paragraphs(whole.markdown), _paragraphs(own)
    there, here = "".join(words for words, _ in theirs), "".join(words for words, _ in ours)
    changed = [said for words, said in theirs if words not in here]
    missing = [said for words, said in ours if words not in there]
    if not changed and not missing:
        return ()
    said = markdown.shortened(" ".join((changed or missing)[0].split()), 80)
    count = max(len(changed), len(missing))
    where = f"in {count} place(s), first at “{said}”"
    return (f"The document's own text was changed in the file {where}: only notes are taken in, your text stays.",)


def _paragraphs(text: str) -> list[tuple[str, str]]:
    """Each paragraph by its letters and digits, whatever the signs and the line ends, and as it stands."""
    found = [("".join(filter(str.isalnum, part)), part) for part in re.split(r"\n[ \t>]*\n", text)]
    return [(words, part) for words, part in found if words]


def _bare(text: str) -> str:
    """The document's own Markdown: without notes, comments and the signs around highlighted words."""
    text = _ANY.sub("", _PART.sub("", text))
    return re.sub(r"\n{3,}", "\n\n", _SIGNS.sub(r"\1", text)).strip("\n") + "\n"
