"""Settings: where each comes from, and what a repository may not say."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillgit.config import SETTINGS, TOML, Setting, read_policy, setting, user
from skillgit.errors import Invalid, SkillgitError, Unsafe, UsageError
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from tests.git.place import git


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return init(tmp_path / "lib").repo


def say(repo: Repo, text: str) -> None:
    """Commit a skillgit.toml."""
    (repo.directory / TOML).write_text(text)
    git("commit", "-qam", "policy", cwd=repo.directory)


def reopened(repo: Repo) -> Repo:
    return Repo.open(repo.directory)


def test_each_source_counts_above_the_next(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    say(repo, "")
    seen = [setting(repo, "search.limit")]
    say(repo, "[search]\nlimit = 1\n")
    seen.append(setting(repo, "search.limit"))
    git("config", "--global", "skillgit.search.limit", "2", cwd=repo.directory)
    seen.append(setting(reopened(repo), "search.limit"))
    git("config", "--local", "skillgit.search.limit", "3", cwd=repo.directory)
    seen.append(setting(reopened(repo), "search.limit"))
    monkeypatch.setenv("SKILLGIT_SEARCH_LIMIT", "4")
    seen.append(setting(reopened(repo), "search.limit"))
    seen.append(setting(reopened(repo), "search.limit", "6"))
    assert [(value.text, value.source) for value in seen] == [
        ("5", "default"),
        ("1", "skillgit.toml"),
        ("2", "git config"),
        ("3", "git config"),
        ("4", "environment (SKILLGIT_SEARCH_LIMIT)"),
        ("6", "flag"),
    ]


def test_the_policy_is_the_committed_one(repo: Repo) -> None:
    (repo.directory / TOML).write_text('[learn]\npolicy = "pr"\n')
    assert setting(repo, "learn.policy").text == "auto"
    git("commit", "-qam", "policy", cwd=repo.directory)
    assert setting(repo, "learn.policy").text == "pr"


@pytest.mark.parametrize("row", SETTINGS, ids=lambda row: row.key)
def test_every_setting_has_a_default_that_is_valid_and_a_meaning(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, row: Setting
) -> None:
    monkeypatch.delenv("SKILLGIT_UPKEEP")
    assert setting(repo, row.key).text == row.default
    assert row.meaning


WRONG = {
    "an unknown policy": ("learn.policy", "yolo", "must be one of: auto, branch, pr"),
    "an unknown place": ("learn.discards", "Branch", "must be one of: branch, ref, none"),
    "no number": ("search.limit", "many", "must be a whole number above 0"),
    "zero": ("search.limit", "0", "must be a whole number above 0"),
    "below zero": ("search.limit", "-1", "must be a whole number above 0"),
    "digits of another script": ("search.limit", "５", "must be a whole number above 0"),
    "too much": ("search.min-score", "1.5", "must be between 0 and 1"),
    "not a number": ("search.min-score", "nan", "must be between 0 and 1"),
    "no share": ("search.min-score", "half", "must be a number between 0 and 1"),
}


@pytest.mark.parametrize(("key", "text", "told"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_value_is_named_with_its_source(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, key: str, text: str, told: str
) -> None:
    table, name = key.split(".")
    say(repo, f'[{table}]\n{name} = "{text}"\n')
    assert complaint(repo, key) == f"invalid value '{text}' for '{key}' from skillgit.toml: {told}"
    git("config", f"skillgit.{key}", text, cwd=repo.directory)
    assert complaint(reopened(repo), key) == f"invalid value '{text}' for '{key}' from git config: {told}"
    variable = f"SKILLGIT_{key.upper().replace('.', '_').replace('-', '_')}"
    monkeypatch.setenv(variable, text)
    assert complaint(repo, key) == f"invalid value '{text}' for '{key}' from environment ({variable}): {told}"
    monkeypatch.delenv(variable)
    with pytest.raises(UsageError) as caught:
        setting(repo, key, text)
    assert caught.value.message == f"invalid value '{text}' for '{key}' from flag: {told}"


def complaint(repo: Repo, key: str) -> str:
    with pytest.raises(UsageError) as caught:
        setting(repo, key)
    return caught.value.message


FORBIDDEN = {
    "an address": ('[model]\nurl = "https://evil.example"\n', "model.url"),
    "a command": ('command = "rm -rf /"\n', "command"),
    "a key": ('[model]\nkey = "x"\n', "model.key"),
    "the user": ('user = "bo"\n', "user"),
    "signing": ("sign = false\n", "sign"),
    "a slip of the pen": ('[learn]\npolici = "pr"\n', "learn.polici"),
    "a table in place of a value": ('[learn.policy]\nx = "pr"\n', "learn.policy.x"),
}


@pytest.mark.parametrize(("text", "key"), FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_a_repository_may_set_policy_and_nothing_else(repo: Repo, text: str, key: str) -> None:
    say(repo, text)
    with pytest.raises(SkillgitError, match=f"skillgit.toml may not set '{key}'") as caught:
        setting(repo, "search.limit")
    assert caught.value.hint.startswith("it may set: learn.policy, learn.discards, ")


@pytest.mark.parametrize("content", [b"[learn", b"\xff", b"a = 1\na = 2\n", b"\0"], ids=repr)
def test_a_policy_that_cannot_be_read_says_so(content: bytes) -> None:
    with pytest.raises(SkillgitError, match=r"^cannot read skillgit\.toml: "):
        read_policy(content)


def test_values_of_any_kind_are_read_as_they_are_written() -> None:
    assert read_policy(b"[search]\nlimit = 5\nmin-score = 0.25\n") == {"search.limit": "5", "search.min-score": "0.25"}


def test_a_branch_without_commits_has_the_defaults(tmp_path: Path) -> None:
    git("init", "-q", str(tmp_path / "new"))
    assert setting(Repo.open(tmp_path / "new"), "search.limit").source == "default"


def test_the_user_is_the_flag_the_environment_or_gits(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GIT_AUTHOR_NAME")
    monkeypatch.setenv("LOGNAME", "grace")
    seen = [user(repo)]
    git("config", "user.name", "Grace H.", cwd=repo.directory)
    seen.append(user(reopened(repo)))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Ada Lovelace")
    seen.append(user(reopened(repo)))
    git("config", "skillgit.user", "ada", cwd=repo.directory)
    seen.append(user(reopened(repo)))
    monkeypatch.setenv("SKILLGIT_USER", "bo")
    seen += [user(reopened(repo)), user(reopened(repo), "王五")]
    assert seen == ["grace", "grace-h", "ada-lovelace", "ada", "bo", "王五"]


def test_a_user_without_a_name_is_asked_for_one(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_AUTHOR_NAME", "LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("os.getuid", lambda: 987654)
    with pytest.raises(UsageError, match="whose skills these are") as caught:
        user(repo)
    assert "skillgit.user" in caught.value.hint


NAMES: dict[str, type[SkillgitError]] = {
    "../x": Unsafe,
    "/abs": Unsafe,
    "a/b": Unsafe,
    "CON": Unsafe,
    "": Unsafe,
    ".": Unsafe,
    "x" * 300: Invalid,
    "🚀": Invalid,
    "Ada": Invalid,
    "-x": Invalid,
    "a b": Invalid,
    "a\nb": Unsafe,
    "\u202eada": Unsafe,
}


@pytest.mark.parametrize(("name", "error"), NAMES.items(), ids=lambda value: ascii(value)[:20])
def test_a_user_that_is_no_path_segment_is_refused(repo: Repo, name: str, error: type[SkillgitError]) -> None:
    with pytest.raises(error):
        user(repo, name)
    if name:
        git("config", "skillgit.user", name, cwd=repo.directory)
        with pytest.raises(error):
            user(reopened(repo))
