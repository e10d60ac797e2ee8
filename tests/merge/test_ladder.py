"""The ladder as a whole: its laws, its answers, odd files, and git's bytes wherever git is clean."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillgit.errors import SkillgitError
from skillgit.merge.hunk import Conflict, Outcome
from skillgit.merge.ladder import Answer, Merged, Resolution, accept, merge
from skillgit.merge.markers import read, split_lines
from skillgit.skills.document import parse
from tests.merge.three import git_merge, merged

FRONT = (
    "name: a\n",
    "description: b\n",
    "description: c\n",
    "tags: x, y\n",
    "tags: x, z\n",
    "license: MIT\n",
    "# why\n",
)
LINES = ("# T\n", "## S\n", "- a\n", "- b\n", "- do not use b\n", "one two three\n", "one two four\n", "\n", "1. x\n")

fronts = st.lists(st.sampled_from(FRONT), max_size=5, unique_by=lambda line: line.partition(":")[0])
bodies = st.lists(st.sampled_from(LINES), max_size=8)
learned = st.sampled_from(["metadata:\n  id: x\n  version: 0.1.0\n", "metadata:\n  id: x\n  version: 0.2.0\n", ""])


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Mostly a SKILL.md of few lines, so that versions have much in common."""
    text = "".join(draw(bodies))
    if draw(st.integers(0, 4)):
        text = f"---\n{''.join(draw(fronts))}{draw(learned)}---\n{text}"
    return text.removesuffix(draw(st.sampled_from(["", "\n"]))).encode()


@given(files(), files())
def test_what_one_side_changed_or_both_in_the_same_way_is_taken(base: bytes, new: bytes) -> None:
    for ours, theirs in ((base, new), (new, base), (new, new)):
        result = merge(base, ours, theirs, by_git=b"")
        assert (result.content, result.clean, result.hunks) == (new, True, ())


@settings(max_examples=150)
@given(files(), files(), files())
def test_any_three_files(base: bytes, ours: bytes, theirs: bytes) -> None:
    result, clean_and_bytes = merged(base, ours, theirs), git_merge(base, ours, theirs)
    _git_is_clean_and_so_are_we(result, clean_and_bytes, ours, theirs)
    _nothing_is_lost_unnamed(result, base, ours, theirs)
    _no_frontmatter_is_broken(result, ours, theirs)
    assert result.clean == (b"<<<<<<<" not in result.content)
    again = merged(base, result.content, result.content)
    assert again.content == result.content


def _git_is_clean_and_so_are_we(result: Merged, by_git: tuple[bool, bytes], ours: bytes, theirs: bytes) -> None:
    if by_git[0] and _reads(by_git[1]) and b"version" not in ours + theirs:
        assert (result.content, result.clean) == (by_git[1], True)


def _nothing_is_lost_unnamed(result: Merged, *versions: bytes) -> None:
    """A line of a side is in the file or a hunk, or the other side took it away.

    Those that repeat are git's, and a blank one says nothing.
    """
    lines = [version.decode().splitlines() for version in versions]
    hunks = "".join(f"{hunk.conflict.ours}\n{hunk.conflict.theirs}\n" for hunk in result.hunks)
    there = {*result.content.decode().splitlines(), *hunks.splitlines()}
    there |= {""} | {line for version in lines for line, count in Counter(version).items() if count > 1}
    base, ours, theirs = map(set, lines)
    for side, other in ((ours, theirs), (theirs, ours)):
        assert {line for line in side - there if line in other or line not in base} == set()


def _no_frontmatter_is_broken(result: Merged, ours: bytes, theirs: bytes) -> None:
    if _reads(ours) and _reads(theirs):
        assert not result.clean or _reads(result.content)
        accepted = accept(result)
        assert b"<<<<<<<" in accepted or _reads(accepted)


def _reads(data: bytes) -> bool:
    try:
        parse(data)
    except SkillgitError:
        return False
    return True


@settings(max_examples=60)
@given(files(), files(), files())
def test_sides_that_change_places_decide_the_same(base: bytes, ours: bytes, theirs: bytes) -> None:
    """What differs is the order in which both sides' additions stand, and whose quotes are kept."""
    one, other = merged(base, ours, theirs), merged(base, theirs, ours)
    assert one.clean == other.clean
    if one.clean:
        parts = (
            sorted(each.content.replace(b",", b" ").split()) for each in (one, other)
        )  # tags stand in another order
        assert next(parts) == next(parts)


def kept(text: str) -> Answer:
    """An answer that gives one text for every conflict."""
    return lambda conflict: Resolution(text)


BASE = b"---\nname: a\ndescription: b\n---\n# A\n\nUse one colour.\n"
OURS = BASE.replace(b"one colour", b"two colours")
THEIRS = BASE.replace(b"Use one colour.", b"Never use green.")


