"""What the ledger remembers is what the history says, whatever happened to its file."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from skillgit.errors import Locked
from skillgit.git import ledger
from skillgit.git.message import Action, Decision, Note, encode
from skillgit.git.repo import Repo
from skillgit.git.transaction import Transaction, write
from tests.git.place import FIRST, OTHER, SECOND, SKILL, git, put

PATH = "Users/ada/release"


@pytest.fixture
def kept(repo: Repo) -> Path:
    """The ledger's file, which knows of three attempts."""
    for number in range(3):
        put(repo, {SKILL: b"%d" % number}, attempt=f"A{number}", version=f"0.1.{number + 8}")
    assert answers(repo) == ANSWERS
    return repo.private / "ledger.db"


def answers(repo: Repo, rev: str = "HEAD") -> tuple[tuple[bool, ...], str | None, tuple[str, ...]]:
    tip = repo.resolve(rev)
    applied = tuple(ledger.applied(repo, tip, f"A{number}") is not None for number in range(4))
    return applied, ledger.last_version(repo, tip, PATH), ledger.paths(repo, tip)


ANSWERS = (True, True, True, False), "0.1.10", (PATH,)


def _garbage(file: Path) -> None:
    file.write_bytes(random.Random(1).randbytes(20_000))


def _zeros_in_the_middle(file: Path) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\0" * (len(whole) - 4096))


def _truncated(size: int) -> Callable[[Path], None]:
    return lambda file: os.truncate(file, size)


