"""Who may push what to a shared repository, and what tags lead to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from skillgit.git.incoming import Update
from skillgit.git.repo import Repo
from skillgit.share import receive
from skillgit.share.receive import Push
from tests.changes.library import PDF, RELEASE, head, library
from tests.git.place import git
from tests.hooks.pushes import TOKEN, by_hand, decision, refused, rises


@pytest.fixture
def top(tmp_path: Path) -> Path:
    library(tmp_path / "lib")
    return tmp_path / "lib"


def went_back(top: Path) -> None:
    git("reset", "-q", "--hard", "HEAD~1", cwd=top)


OWNERS: dict[str, tuple[str | None, Callable[[Path], None], str]] = {
    "the own skill": ("ada", rises, ""),
    "nobody knows who": (None, rises, ""),
    "somebody else's": ("bob", rises, "'Users/ada/release/SKILL.md' is not below 'Users/bob/', where 'bob' may push"),
    "a common one": ("ada", lambda top: by_hand(top, "x", {f"{PDF}/x.md": "x", "x": "x"}), "'Common/pdf/x.md' is not"),
    "the policy": ("ada", lambda top: by_hand(top, "x", {"skillgit.toml": ""}), "'skillgit.toml' is not below"),
    "a decision without a change": (
        "bob",
        lambda top: by_hand(top, decision("discard", RELEASE, "0.1.0"), {}),
        "'Users/ada/release/' is not below 'Users/bob/'",
    ),
    "back to where it was": (
        "ada",
        went_back,
        "is not below",
    ),
    "a maintainer": ("carl", rises, ""),
}


@pytest.mark.parametrize(("pusher", "do", "words"), OWNERS.values(), ids=OWNERS)
def test_users_push_to_their_own_folders_only(
    pusher: str | None, do: Callable[[Path], None], words: str, top: Path
) -> None:
    git("config", "skillgit.maintainers", "carl dora", cwd=top)
    old = head(Repo.open(top))
    do(top)
    said = "\n".join(refused(top, old, pusher))
    assert (words in said) if words else said == ""


@pytest.mark.parametrize(
    ("environment", "user"),
    [({}, None), ({"REMOTE_USER": "ada"}, "ada"), ({"GL_USER": "", "SKILLGIT_PUSHER": "bob"}, "bob")],
)
def test_the_remote_says_who_is_pushing(environment: dict[str, str], user: str | None) -> None:
    assert receive.pusher(environment) == user


def _tag(top: Path, name: str, message: str, target: str) -> str:
    git("tag", "--annotate", "--message", message, name, target, cwd=top)
    return git("rev-parse", name, cwd=top)


def _file(top: Path) -> str:
    return git("hash-object", "-w", "--stdin", cwd=top, stdin=TOKEN.encode())


TAGS: dict[str, tuple[Callable[[Path], str], str]] = {
    "a commit": (lambda top: head(Repo.open(top)), ""),
    "a tag": (lambda top: _tag(top, "one", "the first", "HEAD"), ""),
    "a tag with a secret": (lambda top: _tag(top, "one", f"x\n\n{TOKEN}", "HEAD"), "its message, line 3: it looks"),
    "a tag of a tag with a secret": (
        lambda top: _tag(top, "two", "x", _tag(top, "one", TOKEN, "HEAD")),
        "its message, line 1: it looks",
    ),
    "a file": (_file, "'refs/tags/x' leads to no commit"),
    "a tag of a file": (lambda top: _tag(top, "one", "x", _file(top)), "'refs/tags/x' leads to no commit"),
    "a folder": (lambda top: git("rev-parse", "HEAD:Users", cwd=top), "'refs/tags/x' leads to no commit"),
}


@pytest.mark.parametrize(("make", "words"), TAGS.values(), ids=TAGS)
def test_what_a_tag_leads_to_is_looked_at(make: Callable[[Path], str], words: str, top: Path) -> None:
    push = Push(top, (Update("refs/tags/x", None, make(top)),), ("--all",))
    said = receive.forbidden(Repo.open(top), push, pusher=None)
    assert len(said) == bool(words) and all(words in line for line in said)


def test_a_tag_that_moves_says_whose_skills_it_moves_over(top: Path) -> None:
    old = _tag(top, "one", "x", "HEAD")
    rises(top)
    push = Push(top, (Update("refs/tags/one", old, _tag(top, "two", "x", "HEAD")),), ("--all",))
    repo = Repo.open(top)
    assert receive.forbidden(repo, push, pusher="ada") == ()
    assert receive.forbidden(repo, push, pusher="bob") == (
        "'Users/ada/release/SKILL.md' is not below 'Users/bob/', where 'bob' may push",
    )


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("Users/ada/release/v1.0.0", ()),
        ("Users/bob/release/v1.0.0", ("'Users/bob/release/v1.0.0' is not below 'Users/ada/', where 'ada' may push",)),
        ("Common/pdf/v1.0.0", ("'Common/pdf/v1.0.0' is not below 'Users/ada/', where 'ada' may push",)),
        ("nightly", ()),
    ],
)
@pytest.mark.parametrize("what", ["made", "gone"])
def test_users_release_their_own_skills_only(what: str, tag: str, said: tuple[str, ...], top: Path) -> None:
    old, new = (None, head(Repo.open(top))) if what == "made" else (head(Repo.open(top)), None)
    push = Push(top, (Update(f"refs/tags/{tag}", old, new),), ("--all",))
    assert receive.forbidden(Repo.open(top), push, pusher="ada") == said


def test_a_user_of_no_valid_name_has_a_folder_of_an_own_one() -> None:
    assert str(receive.pusher({"REMOTE_USER": "../etc"})).startswith("etc-")
