"""The styles and scripts of the pages: `/static/NAME`, for everybody, as the login needs them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from skillgit.serve.problem import Problem

_MEDIA: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FOLDER = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True)
class File:
    """A file, its media type, and its entity tag."""

    content: bytes
    media: str
    etag: str


@cache
def files() -> Mapping[str, File]:
    """Every file by its name: what a client asks for is looked up here, and no path made of it."""
    return {path.name: _file(path) for path in sorted(_FOLDER.iterdir()) if path.suffix in _MEDIA}


async def answered(request: Request) -> ASGIApp:
    """A file, or that the browser has it already. Raises Problem, 404."""
    found = files().get(request.path_params["name"])
    if found is None:
        raise Problem(404, "no such file")
    headers = {"ETag": found.etag, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    if found.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(found.content, 200, headers, found.media)


def _file(path: Path) -> File:
    content = path.read_bytes()
    return File(content, _MEDIA[path.suffix], f'"{hashlib.sha256(content).hexdigest()[:20]}"')
