"""What AutoSkill's clients send and get. What they send beside that is let pass, as there."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta, Struct

from skillgit.serve.api.shapes import Count, Share

Scope: TypeAlias = Literal["user", "common", "library", "shared", "all"]
Status: TypeAlias = Literal["scheduled", "running", "completed", "failed"]


class Loose(Struct, frozen=True, kw_only=True):
    """What a client says; `user` counts where its key may act for others."""

    user: str = ""


class Listing(Loose, frozen=True, kw_only=True):
    """How many."""

    limit: Annotated[int, Meta(ge=1, le=1000)] = 200


class Wanted(Loose, frozen=True, kw_only=True):
    """Whether the SKILL.md is told, too."""

    include_md: bool = False


class ExportAs(Loose, frozen=True, kw_only=True):
    """As what."""

    format: Literal["files", "md", "zip", "zip_base64"] = "files"


class Waiting(Loose, frozen=True, kw_only=True):
    """Seconds until a stream ends in any case."""

    timeout_s: Annotated[float, Meta(ge=1, le=300)] = 30


class Md(Loose, frozen=True, kw_only=True):
    """A SKILL.md, under one name or the other."""

    skill_md: str = ""
    md: str = ""


class Question(Loose, frozen=True, kw_only=True):
    """A query, under one name or the other, or the conversation that it follows from."""

    query: Annotated[str, Meta(max_length=20_000)] = ""
    q: Annotated[str, Meta(max_length=20_000)] = ""
    messages: Annotated[list[dict[str, Any]], Meta(max_length=10_000)] = []
    scope: Scope = "all"
    limit: Count | None = None
    min_score: Share | None = None
    hint: Annotated[str, Meta(max_length=2_000)] = ""


class Upload(Loose, frozen=True, kw_only=True):
    """A zip archive of skills, in base64; a path of the server is not taken."""

    zip_base64: str


class Records(Loose, frozen=True, kw_only=True):
    """Conversations, in any form that `skillgit ingest` reads as JSON."""

    data: Any


class Rebuild(Loose, frozen=True, kw_only=True):
    """A rebuild is always of all, and waited for."""


class Summary(Struct, frozen=True, kw_only=True):
    """A skill in a list. `updated_at` is null: the versions of a skill tell."""

    id: str
    name: str
    description: str
    version: str
    owner: str
    tags: list[str]
    triggers: list[str]
    resource_paths: list[str]
    updated_at: str | None = None


class Detail(Summary, frozen=True, kw_only=True):
    """A skill. `source` is null: no conversation is kept with a skill."""

    instructions: str
    examples: list[Any]
    metadata: dict[str, Any]
    source: None = None
    skill_md: str | None = None


class SkillList(Struct, frozen=True, kw_only=True):
    """Skills."""

    object: Literal["list"] = "list"
    user: str
    data: list[Summary]


class One(Struct, frozen=True, kw_only=True):
    """A skill."""

    object: Literal["skill"] = "skill"
    data: Detail


class SkillMd(Struct, frozen=True, kw_only=True):
    """A SKILL.md."""

    object: Literal["skill_md"] = "skill_md"
    skill_id: str
    name: str
    version: str
    skill_md: str


class Origin(Struct, frozen=True, kw_only=True):
    """The version that came back."""

    version: str
    updated_at: str


class Written(Struct, frozen=True, kw_only=True):
    """A skill that was changed, and how many versions it had before."""

    ok: bool = True
    object: Literal["skill"] = "skill"
    data: Detail
    history_count: int
    restored_from: Origin | None = None


class Deleted(Struct, frozen=True, kw_only=True):
    """A skill that was taken away."""

    ok: bool = True
    deleted: bool = True
    skill_id: str


class Past(Struct, frozen=True, kw_only=True):
    """A version."""

    version: str
    name: str
    description: str
    updated_at: str
    is_current: bool


class Pasts(Struct, frozen=True, kw_only=True):
    """Versions, the oldest first."""

    object: Literal["list"] = "list"
    skill_id: str
    name: str
    data: list[Past]


class Exported(Struct, frozen=True, kw_only=True):
    """A skill's files: as texts, as its SKILL.md, or as a zip archive in base64. What is not asked for is null."""

    object: Literal["skill_export"] = "skill_export"
    format: Literal["files", "md", "zip_base64"]
    skill_id: str
    name: str
    version: str
    files: dict[str, str] | None = None
    skill_md: str | None = None
    file_name: str | None = None
    zip_base64: str | None = None


