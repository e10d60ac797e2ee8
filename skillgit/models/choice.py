"""What is configured: which model, where it is asked, with which key, and where each of these comes from.

A model is used only where one was named, as `PROVIDER/MODEL`, by a flag, the environment or git's configuration: a key
that happens to be there sends nobody's words anywhere. Addresses and keys never come from the repository's files.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from skillgit.config import Value, setting
from skillgit.errors import UsageError
from skillgit.git.repo import Repo
from skillgit.models import address, keys, providers
from skillgit.models.providers import Provider

if TYPE_CHECKING:
    from skillgit.models.budget import Budget
    from skillgit.models.embed_offline import OfflineEmbedder
    from skillgit.models.embed_remote import RemoteEmbedder
    from skillgit.models.endpoint import Endpoint
    from skillgit.models.remote import RemoteChat

Use: TypeAlias = Literal["model", "embedder"]
WORDS_ONLY: Final = "none"
"""The embedder of those who want no vectors."""
_VERSIONS = {"messages": {"anthropic-version": "2023-06-01"}}
"""Headers that a wire format asks for."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is configured for one use, each value with its source; no key where none was found."""

    provider: Provider
    model: Value
    url: Value
    key: keys.Key | None

    @property
    def name(self) -> str:
        """`openai/gpt-5-mini`."""
        return f"{self.provider.name}/{self.model.text}"

    @property
    def exposed(self) -> bool:
        """Whether the key goes over a network that others may read."""
        return self.key is not None and address.is_open(self.url.text)


def choose(repo: Repo, use: Use, *, named: str | None = None, url: str | None = None) -> Choice | None:
    """What is configured for a use, by flags or settings; None where nothing is. Raises UsageError naming a wrong part.

    It asks `git credential` for a key that the environment does not have, and nothing else.
    """
    given = setting(repo, use, named)
    if not given.text or (use == "embedder" and given.text == WORDS_ONLY):
        return None
    name, _, model = given.text.partition("/")
    provider = providers.find(name)
    if use == "embedder" and provider.wire == "messages":
        raise UsageError(f"'{name}' makes no embeddings", hint="name another provider, such as openai, for these")
    place = _address(provider, use, setting(repo, f"{use}-url", url))
    key = keys.find(provider.key, place.text, cwd=repo.directory)
    return Choice(provider, _model(provider, use, Value(model, given.source)), place, key)


def configured(
    repo: Repo, *, model: str | None = None, url: str | None = None, budget: Budget | None = None
) -> RemoteChat | None:
    """The model that is configured, by flags or settings; None where none is. Nothing is asked of it yet.

    Without a `budget` that is given it has one of its own, as the settings have it.
    """
    choice = choose(repo, "model", named=model, url=url)
    if choice is None:
        return None
    from skillgit.models import anthropic, openai, responses  # with httpx, 90 ms, which no other command needs
    from skillgit.models.budget import Budget
    from skillgit.models.remote import RemoteChat

    wires = {"chat": openai.CHAT, "responses": responses.RESPONSES, "messages": anthropic.MESSAGES}
    return RemoteChat(
        endpoint(repo, choice),
        wires[choice.provider.wire],
        provider=choice.provider.name,
        model=choice.model.text,
        extra=dict(choice.provider.body),
        budget=budget or Budget(limit(repo)),
    )


def limit(repo: Repo) -> int | None:
    """How many tokens may be used; None for as many as are wanted."""
    text = setting(repo, "model-budget").text
    return int(text) if text else None


def configured_embedder(repo: Repo, *, embedder: str | None = None, url: str | None = None) -> RemoteEmbedder | None:
    """The embedder that is configured, by flags or settings; None where none is. Nothing is asked of it yet."""
    choice = choose(repo, "embedder", named=embedder, url=url)
    if choice is None:
        return None
    from skillgit.models.embed_remote import RemoteEmbedder  # with httpx and numpy

    provider, wanted = choice.provider, setting(repo, "embedder-dimensions").text
    usual = provider.vectors[1] if choice.model.text == provider.vectors[0] else 0
    return RemoteEmbedder(
        endpoint(repo, choice),
        provider=provider.name,
        model=choice.model.text,
        dimensions=int(wanted or 0) or usual,
        shortened=bool(wanted),
        batch=provider.batch,
    )


def searching(repo: Repo) -> RemoteEmbedder | OfflineEmbedder | None:
    """The embedder that searches use: the one that is configured, or the offline one; None where words are to do.

    Raises ModelError where the offline one is not installed.
    """
    if setting(repo, "embedder").text == WORDS_ONLY:
        return None
    from skillgit.models.embed_offline import offline  # with numpy

    return configured_embedder(repo) or offline()


def endpoint(repo: Repo, choice: Choice) -> Endpoint:
    """The endpoint of a choice; UsageError where it needs a key and there is none."""
    from skillgit.models.endpoint import Endpoint  # with httpx
    from skillgit.models.retry import Patience

    provider, key = choice.provider, choice.key
    hint = f"set {provider.key[0]}, or store it with 'git credential' (docs/models.md)"
    if key is None and not provider.keyless:
        raise UsageError(f"no key for '{provider.name}' is set", hint=hint)
    total = float(setting(repo, "model-timeout").text)
    return Endpoint(
        choice.url.text,
        headers={**_VERSIONS.get(provider.wire, {}), **key_headers(choice)},
        secret=key.text if key else "",
        key_hint=f"check the key from {key.source}" if key else hint,
        patience=Patience(total=total, read=total),
    )


def key_headers(choice: Choice) -> dict[str, str]:
    """The headers that carry the key of a choice; none where it has no key."""
    if choice.key is None:
        return {}
    if choice.provider.wire == "messages":
        return {"x-api-key": choice.key.text}
    return {"Authorization": f"Bearer {choice.key.text}"}


def _model(provider: Provider, use: Use, given: Value) -> Value:
    """The model that is named, else the provider's of the environment, else its usual one."""
    if given.text:
        return given
    usual = Value(provider.model if use == "model" else provider.vectors[0], f"default of {provider.name}")
    found = (_environment(provider.models) if use == "model" else None) or usual
    if not found.text:
        raise UsageError(
            f"'{provider.name}' has no usual model for this",
            hint=f"name one: 'git config skillgit.{use} {provider.name}/MODEL'",
        )
    return Value(found.text, f"{given.source}, {found.source}")


def _address(provider: Provider, use: Use, given: Value) -> Value:
    usual = Value(provider.url, f"default of {provider.name}")
    found = given if given.text else _environment(provider.address) or usual
    if not found.text:
        raise UsageError(f"'{provider.name}' needs an address", hint=f"git config skillgit.{use}-url https://HOST/v1")
    return Value(address.complete(found, provider.url), found.source)


def _environment(names: tuple[str, ...]) -> Value | None:
    name = next((name for name in names if os.environ.get(name, "").strip()), None)
    return Value(os.environ[name].strip(), f"environment ({name})") if name else None
