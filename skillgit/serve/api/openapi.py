"""The OpenAPI document: the table of operations and the shapes, written down for machines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

import msgspec
from msgspec import Struct

import skillgit
from skillgit.serve.api.operation import JSON, Operation
from skillgit.serve.api.shapes import Error
from skillgit.serve.route import USER

VERSION: Final = "3.1.0"
EVERYWHERE: Final = (400, 401, 403, 413, 429, 500, 503)
"""The statuses that any operation may refuse with."""

_REF = "#/components/schemas/{name}"
_PART = re.compile(r"\{(\w+)\}")
_TAGGED: Mapping[str, str] = {
    "If-Match": "the ETag of what was read; `*` for whatever is there",
    "If-None-Match": "the ETag of what is known already: 304 where it still holds",
}
_HEADERS: Mapping[str, str] = {**_TAGGED, "X-AutoSkill-User": "as `user`"}
_STRING = {"type": "string"}


def document(operations: Sequence[Operation]) -> dict[str, Any]:
    """The document of these operations."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": VERSION,
        "info": {
            "title": "skillgit",
            "version": skillgit.__version__,
            "description": "Agent Skills that learn, kept in git: every change is a commit.",
        },
        "paths": paths,
        "components": {
            "schemas": _schemas(operations),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "key": {"type": "apiKey", "in": "header", "name": "skillgit-key"},
            },
        },
        "security": [{"bearer": []}, {"key": []}, {}],
    }


def _operation(operation: Operation) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.does,
        "tags": [operation.path.split("/")[2]],
        "parameters": list(_parameters(operation)),
        "responses": {
            str(operation.status): _answer(operation),
            **{str(status): _refusal(status) for status in sorted({*EVERYWHERE, *_own(operation)})},
        },
    }
    if operation.takes:
        said["requestBody"] = {"required": True, "content": _content(operation.takes)}
    return said


def _own(operation: Operation) -> set[int]:
    """The statuses that an operation may refuse with beside those that any may."""
    named = {404} if "{" in operation.path else set()
    taken = {415} if operation.takes else set()
    matched = {412} if "If-Match" in operation.headers else set()
    known = {304} if "If-None-Match" in operation.headers else set()
    return {*operation.refusals, *named, *taken, *matched, *known}


def _parameters(operation: Operation) -> Iterator[dict[str, Any]]:
    for name in _PART.findall(operation.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    shape = msgspec.json.schema(operation.query)["$defs"][operation.query.__name__]
    for name, schema in shape["properties"].items():
        yield {"name": name, "in": "query", "required": name in shape["required"], "schema": schema}
    for name in operation.headers:
        yield {"name": name, "in": "header", "schema": _STRING, "description": _HEADERS[name]}
    about = "for a key that may act for others: the user, by your own id, percent-encoded"
    yield {"name": USER, "in": "header", "schema": _STRING, "description": about}


def _answer(operation: Operation) -> dict[str, Any]:
    gives = operation.gives
    content = _content((gives,)) if isinstance(gives, str) else _content(gives)
    tag = {"ETag": {"schema": _STRING}} if {*operation.headers} & _TAGGED.keys() else {}
    return {"description": HTTPStatus(operation.status).phrase, "headers": tag, "content": content}


def _refusal(status: int) -> dict[str, Any]:
    phrase = HTTPStatus(status).phrase
    return {"description": phrase} if status == 304 else {"description": phrase, "content": _content(Error)}


def _content(what: type[Struct] | Sequence[str]) -> dict[str, Any]:
    if isinstance(what, type):
        return {JSON: {"schema": {"$ref": _REF.format(name=what.__name__)}}}
    return {media: {} for media in what}  # bytes: there is nothing that a schema could say of them


def _schemas(operations: Sequence[Operation]) -> dict[str, Any]:
    shapes: dict[type[Struct], None] = {Error: None}
    for operation in operations:
        for each in (operation.takes, operation.gives):
            if isinstance(each, type):
                shapes[each] = None
    _, made = msgspec.json.schema_components(shapes, ref_template=_REF)
    return made
