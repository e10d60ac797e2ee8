"""What a decision costs, and how that grows with the number of skills one user has.

    python benchmarks/cost.py            100, 1,000, 5,000 and 10,000 skills; an import of 1,000
    python benchmarks/cost.py --full     50,000 skills, too

A row is the median of some decisions of one kind, seven in a warm process and three of `skillgit ingest`: CPU
time (user and system, children included), what went to the disk, git objects made. `peak` is the MiB of memory
that `skillgit ingest` takes at most. Exits with 1 where a budget is broken.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from skillgit.git import layout
from skillgit.sdk import SkillRepo

SIZES = (100, 1_000, 5_000, 10_000)
WARM_UP = ("haiku", "Compose a haiku about autumn leaves falling on a quiet temple pond.")
WARM = (
    (
        "status report",
        "Please write the status report for our accounts division: exports went live, two bugs are open.",
    ),
    ("wedding speech", "Draft a wedding speech for my sister Clara, who met her husband at a chess club in Lyon."),
    ("soup recipe", "Give me a soup recipe with pumpkin, ginger and coconut milk that feeds six hungry children."),
    ("tax letter", "Answer the tax office about the missing receipts for our bakery in Bremen."),
    ("birthday poem", "Compose a birthday poem for grandfather Otto, who collects clocks and stamps."),
    ("job advert", "Prepare the job advert for a crane driver at the harbour of Rotterdam."),
    ("travel itinerary", "Plan a travel itinerary through Norway by ferry, with two dogs and a tent."),
)
COLD = (
    ("press release", "Write the press release announcing that the museum reopens its northern gallery in May."),
    ("lesson plan", "I need a lesson plan on photosynthesis, forty minutes, eleventh grade, with one experiment."),
    ("cover letter", "Make a cover letter for a nurse applying to the paediatric ward of a hospital in Graz."),
)
LAST = ("eulogy", "Write the eulogy for our choir master, who sang bass and kept bees for forty years.")
KINDS = ("add", "merge", "discard")
WORDS = 1_500
GROWTH, MILLISECONDS, IMPORT_SECONDS = 3.0, 60.0, 15.0
PEAK = """
import sys
from pathlib import Path
from skillgit.__main__ import run
code = run()
sys.stderr.write(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
sys.exit(code)
"""
WORLD = {f"GIT_{who}_{what}": "ada" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
Chat = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one thing took: CPU milliseconds, KiB that went to the disk, git objects made."""

    cpu: float
    disk: float
    objects: int

    def __sub__(self, before: Cost) -> Cost:
        return Cost(self.cpu - before.cpu, self.disk - before.disk, self.objects - before.objects)


def chats(topic: str, ask: str) -> dict[str, Chat]:
    """Conversations that teach a lesson, teach one more, and teach nothing new."""
    first = f"From now on, never use tables in a {topic}."
    more = f"One more thing: always name an owner for each risk in a {topic}."
    return {
        "add": _chat(ask, first),
        "merge": _chat(f"{ask} Tom is out.", more),
        "discard": _chat(f"{ask} Tom is out.", f"Hm. {more}"),
    }


def _chat(ask: str, lesson: str) -> Chat:
    turns = (("user", ask), ("assistant", "Here it is."), ("user", lesson), ("assistant", "Understood."))
    return [{"role": role, "content": content} for role, content in turns]


def skills(count: int) -> Iterator[tuple[str, bytes]]:
    """Names and SKILL.md files of about 2 KiB, the same each time."""
    chance = random.Random(7)
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(chance.choices(letters, k=chance.randint(3, 9))) for _ in range(WORDS)]
    for number in range(count):
        name = f"{words[number % WORDS]}-{number}"
        rules = "\n".join(f"- Always {' '.join(chance.choices(words, k=12))}." for _ in range(18))
        head = f"---\nname: {name}\ndescription: {' '.join(chance.choices(words, k=15))}\nmetadata:\n"
        yield name, f'{head}  version: "0.1.0"\n---\n# {name}\n\n## Rules\n{rules}\n'.encode()


def library(folder: Path, count: int, *, bare: bool) -> Path:
    """A repository in which a user has so many skills, each of one commit, as years of use would leave it."""
    SkillRepo.init(folder, user="ada", bare=bare)
    _git("fast-import", "--quiet", cwd=folder, stdin=b"".join(_stream(folder, count)))
    _git("commit-graph", "write", "--reachable", "--changed-paths", cwd=folder)
    if not bare:
        _git("reset", "--quiet", "--hard", cwd=folder)
    return folder


def _stream(folder: Path, count: int) -> Iterator[bytes]:
    start = b"from refs/heads/main^0\n"
    for name, content in skills(count):
        path = f"Users/ada/{name}"
        stored = layout.sharded(path) if count > layout.FLAT else path
        message = f"import(ada/{name}): by hand (0.1.0)\n\nSkill-Decision: import\nSkill-Path: {path}\n"
        message += "Skill-Version: -> 0.1.0\nSkill-Bump: none\n"
        yield b"commit refs/heads/main\ncommitter ada <ada> 1700000000 +0000\n"
        yield b"data %d\n%s%s" % (len(message.encode()), message.encode(), start)
        yield b"M 100644 inline %s/SKILL.md\ndata %d\n%s\n" % (stored.encode(), len(content), content)
        start = b""


