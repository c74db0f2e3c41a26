"""What the self-test tries without a window: every format, the search, a document that goes to a colleague, themes.

Modules are loaded by name, parsers bring libraries of their own, and files are read in another process: an installed or
frozen program that lacks one of them opens its window all the same, and fails at the reader's first PDF.
"""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from typing import TYPE_CHECKING

from margent import edits
from margent.errors import MargentError

if TYPE_CHECKING:
    from pathlib import Path

    from margent.annotations import DocumentRecord
    from margent.library.store import Library

_NOTE = "Written by the self-test."


def trial(folder: Path) -> None:
    """Try all of it in libraries below `folder`. Raises MargentError naming what does not work."""
    from margent.exchange.programs import PROGRAMS  # noqa: PLC0415 - the self-test alone needs all that follows
    from margent.library.store import Library  # noqa: PLC0415

    for program in PROGRAMS.values():
        import_module(f"margent.exchange.{program.module}")
    here, there = Library.open(folder / "here"), Library.open(folder / "there")
    try:
        records = formats(here)
        search(here, records)
        exchange(here, records[0], there)
        words(here)
    finally:
        here.close()
        there.close()


def formats(library: Library) -> list[DocumentRecord]:
    """Read a document of each format in the process for files, and put it into the library."""
    from margent.formats import FORMATS  # noqa: PLC0415 - the self-test alone
    from margent.formats.apart import Apart  # noqa: PLC0415
    from margent.samples import SENTENCE, sample  # noqa: PLC0415

    records = []
    with Apart() as apart:
        for format_ in FORMATS:
            data, name = sample(format_.module), f"sample{format_.suffixes[0]}"
            document = apart.send(data, name, None, lambda: False)
            text = " ".join(document.text.split())
            if f"{SENTENCE}: {format_.module}." not in text:
                raise MargentError(f"The self-test failed at {format_.title}: it read “{text[:120]}”.")
            records.append(library.add_document(document, origin=name, original=data))
    return records


def search(library: Library, records: list[DocumentRecord]) -> None:
    """Find all of the documents by another form of a word in them."""
    found = {group.document for group in library.search("mineral rail").groups}
    missing = [record.origin for record in records if record.id not in found]
    if missing:
        raise MargentError(f"The self-test failed where it searches: {', '.join(missing)} was not found.")


def exchange(library: Library, record: DocumentRecord, other: Library) -> None:
    """Write a note, send it with its document, and take both in in another library."""
    from margent.exchange import incoming  # noqa: PLC0415 - the self-test alone
    from margent.exchangecommands import packed  # noqa: PLC0415

    start = library.text(record.revision).index("minerals")
    text = library.text(record.revision)
    library.apply(edits.annotate(record, text, start, start + len("minerals"), note=_NOTE, author="Self-test"))
    data, _ = packed(library, record, "Self-test", private=False)
    (one,) = incoming.look(data, "sample.margent", dt.datetime.now(dt.UTC))
    document, origin, original, key = incoming.arrival(one, "sample.margent")
    arrived = other.add_document(document, origin=origin, original=original, id=key)
    other.apply(incoming.prepare(one, other, arrived).change)
    kept = [(value.exact, value.note) for value in other.annotations(arrived.id)]
    if kept != [("minerals", _NOTE)]:
        raise MargentError(f"The self-test failed where a note goes to a colleague: {kept} arrived.")


def words(library: Library) -> None:
    """Suggest themes for the bundled brief, know it again in another state, and read a text of another age."""
    from margent import importing  # noqa: PLC0415 - the self-test alone
    from margent.formats import read  # noqa: PLC0415
    from margent.likeness import likeness  # noqa: PLC0415
    from margent.suggesting import suggest_in  # noqa: PLC0415

    importing.seed(library)
    record = library.record(importing.BRIEF)
    if not suggest_in(library, record):
        raise MargentError("The self-test failed where it suggests themes.")
    text = library.text(record.revision)
    if not 0 < likeness(text[:200], text[10:210]) < 1:
        raise MargentError("The self-test failed where it compares two texts.")
    old = "Сообщение о сотрудничестве стран в области водных ресурсов и торговли."
    if old not in read((f"{old} " * 5).encode("cp1251"), "old.txt").text:
        raise MargentError("The self-test failed where it reads a text in an encoding of another age.")
