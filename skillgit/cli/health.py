"""`skillgit health`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from skillgit.cli import output
from skillgit.cli.server import address, headers
from skillgit.errors import UsageError
from skillgit.trial.health import CHECKS, Checked, Wish, checked


def health(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where the server is, such as http://127.0.0.1:9000.")],
    model: Annotated[str, typer.Option("--model", metavar="M", help="The model to talk to; the first offered.")] = "",
    embedder: Annotated[str, typer.Option("--embedder", metavar="M", help="The model of embeddings.")] = "",
    skip: Annotated[list[str] | None, typer.Option("--skip", metavar="CHECK", help="Leave a check out.")] = None,
    timeout: Annotated[float, typer.Option("--timeout", metavar="S", min=1, help="Seconds for an answer.")] = 60,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line and check.")] = False,
) -> None:
    """Check a server of 'skillgit serve' as its clients use it: models, answers, streams, skills, jobs, embeddings.

    Nothing is learned from it. A key of the server's is read from SKILLGIT_KEY, one of its upstream's, where clients
    send their own, from SKILLGIT_UPSTREAM_KEY. It fails where a check does.
    """
    unknown = [name for name in skip or () if name not in CHECKS]
    if unknown:
        raise UsageError(f"'{unknown[0]}' is no check", hint=f"one of: {', '.join(CHECKS)}")
    from skillgit.models.visit import Visit  # 60 ms, with httpx

    with Visit(address(url), headers=headers(), seconds=timeout) as visit:
        made = [
            _told(each, as_json=as_json) for each in checked(visit, Wish(model, embedder, timeout), skip=skip or ())
        ]
    if not all(each.passed for each in made):
        raise typer.Exit(1)


def _told(made: Checked, *, as_json: bool) -> Checked:
    if as_json:
        output.json_line(asdict(made))
    else:
        verdict = output.paint("ok  ", "green") if made.passed else output.paint("FAIL", "red")
        output.say(f"{verdict}  {made.name:12}  {made.said}")
    return made
