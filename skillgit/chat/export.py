"""A conversation as a file to keep: Markdown to read, JSON that `skillgit ingest` and other programs read. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from skillgit.changes.skill import shown
from skillgit.chat.chats import Given, Kept, Lesson, Said


def markdown(kept: Kept, turns: Sequence[Said], lessons: Sequence[Lesson]) -> str:
    """What was said, under a heading a turn, with the skills of each answer and what was learned after it."""
    parts = [f"# {kept.title or '-'}", f"{_date(kept.created)}, {kept.user}"]
    for number, said in enumerate(turns, start=1):
        parts += [f"## {'You' if said.role == 'user' else 'Answer'}", *_skills(said.given), said.text]
        parts += [] if said.whole else ["*(broken off)*"]
        parts += [_line(lesson) for lesson in lessons if lesson.through == number and lesson.skill]
    return "\n\n".join(parts) + "\n"


def as_json(kept: Kept, turns: Sequence[Said], lessons: Sequence[Lesson]) -> str:
    """All that is kept of it; `messages` are as chat completions have them."""
    said = {
        "id": kept.id,
        "user": kept.user,
        "title": kept.title,
        "created": _date(kept.created),
        "options": asdict(kept.options),
        "messages": [_message(turn) for turn in turns],
        "lessons": [{**asdict(lesson), "at": _date(lesson.at)} for lesson in lessons],
    }
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def _message(turn: Said) -> dict[str, object]:
    message: dict[str, object] = {"role": turn.role, "content": turn.text, "at": _date(turn.at)}
    if turn.role == "assistant":
        message |= {"whole": turn.whole, "skills": [asdict(given) for given in turn.given]}
    return message


def _skills(given: Sequence[Given]) -> list[str]:
    named = [f"{shown(each.path)} {each.version} ({each.score:.2f})" for each in given if each.injected]
    return [f"Skills: {', '.join(named)}"] if named else []


def _line(lesson: Lesson) -> str:
    return f"> {lesson.decision} {lesson.skill} {lesson.version}: {lesson.reason}"


def _date(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
