"""The tools that a model may call. A tool is one row of TOOLS; what it takes and gives is read from its shapes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeVar, cast

import msgspec
from msgspec import Meta, Struct

from skillgit.changes.skill import FILE, shown
from skillgit.errors import SkillgitError, UsageError
from skillgit.learn import ingest as learning
from skillgit.search import ask, select, usage
from skillgit.serve.api import places
from skillgit.serve.api.shapes import Given, Messages, Page, Query, Scope, Shape, Skill, Skills
from skillgit.serve.desk import Hands, Kind
from skillgit.serve.model import learner_of
from skillgit.transcripts import detect
from skillgit.transcripts.model import Transcript

Value = TypeVar("Value", bound=Struct)

_LONGEST: Final = 256 << 10  # bytes of a file that a model is given


class Search(Given, frozen=True, kw_only=True):
    """What `search_skills` takes."""

    query: Annotated[Query, Meta(description="The task at hand, in any language, as the user has put it.")]
    limit: Annotated[int, Meta(ge=1, le=20, description="At most so many skills.")] = 5
    scope: Annotated[Scope, Meta(description="The user's own skills, the common ones, or all.")] = "all"


class Get(Given, frozen=True, kw_only=True):
    """What `get_skill` takes."""

    skill: Annotated[str, Meta(min_length=1, max_length=200, description="The name, the path or the id of a skill.")]
    file: Annotated[str, Meta(max_length=1000, description="A file of it, as `files` lists them.")] = FILE


class Ingest(Given, frozen=True, kw_only=True):
    """What `ingest` takes."""

    messages: Annotated[Messages, Meta(description="The conversation, in the format of OpenAI or Anthropic.")]
    hint: Annotated[str, Meta(max_length=2000, description="What there is to learn, if the user has said so.")] = ""


class Hit(Shape, frozen=True, kw_only=True):
    """A skill that was found, and how well it answers, in (0, 1]."""

    skill: str
    version: str
    description: str
    score: float


class Hits(Shape, frozen=True, kw_only=True):
    """The skills that were found, the best first."""

    skills: list[Hit]


class Text(Shape, frozen=True, kw_only=True):
    """A file of a skill, and the names of all its files."""

    skill: str
    version: str
    text: str
    files: list[str]


class Lesson(Shape, frozen=True, kw_only=True):
    """What became of a conversation: add, merge, discard or none, or undecided where a model gave no answer."""

    decision: str
    reason: str
    skill: str
    version: str
    commit: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: what it is for, as models read it, and what it does on a thread of this kind, for a user.

    `told` is the result for models that get text alone.
    """

    name: str
    does: str
    takes: type[Struct]
    gives: type[Struct]
    run: Callable[[Any, Hands, str], Struct]
    told: Callable[[Any], str]
    at: Kind = "read"
    writes: bool = False


def called(tool: Tool, arguments: Mapping[str, Any], hands: Hands, *, user: str) -> Struct:
    """What a tool gives for these arguments. Raises UsageError where they are not what it takes."""
    try:
        given = msgspec.convert(arguments, tool.takes)
    except msgspec.ValidationError as err:
        raise UsageError(f"'{tool.name}' does not take that: {err}") from err
    return tool.run(given, hands, user)


def schema(shape: type[Struct]) -> dict[str, Any]:
    """The JSON schema of a shape, an object at its root."""
    (_,), parts = msgspec.json.schema_components([shape], ref_template="#/$defs/{name}")
    root = parts.pop(shape.__name__)
    return {**root, **({"$defs": parts} if parts else {})}


def plain(value: Struct) -> dict[str, Any]:
    """A shape as values of JSON."""
    return cast(dict[str, Any], msgspec.to_builtins(value))


def _search(given: Search, hands: Hands, user: str) -> Hits:
    commit = hands.repo.tip("HEAD")
    view = ask.look(hands.repo, hands.index, user=user, scope=given.scope, limit=given.limit, commit=commit)
    hits = select.select(given.query, ask.ask(view, given.query).hits).hits if view.seen else ()
    usage.count(hands.repo, hits, user=user)
    return Hits(
        skills=[
            Hit(skill=shown(hit.path), version=hit.version, description=hit.description, score=round(hit.score, 3))
            for hit in hits
        ]
    )


