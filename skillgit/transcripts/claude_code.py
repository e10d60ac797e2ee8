"""Claude Code's sessions: rows of user, assistant and much that the harness writes for itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from skillgit.transcripts import message
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, fields, first, moment, rows, text
from skillgit.transcripts.harness import own_content
from skillgit.transcripts.model import Diagnostic, Item, Transcript
from skillgit.transcripts.stream import Record

NAME = "claude-code"

_SPEAKERS = {"user", "assistant"}
_MARKS = ("uuid", "sessionId", "session_id", "parentUuid", "isSidechain")
_BOOKKEEPING = {  # types of rows, with a field that tells them from another agent's
    "file-history-snapshot": "type",
    "queue-operation": "type",
    "summary": "leafUuid",
    **dict.fromkeys(("system", "progress", "attachment", "mode", "permission-mode"), "sessionId"),
    **dict.fromkeys(("custom-title", "ai-title", "last-prompt"), "sessionId"),
}
_NOT_SAID = ("isMeta", "isCompactSummary", "isVisibleInTranscriptOnly", "isApiErrorMessage")
_TITLES = ("customTitle", "aiTitle", "summary")


def is_claude_code(value: object) -> bool:
    """Whether the value is such a row, or an array that begins with one."""
    return any(_keeps_books(row) or (_speaks(row) and any(mark in row for mark in _MARKS)) for row in rows(value)[:1])


def read(records: Iterator[Record | Diagnostic]) -> Iterator[Item]:
    """Yield one conversation a session id, in the order the ids appear; rows without one follow the row before."""
    sessions: dict[str, _Session] = {}
    current = ""
    for record in records:
        if isinstance(record, Diagnostic):
            yield record
            continue
        for row in rows(record.value):
            named = first(row, "sessionId", "session_id")
            if named and current == "" and current in sessions:
                sessions[named] = sessions.pop("")
            current = named or current
            sessions.setdefault(current, _Session()).add(row, line=record.line)
    for place, (session_id, session) in enumerate(sessions.items()):
        yield replace(session.transcript(session_id or None), place=place)


class _Session:
    """The rows of one session id: the main conversation, and apart from it those of a subagent."""

    def __init__(self) -> None:
        self._main = Draft()
        self._side = Draft()
        self._side_lines: list[int | None] = []
        self._has_main = False
        self._seen: set[str] = set()
        self._title: str | None = None
        self._created: str | None = None

    def add(self, row: Fields, *, line: int | None) -> None:
        """Add one row; rows of bookkeeping and repeated rows leave no turn."""
        self._title = first(row, *_TITLES) or self._title
        row_id = text(row.get("uuid"))
        if not _speaks(row) or (row_id and row_id in self._seen):
            return
        self._seen.add(row_id)
        self._created = self._created or moment(row, "timestamp")
        on_the_side = row.get("isSidechain") is True
        if on_the_side:
            self._side_lines.append(line)
        else:
            self._has_main = True
        draft = self._side if on_the_side else self._main
        draft.line = line
        _add(draft, row)

    def transcript(self, session_id: str | None) -> Transcript:
        """The main conversation; a subagent's where the file holds nothing else."""
        subagent = bool(self._side_lines) and not self._has_main
        draft = self._side if subagent else self._main
        if not subagent:
            draft.notes += [_sidechain(line) for line in self._side_lines]
        return draft.transcript(NAME, id=session_id, title=self._title, created=self._created, subagent=subagent)


def _speaks(row: Fields) -> bool:
    return text(row.get("type")) in _SPEAKERS and isinstance(row.get("message"), dict)


def _keeps_books(row: Fields) -> bool:
    return _BOOKKEEPING.get(text(row.get("type")), "") in row


def _add(draft: Draft, row: Fields) -> None:
    said = fields(row["message"])
    role = said.get("role", row["type"])
    content = said.get("content")
    if row["type"] == "user":
        content = _own_content(row, content)
    if any(row.get(mark) is True for mark in _NOT_SAID) or content == []:
        draft.note("noise_record_dropped", f"dropped a row the harness wrote as the {role}'s")
        return
    message.add(draft, {"role": role, "content": content}, timestamp=moment(row, "timestamp"))


def _own_content(row: Fields, content: object) -> list[object]:
    """What the user wrote, and tool results; a row that says another origin than a human has no words of the user."""
    own = own_content(content)
    origin = fields(row.get("origin")).get("kind", "human")
    return own if origin == "human" else [block for block in own if fields(block).get("type") == "tool_result"]


def _sidechain(line: int | None) -> Diagnostic:
    return Diagnostic("sidechain_record_dropped", "dropped a row of a subagent inside its parent's session", line)
