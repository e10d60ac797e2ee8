"""`skillgit hooks`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from skillgit.cli import output
from skillgit.cli.context import open_repo
from skillgit.errors import UsageError
from skillgit.git import hooks as files
from skillgit.git.repo import Repo


def hooks(
    what: Annotated[
        str, typer.Argument(metavar="[status|install|uninstall]", help="What to do; status by default.")
    ] = "",
    server: Annotated[
        bool, typer.Option("--server", help="For a shared repository: check what is pushed to it.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line and hook, of status.")] = False,
) -> None:
    """Show, put in or take out git's hooks of this repository.

    They check and version hand edits that are committed with git, and look for secrets before a push. A hook that is
    there already runs first, and is put back by uninstall. Merges of SKILL.md files are set up along with them.
    """
    if server and what != "install":
        raise UsageError("--server goes with 'install' only")
    repo = open_repo()
    match what:
        case "" | "status":
            _status(repo, as_json=as_json)
        case "install":
            if repo.worktree is None and not server:
                raise UsageError("nobody commits in a bare repository", hint="'skillgit hooks install --server'")
            _tell("installed", files.install(repo, files.SERVER if server else files.LOCAL))
        case "uninstall":
            _tell("uninstalled", files.uninstall(repo))
        case _:
            raise UsageError(f"'{what}' is not 'status', 'install' or 'uninstall'", hint="see 'skillgit hooks --help'")


def _status(repo: Repo, *, as_json: bool) -> None:
    found = files.status(repo)
    if as_json:
        for hook in found:
            output.json_line(asdict(hook))
        return
    rows = [(hook.name, hook.state, hook.runs or "") for hook in found]
    output.table(rows, headers=("Hook", "State", "Runs first"))
    output.note(f"git looks for them in {files.directory(repo)}")


def _tell(did: str, names: tuple[str, ...]) -> None:
    output.say(f"{did}: {', '.join(names)}" if names else f"nothing to do: {did} already")
