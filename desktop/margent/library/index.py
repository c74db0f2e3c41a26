"""The full-text index of a library: what is in it, and how it keeps in step with every edit.

It is derived from the tables of `tables`, in the same file and written in the same transactions, and it is made anew
whenever its VERSION is not this program's. Two SQLite FTS5 indexes with external content: one of the documents (title
and newest text; of a long text one row a part, for SQLite holds what it knows of a row in memory, five times the text)
and one of the standing annotations and replies (note and quote), each beside a column of its words folded and stemmed,
because SQLite folds neither Kazakh letters nor inflections.

Nothing that narrows a search costs a look at the tables. What a row says besides (kind, colour, author, themes) is in a
column of its own as words that nobody can type, and its id says when it was made, so that dates are a range of ids and
the newest come first. The words that a text says again and again are in a column of their own too: of a word that
thousands of texts have, these are the texts about it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import DatabaseError

from margent.annotations import Annotation, Change, DocumentRecord, Value
from margent.errors import MargentError
from margent.library import queries, tables
from margent.library.engine import driver
from margent.library.errors import DamagedLibraryError
from margent.library.tags import author_tags, document_tag, ids_of_second, note_tags
from margent.stemming import Stems
from margent.themes import language_in

VERSION = "5"
"""Goes up when what is written here changes; an index of another version is made anew."""
KEY = "search"
"""Where the version is kept in `meta`."""
PART = 1 << 19
"""A text of more code points is indexed in parts of about so many. Words that stand in different parts of a text are
found together by `search`, like words of a text and of a note on it."""
_TOKENS = "tokenize='unicode61 remove_diacritics 2', prefix='2 3 4'"
TEXT_COLUMNS = ("title", "text", "title_stems", "stems", "main_stems", "tags")
NOTE_COLUMNS = ("note", "quote", "note_stems", "quote_stems", "tags")
NAMES = (
    "found_words",
    "found_note",
    "found_text",
    "search_text_view",
    "search_filed",
    "search_note",
    "search_stems",
    "search_text",
)
"""All that belongs to the index, in the order in which it can be dropped."""
_VIEW = """
CREATE VIEW search_text_view AS SELECT s.id, s.title, CASE WHEN s.size IS NULL THEN r.text
    ELSE substr(r.text, s.start + 1, s.size) END AS text, s.title_stems, t.stems, s.main_stems, s.tags
    FROM search_text s JOIN search_stems t ON t.id = s.id JOIN revision r ON r.id = s.revision