def _get(given: Get, hands: Hands, user: str) -> Text:
    place = places.find(hands, user, _bare(given.skill, user))
    files = hands.repo.files(place.commit, place.path)
    if given.file not in files:
        raise UsageError(f"'{shown(place.path)}' has no file of that name", hint=f"it has: {', '.join(files)}")
    content = hands.repo.read(files[given.file].oid)
    if len(content) > _LONGEST or b"\0" in content:
        raise UsageError("this file is no text for a model", hint="read it as a resource")
    return Text(
        skill=shown(place.path),
        version=hands.card(place.path, place.oid).version,
        text=content.decode("utf-8", "replace"),
        files=[*files],
    )


def _bare(named: str, user: str) -> str:
    """The name or the id in what a model says, which may be a path as results have it."""
    for root in (f"Users/{user}/", f"{user}/", "Common/"):
        if named.startswith(root):
            return named.removeprefix(root)
    return named


def _list(given: Page, hands: Hands, user: str) -> Skills:
    known = places.seen(hands, user, scope=given.scope)
    behind = [path for path in sorted(known) if path > given.after]
    listed = behind[: given.limit]
    return Skills(
        data=[places.described(hands, path, known[path]) for path in listed],
        total=len(known),
        next=listed[-1] if len(behind) > len(listed) else "",
    )


def _ingest(given: Ingest, hands: Hands, user: str) -> Lesson:
    learner = learner_of(hands.repo, hands.index, user, hint=given.hint or None)
    outcome = learning.ingest(learner, _transcript(given.messages))
    return Lesson(
        decision=outcome.decision,
        reason=outcome.reason,
        skill=outcome.skill or "",
        version=outcome.version or "",
        commit=outcome.commit or "",
    )


def _transcript(messages: Messages) -> Transcript:
    try:
        items = list(detect.read(json.dumps(messages).encode()))
    except SkillgitError as err:
        raise UsageError(f"'messages' are no conversation: {err.message}") from err
    if len(items) != 1 or not isinstance(items[0], Transcript):
        raise UsageError("'messages' are no conversation", hint="each has a 'role' and a 'content'")
    return items[0]


def _tell_hits(found: Hits) -> str:
    lines = [f"{hit.skill} {hit.version} ({hit.score:.2f}): {hit.description}" for hit in found.skills]
    return "\n".join(lines) or "no skill answers that"


def _tell_text(found: Text) -> str:
    others = [name for name in found.files if name != FILE]
    return found.text + (f"\n\nFiles of this skill: {', '.join(others)}\n" if others else "")


def _tell_list(found: Skills) -> str:
    lines = [_line(skill) for skill in found.data]
    if found.next:
        lines.append(f"{found.total} in all; more behind '{found.next}'")
    return "\n".join(lines) or "there are no skills"


def _line(skill: Skill) -> str:
    return f"{shown(skill.path)} {skill.version}: {skill.problem or skill.description}"


def _tell_lesson(lesson: Lesson) -> str:
    where = f" {shown(lesson.skill)} {lesson.version}" if lesson.skill else ""
    return f"{lesson.decision}{where}: {lesson.reason}"


TOOLS: Final = (
    Tool(
        "search_skills",
        "Find the skills for a task: what was learned from earlier work on how this user wants it done. Call it before"
        " a task begins, and read the best of what it finds with get_skill.",
        Search,
        Hits,
        _search,
        _tell_hits,
    ),
    Tool(
        "get_skill",
        "Read a skill: its SKILL.md with the instructions to follow, or a file beside it.",
        Get,
        Text,
        _get,
        _tell_text,
    ),
    Tool("list_skills", "List the skills of the user and the common ones, by path.", Page, Skills, _list, _tell_list),
    Tool(
        "ingest",
        "Learn from a conversation that has come to its end. What the user has asked for in general, and corrected,"
        " becomes a skill or changes one; one-off requests teach nothing. Give the whole of it, with the user's own"
        " words.",
        Ingest,
        Lesson,
        _ingest,
        _tell_lesson,
        at="long",
        writes=True,
    ),
)
