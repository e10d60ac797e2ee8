"""Versions that follow from the diff, and never go down.

    before 1.0.0    a rule removed or reversed, a resource removed, a rename: minor; anything else: patch
    from 1.0.0      those, and wider allowed-tools: major; rules or resources added: minor; the rest: patch

Versions are read tolerantly: "v1.2.3", "1.0" (1.0.0), "1.10" (1.10.0), "1.2.0-beta",
"1.2.3.4" (1.2.3). What holds no number at its start, or is empty, counts as 0.1.0, the
version a skill starts with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, TypeAlias

from skillgit.skills.document import Document
from skillgit.skills.rules import RuleChanges, rule_changes

if TYPE_CHECKING:
    from semver import Version

__all__ = ["FIRST", "Bump", "RuleChanges", "bump", "is_above", "next_version", "normal", "rule_changes"]

Bump: TypeAlias = Literal["major", "minor", "patch", "none"]

FIRST = "0.1.0"

_NUMBERS = re.compile(r"\s*[vV=]?\s*(\d{1,18})(?:\.(\d{1,18}))?(?:\.(\d{1,18}))?(?![\d])")
_PRERELEASE = re.compile(r"-((?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*)")


def bump(before: Document, after: Document, *, renamed: bool = False, files: Mapping[str, bool] | None = None) -> Bump:
    """Say by how much the version rises from one document to the other.

    `renamed` is whether the skill's path changed; `files` are the resources that changed
    beside SKILL.md, False for those that are gone.
    """
    files = files or {}
    if not renamed and not files and _unversioned(before) == _unversioned(after):
        return "none"
    rules = rule_changes(before.body, after.body)
    less = bool(rules.removed or rules.reversed or renamed or before.name != after.name or not all(files.values()))
    if not _is_stable(before.version):
        return "minor" if less else "patch"
    if less or _wider(before, after):
        return "major"
    return "minor" if rules.added or files else "patch"


def next_version(current: str, bump: Bump) -> str:
    """Give the version above `current`; "none" gives `current` itself, written in full."""
    version = _read(current)
    return str(version if bump == "none" else version.next_version(bump))


def normal(version: str) -> str:
    """Write a version in full: "v1.10" is "1.10.0"; what is no version is "0.1.0"."""
    return str(_read(version))


def is_above(version: str, other: str) -> bool:
    """Say whether a version is higher than another; any real one is above none ("")."""
    if not other:
        return _NUMBERS.match(version) is not None
    return _read(version) > _read(other)


def _unversioned(document: Document) -> bytes:
    return document.without_field(("metadata", "version")).without_field("version").render()


def _is_stable(version: str) -> bool:
    return _read(version).major > 0


def _read(text: str) -> Version:
    from semver import Version  # 10 ms: not every command compares versions

    numbers = _NUMBERS.match(text)
    if numbers is None:
        return Version.parse(FIRST)
    full = numbers[2] is not None and numbers[3] is not None
    prerelease = _PRERELEASE.match(text, numbers.end()) if full else None
    major, minor, patch = (int(part or 0) for part in numbers.groups())
    return Version(major, minor, patch, prerelease=prerelease[1] if prerelease else None)


def _wider(before: Document, after: Document) -> bool:
    """Say whether a tool is allowed that was not; `Bash` covers `Bash(git:*)`."""
    had = _tools(before)
    return any(tool not in had and tool.partition("(")[0] not in had for tool in _tools(after))


def _tools(document: Document) -> frozenset[str]:
    allowed = document.fields.get("allowed-tools", "")
    words = [allowed] if isinstance(allowed, str) else [word for word in allowed if isinstance(word, str)]
    return frozenset(tool for word in words for tool in _TOOL.findall(word))


_TOOL = re.compile(r"[^\s,()]+(?:\([^)]*\))?")
