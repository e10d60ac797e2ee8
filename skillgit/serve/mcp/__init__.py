"""The server of the Model Context Protocol: tools to search and to learn, and the Skills extension (SEP-2640)."""

from importlib.util import find_spec
from typing import Final

PATH: Final = "/mcp"


def is_installed() -> bool:
    """Whether the extra is there, without which nothing below can be imported."""
    return find_spec("mcp") is not None
