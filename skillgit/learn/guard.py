"""The gate in front of every skill that is written: what the scan finds in its new lines can refuse it.

    scan.refuse = high                      the least severity that refuses: low, medium, high, or none
    scan.allow = "pipe-to-shell, secret:*=Common/security/*"
                                            kinds that are let through, everywhere or in the skills of a pattern

What is learned from a conversation is refused at `medium` already: nobody has read it. What stood in a skill before
refuses nothing, and nor does what others have committed, in a merge or a pull.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from skillgit.config import setting
from skillgit.errors import Refused
from skillgit.git.repo import Repo
from skillgit.learn.scan import SEVERITIES, Finding, scan

_NONE = len(SEVERITIES)


@dataclass(frozen=True, slots=True)
class Gate:
    """What refuses: findings from the place `least` of SEVERITIES on, but for allowed kinds in allowed skills."""

    least: int
    allowed: tuple[tuple[str, str], ...] = ()

    def lets(self, finding: Finding, skill: str) -> bool:
        """Whether somebody has allowed such a finding in a skill, by its path as people type it."""
        return any(fnmatchcase(finding.kind, kind) and fnmatchcase(skill, where) for kind, where in self.allowed)

    def refuses(self, finding: Finding, skill: str) -> bool:
        """Whether a skill must not be written with this in it."""
        return SEVERITIES.index(finding.severity) >= self.least and not self.lets(finding, skill)


def gate(repo: Repo, *, learning: bool = False) -> Gate:
    """The gate that the repository's settings make, for people's skills or for what is learned."""
    said = setting(repo, "scan.refuse").text
    least = SEVERITIES.index(said) if said in SEVERITIES else _NONE
    rows = (row.partition("=") for row in setting(repo, "scan.allow").text.split(",") if row.strip())
    allowed = tuple((kind.strip(), where.strip() or "*") for kind, _, where in rows)
    return Gate(min(least, SEVERITIES.index("medium")) if learning and least < _NONE else least, allowed)


def examine(repo: Repo, commit: str | None, path: str) -> tuple[Finding, ...]:
    """What the scan finds in all files of the skill at a path in a commit, but for what the settings allow."""
    own, skill = gate(repo), path.removeprefix("Users/")
    found = (
        finding for name, entry in repo.files(commit, path).items() for finding in scan(name, repo.read(entry.oid))
    )
    return tuple(finding for finding in found if not own.lets(finding, skill))


def check(gate: Gate, skill: str, files: Mapping[str, bytes], *, before: Mapping[str, bytes]) -> None:
    """Refused, naming the first, where the new lines of a skill's files hold what the gate refuses."""
    refuse(
        gate, skill, [finding for path, content in files.items() for finding in new(path, content, before.get(path))]
    )


def refuse(gate: Gate, skill: str, findings: Iterable[Finding]) -> None:
    """Refused where one of the findings is refused; it says which, and how to let it through."""
    refused = [finding for finding in findings if gate.refuses(finding, skill)]
    if refused:
        first, more = refused[0], f" (and {len(refused) - 1} more)" if len(refused) > 1 else ""
        place = f"{first.path}:{first.line}" if first.line else first.path
        raise Refused(
            f"skill '{skill}' is not written: {place}: {first.why}{more}",
            hint=f"take it out; or, if it is meant: git config skillgit.scan.allow '{first.kind}={skill}'",
        )


def new(path: str, content: bytes, before: bytes | None) -> Iterable[Finding]:
    """What the scan finds in the lines of a file that were not there before."""
    found = scan(path, content) if content != before else ()
    old, lines = set((before or b"").splitlines()), content.split(b"\n")
    return (each for each in found if each.line is None or lines[each.line - 1].rstrip(b"\r") not in old)
