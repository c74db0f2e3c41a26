"""The reader's library: everything is read through it, and every edit is written through its `apply`."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from margent.annotations import Annotation, DocumentRecord, Passage, Theme, new_id, now
from margent.dossier import DossierRow, suggested_entries
from margent.errors import MargentError
from margent.library import adding, catalogue, exchanging, queries, shelves, tables, writing
from margent.library.engine import WRITING, data_version, driver, engine_for
from margent.library.errors import telling
from margent.library.files import library_file
from margent.library.index import BrokenIndexError, Index
from margent.library.rows import UnreadableError
from margent.library.schema import prepare
from margent.library.search import Searcher
from margent.query import Group, SearchResult, understood
from margent.revising import carry

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from margent.annotations import Change, Collection, Value
    from margent.document import Document
    from margent.reading import Reading, Suggest
    from margent.revising import Standing
    from margent.shelf import RevisionRecord, ShelfRow

_HELD: tuple[type[Value], ...] = (Annotation, Theme, Passage, DocumentRecord)
"""What comes from other libraries, under ids that those gave."""


class Library:
    """The library in a folder. May be used from any thread; writes wait for each other, reads for nothing.

    Every method raises MargentError, DamagedLibraryError among them, for what the file or disk is to blame for; then
    nothing was changed.
    """

    def __init__(self, folder: Path) -> None:
        """Use the library that `folder` holds; `Library.open` makes sure that it does."""
        self.folder = folder
        self.path = library_file(folder)
        self.notify: Callable[[Change], None] = lambda _: None
        """Called once with each change after it is on disk, in the thread that applied it."""
        self._engine = engine_for(self.path)
        self._lock = threading.RLock()
        self._writer = self._engine.connect().execution_options(**WRITING)
        self._seen = data_version(self.path, self._writer)
        self._last = datetime.min.replace(tzinfo=UTC)
        self._closed = False
        self._searcher = Searcher(self.path)
        self._index = Index()
        try:
            with self._writing() as connection:
                self._index.prepare(connection)
        except BaseException:
            self.close()  # who is to mend the file, needs it to themselves
            raise

    @classmethod
    def open(cls, folder: Path) -> Library:
        """Open the library in `folder`, made anew when there is none and brought up to date when it is older.

        Raises DamagedLibraryError when the file is broken or something else, MargentError when a newer program made
        it or the folder cannot be used. Whatever is there is then left as it is.
        """
        prepare(folder)
        return cls(folder)

    def close(self) -> None:
        """Let the file go. The library cannot be used after that."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._searcher.close()
                self._writer.close()
                self._engine.dispose()

    # -- edits ------------------------------------------------------------------------------------------------

    def apply(self, change: Change) -> Change:
        """Write a change in one transaction, tell `notify`, and return it as it was written.

        `modified` of what is in it becomes one moment, later than all before; None leaves a tombstone. Raises
        StaleError when a value it was made against has been changed meanwhile.
        """
        if not change.after:
            if change.lineage:
                self.remember({key: after for key, (_, after) in change.lineage.items()})
            return change
        try:
            applied = self._write(change)
        except BrokenIndexError:
            applied = self._write(change)
        self.notify(applied)
        return applied

    def add_document(
        self, document: Document, *, origin: str, original: bytes, id: str | None = None  # noqa: A002
    ) -> DocumentRecord:  # fmt: skip
        """Bring in a document read from a file called `origin` with the bytes `original`; what is known of it now.

        A file that the library has already, in a document that is not deleted, is not added again. `id` is for
        documents that are the same in every library; one that was ever there is not added again either.
        """
        new = adding.arrival(document, origin, original)
        with self._writing() as connection:
            known = queries.by_hash(connection, new.digest)
            if known is not None:
                return known
            key = id or new_id()
            if not _has(connection, key):
                adding.add(connection, new, key, self._moment())
                self._index.take_in(connection, queries.record(connection, key), document.text)
            return queries.record(connection, key)

    def seed(self, contents: Sequence[tuple[Document, bytes, str]], *, carry: bool = True) -> None:
        """Put in bundled documents, each with its file's bytes and fixed id, that this library has never had.

        What the reader deleted does not come back. A newer text of one that is there becomes a new revision, with
        what the reader has put on the old one; unless `carry`, only where there is nothing to carry.
        """
        for document, original, key in contents:
            new = adding.arrival(document, "bundled", original)
            with self._writing() as connection:
                if not _has(connection, key):
                    adding.add(connection, new, key, self._moment())
                    self._index.take_in(connection, queries.record(connection, key), document.text)
                    continue
                old = queries.record(connection, key).deleted is not None or _has_file(connection, key, new.digest)
            if not old and (carry or not self._has_been_marked(key)):
                self.add_revision(key, document, origin="bundled", original=original)

    def add_revision(
        self,
        document_id: str,
        document: Document,
        *,
        origin: str,
        original: bytes,
        change: Change | None = None,
    ) -> Change:
        """Make `document`, read from a file called `origin` with the bytes `original`, the newest text of a document.

        What stands on the old text goes along as `change` says, made by `revising.revise` and shown to the reader
        before; its DocumentRecord names the new revision. Left out, it is made here. All is written in one transaction
        and announced once; the change that is returned can be undone like any other. A text that was taken back, or is
        an earlier one, is read again and not stored twice: the change then names its revision. Raises StaleError when
        the document was changed meanwhile, MargentError when that is its text and was read from
        the same file already; the same file may be read in another way, a whole page in place of its article.
        """
        new = adding.arrival(document, origin, original)
        with self._reading() as connection:
            standing = queries.all_of(connection, document_id, self.path)
            same = new.digest == queries.digest(connection, standing.record.revision)
            if same and standing.document.blocks == document.blocks:
                raise MargentError(f"“{standing.record.title}” was read from that very file already.")
        made = change or carry(standing, document, new_id())
        told = made.after[document_id]
        assert isinstance(told, DocumentRecord)
        with self._writing() as connection:
            kept = queries.revision_of(connection, document_id, new.digest, document, self.path)
            if kept is None:
                adding.add_revision(connection, new, document_id, told.revision, self._moment())
            else:
                made = _onto(made, told.revision, kept, exchanging.remembered(connection, [kept]).get(kept, ""))
            applied, self._last = writing.apply(connection, made, self._last)
            if kept is None:
                adding.add_given(connection, document, replace(told, id=document_id), self._moment())
            self._index.follow(connection, applied)
        self.notify(applied)
        return applied

    # -- documents --------------------------------------------------------------------------------------------

    def record(self, document: str) -> DocumentRecord:
        """What is known of the document with this id, deleted or not. Raises MargentError when there is none."""
        with self._reading() as connection:
            return queries.record(connection, document)

    def records(self) -> list[DocumentRecord]:
        """The documents, the one that was opened last first; one never opened stands by when it came in."""
        with self._reading() as connection:
            return queries.records(connection, queries.standing(tables.document))

    def find(self, reference: str) -> DocumentRecord:
        """The one document whose id begins with `reference`, or whose title is or has it, whatever the case.

        Raises MargentError, listing the candidates, when there is none or more than one.
        """
        return queries.found_by(reference, self.records())

    def by_hash(self, digest: str) -> DocumentRecord | None:
        """The document whose text, or an earlier one, was read from a file with this SHA-256 (hexadecimal).

        None when there is none, or when that text was a newer one that was taken back.
        """
        with self._reading() as connection:
            return queries.by_hash(connection, digest)

    def taken_back(self, digest: str) -> DocumentRecord | None:
        """The document whose newer text, from a file with this SHA-256, was taken back by undo; None if none."""
        with self._reading() as connection:
            return queries.taken_back(connection, digest)

    def was_added(self, document: str) -> bool:
        """Whether a document with this id is or ever was in the library."""
        with self._reading() as connection:
            return _has(connection, document)

    def document(self, revision: str) -> Document:
        """A revision as it was read from its file. Raises MargentError when there is none."""
        with self._reading() as connection:
            return queries.document(connection, revision, self.path)

    def text(self, revision: str) -> str:
        """The canonical text of a revision. Raises MargentError when there is none."""
        with self._reading() as connection:
            return queries.text(connection, revision)

    def reading(self, document: str, suggest: Suggest | None = None) -> Reading:
        """A document with all that stands in it, at one moment. Raises MargentError when there is none."""
        with self._reading() as connection:
            return queries.reading(connection, document, self.path, suggest)

    def shelf(
        self,
        *,
        deleted: bool = False,
        only: Sequence[str] | None = None,
        between: Callable[[], object] = bool,
    ) -> list[ShelfRow]:
        """The documents that stand, or those in the bin, in the order of `records`, each with what stands in it.

        Of the documents `only` (ids) when they are given. `between` is called after each millisecond's work or so; it
        may wait for as long as it likes.
        """
        with self._reading() as connection, connection.begin(), telling(self.path):
            found = driver(connection)
            return catalogue.shelf(found, deleted=deleted, indexed=self._index.is_there, only=only, between=between)

    def collections(self, *, deleted: bool = False) -> list[Collection]:
        """The collections that stand, or those that do not, by name."""
        with self._reading() as connection:
            return queries.collections(connection, queries.standing(tables.collection, deleted=deleted))

    def revisions(self, document: str) -> list[RevisionRecord]:
        """The states of a document's text, the first one first; none when there is no such document."""
        with self._reading() as connection:
            return shelves.revisions(connection, document)

    def original(self, revision: str) -> bytes:
        """The file that a revision was read from. Raises MargentError when there is none."""
        with self._reading() as connection:
            return shelves.original(connection, revision)

    def standing(self, document: str) -> Standing:
        """A document with all that was ever put on its newest text, for `revising`. Raises MargentError for none."""
        with self._reading() as connection:
            return queries.all_of(connection, document, self.path)

    # -- what stands in them ----------------------------------------------------------------------------------

    def annotations(
        self, document: str | None = None, *, revision: str | None = None, deleted: bool = False
    ) -> list[Annotation]:
        """Annotations and replies, of everything or of one document or revision, in reading order within a revision.

        Those that stand, or (deleted) those that do not. Of a `revision` also those that have gone on to another one
        since, as they were anchored in it.
        """
        conditions = [queries.standing(tables.annotation, deleted=deleted)]
        if document is not None:
            conditions.append(queries.of_document(tables.annotation, document))
        if revision is not None:
            conditions.append(tables.annotation.c.revision == revision)
        with self._reading() as connection:
            found = queries.annotations(connection, *conditions)
            if revision is not None:
                found += queries.left(connection, revision, document, deleted=deleted)
        return sorted(found, key=lambda value: (value.start, value.end, value.id)) if revision is not None else found

    def states(self, document: str) -> dict[str, Counter[str]]:
        """How many standing annotations, replies left out, are in each state, by revision of a document and state."""
        with self._reading() as connection:
            return queries.states(connection, document)

    def latest_notes(self, document: str, limit: int = 5) -> list[Annotation]:
        """The document's annotations and replies that say something, the one written last first."""
        with self._reading() as connection:
            return shelves.latest_notes(connection, document, limit)

    def passages(
        self, document: str | None = None, *, revision: str | None = None, deleted: bool = False
    ) -> list[Passage]:
        """Stored passages, of everything or of one document or revision: those that stand, or those that do not."""
        conditions = [queries.standing(tables.passage, deleted=deleted)]
        if document is not None:
            conditions.append(queries.of_document(tables.passage, document))
        if revision is not None:
            conditions.append(tables.passage.c.revision == revision)
        with self._reading() as connection:
            return queries.passages(connection, *conditions)

    def theme_list(self, *, deleted: bool = False) -> list[Theme]:
        """The themes that stand, or those that do not, by name."""
        with self._reading() as connection:
            return queries.themes(connection, queries.standing(tables.theme, deleted=deleted))

    def bin(self) -> list[Annotation]:
        """Deleted annotations, the last one first, each followed by its replies."""
        with self._reading() as connection:
            return queries.bin_(connection)

    def search(self, query: str, limit: int = 50, *, typing: bool = True, hits: int | None = None) -> SearchResult:
        """The best `limit` documents for what somebody types, with the places found in them; see `query`.

        Up to `hits` places of each; left out, a few, fewer of the documents that come later. While `typing`, the last
        word may go on. Never raises for anything typed.
        """
        self._check_open()
        asked = understood(query, typing=typing)
        return self._searcher.search(asked, limit, hits, indexed=self._index.is_there)

    def search_in(self, document: str, query: str, *, typing: bool = True) -> Group | None:
        """What `search` finds in one document (id), every place, at most `search.ALL`; None when there is none."""
        self._check_open()
        return self._searcher.search_in(document, understood(query, typing=typing), indexed=self._index.is_there)

    def theme_rows(self, themes: Sequence[str]) -> list[DossierRow]:
        """What belongs to themes (ids) in the whole library: given and chosen passages, and annotations.

        By document, the one read last first; documents without any are left out.
        """
        with self._reading() as connection:
            return shelves.dossier(connection, themes)

    def suggested_rows(
        self,
        themes: Sequence[str],
        *,
        documents: Sequence[str] | None = None,
        going: Callable[[int, int], bool] | None = None,
    ) -> Iterator[DossierRow]:
        """What the words of themes (ids) point to in the whole library, document by document, the newest first.

        The index says which documents may have such words, and each is read and asked when it is its turn, some
        milliseconds each: for a worker, which may stop at any document. Of `documents` (ids) alone when they are
        given. `going` is told before each how many of how many are done, and says whether to go on.
        """
        wanted = [theme for theme in self.theme_list() if theme.id in themes and theme.words]
        words = [word for theme in wanted for word in theme.words]
        keys = self._searcher.documents_with(words) if self._index.is_there else []
        if documents is not None:
            asked = frozenset(documents)
            keys = [key for key in keys if key in asked]
        for number, key in enumerate(keys):
            if going is not None and not going(number, len(keys)):
                return
            with self._reading() as connection:
                record = queries.record(connection, key)
                document = queries.document(connection, record.revision, self.path)
                on_newest = tables.passage.c.revision == record.revision
                stored = queries.passages(connection, queries.standing(tables.passage), on_newest)
            found = suggested_entries(wanted, document, stored)
            if found:
                yield DossierRow(record, tuple(found))

    def known_by(self, keys: Iterable[str]) -> tuple[int, dict[str, int]]:
        """How many documents there are, and how many have each word, by its key in `stemming.Stems`."""
        self._check_open()
        return self._searcher.known_by(keys) if self._index.is_there else (0, {})

    def rebuild_index(self) -> None:
        """Make the index of the search anew from what the library holds. Takes a while."""
        with self._writing() as connection:
            if self._index.is_there:
                self._index.rebuild(connection)

    # -- reading ----------------------------------------------------------------------------------------------

    def place(self, document: str) -> int:
        """Where reading stopped, in code points; 0 for a document that was never read."""
        with self._reading() as connection:
            return queries.place(connection, document)

    def set_place(self, document: str, revision: str, position: int, progress: float) -> None:
        """Remember where reading stopped (code points) and how far it came (0–1). Not an edit: there is no undo."""
        self._keep(document, {"revision": revision, "position": position, "progress": progress})

    def touch_opened(self, document: str) -> None:
        """Remember that a document was opened now."""
        with self._lock:
            self._keep(document, {"opened": self._moment()})

    def kept(self, key: str) -> str:
        """The text kept under `key`; "" when there is none."""
        with self._reading() as connection:
            found = connection.scalar(select(tables.meta.c.value).where(tables.meta.c.key == key))
        return found or ""

    def keep(self, key: str, text: str) -> None:
        """Keep a text under `key`, whatever stood there. Not an edit: there is no undo."""
        meta = tables.meta
        with self._writing() as connection:
            if not connection.execute(meta.update().where(meta.c.key == key).values(value=text)).rowcount:
                connection.execute(meta.insert().values(key=key, value=text))

    def holding(self, keys: Iterable[str]) -> dict[str, Value]:
        """What the library has under any of `keys`, deleted or not, whichever document it belongs to."""
        found: dict[str, Value] = {}
        with self._reading() as connection:
            for part in queries.batches(list(keys)):
                for kind in _HELD:
                    found.update((value.id, value) for value in queries.stored(connection, kind, part))
        return found

    def filed_elsewhere(self, document: str) -> list[Annotation | Passage]:
        """What stands or stood under themes in all documents but one."""
        annotation, passage, filed = tables.annotation, tables.passage, tables.annotation_theme
        themed = annotation.c.id.in_(select(filed.c.annotation))
        with self._reading() as connection:
            return [
                *queries.annotations(connection, annotation.c.document != document, themed),
                *queries.passages(connection, passage.c.document != document),
            ]

    def lineage(self, keys: Sequence[str]) -> dict[str, str]:
        """What is remembered of the exchanges of the records `keys`; those of which nothing is are left out."""
        with self._reading() as connection:
            return exchanging.remembered(connection, keys)

    def remember(self, lineage: Mapping[str, str]) -> None:
        """Keep what others have now of records, by id (`exchange`). Not an edit: there is no undo."""
        with self._writing() as connection:
            exchanging.remember(connection, lineage)

    def changed_elsewhere(self) -> bool:
        """Whether someone else has written to the library since this was asked last. Never waits."""
        if not self._lock.acquire(blocking=False):
            return False
        try:
            if self._closed:
                return False
            seen, self._seen = self._seen, data_version(self.path, self._writer)
            return seen != self._seen
        finally:
            self._lock.release()

    # -- within -----------------------------------------------------------------------------------------------

    def _has_been_marked(self, document: str) -> bool:
        """Whether a reader has put something on a document, passages among it."""
        chosen = any(passage.origin != "given" for passage in self.passages(document))
        return chosen or bool(self.annotations(document))

    def _write(self, change: Change) -> Change:
        with self._writing() as connection:
            applied, self._last = writing.apply(connection, change, self._last)
            self._index.follow(connection, applied)
        return applied

    def _keep(self, document: str, values: dict[str, object]) -> None:
        place = tables.reading_place
        with self._writing() as connection:
            if connection.execute(place.update().where(place.c.document == document).values(values)).rowcount:
                return
            record = queries.record(connection, document)
            new = {"document": document, "revision": record.revision, "position": 0, "progress": 0.0}
            connection.execute(place.insert().values({**new, **values}))

    def _moment(self) -> datetime:
        """Now, but later than every moment given before: what came in or was opened last is told by it."""
        self._last = max(now(), self._last + writing.TICK)
        return self._last

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        self._check_open()
        with self._reads(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """The one connection that writes, so that what others write shows in its data version and its own does not."""
        with self._lock:
            self._check_open()
            with telling(self.path), self._reads(), self._writer.begin():
                yield self._writer

    @contextmanager
    def _reads(self) -> Iterator[None]:
        """Tell of values that nobody can have written in a sentence."""
        try:
            yield
        except UnreadableError as error:
            raise MargentError(
                f"The library {self.path} holds something that this Margent cannot read: {error}. It was left as it "
                "is; “margent check” lists all of it, and a backup can be restored."
            ) from error

    def _check_open(self) -> None:
        if self._closed:
            raise MargentError(f"The library {self.path} has been closed.")


def _has(connection: Connection, document: str) -> bool:
    query = select(tables.document.c.id).where(tables.document.c.id == document)
    return connection.execute(query).first() is not None


def _has_file(connection: Connection, document: str, digest: str) -> bool:
    known = tables.revision.c
    query = select(known.id).where(known.document == document, known.hash == digest)
    return connection.execute(query).first() is not None


def _onto(change: Change, revision: str, kept: str, known: str) -> Change:
    """`change`, which puts a document on the revision that was to be called `revision`, on the one that is there.

    `known` is what is remembered of where that one came from: taking the change back must bring it again.
    """
    after = {
        key: replace(value, revision=kept)
        if isinstance(value, DocumentRecord | Annotation | Passage) and value.revision == revision
        else value
        for key, value in change.after.items()
    }
    lineage = {key: pair for key, pair in change.lineage.items() if key != revision}
    if revision in change.lineage:
        lineage[kept] = (known, change.lineage[revision][1])
    return replace(change, after=after, lineage=lineage)
