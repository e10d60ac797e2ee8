"""What `push` and `pull` say: how many commits went where, and what became of our own decisions."""

from __future__ import annotations

from skillgit.cli import output
from skillgit.cli.context import tell
from skillgit.share.exchange import Exchanged, proposal
from skillgit.share.reapply import Reapplied


def show(done: Exchanged, *, as_json: bool) -> None:
    """Print what an exchange did; what a person has to look at goes to stderr."""
    place = f"{done.branch.remote}/{done.branch.theirs.removeprefix('refs/heads/')}"
    if as_json:
        row: dict[str, object] = {"branch": done.branch.name, "remote": done.branch.remote}
        row |= {"sent": done.sent, "received": done.received, "reapplied": [_row(one) for one in done.reapplied]}
        output.json_line(row)
    else:
        counts = [f"{done.received} received from {place}"] if done.received else []
        counts += [f"{done.sent} sent to {place}"] if done.sent else []
        output.say(f"{done.branch.name}: {', '.join(counts) or f'as {place}, nothing to do'}")
        for one in done.reapplied:
            output.say(_line(one))
    if done.landed:
        tell(done.landed)
    for one in done.reapplied:
        if one.fate == "parked":
            output.warn(f"'{one.was.subject}' was not sent: {one.words}; it is kept at '{proposal(one)}'")
            output.note(f"hint: 'skillgit review edit {proposal(one).rpartition('/')[2]}' says what should hold")


def _row(one: Reapplied) -> dict[str, object]:
    decision = one.decision or one.was.decision
    return {
        "commit": one.was.oid,
        "subject": one.was.subject,
        "fate": one.fate,
        "reason": one.words,
        "decision": decision.action if decision else None,
        "skill": decision.skill if decision else None,
        "version": one.decision.after if one.decision else None,
        "ref": proposal(one) if one.fate == "parked" else None,
    }


def _line(one: Reapplied) -> str:
    said = one.decision or one.was.decision
    what = f"{said.action} {said.skill}" if said else one.was.subject
    if one.fate == "again":
        return f"  made again: {what} {one.decision.after or '' if one.decision else ''}".rstrip()
    return f"  {'left out' if one.fate == 'known' else 'set aside'}: {what}: {one.words}"
