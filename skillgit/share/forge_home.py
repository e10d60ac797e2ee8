"""Where a remote is a repository of a forge: which kind, at which address, under which path, and with whose token.

The kind is known of the forges' public hosts. Of any other host the user says it, in git's configuration and nowhere
else, since that is where a token is sent:

    git config skillgit.forge gitlab                            github, gitlab, gitea or forgejo
    git config skillgit.forge-url https://git.example.org       where the remote's address does not tell it

A token goes to that host only, over https, or to this machine.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from skillgit import config
from skillgit.errors import Refused, UsageError
from skillgit.git.repo import Repo
from skillgit.git.run import git
from skillgit.models import keys
from skillgit.models.address import complete, is_open
from skillgit.share.forge import Api, Forge
from skillgit.share.forge_gitea import GITEA
from skillgit.share.forge_github import GITHUB
from skillgit.share.forge_gitlab import GITLAB

FORGES: Mapping[str, Forge] = {"github": GITHUB, "gitlab": GITLAB, "gitea": GITEA, "forgejo": GITEA}

_BY_SSH = {"ssh.github.com": "github.com", "altssh.gitlab.com": "gitlab.com"}
"""The hosts that take ssh at the port of https."""

_HOST = r"(?P<host>[A-Za-z0-9_.-]+"
_WEB = re.compile(rf"(?P<scheme>https?)://(?:[^/@]*@)?{_HOST}(?::\d+)?)/(?P<path>.+)", re.IGNORECASE)
_SSH = re.compile(rf"(?:(?:git\+)?ssh|git)://(?:[^/@]*@)?{_HOST})(?::\d+)?/(?P<path>.+)", re.IGNORECASE)
_SCP = re.compile(rf"(?:[^/@]+@)?{_HOST}):(?!//)/?(?P<path>.+)")
_PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)+")


@dataclass(frozen=True, slots=True)
class Home:
    """A repository at a forge: `server` is the forge's address, `path` the repository's there."""

    forge: Forge
    server: str
    path: str

    @property
    def host(self) -> str:
        """The forge as people call it."""
        return urlsplit(self.server).netloc


def home(repo: Repo, remote: str) -> Home | None:
    """The repository that a remote of ours is at its forge; None where it is at none that is known.

    Raises UsageError for settings that are wrong, or would send a token unencrypted.
    """
    found = _place(address(repo, remote))
    if found is None:
        return None
    server, path = found
    forge = _public(server)
    if forge:
        server = f"https://{urlsplit(server).netloc}"
    else:
        forge, server = _configured(repo, server)
    if forge is None:
        return None
    path = path.removeprefix(urlsplit(server).path.strip("/") + "/")
    if is_open(server):
        raise UsageError(
            f"a token would go to '{server}' unencrypted", hint="git config skillgit.forge-url https://..."
        )
    if not _PATH.fullmatch(path) or (forge is not GITLAB and path.count("/") != 1):
        raise Refused(f"remote '{remote}' is at {urlsplit(server).netloc}, and '{path}' is no repository there")
    return Home(forge, server, path)


def _configured(repo: Repo, server: str) -> tuple[Forge | None, str]:
    """The forge that the user says a server is, and its address."""
    kind, given = config.setting(repo, "forge").text, config.setting(repo, "forge-url")
    return FORGES.get(kind), complete(given, f"https://{urlsplit(server).netloc}") if given.text else server


def address(repo: Repo, remote: str) -> str:
    """The address that git pushes to."""
    return git(["remote", "get-url", "--push", "--", remote], cwd=repo.directory).decode("utf-8", "replace").strip()


def api(repo: Repo, at: Home) -> Api:
    """The API of a forge, asked with the user's token; UsageError where there is none."""
    from skillgit.share.forge_api import RestApi  # with httpx

    names = variables(at)
    key = keys.find(names, f"{at.server}/{at.path}.git", cwd=repo.directory, user="")
    if key is None:
        hint = f"set {' or '.join(names)}, or let git keep one ('git help credentials'); '--print' needs none"
        raise UsageError(f"no token for '{at.host}' was found", hint=hint)
    return RestApi(at.forge.api(at.server), at.forge, key)


def variables(at: Home) -> tuple[str, ...]:
    """The variables of the environment that may have a token for a forge; in a forge's own jobs, that of the job."""
    public, others = at.forge.variables
    names = public if _public(at.server) else others
    is_here = urlsplit(os.environ.get("GITHUB_SERVER_URL", "")).netloc == at.host  # GitHub's word, and Gitea's
    return tuple(dict.fromkeys((*names, *(("GITHUB_TOKEN",) if is_here else ()))))


def _public(server: str) -> Forge | None:
    """The forge whose public host this is; `.ghe.com` stands for all below it."""
    host = urlsplit(server).netloc
    dotted = ((forge, name) for forge in (GITHUB, GITLAB, GITEA) for name in forge.hosts)
    return next((forge for forge, name in dotted if host == name or (name[0] == "." and host.endswith(name))), None)


def _place(url: str) -> tuple[str, str] | None:
    """The server and the path that a remote's address means; None for a place on this machine."""
    found = _WEB.fullmatch(url) or _SSH.fullmatch(url) or ("://" not in url and _SCP.fullmatch(url)) or None
    if found is None:
        return None
    host = found["host"].lower()
    scheme = found["scheme"].lower() if found.re is _WEB else "https"
    return f"{scheme}://{_BY_SSH.get(host, host)}", found["path"].strip("/").removesuffix(".git")
