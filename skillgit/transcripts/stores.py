"""The table of SQLite stores in which agents keep their sessions; the database is opened elsewhere.

A new store is a row here, recognised by tables and columns. A store may be the agent's own, so that nothing but
`SELECT` is ever said to it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from skillgit.errors import Unreadable, UsageError
from skillgit.transcripts import cursor_store, deepagents, goose, hermes, opencode
from skillgit.transcripts.fields import Fields, fields
from skillgit.transcripts.model import Transcript
from skillgit.transcripts.stream import held

MAGIC = b"SQLite format 3\0"

Select = Callable[..., Iterator[Fields]]
"""Runs a query with its values and yields the rows by column."""


@dataclass(frozen=True, slots=True)
class Store:
    """One row: the columns, by table, that such a database has among others."""

    name: str
    about: str
    columns: Mapping[str, frozenset[str]]
    read: Callable[[Select], Iterator[Transcript]]


def _opencode(select: Select) -> Iterator[Transcript]:
    for session in list(select("SELECT * FROM session ORDER BY time_created, id")):
        parts: dict[object, list[Fields]] = {}
        for part in select("SELECT * FROM part WHERE session_id = ? ORDER BY id", session.get("id")):
            parts.setdefault(part.get("message_id"), []).append(fields(held(part.get("data"))))
        told = select("SELECT * FROM message WHERE session_id = ? ORDER BY time_created, id", session.get("id"))
        messages = [{"info": fields(held(row.get("data"))), "parts": parts.get(row.get("id"), [])} for row in told]
        created = {"created": session.get("time_created")}
        yield replace(opencode.transcript({**session, "time": created}, messages), format="opencode-store")


def _hermes(select: Select) -> Iterator[Transcript]:
    for session in list(select("SELECT * FROM sessions ORDER BY started_at, id")):
        messages = list(select("SELECT * FROM messages WHERE session_id = ? ORDER BY id", session.get("id")))
        yield replace(hermes.transcript(session, messages), format="hermes-store")


STORES: tuple[Store, ...] = (
    Store(
        "opencode-store",
        "opencode's database",
        {"session": frozenset({"id", "time_created"}), "message": frozenset({"data"}), "part": frozenset({"data"})},
        _opencode,
    ),
    Store(
        goose.STORE,
        "Goose's database",
        {"sessions": frozenset({"id"}), "messages": frozenset({"session_id", "role", "content_json"})},
        goose.read_store,
    ),
    Store(
        "hermes-store",
        "Hermes' database",
        {"sessions": frozenset({"id", "started_at"}), "messages": frozenset({"session_id", "role", "tool_calls"})},
        _hermes,
    ),
    Store(
        cursor_store.NAME,
        "Cursor's database",
        {"cursorDiskKV": frozenset({"key", "value"})},
        cursor_store.read,
    ),
    Store(
        deepagents.NAME,
        "checkpoints of LangGraph, as Deep Agents keeps them",
        {
            "checkpoints": frozenset({"thread_id", "checkpoint_ns", "checkpoint_id", "type", "checkpoint"}),
            "writes": frozenset({"thread_id", "checkpoint_id", "channel", "type", "value"}),
        },
        deepagents.read,
    ),
)


def named(name: str) -> Store:
    """The store of this name. Raises UsageError where there is none."""
    for row in STORES:
        if row.name == name:
            return row
    raise UsageError(f"no store '{name}'", hint=f"one of: {', '.join(row.name for row in STORES)}")


def read(database: sqlite3.Connection, *, format: str | None = None) -> Iterator[Transcript]:
    """Yield the conversations of a store, each in its place.

    Raises Unreadable for a database that is broken, or is none of these stores.
    """
    try:
        chosen = _recognised(database) if format is None else named(format)
        select = _selecting(database)
        yield from (replace(found, place=place) for place, found in enumerate(chosen.read(select)))
    except sqlite3.Error as err:
        raise Unreadable(f"the database cannot be read: {str(err).lower()}") from err


def _recognised(database: sqlite3.Connection) -> Store:
    query = "SELECT m.name, c.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table'"
    columns: dict[str, set[str]] = {}
    for table, column in database.execute(query):
        columns.setdefault(table, set()).add(column)
    for row in STORES:
        if all(needed <= columns.get(table, set()) for table, needed in row.columns.items()):
            return row
    known = ", ".join(row.name for row in STORES)
    raise Unreadable("this database is no store in a known format", hint=f"known are {known}")


def _selecting(database: sqlite3.Connection) -> Select:
    def select(query: str, *values: object) -> Iterator[Fields]:
        cursor = database.execute(query, values)
        names = [column[0] for column in cursor.description]
        return (dict(zip(names, row, strict=True)) for row in cursor)

    return select
