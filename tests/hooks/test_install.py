"""Hooks put into a repository, beside those that are there, and taken out again."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from skillgit.errors import Refused
from skillgit.git import hooks
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from tests.conftest import Run
from tests.git.place import git

MINE = "#!/bin/sh\necho mine $0 $# >>ran\n"
STUB = '#!/usr/bin/env sh\n. "${0%/*}/h"\n'
"""What husky puts into `.husky/_` for each hook; `h` finds the user's own by the name of what runs it."""
H = """#!/usr/bin/env sh
n=$(basename "$0")
s=$(dirname "$(dirname "$0")")/$n
[ ! -f "$s" ] && exit 0
sh -e "$s" "$@"
"""


def plain(top: Path) -> None:
    """A repository as `git init` makes it."""
    git("init", "-q", "-b", "main", top)
    git("commit", "-q", "--allow-empty", "-m", "first", cwd=top)


def own(top: Path) -> None:
    """One with a hook of the user's."""
    plain(top)
    written(top / ".git/hooks/pre-commit", MINE)


def linked(top: Path) -> None:
    """One whose hook is a link to a file elsewhere."""
    plain(top)
    written(top / "scripts/check", MINE)
    (top / ".git/hooks/pre-commit").symlink_to("../../scripts/check")


def husky(top: Path) -> None:
    """One that husky (version 9) has set up."""
    plain(top)
    written(top / ".husky/_/h", H)
    written(top / ".husky/_/pre-commit", STUB)
    (top / ".husky/_/.gitignore").write_text("*")
    written(top / ".husky/pre-commit", "echo mine $0 $# >>ran\n")
    git("config", "core.hooksPath", ".husky/_", cwd=top)


def bare(top: Path) -> None:
    """A shared one."""
    git("init", "-q", "--bare", "-b", "main", top)
    written(top / "hooks/pre-receive", MINE)


PLACES = {"plain": plain, "own": own, "linked": linked, "husky": husky, "bare": bare}


def written(file: Path, text: str) -> None:
    """An executable file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(0o755)


def everything(top: Path) -> dict[str, tuple[int, object]]:
    """Every file of a folder, git's own included: its mode, and what is in it."""
    found = {str(file.relative_to(top)): file for file in sorted(top.rglob("*")) if file.is_symlink() or file.is_file()}
    return {
        name: (stat.S_IMODE(file.lstat().st_mode), str(file.readlink()) if file.is_symlink() else file.read_bytes())
        for name, file in found.items()
    }


@pytest.mark.parametrize("make", PLACES.values(), ids=PLACES)
def test_uninstall_leaves_every_byte_as_it_was(make: Callable[[Path], None], tmp_path: Path) -> None:
    top = tmp_path / "top"
    make(top)
    before = everything(top)
    repo, names = Repo.open(top), (*hooks.LOCAL, *hooks.SERVER)
    assert hooks.install(repo, names) == names
    assert hooks.install(Repo.open(top), names) == ()
    assert {hook.state for hook in hooks.status(repo)} == {"installed"}
    assert hooks.uninstall(Repo.open(top)) == names
    assert everything(top) == before
    assert hooks.uninstall(Repo.open(top)) == ()


@pytest.mark.parametrize("make", [own, linked, husky], ids=["own", "linked", "husky"])
def test_a_hook_that_was_there_still_runs_and_can_still_refuse(make: Callable[[Path], None], tmp_path: Path) -> None:
    top = tmp_path / "top"
    make(top)
    hooks.install(Repo.open(top), hooks.LOCAL)
    git("commit", "-q", "--allow-empty", "-m", "second", cwd=top)
    assert (top / "ran").read_text().startswith("mine ")
    hook = (top / ".husky/pre-commit") if make is husky else (top / ".git/hooks/pre-commit").resolve()
    if make is own:
        hook = top / ".git/hooks/pre-commit.before-skillgit"
    written(hook, "#!/bin/sh\nexit 3\n")
    git("commit", "-q", "--allow-empty", "-m", "third", cwd=top, ok=False)
    assert git("log", "-1", "--format=%s", cwd=top) == "second"


def test_what_init_set_up_stays(tmp_path: Path) -> None:
    repo = init(tmp_path / "a").repo
    before = everything(tmp_path / "a")
    hooks.install(repo, hooks.LOCAL)
    hooks.uninstall(Repo.open(tmp_path / "a"))
    assert everything(tmp_path / "a") == before


def test_a_linked_work_tree_has_the_hooks_of_the_main_one(tmp_path: Path) -> None:
    plain(tmp_path / "a")
    git("worktree", "add", "-q", "../b", cwd=tmp_path / "a")
    hooks.install(Repo.open(tmp_path / "b"), hooks.LOCAL)
    assert (tmp_path / "a/.git/hooks/pre-commit").is_file()


