"""Vectors over the network."""

from __future__ import annotations

import json

import numpy as np
import pytest

from skillgit.errors import ModelError
from skillgit.models.embed_remote import RemoteEmbedder
from tests.models.asking import endpoint
from tests.models.server import DIMENSIONS, Reply, Request, Sent, embeds, sends, serving, status, vector


def embedder(url: str, *, batch: int = 64, dimensions: int = 0, shortened: bool = False) -> RemoteEmbedder:
    return RemoteEmbedder(
        endpoint(url), provider="loopback", model="loopback-1", dimensions=dimensions, shortened=shortened, batch=batch
    )


def test_rows_are_of_length_one_and_in_the_order_of_the_texts() -> None:
    with serving(embeds) as server:
        found = embedder(server.url).embed(["one", "二", "three"])
    assert found.shape == (3, DIMENSIONS)
    expected = np.array([vector(text) for text in ("one", "二", "three")])
    assert np.allclose(found, expected / np.linalg.norm(expected, axis=1, keepdims=True), atol=1e-6)


def test_a_text_of_nothing_has_a_row_of_zeros_and_is_not_sent() -> None:
    with serving(embeds) as server:
        found = embedder(server.url).embed(["", "one", " \n"])
    assert [bool(row.any()) for row in found] == [False, True, False]
    assert server.requests[0].body["input"] == ["one"]


def test_texts_go_in_batches() -> None:
    with serving(embeds) as server:
        found = embedder(server.url, batch=3).embed([str(number) for number in range(8)])
    assert [request.body["input"] for request in server.requests] == [["0", "1", "2"], ["3", "4", "5"], ["6", "7"]]
    assert len({row.tobytes() for row in found}) == 8


def test_no_texts_are_no_rows() -> None:
    with serving(embeds) as server:
        assert embedder(server.url, dimensions=DIMENSIONS).embed([]).shape == (0, DIMENSIONS)
    assert server.requests == []


def test_the_dimensions_are_asked_for_once_where_nobody_said_them() -> None:
    with serving(embeds) as server:
        asked = embedder(server.url)
        assert (asked.dimensions, asked.dimensions, asked.embed([""]).shape) == (
            DIMENSIONS,
            DIMENSIONS,
            (1, DIMENSIONS),
        )
    assert len(server.requests) == 1


def test_the_signature_says_all_and_asks_nobody() -> None:
    with serving(embeds) as server:
        one, two = embedder(server.url), embedder(server.url, dimensions=4, shortened=True)
        assert one.signature == f"loopback/loopback-1 at {server.url}, own dimensions, cut 8000"
        assert two.signature == f"loopback/loopback-1 at {server.url}, 4 dimensions, cut 8000"
    assert server.requests == []


def test_shorter_vectors_are_asked_for_by_their_length() -> None:
    with serving(embeds) as server, pytest.raises(ModelError, match="sent vectors of 8 dimensions"):
        embedder(server.url, dimensions=4, shortened=True).embed(["one"])
    assert server.requests[0].body["dimensions"] == 4


def test_what_is_too_much_at_once_is_asked_for_in_halves() -> None:
    def small(request: Request) -> Sent:
        texts = request.body["input"]
        return embeds(request) if sum(map(len, texts)) <= 2500 else status(413)(request)

    texts = ["a" * 1000, "b" * 1000, "c" * 9000, "d"]
    with serving(small) as server:
        found = embedder(server.url).embed(texts)
    expected = np.array([vector(text) for text in (texts[0], texts[1], "c" * 2000, "d")])
    assert np.allclose(found, expected / np.linalg.norm(expected, axis=1, keepdims=True), atol=1e-6)


def rows(*vectors: object, order: tuple[object, ...] = (0, 1)) -> Reply:
    listed = [{"index": rank, "embedding": numbers} for rank, numbers in zip(order, vectors, strict=False)]
    return sends(json.dumps({"data": listed}).encode())


BAD: dict[str, tuple[Reply, str]] = {
    "too few": (rows([1.0, 0.0]), "sent 1 vectors for 2 texts"),
    "none": (sends(b'{"data": "x"}'), "sent 0 vectors for 2 texts"),
    "the same place twice": (rows([1.0], [1.0], order=(0, 0)), "in no order"),
    "a place that is none": (rows([1.0], [1.0], order=([], {})), "in no order"),
    "words": (rows([1.0, 0.0], ["1.0", "0.0"]), "no list of numbers"),
    "base64": (rows("AAAA", "AAAA"), "no list of numbers"),
    "lists in lists": (rows([[1.0]], [[1.0]]), "no list of numbers"),
    "of two lengths": (rows([1.0, 0.0], [1.0]), "sent vectors of 1, 2 dimensions"),
    "zeros": (rows([0.0, 0.0], [1.0, 0.0]), "without a length"),
    "not finite": (sends(b'{"data": [{"embedding": [1e999]}, {"embedding": [NaN]}]}'), "without a length"),
    "empty": (rows([], []), "without a length"),
    "500": (status(500), "answered 500"),
    "no such model": (status(404), "answered 404"),
}


@pytest.mark.parametrize(("reply", "told"), BAD.values(), ids=BAD.keys())
def test_vectors_that_are_none_are_an_error(reply: Reply, told: str) -> None:
    with serving(reply) as server, pytest.raises(ModelError, match=told):
        embedder(server.url).embed(["one", "two"])
