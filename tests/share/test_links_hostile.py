"""Agents' folders that are hostile, in the way or in use: what is not skillgit's stays as it is."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from skillgit.errors import Refused
from skillgit.git.repo import Repo, folder_oid
from skillgit.share import agent_folders, linking
from skillgit.share.linking import Step
from skillgit.share.links import Link
from skillgit.share.picked import pick
from tests.cli.shop import ADA
from tests.conftest import Run
from tests.share.libraries import add, skill_text
from tests.share.shelf import everything, states, user_folder
from tests.share.skills import commit


def occupied(kind: str, place: Path) -> None:
    """Put something of somebody else's at a place."""
    place.parent.mkdir(parents=True, exist_ok=True)
    match kind:
        case "a file":
            place.write_text("theirs")
        case "an empty folder":
            place.mkdir()
        case "a skill":
            add(place, {"SKILL.md": skill_text("pdf", license="theirs")})
        case "a link elsewhere":
            place.symlink_to("/nowhere")
        case "a pipe":
            os.mkfifo(place)


def stamp(place: Path) -> tuple[int, int, int]:
    """What changes where a place is written to."""
    found = place.lstat()
    return found.st_mode, found.st_ino, found.st_mtime_ns


OCCUPIED = ("a file", "an empty folder", "a skill", "a link elsewhere", "a pipe")


@pytest.mark.parametrize("kind", OCCUPIED)
@pytest.mark.parametrize("copy", [[], ["--copy"]], ids=["a link", "a copy"])
def test_what_is_there_is_never_written_over(cli: Run, shelved: Path, kind: str, copy: list[str]) -> None:
    place = user_folder() / "pdf"
    occupied(kind, place)
    before = stamp(place)
    answer = cli("link", "claude", "notes", "ada/pdf", *copy, cwd=shelved)
    assert answer.code == 1
    assert f"'{place}' is there already, and not of this repository" in answer.err
    assert stamp(place) == before
    assert [each.name for each in user_folder().iterdir()] == ["pdf"]


IN_THE_WAY: dict[str, tuple[Callable[[Path, Path], object], int, str]] = {
    "a file for the folder": (lambda home, _: add(home, {".claude/skills": "x"}), 1, "is no folder"),
    "a file for the agent's": (lambda home, _: add(home, {".claude": "x"}), 128, "not a directory"),
    "a pipe": (lambda home, _: os.mkfifo(add(home / ".claude", {"a": ""}) / "skills"), 1, "is no folder"),
    "a link out of the home": (lambda home, out: (home / ".claude").symlink_to(out), 128, "leads out of"),
    "a link to itself": (lambda home, _: (home / ".claude").symlink_to(".claude"), 128, ""),
    "a link to the root": (lambda home, _: (home / ".claude").symlink_to("/"), 128, "leads out of"),
    "a link upwards": (
        lambda home, _: (add(home / ".claude", {"a": ""}) / "skills").symlink_to("../.."),
        128,
        "leads out of",
    ),
}


@pytest.mark.parametrize(("make", "code", "said"), IN_THE_WAY.values(), ids=IN_THE_WAY.keys())
def test_a_folder_that_cannot_be_is_told_of(
    cli: Run, shelved: Path, tmp_path: Path, make: Callable[[Path, Path], object], code: int, said: str
) -> None:
    outside = add(tmp_path / "outside", {"keep": "me"})
    make(Path.home(), outside)
    before = everything(Path.home())
    for words in (["ada/pdf"], ["ada/pdf", "chart", "--copy"]):
        answer = cli("link", "claude", *words, cwd=shelved)
        assert (answer.code, said in answer.err, "Traceback" in answer.err) == (code, True, False)
    assert everything(Path.home()) == before
    assert everything(outside) == {"keep": b"me"}
    assert cli("links", cwd=shelved).code == 0


def test_a_cloned_project_cannot_lead_us_out_of_it(cli: Run, shelved: Path, tmp_path: Path) -> None:
    outside = add(tmp_path / "outside", {"keep": "me"})
    (tmp_path / "clone").mkdir()
    (tmp_path / "clone/.claude").symlink_to(outside)
    answer = cli("link", "claude", "chart", "--in", tmp_path / "clone", cwd=shelved)
    assert (answer.code, "leads out of" in answer.err) == (128, True)
    assert everything(outside) == {"keep": b"me"}


