"""Collections, what the reader says of a document's status, anchors in earlier revisions, and what was exchanged.

Nothing is rebuilt: a column is added and tables are made, so that no row that is there is touched.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

KEY = sa.String(32)
NAME = sa.String(16)
TIME = sa.DateTime(timezone=True)
SPAN = 'start >= 0 AND "end" >= start'


def upgrade() -> None:
    op.add_column("document", sa.Column("status", NAME, nullable=False, server_default=""))
    op.create_table(
        "collection",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("parent", KEY, nullable=True),
        sa.Column("created", TIME, nullable=False),
        sa.Column("modified", TIME, nullable=False),
        sa.Column("deleted", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_collection"),
        _refers("collection", "parent", "collection"),
    )
    op.create_table(
        "document_collection",
        sa.Column("document", KEY, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("collection", KEY, nullable=False),
        sa.PrimaryKeyConstraint("document", "position", name="pk_document_collection"),
        _refers("document_collection", "document", "document"),
        _refers("document_collection", "collection", "collection"),
    )
    op.create_index("ix_document_collection_collection", "document_collection", ["collection"])
    op.create_table(
        "anchor",
        sa.Column("annotation", KEY, nullable=False),
        sa.Column("revision", KEY, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("exact", sa.Text, nullable=False),
        sa.Column("prefix", sa.Text, nullable=False),
        sa.Column("suffix", sa.Text, nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.PrimaryKeyConstraint("annotation", "revision", name="pk_anchor"),
        sa.CheckConstraint(SPAN, name=op.f("ck_anchor_span")),
        _refers("anchor", "annotation", "annotation"),
        _refers("anchor", "revision", "revision"),
    )
    op.create_index("ix_anchor_revision", "anchor", ["revision"])
    op.create_table(
        "exchanged",
        sa.Column("id", KEY, nullable=False),
        sa.Column("lineage", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exchanged"),
    )
    _index("document", "deleted", ["deleted"], "deleted IS NOT NULL")
    op.create_index("ix_passage_theme", "passage", ["theme", "document"])
    _index("annotation", "standing", ["document"], "deleted IS NULL AND parent IS NULL")
    _index("annotation", "noted", ["document"], "deleted IS NULL AND parent IS NULL AND note != ''")


def _index(table: str, name: str, columns: list[str], only: str) -> None:
    op.create_index(f"ix_{table}_{name}", table, columns, sqlite_where=sa.text(only), postgresql_where=sa.text(only))


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], f"fk_{table}_{column}", deferrable=True, initially="DEFERRED"
    )
