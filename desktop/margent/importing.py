"""Files and the bundled documents into the library."""

from __future__ import annotations

import hashlib
import posixpath
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from margent.assets import CONTENT
from margent.errors import MargentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from margent.annotations import DocumentRecord
    from margent.document import Document
    from margent.formats.apart import Apart
    from margent.formats.archive import Archive
    from margent.library.store import Library
    from margent.likeness import Kin

BRIEF = "b0e5a1d2c3f44c8e9a7b6d5e4f3a2b10"
GUIDE = "6c1f0e9ab7d24f35a8c2e4d90b7f6a13"
BUNDLED = {BRIEF: "eu-kazakhstan.md", GUIDE: "guide.md"}
"""Fixed ids of the bundled documents and their files; the first is what a first start opens."""


class Content(NamedTuple):
    """What is brought in without being a file: `name` is what a file of it would be called."""

    data: bytes
    name: str


class Progress(NamedTuple):
    """How far an import has come: files done, files in all (archives count as one until opened), the next one."""

    done: int
    total: int
    name: str
    added: DocumentRecord | None = None
    """The document that the file before this one became."""
    share: float = 0.0
    """How much of the next one has been read (0–1), where its format says so."""


class Added(NamedTuple):
    """A file that became a document, and what the reader should know about that, a sentence each."""

    name: str
    record: DocumentRecord
    notices: tuple[str, ...]


class Known(NamedTuple):
    """A file whose content the library had already."""

    name: str
    record: DocumentRecord


class Failed(NamedTuple):
    """A file that did not come in, and the sentence that says why."""

    name: str
    reason: str


class Newer(NamedTuple):
    """A file that seems to be another state of a document that was there, and the document that it became itself."""

    path: Path
    record: DocumentRecord
    """The document that was there."""
    added: DocumentRecord


class Held(NamedTuple):
    """A file that seems to be another state of a document that is there, and that waits for the reader's word.

    Nothing of it is in the library.
    """

    name: str
    origin: str
    """Its name without folders."""
    record: DocumentRecord
    """The document that it seems to be a state of."""
    document: Document
    data: bytes
    share: float
    """How much of the longer of the two texts is in the other one (0–1)."""


@dataclass(slots=True)
class ImportReport:
    """What became of the files that were given, each list in their order."""

    asked: int = 0
    """How many files, folders and contents were given."""
    added: list[Added] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
    revision_of: list[Newer] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    """Instead of `revision_of`, where the reader is to be asked."""
    cancelled: bool = False
    """Whether it was stopped; what had come in by then stays."""

    @property
    def documents(self) -> list[str]:
        """Ids of what came in and of what was there already, each once."""
        records = [*(found.record for found in self.added), *(found.record for found in self.known)]
        return list(dict.fromkeys(record.id for record in records))

    @property
    def last(self) -> DocumentRecord | None:
        """The document to read now: the last that came in, else the last that was there already."""
        for found in (self.added, self.known):
            if found:
                return found[-1].record
        return None


def import_file(library: Library, path: Path) -> tuple[DocumentRecord, list[str]]:
    """Bring a file into the library, or find it there by its content.

    Returns the record and what the reader should know, a sentence each. Raises MargentError, with the file's name in
    its sentence, when the file cannot be read as a text; the library is then as it was.
    """
    from margent.formats.apart import Apart  # noqa: PLC0415 - the parsers are needed here alone

    with Apart() as apart:
        run = _Run(library, apart, _ignore, _never)
        run.bring_in(_from_disk(path, path.name or str(path)))
    report = run.report
    if report.failed:
        raise MargentError(report.failed[0].reason)
    if report.known:
        name, record = report.known[0]
        return record, [already(name, record)]
    added = report.added[0]
    return added.record, [f"{path.name}: {notice}" for notice in added.notices]


def already(name: str, record: DocumentRecord) -> str:
    """The sentence for a file that the library has."""
    return f"{name} is already in your library, as “{record.title}”."


