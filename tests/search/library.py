"""Skills by blob, for tests of the index."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from skillgit.search.index import Found, Index, Match

TOPICS = ("release checklist", "government report", "数据清洗流程", "docker-compose setup", "unit tests", "tea brewing")


@dataclass
class Blobs:
    """Blobs by oid, and how many were read."""

    data: dict[str, bytes] = field(default_factory=dict)
    reads: int = 0

    def put(self, data: bytes) -> str:
        oid = hashlib.sha1(data).hexdigest()
        self.data[oid] = data
        return oid

    def read(self, oid: str) -> bytes:
        self.reads += 1
        return self.data[oid]


def skill(name: str, description: str, body: str = "") -> bytes:
    return f"---\nname: {name}\ndescription: {json.dumps(description)}\n---\n{body}".encode()


def library(blobs: Blobs, topics: Sequence[str] = TOPICS) -> dict[str, str]:
    return {
        f"Users/ada/s{number}": blobs.put(skill(f"s{number}", topic, f"# {topic}\n\n- Be careful with {topic}.\n"))
        for number, topic in enumerate(topics)
    }


def paths(found: Found | Sequence[Match]) -> list[str]:
    return [match.path for match in (found.matches if isinstance(found, Found) else found)]


def answers(index: Index, query: str, only: frozenset[str] | None = None) -> list[tuple[str, float]]:
    found = index.search(query, paths=only, min_score=0.0, limit=100)
    return sorted((match.path, round(match.score, 9)) for match in found.matches)
