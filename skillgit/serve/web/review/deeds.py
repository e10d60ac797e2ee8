"""What one decides about a proposal, each by one commit; then the next one is opened.

A form says what its visitor has seen. Where accepting does something else by now, nothing happens, and it is shown;
what was decided by somebody else meanwhile is told, and not decided again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from skillgit.errors import Refused, RepositoryError, SkillgitError, Unreadable, Unsafe
from skillgit.serve.desk import Hands
from skillgit.serve.problem import Problem
from skillgit.serve.web import render
from skillgit.serve.web.page import Answer, Redirect, View, Visit
from skillgit.serve.web.review import access, pages
from skillgit.share import review
from skillgit.share import undo as undoing
from skillgit.share.proposals import Proposal
from skillgit.share.review import Foreseen, Reviewed
from skillgit.skills import spec

_ERRORS = (Refused, Unreadable, Unsafe, RepositoryError)
_BREAK = re.compile(r"\r\n?|\n")


def accept(visit: Visit, hands: Hands) -> Answer:
    """It is accepted as it was seen."""
    found = pages.waits(visit, hands, visit.path["name"], said="twice")
    if not isinstance(found, Proposal):
        return found
    seen = review.foresee(hands.repo, found)
    access.check_right(visit, found.decision.path, found.decision.was, seen.path)
    if visit.form.get("seen") != access.seal(seen):
        return pages.shown(visit, hands, found, said="moved", status=409)
    return _decided(visit, hands, found, lambda: review.accept(hands.repo, found, seen=seen))


def reject(visit: Visit, hands: Hands) -> Answer:
    """It is rejected, for a reason."""
    found = pages.waits(visit, hands, visit.path["name"], said="twice")
    if not isinstance(found, Proposal):
        return found
    access.check_right(visit, found.decision.path, found.decision.was)
    reason = visit.form.get("reason", "").strip()
    if not reason:
        return pages.shown(visit, hands, found, said="reason", status=422)
    return _decided(visit, hands, found, lambda: review.reject(hands.repo, found, reason=reason))


def edit(visit: Visit, hands: Hands) -> Answer:
    """It is accepted with another text; where that cannot be, the text stays in the form."""
    found = pages.waits(visit, hands, visit.path["name"], said="twice")
    if not isinstance(found, Proposal):
        return found
    seen = review.foresee(hands.repo, found)
    access.check_right(visit, found.decision.path, found.decision.was, seen.path)
    content = _written(visit.form.get("text", ""), seen)
    again = partial(pages.to_edit, visit, hands, found, seen=seen, text=content)
    if visit.form.get("seen") != access.seal(seen):
        return again(said="moved", status=409)
    wrong = spec.problems(content.encode(), directory=seen.path.rpartition("/")[2])
    if wrong:
        told = sorted(wrong, key=lambda each: each.line or 0)
        return again(problems=[(each.line, each.message) for each in told], status=422)
    queue = access.waiting(visit, hands)
    try:
        done = review.put(hands.repo, found, content.encode(), seen=seen)
    except _ERRORS as err:
        return again(problems=[(None, words) for words in _said(visit, err)], status=409)
    return _gone_on(visit, hands, found, done=done, queue=queue)


def undo(visit: Visit, hands: Hands) -> Answer:
    """What was decided is taken back, and the proposal waits again. Raises Problem, 404."""
    past = access.past(visit, hands, visit.path["name"])
    if past is None or past[1].decision is None:
        raise Problem(404, "nothing is decided about that")
    key, done = past
    assert done.decision is not None
    access.check_right(visit, done.decision.path, done.decision.was)
    try:
        undoing.undo(hands.repo, key, parked=visit.form.get("was") or None)
    except _ERRORS as err:
        return pages.settled(visit, hands, key, done, problems=_said(visit, err), status=409)
    waits = any(each.key == key for each in access.waiting(visit, hands))
    return Redirect(render.address(f"/review/{key}" if waits else "/review", back="1"))


def _decided(visit: Visit, hands: Hands, one: Proposal, decide: Callable[[], Reviewed]) -> Answer:
    """What comes of a decision: the next proposal, or the same again with the reason why nothing happened."""
    queue = access.waiting(visit, hands)
    try:
        done = decide()
    except _ERRORS as err:
        return pages.shown(visit, hands, one, problems=_said(visit, err), status=409)
    return _gone_on(visit, hands, one, done=done, queue=queue)


def _gone_on(visit: Visit, hands: Hands, one: Proposal, *, done: Reviewed, queue: Sequence[Proposal]) -> Answer:
    if done.fate == "conflict":
        return pages.shown(visit, hands, one, status=409)
    if done.fate == "known":
        found = pages.waits(visit, hands, one.key, said="twice")
        return found if isinstance(found, View) else Redirect("/review")
    following = access.behind(queue, one.key)
    to = f"/review/{following.key}" if following else "/review"
    return Redirect(render.address(to, done=one.key, was=one.revision.oid if one.parked else ""))


def _written(text: str, seen: Foreseen) -> str:
    """A text from a form, where every line ends with CR LF, as the file has its lines; as it was, where it is that."""
    lines = _BREAK.sub("\n", text)
    if seen.after is None:
        return lines
    was = seen.after.render().decode()
    return was if lines == _BREAK.sub("\n", was) else lines.replace("\n", seen.after.newline)


def _said(visit: Visit, err: SkillgitError) -> list[str]:
    """What went wrong and what helps. Of the repository itself, who may act for others hears; raises the error else."""
    if isinstance(err, RepositoryError) and not visit.may_act:
        raise err
    return [each for each in (err.message, err.hint) if each]
