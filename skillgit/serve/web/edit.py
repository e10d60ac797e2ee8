"""Changing a skill by hand: its text, a copy of a common one, and taking one away. Each is a decision of its own."""

from __future__ import annotations

from collections.abc import Mapping

from skillgit.changes.skill import FILE
from skillgit.errors import SkillgitError
from skillgit.serve.api import places
from skillgit.serve.api import skills as api
from skillgit.serve.api.endpoint import etag
from skillgit.serve.api.operation import Ask, Body
from skillgit.serve.api.places import Place
from skillgit.serve.api.shapes import Changed, Nothing
from skillgit.serve.desk import Hands
from skillgit.serve.problem import Problem, status_of
from skillgit.serve.web.page import Page, Redirect, View, Visit
from skillgit.serve.web.past import past
from skillgit.serve.web.render import address
from skillgit.share import fork

_STALE = 412


def asked(visit: Visit, hands: Hands) -> View:
    """The text of a skill, to be edited. Raises Problem, 403 or 404."""
    place = _own(visit, hands)
    return _form(visit, hands, hands.repo.read(place.oid).decode("utf-8", "replace"), place.oid)


def saved(visit: Visit, hands: Hands) -> View | Redirect:
    """The text is the skill's, as a new version; where it cannot be, it is shown again with the reason."""
    place = _own(visit, hands)
    text, read = visit.form.get("text", ""), visit.form.get("oid", "")
    try:
        made = api.put(_ask(visit, place, _content(hands, place, text), {"if-match": etag(read)}), hands)
    except SkillgitError as err:
        if status_of(err) >= 500:
            raise
        now = place.oid if status_of(err) == _STALE else read
        return _form(visit, hands, text, now, trouble=err)
    done = made.content.version if isinstance(made.content, Changed) and made.content.decision != "none" else None
    return Redirect(address(f"/history/{place.path}" if done else f"/skills/{place.path}", done=done))


def copied(visit: Visit, hands: Hands) -> Redirect:
    """The user has a copy of a common skill."""
    seen = places.seen(hands, visit.user, scope="common")
    path = visit.path["path"]
    if path not in seen:
        raise places.missing(path.rpartition("/")[2])
    recorded, _ = fork.fork(hands.repo, path, user=visit.user)
    return Redirect(address(f"/skills/{recorded.decision.path}"))


def doubted(visit: Visit, hands: Hands) -> View:
    """Whether a skill is to be taken away."""
    place = _own(visit, hands)
    return View("remove.html", {"past": past(visit, hands), "tree": place.tree(hands)})


def removed(visit: Visit, hands: Hands) -> Redirect:
    """The skill is gone, if it is still what was looked at; its history stays."""
    place = _own(visit, hands)
    api.gone(_ask(visit, place, None, {"if-match": etag(visit.form.get("tree", ""))}), hands)
    return Redirect(address(f"/history/{place.path}"))


def _own(visit: Visit, hands: Hands) -> Place:
    """Where a skill of the user's own stands."""
    path = visit.path["path"]
    oid = places.seen(hands, visit.user).get(path)
    if oid is None:
        raise places.missing(path.rpartition("/")[2])
    return Place(hands.repo.resolve("HEAD"), places.own(visit.user, path), oid)


def _ask(visit: Visit, place: Place, body: Body, headers: Mapping[str, str]) -> Ask[Nothing, Body]:
    """The same, as a client of the API asks for it."""
    named = place.path.removeprefix(f"Users/{visit.user}/")
    return Ask(visit.server, visit.caller, {"skill": named}, Nothing(), body, headers)


def _content(hands: Hands, place: Place, text: str) -> bytes:
    """The bytes of a text that a browser sends: its ends of lines are CRLF whatever they were."""
    was = hands.repo.read(place.oid)
    plain = text.replace("\r\n", "\n")
    return (plain.replace("\n", "\r\n") if b"\r\n" in was else plain).encode()


def _form(visit: Visit, hands: Hands, text: str, oid: str, *, trouble: SkillgitError | None = None) -> View:
    is_stale = isinstance(trouble, Problem) and trouble.status == _STALE
    values = {
        "past": past(visit, hands),
        "text": text,
        "oid": oid,
        "trouble": trouble,
        "is_stale": is_stale,
        "file": FILE,
    }
    return View("edit.html", values, status_of(trouble) if trouble else 200)


PAGES = (
    Page("GET", "/edit/{path:path}", asked),
    Page("POST", "/edit/{path:path}", saved, at="write"),
    Page("POST", "/copy/{path:path}", copied, at="write"),
    Page("GET", "/remove/{path:path}", doubted),
    Page("POST", "/remove/{path:path}", removed, at="write"),
)
