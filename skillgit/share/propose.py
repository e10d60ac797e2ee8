"""Proposing a branch: it is pushed, and one pull request asks for it, opened the first time and brought up after that.

    a forge that is known            opened | updated | unchanged; there is never a second one for the same branches
    any other remote                 written: what `git request-pull` says, for a mail or a chat
    no decision that the base lacks  nothing; that a conversation taught nothing new is none

A pull request that somebody has closed is not opened again: a person said no. One that was merged is done, and what
the branch has since is asked for by another.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from skillgit.errors import ForgeError, NotFound, Refused, UsageError
from skillgit.git import remote
from skillgit.git.remote import Branch
from skillgit.git.repo import Repo
from skillgit.git.run import attempt, failure, git
from skillgit.share import exchange, forge_home, request
from skillgit.share.exchange import Exchanged
from skillgit.share.forge import Api, Comment, Forge, Pull, Route, Said, Text
from skillgit.share.forge_home import Home
from skillgit.share.request import Request

Fate = Literal["opened", "updated", "unchanged", "written", "nothing"]

_UPSTREAM = "upstream"
_REMARK = "<!-- skillgit remark -->\n"


@dataclass(frozen=True, slots=True)
class Aim:
    """What is proposed, and where: our branch as it is at the remote it is pushed to, and the branch it is to go to."""

    shared: Branch
    base: Branch


@dataclass(frozen=True, slots=True)
class Proposed:
    """What became of a proposal: what it brings and says, what the push did, and the pull request if there is one."""

    fate: Fate
    request: Request
    text: Text
    pushed: Exchanged
    forge: Forge | None = None
    pull: Pull | None = None


def aim(repo: Repo, branch: str | None = None, *, to: str | None = None, base: str | None = None) -> Aim:
    """What is proposed where: a branch, by default the current one, or where that is main what was learned last.

    to: the remote that is pushed to. base: a branch there, or of another remote as `upstream/main`; by default of the
    remote `upstream` where there is one. For a branch that is not the current one that is the current one, as far as
    the remote has it, and else the remote's main branch.
    """
    there, current = remote.remotes(repo), repo.branch_ref()
    to = to or remote.default_remote(repo)
    if to not in there:
        raise NotFound(f"no remote '{to}'", hint=f"git remote add {to} URL")
    of, _, name = (base or "").partition("/")
    if not name or of not in there:
        of, name = (to if base or _UPSTREAM not in there else _UPSTREAM), base or ""
    ours = f"refs/heads/{branch}" if branch else ""
    goal = f"refs/heads/{name}" if name else _usual(repo, of, ours)
    ours = ours or (current if current not in ("HEAD", goal) else _learned(repo))
    if repo.tip(ours) is None:
        raise NotFound(f"no branch '{branch}'", hint="'git branch --list' shows what there is")
    if (to, ours) == (of, goal):
        raise Refused(f"branch '{branch}' is what it would be proposed to", hint="name another with --base")
    return Aim(Branch(to, ours, ours), Branch(of, goal, goal))


def _usual(repo: Repo, of: str, ours: str) -> str:
    """The branch of a remote that a branch goes to where nobody says another."""
    current = repo.branch_ref()
    is_beside = ours not in ("", current) and current != "HEAD"
    is_there = is_beside and repo.tip(Branch(of, current, current).tracking) is not None
    return current if is_there else f"refs/heads/{remote.default_branch(repo, of)}"


def _learned(repo: Repo) -> str:
    """The branch of decisions that were learned last."""
    words = ["for-each-ref", "--sort=-committerdate", "--count=1", "--format=%(refname)", "refs/heads/learn/"]
    found = git(words, cwd=repo.directory).decode().strip()
    if not found:
        raise Refused("there is no branch to propose", hint="'skillgit ingest --policy branch' makes one; or name one")
    return found


def look(repo: Repo, aim: Aim) -> Request:
    """What a proposal would bring, against the base as its remote has it now."""
    tip = remote.fetch(repo, aim.base)
    if tip is None:
        raise NotFound(f"remote '{aim.base.remote}' has no branch '{aim.base.name}'", hint="name another with --base")
    return request.read(repo, repo.resolve(aim.shared.ours), tip)


def text(found: Request, aim: Aim) -> Text:
    """What a pull request is to say, where nobody has said otherwise."""
    return Text(request.title(found, aim.shared.name), request.body(found))


def propose(repo: Repo, aim: Aim, *, draft: bool = False, title: str | None = None) -> Proposed:
    """Push the branch, and open or bring up its pull request; where no forge is known, write what asks for one.

    Refused where its pull request was closed; nothing is pushed then.
    """
    found = look(repo, aim)
    if not found.brings:
        return _nothing(aim)
    asked = _asked(repo, aim)
    if asked is None:
        return _sent(repo, aim, found)
    there = _there(asked)
    found, pushed = _push(repo, aim, found)
    fate, pull = _settled(asked, there, text(found, aim), title=title, draft=draft)
    return Proposed(fate, found, pull.text, pushed, asked.forge, pull)


def propose_learned(repo: Repo, ref: str) -> tuple[Aim, Proposed] | None:
    """Propose a branch that decisions are learned on, and say what was proposed; None where it has nothing new."""
    if repo.tip(ref) in (None, repo.tip("HEAD")):
        return None
    found = aim(repo, ref.removeprefix("refs/heads/"))
    return found, propose(repo, found)


def send(repo: Repo, aim: Aim) -> Proposed:
    """Push the branch, and write what asks for a pull of it as `git request-pull` does; no forge is asked."""
    found = look(repo, aim)
    return _sent(repo, aim, found) if found.brings else _nothing(aim)


def _sent(repo: Repo, aim: Aim, found: Request) -> Proposed:
    found, pushed = _push(repo, aim, found)
    said = remote.request_pull(repo, aim.shared, base=aim.base.tracking)
    return Proposed("written", found, Text(text(found, aim).title, said), pushed)


def _push(repo: Repo, aim: Aim, found: Request) -> tuple[Request, Exchanged]:
    """Push the branch; what it brings is looked at again where others' commits came under it."""
    pushed = exchange.push(repo, aim.shared)
    return (look(repo, aim) if pushed.received else found), pushed


