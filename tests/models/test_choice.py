"""Which model is configured, where from, and what is not taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillgit.config import Value
from skillgit.errors import ModelError, UsageError
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.models.choice import Choice, choose, configured, configured_embedder, searching
from skillgit.models.providers import PROVIDERS, Provider
from tests.conftest import ROOT
from tests.git.place import git
from tests.models.asking import HELLO, SECRET
from tests.models.server import embeds, says, serving, status


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return init(tmp_path / "lib").repo


def chosen(repo: Repo, named: str | None = None, url: str | None = None) -> Choice:
    choice = choose(repo, "model", named=named, url=url)
    assert choice is not None
    return choice


def test_nothing_is_configured_by_a_key_that_is_there(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    monkeypatch.setenv("OPENAI_MODEL", "gpt-5")
    assert (configured(repo), configured_embedder(repo)) == (None, None)


@pytest.mark.parametrize("row", PROVIDERS, ids=lambda row: row.name)
def test_every_provider_takes_its_own_variables(repo: Repo, monkeypatch: pytest.MonkeyPatch, row: Provider) -> None:
    for name in row.key[-1:]:
        monkeypatch.setenv(name, SECRET)
    for name in row.address[-1:]:
        monkeypatch.setenv(name, "http://127.0.0.1:9/v9/")
    for name in row.models[-1:]:
        monkeypatch.setenv(name, "some/model")
    choice = chosen(
        repo, row.name if row.models or row.model else f"{row.name}/some/model", None if row.url else "http://h/v9"
    )
    assert choice.provider is row
    assert choice.key is not None
    assert choice.key.text == SECRET
    assert choice.key.source == f"environment ({row.key[-1]})"
    if row.address:
        assert choice.url == Value("http://127.0.0.1:9/v9", f"environment ({row.address[-1]})")
    if row.models:
        assert (choice.name, choice.model.source) == (f"{row.name}/some/model", f"flag, environment ({row.models[-1]})")
    if row.keyless or choice.key:
        assert configured(repo, model=f"{row.name}/m", url="http://127.0.0.1:9/v1") is not None


@pytest.mark.parametrize("row", [row for row in PROVIDERS if row.url], ids=lambda row: row.name)
def test_every_provider_has_an_address_of_its_own_and_names_that_are_not_taken(repo: Repo, row: Provider) -> None:
    names = [name for other in PROVIDERS for name in (other.name, *other.aliases)]
    assert len(names) == len(set(names))
    for name in (row.name, *row.aliases):
        assert chosen(repo, f"{name}/m").url == Value(row.url, f"default of {row.name}")
    assert row.keyless == ("127.0.0.1" in row.url)


ADDRESSES = {
    "whole": ("vllm", "http://gpu:8000/v1", "http://gpu:8000/v1"),
    "with a slash": ("vllm", "http://gpu:8000/v1/", "http://gpu:8000/v1"),
    "without a path": ("vllm", "https://gpu.example", "https://gpu.example/v1"),
    "a host": ("ollama", "gpu", "http://gpu:11434/v1"),
    "a host and port": ("ollama", "0.0.0.0:1234", "http://0.0.0.0:1234/v1"),
    "a host of a provider with keys": ("openai", "gateway.example", "https://gateway.example/v1"),
    "IPv6": ("ollama", "[::1]", "http://[::1]:11434/v1"),
    "anthropic's, which has no path": ("anthropic", "https://gateway.example/claude", "https://gateway.example/claude"),
}


@pytest.mark.parametrize(("provider", "given", "whole"), ADDRESSES.values(), ids=ADDRESSES.keys())
def test_what_an_address_leaves_out_is_the_providers(repo: Repo, provider: str, given: str, whole: str) -> None:
    assert chosen(repo, f"{provider}/m", given).url == Value(whole, "flag")


WRONG = {
    "no provider": ("opnai/x", None, "'opnai' is no provider of models", "did you mean 'openai'?"),
    "a model alone": ("gpt-5", None, "'gpt-5' is no provider of models", "there are: openai, "),
    "no model": ("openrouter", None, "'openrouter' has no usual model", "git config skillgit.model openrouter/MODEL"),
    "no address": ("openai-compatible/m", None, "'openai-compatible' needs an address", "skillgit.model-url"),
    "a password": ("vllm/m", "http://ada:hunter2@gpu", "the address from flag has a user or a password in it", ""),
    "a key": ("vllm/m", "http://gpu/v1?key=hunter2", "the address from flag goes on behind its path", ""),
    "another scheme": ("vllm/m", "file:///etc/passwd", "the address from flag is no address of the web", ""),
    "a word for a scheme": ("openai-compatible/m", "gpu", "the address from flag is no address of the web", ""),
    "no host": ("vllm/m", "http://", "the address from flag is no address of the web", ""),
    "no port": ("vllm/m", "http://gpu:eighty/v1", "the address from flag is no address of the web", ""),
    "a port beyond all": ("vllm/m", "gpu:99999", "the address from flag is no address of the web", ""),
    "half a bracket": ("vllm/m", "http://[::1", "the address from flag is no address of the web", ""),
    "blanks": ("vllm/m", "http://gpu /v1", "the address from flag is no address of the web", ""),
    "no key": ("openai", None, "no key for 'openai' is set", "set OPENAI_API_KEY"),
}


@pytest.mark.parametrize(("named", "url", "told", "hint"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_part_is_named_and_no_secret_shown(
    repo: Repo, named: str, url: str | None, told: str, hint: str
) -> None:
    with pytest.raises(UsageError) as caught:
        configured(repo, model=named, url=url)
    assert told in caught.value.message
    assert hint in caught.value.hint
    assert "hunter2" not in caught.value.message + caught.value.hint


def test_git_configuration_and_environment_name_a_model_and_the_tree_does_not(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("config", "skillgit.model", "ollama/qwen3", cwd=repo.directory)
    reopened = Repo.open(repo.directory)
    assert (chosen(reopened).name, chosen(reopened).model.source) == ("ollama/qwen3", "git config")
    monkeypatch.setenv("SKILLGIT_MODEL", "vllm/other")
    assert chosen(reopened).model == Value("other", "environment (SKILLGIT_MODEL)")
    assert chosen(reopened, "ollama/third").model == Value("third", "flag")


KEYS = {"two words": "a b", "a line break": "a\nb", "another script": "ключ", "a control": "a\x07b"}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS.keys())
def test_a_key_that_cannot_be_sent_is_refused_and_not_shown(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with pytest.raises(UsageError, match=r"the key from environment \(OPENAI_API_KEY\) is no key") as caught:
        choose(repo, "model", named="openai")
    assert key not in caught.value.message


def test_a_key_may_be_kept_by_git_for_skillgit_alone(repo: Repo) -> None:
    git("config", "credential.helper", f"store --file={repo.directory}/.git/keys", cwd=repo.directory)
    (repo.directory / ".git" / "keys").write_text(
        f"https://ada:password-for-git@api.openai.com\nhttps://skillgit:{SECRET}@api.openai.com\n"
    )
    choice = chosen(repo, "openai")
    assert choice.key is not None
    assert (choice.key.text, choice.key.source) == (SECRET, "git credential")
    assert SECRET not in repr(choice)
    assert chosen(repo, "anthropic").key is None


def test_what_is_configured_answers(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", SECRET)
    git("config", "skillgit.model-budget", "10", cwd=repo.directory)
    with serving(says("Hello!")) as server:
        found = configured(Repo.open(repo.directory), model="anthropic/claude", url=server.url)
        assert found is not None
        assert (found.name, found.answer(HELLO).text) == ("anthropic/claude", "Hello!")
        with pytest.raises(ModelError, match="the budget of 10 tokens"):
            found.answer(HELLO)
    (request,) = server.requests
    assert request.path == "/v1/messages"
    assert (request.headers["x-api-key"], request.headers["anthropic-version"]) == (SECRET, "2023-06-01")
    assert (request.body["model"], request.body["max_tokens"]) == ("claude", 8192)


def test_the_embedder_that_is_configured_embeds(repo: Repo) -> None:
    git("config", "skillgit.embedder-dimensions", "8", cwd=repo.directory)
    with serving(embeds) as server:
        found = configured_embedder(Repo.open(repo.directory), embedder="vllm/bge-m3", url=f"{server.url}/v1")
        assert found is not None
        assert found.embed(["one"]).shape == (1, 8)
    assert server.requests[0].path == "/v1/embeddings"
    assert server.requests[0].body == {"model": "bge-m3", "input": ["one"], "dimensions": 8}


def test_a_refused_key_names_its_source(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    with serving(status(401, message="bad key")) as server:
        found = configured(repo, model="openai", url=server.url)
        assert found is not None
        with pytest.raises(ModelError) as caught:
            found.answer(HELLO)
    assert caught.value.hint == "check the key from environment (OPENAI_API_KEY)"


def test_the_docs_have_every_provider_with_its_variables() -> None:
    page = (ROOT / "docs" / "models.md").read_text(encoding="utf-8")
    lines = {
        row: next((line for line in page.splitlines() if line.startswith(f"| `{row.name}` ")), "") for row in PROVIDERS
    }
    keys = {row: () if row.keyless and row.url else row.key for row in PROVIDERS}  # of local ones they are not told
    wanted = {row: (*keys[row], *row.address, *row.models, *row.aliases) for row in PROVIDERS}
    assert {row.name: [name for name in wanted[row] if f"`{name}`" not in lines[row]] for row in PROVIDERS} == {
        row.name: [] for row in PROVIDERS
    }


def test_searches_have_the_offline_embedder_unless_another_or_none_is_configured(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = searching(repo)
    assert usual is not None
    assert usual.signature.startswith("offline/")
    monkeypatch.setenv("SKILLGIT_EMBEDDER", "vllm/bge-m3")
    monkeypatch.setenv("SKILLGIT_EMBEDDER_URL", "http://127.0.0.1:9/v1")
    named = searching(repo)
    assert named is not None
    assert named.signature.startswith("vllm/bge-m3")
    monkeypatch.setenv("SKILLGIT_EMBEDDER", "none")
    assert searching(repo) is None
    assert choose(repo, "embedder") is None
