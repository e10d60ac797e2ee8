"""A decision that waits, as `skillgit review` shows it: a row of a list, or all there is to know before deciding."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from skillgit.changes.skill import shown
from skillgit.cli import output
from skillgit.git import evidence
from skillgit.git.objects import today
from skillgit.git.repo import Repo
from skillgit.git.run import git
from skillgit.learn import undecided
from skillgit.share import proposals
from skillgit.share.proposals import Checks, Proposal
from skillgit.share.review import Foreseen, foresee

NOTHING = "nothing waits for review"
_STYLES: dict[str, output.Style] = {"+": "green", "-": "red", "~": "yellow"}


def table(repo: Repo, waiting: Sequence[Proposal], *, as_json: bool) -> None:
    """Print what waits, a line each."""
    if as_json:
        for each in waiting:
            output.json_line(_row(repo, waiting, each))
        return
    heads = ("Id", "Decision", "Skill", "Version", "Rules", "Age", "Where")
    output.table([_cells(repo, waiting, each) for each in waiting], headers=heads)
    output.note("hint: 'skillgit review show ID', then 'accept', 'edit' or 'reject'" if waiting else NOTHING)
    kept = sum(1 for _ in undecided.kept(repo))
    if kept:
        output.note(f"hint: {kept} undecided: 'skillgit ingest --undecided' asks again")


def show(repo: Repo, waiting: Sequence[Proposal], one: Proposal, *, turns: bool, as_json: bool) -> None:
    """Print all there is to know about one; with `turns` the turns that are quoted, where they are kept."""
    seen, checks = foresee(repo, one), proposals.checks(repo, one)
    if as_json:
        output.json_line(_row(repo, waiting, one) | _more(repo, one, seen, checks, turns=turns))
        return
    _head(one, proposals.short(waiting, one))
    for note in proposals.effect(repo, one).rules:
        output.say(f"{note.mark} {note.text}", style=_STYLES.get(note.mark, "plain"))
    _quotes(repo, one, turns=turns)
    _standing(one, seen, checks)
    output.patch(_diff(repo, one))
    output.say()


def _head(one: Proposal, name: str) -> None:
    said, revision = one.decision, one.revision
    output.say(f"{name} {revision.subject}", style="bold")
    output.say(f"Commit: {revision.oid}")
    output.say(f"Author: {revision.author}")
    output.say(f"Date:   {revision.date}")
    output.say(f"Where:  {', '.join(map(_place, one.refs))}")
    if said.score is not None and said.nearest:
        output.say(f"Score:  {said.score:.2f} {shown(said.nearest)}")
    if said.reason:
        output.say(f"Reason: {said.reason}")
    if said.learner:
        output.say(f"By:     {said.learner}")
    output.say()


def _quotes(repo: Repo, one: Proposal, *, turns: bool) -> None:
    output.say()
    for quote in one.decision.evidence:
        output.say(f'turn {quote.turn} of {quote.digest[:15]}: "{quote.text}"')
        for line in ((turns and evidence.turn(repo, quote)) or "").splitlines():
            output.say(f"| {line}".rstrip(), style="dim")
    if not one.decision.evidence:
        output.say("quotes nobody", style="dim")


def _standing(one: Proposal, seen: Foreseen, checks: Checks) -> None:
    """What accepting it would come to, and what speaks against that."""
    output.say()
    for words in checks.faults:
        output.say(f"invalid: {words}", style="red")
    for finding in checks.findings:
        place = f"{finding.path}:{finding.line}" if finding.line else finding.path
        output.say(f"{place}: {finding.severity}: {finding.kind}: {finding.why}", style="red")
    if not checks.faults and not checks.findings:
        output.say("valid, and the scan finds nothing")
    number = seen.after.version if seen.after else ""
    if seen.fate == "accepted":
        output.say(f"accepted now: {seen.action} {shown(seen.path)} {number}".rstrip())
    else:
        output.say(f"{seen.fate}: {seen.words}", style="red")
    output.say()


def _diff(repo: Repo, one: Proposal) -> str:
    """What its commit does to its skill, as git shows it."""
    said, oid = one.decision, one.revision.oid
    places = {repo.stored(at, path) for at in (one.parent, oid) for path in (said.path, said.was) if path}
    words = ["diff", "--no-color", "--no-ext-diff", "--no-textconv", one.parent, oid, "--"]
    files = [f":(literal){place}" for place in sorted(places)]
    return git([*words, *files], cwd=repo.directory).decode("utf-8", "replace")


def _cells(repo: Repo, waiting: Sequence[Proposal], one: Proposal) -> tuple[str, ...]:
    said = one.decision
    version = f"{said.before} -> {said.after}" if said.before and said.after else said.after or said.before or ""
    marks = [note.mark for note in proposals.effect(repo, one).rules]
    rules = " ".join(f"{mark}{marks.count(mark)}" for mark in "+~-" if mark in marks)
    name = proposals.short(waiting, one)
    return name, said.action, said.skill, version, rules, _age(repo, one), _place(one.refs[0])


def _age(repo: Repo, one: Proposal) -> str:
    made = datetime.fromisoformat(one.revision.date).astimezone(UTC).date()
    days = (today(repo) - made).days
    return f"{days} day{'' if days == 1 else 's'}" if days > 0 else "today"


def _place(ref: str) -> str:
    """A ref as people know it."""
    short = ref.removeprefix("refs/heads/").removeprefix("refs/remotes/")
    return "parked" if short.startswith("refs/") else short


def _row(repo: Repo, waiting: Sequence[Proposal], one: Proposal) -> dict[str, object]:
    said, revision = one.decision, one.revision
    row: dict[str, object] = {"id": proposals.short(waiting, one), "decision": said.action, "skill": said.skill}
    row |= {"before": said.before, "version": said.after, "summary": said.summary, "key": one.key}
    row |= {"rules": [f"{note.mark} {note.text}" for note in proposals.effect(repo, one).rules]}
    return row | {"commit": revision.oid, "author": revision.author, "date": revision.date, "refs": list(one.refs)}


def _more(repo: Repo, one: Proposal, seen: Foreseen, checks: Checks, *, turns: bool) -> dict[str, object]:
    said = one.decision
    quotes = [
        {"transcript": quote.digest, "turn": quote.turn, "quote": quote.text}
        | ({"text": evidence.turn(repo, quote)} if turns else {})
        for quote in said.evidence
    ]
    found = [
        {"kind": each.kind, "severity": each.severity, "file": each.path, "line": each.line} for each in checks.findings
    ]
    accepted = {"fate": seen.fate, "reason": seen.words, "skill": shown(seen.path)}
    row: dict[str, object] = {"score": said.score, "nearest": shown(said.nearest) if said.nearest else None}
    row |= {"learner": said.learner, "reason": said.reason, "evidence": quotes}
    row |= {"faults": list(checks.faults), "findings": found, "beside": list(checks.beside), "accepted": accepted}
    return row | {"diff": _diff(repo, one)}
