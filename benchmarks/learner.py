"""How well the offline learner tells what teaches a skill from what does not.

    python benchmarks/learner.py [DATA]     DATA is the folder with extraction/, or SKILLGIT_DATA

Conversations: accuracy by stratum and by source. Most sources hold one class only, so two macro
averages are printed: over sources, each with the mean recall of the classes it has; and pooled,
the mean over the two classes of the mean accuracy of the sources that have it. Rows labelled
ambiguous are left out of every score.

Turns of real sessions, in time order by user: C teaches, N does not. A is a turn that asks for a
form of this one piece of work; the scores are given without these turns, and with them as N.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from skillgit.learn.candidate import Candidate, unsupported
from skillgit.learn.extract_offline import VERSION, extract, judge_turns
from skillgit.transcripts.model import Role, Transcript, Turn

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("SKILLGIT_DATA") or ROOT / "../shared/data")
ROLES: Mapping[str, Role] = {"user": "user", "assistant": "assistant", "system": "system", "tool": "tool"}


@dataclass(frozen=True, slots=True)
class Judged:
    """One conversation: what it is labelled, and whether the learner proposed a skill."""

    source: str
    stratum: str
    label: str
    proposed: bool

    @property
    def right(self) -> bool:
        """True where the proposal agrees with the label."""
        return self.proposed == (self.label == "skill")


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of turns: found and wanted, found and not wanted, wanted and missed."""

    hits: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        """Of the turns found, how many were wanted."""
        return self.hits / max(1, self.hits + self.false)

    @property
    def recall(self) -> float:
        """Of the turns wanted, how many were found."""
        return self.hits / max(1, self.hits + self.missed)


def conversation(messages: Iterable[Mapping[str, Any]]) -> Transcript:
    """The transcript of rows with `role` and `content`."""
    turns = (Turn(ROLES[str(message["role"])], str(message["content"])) for message in messages)
    return Transcript("openai", tuple(turns))


def judge_conversations(path: Path) -> tuple[Judged, ...]:
    """Run the learner over labelled conversations; ambiguous ones are left out."""
    rows = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    return tuple(
        Judged(row["source"], row["stratum"], row["label"], _proposes(conversation(row["messages"])))
        for row in rows
        if row["label"] != "ambiguous"
    )


def _proposes(transcript: Transcript) -> bool:
    found = extract(transcript)
    if isinstance(found, Candidate) and (loose := unsupported(found, transcript)):
        raise AssertionError(f"a rule without its quote: {loose[0].text}")
    return isinstance(found, Candidate)


def macro_over_sources(judged: Iterable[Judged]) -> float:
    """The mean over sources of the mean recall of the classes each has."""
    by_class: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for one in judged:
        by_class[one.source][one.label].append(one.right)
    return fmean(fmean(fmean(rights) for rights in classes.values()) for classes in by_class.values())


def macro_over_classes(judged: Iterable[Judged]) -> float:
    """The mean over the two classes of the mean accuracy of the sources that have the class."""
    by_class: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for one in judged:
        by_class[one.label][one.source].append(one.right)
    return fmean(fmean(fmean(rights) for rights in sources.values()) for sources in by_class.values())


def false_positives(judged: Iterable[Judged], source: str) -> float:
    """The share of a source's conversations without a skill where one was proposed."""
    wrong = [one.proposed for one in judged if one.source.startswith(source) and one.label == "none"]
    return fmean(wrong) if wrong else 0.0


def score_turns(sessions: Iterable[Mapping[str, Any]], *, asks_count: bool) -> dict[str, Score]:
    """The scores of the user turns by user, in time order; `all` is over everyone."""
    counts: dict[str, Counter[tuple[bool, bool]]] = defaultdict(Counter)
    for session in sorted(sessions, key=lambda one: (one["user"], one["created"])):
        verdicts = judge_turns(conversation(session["messages"]))
        for verdict, label in zip(verdicts, session["turn_labels"], strict=True):
            if label != "A" or asks_count:
                counts[session["user"]][verdict.durable, label == "C"] += 1
                counts["all"][verdict.durable, label == "C"] += 1
    return {user: Score(c[True, True], c[True, False], c[False, True]) for user, c in counts.items()}


def main(arguments: list[str]) -> None:
    """Print the tables."""
    data = (Path(arguments[0]) if arguments else DATA) / "extraction"
    start = time.process_time()
    judged = judge_conversations(data / "decision.dev.jsonl")
    took = time.process_time() - start
    _say(f"{VERSION} on {len(judged)} conversations, {took / len(judged) * 1000:.1f} ms each")
    _print_groups("stratum", {one.stratum: [o for o in judged if o.stratum == one.stratum] for one in judged})
    _print_groups("source", {one.source: [o for o in judged if o.source == one.source] for one in judged})
    _say(f"macro over sources             {macro_over_sources(judged):.3f}   (wanted .85)")
    _say(f"macro over classes, pooled     {macro_over_classes(judged):.3f}   (wanted .85)")
    _say(f"false positives, arena-hard    {false_positives(judged, 'arena-hard'):.3f}   (allowed .05)")
    _say(f"false positives, tau-bench     {false_positives(judged, 'tau-bench'):.3f}   (allowed .10)")
    sessions = json.loads((data / "sessions.dev.json").read_text("utf-8"))
    for title, asks_count in (("without A", False), ("A counts as N", True)):
        _say(f"\nturns of {len(sessions)} sessions, {title}   precision  recall  found  wanted")
        for user, score in score_turns(sessions, asks_count=asks_count).items():
            found, wanted = score.hits + score.false, score.hits + score.missed
            _say(f"  {user:32}{score.precision:10.3f}{score.recall:8.3f}{found:7}{wanted:8}")


def _print_groups(title: str, groups: Mapping[str, list[Judged]]) -> None:
    _say(f"\n{title:30} n  accuracy")
    for name, group in sorted(groups.items()):
        _say(f"  {name:26}{len(group):4}{fmean(one.right for one in group):8.3f}")
    _say("")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