def _without_tables(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute("DROP TABLE attempt")


def _another_format(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA user_version = 99")
        database.execute("DROP TABLE version")


def _a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _a_journal_of_another(file: Path) -> None:
    file.with_name("ledger.db-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"\x01" * 2000)
    file.write_bytes(b"torn")


@pytest.mark.parametrize(
    "harm",
    [
        Path.unlink,
        _garbage,
        _zeros_in_the_middle,
        *(_truncated(size) for size in (0, 1, 100, 4096, 5000, 12_000)),
        _without_tables,
        _another_format,
        _a_folder,
        _a_journal_of_another,
    ],
)
def test_it_answers_whatever_happened_to_its_file(repo: Repo, kept: Path, harm: Callable[[Path], None]) -> None:
    harm(kept)
    assert answers(repo) == ANSWERS
    put(repo, {SKILL: b"3"}, attempt="A3", version="0.1.11")
    assert answers(repo) == ((True, True, True, True), "0.1.11", (PATH,))


def test_it_reads_only_what_is_new(repo: Repo, kept: Path) -> None:
    """Proven by a lie: what is remembered is not read again."""
    with closing(sqlite3.connect(kept)) as database, database:
        database.execute("INSERT INTO attempt VALUES ('A9', 'a lie')")
    put(repo, {SKILL: b"3"}, attempt="A3", version="0.1.11")
    assert answers(repo)[0] == (True, True, True, True)
    assert ledger.applied(repo, repo.tip("HEAD"), "A9") == "a lie"


def test_another_history_has_its_own_answers(repo: Repo, top: Path, kept: Path) -> None:
    git("switch", "-q", "--orphan", "other", cwd=top)
    put(repo, {OTHER: FIRST}, attempt="A3", version="2.0.0")
    assert answers(repo) == ((False, False, False, True), None, ("Users/ada/report",))
    assert answers(repo, "main") == ANSWERS
    assert answers(repo, "main~1") == ((True, True, False, False), "0.1.9", (PATH,))
    assert ledger.applied(repo, None, "A0") is None and ledger.last_version(repo, None, PATH) is None


def test_an_attempt_is_found_at_the_commit_that_applied_it(repo: Repo, kept: Path) -> None:
    assert ledger.applied(repo, repo.tip("HEAD"), "A1") == repo.resolve("HEAD~1")


@pytest.mark.parametrize(("here", "there"), [("0.1.9", "0.1.10"), ("0.1.10", "0.1.9")])
def test_the_highest_version_counts_on_whichever_side_of_a_merge(repo: Repo, top: Path, here: str, there: str) -> None:
    git("switch", "-q", "-c", "side", cwd=top)
    put(repo, {SKILL: SECOND}, version=there)
    git("switch", "-q", "main", cwd=top)
    put(repo, {SKILL: FIRST + SECOND}, version=here)
    git("merge", "-q", "-s", "ours", "--no-edit", "side", cwd=top)
    assert ledger.last_version(repo, repo.tip("HEAD"), PATH) == "0.1.10"


def test_a_skill_that_is_gone_is_remembered(repo: Repo) -> None:
    def body(tx: Transaction) -> None:
        tx.commit(encode(Decision("remove", PATH, "no use", before="0.4.0")), {PATH: None})
        moved = Decision("move", "Common/x", "shared", was="Users/ada/report", before="0.1.0", after="0.2.0")
        tx.commit(encode(moved), {"Users/ada/report": None, "Common/x/SKILL.md": tx.file(b"x")})

    write(repo, body)
    tip = repo.tip("HEAD")
    assert ledger.last_version(repo, tip, PATH) == "0.4.0"
    assert ledger.last_version(repo, tip, "Users/ada/report") == "0.2.0"
    assert ledger.paths(repo, tip) == ("Common/x", PATH, "Users/ada/report")


def test_commits_that_are_no_decisions_are_passed_over(repo: Repo, top: Path, kept: Path) -> None:
    for message in ("plain", "x\n\nSkill-Attempt: A3", "edit(ada/release): x\n\nSkill-Attempt: A3\n\nSigned-off-by: x"):
        git("commit", "-q", "--allow-empty", "-m", message, cwd=top)
    raw = f"tree {git('rev-parse', 'HEAD^{tree}', cwd=top)}\nparent {repo.tip('HEAD')}\n"
    raw += "author A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\nencoding no-such\n\nSkill-Attempt: A3\n"
    oid = git("hash-object", "-t", "commit", "-w", "--stdin", cwd=top, stdin=raw.encode())
    git("update-ref", "HEAD", oid, cwd=top)
    assert answers(repo) == ANSWERS


def test_a_shallow_clone_answers_of_what_it_has_and_of_more_when_deepened(repo: Repo, top: Path, kept: Path) -> None:
    git("clone", "-q", "--depth=2", top.as_uri(), "shallow")
    shallow = Repo.open(Path("shallow"))
    assert answers(shallow) == ((False, True, True, False), "0.1.10", (PATH,))
    git("fetch", "-q", "--unshallow", cwd=Path("shallow"))
    assert answers(Repo.open(Path("shallow"))) == ANSWERS


def test_a_file_that_another_process_keeps_is_said(repo: Repo, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "_SECONDS", 0.1)
    with closing(sqlite3.connect(kept, isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Locked, match="another process"):
            answers(repo)
    assert answers(repo) == ANSWERS


READER = """
import sys
from pathlib import Path
from skillgit.git import ledger
from skillgit.git.repo import Repo
repo = Repo.open(Path(sys.argv[1]))
for _ in range(20):
    for rev, expected in (("main", "0.1.10"), ("other", None), ("main~1", "0.1.9")):
        assert ledger.last_version(repo, repo.resolve(rev), "Users/ada/release") == expected
"""


def test_processes_that_ask_of_different_histories_get_their_own_answers(repo: Repo, top: Path, kept: Path) -> None:
    git("switch", "-q", "--orphan", "other", cwd=top)
    put(repo, {OTHER: FIRST})
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    readers = [subprocess.Popen([sys.executable, "-c", READER, top], env=here) for _ in range(3)]
    assert [reader.wait() for reader in readers] == [0, 0, 0]


def test_what_is_remembered_of_head_stays_when_a_branch_is_asked_about(repo: Repo, top: Path, kept: Path) -> None:
    git("switch", "-q", "-c", "aside", cwd=top)
    put(repo, {OTHER: FIRST}, attempt="A3")
    git("switch", "-q", "main", cwd=top)
    for _ in range(2):
        assert answers(repo, "aside") == ((True, True, True, True), "0.1.10", (PATH, OTHER.removesuffix("/SKILL.md")))
        assert answers(repo) == ANSWERS
    tips = [_tip(kept.with_name(name)) for name in ("ledger.db", "ledger-2.db")]
    assert tips == [repo.tip("HEAD"), repo.tip("refs/heads/aside")]
    for number in range(4):
        put(repo, {SKILL: b"%d" % number}, ref=f"refs/heads/more-{number}", attempt=f"B{number}")
        assert answers(repo, f"more-{number}")[0] == (True, True, True, False)
        assert answers(repo) == ANSWERS
    assert len(list(kept.parent.glob("ledger*.db"))) == 3 and _tip(kept) == repo.tip("HEAD")
    ledger.drop(repo)
    assert list(kept.parent.glob("ledger*")) == []


def _tip(file: Path) -> str:
    with closing(sqlite3.connect(file)) as database:
        return str(database.execute("SELECT oid FROM tip").fetchone()[0])


def test_whatever_two_branches_say_in_turn_is_what_the_history_says(repo: Repo) -> None:
    dice, rules = random.Random(7), ("Tag it.", "Sign it.", "Date it.")
    for number in range(40):
        ref = dice.choice(["refs/heads/main", "refs/heads/aside"])
        action: Action = dice.choice(["add", "merge", "discard", "reject", "revert"])
        notes = (Note(dice.choice("+-"), dice.choice(rules)), Note("~", f"{dice.choice(rules)} (was: {rules[0]})"))
        attempt = dice.choice([None, *(f"A{each}" for each in range(9))])
        told = Decision(action, PATH, "x", after=f"0.1.{number}", attempt=attempt, notes=notes)
        write(repo, partial(_say, encode(told)), ref=ref)
        assert ledger.is_sound(repo, repo.resolve(ref))
    for ref in ("main", "aside"):
        assert ledger.is_sound(repo, repo.resolve(ref)) and ledger.rejected(repo, repo.resolve(ref))


def _say(message: str, tx: Transaction) -> None:
    tx.commit(message, {})
