"""Keys: from the environment, else from `git credential`; never from a file in the tree.

A key that git is to keep is stored under the user name "skillgit", so that no password for a git server that lives at
the same host is ever taken for it:

    printf 'url=https://skillgit@api.openai.com\\npassword=KEY\\n' | git credential approve
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from skillgit.errors import UsageError
from skillgit.git.run import attempt

_SILENT = {"GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "", "SSH_ASKPASS": "", "GCM_INTERACTIVE": "never"}
_NO_PROGRAM = ("-c", "core.askPass=")
_USER = "skillgit"


@dataclass(frozen=True, slots=True)
class Key:
    """A key and where it was found; shown without the key."""

    text: str = field(repr=False)
    source: str


def find(variables: Sequence[str], url: str, *, cwd: Path, user: str = _USER) -> Key | None:
    """The key for an address: of the first of these variables that is set, else the one git keeps; None without one.

    Of what git keeps it is that of this user name; with "" whichever git itself uses there. Raises UsageError where it
    could not be sent as it is.
    """
    name = next((name for name in variables if os.environ.get(name, "").strip()), None)
    if name is not None:
        return _usable(os.environ[name], f"environment ({name})")
    kept = _kept(url, cwd, user)
    return _usable(kept, "git credential") if kept else None


def _usable(text: str, source: str) -> Key:
    key = text.strip()
    if not key.isascii() or not key.isprintable() or " " in key:
        raise UsageError(f"the key from {source} is no key: it has characters that cannot be sent")
    return Key(key, source)


def _kept(url: str, cwd: Path, user: str) -> str:
    """What git's credential helpers keep for an address; nobody is asked."""
    place = urlsplit(url)
    which = f"username={user}" if user else f"path={place.path.strip('/')}"
    asked = f"protocol={place.scheme}\nhost={place.netloc}\n{which}\n\n".encode()
    filled = attempt([*_NO_PROGRAM, "credential", "fill"], cwd=cwd, stdin=asked, env=_SILENT)
    lines = filled.stdout.decode("utf-8", "replace").splitlines() if filled.returncode == 0 else []
    return next((line.removeprefix("password=") for line in lines if line.startswith("password=")), "")
