"""`skillgit config`."""

from __future__ import annotations

from typing import Annotated

import typer

from skillgit import config as settings
from skillgit.cli import output
from skillgit.cli.context import open_repo
from skillgit.config import SETTINGS, Setting, Value
from skillgit.errors import UsageError
from skillgit.git.repo import Repo


def config(
    key: Annotated[str, typer.Argument(metavar="[KEY]", help="One setting; all of them without it.")] = "",
    text: Annotated[str | None, typer.Argument(metavar="[VALUE]", help="Set it, in git's configuration.")] = None,
    everywhere: Annotated[
        bool, typer.Option("--global", help="Set it for all of your repositories, not for this one.")
    ] = False,
    unset: Annotated[bool, typer.Option("--unset", help="Take it out of git's configuration again.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Show the settings, each with the place it comes from, or set one.

    Each comes from the environment, git's configuration or skillgit.toml, in this order, or is the default.
    """
    repo = open_repo()
    if not key:
        _list(repo, as_json=as_json)
        return
    row = settings.row(key)
    if text is not None and unset:
        raise UsageError("a value and --unset are given", hint="one of them")
    if text is not None:
        settings.put(repo, row, text, everywhere=everywhere)
    elif unset:
        settings.take_out(repo, row, everywhere=everywhere)
    elif everywhere:
        raise UsageError("--global is for setting", hint=f"git config --global --get skillgit.{key}")
    else:
        _show(row, settings.setting(repo, key), as_json=as_json)


def _show(row: Setting, value: Value, *, as_json: bool) -> None:
    if as_json:
        output.json_line(_as_json(row, value))
    else:
        output.say(settings.shown(value.text))


def _as_json(row: Setting, value: Value) -> dict[str, object]:
    return {"key": row.key, "value": settings.shown(value.text), "source": value.source, "meaning": row.meaning}


def _list(repo: Repo, *, as_json: bool) -> None:
    found = [(row, settings.found(repo, row)) for row in SETTINGS]
    for row, value in found if as_json else ():
        output.json_line(_as_json(row, value))
    if not as_json:
        cells = [(row.key, settings.shown(value.text) or "-", value.source, row.meaning) for row, value in found]
        output.table(cells, headers=("Setting", "Value", "Source", "Meaning"))
    wrong = [complaint for row, value in found if (complaint := settings.complaint(row, value))]
    for told in wrong:
        output.complain(told)
    if wrong:
        raise typer.Exit(1)
