"""LangSmith's runs, from its API or exported as JSON: calls of models, with feedback."""

from __future__ import annotations

from collections.abc import Iterator

from skillgit.errors import Unreadable
from skillgit.transcripts import langchain, traces
from skillgit.transcripts.fields import Fields, fields, first, rows
from skillgit.transcripts.model import Diagnostic, Item, Outcome
from skillgit.transcripts.stream import Record

NAME = "langsmith"

_ANSWERS = ("messages", "choices", "output", "message")


def is_langsmith(value: object) -> bool:
    """Whether the value is a run or an array of them."""
    return any("run_type" in row and isinstance(row.get("inputs"), dict) for row in rows(value)[:1])


def read(records: Iterator[Record | Diagnostic]) -> Iterator[Item]:
    """Yield one conversation a thread, or a trace where there is none, with its feedback as the outcome."""
    missing = Unreadable("no run of a model holds messages")
    yield from traces.read(records, source=NAME, gather=_gather, missing=missing)


def _gather(run: Fields) -> tuple[list[traces.Call], dict[str, Outcome]]:
    call, outcome = _call(run), _outcome(run)
    return [call] if run.get("run_type") == "llm" else [], {call.conversation: outcome} if outcome else {}


def _call(run: Fields) -> traces.Call:
    trace = first(run, "trace_id", "id") or ""
    metadata = fields(fields(run.get("extra")).get("metadata"))
    conversation = first(metadata, "thread_id", "session_id", "conversation_id") or trace
    told = _messages(fields(run.get("inputs")).get("messages"))
    answer = [{"role": "assistant", **said} for said in _answer(fields(run.get("outputs")))]
    return traces.Call(conversation, trace, first(run, "start_time") or "", tuple(told + answer) if told else ())


def _messages(held: object) -> list[Fields]:
    """The messages of an array, or of the one array in it."""
    value = held[0] if isinstance(held, list) and len(held) == 1 and isinstance(held[0], list) else held
    found = [langchain.plain(one) for one in value] if isinstance(value, list) else []
    return [one for one in found if one.get("role")]


def _answer(outputs: Fields) -> list[Fields]:
    generations = outputs.get("generations")
    if isinstance(generations, list) and generations:
        chosen = rows(generations[0])[:1]
        return [langchain.plain(one["message"]) for one in chosen if "message" in one]
    held = next((outputs[key] for key in _ANSWERS if key in outputs), outputs)
    if "choices" in outputs:
        return [fields(choice.get("message")) for choice in rows(held)[:1]]
    last = held[-1:] if isinstance(held, list) else [held]
    return [one for one in map(langchain.plain, last) if "content" in one or "tool_calls" in one]


def _outcome(run: Fields) -> Outcome | None:
    stats = fields(run.get("feedback_stats"))
    means = [(name, fields(stat).get("avg")) for name, stat in stats.items()]
    numbers = [(name, float(mean)) for name, mean in means if isinstance(mean, int | float)]
    if not numbers:
        return None
    return Outcome(reward=numbers[0][1], status=", ".join(f"{name}={mean:g}" for name, mean in numbers))
