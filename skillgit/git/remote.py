"""Branches on their way to a remote and back, through the `git` program and the user's own credentials.

Nothing here forces: a push that the remote's branch has outrun is `Rejected`, and the remote is as it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from skillgit.errors import NotFound, Refused, RepositoryError, Unsafe
from skillgit.git.message import one_line
from skillgit.git.repo import Repo
from skillgit.git.run import attempt, git

CHECKED = ("-c", "transfer.fsckObjects=true", "-c", "submodule.recurse=false")
"""Objects are looked at as they come, and nothing is fetched for submodules: for any git that fetches."""
_FETCH = (*CHECKED, "fetch", "--quiet", "--prune", "--no-recurse-submodules", "--no-write-fetch-head")
_LINE = 500
_USERINFO = re.compile(r"(?<=://)[^/@\s]+@")
_EMPTY_WORDS = (
    "could not read from remote repository",
    "please make sure you have the correct access rights",
    "and the repository exists",
    "the remote end hung up",
    "early eof",
    "failed to push some",
)
_NO_ACCESS = (
    "authentication failed",
    "could not read username",
    "could not read password",
    "permission denied (",
    "the requested url returned error: 401",
    "the requested url returned error: 403",
)
_MOVED = ("fetch first", "non-fast-forward", "stale info")
_RACED = (
    "failed to update ref",
    "incorrect old value",
    "cannot lock ref",
    "reference already exists",
    "failed to lock",
)
"""How a remote says that another push came first, after git here had still thought that there was none."""
_FAULT = re.compile(r"error: object [0-9a-f]{40}: (.+)")
_LABEL = re.compile(r"^(fatal|error|hint): ")
_OURS = ("error: failed to push", "hint:", "To ")
"""What git itself adds below the words of a hook."""


Push = Literal["pushed", "up to date", "outrun"]


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch here, and its counterpart at a remote: full ref names, and where git remembers the latter."""

    remote: str
    ours: str
    theirs: str

    @property
    def name(self) -> str:
        """The branch as people call it."""
        return self.ours.removeprefix("refs/heads/")

    @property
    def tracking(self) -> str:
        """Where the remote's branch, as last seen, is kept here."""
        return f"refs/remotes/{self.remote}/{self.theirs.removeprefix('refs/heads/')}"


def branch(repo: Repo, remote: str | None = None, name: str | None = None) -> Branch:
    """The branch `name` (default: the current one) and what it is pushed to and pulled from.

    As git: the branch's configured upstream, else the branch of the same name at `remote`, at `origin`,
    or at the only remote. NotFound for a remote or branch that is not there, Refused on a detached HEAD.
    """
    ours = f"refs/heads/{name}" if name else repo.branch_ref()
    if ours == "HEAD":
        raise Refused("HEAD is detached: there is no branch to share", hint="'git switch BRANCH', or name the branch")
    if name and repo.tip(ours) is None:
        raise NotFound(f"no branch '{name}'", hint="'git branch --list' shows what there is")
    short = ours.removeprefix("refs/heads/")
    upstream = repo.config(f"branch.{short}.remote")
    chosen = remote or (upstream if upstream not in (None, ".") else None) or default_remote(repo)
    if chosen not in remotes(repo):
        raise NotFound(f"no remote '{chosen}'", hint=f"git remote add {chosen} URL")
    merged = repo.config(f"branch.{short}.merge") if upstream == chosen else None
    return Branch(chosen, ours, merged or ours)


def default_remote(repo: Repo) -> str:
    """The only remote, or `origin`; an error where there is none to choose."""
    found = remotes(repo)
    if not found:
        raise RepositoryError("there is no remote to share this repository with", hint="'skillgit share URL' adds one")
    if len(found) > 1 and "origin" not in found:
        raise RepositoryError("which remote is meant is not clear", hint="name one of them 'origin'")
    return "origin" if "origin" in found else found[0]


def default_branch(repo: Repo, remote: str) -> str:
    """The branch that a remote's HEAD stands on, by its short name; NotFound where it has none."""
    done = attempt(["ls-remote", "--symref", "--", remote, "HEAD"], cwd=repo.directory)
    if done.returncode != 0:
        raise unreachable(f"remote '{remote}'", done.stderr.decode("utf-8", "replace"), test=remote)
    found = re.match(r"ref: refs/heads/(\S+)\tHEAD\n", done.stdout.decode("utf-8", "replace"))
    if found is None:
        hint = "push that branch first, or name another with --base"
        raise NotFound(f"remote '{remote}' has no main branch, or does not say which it is", hint=hint)
    return found[1]


def reach(repo: Repo, url: str) -> None:
    """An address can be read from; RepositoryError, saying why, where it cannot."""
    done = attempt(["ls-remote", "--quiet", "--", url, "HEAD"], cwd=repo.directory)
    if done.returncode:
        raise unreachable(f"'{one_line(url, _LINE)}'", done.stderr.decode("utf-8", "replace"), test=url)


