"""SQLAlchemy on the library's file: connections, how transactions begin, and errors as sentences."""

import json
import sqlite3
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Engine, ExceptionContext, QueuePool, create_engine, event
from sqlalchemy.engine import URL

from margent.library.errors import telling, told
from margent.library.files import connect

WRITING = {"margent_begin": "BEGIN IMMEDIATE"}
"""Execution options of a connection that writes. Begun as a reader, a transaction that then writes fails at once when
another process has written meanwhile, however long it would be willing to wait."""
_READERS = 8


def engine_for(path: Path, *, foreign_keys: bool = True, create: bool = False) -> Engine:
    """An engine on the library at `path`, for any number of threads; readers see one state for a transaction.

    Everything done through it raises MargentError, DamagedLibraryError among them, for what the file is to blame for.
    """
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        creator=partial(connect, path, foreign_keys=foreign_keys, create=create),
        poolclass=QueuePool,
        pool_size=_READERS,
        json_serializer=partial(json.dumps, separators=(",", ":")),
        hide_parameters=True,  # what the reader wrote has no place in a traceback or a log
    )
    event.listen(engine, "begin", partial(_begin, path))
    event.listen(engine, "handle_error", partial(_tell, path), retval=True)
    return engine


def data_version(path: Path, connection: Connection) -> int:
    """A number that changes when anyone but this connection commits. Takes some microseconds, and no transaction."""
    with telling(path):
        version: int = driver(connection).execute("PRAGMA data_version").fetchone()[0]
    return version


def _begin(path: Path, connection: Connection) -> None:
    """Begin for real: sqlite3 left to itself makes neither savepoints nor changes of tables part of a transaction."""
    with telling(path):
        driver(connection).execute(connection.get_execution_options().get("margent_begin", "BEGIN"))


def driver(connection: Connection) -> sqlite3.Connection:
    """The connection of the standard sqlite3 that this one uses."""
    found = connection.connection.driver_connection
    assert isinstance(found, sqlite3.Connection)
    return found


def _tell(path: Path, context: ExceptionContext) -> BaseException | None:
    return told(context.original_exception, path)
