"""How fast a model learns from real conversations, at what cost, with several of them in flight.

    python benchmarks/throughput.py [DATA] [COUNT]      COUNT conversations, 500 where it is not given

The conversations are those of extraction/decision.dev.jsonl and sessions.dev.json, told again where COUNT is more than
there are. The model is a script that answers after 50 ms what the offline learner finds, and merges where a skill of
the title is there. Tokens are counted as `search/tokens.py` does; `late` are decisions that were made again offline, as
another one had come first. CPU is user and system time of this process.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from threading import Lock

from benchmarks.learner import DATA, conversation
from skillgit.errors import Refused
from skillgit.git import setup
from skillgit.learn import extract_offline
from skillgit.learn.batch import ingest_all
from skillgit.learn.candidate import Candidate, Rule
from skillgit.learn.dialogue import dialogue
from skillgit.learn.extract_model import BUDGET
from skillgit.learn.learner import Heard, Learner, heard
from skillgit.models.ports import Message, Reply
from skillgit.search.index import Index
from skillgit.search.tokens import tokens
from skillgit.transcripts.model import Transcript

LATENCY = 0.05
JOBS = (1, 2, 4, 8)


@dataclass(slots=True)
class Script:
    """A model that waits, answers by a script, and counts what it is asked. `known` is what it says of a dialogue."""

    known: Mapping[str, str]
    calls: int = 0
    tokens: int = 0
    lock: Lock = field(default_factory=Lock)
    name: str = "script/1"

    def answer(self, messages: Sequence[Message], *, schema: Mapping[str, object] | None = None) -> Reply:
        """What the offline learner would say, 50 ms later."""
        time.sleep(LATENCY)
        asked = messages[1].content
        said = self.known[asked] if asked in self.known else _decision(asked)
        with self.lock:
            self.calls += 1
            self.tokens += sum(tokens(message.content) for message in messages) + tokens(said)
        return Reply(said, self.name)


def script(transcripts: Sequence[Heard]) -> dict[str, str]:
    """The answer about each dialogue."""
    return {dialogue(each.transcript, budget=BUDGET).text: _extraction(each.transcript) for each in transcripts}


def _extraction(transcript: Transcript) -> str:
    found = extract_offline.extract(transcript)
    if not isinstance(found, Candidate):
        empty = dict.fromkeys(("name", "title", "description"), "") | {"reason": found.reason}
        return json.dumps({**empty, "rules": [], "steps": [], "triggers": [], "tags": []})
    named = {"name": found.name, "title": found.title, "description": found.description, "reason": "lasting"}
    lists = {"rules": _rows(found.rules), "steps": _rows(found.steps), "triggers": found.triggers, "tags": found.tags}
    return json.dumps({**named, **lists})


def _rows(rules: Sequence[Rule]) -> list[dict[str, object]]:
    return [{"text": rule.text, "turn": rule.evidence.turn, "quote": rule.evidence.quote} for rule in rules]


def _decision(asked: str) -> str:
    """A merge into the first skill where its heading is the candidate's title, else a new skill."""
    title = asked.split("\n", 3)[2]
    rules = len(re.findall(r"^\d+\. ", asked.partition("skill 1")[0], re.MULTILINE))
    if f"| # {title}\n" not in asked.partition("skill 2")[0]:
        return json.dumps({"action": "add", "skill": 0, "reason": "another job", "edits": []})
    edits = [{"kind": "add", "rule": n, "line": 0, "text": "", "reason": "new"} for n in range(1, rules + 1)]
    return json.dumps({"action": "merge", "skill": 1, "reason": "the same job", "edits": edits})


def conversations(data: Path) -> list[Transcript]:
    """All of the shared ones."""
    lines = (data / "decision.dev.jsonl").read_text("utf-8").splitlines()
    rows = [*map(json.loads, lines), *json.loads((data / "sessions.dev.json").read_text("utf-8"))]
    return [conversation(row["messages"]) for row in rows]


def rounds(learner: Learner, transcripts: Sequence[Transcript]) -> Iterator[Heard]:
    """The conversations again and again, a little different each time."""
    for number in count():
        for each in transcripts:
            said = heard(learner, each)
            yield said if number == 0 else Heard(said.transcript, said.digest, f"{number:02}{said.attempt[2:]}")


def run(transcripts: Sequence[Transcript], *, total: int, jobs: int) -> None:
    """Print a row: what it takes to learn from so many conversations with so many in flight."""
    with tempfile.TemporaryDirectory() as folder:
        repo = setup.init(Path(folder) / "lib", bare=True).repo
        learner = Learner(repo, Index.open(repo.private / "index"), "ada")
        model = Script(script([heard(learner, each) for each in transcripts]))
        learner = Learner(repo, learner.index, "ada", chat=model)
        fates = Counter[str]()
        sizes: list[int] = []
        start, used = time.monotonic(), time.process_time()
        stream = ((n, said) for n, said in enumerate(islice(rounds(learner, transcripts), total)))
        for n, outcome in ingest_all(learner, stream, jobs=jobs):
            fates["refused" if isinstance(outcome, Refused) else outcome.decision] += 1
            late = not isinstance(outcome, Refused) and any("offline" in remark for remark in outcome.remarks)
            fates["late"] += late
            if n % max(1, total // 4) == total // 4 - 1:
                sizes.append(_memory())
        took, cpu = time.monotonic() - start, time.process_time() - used
    told = " ".join(f"{fate} {number}" for fate, number in sorted(fates.items()))
    print(
        f"{jobs:4} {total / took:8.1f} {1000 * cpu / total:8.1f} {model.calls / total:7.2f} {model.tokens / total:8.0f}"
        f"   {' '.join(map(str, sizes)):20} {told}",
        flush=True,
    )


def _memory() -> int:
    """The MiB that this process has now."""
    return int(Path("/proc/self/status").read_text().partition("VmRSS:")[2].split()[0]) // 1024


def main(arguments: list[str]) -> None:
    """Print the table."""
    data = (Path(arguments[0]) if arguments else DATA) / "extraction"
    total = int(arguments[1]) if len(arguments) > 1 else 500
    transcripts = conversations(data)
    print(f"{total} conversations, a model with {1000 * LATENCY:.0f} ms latency")
    print("jobs  a second  CPU ms   calls   tokens   MiB at each quarter")
    for jobs in JOBS:
        run(transcripts, total=total, jobs=jobs)


if __name__ == "__main__":
    main(sys.argv[1:])
