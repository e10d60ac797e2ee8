"""The databases of agents, made as they make them and read as files: nothing is ever written beside them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from skillgit.errors import Unreadable, UsageError
from skillgit.learn import reading
from skillgit.transcripts.model import Transcript
from skillgit.transcripts.msgpack import unpack
from tests.transcripts import examples
from tests.transcripts.reading import said

ASK, REPLY, WORK = examples.ASK, examples.REPLY, examples.WORK
Fill = Callable[[sqlite3.Connection], object]


def opencode(database: sqlite3.Connection) -> None:
    database.executescript(
        "CREATE TABLE session (id TEXT, parent_id TEXT, title TEXT, time_created INTEGER);"
        "CREATE TABLE message (id TEXT, session_id TEXT, time_created INTEGER, data TEXT);"
        "CREATE TABLE part (id TEXT, message_id TEXT, session_id TEXT, data TEXT);"
        "INSERT INTO session VALUES ('s', NULL, 'Notes', 1767225600000), ('t', 's', 'Sub', 1767225600001);"
    )
    messages: Any = examples.OPENCODE["messages"]
    for number, sent in enumerate(messages):
        database.execute("INSERT INTO message VALUES (?, 's', ?, ?)", (number, number, json.dumps(sent["info"])))
        for place, part in enumerate(sent["parts"]):
            row = (f"{number}.{place}", number, json.dumps(part))
            database.execute("INSERT INTO part VALUES (?, ?, 's', ?)", row)


def hermes(database: sqlite3.Connection) -> None:
    database.executescript(
        "CREATE TABLE sessions (id TEXT, title TEXT, started_at REAL);"
        "CREATE TABLE messages (id INTEGER PRIMARY KEY, session_id TEXT, role TEXT, content TEXT, tool_call_id TEXT,"
        " tool_calls TEXT, reasoning TEXT, timestamp REAL, active INTEGER);"
        "INSERT INTO sessions VALUES ('s', 'Notes', 1767225600.0);"
    )
    messages: Any = examples.HERMES["messages"]
    for sent in messages:
        calls = json.dumps(sent["tool_calls"]) if "tool_calls" in sent else None
        row = (sent["role"], sent.get("content"), sent.get("tool_call_id"), calls, sent.get("reasoning"))
        database.execute("INSERT INTO messages VALUES (NULL, 's', ?, ?, ?, ?, ?, NULL, 1)", row)


def goose(database: sqlite3.Connection) -> None:
    database.executescript(
        "CREATE TABLE sessions (id TEXT, name TEXT, created_at TEXT, session_type TEXT);"
        "CREATE TABLE messages (id INTEGER PRIMARY KEY, session_id TEXT, role TEXT, content_json TEXT,"
        " created_timestamp INTEGER);"
        "INSERT INTO sessions VALUES ('s', 'Notes', '2026-01-01 00:00:00', 'user');"
    )
    for sent in examples.GOOSE[1:]:
        row = (sent["role"], json.dumps(sent["content"]))
        database.execute("INSERT INTO messages VALUES (NULL, 's', ?, ?, 1767225600)", row)


def cursor(database: sqlite3.Connection) -> None:
    used = {"toolCallId": "c", "name": "log", "rawArgs": '{"n":3}', "status": "completed", "result": "3 commits"}
    bubbles = {
        "b1": {"type": 1, "text": f"<user_query>\n{ASK}\n</user_query>"},
        "b2": {"type": 2, "text": "", "thinking": {"text": examples.THOUGHT}, "toolFormerData": used},
        "b3": {"type": 2, "text": REPLY},
        "gone": {"type": 1, "text": "Never mind."},
    }
    headers = [{"bubbleId": name} for name in bubbles if name != "gone"]
    kept = {"composerData:s": {"name": "Notes", "createdAt": 1767225600000, "fullConversationHeadersOnly": headers}}
    kept |= {f"bubbleId:s:{name}": bubble for name, bubble in bubbles.items()}
    kept["composerData:empty"] = {}
    database.execute("CREATE TABLE cursorDiskKV (key TEXT UNIQUE, value BLOB)")
    rows = [(key, json.dumps(value).encode()) for key, value in kept.items()]
    database.executemany("INSERT INTO cursorDiskKV VALUES (?, ?)", rows)


STORES: dict[str, tuple[Fill, int]] = {
    "opencode-store": (opencode, 2),
    "hermes-store": (hermes, 1),
    "goose-store": (goose, 1),
    "cursor-store": (cursor, 1),
}


def made(folder: Path, fill: Fill) -> Path:
    path = folder / "a folder?#%" / "store.db"
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as database:
        fill(database)
        database.commit()
    return path


def found(path: Path, *, format: str | None = None) -> list[Transcript]:
    return [item for item in reading.items(path, format=format) if isinstance(item, Transcript)]


@pytest.mark.parametrize(("name", "fill", "count"), [(name, *row) for name, row in STORES.items()], ids=STORES.keys())
def test_a_store_is_recognised_and_read(tmp_path: Path, name: str, fill: Fill, count: int) -> None:
    every = found(made(tmp_path, fill))
    assert (every[0].format, every[0].id, every[0].title, said(every[0])) == (name, "s", "Notes", WORK)
    assert every[0].created is not None and every[0].created.startswith("2026-01-01")
    assert [item.place for item in every] == list(range(count))


def test_the_session_of_a_subagent_has_no_turn_of_the_user(tmp_path: Path) -> None:
    assert [session.subagent for session in found(made(tmp_path, opencode))] == [False, True]


def test_nothing_is_written_to_a_store_or_beside_it(tmp_path: Path) -> None:
    path = made(tmp_path, hermes)
    with closing(sqlite3.connect(path)) as agent:
        agent.execute("PRAGMA journal_mode = WAL")
        agent.execute("INSERT INTO messages VALUES (NULL, 's', 'user', 'Thanks.', NULL, NULL, NULL, NULL, 1)")
        agent.commit()
        before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
        assert said(found(path)[0]) == [*WORK, ("user", "Thanks.")]
        assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == before


def test_a_store_in_a_folder_that_cannot_be_written_is_read(tmp_path: Path) -> None:
    path = made(tmp_path, hermes)
    path.chmod(0o400)
    path.parent.chmod(0o500)
    try:
        assert said(found(path)[0]) == WORK
    finally:
        path.parent.chmod(0o700)


def empty(database: sqlite3.Connection) -> None:
    database.execute("CREATE TABLE notes (id)")


def views(database: sqlite3.Connection) -> None:
    """Views by the names of tables, which could run anything."""
    database.executescript(
        "CREATE VIEW sessions AS SELECT 1 AS id, 2 AS started_at;"
        "CREATE VIEW messages AS SELECT 1 AS session_id, 2 AS role, 3 AS tool_calls;"
    )


@pytest.mark.parametrize("fill", [empty, views])
def test_a_database_of_another_kind_is_refused(tmp_path: Path, fill: Fill) -> None:
    with pytest.raises(Unreadable, match="no store in a known format") as caught:
        found(made(tmp_path, fill))
    assert "cursor-store" in caught.value.hint


@pytest.mark.parametrize("cut", [17, 99, 4096, 5000])
def test_a_database_cut_short_is_refused(tmp_path: Path, cut: int) -> None:
    path = made(tmp_path, hermes)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(Unreadable):
        found(path)


def test_wrong_values_in_a_store_are_left_out(tmp_path: Path) -> None:
    path = made(tmp_path, hermes)
    with closing(sqlite3.connect(path)) as database:
        wrong = [(7, b"\xff"), (None, None), ("user", b"\x00json:{"), ("narrator", "x")]
        for role, content in wrong:
            row = (role, content, "[[[[")
            database.execute("INSERT INTO messages VALUES (NULL, 's', ?, ?, NULL, ?, NULL, 'now', NULL)", row)
        database.commit()
    assert said(found(path)[0])[: len(WORK)] == WORK


def test_a_format_that_is_none_is_refused_and_every_other_named() -> None:
    with pytest.raises(UsageError, match="no transcript format 'opanai'") as caught:
        reading.check_format("opanai")
    assert "openai" in caught.value.hint and "goose-store" in caught.value.hint
    for name in reading.formats():
        reading.check_format(name)


def test_checkpoints_are_read_to_the_last_write(data: Path) -> None:
    every = found(data / "transcripts/fixtures/deepagents/checkpoint.db")
    assert [session.id for session in every] == ["thread-123", "thread-basic", "thread-overwrite"]
    assert said(every[0]) == [
        ("user", "What is the weather in Paris?"),
        ("reasoning", "I should call the weather tool."),
        ("assistant", "I will check the weather."),
        ("tool", "Sunny, 22 C"),
        ("assistant", "It is sunny and 22 C in Paris."),
    ]
    assert said(every[2]) == [("user", "Replacement user"), ("assistant", "Replacement response")]


PACKED: dict[str, tuple[bytes, object]] = {
    "a small number": (b"\x07", 7),
    "a negative one": (b"\xff", -1),
    "a large one": (b"\xcd\x01\x00", 256),
    "a float": (b"\xcb?\xf8" + b"\0" * 6, 1.5),
    "nothing": (b"\xc0", None),
    "a text": (b"\xa2hi", "hi"),
    "a longer text": (b"\xd9\x02hi", "hi"),
    "bytes": (b"\xc4\x01x", b"x"),
    "an array": (b"\x92\x01\xc3", [1, True]),
    "a map": (b"\x81\xa1a\x01", {"a": 1}),
}


@pytest.mark.parametrize(("packed", "value"), PACKED.values(), ids=PACKED.keys())
def test_messagepack_is_unpacked(packed: bytes, value: object) -> None:
    assert unpack(packed) == value


def test_an_object_of_python_becomes_what_it_is_made_with() -> None:
    inside = b"\x93\xa1m\xa1C\x81\xa1a\x01"
    assert unpack(b"\xc7" + bytes([len(inside)]) + b"\x05" + inside) == {"a": 1, "__class__": "C"}


@pytest.mark.parametrize("packed", [b"", b"\xa5hi", b"\xdd\xff\xff\xff\xff", b"\xc1", b"\x91" * 5000, b"\xcd\x01"])
def test_what_is_no_messagepack_is_a_value_error(packed: bytes) -> None:
    with pytest.raises(ValueError):
        unpack(packed)
