"""`skillgit web`."""

from __future__ import annotations

import webbrowser
from typing import TYPE_CHECKING, Annotated

import typer

from skillgit.cli import output
from skillgit.cli.context import open_skill_repo
from skillgit.errors import UsageError

if TYPE_CHECKING:
    from types import ModuleType


def web(
    host: Annotated[str, typer.Option("--host", metavar="H", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535, help="The port; 0 is any.")] = 9001,
    upstream: Annotated[
        list[str] | None,
        typer.Option("--upstream", metavar="URL|PROVIDER", help="Serve models, too, as 'skillgit serve' does."),
    ] = None,
    workers: Annotated[
        int,
        typer.Option("--workers", metavar="N", min=1, max=64, help="How many processes answer, each with a learner."),
    ] = 1,
    browse: Annotated[bool, typer.Option("--open/--no-open", help="Show the pages in your browser.")] = False,
) -> None:
    """Show the library as pages in a browser: search it, see what changed and why, review what was learned.

    They are pages of the server of 'skillgit serve', and need no upstream. Without a key only this machine is served:
    'skillgit keys add' makes one, to log in with.
    """
    repo = open_skill_repo()
    run = _run()
    plan = run.Plan(str(repo.directory), host, port, tuple(upstream or ()), workers, pages=True)
    for line in run.check(plan):
        output.note(f"note: {line}")
    run.serve(plan, _opened if browse else output.serving)


def _opened(address: str) -> None:
    output.serving(address)
    webbrowser.open(address)


def _run() -> ModuleType:
    """What serves; UsageError where the extra is not installed."""
    try:
        from skillgit.serve import run  # 200 ms, and an extra
        from skillgit.serve.web import table  # noqa: F401, what it shows
    except ImportError as err:
        raise UsageError("cannot show pages", hint="pip install 'skillgit[web]'") from err
    return run
