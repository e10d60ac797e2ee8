"""`skillgit ingest`."""

from __future__ import annotations

import difflib
import glob
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from skillgit import config
from skillgit.changes.skill import shown
from skillgit.cli import output
from skillgit.cli.context import head, open_skill_repo, tell
from skillgit.errors import Locked, Refused, SkillgitError, StaleRef, Unreadable, UsageError
from skillgit.git import remote
from skillgit.git.repo import Repo
from skillgit.learn import ingest as learning
from skillgit.learn.ingest import Learner, Outcome
from skillgit.search.index import Index
from skillgit.share import exchange
from skillgit.transcripts import detect
from skillgit.transcripts.model import Diagnostic, Item, Transcript

_SUFFIXES = (".json", ".jsonl", ".ndjson", ".txt", ".md", ".log")
_CHUNK = 1 << 20
_HEARD = ("unknown_role", "invalid_json_line", "invalid_utf8")
"""What a reader left out that the user may not have meant to lose; images, noise and the like go without a word."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A file to read; `asked` is false for one that was only found in a folder."""

    path: str
    asked: bool


def ingest(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Files, folders, globs, or - for stdin.")],
    user: Annotated[str | None, typer.Option("--user", metavar="U", help="Whose skills; the default is you.")] = None,
    hint: Annotated[
        str | None, typer.Option("--hint", metavar="TEXT", help="What there is to learn, in a few words.")
    ] = None,
    transcript_format: Annotated[
        str | None, typer.Option("--format", metavar="F", help="The transcripts' format, where it is not recognised.")
    ] = None,
    policy: Annotated[
        str | None,
        typer.Option("--policy", metavar="P", help="auto: commit here; branch: to learn/U/DATE; pr: and push it."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be decided, and change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line and conversation.")] = False,
) -> None:
    """Learn from transcripts: at most one decision a conversation, each a commit.

    Formats are recognised by content: chats and agent sessions of many kinds, in JSON, JSONL or text with
    'User:' and 'Assistant:'. The decision is to add a skill, to merge into one, to discard what is known, or none
    where nothing durable was said. A conversation that the history holds already changes nothing.
    """
    if transcript_format is not None:
        detect.named(transcript_format)
    repo = open_skill_repo()
    learner = Learner(
        repo,
        Index.open(repo.private / "index"),
        config.user(repo, user),
        hint=hint,
        policy=learning.policy(repo, policy),
        discards=learning.discards(repo),
    )
    target = remote.default_remote(repo) if learner.policy == "pr" and not dry_run else None
    run = _Run(learner, transcript_format, dry_run, as_json)
    failed = False
    sources = list(_sources(files))
    for source in (
        output.progress(sources, total=len(sources), label="Reading transcripts") if len(sources) > 1 else sources
    ):
        failed |= not _ingest_file(run, source, alone=len(sources) == 1)
    if target and repo.tip(learner.ref) not in (None, head(repo)):
        _ask_for_review(repo, target, learner.ref)
    if failed:
        raise typer.Exit(1)


def _ask_for_review(repo: Repo, target: str, ref: str) -> None:
    """Push the branch of decisions, and say the text of a pull request where there was something new."""
    shared = remote.branch(repo, target, ref.removeprefix("refs/heads/"))
    if exchange.push(repo, shared).sent:
        output.note(remote.request_pull(repo, target, base=repo.branch_ref(), ref=ref))


@dataclass(frozen=True, slots=True)
class _Run:
    learner: Learner
    format: str | None
    dry_run: bool
    as_json: bool


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


def _ingest_file(run: _Run, source: _Source, *, alone: bool) -> bool:
    """Whether every conversation of the file could be read; where it is one of many, the others go on."""
    read_all = True
    try:
        for item in _watched(detect.read(_chunks(source.path), format=run.format), alone=alone):
            if isinstance(item, Diagnostic):
                output.warn(f"{source.path}: {item.message}")
                read_all = False
            else:
                read_all &= _learned(run, source, item)
    except (Locked, StaleRef):
        raise
    except SkillgitError as err:
        if alone:
            raise type(err)(f"{source.path}: {err.message}", hint=err.hint) from err
        output.complain(f"{source.path}: {err.message}", hint=err.hint if source.asked else "")
        return False
    return read_all


def _watched(items: Iterator[Item], *, alone: bool) -> Iterator[Item]:
    """The conversations of a file, counted on stderr where it is the only one and its lines go elsewhere."""
    if alone and not output.on_terminal():
        return output.progress(items, label="Reading conversations")
    return items


def _learned(run: _Run, source: _Source, transcript: Transcript) -> bool:
    """Whether a decision could be made; where not, that is said, and the other conversations go on."""
    try:
        _learn(run, source, transcript)
    except Refused as err:
        output.complain(f"{_place(source, transcript)}: {err.message}", hint=err.hint)
        return False
    return True


def _chunks(path: str) -> Iterator[bytes]:
    try:
        with nullcontext(sys.stdin.buffer) if path == "-" else Path(path).open("rb") as file:
            yield from iter(lambda: file.read(_CHUNK), b"")
    except OSError as err:
        raise Unreadable(f"cannot read it: {(err.strerror or '').lower()}") from err


def _learn(run: _Run, source: _Source, transcript: Transcript) -> None:
    for remark in transcript.diagnostics:
        if remark.code in _HEARD:
            output.warn(f"{_place(source, transcript)}: {remark.message}")
    outcome = (learning.rehearse if run.dry_run else learning.ingest)(run.learner, transcript)
    if run.as_json:
        output.json_line(_row(source, transcript, outcome))
    elif run.dry_run:
        _explain(source, transcript, outcome)
    else:
        output.say(_line(source, transcript, outcome))
    if outcome.landed:
        tell(outcome.landed)


def _place(source: _Source, transcript: Transcript) -> str:
    return f"{source.path}#{transcript.place}" if transcript.place else source.path


def _line(source: _Source, transcript: Transcript, outcome: Outcome) -> str:
    decision = outcome.recorded
    if decision is None:
        return f"none ({_place(source, transcript)}): {outcome.reason}"
    changed = decision.before and decision.after and decision.before != decision.after
    version = f"{decision.before} -> {decision.after}" if changed else decision.after or ""
    return f"{decision.action} {decision.skill} {version}: {decision.summary}{_elsewhere(outcome)}"


def _elsewhere(outcome: Outcome) -> str:
    """Where the decision went, if that is not the current branch."""
    landed = outcome.landed
    if landed is None or not landed.commits:
        return ""
    if landed.blocked:
        return " (parked)"
    return f" (on {landed.ref.removeprefix('refs/heads/')})" if landed.ref.startswith("refs/heads/learn/") else ""


def _row(source: _Source, transcript: Transcript, outcome: Outcome) -> dict[str, object]:
    decision = outcome.recorded
    landed = outcome.landed
    return {
        "source": source.path,
        "conversation": transcript.place,
        "format": transcript.format,
        "transcript": transcript.digest,
        "decision": outcome.decision,
        "reason": outcome.reason,
        "skill": outcome.skill,
        "version": outcome.version,
        "before": decision.before if decision else None,
        "commit": outcome.commit,
        "ref": landed.ref if landed and landed.commits else None,
        "parked": bool(landed and landed.blocked),
        "score": round(decision.score, 4) if decision and decision.score is not None else None,
        "nearest": shown(decision.nearest) if decision and decision.nearest else None,
        "evidence": [{"turn": quote.turn, "quote": quote.text} for quote in decision.evidence] if decision else [],
    }


def _explain(source: _Source, transcript: Transcript, outcome: Outcome) -> None:
    """What a dry run shows: the candidate, whose words it rests on, the decision with its score, and the diff."""
    output.say(f"{_place(source, transcript)} ({transcript.format}, {len(transcript.turns)} turns)", style="bold")
    candidate, decision = outcome.candidate, outcome.recorded
    if candidate is None or decision is None:
        output.say(f"decision: none: {outcome.reason}")
        output.say()
        return
    output.say(f"candidate: {candidate.title}")
    for rule in candidate.rules + candidate.steps:
        output.say(f"  - {rule.text}")
        output.say(f'    turn {rule.evidence.turn}: "{" ".join(rule.evidence.quote.split())}"', style="dim")
    score = f" (score {decision.score:.2f}, {shown(decision.nearest)})" if decision.score and decision.nearest else ""
    output.say(f"decision: {outcome.decision} {outcome.skill}: {outcome.reason}{score}")
    before = outcome.before.render().decode().splitlines() if outcome.before else []
    after = outcome.after.render().decode().splitlines() if outcome.after else []
    name = f"{outcome.skill}/SKILL.md"
    lines = list(difflib.unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm=""))
    if lines:
        output.patch("\n".join(lines))
    output.say()
