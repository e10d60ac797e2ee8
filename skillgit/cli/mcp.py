"""`skillgit mcp`."""

from __future__ import annotations

from types import ModuleType
from typing import Annotated

import typer

from skillgit import config
from skillgit.cli import output
from skillgit.cli.context import open_skill_repo
from skillgit.errors import UsageError


def mcp(
    user: Annotated[
        str | None, typer.Option("--user", metavar="U", help="Whose skills; over HTTP keys say it.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", metavar="N", min=0, max=65535, help="Serve over HTTP, at this port; 0 is any."),
    ] = None,
    host: Annotated[str, typer.Option("--host", metavar="H", help="The address to listen on.")] = "127.0.0.1",
) -> None:
    """Serve the skills to agents that speak the Model Context Protocol: tools to search and to learn, and the skills
    themselves as resources.

    Without --port it speaks on stdin and stdout, as agents start it: 'claude mcp add skillgit -- skillgit mcp'.
    With it, over streamable HTTP at /mcp, to those who have a key of 'skillgit keys'.
    """
    if port is None and host != "127.0.0.1":
        raise UsageError("'--host' goes with '--port'", hint="see 'skillgit mcp --help'")
    if port is not None and user is not None:
        raise UsageError("'--user' does not go with '--port'", hint="over HTTP each key says whose it is")
    repo = open_skill_repo()
    run = _run()
    if port is None:
        run.over_pipes(repo.directory, config.user(repo, user))
        return
    from skillgit.serve.run import check_entrance

    for line in check_entrance(repo, host):
        output.note(f"note: {line}")
    run.over_http(repo.directory, host, port, output.serving)


def _run() -> ModuleType:
    """What serves; UsageError where the extra is not installed."""
    try:
        from skillgit.serve.mcp import run  # 500 ms, and an extra
    except ImportError as err:
        raise UsageError("cannot speak the protocol", hint="pip install 'skillgit[mcp]'") from err
    return run
