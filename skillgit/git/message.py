r"""The grammar of a decision's commit message: one place that writes it and reads it.

    <action>(<skill>): <summary> (<old> -> <new>)
                                                     one blank line
    + a rule that is new                             notes, each on one line behind its mark:
    ~ a rule that changed (was: its old words)       + added, - removed, ~ changed, | anything else
    - a rule that went
                                                     one blank line
    Skill-Decision: add | merge | discard            of learning
                    edit | import | remove | revert | move | tidy | sync | reject     of people and tools
    Skill-Path: Users/ada/government-report
    Skill-Was: Users/ada/report                      the path before a move
    Skill-Id: 9ac1dc4f-...                           the skill's metadata.id
    Skill-Version: 0.1.0 -> 0.1.1                    `-> 0.1.0` of a new skill, `0.1.1 ->` of a removed one,
                                                     `0.1.1` where nothing changed
    Skill-Bump: major | minor | patch | none
    Skill-Score: 0.83 Users/ada/government-report    how near the nearest skill was
    Skill-Reason: already covered by ...             why a discard, or a rejection, was one
    Skill-Evidence: sha256:<64 hex>#3 "no tables"    transcript, turn and the user's words as a JSON string; repeatable
    Skill-Learner: offline/1
    Skill-Attempt: 26 characters                     idempotency key: an attempt is applied once, or rejected;
                                                     a revert with one lets it be applied again

The trailers are the last paragraph, written by skillgit alone. Text that comes from a transcript or a
file stands in the summary, behind a note's mark, or in a value: always on one line, in NFC, without
control, bidirectional and invisible characters, so that it can start neither a line nor a trailer.
`decode` is strict: last paragraph only, exact keys, no key twice but Skill-Evidence, every value in the
form above, and the subject about the same skill; anything else is not a decision. Other trailers
(`Signed-off-by`) may stand in the paragraph. `git log --format='%(trailers:key=Skill-Decision,valueonly)'`
reads the same values.

A merge commit tells of many skills, and so is no decision; it lists what became of each that it brought or merged:

    Merge branch 'laptop'

    merge(ada/government-report): both sides' rules (0.1.2)
    | Rules: both sides' lines
    add(ada/release): from laptop (0.1.0)
                                                     one blank line
    Skill-Merged: Users/ada/government-report 0.1.2  every skill that the merge left with this version; repeatable
    Skill-Merged: Users/ada/release 0.1.0
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from skillgit.errors import Unsafe

Action = Literal["add", "merge", "discard", "edit", "import", "remove", "revert", "move", "tidy", "sync", "reject"]
Bump = Literal["major", "minor", "patch", "none"]

_SUBJECT_WIDTH = 100
_NOTE_WIDTH = 500
_QUOTE_WIDTH = 200
_VERSION_WIDTH = 40
_TRAILER = re.compile(r"(?P<key>[A-Za-z][A-Za-z0-9-]*): (?P<value>\S(?:.*\S)?)")
_EVIDENCE = re.compile(r"(?P<digest>sha256:[0-9a-f]{64})#(?P<turn>[0-9]{1,9}) (?P<quote>\".*\")")
_SCORE = re.compile(r"(?P<score>[0-9]{1,9}\.[0-9]{1,9}) (?P<path>\S.*)")
_KEYS = (
    "Skill-Decision",
    "Skill-Path",
    "Skill-Was",
    "Skill-Id",
    "Skill-Version",
    "Skill-Bump",
    "Skill-Score",
    "Skill-Reason",
    "Skill-Evidence",
    "Skill-Learner",
    "Skill-Attempt",
)
_FOLDED = frozenset(key.casefold() for key in _KEYS)

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufdd0-\ufdef\ufff0-\ufff8"
    "\ufffe\uffff\U000e0000-\U000e0fff]"
)
"""Letters and marks that nothing shows: fillers, variation selectors (text can hide in them), what is no character."""


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
    """The commit message that says `decision`, ending in a newline; Unsafe where a name in it cannot be written."""
    notes = ((note.mark, one_line(note.text, _NOTE_WIDTH)) for note in decision.notes)
    body = "\n".join(f"{mark} {text}" for mark, text in notes if text)
    trailers = "\n".join(f"{key}: {value}" for key, value in _trailers(decision) if value)
    return "\n\n".join(part for part in (_subject(decision), body, trailers) if part) + "\n"


def decode(message: str) -> Decision | None:
    """The decision a commit message says, or None where it says none in full."""
    subject, *rest = message.rstrip("\n").split("\n\n")
    rows = _rows(rest[-1]) if rest else None
    if rows is None or "\n" in subject or _CONTROL.search(message):
        return None
    values = {key: value for key, value in rows if key != "Skill-Evidence"}
    action, path, bump = (values.get(f"Skill-{name}", "") for name in ("Decision", "Path", "Bump"))
    evidence = [_read_evidence(value) for key, value in rows if key == "Skill-Evidence"]
    score = _read_score(values.get("Skill-Score"))
    head = f"{action}({path.removeprefix('Users/')}):"
    about = bool(path) and f"{subject} ".startswith(f"{head} ")
    if not about or action not in get_args(Action) or bump not in get_args(Bump) or not score or None in evidence:
        return None
    before, after = _versions(values.get("Skill-Version", ""))
    return Decision(
        action=action,  # type: ignore[arg-type]  # checked against Action above
        path=path,
        summary=subject.removeprefix(head).removesuffix(_version_tail(before, after)).strip(),
        id=values.get("Skill-Id"),
        was=values.get("Skill-Was"),
        before=before,
        after=after,
        bump=bump,  # type: ignore[arg-type]  # checked against Bump above
        score=score[0],
        nearest=score[1],
        reason=values.get("Skill-Reason"),
        learner=values.get("Skill-Learner"),
        attempt=values.get("Skill-Attempt"),
        evidence=tuple(quote for quote in evidence if quote),
        notes=_read_notes(rest[:-1]),
    )


def encode_merge(subject: str, decisions: Iterable[Decision]) -> str:
    """The message of a merge commit that leaves the skills so; Unsafe where a name in it cannot be written."""
    told, trailers = list[str](), list[str]()
    for decision in decisions:
        notes = ((note.mark, one_line(note.text, _NOTE_WIDTH)) for note in decision.notes)
        told += [_subject(decision), *(f"{mark} {text}" for mark, text in notes if text)]
        trailers += (
            [f"Skill-Merged: {decision.path} {_arrow('', decision.after, short=True)}"] if decision.after else []
        )
    parts = (one_line(subject, _NOTE_WIDTH), "\n".join(told), "\n".join(trailers))
    return "\n\n".join(part for part in parts if part) + "\n"


def decode_merge(message: str) -> tuple[tuple[str, str], ...]:
    """The skills that a merge commit's message says it left, each with its version; nothing where it says none."""
    _, *rest = message.rstrip("\n").split("\n\n")
    rows = _rows(rest[-1]) if rest and not _CONTROL.search(message) else None
    said = [value.rpartition(" ") for key, value in rows or () if key == "Skill-Merged"]
    return tuple((path, version) for path, _, version in said if path)


