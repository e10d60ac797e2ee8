"""add, merge or discard: what a candidate is to the skills that are there.

Two skills are one where the job is: the deliverable and what is done to it, not the topic. So what is
compared is what the candidate is for (its title and the user's requests), not its rules; and where neither
so much as names what the other is about, an essay and a soup, no words in common make them one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from skillgit.changes.skill import shown, visible
from skillgit.learn.candidate import Candidate
from skillgit.learn.edit import Hunk, create, extend
from skillgit.search import words
from skillgit.search.index import Index, Match
from skillgit.skills import naming
from skillgit.skills.document import Document

MERGE = 0.4
"""A skill that scores so much for a candidate's job is for the same job; see benchmarks/learner.py."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to happen: `path` is the skill it happens to, `before` and `after` its SKILL.md (None: not there).

    `score` says how near `nearest`, the most similar skill, is; both are None in an empty library.
    """

    action: Literal["add", "merge", "discard"]
    path: str
    before: Document | None
    after: Document | None
    reason: str
    score: float | None = None
    nearest: str | None = None
    hunks: tuple[Hunk, ...] = ()


def decide(
    candidate: Candidate, *, user: str, skills: Mapping[str, str], load: Callable[[str], Document], index: Index
) -> Verdict:
    """Decide about a candidate of `user`, given the skills of a commit (path -> oid of SKILL.md).

    `index` answers for those skills; `load` reads one by path. Only the user's own and common skills are
    looked at.
    """
    near = similar(candidate, user=user, skills=skills, index=index)
    score, nearest = max(((match.score, match.path) for match in near), default=(None, None))
    for match in near:
        if match.score < MERGE and match.path != f"Users/{user}/{candidate.name}":
            continue
        document = load(match.path)
        if not _names_it(document, candidate):
            continue
        edited = extend(document, candidate)
        if not edited.hunks:
            reason = f"already covered by {shown(match.path)}"
            return Verdict("discard", match.path, document, document, reason, match.score, match.path)
        if match.path.startswith("Users/"):
            reason = f"the same job as {shown(match.path)}"
            return Verdict(
                "merge", match.path, document, edited.document, reason, match.score, match.path, edited.hunks
            )
    reason = f"nearest is {shown(nearest)}" if nearest else "no skill is like it"
    return replace(addition(candidate, user=user, skills=skills, reason=reason), score=score, nearest=nearest)


def addition(candidate: Candidate, *, user: str, skills: Iterable[str], reason: str) -> Verdict:
    """The candidate as a new skill of `user`, beside these skills."""
    name = naming.unique(candidate.name, _names(user, skills))
    hunks = tuple(Hunk("", rule.text) for rule in candidate.rules + candidate.steps)
    return Verdict("add", f"Users/{user}/{name}", None, create(candidate, name), reason, hunks=hunks)


def similar(candidate: Candidate, *, user: str, skills: Mapping[str, str], index: Index) -> list[Match]:
    """The skills most like the candidate's job, best first; one of the user's with its very name comes first."""
    query = " ".join([candidate.name, candidate.title, *candidate.triggers[:3]])
    found = list(index.by_words(query, paths=visible(skills, user=user), limit=5, min_score=0.05))
    namesake = f"Users/{user}/{candidate.name}"
    if namesake in skills and namesake not in [match.path for match in found]:
        found.append(Match(namesake, 0.0, 0.0))
    return sorted(found, key=lambda match: match.path != namesake)


def _names_it(document: Document, candidate: Candidate) -> bool:
    """Whether a word of either's name stands in what is said of the other, or a name has none that tells."""
    told = "\n".join((document.name, document.description, document.body))
    asked = "\n".join((candidate.name, candidate.title, *candidate.triggers))
    here, there = (set(words.tokens(name)) for name in (document.name, candidate.name))
    return not (here and there) or bool(here & set(words.tokens(asked)) or there & set(words.tokens(told)))


def _names(user: str, skills: Iterable[str]) -> list[str]:
    prefix = f"Users/{user}/"
    return [path[len(prefix) :] for path in skills if path.startswith(prefix)]
