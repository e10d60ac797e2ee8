"""`skillgit lock`, `ci` and `verify`: what agents are given, pinned to the byte and brought back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillgit.errors import Invalid
from skillgit.git.repo import Repo, folder_oid
from skillgit.share import lockfile
from skillgit.share.agent_folders import AGENTS
from skillgit.share.lockfile import Lock, LockedLibrary, LockedLink, LockedSkill
from tests.cli.shop import ADA
from tests.conftest import Run
from tests.git.place import git
from tests.share.libraries import add, skill_text, tree
from tests.share.shelf import everything, states, user_folder
from tests.share.skills import commit

CHART = "Common/acme/skills/chart"


def done(cli: Run, top: Path, *words: str | Path) -> str:
    """What a command says, which has to succeed."""
    answer = cli(*words, cwd=top, env=ADA)
    assert answer.code == 0, answer.err
    return answer.out


@pytest.fixture
def locked(cli: Run, shelved: Path) -> Path:
    """The repository with notes and chart linked in it, pdf in the home, and a committed lock file."""
    done(cli, shelved, "link", "claude", "notes", "chart", "--project")
    done(cli, shelved, "link", "codex", "ada/pdf")
    done(cli, shelved, "lock", "bob/pdf")
    commit(shelved, {})
    return shelved


def drift(cli: Run, top: Path) -> list[tuple[str, str, str]]:
    """What differs from the lock file: kind, the end of its name, the first word of how."""
    answer = cli("verify", "--json", cwd=top)
    rows = [json.loads(line) for line in answer.out.splitlines()]
    assert (answer.code == 1) == bool(rows)
    return [(row["kind"], row["name"].rpartition("/")[2], row["words"].split()[0].rstrip(",;")) for row in rows]


def test_the_file_has_commit_and_tree_of_everything(locked: Path) -> None:
    said, repo = json.loads((locked / "skillgit.lock").read_text()), Repo.open(locked)
    assert said["commit"] == git("rev-parse", "HEAD~1", cwd=locked)
    pin = git("rev-parse", "HEAD:Common/acme", cwd=locked)
    acme = git("rev-parse", f"{pin}^{{tree}}", cwd=locked / ".git/modules/Common/acme")
    assert (said["libraries"]["acme"]["commit"], said["libraries"]["acme"]["tree"]) == (pin, acme)
    assert list(said["skills"]) == [CHART, "Users/ada/notes", "Users/ada/pdf", "Users/bob/pdf"]
    for path, skill in said["skills"].items():
        assert skill["tree"] == folder_oid(repo, repo.tip("HEAD"), path)
    assert said["skills"]["Users/bob/pdf"]["links"] == []
    assert said["skills"][CHART]["links"] == [{"agent": "claude", "kind": "copy", "scope": "project"}]


def test_locking_again_changes_no_byte(cli: Run, locked: Path) -> None:
    before = json.loads((locked / "skillgit.lock").read_text())
    done(cli, locked, "lock")
    after = json.loads((locked / "skillgit.lock").read_text())
    assert after | {"commit": before["commit"]} == before
    assert cli("lock", cwd=locked).err == "nothing has changed since it was locked\n"


def test_what_was_locked_is_verified_and_restored_without_a_change(cli: Run, locked: Path) -> None:
    assert cli("verify", cwd=locked).err == "everything is as it was locked\n"
    before = everything(locked), everything(Path.home())
    answer = cli("ci", cwd=locked)
    assert (answer.code, answer.err) == (0, "as locked: 4 skills, 1 library\n")
    assert {line.split()[0] for line in answer.out.splitlines()} == {"unchanged"}
    assert (everything(locked), everything(Path.home())) == before


def test_a_new_clone_gets_exactly_what_was_locked(cli: Run, locked: Path, tmp_path: Path) -> None:
    shutil.rmtree(user_folder(".agents"))
    git("clone", "-q", locked, tmp_path / "clone")
    clone = tmp_path / "clone"
    git("config", "submodule.Common/acme.url", git("config", "submodule.Common/acme.url", cwd=locked), cwd=clone)
    shutil.rmtree(clone / ".claude")
    assert drift(cli, clone) == [
        ("library", "acme", "it"),
        ("link", "chart", "missing"),
        ("link", "notes", "missing"),
        ("link", "pdf", "missing"),
    ]
    done(cli, clone, "ci")
    assert drift(cli, clone) == []
    assert (clone / ".claude/skills/notes").is_symlink()
    assert tree(clone / ".claude/skills/chart") == tree(locked / ".claude/skills/chart")
    assert (user_folder(".agents") / "pdf").resolve() == clone / "Users/ada/pdf"


def test_a_skill_that_has_moved_on_comes_back_as_a_copy_of_what_it_was(cli: Run, locked: Path) -> None:
    commit(locked, {"Users/ada/notes/SKILL.md": skill_text("notes", license="MIT")})
    assert drift(cli, locked) == [("link", "notes", "moved")]
    done(cli, locked, "ci")
    assert drift(cli, locked) == []
    place = locked / ".claude/skills/notes"
    assert (place.is_symlink(), (place / "SKILL.md").read_text()) == (False, skill_text("notes"))
    assert states(locked)[str(place)] == "outdated"
    git("revert", "--no-edit", "HEAD", cwd=locked)
    done(cli, locked, "ci")
    assert place.is_symlink()


def test_edits_that_nobody_committed_are_not_locked_and_not_given(cli: Run, locked: Path) -> None:
    file = locked / "Users/ada/notes/SKILL.md"
    file.write_text("mine")
    assert drift(cli, locked) == [("link", "notes", "edited")]
    answer = cli("lock", cwd=locked)
    assert (answer.code, "notes' is edited" in answer.err) == (1, True)
    done(cli, locked, "ci")
    assert (locked / ".claude/skills/notes/SKILL.md").read_text() == skill_text("notes")
    assert file.read_text() == "mine"


def update_library(top: Path, cli: Run) -> None:
    acme = Path(git("config", "submodule.Common/acme.url", cwd=top))
    clone = top.parent / "acme"
    git("clone", "-q", acme, clone)
    commit(clone, {"skills/chart/SKILL.md": skill_text("chart", license="MIT")})
    git("config", "submodule.Common/acme.url", clone, cwd=top)
    done(cli, top, "library", "update", "acme")


def put_in_the_way(top: Path, cli: Run) -> None:
    (top / ".claude/skills/notes").unlink()
    add(top, {".claude/skills/notes": "x"})


FAILS: dict[str, tuple[Callable[[Path, Run], object], str]] = {
    "a library that was updated": (update_library, "library acme: pinned at"),
    "a library that is gone": (lambda top, cli: done(cli, top, "library", "remove", "acme"), "library acme: it is not"),
    "a pinned skill that changed": (
        lambda top, _: commit(top, {"Users/bob/pdf/SKILL.md": skill_text("pdf", license="MIT")}),
        "skill bob/pdf: tree",
    ),
    "an edited copy": (lambda top, _: (top / ".claude/skills/chart/SKILL.md").write_text("mine"), "has edits of its"),
    "a file in the way": (put_in_the_way, "was replaced by somebody else"),
    "a tree that is nowhere": (
        lambda top, _: add(
            top, {"skillgit.lock": (top / "skillgit.lock").read_text().replace('"tree": "', '"tree": "0')}
        ),
        "is no lock file of skillgit",
    ),
}


@pytest.mark.parametrize(("make", "said"), FAILS.values(), ids=FAILS.keys())
def test_what_cannot_be_restored_fails_and_changes_nothing(
    cli: Run, locked: Path, make: Callable[[Path, Run], object], said: str
) -> None:
    (user_folder(".agents") / "pdf").unlink()
    make(locked, cli)
    before = everything(locked), everything(Path.home())
    answer = cli("ci", cwd=locked)
    assert answer.code == 1
    assert said in answer.err
    assert (everything(locked), everything(Path.home())) == before


def test_a_tree_that_git_has_not_is_said(cli: Run, locked: Path) -> None:
    said = json.loads((locked / "skillgit.lock").read_text())
    said["skills"]["Users/ada/notes"]["tree"] = "0" * 39 + "1"
    (locked / "skillgit.lock").write_text(json.dumps(said))
    answer = cli("ci", cwd=locked)
    assert (answer.code, answer.err.split("\n")[0]) == (1, "error: no skill 'ada/notes' with the tree 0000000000")


def test_links_that_are_not_locked_go_from_folders_that_are(cli: Run, locked: Path) -> None:
    done(cli, locked, "link", "claude", "ada/pdf", "--project")
    done(cli, locked, "link", "gemini", "ada/pdf")
    add(locked, {".claude/skills/mine/SKILL.md": "mine"})
    assert drift(cli, locked) == [("link", "pdf", "ada/pdf")]
    assert "unlinked ada/pdf" in done(cli, locked, "ci")
    assert sorted(each.name for each in (locked / ".claude/skills").iterdir()) == ["chart", "mine", "notes"]
    assert (user_folder(".gemini") / "pdf").is_symlink()


def test_a_project_elsewhere_has_a_lock_file_of_its_own(cli: Run, locked: Path, tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    done(cli, locked, "link", "codex", "notes", "chart", "--in", shop)
    done(cli, locked, "lock", "--in", shop)
    assert list(json.loads((shop / "skillgit.lock").read_text())["skills"]) == [CHART, "Users/ada/notes"]
    before = everything(shop)
    shutil.rmtree(shop / ".agents")
    assert cli("verify", "--in", shop, cwd=locked).code == 1
    done(cli, locked, "ci", "--in", shop)
    assert everything(shop) == before
    assert cli("verify", "--in", shop, cwd=locked).code == 0


def test_the_home_can_be_left_out(cli: Run, locked: Path) -> None:
    done(cli, locked, "lock", "--project")
    assert list(json.loads((locked / "skillgit.lock").read_text())["skills"]) == [
        CHART,
        "Users/ada/notes",
        "Users/bob/pdf",
    ]


def test_a_dry_run_says_and_does_nothing(cli: Run, locked: Path) -> None:
    (locked / ".claude/skills/notes").unlink()
    assert "would link ada/notes" in done(cli, locked, "ci", "-n")
    assert not (locked / ".claude/skills/notes").exists()


def test_a_pinned_skill_that_is_gone_is_said_and_pinned_no_more(cli: Run, locked: Path) -> None:
    done(cli, locked, "remove", "bob/pdf")
    assert drift(cli, locked) == [("skill", "pdf", "no")]
    assert "bob/pdf is gone, and pinned no more" in cli("lock", cwd=locked).err
    assert drift(cli, locked) == []


NOT_LOCKS = {
    "nothing": "",
    "no JSON": "{",
    "a list": "[]",
    "another version": '{"version": 2, "commit": "", "libraries": {}, "skills": {}}',
    "a field too few": '{"version": 1, "commit": "' + "0" * 40 + '"}',
    "no oid": '{"version": 1, "commit": "HEAD", "libraries": {}, "skills": {}}',
    "conflict markers": "{\n<<<<<<< ours\n=======\n>>>>>>> theirs\n}",
    "deep": "[" * 100_000,
}


@pytest.mark.parametrize("text", NOT_LOCKS.values(), ids=NOT_LOCKS.keys())
def test_what_is_no_lock_file_is_said(cli: Run, locked: Path, text: str) -> None:
    (locked / "skillgit.lock").write_text(text)
    for command in ("ci", "verify"):
        answer = cli(command, cwd=locked)
        assert (answer.code, answer.out, "Traceback" in answer.err) == (1, "", False)
        assert "skillgit.lock' " in answer.err


HOSTILE = {
    "a name upwards": {"name": ".."},
    "a name that is a path": {"name": "../../x"},
    "an agent there is none of": {"links": [{"agent": "../x", "scope": "user", "kind": "link"}]},
    "a scope there is none of": {"links": [{"agent": "claude", "scope": "/", "kind": "link"}]},
    "links that are none": {"links": {"agent": "claude"}},
    "a tree that is an option": {"tree": "--output=/tmp/x"},
}


@pytest.mark.parametrize("field", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_lock_file_leads_nowhere(cli: Run, locked: Path, field: dict[str, object]) -> None:
    said = json.loads((locked / "skillgit.lock").read_text())
    said["skills"]["Users/ada/notes"] |= field
    (locked / "skillgit.lock").write_text(json.dumps(said))
    before = everything(locked), everything(Path.home())
    assert "is no lock file of skillgit" in cli("ci", cwd=locked).err
    assert (everything(locked), everything(Path.home())) == before


def test_a_link_where_the_file_is_made_is_not_followed(cli: Run, locked: Path, tmp_path: Path) -> None:
    add(tmp_path, {"keep": "me"})
    (locked / "skillgit.lock").unlink()
    (locked / "skillgit.lock").symlink_to(tmp_path / "keep")
    done(cli, locked, "lock", "notes")
    assert (tmp_path / "keep").read_text() == "me"
    assert not (locked / "skillgit.lock").is_symlink()


def test_without_a_lock_file_there_is_nothing_to_restore(cli: Run, shelved: Path) -> None:
    for command in ("ci", "verify"):
        assert "hint: 'skillgit lock' writes it" in cli(command, cwd=shelved).err


oids = st.text("0123456789abcdef", min_size=40, max_size=40)
names = st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,5})?", fullmatch=True)
places = st.builds(
    LockedLink,
    st.sampled_from([agent.name for agent in AGENTS]),
    st.sampled_from(["user", "project"]),
    st.sampled_from(["link", "copy"]),
)
skills = st.builds(
    LockedSkill,
    names.filter(lambda name: name not in ("con", "aux", "nul", "prn")),
    oids,
    st.text(),
    st.lists(places).map(tuple),
)
locks = st.builds(
    Lock,
    oids,
    st.dictionaries(names.map(lambda name: f"x{name}"), st.builds(LockedLibrary, oids, oids, st.text())),
    st.dictionaries(names.map(lambda name: f"Users/ada/x{name}"), skills),
)


@settings(max_examples=20)
@given(locks)
def test_what_is_rendered_is_read_again(tmp_path_factory: pytest.TempPathFactory, lock: Lock) -> None:
    file = tmp_path_factory.getbasetemp() / "skillgit.lock"
    file.write_text(lockfile.render(lock))
    assert lockfile.read(file) == lock


@settings(max_examples=20)
@given(locks, st.data())
def test_a_lock_file_that_is_cut_short_is_no_lock_file(
    tmp_path_factory: pytest.TempPathFactory, lock: Lock, data: st.DataObject
) -> None:
    file, text = tmp_path_factory.getbasetemp() / "cut.lock", lockfile.render(lock)
    file.write_text(text[: data.draw(st.integers(0, len(text) - 2))])
    with pytest.raises(Invalid):
        lockfile.read(file)