def claims(message: str) -> bool:
    """Whether the last paragraph has a line that means to be a trailer of skillgit's, be it well formed or not."""
    keys = (line.partition(":")[0].strip().casefold() for line in message.rstrip().split("\n\n")[-1].split("\n"))
    return any(key in _FOLDED or key == "skill-merged" for key in keys)


def one_line(text: str, width: int) -> str:
    """`text` in NFC on one line of at most `width` characters, without characters that are not seen."""
    seen = "".join(char for char in re.sub(r"\s", " ", text) if _is_seen(char))
    line = " ".join(unicodedata.normalize("NFC", seen).split())
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def _is_seen(char: str) -> bool:
    return unicodedata.category(char) not in _UNSEEN and not _BLANK.match(char)


def _exact(name: str | None) -> str | None:
    """A name that must come back as it was given: Unsafe where it cannot stand in a line, or where not all is seen."""
    if name and (name != name.strip() or not all(map(_is_seen, name))):
        raise Unsafe(f"cannot write {name!a} in a commit message", hint="rename its folder: letters, digits, hyphens")
    return name


def _subject(decision: Decision) -> str:
    head = f"{decision.action}({_exact(decision.skill)}):"
    tail = _version_tail(decision.before, decision.after)
    summary = one_line(decision.summary, max(_SUBJECT_WIDTH - len(head) - 1 - len(tail), 20))
    return f"{head} {summary}".rstrip() + tail


