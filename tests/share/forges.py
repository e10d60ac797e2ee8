"""A forge on loopback that speaks the REST API of one kind, and serves its repositories to git.

    with forge("gitlab", tmp_path) as server:
        bare = server.repository("team/skills")          a bare repository, at server.url + "/team/skills.git"
        ...                                              server.asked, server.pulls, server.comments

Each request is held against what the API's publisher says of it (`forge_apis.py`): a method, path, header, query or
field that it does not have is answered as the forge would, and told in `server.faults`. What stands in `server.first`
is answered before anything else, one reply a request. A forge ends with its block.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.git.place import git
from tests.share.forge_apis import APIS, Call, Pull, Reply, Said

TOKEN = "s3cret-t0ken"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to the API."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Mapping[str, Any]


@dataclass(slots=True)
class Comment:
    """A remark on a pull request."""

    id: int
    number: int
    body: str


class Forge(ThreadingHTTPServer):
    """A running forge."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, kind: str, root: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.kind, self.root = kind, root
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.api = APIS[kind]
        self.asked: list[Asked] = []
        self.faults: list[str] = []
        self.first: list[Reply] = []
        self.pulls: list[Pull] = []
        self.comments: list[Comment] = []
        self.repositories: list[str] = []  # the place in the list, and 1, is the number of one
        self.lock = Lock()

    def repository(self, path: str, source: Path | None = None) -> Path:
        """A bare repository at a path, empty or a copy; git reaches it at `url(path)`."""
        bare = self.root / f"{path}.git"
        bare.parent.mkdir(parents=True, exist_ok=True)
        git("clone", "-q", "--bare", source, bare) if source else git("init", "-q", "--bare", "-b", "main", bare)
        git("config", "http.receivepack", "true", cwd=bare)
        self.repositories.append(path)
        return bare

    def at(self, path: str) -> str:
        """The address of a repository."""
        return f"{self.url}/{path}.git"

    def tip(self, path: str, branch: str) -> str | None:
        """The commit that a branch is at."""
        done = subprocess.run(
            ["git", "rev-parse", "-q", "--verify", f"refs/heads/{branch}"],
            cwd=self.root / f"{path}.git",
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout.strip() or None

    def fault(self, words: str) -> None:
        """Note what a request has that the published API has not."""
        self.faults.append(words)


@contextmanager
def forge(kind: str, root: Path) -> Iterator[Forge]:
    """A forge of this kind, with its repositories in a folder, until the block is left."""
    root.mkdir(parents=True, exist_ok=True)
    with Forge(kind, root) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


@dataclass(frozen=True, slots=True)
class _Cgi:
    """What `git http-backend` answers."""

    status: int
    headers: tuple[tuple[str, str], ...] = field(default_factory=tuple)
    content: bytes = b""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Forge

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    do_PATCH = do_PUT = do_POST  # noqa: N815 (the names that http.server calls)

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _answer(self, content: bytes) -> None:
        place = urlsplit(self.path)
        if not place.path.startswith(self.server.api.prefix):
            done = self._git(place.path, place.query, content)
            self._send(done.status, dict(done.headers), done.content)
            return
        asked = Asked(
            self.command,
            place.path.removeprefix(self.server.api.prefix),
            dict(parse_qsl(place.query)),
            {name.lower(): value for name, value in self.headers.items()},
            json.loads(content or b"{}"),
        )
        with self.server.lock:
            self.server.asked.append(asked)
            said = self.server.first.pop(0)(asked) if self.server.first else self._said(asked)
        if said is not None:
            self._send(said.status, {"Content-Type": "application/json", **said.headers}, said.content)
        self.close_connection = said is None

    def _said(self, asked: Asked) -> Said:
        """What the API of this kind answers."""
        api, forge = self.server.api, self.server
        wrong = {name: value for name, value in api.headers(TOKEN).items() if asked.headers.get(name) != value}
        if api.carrier in wrong:
            return api.refuse(401, "Bad credentials")
        for name in wrong:
            forge.fault(f"{asked.method} {asked.path}: {name}: {asked.headers.get(name)}")
        found = next(((call, match) for call in api.calls if (match := call.matches(asked.method, asked.path))), None)
        if found is None:
            forge.fault(f"no call {asked.method} {asked.path}")
            return api.refuse(404, "Not Found")
        call, match = found
        self._hold(asked, call)
        return call.answer(forge, asked, match)

    def _hold(self, asked: Asked, call: Call) -> None:
        where = f"{asked.method} {asked.path}"
        for name in asked.query.keys() - call.query:
            self.server.fault(f"{where}: no query '{name}'")
        for name, value in asked.body.items():
            if name not in call.body or not isinstance(value, call.body[name]):
                self.server.fault(f"{where}: no field '{name}' like {value!r}")
        if asked.method != "GET" and asked.headers.get("content-type") != "application/json":
            self.server.fault(f"{where}: content of {asked.headers.get('content-type')}")

    def _git(self, path: str, query: str, content: bytes) -> _Cgi:
        env = {
            "GIT_PROJECT_ROOT": str(self.server.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(content)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "REMOTE_ADDR": "127.0.0.1",
        }
        done = subprocess.run(
            ["git", "http-backend"], input=content, env={**os.environ, **env}, capture_output=True, check=False
        )
        head, _, rest = done.stdout.partition(b"\r\n\r\n")
        rows = [line.split(": ", 1) for line in head.decode().splitlines()]
        status = next((int(value.split()[0]) for name, value in rows if name == "Status"), 200)
        return _Cgi(status, tuple((name, value) for name, value in rows if name != "Status"), rest)

    def _send(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:  # the client has gone
            self.close_connection = True