"""
_MAKE = f"""
CREATE TABLE search_text (
    id INTEGER PRIMARY KEY, document TEXT NOT NULL, part INTEGER NOT NULL, start INTEGER NOT NULL, size INTEGER,
    revision TEXT NOT NULL, language TEXT NOT NULL, title TEXT NOT NULL, title_stems TEXT NOT NULL,
    main_stems TEXT NOT NULL, counts TEXT NOT NULL, tags TEXT NOT NULL, UNIQUE (document, part)
);
CREATE TABLE search_stems (id INTEGER PRIMARY KEY, stems TEXT NOT NULL);
CREATE INDEX ix_search_text_language ON search_text (language);
CREATE INDEX ix_search_text_part ON search_text (document, id) WHERE part > 0;
CREATE TABLE search_filed (
    annotation TEXT NOT NULL, theme TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (annotation, theme)
) WITHOUT ROWID;
CREATE INDEX ix_search_filed_document ON search_filed (document, theme);
CREATE INDEX ix_search_filed_theme ON search_filed (theme, document);
{_VIEW};
CREATE VIRTUAL TABLE found_text USING fts5(
    {", ".join(TEXT_COLUMNS)}, content='search_text_view', content_rowid='id', {_TOKENS}
);
CREATE VIRTUAL TABLE found_words USING fts5vocab('found_text', 'col');
CREATE TABLE search_note (
    id INTEGER PRIMARY KEY, annotation TEXT NOT NULL UNIQUE, document TEXT NOT NULL, note TEXT NOT NULL,
    quote TEXT NOT NULL, note_stems TEXT NOT NULL, quote_stems TEXT NOT NULL, tags TEXT NOT NULL
);
CREATE VIRTUAL TABLE found_note USING fts5(
    {", ".join(NOTE_COLUMNS)}, content='search_note', content_rowid='id', {_TOKENS}
);
"""
_NOTE = ", ".join(NOTE_COLUMNS)
_TEXT = ", ".join(TEXT_COLUMNS)
_NEXT = """CASE WHEN EXISTS (SELECT 1 FROM {0} WHERE id = ?) THEN (SELECT max(id) + 1 FROM {0})
    ELSE (SELECT coalesce(max(id) + 1, ?) FROM {0} WHERE id BETWEEN ? AND ?) END"""
"""The next id of a second; should all be taken, which takes a million rows, one that at least is free."""
_SAID_TEXT = "SELECT part, revision, language, title, tags FROM search_text WHERE document = ?"
_TEXT_ROWS = (
    "SELECT s.part, s.id, s.start, s.size, s.title, s.title_stems, t.stems, s.main_stems, s.tags, s.revision "
    "FROM search_text s JOIN search_stems t ON t.id = s.id WHERE s.document = ? ORDER BY s.id"
)
_LEAVE_TEXT = f"INSERT INTO found_text (found_text, rowid, {_TEXT}) VALUES ('delete', ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - names of columns, here and below
_DROP_STEMS = "DELETE FROM search_stems WHERE id = ?"
_DROP_TEXT = "DELETE FROM search_text WHERE id = ?"
_PUT_TEXT = (
    "INSERT INTO search_text "  # noqa: S608
    "(id, document, part, start, size, revision, language, title, title_stems, main_stems, counts, tags) "
    f"VALUES ({_NEXT.format('search_text')}, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_PUT_STEMS = "INSERT INTO search_stems (id, stems) VALUES (?, ?)"
"""Apart from the rest, for rows are read by the thousand that need none of them."""
_ENTER_TEXT = f"INSERT INTO found_text (rowid, {_TEXT}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_LEAVE_NOTE = (
    f"INSERT INTO found_note (found_note, rowid, {_NOTE}) "  # noqa: S608
    f"SELECT 'delete', id, {_NOTE} FROM search_note WHERE annotation = ?"
)
_DROP_NOTE = "DELETE FROM search_note WHERE annotation = ?"
_PUT_NOTE = (
    "INSERT INTO search_note (id, annotation, document, note, quote, note_stems, quote_stems, tags) "  # noqa: S608
    f"VALUES ({_NEXT.format('search_note')}, ?, ?, ?, ?, ?, ?, ?)"
)
_ENTER_NOTE = f"INSERT INTO found_note (rowid, {_NOTE}) SELECT id, {_NOTE} FROM search_note WHERE annotation = ?"  # noqa: S608
_ENTER_NOTES = f"INSERT INTO found_note (rowid, {_NOTE}) SELECT id, {_NOTE} FROM search_note ORDER BY id"  # noqa: S608
_UNFILE = "DELETE FROM search_filed WHERE annotation = ?"
_FILE = "INSERT OR IGNORE INTO search_filed (annotation, theme, document) VALUES (?, ?, ?)"
"""The links of standing annotations to themes, with their document: a library view counts them by the ten thousand."""
_LANGUAGES = "SELECT document, language FROM search_text WHERE part = 0 AND document IN ({})"
_BATCH = 500
_UNWRITTEN = (
    "The index of the search was found damaged, so nothing was written. Try again: it goes on without the index."
)
_BROKEN = (DamagedLibraryError, DatabaseError)
"""What SQLite says of a broken index: damage, a file that is no FTS5's, a row that is there twice."""
_OFTEN, _ONE_IN = 3, 250
"""A text says a word again and again that it says so many times at least, and once in so many words."""


class BrokenIndexError(MargentError):
    """The transaction is undone, for the index is broken; the next one is without an index."""


