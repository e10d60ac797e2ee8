"""For every operation of the table: what is ada's, bob neither gets nor hears of."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from skillgit.git.repo import folder_oid
from skillgit.serve.api.operation import Operation
from skillgit.serve.api.table import OPERATIONS
from tests.serve.api.place import Closed, closed, skill_md, zipped

SECRET = "zanzibar"
"""A word that only ada's things have."""
NOBODYS = "nobody-has-this"
ASKED = f"How do we get to {SECRET}?"
SAID = [{"role": "user", "content": ASKED}]
QUERIES = {"diff_skill": "?since=0.1.0", "follow_extraction": "?timeout=0", "autoskill_get_skill": "?include_md=true"}
BODIES: dict[str, Any] = {
    "rollback_skill": {},
    "search_skills": {"query": ASKED, "min_score": 0},
    "preview_retrieval": {"messages": SAID, "min_score": 0},
    "create_extraction": {"messages": SAID},
    "simulate_extraction": {"messages": [{"role": "user", "content": f"Always go to {NOBODYS} by train."}]},
    "record_usage": {"skill": NOBODYS},
    "put_md": skill_md(NOBODYS, "Mine now."),
    "import_skills": skill_md("plans", "Mine."),
    "import_conversations": json.dumps(SAID).encode(),
    "autoskill_put_md": {"skill_md": skill_md(NOBODYS, "Mine now.").decode()},
    "autoskill_rollback": {},
    "autoskill_search": {"query": ASKED, "min_score": 0},
    "autoskill_preview": {"messages": SAID, "min_score": 0},
    "autoskill_extract": {"messages": SAID},
    "autoskill_simulate": {"messages": [{"role": "user", "content": f"Always go to {NOBODYS} by train."}]},
    "autoskill_import_skills": {"zip_base64": b64encode(zipped({"s/SKILL.md": skill_md("s", "Mine.")})).decode()},
    "autoskill_import_conversations": {"data": SAID},
    "autoskill_rebuild_vectors": {},
}
ADDRESSED = [operation for operation in OPERATIONS if "{" in operation.path]
WIDE = [operation for operation in OPERATIONS if "{" not in operation.path]


@dataclass(frozen=True, slots=True)
class Ada:
    """A server, and what ada has there: the names of a skill, and of a job."""

    server: Closed
    skill: tuple[str, ...]
    extraction: tuple[str, ...]


@pytest.fixture(scope="module")
def ada(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ada]:
    with closed(tmp_path_factory.mktemp("isolation")) as server:
        headers = {"content-type": "text/markdown"}
        content = skill_md(f"to-{SECRET}", f"Go to {SECRET} by boat.")
        server.ada.post("/imports", content=content, headers=headers).raise_for_status()
        made = server.ada.get(f"/skills/to-{SECRET}").json()
        names = (made["name"], made["id"], made["path"], f"ada/{made['name']}", f"../ada/{made['name']}")
        job = server.ada.post("/extractions", json={"messages": SAID}).json()["id"]
        server.ada.get(f"/extractions/{job}/events").raise_for_status()
        server.ada.post("/search", json={"query": ASKED}).raise_for_status()
        yield Ada(server, names, (job,))


def ask(client: httpx.Client, operation: Operation, name: str = "", **more: Any) -> httpx.Response:
    """Ask for an operation, with a body that it takes."""
    path = re.sub(r"\{\w+\}", quote(name, safe=""), operation.path)
    body = BODIES.get(operation.name)
    headers = dict(more.pop("headers", {}))
    if isinstance(body, bytes):
        assert not isinstance(operation.takes, type)
        headers["content-type"] = operation.takes[-1]
        headers["if-match"] = "*"
        more["content"] = body
    elif body is not None:
        more["json"] = body
    where = f"{str(client.base_url).partition('/v1')[0]}{path}{QUERIES.get(operation.name, '')}"
    return client.request(operation.method, where, headers=headers, **more)


@pytest.mark.parametrize("operation", ADDRESSED, ids=lambda each: each.name)
def test_what_is_anothers_is_answered_as_what_is_nobodys(ada: Ada, operation: Operation) -> None:
    before = folder_oid(ada.server.repo, ada.server.repo.resolve("HEAD"), "Users/ada")
    nothing = ask(ada.server.bob, operation, NOBODYS)
    assert nothing.status_code == 404
    for name in ada.skill if "{skill}" in operation.path else ada.extraction:
        theirs = ask(ada.server.bob, operation, name)
        assert theirs.status_code == 404
        said = theirs.text.replace(name, NOBODYS)
        assert said == nothing.text or (name.count("/") and "no route" in said)
    assert folder_oid(ada.server.repo, ada.server.repo.resolve("HEAD"), "Users/ada") == before