def fetch(repo: Repo, shared: Branch) -> str | None:
    """The tip of the remote's branch, which is here afterwards; None where the remote has no such branch.

    What was learned on branches of its own, and waits for review at the remote, comes along. Unsafe where git holds
    an object that comes for broken, or for an attack.
    """
    refs = [f"+{shared.theirs}:{shared.tracking}", f"+refs/heads/learn/*:refs/remotes/{shared.remote}/learn/*"]
    done = attempt([*_FETCH, shared.remote, *refs], cwd=repo.directory)
    said = done.stderr.decode("utf-8", "replace")
    if done.returncode == 0:
        return repo.tip(shared.tracking)
    if "couldn't find remote ref" in said:
        return None
    if fault := faulty(said):
        raise Unsafe(f"what remote '{shared.remote}' sends is not taken: {fault}")
    raise unreachable(f"remote '{shared.remote}'", said, test=shared.remote)


def push(repo: Repo, shared: Branch) -> Push:
    """Push a branch as `git push` does, never by force; Refused, in the remote's words, where it says no.

    "outrun": the remote's branch has moved on, and is as it was.
    """
    words = ["push", "--porcelain", shared.remote, f"{shared.ours}:{shared.theirs}"]
    done = attempt(words, cwd=repo.directory)
    rows = [line.split("\t") for line in done.stdout.decode("utf-8", "replace").splitlines()]
    flag, summary = next(((row[0], row[2]) for row in rows if len(row) == 3), ("", ""))
    said = done.stderr.decode("utf-8", "replace")
    if done.returncode == 0:
        return "up to date" if flag == "=" else "pushed"
    if not flag and "fatal:" not in said and "failed to push some refs" in said:
        raise _refused(shared, "the pre-push hook here said no", said)
    if flag != "!":
        raise unreachable(f"remote '{shared.remote}'", said, test=shared.remote)
    raced = summary.startswith("[remote rejected]") and any(word in f"{summary}\n{said}" for word in _RACED)
    if raced or any(f"({word})" in summary for word in _MOVED):
        return "outrun"
    raise _refused(shared, summary, said)


def apart(repo: Repo, shared: Branch) -> tuple[int, int]:
    """How many commits our branch has that the remote's has not, as it was last seen, and the other way round."""
    words = ["rev-list", "--left-right", "--count", f"{shared.ours}...{shared.tracking}", "--"]
    ahead, behind = git(words, cwd=repo.directory).split()
    return int(ahead), int(behind)


def parted(repo: Repo, ours: str, theirs: str) -> str | None:
    """The commit at which two branches parted; None where they have none in common."""
    said = git(["merge-base", ours, theirs], cwd=repo.directory, ok=(0, 1)).decode().split()
    return said[0] if said else None


def rewritten(repo: Repo, shared: Branch, theirs: str) -> bool:
    """Whether the remote's branch has dropped commits that ours was built on: someone has forced it."""
    words = ["merge-base", "--fork-point", shared.tracking, shared.ours]
    fork = git(words, cwd=repo.directory, ok=(0, 1, 128)).decode().strip()
    return bool(fork) and not _is_ancestor(repo, fork, theirs)


def request_pull(repo: Repo, shared: Branch, *, base: str) -> str:
    """The text that asks for review of what a pushed branch adds to `base`, as `git request-pull` writes it."""
    words = ["request-pull", base, shared.remote, f"{shared.name}:{shared.theirs}"]
    return _USERINFO.sub("", git(words, cwd=repo.directory).decode("utf-8", "replace"))


def remotes(repo: Repo) -> list[str]:
    """The names of all remotes."""
    return git(["remote"], cwd=repo.directory).decode().split()


def _is_ancestor(repo: Repo, old: str, new: str) -> bool:
    return attempt(["merge-base", "--is-ancestor", old, new], cwd=repo.directory).returncode == 0


def _lines(said: str) -> list[str]:
    """What git or a remote said, a line each, without what a terminal would obey and without passwords."""
    shown = (one_line(_USERINFO.sub("", line), _LINE) for line in re.split(r"[\r\n]", said))
    return [line for line in shown if line]


def faulty(said: str) -> str | None:
    """What git has against an object that a remote sent, where it took nothing for that reason."""
    if "fsck error" not in said:
        return None
    why = _FAULT.search(said)
    return one_line(why[1] if why else "an object in it is broken", _LINE)


def unreachable(remote: str, said: str, *, test: str) -> RepositoryError:
    """The error for a remote that could not be talked to: the first line that says why; `test` is what git calls it."""
    lines = _lines(said)
    telling = [line for line in lines if not any(word in line.casefold() for word in _EMPTY_WORDS)]
    telling = [line for line in telling if not line.startswith(("warning:", "hint:", "remote:"))] or lines
    why = _LABEL.sub("", next(iter(telling), "git said nothing")).rstrip(".")
    if any(word in said.casefold() for word in _NO_ACCESS):
        hint = f"'git ls-remote {test}' has to work first: see 'git help credentials', or your ssh keys"
        return RepositoryError(f"{remote} did not let us in: {why}", hint=hint)
    return RepositoryError(f"cannot reach {remote}: {why}", hint=f"try 'git ls-remote {test}'")


def _refused(shared: Branch, summary: str, said: str) -> Refused:
    """The error for a push that the remote, or a hook here or there, did not accept; the hint is what it said."""
    why = re.sub(r"^\[[a-z ]+\] ?", "", one_line(summary, _LINE)).strip("()")
    words = (line.removeprefix("remote:").strip() for line in _lines(said) if not line.startswith(_OURS))
    told = (_LABEL.sub("", line) for line in words)
    return Refused(f"branch '{shared.name}' was not taken by '{shared.remote}': {why}", hint="\n".join(told))
