"""The commands that take annotations in and send them out: `merge`, `revise`, and `export` in other formats."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from margent.annotations import UNSAID, Annotation, Theme
from margent.commands import Outcome, document_json
from margent.errors import MargentError
from margent.exchange import incoming, outgoing, package, programs
from margent.exchange.webannotation import stated
from margent.exchange.wholetext import WholeText

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from margent.annotations import Change, DocumentRecord, State
    from margent.commands import Context
    from margent.exchange.incoming import Incoming, Offer
    from margent.exchange.merging import Fate, Row
    from margent.exchange.versions import Copy
    from margent.importing import Held
    from margent.library.store import Library

Json = Any

_STATES: tuple[State, ...] = ("placed", "moved", "orphaned")
_FATES: tuple[Fate, ...] = ("new", "changed", "deleted", "restored", "conflict")


def merge(context: Context, options: argparse.Namespace) -> Outcome:
    """Take in annotations from a file, or with --dry-run tell what that would do."""
    path: Path = options.file
    moment = dt.datetime.now(dt.UTC)
    parts = incoming.look(content(path), path.name, moment.replace(microsecond=0))
    if options.document != "-" and len(parts) > 1:
        raise MargentError(
            f"{path.name} holds annotations of {len(parts)} documents: give - for DOC, so that each finds its own."
        )
    rows: list[Json] = []
    lines: list[str] = []
    code = 0
    taken, out = _homed(parts, context, options, path.name)
    for one in taken:
        value, told = _merge_one(context, options, one, path.name)
        rows.append(value)
        lines += told
    for one, cause in out:
        rows.append(
            {"document": None, "title": incoming.about(one), "new": False, **_rows_json(()), "problems": [cause]}
        )
        lines.append(f"error: {cause}")
        code = 2
    return Outcome(rows, lines, code)


def _homed(
    parts: Sequence[Incoming], context: Context, options: argparse.Namespace, name: str
) -> tuple[list[Incoming], list[tuple[Incoming, str]]]:
    """The parts of a file whose documents are known, and the others with the cause: told before anything is written.

    Raises MargentError when none is known.
    """
    taken: list[Incoming] = []
    out: list[tuple[Incoming, str]] = []
    for one in parts:
        try:
            if options.document == "-" and incoming.meant(one, context.library) is None:
                _refuse_doubt(one, context, name)
                incoming.arrival(one, name)
            taken.append(one)
        except MargentError as error:
            out.append((one, str(error)))
    if not taken and len(out) > 1:
        titles = ", ".join(f"“{incoming.about(one) or 'without a title'}”" for one, _ in out[:5])
        raise MargentError(
            f"{name} holds annotations of {len(out)} documents, none of them surely in your library ({titles}"
            f"{', …' if len(out) > 5 else ''}): import the documents first, then these."
        )
    if not taken and out:
        raise MargentError(out[0][1])
    return taken, out


def _merge_one(context: Context, options: argparse.Namespace, one: Incoming, name: str) -> tuple[Json, list[str]]:
    library = context.library
    record = library.find(options.document) if options.document != "-" else incoming.meant(one, library)
    new = record is None
    if record is None:
        _refuse_doubt(one, context, name)
        document, origin, original, key = incoming.arrival(one, name)
        if options.dry_run:
            rows = incoming.rows_if_new(one)
            told: dict[str, Json] = {"document": None, "title": incoming.about(one), "new": True, "text": None}
            problems = one.problems if isinstance(one, WholeText) else ()
            value = {**told, **_rows_json(rows), "problems": list(problems)}
            lead = f"“{incoming.about(one)}” would come into the library."
            return value, [lead, *_told(rows), *(f"          {problem}" for problem in problems)]
        record = library.add_document(document, origin=origin, original=original, id=key)
    prepared = incoming.prepare(one, library, record)
    offer = prepared.offer
    take = options.text if options.text is not None or offer is None else offer.advised
    if offer is not None and take is None and not options.dry_run:
        raise MargentError(_asking(offer, name, record))
    if offer is not None and take:
        prepared = offer.taken
    if not options.dry_run:
        incoming.write(prepared, library, record.id)
    value = {
        "document": document_json(record if options.dry_run else library.record(record.id)),
        "title": record.title,
        "new": new,
        "text": _text_json(offer, take),
        **_rows_json(prepared.rows),
        "problems": list(prepared.problems),
    }
    lead = f"{record.id[:8]}  {record.title}" + ("  (new)" if new else "")
    text = [] if offer is None else [f"          {_text_told(offer, take)}"]
    return value, [lead, *text, *_told(prepared.rows), *(f"          {problem}" for problem in prepared.problems)]


def _asking(offer: Offer, name: str, record: DocumentRecord) -> str:
    return (
        f"{name} has another text of “{record.title}” than yours ({offer.name}), and neither is known to come from the "
        f"other one. Give --revise to make it the newest text here ({_states_told(offer.states)}), or --keep-text to "
        "put the notes on yours."
    )


def _text_json(offer: Offer | None, take: bool | None) -> Json:
    """The text that came, and whether it is taken along; None where that has to be said, or no other text came."""
    if offer is None or offer.taken.text is None:
        return None
    text = offer.taken.text
    states = {state: offer.states.get(state, 0) for state in _STATES}
    return {"relation": offer.relation, "file": text.file, "created": stated(text.created), "taken": take, **states}


def _text_told(offer: Offer, take: bool | None) -> str:
    what = f"{'newer' if offer.relation == 'newer' else 'other'} text ({offer.name})"
    states = _states_told(offer.states)
    if take is None:
        return f"--revise makes its {what} the newest one here: {states}; --keep-text puts the notes on yours."
    if take:
        return f"Its {what} becomes the newest one here; --keep-text leaves yours. Your notes: {states}."
    return f"Its {what} is left; --revise makes it the newest one here: {states}."


def _states_told(states: Mapping[State, int]) -> str:
    return (
        f"{states.get('placed', 0)} annotations on the same words, {states.get('moved', 0)} to be checked, "
        f"{states.get('orphaned', 0)} without their words"
    )


def _refuse_doubt(one: Incoming, context: Context, name: str) -> None:
    """Raise MargentError when several documents may be meant: nothing is put on the wrong one by guessing."""
    found = incoming.places(one, context.library)
    if found:
        listed = ", ".join(f"“{each.record.title}” ({each.record.id[:8]})" for each in found[:5])
        raise MargentError(
            f"It is not certain which document {name} is about; it may be {listed}. Name it: margent merge DOC {name}."
        )


def _rows_json(rows: Sequence[Row]) -> dict[str, Json]:
    return {
        "counts": {fate: sum(row.fate == fate for row in rows) for fate in _FATES},
        "rows": [
            {
                "id": row.id,
                "fate": row.fate,
                "author": row.after.author if isinstance(row.after, Annotation) else None,
                "quote": row.after.exact if isinstance(row.after, Annotation) else None,
                "note": row.after.note if isinstance(row.after, Annotation) else None,
                "before": row.before.note if isinstance(row.before, Annotation) else None,
                "theme": row.after.name if isinstance(row.after, Theme) else None,
                "clash": row.clash.what if row.clash is not None else None,
            }
            for row in rows
            if row.fate in _FATES
        ],
    }


def _told(rows: Sequence[Row]) -> list[str]:
    counts = Counter(row.fate for row in rows if isinstance(row.after, Annotation))
    parts = [f"{counts[fate]} {_plural(fate, counts[fate])}" for fate in _FATES if counts[fate]]
    lines = [f"          {', '.join(parts) or 'nothing that is not there already'}"]
    for author, theirs in incoming.by_author(rows).items():
        each = Counter(row.fate for row in theirs)
        said = ", ".join(f"{each[fate]} {_plural(fate, each[fate])}" for fate in _FATES if each[fate])
        lines.append(f"          {'author not given' if author == UNSAID else author or 'no name'}: {said}")
    for row in rows:
        if row.clash is not None and isinstance(row.after, Annotation):
            what = {
                "note": "both changed this note; both texts are kept",
                "deleted": "one side deleted what the other changed; it is kept",
            }.get(row.clash.what, "both named this theme differently")
            lines.append(f"          “{_short(row.after.exact)}”: {what}")
    return lines


def _plural(fate: str, count: int) -> str:
    return "conflicts" if fate == "conflict" and count > 1 else fate


def revise(context: Context, options: argparse.Namespace) -> Outcome:
    """Make a file the newest text of a document, and tell what becomes of the annotations."""
    from margent.formats import read_file  # noqa: PLC0415 - the parsers are needed here alone

    library = context.library
    record = library.find(options.document)
    path: Path = options.file
    document, data = read_file(path)
    change = library.add_revision(record.id, document, origin=path.name, original=data)
    return Outcome(*_revised(library, record.id, change, document.notices))


def as_revision(library: Library, held: Held) -> tuple[Json, list[str]]:
    """Make a file that seems to be another state of a document its newest text: what `import --revise` prints of it."""
    change = library.add_revision(held.record.id, held.document, origin=held.origin, original=held.data)
    value, lines = _revised(library, held.record.id, change, held.document.notices)
    return {"file": held.name, "revision_of": held.record.id, **value["document"], **value}, lines


def _revised(
    library: Library, document: str, change: Change, notices: Sequence[str]
) -> tuple[dict[str, Json], list[str]]:
    """What became of a document with a newer text."""
    states = Counter(
        value.state
        for value in change.after.values()
        if isinstance(value, Annotation) and value.parent is None and value.deleted is None
    )
    record, number = library.record(document), len(library.revisions(document))
    value: dict[str, Json] = {
        "document": document_json(record),
        "revision": number,
        **{state: states[state] for state in _STATES},
        "notices": list(notices),
    }
    lines = [
        f"{record.id[:8]}  {record.title}, revision {number}",
        f"          {_states_told(states)}",
        *(f"          {notice}" for notice in notices),
    ]
    return value, lines


def export_as(context: Context, options: argparse.Namespace) -> Outcome:
    """A document's annotations as an exchange file or in another program's format."""
    library = context.library
    if not options.documents:
        raise MargentError("Name the documents: margent export DOC --format NAME.")
    if options.theme:
        raise MargentError("A theme chooses what stands in a brief: leave --theme out, or --format.")
    records = list({record.id: record for record in map(library.find, options.documents)}.values())
    if options.format == "margent":
        return _package(context, options, records)
    parcels = [outgoing.parcel(library.reading(record.id), private=options.private) for record in records]
    data = programs.write(options.format, parcels)
    left = programs.left_out(options.format, parcels)
    return _out(data, options, {"documents": [record.id for record in records], "left_out": left}, left)


def _package(context: Context, options: argparse.Namespace, records: Sequence[DocumentRecord]) -> Outcome:
    library = context.library
    if len(records) != 1:
        raise MargentError("An exchange file holds one document: export each by itself.")
    (record,) = records
    author = options.author if options.author is not None else context.settings.author
    library.apply(outgoing.sign(library.annotations(record.id), author))
    data, copies = packed(library, record, author, private=options.private)
    outcome = _out(data, options, {"documents": [record.id], "left_out": []}, [])
    library.remember(outgoing.remembered(copies))
    return outcome


def packed(library: Library, record: DocumentRecord, author: str, *, private: bool) -> tuple[bytes, Mapping[str, Copy]]:
    """The exchange file of a document, and what it holds: to be remembered once it is written. Sign notes first."""
    from margent.brief.render import brief_of, render  # noqa: PLC0415 - the readable copy

    moment = outgoing.moment_of(library.annotations(record.id), record)
    bundle = outgoing.bundle(library, record.id, sender=author, moment=moment, private=private)
    brief = brief_of(library.reading(record.id), exporter=author, include_private=private)
    return package.write(bundle, render(brief, "whole")), bundle.copies


def _out(data: bytes, options: argparse.Namespace, value: dict[str, Json], left: Sequence[str]) -> Outcome:
    notes = [f"          {sentence}" for sentence in left]
    if options.output in {None, "-"}:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise MargentError("This format is not text: give a file with -o.") from None
        return Outcome({**value, "text": text}, [text.removesuffix("\n")])
    path = Path(options.output)
    write(path, data)
    return Outcome({**value, "file": str(path)}, [str(path), *notes])


def write(path: Path, data: bytes) -> None:
    """Write an export whole or not at all, over an earlier one of the same kind and over nothing else.

    Raises MargentError naming the file, and leaves what is there as it was.
    """
    try:
        if path.exists() and not _is_export(path):
            raise MargentError(f"{path} is there already and is no export of annotations: choose another name.")
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(temporary).unlink()
            raise
    except OSError as error:
        raise MargentError(f"{path} cannot be written: {error.strerror}. Choose another place.") from error


def _is_export(path: Path) -> bool:
    # By what is in it, not by its name: a letter that is called so is a letter.
    data = path.read_bytes()
    return not data or incoming.is_incoming(data, "")


def content(path: Path) -> bytes:
    """The bytes of a file that is to be taken in. Raises MargentError naming the file."""
    try:
        if path.is_dir():
            raise MargentError(f"{path} is a folder: give the file in it.")
        with path.open("rb") as file:
            data = file.read(incoming.LIMIT + 1)
    except FileNotFoundError:
        raise MargentError(f"There is no file {path}: look for it again.") from None
    except OSError as error:
        raise MargentError(f"{path} could not be read: {error.strerror}.") from error
    if len(data) > incoming.LIMIT:
        raise MargentError(f"{path.name} is longer than {incoming.LIMIT >> 20} MB, which no exchange needs.")
    return data


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59].rstrip() + "…"