class Hit(Struct, frozen=True, kw_only=True):
    """A skill that was found."""

    rank: int
    score: float
    id: str
    name: str
    description: str
    resource_paths: list[str]
    source: str
    owner: str
    version: str
    skill: Summary


class Hits(Struct, frozen=True, kw_only=True):
    """The skills that answer a query."""

    object: Literal["list"] = "list"
    query: str
    user: str
    scope: Scope
    data: list[Hit]
    data_user: list[Hit]
    data_library: list[Hit]
    error: None = None


class Preview(Struct, frozen=True, kw_only=True):
    """What a request would get."""

    object: Literal["retrieval_preview"] = "retrieval_preview"
    user: str
    scope: Scope
    query: str
    original_query: str
    latest_user_query: str
    rewritten_query: str | None
    search_query: str
    event_time: int
    top_k: int | None
    min_score: float | None
    hits: list[Hit]
    hits_user: list[Hit]
    hits_library: list[Hit]
    selected_for_use_ids: list[str]
    selected_for_context_ids: list[str]
    selected_skills: list[Summary]
    context_injected: bool
    context: str
    error: None = None


class ImportList(Struct, frozen=True, kw_only=True):
    """The skills that came in."""

    ok: bool = True
    object: Literal["list"] = "list"
    imported_count: int
    data: list[Summary]


class MdOf(Struct, frozen=True, kw_only=True):
    """A SKILL.md that was learned."""

    id: str
    md: str
    truncated: bool = False


class Event(Struct, frozen=True, kw_only=True):
    """What became of an extraction; `reason` is what AutoSkill does not say: why nothing came of it, or why this."""

    job_id: str
    event_id: str
    trigger: str
    event_time: int
    status: Status
    user_id: str
    error: str
    reason: str
    upserted: list[Summary]
    skills: list[Detail]
    skill_mds: list[MdOf]


class EventOf(Struct, frozen=True, kw_only=True):
    """An extraction, or null where there was none."""

    object: Literal["extraction_event"] = "extraction_event"
    data: Event | None


class Events(Struct, frozen=True, kw_only=True):
    """Extractions, the newest first."""

    object: Literal["list"] = "list"
    user: str
    data: list[Event]


class Foreseen(Struct, frozen=True, kw_only=True):
    """A skill that would be learned, and the decision about it; it has no files yet, and nobody says how sure it is."""

    name: str
    description: str
    instructions: str
    triggers: list[str] = []
    tags: list[str] = []
    resource_paths: list[str] = []
    files: dict[str, str] = {}
    examples: list[Any] = []
    confidence: None = None
    source: None = None
    decision: str
    reason: str


class Simulated(Struct, frozen=True, kw_only=True):
    """What an extraction would come to."""

    object: Literal["extraction_simulation"] = "extraction_simulation"
    user: str
    count: int
    skills: list[Foreseen]


class ImportedRecords(Struct, frozen=True, kw_only=True):
    """Conversations that are learned from as jobs."""

    ok: bool = True
    object: Literal["conversation_import"] = "conversation_import"
    user: str
    total_conversations: int
    processed: int
    failed: int
    job_ids: list[str]
    errors: list[str]


class Vectors(Struct, frozen=True, kw_only=True):
    """How far the index is; nothing is embedded behind the back of who asks, so none is pending."""

    user: str
    scope: Scope = "all"
    total_skills: int
    indexed_skills: int
    missing_skills: int
    pending_skills: int = 0


class VectorStatus(Struct, frozen=True, kw_only=True):
    """How far the index is."""

    object: Literal["vector_status"] = "vector_status"
    data: Vectors


class Remade(Struct, frozen=True, kw_only=True):
    """How many skills are in the new index, of all users, and how far it is for this one."""

    user: str
    scope: Scope = "all"
    force: bool = True
    blocking: bool = True
    rebuilt: int
    status: Vectors


class VectorRebuild(Struct, frozen=True, kw_only=True):
    """The index was made anew."""

    ok: bool = True
    object: Literal["vector_rebuild"] = "vector_rebuild"
    data: Remade


class Capabilities(Struct, frozen=True, kw_only=True):
    """The paths of the operations, by their part."""

    object: Literal["autoskill.capabilities"] = "autoskill.capabilities"
    data: dict[str, list[str]]
