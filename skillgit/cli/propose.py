"""`skillgit propose`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from skillgit.changes.skill import shown
from skillgit.cli import output
from skillgit.cli.context import open_repo, tell
from skillgit.errors import UsageError
from skillgit.git.repo import Repo
from skillgit.learn.learner import Learner
from skillgit.share import propose as proposing
from skillgit.share.propose import Aim, Proposed
from skillgit.share.request import Request

_Branch = Annotated[
    str | None, typer.Argument(metavar="[BRANCH]", help="The default is the current one, or what was learned last.")
]
_Base = Annotated[
    str | None, typer.Option("--base", metavar="B", help="The branch it is to go to, such as upstream/main.")
]
_Comment = Annotated[
    int | None,
    typer.Option("--comment", metavar="N", help="Say it in a comment on a pull request; push nothing."),
]
_Patch = Annotated[
    Path | None, typer.Option("--patch", metavar="DIR", help="Write the commits as mails; push nothing.")
]


def propose(
    branch: _Branch = None,
    remote: Annotated[str | None, typer.Option("--remote", metavar="R", help="Where it is pushed to.")] = None,
    base: _Base = None,
    title: Annotated[str | None, typer.Option("--title", metavar="T", help="In place of the usual one.")] = None,
    draft: Annotated[bool, typer.Option("--draft", help="Open it as a draft.")] = False,
    as_text: Annotated[bool, typer.Option("--print", help="Push, and print what asks for a pull.")] = False,
    patch: _Patch = None,
    comment: _Comment = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="Print what it would say; push nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Push a branch and open a pull request for it, or bring the one that is open up to date.

    It says which rules change in each skill, by which decisions and on whose words, and what does not hold. On GitHub,
    GitLab, Gitea and Forgejo it is opened; for other remotes a text is printed. With --dry-run and --comment the exit
    code is 1 where something does not hold.
    """
    if [as_text, patch is not None, comment is not None, dry_run].count(True) > 1:
        raise UsageError("--print, --patch, --comment and --dry-run do not go together")
    if (draft or title) and (as_text or patch is not None or comment is not None):
        raise UsageError("--draft and --title go with a pull request only")
    repo = open_repo()
    aim = proposing.aim(repo, branch, to=remote, base=base)
    if patch is not None:
        _write_patches(repo, aim, patch, as_json=as_json)
    elif comment is not None:
        _say_in_comment(repo, aim, comment, as_json=as_json)
    elif dry_run:
        _foresee(repo, aim, title, as_json=as_json)
    elif as_text:
        show(proposing.send(repo, aim), aim, as_json=as_json)
    else:
        show(proposing.propose(repo, aim, draft=draft, title=title), aim, as_json=as_json)


def ask_for_review(learner: Learner) -> None:
    """Propose the branch of decisions, where that is the policy, and say so where there was something new."""
    proposed = proposing.propose_learned(learner.repo, learner.ref) if learner.policy == "pr" else None
    if proposed is None:
        return
    aim, done = proposed
    if done.fate in ("opened", "updated"):
        output.note(line(done, aim))
    elif done.fate == "written" and done.pushed.sent:
        output.note(done.text.body)


def show(done: Proposed, aim: Aim, *, as_json: bool) -> None:
    """Print what became of a proposal; what does not hold of it goes to stderr."""
    if as_json:
        output.json_line(_row(done, aim))
    elif done.fate == "written":
        output.write(done.text.body)
    else:
        output.say(line(done, aim))
    if done.pushed.landed:
        tell(done.pushed.landed)
    for fault in done.request.faults:
        output.warn(fault)


def line(done: Proposed, aim: Aim) -> str:
    """What became of a proposal, in a line."""
    if done.forge is None or done.pull is None:
        return _nothing(aim)
    words = {"unchanged": "as it was"}.get(done.fate, done.fate)
    return f"{words}: {done.forge.noun} {done.forge.mark}{done.pull.number} {done.pull.url}"


def _nothing(aim: Aim) -> str:
    return f"nothing to propose: {aim.base.remote}/{aim.base.name} has every decision of {aim.shared.name}"


def _row(done: Proposed, aim: Aim) -> dict[str, object]:
    return {
        "fate": done.fate,
        "number": done.pull.number if done.pull else None,
        "url": done.pull.url if done.pull else None,
        "title": done.text.title,
        "text": done.text.body,
        **_aim_row(aim),
        **_request_row(done.request),
    }


def _aim_row(aim: Aim) -> dict[str, object]:
    base = f"{aim.base.remote}/{aim.base.name}"
    return {"branch": aim.shared.name, "remote": aim.shared.remote, "base": base}


def _request_row(found: Request) -> dict[str, object]:
    skills = [
        {"skill": shown(each.path), "change": each.kind, "before": each.before or None, "version": each.after or None}
        for each in found.skills
    ]
    return {"skills": skills, "commits": [each.oid for each in found.commits], "faults": list(found.faults)}


def _write_patches(repo: Repo, aim: Aim, folder: Path, *, as_json: bool) -> None:
    written = proposing.patches(repo, aim, folder)
    if as_json:
        output.json_line({"files": [str(path) for path in written], **_aim_row(aim)})
        return
    for path in written:
        output.say(str(path))
    if not written:
        output.say(_nothing(aim))


def _say_in_comment(repo: Repo, aim: Aim, number: int, *, as_json: bool) -> None:
    found = proposing.look(repo, aim)
    fate = proposing.remark(repo, aim, number, found)
    if as_json:
        output.json_line({"fate": fate, "number": number, **_aim_row(aim), **_request_row(found)})
    else:
        output.say(f"comment on {number}: {fate}")
    _end(found)


def _foresee(repo: Repo, aim: Aim, title: str | None, *, as_json: bool) -> None:
    found = proposing.look(repo, aim)
    said = proposing.text(found, aim)
    if as_json:
        output.json_line(
            {"fate": None, "title": title or said.title, "text": said.body, **_aim_row(aim), **_request_row(found)}
        )
    else:
        output.write(f"# {title or said.title}\n\n{said.body}")
    _end(found)


def _end(found: Request) -> None:
    """Say what does not hold; the exit code is 1 then."""
    for fault in found.faults:
        output.complain(fault)
    if found.faults:
        raise typer.Exit(1)
