"""What was taken back or rejected is not learned again: whether a new rule is one that was, in whatever words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from skillgit.changes.skill import owner
from skillgit.git import ledger
from skillgit.git.ledger import Rejected
from skillgit.learn.candidate import Candidate, Rule
from skillgit.learn.learner import Learner
from skillgit.learn.relate import relation, telling
from skillgit.skills.rules import content, forbids, plain

_COMMA = re.compile(r"[,，:：]\s*")
_LEADING = ("when", "while", "whenever", "write", "writing", "draft", "drafting", "you", "your", "me", "my")
_SCOPE = frozenset([*_LEADING, *"写做里中内时候份篇都把给我你再以后"])
"""Words that only lead to the job a rule is for: "when writing reports", "写报告时", "报告里"."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a rejection is asked about: a candidate of a user's, the skills like it, and all that there are."""

    candidate: Candidate
    user: str
    like: Collection[str]
    skills: Mapping[str, str]


def rejections(learner: Learner, tip: str | None) -> tuple[Rejected, ...]:
    """What was rejected in the history of a commit and, where decisions go to a branch of their own, in HEAD's."""
    head = learner.repo.tip("HEAD")
    aside = ledger.rejected(learner.repo, head) if learner.policy != "auto" and head != tip else ()
    return (*ledger.rejected(learner.repo, tip), *aside)


def without(place: Place, told: Iterable[Rejected]) -> tuple[Candidate, Rejected | None]:
    """The candidate without the rules that were rejected; where all of them were, as it is, and a rejection of one."""
    told, candidate = tuple(told), place.candidate
    found = {rule: _rejection(rule, place, told) for rule in candidate.rules + candidate.steps}
    rules = tuple(rule for rule in candidate.rules if not found[rule])
    steps = tuple(step for step in candidate.steps if not found[step])
    if rules or steps:
        return replace(candidate, rules=rules, steps=steps), None
    return candidate, next(iter(found.values()))


def _rejection(rule: Rule, place: Place, told: Iterable[Rejected]) -> Rejected | None:
    here, text = _words(f"{place.candidate.name} {place.candidate.title}"), plain(rule.text)
    words = telling(text) - here - _SCOPE or telling(text)
    may = (each for each in told if all(word in each.rule for word in words))  # the same rule has all of its words
    return next((each for each in may if _holds(each, text, place, here)), None)


def _holds(each: Rejected, text: str, place: Place, here: frozenset[str]) -> bool:
    """Whether a rejection holds for a rule of a candidate, whose job is named by the words `here`.

    In a skill that is there it holds for what is like that skill. In one that is not there it holds for the same job,
    and for any other where the rule names its job: "no tables" that was wrong for reports may be right for letters.
    """
    there = _words(each.path.rpartition("/")[2])
    is_gone = each.path not in place.skills and owner(each.path) == place.user
    if each.path in place.like or (is_gone and there & here):
        return relation(each.rule, text) == "same" or _is_same_for(here | there | _SCOPE, each.rule, text)
    return is_gone and bool(content(each.rule) & (here | there)) and relation(each.rule, text) == "same"


def _is_same_for(job: frozenset[str], old: str, new: str) -> bool:
    """Whether two rules say the same to who knows the job: "in reports, never use tables" and "never use tables"."""
    was, now = _without_scope(old, job), _without_scope(new, job)
    rest = telling(now) - job
    return bool(rest) and telling(was) - job == rest and forbids(was) == forbids(now)


def _without_scope(rule: str, job: frozenset[str]) -> str:
    """A rule without an opening that only names the job."""
    opening, *rest = _COMMA.split(rule, maxsplit=1)
    return rest[0] if rest and content(opening) <= job else rule


def _words(name: str) -> frozenset[str]:
    return content(name.replace("-", " "))
