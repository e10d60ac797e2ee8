"""What the proxy adds: `python -m benchmarks.proxy [--seconds S] [--skills N] [--memory N] [--concurrency N...]`.

Three servers stand before one upstream on loopback that answers at once: none, a plain reverse proxy (starlette and
httpx, nothing else), and `skillgit serve`, each a process of its own. All are asked in turn, a few requests each, until
the seconds of a row are over, so that a busy machine is busy for all of them, and that it ends within eight minutes on
any. CPU time is that of the server's own process; of what learns beside it, it is told apart. Memory is measured before
anything is learned: that grows by what is known.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from benchmarks.cost import WORLD, library

_WORDS = b'data: {"id":"x","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"word "}}]}\n\n'
_ANSWER = json.dumps(
    {
        "id": "x",
        "object": "chat.completion",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "word " * 100}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 100, "total_tokens": 101},
    }
).encode()
_ITEMS = (
    2_000  # that are asked about while memory is measured: what the search remembers of words is bounded, but large
)
_DRAWN = 3  # words of a question that are not those of all: it is as long as people's are then, some 25 pieces
_TURN = 10  # requests that a server gets before it is the next one's turn
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Server:
    """A server that is asked: its name, its address, its process."""

    name: str
    url: str
    pid: int

    @property
    def cpu(self) -> float:
        """Seconds of CPU that it has used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK

    @property
    def beside(self) -> float:
        """Seconds of CPU that the processes which it has started have used so far."""
        found = [each.rpartition(")")[2].split() for each in _stats()]
        return sum(int(fields[11]) + int(fields[12]) for fields in found if int(fields[1]) == self.pid) / _TICK

    @property
    def memory(self) -> float:
        """MiB of memory that it holds."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def _stats() -> Iterator[str]:
    """What the system says of each process."""
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            yield file.read_text()


@dataclass(frozen=True, slots=True)
class Measured:
    """What a number of requests took, each and all."""

    seconds: Sequence[float]
    whole: float
    cpu: float

    def at(self, share: float) -> float:
        """The milliseconds within which this share of the requests was answered."""
        return sorted(self.seconds)[min(int(share * len(self.seconds)), len(self.seconds) - 1)] * 1000


async def upstream(scope: Scope, receive: Receive, send: Send) -> None:
    """An answer of a hundred words, or a stream of twenty events."""
    if scope["type"] != "http":
        return
    content = b""
    while True:
        message = await receive()
        content += message.get("body", b"")
        if not message.get("more_body"):
            break
    streams = b'"stream": true' in content
    kind = b"text/event-stream" if streams else b"application/json"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
    for _ in range(20 if streams else 0):
        await send({"type": "http.response.body", "body": _WORDS, "more_body": True})
    await send({"type": "http.response.body", "body": b"" if streams else _ANSWER})


def plain() -> Starlette:
    """The least that a reverse proxy of starlette and httpx does."""
    client = httpx.AsyncClient(timeout=300, limits=httpx.Limits(max_connections=None, max_keepalive_connections=None))
    target = os.environ["BENCHMARK_UPSTREAM"]

    async def forward(request: Request) -> Response:
        content = await request.body()
        headers = [(name, value) for name, value in request.headers.raw if name not in (b"host", b"content-length")]
        asked = httpx.Request(request.method, f"{target}{request.url.path}", headers=headers, content=content)
        answer = await client.send(asked, stream=True)

        async def chunks() -> AsyncIterator[bytes]:
            try:
                async for chunk in answer.aiter_raw():
                    yield chunk
            finally:
                await answer.aclose()

        kind = {"content-type": answer.headers["content-type"]}
        return StreamingResponse(chunks(), answer.status_code, headers=kind)

    return Starlette(routes=[Route("/{path:path}", forward, methods=["GET", "POST"])])


@cache
def _vocabulary() -> list[str]:
    """The words of the documentation: what is remembered of words that came before must not flatter."""
    pages = sorted((Path(__file__).parents[1] / "docs").glob("*.md"))
    return sorted({word for page in pages for word in re.findall(r"\b[a-z]{4,12}\b", page.read_text())})


def body(number: int, *, stream: bool, learn: bool) -> bytes:
    """A question that was not asked before, and not in these words; what is to be learned is said with it."""
    drawn = random.Random(number).choices(_vocabulary(), k=_DRAWN)
    said = f"Write a short report about item {number} of the inventory, with a word on {' and '.join(drawn)}."
    said += f" From now on always give its number, {number}." if learn else ""
    options = {"min_score": 0.05, "learn": "auto" if learn else "never"}  # so that there are skills to be added
    messages = [{"role": "user", "content": said}]
    return json.dumps({"model": "m", "stream": stream, "messages": messages, "skillgit": options}).encode()


async def ask(server: Server, bodies: Sequence[bytes], *, concurrency: int) -> Measured:
    """All of the requests, so many at a time."""
    waiting = iter(bodies)
    seconds: list[float] = []
    limits = httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency)
    async with httpx.AsyncClient(base_url=server.url, timeout=120, limits=limits) as client:

        async def lane() -> None:
            for content in waiting:
                began = time.perf_counter()
                answer = await client.post("/v1/chat/completions", content=content)
                answer.raise_for_status()
                seconds.append(time.perf_counter() - began)

        began, cpu = time.perf_counter(), server.cpu
        await asyncio.gather(*(lane() for _ in range(concurrency)))
    return Measured(seconds, time.perf_counter() - began, server.cpu - cpu)


def compare(
    servers: Sequence[Server], given: argparse.Namespace, *, stream: bool, learn: bool, numbers: Iterator[int]
) -> None:
    """A line for each server and concurrency."""
    print(f"-- {'stream' if stream else 'whole'}, learning {'on' if learn else 'off'}")
    for concurrency in given.concurrency:
        rounds: dict[str, list[Measured]] = {server.name: [] for server in servers}
        until, beside = time.monotonic() + given.seconds, servers[-1].beside
        while time.monotonic() < until:
            for server in servers:
                count = max(_TURN, concurrency)
                bodies = [body(next(numbers), stream=stream, learn=learn) for _ in range(count)]
                rounds[server.name].append(asyncio.run(ask(server, bodies, concurrency=concurrency)))
        base = _joined(rounds[servers[0].name])
        for name, each in rounds.items():
            print(f"{concurrency:4} {_line(name, _joined(each), base)}")
        print(f"     learning  CPU {servers[-1].beside - beside:6.2f} s beside it")


def _line(name: str, measured: Measured, base: Measured) -> str:
    count, middle = len(measured.seconds), measured.at(0.5)
    return (
        f"{name:9} p50 {middle:8.2f} ms (+{middle - base.at(0.5):8.2f})  p99 {measured.at(0.99):8.2f}"
        f"  longest {measured.at(1):8.2f}  {count / measured.whole:6.0f} /s  CPU {1000 * measured.cpu / count:6.2f} ms"
        f"  of {count}"
    )


def _joined(measured: Sequence[Measured]) -> Measured:
    seconds = [each for one in measured for each in one.seconds]
    return Measured(seconds, sum(one.whole for one in measured), sum(one.cpu for one in measured))


@contextmanager
def process(name: str, command: Sequence[str], *, port: int, env: dict[str, str], cwd: Path) -> Iterator[Server]:
    """A server that runs until the block is left, and answers from the beginning."""
    log = cwd / f"{name.replace(' ', '-')}.log"
    with (
        log.open("wb") as said,
        subprocess.Popen(
            [*command, "--port", str(port)], env={**os.environ, **env}, cwd=cwd, stderr=said, stdout=said
        ) as run,
    ):
        url = f"http://127.0.0.1:{port}"
        for _ in range(400):
            try:
                httpx.post(f"{url}/v1/chat/completions", content=body(0, stream=False, learn=False)).raise_for_status()
                break
            except httpx.HTTPError:
                time.sleep(0.05)
        try:
            yield Server(name, url, run.pid)
        finally:
            run.send_signal(signal.SIGTERM)


def _ports(count: int) -> list[int]:
    import socket

    with ExitStack() as stack:
        places = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [place.getsockname()[1] for place in places]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--skills", type=int, default=1000)
    parser.add_argument("--memory", type=int, default=10_000)
    parser.add_argument("--concurrency", type=int, nargs="+", default=[1, 8, 32, 128])
    given = parser.parse_args()
    first, second, third = _ports(3)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        here = Path(folder)
        place = library(here / "library", given.skills, bare=True)
        up = [sys.executable, "-m", "uvicorn", "--log-level", "critical", "--lifespan", "off"]
        known = {**WORLD, "SKILLGIT_USER": "ada", "PYTHONPATH": str(Path(__file__).parents[1])}
        known["BENCHMARK_UPSTREAM"] = f"http://127.0.0.1:{first}"
        bare = stack.enter_context(
            process("upstream", [*up, "benchmarks.proxy:upstream"], port=first, env=known, cwd=here)
        )
        least = [*up, "--factory", "benchmarks.proxy:plain"]
        plain_ = stack.enter_context(process("plain", least, port=second, env=known, cwd=here))
        serve = [sys.executable, "-m", "skillgit", "serve", "--upstream", bare.url]
        ours = stack.enter_context(process("skillgit", serve, port=third, env=known, cwd=place))
        numbers = iter(range(1, 10_000_000))
        print(f"{given.skills} skills; {os.cpu_count()} cores, which the client, the upstream and the server share")
        for stream in (False, True):
            compare([bare, plain_, ours], given, stream=stream, learn=False, numbers=numbers)
        remember(ours, given.memory, numbers)
        for stream in (False, True):
            compare([bare, plain_, ours], given, stream=stream, learn=True, numbers=numbers)
        print(f"jobs: {httpx.get(f'{ours.url}/health', timeout=60).json()['jobs']}")


def remember(server: Server, count: int, numbers: Iterator[int]) -> None:
    """What a server holds while it answers so many requests."""
    before = server.memory
    for share in range(1, 9 if count else 1):
        items = (next(numbers) % _ITEMS for _ in range(count // 8))
        bodies = [body(number, stream=False, learn=False) for number in items]
        asyncio.run(ask(server, bodies, concurrency=8))
        print(f"memory after {share * count // 8} requests: {server.memory:.1f} MiB (before {before:.1f})")


if __name__ == "__main__":
    main()
