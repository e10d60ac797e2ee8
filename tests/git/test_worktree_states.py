"""Whatever state the user's work tree is in: every byte of it stays, and the decision lands, is parked or refused."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from skillgit.errors import RepositoryError
from skillgit.git.repo import Repo
from tests.git.place import FIRST, NEW, OTHER, SECOND, SKILL, files, git, put, sound, status

CHANGE: dict[str, bytes | None] = {SKILL: SECOND, NEW: b"# Fresh\n"}


@dataclass(frozen=True, slots=True)
class State:
    """A work tree as `prepare` leaves it; `blocked` is None where the decision lands, else the path in the way."""

    prepare: Callable[[Path], object]
    blocked: str | None = None
    after: tuple[str, ...] = ()


def _write(path: str, content: bytes) -> Callable[[Path], object]:
    def prepare(top: Path) -> None:
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_bytes(content)

    return prepare


def _git(*words: str, ok: bool = True) -> Callable[[Path], object]:
    return lambda top: git(*words, cwd=top, ok=ok)


def _all(*steps: Callable[[Path], object]) -> Callable[[Path], object]:
    return lambda top: [step(top) for step in steps]


def _diverge(top: Path) -> None:
    """A branch `side` whose change of the skill conflicts with main's."""
    git("switch", "-q", "-c", "side", cwd=top)
    (top / SKILL).write_bytes(b"# Side\n")
    git("commit", "-qam", "side", cwd=top)
    git("switch", "-q", "main", cwd=top)
    (top / SKILL).write_bytes(b"# Main\n")
    git("commit", "-qam", "main", cwd=top)


def _ignored(path: str) -> Callable[[Path], object]:
    return _all(
        lambda top: (top / ".git/info").mkdir(exist_ok=True),
        lambda top: (top / ".git/info/exclude").write_text("fresh\nfresh/\n"),
        _write(path, b"mine\n"),
    )


def _stash(path: str) -> Callable[[Path], object]:
    return _all(
        _write(path, b"stashed\n"),
        _git("stash", "-q"),
        _write(path, b"committed\n"),
        _git("commit", "-qam", "committed"),
        _git("stash", "pop", ok=False),
    )


def _link(top: Path) -> None:
    (top / "Users/ada").rename(top / "elsewhere")
    (top / "Users/ada").symlink_to("../elsewhere")


STATES = {
    "clean": State(lambda top: None),
    "another file edited": State(_write(OTHER, b"mine\n"), after=(f" M {OTHER}",)),
    "another file staged": State(_all(_write(OTHER, b"mine\n"), _git("add", "-A")), after=(f"M  {OTHER}",)),
    "another file deleted": State(lambda top: (top / OTHER).unlink(), after=(f" D {OTHER}",)),
    "another file untracked": State(_write("notes.txt", b"mine\n"), after=("?? notes.txt",)),
    "touched, not changed": State(lambda top: os.utime(top / SKILL, (1, 1))),
    "the text staged already": State(_all(_write(SKILL, SECOND), _git("add", SKILL))),
    "the text staged, then edited": State(
        _all(_write(SKILL, SECOND), _git("add", SKILL), _write(SKILL, b"mine\n")), after=(f" M {SKILL}",)
    ),
    "the file edited": State(_write(SKILL, b"mine\n"), SKILL, (f" M {SKILL}",)),
    "the file staged": State(_all(_write(SKILL, b"mine\n"), _git("add", "-A")), SKILL, (f"M  {SKILL}",)),
    "the file staged and edited": State(
        _all(_write(SKILL, b"mine\n"), _git("add", "-A"), _write(SKILL, FIRST)), SKILL, (f"MM {SKILL}",)
    ),
    "the file assumed unchanged": State(
        _all(_git("update-index", "--assume-unchanged", SKILL), _write(SKILL, b"mine\n")), SKILL
    ),
    "the file deleted": State(lambda top: (top / SKILL).unlink(), SKILL, (f" D {SKILL}",)),
    "the file removed": State(_git("rm", "-q", SKILL), SKILL, (f"D  {SKILL}",)),
    "the file out of the index": State(_git("rm", "-q", "--cached", SKILL), SKILL, (f"D  {SKILL}", f"?? {SKILL}")),
    "the file made executable": State(lambda top: (top / SKILL).chmod(0o755), SKILL, (f" M {SKILL}",)),
    "the file made executable, and staged": State(
        _all(lambda top: (top / SKILL).chmod(0o755), _git("add", SKILL)), SKILL, (f"M  {SKILL}",)
    ),
    "the file made executable in the index": State(_git("update-index", "--chmod=+x", SKILL), SKILL, (f"MM {SKILL}",)),
    "a folder in place of the file": State(
        _all(lambda top: (top / SKILL).unlink(), _write(f"{SKILL}/mine", b"mine\n")),
        SKILL,
        (f" D {SKILL}", f"?? {SKILL}/mine"),
    ),
    "the very text typed": State(_write(SKILL, SECOND), SKILL, (f" M {SKILL}",)),
    "an untracked file in the way": State(_write(NEW, b"mine\n"), NEW, (f"?? {NEW}",)),
    "an ignored file in the way": State(_ignored(NEW), NEW),
    "an ignored file in place of the folder": State(_ignored("Users/ada/fresh"), "Users/ada/fresh"),
    "a link in place of the folder": State(
        _link,
        "Users/ada",
        (f" D {SKILL}", f" D {OTHER}", "?? Users/ada", "?? elsewhere/release/SKILL.md", "?? elsewhere/report/SKILL.md"),
    ),
    "mid-merge": State(_all(_diverge, _git("merge", "side", ok=False)), "", (f"UU {SKILL}",)),
    "mid-merge, resolved": State(
        _all(_diverge, _git("merge", "side", ok=False), _write(SKILL, b"both\n"), _git("add", "-A")),
        "",
        (f"M  {SKILL}",),
    ),
    "mid-rebase": State(_all(_diverge, _git("rebase", "side", ok=False)), "", (f"UU {SKILL}",)),
    "mid-cherry-pick": State(_all(_diverge, _git("cherry-pick", "side", ok=False)), "", (f"UU {SKILL}",)),
    "mid-revert": State(_all(_diverge, _git("revert", "HEAD~1", ok=False)), "", (f"UD {SKILL}", f"D  {OTHER}")),
    "mid-bisect": State(_git("bisect", "start", "HEAD", "HEAD~1"), ""),
    "a conflict of a stash": State(
        _stash(SKILL),
        SKILL,
        (f"UU {SKILL}",),
    ),
    "a conflict elsewhere": State(_stash(OTHER), after=(f"UU {OTHER}",)),
}


