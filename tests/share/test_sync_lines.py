"""Whatever upstream and the copy did: each line that one of them has, and that neither took away, is still there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillgit.changes.record import Change, record
from skillgit.changes.skill import FILE, load
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.git.transaction import Transaction, write
from skillgit.share.fork import fork
from skillgit.share.sync import sync
from skillgit.share.upstream import fork_at
from skillgit.skills.document import Document
from tests.changes.library import skill
from tests.git.place import git

COMMON, COPY, NOTES = "Common/report", "Users/ada/report", "notes.md"
WORDS = ("cite", "sources", "never", "guess", "check", "figures", "twice", "tables", "short", "date")

sentences = st.lists(st.sampled_from(WORDS), min_size=2, max_size=4, unique=True).map(" ".join)
texts = st.lists(sentences, min_size=1, max_size=7, unique=True)


@st.composite
def edits(draw: st.DrawFn) -> tuple[list[str], list[str], list[str]]:
    """Lines, and what two sides made of them: some taken away, some reworded, some new."""
    base = draw(texts)
    return base, _edited(draw, base), _edited(draw, base)


def _edited(draw: st.DrawFn, lines: list[str]) -> list[str]:
    fates = draw(st.lists(st.sampled_from("kkkdri"), min_size=len(lines), max_size=len(lines)))
    found: list[str] = []
    for line, fate in zip(lines, fates, strict=True):
        new = draw(sentences) if fate in "ri" else ""
        found += {"k": [line], "d": [], "r": [new], "i": [line, new]}[fate]
    return list(dict.fromkeys(found)) or lines


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a repository is kept that each example starts from."""
    return tmp_path_factory.mktemp("sync")


@settings(max_examples=15)
@given(rules=edits(), notes=edits())
def test_a_line_that_nobody_took_away_is_in_the_copy_or_in_its_conflict(
    pattern: Path, rules: tuple[list[str], list[str], list[str]], notes: tuple[list[str], list[str], list[str]]
) -> None:
    repo = _parted(pattern / "team", rules, notes)
    (done,) = sync(repo, [fork_at(repo, repo.tip("HEAD"), COPY)])
    assert done.fate == ("conflict" if done.left else "synced")
    for name, sides in ((FILE, rules), (NOTES, notes)):
        left = [_plain(line) for line in (repo.directory / COPY / name).read_text().splitlines()]
        assert [line for line in _to_stay(*sides) if not any(_says(each, line) for each in left)] == []


def _parted(
    top: Path, rules: tuple[list[str], list[str], list[str]], notes: tuple[list[str], list[str], list[str]]
) -> Repo:
    """A common skill and ada's copy of it, each changed since."""
    shutil.rmtree(top, ignore_errors=True)
    repo = init(top).repo
    _put(repo, COMMON, skill("report", *rules[0]), notes[0])
    fork(repo, COMMON, user="ada")
    for path, side in ((COPY, 1), (COMMON, 2)):
        now = load(repo, repo.tip("HEAD"), path).document
        _put(repo, path, now.with_body(skill("report", *rules[side]).body), notes[side])
    assert git("status", "--short", cwd=top) == ""
    return repo


def _put(repo: Repo, path: str, document: Document, notes: list[str]) -> None:
    def body(tx: Transaction) -> None:
        before = load(repo, tx.tip, path).document if path in repo.skills(tx.tip) else None
        entry = tx.file("".join(f"{line}\n" for line in notes).encode())
        record(tx, Change("edit", path, before, document, "by hand", files={NOTES: entry}))

    write(repo, body)


def _to_stay(base: list[str], ours: list[str], theirs: list[str]) -> list[str]:
    """The lines of either side but those that the other side took away."""
    gone = {line for line in base if line not in ours or line not in theirs}
    return [line for line in dict.fromkeys([*ours, *theirs]) if line not in gone]


def _says(line: str, wanted: str) -> bool:
    """Whether a line says all that the other one says: of two edits, one inside the other, the longer one stays."""
    left = iter(line.split())
    return all(word in left for word in wanted.split())


def _plain(line: str) -> str:
    return re.sub(r"^- ", "", line)
