"""Prompts: files that people read, and the fences around what is data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.models.prompts import fenced, parse, prompt
from tests.conftest import ROOT

NAMES = sorted(file.stem for file in (ROOT / "templates" / "prompts").glob("*.md"))


@pytest.mark.parametrize("name", NAMES)
def test_every_prompt_has_words_a_strict_schema_and_a_digest(name: str) -> None:
    found = prompt(name)
    assert found.text
    assert "<!--" not in found.text
    assert found.schema["type"] == "object"
    assert all(_strict(schema) for schema in _objects(found.schema))
    assert len(found.digest) == 12


def _objects(schema: object) -> list[dict[str, object]]:
    """Every schema of an object within a schema."""
    if isinstance(schema, list):
        return [found for item in schema for found in _objects(item)]
    if not isinstance(schema, dict):
        return []
    here = [schema] if schema.get("type") == "object" else []
    return here + [found for value in schema.values() for found in _objects(value)]


def _strict(schema: dict[str, object]) -> bool:
    """OpenAI's strict schemas close every object and require each of its properties."""
    properties = schema["properties"]
    assert isinstance(properties, dict)
    return schema["additionalProperties"] is False and schema["required"] == list(properties)


def test_another_word_is_another_digest() -> None:
    one, two = (parse(f'Say {word}.\n\n```json\n{{"type": "object"}}\n```\n'.encode()) for word in ("a", "b"))
    assert (one.text, two.text) == ("Say a.", "Say b.")
    assert one.digest != two.digest


@pytest.mark.parametrize("content", [b"", b"Only words.", b"```json\n{}\n```\nwords behind it"], ids=repr)
def test_a_file_that_is_no_prompt_says_so(content: bytes) -> None:
    with pytest.raises(ValueError, match="a prompt is its words and one block of JSON"):
        parse(content)


@given(st.text(st.sampled_from("a`\n~ ")))
def test_no_text_can_close_its_fence(text: str) -> None:
    label, opening, *lines, closing = fenced("ours", text).split("\n")
    assert (label, opening) == ("ours:", closing)
    assert "\n".join(lines) == text.removesuffix("\n")
    assert opening not in text
