"""Two sides of one SKILL.md: both changes stand in the result, or a person has to choose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.share.combine import aligned, combine
from skillgit.skills import document as documents
from skillgit.skills.document import Document
from skillgit.skills.rules import rules

HEAD = "---\nname: x\ndescription: Does x. Use for x.\n---\n\n# X\n\n"
LIST = "## Rules\n- Cite a source for every figure.\n- Be brief.\n"
USE = '\n## When to use\n- "write x"\n'
STEPS = "\n## Steps\n1. Draft.\n2. Send.\n"
BASE = LIST + USE


def text(body: str) -> Document:
    return documents.parse((HEAD + body).encode())


BOTH = [
    ("one side did nothing", BASE, LIST + "- Date it.\n" + USE, BASE, LIST + "- Date it.\n" + USE),
    (
        "far apart",
        BASE,
        BASE.replace("Cite a source", "Cite two sources"),
        BASE + '- "draft x"\n',
        BASE.replace("Cite a source", "Cite two sources") + '- "draft x"\n',
    ),
    (
        "a rule each at the same place",
        BASE,
        LIST + "- Date it.\n" + USE,
        LIST + "- Sign it.\n" + USE,
        LIST + "- Sign it.\n- Date it.\n" + USE,
    ),
    ("the same rule", BASE, LIST + "- Date it.\n" + USE, LIST + "- Date it.\n" + USE, LIST + "- Date it.\n" + USE),
    (
        "the same rule, and one each",
        BASE,
        LIST + "- Date it.\n- Number pages.\n" + USE,
        LIST + "- Sign it.\n- Date it.\n" + USE,
        LIST + "- Sign it.\n- Date it.\n- Number pages.\n" + USE,
    ),
    (
        "the same rule at two places",
        BASE,
        LIST.replace("- Be", "- Date it.\n- Be") + USE,
        LIST + "- Date it.\n" + USE,
        LIST.replace("- Be", "- Date it.\n- Be") + USE,
    ),
    (
        "one refines the last rule, one adds behind it",
        BASE,
        LIST.replace("Be brief.", "Be brief and friendly to the reader.") + USE,
        LIST + "- Sign it.\n" + USE,
        LIST.replace("Be brief.", "Be brief and friendly to the reader.") + "- Sign it.\n" + USE,
    ),
    (
        "one rewords the last rule by hand, one adds behind it",
        BASE,
        LIST.replace("Be brief.", "One page at most.") + USE,
        LIST + "- Sign it.\n" + USE,
        LIST.replace("Be brief.", "One page at most.") + "- Sign it.\n" + USE,
    ),
    (
        "steps on one side, a rule on the other",
        BASE,
        BASE + STEPS,
        BASE + '- "draft x"\n',
        BASE + '- "draft x"\n' + STEPS,
    ),
]

NEITHER = [
    ("the same rule reworded twice", BASE, BASE.replace("Be brief.", "One page."), BASE.replace("Be brief.", "Go on.")),
    (
        "one asks for what the other forbids",
        BASE,
        LIST + "- Use tables.\n" + USE,
        LIST + "- Do not use tables.\n" + USE,
    ),
    ("another number each", BASE, LIST + "- At most 3 pages.\n" + USE, LIST + "- At most 5 pages.\n" + USE),
    (
        "one takes the rule away that the other rewords",
        BASE,
        BASE.replace("- Be brief.\n", ""),
        BASE.replace("ief", "oad"),
    ),
    (
        "another order of work each",
        BASE + STEPS,
        BASE + STEPS.replace("Draft", "Ask"),
        BASE + STEPS.replace("Draft", "Go"),
    ),
]


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"), [row[1:] for row in BOTH], ids=[row[0] for row in BOTH]
)
def test_both_changes_stand_in_one_text(base: str, ours: str, theirs: str, expected: str) -> None:
    merged = combine(text(base), text(ours), text(theirs))
    assert merged is not None and merged.body == text(expected).body


@pytest.mark.parametrize(("base", "ours", "theirs"), [row[1:] for row in NEITHER], ids=[row[0] for row in NEITHER])
def test_a_person_has_to_choose(base: str, ours: str, theirs: str) -> None:
    assert combine(text(base), text(ours), text(theirs)) is None


WORDS = st.lists(
    st.sampled_from(["Sign", "Date", "Number", "Attach", "Archive", "Translate", "Print", "Staple"]),
    unique=True,
    max_size=5,
)


@given(WORDS, WORDS)
def test_rules_that_both_sides_add_are_there_once_each(one: list[str], other: list[str]) -> None:
    ours, theirs = (text(LIST + "".join(f"- {word} it.\n" for word in words) + USE) for words in (one, other))
    merged = combine(text(BASE), ours, theirs)
    assert merged is not None
    assert sorted(rules(merged.body)) == sorted({*rules(ours.body), *rules(theirs.body)})


def test_name_id_and_version_are_no_part_of_a_change() -> None:
    one = documents.parse(b'---\nname: "x"\ndescription: d\nmetadata:\n  id: "1"\n  version: "0.1.0"\n---\n')
    other = documents.parse(b'---\nname: "y"\ndescription: d\nmetadata:\n  id: "2"\n  version: "0.3.0"\n---\n')
    assert aligned(one, like=other, name="y").render() == other.render()
