"""What became of a conversation, as it is printed: a line, a JSON object, or for a dry run the whole story."""

from __future__ import annotations

import difflib

from skillgit.changes.skill import shown
from skillgit.cli import output
from skillgit.learn.learner import Outcome
from skillgit.transcripts.model import Transcript


def line(place: str, outcome: Outcome) -> str:
    """What is said of it in a line."""
    decision = outcome.recorded
    if decision is None:
        return f"{outcome.decision} ({place}): {outcome.reason}"
    changed = decision.before and decision.after and decision.before != decision.after
    version = f"{decision.before} -> {decision.after}" if changed else decision.after or ""
    head = " ".join(filter(None, [decision.action, decision.skill, version]))
    return f"{head}: {decision.summary}{_elsewhere(outcome)}"


def _elsewhere(outcome: Outcome) -> str:
    """Where the decision went, if that is not the current branch."""
    landed = outcome.landed
    if landed is None or not landed.commits:
        return ""
    if landed.blocked:
        return " (parked)"
    return f" (on {landed.ref.removeprefix('refs/heads/')})" if landed.ref.startswith("refs/heads/learn/") else ""


def row(path: str, transcript: Transcript, outcome: Outcome) -> dict[str, object]:
    """What `--json` says of it."""
    decision = outcome.recorded
    landed = outcome.landed
    return {
        "source": path,
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
        "learner": decision.learner if decision else None,
        "remarks": list(outcome.remarks),
        "evidence": [{"turn": quote.turn, "quote": quote.text} for quote in decision.evidence] if decision else [],
    }


def explain(place: str, transcript: Transcript, outcome: Outcome) -> None:
    """What a dry run shows: the candidate, whose words it rests on, the decision with its score, and the diff."""
    output.say(f"{place} ({transcript.format}, {len(transcript.turns)} turns)", style="bold")
    candidate, decision = outcome.candidate, outcome.recorded
    if candidate is None or decision is None:
        output.say(f"decision: {outcome.decision}: {outcome.reason}")
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
