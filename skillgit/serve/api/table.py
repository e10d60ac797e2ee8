"""Every operation of the API: a row here is a route, and a part of the OpenAPI document."""

from __future__ import annotations

from functools import cache
from typing import Final

import msgspec

from skillgit.serve.api import openapi, skills, uploads
from skillgit.serve.api.operation import JSON, MARKDOWN, ZIP, Ask, Operation, Reply
from skillgit.serve.api.shapes import (
    As,
    At,
    Between,
    Changed,
    Difference,
    Import,
    Imports,
    Nothing,
    Page,
    Releases,
    Rollback,
    Skills,
    SkillText,
)

_ROOT: Final = "/v1/skillgit"
_SKILL: Final = f"{_ROOT}/skills/{{skill}}"
_MATCH, _KNOWN = ("If-Match",), ("If-None-Match",)


async def _described(_: Ask[Nothing, None]) -> Reply:
    return Reply(_document())


@cache
def _document() -> bytes:
    return msgspec.json.encode(openapi.document(OPERATIONS))


OPERATIONS: tuple[Operation, ...] = (
    Operation("GET", f"{_ROOT}/openapi.json", "describe", "this document", _described, JSON, at=None),
    Operation("GET", f"{_ROOT}/skills", "list_skills", "the skills that the user sees", skills.listed, Skills, Page),
    Operation("GET", _SKILL, "get_skill", "a skill, as it is or was", skills.one, SkillText, At, headers=_KNOWN),
    Operation(
        "DELETE",
        _SKILL,
        "remove_skill",
        "take a skill away; rollback brings it back",
        skills.gone,
        Changed,
        headers=_MATCH,
        refusals=(409,),
        at="write",
    ),
    Operation(
        "GET", f"{_SKILL}/md", "get_md", "a SKILL.md, as it is or was", skills.text, MARKDOWN, At, headers=_KNOWN
    ),
    Operation(
        "PUT",
        f"{_SKILL}/md",
        "put_md",
        "write a SKILL.md: an edit, with a version of its own",
        skills.put,
        Changed,
        takes=(MARKDOWN,),
        headers=_MATCH,
        refusals=(409, 428),
        at="write",
    ),
    Operation("GET", f"{_SKILL}/versions", "list_versions", "the versions of a skill", skills.versions, Releases),
    Operation("GET", f"{_SKILL}/diff", "diff_skill", "what changed between versions", skills.diff, Difference, Between),
    Operation("GET", f"{_SKILL}/export", "export_skill", "a skill as a zip archive", skills.exported, ZIP, As),
    Operation(
        "POST",
        f"{_SKILL}/rollback",
        "rollback_skill",
        "bring back an earlier version, or what was taken away",
        skills.rollback,
        Changed,
        takes=Rollback,
        refusals=(409,),
        at="write",
    ),
    Operation(
        "POST",
        f"{_ROOT}/skills/import",
        "import_skills",
        "upload skills: a zip archive, or a SKILL.md",
        uploads.take,
        Imports,
        Import,
        takes=(ZIP, MARKDOWN),
        refusals=(409, 422),
        at="write",
    ),
)
