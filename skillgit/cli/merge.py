"""`skillgit merge`."""

from __future__ import annotations

from typing import Annotated

import typer

from skillgit.changes.skill import FILE
from skillgit.cli import output
from skillgit.cli.context import open_repo, tell
from skillgit.errors import ModelError, UsageError
from skillgit.git.message import Decision
from skillgit.git.repo import Repo
from skillgit.merge.ladder import Answer, Conflict
from skillgit.models.choice import configured
from skillgit.share import merging
from skillgit.share.merge_model import answers
from skillgit.share.merging import Merging

_FINISH = "'skillgit resolve' goes through them, 'git commit' concludes; 'git merge --abort' goes back"


def merge(
    rev: Annotated[str, typer.Argument(metavar="BRANCH", help="Such as laptop, origin/main or a commit.")],
    use_model: Annotated[bool, typer.Option("--model", help="Ask the configured model about what is left.")] = False,
    accept: Annotated[bool, typer.Option("--accept", help="Take what is only proposed, too.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="Say what would happen; change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Merge a branch into the current one, skill by skill: rules, sections and frontmatter of each.

    What both sides changed gets a version above both. What cannot be decided is left as 'git merge' leaves it, and
    the exit code is 1. After --dry-run, git's own merge, rebase or pull finds what was worked out.
    """
    repo = open_repo()
    do = merging.preview if dry_run else merging.merge
    done = do(repo, rev, answer=asking_model(repo) if use_model else None, accept=accept)
    if as_json:
        output.json_line(_row(done))
    else:
        _show(done, dry_run=dry_run)
    for warning in done.plan.warnings if done.plan else ():
        output.warn(f"{warning}: see that they go together")
    if done.landed:
        tell(done.landed)
    if done.fate == "conflict":
        output.note(f"hint: {_FINISH}" if not dry_run else "hint: --accept takes proposals, --model asks a model")
        raise typer.Exit(1)


def asking_model(repo: Repo) -> Answer:
    """What asks the configured model; an answer that is refused, or does not come, is told on stderr."""
    chat = configured(repo)
    if chat is None:
        raise UsageError("no model is configured", hint="git config skillgit.model PROVIDER/MODEL")

    def refused(conflict: Conflict, err: ModelError) -> None:
        output.warn(f"no answer for '{conflict.section or 'the beginning'}': {err.message}")

    return answers(chat, refused)


def _show(done: Merging, *, dry_run: bool) -> None:
    name = done.theirs.name
    if done.fate == "up to date":
        output.say("Already up to date.")
    elif done.fate == "forward":
        output.say(f"{'would move' if dry_run else 'moved'} forward to {name} ({done.theirs.commit[:10]})")
    if done.plan is None:
        return
    for decision in done.plan.decisions:
        if not any(_is_of(decision, file) for file in done.plan.left):
            output.report(_told(decision), as_json=False)
    for file, why in done.plan.left.items():
        output.say(f"conflict {file}: {why}", style="red")
    if done.fate == "merged" and dry_run:
        output.say(f"would merge {name}")
    elif done.landed:
        output.say(f"merged {name}: commit {done.landed.commits[-1][:10]}")


def _is_of(decision: Decision, file: str) -> bool:
    return file == f"{decision.path}/{FILE}"


def _told(decision: Decision) -> dict[str, object]:
    return {
        "decision": decision.action,
        "skill": decision.skill,
        "before": decision.before,
        "version": decision.after,
        "summary": decision.summary,
    }


def _row(done: Merging) -> dict[str, object]:
    plan, landed = done.plan, done.landed
    return {
        "merge": done.theirs.name,
        "fate": done.fate,
        "commit": landed.commits[-1] if landed and landed.commits else None,
        "skills": [_told(decision) for decision in plan.decisions] if plan else [],
        "conflicts": [{"file": file, "reason": why} for file, why in plan.left.items()] if plan else [],
        "warnings": list(plan.warnings) if plan else [],
    }
