"""A server with keys for ada, for bob and for a product, and clients that use them, for the tests of a module."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from skillgit.git.repo import Repo
from skillgit.serve import keys
from tests.serve.place import Place, serving

API = "/v1/skillgit"
MD = {"content-type": "text/markdown"}
ANY = MD | {"if-match": "*"}


@dataclass(frozen=True, slots=True)
class Closed:
    """A running server that needs keys, and a client for each of its callers."""

    place: Place
    ada: httpx.Client
    bob: httpx.Client
    product: httpx.Client

    @property
    def repo(self) -> Repo:
        """As it is on the disk now."""
        return Repo.open(self.place.repo.directory)


@contextmanager
def closed(directory: Path) -> Iterator[Closed]:
    """A server with keys, of a new library at this directory."""
    with serving(directory) as place, ExitStack() as stack:

        def client(user: str, *, acts: bool = False) -> httpx.Client:
            headers = {"authorization": f"Bearer {keys.add(place.repo, user, acts=acts)[1]}"}
            return stack.enter_context(httpx.Client(base_url=f"{place.url}{API}", headers=headers, timeout=20))

        yield Closed(place, client("ada"), client("bob"), client("shop", acts=True))


def skill_md(name: str, *rules: str, metadata: str = "") -> bytes:
    """A SKILL.md of these rules."""
    listed = "\n".join(f"- {rule}" for rule in rules)
    head = f"---\nname: {name}\ndescription: How to do {name}. Use when asked to.\n{metadata}---\n"
    return f"{head}# {name}\n\n## Rules\n{listed}\n".encode()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip archive of these files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()
