"""The body merged by rules, lists, words and moved text; what is proposed and what is a conflict."""

from __future__ import annotations

import pytest

from skillgit.merge.ladder import accept
from tests.merge.three import merged

LEARNED = "---\nname: a\ndescription: b\nmetadata:\n  id: 9ac1dc4f\n---\n"
FOREIGN = "---\nname: a\ndescription: b\n---\n"


def body(*lines: str, head: str = LEARNED) -> bytes:
    return (head + "# Reports\n\n" + "".join(f"{line}\n" for line in lines)).encode()


RULES = {
    "both added": (["- A."], ["- A.", "- Ours."], ["- A.", "- Theirs."], ["- A.", "- Ours.", "- Theirs."]),
    "both added one rule": (
        ["- A."], ["- A.", "- New.", "- Ours."], ["- A.", "- Theirs.", "- New."],
        ["- A.", "- New.", "- Ours.", "- Theirs."],
    ),
    "one reworded, the other added behind": (
        ["- Cite sources."], ["- Cite sources for every figure."], ["- Cite sources.", "- Be brief."],
        ["- Cite sources for every figure.", "- Be brief."],
    ),
    "one removed, the other added behind": (["- A.", "- B."], ["- A."], ["- A.", "- B.", "- C."], ["- A.", "- C."]),
    "each removed another": (["- A.", "- B."], ["- B."], ["- A."], []),
    "each reworded another": (
        ["- Cite sources.", "- Write short sentences."],
        ["- Cite all sources.", "- Write short sentences."],
        ["- Cite sources.", "- Write short plain sentences."],
        ["- Cite all sources.", "- Write short plain sentences."],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("base", "ours", "theirs", "expected"), RULES.values(), ids=RULES.keys())
def test_the_rules_of_a_learned_skill_merge_one_by_one(
    base: list[str], ours: list[str], theirs: list[str], expected: list[str]
) -> None:
    result = merged(body(*base), body(*ours), body(*theirs))
    assert result.content.decode() == body(*expected).decode()
    assert result.clean


OPEN = {
    "both reworded one rule": (
        ["- Cite sources."], ["- Cite sources for figures."], ["- Cite sources with pages."],
    ),
    "one reworded what the other removed": (["- Cite sources."], ["- Cite all sources."], []),
    "one forbids what the other asks for": (["- A."], ["- A.", "- Use tables."], ["- A.", "- Do not use tables."]),
    "steps, whose order counts": (["1. A."], ["1. A.", "2. Ours."], ["1. A.", "2. Theirs."]),
}  # fmt: skip


@pytest.mark.parametrize(("base", "ours", "theirs"), OPEN.values(), ids=OPEN.keys())
def test_rules_that_touch_each_other_are_a_conflict(base: list[str], ours: list[str], theirs: list[str]) -> None:
    assert not merged(body(*base), body(*ours), body(*theirs)).clean


def test_items_of_another_tools_skill_are_proposed_only() -> None:
    versions = (["- A."], ["- A.", "- Ours."], ["- A.", "- Theirs."])
    result = merged(*(body(*lines, head=FOREIGN) for lines in versions))
    assert not result.clean
    assert accept(result) == body("- A.", "- Ours.", "- Theirs.", head=FOREIGN)


def test_a_list_in_alphabetical_order_takes_both_sides_items_in_that_order() -> None:
    words = ["ant", "bee", "cow", "owl", "pig", "rat"]
    sides = (words, [*words[:3], "hen", *words[3:]], [*words[:3], "dog", "hen", *words[3:]])
    result = merged(*(body(*(f"- [{word}](#{word})" for word in side), head=FOREIGN) for side in sides))
    assert result.clean
    assert result.content.count(b"\n- [hen]") == 1
    assert result.content.index(b"dog") < result.content.index(b"hen") < result.content.index(b"owl")


def test_a_side_that_made_the_others_edit_and_wrote_more_is_taken() -> None:
    base, shared = "Run the checks before a release.", "Run all the checks before a release."
    longer = "Run all the checks twice before a release."
    result = merged(body(base, head=FOREIGN), body(shared, head=FOREIGN), body(longer, head=FOREIGN))
    assert result.content == body(longer, head=FOREIGN)
    assert [hunk.action for hunk in result.hunks] == ["longer"]


def test_words_of_two_edits_are_proposed_between_the_markers() -> None:
    result = merged(
        body("Run the checks before each release of ours.", head=FOREIGN),
        body("Run all checks before each release of ours.", head=FOREIGN),
        body("Run the checks before each release of the tool.", head=FOREIGN),
    )
    expected = """\
<<<<<<< ours
Run all checks before each release of ours.
||||||| base
Run the checks before each release of ours.
+++++++ proposal: words
Run all checks before each release of the tool.
=======
Run the checks before each release of the tool.
>>>>>>> theirs
"""
    assert result.content.decode().endswith(expected)
    assert accept(result) == body("Run all checks before each release of the tool.", head=FOREIGN)


def test_an_edit_follows_a_section_that_the_other_side_moved() -> None:
    moved = ["## Style", "Write short sentences.", "Write plain words.", "Use no jargon at all."]
    rest = ["## Steps", "One.", "Two.", "Three.", "Four.", "Five.", "Six."]
    edited = [*moved[:2], "Write plain, common words.", moved[3]]
    result = merged(*(body(*lines, head=FOREIGN) for lines in ([*moved, *rest], [*rest, *moved], [*edited, *rest])))
    assert result.content == body(*rest, *edited, head=FOREIGN)
    assert result.clean


def test_a_new_section_goes_behind_what_continues_the_one_before() -> None:
    ours, theirs = ["## Files", "None yet."], ["- Weigh the parcel."]
    result = merged(*(body("- Ask.", *lines, head=FOREIGN) for lines in ([], ours, theirs)))
    assert accept(result) == body("- Ask.", *theirs, "", *ours, head=FOREIGN)


def test_a_hunk_names_the_heading_it_stands_under() -> None:
    text = ["## Rules", "", "one", "", "## Files", "", "two"]
    sides = (body(*text, head=FOREIGN), body(*text[:-1], "2", head=FOREIGN), body(*text[:-1], "zwei", head=FOREIGN))
    assert [hunk.conflict.section for hunk in merged(*sides).hunks] == ["Files"]


def test_two_edits_of_one_section_merge_with_a_warning() -> None:
    text = ["## Rules", *map(str, range(9)), "## Files", *map(str, range(30, 50))]
    one, two, far = (
        [new if line == old else line for line in text] for old, new in (("1", "x"), ("7", "y"), ("45", "z"))
    )
    assert merged(*(body(*lines) for lines in (text, one, two))).warnings == ("both sides edited 'Rules'",)
    assert merged(*(body(*lines) for lines in (text, one, far))).warnings == ()
