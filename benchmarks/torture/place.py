"""A skill repository to torture, and what must hold of any skill repository afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pygit2
from pygit2.enums import ConfigLevel

from skillgit.changes.record import Change, record
from skillgit.changes.skill import readable
from skillgit.errors import Invalid
from skillgit.git.message import Decision, decode
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.git.transaction import Transaction, write
from skillgit.learn import ingest as learning
from skillgit.learn.learner import Learner, Outcome
from skillgit.search.index import Index
from skillgit.skills import document as documents
from skillgit.skills import spec
from skillgit.transcripts.model import Transcript, Turn

ROOT = Path(__file__).parents[2]
FILE = "SKILL.md"
TEXT = """---
name: {name}
description: How to do {name}. Use it for {name}.
---

# {title}

## Rules
{rules}"""

WORLD = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_EDITOR": "false",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_AUTHOR_NAME": "Ada Lovelace",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada Lovelace",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
    "SKILLGIT_UPKEEP": "0",
    "PYTHONPATH": str(ROOT),
}


def seal(home: Path) -> None:
    """Make this process one of a machine where nothing is configured: no git settings but the repository's own."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "SKILLGIT_", "XDG_"))]:
        del os.environ[name]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    os.environ.update(WORLD, HOME=str(home), PATH=path)
    for level in (ConfigLevel.GLOBAL, ConfigLevel.XDG, ConfigLevel.SYSTEM):
        pygit2.settings.search_path[level] = str(home)  # libgit2 read the environment when it was loaded


@contextmanager
def directory() -> Iterator[Path]:
    """A directory of its own, gone afterwards unless TORTURE_KEEP says to keep it."""
    path = Path(tempfile.mkdtemp(prefix="torture-"))
    try:
        yield path
    finally:
        if "TORTURE_KEEP" not in os.environ:
            shutil.rmtree(path, ignore_errors=True)


def git(*words: str | Path, cwd: Path, ok: bool = True) -> str:
    """What git printed, without the last newline; with `ok=False` whatever its exit code."""
    done = subprocess.run(["git", *words], cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if ok and done.returncode:
        raise RuntimeError(f"git {words[0]}: {done.stderr.decode('utf-8', 'replace')}")
    return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")


def skill(name: str, *rules: str) -> bytes:
    """A valid SKILL.md with these rules."""
    lines = "".join(f"- {rule}\n" for rule in rules)
    return TEXT.format(name=name, title=name.replace("-", " ").capitalize(), rules=lines).encode()


def library(top: Path, *, bare: bool = False) -> Repo:
    """A skill repository with four skills, one of which has had two versions."""
    repo = init(top, bare=bare).repo
    for name in ("release", "report", "letters"):
        put(repo, f"Users/ada/{name}", skill(name, "Run the tests.", "Say what changed."))
    put(repo, "Common/minutes", skill("minutes", "Name who was there."))
    put(repo, "Users/ada/release", skill("release", "Run the tests.", "Say what changed.", "Tag it."))
    return repo


def put(repo: Repo, path: str, content: bytes, *, attempt: str | None = None) -> str:
    """Record the SKILL.md of one skill, as an edit; the commit."""
    made: list[str] = []

    def body(tx: Transaction) -> None:
        before = readable(repo, tx.tip, path)
        after = documents.parse(content)
        after = after.with_field(("metadata", "id"), before.id) if before else after
        made[:] = [record(tx, Change("edit", path, before, after, "by the torturer", attempt=attempt)).commit]

    write(repo, body)
    return made[0]


def lesson(number: int, *, about: str = "letters", greeting: str = "Hello.") -> Transcript:
    """A conversation that teaches the rule `number` about one kind of work; each greeting makes it another one."""
    said = f"{greeting} From now on, when you write {about}, always mention the {_word(number)}."
    return Transcript(turns=(Turn("user", said), Turn("assistant", "OK.")), format="openai")


def _word(number: int) -> str:
    """A word for a number, unlike that of any other."""
    syllables = [consonant + vowel for consonant in "bdfklmnprstvz" for vowel in "aeiou"]
    return "".join(syllables[number // len(syllables) ** place % len(syllables)] for place in range(3)) + "n"


def learn(repo: Repo, transcript: Transcript, *, user: str = "ada", index: Index | None = None) -> Outcome:
    """Learn from one conversation, through the one write path."""
    own = index or Index.open(repo.private / "index")
    outcome = learning.ingest(Learner(repo, own, user), transcript)
    if outcome.candidate is None and "already" not in outcome.reason:
        raise RuntimeError(f"a lesson that teaches nothing: {outcome.reason}")
    return outcome


def decisions(top: Path, rev: str = "HEAD") -> list[Decision]:
    """Every decision of the history, oldest first."""
    said = git("log", "--reverse", "-z", "--format=%B", rev, cwd=top).split("\0")
    return [decision for message in said if (decision := decode(message)) is not None]


def attempts(top: Path, rev: str = "HEAD") -> list[str]:
    """The key of every attempt in the history, as git itself reads it."""
    return git("log", "--format=%(trailers:key=Skill-Attempt,valueonly)", rev, cwd=top).split()


def bodies(top: Path, rev: str = "HEAD") -> dict[str, str]:
    """The instructions of every skill of a commit, by path."""
    repo = Repo.open(top)
    found = repo.skills(repo.resolve(rev))
    return {path: _body(repo.read(oid)) for path, oid in found.items()}


def _body(content: bytes) -> str:
    """The instructions of a SKILL.md; of one that is torn, that it is."""
    try:
        return documents.parse(content).body
    except Invalid:
        return f"torn: {content!r}"


def status(top: Path) -> list[str]:
    """`git status --short`, untracked files one by one; the index is not refreshed by it."""
    return git("--no-optional-locks", "status", "--short", "--untracked-files=all", cwd=top).splitlines()


def unsound(top: Path) -> list[str]:
    """What is broken in the object store, in the skills of HEAD or in those of the work tree, or left under way."""
    done = subprocess.run(["git", "fsck", "--strict", "--no-dangling"], cwd=top, capture_output=True, check=False)
    said = (done.stdout + done.stderr).decode("utf-8", "replace").replace("notice: No default references", "").strip()
    problems = [f"fsck: {said[:200]}"] if done.returncode or said else []
    common = Path(git("rev-parse", "--path-format=absolute", "--git-common-dir", cwd=top))
    if (common / "skillgit/intent").exists():
        problems.append("an intent is left")
    repo = Repo.open(top)
    kept = {path: repo.read(oid) for path, oid in repo.skills(repo.tip("HEAD")).items()}
    if repo.worktree:
        kept |= {f"disk:{file.parent}": file.read_bytes() for file in repo.worktree.glob(f"Users/**/{FILE}")}
    torn = [path for path, content in kept.items() if spec.problems(content, directory=Path(path).name)]
    return problems + [f"torn or invalid: {path}" for path in torn]


def falling(found: list[Decision]) -> list[str]:
    """The skills whose version does not rise with each decision that changed them."""
    last: dict[str, tuple[int, ...]] = {}
    wrong: list[str] = []
    for decision in found:
        if decision.after is None or decision.before == decision.after:
            continue
        number = tuple(int(part) for part in decision.after.split("."))
        if number <= last.get(decision.path, (0,)):
            wrong.append(f"{decision.path} fell to {decision.after}")
        last[decision.path] = number
    return wrong
