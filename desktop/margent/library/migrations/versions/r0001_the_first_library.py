"""The first library: documents with their revisions, themes, passages, annotations and reading places."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None

KEY = sa.String(32)
HASH = sa.String(64)
NAME = sa.String(16)
TIME = sa.DateTime(timezone=True)
LIST = sa.JSON().with_variant(JSONB(), "postgresql")
SPAN = 'start >= 0 AND "end" >= start'


def upgrade() -> None:
    op.create_table(
        "document",
        _column("id", KEY),
        _column("revision", KEY),
        _column("title", sa.Text),
        _column("authors", LIST),
        _column("date", sa.Text),
        _column("language", sa.Text),
        _column("source", sa.Text),
        _column("summary", sa.Text),
        _column("origin", sa.Text),
        _column("words", sa.Integer),
        *_dates(),
        sa.PrimaryKeyConstraint("id", name="pk_document"),
        _refers("document", "revision", "revision", use_alter=True),
    )
    op.create_table(
        "picture",
        _column("hash", HASH),
        _column("bytes", sa.LargeBinary),
        sa.PrimaryKeyConstraint("hash", name="pk_picture"),
    )
    op.create_table(
        "theme",
        _column("id", KEY),
        _column("name", sa.Text),
        _column("colour", NAME),
        _column("words", LIST),
        *_dates(),
        sa.PrimaryKeyConstraint("id", name="pk_theme"),
    )
    op.create_table(
        "meta",
        _column("key", HASH),
        _column("value", sa.Text),
        sa.PrimaryKeyConstraint("key", name="pk_meta"),
    )
    op.create_table(
        "revision",
        _column("id", KEY),
        _column("document", KEY),
        _column("number", sa.Integer),
        _column("hash", HASH),
        _column("file", sa.Text),
        _column("created", TIME),
        _column("about", LIST),
        _column("blocks", LIST),
        _column("text", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
        sa.UniqueConstraint("document", "number", name="uq_revision_document_number"),
        _refers("revision", "document", "document"),
    )
    op.create_index("ix_revision_hash", "revision", ["hash"])
    if op.get_bind().dialect.supports_alter:
        op.create_foreign_key(
            "fk_document_revision", "document", "revision", ["revision"], ["id"], deferrable=True, initially="DEFERRED"
        )
    op.create_table(
        "original",
        _column("revision", KEY),
        _column("bytes", sa.LargeBinary),
        sa.PrimaryKeyConstraint("revision", name="pk_original"),
        _refers("original", "revision", "revision"),
    )
    _create_marks()


def _create_marks() -> None:
    op.create_table(
        "passage",
        _column("id", KEY),
        _column("theme", KEY),
        _column("document", KEY),
        _column("revision", KEY),
        _column("start", sa.Integer),
        _column("end", sa.Integer),
        _column("origin", NAME),
        *_dates(),
        sa.PrimaryKeyConstraint("id", name="pk_passage"),
        sa.CheckConstraint(SPAN, name=op.f("ck_passage_span")),
        _refers("passage", "theme", "theme"),
        _refers("passage", "document", "document"),
        _refers("passage", "revision", "revision"),
    )
    op.create_index("ix_passage_revision_start", "passage", ["revision", "start"])
    op.create_table(
        "annotation",
        _column("id", KEY),
        _column("document", KEY),
        _column("revision", KEY),
        _column("start", sa.Integer),
        _column("end", sa.Integer),
        _column("exact", sa.Text),
        _column("prefix", sa.Text),
        _column("suffix", sa.Text),
        _column("state", NAME),
        _column("colour", NAME),
        _column("style", NAME),
        _column("kind", NAME),
        _column("note", sa.Text),
        _column("private", sa.Boolean),
        _column("done", sa.Boolean),
        _column("author", sa.Text),
        sa.Column("parent", KEY, nullable=True),
        *_dates(),
        sa.PrimaryKeyConstraint("id", name="pk_annotation"),
        sa.CheckConstraint(SPAN, name=op.f("ck_annotation_span")),
        _refers("annotation", "document", "document"),
        _refers("annotation", "revision", "revision"),
        _refers("annotation", "parent", "annotation"),
    )
    op.create_index("ix_annotation_revision_start", "annotation", ["revision", "start"])
    op.create_table(
        "reading_place",
        _column("document", KEY),
        _column("revision", KEY),
        _column("position", sa.Integer),
        _column("progress", sa.Double),
        sa.Column("opened", TIME, nullable=True),
        sa.PrimaryKeyConstraint("document", name="pk_reading_place"),
        _refers("reading_place", "document", "document"),
        _refers("reading_place", "revision", "revision"),
    )
    op.create_table(
        "annotation_theme",
        _column("annotation", KEY),
        _column("position", sa.Integer),
        _column("theme", KEY),
        sa.PrimaryKeyConstraint("annotation", "position", name="pk_annotation_theme"),
        _refers("annotation_theme", "annotation", "annotation"),
        _refers("annotation_theme", "theme", "theme"),
    )
    op.create_index("ix_annotation_theme_theme", "annotation_theme", ["theme"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA application_id = 0x4D524754")


def _column(name: str, kind: type[sa.types.TypeEngine[Any]] | sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _dates() -> list[sa.Column[Any]]:
    return [_column("created", TIME), _column("modified", TIME), sa.Column("deleted", TIME, nullable=True)]


def _refers(table: str, column: str, other: str, *, use_alter: bool = False) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], f"fk_{table}_{column}", deferrable=True, initially="DEFERRED", use_alter=use_alter
    )
