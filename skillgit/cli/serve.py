"""`skillgit serve`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from skillgit.cli import output
from skillgit.cli.context import open_skill_repo
from skillgit.errors import UsageError

if TYPE_CHECKING:
    from types import ModuleType


def serve(
    host: Annotated[str, typer.Option("--host", metavar="H", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535, help="The port; 0 is any.")] = 9000,
    upstream: Annotated[
        list[str] | None,
        typer.Option(
            "--upstream", metavar="URL|PROVIDER", help="Where requests go; twice for OpenAI's and Anthropic's."
        ),
    ] = None,
    workers: Annotated[
        int,
        typer.Option("--workers", metavar="N", min=1, max=64, help="How many processes answer, each with a learner."),
    ] = 1,
) -> None:
    """Serve models to applications, with skills that evolve: a proxy in front of OpenAI's and Anthropic's APIs.

    Point a client at http://HOST:PORT/v1 in place of its provider. Each request goes on as it is, with the user's
    skills for it in the system prompt; each conversation is learned from after it was answered. Without a key
    only this machine is served: 'skillgit keys add' makes one.
    """
    repo = open_skill_repo()
    run = _run()
    plan = run.Plan(str(repo.directory), host, port, tuple(upstream or ()), workers)
    for line in run.check(plan):
        output.note(f"note: {line}")
    run.serve(plan, output.serving)


def _run() -> ModuleType:
    """What serves; UsageError where the extra is not installed."""
    try:
        from skillgit.serve import run  # 200 ms, and an extra
    except ImportError as err:
        raise UsageError("cannot serve", hint="pip install 'skillgit[serve]'") from err
    return run