@pytest.mark.parametrize("state", STATES.values(), ids=STATES.keys())
def test_the_users_work_stays_and_the_decision_lands_or_waits(repo: Repo, top: Path, state: State) -> None:
    state.prepare(top)
    before, said, tip = files(top), status(top), repo.tip("HEAD")
    if state.blocked is None:
        assert put(repo, CHANGE).commits == (repo.tip("HEAD"),)
        ours = {path: content for path, content in CHANGE.items() if content and before.get(path) != b"mine\n"}
        assert files(top) == {**before, **ours}
    else:
        with pytest.raises(RepositoryError) as caught:
            put(repo, CHANGE)
        assert (f"'{state.blocked}'" if state.blocked else "the work tree is busy") in caught.value.message
        assert caught.value.hint and not git("for-each-ref", "refs/skillgit", cwd=top)
        landed = put(repo, CHANGE, park_as="01JD")
        assert landed.blocked is not None and landed.blocked.path == state.blocked
        assert landed.ref == "refs/skillgit/proposals/01JD" and landed.commits == (repo.tip(landed.ref),)
        assert (files(top), status(top), repo.tip("HEAD")) == (before, said, tip)
        assert git("show", f"{landed.ref}:{NEW}", cwd=top) == "# Fresh"
    assert status(top) == list(state.after)
    sound(top)


def test_a_removed_skill_leaves_what_the_user_has_beside_it(repo: Repo, top: Path) -> None:
    (top / "Users/ada/release/notes.txt").write_bytes(b"mine\n")
    put(repo, {"Users/ada/release": None})
    assert "Users/ada/release/notes.txt" in files(top) and SKILL not in files(top)
    assert status(top) == ["?? Users/ada/release/notes.txt"]
    put(repo, {"Users/ada/report": None})
    assert not (top / "Users/ada/report").exists()
    sound(top)


def test_a_decision_that_changes_no_file_lands_whatever_the_files_are(repo: Repo, top: Path) -> None:
    _diverge(top)
    git("merge", "side", cwd=top, ok=False)
    before = files(top)
    assert put(repo, {}).commits == (repo.tip("HEAD"),)
    assert files(top) == before and status(top) == [f"UU {SKILL}"]


def test_a_decision_that_changes_no_file_stays_out_of_a_rebase(repo: Repo, top: Path) -> None:
    _diverge(top)
    git("rebase", "side", cwd=top, ok=False)
    for ref in (None, "refs/heads/main"):
        assert put(repo, {}, ref=ref, park_as="01JD").blocked is not None
    (top / SKILL).write_bytes(b"both\n")
    git("add", "-A", cwd=top)
    git("commit", "-qm", "both", cwd=top)
    git("rebase", "--continue", cwd=top)
    assert git("rev-parse", "main~1", cwd=top) == git("rev-parse", "side", cwd=top)


def test_a_file_and_a_folder_change_places(repo: Repo, top: Path) -> None:
    put(repo, {"Users/ada/release": None, "Users/ada/release/deep/SKILL.md": b"deep\n"})
    assert sorted(files(top)) == [".gitattributes", "Users/ada/release/deep/SKILL.md", OTHER, "skillgit.toml"]
    put(repo, {"Users/ada/release/deep": b"flat\n"})
    assert files(top)["Users/ada/release/deep"] == b"flat\n" and status(top) == []
    put(repo, {"Users/ada/release/deep/gone": None, NEW: b"new\n"})
    assert files(top)["Users/ada/release/deep"] == b"flat\n" and status(top) == []
    sound(top)
