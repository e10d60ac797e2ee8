"""What a pull request for a learned branch would say, to be read here and sent elsewhere."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from skillgit.changes.skill import visible
from skillgit.serve.desk import Hands
from skillgit.serve.problem import Problem
from skillgit.serve.web import markdown
from skillgit.serve.web.page import Data, View, Visit
from skillgit.serve.web.review import access
from skillgit.share import request
from skillgit.share.request import Request

_HEADING: Final = re.compile(r"^### ", re.MULTILINE)
"""How the text begins its sections, for which a page has its own level."""


def previewed(visit: Visit, hands: Hands) -> View | Data:
    """The text for a branch, against the one that is decided on here; as a file where that is asked for."""
    name = visit.path["branch"]
    found = _found(visit, hands, name)
    title, body = request.title(found, name), request.body(found)
    if visit.query.get("as") == "file":
        file = quote(f"{name.replace('/', '-')}.md", safe="")
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{file}"}
        return Data(f"# {title}\n\n{body}\n".encode(), "text/markdown; charset=utf-8", headers)
    values = {"branch": name, "title": title, "body": body, "shown_body": markdown.rendered(_HEADING.sub("# ", body))}
    return View("review_request.html", {**values, "faults": found.faults})


def _found(visit: Visit, hands: Hands, name: str) -> Request:
    """What a branch brings. Raises Problem, 404, where it has anything that the visitor does not see."""
    repo = hands.repo
    if name in access.branches(visit, hands):
        found = request.read(repo, repo.resolve(f"refs/heads/{name}"), repo.resolve("HEAD"))
        told = [path for each in found.skills for path in (each.path, each.was) if path]
        plain = any(each.decision is None for each in found.commits)
        if visit.may_act or (len(visible(told, user=visit.user)) == len(set(told)) and not plain):
            return found
    raise Problem(404, "no such branch waits")
