"""A skill found for a query: what its SKILL.md says, beside how well it answers and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from skillgit.errors import SkillgitError
from skillgit.search import passage, words
from skillgit.search.index import Match
from skillgit.skills import document

_REMEMBERED = 64  # files that are not read again, of up to 1 MiB: a server finds the same few


@dataclass(frozen=True, slots=True)
class Hit:
    """A skill found for a query: how well it fits in (0, 1], and what the file says.

    `words` and `vectors` are the parts of the score, each in [0, 1]; `vectors` is None where only words were asked.
    `terms` is what each term of the query weighs.
    """

    path: str
    name: str
    version: str
    description: str
    tags: tuple[str, ...]
    body: str
    score: float
    words: float
    vectors: float | None = None
    terms: Mapping[str, float] = field(default_factory=dict, compare=False, repr=False)

    @property
    def line(self) -> str:
        """The line of the description or the body that answers best; few who search want it, so it is not kept."""
        return passage.best_line(f"{self.description}\n{self.body}", self.terms)


@dataclass(frozen=True, slots=True)
class Shared:
    """The words of a query, as they were typed, that a skill has and has not; function words are neither."""

    matched: tuple[str, ...]
    missed: tuple[str, ...]


def hit(match: Match, data: bytes) -> Hit:
    """Put a match and the bytes of its SKILL.md together; a file that is no valid SKILL.md is all body."""
    said = _said(data) or (match.path.rpartition("/")[2], "", "", (), data.decode("utf-8", "replace"))
    return Hit(match.path, *said, match.score, match.words, match.vectors, match.terms)


def shared(query: str, found: Hit) -> Shared:
    """Say which words of the query the skill has, in any of the forms that the index takes for one.

    What is written without spaces, and a compound of which the skill has a part, is told by its index terms.
    """
    directory = found.path.rpartition("/")[2]
    text = "\n".join((found.name, directory, found.description, *found.tags, found.body))
    has = set(words.tokens(text))
    matched: list[str] = []
    missed: list[str] = []
    for typed in query.split():
        terms = words.query(typed).words
        there = [term for term in terms if term in has]
        whole = [typed.strip("\"'`.,;:!?()[]{}«»“”‘’")]
        matched += whole if len(there) == len(terms) == 1 else there
        missed += whole if len(terms) == 1 and not there else [term for term in terms if term not in has]
    return Shared(tuple(dict.fromkeys(matched)), tuple(dict.fromkeys(missed)))


@lru_cache(_REMEMBERED)
def _said(data: bytes) -> tuple[str, str, str, tuple[str, ...], str] | None:
    """The name, version, description, tags and body of a SKILL.md; None where it is no valid one."""
    try:
        skill = document.parse(data)
    except SkillgitError:
        return None
    return skill.name, skill.version, skill.description, skill.tags, skill.body
