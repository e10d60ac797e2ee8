"""The methods of the protocol, each a question to the skills of the user who asks."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, Final, NoReturn, TypeAlias

from mcp.server import Server
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    BlobResourceContents,
    CallToolRequestParams,
    CallToolResult,
    ListResourcesResult,
    ListToolsResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
    RequestParams,
    Resource,
    TextContent,
    TextResourceContents,
    Tool,
    ToolAnnotations,
)

from skillgit import __version__
from skillgit.changes.skill import FILE
from skillgit.errors import SkillgitError
from skillgit.serve import audit
from skillgit.serve.desk import Desk, Hands
from skillgit.serve.mcp import shelf, tools
from skillgit.serve.mcp.shelf import Entry, Shelf
from skillgit.serve.problem import told

Context: TypeAlias = ServerRequestContext[Any, Any]

EXTENSION: Final = "io.modelcontextprotocol/skills"
_PAGE = 100
_FRESH: Final[Mapping[str, Any]] = {"ttl_ms": 10_000, "cache_scope": "private"}
_INSTRUCTIONS = (
    "Skills that were learned from earlier work, as a git repository keeps them. Before a task, call search_skills with"
    " what the user wants, and follow what get_skill says of those that fit."
)


class Uri(RequestParams):
    """The parameters of a method that takes an address."""

    uri: str
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Library:
    """The skills that are served: `whose` says which user has asked."""

    desk: Desk
    whose: Callable[[Context], str]
    shelf: Shelf

    async def tools(self, _: Context, __: PaginatedRequestParams | None) -> ListToolsResult:
        """`tools/list`"""
        return ListToolsResult(tools=[_described(tool) for tool in tools.TOOLS], **_FRESH)

    async def call(self, context: Context, params: CallToolRequestParams) -> CallToolResult:
        """`tools/call`"""
        tool = next((tool for tool in tools.TOOLS if tool.name == params.name), None)
        if tool is None:
            _refuse(f"there is no tool '{params.name[:80]}'")
        user = self.whose(context)
        try:
            made = await self.desk.do(tool.at, partial(tools.called, tool, params.arguments or {}, user=user))
        except SkillgitError as err:
            audit.record(tool=tool.name, user=user, trouble=err.message)
            return CallToolResult(content=[TextContent(text=_words(err, context))], is_error=True)
        audit.record(tool=tool.name, user=user)
        return CallToolResult(content=[TextContent(text=tool.told(made))], structured_content=tools.plain(made))

    async def resources(self, context: Context, params: PaginatedRequestParams | None) -> ListResourcesResult:
        """`resources/list`: the SKILL.md of each skill."""
        page, more = await self._page(context, params)
        return ListResourcesResult(resources=[_main(entry) for entry in page], next_cursor=more, **_FRESH)

    async def read(self, context: Context, params: ReadResourceRequestParams) -> ReadResourceResult:
        """`resources/read`: a file of a skill."""
        user = self.whose(context)
        found = await self.desk.do("read", partial(self._content, user=user, uri=params.uri))
        audit.record(resource=found.uri, user=user)
        return ReadResourceResult(contents=[found], **_FRESH)

    async def directory(self, context: Context, params: Uri) -> dict[str, Any]:
        """`resources/directory/read`: what stands in a folder of a skill."""
        found = await self._find(context, params.uri)
        below = shelf.children(*found) if found else None
        if found is None or below is None:
            _refuse("there is no such folder")
        entry, folder = found
        resources = [
            _child(shelf.address(entry.path, "/".join(filter(None, (folder, name)))), name, file)
            for name, file in below.items()
        ]
        return {"resultType": "complete", "resources": [_dumped(each) for each in resources]}

    async def skills(self, context: Context, params: PaginatedRequestParams) -> dict[str, Any]:
        """`skills/list`: the entries of all skills."""
        page, more = await self._page(context, params)
        next_cursor = {"nextCursor": more} if more else {}
        return _cacheable({"skills": [_said(entry) for entry in page], **next_cursor})

    async def skill(self, context: Context, params: Uri) -> dict[str, Any]:
        """`skills/get`: the entry of one skill."""
        found = await self._find(context, params.uri)
        if found is None or found[1] != FILE:
            _refuse("there is no such skill")
        return _cacheable({"skill": _said(found[0])})

    async def _find(self, context: Context, uri: str) -> tuple[Entry, str] | None:
        user = self.whose(context)
        return await self.desk.do("read", lambda hands: self.shelf.find(hands, user, uri))

    async def _page(self, context: Context, params: PaginatedRequestParams | None) -> tuple[list[Entry], str | None]:
        """Some entries, and the cursor of those behind them."""
        user, after = self.whose(context), (params.cursor if params else None) or ""

        def read(hands: Hands) -> list[Entry]:
            return list(islice(self.shelf.entries(hands, user, after=after), _PAGE + 1))

        found = await self.desk.do("read", read)
        return found[:_PAGE], found[_PAGE - 1].path if len(found) > _PAGE else None

    def _content(self, hands: Hands, *, user: str, uri: str) -> TextResourceContents | BlobResourceContents:
        found = self.shelf.find(hands, user, uri)
        file = found[0].files.get(found[1]) if found else None
        if file is None:
            _refuse("there is no such resource")
        content, media = hands.repo.read(file.oid), shelf.media_type(file.uri)
        try:
            return TextResourceContents(uri=file.uri, mime_type=media, text=content.decode())
        except UnicodeDecodeError:
            return BlobResourceContents(uri=file.uri, mime_type=media, blob=base64.b64encode(content).decode())


def served(desk: Desk, whose: Callable[[Context], str]) -> Server[Any]:
    """A server of the protocol, for the skills that a desk has and the user who asks sees."""
    library = Library(desk, whose, Shelf())
    made: Server[Any] = Server(
        "skillgit",
        version=__version__,
        instructions=_INSTRUCTIONS,
        on_list_tools=library.tools,
        on_call_tool=library.call,
        on_list_resources=library.resources,
        on_read_resource=library.read,
    )
    made.middleware.append(_answered)
    made.extensions[EXTENSION] = {"directoryRead": True}
    made.add_request_handler("skills/list", PaginatedRequestParams, library.skills)
    made.add_request_handler("skills/get", Uri, library.skill)
    made.add_request_handler("resources/directory/read", Uri, library.directory)
    return made


async def _answered(ctx: Context, call_next: CallNext) -> HandlerResult:
    """What the rest answers; an error of ours says no more than that there is one."""
    try:
        return await call_next(ctx)
    except SkillgitError as err:
        audit.trouble(f"{ctx.method}: {err.message}")
        raise MCPError(INTERNAL_ERROR, "the skills cannot be read") from err


def _words(error: SkillgitError, context: Context) -> str:
    """What a model hears of an error; who asks from afar hears nothing of our files and addresses."""
    if context.request is not None:
        return told(error)
    return f"{error.message}; {error.hint}" if error.hint else error.message


def _described(tool: tools.Tool) -> Tool:
    hints = ToolAnnotations(read_only_hint=not tool.writes, destructive_hint=False, open_world_hint=False)
    return Tool(
        name=tool.name,
        description=tool.does,
        input_schema=tools.schema(tool.takes),
        output_schema=tools.schema(tool.gives),
        annotations=hints,
    )


def _main(entry: Entry) -> Resource:
    """The SKILL.md of a skill."""
    name, description = str(entry.frontmatter["name"]), str(entry.frontmatter["description"])
    size = entry.files[FILE].size
    return Resource(uri=entry.uri, name=name, description=description, mime_type=shelf.MARKDOWN, size=size)


def _child(uri: str, name: str, file: shelf.File | None) -> Resource:
    """What stands in a folder: a file, or another folder."""
    if file is None:
        return Resource(uri=uri, name=name, mime_type=shelf.FOLDER)
    return Resource(uri=uri, name=name, mime_type=shelf.media_type(name), size=file.size)


def _said(entry: Entry) -> dict[str, Any]:
    files = [{"uri": file.uri, "digest": file.digest, "size": file.size} for file in entry.files.values()]
    return {"uri": entry.uri, "frontmatter": entry.frontmatter, "resources": files}


def _cacheable(result: dict[str, Any]) -> dict[str, Any]:
    return {"resultType": "complete", **result, "ttlMs": _FRESH["ttl_ms"], "cacheScope": _FRESH["cache_scope"]}


def _dumped(resource: Resource) -> dict[str, Any]:
    return resource.model_dump(by_alias=True, mode="json", exclude_none=True)


def _refuse(message: str) -> NoReturn:
    raise MCPError(INVALID_PARAMS, message)
