"""Which forge a remote is at, where its API is, and whose token goes there."""

from __future__ import annotations

import os
from pathlib import Path
from unittest.mock import patch

import pytest

from skillgit.errors import Refused, SkillgitError, UsageError
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.models import keys
from skillgit.share import forge_home
from tests.git.place import git

PLACES = {  # address: kind, API, path
    "https": ("https://github.com/team/skills", "github", "https://api.github.com", "team/skills"),
    "https, as copied": ("https://github.com/team/skills.git/", "github", "https://api.github.com", "team/skills"),
    "with a password": ("https://ada:pw@github.com/team/skills", "github", "https://api.github.com", "team/skills"),
    "unencrypted": ("http://github.com/team/skills.git", "github", "https://api.github.com", "team/skills"),
    "ssh": ("git@github.com:team/skills.git", "github", "https://api.github.com", "team/skills"),
    "an ssh address": ("ssh://git@github.com/team/skills.git", "github", "https://api.github.com", "team/skills"),
    "ssh at https's port": ("ssh://git@ssh.github.com:443/a/b.git", "github", "https://api.github.com", "a/b"),
    "in capitals": ("HTTPS://GitHub.com/Team/Skills", "github", "https://api.github.com", "Team/Skills"),
    "GitHub with a domain": ("git@acme.ghe.com:team/skills.git", "github", "https://api.acme.ghe.com", "team/skills"),
    "groups in groups": ("git@gitlab.com:a/b/c/skills.git", "gitlab", "https://gitlab.com/api/v4", "a/b/c/skills"),
    "Codeberg": ("https://codeberg.org/ada/skills.git", "gitea", "https://codeberg.org/api/v1", "ada/skills"),
}
CONFIGURED = {  # address, kind, forge-url: API, path
    "ssh": ("git@git.example.org:a/b.git", "gitlab", "", "https://git.example.org/api/v4", "a/b"),
    "ssh with a port": ("ssh://git@git.example.org:2222/a/b", "forgejo", "", "https://git.example.org/api/v1", "a/b"),
    "https with a port": (
        "https://git.example.org:8443/a/b",
        "gitea",
        "",
        "https://git.example.org:8443/api/v1",
        "a/b",
    ),
    "GitHub Enterprise": ("git@git.example.org:a/b.git", "github", "", "https://git.example.org/api/v3", "a/b"),
    "loopback": ("http://127.0.0.1:3000/a/b.git", "gitea", "", "http://127.0.0.1:3000/api/v1", "a/b"),
    "below a path": (
        "https://example.org/gitlab/a/b.git",
        "gitlab",
        "https://example.org/gitlab",
        "https://example.org/gitlab/api/v4",
        "a/b",
    ),
    "ssh, below a path": (
        "git@example.org:a/b.git",
        "gitlab",
        "https://example.org/gitlab",
        "https://example.org/gitlab/api/v4",
        "a/b",
    ),
    "a name of ssh's": ("work:a/b.git", "github", "https://github.com", "https://api.github.com", "a/b"),
    "an address without a scheme": ("work:a/b.git", "gitea", "git.a.org", "https://git.a.org/api/v1", "a/b"),
}


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return init(tmp_path / "lib").repo


def found(repo: Repo, url: str, **settings: str) -> forge_home.Home | None:
    """Where a remote with this address is."""
    git("remote", "add", "origin", url, cwd=repo.directory)
    for key, value in settings.items():
        git("config", f"skillgit.{key.replace('_', '-')}", value, cwd=repo.directory)
    return forge_home.home(Repo.open(repo.directory), "origin")


@pytest.mark.parametrize(("url", "kind", "api", "path"), PLACES.values(), ids=PLACES.keys())
def test_a_public_forge_is_known_by_its_host(repo: Repo, url: str, kind: str, api: str, path: str) -> None:
    home = found(repo, url)
    assert home
    assert (home.forge.kind, home.forge.api(home.server), home.path) == (kind, api, path)


@pytest.mark.parametrize(("url", "kind", "where", "api", "path"), CONFIGURED.values(), ids=CONFIGURED.keys())
def test_any_other_is_what_the_configuration_says(
    repo: Repo, url: str, kind: str, where: str, api: str, path: str
) -> None:
    home = found(repo, url, forge=kind, forge_url=where)
    assert home
    assert (home.forge is forge_home.FORGES[kind], home.forge.api(home.server), home.path) == (True, api, path)


@pytest.mark.parametrize(
    "url",
    [
        "/srv/skills.git",
        "../skills",
        "file:///srv/skills",
        "git@git.example.org:a/b",
        "https://github.com.evil.org/a/b",
    ],
)
def test_what_nobody_has_said_is_no_forge(repo: Repo, url: str) -> None:
    assert found(repo, url) is None