def warm(folder: Path) -> dict[str, Cost]:
    """What decisions cost in a process that has answered before."""
    repo = SkillRepo.open(folder, user="ada")
    for chat in chats(*WARM_UP).values():
        repo.ingest(chat)
    found: dict[str, list[Cost]] = {kind: [] for kind in KINDS}
    for subject in WARM:
        for kind, chat in chats(*subject).items():
            before = measure(folder)
            decision = repo.ingest(chat)
            found[kind].append(measure(folder) - before)
            assert decision.decision == kind, decision
    return {kind: middle(costs) for kind, costs in found.items()}


def cold(folder: Path) -> dict[str, Cost]:
    """What `skillgit ingest` costs, from its start to its end."""
    found: dict[str, list[Cost]] = {kind: [] for kind in KINDS}
    for subject in COLD:
        for kind, chat in chats(*subject).items():
            before = measure(folder)
            said = run("ingest", "--json", "--user", "ada", "-", cwd=folder, stdin=json.dumps(chat).encode())
            found[kind].append(measure(folder) - before)
            assert f'"{kind}"' in said, said
    return {kind: middle(costs) for kind, costs in found.items()}


def memory(folder: Path) -> float:
    """The MiB that `skillgit ingest` takes at most for an add."""
    words = (sys.executable, "-c", PEAK, "ingest", "--json", "--user", "ada", "-")
    chat = json.dumps(chats(*LAST)["add"]).encode()
    done = subprocess.run(words, cwd=folder, input=chat, capture_output=True, check=True)
    return int(done.stderr.split()[-1]) / 1024


def bulk(folder: Path, count: int) -> tuple[Cost, int]:
    """What an import of so many skills costs in a process of its own, and how many KiB the objects are then."""
    source = folder / "source"
    for name, content in skills(count):
        (source / name).mkdir(parents=True)
        (source / name / "SKILL.md").write_bytes(content)
    repo = folder / "library"
    SkillRepo.init(repo, user="ada")
    before = measure(repo)
    run("import", "--user", "ada", str(source), cwd=repo)
    return measure(repo) - before, int(_counted(repo)["size"]) + int(_counted(repo)["size-pack"])


def measure(folder: Path) -> Cost:
    """What this process and its children have used up to now."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    written = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())["write_bytes"]
    counted = _counted(folder)
    cpu = sum(each.ru_utime + each.ru_stime for each in used)
    return Cost(1000 * cpu, int(written) / 1024, int(counted["count"]) + int(counted["in-pack"]))


def middle(costs: list[Cost]) -> Cost:
    """The median of each number."""
    return Cost(
        median(cost.cpu for cost in costs),
        median(cost.disk for cost in costs),
        int(median(cost.objects for cost in costs)),
    )


def run(*words: str, cwd: Path, stdin: bytes = b"") -> str:
    """What `skillgit WORDS` printed."""
    program = str(Path(sys.executable).with_name("skillgit"))
    return subprocess.run([program, *words], cwd=cwd, input=stdin, capture_output=True, check=True).stdout.decode()


def _counted(folder: Path) -> dict[str, str]:
    said = _git("count-objects", "-v", cwd=folder)
    return dict(line.split(": ") for line in said.splitlines())


def _git(*words: str, cwd: Path, stdin: bytes = b"") -> str:
    return subprocess.run(["git", *words], cwd=cwd, input=stdin, capture_output=True, check=True).stdout.decode()


def main() -> int:
    """Print the tables; 1 where a budget is broken."""
    os.environ.update(WORLD)
    sizes = (*SIZES, 50_000) if "--full" in sys.argv[1:] else SIZES
    kept = True
    print(f"{'':26}" + "".join(f"{kind:^27}" for kind in KINDS))
    print(f"{'skills':>8} {'':17}" + f"{'CPU ms':>9}{'disk KiB':>10}{'objects':>8}" * len(KINDS) + f"{'peak':>7}")
    for bare in (False, True):
        rows = {size: decisions(size, bare=bare) for size in sizes}
        grown = {kind: rows[10_000][kind].cpu / rows[100][kind].cpu for kind in KINDS}
        print(f"{'':8} {'from 100 to 10,000':17}" + "".join(f"{grown[kind]:>7.2f} x{'':18}" for kind in KINDS))
        slowest = max(rows[5_000][kind].cpu for kind in KINDS)
        kept = kept and max(grown.values()) < GROWTH and slowest < MILLISECONDS
    with tempfile.TemporaryDirectory() as folder:
        cost, size = bulk(Path(folder), 1_000)
    print(f"import of 1,000 skills: {cost.cpu / 1000:.1f} s CPU, {cost.objects} objects in {size} KiB")
    return 0 if kept and cost.cpu < 1000 * IMPORT_SECONDS else 1


def decisions(count: int, *, bare: bool) -> dict[str, Cost]:
    """Print the rows for one number of skills; what a warm process needs."""
    with tempfile.TemporaryDirectory() as folder:
        place = library(Path(folder) / "library", count, bare=bare)
        found = warm(place)
        print(_row(count, "bare" if bare else "checked out", found))
        print(f"{_row(count, '    skillgit ingest', cold(place))}{memory(place):7.0f}", flush=True)
    return found


def _row(count: int, what: str, costs: dict[str, Cost]) -> str:
    cells = (f"{costs[kind].cpu:9.1f}{costs[kind].disk:10.0f}{costs[kind].objects:8}" for kind in KINDS)
    return f"{count:8} {what:17}" + "".join(cells)


if __name__ == "__main__":
    raise SystemExit(main())