SHARED = {"tracked": ".husky", "elsewhere": "../team-hooks"}


@pytest.mark.parametrize("place", SHARED.values(), ids=SHARED)
def test_a_folder_of_hooks_that_others_share_is_left_alone(place: str, tmp_path: Path) -> None:
    top = tmp_path / "top"
    plain(top)
    written(top / place / "pre-commit", MINE)
    git("config", "core.hooksPath", place, cwd=top)
    before = everything(tmp_path)
    with pytest.raises(Refused, match="not of this clone alone") as told:
        hooks.install(Repo.open(top), hooks.LOCAL)
    assert 'skillgit hook pre-commit "$@"' in told.value.hint and everything(tmp_path) == before


def test_a_hook_that_somebody_wrote_over_ours_is_told_and_stays(tmp_path: Path) -> None:
    top = tmp_path / "top"
    husky(top)
    hooks.install(Repo.open(top), hooks.LOCAL)
    written(top / ".husky/_/pre-commit", STUB)  # as husky does at each `npm install`
    state = {hook.name: hook.state for hook in hooks.status(Repo.open(top))}
    assert (state["pre-commit"], state["commit-msg"]) == ("replaced", "installed")
    assert hooks.install(Repo.open(top), hooks.LOCAL) == ("pre-commit",)
    written(top / ".husky/_/pre-commit", STUB)
    hooks.uninstall(Repo.open(top))
    assert sorted(file.name for file in (top / ".husky/_").iterdir()) == [".gitignore", "h", "pre-commit"]


def test_hooks_of_another_skillgit_are_brought_up_to_date(tmp_path: Path) -> None:
    plain(tmp_path)
    hooks.install(Repo.open(tmp_path), hooks.LOCAL)
    file = tmp_path / ".git/hooks/pre-commit"
    file.write_bytes(file.read_bytes() + b"# of another version\n")
    assert hooks.status(Repo.open(tmp_path))[0].state == "outdated"
    assert hooks.install(Repo.open(tmp_path), hooks.LOCAL) == ()
    assert hooks.status(Repo.open(tmp_path))[0].state == "installed"


def test_a_program_that_is_gone_keeps_nobody_from_committing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain(tmp_path)
    hooks.install(Repo.open(tmp_path), hooks.LOCAL)
    shared = tmp_path / ".git/hooks/skillgit.sh"
    rows = shared.read_text().splitlines(keepends=True)
    shared.write_text("".join("program=/nowhere/skillgit\n" if row.startswith("program=") else row for row in rows))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert hooks.lost_program(Repo.open(tmp_path)) == "/nowhere/skillgit"
    written(tmp_path / "Users/ada/x/SKILL.md", "no skill")
    git("add", ".", cwd=tmp_path)
    git("commit", "-q", "-m", "second", cwd=tmp_path)


def test_the_command_says_what_it_did(cli: Run, tmp_path: Path) -> None:
    plain(tmp_path)
    assert cli("hooks").out.count("absent") == 8
    assert cli("hooks", "install").out == f"installed: {', '.join(hooks.LOCAL)}\n"
    assert cli("hooks", "install").out == "nothing to do: installed already\n"
    assert '{"name": "pre-commit", "state": "installed", "runs": null}' in cli("hooks", "status", "--json").out
    assert cli("hooks", "uninstall").out == f"uninstalled: {', '.join(hooks.LOCAL)}\n"
    assert cli("hooks", "fetch").code == 2 and cli("hooks", "--server").code == 2


def test_where_nobody_commits_only_what_is_pushed_is_checked(cli: Run, tmp_path: Path) -> None:
    bare(tmp_path)
    answer = cli("hooks", "install")
    assert (answer.code, answer.err.splitlines()[1]) == (2, "hint: 'skillgit hooks install --server'")
    assert cli("hooks", "install", "--server").out == "installed: pre-receive\n"


def test_doctor_tells_of_hooks_that_are_not_as_they_were_installed_and_mends_them(cli: Run, tmp_path: Path) -> None:
    repo = init(tmp_path / "a").repo
    assert cli("doctor", cwd=tmp_path / "a").err == "healthy\n"
    hooks.install(repo, hooks.LOCAL)
    place = tmp_path / "a/.git/hooks"
    shared = (place / "skillgit.sh").read_text()
    for change, words in {
        "\nprogram=/nowhere/": "hooks: '/nowhere/",
        "\n# old\nprogram=": "hooks: the hooks pre-commit, commit-msg,",
    }.items():
        (place / "skillgit.sh").write_text(shared.replace("\nprogram=", change))
        assert cli("doctor", cwd=tmp_path / "a").out.startswith(words)
        assert cli("doctor", "--fix", cwd=tmp_path / "a").code == 0
        assert (place / "skillgit.sh").read_text() == shared
