import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable, ForeignKeyConstraint

from margent import edits
from margent.annotations import Annotation, Collection, DocumentRecord, Passage, Theme
from margent.errors import MargentError
from margent.library import files, rows, schema, tables
from margent.library.backup import check
from margent.library.engine import engine_for
from margent.library.files import HEAD, VERSIONS, is_derived
from margent.library.glance import glance
from margent.library.store import Library

DATA = Path(__file__).parent / "data"


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    return ScriptDirectory.from_config(config)


@pytest.fixture
def migrated(tmp_path: Path) -> Path:
    """A library made by the migrations alone."""
    path = tmp_path / "migrated" / "library.db"
    path.parent.mkdir()
    files.connect(path, create=True).close()
    schema.upgrade(path)
    return path


def definition(path: Path) -> list[tuple[Any, ...]]:
    """All that makes up a schema but the order of columns: one that is added later stands last."""
    with closing(sqlite3.connect(path)) as connection:
        master = connection.execute(
            "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
        ).fetchall()
        marks = [connection.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "journal_mode")]
        return [
            *[(*row[:3], *parts(row[3])) for row in master if not is_derived(row[1])],
            *marks,
            *connection.execute("SELECT version_num FROM alembic_version"),
        ]


def parts(sql: str | None) -> list[str]:
    """The columns and constraints of a CREATE statement, each with single spaces, in alphabetical order."""
    spaced = " ".join((sql or "").split()).replace(" )", ")").replace("( ", "(")
    return sorted(re.split(r", (?![^()]*\))", spaced.partition(" (")[2].removesuffix(")"))) or [spaced]


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


# -- one schema -------------------------------------------------------------------------------------------------------


def test_a_new_library_is_what_the_migrations_make(tmp_path: Path, migrated: Path) -> None:
    Library.open(tmp_path / "new").close()
    assert definition(tmp_path / "new" / "library.db") == definition(migrated)


def test_alembic_finds_nothing_to_add_to_the_migrations(migrated: Path) -> None:
    engine = engine_for(migrated)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []
    engine.dispose()


def test_the_known_versions_are_the_migrations() -> None:
    found = [script.revision for script in scripts().walk_revisions()]
    assert tuple(reversed(found)) == VERSIONS
    assert scripts().get_current_head() == HEAD
    assert sorted(path.name[:5] for path in (schema.MIGRATIONS / "versions").glob("r*.py")) == [
        f"r{version}" for version in VERSIONS
    ]