class Index:
    """Writes the index, on connections that are inside a write transaction. Does nothing where SQLite has no FTS5."""

    def __init__(self) -> None:
        self.is_there = False
        """Whether there is an index and SQLite can use it; `prepare` finds out."""
        self._stems: dict[str, Stems] = {}

    def prepare(self, connection: Connection) -> None:
        """Make the index where there is none of this version, or not all of it, from all that the library holds."""
        found = connection.scalar(select(tables.meta.c.value).where(tables.meta.c.key == KEY))
        self.is_there = _has_fts5(connection)
        if self.is_there and (found != VERSION or not _is_whole(connection) or not _opens(connection)):
            self.rebuild(connection)
        elif not self.is_there and found == VERSION:
            _mark(connection, "")  # what is written from here on would be missing in it

    def rebuild(self, connection: Connection) -> None:
        """Make the index anew; some milliseconds a document of 600 words, a tenth of one a note."""
        for name in NAMES:
            _drop(connection, name)
        for statement in filter(str.strip, _MAKE.split(";\n")):
            connection.exec_driver_sql(statement)
        keys = connection.scalars(select(tables.document.c.id).order_by(tables.document.c.created)).all()
        for key in keys:
            self._put_text(connection, queries.record(connection, key))
        order = (tables.annotation.c.created, tables.annotation.c.id)
        query = select(tables.annotation.c.id).where(queries.standing(tables.annotation)).order_by(*order)
        for part in queries.batches(connection.scalars(query).all()):
            found = {value.id: value for value in queries.stored(connection, Annotation, part)}
            self._enter_notes(connection, [value for key in part if isinstance(value := found[key], Annotation)])
        connection.exec_driver_sql(_ENTER_NOTES)
        _mark(connection, VERSION)

    def take_in(self, connection: Connection, record: DocumentRecord, text: str | None = None) -> None:
        """Put a document into the index with all that stands in it, or bring both up to date.

        Whoever has its `text` at hand saves the memory for reading it again.
        """
        if self.is_there:
            with self._or_given_up(connection):
                self._take_in(connection, record, text)

    def follow(self, connection: Connection, change: Change) -> None:
        """Do in the index what a change has done in the tables."""
        if self.is_there:
            with self._or_given_up(connection):
                self._follow(connection, change)

    def stems(self, language: str) -> Stems:
        """The words of a language (two letters), with what is known of them so far."""
        found = self._stems.get(language)
        if found is None:
            found = self._stems[language] = Stems(language)
        return found

    @contextmanager
    def _or_given_up(self, connection: Connection) -> Iterator[None]:
        """Write to the index, or, when it is broken, to what it is made from alone: no note is lost for its index.

        Searches then read the texts, and the index is made anew when the library is opened again. The second savepoint
        has FTS5 write what it kept back, so that nothing is left to go wrong at the commit.
        """
        connection.exec_driver_sql("SAVEPOINT indexing")
        try:
            yield
            connection.exec_driver_sql("SAVEPOINT indexed")
        except _BROKEN as error:
            self.is_there = False
            lost = not driver(connection).in_transaction  # SQLite itself takes all back when a savepoint is broken too
            if not lost:
                connection.exec_driver_sql("ROLLBACK TO indexing")
            _mark(connection, "")
            if lost:
                raise BrokenIndexError(_UNWRITTEN) from error
        connection.exec_driver_sql("RELEASE indexing")

    def _take_in(self, connection: Connection, record: DocumentRecord, text: str | None = None) -> None:
        self._put_text(connection, record, text)
        own = (queries.standing(tables.annotation), queries.of_document(tables.annotation, record.id))
        self._put_notes(connection, queries.annotations(connection, *own))

    def _follow(self, connection: Connection, change: Change) -> None:
        put: list[Annotation] = []
        gone: list[Annotation] = []
        for key, after in change.after.items():
            before = change.before.get(key)
            match after if after is not None else before:
                case Annotation() as value if after is None or after.deleted is not None:
                    gone.append(value)
                case Annotation() as value if _said(before) != _said(value):
                    put.append(value)
                case DocumentRecord() as record if _said(before) != _said(record):
                    renew = isinstance(before, DocumentRecord) and before.language == record.language
                    (self._put_text if renew else self._take_in)(connection, record)
                case _:
                    pass
        self._drop_notes(connection, gone)
        self._put_notes(connection, put)

    def _put_text(self, connection: Connection, record: DocumentRecord, text: str | None = None) -> None:
        text = queries.text(connection, record.revision) if text is None else text
        language = language_in(text, record.language)
        stems = self.stems(language)
        tags = " ".join([document_tag(record.id), *author_tags(" ".join(record.authors))])
        said = {part: (record.revision, language, "" if part else record.title, tags) for part, _, _ in _parts(text)}
        same = {row[0] for row in connection.exec_driver_sql(_SAID_TEXT, (record.id,)) if said.get(row[0]) == row[1:]}
        _drop_text(connection, record.id, same)
        for part, start, piece in _parts(text):
            if part in same:
                continue
            words = stems.text(piece)
            often, title = _often(words), "" if part else record.title
            main = " ".join(sorted(often))
            counts = "".join([f" {word}={count}" for word, count in sorted(often.items())]) + " "
            size = None if len(piece) == len(text) else len(piece)
            title_stems = stems.text(title)
            row = (record.id, part, start, size, record.revision, language, title, title_stems, main, counts, tags)
            key = connection.exec_driver_sql(_PUT_TEXT, (*_second(record), *row)).lastrowid
            connection.exec_driver_sql(_PUT_STEMS, (key, words))
            connection.exec_driver_sql(_ENTER_TEXT, (key, title, piece, title_stems, words, main, tags))

    def _put_notes(self, connection: Connection, values: Sequence[Annotation]) -> None:
        if not values:
            return
        self._drop_notes(connection, values)
        self._enter_notes(connection, values)
        connection.exec_driver_sql(_ENTER_NOTE, [(value.id,) for value in sorted(values, key=_age)])

    def _enter_notes(self, connection: Connection, values: Sequence[Annotation]) -> None:
        """Write what the index is made from of annotations of which there is nothing yet."""
        values = sorted(values, key=_age)
        languages = _languages(connection, {value.document for value in values})
        connection.exec_driver_sql(
            _PUT_NOTE, [(*_second(value), *self._note(value, languages.get(value.document, ""))) for value in values]
        )
        filed = [(value.id, theme, value.document) for value in values for theme in value.themes]
        if filed:
            connection.exec_driver_sql(_FILE, filed)

    def _drop_notes(self, connection: Connection, values: Sequence[Annotation]) -> None:
        keys = [(value.id,) for value in sorted(values, key=_age)]
        if keys:
            connection.exec_driver_sql(_LEAVE_NOTE, keys)
            connection.exec_driver_sql(_DROP_NOTE, keys)
            connection.exec_driver_sql(_UNFILE, keys)

    def _note(self, value: Annotation, language: str) -> tuple[Any, ...]:
        """A note may be in the reader's language and not in the document's; a reply quotes nothing of its own."""
        quote = value.exact if value.parent is None else ""
        return (
            value.id,
            value.document,
            value.note,
            quote,
            self.stems(language_in(value.note) or language).text(value.note),
            self.stems(language).text(quote),
            " ".join(note_tags(value)),
        )