def _version_tail(before: str | None, after: str | None) -> str:
    version = _arrow(before, after, short=True)
    return f" ({version})" if version else ""


def _arrow(before: str | None, after: str | None, *, short: bool) -> str:
    old, new = one_line(before or "", _VERSION_WIDTH), one_line(after or "", _VERSION_WIDTH)
    if old == new or (short and not old):
        return new
    return f"{old} -> {new}".strip()


def _versions(text: str) -> tuple[str | None, str | None]:
    before, arrow, after = text.partition("->")
    if not arrow:
        return text.strip() or None, text.strip() or None
    return before.strip() or None, after.strip() or None


def _trailers(decision: Decision) -> list[tuple[str, str | None]]:
    nearest = one_line(decision.nearest or "", _NOTE_WIDTH)
    return [
        ("Skill-Decision", decision.action),
        ("Skill-Path", _exact(decision.path)),
        ("Skill-Was", _exact(decision.was)),
        ("Skill-Id", one_line(decision.id or "", _NOTE_WIDTH)),
        ("Skill-Version", _arrow(decision.before, decision.after, short=False)),
        ("Skill-Bump", decision.bump),
        ("Skill-Score", f"{decision.score:.2f} {nearest}" if decision.score is not None and nearest else None),
        ("Skill-Reason", one_line(decision.reason or "", _NOTE_WIDTH)),
        *(("Skill-Evidence", _evidence(quote)) for quote in decision.evidence),
        ("Skill-Learner", one_line(decision.learner or "", _NOTE_WIDTH)),
        ("Skill-Attempt", _exact(decision.attempt)),
    ]


def _evidence(quote: Quote) -> str:
    text = one_line(quote.text, _QUOTE_WIDTH)
    return f"{quote.digest}#{quote.turn} {json.dumps(text, ensure_ascii=False)}"


def _rows(paragraph: str) -> list[tuple[str, str]] | None:
    """The trailers of a paragraph in order, or None where it is not all trailers, or misuses one of ours."""
    rows: list[tuple[str, str]] = []
    for line in paragraph.split("\n"):
        match = _TRAILER.fullmatch(line)
        if match is None:
            return None
        rows.append((match["key"], match["value"]))
    ours = [key for key, _ in rows if key.casefold() in _FOLDED]
    once = [key for key in ours if key != "Skill-Evidence"]
    return rows if set(ours) <= set(_KEYS) and len(once) == len(set(once)) else None


def _read_score(value: str | None) -> tuple[float | None, str | None] | None:
    """The score and what it is of; a pair of None where nothing is said, None where what is said is no score."""
    if value is None:
        return None, None
    match = _SCORE.fullmatch(value)
    return (float(match["score"]), match["path"]) if match else None


def _read_evidence(value: str) -> Quote | None:
    match = _EVIDENCE.fullmatch(value)
    if match is None:
        return None
    try:
        text = json.loads(match["quote"])
    except ValueError:
        return None
    if not isinstance(text, str) or _CONTROL.search(text):
        return None
    return Quote(match["digest"], int(match["turn"]), text)


def _read_notes(paragraphs: list[str]) -> tuple[Note, ...]:
    lines = (line for paragraph in paragraphs for line in paragraph.split("\n"))
    return tuple(Note(line[0], line[2:]) for line in lines if line[:2] in ("+ ", "- ", "~ ", "| "))
