"""The operations of `/v1/autoskill`, a row each."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from skillgit.serve.api.autoskill import learning, skills
from skillgit.serve.api.autoskill.shapes import (
    Capabilities,
    Deleted,
    EventOf,
    Events,
    ExportAs,
    Exported,
    Hits,
    ImportedRecords,
    ImportList,
    Listing,
    Loose,
    Md,
    One,
    Pasts,
    Preview,
    Question,
    Rebuild,
    Records,
    Simulated,
    SkillList,
    SkillMd,
    Upload,
    VectorRebuild,
    VectorStatus,
    Waiting,
    Wanted,
    Written,
)
from skillgit.serve.api.autoskill.told import USER
from skillgit.serve.api.operation import EVENTS, Ask, AtDesk, OnLoop, Operation
from skillgit.serve.desk import Kind

_ROOT: Final = "/v1/autoskill"
_SKILL: Final = f"{_ROOT}/skills/{{skill}}"
_JOBS: Final = f"{_ROOT}/extractions"
_JOB: Final = f"{_JOBS}/{{extraction}}"


async def _capabilities(_: Ask[Loose, None]) -> Capabilities:
    paths: dict[str, list[str]] = {}
    for operation in OPERATIONS:
        part = operation.path.removeprefix(f"{_ROOT}/").partition("/")[0]
        paths.setdefault(part, []).append(f"{operation.method} {operation.path}")
    return Capabilities(data=paths)


def _get(path: str, name: str, does: str, *, run: AtDesk, gives: type[Struct], query: type[Loose] = Loose) -> Operation:
    return Operation("GET", path, f"autoskill_{name}", does, run, gives, query, headers=(USER,))


def _post(
    path: str, name: str, does: str, *, run: AtDesk | OnLoop, gives: type[Struct], takes: type[Loose], at: Kind | None
) -> Operation:
    refusals = (409, 422, 502)
    return Operation(
        "POST", path, f"autoskill_{name}", does, run, gives, Loose, takes, headers=(USER,), refusals=refusals, at=at
    )


OPERATIONS: tuple[Operation, ...] = (
    _get(f"{_ROOT}/skills", "list_skills", "the user's own skills", run=skills.listed, gives=SkillList, query=Listing),
    _post(
        f"{_ROOT}/skills/search",
        "search",
        "the skills for a query",
        run=learning.search,
        gives=Hits,
        takes=Question,
        at=None,
    ),
    _post(
        f"{_ROOT}/skills/import",
        "import_skills",
        "skills from a zip archive in base64",
        run=skills.take,
        gives=ImportList,
        takes=Upload,
        at="write",
    ),
    _get(_SKILL, "get_skill", "a skill", run=skills.one, gives=One, query=Wanted),
    Operation(
        "DELETE",
        _SKILL,
        "autoskill_delete_skill",
        "take a skill away",
        skills.gone,
        Deleted,
        Loose,
        headers=(USER,),
        refusals=(409,),
        at="write",
    ),
    _get(f"{_SKILL}/md", "get_md", "a SKILL.md", run=skills.text, gives=SkillMd),
    Operation(
        "PUT",
        f"{_SKILL}/md",
        "autoskill_put_md",
        "write a SKILL.md",
        skills.put,
        Written,
        Loose,
        Md,
        headers=(USER,),
        refusals=(409,),
        at="write",
    ),
    _post(
        f"{_SKILL}/rollback",
        "rollback",
        "bring back the version before",
        run=skills.rollback,
        gives=Written,
        takes=Loose,
        at="write",
    ),
    _get(f"{_SKILL}/versions", "list_versions", "the versions of a skill", run=skills.versions, gives=Pasts),
    _get(f"{_SKILL}/export", "export", "the files of a skill", run=skills.exported, gives=Exported, query=ExportAs),
    _post(
        f"{_ROOT}/retrieval/preview",
        "preview",
        "what a request would get",
        run=learning.preview,
        gives=Preview,
        takes=Question,
        at=None,
    ),
    _post(_JOBS, "extract", "learn from a conversation", run=learning.create, gives=EventOf, takes=Question, at=None),
    _get(_JOBS, "list_extractions", "the extractions of a user", run=learning.listed, gives=Events, query=Listing),
    _post(
        f"{_JOBS}/simulate",
        "simulate",
        "what would be learned",
        run=learning.simulate,
        gives=Simulated,
        takes=Question,
        at="long",
    ),
    _get(f"{_JOBS}/latest", "latest_extraction", "the newest extraction", run=learning.latest, gives=EventOf),
    _get(_JOB, "get_extraction", "an extraction", run=learning.one, gives=EventOf),
    Operation(
        "GET",
        f"{_JOB}/events",
        "autoskill_follow_extraction",
        "the states of an extraction",
        learning.follow,
        EVENTS,
        Waiting,
        headers=(USER,),
        at=None,
    ),
    _post(
        f"{_ROOT}/conversations/import",
        "import_conversations",
        "learn from conversations",
        run=learning.records,
        gives=ImportedRecords,
        takes=Records,
        at=None,
    ),
    _get(f"{_ROOT}/vectors/status", "vector_status", "how far the index is", run=learning.status, gives=VectorStatus),
    _post(
        f"{_ROOT}/vectors/rebuild",
        "rebuild_vectors",
        "make the index anew",
        run=learning.rebuild,
        gives=VectorRebuild,
        takes=Rebuild,
        at="long",
    ),
    Operation(
        "GET",
        f"{_ROOT}/capabilities",
        "autoskill_capabilities",
        "the paths of these operations",
        _capabilities,
        Capabilities,
        Loose,
        headers=(USER,),
        at=None,
    ),
)
