"""A line for the spool, from an agent's hook: `python -I -S append.py SPOOL AGENT [EVENT]`, what it says on stdin.

It is run by its path, imports nothing of skillgit's, and is done in 20 ms. It exits with 0 whatever happens: a lesson
may be late, an agent's session must not suffer. Of what the agent says only the session's file, its id and the event
are kept.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
import time

_PATHS = ("transcript_path", "transcriptPath")
_SESSIONS = ("session_id", "sessionId", "conversation_id")
_EVENTS = ("hook_event_name", "hookEventName")
"""The names that agents have for them."""

LIMIT = 1 << 20
"""So many bytes a spool may have; whoever drains a full one looks through all sessions of the agents in it."""
_MOST = 1 << 22


def main(argv: list[str]) -> int:
    """Append the line that the agent's words make. 0, whatever happens."""
    try:
        spool, agent, *event = argv
        append(spool, line(agent, sys.stdin.buffer.read(_MOST), at=time.time(), event="".join(event)))
    except (OSError, ValueError):
        pass
    return 0


def line(agent: str, said: bytes, *, at: float, event: str = "") -> bytes:
    """The line for what an agent says: of a session that it names, or of whatever is new.

    `event` is what it is about, where the agent does not say it.
    """
    try:
        value = json.loads(said)
    except ValueError:
        value = None
    known = value if isinstance(value, dict) else {}
    row = {
        "agent": agent,
        "path": _first(known, _PATHS),
        "session": _first(known, _SESSIONS),
        "event": _first(known, _EVENTS) or event,
        "at": at,
    }
    return json.dumps(row).encode() + b"\n"


def _first(known: dict[str, object], names: tuple[str, ...]) -> str:
    return next((said for name in names if isinstance(said := known.get(name), str) and said), "")


def append(spool: str, row: bytes) -> None:
    """The line is in the file and on the disk, or the file is as it was. The folder has to be there."""
    descriptor = os.open(spool, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        size = os.fstat(descriptor).st_size
        if size < LIMIT:
            _write(descriptor, _mended(descriptor, size) + row, size)
    finally:
        os.close(descriptor)


def _mended(descriptor: int, size: int) -> bytes:
    """What ends a line that a power cut tore."""
    return b"\n" if size and os.pread(descriptor, 1, size - 1) != b"\n" else b""


def _write(descriptor: int, content: bytes, size: int) -> None:
    try:
        if os.write(descriptor, content) != len(content):
            raise OSError("the disk is full")
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, size)
        raise


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
