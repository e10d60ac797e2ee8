"""What one looks at: the list of what waits, one proposal with all there is to know, and its text to be edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from skillgit.errors import Refused
from skillgit.git.history import Revision
from skillgit.serve.desk import Hands
from skillgit.serve.problem import Problem
from skillgit.serve.web import difference, history
from skillgit.serve.web.page import Answer, View, Visit
from skillgit.serve.web.review import access, row
from skillgit.share import proposals, review
from skillgit.share.proposals import Proposal
from skillgit.share.review import Foreseen
from skillgit.skills.rules import RuleChanges, rule_changes

PAGE = 20
"""So many proposals a page: for each it is looked what accepting it would do."""

Said: TypeAlias = Literal["", "moved", "twice", "reason"]


@dataclass(frozen=True, slots=True)
class Around:
    """Where a proposal stands among those that wait."""

    number: int
    total: int
    before: Proposal | None
    after: Proposal | None


def listed(visit: Visit, hands: Hands) -> View:
    """What waits for this visitor."""
    queue = access.waiting(visit, hands)
    last, asked = max(1, -(-len(queue) // PAGE)), visit.query.get("page", "1")
    page = min(last, max(1, int(asked))) if asked.isdecimal() and len(asked) < 7 else 1
    part = row.groups(visit, hands, queue[(page - 1) * PAGE : page * PAGE])
    values = {"groups": part, "total": len(queue), "page": page, "last": last}
    values |= {"branches": access.branches(visit, hands), "others": access.others(visit, hands)}
    return View("review.html", {**values, **told(visit, hands)})


def one(visit: Visit, hands: Hands) -> Answer:
    """One proposal; what became of it, where it was decided about."""
    found = waits(visit, hands, visit.path["name"])
    return shown(visit, hands, found) if isinstance(found, Proposal) else found


def edited(visit: Visit, hands: Hands) -> Answer:
    """The text that a proposal would leave, to be edited."""
    found = waits(visit, hands, visit.path["name"])
    if not isinstance(found, Proposal):
        return found
    seen = review.foresee(hands.repo, found)
    access.check_right(visit, found.decision.path, found.decision.was, seen.path)
    return to_edit(visit, hands, found, seen=seen, text=text(seen))


def waits(visit: Visit, hands: Hands, named: str, *, said: Said = "") -> Proposal | View:
    """The proposal that is named, or the page that says what was decided about it. Raises Problem, 404."""
    queue = access.waiting(visit, hands)
    try:
        return proposals.find(queue, named)
    except Refused as err:
        past = access.past(visit, hands, named)
        if past is None:
            raise Problem(404, err.message) from err
    return settled(visit, hands, *past, said=said, status=409 if said else 200)


def shown(
    visit: Visit, hands: Hands, one: Proposal, *, said: Said = "", problems: Sequence[str] = (), status: int = 200
) -> View:
    """All there is to know before deciding, and what was wrong with a decision that was tried."""
    seen = review.foresee(hands.repo, one)
    is_conflict = seen.fate == "conflict"
    files = _sides(hands, one, seen) if is_conflict else {"files": difference.shown(review.rehearse(hands.repo, one))}
    values = {"said": said, "problems": problems, "reason": visit.form.get("reason", "")}
    known = _known(visit, hands, one, seen)
    return View("review_one.html", {**known, **values, **files, **told(visit, hands)}, status)


def to_edit(
    visit: Visit,
    hands: Hands,
    one: Proposal,
    *,
    seen: Foreseen,
    text: str,
    said: Said = "",
    problems: Sequence[tuple[int | None, str]] = (),
    status: int = 200,
) -> View:
    """The form with a text, and what is wrong with it, by its line."""
    values = {"text": text, "said": said, "problems": problems}
    known = _known(visit, hands, one, seen)
    return View("review_edit.html", {**known, **values, **_sides(hands, one, seen)}, status)


def settled(
    visit: Visit,
    hands: Hands,
    key: str,
    done: Revision,
    *,
    said: Said = "",
    problems: Sequence[str] = (),
    status: int = 200,
) -> View:
    """What was decided about the proposal of a key, and what was wrong with taking that back."""
    assert done.decision is not None
    values = {"key": key, "done": done, "said": said, "problems": problems}
    values |= {"following": next(iter(access.waiting(visit, hands)), None)}
    values |= {"was": visit.form.get("was") or visit.query.get("was", "")}
    values |= {"may_decide": access.may_decide(visit, done.decision.path, done.decision.was)}
    return View("review_settled.html", values, status)


def text(seen: Foreseen) -> str:
    """What there is to edit. Raises Refused where the skill would go."""
    if seen.after is None:
        raise Refused("there is no text to edit", hint="reject it, if the skill is to stay")
    return seen.after.render().decode()


def told(visit: Visit, hands: Hands) -> dict[str, object]:
    """What was just decided, as the address says; nothing where that is not so."""
    past = access.past(visit, hands, visit.query["done"]) if "done" in visit.query else None
    key, done = past or ("", None)
    return {"done": done, "done_key": key, "was": visit.query.get("was", ""), "back": "back" in visit.query}


def _known(visit: Visit, hands: Hands, one: Proposal, seen: Foreseen) -> dict[str, object]:
    """What the page of a proposal and that of its text both show."""
    queue, found = access.waiting(visit, hands), proposals.checks(hands.repo, one)
    state, words = row.state(seen, found)
    return {
        "one": one,
        "name": proposals.short(queue, one),
        "seen": seen,
        "seal": access.seal(seen),
        "state": state,
        "words": words,
        "checks": found,
        "rules": tuple(history.marked(_rules(hands, one))),
        "most": history.SHOWN,
        "quotes": tuple(history.quoted(hands.repo, one.decision.evidence, whole=visit.may_act)),
        "may_decide": access.may_decide(visit, one.decision.was, seen.path),
        "around": _around(queue, one),
    }


def _sides(hands: Hands, one: Proposal, seen: Foreseen) -> dict[str, object]:
    now, proposed = review.sides(hands.repo, one, seen)
    return {"now": difference.shown(now), "proposed": difference.shown(proposed)}


def _rules(hands: Hands, one: Proposal) -> RuleChanges:
    """What a proposal does to the rules of its skill."""
    does = proposals.effect(hands.repo, one)
    return rule_changes(does.before.body if does.before else "", does.after.body if does.after else "")


def _around(queue: Sequence[Proposal], one: Proposal) -> Around:
    at = next(number for number, each in enumerate(queue) if each.key == one.key)
    before = queue[at - 1] if at else None
    return Around(at + 1, len(queue), before, queue[at + 1] if at + 1 < len(queue) else None)
