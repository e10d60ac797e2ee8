"""A first remote for a repository: what would leave is looked through before anything does, and what is private stays.

    make_bare(repo, place, branch="main")   an empty repository to share through, that takes nothing broken or forced
    leaving = look(repo, place)             what a push would send there; nothing is changed
    done = share(repo, place)               the remote is there, has the branch, and is what pull and push mean

Only the branch is sent: nothing below refs/skillgit/ and no branch that waits for review.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from skillgit.errors import NotFound, Refused, UsageError
from skillgit.git import address, incoming, remote, submodule
from skillgit.git.incoming import Arrived, Update
from skillgit.git.message import one_line
from skillgit.git.remote import Branch
from skillgit.git.repo import Repo
from skillgit.git.run import git
from skillgit.learn.personal import personal
from skillgit.share import exchange, receive
from skillgit.share.appearing import appearing
from skillgit.share.exchange import Exchanged
from skillgit.skills import naming
from skillgit.skills.tree import MAX_FILE

_BARE_SETTINGS = {
    "core.fsync": "committed",
    "core.logAllRefUpdates": "always",
    "receive.fsckObjects": "true",
    "receive.denyNonFastForwards": "true",
}
_LINE = 500
_STAYS = ("refs/skillgit", "refs/heads/learn")


@dataclass(frozen=True, slots=True)
class Place:
    """A remote by its name, and its address."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """What a push to a remote would send: how many commits, and the skills that others then have.

    `faults` is what nobody should be sent, and `personal` is where it says who somebody is, a line each; `unreachable`
    are libraries at a place on this machine, which others cannot fetch; `stays` are refs that are not sent.
    """

    branch: str
    commits: int
    skills: tuple[str, ...]
    faults: tuple[str, ...]
    personal: tuple[str, ...]
    unreachable: tuple[str, ...]
    stays: tuple[str, ...]


def place(repo: Repo, url: str | None = None, *, name: str | None = None) -> Place:
    """The remote that is meant: at an address that a person typed, else the one that is there already.

    Refused where a remote of this name is somewhere else.
    """
    name = name or (remote.default_remote(repo) if url is None else "origin")
    if name.startswith("-"):
        raise UsageError(f"'{naming.shown(name)}' is no name for a remote")
    known = repo.config(f"remote.{name}.url")
    if url is None:
        return Place(name, address.checked(known or ""))
    wanted = address.typed(url)
    if known and known != wanted:
        hint = f"'--remote NAME' adds another one; 'git remote set-url {name} URL' moves this one"
        raise Refused(f"remote '{name}' is at '{one_line(known, _LINE)}' already", hint=hint)
    return Place(name, wanted)


def make_bare(repo: Repo, there: Place, *, branch: str) -> bool:
    """A bare repository is at an address, a folder of this machine, whose HEAD is a branch to come; whether it is new.

    Refused where something else is there, and within our own repository.
    """
    path = Path(there.url)
    if path.resolve().is_relative_to(repo.directory.resolve()):
        raise Refused(f"'{one_line(there.url, _LINE)}' is within this repository", hint="name a place beside it")
    if (path / "HEAD").is_file() and (path / "objects").is_dir():
        return False
    with appearing(path) as unfinished:
        kind = {"GIT_DEFAULT_HASH": "sha1", "GIT_DEFAULT_REF_FORMAT": "files"}
        git(["init", "--quiet", "--bare", f"--initial-branch={branch}", "--", "."], cwd=unfinished.folder, env=kind)
        for key, value in _BARE_SETTINGS.items():
            git(["config", "--local", key, value], cwd=unfinished.folder)
    return True


def look(repo: Repo, there: Place) -> Leaving:
    """What a push of the current branch would send to a remote, as far as it is known what that has."""
    ours = repo.branch_ref()
    if ours == "HEAD":
        raise Refused("HEAD is detached: there is no branch to share", hint="'git switch BRANCH' first")
    tip = repo.tip(ours)
    if tip is None:
        raise Refused("there are no commits to share yet", hint="'skillgit init' makes the first one")
    known = ("--ignore-missing", f"--remotes={there.name}")
    arrived = incoming.commits(repo.directory, [tip], known=known)
    faults = receive.unfit(repo, receive.Push(repo.directory, (Update(ours, None, tip),), known))
    return Leaving(
        branch=ours.removeprefix("refs/heads/"),
        commits=len(arrived),
        skills=tuple(submodule.own_skills(repo, tip)),
        faults=faults,
        personal=tuple(_personal(repo, arrived)),
        unreachable=tuple(_unreachable(repo, tip)),
        stays=tuple(git(["for-each-ref", "--format=%(refname)", *_STAYS], cwd=repo.directory).decode().split()),
    )


def share(repo: Repo, there: Place) -> Exchanged:
    """The remote is there and has the current branch, which from now on is pulled from it and pushed to it.

    A remote that cannot be reached is not added. What stops a push is as in `exchange.push`.
    """
    if repo.config(f"remote.{there.name}.url") is None:
        if address.is_local(there.url) and there.url.startswith("/") and not Path(there.url).exists():
            raise NotFound(f"there is no '{one_line(there.url, _LINE)}'", hint="'skillgit share --bare PATH' makes it")
        remote.reach(repo, there.url)
        git(["remote", "add", "--", there.name, there.url], cwd=repo.directory)
    opened = Repo.open(repo.directory)
    done = exchange.push(opened, remote.branch(opened, there.name))
    _follow(opened, done.branch)
    return done


def _follow(repo: Repo, shared: Branch) -> None:
    """The branch is pulled from where it was pushed to, as after `git push -u`, but for one that follows another."""
    if repo.config(f"branch.{shared.name}.remote") is None:
        git(["config", "--local", f"branch.{shared.name}.remote", shared.remote], cwd=repo.directory)
        git(["config", "--local", f"branch.{shared.name}.merge", shared.theirs], cwd=repo.directory)


def _personal(repo: Repo, arrived: tuple[Arrived, ...]) -> Iterator[str]:
    """Where messages and files say who somebody is, and did not before: each in a file once."""
    for commit in arrived:
        yield from (f"{commit.oid[:10]}: its message, {place}" for place in _told(commit.message).values())
    changes = [(commit, path, change) for commit in arrived for path, change in commit.own.items()]
    entries = (entry for _, _, change in changes for entry in (change.old, change.new))
    oids = {entry.oid for entry in entries if entry and entry.mode != submodule.GITLINK}
    small = [oid for oid, size in incoming.sizes(repo.directory, oids).items() if size < MAX_FILE]
    contents = incoming.blobs(repo.directory, small)
    told = {oid: _told(content.decode("utf-8", "replace")) for oid, content in contents.items()}
    known = set[tuple[str, str]]()
    for commit, path, change in changes:
        before = told.get(change.old.oid, {}) if change.old else {}
        now = told.get(change.new.oid, {}) if change.new else {}
        fresh = [words for words in now if words not in before and (path, words) not in known]
        known.update((path, words) for words in fresh)
        yield from (f"{commit.oid[:10]}: '{naming.shown(path)}', {now[words]}" for words in fresh)


def _told(text: str) -> dict[str, str]:
    """The personal identifiers of a text, which nobody is shown, with the line and the kind of each."""
    spans = reversed(personal(text))
    return {
        text[each.start : each.end]: f"line {text.count(chr(10), 0, each.start) + 1}: {each.kind}" for each in spans
    }


def _unreachable(repo: Repo, tip: str) -> Iterator[str]:
    for pin in submodule.pins(repo, tip).values():
        if address.is_local(pin.url) and not pin.url.startswith(("./", "../")):
            yield pin.name
