"""Files and the bundled documents into the library."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from margent.assets import CONTENT

if TYPE_CHECKING:
    from pathlib import Path

    from margent.annotations import DocumentRecord
    from margent.library.store import Library

BRIEF = "b0e5a1d2c3f44c8e9a7b6d5e4f3a2b10"
GUIDE = "6c1f0e9ab7d24f35a8c2e4d90b7f6a13"
BUNDLED = {BRIEF: "eu-kazakhstan.md", GUIDE: "guide.md"}
"""Fixed ids of the bundled documents and their files; the first is what a first start opens."""


def import_file(library: Library, path: Path) -> tuple[DocumentRecord, list[str]]:
    """Bring a file into the library, or find it there by its content.

    Returns the record and what the reader should know, a sentence each. Raises MargentError, with the file's name in
    its sentence, when the file cannot be read as a text; the library is then as it was.
    """
    from margent.formats import read_file  # noqa: PLC0415 - the parsers are needed here alone

    document, data = read_file(path)
    known = library.by_hash(hashlib.sha256(data).hexdigest())
    if known is not None:
        return known, [f"{path.name} is already in your library, as “{known.title}”."]
    record = library.add_document(document, origin=path.name, original=data)
    return record, [f"{path.name}: {notice}" for notice in document.notices]


def seed(library: Library) -> None:
    """Put the bundled documents into a library that has not had them, or has an older text without annotations.

    What the reader deleted stays deleted.
    """
    for key, name in reversed(BUNDLED.items()):
        data = (CONTENT / name).read_bytes()
        if not library.was_added(key) or library.by_hash(hashlib.sha256(data).hexdigest()) is None:
            from margent.formats import read  # noqa: PLC0415 - a first start or a newer Margent only

            library.seed([(read(data, name), data, key)])
