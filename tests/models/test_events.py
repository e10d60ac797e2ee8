"""Server-sent events."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.models.events import events

STREAMS = {
    "one": (b"data: a\n\n", ["a"]),
    "without the blank": (b"data:a\n\n", ["a"]),
    "CRLF": (b"data: a\r\n\r\ndata: b\r\n\r\n", ["a", "b"]),
    "of several lines": (b"data: a\ndata: b\n\n", ["a\nb"]),
    "other fields and comments": (b": ping\nevent: x\nid: 1\ndata: a\nretry: 3\n\n\n\n", ["a"]),
    "without its end": (b"data: a\n\ndata: b", ["a", "b"]),
    "done": (b"data: a\n\ndata: [DONE]\n\ndata: b\n\n", ["a"]),
    "no events": (b"<html>\n\n", []),
    "nothing": (b"", []),
}


@pytest.mark.parametrize(("stream", "told"), STREAMS.values(), ids=STREAMS.keys())
def test_the_data_of_each_event_is_read(stream: bytes, told: list[str]) -> None:
    assert list(events([stream])) == told


@given(st.lists(st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), min_size=1)), st.data())
def test_where_the_bytes_are_cut_does_not_matter(texts: list[str], data: st.DataObject) -> None:
    stream = "".join(f"data: {text}\n\n" for text in texts).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=5)))
    chunks = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert list(events(chunks)) == list(events([stream]))