def test_an_answer_that_keeps_every_line_is_taken() -> None:
    result = merged(BASE, OURS, THEIRS, answer=kept("Use two colours.\nNever use green.\n"))
    assert result.clean
    assert result.content == BASE.replace(b"Use one colour.", b"Use two colours.\nNever use green.")
    assert [hunk.level for hunk in result.hunks] == [5]


BAD = {
    "a line is lost": ("Use two colours.\n", "a line is lost: Never use green."),
    "a claim of nobody": ("Use two colours.\nNever use green.\nAsk Bob.\n", "words of neither side: ask, bob"),
    "a marker": ("Use two colours.\nNever use green.\n=======\n", "a conflict marker in line 3"),
}


@pytest.mark.parametrize(("text", "reason"), BAD.values(), ids=BAD.keys())
def test_a_bad_answer_is_refused_in_words_and_the_conflict_stays(text: str, reason: str) -> None:
    result = merged(BASE, OURS, THEIRS, answer=kept(text))
    assert reason in result.hunks[0].refused
    assert result.content == merged(BASE, OURS, THEIRS).content


def test_an_answer_that_breaks_the_frontmatter_is_refused() -> None:
    sides = [BASE.replace(b"description: b", line) for line in (b"description: one", b"description: 'two: three'")]
    result = merged(BASE, *sides, answer=kept("description: one\ndescription: 'two: three'\n"))
    assert not result.clean
    assert result.hunks[0].refused == ("the frontmatter would not be valid: unreadable",)


def test_nobody_is_asked_about_what_is_settled() -> None:
    asked = list[Conflict]()
    merged(BASE, OURS, THEIRS.replace(b"name: a", b"name: c"), answer=asked.append)
    assert [conflict.section for conflict in asked] == ["A"]


ODD = {
    "CRLF": (b"a\r\nb\r\nc\r\n", b"a\r\nB\r\nc\r\n", b"a\r\nX\r\nc\r\n"),
    "no last line break": (b"a\nb", b"a\nB", b"a\nX"),
    "one side has a last line break": (b"a\nb", b"a\nB\n", b"a\nX"),
    "no UTF-8": (b"a\nb\n\xff\n", b"a\nB\n\xff\n", b"a\nX\n\xff\n"),
    "lines like markers": (b"<<<<<<< HEAD\nb\n=======\n", b"<<<<<<< HEAD\nB\n=======\n", b"<<<<<<< HEAD\nX\n=======\n"),
    "empty base": (b"", b"a\nB\n", b"X\nc\n"),
    "a side emptied it": (b"a\nb\n", b"", b"a\nX\n"),
    "odd line breaks": (b"a\x0b\x85\nb\n", b"a\x0b\x85\nB\n", b"a\x0b\x85\nX\n"),
}


@pytest.mark.parametrize("versions", ODD.values(), ids=ODD.keys())
def test_odd_files_keep_their_bytes_between_markers(versions: tuple[bytes, bytes, bytes]) -> None:
    size = max(7, *(len(line) + 1 for line in b"\n".join(versions).split(b"\n") if line[:1] in (b"<", b"=")), 7)
    result = merged(*versions, size=size)
    [conflict] = [hunk.conflict for hunk in result.hunks]
    assert [piece for piece in read(result.content.decode("utf-8", "surrogateescape"), size=size) if piece == conflict]
    assert all(line.endswith(b"\r") for line in result.content.split(b"\n")[:-1]) == (b"\r" in versions[0])


@pytest.mark.parametrize(("ours", "theirs", "end"), [(b"- b", b"- c", b""), (b"- b\n", b"- c", b"\n")])
def test_a_file_ends_as_three_way_merging_has_it(ours: bytes, theirs: bytes, end: bytes) -> None:
    start = b"---\nname: a\ndescription: b\nmetadata:\n  id: x\n---\n"
    result = merged(start + b"- a", start + b"- a\n" + ours, start + b"- a\n" + theirs)
    assert result.content == start + b"- a\n- b\n- c" + end


def test_a_megabyte_merges_in_seconds() -> None:
    base = [f"- rule {number} of many, which says something.\n" for number in range(20_000)]
    ours, theirs = (["- own\n", *base[1:n], f"- {n}\n", *base[n + 1 :]] for n in (90, 70))
    theirs[0] = "- other\n"
    result = merged("".join(base).encode(), "".join(ours).encode(), "".join(theirs).encode())
    assert [hunk.conflict.base for hunk in result.hunks] == [base[0]]
    assert merged(b"", "".join(ours).encode(), "".join(theirs).encode()).hunks


def test_the_pieces_are_the_file() -> None:
    result = merged(BASE, OURS, THEIRS)
    assert [isinstance(piece, Outcome) for piece in result.pieces] == [False, False, True]
    assert "".join(split_lines(result.content.decode())) == result.content.decode()
