"""Sessions of Claude Code in a home, for the tests of what finds and reads them."""

from __future__ import annotations

import json
from pathlib import Path

ASKED = ("Write the release notes for 2.4.", "Done.")
LESSON = ("From now on, list breaking changes first in release notes.", "Noted.")
SECOND = ("In release notes, always mention the issue number.", "Noted.")
SMALL_TALK = ("What is the capital of France?", "Paris.")


def session(home: Path, name: str, *said: str, cwd: str = "/src/app") -> Path:
    """Write a session of so many turns, the user's first, as Claude Code keeps it."""
    file = home / f".claude/projects/-src-app/{name}.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{json.dumps(_row(name, turn, text, cwd))}\n" for turn, text in enumerate(said)))
    return file


def _row(name: str, turn: int, text: str, cwd: str) -> dict[str, object]:
    role = ("user", "assistant")[turn % 2]
    return {
        "type": role,
        "uuid": f"{name}-{turn}",
        "parentUuid": f"{name}-{turn - 1}" if turn else None,
        "isSidechain": False,
        "sessionId": name,
        "cwd": cwd,
        "version": "2.1.150",
        "timestamp": f"2026-01-02T03:{turn:02}:00Z",
        "message": {"role": role, "content": text if role == "user" else [{"type": "text", "text": text}]},
    }
