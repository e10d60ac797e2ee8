"""Bytes are taken as they come: one conversation at a time out of a JSONL, alike for every way of cutting it."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from skillgit.transcripts.detect import read
from skillgit.transcripts.model import Transcript
from tests.transcripts.reading import only, source

SPOKEN = st.lists(
    st.tuples(st.sampled_from(["system", "user", "assistant"]), st.text(min_size=1, max_size=40).filter(str.strip)),
    min_size=1,
    max_size=5,
)


def line(number: int) -> bytes:
    return json.dumps({"messages": [{"role": "user", "content": f"request {number} " + "x" * 1000}]}).encode() + b"\n"


def test_a_conversation_is_given_before_the_next_piece_is_asked_for() -> None:
    asked = []

    def pieces() -> Iterator[bytes]:
        for number in range(1000):
            asked.append(number)
            yield line(number)

    items = read(pieces())
    for number in range(100):
        item = next(items)
        assert isinstance(item, Transcript)
        assert item.turns[0].text.startswith(f"request {number} ")
        assert len(asked) <= max(64, number + 1)


def test_a_jsonl_takes_no_more_memory_than_some_of_its_lines() -> None:
    tracemalloc.start()
    count = sum(1 for _ in read(line(number) for number in range(5_000)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 5_000
    assert peak < 2**20


@given(SPOKEN, st.integers(1, 50))
def test_the_way_a_file_is_cut_changes_nothing(spoken: list[tuple[str, str]], size: int) -> None:
    conversation = {"messages": [{"role": role, "content": text} for role, text in spoken]}
    whole = source((conversation, b"bad", conversation))
    pieces = [whole[start : start + size] for start in range(0, len(whole), size)]
    assert list(read(pieces)) == list(read(whole))


@given(SPOKEN)
def test_a_conversation_has_one_digest_however_it_is_written(spoken: list[tuple[str, str]]) -> None:
    messages = [{"role": role, "content": text} for role, text in spoken]
    written = [
        json.dumps({"messages": messages}).encode(),
        json.dumps({"messages": messages}, ensure_ascii=False, indent=2).encode(),
        b"\xef\xbb\xbf" + json.dumps([{"conversation": messages}]).encode(),
        json.dumps({"conversations": [{"from": role, "value": text} for role, text in spoken]}).encode(),
    ]
    found = [only(given) for given in written]
    assert len({one.digest for one in found}) == 1
    assert [(turn.role, turn.text) for turn in found[0].turns] == spoken
