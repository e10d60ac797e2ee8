"""Skills that say the same and skills that grew too long: found, and put together on a branch to be reviewed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from skillgit.changes.record import Change, record
from skillgit.changes.skill import shown
from skillgit.git.objects import today
from skillgit.git.repo import Repo
from skillgit.git.transaction import Landed, Transaction, write
from skillgit.learn.edit import extend
from skillgit.learn.relate import relation, telling
from skillgit.search.index import Index
from skillgit.share.combine import keeps, lesson
from skillgit.skills.document import Document
from skillgit.skills.rules import rules

ALIKE = 0.5
"""Two skills are near-duplicates where so large a share of the smaller one's rules stands in the other."""
LINES = 500
"""The Agent Skills specification asks for a SKILL.md below this."""
_NEAR = 5
"""So many of the most similar skills are compared with each."""


@dataclass(frozen=True, slots=True)
class Twins:
    """Two skills of one owner: `keep` has the more rules; `shared` of the `rules` of `drop` stand in it."""

    keep: str
    drop: str
    shared: int
    rules: int


@dataclass(frozen=True, slots=True)
class Found:
    """What could be tidier: near-duplicates, the most alike first, and (path, lines) of overgrown skills."""

    twins: tuple[Twins, ...]
    overgrown: tuple[tuple[str, int], ...]


def look(
    paths: Iterable[str],
    *,
    load: Callable[[str], Document | None],
    index: Index,
    watch: Callable[[Sequence[str]], Iterable[str]] = iter,
) -> Found:
    """Compare the skills at `paths`, of one owner, which `index` knows; what `load` gives None for is left out.

    `watch` passes the paths on as they are taken, for a progress bar.
    """
    documents = {path: document for path in sorted(paths) if (document := load(path))}
    told = {path: rules(document.body) for path, document in documents.items()}
    words = {rule: telling(rule) for each in told.values() for rule in each}
    seen = frozenset(documents)
    pairs = {
        (path, match.path) if len(told[path]) >= len(told[match.path]) else (match.path, path)
        for path in watch(list(documents))
        for match in index.search(_purpose(documents[path]), paths=seen, limit=_NEAR, min_score=0.0).matches
        if match.path != path
    }
    compared = (
        Twins(keep, drop, _shared(told[keep], told[drop], words), len(told[drop])) for keep, drop in sorted(pairs)
    )
    alike = [each for each in compared if each.rules and each.shared >= ALIKE * each.rules]
    lines = {path: len(document.render().splitlines()) for path, document in documents.items()}
    return Found(
        tuple(sorted(_apart(alike), key=lambda each: -each.shared / each.rules)),
        tuple((path, count) for path, count in lines.items() if count > LINES),
    )


def _purpose(document: Document) -> str:
    return f"{document.name} {document.description}"


def propose(repo: Repo, twins: Iterable[Twins], *, load: Callable[[str | None, str], Document], user: str) -> Landed:
    """Put each pair together, two commits each, on the branch `tidy/<user>/<today>`: nothing else moves.

    A pair whose rules would not all stand in the one that is kept is left as it is, and so is one that was put
    together there before.
    """

    def body(tx: Transaction) -> None:
        there = repo.skills(tx.tip)
        for each in twins:
            if not {each.keep, each.drop} <= there.keys():
                continue
            keep, drop = load(tx.tip, each.keep), load(tx.tip, each.drop)
            merged = extend(keep, lesson(None, drop)).document
            if keeps(merged, rules(drop.body)):
                _put_together(tx, each, before=keep, after=merged, gone=drop)

    return write(repo, body, ref=f"refs/heads/tidy/{user}/{today(repo)}")


def _put_together(tx: Transaction, twins: Twins, *, before: Document, after: Document, gone: Document) -> None:
    summary = f"with what {shown(twins.drop)} says"
    if after.render() != before.render():
        record(tx, Change("tidy", twins.keep, before, after, summary))
    record(tx, Change("remove", twins.drop, gone, None, f"is in {shown(twins.keep)}"))


def _apart(twins: Iterable[Twins]) -> list[Twins]:
    """Each skill in one pair at most, so that no pair speaks of a skill that another takes away."""
    taken: set[str] = set()
    kept: list[Twins] = []
    for each in sorted(twins, key=lambda each: (-each.shared / each.rules, -each.shared)):
        if taken.isdisjoint((each.keep, each.drop)):
            taken |= {each.keep, each.drop}
            kept.append(each)
    return kept


def _shared(there: list[str], texts: list[str], words: Mapping[str, frozenset[str]]) -> int:
    """How many of `texts` stand in `there`; only rules that have all words of a text are compared with it."""
    known: Mapping[str, None] = dict.fromkeys(there)
    return sum(
        text in known or any(words[text] <= words[rule] and relation(rule, text) == "same" for rule in there)
        for text in texts
    )
