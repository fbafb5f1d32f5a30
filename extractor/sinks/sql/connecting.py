"""Connections that suit many writers, and what to do when the database is away."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from extractor.errors import ExtraMissing, SinkFull, SinkUnavailable, SinkUnusable
from extractor.limits import SINK_LONGEST_PAUSE, SQLITE_BUSY_SECONDS

Result = TypeVar("Result")

#: Classes of SQLSTATE after which the same statement may work: connection lost, shut down, out of connections,
#: serialisation, deadlock.
_PASSING = ("08", "57P", "53300", "40")
_NO_SPACE = ("53100", "53200")


def is_sql(target: str) -> bool:
    """Whether a target is a database's address."""
    return "://" in target and target.split("://")[0].split("+")[0] in ("sqlite", "postgresql", "postgres")


def connect(target: str) -> Engine:
    """An engine for an address; no connection is made yet.

    Args:
        target: sqlite:///file.db or postgresql://user@host/name.

    Raises:
        SinkUnusable: No address of a database that is supported.
        ExtraMissing: The package that speaks to it is not installed.
    """
    try:
        url = make_url(target.replace("postgres://", "postgresql://", 1))
        if url.get_backend_name() == "postgresql":
            return create_engine(
                url.set(drivername="postgresql+psycopg"),
                json_serializer=_as_is,
                pool_size=1,
                max_overflow=2,
                connect_args={"connect_timeout": 10, "application_name": "incidents"},
            )
        if url.database in (None, "", ":memory:"):
            raise SinkUnusable("a database in memory is gone when the program ends; give sqlite:///file.db")
        engine = create_engine(
            url, json_serializer=_as_is, poolclass=NullPool, connect_args={"timeout": SQLITE_BUSY_SECONDS}
        )
    except (ArgumentError, NoSuchModuleError) as error:
        raise SinkUnusable(f"{target}: {_first_line(error)}") from error
    except ModuleNotFoundError as error:
        raise ExtraMissing("PostgreSQL needs psycopg: pip install 'incident-extractor[postgres]'") from error
    event.listen(engine, "connect", _sqlite_connected)
    event.listen(engine, "begin", _sqlite_begins)
    return engine


def shown(target: str) -> str:
    """A target without its password."""
    return make_url(target).render_as_string(hide_password=True) if is_sql(target) else target


def patiently(action: Callable[[], Result], engine: Engine, patience: float) -> Result:
    """Do something with a database that may be away for a while.

    Args:
        action: One transaction, harmless to repeat.
        engine: Its connections are made anew after each failure.
        patience: Seconds to go on trying; 0 tries once.

    Raises:
        SinkUnavailable: Still away.
        SinkFull: No space is left.
        SinkUnusable: It answers, but refuses.
    """
    deadline = time.monotonic() + patience
    pause = 0.1
    while True:
        try:
            return action()
        except DBAPIError as error:
            kind = _kind(error)
            if kind == "full":
                raise SinkFull(f"no space is left for {_where(engine)}; make room and run the same again") from error
            if kind == "other":
                raise SinkUnusable(f"{_where(engine)}: {_first_line(error.orig or error)}") from error
            if time.monotonic() + pause > deadline:
                raise SinkUnavailable(
                    f"{_where(engine)} did not answer for {patience:g} s ({_first_line(error.orig or error)}); "
                    "what was written is safe: run the same command again"
                ) from error
            engine.dispose()
            time.sleep(pause * random.uniform(0.5, 1.0))
            pause = min(pause * 2, SINK_LONGEST_PAUSE)
        except SQLAlchemyError as error:
            raise SinkUnusable(f"{_where(engine)}: {_first_line(error)}") from error


def _kind(error: DBAPIError) -> str:
    """Away (may pass), full or other."""
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        told = str(cause)
        if "locked" in told or "busy" in told:
            return "away"
        return "full" if "full" in told or "disk I/O error" in told else "other"
    state = getattr(cause, "sqlstate", None)
    if state in _NO_SPACE:
        return "full"
    if state is None:
        return (
            "away" if type(cause).__name__ in ("OperationalError", "InterfaceError", "ConnectionTimeout") else "other"
        )
    return "away" if state.startswith(_PASSING) else "other"


def _where(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True).replace("postgresql+psycopg", "postgresql")


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def _as_is(value: str) -> str:
    """JSON columns are given JSON that is written already."""
    return value


def _sqlite_connected(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("foreign_keys = ON", "synchronous = NORMAL", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begins(connection: Any) -> None:
    """Take the write lock at once, so that a writer waits for its turn instead of failing in the middle."""
    options = connection.get_execution_options()
    if not options.get("outside"):
        connection.exec_driver_sql("BEGIN" if options.get("reading") else "BEGIN IMMEDIATE")
