"""The words index of one commit: a function of {skill path: oid of its SKILL.md}, and nothing else.

A document of the index is a blob under a directory name, as a query may use either; copies
and moves of a skill share it. Term counts are cached in `cache.py`'s files, so that a branch
switch or a new process tokenises only what was never seen.

CPU time, real skills of 6 KB (benchmarks/search.py speed; 1,000, 5,000 and 10,000 skills):

    cold process with one query      75, 95 and 130 ms
    query, the five best             0.4, 3.5 and 4.9 ms
    one skill more                   1.4, 4 and 8 ms

In SQLite, FTS5 needs 11 ms for the query at 10,000 and plain postings 7 ms to be fetched
alone, in four times the bytes and without checksums; importing numpy costs 100 ms.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from pathlib import Path

from skillgit.search import bm25, cache, passage, words
from skillgit.search.scope import Scope, narrow
from skillgit.search.segment import Segment, merge, open_segment, pack

_TEXTS = 256  # parsed texts kept for the lines of matches; parsing is most of what a match costs


@dataclass(frozen=True, slots=True)
class Match:
    """A skill that answers a query: `score` in (0, 1], `line` the line of its text that answers best.

    `words` and `vectors` are what each leg alone says, in [0, 1]; None where no vectors were asked.
    """

    path: str
    score: float
    line: str
    words: float
    vectors: float | None = None


@dataclass(frozen=True, slots=True)
class Synced:
    """What `Index.sync` did: documents tokenised, documents gone, and what the user should hear, a line each."""

    read: int = 0
    gone: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What a directory keeps of the index of some skills: files that are damaged, documents that are not there."""

    damaged: tuple[str, ...]
    unseen: int


def kept(directory: Path, skills: Mapping[str, str]) -> Kept:
    """How far the cache is behind these skills; nothing is changed."""
    found = cache.read(directory)
    return Kept(found.damaged, len({_document(path, oid) for path, oid in skills.items()} - _keys(found.segments)))


