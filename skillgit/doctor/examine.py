"""The tables of checks, and going through them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from skillgit.changes.skill import read
from skillgit.doctor import ground, history, skills, store
from skillgit.doctor.finding import Case, Finding, Ground
from skillgit.errors import Invalid, SkillgitError, Unreadable
from skillgit.git import history as log
from skillgit.git.repo import Repo
from skillgit.skills.document import Document

GROUND: Mapping[str, Callable[[Ground], Iterable[Finding]]] = {
    "git": ground.version,
    "permissions": ground.writable,
    "locks": ground.lock_files,
    "objects": ground.objects,
    "refs": ground.refs,
    "fsck": ground.connected,
}
"""Asked of the git program; what comes after is asked of libgit2, and only where nothing grave is left here."""

CASE: Mapping[str, Callable[[Case], Iterable[Finding]]] = {
    "setup": store.set_up,
    "drivers": store.drivers,
    "hooks": store.hooks,
    "settings": store.settings,
    "intent": store.under_way,
    "rewrite": store.rewriting,
    "leftovers": store.leftovers,
    "proposals": store.proposals,
    "housekeeping": store.housekeeping,
    "commit-graph": store.commit_graph,
    "skills": skills.valid,
    "ids": skills.ids,
    "places": skills.places,
    "strays": skills.left_behind,
    "libraries": skills.libraries,
    "links": skills.linked,
    "versions": skills.versions,
    "numbers": history.numbered,
    "trailers": history.truthful,
    "ledger": history.remembered,
    "index": history.indexed,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A finding of a check, and what mended it; None where it was left as it is."""

    check: str
    finding: Finding
    mended: str | None = None


def examine(path: Path, *, full: bool) -> Iterator[Answer]:
    """Everything that is wrong with the repository that `path` stands in; nothing is changed.

    With `full`, every object and every commit is read. RepositoryError where there is no repository.
    """
    return _go_through(path, full, Answer)


def mend(path: Path, *, full: bool) -> Iterator[Answer]:
    """The same, and what needs no judgement is mended on the way."""
    return _go_through(path, full, _treated)


def _treated(check: str, finding: Finding) -> Answer:
    if finding.mend is None:
        return Answer(check, finding)
    try:
        return Answer(check, finding, finding.mend())
    except SkillgitError as err:
        words = f"{finding.words}; mending it failed: {err.message}"
        return Answer(check, Finding(words, err.hint or finding.helps, grave=finding.grave))


def _go_through(path: Path, full: bool, treat: Callable[[str, Finding], Answer]) -> Iterator[Answer]:
    where = ground.stand(path, full=full)
    if isinstance(where, Finding):
        answer = treat("repository", where)
        yield answer
        if answer.mended is None:
            return
        where = ground.stand(path, full=full)
    if isinstance(where, Finding):
        return
    grave = False
    for check, ask in GROUND.items():
        for finding in ask(where):
            answer = treat(check, finding)
            yield answer
            grave = grave or (finding.grave and answer.mended is None)
    if grave:
        yield Answer("repository", Finding("nothing else was checked", "put right what is above, then ask again"))
        return
    case = _case(where)
    for check, look in CASE.items():
        for finding in look(case):
            yield treat(check, finding)


def _case(where: Ground) -> Case:
    repo = Repo.open(where.directory)
    tip = repo.tip("HEAD")
    limit = None if where.full else history.LOOKED_AT
    revisions = tuple(log.log(repo, tip, limit=limit)) if tip else ()
    skills = repo.skills(tip)
    return Case(repo, tip, where.full, skills, dict(_documents(repo, skills)), revisions)


def _documents(repo: Repo, skills: Mapping[str, str]) -> Iterator[tuple[str, Document]]:
    for path, oid in skills.items():
        with suppress(Invalid, Unreadable):  # the check of skills says so
            yield path, read(repo, oid, path)
