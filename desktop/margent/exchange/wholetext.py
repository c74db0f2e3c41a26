"""A document exported whole, with notes inline, read back: every annotation equal, and what a colleague wrote in them.

The comments hold each annotation as it was (`brief/records.py`); between them stands what people see and may have
edited in any editor. Text that differs from what its record would have been written as is an edit of that record; a
part that cannot be told apart any more is reported, and its record comes in as it was.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, get_args

from margent.annotations import COLOURS, KINDS, STYLES, Annotation, DocumentRecord, State
from margent.brief import markdown
from margent.brief.keeping import altered
from margent.brief.records import BEGIN, END, VERSION
from margent.errors import MargentError
from margent.exchange import reading, received
from margent.exchange.shown import Entry, Part, as_shown, letters, unquoted
from margent.exchange.versions import Copy, Record, version_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
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
_SIGNS = re.compile(r"==(?=\S)(.+?)(?<=\S)==")
_DOCUMENT, _START = b"<!-- margent:document {", b"<!-- margent:begin text -->"
_STATES: tuple[State, ...] = get_args(State)


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
    if _DOCUMENT in data and _START in data:
        return True
    if not received.may_hold(data):
        return False
    try:
        text = received.text(data, "").encode("utf-8", "surrogatepass")
    except MargentError:
        return _START in data
    return _DOCUMENT in text and _START in text


def is_cut(data: bytes) -> bool:
    """Whether a file is the beginning of such a document, without the records at its end."""
    return _START in data and _DOCUMENT not in data


def read(data: bytes, name: str, moment: datetime) -> WholeText:
    """What is in the exported document called `name`; `moment` is when edits in it count as made.

    Raises MargentError naming the file when it is none, or made by a newer Margent.
    """
    text = received.text(data, name)
    about, records, problems = _records(text, name)
    if about is None:
        raise MargentError(f"{name} is not a document that Margent exported whole, or its last lines are gone.")
    version = about.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise MargentError(f"{name} was made by a newer Margent: update this one to read it.")
    record = _document(about, name, moment)
    touched = altered(text)
    parts: dict[str, list[Part]] = {}
    for found in _PART.finditer(text):
        start, end = found.span("said")
        whole = touched is not None and not any(low < end and high > start for low, high in touched)
        parts.setdefault(found["id"], []).append(Part(found["said"], whole))
    entries: list[Entry] = []
    for value in records:
        try:
            entries.append(_entry(value, record))
        except ValueError as error:
            problems.append(f"{name}: an annotation could not be read ({error}).")
    quotes = {letters(entry.record.exact) for entry in entries}
    for index, entry in enumerate(entries):
        entries[index], told = as_shown(entry, parts.pop(entry.record.id, []), moment, quotes)
        problems += [f"{name}: {what}" for what in told]
    problems += [
        f"{name}: a note came without its record and was left out: “{markdown.shortened(unquoted(said[0].said), 80)}”."
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


# -- the text ----------------------------------------------------------------------------------------------------------


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
