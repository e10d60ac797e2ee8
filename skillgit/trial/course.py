"""One case, through a server as its clients use it: a user of its own teaches, corrects, and has tasks again.

    before      what a request for the later tasks is given
    taught      a conversation that ends with `extract_now`, and its job awaited
    corrected   another one
    after       what a request for the later tasks is given now

Nothing but what the server says of itself is measured: its decisions, and the text that goes into a prompt.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from skillgit.errors import ModelError
from skillgit.models.visit import Said, Visit
from skillgit.transcripts.fields import Fields, fields, rows, text
from skillgit.trial.judge import Judge
from skillgit.trial.scenario import Case, Expected
from skillgit.trial.simulator import Simulator

_API = "/v1/skillgit"
_PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class How:
    """How cases are taken: the model that users talk to, how long a job may take, who judges, who plays users."""

    model: str
    seconds: float
    judge: Judge | None = None
    simulator: Simulator | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A conversation: the decision that should have come of it, and the one that did, with its reason."""

    expected: Expected
    decision: str
    reason: str
    skill: str
    version: str


@dataclass(frozen=True, slots=True)
class Task:
    """A later task: the skills that its request is given, and the share of the rules that are in their text.

    `score` is what a judge gives the answer, in [0, 1]; None where nobody judges.
    """

    injected: tuple[str, ...]
    rules: float
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """What became of a case. `versions` are those of the skill that was learned first, the oldest first."""

    case: Case
    steps: tuple[Step, ...]
    before: tuple[Task, ...]
    after: tuple[Task, ...]
    versions: tuple[str, ...]

    @property
    def learned(self) -> str:
        """The skill that was learned first, "" for none."""
        return next((step.skill for step in self.steps if step.decision == "add"), "")

    @property
    def reused(self) -> tuple[bool, ...]:
        """Of each later task, whether it is given the skill that was learned."""
        return tuple(any(path.endswith(f"/{self.learned}") for path in task.injected) for task in self.after)


def taken(visit: Visit, case: Case, how: How) -> Run:
    """Take a case, as the user that the visit is for. Raises ModelError where it cannot be."""
    case = how.simulator(case) if how.simulator else case
    before = _tasks(visit, case, how)
    steps = [_talk(visit, case.taught, "add" if case.teaches else "none", how)]
    if case.corrected:
        steps.append(_talk(visit, case.corrected, "merge", how))
    made = Run(case, tuple(steps), before, _tasks(visit, case, how), ())
    return replace(made, versions=_versions(visit, made.learned)) if made.learned else made


def tidy(visit: Visit) -> None:
    """Take away what the user has learned; the history keeps it. Raises ModelError where that cannot be done."""
    for skill in rows(_well(visit.get(f"{_API}/skills?scope=user&limit=1000")).get("data")):
        _well(visit.delete(f"{_API}/skills/{quote(text(skill.get('id')), safe='')}"))


def _talk(visit: Visit, turns: Sequence[str], expected: Expected, how: How) -> Step:
    """A conversation, turn by turn, whose last is learned from."""
    messages: list[dict[str, str]] = []
    said = Said(0, {}, {})
    for number, turn in enumerate(turns, 1):
        messages.append({"role": "user", "content": turn})
        wish: dict[str, object] = {"extract_now": True} if number == len(turns) else {"learn": "never"}
        said = visit.post("/v1/chat/completions", {"model": how.model, "messages": messages, "skillgit": wish})
        messages.append({"role": "assistant", "content": _answer(said)})
    job = _awaited(visit, said.headers.get("skillgit-job", ""), how.seconds)
    result = fields(job.get("result"))
    decision = text(result.get("decision")) or text(job.get("state"))
    reason = text(result.get("reason")) or text(job.get("error"))
    return Step(expected, decision, reason, text(result.get("skill")), text(result.get("version")))


def _awaited(visit: Visit, name: str, seconds: float) -> Fields:
    """A job that has come to its end; as it is where that takes too long."""
    if not name:
        raise ModelError("the server names no job: it does not learn")
    until = time.monotonic() + seconds
    while True:
        said = visit.get(f"{_API}/extractions/{quote(name, safe='')}")
        late = time.monotonic() > until
        # the name is told with the first byte of an answer, and the job is there soon after the last one
        if said.status != 404 or late:
            job = _well(said)
            if late or text(job.get("state")) not in ("waiting", "running"):
                return job
        time.sleep(_PAUSE)


def _tasks(visit: Visit, case: Case, how: How) -> tuple[Task, ...]:
    return tuple(_task(visit, query, case, how) for query in case.later)


def _task(visit: Visit, query: str, case: Case, how: How) -> Task:
    said = _well(visit.post(f"{_API}/retrieval/preview", {"query": query}))
    context = text(said.get("context")).lower()
    there = sum(any(word.lower() in context for word in words) for words in case.rules)
    injected = said.get("injected")
    paths = tuple(path for path in injected if isinstance(path, str)) if isinstance(injected, list) else ()
    score = _judged(visit, query, case, how) if how.judge and case.teaches else None
    return Task(paths, there / len(case.rules) if case.rules else 0.0, score)


def _judged(visit: Visit, query: str, case: Case, how: How) -> float:
    """What the judge gives the answer that the user gets."""
    assert how.judge is not None
    asked = {"model": how.model, "messages": [{"role": "user", "content": query}], "skillgit": {"learn": "never"}}
    return how.judge(case, query, _answer(visit.post("/v1/chat/completions", asked)))


def _answer(said: Said) -> str:
    choice = (rows(_well(said).get("choices")) or [{}])[0]
    return text(fields(choice.get("message")).get("content"))


def _versions(visit: Visit, shown: str) -> tuple[str, ...]:
    name = shown.rpartition("/")[2]
    found = rows(_well(visit.get(f"{_API}/skills/{quote(name, safe='')}/versions")).get("data"))
    return tuple(text(row.get("version")) for row in reversed(found))


def _well(said: Said) -> Fields:
    if said.status >= 300 or not said.body:
        words = text(fields(said.body.get("error")).get("message"))
        raise ModelError(f"the server answers {said.status}" + (f": {words[:200]}" if words else ""))
    return said.body
