"""The keys of clients: `.git/skillgit/keys.json`, which is private and never holds a key itself.

    skillgit_k3fzq7ma_Yb1...        what a client sends: the key's name, and 32 random bytes
    k3fzq7ma  sha256:...            what is kept

A random key of 256 bits needs no slow hash. What was revoked stays in the file, so that a server that had keys once is
never open again because the last one was revoked.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from skillgit.errors import NotFound, Unreadable
from skillgit.git import lock
from skillgit.git.repo import Repo
from skillgit.transcripts.fields import fields, rows

PREFIX: Final = "skillgit_"
_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Key:
    """A key: whose it is, and whether it may act for other users.

    Moments are ISO 8601; `revoked` is "" while it holds.
    """

    name: str
    digest: str
    user: str
    acts: bool
    note: str
    created: str
    revoked: str = ""


class Keyring:
    """The keys of a repository as they are at this moment; a change is seen by the next request."""

    def __init__(self, repo: Repo) -> None:
        self._file = path(repo)
        self._stamp: tuple[int, int, int] | None = None
        self._keys: dict[str, Key] = {}

    def find(self, text: str) -> Key | None:
        """The key that a client sends, where it holds."""
        name, _, secret = text.removeprefix(PREFIX).partition("_")
        key = self._read().get(name)
        digest = _digest(secret)
        if key is None or not hmac.compare_digest(key.digest, digest) or key.revoked:
            return None
        return key

    def named(self, name: str) -> Key | None:
        """The key of this name, where it holds: for who has shown it before."""
        key = self._read().get(name)
        return key if key and not key.revoked else None

    @property
    def is_empty(self) -> bool:
        """Whether there never was a key."""
        return not self._read()

    def _read(self) -> dict[str, Key]:
        stamp = _stamp(self._file)
        if stamp != self._stamp:
            self._keys = {key.name: key for key in _load(self._file)}
            self._stamp = stamp
        return self._keys


def path(repo: Repo) -> Path:
    """Where the keys of a repository are."""
    return repo.private / "keys.json"


def add(repo: Repo, user: str, *, acts: bool = False, note: str = "") -> tuple[Key, str]:
    """A new key, and what the client has to send: that is shown now and never again."""
    name = base64.b32encode(secrets.token_bytes(5)).decode().lower()
    secret = secrets.token_urlsafe(32)
    made = Key(name, _digest(secret), user, acts, " ".join(note.split()), _now())
    _change(repo, lambda known: [*known, made])
    return made, f"{PREFIX}{name}_{secret}"


def listed(repo: Repo) -> tuple[Key, ...]:
    """All keys, the oldest first, those that were revoked among them."""
    return tuple(_load(path(repo)))


def revoke(repo: Repo, name: str) -> Key:
    """The key of this name holds no more. Raises NotFound where none of that name does."""
    found: list[Key] = []

    def changed(known: list[Key]) -> list[Key]:
        found.extend(replace(key, revoked=_now()) for key in known if key.name == name and not key.revoked)
        if not found:
            raise NotFound(f"no key '{name}'", hint="'skillgit keys list' shows them")
        return [found[0] if key.name == name else key for key in known]

    _change(repo, changed)
    return found[0]


def _change(repo: Repo, change: Callable[[list[Key]], list[Key]]) -> None:
    file = path(repo)
    with lock.hold(repo.private / "keys.lock", seconds=_SECONDS):
        content = json.dumps({"keys": [asdict(key) for key in change(_load(file))]}, indent=1)
        scratch = file.with_name(f"keys.{os.getpid()}.unfinished")
        with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
        scratch.replace(file)


def _load(file: Path) -> list[Key]:
    """The keys of the file; Unreadable where it is not what `add` wrote, as no key is better than a wrong one."""
    try:
        known = rows(fields(json.loads(file.read_bytes())).get("keys"))
        return [Key(**row) for row in known]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError) as err:
        raise Unreadable(f"cannot read '{file}': {err}", hint="remove it, and add new keys") from err


def _stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        status = file.stat()
    except FileNotFoundError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _digest(secret: str) -> str:
    return f"sha256:{hashlib.sha256(secret.encode()).hexdigest()}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
