"""Bringing back what a skill was: first what that would change, then, once it is confirmed, the revert."""

from __future__ import annotations

from skillgit.changes import revert as reverting
from skillgit.changes.skill import shown as named
from skillgit.errors import Refused, RepositoryError, SkillgitError
from skillgit.serve.api import places
from skillgit.serve.desk import Hands
from skillgit.serve.problem import Problem
from skillgit.serve.web.difference import shown, view_of
from skillgit.serve.web.page import Page, Redirect, View, Visit
from skillgit.serve.web.past import Moment, Past, past
from skillgit.serve.web.render import address


def asked(visit: Visit, hands: Hands) -> View:
    """What bringing back the version `to` would change."""
    found, moment = _target(visit, hands, visit.query.get("to", ""))
    return _confirm(visit, hands, found, moment)


def confirmed(visit: Visit, hands: Hands) -> Redirect | View:
    """The version is back, as a new one, if the skill is still what it was when this was confirmed."""
    found, moment = _target(visit, hands, visit.form.get("to", ""))
    try:
        recorded, _ = reverting.revert(hands.repo, found.path, to=moment.version, last=visit.form.get("last", ""))
    except Refused:  # what it would be now is shown, or refused in the same words
        return _confirm(visit, hands, found, moment, is_stale=True)
    except RepositoryError as err:
        if not visit.may_act:  # what is wrong with the repository itself is not for everybody
            raise
        return _confirm(visit, hands, found, moment, trouble=err)
    return Redirect(address(f"/history/{found.path}", done=recorded.decision.after))


def _target(visit: Visit, hands: Hands, key: str) -> tuple[Past, Moment]:
    """The past of the skill, and the moment to go back to. Raises Problem where that cannot be."""
    found = past(visit, hands)
    places.own(visit.user, found.path)
    if not found.is_changeable:
        raise Problem(409, f"skill '{named(found.path)}' is now '{named(found.moved_to)}'")
    now = found.moments[0] if found.is_there else None
    had = [each for each in found.moments if each.key == each.version and each is not now]
    moment = found.find(key) if key else next(iter(had), None)
    if moment is None or moment not in had:
        raise Problem(404, f"skill '{named(found.path)}' has no such version to go back to")
    return found, moment


def _confirm(
    visit: Visit,
    hands: Hands,
    found: Past,
    moment: Moment,
    *,
    is_stale: bool = False,
    trouble: SkillgitError | None = None,
) -> View:
    plan = reverting.rehearse(hands.repo, found.path, to=moment.version)
    values = {
        "past": found,
        "moment": moment,
        "decision": plan.decision,
        "last": plan.last,
        "files": shown(plan.files),
        "view": view_of(visit),
        "is_stale": is_stale,
        "trouble": trouble,
    }
    return View("revert.html", values, 409 if is_stale or trouble else 200)


PAGES = (
    Page("GET", "/revert/{path:path}", asked),
    Page("POST", "/revert/{path:path}", confirmed, at="write"),
)
