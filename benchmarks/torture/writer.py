"""One of many writers: `python -m benchmarks.torture.writer KIND NUMBER DECISIONS`, in a work tree.

Prints a line of JSON for each decision that was acknowledged. Of its lessons the first is one that every
writer learns, into one skill; the others go in turn to a skill of its own and to one that all share.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.torture import place
from skillgit.changes.record import Change, record
from skillgit.changes.skill import load, readable
from skillgit.git import ledger
from skillgit.git.message import Action
from skillgit.git.repo import Repo
from skillgit.git.transaction import Transaction, write
from skillgit.learn.learner import Learner, attempt_key
from skillgit.sdk import SkillRepo
from skillgit.search.index import Index
from skillgit.skills import document as documents
from skillgit.transcripts.model import Transcript


def main() -> int:
    kind, number, decisions = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    learn = _KINDS[kind](Path.cwd())
    for count in range(decisions):
        user, transcript = lesson(number, count)
        began = time.monotonic()
        commit = learn(user, transcript)
        rule = transcript.turns[0].text.rpartition(" ")[2].rstrip(".")
        print(json.dumps({"commit": commit, "rule": rule, "seconds": time.monotonic() - began}), flush=True)
    return 0


def lesson(number: int, count: int) -> tuple[str, Transcript]:
    """Who learns what: the first lesson is the same for every writer, though each heard it in other words."""
    if count == 0:
        return "team", place.lesson(0, greeting=f"Hello, this is {number}.")
    rule = 100 * number + count
    return ("team", place.lesson(rule)) if count % 2 else (f"writer-{number}", place.lesson(rule, about="logs"))


Learn = Callable[[str, Transcript], str]


def _learn(top: Path) -> Learn:
    repo = Repo.open(top)
    index = Index.open(repo.private / "index")
    return lambda user, transcript: place.learn(repo, transcript, user=user, index=index).commit or ""


def _sdk(top: Path) -> Learn:
    repo = SkillRepo.open(top, user="team")
    return lambda user, transcript: repo.ingest(_messages(transcript), user=user).commit or ""


def _command(top: Path) -> Learn:
    def learn(user: str, transcript: Transcript) -> str:
        words = [sys.executable, "-m", "skillgit", "ingest", "--json", "--user", user, "-"]
        said = json.dumps({"messages": _messages(transcript)}).encode()
        done = subprocess.run(words, cwd=top, input=said, stdout=subprocess.PIPE, check=True)
        return str(json.loads(done.stdout)["commit"])

    return learn


def _record(top: Path) -> Learn:
    repo = Repo.open(top)

    def learn(user: str, transcript: Transcript) -> str:
        attempt = attempt_key(Learner(repo, Index.open(repo.private / "index"), user), transcript)
        rule = transcript.turns[0].text.rpartition(" on, ")[2].rstrip(".")
        path = "Users/team/letters" if user == "team" else f"Users/{user}/logs"
        landed = write(repo, lambda tx: _add_rule(tx, path, rule, attempt), park_as=attempt.lower())
        return landed.commits[-1] if landed.commits else ""

    return learn


def _add_rule(tx: Transaction, path: str, rule: str, attempt: str) -> None:
    """Draft one more rule for the skill at a path, or that it is there already."""
    if ledger.applied(tx.repo, tx.tip, attempt):
        return
    before = load(tx.repo, tx.tip, path).document if readable(tx.repo, tx.tip, path) else None
    if before is None:
        after = documents.parse(place.skill(path.rpartition("/")[2], rule))
    elif f"- {rule}\n" in before.body:
        after = before
    else:
        after = documents.parse(before.render().rstrip(b"\n") + f"\n- {rule}\n".encode())
    action: Action = "discard" if after is before else "merge" if before else "add"
    reason = "already covered" if after is before else None
    record(tx, Change(action, path, before, after, rule, reason=reason, attempt=attempt))


def _messages(transcript: Transcript) -> list[dict[str, object]]:
    return [{"role": turn.role, "content": turn.text} for turn in transcript.turns]


_KINDS: dict[str, Callable[[Path], Learn]] = {
    "learn": _learn,
    "sdk": _sdk,
    "record": _record,
    "command": _command,
}

if __name__ == "__main__":
    sys.exit(main())
