"""How often the merge ladder is right, on real merges of SKILL.md and other Markdown.

    python benchmarks/merge.py              all of shared/data/merges, about a minute
    python benchmarks/merge.py skill        SKILL.md only

A merge is exact where it gives what the committer recorded, byte for byte; wrong where it gives another text
without a marker; else it is a conflict. A hunk's truth is what the recorded file has between the lines around
the conflict; where these were changed as well, it is not located and not counted.

The steps of the ladder were chosen on these files, so that their precision here is no estimate for others.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from skillgit.errors import SkillgitError
from skillgit.merge import words
from skillgit.merge.hunk import Conflict, Outcome
from skillgit.merge.ladder import Merged, accept, marker_size, merge
from skillgit.merge.lines import pairs
from skillgit.merge.markers import read, split_lines
from skillgit.skills.document import parse

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("SKILLGIT_DATA") or ROOT / "../shared/data") / "merges"
CONFLICTS = ("conflicts_skill", "conflicts_md")
CLEAN = ("clean_skill", "clean_but_human_changed")
SKILL = ("conflicts_skill", *CLEAN)


@dataclass(frozen=True, slots=True)
class Case:
    """A recorded merge: three versions, what people made of it, and git's text with its conflicts (diff3)."""

    base: bytes
    ours: bytes
    theirs: bytes
    recorded: bytes
    by_git: bytes
    is_skill: bool


Method = Callable[[Case], bytes | None]


def main(arguments: Sequence[str]) -> None:
    """Print every table."""
    names = SKILL if "skill" in arguments else (*CONFLICTS, *CLEAN)
    for name in names:
        cases = list(cases_of(name))
        print(f"\n{name}: {len(cases)} merges")
        (conflict_tables if name in CONFLICTS else clean_tables)(cases)


def cases_of(name: str) -> Iterator[Case]:
    """Read a file of the data and let git merge each of its rows."""
    for row in json.loads((DATA / f"{name}.dev.json").read_bytes()):
        base, ours, theirs, recorded = (row[key].encode() for key in ("base", "ours", "theirs", "resolution"))
        size = marker_size(base, ours, theirs)
        by_git = git_merge(base, ours, theirs, "--diff3", f"--marker-size={size}")[1]
        yield Case(base, ours, theirs, recorded, by_git, row["skill"])


def git_merge(base: bytes, ours: bytes, theirs: bytes, *options: str) -> tuple[bool, bytes]:
    """What `git merge-file` makes of it, and whether without a conflict."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in zip(("base", "ours", "theirs"), (base, ours, theirs), strict=True):
            (Path(folder) / name).write_bytes(text)
        command = ["git", "merge-file", "-q", "-p", *options, "ours", "base", "theirs"]
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return done.returncode == 0, done.stdout


def conflict_tables(cases: Sequence[Case]) -> None:
    """Whole files by method, and the ladder's hunks by level, action and kind."""
    print(f"  {'whole files':34} {'exact':>6} {'wrong':>6} {'conflict':>8} {'exact of all':>13} {'of resolved':>12}")
    for title, method in METHODS.items():
        count = Counter(verdict(method(case), case.recorded) for case in cases)
        print(f"  {title:34} {count['exact']:>6} {count['wrong']:>6} {count['conflict']:>8} ", end="")
        print(f"{count['exact'] / len(cases):>12.3f} {ratio(count['exact'], count['wrong']):>12}")
    merges = [(case, ladder(case)) for case in cases]
    print_hunks([hunk for case, merged in merges for hunk in judged(merged, case.recorded)])
    print_faults(merges)


def clean_tables(cases: Sequence[Case]) -> None:
    """How often git is clean and the ladder equal to it, and how often it warns."""
    clean = [case for case in cases if git_merge(case.base, case.ours, case.theirs)[0]]
    merges = [(case, ladder(case)) for case in clean]
    equal = sum(
        merged.clean and merged.content == git_merge(case.base, case.ours, case.theirs)[1] for case, merged in merges
    )
    recorded = sum(merged.content == case.recorded for case, merged in merges)
    warned = sum(bool(merged.warnings) for _, merged in merges)
    print(f"  git is clean in {len(clean)}; the ladder gives its bytes in {equal}; as recorded: {recorded}")
    print(f"  both sides edited one section: warned in {warned} of {len(clean)} ({warned / len(clean):.2f})")
    print_faults(merges)