@pytest.mark.parametrize("inside", ["Users/ada", "Common", ".git"])
def test_a_folder_that_is_the_repository_s_own_is_refused(cli: Run, shelved: Path, inside: str) -> None:
    user_folder().parent.mkdir()
    with_home = Path.home() / "skills"
    shelved.rename(with_home)
    user_folder().symlink_to(with_home / inside)
    before = everything(with_home)
    answer = cli("link", "claude", "bob/pdf", cwd=with_home)
    assert (answer.code, "of the repository itself" in answer.err) == (1, True)
    assert everything(with_home) == before


NAMES = {
    "..": (128, "unsafe name '..'"),
    ".": (128, "unsafe name '.'"),
    "../../../outside": (128, "unsafe name"),
    "/outside": (128, "unsafe name"),
    ".git": (128, "unsafe name '.git'"),
    '"a\\u001b[31m"': (128, "unsafe name"),
    "con": (128, "Windows reserves it"),
    "Not A Segment": (1, "invalid name"),
    '""': (128, "unsafe name ''"),
}


@pytest.mark.parametrize(("name", "code", "said"), [(name, *row) for name, row in NAMES.items()], ids=NAMES.keys())
def test_a_name_that_is_none_is_refused(cli: Run, shelved: Path, name: str, code: int, said: str) -> None:
    commit(shelved, {"Users/ada/odd/SKILL.md": f"---\nname: {name}\ndescription: Odd.\n---\n# Odd\n"})
    answer = cli("link", "claude", "notes", "odd", cwd=shelved, env=ADA)
    assert (answer.code, said in answer.err, "\x1b" in answer.err) == (code, True, False)
    assert everything(Path.home()) == {}


def test_a_skill_with_a_link_in_it_is_refused(cli: Run, shelved: Path) -> None:
    (shelved / "Users/ada/pdf/secret").symlink_to("/etc/hostname")
    commit(shelved, {})
    answer = cli("link", "claude", "pdf", cwd=shelved, env=ADA)
    assert (answer.code, "'secret' is a symbolic link" in answer.err) == (128, True)


def test_a_skill_that_is_invalid_otherwise_is_linked_with_a_word(cli: Run, shelved: Path) -> None:
    commit(shelved, {"Users/ada/odd/SKILL.md": skill_text("odd", model="opus")})
    answer = cli("link", "claude", "odd", cwd=shelved, env=ADA)
    assert answer.code == 0
    assert answer.err == "warning: ada/odd is not valid: unknown field 'model': move it under metadata\n"


def test_what_npx_skills_put_there_is_left_to_it(cli: Run, shelved: Path) -> None:
    lock = '{"version": 1, "skills": {"pdf": {"source": "acme/skills", "sourceType": "github", "computedHash": "0"}}}'
    add(shelved, {"skills-lock.json": lock, ".claude/skills/pdf/SKILL.md": skill_text("pdf")})
    answer = cli("link", "claude", "ada/pdf", "--project", cwd=shelved)
    assert (answer.code, "is of 'npx skills', from 'acme/skills'" in answer.err) == (1, True)


def steps(top: Path, *, copy: bool) -> tuple[Repo, tuple[Step, ...]]:
    repo = Repo.open(top)
    found = pick(repo, "Users/ada/pdf", tree=folder_oid(repo, repo.tip("HEAD"), "Users/ada/pdf"))
    claude = agent_folders.named("claude")
    return repo, linking.plan(repo, claude, [found], scope="user", project=top, copy=copy)


@pytest.mark.parametrize("kind", [kind for kind in OCCUPIED if kind != "an empty folder"])
@pytest.mark.parametrize("copy", [False, True], ids=["a link", "a copy"])
def test_what_comes_between_look_and_leap_is_not_written_over(shelved: Path, kind: str, copy: bool) -> None:
    repo, planned = steps(shelved, copy=copy)
    occupied(kind, user_folder() / "pdf")
    before = stamp(user_folder() / "pdf")
    with pytest.raises((Refused, OSError)):
        linking.apply(repo, planned)
    assert stamp(user_folder() / "pdf") == before
    assert [each.name for each in user_folder().iterdir()] == ["pdf"]
    assert not (shelved / ".git/skillgit/links.json").exists()


