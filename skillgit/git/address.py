"""The address of a remote, as a person types it or a file has it: what git would take for something else is refused."""

from __future__ import annotations

import re
from pathlib import Path

from skillgit.errors import Unsafe
from skillgit.skills import naming

SCHEMES = ("https", "http", "ssh", "git", "file")
"""What git may be asked to fetch over."""

_HELPER = re.compile(r"[A-Za-z0-9+.-]*::")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_SCP = re.compile(r"(?:[^/:@]+@)?(?P<host>\[[^]/]+\]|[^/:]+):(?!//)")
_PASSWORD = re.compile(r"//[^/@]*:[^/@]*@")
_OPTION_HOST = re.compile(r"//(?:[^/@]*@)?-|^(?:[^/:]*@)-")


def checked(url: str) -> str:
    """The address, where git can take it for nothing else; Unsafe, saying why, where it can."""
    scheme = _SCHEME.match(url)
    if not url or not url.isprintable() or url != url.strip():
        fault = "it is no line of visible characters"
    elif url.startswith("-") or _OPTION_HOST.search(url):
        fault = "a program would take it for an option"
    elif _HELPER.match(url):
        fault = "it names a program to run"
    elif scheme and scheme[1].lower() not in SCHEMES:
        fault = f"skillgit speaks {', '.join(SCHEMES)}"
    elif _PASSWORD.search(url):
        fault = "it holds a password, and would be kept where others read it"
    else:
        return url
    raise Unsafe(f"cannot use the address '{naming.shown(_PASSWORD.sub('//***@', url))}': {fault}")


def is_local(url: str) -> bool:
    """Whether an address is a place on this machine."""
    scheme = _SCHEME.match(url)
    return scheme[1].lower() == "file" if scheme else not _SCP.match(url)


def typed(url: str) -> str:
    """The address that a person typed, checked: a folder of this machine by its whole path."""
    checked(url)
    if "://" in url or not is_local(url):
        return url
    return checked(str(Path(url).expanduser().resolve()))


def protocols(*, local: bool) -> dict[str, str]:
    """The environment in which git speaks these protocols only, `file` where places on this machine are meant."""
    return {"GIT_ALLOW_PROTOCOL": ":".join(scheme for scheme in SCHEMES if local or scheme != "file")}
