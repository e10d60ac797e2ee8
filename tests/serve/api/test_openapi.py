"""The OpenAPI document holds: schemathesis asks every operation what it allows, and what it does not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case, SerializationContext
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi import checks

from skillgit.learn.jobs import Wanted, jobs
from skillgit.serve.api import openapi
from skillgit.serve.api.table import OPERATIONS
from tests.conftest import ROOT
from tests.serve.api.place import Closed, closed

UNDERSTOOD = {"expected-statuses": ["2xx", "304", "403", "404", "409", "412", "422", "428"]}
"""Answers to what the document allows: a body of bytes may hold no skill, and a tag may be of yesterday."""
CONFORMS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
THERE = {"skill": "government-report", "extraction": "done"}


@schemathesis.serializer("application/zip", "application/x-ndjson")
def as_bytes(_: SerializationContext, value: object) -> bytes:
    """A body that is bytes, whatever was made for it."""
    return value if isinstance(value, bytes) else json.dumps(value).encode()


schema = schemathesis.openapi.from_dict(
    openapi.document(OPERATIONS),
    config=SchemathesisConfig.from_dict({"checks": {"positive_data_acceptance": UNDERSTOOD}}),
)
drawn = schemathesis.openapi.from_dict(
    openapi.document(OPERATIONS), config=SchemathesisConfig.from_dict({"phases": {"coverage": {"enabled": False}}})
)
"""The same document, of which only some requests are drawn: the other one has every edge of a value."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Closed]:
    with closed(tmp_path_factory.mktemp("openapi")) as made:
        yield made


@pytest.fixture
def done(server: Closed) -> None:
    """There is a job that is done."""
    with jobs(server.place.repo) as queue:
        if queue.get("done", user="ada") is None:
            queue.add(Wanted("ada", "[]", (), "now"), name="done", due=0)
    server.place.server.worker.wake()
    server.place.settled("ada")


@schema.parametrize()
@settings(max_examples=5)
def test_every_operation_does_what_the_document_says(case: Case[Any], server: Closed) -> None:
    case.call_and_validate(base_url=server.place.url, headers=dict(server.ada.headers))


@drawn.include(path_regex=r"\{").parametrize()
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_so_does_each_where_what_it_is_asked_for_is_there(case: Case[Any], server: Closed, done: None) -> None:
    case.path_parameters.update({name: THERE[name] for name in case.path_parameters})
    answer = case.call(base_url=server.place.url, headers=dict(server.ada.headers))
    case.validate_response(answer, checks=CONFORMS)


def test_every_operation_has_a_name_of_its_own() -> None:
    assert len({operation.name for operation in OPERATIONS}) == len(OPERATIONS)
    assert len({(operation.method, operation.path) for operation in OPERATIONS}) == len(OPERATIONS)


def test_the_document_is_served_as_it_is(server: Closed) -> None:
    assert server.ada.get("/openapi.json").json() == openapi.document(OPERATIONS)


def test_the_page_of_the_docs_has_every_operation() -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `([A-Z]+ /v1/skillgit/\S+)` \|", page, re.MULTILINE))
    assert told == {f"{each.method} {each.path}" for each in OPERATIONS if each.path.startswith("/v1/skillgit/")}
