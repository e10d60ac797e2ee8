"""`skillgit ingest`."""

from __future__ import annotations

import glob
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from skillgit import config
from skillgit.cli import outcome as outcomes
from skillgit.cli import output, propose, sessions
from skillgit.cli.context import open_skill_repo, tell
from skillgit.errors import ModelError, Refused, SkillgitError, Unreadable, UsageError
from skillgit.git import remote
from skillgit.git.repo import Repo
from skillgit.learn import ingest as learning
from skillgit.learn import learner as learners
from skillgit.learn import reading, undecided
from skillgit.learn.batch import JOBS, ingest_all
from skillgit.learn.learner import Heard, Learner, Outcome
from skillgit.learn.undecided import Undecided
from skillgit.search.index import Index
from skillgit.transcripts import detect, document
from skillgit.transcripts.model import Item, Transcript, Turn

_SUFFIXES = (".json", ".jsonl", ".ndjson", ".txt", ".md", ".log", ".traj")
_CHUNK = 1 << 20
_PATIENCE = 5  # conversations in a row that a model gives no answer about; more would be in vain
_HEARD = ("unknown_role", "invalid_json_line", "invalid_utf8")
"""What a reader left out that the user may not have meant to lose; images, noise and the like go without a word."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A file to read; `asked` is false for one that was only found in a folder."""

    path: str
    asked: bool


@dataclass(slots=True)
class _Trouble:
    """What went wrong so far: whether anything did, and the error to end with."""

    any: bool = False
    last: SkillgitError | None = None
    undecided: int = 0  # in a row
    kept: bool = False


_Files = Annotated[list[str] | None, typer.Argument(metavar="FILE...", help="Files, folders, globs, or - for stdin.")]
_Policy = Annotated[
    str | None,
    typer.Option("--policy", metavar="P", help="auto: commit here; branch: to learn/U/DATE; pr: and propose it."),
]
_Jobs = Annotated[
    int,
    typer.Option("--jobs", metavar="N", min=1, max=64, help="How many conversations a model is asked about at once."),
]

_Hint = Annotated[str | None, typer.Option("--hint", metavar="TEXT", help="What there is to learn, in a few words.")]
_Format = Annotated[
    str | None, typer.Option("--format", metavar="F", help="The transcripts' format, where it is not recognised.")
]
_Agent = Annotated[
    str | None, typer.Option("--agent", metavar="A", help="Read what is new in an agent's own sessions, or all's.")
]
_Since = Annotated[
    str | None, typer.Option("--since", metavar="T", help="With --agent: written to since then; 12h, 7d, 2w, a date.")
]
_Project = Annotated[
    Path | None, typer.Option("--project", metavar="DIR", help="With --agent: held in this folder or below it.")
]
_Model = Annotated[
    str | None, typer.Option("--model", metavar="PROVIDER/MODEL", help="Learn with it, in place of skillgit.model.")
]


