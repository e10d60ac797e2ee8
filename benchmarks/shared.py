"""What it costs to share jobs and vectors in PostgreSQL: `python -m benchmarks.shared [SKILLS]...`, 1,000 and 10,000.

Files and a database on this machine are asked in turn, so that a busy machine is busy for both. CPU is that of the
process alone, the clock also counts the database, whose disk is not waited for. Skills and queries are those of
`benchmarks/index.py`.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from benchmarks.index import Skills, Tiled, paths, public, timed
from skillgit.git.setup import init
from skillgit.learn.jobs import Jobs, Owner, Result, Wanted, jobs, owner
from skillgit.postgres import Place
from skillgit.search.index import Index
from tests.postgres import kept_at, serving

_JOBS = 300
_WORDS = "x" * 4_000  # of a conversation
_QUESTIONS = 100


def main(words: Sequence[str]) -> int:
    """Print the tables."""
    os.environ["SKILLGIT_USER"] = "ada"
    with tempfile.TemporaryDirectory() as folder, serving() as url:
        print(f"{'':40}{'CPU p50':>9}{'p95':>9}{'clock p50':>11}{'p95':>9}")
        _work(Path(folder), url)
        for count in map(int, words or ("1000", "10000")):
            _search(Path(folder) / str(count), Place(url, f"b{count}"), count)
    return 0


def _work(folder: Path, url: str) -> None:
    """A job's way, from its request to its end, in either store."""
    repos = {"a file": init(folder / "file").repo, "PostgreSQL": init(folder / "database").repo}
    kept_at(url, repos["PostgreSQL"])
    numbers = [str(number) for number in range(_JOBS)]
    with ExitStack() as stack:
        for name, repo in repos.items():
            queue, mine = stack.enter_context(jobs(repo)), owner()
            print(f"{f'a job added, {name}':40}{timed(_adding(queue), numbers)}")
            print(f"{f'a job leased and finished, {name}':40}{timed(_doing(queue, mine), numbers)}")


def _adding(queue: Jobs) -> Callable[[str], object]:
    return lambda number: queue.add(Wanted(f"user{int(number) % 9}", _WORDS, (number,)), name=number, due=0)


def _doing(queue: Jobs, mine: Owner) -> Callable[[str], object]:
    def do(_: str) -> None:
        leased = queue.lease(mine)
        if leased:
            queue.finish(leased[0], Result("none", ""), digests=(leased[0].id,))

    return do


def _search(folder: Path, place: Place, count: int) -> None:
    corpus, lines, questions = public()
    embedder, skills = Tiled(corpus), Skills()
    for number in range(count):
        skills.add(number, corpus, lines)
    both = {
        "files": Index.open(folder / "files", embedder),
        "pgvector": Index(folder / "database", lambda: embedder, shared=place),
    }
    for index in both.values():
        index.sync(skills.oids, skills.blobs.__getitem__)
        index.search(questions[0])
    _row("all looked at", both, questions[:_QUESTIONS], count)
    made = [index.tend() for index in both.values()]
    if any(made):
        for index in both.values():  # a process loads a graph with its 21st search
            for question in questions[:21]:
                index.search(question)
        _row("by the graph", both, questions[:_QUESTIONS], count)


def _row(how: str, both: dict[str, Index], questions: Sequence[str], count: int) -> None:
    for name, index in both.items():
        took = timed(lambda text, index=index: index.search(text, limit=5), questions)  # type: ignore[misc]
        print(f"{f'a search of {count:,}, {how}, {name}':40}{took}")
    pairs = [[paths(index, question) for index in both.values()] for question in questions]
    same = np.mean([len(here & there) / len(here) for here, there in pairs if here])
    print(f"{'  of the ten best the same':40}{same:9.3f}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