@pytest.mark.parametrize(
    ("table", "names"),
    [
        (tables.annotation, rows.ANNOTATION),
        (tables.theme, rows.THEME),
        (tables.passage, rows.PASSAGE),
        (tables.collection, rows.COLLECTION),
        (tables.document, tuple(name for name in rows.RECORD if name not in rows.READING)),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_every_field_of_a_value_has_its_column(table: Table, names: tuple[str, ...]) -> None:
    assert sorted(table.columns.keys()) == sorted(names)


def test_every_constraint_has_a_name() -> None:
    for table in tables.metadata.tables.values():
        assert all(constraint.name for constraint in table.constraints), table.name
        assert all(index.name for index in table.indexes), table.name


def test_the_tables_are_good_for_postgresql() -> None:
    """No server is asked: every statement compiles, and the one circle of references is closed afterwards."""
    dialect = postgresql.dialect()
    for table in tables.metadata.sorted_tables:
        sql = str(CreateTable(table).compile(dialect=dialect))
        assert "JSON " not in sql
        assert "DATETIME" not in sql
    assert "TIMESTAMP WITH TIME ZONE" in str(CreateTable(tables.annotation).compile(dialect=dialect))
    circle = [c for c in tables.document.constraints if isinstance(c, ForeignKeyConstraint)]
    assert [constraint.use_alter for constraint in circle] == [True]


def test_a_moment_from_a_server_with_a_zone_is_in_utc() -> None:
    there = datetime.fromisoformat("2026-11-24T12:00:00.123+05:00")
    assert tables.UTCTime().process_result_value(there, postgresql.dialect()) == there
    assert tables.UTCTime().process_result_value(there, postgresql.dialect()).tzinfo is UTC  # type: ignore[union-attr]


# -- from one version to the next -------------------------------------------------------------------------------------


def fill(path: Path, rounds: int = 3) -> dict[str, list[tuple[Any, ...]]]:
    """Put rows into every table there is, whatever the version; what was put there, by table."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        names = {name for name in names if not is_derived(name)}
        for table in sorted(names - {"alembic_version", "meta"}):
            columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
            references = {row[3]: row[2] for row in connection.execute(f"PRAGMA foreign_key_list({table})")}
            for turn in range(rounds):
                row = [value(table, name, kind, turn, bool(key), references) for _, name, kind, _, _, key in columns]
                connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return {name: everything(connection, name) for name in sorted(names - {"alembic_version"})}


def value(table: str, name: str, kind: str, turn: int, key: bool, references: dict[str, str]) -> object:
    if name in references or name == "id":
        return f"{turn:032x}"
    if name == "blocks":
        return f"[{4 + turn}]"
    if name == "about":
        return '{"title": "x", "authors": [], "notices": [], "themes": []}'
    if name == "text":
        return "x" * (4 + turn)
    if key:
        return turn if kind == "INTEGER" else f"{name} {turn}"
    if name in rows.ALLOWED.get(table, {}):
        return sorted(rows.ALLOWED[table][name])[turn % len(rows.ALLOWED[table][name])]
    made: dict[str, object] = {
        "INTEGER": turn, "DOUBLE": turn / 4, "BOOLEAN": turn % 2, "JSON": f'["{name} {turn}"]', "BLOB": bytes([turn]),
        "DATETIME": f"2026-11-24 10:15:00.{turn:03}000",
    }  # fmt: skip
    return None if name == "deleted" and turn else made.get(kind, f"{name} {turn}")


def everything(connection: sqlite3.Connection, table: str) -> list[tuple[Any, ...]]:
    return sorted(connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr)


def test_a_library_of_the_first_version_comes_up_to_date_with_every_row(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    files.connect(path, create=True).close()
    first = tmp_path / "first"
    shutil.copytree(schema.MIGRATIONS, first)
    for script in sorted((first / "versions").glob("r*.py"))[1:]:
        script.unlink()
    schema.upgrade(path, first)
    put = fill(path)
    if VERSIONS[0] != HEAD:
        schema.upgrade(path)
    with closing(Library.open(tmp_path)) as library:
        assert len(library.records()) == len([row for row in put["document"] if None in row])
        assert len(library.annotations()) + len(library.annotations(deleted=True)) == len(put["annotation"])
        assert len(library.passages()) + len(library.passages(deleted=True)) == len(put["passage"])
        assert len(library.theme_list()) + len(library.theme_list(deleted=True)) == len(put["theme"])
        assert all(value.themes for value in library.annotations())
        assert library.reading(f"{1:032x}").document.text == "xxxxx"
        values = [*library.annotations(), *library.passages(), *library.theme_list(), *library.records()]
        assert {type(value) for value in values} == {Annotation, Passage, Theme, DocumentRecord}
    with closing(sqlite3.connect(path)) as connection:
        for table, found in put.items():
            if table == "meta":
                continue
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (len(found),), table


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A library that the first Margent wrote, with something of everything in it, deleted things among them."""
    path = tmp_path / "first" / "library.db"
    path.parent.mkdir()
    with closing(files.connect(path, foreign_keys=False, create=True)) as connection:
        connection.executescript((DATA / "library-0001.sql").read_text("utf-8"))
    return path


def test_a_library_that_the_first_margent_wrote_loses_nothing(first: Path) -> None:
    with closing(sqlite3.connect(first)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        before = {name: everything(connection, name) for name in names if name not in {"alembic_version", "meta"}}
    old = dump(first)
    assert glance(first.parent) is None
    with closing(Library.open(first.parent)) as library:
        assert check(library) == []
        assert [record.title for record in library.records()] == ["Rail corridor", "Water", "Second edition"]
        assert {(record.status, record.collections) for record in library.records()} == {("", ())}
        brief, water, second = library.records()
        reading = library.reading(brief.id)
        head, underlined = reading.in_order()[1], reading.in_order()[0]
        assert (head.exact, head.note, head.kind, head.author) == (
            "Oil and gas",
            "Who *pays*? 🛢",
            "question",
            "A. Novak",
        )
        assert [reading.themes[theme].name for theme in head.themes] == ["Law and order", "Energy"]
        assert [reply.note for reply in reading.replies[head.id]] == ["The fund."]
        assert (underlined.style, underlined.private) == ("underline", True)
        assert (reading.place, reading.record.progress) == (20, 0.4)
        assert reading.document.pages == ()
        assert [value.note for value in library.bin()] == ["In the bin"]
        assert [theme.name for theme in library.theme_list(deleted=True)] == ["Gone"]
        assert [value.origin for value in library.passages()] == ["chosen", "dismissed", "given", "given"]
        assert len(library.revisions(second.id)) == 2
        assert [row.record.title for row in library.shelf(deleted=True)] == ["Deleted brief"]
        assert library.kept("briefs:x") == "kept"
    (backup,) = (first.parent / "backups").iterdir()
    assert dump(backup) == old
    with closing(sqlite3.connect(first)) as connection:
        for name, rows_before in before.items():
            after = everything(connection, name)
            assert [row[: len(old)] for row, old in zip(after, rows_before, strict=True)] == rows_before, name
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    found = glance(first.parent)
    assert found is not None
    assert found.record.title == "Rail corridor"
    with closing(Library.open(first.parent)) as library:
        (shelf,) = library.apply(edits.make_collection("Energy")).after.values()
        assert isinstance(shelf, Collection)
        library.apply(edits.file_documents([water], shelf))
        assert library.record(water.id).collections == (shelf.id,)


NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "{head}"


def upgrade() -> None:
    with op.batch_alter_table("document") as batch:
        batch.add_column(sa.Column("mood", sa.Text, nullable=False, server_default=""))
        batch.alter_column("title", type_=sa.String(500))
    with op.batch_alter_table("revision") as batch:
        batch.alter_column("file", type_=sa.String(500))
    {more}
"""


def next_version(folder: Path, more: str = "") -> Path:
    """The migrations and one more, which rebuilds the table that all others refer to."""
    copy = folder / "migrations"
    shutil.copytree(schema.MIGRATIONS, copy)
    (copy / "versions" / "r0003_titles.py").write_text(NEXT.format(head=HEAD, more=more))
    return copy


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    Library.open(tmp_path / "library").close()
    fill(tmp_path / "library" / "library.db")
    return tmp_path / "library" / "library.db"


def test_rebuilding_a_table_takes_no_row_that_refers_to_it(filled: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        found = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        names = [name for name in found if not is_derived(name)]
        before = {name: everything(connection, name) for name in names}
    schema.upgrade(filled, next_version(tmp_path))
    with closing(sqlite3.connect(filled)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0003",)]
        for name in set(names) - {"alembic_version", "document"}:
            assert everything(connection, name) == before[name], name
        assert [row[:-1] for row in everything(connection, "document")] == before["document"]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_backup_is_made_before(filled: Path, tmp_path: Path) -> None:
    before = held(filled)
    assert before["annotation"][1:]
    schema.upgrade(filled, next_version(tmp_path))
    (backup,) = (filled.parent / "backups").iterdir()
    assert f"before-{HEAD}" in backup.name
    assert held(backup) == before


def held(path: Path) -> dict[str, list[object]]:
    """All but the search's index, which a backup leaves out: each table's definition and rows."""
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
        found = {name: [sql] for name, sql in tables if not is_derived(name)}
        for name, kept in found.items():
            if str(kept[0]).startswith("CREATE TABLE"):
                kept.extend(connection.execute(f"SELECT * FROM {name}").fetchall())
    found["meta"] = [row for row in found["meta"] if row[0] != "search"]
    return found


def test_an_empty_library_needs_no_backup(tmp_path: Path) -> None:
    Library.open(tmp_path / "library").close()
    schema.upgrade(tmp_path / "library" / "library.db", next_version(tmp_path))
    assert not (tmp_path / "library" / "backups").exists()


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ("raise RuntimeError('a bug')", RuntimeError),
        ("op.execute('DELETE FROM theme')", MargentError),
        (
            "op.execute('PRAGMA max_page_count = 1')\n    op.execute('CREATE TABLE a AS SELECT zeroblob(1000000)')",
            MargentError,
        ),
    ],
    ids=["a bug", "rows left without what they refer to", "no room"],
)
def test_a_migration_that_fails_leaves_the_library_as_it_was(
    filled: Path, tmp_path: Path, more: str, error: type[Exception]
) -> None:
    before = dump(filled)
    with pytest.raises(error) as caught:
        schema.upgrade(filled, next_version(tmp_path, more))
    assert dump(filled) == before
    if error is MargentError:
        assert "left as it was" in str(caught.value)
        assert "before-" in str(caught.value)
    with closing(Library.open(filled.parent)) as library:
        assert len(library.annotations()) == 2


def test_a_library_is_brought_up_to_date_when_it_is_opened(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = next_version(tmp_path)
    monkeypatch.setattr(schema, "MIGRATIONS", copy)
    monkeypatch.setattr(schema, "HEAD", "0003")
    monkeypatch.setattr(files, "VERSIONS", (*VERSIONS, "0003"))
    schema.prepare(filled.parent)
    with closing(sqlite3.connect(filled)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0003",)]
    assert schema.prepare(filled.parent) == filled


def test_two_processes_may_make_the_same_library(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from margent.library.store import Library\n"
        "library = Library.open(Path(sys.argv[1])); print(library.records()); library.close()\n"
    )
    for turn in range(2):
        command = [sys.executable, "-c", code, str(tmp_path / f"library {turn}")]
        started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        assert [process.communicate(timeout=60)[0] for process in started] == ["[]\n", "[]\n"]


def test_making_a_library_that_is_there_changes_nothing(filled: Path) -> None:
    before = dump(filled)
    schema.create(filled)
    assert dump(filled) == before
