"""`skillgit search`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from skillgit import config
from skillgit.changes import skill as skills
from skillgit.cli import output
from skillgit.cli.context import open_repo
from skillgit.cli.question import hear, hits, model, no_answer, question, view
from skillgit.errors import Unreadable, UsageError
from skillgit.search import usage
from skillgit.search.ask import View
from skillgit.search.hit import Hit, shared

_WIDTH = 100  # columns of the matching line that a table shows


def search(
    query: Annotated[str | None, typer.Argument(metavar="QUERY", help="The task, in your words.")] = None,
    transcript: Annotated[
        str | None, typer.Option("--transcript", metavar="FILE", help="Ask what a conversation asks; - for stdin.")
    ] = None,
    queries: Annotated[
        str | None,
        typer.Option("--queries", metavar="FILE", help="Answer {id, query} lines with {id, hits} ones; - for stdin."),
    ] = None,
    user: Annotated[str | None, typer.Option("--user", metavar="U", help="Whose skills; the default is you.")] = None,
    scope: Annotated[str, typer.Option("--scope", metavar="S", help="user, common or all.")] = "all",
    limit: Annotated[int | None, typer.Option("--limit", "-n", metavar="K", min=1, help="At most K hits.")] = None,
    min_score: Annotated[
        float | None,
        typer.Option("--min-score", metavar="S", min=0, max=1, help="No hit below S, in [0, 1]; 0.35 by default."),
    ] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="REV", help="As of a commit, branch or tag.")] = None,
    use_model: Annotated[
        bool, typer.Option("--model", help="Let the configured model write a conversation's query.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show the parts of each score, and which words matched.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a hit.")] = False,
) -> None:
    """Find the skills for a task, best first: path, version, score in [0, 1], and the line that matched.

    A query that no skill answers finds nothing, and the exit code is 1.
    """
    if queries is not None and (query is not None or transcript is not None):
        raise UsageError("--queries takes no QUERY and no --transcript")
    if use_model and transcript is None:
        raise UsageError("--model goes with --transcript")
    repo = open_repo()
    asked = question(query, transcript, model(repo, wanted=use_model)) if queries is None else ""
    whose = config.user(repo, user)
    seen = view(repo, whose, scope=scope, limit=limit, min_score=min_score, at=at)
    if queries is not None:
        _answer_all(seen, queries, explain=explain)
        return
    found = hits(seen, asked)
    if not found:
        no_answer(seen, whose)
        raise typer.Exit(1)
    (_json_lines if as_json else _table)(found, asked, explain=explain)
    if not at:
        hear(usage.count(repo, found, user=whose))


def _json_lines(found: Sequence[Hit], query: str, *, explain: bool) -> None:
    for hit in found:
        row = _row(hit) | {"description": hit.description, "line": hit.line}
        output.json_line(row | (_why(query, hit) if explain else {}))


def _table(found: Sequence[Hit], query: str, *, explain: bool) -> None:
    headers = ("Skill", "Version", "Score", *(("Words", "Vectors", "Matched") if explain else ()), "Line")
    rows = [
        (
            skills.shown(hit.path),
            hit.version or "-",
            f"{hit.score:.2f}",
            *(_parts(hit, query) if explain else ()),
            output.clip(hit.line, _WIDTH),
        )
        for hit in found
    ]
    output.table(rows, headers=headers)


def _parts(hit: Hit, query: str) -> tuple[str, str, str]:
    """The cells that explain a score, each with its name, as a table off a terminal has no heading."""
    said = shared(query, hit)
    vectors = "-" if hit.vectors is None else f"{hit.vectors:.2f}"
    matched = "+".join(said.matched) or "-"
    return f"words={hit.words:.2f}", f"vectors={vectors}", f"matched={matched}"


def _answer_all(seen: View, source: str, *, explain: bool) -> None:
    """Answer each line of a file as soon as it is read; one that is no query is named, and the others go on."""
    bad = False
    for number, line in enumerate(_lines(source), start=1):
        given = _given(line)
        if isinstance(given, str):
            output.complain(f"{source}: line {number} {given}")
            bad = True
            continue
        rows = [_row(hit) | (_why(given[1], hit) if explain else {}) for hit in hits(seen, given[1])]
        output.json_line({"id": given[0], "hits": rows})
    if bad:
        raise typer.Exit(1)


def _lines(source: str) -> Iterator[bytes]:
    try:
        with nullcontext(sys.stdin.buffer) if source == "-" else Path(source).open("rb") as file:
            yield from file
    except OSError as err:
        raise Unreadable(f"cannot read '{source}': {(err.strerror or '').lower()}") from err


def _given(line: bytes) -> tuple[object, str] | str:
    """The id and the query of a line, or what is wrong with it."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return "is no JSON"
    if not isinstance(value, dict) or "id" not in value:
        return "has no id"
    query = value.get("query")
    return (value["id"], query) if isinstance(query, str) else "has no query"


def _row(hit: Hit) -> dict[str, object]:
    return {"skill": skills.shown(hit.path), "version": hit.version, "score": round(hit.score, 4)}


def _why(query: str, hit: Hit) -> dict[str, object]:
    said = shared(query, hit)
    vectors = None if hit.vectors is None else round(hit.vectors, 4)
    return {"words": round(hit.words, 4), "vectors": vectors, "matched": said.matched, "missed": said.missed}
