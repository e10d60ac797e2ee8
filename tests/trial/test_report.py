"""What a trial has shown, as figures, JSON and a page."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser

from skillgit.trial.course import Run, Step, Task
from skillgit.trial.report import Trial, as_html, as_json, cautions, decisions, estimates, lines
from skillgit.trial.scenario import Case

TAUGHT = Case("report", "rivers", ("x",), ("y",), ("z",), (("source",), ("tables",)))
OTHER = Case("talk", "rain", ("x",), (), ("z",), ())


def run(*decided: str, after: float = 1.0, injected: tuple[str, ...] = ("Users/u/report",)) -> Run:
    skill = "u/report"
    wanted = ("add", "merge")
    steps = tuple(
        Step(expected, made, "because", skill if made != "none" else "", "0.1.0")  # type: ignore[arg-type]
        for expected, made in zip(wanted, decided, strict=True)
    )
    versions = ("0.1.0", "0.1.1") if "merge" in decided else ("0.1.0",)
    return Run(TAUGHT, steps, (Task((), 0.0),), (Task(injected, after),), versions)


def talk(decided: str = "none", injected: tuple[str, ...] = ()) -> Run:
    return Run(OTHER, (Step("none", decided, "", "u/x", ""),), (Task((), 0.0),), (Task(injected, 0.0),), ())


RUNS = (run("add", "merge"), run("none", "add", after=0.5, injected=()), talk(), talk("add", ("Users/u/x",)))
TRIAL = Trial("skillgit 1", "m", 1, RUNS)


def test_the_figures_are_shares_of_what_they_say() -> None:
    found = {name: (each.value, each.n) for name, each in estimates(RUNS).items()}
    assert found == {
        "recall": (0.5, 2),
        "precision": (0.5, 2),
        "false": (0.5, 2),
        "merged": (0.5, 2),
        "growth": (0.5, 2),
        "reuse": (0.5, 2),
        "quiet": (0.5, 2),
        "before": (0.0, 2),
        "after": (0.75, 2),
        "uplift": (0.75, 2),
    }


def test_decisions_stand_by_the_one_that_was_expected() -> None:
    assert decisions(RUNS) == {
        "add": {"add": 1, "none": 1},
        "merge": {"add": 1, "merge": 1},
        "none": {"add": 1, "none": 1},
    }


def test_a_trial_of_nothing_has_no_figures_and_says_so() -> None:
    empty = replace(TRIAL, runs=())
    assert {each.n for each in estimates(()).values()} == {0}
    assert cautions(empty)
    assert [value for _, value, _ in lines(empty)] == ["-"] * 10
    as_html(empty)


def test_few_cases_are_warned_of() -> None:
    assert "only 4 cases" in cautions(TRIAL)[0]
    assert cautions(replace(TRIAL, runs=RUNS * 10)) == []
    assert "too rare" in cautions(replace(TRIAL, runs=RUNS[:1] * 40))[0]
    assert "1 cases could not be taken" in cautions(replace(TRIAL, failed=(("x", "y"),)))[0]


def test_the_json_holds_every_step() -> None:
    read = json.loads(json.dumps(as_json(TRIAL)))
    assert read["figures"]["recall"] == {"value": 0.5, "low": 0.0945, "high": 0.9055, "n": 2}
    assert [case["learned"] for case in read["cases"]] == ["u/report", "u/report", "", "u/x"]


class Tags(HTMLParser):
    """The tags of a page, and whether they close as they open."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]


def test_the_page_needs_nothing_else_and_runs_nothing_of_what_was_said() -> None:
    evil = "<script>alert(1)</script>"
    step = replace(RUNS[0].steps[0], reason=evil, skill=evil)
    odd = replace(RUNS[0], case=replace(TAUGHT, topic=evil), steps=(step, RUNS[0].steps[1]), versions=(evil,))
    tags = Tags()
    tags.feed(as_html(Trial(evil, evil, 1, (odd,), ((evil, evil),))))
    assert tags.seen >= {"table", "h1", "style"}
    assert "script" not in tags.seen
    assert tags.addresses == []