def _nothing(aim: Aim) -> Proposed:
    return Proposed("nothing", Request((), (), ()), Text("", ""), Exchanged(aim.shared))


def patches(repo: Repo, aim: Aim, folder: Path) -> tuple[Path, ...]:
    """The commits as mails in a folder, in order, behind one that tells of them all: `git format-patch`."""
    said = text(look(repo, aim), aim)
    cover = f"--config-env=branch.{aim.shared.name}.description=SKILLGIT_COVER"
    env = {"SKILLGIT_COVER": f"{said.title}\n\n{said.body}"}
    words = [
        "format-patch",
        "--cover-letter",
        "--cover-from-description=subject",
        f"--output-directory={folder.absolute()}",
    ]
    words += [f"{aim.base.tracking}..{aim.shared.name}", "--"]
    done = attempt([cover, *words], cwd=repo.directory, env=env)
    if done.returncode:
        raise failure(words, done.stderr)
    return tuple(folder / Path(file).name for file in done.stdout.decode("utf-8", "surrogateescape").splitlines())


def remark(repo: Repo, aim: Aim, number: int, found: Request) -> Literal["made", "updated", "unchanged"]:
    """Say what a pull request changes in one remark on it, which is brought up the next time."""
    at = _at_forge(repo, aim.base)
    ask, content = forge_home.api(repo, at), _REMARK + request.body(found)
    mine = (each for each in at.forge.comments(ask, at.path, number) if each.body.startswith(_REMARK.strip()))
    there = next(mine, None)
    if there is None:
        at.forge.comment(ask, at.path, number, content)
        return "made"
    if _same(there.body, content):
        return "unchanged"
    at.forge.recomment(ask, at.path, number, Comment(there.id, content))
    return "updated"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A forge, its API, and the route of a proposal."""

    forge: Forge
    api: Api
    route: Route


def _asked(repo: Repo, aim: Aim) -> _Asked | None:
    """Whom to ask for a pull request; None where the remote is at no forge that is known."""
    source, target = forge_home.home(repo, aim.shared.remote), forge_home.home(repo, aim.base.remote)
    if target is None:
        return None
    if source is None or source.server != target.server:
        words = f"remotes '{aim.shared.remote}' and '{aim.base.remote}' are not at the same forge"
        raise Refused(words, hint="push to a fork of the repository that it is proposed to, or use --print")
    names = (aim.shared.name, target.path, aim.base.name)
    return _Asked(target.forge, forge_home.api(repo, target), Route(source.path, *names))


def _at_forge(repo: Repo, base: Branch) -> Home:
    found = forge_home.home(repo, base.remote)
    if found is None:
        raise UsageError(f"remote '{base.remote}' is at no forge that is known", hint="git config skillgit.forge KIND")
    return found


def _there(asked: _Asked) -> Pull | None:
    """The open pull request of a route; Refused where the last one was closed."""
    last: Pull | None = None
    for each in asked.forge.pulls(asked.api, asked.route):
        if each.state == "open":
            return each
        last = last or each
    if last and last.state == "closed":
        words = f"{asked.forge.noun} {asked.forge.mark}{last.number} of this branch was closed: {last.url}"
        hint = f"reopen it there; or, to ask anew, from another branch: 'git branch -m {asked.route.head} NAME'"
        raise Refused(words, hint=f"{hint}; or 'skillgit review reject' what is not to be learned again")
    return None


def _settled(asked: _Asked, there: Pull | None, said: Text, *, title: str | None, draft: bool) -> tuple[Fate, Pull]:
    """The one pull request of a route, with this text; the title that a person gives counts, here and at the forge."""
    if there is None:
        try:
            new = Text(title or said.title, request.marked(said))
            return "opened", asked.forge.create(asked.api, asked.route, new, draft)
        except Said as err:
            if not asked.forge.exists(err.status, err.words):
                raise
        there = _there(asked)  # somebody else was faster
        if there is None:
            raise ForgeError(f"the forge says that the {asked.forge.noun} exists, and does not list it")
    mark = asked.forge.draft if there.text.title.startswith(asked.forge.draft) else ""
    kept = request.brought_up(Text(there.text.title.removeprefix(mark), there.text.body), said)
    new = Text(f"{mark}{title or kept.title}", kept.body)
    if new.title == there.text.title and _same(new.body, there.text.body):
        return "unchanged", there
    return "updated", asked.forge.update(asked.api, asked.route, there.number, new)


def _same(one: str, other: str) -> bool:
    """Whether two texts are one, as forges keep them: some end lines with CR LF, and drop what is blank at the end."""
    return one.split() == other.split()
