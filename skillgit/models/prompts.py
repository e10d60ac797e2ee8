"""Prompts: files of `templates/prompts/`, each with the schema of its answer, known by a digest.

    <!-- what the prompt is for; models do not see it -->
    The words for the model, which become the system message.

    ```json
    {"type": "object", ...}        the JSON Schema of the answer
    ```

The digest is that of the file and goes into the trailer of a decision, so that it can be told which words made it.
What comes from a skill or a transcript is never part of a prompt: it is sent behind it, in `fenced` blocks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_INSTALLED, _CHECKOUT = _PACKAGE / "_templates", _PACKAGE.parent / "templates"
_LAYOUT = re.compile(r"(?:<!--.*?-->\s*)?(?P<text>.*?)\s*```json\n(?P<schema>.*?)\n```\s*", re.DOTALL)
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Prompt:
    """The words for a model, the JSON Schema of its answer, and the first twelve digits of the file's SHA-256."""

    text: str
    schema: Mapping[str, object]
    digest: str


@cache
def prompt(name: str) -> Prompt:
    """A prompt by the name of its file: `merge`."""
    return parse((templates() / "prompts" / f"{name}.md").read_bytes())


def templates() -> Path:
    """The folder `templates`, as it is installed, or in a checkout."""
    return _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT


def parse(content: bytes) -> Prompt:
    """A prompt of its file's bytes; ValueError where the file is not laid out as one."""
    found = _LAYOUT.fullmatch(content.decode())
    if found is None:
        raise ValueError("a prompt is its words and one block of JSON, the schema, at the end")
    return Prompt(found["text"], json.loads(found["schema"]), sha256(content).hexdigest()[:_DIGITS])


def fenced(label: str, text: str) -> str:
    """A block of text under a label, in a fence longer than any in the text: it cannot be closed from within."""
    longest = max(map(len, re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{label}:\n{fence}\n{text.removesuffix(chr(10))}\n{fence}"
