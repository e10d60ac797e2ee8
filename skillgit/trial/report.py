"""What a trial has shown: as values of JSON, and as a page of HTML that needs nothing else. Pure.

extraction.recall      of the users who taught something, those from whom a skill came
extraction.precision   of the skills that came, those of users who had taught something
extraction.false       of the users who taught nothing, those from whom a skill came
merged                 of the corrections, those that went into the skill they were about
growth                 of the corrected skills, those that have had more than one version
reuse                  of the later tasks, those whose request is given the skill that was learned
quiet                  of the later tasks of users who taught nothing, those whose request is given none
before, after, uplift  the share of a user's rules that is in the text which goes into a prompt
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from html import escape
from typing import Any, Final

from skillgit.trial.course import Run, Task
from skillgit.trial.measure import NOTHING, Estimate, mean, share

_FEW: Final = 30
_LEARNED: Final = ("add", "merge")
_TITLES: Final = {
    "recall": "Recall: of those who taught, a skill came",
    "precision": "Precision: of the skills that came, somebody taught",
    "false": "False positives: of those who taught nothing, a skill came",
    "merged": "Corrections that went into their skill",
    "growth": "Corrected skills with more than one version",
    "reuse": "Later tasks that are given what was learned",
    "quiet": "Later tasks of those who taught nothing, given none",
    "before": "Rules in the prompt, before",
    "after": "Rules in the prompt, after",
    "uplift": "Uplift",
    "judged.before": "Score of the answers, before",
    "judged.after": "Score of the answers, after",
    "judged.uplift": "Uplift of the answers",
}


@dataclass(frozen=True, slots=True)
class Trial:
    """The runs of a trial, and how it was made. `failed` are cases that could not be taken, and why."""

    server: str
    model: str
    seed: int
    runs: tuple[Run, ...]
    failed: tuple[tuple[str, str], ...] = ()
    judge: str = ""
    simulator: str = ""


def estimates(runs: Sequence[Run]) -> dict[str, Estimate]:
    """The figures, by the names above, each with its interval of 95 %."""
    taught, others = [run for run in runs if run.case.teaches], [run for run in runs if not run.case.teaches]
    hits, wrong = sum(map(_came, taught)), sum(map(_came, others))
    corrected = [run for run in taught if len(run.steps) > 1]
    grown = [run for run in corrected if run.learned]
    reused = [hit for run in taught for hit in run.reused]
    quiet = [not task.injected for run in others for task in run.after]
    rules = [(_given(run.before), _given(run.after)) for run in taught]
    return {
        "recall": share(hits, len(taught)),
        "precision": share(hits, hits + wrong) if hits + wrong else NOTHING,
        "false": share(wrong, len(others)),
        "merged": share(sum(run.steps[1].decision == "merge" for run in corrected), len(corrected)),
        "growth": share(sum(len(run.versions) > 1 for run in grown), len(grown)),
        "reuse": share(sum(reused), len(reused)),
        "quiet": share(sum(quiet), len(quiet)),
        "before": mean([before for before, _ in rules]),
        "after": mean([after for _, after in rules]),
        "uplift": mean([after - before for before, after in rules]),
        **_judged(taught),
    }


def _judged(runs: Sequence[Run]) -> dict[str, Estimate]:
    """The scores of answers, of the runs that have some."""
    scores = [(_score(run.before), _score(run.after)) for run in runs]
    pairs = [(before, after) for before, after in scores if before is not None and after is not None]
    if not pairs:
        return {}
    return {
        "judged.before": mean([before for before, _ in pairs]),
        "judged.after": mean([after for _, after in pairs]),
        "judged.uplift": mean([after - before for before, after in pairs]),
    }


def _score(tasks: Sequence[Task]) -> float | None:
    known = [task.score for task in tasks if task.score is not None]
    return sum(known) / len(known) if known else None


def decisions(runs: Sequence[Run]) -> dict[str, dict[str, int]]:
    """How often each decision was made, by the one that was expected."""
    counts = Counter((step.expected, step.decision) for run in runs for step in run.steps)
    return {
        expected: {made: number for (each, made), number in sorted(counts.items()) if each == expected}
        for expected in sorted({each for each, _ in counts})
    }


def cautions(trial: Trial) -> list[str]:
    """Why the figures may say less than they seem to, a line each."""
    n, taught = len(trial.runs), sum(run.case.teaches for run in trial.runs)
    found = [f"{len(trial.failed)} cases could not be taken"] if trial.failed else []
    if n < _FEW:
        found.append(f"only {n} cases: the intervals are wide")
    if not 0.2 <= taught / max(n, 1) <= 0.8:
        found.append(f"{taught} of {n} users teach something: one of the two kinds is too rare")
    return found


def as_json(trial: Trial) -> dict[str, Any]:
    """The whole trial as values of JSON."""
    return {
        "format": 1,
        "server": trial.server,
        "model": trial.model,
        "judge": trial.judge,
        "simulator": trial.simulator,
        "seed": trial.seed,
        "figures": {name: asdict(found) for name, found in estimates(trial.runs).items()},
        "decisions": decisions(trial.runs),
        "cautions": cautions(trial),
        "failed": [{"case": case, "reason": reason} for case, reason in trial.failed],
        "cases": [asdict(run) | {"learned": run.learned, "reused": list(run.reused)} for run in trial.runs],
    }


def lines(trial: Trial) -> Iterator[tuple[str, str, str]]:
    """The figures as people read them: what, how much, and between what."""
    for name, found in estimates(trial.runs).items():
        yield _TITLES[name], _percent(found.value), _between(found)


def as_html(trial: Trial) -> str:
    """The whole trial as a page."""
    figures = _table(("Figure", "Value", "95 %"), lines(trial))
    counts = decisions(trial.runs).items()
    made = [(expected, each, str(number)) for expected, row in counts for each, number in row.items()]
    cases = _table(("User", "Decisions", "Skill", "Versions", "Rules before", "Rules after"), map(_row, trial.runs))
    notes = "".join(f"<li>{escape(each)}</li>" for each in cautions(trial))
    failed = _table(("Case", "Why it could not be taken"), trial.failed) if trial.failed else ""
    about = f"{len(trial.runs)} cases, seed {trial.seed}, model {trial.model}, {trial.server}"
    return (
        f"<!doctype html>\n<html lang=en><meta charset=utf-8><title>skillgit eval</title><style>{_STYLE}</style>\n"
        f"<h1>What the server learns</h1><p>{escape(about)}</p><ul>{notes}</ul>\n<h2>Figures</h2>{figures}\n"
        f"<h2>Decisions</h2>{_table(('Expected', 'Made', 'Number'), made)}\n<h2>Cases</h2>{cases}{failed}</html>\n"
    )


_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;margin:1rem 0}"
    "th,td{border-bottom:1px solid #ccc;padding:.3rem .8rem;text-align:left;vertical-align:top}"
)


def _came(run: Run) -> bool:
    return run.steps[0].decision in _LEARNED


def _given(tasks: Sequence[Task]) -> float:
    return sum(task.rules for task in tasks) / len(tasks) if tasks else 0.0


def _row(run: Run) -> tuple[str, ...]:
    steps = "; ".join(f"{step.decision} (expected {step.expected}): {step.reason}" for step in run.steps)
    rules = [_percent(_given(tasks)) if run.case.teaches else "" for tasks in (run.before, run.after)]
    return f"{run.case.family}: {run.case.topic}", steps, run.learned, " ".join(run.versions), *rules


def _table(headers: Sequence[str], cells: Iterator[Sequence[str]] | Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(each)}</th>" for each in headers)
    body = "".join(f"<tr>{''.join(f'<td>{escape(each)}</td>' for each in row)}</tr>" for row in cells)
    return f"<table><tr>{head}</tr>{body}</table>"


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.0f} %"


def _between(found: Estimate) -> str:
    if found.low is None or found.high is None:
        return "none"
    return f"{100 * found.low:.0f} to {100 * found.high:.0f} of {found.n}"
