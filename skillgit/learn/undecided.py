"""Conversations that a model gave no answer about, kept until there is one: `.git/skillgit/undecided/<attempt>.json`.

A file is private and synced, and holds the conversation without secrets; it goes when a decision is made. Nothing of
it is ever in the history. `skillgit work` asks again about it as often, and with such pauses, as about a session that
failed; after that it stays for `ingest --undecided`.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from skillgit import files
from skillgit.errors import RepositoryError, Unreadable
from skillgit.git.repo import Repo
from skillgit.learn import spool
from skillgit.learn.learner import Heard, Learner
from skillgit.transcripts.fields import fields, rows, text
from skillgit.transcripts.model import Role, Transcript, Turn

_AFTER_JOBS = 5.0
"""Seconds later than the job of the same session, which is tried first."""
_LONG_AGO = 60.0
"""Seconds after which nobody is writing a file any more."""
_ROLES: dict[str, Role] = {"system": "system", "user": "user", "assistant": "assistant", "tool": "tool"}


@dataclass(frozen=True, slots=True)
class Undecided:
    """A conversation that is kept: whose it is, what was hinted at, and why nothing was decided.

    So many `tries` failed; the next one is `due` then, in Unix time.
    """

    heard: Heard
    user: str
    hint: str | None
    reason: str
    tries: int
    due: float

    @property
    def is_given_up(self) -> bool:
        """Whether it was tried so often that only a person's word has it tried again."""
        return self.tries >= spool.TRIES


def keep(learner: Learner, said: Heard, reason: str) -> None:
    """The conversation is in its file, on the disk."""
    file = place(learner.repo, said.attempt)
    record = _record(learner, said, reason, tries=_tries(file) + 1)
    try:
        files.write(file, json.dumps(record).encode())
    except OSError as err:
        raise RepositoryError(f"cannot write '{file}': {(err.strerror or '').lower()}") from err


def kept(repo: Repo) -> Iterator[Undecided]:
    """What is kept, by attempt; Unreadable where a file is not what `keep` wrote."""
    for file in sorted((repo.private / "undecided").glob("*.json")):
        try:
            yield _read(file)
        except FileNotFoundError:  # somebody has decided meanwhile
            continue
        except (OSError, ValueError, KeyError) as err:
            raise Unreadable(f"cannot read '{file}': {err}", hint="it can be removed") from err


def due(repo: Repo) -> Iterator[Undecided]:
    """What is to be asked about again now, by attempt."""
    now = time.time()
    return (each for each in kept(repo) if each.due <= now and not each.is_given_up)


@contextmanager
def claimed(repo: Repo, known: Undecided) -> Iterator[bool]:
    """Whether it is for this process to ask about a conversation, inside the block: nobody does, or has since then."""
    try:
        descriptor = os.open(place(repo, known.heard.attempt), os.O_RDONLY)
    except FileNotFoundError:
        yield False
        return
    try:
        yield _is_free(descriptor) and _tries(place(repo, known.heard.attempt)) == known.tries
    finally:
        os.close(descriptor)


def place(repo: Repo, attempt: str) -> Path:
    """The file that keeps a conversation."""
    return repo.private / "undecided" / f"{attempt}.json"


def drop(repo: Repo, attempt: str) -> None:
    """Nothing is kept of this attempt."""
    place(repo, attempt).unlink(missing_ok=True)


def clear(repo: Repo) -> None:
    """What processes that were killed have left of a conversation is gone."""
    for file in (repo.private / "undecided").glob(f"*{files.UNFINISHED}"):
        with suppress(FileNotFoundError):  # whoever was writing it has finished
            if time.time() - file.stat().st_mtime > _LONG_AGO:
                file.unlink()


def _is_free(descriptor: int) -> bool:
    """Whether no other process had this file; it is this one's then, until it is closed."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _tries(file: Path) -> int:
    """How often what is in a file has failed; 0 where there is none."""
    try:
        return _read(file).tries
    except FileNotFoundError:
        return 0


def _record(learner: Learner, said: Heard, reason: str, *, tries: int) -> dict[str, object]:
    transcript = said.transcript
    turns = [{"role": turn.role, "text": turn.text, "ok": turn.ok} for turn in transcript.turns]
    return {
        "reason": reason,
        "tries": tries,
        "due": time.time() + spool.pause(tries) + _AFTER_JOBS,
        "user": learner.user,
        "hint": learner.hint,
        "digest": said.digest,
        "attempt": said.attempt,
        "format": transcript.format,
        "place": transcript.place,
        "subagent": transcript.subagent,
        "turns": turns,
    }


def _read(file: Path) -> Undecided:
    record = fields(json.loads(file.read_bytes()))
    turns = tuple(
        Turn(_ROLES.get(row["role"], "reasoning"), row["text"], ok=row["ok"]) for row in rows(record["turns"])
    )
    transcript = Transcript(record["format"], turns, place=record["place"], subagent=record["subagent"])
    said = Heard(transcript, record["digest"], record["attempt"])
    tries, then = record.get("tries", 1), record.get("due", 0.0)  # older files have none
    return Undecided(said, record["user"], record["hint"], text(record["reason"]), int(tries), float(then))