def ingest(
    files: _Files = None,
    user: Annotated[str | None, typer.Option("--user", metavar="U", help="Whose skills; the default is you.")] = None,
    agent: _Agent = None,
    since: _Since = None,
    project: _Project = None,
    hint: _Hint = None,
    transcript_format: _Format = None,
    is_document: Annotated[bool, typer.Option("--document", help="The files are documents: procedures.")] = False,
    policy: _Policy = None,
    model: _Model = None,
    offline: Annotated[bool, typer.Option("--offline", help="Learn by rules; ask no model.")] = False,
    jobs: _Jobs = JOBS,
    again: Annotated[
        bool, typer.Option("--undecided", help="Ask again about conversations that a model gave no answer about.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("-n", "--dry-run", help="Say what would be decided; change nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line and conversation.")] = False,
) -> None:
    """Learn from transcripts: at most one decision a conversation, each a commit.

    Formats are recognised by content: chats and agent sessions of many kinds, in JSON, JSONL or text with
    'User:' and 'Assistant:'. The decision is to add a skill, to merge into one, to discard what is known, or none
    where nothing durable was said. A conversation that the history holds already changes nothing.
    """
    chosen = _format(transcript_format, is_document=is_document)
    if [bool(files), agent is not None, again].count(True) != 1:
        raise UsageError("it takes files, or --agent, or --undecided", hint="skillgit ingest FILE...")
    _check_agent(agent, alone={"--since": since, "--project": project}, never={"--hint": hint, "a format": chosen})
    repo = open_skill_repo()
    learner = replace(configured_learner(repo, user, model=model, offline=offline), hint=hint)
    learner = replace(learner, policy=learners.policy(repo, policy), watch=_turns)
    if learner.policy == "pr" and not dry_run:
        remote.default_remote(repo)  # where there is none, that is said before anything is learned
    run = _Run(learner, chosen, dry_run, as_json, _Trouble(), offline)
    if agent is not None:
        asked = sessions.Asked(agent, since, project)
        run.trouble.any = sessions.ingest_sessions(learner, asked, jobs=jobs, dry_run=dry_run, as_json=as_json)
    elif again:
        _ask_again(run)
    else:
        _ingest_files(run, list(_sources(files or [])), jobs=jobs if learner.chat else 1)
    if not dry_run:
        propose.ask_for_review(learner)
    _end(run.trouble)


def _check_agent(agent: str | None, *, alone: Mapping[str, object], never: Mapping[str, object]) -> None:
    """Raise UsageError for an option that goes `alone` with --agent and stands without, or `never` does and stands."""
    for name, value in (alone if agent is None else never).items():
        if value is not None:
            raise UsageError(f"{name} goes {'with --agent only' if agent is None else 'without --agent only'}")


def _end(trouble: _Trouble) -> None:
    """Raise what the command has to end with, if anything went wrong."""
    if trouble.last:
        raise trouble.last
    if trouble.any:
        raise typer.Exit(1)


def configured_learner(repo: Repo, user: str | None, *, model: str | None, offline: bool) -> Learner:
    """A learner as the settings have it, but for what is said here. Raises UsageError for what does not go together."""
    if model and offline:
        raise UsageError("--model and --offline do not go together")
    index = Index.open(repo.private / "index")
    return learners.configured(repo, index, config.user(repo, user), model=model, offline=offline)


def _format(name: str | None, *, is_document: bool) -> str | None:
    """The format the files are said to be in; None where they are to be recognised."""
    if name is None:
        return document.NAME if is_document else None
    if is_document:
        raise UsageError("--document and --format do not go together")
    reading.check_format(name)
    return name


@dataclass(frozen=True, slots=True)
class _Run:
    learner: Learner
    format: str | None
    dry_run: bool
    as_json: bool
    trouble: _Trouble
    offline: bool


def _sources(files: list[str]) -> Iterator[_Source]:
    for word in files:
        path = Path(word)
        if word == "-" or path.is_file():
            yield _Source(word, asked=True)
        elif word and path.is_dir():
            yield from _in_folder(path)
        elif path.exists() and word:
            raise Unreadable(f"'{word}' is neither a file nor a folder", hint="for a pipe: skillgit ingest - < PIPE")
        else:
            matches = sorted(glob.glob(word, recursive=True))  # noqa: PTH207  # pathlib's refuses absolute patterns
            found = [match for match in matches if Path(match).is_file()]
            if not found:
                raise UsageError(f"no file '{word}'")
            yield from _sources(found)


def _in_folder(folder: Path) -> Iterator[_Source]:
    every = (path for path in folder.rglob("*") if ".git" not in path.relative_to(folder).parts)
    found = sorted(path for path in every if path.suffix.lower() in _SUFFIXES and path.is_file())
    if not found:
        raise UsageError(f"no transcript in folder '{folder}'", hint=f"looked for {', '.join(_SUFFIXES)}")
    yield from (_Source(str(file), asked=False) for file in found)


def _ingest_files(run: _Run, sources: list[_Source], *, jobs: int) -> None:
    """Learn from every conversation of the files, and say what became of each."""
    land = learning.foresee if run.dry_run else learning.land
    quiet = run.offline or run.as_json or run.learner.chat is not None
    for (path, transcript), outcome in ingest_all(run.learner, _heard(run, sources), jobs=jobs, land=land):
        if not quiet:
            output.note("learning offline, as no model is configured")
            quiet = True
        _tell(run, path, transcript, outcome)
        _raise_if_in_vain(run.trouble)
    if run.trouble.kept:
        output.note("hint: 'skillgit ingest --undecided' asks again about what was not decided")


def _raise_if_in_vain(trouble: _Trouble) -> None:
    if trouble.undecided >= _PATIENCE:
        raise ModelError(
            f"no answer about {trouble.undecided} conversations in a row; what comes after them was not read",
            hint="'skillgit models test' asks the model something small",
        )


def _heard(run: _Run, sources: list[_Source]) -> Iterator[tuple[tuple[str, Transcript], Heard]]:
    alone = len(sources) == 1
    for source in sources if alone else output.progress(sources, total=len(sources), label="Reading transcripts"):
        for transcript in _read(run, source, alone=alone):
            yield (source.path, transcript), learners.heard(run.learner, transcript)


def _read(run: _Run, source: _Source, *, alone: bool) -> Iterator[Transcript]:
    """The conversations of a file. Where it is one of many and cannot be read, that is said and the others go on."""
    try:
        for item in _watched(_items(source.path, format=run.format), alone=alone):
            if isinstance(item, Transcript):
                yield item
            else:
                output.warn(f"{source.path}: {item.message}")
                run.trouble.any = True
    except SkillgitError as err:
        run.trouble.any = True
        if alone:
            run.trouble.last = type(err)(f"{source.path}: {err.message}", hint=err.hint)
        else:
            output.complain(f"{source.path}: {err.message}", hint=err.hint if source.asked else "")


def _ask_again(run: _Run) -> None:
    """Learn from the conversations that are kept since a model gave no answer about them."""
    for each in undecided.kept(run.learner.repo):
        with undecided.claimed(run.learner.repo, each) as is_mine:
            if is_mine:
                _tell(run, f"kept as {each.heard.attempt}", each.heard.transcript, _answer(run, each))
        _raise_if_in_vain(run.trouble)


def _answer(run: _Run, kept: Undecided) -> Outcome | Refused:
    mine = replace(run.learner, user=kept.user, hint=kept.hint)
    try:
        found = learning.found(mine, kept.heard)
        return (learning.foresee if run.dry_run else learning.land)(mine, kept.heard, found)
    except Refused as err:
        return err


def _turns(turns: Sequence[Turn]) -> Iterable[Turn]:
    """The turns of a conversation, counted on stderr where there are so many that reading them drags on."""
    return output.progress(turns, total=len(turns), label="Reading turns")


def _watched(items: Iterator[Item], *, alone: bool) -> Iterator[Item]:
    """The conversations of a file, counted on stderr where it is the only one and its lines go elsewhere."""
    if alone and not output.on_terminal():
        return output.progress(items, label="Reading conversations")
    return items


def _items(path: str, *, format: str | None) -> Iterator[Item]:
    if path == "-":
        return detect.read(iter(lambda: sys.stdin.buffer.read(_CHUNK), b""), format=format)
    return reading.items(Path(path), format=format)


def _tell(run: _Run, path: str, transcript: Transcript, outcome: Outcome | Refused) -> None:
    """Say what became of a conversation; what was refused is said, and the others go on."""
    place = f"{path}#{transcript.place}" if transcript.place else path
    for remark in transcript.diagnostics:
        if remark.code in _HEARD:
            output.warn(f"{place}: {remark.message}")
    if isinstance(outcome, Refused):
        output.complain(f"{place}: {outcome.message}", hint=outcome.hint)
        run.trouble.any = True
        return
    if run.as_json:
        output.json_line(outcomes.row(path, transcript, outcome))
    elif run.dry_run:
        outcomes.explain(place, transcript, outcome)
    else:
        output.say(outcomes.line(place, outcome))
    for text in outcome.remarks:
        output.note(f"{place}: {text}")
    if outcome.landed:
        tell(outcome.landed)
    is_undecided = outcome.decision == "undecided"
    run.trouble.any |= is_undecided
    run.trouble.kept |= is_undecided and not run.dry_run
    run.trouble.undecided = run.trouble.undecided + 1 if is_undecided else 0
