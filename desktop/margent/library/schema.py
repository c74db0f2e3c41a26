"""Makes a library's file ready: creates it, or brings an older one up to date with a backup made first."""

from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, inspect

from margent.annotations import new_id
from margent.errors import MargentError
from margent.library import index, tables
from margent.library.backup import back_up_before
from margent.library.engine import WRITING, engine_for
from margent.library.files import APPLICATION, HEAD, library_file, make_folder, make_private, version

MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def prepare(folder: Path) -> Path:
    """Make sure that `folder` holds a library of this program's schema; its file.

    Raises DamagedLibraryError when something else is there, MargentError when it was made by a newer program or
    cannot be made. Whatever is there is then as it was.
    """
    try:
        make_folder(folder)
    except OSError as error:
        raise MargentError(f"The library folder {folder} cannot be made: {error.strerror}.") from error
    path = library_file(folder)
    found = version(path)
    if found is None:
        if not path.exists():
            with suppress(OSError):  # SQLite finds the same, and says it
                make_private(path)
        create(path)
    elif found != HEAD:
        upgrade(path, MIGRATIONS)
    return path


def create(path: Path) -> None:
    """Make an empty library in one transaction; when another process was quicker, its library stands."""
    engine = engine_for(path, create=True)
    try:
        with engine.connect().execution_options(**WRITING) as connection, connection.begin():
            if inspect(connection).has_table(tables.alembic_version.name):
                return
            tables.metadata.create_all(connection, checkfirst=False)
            tables.alembic_version.create(connection, checkfirst=False)
            connection.execute(tables.alembic_version.insert().values(version_num=HEAD))
            connection.execute(tables.meta.insert().values(key="library", value=new_id()))
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION}")
    finally:
        engine.dispose()


def upgrade(path: Path, scripts: Path = MIGRATIONS) -> None:
    """Run the migrations in `scripts` that the library at `path` lacks, all or none of them.

    Foreign keys are off meanwhile: altering a table rebuilds it, and dropping the old one would take along the rows
    that refer to it. They are checked before anything is committed. Raises MargentError naming the backup.
    """
    from alembic import command  # noqa: PLC0415 - takes longer to import than a library to open
    from alembic.config import Config  # noqa: PLC0415

    backup = back_up_before(path)
    engine = engine_for(path, foreign_keys=False)
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    try:
        with engine.connect().execution_options(**WRITING) as connection, connection.begin():
            config.attributes["connection"] = connection
            with index.set_aside(connection):
                command.upgrade(config, "head")
            _check_references(connection)
    except MargentError as error:
        kept = f" A copy of it is {backup}." if backup is not None else ""
        raise MargentError(
            f"The library {path} could not be brought up to date and was left as it was: {error}{kept}"
        ) from error
    finally:
        engine.dispose()


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise MargentError(f"rows of {broken[0]} would refer to rows of {broken[2]} that are not there.")
