"""What each command of the command line does: values in, a JSON-ready value and lines of text out."""

from __future__ import annotations

import datetime as dt
import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from margent import edits
from margent.annotations import Annotation, Change, DocumentRecord, Theme, next_colour, theme_named
from margent.errors import MargentError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable

    from margent.brief.render import JointBrief
    from margent.importing import Newer, Progress
    from margent.library.store import Library
    from margent.settings import Folders, Settings

Json = Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command found: `value` for --json, `lines` for people, `code` for the shell."""

    value: Json
    lines: list[str]
    code: int = 0


@dataclass(frozen=True, slots=True)
class Context:
    """What a command works with."""

    library: Library
    folders: Folders
    settings: Settings
    progress: Callable[[Progress], None] | None = None
    """Is told how far a long command has come."""


def import_(context: Context, options: argparse.Namespace) -> Outcome:
    """Bring files, folders and archives in; what fails is told, the others still come in."""
    from margent.importing import Failed, already, import_paths  # noqa: PLC0415 - the parsers are needed here alone

    notes = [path for path in options.files if path.suffix.lower() == ".margent" and path.is_file()]
    report = import_paths(
        context.library,
        [path for path in options.files if path not in notes],
        progress=context.progress,
        whole=options.whole_page,
        hold=options.revise,
    )
    for path in notes:
        # Read as the archive that it is, it would come in as another document, without the notes.
        reason = f"{path.name} holds a document with its notes: “margent merge - '{path}'” takes both in."
        report.failed.append(Failed(path.name, reason))
    older = {newer.added.id: newer for newer in report.revision_of}
    rows: list[Json] = []
    lines: list[str] = []
    came = [(name, record, [f"{name}: {notice}" for notice in notices]) for name, record, notices in report.added]
    came += [(name, record, [already(name, record)]) for name, record in report.known]
    for name, record, notices in came:
        newer = older.get(record.id)
        told = {"revision_of": newer and newer.record.id, "revise": newer and _revise_command(newer, name)}
        rows.append({"file": name, "notices": notices, **told, **document_json(record)})
        lines += [f"{record.id[:8]}  {record.title}", *(f"          {notice}" for notice in notices)]
        if newer is not None:
            lines.append(
                f"          {name}: this looks like another state of {newer.record.id[:8]} “{newer.record.title}”; "
                f"“{told['revise'] or 'margent revise'}” makes it a revision of that, with the notes on it"
                f"{'.' if told['revise'] else ', once it is unpacked.'}"
            )
    for held in report.held:
        from margent.exchangecommands import as_revision  # noqa: PLC0415 - of this option alone

        try:
            row, told_lines = as_revision(context.library, held)
        except MargentError as error:
            report.failed.append(Failed(held.name, str(error)))
            continue
        rows.append(row)
        lines += told_lines
    for name, reason in report.failed:
        rows.append({"file": name, "error": reason})
        lines.append(f"error: {reason}")
    return Outcome(rows, lines, 2 if report.failed else 0)


def _revise_command(newer: Newer, name: str) -> str | None:
    """What to type to make a file the newest text of the document that it looks like; None for one in an archive."""
    if newer.path.name != name.rsplit("/", 1)[-1]:
        return None
    return f"margent revise {newer.record.id[:8]} {shlex.quote(str(newer.path))}"


def list_(context: Context, _options: argparse.Namespace) -> Outcome:
    """The documents of the library, last opened first."""
    records = context.library.records()
    rows = [document_json(record) for record in records]
    return Outcome(rows, [f"{record.id[:8]}  {record.title}" for record in records])


def show(context: Context, options: argparse.Namespace) -> Outcome:
    """What the library knows of a document, or its canonical text."""
    record = context.library.find(options.document)
    if options.text:
        text = context.library.text(record.revision)
        return Outcome({"id": record.id, "text": text}, [text])
    reading = context.library.reading(record.id)
    lines = [
        record.title,
        f"  id        {record.id}",
        f"  authors   {', '.join(record.authors) or 'not given'}",
        f"  date      {record.date or 'not given'}",
        f"  source    {record.source or 'not given'}",
        f"  words     {record.words}",
        f"  read      {round(100 * record.progress)} %",
        f"  notes     {len(reading)} annotations",
        f"  themes    {', '.join(t.name for t in reading.shown_themes() if any(reading.counts(t.id))) or 'none'}",
    ]
    return Outcome({**document_json(record), "annotations": len(reading)}, lines)


def annotate(context: Context, options: argparse.Namespace) -> Outcome:
    """Put an annotation on a quotation of a document."""
    from margent.quoting import locate_quote  # noqa: PLC0415 - this command alone

    library = context.library
    record = library.find(options.document)
    text = library.text(record.revision)
    start, end = locate_quote(text, options.quote, options.prefix, options.suffix)
    themes, made = _themes(library.theme_list(), options.theme)
    change = edits.annotate(
        record,
        text,
        start,
        end,
        colour=options.colour,
        style=options.style,
        kind=options.kind,
        note=options.note,
        themes=themes,
        private=options.private,
        author=context.settings.author if options.author is None else options.author,
    )
    (key,) = change.after
    for extra in made:
        change = extra.then(change)
    applied = library.apply(change)
    value = applied.after[key]
    assert isinstance(value, Annotation)
    names = {theme.id: theme.name for theme in library.theme_list()}
    return Outcome(annotation_json(value, names), [f"{value.id}  {_short(value.exact)}"])


def list_annotations(context: Context, options: argparse.Namespace) -> Outcome:
    """The annotations of a document in reading order."""
    record = context.library.find(options.document)
    reading = context.library.reading(record.id)
    names = {theme.id: theme.name for theme in reading.themes.values()}
    rows = []
    lines: list[str] = []
    for value in reading.in_order():
        if options.state not in {None, value.state}:
            continue
        replies = reading.replies.get(value.id, [])
        rows.append(
            {
                **annotation_json(value, names),
                "section": list(reading.document.section_at(value.start)),
                "replies": [annotation_json(reply, names) for reply in replies],
            }
        )
        about = f"“{_short(value.exact)}”" if value.exact else "the whole document"
        lines.append(f"{value.id[:8]}  {value.kind:8}  {about}")
        if value.note:
            lines.append(f"          {_short(value.note)}")
        lines += [f"            {reply.author or 'reply'}: {_short(reply.note)}" for reply in replies]
    return Outcome(rows, lines)


def themes(context: Context, options: argparse.Namespace) -> Outcome:
    """The themes of the library, or those of one document with their passages."""
    if options.suggest or options.export_file or options.import_file:
        from margent import themecommands  # noqa: PLC0415 - these options alone

        if options.suggest:
            return themecommands.suggest_themes(context, options)
        command = themecommands.export_themes if options.export_file else themecommands.import_themes
        return command(context, options)
    if options.document is None:
        rows = [theme_json(theme) for theme in context.library.theme_list()]
        return Outcome(rows, [f"{row['id'][:8]}  {row['name']}" for row in rows])
    from margent.themes import suggest  # noqa: PLC0415 - brings in the stemmers

    record = context.library.find(options.document)
    reading = context.library.reading(record.id, suggest=suggest)
    rows, lines = [], []
    for theme in reading.shown_themes():
        passages = reading.passages(theme.id)
        count = sum(theme.id in value.themes for value in reading.annotations.values())
        if not passages and not count:
            continue
        spans = [
            {"start": start, "end": end, "origin": origin, "text": reading.document.text[start:end]}
            for start, end, origin in passages
        ]
        rows.append({**theme_json(theme), "passages": spans, "annotations": count})
        lines.append(f"{theme.id[:8]}  {theme.name}: {len(passages)} passages, {count} annotations")
    return Outcome(rows, lines)


def export(context: Context, options: argparse.Namespace) -> Outcome:
    """An annotated brief as Markdown, of one document, of several, or of a theme, to a file or to standard output."""
    if options.format != "md":
        from margent.exchangecommands import export_as  # noqa: PLC0415 - other formats alone

        return export_as(context, options)
    from margent.brief.dates import spoken  # noqa: PLC0415 - this command alone
    from margent.brief.filing import write  # noqa: PLC0415
    from margent.brief.render import render_joint  # noqa: PLC0415

    brief = replace(
        _brief(context, options),
        prepared=options.date or spoken(dt.datetime.now().astimezone().date()),
        exporter=context.settings.author,
    )
    text = render_joint(brief, options.template, user_folder=context.folders.templates)
    if options.output in {None, "-"}:
        return Outcome({"id": brief.name, "markdown": text}, [text.removesuffix("\n")])
    path = write(options.output, text)
    if options.template == "whole" and len(brief.parts) == 1:
        # A colleague may send it back with edits: what they are edits of is remembered.
        from margent.exchange.outgoing import remember_points  # noqa: PLC0415

        (part,) = brief.parts
        remember_points(context.library, part.record.id, [point.annotation.id for point in part.points])
    return Outcome({"id": brief.name, "file": str(path)}, [str(path)])


def merge(context: Context, options: argparse.Namespace) -> Outcome:
    """Take in annotations from a file."""
    from margent import exchangecommands  # noqa: PLC0415 - this command alone

    return exchangecommands.merge(context, options)


def revise(context: Context, options: argparse.Namespace) -> Outcome:
    """Make a file the newest text of a document."""
    from margent import exchangecommands  # noqa: PLC0415 - this command alone

    return exchangecommands.revise(context, options)


def _brief(context: Context, options: argparse.Namespace) -> JointBrief:
    """What is asked for: all points of one document or of several, or what belongs to a theme."""
    from margent.brief.render import JointBrief, brief_of, joint_brief_of  # noqa: PLC0415 - this command alone

    library = context.library
    records = list({record.id: record for record in map(library.find, options.documents)}.values())
    theme = theme_named(options.theme, library.theme_list()) if options.theme else None
    if options.theme and theme is None:
        raise MargentError(f"There is no theme “{options.theme}”. See `margent themes`.")
    if theme is not None and not records:
        annotated = {value.document for value in library.annotations() if theme.id in value.themes}
        annotated |= {passage.document for passage in library.passages() if passage.theme == theme.id}
        records = [record for record in library.records() if record.id in annotated]
    elif not records:
        raise MargentError("Name the documents, or a theme: margent export DOC, or margent export --theme NAME.")
    readings = [library.reading(record.id) for record in records]
    if theme is None and len(readings) == 1:
        (record,) = records
        part = brief_of(readings[0], include_private=options.private)
        return JointBrief((part,), record.title, key=record.id)
    title = theme.name if theme is not None else ", ".join(record.title for record in records)
    return joint_brief_of(
        readings, title=title, theme=theme.id if theme is not None else "", include_private=options.private
    )


def backup(context: Context, options: argparse.Namespace) -> Outcome:
    """A verified copy of the library, at a given place or among its own backups."""
    from margent.library.backup import back_up_now, back_up_to  # noqa: PLC0415 - this command alone

    folder = context.folders.library
    path = back_up_to(folder, options.file) if options.file is not None else back_up_now(folder)
    return Outcome({"file": str(path)}, [str(path)])


def search(context: Context, options: argparse.Namespace) -> Outcome:
    """Where words stand in the library, by document, the best first."""
    if not any(word.strip() for word in options.query):
        raise MargentError("There is nothing to look for: give words, as in margent search transit.")
    result = context.library.search(" ".join(options.query), options.limit, typing=False, hits=options.hits)
    rows: list[Json] = []
    lines: list[str] = [f"error: {result.problem}"] if result.problem else []
    for group in result.groups:
        hits = [
            {
                "where": hit.where,
                "start": hit.start,
                "end": hit.end,
                "annotation": hit.annotation or None,
                "text": hit.snippet,
                "marks": [list(mark) for mark in hit.marks],
            }
            for hit in group.hits
        ]
        count = {"total": group.total, "counted": group.counted}
        rows.append({"id": group.document, "title": group.title, **count, "hits": hits})
        lines.append(f"{group.document[:8]}  {group.title}  ({group.total}{'' if group.counted else ' or more'})")
        lines += [f"          {hit.where}: {hit.snippet}" for hit in group.hits]
    return Outcome({"groups": rows, "problem": result.problem, "complete": result.complete}, lines, 0 if rows else 1)


def check(context: Context, options: argparse.Namespace) -> Outcome:
    """Whether database, anchors and the search's index are sound."""
    from margent.library.backup import check as check_library  # noqa: PLC0415 - this command alone

    if options.rebuild:
        context.library.rebuild_index()
    problems = check_library(context.library)
    if problems:
        return Outcome({"sound": False, "problems": problems}, problems, 1)
    count = len(context.library.records())
    lines = [f"The library in {context.folders.library} is sound: {count} documents."]
    return Outcome({"sound": True, "problems": []}, lines)


