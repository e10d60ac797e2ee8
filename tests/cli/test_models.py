"""`skillgit models test`: whether what is configured answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.shop import library
from tests.conftest import Run
from tests.models.asking import SECRET
from tests.models.server import Reply, Request, Sent, embeds, says, serving, status

PONG = says('{"word": "pong"}')


def both(request: Request) -> Sent:
    return (embeds if request.path.endswith("/embeddings") else PONG)(request)


@pytest.fixture
def top(cli: Run, tmp_path: Path) -> Path:
    return library(cli, tmp_path / "lib")


def test_a_model_and_an_embedder_that_answer_are_timed(cli: Run, top: Path) -> None:
    with serving(both) as server:
        env = {"SKILLGIT_MODEL": "vllm/qwen3", "VLLM_BASE_URL": server.url, "SKILLGIT_EMBEDDER": "vllm/bge-m3"}
        told = cli("models", "test", cwd=top, env=env)
        rows = [json.loads(line) for line in cli("models", "test", "--json", cwd=top, env=env).out.splitlines()]
    assert (told.code, told.err) == (0, "")
    first, second = told.out.splitlines()
    assert first.startswith("model vllm/qwen3 answered in 0.")
    assert first.endswith(" s: loopback-1, JSON by schema, 18 tokens")
    assert second.endswith(" s: 8 dimensions")
    assert [(row["use"], row["name"]) for row in rows] == [("model", "vllm/qwen3"), ("embedder", "vllm/bge-m3")]


def test_the_way_that_an_endpoint_takes_is_told(cli: Run, top: Path) -> None:
    def no_schema(request: Request) -> Sent:
        return (status(400) if "response_format" in request.body else PONG)(request)

    with serving(no_schema) as server:
        told = cli("models", "test", "--model", "vllm/m", "--url", server.url, cwd=top)
    assert "JSON through a tool" in told.out


FAILURES: dict[str, tuple[Reply, str, str]] = {
    "a wrong key": (status(401, message=f"no: {SECRET}"), "answered 401 Unauthorized: no: [key]", "OPENAI_API_KEY"),
    "a wrong model": (
        status(404, message="no model 'm'"),
        "answered 404 Not Found: no model 'm'",
        "check the model's name",
    ),
    "no JSON": (says("pong"), "'openai/m' answers, but not with a JSON object", ""),
}


@pytest.mark.parametrize(("reply", "told", "hint"), FAILURES.values(), ids=FAILURES.keys())
def test_one_that_does_not_is_an_error_that_says_what_to_check(
    cli: Run, top: Path, reply: Reply, told: str, hint: str
) -> None:
    with serving(reply) as server:
        answer = cli(
            "models", "test", "--model", "openai/m", "--url", server.url, cwd=top, env={"OPENAI_API_KEY": SECRET}
        )
    assert (answer.code, answer.out) == (128, "")
    assert told in answer.err
    assert hint in answer.err
    assert SECRET not in answer.err
