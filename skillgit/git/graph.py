"""What a repository's commit-graph knows, read from its files (gitformat-commit-graph)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from skillgit.git.run import attempt

_HEADER = struct.Struct(">4sBBBB")  # CGPH, version, hash, chunks, base graphs
_CHUNK = struct.Struct(">4sQ")  # a name and where its bytes start
_LAST_FANOUT = 255 * 4


@dataclass(frozen=True, slots=True)
class Graph:
    """How many commits the commit-graph has, and whether it knows the changed paths of all of them."""

    commits: int
    changed_paths: bool


def state(common_dir: Path) -> Graph:
    """The commit-graph of a repository; one that is not there, or is none, has no commits."""
    layers = [layer for file in _files(common_dir) if (layer := _read(file))]
    return Graph(sum(layer.commits for layer in layers), all(layer.changed_paths for layer in layers))


def fault(common_dir: Path) -> str:
    """What `git commit-graph verify` has against it, or ""."""
    done = attempt(["commit-graph", "verify", "--no-progress"], cwd=common_dir)
    lines = (done.stderr + done.stdout).decode("utf-8", "replace").splitlines()
    return (lines[0] if lines else "it cannot be verified") if done.returncode else ""


def _files(common_dir: Path) -> list[Path]:
    info = common_dir / "objects" / "info"
    chain = info / "commit-graphs" / "commit-graph-chain"
    if (info / "commit-graph").is_file():  # git reads it first, and no chain beside it
        return [info / "commit-graph"]
    names = chain.read_text("ascii", "replace").split() if chain.is_file() else []
    return [file for name in names if (file := chain.with_name(f"graph-{name}.graph")).is_file()]


def _read(file: Path) -> Graph | None:
    data = file.read_bytes()
    try:
        mark, _, _, chunks, _ = _HEADER.unpack_from(data)
        starts = dict(_CHUNK.unpack_from(data, _HEADER.size + _CHUNK.size * number) for number in range(chunks))
        (commits,) = struct.unpack_from(">I", data, starts[b"OIDF"] + _LAST_FANOUT)
    except (struct.error, KeyError):
        return None
    return Graph(commits, b"BDAT" in starts) if mark == b"CGPH" else None
