"""A year of use: what a repository of 50,000 decisions costs, before and after housekeeping.

    python benchmarks/year.py                     50,000 decisions, some minutes
    python benchmarks/year.py --decisions 5000

One user's skills, a fifth as many as decisions: a fifth of the decisions adds one, a third discards, the others
merge a rule. All is in one pack but the last thousand decisions, which are loose objects, and there is no
commit-graph: as where housekeeping never ran. Seconds are CPU (user and system, children included) of commands
as a user starts them, the least of three; `doctor`, `clone` and `gc` once.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from skillgit.git import graph, layout, upkeep
from skillgit.git.message import Decision, Note, encode
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.skills import document as documents

LOOSE = 1_000
ROOT = Path(__file__).parents[1]
WORDS = ["figure", "source", "table", "draft", "client", "invoice", "branch", "deploy", "review", "summary", "footnote"]
WORLD = {"SKILLGIT_UPKEEP": "0", "SKILLGIT_USER": "ada", "GIT_PAGER": "cat", "PYTHONPATH": str(ROOT)}
SKILLGIT = (sys.executable, "-m", "skillgit")


@dataclass(frozen=True, slots=True)
class Written:
    """A skill as it grows."""

    path: str
    id: str
    rules: list[str] = field(default_factory=list)

    @property
    def version(self) -> str:
        return f"0.1.{len(self.rules) - 1}"

    def render(self) -> bytes:
        name = self.path.rpartition("/")[2]
        body = f"# {name}\n\n## Rules\n" + "".join(f"- {rule}\n" for rule in self.rules)
        metadata = {"id": self.id, "version": self.version}
        return documents.new(name, f"Does {name}. Use for {name}.", metadata=metadata, body=body).render()


def main() -> None:
    """Build the year, and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--decisions", type=int, default=50_000)
    count = parser.parse_args().decisions
    os.environ.update(WORLD)
    with tempfile.TemporaryDirectory() as directory:
        top = Path(directory) / "year.git"
        skill = build(top, count)
        seconds([*SKILLGIT, "log", skill], top)  # the ledger is made once, by whichever command comes first
        before = dict(measured(top, skill))
        mending = seconds([*SKILLGIT, "doctor", "--fix"], top)
        after = dict(measured(top, skill))
    print(f"$ python benchmarks/year.py --decisions {count}")
    print(f"{'':30} {'before':>10} {'after housekeeping':>20}")
    for row, value in before.items():
        print(f"{row:30} {value:>10} {after[row]:>20}")
    print(f"{'skillgit doctor --fix':30} {mending:>9.2f}s")


def measured(top: Path, skill: str) -> Iterator[tuple[str, str]]:
    """The rows of one column."""
    repo = Repo.open(top)
    yield "on the disk", f"{size(top) / 1e6:.1f} MB"
    yield "loose objects, about", str(upkeep.loose(repo))
    yield "packs", str(upkeep.packs(repo))
    yield "commits in the commit-graph", str(graph.state(top).commits)
    for command in (["log", skill], ["log", skill, "-n1"], ["log", "-n20"], ["list"], ["show", skill]):
        shown = " ".join("SKILL" if word == skill else word for word in command)
        yield f"skillgit {shown}", f"{min(seconds([*SKILLGIT, *command], top) for _ in range(3)):.2f}s"
    yield "skillgit doctor", f"{seconds([*SKILLGIT, 'doctor'], top, ok=(0, 1)):.2f}s"
    copy = top.with_name("copy.git")
    yield "git clone", f"{seconds(['git', 'clone', '-q', '--bare', '--no-local', str(top), str(copy)], top):.2f}s"
    yield "  the clone", f"{size(copy) / 1e6:.1f} MB"
    shutil.rmtree(copy)
    shutil.copytree(top, copy)
    yield "git gc", f"{seconds(['git', 'gc', '--quiet'], copy):.2f}s"
    yield "  on the disk then", f"{size(copy) / 1e6:.1f} MB"
    shutil.rmtree(copy)


def build(top: Path, count: int) -> str:
    """A bare repository with so many decisions; the path of a skill that was added half way, as it is typed."""
    init(top, bare=True)
    plan = list(decisions(random.Random(7), count))
    early = max(count - LOOSE, 0)
    load(top, plan[:early], first=0, unpack=0)
    load(top, plan[early:], first=early, unpack=10**9)
    return next(decision for decision, _ in plan[count // 2 :] if decision.action == "add").skill


def decisions(chance: random.Random, count: int) -> Iterator[tuple[Decision, bytes | None]]:
    """Each decision, and the SKILL.md it leaves; None where that stays as it is."""
    skills: list[Written] = []
    for number in range(count):
        kind = chance.choices(("add", "discard", "merge"), (20, 35, 45))[0] if skills else "add"
        if kind == "add":
            named = f"{chance.choice(WORDS)}-{chance.choice(WORDS)}-{number}"
            skills.append(Written(f"Users/ada/{named}", str(uuid.UUID(int=chance.getrandbits(128), version=4))))
        skill = skills[-1] if kind == "add" else chance.choice(skills)
        before = skill.version if skill.rules else None
        rule = f"{chance.choice(WORDS).title()} {number}: {' '.join(chance.choices(WORDS, k=8))}."
        if kind != "discard":
            skill.rules.append(rule)
        yield (
            Decision(
                kind,  # type: ignore[arg-type]  # one of the three above
                skill.path,
                rule if kind != "discard" else "already covered",
                id=skill.id,
                before=before,
                after=skill.version,
                bump="patch" if kind == "merge" else "none",
                learner="offline/1",
                attempt=f"{number:026}",
                notes=(Note("+", rule),) if kind != "discard" else (),
            ),
            skill.render() if kind != "discard" else None,
        )


def load(top: Path, plan: Sequence[tuple[Decision, bytes | None]], *, first: int, unpack: int) -> None:
    """Land the decisions on `main`, as a pack; as loose objects where there are fewer than `unpack`."""
    words = ["git", "-c", f"fastimport.unpackLimit={unpack}", "fast-import", "--quiet"]
    with subprocess.Popen(words, cwd=top, stdin=subprocess.PIPE) as loading:
        assert loading.stdin is not None
        for number, (decision, content) in enumerate(plan, start=first):
            said = encode(decision).encode()
            loading.stdin.write(
                b"commit refs/heads/main\ncommitter ada <ada@example.com> %d +0000\n" % (1_767_225_600 + number * 630)
            )
            loading.stdin.write(b"data %d\n%s\n" % (len(said), said))
            if number == first:
                loading.stdin.write(b"from refs/heads/main^0\n")
            if content is not None:
                stored = layout.sharded(decision.path).encode()
                loading.stdin.write(b"M 100644 inline %s/SKILL.md\ndata %d\n%s\n" % (stored, len(content), content))
        loading.stdin.close()
    assert loading.returncode == 0


def seconds(words: Sequence[str], directory: Path, *, ok: Sequence[int] = (0,)) -> float:
    """CPU seconds that a command and its children take."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(words, cwd=directory, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    assert done.returncode in ok, done.stderr.decode()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def size(directory: Path) -> int:
    """The bytes that a folder takes on the disk."""
    return sum(file.lstat().st_blocks * 512 for file in directory.rglob("*"))


if __name__ == "__main__":
    main()
