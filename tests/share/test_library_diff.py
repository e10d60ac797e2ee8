"""What a library's move means for its skills: which of them is one that stood elsewhere before."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.git.setup import init
from skillgit.share import library
from skillgit.share.library_diff import likeness
from skillgit.skills import document as documents
from tests.conftest import Run
from tests.share.test_library import published, text

RULES = ("Use openpyxl for all of it.", "Freeze the first row of each sheet.", "Never merge cells.")

BECAME = {
    "the same elsewhere": (RULES, "renamed Common/acme/skills/tables (was Common/acme/skills/xls)"),
    "nearly the same": ((*RULES[:2], "Name it."), "renamed Common/acme/skills/tables (was Common/acme/skills/xls)"),
    "something else": (("Draw lines.", "Never merge cells."), "removed Common/acme/skills/xls"),
}


@pytest.mark.parametrize(("rules", "told"), BECAME.values(), ids=BECAME)
def test_a_skill_is_known_where_it_stands_now(rules: tuple[str, ...], told: str, tmp_path: Path, cli: Run) -> None:
    acme, repo = (
        published(tmp_path / "acme", {"skills/xls/SKILL.md": text("xls", *RULES)}),
        init(tmp_path / "team").repo,
    )
    library.take(repo, library.offer_new(repo, str(acme)))
    now = {"skills/tables/SKILL.md": text("tables", *rules), "skills/new/SKILL.md": text("new", "Say what is new.")}
    published(acme, {**now, "skills/xls/SKILL.md": None})
    said = cli("library", "update", cwd=repo.directory).out.splitlines()
    assert told in said and "added Common/acme/skills/new" in said


@given(st.lists(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1)), st.lists(st.text()))
def test_likeness_is_the_same_both_ways_and_whole_only_of_the_same_lines(one: list[str], other: list[str]) -> None:
    first, second = (documents.parse(text("x", *lines).encode()) for lines in (one, other))
    assert 0 <= likeness(first, second) == likeness(second, first) <= 1
    assert likeness(first, first) == 1
