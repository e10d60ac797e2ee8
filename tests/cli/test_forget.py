"""What is forgotten is in no skill, no kept turn and no private file; everything else stays."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from skillgit.git.repo import Repo
from skillgit.learn.jobs import Wanted, jobs
from tests.conftest import Run
from tests.postgres import kept_at

MONDAY = "User: From now on, list breaking changes first in release notes, the Bluebird ones too.\nAssistant: Noted.\n"
FRIDAY = "User: From now on, link every issue in the release notes.\nAssistant: Noted.\n"
MINUTES = "User: Write the meeting minutes.\nAssistant: Here.\nUser: Always put decisions first in meeting minutes.\n"


@pytest.fixture
def library(tmp_path: Path, cli: Run) -> Path:
    library = tmp_path / "library"
    assert cli("init", "library").code == 0
    for name, said in {"monday": MONDAY, "friday": FRIDAY, "minutes": MINUTES}.items():
        (tmp_path / f"{name}.txt").write_text(said)
        assert cli("ingest", tmp_path / f"{name}.txt", cwd=library).code == 0
    return library


def git(library: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=library, capture_output=True, text=True, check=True).stdout


def at_head(library: Path) -> str:
    files = git(library, "ls-tree", "-r", "--name-only", "HEAD").split()
    return "".join(git(library, "show", f"HEAD:{file}") for file in files)


def reachable_evidence(library: Path) -> str:
    return git(library, "log", "-p", "refs/skillgit/evidence")


def private(library: Path) -> bytes:
    return b"".join(file.read_bytes() for file in (library / ".git/skillgit").rglob("*") if file.is_file())


def skill_of(cli: Run, library: Path, words: str) -> str:
    rows = [line.split()[0] for line in cli("list", cwd=library).out.splitlines()]
    return next(name for name in rows if words in cli("show", name, cwd=library).out)


def sound(library: Path) -> None:
    assert git(library, "fsck", "--strict", "--no-dangling") == ""
    assert git(library, "status", "--porcelain") == ""


def test_a_text_goes_from_skills_turns_and_private_files(cli: Run, library: Path) -> None:
    assert "Bluebird" in at_head(library) and "Bluebird" in reachable_evidence(library)
    rehearsed = cli("forget", "--text", "Bluebird", "--dry-run", cwd=library)
    assert rehearsed.code == 0 and "Bluebird" in at_head(library) and "Bluebird" in reachable_evidence(library)
    done = cli("forget", "--text", "Bluebird", cwd=library)
    assert (done.code, done.out) == (
        0,
        rehearsed.out,
    ) and "warning: the history still holds it, in 1 commit" in done.err
    assert "Bluebird" not in at_head(library) + reachable_evidence(library) and b"Bluebird" not in private(library)
    assert "(forgotten) ones" in at_head(library) and "decisions first" in at_head(library)
    assert "Bluebird" not in git(library, "log", "-1", "--format=%B")
    sound(library)


def test_what_a_killed_process_left_of_a_conversation_goes_too(cli: Run, library: Path) -> None:
    old, new = (library / ".git/skillgit/undecided" / f"{name}.unfinished" for name in ("old", "new"))
    for file in (old, new):
        file.parent.mkdir(exist_ok=True)
        file.write_text("Bluebird")
    os.utime(old, (0, 0))
    assert cli("forget", "--text", "Bluebird", cwd=library).code == 0
    assert not old.exists() and new.exists(), "who is writing just now is left alone"


@pytest.mark.parametrize("where", ["sqlite", "postgres"])
def test_jobs_of_a_server_that_still_keep_it_go_and_others_stay(
    cli: Run, library: Path, where: str, request: pytest.FixtureRequest
) -> None:
    if where == "postgres":
        kept_at(request.getfixturevalue("postgres"), Repo.open(library))
    said = {name: json.dumps([{"role": "user", "content": text}]) for name, text in (("a", MONDAY), ("b", FRIDAY))}
    with jobs(Repo.open(library)) as queue:
        for name, content in said.items():
            queue.add(Wanted("ada", content, (name,)), name=name, due=time.time() + 900)
    rehearsed = cli("forget", "--text", "Bluebird", "--dry-run", cwd=library)
    done = cli("forget", "--text", "Bluebird", cwd=library)
    assert done.out == rehearsed.out and "jobs: 1 conversation" in done.out
    with jobs(Repo.open(library)) as queue:
        assert [(job.id, job.user, wanted.content) for job, wanted in queue.held()] == [("b", "ada", said["b"])]
    assert b"Bluebird" not in private(library)


def test_a_text_that_stands_in_other_letters_is_named(cli: Run, library: Path) -> None:
    done = cli("forget", "--text", "bluebird", cwd=library)
    assert "warning: 'Bluebird' stands in a skill too, in other letters, and is left" in done.err
    assert "Bluebird" in at_head(library)


def test_a_skill_goes_with_the_turns_it_rests_on(cli: Run, library: Path) -> None:
    minutes = skill_of(cli, library, "decisions first")
    done = cli("forget", minutes, cwd=library)
    assert done.code == 0 and done.out.startswith(f"remove {minutes}")
    assert "decisions first" not in at_head(library) + reachable_evidence(library)
    assert "Bluebird" in at_head(library) and "Bluebird" in reachable_evidence(library)
    assert cli("forget", minutes, cwd=library).out.startswith("evidence: 0 turns")
    sound(library)


def test_what_a_conversation_taught_goes_and_other_rules_stay(cli: Run, library: Path) -> None:
    notes = skill_of(cli, library, "Bluebird")
    rows = [json.loads(line) for line in cli("why", notes, "--json", cwd=library).out.splitlines()]
    digest = next(each["transcript"] for row in rows for each in row["evidence"] if "link every" in each["quote"])
    done = cli("forget", "--source", digest, cwd=library)
    assert done.code == 0 and "evidence: 1 turn" in done.out
    assert "ink every issue" not in at_head(library) + reachable_evidence(library)
    assert "Bluebird" in at_head(library) and "decisions first" in at_head(library)
    sound(library)


def test_counts_of_a_skill_and_proposals_about_it_go_and_others_stay(cli: Run, library: Path) -> None:
    minutes, notes = skill_of(cli, library, "decisions first"), skill_of(cli, library, "Bluebird")
    for skill in (minutes, notes):
        assert cli("usage", "record", skill, cwd=library).code == 0
        park(cli, library, skill)
    done = cli("forget", minutes, cwd=library)
    assert done.code == 0 and "parked: 1 proposal\n" in done.out
    assert git(library, "for-each-ref", "--format=%(refname:lstrip=3)", "refs/skillgit/proposals").split() == [
        Path(notes).name
    ]
    counted = (library / ".git/skillgit/usage.db").read_bytes()
    held = [skill for skill in (minutes, notes) if f"Users/{skill}".encode() in counted]
    assert held == [notes]
    done = cli("forget", "--text", "a rule to come", cwd=library)
    assert done.code == 0 and "parked: 1 proposal\n" in done.out
    assert git(library, "for-each-ref", "refs/skillgit/proposals") == ""


def park(cli: Run, library: Path, skill: str) -> None:
    """Keep a decision about a skill as one that waits for a person."""
    tip = git(library, "rev-parse", "HEAD").strip()
    file = library / "Users" / skill / "SKILL.md"
    file.write_text(file.read_text() + "- Heed a rule to come\n")
    assert cli("commit", cwd=library).code == 0
    git(library, "update-ref", f"refs/skillgit/proposals/{Path(skill).name}", "HEAD")
    git(library, "reset", "--quiet", "--hard", tip)


@pytest.mark.parametrize(
    "words", [[], ["--text", ""], ["a", "--text", "b"], ["--source", "sha256:12"], ["no-such"]], ids=str
)
def test_what_cannot_be_forgotten_is_refused(cli: Run, library: Path, words: list[str]) -> None:
    before = git(library, "for-each-ref")
    assert cli("forget", *words, cwd=library).code in (1, 2)
    assert git(library, "for-each-ref") == before


def test_an_edit_in_the_way_stops_it_before_anything_is_lost(cli: Run, library: Path) -> None:
    file = next(path for path in library.rglob("SKILL.md") if "Bluebird" in path.read_text())
    file.write_text(file.read_text() + "\n- Mine\n")
    assert cli("forget", "--text", "Bluebird", cwd=library).code == 128
    assert "- Mine" in file.read_text() and "Bluebird" in reachable_evidence(library)
