"""`skillgit index`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from skillgit.cli import output
from skillgit.cli.context import head, open_repo
from skillgit.cli.question import watched
from skillgit.errors import UsageError
from skillgit.git.repo import Repo
from skillgit.models.choice import searching
from skillgit.models.ports import Embedder
from skillgit.postgres import place
from skillgit.search import cache, care


def index(
    what: Annotated[str, typer.Argument(metavar="[status|rebuild|verify]", help="What to do; status by default.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show what the search index holds, make it anew, or compare it with one made anew.

    The index is derived from HEAD: to delete .git/skillgit/index costs time only. 'status' and 'verify' exit with 1
    where a file is damaged or wrong.
    """
    repo = open_repo()
    embedder = searching(repo)
    match what:
        case "" | "status":
            _status(repo, embedder, as_json=as_json)
        case "rebuild":
            _rebuild(repo, embedder, as_json=as_json)
        case "verify":
            _verify(repo, embedder, as_json=as_json)
        case _:
            raise UsageError(f"'{what}' is not 'status', 'rebuild' or 'verify'", hint="see 'skillgit index --help'")


def _status(repo: Repo, embedder: Embedder | None, *, as_json: bool) -> None:
    directory, skills = repo.private / "index", repo.skills(head(repo))
    stocks = care.status(directory, skills, embedder, shared=place(repo, "search.vectors"))
    damaged = cache.damaged(directory)
    if as_json:
        output.json_line(
            {
                "commit": head(repo),
                "skills": len(skills),
                "embedder": embedder.signature if embedder else None,
                "fresh": not any(stock.unseen for stock in stocks),
                "damaged": list(damaged),
                "kept": [asdict(stock) for stock in stocks],
            }
        )
    else:
        rows = [(s.kind, str(s.entries), str(s.unseen), str(s.files), _size(s.bytes)) for s in stocks]
        output.table(rows, headers=("Kept", "Entries", "Unseen", "Files", "Size"))
        output.note(f"skills at HEAD: {len(skills)}; vectors: {embedder.signature if embedder else 'none'}")
    _complain([f"'{name}' is damaged" for name in damaged])


def _rebuild(repo: Repo, embedder: Embedder | None, *, as_json: bool) -> None:
    skills, shared = repo.skills(head(repo)), place(repo, "search.vectors")
    made = care.rebuild(repo.private / "index", skills, repo.read, embedder, watch=watched, shared=shared)
    if as_json:
        output.json_line(asdict(made))
    else:
        output.say(f"made: words of {made.documents} skills, {made.vectors} vectors, {made.graphs} graphs")


def _verify(repo: Repo, embedder: Embedder | None, *, as_json: bool) -> None:
    skills, shared = repo.skills(head(repo)), place(repo, "search.vectors")
    wrong = care.verify(repo.private / "index", skills, repo.read, embedder, watch=watched, shared=shared)
    if as_json:
        output.json_line({"skills": len(skills), "wrong": list(wrong)})
    elif not wrong:
        output.say("the index is what HEAD gives")
    _complain(wrong)


def _complain(wrong: Sequence[str]) -> None:
    """Say what is wrong, what helps, and that the answer is no."""
    for line in wrong:
        output.warn(line)
    if wrong:
        output.note("hint: skillgit index rebuild")
        raise typer.Exit(1)


def _size(count: int) -> str:
    """1234567 as `1.2 MB`."""
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.1f} kB"
