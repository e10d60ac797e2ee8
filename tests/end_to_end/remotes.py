"""A folder of bare repositories as others reach it: a path, a file:// address, git's daemon, git's CGI for the web.

    with over_http(folder, people={"ada": "secret"}) as url:
        git("clone", f"{url}/hub.git")

All are git's own programs; the servers listen on a free port of loopback and stop where the block ends.
"""

from __future__ import annotations

import base64
import os
import socketserver
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

Serving = Callable[[Path], AbstractContextManager[str]]
"""The address of a folder, as long as it is served."""


@contextmanager
def over_path(folder: Path) -> Iterator[str]:
    """The folder's own path."""
    yield str(folder)


@contextmanager
def over_file(folder: Path) -> Iterator[str]:
    """A file:// address."""
    yield f"file://{folder}"


@contextmanager
def over_daemon(folder: Path) -> Iterator[str]:
    """`git daemon`, a process for each connection; everybody may push."""
    words = ["git", "daemon", "--inetd", "--export-all", "--enable=receive-pack", f"--base-path={folder}", str(folder)]

    class Connection(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            subprocess.run(words, stdin=self.request, stdout=self.request, stderr=subprocess.DEVNULL, check=False)

    with _running(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Connection)) as port:
        yield f"git://127.0.0.1:{port}"


@contextmanager
def over_http(folder: Path, *, people: Mapping[str, str] | None = None) -> Iterator[str]:
    """`git http-backend` behind a web server; where there are people, only they get in, and hooks know who it is."""

    class Exchange(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            user, allowed = _who(self.headers.get("Authorization"), people)
            status, headers, body = _backend(self, folder, user) if allowed else _REFUSAL
            self.send_response(status)
            for name, value in (*headers, ("Content-Length", str(len(body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 (as the web server calls it)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with _running(ThreadingHTTPServer(("127.0.0.1", 0), Exchange)) as port:
        yield f"http://127.0.0.1:{port}"


SERVED: Mapping[str, Serving] = {
    "a path": over_path,
    "file": over_file,
    "git daemon": over_daemon,
    "http-backend": over_http,
}

_Answer = tuple[int, list[tuple[str, str]], bytes]
_ANYBODY_PUSHES = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.receivepack", "GIT_CONFIG_VALUE_0": "true"}
_REFUSAL: _Answer = (401, [("WWW-Authenticate", 'Basic realm="skills"')], b"")


@contextmanager
def _running(server: socketserver.TCPServer) -> Iterator[int]:
    """The port of a server that runs in a thread."""
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _who(authorization: str | None, people: Mapping[str, str] | None) -> tuple[str, bool]:
    """The user that a request names, and whether to let it in."""
    if people is None:
        return "", True
    said = base64.b64decode((authorization or "").removeprefix("Basic ")).decode()
    user, _, password = said.partition(":")
    return user, user in people and people[user] == password


def _backend(request: BaseHTTPRequestHandler, folder: Path, user: str) -> _Answer:
    path, _, query = request.path.partition("?")
    about = {
        "GIT_PROJECT_ROOT": str(folder),
        "GIT_HTTP_EXPORT_ALL": "1",
        "GIT_PROTOCOL": request.headers.get("Git-Protocol", ""),
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "REQUEST_METHOD": request.command,
        "CONTENT_TYPE": request.headers.get("Content-Type", ""),
        "HTTP_CONTENT_ENCODING": request.headers.get("Content-Encoding", ""),
        "REMOTE_ADDR": "127.0.0.1",
        **({"REMOTE_USER": user} if user else _ANYBODY_PUSHES),
    }
    done = subprocess.run(
        ["git", "http-backend"], input=_body(request), env={**os.environ, **about}, capture_output=True, check=False
    )
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    rows = (line.partition(": ") for line in head.decode().splitlines())
    headers = {name: value for name, _, value in rows}
    return int(headers.pop("Status", "200").split()[0]), list(headers.items()), body


def _body(request: BaseHTTPRequestHandler) -> bytes:
    """What a request carries, in one piece or in chunks."""
    if "chunked" not in request.headers.get("Transfer-Encoding", ""):
        return request.rfile.read(int(request.headers.get("Content-Length") or 0))
    chunks = []
    while size := int(request.rfile.readline(), 16):
        chunks.append(request.rfile.read(size))
        request.rfile.readline()
    request.rfile.readline()
    return b"".join(chunks)
