"""Whether a server does what its clients need, one check after the other. Nothing is learned from them.

A check is one row of CHECKS: it says what it has seen, or raises the error that says why it fails.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Final

from skillgit.errors import ModelError, SkillgitError
from skillgit.models.visit import Said, Visit
from skillgit.transcripts.fields import Fields, fields, rows, text

_API = "/v1/skillgit"
_TALK = "Hello, how are you today?"  # nothing durable: it teaches nothing
_PAUSE = 0.2


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked: the models of conversations and of embeddings, "" for the first that is offered.

    `seconds` is how long a job may take.
    """

    model: str = ""
    embedder: str = ""
    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Checked:
    """A check that was made: what it has seen, or why it failed, and the milliseconds that it took."""

    name: str
    passed: bool
    said: str
    ms: float


def checked(visit: Visit, wish: Wish, *, skip: Collection[str] = ()) -> Iterator[Checked]:
    """The checks in their order, as they are made, but for those that are left out."""
    for name, check in CHECKS.items():
        if name not in skip:
            yield _made(name, check, visit, wish)


def _made(name: str, check: Callable[[Visit, Wish], str], visit: Visit, wish: Wish) -> Checked:
    began = time.monotonic()
    try:
        said, passed = check(visit, wish), True
    except SkillgitError as err:
        said, passed = f"{err.message}; {err.hint}" if err.hint else err.message, False
    return Checked(name, passed, said, round(1000 * (time.monotonic() - began), 1))


def _health(visit: Visit, _: Wish) -> str:
    said = visit.get("/health")
    parts = fields(said.body.get("checks"))
    if said.status not in (200, 503) or not parts:
        raise _odd(said)
    failing = [f"{name}: {state}" for name, state in parts.items() if state != "ok"]
    if failing or said.status != 200:
        raise ModelError("; ".join(failing) or "it says that it is not well")
    return ", ".join(parts)


def _models(visit: Visit, _: Wish) -> str:
    names = _offered(visit)
    return f"{len(names)}: {', '.join(names[:3])}{', ...' if len(names) > 3 else ''}"


def _capabilities(visit: Visit, _: Wish) -> str:
    said = _well(visit.get(f"{_API}/capabilities"))
    version, user, learns = (text(said.get(name)) for name in ("version", "user", "learns"))
    if not version:
        raise ModelError("it does not say what it is")
    return f"skillgit {version}, user '{user}', learns {learns}"


def _chat(visit: Visit, wish: Wish) -> str:
    said = _well(visit.post("/v1/chat/completions", _request(visit, wish)))
    choice = (rows(said.get("choices")) or [{}])[0]
    content = text(fields(choice.get("message")).get("content"))
    if not content:
        raise ModelError("the answer has no text")
    return f"{len(content)} characters"


def _stream(visit: Visit, wish: Wish) -> str:
    pieces = finished = 0
    for event in visit.stream("/v1/chat/completions", {**_request(visit, wish), "stream": True}):
        for choice in rows(event.get("choices")):
            pieces += bool(fields(choice.get("delta")).get("content"))
            finished += bool(choice.get("finish_reason"))
    if not pieces or not finished:
        raise ModelError("the stream has no text" if not pieces else "the stream breaks off")
    return f"{pieces} pieces"


def _retrieval(visit: Visit, _: Wish) -> str:
    said = _well(visit.post(f"{_API}/retrieval/preview", {"query": _TALK}))
    if not isinstance(said.get("data"), list):
        raise ModelError("the answer names no skills")
    return f"{len(rows(said['data']))} skills"


def _extraction(visit: Visit, wish: Wish) -> str:
    made = _well(visit.post(f"{_API}/extractions", {"messages": [{"role": "user", "content": _TALK}]}), status=202)
    until = time.monotonic() + wish.seconds
    while time.monotonic() < until:
        job = _well(visit.get(f"{_API}/extractions/{text(made.get('id'))}"))
        if text(job.get("state")) == "done":
            return f"done: {text(fields(job.get('result')).get('decision'))}"
        if text(job.get("state")) not in ("waiting", "running"):
            raise ModelError(f"the job is {text(job.get('state'))}: {text(job.get('error'))}")
        time.sleep(_PAUSE)
    raise ModelError(f"the job is not done after {wish.seconds:g} s")


def _embeddings(visit: Visit, wish: Wish) -> str:
    model = wish.embedder or next((name for name in _offered(visit) if "embed" in name.lower()), "")
    if not model:
        raise ModelError("no model of embeddings is offered", hint="name one, or skip the check")
    said = _well(visit.post("/v1/embeddings", {"model": model, "input": _TALK}))
    vector = (rows(said.get("data")) or [{}])[0].get("embedding")
    if not isinstance(vector, list | str) or not vector:
        raise ModelError("the answer has no vector")
    return f"a vector of {len(vector)}" if isinstance(vector, list) else "a vector"


CHECKS: Final = {
    "health": _health,
    "models": _models,
    "capabilities": _capabilities,
    "chat": _chat,
    "stream": _stream,
    "retrieval": _retrieval,
    "extraction": _extraction,
    "embeddings": _embeddings,
}


def _request(visit: Visit, wish: Wish) -> dict[str, object]:
    model = wish.model or _offered(visit)[0]
    return {"model": model, "messages": [{"role": "user", "content": _TALK}], "skillgit": {"learn": "never"}}


def _offered(visit: Visit) -> list[str]:
    """The models that are offered, one at least."""
    names = [name for row in rows(_well(visit.get("/v1/models")).get("data")) if (name := text(row.get("id")))]
    if not names:
        raise ModelError("no models are offered")
    return names


def _well(said: Said, *, status: int = 200) -> Fields:
    """The object of an answer that is as it should be."""
    if said.status != status or not said.body:
        raise _odd(said)
    return said.body


def _odd(said: Said) -> ModelError:
    words = text(fields(said.body.get("error")).get("message")) or "not what it should be"
    return ModelError(f"it answers {said.status}: {words[:200]}")