def test_an_edit_that_comes_between_look_and_leap_is_kept(cli: Run, shelved: Path) -> None:
    cli("link", "claude", "ada/pdf", "--copy", cwd=shelved)
    commit(shelved, {"Users/ada/pdf/SKILL.md": skill_text("pdf", license="MIT")})
    repo, planned = steps(shelved, copy=True)
    (user_folder() / "pdf/SKILL.md").write_text("mine")
    with pytest.raises(Refused, match="changed meanwhile"):
        linking.apply(repo, planned)
    assert everything(user_folder()) == {"pdf/SKILL.md": b"mine"}
    assert states(shelved) == {"~/.claude/skills/pdf": "edited"}


def test_one_that_fails_takes_the_others_back(cli: Run, shelved: Path) -> None:
    (user_folder() / "chart").mkdir(parents=True)
    cli("link", "claude", "notes", cwd=shelved)
    before, record = everything(Path.home()), (shelved / ".git/skillgit/links.json").read_bytes()
    repo, planned = steps(shelved, copy=True)
    broken = planned[0].pick
    assert broken is not None
    missing = "Users/ada/notes/SKILL.md"
    last = Step("linked", None, Link(user_folder() / "chart", "claude", "user", missing, target="x"), broken)
    with pytest.raises((Refused, OSError)):
        linking.apply(repo, (*planned, last))
    assert everything(Path.home()) == before
    assert (shelved / ".git/skillgit/links.json").read_bytes() == record


def test_a_folder_that_is_read_only_is_told_of(shelved: Path) -> None:
    user_folder().mkdir(parents=True)
    user_folder().chmod(0o555)
    mortal = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    if mortal and shutil.which(mortal[0]) is None:
        pytest.skip("root may write everywhere, and 'setpriv' is not here")
    words = [*mortal, sys.executable, "-m", "skillgit", "link", "claude", "ada/pdf", "chart"]
    done = subprocess.run(words, cwd=shelved, capture_output=True, text=True, check=False)
    assert (done.returncode, "permission denied" in done.stderr, "Traceback" in done.stderr) == (128, True, False)
    assert not list(user_folder().iterdir())
    assert states(shelved) == {}


def test_a_process_that_is_killed_leaves_nothing_that_the_next_does_not_mend(cli: Run, shelved: Path) -> None:
    files = {f"Users/ada/s{number}/SKILL.md": skill_text(f"s{number}") for number in range(25)}
    commit(shelved, {**files})
    add(user_folder(), {"mine/SKILL.md": "mine"})
    chance = random.Random(7)
    for turn in range(3):
        commit(
            shelved, {f"Users/ada/s{number}/SKILL.md": skill_text(f"s{number}", n=str(turn)) for number in range(25)}
        )
        words = ["link", "claude", "--all", "--copy"] if turn % 2 == 0 else ["link"]
        process = subprocess.Popen(
            [sys.executable, "-m", "skillgit", *words],
            cwd=shelved,
            env=os.environ | ADA,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while process.poll() is None and not list(user_folder().glob(".skillgit-*")):
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.03))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert cli("link", "claude", "--all", "--copy", cwd=shelved, env=ADA).code == 0
        assert set(states(shelved).values()) == {"ok"}
    assert (user_folder() / "mine/SKILL.md").read_text() == "mine"
    assert cli("unlink", "--all", cwd=shelved).code == 0
    assert everything(user_folder()) == {"mine/SKILL.md": b"mine"}


def test_two_at_once_do_not_step_on_each_other(shelved: Path) -> None:
    words = [["link", "claude", "ada/pdf", "chart", "notes", "--copy"], ["link", "claude", "notes", "ada/pdf", "chart"]]
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "skillgit", *each], cwd=shelved, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for each in words
    ]
    answers = [process.communicate() for process in started]
    assert all(b"Traceback" not in err for _, err in answers)
    assert any(process.returncode == 0 for process in started)
    assert set(states(shelved).values()) == {"ok"}
    assert sorted(each.name for each in user_folder().iterdir()) == ["chart", "notes", "pdf"]
