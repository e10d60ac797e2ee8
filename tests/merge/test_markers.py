"""Conflict markers: git's own are read, ours are written as git writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.merge.hunk import Conflict, Labels, Outcome
from skillgit.merge.markers import free_size, read, write
from tests.merge.three import git_merge

sides = st.lists(st.sampled_from(["a\n", "b\n", "=\n", "<<<<<<<< x\n", "|||||||\n", "\n", "#\r\n"]), max_size=6).map(
    "".join
)


@given(sides, sides, sides)
def test_what_git_wrote_is_read_back(base: str, ours: str, theirs: str) -> None:
    size = free_size(base, ours, theirs)
    versions = (base.encode(), ours.encode(), theirs.encode())
    text = git_merge(*versions, "--diff3", f"--marker-size={size}")[1].decode()
    pieces = read(text, size=size)
    taken = "".join(piece if isinstance(piece, str) else piece.ours for piece in pieces)
    assert taken == git_merge(*versions, "--diff3", f"--marker-size={size}", "--ours")[1].decode()


@given(sides, sides, sides, st.none() | sides)
def test_what_is_written_is_read_back(base: str, ours: str, theirs: str, proposal: str | None) -> None:
    conflict = Conflict("", base, ours, theirs)
    size = free_size(base, ours, theirs, proposal or "")
    text = write(Outcome(conflict, 6, "words", proposal, sure=False), Labels(size=size), newline="\n")
    assert read(f"before\n{text}after\n", size=size) == ("before\n", conflict, "after\n")


PLAIN = {
    "no end": "<<<<<<< ours\na\n=======\nb\n",
    "no middle": "<<<<<<< ours\na\n>>>>>>> theirs\n",
    "another size": "<<<<<<<< ours\na\n========\nb\n>>>>>>>> theirs\n",
    "no marker but a word": "<<<<<<<ours\na\n=======\nb\n>>>>>>> theirs\n",
}


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN.keys())
def test_markers_in_another_order_are_plain_text(text: str) -> None:
    assert "".join(piece for piece in read(text) if isinstance(piece, str)) == text


def test_without_a_base_it_is_empty() -> None:
    assert read("<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n") == (Conflict("", "", "a\n", "b\n"),)