def print_hunks(hunks: Sequence[tuple[Outcome, str | None]]) -> None:
    """One row for each way of merging a hunk, what is sure first, then by what the hunk is."""
    print(f"  {'hunks':34} {'right':>6} {'wrong':>6} {'not located':>12} {'precision':>10}")
    rows = Counter[tuple[str, str]]()
    for outcome, truth in hunks:
        how = "open" if outcome.text is None else "sure" if outcome.sure else "proposed"
        result = "unlocated" if truth is None else "right" if outcome.text == truth else "wrong"
        for row in (how, f"{how} {outcome.level} {outcome.action}", f"{how} {kind(outcome.conflict)}"):
            rows[row, result] += 1
    for row in sorted(
        {row for row, _ in rows if not row.startswith("open ")}, key=lambda row: (row[:4] != "sure", row)
    ):
        right, wrong, lost = (rows[row, result] for result in ("right", "wrong", "unlocated"))
        print(f"  {row:34} {right:>6} {wrong:>6} {lost:>12} {ratio(right, wrong):>10}")


def print_faults(merges: Sequence[tuple[Case, Merged]]) -> None:
    """What may never be: markers in a clean result, and a frontmatter broken by merging."""
    texts = [(case, text) for case, merged in merges for text in (merged.content, accept(merged))]
    marked = sum(
        merged.clean and has_markers(merged.content) > has_markers(case.ours + case.theirs) for case, merged in merges
    )
    broken = sum(
        reads(case.ours) and reads(case.theirs) and not has_markers(text) and not reads(text) for case, text in texts
    )
    seconds = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    print(f"  clean with markers: {marked}; frontmatter broken: {broken}; CPU so far {seconds:.1f} s")


def ladder(case: Case) -> Merged:
    """The ladder's merge."""
    return merge(case.base, case.ours, case.theirs, by_git=case.by_git)


def _by_git(*options: str) -> Method:
    def method(case: Case) -> bytes | None:
        clean, text = git_merge(case.base, case.ours, case.theirs, *options)
        return text if clean else None

    return method


def _committed(case: Case) -> bytes | None:
    merged = ladder(case)
    return merged.content if merged.clean else None


def _accepted(case: Case) -> bytes | None:
    merged = ladder(case)
    return accept(merged) if all(hunk.text is not None for hunk in merged.hunks) else None


def _by_words(case: Case) -> bytes | None:
    """Every hunk merged by words, or a conflict: the baseline of the data."""
    size = marker_size(case.base, case.ours, case.theirs)
    pieces = read(case.by_git.decode(), size=size)
    texts = [piece if isinstance(piece, str) else words.merge(piece) for piece in pieces]
    return "".join(text for text in texts if text is not None).encode() if None not in texts else None


METHODS: dict[str, Method] = {
    "git merge-file": _by_git(),
    "git merge-file --union": _by_git("--union"),
    "every hunk ours": _by_git("--ours"),
    "every hunk theirs": _by_git("--theirs"),
    "words": _by_words,
    "the ladder, without asking": _committed,
    "the ladder, proposals accepted": _accepted,
}


def verdict(text: bytes | None, recorded: bytes) -> str:
    """exact, wrong or conflict."""
    return "conflict" if text is None else "exact" if text == recorded else "wrong"


def judged(merged: Merged, recorded: bytes) -> Iterator[tuple[Outcome, str | None]]:
    """Each hunk of a merge with what was recorded in its place, None where that is not found."""
    lines, where = list[str](), dict[int, Outcome]()
    for piece in merged.pieces:
        if isinstance(piece, Outcome):
            where[len(lines)] = piece
        lines += [f"\0{len(lines)}"] if isinstance(piece, Outcome) else split_lines(piece)
    truth = split_lines(recorded.decode())
    found = dict(pairs(lines, truth)) | {-1: -1, len(lines): len(truth)}
    for at, outcome in where.items():
        before, after = found.get(at - 1), found.get(at + 1)
        yield outcome, None if before is None or after is None else "".join(truth[before + 1 : after])


def kind(conflict: Conflict) -> str:
    """What a hunk is: frontmatter, an insertion of both, a deletion against an edit, or two edits."""
    if conflict.section == "frontmatter":
        return "frontmatter"
    if not conflict.base.strip():
        return "both added"
    return "both edited" if conflict.ours.strip() and conflict.theirs.strip() else "deleted and edited"


def ratio(right: int, wrong: int) -> str:
    """The share that is right, "-" where there is none."""
    return f"{right / (right + wrong):.3f}" if right + wrong else "-"


def has_markers(text: bytes) -> int:
    """How many lines look like the beginning or the end of a conflict."""
    return sum(line.startswith(("<<<<<<< ", ">>>>>>> ")) for line in text.decode().split("\n"))


def reads(text: bytes) -> bool:
    """Whether it is a SKILL.md."""
    try:
        parse(text)
    except SkillgitError:
        return False
    return True


if __name__ == "__main__":
    main(sys.argv[1:])
