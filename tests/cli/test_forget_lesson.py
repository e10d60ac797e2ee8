"""`skillgit forget SKILL --history` and `--source C --history`: as if it had never been, and the rest as it was."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_forget_history import (
    FRIDAY,
    GIT,
    HOOK,
    MINUTES,
    MONDAY,
    SKILLGIT,
    commit,
    every_object,
    git,
    private,
)
from tests.conftest import Run

MORE = (
    "User: Write release notes again.\nAssistant: Here.\nUser: Never use tables in release notes.\nAssistant: Sure.\n"
)
NOTES, OTHER = "ada-lovelace/preferences", "ada-lovelace/meeting-minutes"


@pytest.fixture
def library(tmp_path: Path, cli: Run) -> Path:
    library = tmp_path / "library"
    assert cli("init", "library").code == 0
    for name, said in {"minutes": MINUTES, "monday": MONDAY, "friday": FRIDAY, "more": MORE}.items():
        (tmp_path / f"{name}.txt").write_text(said)
        assert cli("ingest", tmp_path / f"{name}.txt", cwd=library).code == 0
    return library


def held(library: Path) -> bytes:
    return every_object(library) + private(library)


def objects(library: Path) -> list[str]:
    return git(library, "cat-file", "--batch-all-objects", "--batch-check=%(objectname)").split()


def shown(library: Path, oid: str) -> str:
    return git(library, "show", "--format=raw", "--no-patch", oid)


def sound(cli: Run, library: Path) -> None:
    assert git(library, "fsck", "--strict", "--no-dangling") == ""
    assert git(library, "status", "--porcelain") == ""
    assert cli("doctor", cwd=library).code == 0


def test_a_skill_goes_from_every_commit_tag_and_message_and_the_others_stay(cli: Run, library: Path) -> None:
    assert cli("release", OTHER, cwd=library).code == 0
    assert cli("mv", OTHER, "minutes-of-us", cwd=library).code == 0
    (library / "Users/ada-lovelace/minutes-of-us/extra.md").write_text("a secret\n")
    commit(library, "a file of the minutes")
    log, authors = cli("log", NOTES, cwd=library).out, git(library, "log", "--format=%an %at").splitlines()
    rehearsed = cli("forget", "minutes-of-us", "--history", "--dry-run", cwd=library)
    assert b"decisions first" in held(library)
    done = cli("forget", "minutes-of-us", "--history", cwd=library)
    assert (done.code, done.out) == (0, rehearsed.out), done.err
    assert f"drop refs/tags/Users/{OTHER}/v1.0.0" in done.out
    for word in ("decisions first", "meeting-minutes", "minutes-of-us", "a secret", "file of the minutes"):
        assert [oid for oid in objects(library) if word in shown(library, oid)] == [], word
        assert word.encode() not in private(library)
    assert git(library, "log", "--format=%an %at").splitlines()[1:] == authors
    assert [line.split(" ", 1)[1] for line in cli("log", NOTES, cwd=library).out.splitlines() if "release" in line] == [
        line.split(" ", 1)[1] for line in log.splitlines() if "release" in line
    ]
    assert "breaking changes" in cli("why", NOTES, cwd=library).out
    sound(cli, library)


def test_a_skill_of_another_branch_goes_too_and_one_that_a_work_tree_has_stops_it(cli: Run, library: Path) -> None:
    git(library, "branch", "side", "HEAD~1")
    linked = library.parent / "linked"
    git(library, "worktree", "add", "--quiet", str(linked), "side")
    refused = cli("forget", OTHER, "--history", cwd=library)
    assert refused.code == 128 and f"'Users/{OTHER}/SKILL.md' of 'side' holds it now" in refused.err
    assert b"decisions first" in held(library)
    git(library, "worktree", "remove", str(linked))
    assert cli("forget", OTHER, "--history", cwd=library).code == 0
    assert b"decisions first" not in held(library)
    assert git(library, "ls-tree", "-r", "--name-only", "side").count("SKILL.md") == 1
    sound(cli, library)


def test_a_skill_that_was_removed_before_is_found_in_the_history(cli: Run, library: Path) -> None:
    assert cli("remove", OTHER, cwd=library).code == 0
    assert cli("forget", OTHER, "--history", cwd=library).code == 0
    assert b"decisions first" not in held(library) and b"meeting-minutes" not in held(library)
    sound(cli, library)


def test_an_only_skill_leaves_a_sound_repository(cli: Run, tmp_path: Path) -> None:
    library = tmp_path / "library"
    cli("init", "library")
    (tmp_path / "minutes.txt").write_text(MINUTES)
    cli("ingest", tmp_path / "minutes.txt", cwd=library)
    assert cli("forget", OTHER, "--history", cwd=library).code == 0
    assert b"decisions first" not in held(library)
    sound(cli, library)


@pytest.mark.parametrize("by", ["digest", "digits", "file", "file that has grown"])
def test_what_a_conversation_taught_goes_and_what_others_taught_stays(cli: Run, library: Path, by: str) -> None:
    file = library.parent / "monday.txt"
    message = git(library, "log", "--format=%B", "--grep=Bluebird")
    digest = next(line for line in message.splitlines() if line.startswith("Skill-Evidence")).split()[1].split("#")[0]
    if by == "file that has grown":
        file.write_text(MONDAY + "User: And thanks.\nAssistant: Sure.\n")
    asked = {"digest": digest, "digits": digest.removeprefix("sha256:")[:12]}.get(by, str(file))
    git(library, "branch", "before")
    rehearsed = cli("forget", "--source", asked, "--history", "--dry-run", cwd=library)
    done = cli("forget", "--source", asked, "--history", cwd=library)
    assert (done.code, done.out) == (0, rehearsed.out), done.err
    for word in (b"Bluebird", b"first in release notes", digest.encode()):
        assert word not in held(library), word
    shown = cli("show", NOTES, cwd=library).out
    assert "Link every issue" in shown and "tables" in "".join(file.read_text() for file in library.rglob("SKILL.md"))
    told = cli("log", NOTES, cwd=library).out
    assert "(forgotten)" in told and "0.1.0" in told
    assert "issue" in cli("why", NOTES, cwd=library).out
    sound(cli, library)


def test_a_lesson_that_was_taken_back_meanwhile_goes_with_what_took_it_back(cli: Run, library: Path) -> None:
    (library.parent / "again.txt").write_text(
        MINUTES.replace("Always put", "From now on, never forget").replace("first", "short")
    )
    assert cli("ingest", library.parent / "again.txt", cwd=library).code == 0
    assert b"decisions short" in held(library)
    assert cli("revert", OTHER, cwd=library).code == 0
    assert b"decisions short" in held(library)
    done = cli("forget", "--source", library.parent / "again.txt", "--history", cwd=library)
    assert done.code == 0, done.err
    assert b"decisions short" not in held(library) and b"decisions first" in held(library)
    sound(cli, library)


def test_a_skill_that_rests_on_a_forgotten_conversation_alone_goes_whole(cli: Run, library: Path) -> None:
    assert cli("forget", "--source", library.parent / "minutes.txt", "--history", cwd=library).code == 0
    assert b"decisions first" not in held(library) and b"meeting-minutes" not in held(library)
    assert cli("forget", "--source", library.parent / "minutes.txt", "--history", cwd=library).code == 1
    sound(cli, library)


WRONG = {
    "a digest of nothing": ("sha256:" + "0" * 64, 1, "nothing was learned from"),
    "a file that taught nothing": ("other.txt", 1, "nothing was learned from"),
    "no file": ("nowhere.txt", 1, "nothing was learned from"),
}


@pytest.mark.parametrize(("source", "code", "said"), WRONG.values(), ids=WRONG)
def test_a_conversation_that_taught_nothing_is_refused(
    cli: Run, library: Path, source: str, code: int, said: str
) -> None:
    (library.parent / "other.txt").write_text("User: hello\nAssistant: hi\n")
    asked = library.parent / source if source.endswith(".txt") else source
    answer = cli("forget", "--source", asked, cwd=library)
    assert answer.code == code and said in answer.err


def killed(library: Path, words: list[str], victim: str, moment: str) -> None:
    """Run skillgit, and kill it, or the git that moves its refs, once that is about to do so, or has."""
    hook = library / ".git/hooks/reference-transaction"
    hook.write_text(HOOK.format(moment=moment, victim=victim))
    hook.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-m", "skillgit", *words], cwd=library, env=dict(os.environ), capture_output=True
    )
    hook.unlink()
    assert done.returncode in (-9, 128)


@pytest.mark.parametrize("asked", ["skill", "source"])
@pytest.mark.parametrize(
    ("victim", "moment"),
    [(SKILLGIT, "prepared"), (SKILLGIT, "committed"), (GIT, "prepared"), (GIT, "committed")],
    ids=["skillgit, before", "skillgit, after", "git, before", "git, after"],
)
def test_a_crash_at_any_moment_is_finished_by_the_same_again(
    cli: Run, library: Path, victim: str, moment: str, asked: str
) -> None:
    git(library, "branch", "other")
    git(library, "update-ref", "refs/remotes/origin/main", "HEAD")
    git(library, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    words = ["forget", *([OTHER] if asked == "skill" else ["--source", str(library.parent / "minutes.txt")])]
    killed(library, [*words, "--history"], victim, moment)
    assert b"decisions first" in held(library)
    done = cli(*words, "--history", cwd=library)
    assert done.code == 0, done.err
    assert b"decisions first" not in held(library) and b"meeting-minutes" not in held(library)
    assert not (library / ".git/skillgit/rewriting").exists()
    sound(cli, library)


def test_doctor_says_that_a_rewrite_was_interrupted_and_finishes_it(cli: Run, library: Path) -> None:
    git(library, "branch", "other")
    killed(library, ["forget", OTHER, "--history"], SKILLGIT, "committed")
    assert "a history is half rewritten" in cli("forget", NOTES, "--dry-run", cwd=library).err
    assert "'skillgit forget --history' was interrupted" in cli("doctor", cwd=library).out
    assert cli("doctor", "--fix", cwd=library).code == 0
    assert b"decisions first" not in held(library)
    assert "no skill" in cli("forget", OTHER, "--history", cwd=library).err
    sound(cli, library)
