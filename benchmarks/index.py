"""How fast the index answers, is made and follows, and where a graph of vectors pays.

    python benchmarks/index.py               10,000 skills in one process, 1,000 and 10,000 in a cold one: 2 minutes
    python benchmarks/index.py --full        100,000 skills in one process, too: 10 minutes

Texts and vectors are those of the 2,711 public skills of shared/data: each skill has a description and 30 lines of
them at random, and the vector of one, turned by 37 degrees. Queries are UiPath's prompts, embedded as a user's are.
Times are CPU time of the process and its children, and on the right wall time; a size is measured in a process of its
own, where numpy has one thread, as `skillgit` gives it: more of them wait for each other longer than they work.
Exits with 1 where a budget is broken.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from skillgit.git import layout
from skillgit.git.repo import Repo
from skillgit.models.embed_offline import offline
from skillgit.sdk import SkillRepo
from skillgit.search import cache, hnsw, matrix, near
from skillgit.search.index import Index

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("SKILLGIT_DATA") or ROOT / "../shared/data") / "retrieval"
LINES, QUERIES, NOISE = 30, 300, 0.75
P50, P95, RECALL = {10_000: 5.0, 100_000: 15.0}, {10_000: 15.0, 100_000: 15.0}, 0.98
COLD = 300.0  # milliseconds at 1,000 skills
Vectors = NDArray[np.float32]


@dataclass
class Tiled:
    """The offline embedder for questions; for skill i the vector of public skill i, turned a little by i."""

    corpus: Sequence[Mapping[str, str]]

    def __post_init__(self) -> None:
        self._offline = offline()
        self.signature, self.dimensions = self._offline.signature, self._offline.dimensions

    @cached_property
    def _base(self) -> Vectors:
        return self._offline.embed([f"{row['name']}\n{row['description']}" for row in self.corpus])

    def embed(self, texts: Sequence[str]) -> Vectors:
        ranks = [int(text.partition("\n")[0][1:]) if text[:1] == "s" and text[1:2].isdigit() else -1 for text in texts]
        asked = self._offline.embed([text for text, rank in zip(texts, ranks, strict=True) if rank < 0])
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        vectors[[place for place, rank in enumerate(ranks) if rank < 0]] = asked
        for place, rank in enumerate(ranks):
            if rank >= 0:
                noise = np.random.default_rng(rank).standard_normal(self.dimensions).astype(np.float32)
                turned = self._base[rank % len(self.corpus)] + NOISE * noise / np.linalg.norm(noise)
                vectors[place] = turned / np.linalg.norm(turned)
        return vectors


@dataclass
class Skills:
    """Skills of one user, and their blobs."""

    oids: dict[str, str] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)

    def add(self, number: int, corpus: Sequence[Mapping[str, str]], lines: Sequence[str]) -> None:
        chance = random.Random(number)
        about = json.dumps(corpus[number % len(corpus)]["description"][:300])
        body = "\n".join(chance.choices(lines, k=LINES))
        data = f"---\nname: s{number}\ndescription: {about}\n---\n{body}\n".encode()
        oid = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
        self.oids[f"Users/ada/s{number}"], self.blobs[oid] = oid, data


@dataclass(frozen=True, slots=True)
class Times:
    """Of many calls, in milliseconds: of CPU, and by the clock."""

    p50: float
    p95: float
    wall50: float
    wall95: float

    def __str__(self) -> str:
        return f"{self.p50:9.2f}{self.p95:9.2f}{self.wall50:11.2f}{self.wall95:9.2f}"


def main(words: Sequence[str]) -> int:
    """Print the tables; 1 where a budget is broken."""
    if words[:1] == ["size"]:
        return warm(int(words[1]))
    sizes = (10_000, 100_000) if "--full" in words else (10_000,)
    alone = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    each = [[sys.executable, __file__, "size", str(size)] for size in sizes]
    broken = [subprocess.run(words, check=False, env=alone).returncode for words in each]
    return max(*broken, cold())


def warm(count: int) -> int:
    """One process: making, answering, following; 1 where a budget is broken."""
    corpus, lines, questions = public()
    embedder, skills = Tiled(corpus), Skills()
    for number in range(count):
        skills.add(number, corpus, lines)
    embedder.embed(["s0\n", questions[0]])
    print(f"\n{count:,} skills in one process: CPU ms")
    with tempfile.TemporaryDirectory() as place:
        directory, bare = Path(place), peak()
        index = Index.open(directory, embedder)
        row("made: words", cpu(lambda: index.sync(skills.oids, skills.blobs.__getitem__)))
        row("made: vectors, but for the model", cpu(lambda: index.search(questions[0])))
        print(f"{'':40}{'p50':>9}{'p95':>9}{'wall p50':>11}{'p95':>9}")
        print(f"{'words':40}{timed(lambda text: index.by_words(text, limit=5), questions)}")
        exact = timed(lambda text: index.search(text, limit=5), questions)
        print(f"{'words and vectors, all looked at':40}{exact}")
        best = [paths(index, question) for question in questions]
        row("made: graph", cpu(index.tend))
        index = Index.open(directory, embedder)
        row("loaded", cpu(lambda: index.sync(skills.oids, skills.blobs.__getitem__), lambda: index.search("x")))
        for question in questions[:20]:
            index.search(question)
        row("loaded: graph, by the 21st search", cpu(lambda: index.search("y")))
        graph = timed(lambda text: index.search(text, limit=5), questions)
        print(f"{'words and vectors, by the graph':40}{graph}")
        print(f"{'the embedder, which is in both':40}{timed(lambda text: embedder.embed([text]), questions)}")
        same = [
            len(one & paths(index, question)) / len(one) for one, question in zip(best, questions, strict=True) if one
        ]
        recall = nearest(directory, embedder, questions)
        print(f"recall@10 of the graph {recall:.4f}; of the ten best by words and vectors {np.mean(same):.4f}")
        print(f"peak memory {peak():,.0f} MiB, of which {bare:,.0f} were there before the index")
        updates(index, skills, corpus, lines)
    faster = min((exact, graph), key=lambda times: times.p95)
    return int(faster.p50 > P50[count] or faster.p95 > P95[count] or recall < RECALL)


def updates(index: Index, skills: Skills, corpus: Sequence[Mapping[str, str]], lines: Sequence[str]) -> None:
    """What it costs to follow a commit that adds skills, up to the end of the next search."""
    print(f"{'skills added':>14}{'sync':>9}{'and the first search':>22}")
    for more in (1, 10, 100):
        rows = []
        for _ in range(5):
            for number in range(len(skills.oids), len(skills.oids) + more):
                skills.add(number, corpus, lines)
            synced = cpu(lambda: index.sync(skills.oids, skills.blobs.__getitem__))
            rows.append((synced, synced + cpu(lambda: index.search("a query", limit=5))))
        print(f"{more:>14}{median(first for first, _ in rows):>9.1f}{median(both for _, both in rows):>22.1f}")


def nearest(directory: Path, embedder: Tiled, questions: Sequence[str]) -> float:
    """How many of the ten nearest vectors the graph finds among those it is asked for."""
    matrices = cache.read(near.shelf(directory, embedder), matrix.open_matrix).segments
    keys = [key for each in matrices for key in each.keys]
    vectors = np.concatenate([each.vectors for each in matrices])
    (graph,) = cache.read(near.graph_shelf(directory, embedder, "Users/ada"), hnsw.open_graph).segments
    shares = []
    for question in questions:
        asked = embedder.embed([question])[0]
        best = {keys[place] for place in np.argpartition(vectors @ asked, -10)[-10:]}
        labels, _ = graph.nearest(asked, near.CANDIDATES)
        shares.append(len(best & {graph.keys[label] for label in labels[:10]}) / 10)
    return float(np.mean(shares))


def cold() -> int:
    """`skillgit search` as a process of its own; 1 where the budget is broken."""
    corpus, lines, questions = public()
    embedder = Tiled(corpus)
    program = str(Path(sys.executable).with_name("skillgit"))
    print("\nprocesses of their own: CPU ms and wall ms, the least and the median of nine")
    print(f"{'python -c pass':40}{spent([sys.executable, '-c', 'pass'])}")
    print(f"{'import numpy, pygit2':40}{spent([sys.executable, '-c', 'import numpy, pygit2'])}")
    least = {}
    for count in (1_000, 10_000):
        skills = Skills()
        for number in range(count):
            skills.add(number, corpus, lines)
        with tempfile.TemporaryDirectory() as place:
            repo = committed(Path(place), skills)
            index = Index.open(repo.private / "index", embedder)
            index.sync(repo.skills(repo.tip("HEAD")), repo.read)
            index.search(questions[0])
            search = [program, "-C", place, "search", "--user", "ada", questions[0]]
            least[count] = spent(search)
            print(f"{f'skillgit search, {count:,} skills':40}{least[count]}")
            off = [program, "-C", place, "list", "--help"]
            print(f"{'  a command that does nothing':40}{spent(off)}")
    return int(least[1_000].p50 > COLD)


def committed(folder: Path, skills: Skills) -> Repo:
    """A bare repository with the skills in one commit."""
    repo = SkillRepo.init(folder, user="ada", bare=True).repo
    stream = [b"commit refs/heads/main\ncommitter ada <ada> 1700000000 +0000\ndata 1\nx\nfrom refs/heads/main^0\n"]
    for path, oid in skills.oids.items():
        stored = layout.sharded(path) if len(skills.oids) > layout.FLAT else path
        data = skills.blobs[oid]
        stream.append(b"M 100644 inline %s/SKILL.md\ndata %d\n%s\n" % (stored.encode(), len(data), data))
    subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, input=b"".join(stream), check=True)
    return repo


def public() -> tuple[list[dict[str, str]], list[str], list[str]]:
    """The public skills, lines of theirs, and prompts of users."""
    corpus, asked = (
        [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text().splitlines()]
        for name in ("corpus", "uipath.dev")
    )
    lines = [line for each in corpus for line in each["body"].splitlines() if 20 < len(line) < 200]
    return corpus, lines, [each["query"] for each in asked[:QUERIES]]


def paths(index: Index, question: str) -> set[str]:
    return {match.path for match in index.search(question, limit=10, min_score=0).matches}


def timed(call: Callable[[str], object], questions: Sequence[str]) -> Times:
    """The times of a call for each question, after one that does not count."""
    call(questions[0])
    times, walls = [], []
    for question in questions:
        start = time.perf_counter()
        times.append(cpu(lambda question=question: call(question)))  # type: ignore[misc]
        walls.append((time.perf_counter() - start) * 1e3)
    middle, late = len(times) // 2, len(times) * 19 // 20
    return Times(*(sorted(each)[place] for each in (times, walls) for place in (middle, late)))


def spent(words: Sequence[str]) -> Times:
    """The times of a process: the least and the median of nine."""
    times, walls = [], []
    for _ in range(9):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(words, check=False, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e3)
        walls.append((time.perf_counter() - start) * 1e3)
    return Times(min(times), median(times), min(walls), median(walls))


def cpu(*calls: Callable[[], object]) -> float:
    """The CPU milliseconds that calls take, one after the other."""
    start = time.process_time()
    for call in calls:
        call()
    return (time.process_time() - start) * 1e3


def row(title: str, milliseconds: float) -> None:
    print(f"{title:40}{milliseconds:9,.0f}")


def peak() -> float:
    """The most memory this process had until now, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
