"""The SDK: a repository of skills as one object.

    from skillgit import SkillRepo

    repo = SkillRepo.init("skills")
    repo.ingest([{"role": "user", "content": "Before each release: run regression -> canary -> full rollout."}])
    repo.search("How should I do a safe release?")[0].path

A skill is named as on the command line: `Users/ada/x`, `ada/x`, or `x` where that is enough.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Literal

from skillgit import config
from skillgit.changes import compare, versions
from skillgit.changes import revert as reverting
from skillgit.changes import skill as skills
from skillgit.changes.skill import Scope, Skill
from skillgit.errors import UsageError
from skillgit.git import history, setup
from skillgit.git.history import Revision
from skillgit.git.message import Quote
from skillgit.git.repo import Repo
from skillgit.learn import ingest as learning
from skillgit.learn import learner as learners
from skillgit.search import catalogue, context, select
from skillgit.search import usage as counts
from skillgit.search.ask import ask, look
from skillgit.search.hit import Hit
from skillgit.search.index import Index
from skillgit.search.rewrite import rewrite
from skillgit.search.stale import Stale, stale
from skillgit.search.usage import Use
from skillgit.share import export as exporting
from skillgit.share import proposals
from skillgit.share import review as reviewing
from skillgit.share.proposals import Proposal
from skillgit.share.review import Foreseen, Reviewed
from skillgit.skills import naming
from skillgit.transcripts import detect
from skillgit.transcripts.model import Transcript

__all__ = ["Decision", "Hit", "Skill", "SkillRepo"]

Conversation = Sequence[Mapping[str, object]]
"""OpenAI or Anthropic messages."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of one conversation, as `skillgit ingest --json` says it.

    `decision` is add, merge, discard or none, or undecided where the model gave no answer that can be used (the
    conversation is kept); `skill`, `version` and `commit` are None where nothing was recorded.
    `ref` is what holds the commit: the branch, or where `parked` is set one of its own, since edits of the
    user's were in the way.
    """

    decision: str
    reason: str
    skill: str | None = None
    version: str | None = None
    commit: str | None = None
    ref: str | None = None
    parked: bool = False
    score: float | None = None
    evidence: tuple[Quote, ...] = ()
    learner: str = ""
    remarks: tuple[str, ...] = ()


class SkillRepo:
    """A git repository of skills, opened for one user.

    `usage` is who was given which of them, `review` the decisions that wait for a person.
    """

    def __init__(self, repo: Repo, *, user: str | None = None) -> None:
        self.repo = repo
        self.user = naming.segment(user) if user is not None else config.user(repo)
        self.usage = Usage(self)
        self.review = Review(repo)

    @classmethod
    def open(cls, path: str | Path, *, user: str | None = None) -> SkillRepo:
        """The repository that `path` stands in; RepositoryError where there is none."""
        return cls(Repo.open(Path(path)), user=user)

    @classmethod
    def init(cls, path: str | Path, *, user: str | None = None, bare: bool = False) -> SkillRepo:
        """Create a skill repository at `path`, or adopt the one that is there; nothing in it is overwritten."""
        return cls(setup.init(Path(path), bare=bare).repo, user=user)

    def ingest(
        self,
        messages: Conversation | None = None,
        *,
        events: Sequence[Mapping[str, object]] | None = None,
        user: str | None = None,
        hint: str | None = None,
        model: str | None = None,
        offline: bool = False,
    ) -> Decision:
        """Learn from one conversation, committed when this returns.

        `messages` are OpenAI or Anthropic messages; `events` the records of an agent's session file, as its
        format has them. Unreadable where they are neither. The model is `model` (`PROVIDER/MODEL`) or the one that is
        configured; where there is none, or `offline` is set, it learns by rules, as `Decision.learner` says.
        """
        given = messages if messages is not None else events
        if not given or (messages is not None and events is not None):
            raise UsageError("ingest takes messages or events, one of them and not empty")
        text = json.dumps(list(given)) if messages is not None else "\n".join(json.dumps(event) for event in given)
        transcript = _transcript(text)
        whose = naming.segment(user) if user else self.user
        learner = learners.configured(self.repo, self._index, whose, hint=hint, model=model, offline=offline)
        outcome = learning.ingest(learner, transcript)
        said, landed = outcome.recorded, outcome.landed
        return Decision(
            outcome.decision,
            outcome.reason,
            outcome.skill,
            outcome.version,
            outcome.commit,
            ref=landed.ref if landed and landed.commits else None,
            parked=bool(landed and landed.blocked),
            score=said.score if said else None,
            evidence=said.evidence if said else (),
            learner=learner.name,
            remarks=outcome.remarks,
        )

    def search(
        self,
        query: str | Conversation,
        *,
        user: str | None = None,
        scope: Scope = "all",
        limit: int | None = None,
        min_score: float | None = None,
        at: str | None = None,
    ) -> tuple[Hit, ...]:
        """The skills of a user (and common ones, by `scope`) that answer a query, best first.

        The query may be a conversation, as for `ingest`: what its last turn asks, with the topic where it only follows
        up. `limit` and `min_score` (in [0, 1]) are those of the settings where they are not given; at the default
        score a query that nothing answers finds nothing. `at` is any revision, HEAD where it is not given.
        """
        return self._found(_asked(query), user, scope=scope, limit=limit, min_score=min_score, at=at)

    def context(
        self,
        query: str | Conversation,
        *,
        user: str | None = None,
        scope: Scope = "all",
        limit: int | None = None,
        budget: int | None = None,
        form: Literal["full", "available"] = "full",
    ) -> str:
        """The skills for a query, or a conversation, as text to put into a prompt; "" where none answers.

        At most `budget` tokens (`search/tokens.py` says how they are counted), the setting's where it is not given.
        The form "available" is `<available_skills>`.
        """
        asked = _asked(query)
        found = self._found(asked, user, scope=scope, limit=limit)
        chosen = select.select(asked, found).hits
        most = budget if budget is not None else int(config.setting(self.repo, "context.budget").text)
        if form == "available":
            locate = partial(catalogue.location, self.repo, self.repo.tip("HEAD"))
            made = context.available(chosen, budget=most, locate=locate)
        else:
            made = context.full(chosen, budget=most)
        counts.count(self.repo, (), user=self._whose(user), injected=made.injected)
        return made.text

    def prompt(self, *, user: str | None = None, scope: Scope = "all") -> str:
        """The catalogue of the skills that a user sees, for a system prompt, as `<available_skills>`.

        A skill that cannot be read is left out.
        """
        commit = self.repo.tip("HEAD")
        seen = skills.visible(self.repo.skills(commit), user=self._whose(user), scope=scope)
        return catalogue.render(catalogue.catalogue(self.repo, commit, sorted(seen)).entries)

    def skills(self, *, at: str | None = None) -> tuple[Skill, ...]:
        """Every skill of HEAD, or of another revision, by path."""
        commit = self.repo.resolve(at) if at else self.repo.tip("HEAD")
        return tuple(skills.load(self.repo, commit, path) for path in self.repo.skills(commit))

    def get(self, skill: str, *, version: str | None = None) -> Skill:
        """One skill, at a version it had or as it is; NotFound with a suggestion where there is none."""
        path = self._path(skill)
        if version is None:
            return skills.load(self.repo, self._head, path)
        return versions.at(self.repo, self._head, path, version)

    def log(self, skill: str | None = None, *, limit: int | None = None) -> tuple[Revision, ...]:
        """The commits, or those that changed one skill, newest first, with their decisions."""
        if skill is None:
            return tuple(history.log(self.repo, self._head, limit=limit))
        return tuple(history.log_of(self.repo, self._head, self._path_ever(skill), limit=limit))

    def diff(self, skill: str, old: str, new: str | None = None) -> str:
        """What changed in a skill's files between two versions, or since one, as `git diff` says it."""
        path = self._path_ever(skill)
        before = versions.find(self.repo, self._head, path, old)
        after = (
            versions.find(self.repo, self._head, path, new)
            if new
            else versions.versions(self.repo, self._head, path)[0]
        )
        return compare.diff(self.repo, before, after)

    def revert(self, skill: str, *, to: str | None = None) -> Skill:
        """Bring back the version before the last change, or `to`, as a new version; a removed skill comes back, too."""
        recorded, _ = reverting.revert(self.repo, self._path_ever(skill), to=to)
        return self.get(recorded.decision.path)

    def export(self, skill: str, directory: str | Path, *, form: exporting.Form = "agentskills") -> Path:
        """Write a skill's files to `directory/<name>`, in the form an agent reads; the folder that was written."""
        chosen = exporting.choose(self.repo, self._head, [self._path(skill)], form=form)
        return exporting.to_folder(self.repo, chosen, Path(directory))[0]

    def _found(
        self,
        query: str,
        user: str | None,
        *,
        scope: Scope,
        limit: int | None,
        min_score: float | None = None,
        at: str | None = None,
    ) -> tuple[Hit, ...]:
        whose = self._whose(user)
        commit = self.repo.resolve(at) if at else self.repo.tip("HEAD")
        view = look(self.repo, self._index, user=whose, scope=scope, limit=limit, min_score=min_score, commit=commit)
        hits = ask(view, query).hits
        if not at:
            counts.count(self.repo, hits, user=whose)
        return hits

    def _whose(self, user: str | None) -> str:
        return naming.segment(user) if user else self.user

    @cached_property
    def _index(self) -> Index:
        return Index.of(self.repo)

    @property
    def _head(self) -> str:
        return self.repo.resolve("HEAD")

    def _path(self, skill: str) -> str:
        return skills.find(self.repo, self.repo.tip("HEAD"), skill, user=self.user)

    def _path_ever(self, skill: str) -> str:
        return skills.find_ever(self.repo, self._head, skill, user=self.user)