def _drop(connection: Connection, name: str) -> None:
    """Drop what is called `name`; SQLite opens an FTS5 table to drop it, and one that is broken it cannot open."""
    kind = "VIEW" if name.endswith("_view") else "TABLE"
    connection.exec_driver_sql("SAVEPOINT dropping")
    try:
        connection.exec_driver_sql(f"DROP {kind} IF EXISTS {name}")
    except _BROKEN:
        connection.exec_driver_sql("ROLLBACK TO dropping")
        connection.exec_driver_sql("PRAGMA writable_schema = ON")
        try:
            connection.exec_driver_sql("DELETE FROM sqlite_master WHERE name = ? AND rootpage = 0", (name,))
        finally:
            connection.exec_driver_sql("PRAGMA writable_schema = RESET")
        for part in ("data", "idx", "docsize", "config"):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}_{part}")
    connection.exec_driver_sql("RELEASE dropping")


@contextmanager
def set_aside(connection: Connection) -> Iterator[None]:
    """Leave the tables free to be altered: SQLite renames none that a view reads."""
    find = "SELECT 1 FROM sqlite_master WHERE type = 'view' AND name = 'search_text_view'"
    there = connection.exec_driver_sql(find).first() is not None
    if there:
        connection.exec_driver_sql("DROP VIEW search_text_view")
    yield
    if there:
        connection.exec_driver_sql(_VIEW)