def import_paths(
    library: Library,
    items: Iterable[Path | Content],
    *,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    apart: Apart | None = None,
    hold: bool = False,
    whole: bool = False,
) -> ImportReport:
    """Bring in files, folders, ZIP archives and contents; what cannot be read does not keep the others out.

    Of folders and archives what is readable comes in, as `gathering` says.

    `progress` is told before each file and at the end; `cancelled` is asked before each file and many times a second
    while one is read. Each document is written in a transaction of its own. `apart` reads the files, and is closed
    by whoever gave it. With `hold` what seems to be another state of a known document is left out and reported as
    held, for the reader to decide. With `whole` all of a web page is read and not its article alone.
    Raises MargentError only when the library itself cannot be used any more.
    """
    from margent.formats.apart import Apart, Cancelled  # noqa: PLC0415 - the parsers are needed here alone
    from margent.gathering import gather  # noqa: PLC0415

    stop = cancelled or _never
    own = apart or Apart()
    run = _Run(library, own, progress or _ignore, stop, total=0, hold=hold, whole=whole)
    sources: list[_Source] = []
    for item in items:
        run.report.asked += 1
        if isinstance(item, Content):
            sources.append(_from_content(item))
            continue
        files, problems = gather([item], stop)
        run.report.failed += [Failed(*problem) for problem in problems]
        sources += [_from_disk(file.path, file.shown) for file in files]
    try:
        run.all(sources)
    except Cancelled:
        run.report.cancelled = True
    finally:
        if apart is None:
            own.close()
    return run.report


class _Source(NamedTuple):
    """A file before it is opened, on the disk or in an archive."""

    path: Path
    """The file on the disk, or the archive."""
    shown: str
    load: Callable[[], bytes]
    picture: Callable[[str], bytes | None]
    depth: int = 0
    """In how many archives it stands."""

    @property
    def name(self) -> str:
        """Its name without folders."""
        return self.shown.rsplit("/", 1)[-1] if self.depth else self.path.name or self.shown


def _from_disk(path: Path, shown: str) -> _Source:
    from margent.formats import load  # noqa: PLC0415 - needed here alone
    from margent.formats.pictures import beside  # noqa: PLC0415

    return _Source(path, shown, lambda: load(path), beside(path))


def _from_content(content: Content) -> _Source:
    return _Source(Path(content.name), content.name, lambda: content.data, lambda _: None)


def _from_archive(archive: Archive, member: str, outer: _Source) -> _Source:
    folder = posixpath.dirname(member)

    def picture(address: str) -> bytes | None:
        address = unquote(address.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0]).strip()
        try:
            return archive.get(posixpath.normpath(posixpath.join(folder, address)))
        except MargentError:
            return None

    return _Source(outer.path, f"{outer.shown}/{member}", lambda: archive.read(member), picture, outer.depth + 1)


