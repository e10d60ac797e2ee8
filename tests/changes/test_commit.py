"""Hand edits of the work tree: one decision a skill, all or nothing, and nothing else is touched."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from skillgit.changes.edit import choose, commit_worktree
from skillgit.errors import NotFound, Refused, RepositoryError, SkillgitError, UsageError
from skillgit.git.history import log
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from tests.changes.library import PDF, RELEASE, REPORT, document, head, history, library, skill, state, version
from tests.git.place import git, sound, status


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return library(tmp_path / "lib")


@pytest.fixture
def top(repo: Repo) -> Path:
    assert repo.worktree is not None
    return repo.worktree


def append(file: Path, text: str) -> None:
    file.write_text(file.read_text() + text)


def test_several_skills_are_one_decision_each(repo: Repo, top: Path) -> None:
    append(top / RELEASE / "SKILL.md", "- Tag it.\n")
    append(top / PDF / "SKILL.md", "- Keep links.\n")
    made, landed = commit_worktree(repo)
    said = [(each.decision.action, each.decision.path, each.decision.before, each.decision.after) for each in made]
    assert said == [("edit", PDF, "0.1.0", "0.1.1"), ("edit", RELEASE, "0.1.0", "0.1.1")]
    assert landed.commits == tuple(each.commit for each in made)
    assert [note.text for note in made[1].decision.notes] == ["Tag it."]
    assert status(top) == []
    assert 'version: "0.1.1"' in (top / RELEASE / "SKILL.md").read_text()
    sound(top)


def test_only_the_skills_that_were_named_are_recorded(repo: Repo, top: Path) -> None:
    append(top / RELEASE / "SKILL.md", "- Tag it.\n")
    append(top / REPORT / "SKILL.md", "- Cite.\n")
    commit_worktree(repo, choose(repo, head(repo), ["release"]))
    assert (version(repo, RELEASE), version(repo, REPORT)) == ("0.1.1", "0.1.0")
    assert status(top) == [f" M {REPORT}/SKILL.md"]


@pytest.mark.parametrize(
    ("word", "error"),
    [("nothing", NotFound), ("", NotFound), ("../release", NotFound), ("x", UsageError)],
    ids=["unknown", "empty", "a way out", "ambiguous"],
)
def test_a_name_that_is_not_one_skill_is_refused(repo: Repo, top: Path, word: str, error: type[SkillgitError]) -> None:
    for user in ("ada", "bo"):
        (top / f"Users/{user}/x").mkdir(parents=True)
        (top / f"Users/{user}/x/SKILL.md").write_bytes(skill("x").render())
    with pytest.raises(error, match=f"skill '{word}'"):
        choose(repo, head(repo), [word])


def test_a_new_folder_is_a_new_skill_with_its_files_and_modes(repo: Repo, top: Path) -> None:
    folder = top / "Users/bo/tidy/scripts"
    folder.mkdir(parents=True)
    (folder.parent / "SKILL.md").write_bytes(skill("tidy").render())
    (folder / "go.sh").write_text("#!/bin/sh\n")
    (folder / "go.sh").chmod(0o755)
    (folder / "notes.txt").write_text("x")
    made, _ = commit_worktree(repo)
    assert (made[0].decision.before, made[0].decision.after, made[0].decision.summary) == (
        None,
        "0.1.0",
        "written by hand",
    )
    assert {name: entry.mode for name, entry in repo.files(head(repo), "Users/bo/tidy").items()} == {
        "SKILL.md": 0o100644,
        "scripts/go.sh": 0o100755,
        "scripts/notes.txt": 0o100644,
    }
    assert document(repo, "Users/bo/tidy").id
    assert status(top) == []


REMOVALS = {
    "the folder": (["rm", "-r", RELEASE], []),
    "the folder, staged": (["git", "rm", "-rq", RELEASE], []),
    "SKILL.md alone": (["rm", f"{RELEASE}/SKILL.md"], [f"?? {RELEASE}/scripts/run.sh"]),
}


@pytest.mark.parametrize(("command", "left"), REMOVALS.values(), ids=REMOVALS.keys())
def test_a_deleted_skill_is_a_removed_one(repo: Repo, top: Path, command: list[str], left: list[str]) -> None:
    subprocess.run(command, cwd=top, check=True)
    made, _ = commit_worktree(repo)
    assert (made[0].decision.action, made[0].decision.path) == ("remove", RELEASE)
    assert not repo.files(head(repo), RELEASE)
    assert status(top) == left


def test_files_beside_it_count_as_a_change_of_the_skill(repo: Repo, top: Path) -> None:
    (top / RELEASE / "reference.md").write_text("x")
    commit_worktree(repo)
    assert version(repo, RELEASE) == "0.1.1"
    (top / RELEASE / "scripts/run.sh").unlink()
    commit_worktree(repo)
    assert version(repo, RELEASE) == "0.2.0"
    (top / RELEASE / "reference.md").chmod(0o755)
    commit_worktree(repo)
    assert history(repo, RELEASE) == ["0.2.1", "0.2.0", "0.1.1", "0.1.0"]
    assert {name: entry.mode for name, entry in repo.files(head(repo), RELEASE).items()}["reference.md"] == 0o100755
    assert status(top) == []


def test_ignored_files_stay_where_they_are(repo: Repo, top: Path) -> None:
    (top / ".gitignore").write_text("*.pyc\n")
    append(top / RELEASE / "SKILL.md", "- Tag it.\n")
    (top / RELEASE / "x.pyc").write_text("x")
    commit_worktree(repo)
    assert set(repo.files(head(repo), RELEASE)) == {"SKILL.md", "scripts/run.sh"}
    assert status(top) == ["?? .gitignore"]


def test_what_others_have_staged_stays_staged(repo: Repo, top: Path) -> None:
    (top / "notes.txt").write_text("x")
    append(top / REPORT / "SKILL.md", "- Cite.\n")
    git("add", "notes.txt", REPORT, cwd=top)
    append(top / RELEASE / "SKILL.md", "- Tag it.\n")
    commit_worktree(repo, [RELEASE])
    assert status(top) == [f"M  {REPORT}/SKILL.md", "A  notes.txt"]


VERSIONS = {
    "higher": ("1.0.0", "1.0.0"),
    "higher, in short": ("v2", "2.0.0"),
    "the one that is due": ("0.1.1", "0.1.1"),
    "lower": ("0.0.9", "0.1.1"),
    "the same": ("0.1.0", "0.1.1"),
    "no version": ("soon", "0.1.1"),
}


@pytest.mark.parametrize(("written", "recorded"), VERSIONS.values(), ids=VERSIONS.keys())
def test_a_version_written_by_hand_counts_where_it_is_higher(
    repo: Repo, top: Path, written: str, recorded: str
) -> None:
    text = (top / REPORT / "SKILL.md").read_text().replace('"0.1.0"', f'"{written}"')
    (top / REPORT / "SKILL.md").write_text(f"{text}- Cite.\n")
    commit_worktree(repo)
    assert version(repo, REPORT) == recorded
    assert status(top) == []


def test_a_version_never_repeats_though_a_plain_commit_set_it_back(repo: Repo, top: Path) -> None:
    for number in range(3):
        append(top / REPORT / "SKILL.md", f"- Rule {number}.\n")
        commit_worktree(repo)
    text = (top / REPORT / "SKILL.md").read_text()
    (top / REPORT / "SKILL.md").write_text(text.replace("0.1.3", "0.1.0"))
    git("commit", "-qam", "back", cwd=top)
    append(top / REPORT / "SKILL.md", "- Cite.\n")
    commit_worktree(repo)
    assert version(repo, REPORT) == "0.1.4"


def broken(top: Path) -> None:
    (top / REPORT / "SKILL.md").write_text("no frontmatter")


def misnamed(top: Path) -> None:
    (top / REPORT / "SKILL.md").write_bytes(skill("other").render())


def linked_file(top: Path) -> None:
    (top / REPORT / "link").symlink_to("/etc/passwd")


def linked_skill(top: Path) -> None:
    (top.parent / "outside.md").write_bytes(skill("report").render())
    (top / REPORT / "SKILL.md").unlink()
    (top / REPORT / "SKILL.md").symlink_to(top.parent / "outside.md")


def linked_folder(top: Path) -> None:
    (top / REPORT).rename(top.parent / "outside")
    append(top.parent / "outside/SKILL.md", "- Cite.\n")
    (top / REPORT).symlink_to(top.parent / "outside")


def linked_empty_folder(top: Path) -> None:
    (top / REPORT).rename(top.parent / "outside")
    (top.parent / "outside/SKILL.md").unlink()
    (top / REPORT).symlink_to(top.parent / "outside")


def fifo(top: Path) -> None:
    append(top / REPORT / "SKILL.md", "- Cite.\n")
    os.mkfifo(top / REPORT / "pipe")


def git_inside(top: Path) -> None:
    git("init", "-q", str(top / REPORT / "sub"))
    (top / REPORT / "sub/file").write_text("x")


def upper_case_user(top: Path) -> None:
    (top / "Users/Ada/x").mkdir(parents=True)
    (top / "Users/Ada/x/SKILL.md").write_bytes(skill("x").render())


def reserved_name(top: Path) -> None:
    (top / "Users/ada/con").mkdir(parents=True)
    (top / "Users/ada/con/SKILL.md").write_bytes(skill("con").render())


def newline_in_a_name(top: Path) -> None:
    (top / REPORT / "a\nb").write_text("x")


def no_text_in_a_name(top: Path) -> None:
    (top / REPORT / os.fsdecode(b"\xff")).write_text("x")


def twins(top: Path) -> None:
    for name in ("a.md", "A.md"):
        (top / REPORT / name).write_text("x")


def conflict(top: Path) -> None:
    git("checkout", "-qb", "other", cwd=top)
    append(top / REPORT / "SKILL.md", "- Use tables.\n")
    git("commit", "-qam", "theirs", cwd=top)
    git("checkout", "-q", "main", cwd=top)
    append(top / REPORT / "SKILL.md", "- Never use tables.\n")
    git("commit", "-qam", "ours", cwd=top)
    git("merge", "-q", "other", cwd=top, ok=False)


def unmerged(top: Path) -> None:
    append(top / REPORT / "SKILL.md", "- Use tables.\n")
    git("stash", "-q", cwd=top)
    append(top / REPORT / "SKILL.md", "- Never use tables.\n")
    git("commit", "-qam", "ours", cwd=top)
    git("stash", "pop", "-q", cwd=top, ok=False)


def resolved_merge(top: Path) -> None:
    conflict(top)
    (top / REPORT / "SKILL.md").write_bytes(skill("report", "Both.").render())
    git("add", REPORT, cwd=top)


HURDLES: dict[Callable[[Path], None], tuple[int, str]] = {
    broken: (1, "no frontmatter"),
    misnamed: (1, "the name 'other' is not that of its directory 'report'"),
    linked_file: (128, "'link' is a symbolic link"),
    linked_skill: (128, "'SKILL.md' is a symbolic link"),
    linked_folder: (128, "'Users/ada/report' is a symbolic link"),
    linked_empty_folder: (128, "'Users/ada/report' is a symbolic link"),
    git_inside: (128, "'sub/' is no regular file"),
    upper_case_user: (1, "'Ada'"),
    reserved_name: (128, "Windows reserves it"),
    newline_in_a_name: (128, "it contains an invisible character"),
    no_text_in_a_name: (128, "it contains an invisible character"),
    twins: (128, "are one path on some systems"),
    conflict: (128, "a merge is in progress"),
    resolved_merge: (128, "a merge is in progress"),
    unmerged: (1, "has a conflict that is not resolved"),
}


@pytest.mark.parametrize(("hurdle", "told"), HURDLES.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_one_skill_that_cannot_be_kept_stops_all_and_everything_stays(
    repo: Repo, top: Path, hurdle: Callable[[Path], None], told: tuple[int, str]
) -> None:
    hurdle(top)
    append(top / PDF / "SKILL.md", "- Keep links.\n")
    before = state(top)
    with pytest.raises(SkillgitError) as caught:
        commit_worktree(repo)
    assert (caught.value.exit_code, told[1] in caught.value.message) == (told[0], True), caught.value.message
    assert state(top) == before


def test_a_pipe_in_a_skill_is_not_opened(repo: Repo, top: Path) -> None:
    fifo(top)  # git itself does not see it
    commit_worktree(repo)
    assert stat.S_ISFIFO((top / REPORT / "pipe").lstat().st_mode)
    assert set(repo.files(head(repo), REPORT)) == {"SKILL.md"}


@pytest.mark.parametrize("touch", ["nothing", "a file of no skill", "the mode of SKILL.md"])
def test_where_no_skill_changed_there_is_nothing_to_commit(repo: Repo, top: Path, touch: str) -> None:
    if touch == "a file of no skill":
        (top / "notes.txt").write_text("x")
        (top / "Users/ada/notes.txt").write_text("x")
    if touch == "the mode of SKILL.md":
        (top / REPORT / "SKILL.md").chmod(0o755)
    before = state(top)
    with pytest.raises(Refused, match="nothing to commit"):
        commit_worktree(repo)
    assert state(top) == before


def test_a_broken_skill_is_mended_by_hand(repo: Repo, top: Path) -> None:
    (top / REPORT / "SKILL.md").write_text("broken")
    git("commit", "-qam", "broken", cwd=top)
    (top / REPORT / "SKILL.md").write_bytes(skill("report").render())
    commit_worktree(repo)
    assert (version(repo, REPORT), status(top)) == ("0.1.1", [])


def test_the_first_commit_of_a_repository_may_be_by_hand(tmp_path: Path) -> None:
    git("init", "-q", "-b", "main", str(tmp_path / "new"))
    top = tmp_path / "new"
    (top / REPORT).mkdir(parents=True)
    (top / REPORT / "SKILL.md").write_bytes(skill("report").render())
    repo = Repo.open(top)
    made, _ = commit_worktree(repo)
    assert [revision.subject for revision in log(repo, head(repo))] == ["edit(ada/report): written by hand (0.1.0)"]
    assert (made[0].decision.path, status(top)) == (REPORT, [])


def test_a_bare_repository_has_nothing_to_commit_from(tmp_path: Path) -> None:
    with pytest.raises(RepositoryError, match="a bare repository has no work tree"):
        commit_worktree(init(tmp_path / "bare", bare=True).repo)
