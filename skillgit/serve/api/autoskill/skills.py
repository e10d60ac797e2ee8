"""A user's skills, as AutoSkill's clients read and change them."""

from __future__ import annotations

import base64
from dataclasses import replace
from functools import partial
from typing import Any

import msgspec

from skillgit.changes.skill import FILE, shown
from skillgit.errors import Refused
from skillgit.serve.api import places, skills, uploads
from skillgit.serve.api import shapes as own
from skillgit.serve.api.autoskill import told
from skillgit.serve.api.autoskill.shapes import (
    Deleted,
    ExportAs,
    Exported,
    ImportList,
    Listing,
    Loose,
    Md,
    One,
    Origin,
    Past,
    Pasts,
    SkillList,
    SkillMd,
    Upload,
    Wanted,
    Written,
)
from skillgit.serve.api.operation import ZIP, Ask
from skillgit.serve.api.places import Place
from skillgit.serve.desk import Hands
from skillgit.serve.problem import Problem
from skillgit.skills import dialect


def listed(ask: Ask[Listing, None], hands: Hands) -> SkillList:
    """The user's own skills."""
    ask = told.whose(ask)
    known = places.seen(hands, ask.user, scope="user")
    here = [_place(hands, path, known[path]) for path in sorted(known)[: ask.query.limit]]
    return SkillList(user=ask.user, data=[told.summary(hands, place) for place in here])


def one(ask: Ask[Wanted, None], hands: Hands) -> One:
    """A skill."""
    ask = told.whose(ask)
    return One(data=told.detail(hands, _found(ask, hands), with_md=ask.query.include_md))


def text(ask: Ask[Loose, None], hands: Hands) -> SkillMd:
    """A SKILL.md."""
    place = _found(told.whose(ask), hands)
    said = told.detail(hands, place, with_md=True)
    return SkillMd(skill_id=said.id, name=said.name, version=said.version, skill_md=said.skill_md or "")


def put(ask: Ask[Loose, Md], hands: Hands) -> Written:
    """A new SKILL.md, in either dialect; its name and id stay what they are."""
    ask = told.whose(ask)
    place = _found(ask, hands)
    places.own(ask.user, place.path)
    given = (ask.body.skill_md or ask.body.md).encode()
    adopted = dialect.adopt(dialect.parse_any(given), name=place.path.rpartition("/")[2])
    named = adopted.with_field(("metadata", "id"), places.identity(hands, place.path, place.oid))
    skills.put(replace(ask.of(own.Nothing(), named.render()), headers={"if-match": "*"}), hands)
    return _written(ask, hands)


def gone(ask: Ask[Loose, None], hands: Hands) -> Deleted:
    """A skill is taken away."""
    ask = told.whose(ask)
    place = _found(ask, hands)
    skills.gone(ask.of(own.Nothing(), None), hands)
    return Deleted(skill_id=places.identity(hands, place.path, place.oid))


def rollback(ask: Ask[Loose, Loose], hands: Hands) -> Written:
    """The version before the last change is back."""
    ask = told.whose(ask)
    path = places.find_ever(hands, ask.user, ask.path["skill"])
    before = skills.had(hands, ask.user, path)
    try:
        skills.rollback(ask.of(own.Nothing(), own.Rollback()), hands)
    except Refused as err:
        raise Problem(400, err.message) from err
    earlier = before[min(1, len(before) - 1)]
    origin = Origin(version=earlier.number, updated_at=earlier.revision.date)
    return msgspec.structs.replace(_written(ask, hands), restored_from=origin)


def versions(ask: Ask[Loose, None], hands: Hands) -> Pasts:
    """The versions of a skill, the oldest first."""
    ask = told.whose(ask)
    place = _found(ask, hands)
    said = told.detail(hands, place)
    had = skills.had(hands, ask.user, place.path)
    data = [
        Past(
            version=each.number,
            name=said.name,
            description=_description(hands, each.revision.oid, each.path),
            updated_at=each.revision.date,
            is_current=each is had[0],
        )
        for each in reversed(had)
    ]
    return Pasts(skill_id=said.id, name=said.name, data=data)


def exported(ask: Ask[ExportAs, None], hands: Hands) -> Exported:
    """A skill's files; what is no text is left out of `files`, and in the zip archive."""
    ask = told.whose(ask)
    place = _found(ask, hands)
    skill = told.summary(hands, place)
    exported_as = partial(Exported, skill_id=skill.id, name=skill.name, version=skill.version)
    if ask.query.format == "md":
        return exported_as(format="md", skill_md=hands.repo.read(place.oid).decode("utf-8", "replace"))
    if ask.query.format in ("zip", "zip_base64"):
        packed = skills.exported(ask.of(own.As(), None), hands).content
        assert isinstance(packed, bytes)
        name = f"{place.path.rpartition('/')[2]}.zip"
        return exported_as(format="zip_base64", file_name=name, zip_base64=base64.b64encode(packed).decode())
    found = {each: hands.repo.read(entry.oid) for each, entry in hands.repo.files(place.commit, place.path).items()}
    texts = {each: content.decode() for each, content in found.items() if _is_text(content)}
    return exported_as(format="files", files=texts)


def take(ask: Ask[Loose, Upload], hands: Hands) -> ImportList:
    """The skills of a zip archive are the user's."""
    ask = told.whose(ask)
    try:
        content = base64.b64decode(ask.body.zip_base64, validate=True)
    except ValueError as err:
        raise Problem(422, f"'zip_base64' is no base64: {err}") from err
    made = uploads.take(replace(ask.of(own.Import(), content), media=ZIP), hands)
    known = places.seen(hands, ask.user, scope="user")
    paths = [path for path in known if shown(path) in {each.skill for each in made.data}]
    data = [told.summary(hands, _place(hands, path, known[path])) for path in paths]
    return ImportList(imported_count=len(data), data=data)


def _found(ask: Ask[Any, Any], hands: Hands) -> Place:
    return places.find(hands, ask.user, ask.path["skill"])


def _place(hands: Hands, path: str, oid: str) -> Place:
    return Place(hands.repo.resolve("HEAD"), path, oid)


def _written(ask: Ask[Any, Any], hands: Hands) -> Written:
    place = _found(ask, hands)
    count = len(skills.had(hands, ask.user, place.path)) - 1
    return Written(data=told.detail(hands, place, with_md=True), history_count=count)


def _description(hands: Hands, commit: str, path: str) -> str:
    entry = hands.repo.files(commit, path).get(FILE)
    return hands.card(path, entry.oid).description if entry else ""


def _is_text(content: bytes) -> bool:
    try:
        return b"\0" not in content and bool(content.decode() or True)
    except UnicodeDecodeError:
        return False
