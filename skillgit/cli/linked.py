"""What the commands about agents' folders share: whose folder is meant, and what they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from skillgit import config
from skillgit.changes.skill import shown
from skillgit.cli import output
from skillgit.errors import NotFound, Refused, UsageError
from skillgit.git.repo import Repo
from skillgit.share import agent_folders
from skillgit.share.agent_folders import Scope
from skillgit.share.linking import Step
from skillgit.share.links import Link
from skillgit.skills import naming

_DRY = {"linked": "would link", "copied": "would copy", "renewed": "would renew", "unlinked": "would unlink"}


def scope(user: bool, project: bool, within: Path | None) -> Scope | None:
    """The scope that --user, --project and --in name; None where none is given."""
    if user and (project or within):
        raise UsageError("--user does not go with --project or --in")
    return "user" if user else "project" if project or within else None


def project_of(repo: Repo, within: Path | None) -> Path:
    """The folder that --in names, or else the work tree; UsageError where there is neither."""
    if within is not None and not within.is_dir():
        raise Refused(f"'{within}' is no folder")
    top = within or repo.worktree
    if top is None:
        raise UsageError("a bare repository is no project", hint="name one with --in DIR")
    return top.resolve()


def looked_at(repo: Repo, within: Path | None) -> Path:
    """The project whose folders are looked at: as `project_of`, or the current directory of a bare repository."""
    return project_of(repo, within or (None if repo.worktree else Path.cwd()))


def chosen(
    repo: Repo, known: Sequence[Link], agent: str | None, *, at: Scope | None, within: Path | None
) -> list[Link]:
    """The links of an agent and a scope; None is any. With --in, those below that folder."""
    name = agent_folders.named(agent).name if agent else None
    found = [each for each in known if name in (None, each.agent) and at in (None, each.scope)]
    top = within.resolve() if within else None
    return [each for each in found if top is None or each.place.is_relative_to(top)]


def of_skills(repo: Repo, known: Sequence[Link], typed: Iterable[str]) -> list[Link]:
    """The links of the skills that were typed: by what the agent calls them, or by their paths, gone or not.

    NotFound where one of them is not linked.
    """
    wanted: dict[Path, Link] = {}
    for word in typed:
        named = [each for each in known if each.name == word] or _at_path(repo, known, word)
        wanted |= {each.place: each for each in named}
    return list(wanted.values())


def _at_path(repo: Repo, known: Sequence[Link], word: str) -> list[Link]:
    try:
        path = naming.resolve(word, {each.skill for each in known}, user=config.user(repo))
    except NotFound as err:
        raise NotFound(f"'{naming.shown(word)}' is not linked there", hint="'skillgit links' lists what is") from err
    return [each for each in known if each.skill == path]


def tell(steps: Sequence[Step], *, dry_run: bool, as_json: bool) -> bool:
    """Say what was done, or would be; whether all that was asked for is so."""
    for step in steps:
        if as_json:
            output.json_line(row(step.link) | {"did": step.did, "dry_run": dry_run, "note": step.note or None})
            continue
        if step.did == "kept":
            output.warn(f"{shown(step.link.skill)} is left as it is: {step.note}")
            continue
        did = _DRY.get(step.did, step.did) if dry_run else step.did
        output.say(f"{did} {shown(step.link.skill)} -> {short(step.link.place)}")
        if step.note and step.new is None:
            output.note(f"note: {step.note}")
        if step.pick and step.pick.problem:
            output.warn(f"{shown(step.link.skill)} is not valid: {step.pick.problem}")
    if not as_json:
        _tell_why_copied(steps)
    return all(step.did != "kept" for step in steps)


def _tell_why_copied(steps: Sequence[Step]) -> None:
    reasons = Counter(step.note for step in steps if step.new and step.note and step.did != "kept")
    for reason, count in reasons.items():
        output.note(f"note: {'a copy' if count == 1 else f'{count} copies'}: {reason}")


def short(place: Path) -> str:
    """A place as people write it: below the home, from there on."""
    home = Path.home().resolve()
    return f"~/{place.relative_to(home)}" if place.is_relative_to(home) else str(place)


def row(link: Link) -> dict[str, object]:
    """A link as the fields that `--json` prints."""
    found: dict[str, object] = {"skill": shown(link.skill), "agent": link.agent, "scope": link.scope}
    return found | {"name": link.name, "place": str(link.place), "kind": link.kind}
