"""What a running server has: its settings, and the things that requests share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

from skillgit import config
from skillgit.changes.chronicle import Chronicle
from skillgit.config import Value, setting
from skillgit.git.repo import YES, Repo
from skillgit.learn.jobs import Wanted
from skillgit.models.relay import Relay
from skillgit.models.upstream import Upstream, of_model, upstream
from skillgit.serve.counting import Counting
from skillgit.serve.desk import Desk
from skillgit.serve.identity import Gate
from skillgit.serve.intake import Intake
from skillgit.serve.keys import Keyring
from skillgit.serve.limit import shared
from skillgit.serve.options import Learn, Rewrite
from skillgit.serve.retrieval import Retrieval
from skillgit.serve.talks import Talks
from skillgit.serve.worker import Worker

_LOGINS = 20
"""How many wrong keys a minute are answered from one address."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings of a server."""

    upstreams: tuple[Upstream, ...]
    rewrite: Rewrite
    learn: Learn
    every: int
    rate: int | None
    max_body: int
    seconds: float
    pages: bool = True


class Server:
    """The things that requests share, of one event loop."""

    def __init__(self, directory: Path, rules: Rules, *, is_local: bool) -> None:
        self.repo = Repo.open(directory)
        self.rules = rules
        self.gate = gate(self.repo, is_local=is_local)
        self.limit = shared(self.repo, rules.rate)
        self.logins = shared(self.repo, _LOGINS)
        self.relay = Relay(seconds=rules.seconds)
        self.retrieval = Retrieval(directory)
        self.counting = Counting(directory)
        self.talks = Talks(directory, self.retrieval, self.counting)
        self.worker = Worker(directory)
        self.desk = Desk(directory)
        self.checked: tuple[float, dict[str, object]] | None = None
        """When `health.py` looked the last time, and what it found."""
        self.chronicle = Chronicle()
        """What was decided, up to the commit for which somebody has asked last."""
        self._following: asyncio.Task[None] | None = None
        self._intake = Intake(self.repo, every=rules.every)

    async def start(self) -> None:
        """All of it runs."""
        self._following = asyncio.create_task(self.retrieval.follow())
        await self.worker.start()

    async def stop(self) -> None:
        """What was asked for is on the disk, and nothing runs any more."""
        if self._following:
            self._following.cancel()
        await self.talks.close()
        await self._intake.close()
        await asyncio.to_thread(self.desk.close)
        await asyncio.to_thread(self.counting.close)
        await self.worker.stop()
        await self.relay.close()
        self.retrieval.close()

    def learn(self, wanted: Callable[[], Wanted], *, name: str, policy: Learn) -> None:
        """Have a conversation learned from as a job of this name; `wanted` is called on another thread."""
        wake = partial(asyncio.get_running_loop().call_soon_threadsafe, self.worker.wake)
        self._intake.add(wanted, wake, name=name, policy=policy)

    async def ask(self, wanted: Callable[[], Wanted], *, name: str) -> None:
        """A job of this name, for which somebody has asked, is on the disk; `wanted` is called on another thread."""
        await self._intake.ask(wanted, name=name)
        self.worker.wake()


def gate(repo: Repo, *, is_local: bool) -> Gate:
    """Who is let in to a server of this repository. Raises UsageError for an issuer that is none."""
    file = setting(repo, "serve.jwt-key").text
    tokens = None
    if file:
        from skillgit.serve.tokens import configured  # 60 ms, with cryptography

        tokens = configured(repo, file)
    return Gate(Keyring(repo), config.user(repo), is_local, tokens)


def rules(repo: Repo, upstreams: Sequence[str] = ()) -> Rules:
    """The settings of a server of this repository. Raises UsageError for a wrong one."""
    rate = setting(repo, "serve.rate").text
    return Rules(
        _upstreams(repo, upstreams),
        cast(Rewrite, setting(repo, "serve.rewrite").text),
        cast(Learn, setting(repo, "serve.learn").text),
        int(setting(repo, "serve.every").text),
        int(rate) if rate else None,
        int(setting(repo, "serve.max-body").text) << 20,
        float(setting(repo, "model-timeout").text),
        setting(repo, "serve.web").text.lower() in YES,
    )


def _upstreams(repo: Repo, given: Sequence[str]) -> tuple[Upstream, ...]:
    """Those that are given, or else the setting's, or else the one of the model that is configured, if one is."""
    values = [Value(text, "--upstream") for text in given] or [setting(repo, "serve.upstream")]
    if values[0].text:
        return tuple(upstream(repo, value) for value in values)
    usual = of_model(repo)
    return (usual,) if usual else ()
