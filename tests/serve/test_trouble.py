"""The official SDKs where things go wrong, take long, or are large: the client meets what it would meet without us."""

from __future__ import annotations

import asyncio
import base64
import http.client
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import anthropic
import httpx2
import openai
import pytest
from pydantic import BaseModel
from starlette.requests import Request

from skillgit.models.upstream import Upstream
from skillgit.serve.formats import MARK
from skillgit.serve.problem import Problem
from skillgit.serve.route import body
from tests.serve.place import REPORT, Place, impatient, serving, until
from tests.serve.upstream import WORDS

Call = Callable[[Place, str], Any]
ASK: Any = [{"role": "user", "content": REPORT}]
LONG = base64.b64encode(b"\x89PNG" * (10 << 18)).decode()  # a picture of ten MiB


class City(BaseModel):
    city: str


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with serving(tmp_path_factory.mktemp("trouble")) as made:
        yield made


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server that waits no longer than half a second for its upstream."""
    with serving(tmp_path_factory.mktemp("hasty"), impatient(0.5)) as made:
        yield made


MADE = ExitStack()


@pytest.fixture(autouse=True)
def clients() -> Iterator[None]:
    """Those that a test makes are closed behind it."""
    with MADE:
        yield


def gpt(place: Place, **more: Any) -> openai.OpenAI:
    return MADE.enter_context(openai.OpenAI(base_url=place.v1, api_key="sk-theirs", max_retries=0, **more))


def claude(place: Place, **more: Any) -> anthropic.Anthropic:
    return MADE.enter_context(anthropic.Anthropic(base_url=place.url, api_key="sk-theirs", max_retries=0, **more))


def chat_stream(place: Place, model: str) -> list[str]:
    chunks = gpt(place).chat.completions.create(model=model, messages=ASK, stream=True)
    return heard(chunk.choices[0].delta.content or "" for chunk in chunks)


def responses_stream(place: Place, model: str) -> list[str]:
    events = gpt(place).responses.create(model=model, input=REPORT, stream=True)
    return heard(event.delta for event in events if event.type == "response.output_text.delta")


def messages_stream(place: Place, model: str) -> list[str]:
    events = claude(place).messages.create(model=model, max_tokens=9, messages=ASK, stream=True)
    return heard(
        event.delta.text for event in events if event.type == "content_block_delta" and event.delta.type == "text_delta"
    )


class Broken(Exception):
    """A stream that ended before its end, and what had come of it."""

    def __init__(self, said: list[str]) -> None:
        super().__init__(said)
        self.said = said


def heard(pieces: Iterator[str]) -> list[str]:
    said: list[str] = []
    try:
        for piece in pieces:
            said.append(piece)
    except (openai.APIError, anthropic.APIError, httpx2.HTTPError) as err:
        raise Broken(said) from err
    return said


CALLS: dict[str, Call] = {
    "chat": lambda place, model: gpt(place).chat.completions.create(model=model, messages=ASK),
    "responses": lambda place, model: gpt(place).responses.create(model=model, input=REPORT),
    "embeddings": lambda place, model: gpt(place).embeddings.create(model=model, input="x"),
    "messages": lambda place, model: claude(place).messages.create(model=model, max_tokens=9, messages=ASK),
}
STREAMS: dict[str, Call] = {"chat": chat_stream, "responses": responses_stream, "messages": messages_stream}
REFUSED = (openai.APIStatusError, anthropic.APIStatusError)
STATUSES = (400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 529)


@pytest.mark.parametrize("call", [*CALLS.values(), *STREAMS.values()], ids=[*CALLS, *(f"{name}*" for name in STREAMS)])
def test_every_error_is_the_upstreams_own(place: Place, call: Call) -> None:
    for status in STATUSES:
        with pytest.raises(REFUSED) as caught:
            call(place, f"fails-{status}")
        assert isinstance(caught.value, REFUSED)
        answer = caught.value.response
        assert (answer.status_code, answer.headers["x-mine"]) == (status, "kept")
        assert json.loads(answer.content)["error"]["message"] == "as you asked"
        assert "skillgit-job" not in answer.headers


@pytest.mark.parametrize("call", STREAMS.values(), ids=STREAMS)
def test_a_stream_comes_to_its_end_or_breaks_off_where_the_upstreams_does(place: Place, call: Call) -> None:
    assert "".join(call(place, "answers")) == "".join(WORDS)
    with pytest.raises(Broken) as broken:
        call(place, "breaks")
    assert len(broken.value.said) <= 1


@pytest.mark.parametrize("call", STREAMS.values(), ids=STREAMS)
def test_a_stream_that_stops_coming_is_not_waited_for(hasty: Place, call: Call) -> None:
    before = hasty.up.left
    with pytest.raises(Broken) as broken:
        call(hasty, "stalls")
    assert "".join(broken.value.said) == "".join(WORDS)
    until(lambda: hasty.up.left == before + 1)


def test_a_client_that_waits_no_longer_takes_its_request_with_it(place: Place) -> None:
    before = place.up.left
    with pytest.raises(openai.APITimeoutError):
        gpt(place, timeout=0.3).chat.completions.create(model="is-slow", messages=ASK)
    with pytest.raises(anthropic.APITimeoutError):
        claude(place, timeout=0.3).messages.create(model="is-slow", max_tokens=9, messages=ASK)
    until(lambda: place.up.left == before + 2)


def test_an_upstream_that_is_too_slow_is_said_in_the_format_of_the_route(hasty: Place) -> None:
    with pytest.raises(anthropic.InternalServerError) as caught:
        CALLS["messages"](hasty, "is-slow")
    said = {"type": "timeout_error", "message": "the upstream did not answer in time"}
    assert (caught.value.status_code, caught.value.body) == (504, {"type": "error", "error": said})


def test_an_upstream_that_is_not_there_is_a_bad_gateway(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        gone = Upstream(f"http://127.0.0.1:{nobody.getsockname()[1]}")
    with serving(tmp_path, lambda rules: replace(rules, upstreams=(gone,))) as place:
        for call in ("chat", "messages"):
            with pytest.raises(REFUSED, match="cannot reach the upstream") as caught:
                CALLS[call](place, "answers")
            assert isinstance(caught.value, REFUSED)
            assert caught.value.status_code == 502


def test_pictures_are_untouched_in_every_format(place: Place) -> None:
    picture = {"type": "input_image", "image_url": "data:image/png;base64,iVBORw0KGgo=", "detail": "low"}
    said: Any = [{"role": "user", "content": [{"type": "input_text", "text": REPORT}, picture]}]
    gpt(place).responses.create(model="answers", input=said)
    assert place.up.last.body["input"] == said
    assert MARK in place.up.last.body["instructions"]
    source = {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}
    said = [{"role": "user", "content": [{"type": "image", "source": source}, {"type": "text", "text": REPORT}]}]
    claude(place).messages.create(model="answers", max_tokens=9, messages=said)
    assert place.up.last.body["messages"] == said


def test_a_schema_reaches_the_model_in_the_responses_format_too(place: Place) -> None:
    parsed = gpt(place).responses.parse(model="answers", input=REPORT, text_format=City)
    assert parsed.output_parsed == City(city="Paris")
    assert place.up.last.body["text"]["format"]["schema"]["required"] == ["city"]


def test_what_a_tool_has_answered_reaches_the_model_in_the_responses_format_too(place: Place) -> None:
    call = {"type": "function_call", "call_id": "c1", "name": "weather", "arguments": "{}"}
    done = {"type": "function_call_output", "call_id": "c1", "output": "12 °C"}
    said: Any = [{"role": "user", "content": REPORT}, call, done]
    raw = gpt(place).responses.with_raw_response.create(model="answers", input=said)
    assert place.up.last.body["input"] == said
    assert "skillgit-skills" in raw.headers
    assert "skillgit-job" not in raw.headers  # the user said nothing new


def test_embeddings_are_as_the_sdk_asks_for_them_by_itself(place: Place) -> None:
    made = gpt(place).embeddings.create(model="small", input=["x"])
    assert made.data[0].embedding == [0.5, -0.25]
    assert place.up.last.body["encoding_format"] == "base64"


def test_ten_megabytes_go_through_there_and_back(place: Place) -> None:
    picture = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{LONG}"}}
    said: Any = [{"role": "user", "content": [{"type": "text", "text": REPORT}, picture]}]
    raw = gpt(place).chat.completions.with_raw_response.create(model="echoes", messages=said)
    assert "skillgit-skills" in raw.headers
    assert place.up.last.body["messages"][1] == said[0]
    assert json.loads(raw.content)["choices"][0]["message"]["content"][1] == picture


def test_what_is_too_large_is_refused_before_it_goes_out(place: Place) -> None:
    before = len(place.up.requests)
    with pytest.raises(openai.APIStatusError) as caught:
        gpt(place).chat.completions.create(model="answers", messages=[{"role": "user", "content": "x" * (33 << 20)}])
    assert caught.value.status_code == 413
    assert len(place.up.requests) == before


def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    async def nothing() -> Any:
        await asyncio.sleep(9)

    request = Request({"type": "http", "method": "POST", "headers": []}, nothing)
    with pytest.raises(Problem, match="did not come within") as caught:
        asyncio.run(body(request, limit=9, seconds=0.05))
    assert caught.value.status == 408


def test_of_many_at_once_everybody_gets_the_own_answer(place: Place) -> None:
    async def asked() -> list[str]:
        async with openai.AsyncOpenAI(base_url=place.v1, api_key="x", max_retries=0) as client:

            async def one(number: int) -> str:
                said: Any = [{"role": "user", "content": f"{REPORT} Number {number}."}]
                answer = await client.chat.completions.create(model="echoes", messages=said)
                return answer.choices[0].message.content or ""

            return await asyncio.gather(*map(one, range(40)))

    assert asyncio.run(asked()) == [f"{REPORT} Number {number}." for number in range(40)]


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/v1/models/org/name:tag", "/v1/models/org/name:tag"),
        ("/v1/models/org%2Fname", "/v1/models/org%2Fname"),
        ("/v1/models/a%20b%3Fc", "/v1/models/a%20b%3Fc"),
        ("/v1/models/..", None),
        ("/v1/models/../files", None),
        ("/v1/models/%2e%2e/files", None),
        ("/v1/models/..%2Ffiles", None),
        ("/v1/models/..%5Cfiles", None),
        ("/v1/models/./x/../../../admin", None),
    ],
)
def test_no_path_leads_out_of_its_route(place: Place, path: str, sent: str | None) -> None:
    before = len(place.up.requests)
    client = http.client.HTTPConnection(place.url.removeprefix("http://"))
    client.request("GET", path)
    assert client.getresponse().status == (200 if sent else 404)
    client.close()
    assert [each.path for each in place.up.requests[before:]] == ([sent] if sent else [])
