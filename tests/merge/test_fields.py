"""The frontmatter merged field by field: what is decided, what stays a conflict, what is kept."""

from __future__ import annotations

import pytest

from skillgit.skills.document import parse
from tests.merge.three import git_merge, merged

BASE = """\
name: pdf-fill
description: Fill forms.
license: MIT
metadata:
  id: 9ac1dc4f
  version: "0.1.0"
  tags: pdf, forms
"""


def skill(frontmatter: str, body: str = "# Fill\n\n- Ask first.\n") -> bytes:
    return f"---\n{frontmatter}---\n{body}".encode()


def edited(*changes: tuple[str, str], of: str = BASE) -> str:
    for old, new in changes:
        assert old in of
        of = of.replace(old, new)
    return of


DECIDED = {
    "both raised the version: above both": (
        (('"0.1.0"', '"0.1.1"'),),
        (('"0.1.0"', '"0.2.0"'),),
        (('"0.1.0"', '"0.2.1"'),),
    ),
    "both raised it to the same: above it": (
        (('"0.1.0"', '"0.1.1"'),),
        (('"0.1.0"', '"0.1.1"'), ("license: MIT\n", "license: MIT\ncompatibility: any\n")),
        (('"0.1.0"', '"0.1.2"'), ("license: MIT\n", "license: MIT\ncompatibility: any\n")),
    ),
    "a version that theirs raised, next to tags of ours": (
        (("tags: pdf, forms", "tags: pdf, forms, xfa"),),
        (('"0.1.0"', '"0.1.1"'),),
        (('"0.1.0"', '"0.1.1"'), ("tags: pdf, forms", "tags: pdf, forms, xfa")),
    ),
    "tags as a set, ours first, what one removed stays removed": (
        (("tags: pdf, forms", "tags: pdf, xfa"),),
        (("tags: pdf, forms", "tags: acroform, pdf, forms, fdf"),),
        (("tags: pdf, forms", "tags: pdf, xfa, acroform, fdf"),),
    ),
    "unknown keys of both, each with its comment": (
        (("license: MIT\n", "license: MIT\n# ours asks\nmodel: small\n"),),
        (("license: MIT\n", "license: MIT\n# theirs asks\nteam: docs\n"),),
        (("license: MIT\n", "license: MIT\n# theirs asks\nteam: docs\n# ours asks\nmodel: small\n"),),
    ),
    "new keys of metadata": (
        (("  tags: pdf, forms\n", '  tags: pdf, forms\n  author: "Ada"\n'),),
        (("  tags: pdf, forms\n", '  tags: pdf, forms\n  team: "docs"\n'),),
        (("  tags: pdf, forms\n", '  tags: pdf, forms\n  team: "docs"\n  author: "Ada"\n'),),
    ),
    "a key that one removed and the other left, next to an edit": (
        (("license: MIT\n", ""),),
        (
            (
                "description: Fill forms.\nlicense: MIT\nmetadata:\n",
                "description: Fill forms.\nlicense: MIT\nmetadata:\n  team: docs\n",
            ),
        ),
        (("license: MIT\nmetadata:\n", "metadata:\n  team: docs\n"),),
    ),
    "other quotes are no change": (
        (("license: MIT", 'license: "MIT"'), ("metadata:\n", "compatibility: any\nmetadata:\n")),
        (("license: MIT", "license: Apache-2.0"),),
        (("license: MIT", "license: Apache-2.0"), ("metadata:\n", "compatibility: any\nmetadata:\n")),
    ),
}


@pytest.mark.parametrize(("ours", "theirs", "expected"), DECIDED.values(), ids=DECIDED.keys())
def test_fields_merge_without_a_conflict(
    ours: tuple[tuple[str, str], ...], theirs: tuple[tuple[str, str], ...], expected: tuple[tuple[str, str], ...]
) -> None:
    result = merged(skill(BASE), skill(edited(*ours)), skill(edited(*theirs)))
    assert result.content.decode() == skill(edited(*expected)).decode()
    assert result.clean