def test_a_file_of_the_tree_cannot_say_what_a_host_is(repo: Repo) -> None:
    (repo.directory / "skillgit.toml").write_text('forge = "gitlab"\n')
    git("add", ".", cwd=repo.directory)
    git("commit", "-qm", "mine", cwd=repo.directory)
    assert found(repo, "git@git.example.org:a/b.git") is None


WRONG: dict[str, tuple[str, dict[str, str], type[SkillgitError], str]] = {
    "no owner": ("https://github.com/skills", {}, Refused, "'skills' is no repository there"),
    "too deep": ("https://github.com/a/b/c", {}, Refused, "'a/b/c' is no repository there"),
    "another API": ("https://github.com/a/b%2F..", {}, Refused, "is no repository there"),
    "unencrypted": ("http://git.example.org/a/b", {"forge": "gitea"}, UsageError, "unencrypted"),
    "an unencrypted API": (
        "git@git.example.org:a/b",
        {"forge": "gitea", "forge_url": "http://git.example.org"},
        UsageError,
        "unencrypted",
    ),
    "a kind that is none": ("git@git.example.org:a/b", {"forge": "bitbucket"}, UsageError, "must be one of"),
    "a password in the address": (
        "git@git.example.org:a/b",
        {"forge": "gitea", "forge_url": "https://ada:pw@git.example.org"},
        UsageError,
        "has a user or a password in it",
    ),
}


@pytest.mark.parametrize(("url", "settings", "error", "words"), WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_meant_is_an_error(
    repo: Repo, url: str, settings: dict[str, str], error: type[SkillgitError], words: str
) -> None:
    with pytest.raises(error, match=words) as caught:
        found(repo, url, **settings)
    assert "pw" not in f"{caught.value.message} {caught.value.hint}"


EVERY = {
    name: f"of-{name.lower()}"
    for name in ("GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITLAB_TOKEN", "GITEA_TOKEN", "FORGEJO_TOKEN")
}
TOKENS = {  # address, kind, server of the job: whose token
    "GitHub": ("git@github.com:a/b", "", "", "GH_TOKEN"),
    "GitHub Enterprise": ("git@git.example.org:a/b", "github", "", "GH_ENTERPRISE_TOKEN"),
    "GitLab": ("git@gitlab.com:a/b", "", "", "GITLAB_TOKEN"),
    "Forgejo": ("git@git.example.org:a/b", "forgejo", "", "GITEA_TOKEN"),
}


@pytest.mark.parametrize(("url", "kind", "server", "name"), TOKENS.values(), ids=TOKENS.keys())
def test_a_token_goes_to_the_forge_it_is_named_after(repo: Repo, url: str, kind: str, server: str, name: str) -> None:
    home = found(repo, url, forge=kind)
    assert home
    with patch.dict(os.environ, EVERY):
        key = keys.find(forge_home.variables(home), "https://x", cwd=repo.directory, user="")
    assert key and key.source == f"environment ({name})"


def test_the_token_of_a_job_goes_to_the_server_of_the_job_and_to_no_other(repo: Repo) -> None:
    home = found(repo, "https://git.example.org/a/b", forge="gitea")
    assert home and "GITHUB_TOKEN" not in forge_home.variables(home)
    with patch.dict(os.environ, {"GITHUB_SERVER_URL": "https://git.example.org"}):
        assert "GITHUB_TOKEN" in forge_home.variables(home)
    with patch.dict(os.environ, {"GITHUB_SERVER_URL": "https://git.example.org.evil.org"}):
        assert "GITHUB_TOKEN" not in forge_home.variables(home)


def test_without_a_variable_git_is_asked_for_just_that_repository(repo: Repo, tmp_path: Path) -> None:
    helper = tmp_path / "helper"
    helper.write_text(f'#!/bin/sh\ncat >> {tmp_path}/asked\n[ "$1" = get ] && printf "username=x\\npassword=kept\\n"\n')
    helper.chmod(0o755)
    git("config", "--global", "credential.helper", str(helper))
    git("config", "--global", "credential.useHttpPath", "true")
    home = found(repo, "https://git.example.org/a/b.git", forge="gitea")
    assert home
    key = keys.find(forge_home.variables(home), f"{home.server}/{home.path}.git", cwd=repo.directory, user="")
    assert key and (key.text, key.source) == ("kept", "git credential")
    asked = (tmp_path / "asked").read_text().splitlines()
    assert {"protocol=https", "host=git.example.org", "path=a/b.git"} <= set(asked)
