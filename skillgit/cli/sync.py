"""`skillgit sync`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated

import typer

from skillgit import config
from skillgit.changes import skill as skills
from skillgit.changes.skill import shown
from skillgit.cli import output
from skillgit.cli.context import head, open_repo, tell
from skillgit.cli.merge import asking_model
from skillgit.git.repo import Repo
from skillgit.share import sync as syncing
from skillgit.share.sync import Synced
from skillgit.share.upstream import Fork, fork_at, forks

_FINISH = (
    "'skillgit resolve' goes through it, 'git cherry-pick --continue' concludes; 'git cherry-pick --abort' goes back"
)


def sync(
    skill: Annotated[list[str] | None, typer.Argument(metavar="[SKILL...]", help="Copies; else all yours.")] = None,
    user: Annotated[str | None, typer.Option("--user", metavar="U", help="Whose copies; else yours.")] = None,
    use_model: Annotated[bool, typer.Option("--model", help="Ask the configured model about what is left.")] = False,
    accept: Annotated[bool, typer.Option("--accept", help="Take what is only proposed, too.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="Say what would happen; change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line and copy.")] = False,
) -> None:
    """Bring what common skills have become into your copies of them; what you changed there stays.

    Upstream is the skill that was forked, as its library is pinned here: 'skillgit library update' first. The whole
    folder is merged, one decision a copy. What cannot be decided is left as 'git cherry-pick' leaves it, one copy at a
    time, and the exit code is 1.
    """
    repo = open_repo()
    copies = _copies(repo, skill or (), user)
    do = syncing.preview if dry_run else syncing.sync
    done = []
    for each in do(repo, copies, answer=asking_model(repo) if use_model else None, accept=accept):
        done.append(each)
        if as_json:
            output.json_line(_row(each))
        else:
            _show(each, dry_run=dry_run, named=bool(skill))
        _remark(each)
    _conclude(done, dry_run=dry_run, as_json=as_json, named=bool(skill))


def _copies(repo: Repo, typed: Sequence[str], user: str | None) -> Iterable[Fork]:
    tip, whose = head(repo), config.user(repo, user)
    if typed:
        return [fork_at(repo, tip, skills.find(repo, tip, each, user=whose)) for each in typed]
    return list(forks(repo, tip, sorted(skills.visible(repo.skills(tip), user=whose, scope="user"))))


def _show(done: Synced, *, dry_run: bool, named: bool) -> None:
    name = shown(done.fork.path)
    if done.decision:
        row = _told(done)
        output.report(row | {"decision": "would sync"} if dry_run else row, as_json=False)
        for note in done.decision.notes:
            output.say(f"  {note.mark} {note.text}")
    elif done.fate == "up to date" and named:
        output.say(f"{name} is up to date with {done.upstream}")
    elif done.fate == "gone":
        output.say(f"{name}: {done.words}; the copy stays as it is")
    for file, why in done.left.items():
        output.say(f"conflict {file}: {why}", style="red")


def _remark(done: Synced) -> None:
    """What goes to stderr beside the answer."""
    for warning in done.warnings:
        output.warn(f"{warning}: see that they go together")
    if done.fate in ("refused", "unknown"):
        output.complain(f"'{shown(done.fork.path)}' is not synced: {done.words}", hint=done.hint)
    if done.landed:
        tell(done.landed)


def _conclude(done: Sequence[Synced], *, dry_run: bool, as_json: bool, named: bool) -> None:
    fates = [each.fate for each in done]
    if not done:
        output.note("no copies of common skills: 'skillgit fork SKILL' makes one")
    elif not as_json and not named and set(fates) == {"up to date"}:
        output.say("Already up to date.")
    if "conflict" in fates:
        more = "; then sync again, for the others" if fates.count("conflict") > 1 else ""
        output.note(f"hint: {_FINISH}{more}" if not dry_run else "hint: --accept takes proposals, --model asks a model")
    if {"conflict", "refused", "unknown"}.intersection(fates):
        raise typer.Exit(1)


def _told(done: Synced) -> dict[str, object]:
    decision = done.decision
    return {
        "decision": decision.action if decision else None,
        "skill": shown(done.fork.path),
        "before": decision.before if decision else done.fork.ours.document.version or None,
        "version": decision.after if decision else None,
        "bump": decision.bump if decision else None,
        "summary": decision.summary if decision else done.words,
    }


def _row(done: Synced) -> dict[str, object]:
    landed = done.landed
    return {
        **_told(done),
        "fate": done.fate,
        "upstream": done.upstream,
        "commit": landed.commits[-1] if landed and landed.commits else None,
        "conflicts": [{"file": file, "reason": why} for file, why in done.left.items()],
        "under_way": done.under_way,
        "warnings": list(done.warnings),
    }
