"""A model over the network: every wire format, well and badly answered."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from skillgit.errors import ModelError
from skillgit.models.budget import Budget
from skillgit.models.ports import Message
from skillgit.models.remote import RemoteChat
from skillgit.models.retry import Patience
from skillgit.models.wire import Wire
from tests.models.asking import HELLO, HURRY, SCHEMA, SECRET, WIRES, model
from tests.models.server import Reply, Request, Sent, says, sends, serving, status

WORD = '{"word": "hi there"}'
FORMATS = pytest.mark.parametrize("wire", WIRES.values(), ids=WIRES.keys())


@FORMATS
def test_an_answer_says_what_it_cost_and_who_gave_it(wire: Wire) -> None:
    with serving(says("Hello!")) as server:
        reply = model(server.url, wire).answer(HELLO)
    assert (reply.text, reply.model, reply.tokens_in, reply.tokens_out) == ("Hello!", "loopback-1", 11, 7)
    (request,) = server.requests
    assert "Be brief." in json.dumps(request.body)
    assert request.messages[-1] == {"role": "user", "content": "Hello?"}
    assert request.headers["Authorization"] == f"Bearer {SECRET}"


@FORMATS
def test_a_schema_is_asked_for_in_the_formats_own_way(wire: Wire) -> None:
    with serving(says(WORD)) as server:
        asked = model(server.url, wire)
        assert json.loads(asked.answer(HELLO, schema=SCHEMA).text) == {"word": "hi there"}
    assert json.dumps(SCHEMA) in json.dumps(server.requests[0].body)
    assert asked.way == wire.ways[0]


@FORMATS
@pytest.mark.parametrize("code", [400, 404, 422, 501])
def test_an_endpoint_without_schemas_and_tools_is_asked_in_words_and_that_is_kept(wire: Wire, code: int) -> None:
    def plain_only(request: Request) -> Sent:
        known = {"model", "messages", "input", "instructions", "system", "store"}
        return (says(WORD) if set(request.body) <= known else status(code))(request)

    with serving(plain_only) as server:
        asked = model(server.url, wire, patience=Patience(tries=1))
        for _ in range(2):
            assert asked.answer(HELLO, schema=SCHEMA).text == WORD
    assert len(server.requests) == len(wire.ways) + 1
    assert '\\"word\\"' in json.dumps(server.requests[-1].body)
    assert asked.way == "plain"


def test_a_refusal_of_the_question_itself_is_told_and_changes_no_way() -> None:
    with serving(
        status(400, message="too long"), status(400, message="too long"), status(400, message="too long")
    ) as server:
        asked = model(server.url)
        with pytest.raises(ModelError, match="answered 400 Bad Request: too long"):
            asked.answer(HELLO, schema=SCHEMA)
    assert asked.way == "schema"


@FORMATS
def test_a_stream_comes_word_by_word(wire: Wire) -> None:
    with serving(says("One two 三 four.")) as server:
        assert list(model(server.url, wire).stream(HELLO)) == ["One ", "two ", "三 ", "four."]
    assert server.requests[0].body["stream"] is True


BAD: dict[str, tuple[Reply, str]] = {
    "cut off by the model's limit": (says("Hel", reason="length"), "cut the answer off"),
    "refused by a filter": (says("", reason="content_filter"), "refused to answer|empty answer"),
    "empty": (says(""), "empty answer"),
    "blank": (says(" \n "), "empty answer"),
    "no JSON": (sends(b"hello"), "did not answer with JSON"),
    "a web page": (sends(b"<html>Welcome</html>", headers={"Content-Type": "text/html"}), "did not answer with JSON"),
    "a list": (sends(b"[]"), "did not answer with a JSON object"),
    "nested beyond measure": (sends(b"[" * 100_000), "did not answer with JSON"),
    "nothing at all": (sends(b""), "did not answer with JSON"),
    "an empty object": (sends(b"{}"), "gave no answer"),
    "other types": (sends(b'{"choices": "x", "content": 3, "output": {"a": 1}}'), "gave no answer|empty answer"),
    "types that are wrong deeper": (
        sends(b'{"choices": [{"message": []}], "content": [{"text": 1}], "output": [{"content": 7}]}'),
        "empty answer",
    ),
    "late": (says("Hello", wait=5), "did not answer in time"),
    "a byte now and then": (sends(b" " * 200, pace=0.05), "did not answer in time"),
    "cut off on the way": (says("Hello", cut=5), "broke the connection off"),
    "huge": (sends(b'"' + b"x" * (17 << 20) + b'"'), "sent more than 16 MiB"),
    "400": (status(400), "answered 400 Bad Request: no"),
    "401": (status(401, message=f"wrong key {SECRET}!"), r"answered 401 Unauthorized: wrong key \[key\]!"),
    "404": (status(404), "answered 404 Not Found: no"),
    "429, for long": (status(429, {"Retry-After": "3600"}), "answered 429 Too Many Requests: no"),
    "429, in passing": (status(429, {"Retry-After": "0"}), "answered 429"),
    "500": (status(500), "answered 500 Internal Server Error"),
    "503 with a page": (sends(b"<html>", status=503), "answered 503 Service Unavailable$"),
    "an error that is a word": (sends(b'{"error": "model not loaded"}', status=418), "418 .*: model not loaded"),
    "no status that is known": (sends(b"", status=299), "answered 299"),
    "a redirect": (status(307, {"Location": "/elsewhere"}), "redirects to '/elsewhere', and that is not followed"),
    "a redirect to nowhere": (status(302), "answered 302 Found: no"),
    "a redirect that is no address": (status(301, {"Location": "http://[x"}), r"redirects to 'http://\[x'"),
    "a redirect that shows a key": (status(301, {"Location": "http://k:sk@h/?key=sk"}), "redirects to 'http://h', and"),
}


@FORMATS
@pytest.mark.parametrize(("reply", "told"), BAD.values(), ids=BAD.keys())
def test_a_bad_answer_is_an_error_that_says_so(wire: Wire, reply: Reply, told: str) -> None:
    started = time.monotonic()
    with serving(reply) as server, pytest.raises(ModelError, match=told) as caught:
        model(server.url, wire).answer(HELLO)
    assert server.url in caught.value.message
    assert SECRET not in f"{caught.value.message} {caught.value.hint}"
    assert time.monotonic() - started < HURRY.total + 1


EVENTS = {"Content-Type": "text/event-stream"}
BAD_STREAMS: dict[str, tuple[Reply, str]] = {
    "cut off by the limit": (says("One two", reason="length"), "cut the answer off"),
    "a broken connection": (says("One two three", cut=200), "broke the connection off"),
    "an end that is none": (sends(b"data: {}\n\n", headers=EVENTS), "broke the answer off"),
    "no events": (sends(b"", headers=EVENTS), "broke the answer off"),
    "no JSON": (sends(b"data: hello\n\n", headers=EVENTS), "did not answer with JSON"),
    "no stream": (sends(b"{}"), "does not stream"),
    "an error in it": (
        sends(b'data: {"type": "error", "error": {"message": "too busy"}}\n\n', headers=EVENTS),
        "broke the answer off: too busy",
    ),
    "500": (status(500), "answered 500"),
}


@FORMATS
@pytest.mark.parametrize(("reply", "told"), BAD_STREAMS.values(), ids=BAD_STREAMS.keys())
def test_a_broken_stream_is_an_error_behind_what_came(wire: Wire, reply: Reply, told: str) -> None:
    with serving(reply) as server, pytest.raises(ModelError, match=told) as caught:
        list(model(server.url, wire).stream(HELLO))
    assert server.url in caught.value.message


PASSING: dict[str, Reply] = {
    "429 with the seconds": status(429, {"Retry-After": "0"}),
    "429 with a date": status(429, {"Retry-After": "Thu, 01 Jan 2026 00:00:00 GMT"}),
    "429": status(429),
    "500": status(500),
    "503": status(503),
    "529": status(529),
    "a broken connection": says("Hello", cut=5),
}


@pytest.mark.parametrize("reply", PASSING.values(), ids=PASSING.keys())
def test_what_passes_is_tried_again(reply: Reply) -> None:
    with serving(reply, reply, says("Hello!")) as server:
        assert model(server.url).answer(HELLO).text == "Hello!"
    assert len(server.requests) == 3


@pytest.mark.parametrize("reply", [status(400), status(401), says("Hello", wait=5)], ids=["400", "401", "late"])
def test_what_will_not_pass_is_asked_once(reply: Reply) -> None:
    with serving(reply) as server, pytest.raises(ModelError):
        model(server.url).answer(HELLO)
    assert len(server.requests) == 1


def test_the_wait_that_is_asked_for_is_kept() -> None:
    with serving(status(429, {"Retry-After": "0.3"}), says("Hello!")) as server:
        started = time.monotonic()
        model(server.url).answer(HELLO)
    assert time.monotonic() - started >= 0.3


def test_no_credit_left_is_no_passing_trouble() -> None:
    broke = sends(b'{"error": {"message": "x", "code": "insufficient_quota"}}', status=429)
    with serving(broke) as server, pytest.raises(ModelError, match="insufficient_quota"):
        model(server.url).answer(HELLO)
    assert len(server.requests) == 1


def test_a_redirect_to_another_host_gets_neither_the_key_nor_the_words() -> None:
    with (
        serving(says("Hello!")) as other,
        serving(status(308, {"Location": f"{other.url}/v1"})) as server,
        pytest.raises(ModelError, match=f"redirects to '{other.url}', and that is not followed"),
    ):
        model(server.url).answer(HELLO)
    assert other.requests == []


def test_where_nobody_listens_the_error_says_what_to_check() -> None:
    with serving(says("")) as server:
        gone = server.url
    with pytest.raises(ModelError, match=f"cannot reach '{gone}': connection refused") as caught:
        model(gone).answer(HELLO)
    assert "check that the server runs" in caught.value.hint


def test_the_key_is_in_no_log_and_no_repr(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(status(500, message=SECRET), says("Hello!")) as server:
        asked = model(server.url)
        asked.answer(HELLO)
    assert caplog.text
    assert SECRET not in caplog.text + repr(asked) + repr(vars(asked))


@FORMATS
def test_half_characters_reach_nobody(wire: Wire) -> None:
    with serving(says("a\ud800b")) as server:
        assert model(server.url, wire).answer([Message("user", "x\udfff")]).text == "a?b"
    assert server.requests[0].messages[-1]["content"] == "x?"


def test_a_budget_ends_the_asking() -> None:
    with serving(says("Hello!")) as server:
        asked = model(server.url, budget=Budget(30))
        asked.answer(HELLO)
        asked.answer(HELLO)
        calls: list[Callable[[], object]] = [lambda: asked.answer(HELLO), lambda: list(asked.stream(HELLO))]
        for call in calls:
            with pytest.raises(ModelError, match="the budget of 30 tokens is used up"):
                call()
    assert (asked.budget.spent, len(server.requests)) == (36, 2)


def test_many_threads_may_ask_at_once() -> None:
    def echo(request: Request) -> Sent:
        return says(request.messages[-1]["content"])(request)

    def said(asked: RemoteChat, number: int) -> str:
        return asked.answer([Message("user", f"number {number}")]).text

    with serving(echo) as server, ThreadPoolExecutor(8) as pool:
        asked = model(server.url)
        answers = list(pool.map(lambda number: said(asked, number), range(64)))
    assert answers == [f"number {number}" for number in range(64)]
    assert asked.budget.spent == 64 * 18