def _said(value: Value | None) -> object:
    """What of a value the index knows."""
    match value:
        case Annotation() if value.deleted is None:
            return value.note, value.exact, value.kind, value.colour, value.author, value.themes, value.created
        case DocumentRecord():
            return value.title, value.authors, value.language, value.revision
        case _:
            return None


def _drop_text(connection: Connection, document: str, keep: AbstractSet[int]) -> None:
    """Take a document out of the index but for some of its parts. SQLite has to be told what the rows said."""
    text, revision = "", ""
    for part, key, start, size, title, title_stems, stems, main, tags, stands in connection.exec_driver_sql(
        _TEXT_ROWS, (document,)
    ):
        if part in keep:
            continue
        if stands != revision:
            text, revision = queries.text(connection, stands), stands
        piece = text if size is None else text[start : start + size]
        connection.exec_driver_sql(_LEAVE_TEXT, (key, title, piece, title_stems, stems, main, tags))
        connection.exec_driver_sql(_DROP_STEMS, (key,))
        connection.exec_driver_sql(_DROP_TEXT, (key,))


def _parts(text: str) -> Iterator[tuple[int, int, str]]:
    """A text in parts, each with its number and where it begins; they end where a line does, or else a word."""
    begin = part = 0
    while len(text) - begin > PART:
        middle, end = begin + PART // 2, begin + PART
        cut = text.rfind("\n", middle, end) + 1 or text.rfind(" ", middle, end) + 1 or end
        yield part, begin, text[begin:cut]
        begin, part = cut, part + 1
    yield part, begin, text[begin:] if begin else text


def _often(stems: str) -> dict[str, int]:
    """The words among `stems` that are there again and again, and how often."""
    words = stems.split(" ")
    least = max(_OFTEN, len(words) / _ONE_IN)
    return {word: count for word, count in Counter(words).items() if count >= least and word}


def _age(value: Annotation) -> tuple[datetime, str]:
    """What rows are ordered by when many are written: SQLite is quick while their ids rise."""
    return value.created, value.id


def _second(value: Annotation | DocumentRecord) -> tuple[int, int, int, int]:
    """What `_NEXT` is given: the ids of the second in which a value was made."""
    first, last = ids_of_second(value.created)
    return last, first, first, last


def _languages(connection: Connection, documents: Iterable[str]) -> dict[str, str]:
    keys = list(documents)
    found: dict[str, str] = {}
    for start in range(0, len(keys), _BATCH):
        part = keys[start : start + _BATCH]
        query = _LANGUAGES.format(", ".join("?" * len(part)))
        found.update((row[0], row[1]) for row in connection.exec_driver_sql(query, tuple(part)))
    return found


def _is_whole(connection: Connection) -> bool:
    holes = ", ".join("?" * len(NAMES))
    asked = f"SELECT count(*) FROM sqlite_master WHERE name IN ({holes})"  # noqa: S608 - holes alone
    return bool(connection.exec_driver_sql(asked, NAMES).scalar_one() == len(NAMES))


def _opens(connection: Connection) -> bool:
    """Whether SQLite can read how both indexes are laid out."""
    try:
        for name in ("found_text", "found_note"):
            connection.exec_driver_sql(f"SELECT rowid FROM {name} WHERE {name} MATCH ? LIMIT 1", ("a",)).first()  # noqa: S608
    except _BROKEN:
        return False
    return True


def _has_fts5(connection: Connection) -> bool:
    return connection.exec_driver_sql("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").first() is not None


def _mark(connection: Connection, version: str) -> None:
    meta = tables.meta
    if not connection.execute(meta.update().where(meta.c.key == KEY).values(value=version)).rowcount:
        connection.execute(meta.insert().values(key=KEY, value=version))
