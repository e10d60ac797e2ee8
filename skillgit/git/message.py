r"""The grammar of a decision's commit message: one place that writes it and reads it.

    <action>(<skill>): <summary> (<old> -> <new>)
                                                     one blank line
    + a rule that is new                             notes, each on one line behind its mark:
    ~ a rule that changed (was: its old words)       + added, - removed, ~ changed, | anything else
    - a rule that went
                                                     one blank line
    Skill-Decision: add | merge | discard            of learning
                    edit | import | remove | revert | move | tidy | sync     of people and tools
    Skill-Path: Users/ada/government-report
    Skill-Was: Users/ada/report                      the path before a move
    Skill-Id: 9ac1dc4f-...                           the skill's metadata.id
    Skill-Version: 0.1.0 -> 0.1.1                    `-> 0.1.0` of a new skill, `0.1.1 ->` of a removed one,
                                                     `0.1.1` where nothing changed
    Skill-Bump: major | minor | patch | none
    Skill-Score: 0.83 Users/ada/government-report    how near the nearest skill was
    Skill-Reason: already covered by ...             why a discard was one
    Skill-Evidence: sha256:<64 hex>#3 "no tables"    transcript, turn and the user's words as a JSON string; repeatable
    Skill-Learner: offline/1
    Skill-Attempt: 26 characters                     idempotency key: an attempt is applied once

The trailers are the last paragraph, written by skillgit alone. Text that comes from a transcript or a
file stands in the summary, behind a note's mark, or in a value: always on one line, in NFC, without
control, bidirectional and invisible characters, so that it can start neither a line nor a trailer.
`decode` is strict: last paragraph only, exact keys, no key twice but Skill-Evidence; anything else is not
a decision. `git log --format='%(trailers:key=Skill-Decision,valueonly)'` reads the same values.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, get_args

Action = Literal["add", "merge", "discard", "edit", "import", "remove", "revert", "move", "tidy", "sync"]
Bump = Literal["major", "minor", "patch", "none"]

_SUBJECT_WIDTH = 100
_NOTE_WIDTH = 500
_QUOTE_WIDTH = 200
_SUBJECT = re.compile(r"^(?P<action>[a-z]+)\((?P<skill>.+?)\): (?P<rest>.*)$")
_TRAILER = re.compile(r"^(?P<key>[A-Za-z][A-Za-z0-9-]*): (?P<value>.*)$")
_EVIDENCE = re.compile(r"^(?P<digest>sha256:[0-9a-f]{64})#(?P<turn>\d+) (?P<quote>\".*\")$")
_SCORE = re.compile(r"^(?P<score>[01]\.\d+) (?P<path>.+)$")


@dataclass(frozen=True, slots=True)
class Quote:
    """The words of a user that a decision rests on: which transcript, which turn (0-based), what was said."""

    digest: str
    turn: int
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the body: `mark` is one of `+ - ~ |`."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about one skill, and why; a commit message holds it whole.

    `before` is None for a new skill, `after` for a removed one, and both are the same where a
    discard leaves the skill as it is. `score` is the likeness of `nearest`, in [0, 1].
    """

    action: Action
    path: str
    summary: str
    id: str | None = None
    was: str | None = None
    before: str | None = None
    after: str | None = None
    bump: Bump = "none"
    score: float | None = None
    nearest: str | None = None
    reason: str | None = None
    learner: str | None = None
    attempt: str | None = None
    evidence: tuple[Quote, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def skill(self) -> str:
        """The skill as people name it: its path without `Users/`."""
        return self.path.removeprefix("Users/")


def encode(decision: Decision) -> str:
    """The commit message that says `decision`, ending in a newline."""
    body = "\n".join(f"{note.mark} {one_line(note.text, _NOTE_WIDTH)}" for note in decision.notes)
    trailers = "\n".join(f"{key}: {value}" for key, value in _trailers(decision))
    return "\n\n".join(part for part in (_subject(decision), body, trailers) if part) + "\n"


def decode(message: str) -> Decision | None:
    """The decision a commit message says, or None where it says none in full."""
    paragraphs = message.rstrip("\n").split("\n\n")
    values = _read_trailers(paragraphs[-1])
    subject = _SUBJECT.match(paragraphs[0])
    if values is None or subject is None or len(paragraphs) < 2:
        return None
    action = values.get("Skill-Decision", "")
    if action not in get_args(Action) or not values.get("Skill-Path"):
        return None
    before, after = _versions(values.get("Skill-Version", ""))
    score = _SCORE.match(values.get("Skill-Score", ""))
    bump = values.get("Skill-Bump", "none")
    return Decision(
        action=action,  # type: ignore[arg-type]  # checked against Action above
        path=values["Skill-Path"],
        summary=subject["rest"].removesuffix(_version_tail(before, after)),
        id=values.get("Skill-Id"),
        was=values.get("Skill-Was"),
        before=before,
        after=after,
        bump=bump if bump in get_args(Bump) else "none",  # type: ignore[arg-type]  # checked in the same line
        score=float(score["score"]) if score else None,
        nearest=score["path"] if score else None,
        reason=values.get("Skill-Reason"),
        learner=values.get("Skill-Learner"),
        attempt=values.get("Skill-Attempt"),
        evidence=_read_evidence(paragraphs[-1]),
        notes=_read_notes(paragraphs[1:-1]),
    )


def one_line(text: str, width: int) -> str:
    """`text` in NFC on one line of at most `width` characters, without characters that are not seen."""
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    seen = "".join(char for char in spaced if _is_seen(char))
    return seen if len(seen) <= width else seen[: width - 1].rstrip() + "…"


def _is_seen(char: str) -> bool:
    return char == " " or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _subject(decision: Decision) -> str:
    head = f"{decision.action}({decision.skill}): "
    tail = _version_tail(decision.before, decision.after)
    room = max(_SUBJECT_WIDTH - len(head) - len(tail), 20)
    return head + one_line(decision.summary, room) + tail


def _version_tail(before: str | None, after: str | None) -> str:
    version = _arrow(before, after, short=True)
    return f" ({version})" if version else ""


def _arrow(before: str | None, after: str | None, *, short: bool) -> str:
    if before == after:
        return after or ""
    if short and before is None:
        return after or ""
    return f"{before or ''} -> {after or ''}".strip()


def _versions(text: str) -> tuple[str | None, str | None]:
    before, arrow, after = text.partition("->")
    if not arrow:
        return text.strip() or None, text.strip() or None
    return before.strip() or None, after.strip() or None


def _trailers(decision: Decision) -> list[tuple[str, str]]:
    score = f"{decision.score:.2f} {decision.nearest}" if decision.score is not None and decision.nearest else None
    rows: list[tuple[str, str | None]] = [
        ("Skill-Decision", decision.action),
        ("Skill-Path", decision.path),
        ("Skill-Was", decision.was),
        ("Skill-Id", decision.id),
        ("Skill-Version", _arrow(decision.before, decision.after, short=False)),
        ("Skill-Bump", decision.bump),
        ("Skill-Score", score),
        ("Skill-Reason", decision.reason),
        *(("Skill-Evidence", _evidence(quote)) for quote in decision.evidence),
        ("Skill-Learner", decision.learner),
        ("Skill-Attempt", decision.attempt),
    ]
    return [(key, one_line(value, _NOTE_WIDTH)) for key, value in rows if value]


def _evidence(quote: Quote) -> str:
    text = one_line(quote.text, _QUOTE_WIDTH)
    return f"{quote.digest}#{quote.turn} {json.dumps(text, ensure_ascii=False)}"


def _read_trailers(paragraph: str) -> dict[str, str] | None:
    values: dict[str, str] = {}
    for line in paragraph.split("\n"):
        match = _TRAILER.match(line)
        if match is None or (match["key"] in values and match["key"] in _ONCE):
            return None
        values.setdefault(match["key"], match["value"])
    return values


def _read_evidence(paragraph: str) -> tuple[Quote, ...]:
    rows = (_EVIDENCE.match(line.removeprefix("Skill-Evidence: ")) for line in paragraph.split("\n"))
    return tuple(Quote(row["digest"], int(row["turn"]), json.loads(row["quote"])) for row in rows if row)


def _read_notes(paragraphs: list[str]) -> tuple[Note, ...]:
    lines = (line for paragraph in paragraphs for line in paragraph.split("\n"))
    return tuple(Note(line[0], line[2:]) for line in lines if line[:2] in ("+ ", "- ", "~ ", "| "))


_ONCE = frozenset(
    f"Skill-{name}"
    for name in ("Decision", "Path", "Was", "Id", "Version", "Bump", "Score", "Reason", "Learner", "Attempt")
)
