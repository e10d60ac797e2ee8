"""`skillgit eval`."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from skillgit.cli import output
from skillgit.cli.context import open_repo
from skillgit.cli.server import address, headers
from skillgit.errors import ModelError, UsageError
from skillgit.models.choice import configured
from skillgit.models.ports import Chat
from skillgit.models.visit import Visit
from skillgit.transcripts.fields import fields, rows, text
from skillgit.trial import course, report
from skillgit.trial import judge as judges
from skillgit.trial import simulator as simulators
from skillgit.trial.course import How, Run
from skillgit.trial.report import Trial
from skillgit.trial.scenario import Case, cases

_LEAST, _MOST = 0.5, 0.5  # of recall, and of false positives, with --strict
_KEY = "set SKILLGIT_KEY to one of 'skillgit keys add --for-users'"


def eval_(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where the server is, such as http://127.0.0.1:9000.")],
    runs: Annotated[int, typer.Option("--runs", metavar="N", min=1, max=1000, help="How many users.")] = 36,
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", help="Which of them: the same seed, the same users.")
    ] = 42,
    model: Annotated[str, typer.Option("--model", metavar="M", help="The model to talk to; the first offered.")] = "",
    timeout: Annotated[
        float, typer.Option("--timeout", metavar="S", min=1, help="Seconds for an answer, or a job.")
    ] = 120,
    judge: Annotated[
        str,
        typer.Option("--judge", metavar="PROVIDER/MODEL", help="Have a model of this repository's judge the answers."),
    ] = "",
    simulator: Annotated[
        str,
        typer.Option("--simulator", metavar="PROVIDER/MODEL", help="Have a model play the users, in its own words."),
    ] = "",
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write a report as a page, too.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the users' skills in the repository.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail where less than half is learned, or more is wrong.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole report as JSON.")] = False,
) -> None:
    """Measure what a server learns: scripted users teach it, correct it, and come back with tasks of the same kind.

    Each case is a user of its own: SKILLGIT_KEY has to be a key of 'skillgit keys add --for-users'. The users talk to
    the server's model; what is measured are decisions, what goes into prompts and, with --judge, the answers.
    """
    visit = partial(_visit, address(url), timeout)
    with visit("") as first:
        server, chosen = _looked(first, model)
    how = How(
        chosen,
        timeout,
        judges.by_model(_chat(judge)) if judge else None,
        simulators.by_model(_chat(simulator)) if simulator else None,
    )
    if html:
        html.open("a").close()  # the run is long: a page that cannot be written is told before it
    taken = [_taken(visit, case, how, keep=keep) for case in _shown(cases(runs=runs, seed=seed))]
    trial = Trial(server, chosen, seed, *_parted(taken), judge, simulator)
    if html:
        html.write_text(report.as_html(trial), encoding="utf-8")
    _say(trial, as_json=as_json)
    if trial.failed or (strict and not _is_good(trial)):
        raise typer.Exit(1)


def _visit(place: str, seconds: float, user: str) -> Visit:
    """A visit to the server, for a user where one is named."""
    return Visit(place, headers=headers() | ({"skillgit-user": user} if user else {}), seconds=seconds)


def _chat(named: str) -> Chat:
    chat = configured(open_repo(), model=named)
    if chat is None:
        raise UsageError(f"'{named}' is no model", hint="say PROVIDER/MODEL")
    return chat


def _looked(visit: Visit, model: str) -> tuple[str, str]:
    """What the server is, and the model to talk to: the first that it offers where none is named.

    Raises UsageError where there is none, and where this key may not do it.
    """
    can, models = visit.get("/v1/skillgit/capabilities"), visit.get("/v1/models")
    if can.status == 401:
        raise UsageError(f"the server says: {text(fields(can.body.get('error')).get('message'))}", hint=_KEY)
    if can.body.get("acts_for_others") is not True:
        raise UsageError("each case needs a user of its own, and this key may not act for others", hint=_KEY)
    names = [name for row in rows(models.body.get("data")) if (name := text(row.get("id")))]
    if not model and not names:
        raise UsageError("the server offers no models", hint="say --model M")
    return f"skillgit {text(can.body.get('version'))}", model or names[0]


def _shown(chosen: tuple[Case, ...]) -> list[Case]:
    return list(output.progress(chosen, total=len(chosen), label="eval"))


def _taken(visit: Callable[[str], Visit], case: Case, how: How, *, keep: bool) -> Run | tuple[str, str]:
    """What became of a case, or its name and why it could not be taken; what its user has learned is gone then."""
    made: Run | tuple[str, str]
    with visit(f"eval-{uuid.uuid4().hex[:12]}") as talking:
        try:
            made = course.taken(talking, case, how)
        except ModelError as err:
            made = f"{case.family}: {case.topic}", err.message
        if not keep:
            _tidy(talking)
    return made


def _parted(taken: Sequence[Run | tuple[str, str]]) -> tuple[tuple[Run, ...], tuple[tuple[str, str], ...]]:
    """The cases that were taken, and those that could not be."""
    made = tuple(each for each in taken if isinstance(each, Run))
    return made, tuple(each for each in taken if not isinstance(each, Run))


def _tidy(visit: Visit) -> None:
    try:
        course.tidy(visit)
    except ModelError as err:
        output.warn(f"what a user has learned is left on the server: {err.message}")


def _say(trial: Trial, *, as_json: bool) -> None:
    if as_json:
        output.write(json.dumps(report.as_json(trial), ensure_ascii=False, indent=1))
        return
    output.table(list(report.lines(trial)), headers=("Figure", "Value", "95 %"))
    for name, reason in trial.failed:
        output.warn(f"'{name}' could not be taken: {reason}")
    for line in report.cautions(trial):
        output.note(f"note: {line}")


def _is_good(trial: Trial) -> bool:
    found = report.estimates(trial.runs)
    recall, wrong = found["recall"].value, found["false"].value
    return (recall is None or recall >= _LEAST) and (wrong is None or wrong <= _MOST)
