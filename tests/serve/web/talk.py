"""A server to talk on in a browser: a new library, with a model on loopback or none, and a browser without scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path

import httpx

from skillgit.git.repo import Repo
from tests.chat.brain import brain
from tests.models.server import Reply, Request, Sent, Server, serving
from tests.serve import place as places


@dataclass(slots=True)
class Script:
    """By what a model answers now."""

    reply: Reply

    def __call__(self, request: Request) -> Sent:
        return self.reply(request)


@dataclass(frozen=True, slots=True)
class Place:
    """Where one talks, and the model that is asked, or None where none is configured."""

    url: str
    repo: Repo
    model: Server | None
    script: Script

    def answers(self, reply: Reply) -> None:
        """From now on the model answers so, and has been asked nothing yet."""
        assert self.model
        self.script.reply = reply
        self.model.requests.clear()

    def heard(self) -> str:
        """What the model was asked last."""
        assert self.model
        return self.model.requests[-1].messages[-1]["content"]


@contextmanager
def talking(directory: Path, script: Reply | None = None) -> Iterator[Place]:
    """A server whose model answers by a script."""
    answering = Script(script or brain())
    with serving(answering) if script else nullcontext() as model:
        settings = {"model": "openai-compatible/loopback-1", "model-url": f"{model.url}/v1"} if model else {}
        with places.serving(directory, lambda rules: replace(rules, upstreams=()), settings=settings) as place:
            yield Place(place.url, place.repo, model, answering)


@dataclass(slots=True)
class Visitor:
    """A person with a browser without scripts, on a page with a composer."""

    client: httpx.Client
    page: httpx.Response

    def say(self, text: str, **more: str) -> httpx.Response:
        """The page after a message."""
        return self.post(self.action(), text=text, **more)

    def post(self, path: str, **fields: str) -> httpx.Response:
        """The page after a form was sent; where it is an error, the one before stays."""
        posted = self.client.post(path, data={"token": self.field("token"), "seen": self.field("seen"), **fields})
        if posted.is_success:
            self.page = posted
        return posted

    def stream(self, path: str, **fields: str) -> list[tuple[str, Mapping[str, object]]]:
        """The events that a script gets."""
        sent = {"token": self.field("token"), "stream": "1", **fields}
        return events(self.client.post(path, data=sent).text)

    def go(self, path: str) -> httpx.Response:
        """Another page."""
        self.page = self.client.get(path)
        return self.page

    def action(self) -> str:
        """Where the composer posts to."""
        return self.found(r'action="([^"]+)" id="say"')

    @property
    def name(self) -> str:
        """The id of the conversation."""
        return self.found(r'data-name="([^"]+)"')

    def field(self, name: str) -> str:
        return self.found(rf'name="{name}" value="([^"]*)"')

    def found(self, pattern: str) -> str:
        match = re.search(pattern, self.page.text)
        assert match, self.page.text
        return unescape(match[1])


@contextmanager
def visiting(place: Place, **headers: str) -> Iterator[Visitor]:
    """A person at the beginning of a conversation."""
    with httpx.Client(base_url=place.url, follow_redirects=True, timeout=30, headers=headers) as client:
        yield Visitor(client, client.get("/chat"))


def events(text: str) -> list[tuple[str, Mapping[str, object]]]:
    """The events of a stream; comments are none."""
    return [(name, json.loads(data)) for name, data in re.findall(r"^event: (.*)\ndata: (.*)$", text, re.MULTILINE)]


def names(found: list[tuple[str, Mapping[str, object]]]) -> list[str]:
    """What happened, in order, a run of pieces told once."""
    told = [name for name, _ in found]
    return [name for at, name in enumerate(told) if told[at - 1 : at] != [name]]
