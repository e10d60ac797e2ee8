"""The skills of a commit are the same, whatever commit was listed before it."""

from __future__ import annotations

import pygit2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygit2.enums import FileMode

from skillgit.git import layout
from skillgit.git.listing import EMPTY, listing

NAMES = ["a", "b", "3f", layout.shard("a")]
"""Of a skill, of a folder that is none, of what looks like a shard, and of a shard of `a`."""


@pytest.fixture(scope="module")
def handle(tmp_path_factory: pytest.TempPathFactory) -> pygit2.Repository:
    return pygit2.init_repository(str(tmp_path_factory.mktemp("listing")), bare=True)


def tree(handle: pygit2.Repository, files: dict[str, bytes]) -> pygit2.Tree:
    """A tree of these files."""
    index = pygit2.Index()
    for path, content in files.items():
        index.add(pygit2.IndexEntry(path, handle.create_blob(content), FileMode.BLOB))
    found = handle[index.write_tree(handle)]
    assert isinstance(found, pygit2.Tree)
    return found


ROOTS = st.sampled_from(["Common", "Users/ada", "Users/bob"])
FOLDERS = st.builds(lambda root, parts: "/".join([root, *parts]), ROOTS, st.lists(st.sampled_from(NAMES), max_size=3))
TREES = st.dictionaries(FOLDERS, st.sampled_from([b"one", b"two"]), max_size=8)


@given(first=TREES, second=TREES)
def test_a_listing_is_the_same_from_nothing_and_from_another_one(
    handle: pygit2.Repository, first: dict[str, bytes], second: dict[str, bytes]
) -> None:
    before, after = (
        tree(handle, {f"{folder}/SKILL.md": content for folder, content in each.items()}) for each in (first, second)
    )
    fresh = listing(handle, after, known=EMPTY)
    moved_on = listing(handle, after, known=listing(handle, before, known=EMPTY))
    assert moved_on == fresh
    assert list(fresh.skills) == list(moved_on.skills) == sorted(fresh.skills)


def test_only_folders_that_changed_are_read_again(handle: pygit2.Repository) -> None:
    skills = {f"Users/ada/{number:02}/SKILL.md": b"one" for number in range(30)}
    before = listing(handle, tree(handle, {**skills, "Common/x/SKILL.md": b"one"}), known=EMPTY)
    after = listing(handle, tree(handle, {**skills, "Common/x/SKILL.md": b"two"}), known=before)
    read = [path for (oid, path), level in after.levels.items() if before.levels.get((oid, path)) is not level]
    assert read == ["Common/"]


def test_a_commit_with_the_same_files_has_the_same_listing(handle: pygit2.Repository) -> None:
    files = tree(handle, {"Users/ada/a/SKILL.md": b"one"})
    known = listing(handle, files, known=EMPTY)
    assert listing(handle, files, known=known) is known
