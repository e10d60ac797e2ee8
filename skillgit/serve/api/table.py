"""Every operation of the API: a row here is a route, and a part of the OpenAPI document."""

from __future__ import annotations

from functools import cache
from typing import Final

import msgspec

from skillgit.serve.api import events, extractions, openapi, searching, skills, state, uploads
from skillgit.serve.api.autoskill import table as autoskill
from skillgit.serve.api.lesson_shapes import (
    Before,
    Conversations,
    Extract,
    Extraction,
    Extractions,
    Patience,
    Simulation,
)
from skillgit.serve.api.operation import BYTES, EVENTS, JSON, LINES, MARKDOWN, ZIP, Ask, Operation, Reply
from skillgit.serve.api.search_shapes import Asked, Hits, Preview, Turns
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
from skillgit.serve.api.state_shapes import Capabilities, Counted, IndexStatus, Rebuilt, Used, Uses

_ROOT: Final = "/v1/skillgit"
_AUTOSKILLS: Final = "/v1/autoskill/openapi.json"
_SKILL: Final = f"{_ROOT}/skills/{{skill}}"
_JOBS: Final = f"{_ROOT}/extractions"
_JOB: Final = f"{_JOBS}/{{extraction}}"
_MATCH, _KNOWN = ("If-Match",), ("If-None-Match",)


async def _capabilities(ask: Ask[Nothing, None]) -> Capabilities:
    return state.capabilities(ask, [operation.name for operation in OPERATIONS])


async def _described(_: Ask[Nothing, None]) -> Reply:
    return Reply(_document())


@cache
def _document() -> bytes:
    return msgspec.json.encode(openapi.document(OPERATIONS))


OPERATIONS: tuple[Operation, ...] = (
    *autoskill.OPERATIONS,
    Operation("GET", f"{_ROOT}/openapi.json", "describe", "this document", _described, JSON, at=None),
    Operation("GET", _AUTOSKILLS, "autoskill_describe", "this document", _described, JSON, at=None),
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
        f"{_ROOT}/imports",
        "import_skills",
        "upload skills: a zip archive, or a SKILL.md",
        uploads.take,
        Imports,
        Import,
        takes=(ZIP, MARKDOWN),
        refusals=(409, 422),
        at="write",
    ),
    Operation(
        "POST",
        f"{_ROOT}/search",
        "search_skills",
        "the skills for a task",
        searching.search,
        Hits,
        takes=Asked,
        at=None,
    ),
    Operation(
        "POST",
        f"{_ROOT}/retrieval/preview",
        "preview_retrieval",
        "the skills that a request to a model would get",
        searching.preview,
        Preview,
        takes=Turns,
        at=None,
    ),
    Operation(
        "POST",
        _JOBS,
        "create_extraction",
        "learn from a conversation",
        extractions.create,
        Extraction,
        takes=Extract,
        status=202,
        at=None,
    ),
    Operation("GET", _JOBS, "list_extractions", "what was learned from", extractions.listed, Extractions, Before),
    Operation(
        "POST",
        f"{_ROOT}/simulations",
        "simulate_extraction",
        "what would be learned from a conversation",
        extractions.simulate,
        Simulation,
        takes=Extract,
        refusals=(502,),
        at="long",
    ),
    Operation("GET", _JOB, "get_extraction", "what became of an extraction", extractions.one, Extraction),
    Operation(
        "GET",
        f"{_JOB}/events",
        "follow_extraction",
        "its states, as they come",
        events.follow,
        EVENTS,
        Patience,
        at=None,
    ),
    Operation(
        "POST",
        f"{_ROOT}/conversations",
        "import_conversations",
        "learn from a file of conversations, in any format that 'ingest' reads",
        extractions.upload,
        Conversations,
        takes=(JSON, LINES, MARKDOWN, BYTES),
        status=202,
        refusals=(422,),
        at=None,
    ),
    Operation("GET", f"{_ROOT}/index", "index_status", "how far the search index is", state.index, IndexStatus),
    Operation(
        "POST",
        f"{_ROOT}/index/rebuild",
        "rebuild_index",
        "make the search index anew",
        state.rebuild,
        Rebuilt,
        refusals=(409, 502),
        at="long",
    ),
    Operation("GET", f"{_ROOT}/usage", "list_usage", "which skills the user was given", state.usage, Uses),
    Operation(
        "POST",
        f"{_ROOT}/usage",
        "record_usage",
        "say that a skill was of use",
        state.used,
        Counted,
        takes=Used,
        refusals=(404,),
    ),
    Operation(
        "GET", f"{_ROOT}/capabilities", "capabilities", "what this server does", _capabilities, Capabilities, at=None
    ),
)
