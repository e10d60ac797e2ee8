"""Skills as AutoSkill's API tells them, and for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from skillgit.changes.skill import FILE, Scope, owner, read
from skillgit.errors import Invalid, Unreadable
from skillgit.serve.api import places
from skillgit.serve.api.autoskill import shapes
from skillgit.serve.api.autoskill.shapes import Detail, Loose, Summary
from skillgit.serve.api.operation import Ask
from skillgit.serve.api.places import Place
from skillgit.serve.desk import Hands
from skillgit.skills import dialect

USER = "X-AutoSkill-User"


def whose(ask: Ask[Any, Any]) -> Ask[Any, Any]:
    """The same request, of the user that its query, body or header names, where its key may act for others."""
    said = [each.user for each in (ask.query, ask.body) if isinstance(each, Loose)]
    named = next(filter(None, [*said, ask.headers.get(USER.lower(), "")]), "")
    return replace(ask, caller=ask.caller.acting_for(named)) if named and ask.caller.acts else ask


def scope(named: shapes.Scope) -> Scope:
    """Our name of a scope."""
    return "common" if named in ("common", "library", "shared") else named  # type: ignore[return-value]


def owned(path: str) -> str:
    """Whose the skill at a path is: a user's id, or a library."""
    parts = path.split("/")
    return owner(path) or f"library:{parts[1] if len(parts) > 2 else 'Common'}"


def summary(hands: Hands, place: Place) -> Summary:
    """A skill in a list."""
    return msgspec.convert(msgspec.structs.asdict(detail(hands, place)), Summary)


def detail(hands: Hands, place: Place, *, with_md: bool = False) -> Detail:
    """A skill; one that cannot be read is all instructions."""
    said = places.described(hands, place.path, place.oid)
    text = hands.repo.read(place.oid).decode("utf-8", "replace")
    fields, body = _dialect(hands, place, text)
    return Detail(
        id=said.id,
        name=_text(fields.get("name")) or said.name,
        description=said.description,
        version=said.version,
        owner=owned(place.path),
        tags=said.tags,
        triggers=_texts(fields.get("triggers")),
        resource_paths=[name for name in hands.repo.files(place.commit, place.path) if name != FILE],
        instructions=body,
        examples=_list(fields.get("examples")),
        metadata={"skillgit": {"path": place.path}},
        skill_md=text if with_md else None,
    )


def _dialect(hands: Hands, place: Place, text: str) -> tuple[Mapping[str, Any], str]:
    """The fields that AutoSkill's dialect has of a skill, and its body."""
    try:
        document = read(hands.repo, place.oid, place.path)
    except (Invalid, Unreadable):
        return {}, text
    return dialect.to_autoskill(document).fields, document.body


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    found = value if isinstance(value, list | tuple) else ()
    return [dict(each) if isinstance(each, Mapping) else each for each in found]


def _texts(value: object) -> list[str]:
    return [each for each in _list(value) if isinstance(each, str)]
