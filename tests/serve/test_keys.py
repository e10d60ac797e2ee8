"""Keys are kept as digests, and one that is revoked holds no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillgit.errors import NotFound, Unreadable
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.serve import keys
from skillgit.serve.keys import PREFIX, Keyring
from tests.conftest import Run


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return init(tmp_path / "repo").repo


def test_a_key_is_found_by_what_was_shown_and_that_is_nowhere_kept(repo: Repo) -> None:
    ring = Keyring(repo)
    assert ring.is_empty
    made, text = keys.add(repo, "ada", note="my laptop")
    assert ring.find(text) == made
    assert not ring.is_empty
    content = keys.path(repo).read_text()
    assert text not in content and text.rpartition("_")[2] not in content
    assert keys.path(repo).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("change", [str.upper, lambda text: text[:-1], lambda text: text + "x", lambda text: PREFIX])
def test_what_is_not_quite_the_key_is_none(repo: Repo, change: object) -> None:
    _, text = keys.add(repo, "ada")
    assert callable(change)
    assert Keyring(repo).find(change(text)) is None


def test_a_revoked_key_holds_no_more_and_leaves_nobody_in(repo: Repo) -> None:
    ring = Keyring(repo)
    made, text = keys.add(repo, "ada")
    assert ring.find(text)
    keys.revoke(repo, made.name)
    assert ring.find(text) is None
    assert not ring.is_empty
    with pytest.raises(NotFound):
        keys.revoke(repo, made.name)


def test_a_file_that_cannot_be_read_lets_nobody_in(repo: Repo) -> None:
    _, text = keys.add(repo, "ada")
    keys.path(repo).write_text("{")
    with pytest.raises(Unreadable):
        Keyring(repo).find(text)


def test_keys_are_added_listed_and_revoked(repo: Repo, cli: Run) -> None:
    where = repo.directory
    assert cli("keys", cwd=where).err == "no keys: 'skillgit serve' answers this machine only\n"
    text = cli("keys", "add", "--user", "bob", "--for-users", "--note", "the shop", cwd=where).out.strip()
    key = Keyring(repo).find(text)
    assert key and (key.user, key.acts, key.note) == ("bob", True, "the shop")
    assert f"{key.name}  bob  any user" in cli("keys", "list", cwd=where).out
    assert cli("keys", "revoke", key.name, cwd=where).out == f"revoked {key.name}\n"
    assert "revoked 20" in cli("keys", cwd=where).out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("x",), "'x' is not 'list', 'add' or 'revoke'"),
        (("revoke",), "a name is missing"),
        (("add", "x"), "'add' takes no name"),
        (("list", "--for-users"), "'--for-users' does not go with 'list'"),
        (("add", "--user", "../x"), "unsafe name"),
        (("revoke", "nope"), "no key 'nope'"),
    ],
)
def test_wrong_words_are_said(repo: Repo, cli: Run, words: tuple[str, ...], said: str) -> None:
    done = cli("keys", *words, cwd=repo.directory)
    assert done.code in (1, 2, 128)
    assert said in done.err
