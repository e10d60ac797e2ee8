"""The page of a skill: what it says, its files, where it comes from, and what the specification has against it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from markupsafe import Markup

from skillgit.changes.skill import FILE
from skillgit.errors import SkillgitError
from skillgit.git import submodule
from skillgit.git.message import Quote
from skillgit.git.repo import Entry, Repo
from skillgit.git.submodule import Pin
from skillgit.serve.api import skills as api
from skillgit.serve.api.operation import BYTES, ZIP
from skillgit.serve.api.places import Place
from skillgit.serve.desk import Hands
from skillgit.serve.problem import Problem
from skillgit.serve.web.history import quoted
from skillgit.serve.web.markdown import rendered
from skillgit.serve.web.page import Data, Page, Redirect, View, Visit
from skillgit.serve.web.past import Moment, Past, past
from skillgit.serve.web.render import address
from skillgit.share.upstream import Standing, forks, standing
from skillgit.skills import document as documents
from skillgit.skills import spec
from skillgit.skills.document import Document
from skillgit.skills.field import Value
from skillgit.skills.tree import EXECUTABLE
from skillgit.skills.tree import FILE as PLAIN

_LONGEST: Final = 200_000
"""Bytes of a file that is shown; a longer one is downloaded."""
_LATEST = 3
_PROSE = (".md", ".markdown")
_KNOWN = ("name", "description", "metadata")
_OWN = ("id", "version", "tags", "upstream", "upstream-tree")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a skill comes from: its first moment, and whose words that rests on; its library; what it is a copy of.

    `quotes` are each with the turn that it stands in, "" where that is not shown.
    """

    first: Moment | None
    quotes: tuple[tuple[Quote, str], ...]
    pin: Pin | None
    copy: Standing | None


def skill(visit: Visit, hands: Hands) -> View | Redirect:
    """The skill, as it is or was; of one that is gone, its history."""
    found = past(visit, hands)
    then = found.find(visit.query["at"]) if visit.query.get("at") else None
    if not (found.is_there or then):
        return Redirect(address(f"/history/{found.path}"))
    place = _place(hands, found, then)
    there = hands.repo.files(place.commit, place.path)
    content = hands.repo.read(there[FILE].oid)
    document, trouble = _read(content)
    name = place.path.rpartition("/")[2]
    values: dict[str, object] = {
        "past": found,
        "then": then,
        "document": document,
        "trouble": trouble,
        "body": _body(visit, found, document, content, there),
        "facts": tuple(_facts(document)),
        "files": [each for each in there if each != FILE],
        "problems": spec.problems(content, directory=name),
        "origin": _origin(hands.repo, found),
        "latest": found.moments[:_LATEST],
        "text": content.decode("utf-8", "replace") if visit.query.get("view") == "source" else "",
    }
    return View("skill.html", values)


def file(visit: Visit, hands: Hands) -> View:
    """A file of a skill, as text where it is one."""
    found, then, name, content = _content(visit, hands)
    text = _text(content)
    lead = partial(_link, visit, found, folder=posixpath.dirname(name))
    body = rendered(text, link=lead) if text is not None and name.lower().endswith(_PROSE) else None
    values = {"past": found, "then": then, "name": name, "size": len(content), "text": text, "body": body}
    return View("file.html", values)


def raw(visit: Visit, hands: Hands) -> Data:
    """A file of a skill, to be kept."""
    _, _, name, content = _content(visit, hands)
    called = quote(posixpath.basename(name))
    return Data(content, BYTES, {"Content-Disposition": f"attachment; filename*=UTF-8''{called}"})


def export(visit: Visit, hands: Hands) -> Data:
    """The skill with all its files as a zip archive, in the form of another tool where one is asked for."""
    found = past(visit, hands)
    if not found.is_there:
        raise Problem(404, "the skill is gone")
    made = api.zipped(hands, _place(hands, found, None), form=visit.query.get("form", "agentskills"))
    assert isinstance(made.content, bytes)
    return Data(made.content, ZIP, made.headers)


def _place(hands: Hands, found: Past, then: Moment | None) -> Place:
    """Where the skill stands now, or stood. Raises Problem, 404, where it was gone then."""
    commit = then.revision.oid if then else hands.repo.resolve("HEAD")
    path = then.revision.path if then else found.path
    entry = hands.repo.files(commit, path).get(FILE)
    if entry is None:
        raise Problem(404, "the skill was gone then")
    return Place(commit, path, entry.oid)


def _read(content: bytes) -> tuple[Document | None, str]:
    """What a SKILL.md says, or why it cannot be read."""
    try:
        return documents.parse(content), ""
    except SkillgitError as err:
        return None, err.message


def _body(
    visit: Visit, found: Past, document: Document | None, content: bytes, there: Mapping[str, Entry]
) -> Markup | None:
    """The instructions as HTML; None where they are shown as the text that they are."""
    if document is None or len(content) > _LONGEST or visit.query.get("view") == "source":
        return None
    return rendered(document.body, link=partial(_link, visit, found, there=there))


def _link(visit: Visit, found: Past, target: str, *, folder: str = "", there: Mapping[str, Entry] | None = None) -> str:
    """Where a link of a skill's leads: to the page of the file beside it that it names, or where it says."""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or not parts.path:
        return target
    name = posixpath.normpath(posixpath.join(folder, unquote(parts.path)))
    if there is not None and name not in there:
        return ""
    return address(f"/files/{found.path}", name=name, at=visit.query.get("at", ""))


def _facts(document: Document | None) -> Iterator[tuple[str, str]]:
    """What the frontmatter says beyond what has its own place on the page."""
    if document is None:
        return
    for name, value in document.fields.items():
        if name not in _KNOWN:
            yield name, _said(value)
    for name, value in document.metadata.items():
        if name not in _OWN:
            yield name, _said(value)


def _said(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_said(each)}" for name, each in value.items())
    return ", ".join(map(_said, value))


def _origin(repo: Repo, found: Past) -> Origin:
    tip = repo.tip("HEAD")
    first = found.moments[-1] if found.moments else None
    said = first.revision.decision if first else None
    copies = forks(repo, tip, [found.path]) if found.is_there else iter(())
    copy = next((standing(repo, tip, each) for each in copies), None)
    pin = submodule.pins(repo, tip)[found.library] if found.library else None
    quotes = quoted(repo, said.evidence, whole=found.is_told_whole) if said else ()
    return Origin(first, tuple(quotes), pin, copy)


def _content(visit: Visit, hands: Hands) -> tuple[Past, Moment | None, str, bytes]:
    """A file of a skill by its name, which is looked up and never made a path of. Raises Problem, 404."""
    found = past(visit, hands)
    then = found.find(visit.query["at"]) if visit.query.get("at") else None
    name = visit.query.get("name", "")
    if then is None and not found.is_there:
        raise Problem(404, "the skill is gone")
    place = _place(hands, found, then)
    entry = hands.repo.files(place.commit, place.path).get(name)
    if entry is None or entry.mode not in (PLAIN, EXECUTABLE):
        raise Problem(404, "the skill has no such file")
    return found, then, name, hands.repo.read(entry.oid)


def _text(content: bytes) -> str | None:
    """The text of a file; None where it is none, or too long to be shown."""
    if len(content) > _LONGEST or b"\0" in content:
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


PAGES = (
    Page("GET", "/skills/{path:path}", skill),
    Page("GET", "/files/{path:path}", file),
    Page("GET", "/raw/{path:path}", raw),
    Page("GET", "/export/{path:path}", export),
)
