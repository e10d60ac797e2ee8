"""How well and how fast the words index finds skills.

    python benchmarks/search.py             all of it, about two minutes
    python benchmarks/search.py quality     recall and abstention on shared/data
    python benchmarks/search.py speed       times at 1,000, 5,000 and 10,000 skills

Quality goes through `Index.search` as a user's query does. Times are CPU time on one core.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from skillgit.search.bm25 import MIN_SCORE
from skillgit.search.index import Index

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("SKILLGIT_DATA") or ROOT / "../shared/data")
THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4)
COLD = """
import pickle, sys
from pathlib import Path
skills, blobs = pickle.loads(Path(sys.argv[1]).read_bytes())
if len(sys.argv) > 2:
    from skillgit.search.index import Index
    index = Index.open(Path(sys.argv[2]))
    index.sync(skills, blobs.__getitem__)
    index.search("Configure the extraction model of my project", limit=5)
"""


@dataclass(frozen=True, slots=True)
class Question:
    """A query and the path of the skill that answers it, or None where nothing should."""

    text: str
    gold: str | None


@dataclass(frozen=True, slots=True)
class Answered:
    """Where the gold stood (None: not among the first ten), and the best score."""

    question: Question
    rank: int | None
    score: float


def main(parts: Sequence[str]) -> None:
    """Print the tables asked for."""
    if not parts or "quality" in parts:
        quality()
    if not parts or "speed" in parts:
        speed()


def quality() -> None:
    """Recall at 1, 5, 10, the area under the curve of 'nothing fits', and what each threshold lets through."""
    print(f"{'questions':34} {'n':>5} {'R@1':>5} {'R@5':>5} {'R@10':>5} {'AUC':>5}", end="  ")
    print("kept / fired at " + " ".join(f"{t:>9}" for t in THRESHOLDS))
    for title, skills, questions in sets():
        answers = ask(skills, questions)
        right = [a for a in answers if a.question.gold]
        wrong = [a for a in answers if not a.question.gold]
        recalls = [sum(a.rank is not None and a.rank < k for a in right) / len(right) for k in (1, 5, 10)]
        area = f"{auc([a.score for a in right], [a.score for a in wrong]):.3f}" if wrong else "-"
        marks = [
            f"{share(right, t):.2f}/{share(wrong, t):.2f}" if wrong else f"{share(right, t):.2f}/-   "
            for t in THRESHOLDS
        ]
        print(f"{title:34} {len(right):>5} {' '.join(f'{r:.3f}' for r in recalls)} {area:>5}", end="  ")
        print(" " * 15 + " ".join(f"{mark:>9}" for mark in marks))
    print(f"AUC, fired: questions without an answer; the default min_score is {MIN_SCORE}")


def sets() -> Iterable[tuple[str, Mapping[str, bytes], Sequence[Question]]]:
    """Each set of questions with the skills they are asked of, as path -> SKILL.md."""
    corpus = {row["id"].removesuffix("/SKILL.md"): row["body"].encode() for row in rows("corpus")}
    uipath = [Question(row["query"], row["gold"] and uipath_path(row["gold"])) for row in rows("uipath.dev")]
    yield "uipath, 34 skills", {path: data for path, data in corpus.items() if path.startswith("UiPath+")}, uipath
    yield "uipath, 2,711 skills", corpus, [question for question in uipath if question.gold]
    commits = [Question(row["masked"], row["gold"].removesuffix("/SKILL.md")) for row in rows("commit2skill.dev")]
    yield "commit2skill masked, 2,711 skills", corpus, commits
    for language in ("english_gpt4_8", "chinese_gpt4_8"):
        skills, questions = held_out(DATA / "skills" / language)
        yield f"held-out triggers, {len(skills)} {language[:7]}", skills, questions
        yield from few(skills, questions, language[:7])


def few(
    skills: Mapping[str, bytes], questions: Sequence[Question], language: str
) -> Iterable[tuple[str, Mapping[str, bytes], Sequence[Question]]]:
    """Ten of the skills, asked their own questions and as many of other skills, which have no answer here."""
    own = set(random.Random(2).sample(sorted(skills), 10))
    here = [question for question in questions if question.gold in own]
    others = random.Random(3).sample([question for question in questions if question.gold not in own], 200)
    yield f"  10 of them, {language}", {p: skills[p] for p in own}, [*here, *(Question(q.text, None) for q in others)]


def held_out(directory: Path) -> tuple[dict[str, bytes], list[Question]]:
    """The skills without two of their triggers, wherever these stand, and the triggers as questions."""
    skills, questions = {}, []
    for file in sorted(directory.glob("*/SKILL.md")):
        text = file.read_text()
        listed = re.search(r"^triggers:\n((?:  - .*\n)+)", text, re.MULTILINE)
        triggers = [line.strip()[2:].strip('"') for line in listed[1].splitlines()] if listed else []
        for trigger in random.Random(file.parent.name).sample(triggers, min(2, len(triggers))):
            text = text.replace(trigger, "")
            questions.append(Question(trigger, file.parent.name))
        skills[file.parent.name] = text.encode()
    return skills, questions


def ask(skills: Mapping[str, bytes], questions: Sequence[Question]) -> list[Answered]:
    """Put every question to an index of the skills."""
    oids = {path: hashlib.sha1(data).hexdigest() for path, data in skills.items()}
    blobs = {oids[path]: data for path, data in skills.items()}
    answers = []
    with tempfile.TemporaryDirectory() as directory:
        index = Index.open(Path(directory))
        index.sync(oids, blobs.__getitem__)
        for question in questions:
            found = index.search(question.text, min_score=0.0)
            paths = [match.path for match in found]
            rank = paths.index(question.gold) if question.gold in paths else None
            answers.append(Answered(question, rank, found[0].score if found else 0.0))
    return answers


def auc(right: Sequence[float], wrong: Sequence[float]) -> float:
    """How likely a question with an answer scores above one without."""
    return statistics.fmean((r > w) + (r == w) / 2 for r in right for w in wrong)


def share(answers: Sequence[Answered], threshold: float) -> float:
    """How many answer something at this threshold."""
    return sum(a.score >= threshold for a in answers) / len(answers)


def speed() -> None:
    """Build, warm start, query and update times over copies of the public skills."""
    print(
        f"{'skills':>6} {'build':>9} {'index':>7} {'cold process':>13} {'query p50':>10} {'p95':>8} {'add one':>8}",
        end=" ",
    )
    print("ms of CPU; a cold process is Python, imports, open, sync, one query")
    for count in (1_000, 5_000, 10_000):
        skills, blobs = tiled(count)
        with tempfile.TemporaryDirectory() as directory:
            print(" ".join(measured(Path(directory), skills, blobs)))


def measured(directory: Path, skills: dict[str, str], blobs: dict[str, bytes]) -> Iterable[str]:
    """The cells of one row."""
    files, stored = directory / "index", directory / "skills"
    index = Index.open(files)
    build = cpu(lambda: index.sync(skills, blobs.__getitem__))
    stored.write_bytes(pickle.dumps((skills, blobs)))
    cold = process(stored, files) - process(stored) + process()
    queries = [row["query"] for row in rows("uipath.dev")][:300]
    index.search(queries[0])
    times = sorted(cpu(lambda query=query: index.search(query, limit=5)) for query in queries)  # type: ignore[misc]
    size = sum(file.stat().st_size for file in files.iterdir())
    adding = statistics.median(cpu(lambda: add(index, skills, blobs)) for _ in range(9))
    yield f"{len(skills) - 9:>6} {build:9.0f} {size / 1e6:4.1f} MB {cold:13.0f} {times[len(times) // 2]:10.1f}"
    yield f"{times[len(times) * 19 // 20]:8.1f} {adding:8.1f}"


def add(index: Index, skills: dict[str, str], blobs: dict[str, bytes]) -> None:
    """One more skill."""
    data = f"---\nname: new\ndescription: the new skill {len(skills)}\n---\n- a rule\n".encode()
    oid = hashlib.sha1(data).hexdigest()
    blobs[oid] = data
    skills[f"Users/new/new-{len(skills)}"] = oid
    index.sync(skills, blobs.__getitem__)


def tiled(count: int) -> tuple[dict[str, str], dict[str, bytes]]:
    """So many skills out of the corpus, repeated with a line of their own where it is too small."""
    corpus = [row["body"].encode() for row in rows("corpus")]
    blobs, skills = {}, {}
    for number in range(count):
        data = corpus[number % len(corpus)] + b"\ncopy %d\n" % (number // len(corpus))
        oid = hashlib.sha1(data).hexdigest()
        blobs[oid] = data
        skills[f"Users/ada/skill-{number}"] = oid
    return skills, blobs


def cpu(call: Callable[[], object]) -> float:
    """Milliseconds of CPU a call takes."""
    start = time.process_time()
    call()
    return (time.process_time() - start) * 1e3


def process(*arguments: Path) -> float:
    """Milliseconds of CPU a fresh Python takes, the least of five: bare, reading the skills, or with a query."""
    code = COLD if arguments else "pass"

    def once() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-c", code, *arguments], check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e3

    return min(once() for _ in range(5))


def rows(name: str) -> list[dict[str, str]]:
    """The objects of a file of the retrieval data."""
    return [json.loads(line) for line in (DATA / "retrieval" / f"{name}.jsonl").read_text().splitlines()]


def uipath_path(gold: str) -> str:
    """The corpus path of `UiPath:NAME`."""
    return f"UiPath+skills:skills/{gold.removeprefix('UiPath:')}"


if __name__ == "__main__":
    main(sys.argv[1:])
