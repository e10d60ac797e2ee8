"""The skills of a user: read, changed, taken away, and brought back."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from skillgit.changes import compare
from skillgit.changes import edit as edits
from skillgit.changes import revert as reverting
from skillgit.changes import versions as history
from skillgit.changes.move import remove
from skillgit.changes.record import Recorded
from skillgit.changes.skill import shown, visible
from skillgit.changes.versions import Version
from skillgit.errors import Invalid, Unreadable
from skillgit.git.transaction import Landed
from skillgit.serve.api import places
from skillgit.serve.api.endpoint import check_match, etag, unless_known
from skillgit.serve.api.operation import Ask, Reply
from skillgit.serve.api.places import Place
from skillgit.serve.api.shapes import (
    As,
    At,
    Between,
    Changed,
    Difference,
    Nothing,
    Page,
    Release,
    Releases,
    Rollback,
    Skills,
    SkillText,
)
from skillgit.serve.desk import Hands
from skillgit.serve.problem import Problem
from skillgit.share import export as exporting
from skillgit.skills import document as documents

_ID, _VERSION = ("metadata", "id"), ("metadata", "version")


def listed(ask: Ask[Page, None], hands: Hands) -> Skills:
    """A part of the list of skills that the user sees."""
    page = ask.query
    known = places.seen(hands, ask.user, scope=page.scope)
    behind = [path for path in sorted(known) if path > page.after]
    shown_now = behind[: page.limit]
    return Skills(
        data=[places.described(hands, path, known[path]) for path in shown_now],
        total=len(known),
        next=shown_now[-1] if len(behind) > len(shown_now) else "",
    )


def one(ask: Ask[At, None], hands: Hands) -> Reply:
    """A skill, as it is or was."""
    place = _at(ask, hands)
    said = places.described(hands, place.path, place.oid)
    files = hands.repo.files(place.commit, place.path)
    found = SkillText(
        id=said.id,
        path=said.path,
        name=said.name,
        scope=said.scope,
        version=said.version,
        description=said.description,
        tags=said.tags,
        problem=said.problem,
        text=hands.repo.read(place.oid).decode("utf-8", "replace"),
        files=[name for name in files if name != "SKILL.md"],
    )
    return unless_known(ask.headers, Reply(found, {"ETag": etag(place.tree(hands))}))


def text(ask: Ask[At, None], hands: Hands) -> Reply:
    """The bytes of a SKILL.md, as it is or was."""
    place = _at(ask, hands)
    return unless_known(ask.headers, Reply(hands.repo.read(place.oid), {"ETag": etag(place.oid)}))


def put(ask: Ask[Nothing, bytes], hands: Hands) -> Reply:
    """A new SKILL.md, as a decision of its own; where it says nothing new, none is made."""
    place = _found(ask, hands)
    places.own(ask.user, place.path)
    check_match(ask.headers, place.oid, is_needed=True)
    before = hands.repo.read(place.oid)
    version = hands.card(place.path, place.oid).version
    content = _completed(ask.body, places.identity(hands, place.path, place.oid), version)
    if content == before:
        same = Changed(
            decision="none",
            skill=shown(place.path),
            before=version,
            version=version,
            commit="",
            ref=hands.repo.branch_ref(),
            parked=False,
        )
        return Reply(same, {"ETag": etag(place.oid)})
    recorded, landed = edits.edit(hands.repo, place.path, content, base=place.commit)
    return Reply(changed(recorded, landed), {"ETag": etag(places.main_file(hands, recorded.commit, place.path))})


def gone(ask: Ask[Nothing, None], hands: Hands) -> Changed:
    """The skill is taken away; the history keeps it."""
    place = _found(ask, hands)
    places.own(ask.user, place.path)
    check_match(ask.headers, place.tree(hands), is_needed=False)
    return changed(*remove(hands.repo, place.path))


def versions(ask: Ask[Nothing, None], hands: Hands) -> Releases:
    """The versions that the skill has had where the user sees it, newest first."""
    path = places.find_ever(hands, ask.user, ask.path["skill"])
    return Releases(data=[_release(version) for version in had(hands, ask.user, path)])


def diff(ask: Ask[Between, None], hands: Hands) -> Difference:
    """What changed between two versions."""
    path = places.find_ever(hands, ask.user, ask.path["skill"])
    known = had(hands, ask.user, path)
    before = pick(known, ask.query.since, path)
    after = pick(known, ask.query.to, path) if ask.query.to else known[0]
    return Difference(since=before.number, to=after.number, diff=compare.diff(hands.repo, before, after))


def rollback(ask: Ask[Nothing, Rollback], hands: Hands) -> Changed:
    """An earlier version is back, as a new one; so is a skill that was taken away."""
    path = places.own(ask.user, places.find_ever(hands, ask.user, ask.path["skill"]))
    if ask.body.to is not None:
        pick(had(hands, ask.user, path), ask.body.to, path)
    return changed(*reverting.revert(hands.repo, path, to=ask.body.to))


def exported(ask: Ask[As, None], hands: Hands) -> Reply:
    """The skill with all its files, as a zip archive; the same commit gives the same bytes."""
    return zipped(hands, _found(ask, hands), form=ask.query.form)


def zipped(hands: Hands, place: Place, *, form: str) -> Reply:
    """The archive of a skill, with its name."""
    chosen = exporting.choose(hands.repo, place.commit, [place.path], form=form)
    with tempfile.TemporaryDirectory(prefix="skillgit-") as folder:
        file = Path(folder) / "skill.zip"
        exporting.to_zip(hands.repo, place.commit, chosen, file)
        content = file.read_bytes()
    name = quote(f"{chosen[0].name}.zip")
    return Reply(content, {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"})


def changed(recorded: Recorded, landed: Landed) -> Changed:
    """A decision as clients get it."""
    said = recorded.decision
    return Changed(
        decision=said.action,
        skill=said.skill,
        before=said.before or "",
        version=said.after or "",
        commit=recorded.commit,
        ref=landed.ref,
        parked=landed.blocked is not None,
    )


def had(hands: Hands, user: str, path: str) -> tuple[Version, ...]:
    """The versions of a skill, newest first, but for what another user had of it before it was moved."""
    told = history.versions(hands.repo, hands.repo.resolve("HEAD"), path)
    return tuple(each for each in told if visible([each.path], user=user))


def pick(known: tuple[Version, ...], number: str, path: str) -> Version:
    """The version of this number. Raises Problem, 404, where it is not among them."""
    found = next((each for each in known if each.number == number.removeprefix("v")), None)
    if found is None:
        raise Problem(404, f"no such version of skill '{shown(path)}'")
    return found


def _found(ask: Ask[Any, Any], hands: Hands) -> Place:
    return places.find(hands, ask.user, ask.path["skill"])


def _at(ask: Ask[At, None], hands: Hands) -> Place:
    """The skill that is asked for, at the version that is asked for."""
    place = _found(ask, hands)
    if not ask.query.version:
        return place
    then = pick(had(hands, ask.user, place.path), ask.query.version, place.path)
    commit = then.revision.oid
    return Place(commit, then.path, places.main_file(hands, commit, then.path))


def _release(version: Version) -> Release:
    revision = version.revision
    return Release(
        version=version.number,
        path=version.path,
        commit=revision.oid,
        date=datetime.fromisoformat(revision.date),
        author=revision.author,
        decision=revision.decision.action if revision.decision else "",
        summary=revision.subject,
    )


def _completed(content: bytes, own: str, version: str) -> bytes:
    """The SKILL.md with what its client may leave out: id and version; Invalid where it claims another id."""
    try:
        said = documents.parse(content)
    except Unreadable as err:
        raise Invalid(err.message, hint=err.hint) from err
    if said.id not in ("", own):
        raise Invalid("a skill keeps its id", hint=f"metadata.id is {own}")
    said = said if said.id else said.with_field(_ID, own)
    return (said.with_field(_VERSION, version) if version and not said.version else said).render()
