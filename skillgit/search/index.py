"""The index of one commit: a function of {skill path: oid of its SKILL.md}, and nothing else.

A document of the words is a blob under a directory name, as a query may use either; copies
and moves of a skill share it. A vector is a blob's alone. Term counts, vectors and graphs are
cached in `cache.py`'s files, so that a branch switch or a new process derives only what was
never seen; what that costs is in benchmarks/index.py.

numpy is imported by the first search, not before: it takes 100 ms, and a sync needs none of it.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from skillgit.errors import DatabaseError, ModelError
from skillgit.git.repo import Repo
from skillgit.models import choice
from skillgit.models.ports import Embedder
from skillgit.postgres import Place, place
from skillgit.search import bm25, cache, passage, words
from skillgit.search.cache import Shelf
from skillgit.search.segment import Segment, merge, open_segment, pack
from skillgit.search.store import Form, Store

if TYPE_CHECKING:
    from skillgit.search.embedding import Watch
    from skillgit.search.near import Aim, Embedded, Vectors
    from skillgit.search.rank import Ranked
    from skillgit.search.scope import Scope
    from skillgit.search.table import Table

_SCOPES = 8  # sets of paths that are kept ready, as a server has a few users at a time

FORM: Final = Form(open_segment, merge)


@dataclass(frozen=True, slots=True)
class Match:
    """A skill that answers a query: `score` in (0, 1], and the share of a perfect one that each known term has.

    `words` and `vectors` are what each leg alone says, in [0, 1]; None where no vectors were asked.
    """

    path: str
    score: float
    words: float
    vectors: float | None = None
    terms: Mapping[str, float] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Synced:
    """What `Index.sync` did: documents tokenised, documents gone, and what the user should hear, a line each."""

    read: int = 0
    gone: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What `Index.search` found, best first, how many blobs were embedded for it, and what the user should hear."""

    matches: tuple[Match, ...]
    embedded: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What a directory keeps of the index of some skills: files that are damaged, documents that are not there."""

    damaged: tuple[str, ...]
    unseen: int


def kept(directory: Path, skills: Mapping[str, str]) -> Kept:
    """How far the cache is behind these skills; nothing is changed."""
    found = cache.read(words_shelf(directory), open_segment)
    known = {key for segment in found.segments for key in segment.keys}
    return Kept(cache.damaged(directory), len({document(path, oid) for path, oid in skills.items()} - known))


def words_shelf(directory: Path) -> Shelf:
    """Where a directory keeps term counts."""
    return Shelf(directory, "words", words.RECIPE)


class Index:
    """Which skills a text is about. Many processes may share a directory; threads must not share an Index."""

    def __init__(
        self,
        directory: Path,
        embedder: Callable[[], Embedder | None],
        *,
        watch: Watch = iter,
        shared: Place | None = None,
    ) -> None:
        """`shared` is where the vectors are, if not in the directory."""
        self._directory = directory
        self._shared = shared
        self._embedder = embedder
        self._watch = watch
        self._read: Callable[[str], bytes] = dict[str, bytes]().__getitem__
        self._skills: dict[str, str] = {}
        self._paths: dict[str, list[str]] = {}  # of each document
        self._words: Store[Segment] = Store(words_shelf(directory), FORM)
        self._vectors: Vectors | None = None
        self._table: Table | None = None
        self._changed: set[str] = set()  # paths, since the table was last asked
        self._unembedded: set[str] = set()  # blobs that came since all had their vectors
        self._scopes: dict[frozenset[str] | None, Scope] = {}
        self._aims: dict[tuple[frozenset[str] | None, bool], Aim] = {}
        self._told: set[str] = set()

    @classmethod
    def open(cls, directory: Path, embedder: Embedder | None = None) -> Index:
        """An index of nothing, which keeps its cache in this directory; it need not be there.

        Without an embedder all searches are by words.
        """
        return cls(directory, lambda: embedder)

    @classmethod
    def of(cls, repo: Repo, *, watch: Watch = iter) -> Index:
        """The index of a repository, with the embedder that is configured; nothing is read yet.

        watch: sees the blobs that are embedded, and may show how far that is: the first search of a library takes
        6 ms a skill.
        """
        shared = place(repo, "search.vectors")
        return cls(repo.private / "index", lambda: choice.searching(repo), watch=watch, shared=shared)

    def sync(self, skills: Mapping[str, str], read: Callable[[str], bytes]) -> Synced:
        """Make this the index of these skills; reads and tokenises only what the cache has never seen.

        skills: a skill's path below the root, without SKILL.md -> the oid of its SKILL.md.
        read: gives a blob's bytes; called for unseen blobs, now for their words and by the first search for their
        vectors. Where it raises, the index stays what it was.
        """
        self._read = read
        left = [path for path, oid in self._skills.items() if skills.get(path) != oid]
        come = [path for path, oid in skills.items() if self._skills.get(path) != oid]
        if not left and not come:
            return Synced()
        new = {document(path, skills[path]) for path in come}
        gone = self._given_up(left) - new
        notes = self._words.load() if self._words.lacking(new) else ()
        unseen = self._words.lacking(new)
        if unseen:
            data = pack((key, words.bag(**asdict(self._parse(key)))) for key in unseen)
            notes += self._words.add(data, live=(self._paths.keys() | new) - gone)
        self._move(left, come, skills)
        return Synced(len(unseen), len(gone), self._news(notes))

    def search(
        self,
        query: str,
        *,
        paths: frozenset[str] | None = None,
        limit: int = 10,
        min_score: float = bm25.MIN_SCORE,
    ) -> Found:
        """The skills that answer a query by words and vectors, best first, none below the score; equals by path.

        Embeds what was never seen. Where the embedder fails, the search is by words, and the notes say so.

        paths: answer as an index of these skills alone would; None is all of them.
        """
        trouble = ""
        try:
            if near := self._near():
                return self._by_both(near, query, paths=paths, limit=limit, min_score=min_score)
        except ModelError as err:
            trouble = f"searching by words only: {err.message}"
        except DatabaseError as err:
            trouble = f"searching by words only: {err.message}"
            self._begin_anew()
        found = self.by_words(query, paths=paths, limit=limit, min_score=min_score)
        return Found(found, notes=(trouble,) if trouble else ())

    def by_words(
        self,
        query: str,
        *,
        paths: frozenset[str] | None = None,
        limit: int = 10,
        min_score: float = bm25.MIN_SCORE,
    ) -> tuple[Match, ...]:
        """The skills that answer a query by its words alone, as `search` gives them; no model is asked."""
        from skillgit.search import rank  # imports numpy

        asked = self._scope(paths).ask(words.query(query))
        ranked = rank.by_words(asked, most=limit, least=min_score)
        return self._matches(ranked, asked.weights, paths=paths, limit=limit)

    def tend(self) -> tuple[str, ...]:
        """Make the graphs that large roots lack, for processes that search often; the roots it was done for.

        Takes about half a minute of CPU for 100,000 skills. Raises ModelError, and OSError where nothing can be saved.
        """
        near = self._near()
        if near is None:
            return ()
        self._embed(near)
        table = self._settled()
        table.settle_vectors(near.store, self._skills.__getitem__)
        self._aims = {}
        return tuple(near.tend(table))

    def _by_both(
        self, near: Vectors, query: str, *, paths: frozenset[str] | None, limit: int, min_score: float
    ) -> Found:
        from skillgit.search import rank  # imports numpy

        done, vector = self._embed(near), near.vector(query)
        scope = self._scope(paths)
        asked = scope.ask(words.query(query))
        aim, notes = self._aim(near, paths)
        ranked = rank.by_both(asked, scope, aim, near=near, vector=vector, most=limit, least=min_score)
        matches = self._matches(ranked, asked.weights, paths=paths, limit=limit)
        return Found(matches, done.blobs, self._news((*done.notes, *notes)))

    def _begin_anew(self) -> None:
        """Take nothing for granted of which vectors a database has."""
        self._table = None
        self._changed, self._unembedded = set(self._skills), set(self._skills.values())
        self._scopes, self._aims = {}, {}

    def _given_up(self, left: Collection[str]) -> set[str]:
        """The documents that no path has when these have gone."""
        going: dict[str, set[str]] = {}
        for path in left:
            going.setdefault(document(path, self._skills[path]), set()).add(path)
        return {key for key, paths in going.items() if len(paths) == len(self._paths[key])}

    def _move(self, left: Collection[str], come: Collection[str], skills: Mapping[str, str]) -> None:
        """Go from these skills to those, given the paths that something left and to which something came."""
        for path in left:
            key = document(path, self._skills[path])
            self._paths[key] = [other for other in self._paths[key] if other != path]
            if not self._paths[key]:
                del self._paths[key]
        for path in come:
            self._paths.setdefault(document(path, skills[path]), []).append(path)
        self._skills = dict(skills)
        self._changed.update(left, come)
        self._unembedded.update(skills[path] for path in come)
        self._scopes, self._aims = {}, {}

    def _near(self) -> Vectors | None:
        """The vectors, None where there is no embedder; ModelError where it cannot be used."""
        if self._vectors is None and (embedder := self._embedder()):
            from skillgit.search import near, near_postgres  # import numpy

            if self._shared:
                self._vectors = near_postgres.Shared(self._shared, self._directory, embedder, watch=self._watch)
            else:
                self._vectors = near.Near(self._directory, embedder, watch=self._watch)
        return self._vectors

    def _embed(self, near: Vectors) -> Embedded:
        live = set(self._skills.values()) if self._unembedded else set()
        done = near.embed(self._unembedded & live, self._spoken, live=live)
        self._unembedded = set()
        return done

    def _scope(self, paths: frozenset[str] | None) -> Scope:
        """The words narrowed to some skills; the last few are kept."""
        from skillgit.search.scope import narrow  # imports numpy

        if paths not in self._scopes:
            table = self._settled()
            _make_room(self._scopes)
            self._scopes[paths] = narrow(self._words, table.words[table.select(paths)])
        return self._scopes[paths]

    def _aim(self, near: Vectors, paths: frozenset[str] | None) -> tuple[Aim, tuple[str, ...]]:
        """Where the vectors of some skills are; the last few are kept."""
        key = paths, near.is_warm
        if key in self._aims:
            return self._aims[key], ()
        table = self._settled()
        table.settle_vectors(near.store, self._skills.__getitem__)
        _make_room(self._aims)
        self._aims[key] = aim = near.aim(table, table.select(paths), documents=len(self._words))
        return aim, aim.reach.notes

    def _settled(self) -> Table:
        """The table of these skills."""
        if self._table is None:
            from skillgit.search.table import Table  # imports numpy

            self._table = Table()
        self._table.follow(self._skills, self._changed)
        self._changed = set()
        self._table.settle_words(self._words, lambda path: document(path, self._skills[path]))
        return self._table

    def _matches(
        self,
        ranked: Sequence[Ranked],
        weights: Mapping[str, float],
        *,
        paths: frozenset[str] | None,
        limit: int,
    ) -> tuple[Match, ...]:
        """The first skills of ranked documents."""
        answers = (
            (-one.score, path, one)
            for one in ranked
            for path in self._paths[self._words.key(one.place)]
            if paths is None or path in paths
        )
        return tuple(
            Match(path, one.score, one.words, one.vectors, weights) for _, path, one in heapq.nsmallest(limit, answers)
        )

    def _news(self, notes: Iterable[str]) -> tuple[str, ...]:
        """Those of the notes that were not told yet: a directory that may not be written in is so for all files."""
        new = tuple(dict.fromkeys(note for note in notes if note not in self._told))
        self._told.update(new)
        return new

    def _parse(self, key: str) -> passage.Text:
        oid, _, directory = key.partition(" ")
        return passage.read(self._read(oid), directory)

    def _spoken(self, oid: str) -> str:
        return passage.spoken(passage.read(self._read(oid), ""))


def document(path: str, oid: str) -> str:
    """The key of what is indexed of a skill: its blob and its directory's name."""
    return f"{oid} {path.rpartition('/')[2]}"


def _make_room(kept: dict[Any, Any]) -> None:
    """Drop the oldest entry where there are too many."""
    if len(kept) >= _SCOPES:
        del kept[next(iter(kept))]
