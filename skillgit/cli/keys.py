"""`skillgit keys`."""

from __future__ import annotations

from typing import Annotated

import typer

from skillgit import config
from skillgit.cli import output
from skillgit.cli.context import open_skill_repo
from skillgit.errors import UsageError
from skillgit.git.repo import Repo
from skillgit.serve import keys as keyring
from skillgit.serve.keys import Key


def keys(
    what: Annotated[
        str, typer.Argument(metavar="[list|add|revoke]", help="What to do; list by default.", show_default=False)
    ] = "list",
    which: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Of 'revoke': which key.")] = None,
    user: Annotated[str | None, typer.Option("--user", metavar="U", help="Of 'add': whose it is; yours.")] = None,
    acts: Annotated[bool, typer.Option("--for-users", help="Of 'add': it may say which user it acts for.")] = False,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="Of 'add': what it is for.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line and key.")] = False,
) -> None:
    """The keys of those whom 'skillgit serve' answers: one for each user, or for a product that acts for its users.

    A key is shown once, when it is made: what is kept of it, privately in the git directory, is a digest. One that
    is revoked is refused from the next request on.
    """
    _check(what, which, {"--user": user, "--for-users": acts, "--note": note})
    repo = open_skill_repo()
    match what:
        case "add":
            _add(repo, config.user(repo, user), acts=acts, note=note, as_json=as_json)
        case "revoke":
            revoked = keyring.revoke(repo, which or "")
            _line(revoked, f"revoked {revoked.name}", as_json=as_json)
        case _:
            _list(repo, as_json=as_json)


def _check(what: str, which: str | None, added: dict[str, object]) -> None:
    if what not in ("list", "add", "revoke"):
        raise UsageError(f"'{what}' is not 'list', 'add' or 'revoke'", hint="see 'skillgit keys --help'")
    if (what == "revoke") != (which is not None):
        wrong = "a name is missing" if what == "revoke" else f"'{what}' takes no name"
        raise UsageError(wrong, hint="see 'skillgit keys --help'")
    odd = [option for option, value in added.items() if value and what != "add"]
    if odd:
        raise UsageError(f"'{odd[0]}' does not go with '{what}'", hint="see 'skillgit keys --help'")


def _add(repo: Repo, user: str, *, acts: bool, note: str, as_json: bool) -> None:
    made, text = keyring.add(repo, user, acts=acts, note=note)
    if as_json:
        output.json_line({**_row(made), "key": text})
        return
    output.say(text)
    whom = f"{user}, and may act for other users" if acts else user
    output.note(f"note: this is the key of {whom}; it is shown now and never again")


def _list(repo: Repo, *, as_json: bool) -> None:
    known = keyring.listed(repo)
    if as_json:
        for key in known:
            output.json_line(_row(key))
        return
    output.table([_cells(key) for key in known], headers=("Name", "User", "Acts for", "Created", "State", "Note"))
    if not known:
        output.note("no keys: 'skillgit serve' answers this machine only")


def _cells(key: Key) -> tuple[str, ...]:
    acts = "any user" if key.acts else key.user
    return key.name, key.user, acts, key.created, f"revoked {key.revoked}" if key.revoked else "holds", key.note


def _line(key: Key, text: str, *, as_json: bool) -> None:
    if as_json:
        output.json_line(_row(key))
    else:
        output.say(text)


def _row(key: Key) -> dict[str, object]:
    return {
        "name": key.name,
        "user": key.user,
        "for_users": key.acts,
        "created": key.created,
        "revoked": key.revoked or None,
        "note": key.note,
    }
