"""The tables of a library, once and for all databases: SQLite for one reader, PostgreSQL for a team.

What is here is the newest schema; `migrations` holds the way to it from every earlier one, and a test holds the two
equal. Nothing is ever deleted from these tables: `deleted` marks a tombstone, which merging can carry.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Named,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypedColumns,
    TypeDecorator,
    UniqueConstraint,
    literal_column,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.sqlite import DATETIME
from sqlalchemy.types import TypeEngine

from margent.library.rows import parsed, utc

NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}
"""Every constraint has a name, so that a migration can name what it alters."""


class _SQLiteTime(DATETIME):
    """Written as SQLAlchemy writes it; read so that what is no time is told as what it is."""

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:  # noqa: ARG002
        return lambda cell: parsed(str(cell)) if cell is not None else None


class UTCTime(TypeDecorator[datetime]):
    """A moment in UTC with milliseconds; SQLite keeps it as text that sorts, and forgets the zone, which is added."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """As text in SQLite, which `rows` reads; what a database of another kind has otherwise."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(_SQLiteTime())  # type: ignore[no-untyped-call]
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a moment without a zone; there is no telling which one it meant."""
        return utc(value) if value is not None else None

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002
        """The moment in UTC, whatever zone the server speaks."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


metadata = MetaData(naming_convention=NAMES)

_KEY = String(32)
_LIST: JSON[Any] = JSON().with_variant(JSONB(), "postgresql")
_SPAN = 'start >= 0 AND "end" >= start'


def _key_of(table: str, **rest: Any) -> ForeignKey:  # noqa: ANN401
    """A reference that is checked at commit: a change may write a reply before the note it answers."""
    return ForeignKey(f"{table}.id", deferrable=True, initially="DEFERRED", **rest)


def _only(condition: ColumnElement[bool]) -> dict[str, Any]:
    """Have an index hold only the rows that meet a condition."""
    return {"sqlite_where": condition, "postgresql_where": condition}


class _Document(TypedColumns):
    id: Named[str] = Column(_KEY, primary_key=True)
    revision: Named[str] = Column(_KEY, _key_of("revision", use_alter=True))
    title: Named[str] = Column(Text)
    authors: Named[list[str]] = Column(_LIST)
    date: Named[str] = Column(Text)
    language: Named[str] = Column(Text)
    source: Named[str] = Column(Text)
    summary: Named[str] = Column(Text)
    origin: Named[str] = Column(Text)
    words: Named[int] = Column(Integer)
    created: Named[datetime] = Column(UTCTime)
    modified: Named[datetime] = Column(UTCTime)
    deleted: Named[datetime | None] = Column(UTCTime)
    status: Named[str] = Column(String(16), server_default="")


class _Revision(TypedColumns):
    id: Named[str] = Column(_KEY, primary_key=True)
    document: Named[str] = Column(_KEY, _key_of("document"))
    number: Named[int] = Column(Integer)
    hash: Named[str] = Column(String(64))
    file: Named[str] = Column(Text)
    created: Named[datetime] = Column(UTCTime)
    about: Named[dict[str, Any]] = Column(_LIST)
    blocks: Named[list[Any]] = Column(_LIST)
    text: Named[str] = Column(Text)


class _Original(TypedColumns):
    revision: Named[str] = Column(_KEY, _key_of("revision"), primary_key=True)
    bytes: Named[bytes] = Column(LargeBinary)


class _Picture(TypedColumns):
    hash: Named[str] = Column(String(64), primary_key=True)
    bytes: Named[bytes] = Column(LargeBinary)


class _Theme(TypedColumns):
    id: Named[str] = Column(_KEY, primary_key=True)
    name: Named[str] = Column(Text)
    colour: Named[str] = Column(String(16))
    words: Named[list[str]] = Column(_LIST)
    created: Named[datetime] = Column(UTCTime)
    modified: Named[datetime] = Column(UTCTime)
    deleted: Named[datetime | None] = Column(UTCTime)


class _Passage(TypedColumns):
    id: Named[str] = Column(_KEY, primary_key=True)
    theme: Named[str] = Column(_KEY, _key_of("theme"))
    document: Named[str] = Column(_KEY, _key_of("document"))
    revision: Named[str] = Column(_KEY, _key_of("revision"))
    start: Named[int] = Column(Integer)
    end: Named[int] = Column(Integer)
    origin: Named[str] = Column(String(16))
    created: Named[datetime] = Column(UTCTime)
    modified: Named[datetime] = Column(UTCTime)
    deleted: Named[datetime | None] = Column(UTCTime)


