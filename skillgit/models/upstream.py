"""Where a proxy sends requests: an address, or a provider with its address and its key."""

from __future__ import annotations

import re
from dataclasses import dataclass

from skillgit.config import Value, setting
from skillgit.errors import UsageError
from skillgit.git.repo import Repo
from skillgit.models import address, providers
from skillgit.models.choice import Choice, choose, key_headers

_VERSION = re.compile(r"/v\d[\w.]*$")


@dataclass(frozen=True, slots=True)
class Upstream:
    """An address that requests go to; `headers` carry its key, and are empty where clients bring their own.

    `anthropic` says that it speaks Anthropic's format, and is asked for nothing else where there is another upstream.
    """

    url: str
    headers: tuple[tuple[bytes, bytes], ...] = ()
    anthropic: bool = False

    def at(self, path: str) -> str:
        """The address of a path such as `/v1/models`: the upstream's own version stands for `/v1`, if it has one."""
        return self.url + (path.removeprefix("/v1") if _VERSION.search(self.url) else path)


def upstream(repo: Repo, given: Value) -> Upstream:
    """The upstream that an address or the name of a provider means. Raises UsageError, naming the source."""
    if "://" in given.text:
        return Upstream(address.complete(given, given.text).rstrip("/"))
    provider = providers.find(given.text)
    if not provider.url:
        raise UsageError(f"'{provider.name}' needs an address", hint="name the upstream as https://HOST/v1")
    return _chosen(choose(repo, "model", named=f"{provider.name}/any", url=""))


def of_model(repo: Repo) -> Upstream | None:
    """The upstream of the model that is configured, at its address and with its key; None where none is.

    Raises UsageError for a model that cannot be.
    """
    name = setting(repo, "model").text.partition("/")[0]
    return _chosen(choose(repo, "model", named=f"{name}/any")) if name else None


def _chosen(choice: Choice | None) -> Upstream:
    assert choice is not None
    headers = tuple((name.lower().encode(), value.encode()) for name, value in key_headers(choice).items())
    return Upstream(choice.url.text.rstrip("/"), headers, anthropic=choice.provider.wire == "messages")