@pytest.mark.parametrize("operation", WIDE, ids=lambda each: each.name)
def test_no_answer_tells_of_what_is_anothers(ada: Ada, operation: Operation) -> None:
    answer = ask(ada.server.bob, operation)
    assert answer.status_code < 500
    told = answer.text.replace(ASKED, "")  # what bob said himself
    for trace in (SECRET, *ada.skill[:3], *ada.extraction, "Users/ada", "Name ada"):
        assert trace not in told


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_nobody_acts_for_another_who_may_not(ada: Ada, operation: Operation) -> None:
    name = (ada.skill if "{skill}" in operation.path else ada.extraction)[0]
    for client, headers in ((ada.server.bob, {"skillgit-user": "ada"}), (ada.server.bob, {"skillgit-user": "%61da"})):
        assert ask(client, operation, name, headers=headers).status_code == 403
    named = ask(ada.server.bob, operation, name, params={"user": "ada"})
    assert named.status_code in ((400,) if operation.query.__struct_config__.forbid_unknown_fields else (200, 403, 404))
    assert SECRET not in named.text.replace(ASKED, "").replace(name, "")


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_without_a_key_nothing_is_answered(ada: Ada, operation: Operation) -> None:
    with httpx.Client(base_url=f"{ada.server.place.url}/v1/skillgit") as nobody:
        for headers in ({}, {"authorization": "Bearer skillgit_x_y"}, {"skillgit-user": "ada"}):
            refused = ask(nobody, operation, ada.skill[0], headers=headers)
            assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")


def test_a_product_gets_each_users_own(ada: Ada) -> None:
    shop, named = ada.server.product, f"/skills/to-{SECRET}"
    assert shop.get(named).status_code == 404
    assert shop.get(named, headers={"skillgit-user": "ada"}).status_code == 200
    for user, way in product(
        ("../ada", "Ada", "ada/", "Users/ada", "ada\x00", "bob"), ("/skills/to-zanzibar", "/skills")
    ):
        assert SECRET not in shop.get(way, headers={"skillgit-user": quote(user, safe="")}).text.replace(named[8:], "")


def test_a_stolen_id_takes_over_nothing(ada: Ada) -> None:
    own = ada.skill[1]
    stolen = skill_md("thief", "Mine.", metadata=f"metadata:\n  id: {own}\n")
    bob = ada.server.bob
    taken = bob.post("/imports", content=stolen, headers={"content-type": "text/markdown"}).json()["data"][0]
    assert taken["skill"] == "bob/thief"
    assert bob.get("/skills/thief").json()["id"] != own
    assert bob.get(f"/skills/{own}").status_code == 404
    assert ada.server.ada.get(f"/skills/{own}").json()["path"] == f"Users/ada/to-{SECRET}"
    unknown = skill_md("thief-2", "Mine.", metadata="metadata:\n  id: 5f0c2d86-6a53-4c2e-8d53-000000000000\n")
    bob.post("/imports", content=unknown, headers={"content-type": "text/markdown"}).raise_for_status()
    assert bob.get("/skills/thief-2").json()["id"] != "5f0c2d86-6a53-4c2e-8d53-000000000000"


def test_what_a_user_had_of_a_skill_that_is_common_now_stays_the_users(ada: Ada) -> None:
    from skillgit.changes.move import move

    headers = {"content-type": "text/markdown"}
    first, second = skill_md("shared", "Call 555."), skill_md("shared", "Call the office.")
    for content in (first, second):
        ada.server.ada.post("/imports", content=content, headers=headers).raise_for_status()
    move(ada.server.repo, "Users/ada/shared", "Common/shared")
    versions = ada.server.bob.get("/skills/shared/versions").json()["data"]
    assert [each["path"] for each in versions] == ["Common/shared"]
    for number in ("0.1.0", "0.1.1", "0.2.0"):
        seen = ada.server.bob.get("/skills/shared", params={"version": number})
        assert "555" not in seen.text
        diff = ada.server.bob.get("/skills/shared/diff", params={"since": number})
        assert "555" not in diff.text