class Usage:
    """Which versions of skills were found, put into prompts and used, by whom."""

    def __init__(self, repo: SkillRepo) -> None:
        self._repo = repo

    def record(self, skill: str, *, version: str | None = None, user: str | None = None) -> None:
        """Count a skill as used: an answer followed it. The version is today's where it is not given."""
        used = self._repo.get(skill, version=version)
        counts.record(self._repo.repo, [(used.path, used.version)], user=naming.segment(user or self._repo.user))

    def read(self, *, user: str | None = None) -> tuple[Use, ...]:
        """All counts, or those of one user, sorted by user, path and version."""
        return counts.read(self._repo.repo, user=None if user is None else naming.segment(user))

    def stale(self) -> tuple[Stale, ...]:
        """The skills that may be archived, as nobody was given them for long, or had no use for them."""
        return stale(self._repo.repo, self.read(), now=int(time.time()))


class Review:
    """The decisions that wait for a person, as `skillgit review` lists them, and what a person decides about each."""

    def __init__(self, repo: Repo) -> None:
        self._repo = repo

    def waiting(self) -> tuple[Proposal, ...]:
        """What waits for the current branch, newest first."""
        return proposals.waiting(self._repo, self._repo.tip("HEAD"))

    def foresee(self, proposal: Proposal) -> Foreseen:
        """What accepting it would do now; nothing is written."""
        return reviewing.foresee(self._repo, proposal)

    def accept(self, proposal: Proposal, *, content: str | None = None) -> Reviewed:
        """Make the decision on the current branch, with `content` as the skill's SKILL.md where that is given.

        In a conflict (`Reviewed.fate`) nothing happens, and it waits on.
        """
        if content is None:
            return reviewing.accept(self._repo, proposal)
        return reviewing.edit(self._repo, proposal, content.encode(), seen=self.foresee(proposal))

    def reject(self, proposal: Proposal, *, reason: str) -> Reviewed:
        """Say in the history that it is not wanted, and why; its lesson is not learned again."""
        return reviewing.reject(self._repo, proposal, reason=reason)

    def restore(self, rev: str) -> Reviewed:
        """Take back the rejection that is the commit `rev`."""
        return reviewing.restore(self._repo, rev)


def _asked(query: str | Conversation) -> str:
    return query if isinstance(query, str) else rewrite(_transcript(json.dumps(list(query))).turns).query


def _transcript(text: str) -> Transcript:
    """The one conversation that a text holds."""
    items = [item for item in detect.read(text.encode()) if isinstance(item, Transcript)]
    if len(items) != 1:
        raise UsageError(f"it takes one conversation, and these are {len(items)}")
    return items[0]
