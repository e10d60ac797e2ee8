"""The pages of a server, for people: rendered here, with small scripts of our own and nothing of other hosts."""

from importlib.util import find_spec
from typing import Final

_NEEDED: Final = ("itsdangerous", "jinja2", "markdown_it", "nh3")


def is_installed() -> bool:
    """Whether the extra is there, without which nothing below can be imported."""
    return all(map(find_spec, _NEEDED))
