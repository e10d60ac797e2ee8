"""`skillgit models`."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from skillgit.cli import output
from skillgit.cli.context import open_repo
from skillgit.config import setting
from skillgit.errors import UsageError
from skillgit.git.repo import Repo
from skillgit.models.choice import Choice, Use, choose, configured, configured_embedder
from skillgit.models.providers import PROVIDERS, Provider

_OFFLINE = "no model is configured: skillgit learns offline, by rules"
_WAYS = {"schema": "JSON by schema", "tool": "JSON through a tool", "plain": "JSON on request"}

Row = tuple[str, str, str]


def models(
    what: Annotated[
        str, typer.Argument(metavar="[test|providers]", help="Ask what is configured, or list what could be.")
    ] = "",
    model: Annotated[
        str | None, typer.Option("--model", metavar="PROVIDER/MODEL", help="In place of skillgit.model.")
    ] = None,
    url: Annotated[str | None, typer.Option("--url", metavar="URL", help="In place of skillgit.model-url.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Show which models are configured, and where each value comes from; 'test' asks them something.

    A model is used only where one is named: 'git config skillgit.model PROVIDER/MODEL'. Keys come from the
    environment or 'git credential', and are shown as set or unset.
    """
    match what:
        case "":
            _show(open_repo(), model, url, as_json=as_json)
        case "test":
            _test(open_repo(), model, url, as_json=as_json)
        case "providers":
            _list(as_json=as_json)
        case _:
            raise UsageError(f"'{what}' is not 'test' or 'providers'", hint="see 'skillgit models --help'")


def _show(repo: Repo, model: str | None, url: str | None, *, as_json: bool) -> None:
    choices: dict[Use, Choice | None] = {
        "model": choose(repo, "model", named=model, url=url),
        "embedder": choose(repo, "embedder"),
    }
    rows = [row for use, choice in choices.items() for row in _rows(repo, use, choice)]
    if as_json:
        for key, value, source in rows:
            output.json_line({"key": key, "value": value, "source": source})
    else:
        output.table(rows, headers=("Setting", "Value", "Source"))
    for choice in choices.values():
        if choice and choice.exposed:
            output.warn(f"the key goes to '{choice.url.text}' unencrypted")
    if choices["model"] is None:
        output.note(f"note: {_OFFLINE}")
        output.note("hint: 'skillgit models providers' lists who has models")


def _rows(repo: Repo, use: Use, choice: Choice | None) -> list[Row]:
    if choice is None:
        return [(use, "offline", "default")]
    key = choice.key
    unset = f"set {choice.provider.key[0]}" if not choice.provider.keyless else "not needed"
    limits = ("model-budget", "model-timeout") if use == "model" else ("embedder-dimensions",)
    values = [(name, setting(repo, name)) for name in limits]
    return [
        (use, choice.name, choice.model.source),
        (f"{use}-url", choice.url.text, choice.url.source),
        (f"{use}-key", "set", key.source) if key else (f"{use}-key", "unset", unset),
        *((name, value.text or "none", value.source) for name, value in values),
    ]


def _test(repo: Repo, model: str | None, url: str | None, *, as_json: bool) -> None:
    chat, embedder = configured(repo, model=model, url=url), configured_embedder(repo)
    if chat is None and embedder is None:
        output.note(_OFFLINE)
        raise typer.Exit(1)
    from skillgit.models import probe  # with httpx

    if chat:
        answer = probe.probe(chat)
        details = f"{answer.model or chat.name}, {_WAYS[answer.way]}, {answer.tokens} tokens"
        _tell("model", chat.name, details, seconds=answer.seconds, as_json=as_json)
    if embedder:
        vector = probe.probe_embedder(embedder)
        details = f"{vector.dimensions} dimensions"
        _tell("embedder", embedder.name, details, seconds=vector.seconds, as_json=as_json)


def _tell(use: Use, name: str, details: str, *, seconds: float, as_json: bool) -> None:
    if as_json:
        output.json_line({"use": use, "name": name, "seconds": round(seconds, 3), "details": details})
    else:
        output.say(f"{use} {name} answered in {seconds:.2f} s: {details}")


def _list(*, as_json: bool) -> None:
    for row in PROVIDERS if as_json else ():
        known = {"provider": row.name, "aliases": row.aliases, "url": row.url, "model": row.model}
        output.json_line(known | {"embedder": row.vectors[0], "keys": row.key, "keyless": row.keyless})
    if not as_json:
        rows = [(row.name, row.url or "-", row.model or "-", row.vectors[0] or "-", _key(row)) for row in PROVIDERS]
        output.table(rows, headers=("Provider", "Address", "Model", "Embedder", "Key"))


def _key(row: Provider) -> str:
    name = next((name for name in row.key if os.environ.get(name)), row.key[0])
    state = "set" if os.environ.get(name) else "unset, not needed" if row.keyless else "unset"
    return f"{name} {state}"
