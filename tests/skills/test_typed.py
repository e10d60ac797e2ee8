"""Frontmatter as other readers of YAML have it."""

from __future__ import annotations

import json

import pytest

from skillgit.errors import Invalid
from skillgit.skills import document
from skillgit.skills.typed import Json, values


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("text", "text"),
        ('"1.10"', "1.10"),
        ("1.10", 1.1),
        ("010", 10),
        ("true", True),
        ("no", "no"),
        ("", None),
        ("null", None),
        ("2026-01-02", "2026-01-02"),
        ("2026-01-02 03:04:05", "2026-01-02 03:04:05"),
        ("12:30", "12:30"),
        (".inf", "inf"),
        ("[a, 1, {b: c}]", ["a", 1, {"b": "c"}]),
        ("{1: x, 2.5: y}", {"1": "x", "2.5": "y"}),
        ("|\n  a\n  b\n", "a\nb\n"),
    ],
)
def test_a_value_is_what_yaml_makes_of_it(written: str, read: Json) -> None:
    found = values(document.parse(f"---\nname: x\nfield: {written}\n---\n".encode()))
    assert found == {"name": "x", "field": read}
    json.dumps(found, allow_nan=False)


def test_no_frontmatter_is_no_fields() -> None:
    assert values(document.parse(b"---\n---\nbody")) == {}


def test_what_cannot_be_read_is_invalid() -> None:
    with pytest.raises(Invalid):
        values(document.parse(b"---\nfield: 2026-13-45T99:99:99\nother: !!int x\n---\n"))
