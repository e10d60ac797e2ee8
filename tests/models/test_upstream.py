"""Where a proxy sends requests, and with whose key."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillgit.config import Value
from skillgit.errors import UsageError
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.models.upstream import upstream


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return init(tmp_path / "repo").repo


@pytest.mark.parametrize(
    ("given", "path", "address"),
    [
        ("http://host:8000", "/v1/models", "http://host:8000/v1/models"),
        ("http://host:8000/", "/v1/models", "http://host:8000/v1/models"),
        ("https://host/v1/", "/v1/chat/completions", "https://host/v1/chat/completions"),
        ("https://host/api/paas/v4", "/v1/embeddings", "https://host/api/paas/v4/embeddings"),
        ("https://host/v1beta", "/v1/models/a/b", "https://host/v1beta/models/a/b"),
        ("https://host/anthropic", "/v1/messages", "https://host/anthropic/v1/messages"),
        ("openai", "/v1/responses", "https://api.openai.com/v1/responses"),
        ("anthropic", "/v1/messages", "https://api.anthropic.com/v1/messages"),
        ("vllm", "/v1/models", "http://127.0.0.1:8000/v1/models"),
    ],
)
def test_a_version_in_an_address_stands_for_v1(repo: Repo, given: str, path: str, address: str) -> None:
    assert upstream(repo, Value(given, "--upstream")).at(path) == address


@pytest.mark.parametrize(
    ("given", "variable", "headers"),
    [
        ("openai", "OPENAI_API_KEY", ((b"authorization", b"Bearer sk-1"),)),
        ("anthropic", "ANTHROPIC_API_KEY", ((b"x-api-key", b"sk-1"),)),
        ("ollama", "OPENAI_API_KEY", ()),
        ("https://api.openai.com/v1", "OPENAI_API_KEY", ()),
    ],
)
def test_the_key_is_that_of_the_provider_that_is_named(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, given: str, variable: str, headers: object
) -> None:
    monkeypatch.setenv(variable, "sk-1")
    assert upstream(repo, Value(given, "--upstream")).headers == headers


def test_the_address_of_the_model_that_is_configured_is_not_the_upstreams(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKILLGIT_MODEL_URL", "http://elsewhere/v1")
    assert upstream(repo, Value("openai", "--upstream")).url == "https://api.openai.com/v1"


@pytest.mark.parametrize(
    "given", ["opnai", "openai-compatible", "http://u:p@host", "ftp://host", "http://", "http://h/?a"]
)
def test_what_is_no_upstream_is_said(repo: Repo, given: str) -> None:
    with pytest.raises(UsageError):
        upstream(repo, Value(given, "--upstream"))