def document_json(record: DocumentRecord) -> Json:
    """A document as --json gives it."""
    return {
        "id": record.id,
        "title": record.title,
        "authors": list(record.authors),
        "date": record.date,
        "language": record.language,
        "source": record.source,
        "origin": record.origin,
        "words": record.words,
        "progress": round(record.progress, 4),
        "created": _time(record.created),
        "opened": _time(record.opened),
    }


def annotation_json(value: Annotation, names: dict[str, str]) -> Json:
    """An annotation as --json gives it; `names` are theme names by id."""
    return {
        "id": value.id,
        "document": value.document,
        "start": value.start,
        "end": value.end,
        "quote": value.exact,
        "prefix": value.prefix,
        "suffix": value.suffix,
        "state": value.state,
        "colour": value.colour,
        "style": value.style,
        "kind": value.kind,
        "note": value.note,
        "private": value.private,
        "done": value.done,
        "author": value.author,
        "themes": [names[theme] for theme in value.themes if theme in names],
        "created": _time(value.created),
        "modified": _time(value.modified),
    }


def theme_json(theme: Theme) -> Json:
    """A theme as --json gives it."""
    return {"id": theme.id, "name": theme.name, "colour": theme.colour, "words": list(theme.words)}


def _themes(known: Iterable[Theme], names: list[str]) -> tuple[list[str], list[Change]]:
    """Ids of the themes called `names`, and the changes that make those which are not there yet."""
    themes = list(known)
    ids: list[str] = []
    made: list[Change] = []
    for name in names:
        theme = theme_named(name, themes)
        if theme is None:
            change = edits.new_theme(name, next_colour(themes))
            (value,) = change.after.values()
            assert isinstance(value, Theme)
            theme = value
            themes.append(theme)
            made.append(change)
        ids.append(theme.id)
    return ids, made


def _time(moment: dt.datetime | None) -> str | None:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment is not None else None


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 90 else line[:89].rstrip() + "…"
