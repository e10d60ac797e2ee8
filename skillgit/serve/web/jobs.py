"""What the server does by itself: the jobs of the visitor, the index, whether all is well, and the settings."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from skillgit import config
from skillgit.config import SETTINGS
from skillgit.doctor.examine import Answer, examine
from skillgit.errors import DatabaseError, ModelError, UsageError
from skillgit.learn.jobs import Job, retry
from skillgit.learn.jobs import jobs as queue_of
from skillgit.models import choice
from skillgit.postgres import place
from skillgit.search import care
from skillgit.search.care import Stock
from skillgit.serve import health as checks
from skillgit.serve.api import places, state
from skillgit.serve.api.operation import Ask
from skillgit.serve.api.shapes import Nothing
from skillgit.serve.desk import Hands
from skillgit.serve.problem import Problem
from skillgit.serve.web.page import Page, Redirect, View, Visit

_ROWS: Final = 25
_MOMENT: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?")
_BUSY: Final = ("waiting", "running")


@dataclass(frozen=True, slots=True)
class Row:
    """A job, the path of its skill where the visitor sees that today, and the seconds until it is tried again."""

    job: Job
    path: str
    wait: int


@dataclass(frozen=True, slots=True)
class Told:
    """A setting as it is in effect, the place it comes from, what it is for, and what is wrong with it."""

    key: str
    text: str
    source: str
    meaning: str
    complaint: str


def page(visit: Visit, hands: Hands) -> View:
    """The page: what is shown of everybody's is for those who may act for others."""
    values = {
        **_rows(visit, hands),
        **_index(visit, hands),
        "settings": _settings(hands) if visit.may_act else (),
        "rules": visit.server.rules,
        "rebuilt": "rebuilt" in visit.query,
        "retried": "retried" in visit.query,
    }
    return View("jobs.html", values)


def rows(visit: Visit, hands: Hands) -> View:
    """The jobs alone, for the script that looks again."""
    return View("jobs_rows.html", _rows(visit, hands))


def again(visit: Visit, hands: Hands) -> Redirect:
    """A job of the visitor's that had failed waits again. Raises Problem, 409, where it has not failed."""
    if not retry(hands.repo, visit.path["job"], user=visit.user):
        raise Problem(409, "this job cannot be tried again", hint="it has not failed, or its words are gone")
    visit.server.worker.wake()
    return Redirect("/jobs?retried=1")


def rebuild(visit: Visit, hands: Hands) -> Redirect:
    """The index is made anew. Raises Problem, 403, where the visitor may not act for others."""
    state.rebuild(_ask(visit), hands)
    return Redirect("/jobs?rebuilt=1")


async def health(visit: Visit) -> View:
    """Whether the server can do its work."""
    return View("jobs_health.html", await _checks(visit))


async def health_rows(visit: Visit) -> View:
    """The same, for the script that shows it on the page."""
    return View("jobs_health_rows.html", await _checks(visit))


async def doctor(visit: Visit) -> View:
    """What is wrong with the repository. Raises Problem, 403, where the visitor may not act for others."""
    if not visit.may_act:
        raise Problem(403, "the repository is everybody's: a key that may act for others checks it")
    began = time.monotonic()
    found = await visit.server.desk.do("long", _examined)
    return View("jobs_doctor.html", {"found": found, "seconds": round(time.monotonic() - began, 1)})


async def _checks(visit: Visit) -> dict[str, object]:
    return {"checks": (await checks.checked(visit.server))["checks"]}


def _rows(visit: Visit, hands: Hands) -> dict[str, object]:
    """A part of the visitor's jobs, the newest first. Raises UsageError for a moment that is none."""
    before = _moment(visit.query.get("before", ""))
    try:
        with queue_of(hands.repo) as queue:
            found = queue.list(user=visit.user, limit=_ROWS + 1, before=before)
    except DatabaseError as err:
        return {"jobs": [], "busy": 0, "before": before, "more": None, "trouble": visit.told(err)}
    known, now = places.seen(hands, visit.user), time.time()
    here = [_row(job, known, now) for job in found[:_ROWS]]
    return {
        "jobs": here,
        "busy": sum(row.job.state in _BUSY for row in here),
        "before": before,
        "more": here[-1].job.created if len(found) > _ROWS else None,
        "trouble": "",
    }


def _row(job: Job, known: dict[str, str], now: float) -> Row:
    path = next((path for path in (f"Users/{job.skill}", job.skill) if path in known), "")
    return Row(job, path, max(0, round(job.due - now)) if job.state == "waiting" else 0)


def _moment(text: str) -> float | None:
    if not text:
        return None
    if not _MOMENT.fullmatch(text):
        raise UsageError(f"'{text[:40]}' is no moment")
    return float(text)


def _index(visit: Visit, hands: Hands) -> dict[str, object]:
    """How far the index is, what its files hold for those who may know, and why that cannot be said where it cannot."""
    try:
        stocks = _stocks(hands) if visit.may_act else ()
        return {"index": state.index(_ask(visit), hands), "stocks": stocks, "blurred": ""}
    except (DatabaseError, ModelError) as err:
        return {"index": None, "stocks": (), "blurred": visit.told(err)}


def _stocks(hands: Hands) -> Sequence[Stock]:
    known = hands.repo.skills(hands.repo.tip("HEAD"))
    shared = place(hands.repo, "search.vectors")
    return care.status(hands.repo.private / "index", known, choice.searching(hands.repo), shared=shared)


def _settings(hands: Hands) -> list[Told]:
    found = [(row, config.found(hands.repo, row)) for row in SETTINGS]
    return [
        Told(row.key, config.shown(value.text), value.source, row.meaning, config.complaint(row, value))
        for row, value in found
    ]


def _examined(hands: Hands) -> list[Answer]:
    return list(examine(hands.repo.directory, full=False))


def _ask(visit: Visit) -> Ask[Nothing, None]:
    """The visit as the API's operations take it."""
    return Ask(visit.server, visit.caller, {}, Nothing(), None)


PAGES = (
    Page("GET", "/jobs", page),
    Page("GET", "/jobs/rows", rows),
    Page("POST", "/jobs/{job}/again", again, at="write"),
    Page("POST", "/jobs/index", rebuild, at="long"),
    Page("GET", "/jobs/health", health, at=None),
    Page("GET", "/jobs/health/rows", health_rows, at=None),
    Page("GET", "/jobs/doctor", doctor, at=None),
)