class _Run:
    """One import under way."""

    def __init__(
        self,
        library: Library,
        apart: Apart,
        progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
        total: int = 1,
        *,
        hold: bool = False,
        whole: bool = False,
    ) -> None:
        self.report = ImportReport()
        self._hold = hold
        self._whole = whole
        self._library = library
        self._apart = apart
        self._progress = progress
        self._cancelled = cancelled
        self._done = 0
        self._total = total
        self._new: DocumentRecord | None = None
        self._known: Kin | None = None

    def all(self, sources: Sequence[_Source]) -> None:
        """Bring in one after the other. Raises Cancelled, and MargentError for a broken library."""
        self._total = len(sources)
        for source in sources:
            self.bring_in(source)
        if self._cancelled():
            from margent.formats.apart import Cancelled  # noqa: PLC0415 - needed here alone

            raise Cancelled
        self.tell("")

    def tell(self, name: str) -> None:
        """Say which file is next; at the end none is."""
        new, self._new = self._new, None
        self._progress(Progress(self._done, self._total, name, new))

    def bring_in(self, source: _Source) -> None:
        """Bring in one file, or an archive with all in it. Raises Cancelled, and MargentError for a broken library."""
        from margent.formats.apart import Cancelled  # noqa: PLC0415 - needed here alone
        from margent.library.errors import DamagedLibraryError  # noqa: PLC0415

        if self._cancelled():
            raise Cancelled
        self.tell(source.shown)
        try:
            data = source.load()
            members = self._members(data, source)
            if members is None:
                self._read(data, source)
        except DamagedLibraryError:
            raise
        except MargentError as error:
            self.report.failed.append(Failed(source.shown, str(error)))
            members = None
        if members is None:
            self._done += 1
            return
        self._total += len(members) - 1
        for member in members:
            self.bring_in(member)

    def _members(self, data: bytes, source: _Source) -> list[_Source] | None:
        """What to bring in of an archive of documents; None when the file is a document, or is to be one."""
        from margent.formats import limits, sniffing  # noqa: PLC0415 - needed here alone
        from margent.formats.archive import open_zip  # noqa: PLC0415
        from margent.gathering import in_archive  # noqa: PLC0415

        if not sniffing.is_zip(data):
            return None
        if source.depth >= limits.ARCHIVES:
            raise MargentError(f"{source.shown} stands in an archive in an archive: unpack it and open the files.")
        if len(data) > limits.PACKED:
            raise limits.too_long(source.name, limits.PACKED)
        archive = open_zip(data, source.name)
        members = in_archive(archive.names)
        links = in_archive(archive.links)
        self.report.failed += [
            Failed(
                f"{source.shown}/{link}", f"{link} in {source.name} is a link and not a file: open what it leads to."
            )
            for link in links
        ]
        if not members and not links:
            raise MargentError(f"{source.name} holds no file that Margent reads.")
        return [_from_archive(archive, member, source) for member in members]

    def _read(self, data: bytes, source: _Source) -> None:
        digest = hashlib.sha256(data).hexdigest()
        known = self._library.by_hash(digest)
        back = self._library.taken_back(digest) if known is None else None
        there = known if self._hold else known or back
        if there is not None:
            self.report.known.append(Known(source.shown, there))
            return

        def advanced(share: float) -> None:
            self._progress(Progress(self._done, self._total, source.shown, share=share))

        document = self._apart.read(data, source.name, source.picture, self._cancelled, advanced, whole=self._whole)
        before = back or self._known_as(document, source.name)
        if before is not None and self._hold:
            from margent.likeness import sameness  # noqa: PLC0415 - needed here alone

            share = sameness(document.text, self._library.text(before.revision))
            self.report.held.append(Held(source.shown, source.name, before, document, data, share))
            return
        record = self._library.add_document(document, origin=source.name, original=data)
        self._new = record
        self.report.added.append(Added(source.shown, record, document.notices))
        if before is not None:
            self.report.revision_of.append(Newer(source.path, before, record))
        self._kin().add(record)

    def _known_as(self, document: Document, name: str) -> DocumentRecord | None:
        from margent.likeness import known_as  # noqa: PLC0415 - needed here alone

        akin = self._kin().of(document, name)
        return known_as(document, name, [(record, self._library.text(record.revision)) for record in akin])

    def _kin(self) -> Kin:
        from margent.likeness import Kin  # noqa: PLC0415 - needed here alone

        if self._known is None:
            self._known = Kin(self._library.records())
        return self._known


def seed(library: Library, *, carry: bool = True) -> None:
    """Put the bundled documents into a library that has not had them, or has an older text of one.

    What the reader deleted stays deleted. Unless `carry`, a document with annotations keeps its text: they go over to
    a newer one where somebody is told and can take it back, which a command line cannot offer.
    """
    for key, name in reversed(BUNDLED.items()):
        data = (CONTENT / name).read_bytes()
        if not library.was_added(key) or library.by_hash(hashlib.sha256(data).hexdigest()) is None:
            from margent.formats import read  # noqa: PLC0415 - a first start or a newer Margent only

            library.seed([(read(data, name), data, key)], carry=carry)


def _never() -> bool:
    return False


def _ignore(_: Progress) -> None:
    return
