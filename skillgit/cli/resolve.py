"""`skillgit resolve`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Annotated, Literal

import typer

from skillgit.cli import editor, output
from skillgit.cli.context import open_repo
from skillgit.errors import Refused, UsageError
from skillgit.git.join import OURS, THEIRS
from skillgit.git.repo import Repo
from skillgit.git.unmerged import conclusion
from skillgit.share.resolving import Decided, Hunk, Open, conflicts, decide, take

Whole = Literal["ours", "theirs", "proposal"]


class _Quit(Exception):
    """The user has had enough; what is decided stays."""


def resolve(
    skills: Annotated[list[str] | None, typer.Argument(metavar="[SKILL...]", help="The default is all.")] = None,
    ours: Annotated[bool, typer.Option("--ours", help="Take our side of every conflict.")] = False,
    theirs: Annotated[bool, typer.Option("--theirs", help="Take their side of every conflict.")] = False,
    proposal: Annotated[bool, typer.Option("--proposal", help="Take what is proposed, where anything is.")] = False,
) -> None:
    """Go through the conflicts of a merge, rebase, cherry-pick, revert or stash, one after the other.

    Each is shown with both sides and a proposal, if there is one. A file is staged once nothing is left in it and it
    is valid. As in git, "ours" is the branch that is built on: in a rebase, the one you rebase onto.
    Until you commit, 'git checkout -m FILE' brings a file's conflicts back.
    """
    repo = open_repo()
    files = conflicts(repo, skills or ())
    given: dict[Whole, bool] = {"ours": ours, "theirs": theirs, "proposal": proposal}
    wanted = [word for word, said in given.items() if said]
    if len(wanted) > 1:
        raise UsageError(f"--{wanted[0]} and --{wanted[1]} exclude each other")
    if files and not wanted and not sys.stdin.isatty():
        for file in files:
            output.say(f"{file.path}: {_left(len(file.hunks)) if file.hunks else _whole(file)}")
        sys.stdout.flush()
        raise Refused(_NO_TERMINAL, hint="say --ours, --theirs or --proposal; or edit the files, and 'git add' them")
    try:
        for file in files:
            _tell(_taken(repo, file, wanted[0]) if wanted else _asked(repo, file))
    except _Quit:
        pass
    if conflicts(repo):
        raise typer.Exit(1)
    done = conclusion(repo)
    output.note(f"nothing is left to resolve{f'; {done!r} concludes' if done else ''}")


_NO_TERMINAL = "there are conflicts, and no terminal to choose on"


def _taken(repo: Repo, file: Open, side: Whole) -> Decided | None:
    """A file with the same choice for all of it; None where nothing is proposed for it."""
    if file.pieces is None:
        return take(repo, file, {"ours": OURS, "theirs": THEIRS}[side]) if side != "proposal" else None
    return decide(repo, file, [_text(hunk, side) for hunk in file.hunks])


def _asked(repo: Repo, file: Open) -> Decided | None:
    """A file as the user chooses, hunk by hunk; what was chosen before quitting is written."""
    if file.pieces is None:
        output.say(f"{file.path}: {_whole(file)}", style="bold")
        answer = output.choose("ours", "theirs", "skip", "quit")
        if answer == "quit":
            raise _Quit
        return None if answer == "skip" else _taken(repo, file, "ours" if answer == "ours" else "theirs")
    texts: list[str | None] = []
    for number, hunk in enumerate(file.hunks, start=1):
        output.say(f"{file.path} ({number} of {len(file.hunks)})", style="bold")
        _show(hunk)
        answer = _choose(hunk)
        if answer == "quit":
            decide(repo, file, [*texts, *[None] * (len(file.hunks) - len(texts))])
            raise _Quit
        texts.append(_edited(repo, hunk) if answer == "edit" else _text(hunk, answer))
    return decide(repo, file, texts)


def _choose(hunk: Hunk) -> str:
    proposal = ["proposal"] if hunk.proposal is not None else []
    return output.choose("ours", "theirs", "both", *proposal, "edit", "skip", "quit")


def _text(hunk: Hunk, answer: str) -> str | None:
    """What an answer puts in place of a hunk; None where it leaves the hunk."""
    sides = {"ours": hunk.conflict.ours, "theirs": hunk.conflict.theirs, "both": hunk.both, "proposal": hunk.proposal}
    return sides.get(answer)


def _edited(repo: Repo, hunk: Hunk) -> str:
    """The hunk as the user leaves it in the editor; what has markers in it still is not staged later."""
    with tempfile.TemporaryDirectory(prefix="skillgit-") as folder:
        draft = Path(folder) / "hunk.md"
        draft.write_text(hunk.text, encoding="utf-8", errors="surrogateescape", newline="")
        editor.open_editor(repo, draft)
        return draft.read_bytes().decode("utf-8", "surrogateescape")


def _show(hunk: Hunk) -> None:
    conflict = hunk.conflict
    if conflict.section:
        output.say(f"  {conflict.section}", style="cyan")
    parts = {"base": conflict.base, "ours": conflict.ours, "theirs": conflict.theirs, "proposal": hunk.proposal}
    for name, text in parts.items():
        for line in (text or "").splitlines():
            output.say(f"  {name:>8} | {line}", style=_STYLES.get(name, "plain"))


_STYLES: dict[str, output.Style] = {"base": "dim", "ours": "green", "theirs": "yellow", "proposal": "cyan"}


def _tell(decided: Decided | None) -> None:
    if decided is None:
        return
    if decided.problem:
        output.warn(f"'{decided.path}' is not staged: {decided.problem}")
    elif decided.left:
        output.say(f"{decided.path}: {_left(decided.left)}")
    else:
        output.say(f"{decided.path}: resolved", style="green")


def _left(count: int) -> str:
    return f"{count} conflict{'s' if count != 1 else ''} left"


def _whole(file: Open) -> str:
    """Why a file can only be taken whole."""
    lacking = {OURS: "we removed it, and they changed it", THEIRS: "they removed it, and we changed it"}
    return next((words for side, words in lacking.items() if side not in file.stages), "both sides changed it")
