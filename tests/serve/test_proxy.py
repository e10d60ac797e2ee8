"""The proxy as the official SDKs of OpenAI and Anthropic see it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import anthropic
import httpx
import openai
import pytest
from openai.types.chat import ChatCompletionMessageParam
from pydantic import BaseModel

from skillgit.serve.formats import MARK
from tests.serve.place import REPORT, Place, chat, impatient, serving, until
from tests.serve.upstream import WORDS

TEXT = "".join(WORDS)
ASK: list[ChatCompletionMessageParam] = [{"role": "user", "content": REPORT}]
MINE = "Users/ada/government-report@0.1.0"


class City(BaseModel):
    city: str


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with serving(tmp_path_factory.mktemp("proxy")) as made:
        yield made


@pytest.fixture
def client(place: Place) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=place.v1, api_key="sk-theirs", max_retries=0) as made:
        yield made


@pytest.fixture
def claude(place: Place) -> Iterator[anthropic.Anthropic]:
    with anthropic.Anthropic(base_url=place.url, api_key="sk-theirs", max_retries=0) as made:
        yield made


def test_an_answer_comes_as_it_is_and_says_which_skills_were_added(place: Place, client: openai.OpenAI) -> None:
    raw = client.chat.completions.with_raw_response.create(model="answers", messages=ASK)
    answer = raw.parse()
    assert answer.choices[0].message.content == TEXT
    assert answer.usage and answer.usage.total_tokens == 18
    assert raw.headers["skillgit-skills"] == MINE
    assert raw.headers["x-upstream"] == "yes"
    told = (answer.model_extra or {})["skillgit"]
    assert told["skills"] == [{"path": "Users/ada/government-report", "version": "0.1.0"}]
    assert told["job"] == raw.headers["skillgit-job"]
    assert "Name ada as the author." in place.up.last.body["messages"][0]["content"]


def test_only_the_system_prompt_changes_in_the_bytes_that_go_out(place: Place) -> None:
    sent = (
        b'{ "model":"answers", "temperature":1.10,"big":12345678901234567890123, "seed": 1e2 ,"x":"\\u00e9\\/",\n'
        b'"messages":[{"role":"system","content":"Be kind.\\n"} , {"role":"user","content":"%s"}],"x":2}'
    ) % REPORT.encode()
    httpx.post(f"{place.v1}/chat/completions", content=sent).raise_for_status()
    received = place.up.last.content
    before, _, rest = received.partition(b"\\n\\n<" + MARK.encode())
    assert before + rest.partition(b"</" + MARK.encode() + b">")[2] == sent


def test_what_is_asked_for_without_skills_goes_out_byte_for_byte(place: Place) -> None:
    sent = chat("zebra crossing quantum zzz", user="x", unknown={"a": [1.50]})
    answer = httpx.post(f"{place.v1}/chat/completions", content=sent)
    assert place.up.last.content == sent
    assert "skillgit-skills" not in answer.headers


def nested(depth: int) -> bytes:
    """A conversation whose only turn is lists within lists."""
    return b'{"messages": [{"role": "user", "content": %s%s}]}' % (b"[" * depth, b"]" * depth)


ODD = (
    b"",
    b"{",
    b"[1]",
    b'"x"',
    b"\xff\xfe",
    b'{"messages": 3}',
    b'{"messages": ["x", 4]}',
    nested(900),
    nested(50_000),
)


@pytest.mark.parametrize("sent", ODD, ids=lambda sent: str(sent[:24]))
def test_what_is_no_conversation_is_the_upstreams_to_refuse(place: Place, sent: bytes) -> None:
    httpx.post(f"{place.v1}/chat/completions", content=sent)
    assert place.up.last.content == sent


def test_headers_go_through_but_for_those_of_the_connection_and_ours(place: Place) -> None:
    headers: Any = {
        "Authorization": "Bearer sk-theirs",
        "OpenAI-Organization": "org-1",
        "X-Odd": "é".encode("latin-1"),
        "skillgit-top-k": "2",
        "Connection": "keep-alive, X-Hop",
        "X-Hop": "1",
        "Accept-Encoding": "identity",
    }
    httpx.post(f"{place.v1}/chat/completions?a=b%20c", content=chat("hi"), headers=headers)
    received = dict(place.up.last.headers)
    assert (place.up.last.path, place.up.last.query) == ("/v1/chat/completions", "a=b%20c")
    assert received["x-odd"] == "é"
    assert (received["authorization"], received["openai-organization"]) == ("Bearer sk-theirs", "org-1")
    assert received["accept-encoding"] == "identity"
    assert received["host"] == place.up.url.removeprefix("http://")
    assert not [name for name in received if name.startswith("skillgit") or name == "x-hop"]


def test_an_answer_that_is_compressed_stays_so(place: Place) -> None:
    request = {"model": "zips", "messages": ASK}
    answer = httpx.post(f"{place.v1}/chat/completions", json=request)
    assert (answer.headers["content-encoding"], answer.headers["skillgit-skills"]) == ("gzip", MINE)
    assert answer.json() == httpx.post(f"{place.up.url}/v1/chat/completions", json=request).json()


def test_a_stream_comes_piece_by_piece(client: openai.OpenAI) -> None:
    with client.chat.completions.with_streaming_response.create(model="trickles", messages=ASK, stream=True) as raw:
        assert raw.headers["skillgit-skills"] == MINE
        for number, line in enumerate(raw.iter_lines()):
            if number > 20:  # of a stream without an end: nobody has waited for the whole
                break
            assert line == "" or line.startswith("data: ")


def test_a_stream_is_what_the_upstream_sent(place: Place, client: openai.OpenAI) -> None:
    chunks = list(client.chat.completions.create(model="answers", messages=ASK, stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == TEXT
    assert chunks[-1].usage and chunks[-1].usage.total_tokens == 18
    request = {"model": "answers", "stream": True, "messages": ASK}
    sent = [httpx.post(f"{url}/v1/chat/completions", json=request).content for url in (place.url, place.up.url)]
    assert sent[0] == sent[1]


def test_a_loop_over_tools_reaches_the_model_whole(place: Place, client: openai.OpenAI) -> None:
    schema = {"type": "object", "properties": {"city": {"type": "string"}}}
    tools: Any = [{"type": "function", "function": {"name": "weather", "parameters": schema}}]
    first = client.chat.completions.create(model="calls", messages=ASK, tools=tools, tool_choice="auto")
    call = (first.choices[0].message.tool_calls or [])[0]
    assert first.choices[0].finish_reason == "tool_calls"
    system = place.up.last.body["messages"][0]
    messages: Any = [*ASK, first.choices[0].message, {"role": "tool", "tool_call_id": call.id, "content": "12 °C"}]
    raw = client.chat.completions.with_raw_response.create(model="calls", messages=messages, tools=tools)
    assert raw.parse().choices[0].message.content == TEXT
    body = place.up.last.body
    assert body["messages"][0] == system  # the same bytes, so that what a provider has cached is still good
    assert body["tools"] == tools
    assert body["messages"][2]["tool_calls"][0]["id"] == "call_1"
    assert body["messages"][3] == {"role": "tool", "tool_call_id": "call_1", "content": "12 °C"}
    assert "skillgit-job" not in raw.headers  # the user said nothing new


def test_pictures_and_parts_are_untouched(place: Place, client: openai.OpenAI) -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo=", "detail": "low"}}
    messages: Any = [
        {"role": "system", "content": [{"type": "text", "text": "Be kind."}]},
        {"role": "user", "content": [{"type": "text", "text": REPORT}, picture]},
    ]
    client.chat.completions.create(model="answers", messages=messages)
    system, said = place.up.last.body["messages"]
    assert system["content"][0] == {"type": "text", "text": "Be kind."}
    assert system["content"][1]["text"].startswith(f"<{MARK}>")
    assert said == messages[1]


def test_a_schema_reaches_the_model_and_its_object_the_client(place: Place, client: openai.OpenAI) -> None:
    parsed = client.chat.completions.parse(model="answers", messages=ASK, response_format=City)
    assert parsed.choices[0].message.parsed == City(city="Paris")
    assert place.up.last.body["response_format"]["json_schema"]["name"] == "City"


def test_responses_have_the_skills_in_their_instructions(place: Place, client: openai.OpenAI) -> None:
    answer = client.responses.create(model="answers", input=REPORT, instructions="Be kind.", store=False)
    assert answer.output_text == TEXT
    assert place.up.last.body["instructions"].startswith(f"Be kind.\n\n<{MARK}>")
    events = list(client.responses.create(model="answers", input=REPORT, stream=True))
    assert [event.type for event in events][-1] == "response.completed"
    assert place.up.last.body["instructions"].startswith(f"<{MARK}>")


def test_a_prompt_that_is_kept_at_the_provider_stays_and_skills_go_behind_it(
    place: Place, client: openai.OpenAI
) -> None:
    answer = client.responses.with_raw_response.create(model="answers", prompt={"id": "pmpt_1"}, input=REPORT)
    assert answer.headers["skillgit-skills"] == "Users/ada/government-report@0.1.0"
    sent = place.up.last.body
    assert "instructions" not in sent
    assert [each["role"] for each in sent["input"]] == ["developer", "user"]
    assert sent["input"][0]["content"].startswith(f"<{MARK}>")
    assert (sent["input"][1]["content"], sent["prompt"]) == (REPORT, {"id": "pmpt_1"})


def test_embeddings_and_models_go_through(place: Place, client: openai.OpenAI) -> None:
    made = client.embeddings.create(model="small", input="x", encoding_format="float")
    assert made.data[0].embedding == [0.5, -0.25]
    assert place.up.last.body == {"input": "x", "model": "small", "encoding_format": "float"}
    assert [each.id for each in client.models.list()] == ["answers", "calls"]
    assert client.models.retrieve("org/name:tag").id == "org/name:tag"


ERRORS = {
    400: openai.BadRequestError,
    401: openai.AuthenticationError,
    404: openai.NotFoundError,
    429: openai.RateLimitError,
    500: openai.InternalServerError,
}


@pytest.mark.parametrize("status", ERRORS)
def test_an_error_of_the_upstream_keeps_its_status_and_its_words(client: openai.OpenAI, status: int) -> None:
    with pytest.raises(ERRORS[status]) as caught:
        client.chat.completions.create(model=f"fails-{status}", messages=ASK)
    error = caught.value
    assert error.body == {"message": "as you asked", "type": "made_up", "param": "model", "code": "x1"}
    assert error.response.headers["x-mine"] == "kept"
    assert "skillgit" not in error.response.json()
    assert "skillgit-job" not in error.response.headers


@pytest.mark.parametrize("status", [429, 500])
def test_a_client_that_tries_again_does_so_through_the_proxy(place: Place, status: int) -> None:
    before = len(place.up.requests)
    with openai.OpenAI(base_url=place.v1, api_key="x", max_retries=2) as client, pytest.raises(openai.APIStatusError):
        client.chat.completions.create(model=f"fails-{status}", messages=ASK)
    assert len(place.up.requests) == before + 3


def test_nothing_is_learned_from_what_was_not_answered(place: Place, client: openai.OpenAI) -> None:
    before = {job.id for job in place.jobs()}
    for model in ("fails-500", "breaks"):
        with pytest.raises(openai.APIError):
            client.chat.completions.create(model=model, messages=ASK)
    time.sleep(0.2)
    assert {job.id for job in place.jobs()} == before


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_an_answer_that_breaks_off_breaks_off_for_the_client_too(place: Place, stream: bool) -> None:
    request = {"model": "breaks", "stream": stream, "messages": ASK}
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(f"{place.v1}/chat/completions", json=request)


@pytest.mark.parametrize(
    "asked_for", [{"model": "is-slow"}, {"model": "trickles", "stream": True}], ids=["slow", "stream"]
)
def test_a_client_that_leaves_takes_the_request_to_the_upstream_with_it(
    place: Place, asked_for: dict[str, Any]
) -> None:
    before = place.up.left
    asked = httpx.stream("POST", f"{place.v1}/chat/completions", json={**asked_for, "messages": ASK}, timeout=0.3)
    with suppress(httpx.ReadTimeout), asked as answer:
        next(answer.iter_raw())
    until(lambda: place.up.left == before + 1)


def test_an_upstream_that_does_not_answer_in_time_is_an_error_of_the_gateway(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with serving(tmp_path_factory.mktemp("slow"), impatient(0.2)) as place:
        client = openai.OpenAI(base_url=place.v1, api_key="x", max_retries=0)
        with client, pytest.raises(openai.InternalServerError) as caught:
            client.chat.completions.create(model="is-slow", messages=ASK)
    assert caught.value.status_code == 504
    assert caught.value.body == {
        "message": "the upstream did not answer in time",
        "type": "timeout_error",
        "param": None,
        "code": None,
    }


def test_claude_answers_with_the_skills_behind_its_system_prompt(place: Place, claude: anthropic.Anthropic) -> None:
    system: Any = [{"type": "text", "text": "Be kind.", "cache_control": {"type": "ephemeral"}}]
    messages: Any = [{"role": "user", "content": REPORT}]
    raw = claude.messages.with_raw_response.create(
        model="answers", max_tokens=9, system=system, messages=messages, extra_headers={"anthropic-beta": "new-1"}
    )
    answer = raw.parse()
    assert answer.content[0].type == "text" and answer.content[0].text == TEXT
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (11, 7)
    assert raw.headers["skillgit-skills"] == MINE
    body = place.up.last.body
    assert body["system"][0] == system[0]
    assert body["system"][1]["text"].startswith(f"<{MARK}>")
    assert place.up.last.header("anthropic-beta") == "new-1"
    assert place.up.last.header("authorization") == "Bearer sk-theirs"


def test_claude_streams_and_calls_tools(place: Place, claude: anthropic.Anthropic) -> None:
    messages: Any = [{"role": "user", "content": REPORT}]
    with claude.messages.stream(model="answers", max_tokens=9, system="Be kind.", messages=messages) as stream:
        assert "".join(stream.text_stream) == TEXT
    assert place.up.last.body["system"].startswith(f"Be kind.\n\n<{MARK}>")
    tools: Any = [{"name": "weather", "input_schema": {"type": "object", "properties": {}}}]
    answer = claude.messages.create(model="calls", max_tokens=9, messages=messages, tools=tools)
    assert answer.content[0].type == "tool_use"
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "12 °C"}
    more: Any = [*messages, {"role": "assistant", "content": answer.content}, {"role": "user", "content": [result]}]
    claude.messages.create(model="answers", max_tokens=9, messages=more, tools=tools)
    assert place.up.last.body["messages"][2]["content"] == [result]
    assert place.up.last.body["system"].startswith(f"<{MARK}>")
    assert claude.messages.count_tokens(model="answers", messages=messages).input_tokens == 42


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500])
def test_claude_gets_the_upstreams_errors(claude: anthropic.Anthropic, status: int) -> None:
    with pytest.raises(anthropic.APIStatusError) as caught:
        claude.messages.create(model=f"fails-{status}", max_tokens=9, messages=[{"role": "user", "content": REPORT}])
    assert caught.value.status_code == status
    assert json.loads(caught.value.response.content)["error"]["message"] == "as you asked"
