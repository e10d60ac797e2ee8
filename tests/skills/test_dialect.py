"""Other tools' SKILL.md: made valid, nothing lost, and given back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.errors import Invalid, SkillgitError, Unsafe
from skillgit.skills import naming, spec, usage
from skillgit.skills.dialect import adopt, parse_any, to_autoskill, to_claude
from skillgit.skills.document import parse
from skillgit.skills.field import Value
from tests.skills.test_document import FIELDS, real, skill
from tests.skills.test_spec import codes_of_skills_ref

AUTOSKILL = (
    'id: "1"\nname: "Government Report"\ndescription: "Writes reports."\nversion: "0.1.3"\n'
    'tags:\n  - "report"\n  - "gov"\ntriggers:\n  - "write a report"\n  - "report: \\"short\\""\n'
    'examples:\n  - input: "a\\n\\nb"\n    output: "c"\n  - input: "d"\n    notes: "e"\n'
)
AUTOSKILL_BODY = "\n# Government Report\n\nWrites reports.\n\n## Prompt\n\n# Goal\nCite.\n"


def leaves(value: Value) -> Iterator[str]:
    """Every text in a value, the keys of mappings left out."""
    if isinstance(value, str):
        yield value
    else:
        for item in value.values() if not isinstance(value, tuple) else value:
            yield from leaves(item)


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_every_real_skill_becomes_valid_and_keeps_every_word(data: Path) -> None:
    for path in real(data):
        before = parse(path.read_bytes())
        name = naming.slug(before.name)
        after = adopt(before, name=name)
        assert spec.problems(after.render(), directory=name) == (), path
        assert parse(after.render()) == after
        assert after.body.startswith(before.body)
        kept = squeezed(" ".join([*leaves(dict(after.fields)), after.body]))
        assert all(squeezed(text) in kept for text in leaves(dict(before.fields))), path


def test_every_real_skill_comes_back_in_its_dialect(data: Path) -> None:
    for path in real(data):
        before = parse(path.read_bytes())
        after = adopt(before, name=naming.slug(path.parent.name))
        back = to_autoskill(after)
        assert back.fields == before.fields, path
        if after.body == before.body:
            assert back.render() == path.read_bytes()


def test_skills_ref_accepts_what_was_adopted(data: Path) -> None:
    for path in real(data)[::5]:
        before = parse(path.read_bytes())
        name = naming.slug(before.name)
        assert codes_of_skills_ref(adopt(before, name=name).render(), name) == set(), path


def test_autoskills_fields_find_their_places() -> None:
    before = parse(skill(AUTOSKILL, AUTOSKILL_BODY))
    after = adopt(before, name="government-report")
    assert after.render().decode() == (
        '---\nname: "government-report"\ndescription: "Writes reports."\n'
        'metadata:\n  id: "1"\n  version: "0.1.3"\n  tags: "report, gov"\n---\n'
        + AUTOSKILL_BODY
        + "\n## Examples\n\n### Example 1\n\nInput:\n\n  a\n\n  b\n\nOutput:\n\n  c\n"
        "\n### Example 2\n\nInput:\n\n  d\n\nNotes:\n\n  e\n"
        '\n## When to use\n\n- "write a report"\n- report: "short"\n'
    )
    assert to_autoskill(after).fields == before.fields


def test_examples_the_body_lacks_follow_those_it_has() -> None:
    body = AUTOSKILL_BODY + "\n## Examples\n\n### Example 1\n\nInput:\n\n  a\n\n  b\n\nOutput:\n\n  c\n"
    after = adopt(parse(skill(AUTOSKILL, body)), name="government-report")
    again = body.replace("## Examples", "## Examples of old") + "\n## Later\n"
    assert [example["input"] for example in usage.examples(after.body)] == ["a\n\nb", "d"]
    assert after.body.count("## Examples") == 1
    assert len(usage.examples(adopt(parse(skill(AUTOSKILL, again)), name="x").body)) == 2


CLAUDE = (
    "name: fix-issue\ndescription: Fix an issue\nargument-hint: '[issue] [priority]'\nmodel: opus\n"
    "disable-model-invocation: true\nallowed-tools:\n  - Read\n  - Bash(git add:*)\n"
    "hooks:\n  PreToolUse:\n    - matcher: Bash\nunheard-of: [a, b]\n"
)


def test_claudes_fields_move_under_metadata_and_come_back_as_they_were() -> None:
    after = adopt(parse(skill(CLAUDE)), name="fix-issue")
    assert after.fields["allowed-tools"] == "Read Bash(git add:*)"
    assert dict(after.metadata) == {
        "argument-hint": "[issue] [priority]",
        "model": "opus",
        "disable-model-invocation": "true",
        "hooks": '{"PreToolUse": [{"matcher": "Bash"}]}',
        "unheard-of": "a, b",
    }
    back = to_claude(after)
    assert "\ndisable-model-invocation: true\n" in back.frontmatter
    assert back.fields["hooks"] == {"PreToolUse": ({"matcher": "Bash"},)}
    assert back.fields["argument-hint"] == "[issue] [priority]"
    assert dict(back.metadata) == {"unheard-of": "a, b"}
    assert to_claude(parse(skill("name: a\ndescription: b\n"))).render() == skill("name: a\ndescription: b\n")


VALID = (
    "name: a\n# kept\ndescription: >-\n  folded\n  text\n"
    "metadata:\n  version: 1.10\n  openclaw:\n    requires:\n      - env\n"
)


def test_a_valid_document_is_adopted_byte_for_byte() -> None:
    assert adopt(parse(skill(VALID)), name="a").render() == skill(VALID)


ODD = {
    "a byte order mark": (b"\xef\xbb\xbf" + skill(VALID), "kept"),
    "a name that is a title": (skill("name: Tax Return 2024\ndescription: b\n"), "Tax Return 2024"),
    "no description": (skill("name: a\n", "# Title\n\nDoes this,\nand that.\n\n- item\n"), "Does this, and that."),
    "no description and no prose": (skill("name: a\n", "# Make Things\n- item\n"), "Make Things"),
    "nothing at all": (skill("", ""), "a"),
    "a ruler inside the description": (skill('name: a\ndescription: "x --- y"\n'), "x --- y"),
    "a ruler inside a comment": (skill("name: a\n# --- about ----\ndescription: b\n"), "about"),
    "a ruler inside metadata": (skill("name: a\ndescription: b\nmetadata:\n  x: a---b # why\n"), "a---b"),
    "flow style": (skill("name: a\ndescription: b\nmetadata: {x: y, z: [w]}\n"), "w"),
    "metadata that is a word": (skill("name: a\ndescription: b\nmetadata: words here\n"), "words here"),
    "nested metadata beside extras": (skill("name: a\nx: {b: c}\nmetadata:\n  y:\n    z: deep\n"), "deep"),
    "metadata with two indentations": (skill("name: a\nmetadata:\n  x:\n    y: z\n  v:\n      w: deep\n"), "deep"),
    "flow inside metadata": (skill("name: a\nmetadata:\n  x: [y]\n  v:\n    w: {deep: er}\n"), "er"),
    "the same key twice over": (skill("name: a\ndescription: b\nid: top\nmetadata:\n  id: inner\n"), "top"),
    "CRLF": (skill(CLAUDE).replace(b"\n", b"\r\n"), "PreToolUse"),
    "a description that is a list": (skill("name: a\ndescription:\n- one\n- two\n"), "one, two"),
    "a long compatibility": (skill(f"name: a\ndescription: b\ncompatibility: {'needs git. ' * 60}end\n"), "end"),
    "a body without a final line break": (b"---\nname: a\ntriggers: [t one]\n---\n# A", "t one"),
    "no body": (b"---\nname: a\ndescription: b\ntriggers: [t one]\n---", "t one"),
    "a prompt of its own": (skill("name: a\ndescription: b\nprompt: |\n  Do it well.\n"), "Do it well."),
}


@pytest.mark.parametrize(("data", "words"), ODD.values(), ids=ODD.keys())
def test_an_odd_document_becomes_valid_and_keeps_its_words(data: bytes, words: str) -> None:
    after = adopt(parse(data), name="a")
    written = after.render()
    assert spec.problems(written, directory="a") == ()
    assert codes_of_skills_ref(written, "a") == set()
    assert words in "\n".join([after.frontmatter, *leaves(dict(after.fields)), after.body])
    assert adopt(after, name="a") == after
    assert b"\r\n" not in written or written.count(b"\n") == written.count(b"\r\n")


@given(st.lists(st.sampled_from([*FIELDS, AUTOSKILL, CLAUDE]), max_size=5), st.sampled_from(["\n", "\r\n"]))
def test_whatever_parses_becomes_valid(fields: list[str], newline: str) -> None:
    try:
        before = parse(skill("".join(fields)).replace(b"\n", newline.encode()))
    except Invalid:
        return  # the same field twice
    after = adopt(before, name="a")
    assert spec.problems(after.render(), directory="a") == ()
    kept = squeezed(" ".join([*leaves(dict(after.fields)), after.body]))
    assert all(squeezed(text) in kept for text in leaves(dict(before.fields)))
    assert parse(to_autoskill(after).render()).fields["name"]
    assert parse(to_claude(after).render()).name == "a"


def test_a_long_description_is_cut_at_a_sentence_and_kept_whole_in_the_body() -> None:
    text = "Write the monthly report. " * 60
    after = adopt(parse(skill(f"name: a\ndescription: {text}\n")), name="a")
    assert 900 < len(after.description) <= 1024
    assert after.description.endswith("report.")
    assert text.strip() in after.body
    unbroken = adopt(parse(skill(f"name: a\ndescription: {'报' * 2000}\n")), name="a")
    assert unbroken.description == "报" * 1021 + "..."


def test_a_name_that_is_no_segment_is_refused() -> None:
    with pytest.raises(Unsafe):
        adopt(parse(skill(VALID)), name="../a")


MENDED = {
    "a colon in a value": ("name: a\ndescription: use when: asked\n", "description", "use when: asked"),
    "two flow lists": ("name: a\nargument-hint: [a] [b]\n", "argument-hint", "[a] [b]"),
    "a value that looks like an alias": ("name: a\nglob: *.py\n", "glob", "*.py"),
    "an open quote": ('name: a\ndescription: "x" and y\n', "description", '"x" and y'),
    "a backtick": ("name: a\ndescription: `x` it\n", "description", "`x` it"),
}


@pytest.mark.parametrize(("fields", "key", "value"), MENDED.values(), ids=MENDED.keys())
def test_a_line_that_is_no_yaml_is_the_text_behind_its_colon(fields: str, key: str, value: str) -> None:
    read = parse_any(skill(fields))
    assert (read.name, read.fields[key], read.body) == ("a", value, parse(skill("name: a\n")).body)


def test_a_file_without_frontmatter_is_all_body() -> None:
    read = parse_any(b"# Title\n\nText.\n")
    assert (read.fields, read.body) == ({}, "# Title\n\nText.\n")
    assert adopt(read, name="title").description == "Text."


@pytest.mark.parametrize(
    "data",
    [b"", b" \n", b"---\nname: a\n", skill("name: a\nname: b\n"), b"\xff", skill("a: &a [x]\nb: [*a, *a]\n")],
    ids=["empty", "blank", "not closed", "duplicate", "binary", "aliases"],
)
def test_other_faults_stay_faults(data: bytes) -> None:
    with pytest.raises(SkillgitError):
        parse_any(data)
