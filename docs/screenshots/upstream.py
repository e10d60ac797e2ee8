"""A model for the chat, which always says the same, a few words at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

_SAID = """\
## Acme Desk 3.2

### Breaking changes

- **The export asks for a format.** Scripts that call `/export` have to say `format=csv` ([#412](#)).
  *How to migrate:* add the parameter; what came before was CSV.

### New

- Reports can be sent every Monday ([#398](#)).
- The search finds words inside attachments ([#405](#)).

Needs PostgreSQL 15 or later. Thanks to Bo, Chidi and Dana.
"""


class _Model(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._send("application/json", json.dumps({"object": "list", "data": [{"id": "small", "object": "model"}]}))

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._send("text/event-stream", "".join(_events()))

    def _send(self, media: str, text: str) -> None:
        content = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nobody has to know."""


def _events() -> Iterator[str]:
    for word in _SAID.split(" "):
        yield _event({"delta": {"content": f"{word} "}, "index": 0, "finish_reason": None})
    yield _event({"delta": {}, "index": 0, "finish_reason": "stop"})
    yield "data: [DONE]\n\n"


def _event(choice: dict[str, object]) -> str:
    said = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "small", "choices": [choice]}
    return f"data: {json.dumps(said)}\n\n"


@contextmanager
def upstream() -> Iterator[str]:
    """Where the model is, while it is needed."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Model)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
