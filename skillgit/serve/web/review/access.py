"""Which proposals a visitor sees, and about which the visitor may decide.

One sees what is about the own skills and about common ones; common ones are for who may act for others to decide about.
What waits of another user is not there.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from skillgit.changes.skill import owner
from skillgit.git.history import Revision
from skillgit.git.message import Decision
from skillgit.serve.desk import Hands
from skillgit.serve.problem import Problem
from skillgit.serve.web.page import Visit
from skillgit.share import proposals
from skillgit.share.proposals import Proposal
from skillgit.share.review import Foreseen
from skillgit.share.undo import decided

_HEADS = "refs/heads/"


def waiting(visit: Visit, hands: Hands) -> tuple[Proposal, ...]:
    """What waits, skill by skill, the one with the newest decision first; of each skill the oldest decision first."""
    found = proposals.waiting(hands.repo, hands.repo.tip("HEAD"))
    mine = sorted((each for each in found if sees(visit, each.decision)), key=_skill)
    groups = [sorted(group, key=_moment) for _, group in groupby(mine, key=_skill)]
    groups.sort(key=lambda group: _moment(group[-1]), reverse=True)
    return tuple(each for group in groups for each in group)


def branches(visit: Visit, hands: Hands) -> dict[str, int]:
    """The learned branches of this machine that a visitor sees all of, and how many decisions wait on each."""
    found: dict[str, list[Proposal]] = {}
    for each in proposals.waiting(hands.repo, hands.repo.tip("HEAD")):
        for ref in each.refs:
            found.setdefault(ref, []).append(each)
    return {
        ref.removeprefix(_HEADS): len(waits)
        for ref, waits in sorted(found.items())
        if ref.startswith(_HEADS) and all(sees(visit, each.decision) for each in waits)
    }


def others(visit: Visit, hands: Hands) -> dict[str, int]:
    """The other users for whom something waits, and how much; nobody is named to who may not act for others."""
    if not visit.may_act:
        return {}
    found = proposals.waiting(hands.repo, hands.repo.tip("HEAD"))
    named = Counter(owner(each.decision.path) for each in found if not sees(visit, each.decision))
    return {user: count for user, count in sorted(named.items(), key=str) if user}


def sees(visit: Visit, said: Decision) -> bool:
    """Whether a visitor sees what is about this skill."""
    return all(owner(path) in (None, visit.user) for path in (said.path, said.was) if path)


def may_decide(visit: Visit, *paths: str | None) -> bool:
    """Whether a visitor may decide about the skills at all of these paths: of a move, where it leads and whence."""
    return all(owner(path) == visit.user or (owner(path) is None and visit.may_act) for path in paths if path)


def check_right(visit: Visit, *paths: str | None) -> None:
    """Raise Problem, 403, where a visitor may not decide about all of these."""
    if not may_decide(visit, *paths):
        raise Problem(403, "common skills are decided about by a key that may act for others")


def past(visit: Visit, hands: Hands, named: str) -> tuple[str, Revision] | None:
    """The key by which a proposal was named, and the commit that decided about it; None where none did.

    Nor is it there for who may not see the skill.
    """
    for key in (named, named.upper()):
        done = decided(hands.repo, key)
        if done and done.decision and sees(visit, done.decision):
            return key, done
    return None


def behind(queue: Sequence[Proposal], key: str) -> Proposal | None:
    """The one that comes behind the proposal of this key, or else the first of the others."""
    keys = [each.key for each in queue]
    start = keys.index(key) + 1 if key in keys else 0
    return next((each for each in (*queue[start:], *queue[:start]) if each.key != key), None)


def seal(seen: Foreseen) -> str:
    """What tells what accepting a proposal would do from what it would do once the skill has changed."""
    before = seen.before.render() if seen.before else b""
    return hashlib.sha256(b"\0".join([seen.fate.encode(), seen.path.encode(), before])).hexdigest()


def _skill(one: Proposal) -> str:
    return one.decision.path


def _moment(one: Proposal) -> datetime:
    return datetime.fromisoformat(one.revision.date)
