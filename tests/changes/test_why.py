"""How a rule was learned that somebody has changed since, told from the notes of the decisions."""

from __future__ import annotations

import pytest

from skillgit.changes.why import origin
from skillgit.git.history import Revision
from skillgit.git.message import Decision, Note, Quote

PATH = "Users/ada/release"


def decided(oid: str, *notes: str, said: str = "") -> Revision:
    """A decision with these notes, which rests on these words."""
    quotes = (Quote("sha256:" + "0" * 64, 0, said),) if said else ()
    told = tuple(Note(note[0], note[2:]) for note in notes)
    decision = Decision("merge" if said else "edit", PATH, "x", evidence=quotes, notes=told)
    return Revision(oid, (), "Ada", "2026-01-02T03:04:05+00:00", "x", decision, PATH)


LEARNED = decided("learned", "+ Use a table.", "+ Be brief.", said="a table please")


@pytest.mark.parametrize(
    ("rule", "since", "expected"),
    [
        ("Use a table.", [LEARNED], ("learned", "Use a table.")),
        ("**Use** a table", [LEARNED], ("learned", "**Use** a table")),
        ("Use no table.", [decided("1", "~ Use no table. (was: Use a table.)"), LEARNED], ("learned", "Use a table.")),
        (
            "Use (was: b) a table.",
            [
                decided("2", "~ Use (was: b) a table. (was: Use one table.)"),
                decided("1", "~ Use one table. (was: Use a table.)"),
                LEARNED,
            ],
            ("learned", "Use a table."),
        ),
        (
            "Use a table.",
            [decided("2", "+ Use a table."), decided("1", "- Use a table."), LEARNED],
            ("learned", "Use a table."),
        ),
        (
            "Use a table.",
            [decided("1", "~ Use a table. (was: Use it.)", said="a table"), LEARNED],
            ("1", "Use a table."),
        ),
        ("Use it.", [decided("1", "+ Use it."), LEARNED], None),
        ("Use a table.", [Revision("git", (), "Ada", "", "by plain git", None, PATH)], None),
        ("Use a table.", [], None),
    ],
    ids=[
        "as it is",
        "emphasis",
        "reworded",
        "twice",
        "brought back",
        "learned anew",
        "by hand",
        "plain git",
        "nothing",
    ],
)
def test_a_rule_is_followed_to_where_it_was_learned(
    rule: str, since: list[Revision], expected: tuple[str, str] | None
) -> None:
    found = origin(rule, since, known={})
    assert (found and (found.revision.oid, found.rule)) == expected
    assert found is None or found.quotes
