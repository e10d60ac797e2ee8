"""Whatever stands in a file, it is read or refused: random bytes, random JSON, and good files with a wrong value."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.errors import Unreadable
from skillgit.transcripts.detect import FORMATS, read
from skillgit.transcripts.model import Transcript
from tests.transcripts import examples, exported
from tests.transcripts.test_agents import EVENTS, item, row, tool_result, tool_use
from tests.transcripts.test_chats import AUTOSKILL, CHATGPT, CLAUDE_AI, SOURCES, WITH_TOOLS

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
VALUES = st.recursive(
    SCALARS | st.sampled_from(["user", "tool", "tool_use", "text", "message", "function_call"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=10,
)
SESSIONS: list[Any] = [
    [row("user", "Go.", uuid="u", timestamp="2026-01-01"), tool_use("t"), tool_result("t", "x", is_error=True)],
    [{"type": "session_meta", "payload": {"id": "s", "source": {}}}, item("user", "Go."), *EVENTS["alone"][0]],
]
GOOD: list[Any] = [source for _, source in SOURCES.values() if isinstance(source, dict | list)]
GOOD += [*WITH_TOOLS.values(), *SESSIONS, [CHATGPT], [CLAUDE_AI], AUTOSKILL]
GOOD += [
    list(given) if isinstance(given, tuple) else given
    for _, given, _ in (examples.EXAMPLES | exported.EXAMPLES).values()
]
GOOD = [given for given in GOOD if not isinstance(given, str)]


def attempt(content: bytes, *, format: str | None) -> None:
    """Read a file to its end; what is no transcript may only be refused."""
    try:
        for found in read(content, format=format):
            assert not isinstance(found, Transcript) or found.digest.startswith("sha256:")
    except Unreadable as err:
        assert err.message


def spoil(value: Any, path: list[int], wrong: object) -> Any:
    """The value with something else at the place the path leads to."""
    if not path or not isinstance(value, dict | list) or not value:
        return wrong
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    chosen = keys[path[0] % len(keys)]
    copy: Any = value.copy()
    copy[chosen] = spoil(value[chosen], path[1:], wrong)
    return copy


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    attempt(content, format=None)


@given(st.lists(VALUES, max_size=3), st.sampled_from([None, *(row.name for row in FORMATS)]))
def test_any_json_is_read_or_refused_by_every_reader(values: list[object], format: str | None) -> None:
    attempt(json.dumps(values).encode(), format=format)
    attempt("\n".join(map(json.dumps, values)).encode(), format=format)


@given(st.data(), st.lists(st.integers(0, 9), min_size=1, max_size=7), VALUES)
def test_a_good_file_with_a_wrong_value_is_read_or_refused(draw: st.DataObject, path: list[int], wrong: object) -> None:
    spoilt = spoil(draw.draw(st.sampled_from(GOOD)), path, wrong)
    attempt(json.dumps(spoilt).encode(), format=None)
    if isinstance(spoilt, list):
        attempt("\n".join(map(json.dumps, spoilt)).encode(), format=None)


@given(st.sampled_from(GOOD), st.integers(0, 2000))
def test_a_document_cut_anywhere_is_refused(value: object, cut: int) -> None:
    content = json.dumps(value, indent=1).encode()
    with pytest.raises(Unreadable):
        list(read(content[: cut % (len(content) - 1)]))