class _Annotation(TypedColumns):
    id: Named[str] = Column(_KEY, primary_key=True)
    document: Named[str] = Column(_KEY, _key_of("document"))
    revision: Named[str] = Column(_KEY, _key_of("revision"))
    start: Named[int] = Column(Integer)
    end: Named[int] = Column(Integer)
    exact: Named[str] = Column(Text)
    prefix: Named[str] = Column(Text)
    suffix: Named[str] = Column(Text)
    state: Named[str] = Column(String(16))
    colour: Named[str] = Column(String(16))
    style: Named[str] = Column(String(16))
    kind: Named[str] = Column(String(16))
    note: Named[str] = Column(Text)
    private: Named[bool] = Column(Boolean)
    done: Named[bool] = Column(Boolean)
    author: Named[str] = Column(Text)
    parent: Named[str | None] = Column(_KEY, _key_of("annotation"))
    created: Named[datetime] = Column(UTCTime)
    modified: Named[datetime] = Column(UTCTime)
    deleted: Named[datetime | None] = Column(UTCTime)


class _AnnotationTheme(TypedColumns):
    annotation: Named[str] = Column(_KEY, _key_of("annotation"), primary_key=True)
    position: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    theme: Named[str] = Column(_KEY, _key_of("theme"))


class _Anchor(TypedColumns):
    annotation: Named[str] = Column(_KEY, _key_of("annotation"), primary_key=True)
    revision: Named[str] = Column(_KEY, _key_of("revision"), primary_key=True)
    start: Named[int] = Column(Integer)
    end: Named[int] = Column(Integer)
    exact: Named[str] = Column(Text)
    prefix: Named[str] = Column(Text)
    suffix: Named[str] = Column(Text)
    state: Named[str] = Column(String(16))


class _Collection(TypedColumns):
    id: Named[str] = Column(_KEY, primary_key=True)
    name: Named[str] = Column(Text)
    parent: Named[str | None] = Column(_KEY, _key_of("collection"))
    created: Named[datetime] = Column(UTCTime)
    modified: Named[datetime] = Column(UTCTime)
    deleted: Named[datetime | None] = Column(UTCTime)


class _DocumentCollection(TypedColumns):
    document: Named[str] = Column(_KEY, _key_of("document"), primary_key=True)
    position: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    collection: Named[str] = Column(_KEY, _key_of("collection"))


class _Exchanged(TypedColumns):
    id: Named[str] = Column(_KEY, primary_key=True)
    lineage: Named[str] = Column(Text)


class _ReadingPlace(TypedColumns):
    document: Named[str] = Column(_KEY, _key_of("document"), primary_key=True)
    revision: Named[str] = Column(_KEY, _key_of("revision"))
    position: Named[int] = Column(Integer)
    progress: Named[float] = Column(Double)
    opened: Named[datetime | None] = Column(UTCTime)


class _Meta(TypedColumns):
    key: Named[str] = Column(String(64), primary_key=True)
    value: Named[str] = Column(Text)


document = Table("document", metadata, _Document)
Index("ix_document_deleted", document.c.deleted, **_only(document.c.deleted.is_not(None)))
revision = Table(
    "revision", metadata, _Revision, UniqueConstraint("document", "number"), Index(None, "hash"),
)  # fmt: skip
original = Table("original", metadata, _Original)
"""The bytes of each revision's file, apart, so that reading a text does not read them."""
picture = Table("picture", metadata, _Picture)
theme = Table("theme", metadata, _Theme)
passage = Table("passage", metadata, _Passage, CheckConstraint(_SPAN, name="span"), Index(None, "revision", "start"))
Index("ix_passage_theme", passage.c.theme, passage.c.document)
annotation = Table(
    "annotation", metadata, _Annotation, CheckConstraint(_SPAN, name="span"), Index(None, "revision", "start")
)
_stands = annotation.c.deleted.is_(None) & annotation.c.parent.is_(None)
Index("ix_annotation_standing", annotation.c.document, **_only(_stands))
Index("ix_annotation_noted", annotation.c.document, **_only(_stands & (annotation.c.note != literal_column("''"))))
"""The rows of a library view are counted in these two alone."""
annotation_theme = Table("annotation_theme", metadata, _AnnotationTheme, Index(None, "theme"))
anchor = Table("anchor", metadata, _Anchor, CheckConstraint(_SPAN, name="span"), Index(None, "revision"))
"""Where annotations stood in other revisions than the one they stand in now: undoing a newer text needs it."""
collection = Table("collection", metadata, _Collection)
document_collection = Table("document_collection", metadata, _DocumentCollection, Index(None, "collection"))
exchanged = Table("exchanged", metadata, _Exchanged)
"""What each record was when it was given to or taken from another library: what a merge compares with, as JSON."""
reading_place = Table("reading_place", metadata, _ReadingPlace)
meta = Table("meta", metadata, _Meta)

alembic_version = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""Alembic's own table: a new library is marked as current without importing Alembic."""