TOOLS = {
    "words": ("Read Bash(git add:*)", "Read Bash(git add:*) Write", "Read Grep", "Read Write Grep"),
    "words between commas": (
        "Read, Grep", "Read, Grep, Write", "Read, Grep, Bash(rm:*)",
        "Read, Grep, Write, Bash(rm:*)",
    ),
    "a flow list": (
        "[Read, Grep]", "[Read, Grep, Write]", '["Bash(git add:*)", Read, Grep]',
        "[Read, Grep, Write, Bash(git add:*)]",
    ),
    "a list": (
        "\n  - Read\n  - Grep", "\n  - Read\n  - Write", "\n  - Read\n  - Grep\n  - Edit",
        "\n  - Read\n  - Write\n  - Edit",
    ),
}  # fmt: skip


@pytest.mark.parametrize("values", TOOLS.values(), ids=TOOLS.keys())
def test_allowed_tools_merge_as_a_set(values: tuple[str, str, str, str]) -> None:
    base, ours, theirs, expected = (f"name: a\ndescription: b\nallowed-tools: {value}\n" for value in values)
    result = merged(skill(base), skill(ours), skill(theirs))
    assert result.clean
    assert parse(result.content).fields["allowed-tools"] == parse(skill(expected)).fields["allowed-tools"]


CONFLICTS = {
    "a description that both changed": (("Fill forms.", "Fill PDF forms."), ("Fill forms.", "Fill web forms.")),
    "a name that both changed": (("pdf-fill", "pdf-forms"), ("pdf-fill", "form-fill")),
    "a license that both changed": (("MIT", "Apache-2.0"), ("MIT", "BSD-3-Clause")),
    "a field that one removed and the other changed": (("license: MIT\n", ""), ("MIT", "Apache-2.0")),
}


@pytest.mark.parametrize(("ours", "theirs"), CONFLICTS.values(), ids=CONFLICTS.keys())
def test_a_field_that_both_changed_is_a_conflict_of_its_own_lines(
    ours: tuple[str, str], theirs: tuple[str, str]
) -> None:
    version = ('"0.1.0"', '"0.1.1"')
    result = merged(skill(BASE), skill(edited(ours)), skill(edited(theirs, version)))
    [hunk] = result.hunks
    assert not result.clean
    assert hunk.conflict.section == "frontmatter"
    assert hunk.conflict.ours.strip() in edited(ours)
    assert b'version: "0.1.1"' in result.content


def test_a_description_is_proposed_with_the_words_of_both_and_never_taken_silently() -> None:
    result = merged(
        skill(BASE),
        skill(edited(("Fill forms.", "Fill long forms."))),
        skill(edited(("Fill forms.", "Fill forms and sign them."))),
    )
    [hunk] = result.hunks
    assert hunk.proposal == "description: Fill long forms and sign them.\n"
    assert b"Fill long forms and sign" in result.content
    assert not result.clean


def test_what_git_merges_cleanly_into_two_of_a_field_is_merged_by_field() -> None:
    base = "name: a\ndescription: b\ncompatibility: any\nmetadata:\n  k: v\n  l: w\n"
    ours, theirs = base.replace("name: a\n", "license: MIT\nname: a\n"), base + "license: MIT\n"
    sides = skill(base), skill(ours), skill(theirs)
    assert git_merge(*sides)[0]
    result = merged(*sides)
    assert result.content.count(b"license:") == 1
    assert parse(result.content)


def test_a_skill_of_another_tool_keeps_the_version_that_both_agree_on() -> None:
    base = "name: a\ndescription: b\nmetadata:\n  version: 1.0.0\n"
    new = base.replace("1.0.0", "1.1.0")
    body = "# A\n\none\n\ntwo\n\nthree\n"
    sides = skill(base, body), skill(new, body.replace("one", "1")), skill(new, body.replace("three", "3"))
    assert merged(*sides).content == git_merge(*sides)[1]


def test_both_added_the_skill_the_fields_merge_all_the_same() -> None:
    ours = skill("name: a\ndescription: b\nallowed-tools: Read\n", "# A\n")
    theirs = skill("name: a\ndescription: b\nallowed-tools: Write\n", "# A\n")
    assert merged(b"", ours, theirs).content == ours.replace(b"Read", b"Read Write")


def test_frontmatters_that_do_not_go_together_are_a_conflict_and_never_a_broken_file() -> None:
    base = "name: a\ndescription: b\nmetadata:\n  one: x\n"
    ours = base.replace("  one: x", "  one: y\n  two: x")
    theirs = "name: a\ndescription: b\nmetadata:\n      one: x\n      three: x\n"
    result = merged(*map(skill, (base, ours, theirs)))
    assert not result.clean or parse(result.content)
