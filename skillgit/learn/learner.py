"""Who learns, from what, and what comes of it: the values that the steps of learning hand on."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Literal, cast

from skillgit.config import setting
from skillgit.git.message import Decision
from skillgit.git.objects import today
from skillgit.git.repo import Repo
from skillgit.git.transaction import Landed
from skillgit.learn import decide_model, extract_model, extract_offline
from skillgit.learn.candidate import Candidate
from skillgit.learn.offline.judge import Watch
from skillgit.learn.redact import redacted
from skillgit.models import choice
from skillgit.models.ports import Chat
from skillgit.models.prompts import prompt
from skillgit.search.index import Index
from skillgit.skills.document import Document
from skillgit.transcripts.model import Transcript

Policy = Literal["auto", "branch", "pr"]
Discards = Literal["branch", "ref", "none"]
DISCARDS_REF = "refs/skillgit/discards"


@dataclass(frozen=True, slots=True)
class Learner:
    """Whose conversations are learned from, into what repository, by which model, and where the decisions go.

    Without a model (`chat`) it learns offline. `budget` is how many tokens of a conversation a model is given. `watch`
    passes on the turns that are read, and may show how far that is. `day` names a branch of decisions, as 2026-01-02;
    "" is today.
    """

    repo: Repo
    index: Index
    user: str
    hint: str | None = None
    policy: Policy = "auto"
    discards: Discards = "branch"
    chat: Chat | None = None
    budget: int = extract_model.BUDGET
    watch: Watch = iter
    day: str = ""

    @property
    def ref(self) -> str:
        """The branch that decisions are committed to."""
        if self.policy == "auto":
            return self.repo.branch_ref()
        return f"refs/heads/learn/{self.user}/{self.day or today(self.repo)}"

    @property
    def tip(self) -> str | None:
        """The commit that a decision is made on now."""
        return self.repo.tip(self.ref) or self.repo.tip("HEAD")

    @property
    def name(self) -> str:
        """What `Skill-Learner` records: `offline/1`, or the model and the digests of the prompts."""
        if self.chat is None:
            return extract_offline.VERSION
        prompts = (f"{name}:{prompt(name).digest}" for name in (extract_model.PROMPT, decide_model.PROMPT))
        return " ".join([self.chat.name, *prompts])


@dataclass(frozen=True, slots=True)
class Heard:
    """A conversation as it is learned from: without secrets. `digest` and `attempt` are those of what was really said.

    An attempt is applied once: the same conversation, user and hint give the same key. The turns before `since` were
    learned from before.
    """

    transcript: Transcript
    digest: str
    attempt: str
    since: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one conversation.

    `decision` is "none" where nothing durable was said, or the conversation is in the history already, and "undecided"
    where a model gave no answer that can be used. `commit` is None where nothing was recorded (none, undecided, or a
    dry run). `before` and `after` are the SKILL.md on both sides. `remarks` are what the user should hear, a line each.
    """

    decision: Literal["add", "merge", "discard", "none", "undecided"]
    reason: str
    candidate: Candidate | None = None
    recorded: Decision | None = None
    commit: str | None = None
    before: Document | None = None
    after: Document | None = None
    landed: Landed | None = None
    remarks: tuple[str, ...] = ()

    @property
    def skill(self) -> str | None:
        """The skill it was about, as people type it."""
        return self.recorded.skill if self.recorded else None

    @property
    def version(self) -> str | None:
        """The version the skill has afterwards."""
        return self.recorded.after if self.recorded else None


def configured(
    repo: Repo, index: Index, user: str, *, hint: str | None = None, model: str | None = None, offline: bool = False
) -> Learner:
    """A learner as the settings have it, with the model that is configured where none is named, or without any."""
    return Learner(
        repo,
        index,
        user,
        hint=hint,
        policy=policy(repo),
        discards=discards(repo),
        chat=None if offline else choice.configured(repo, model=model),
        budget=int(setting(repo, "learn.budget").text),
    )


def policy(repo: Repo, flag: str | None = None) -> Policy:
    """Where decisions go: the flag, or the repository's setting."""
    return cast(Policy, setting(repo, "learn.policy", flag).text)


def discards(repo: Repo) -> Discards:
    """Where discards are recorded, by the repository's setting."""
    return cast(Discards, setting(repo, "learn.discards").text)


def heard(learner: Learner, transcript: Transcript) -> Heard:
    """A conversation, ready to be learned from."""
    return Heard(redacted(transcript), transcript.digest, attempt_key(learner, transcript))


def attempt_key(learner: Learner, transcript: Transcript) -> str:
    """The key under which an attempt is applied once: the same conversation, user and hint give the same."""
    text = "\0".join([transcript.digest, learner.user, learner.hint or ""])
    return base64.b32encode(hashlib.sha256(text.encode()).digest()).decode()[:26]