class Index:
    """Which skills a text is about. Many processes may share a directory; threads must not share an Index."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._read: Callable[[str], bytes] = dict[str, bytes]().__getitem__
        self._skills: dict[str, str] = {}
        self._documents: dict[str, str] = {}  # of each path
        self._paths: dict[str, list[str]] = {}  # of each document
        self._segments: list[Segment] = []
        self._scopes: dict[frozenset[str] | None, Scope] = {}
        self._texts: dict[str, passage.Text] = {}  # of documents that matched lately

    @classmethod
    def open(cls, directory: Path) -> Index:
        """An index of nothing, which keeps its cache in this directory; it need not be there."""
        return cls(directory)

    def sync(self, skills: Mapping[str, str], read: Callable[[str], bytes]) -> Synced:
        """Make this the index of these skills; reads and tokenises only what the cache has never seen.

        skills: a skill's path below the root, without SKILL.md -> the oid of its SKILL.md.
        read: gives a blob's bytes; called for unseen blobs now and for matches later. Where it
        raises, the index stays what it was.
        """
        self._read = read
        if skills == self._skills:
            return Synced()
        documents, paths = self._brought_up_to(skills)
        notes = self._load() if self._unseen(paths) else ()
        unseen = self._unseen(paths)
        if unseen:
            notes += self._add(unseen, live=paths.keys())
        gone = len(self._paths.keys() - paths.keys())
        self._skills, self._documents, self._paths, self._scopes = dict(skills), documents, paths, {}
        return Synced(len(unseen), gone, notes)

    def search(
        self,
        query: str,
        *,
        paths: frozenset[str] | None = None,
        limit: int = 10,
        min_score: float = bm25.MIN_SCORE,
    ) -> tuple[Match, ...]:
        """The skills that answer a query, best first, none below the score; equals by path.

        paths: answer as an index of these skills alone would; None is all of them.
        """
        scope = self._scope(paths)
        weights = scope.weigh(words.query(query))
        answers = (
            (-score, path)
            for key, score in scope.scores(weights, least=min_score)
            for path in self._paths[key]
            if paths is None or path in paths
        )
        best = heapq.nsmallest(limit, answers)
        return tuple(Match(path, -score, passage.best_line(self._text(path), weights), -score) for score, path in best)

    def _brought_up_to(self, skills: Mapping[str, str]) -> tuple[dict[str, str], dict[str, list[str]]]:
        """The document of each path, and the paths of each document, made of ours by what differs."""
        documents, paths = self._documents.copy(), self._paths.copy()
        for path in [path for path, oid in self._skills.items() if skills.get(path) != oid]:
            key = documents.pop(path)
            paths[key] = [other for other in paths[key] if other != path]
            if not paths[key]:
                del paths[key]
        for path in [path for path, oid in skills.items() if self._skills.get(path) != oid]:
            key = documents[path] = _document(path, skills[path])
            paths[key] = [*paths.get(key, ()), path]
        return documents, paths

    def _unseen(self, documents: Mapping[str, object]) -> list[str]:
        new = documents.keys() - self._paths.keys()
        return sorted(new - _keys(self._segments)) if new else []

    def _load(self) -> tuple[str, ...]:
        """Take over what the directory has; what only we have stays."""
        loaded = cache.load(self._directory, {segment.name: segment for segment in self._segments})
        there = _keys(loaded.segments)
        self._segments = [*loaded.segments, *(s for s in self._segments if not there.issuperset(s.keys))]
        return tuple(f"the search index file '{name}' is damaged: rebuilding" for name in loaded.damaged)

    def _add(self, unseen: Sequence[str], *, live: Set[str]) -> tuple[str, ...]:
        """Tokenise documents into a new segment, one with those that are not far larger."""
        data = pack((key, words.bag(**asdict(self._parse(key)))) for key in unseen)
        small = _outgrown(self._segments, len(unseen))
        if small:
            several = [open_segment(data), *small]
            data = merge(several, _worth_keeping(several, live))
        self._segments = [open_segment(data), *(segment for segment in self._segments if segment not in small)]
        try:
            cache.save(self._directory, data, replaces={segment.name for segment in small})
        except OSError as error:
            return (f"the search index is not saved: {error}",)
        return ()

    def _text(self, path: str) -> passage.Text:
        key = self._documents[path]
        if key not in self._texts:
            if len(self._texts) >= _TEXTS:
                self._texts.clear()
            self._texts[key] = self._parse(key)
        return self._texts[key]

    def _parse(self, key: str) -> passage.Text:
        oid, _, directory = key.partition(" ")
        return passage.read(self._read(oid), directory)

    def _scope(self, paths: frozenset[str] | None) -> Scope:
        """The index narrowed to some skills; all of it and the last narrowing are kept."""
        if paths not in self._scopes:
            for stale in self._scopes.keys() - {None}:
                del self._scopes[stale]
            wanted = self._paths.keys() if paths is None else {*filter(None, map(self._documents.get, paths))}
            self._scopes[paths] = narrow(self._segments, wanted)
        return self._scopes[paths]


def _document(path: str, oid: str) -> str:
    return f"{oid} {path.rpartition('/')[2]}"


def _keys(segments: Iterable[Segment]) -> set[str]:
    return {key for segment in segments for key in segment.keys}


def _worth_keeping(segments: Iterable[Segment], live: Set[str]) -> set[str]:
    """All documents, as another branch may want them, unless most are of no use to this commit."""
    keys = _keys(segments)
    used = keys & live
    return keys if 2 * len(used) >= len(keys) else used


def _outgrown(segments: Iterable[Segment], documents: int) -> list[Segment]:
    """The segments to merge with a new one, so that each has twice the documents of all smaller ones together.

    So there are few, and a document is merged about log2(n) times.
    """
    outgrown: list[Segment] = []
    for segment in sorted(segments, key=lambda segment: len(segment.keys)):
        if len(segment.keys) >= 2 * documents:
            break
        outgrown.append(segment)
        documents += len(segment.keys)
    return outgrown
