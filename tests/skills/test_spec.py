"""The specification's checks, held to skills-ref on real files and on a table of the odd ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from skills_ref.parser import ParseError, parse_frontmatter  # type: ignore[import-untyped]
from skills_ref.validator import validate, validate_metadata  # type: ignore[import-untyped]

from skillgit.skills import spec
from skillgit.skills.document import parse
from tests.skills.test_document import FIELDS, real, skill

CODES = {
    "field-unknown": "Unexpected fields",
    "name-missing": "field in frontmatter: name|'name' must be a non-empty",
    "name-length": "Skill name '.*' exceeds",
    "name-case": "must be lowercase",
    "name-hyphen": "hyphen$|consecutive hyphens",
    "name-characters": "invalid characters",
    "name-directory": "must match skill name",
    "description-missing": "field in frontmatter: description|'description' must be a non-empty",
    "description-length": "Description exceeds",
    "compatibility-type": "'compatibility' must be a string",
    "compatibility-length": "Compatibility exceeds",
}


def codes_of_skills_ref(data: bytes, directory: str) -> set[str]:
    """The rules skills-ref finds broken, by our names; "unreadable" for all that it cannot parse."""
    try:
        metadata, _ = parse_frontmatter(re.sub("\r\n?", "\n", data.decode()))
    except (ParseError, TypeError):  # its YAML reader crashes on some comments between duplicates
        return {"unreadable"}
    messages = validate_metadata(metadata, Path("/skills") / directory)
    codes = {code for message in messages for code, said in CODES.items() if re.search(said, message, re.DOTALL)}
    assert bool(codes) == bool(messages), messages
    return codes


def codes(data: bytes, directory: str) -> set[str]:
    """Our rules broken; the three that skills-ref's parser stops at are one."""
    found = {problem.code for problem in spec.problems(data, directory=directory)}
    return {"unreadable"} if found & {"unreadable", "start", "style-flow", "style-indentation"} else found


GOOD = "name: a\ndescription: b\n"
ALIKE = {
    "the least": GOOD,
    "everything": GOOD + 'license: MIT\ncompatibility: git\nallowed-tools: Bash Read\nmetadata:\n  version: "1.0"\n',
    "no name": "description: b\n",
    "no description": "name: a\n",
    "a blank name": "name: '  '\ndescription: b\n",
    "an empty name": "name:\ndescription: b\n",
    "a name that is a list": "name:\n- a\ndescription: b\n",
    "an upper-case name": "name: A\ndescription: b\n",
    "a long name": f"name: {'x' * 65}\ndescription: b\n",
    "a hyphen at an end": "name: -a\ndescription: b\n",
    "two hyphens": "name: a--b\ndescription: b\n",
    "an underscore": "name: a_b\ndescription: b\n",
    "a name of another script": "name: 技能\ndescription: b\n",
    "a name that NFKC changes": "name: ａ\ndescription: b\n",
    "a combining mark": "name: cafe\u0301\ndescription: b\n",
    "a number for a name": "name: 12\ndescription: b\n",
    "a blank description": "name: a\ndescription: ' '\n",
    "a mapping for a description": "name: a\ndescription:\n  b: c\n",
    "1,024 characters": f"name: a\ndescription: {'x' * 1024}\n",
    "1,025 characters": f"name: a\ndescription: {'x' * 1025}\n",
    "1,025 with the line break of a block": f"name: a\ndescription: |\n  {'x' * 1024}\n",
    "an unknown field": GOOD + "version: 1\n",
    "AutoSkill's fields": GOOD + "id: x\nversion: 1\ntags:\n  - a\ntriggers:\n  - b\n",
    "a long compatibility": GOOD + f"compatibility: {'x' * 501}\n",
    "an empty compatibility": GOOD + "compatibility:\n",
    "a list for compatibility": GOOD + "compatibility:\n- a\n",
    "a list for allowed-tools": GOOD + "allowed-tools:\n- Bash\n",
    "a flow list": GOOD + "allowed-tools: [Bash]\n",
    "an empty flow mapping": GOOD + "metadata: {}\n",
    "a nested metadata": GOOD + "metadata:\n  a:\n    b: c\n",
    "a word for metadata": GOOD + "metadata: b\n",
    "a duplicate": GOOD + "name: a\n",
    "a nested duplicate": GOOD + "metadata:\n  a: b\n  a: c\n",
    "an anchor": GOOD + "license: &x y\n",
    "an alias": GOOD + "license: *x\n",
    "a tag": GOOD + "license: !!str x\n",
    "a merge key": GOOD + "metadata:\n  <<: x\n",
    "mappings with two indentations": GOOD + "metadata:\n  a: b\nx:\n    c: d\n",
    "mappings further in with two indentations": GOOD + "metadata:\n  x:\n    a: b\n  y:\n      a: b\n",
    "a tab": GOOD + "license:\tx\n",
    "a colon": "name: a\ndescription: use when: b\n",
    "a word": "a\n",
    "a list": "- a\n",
    "a flow mapping": "{name: a, description: b}\n",
    "a comment": "# c\n" + GOOD + "# d\n",
    "an indented frontmatter": "  name: a\n  description: b\n",
    "quoted keys": "\"name\": a\n'description': b\n",
    "folded text": "name: a\ndescription: >-\n  b\n\n  c\n",
    "a second document": GOOD + "...\nlicense: x\n",
    "the end of the document": GOOD + "...\n",
    "escapes": 'name: "\\x61"\ndescription: "\\u4e2d \\x2d--"\n',
}


@pytest.mark.parametrize("fields", ALIKE.values(), ids=ALIKE.keys())
@pytest.mark.parametrize("directory", ["a", "技能"])
def test_the_table_is_judged_as_skills_ref_judges_it(fields: str, directory: str) -> None:
    data = skill(fields, "body\n")
    assert codes(data, directory) == codes_of_skills_ref(data, directory)


WHOLE = {
    "no frontmatter": b"# A\n",
    "nothing": b"",
    "not closed": b"---\nname: a\n",
    "a byte order mark": b"\xef\xbb\xbf" + skill(GOOD),
    "a blank line first": b"\n" + skill(GOOD),
    "CRLF": skill(GOOD).replace(b"\n", b"\r\n"),
    "CR": skill(GOOD).replace(b"\n", b"\r"),
    "no body": b"---\nname: a\ndescription: b\n---",
    "a rule in the body": skill(GOOD, "a\n---\nb\n"),
    "spaces behind the fences": b"---  \nname: a\ndescription: b\n---  \n",
    "a NUL in the body": skill(GOOD, "\0"),
}


@pytest.mark.parametrize("data", WHOLE.values(), ids=WHOLE.keys())
def test_the_file_around_it_is_judged_as_skills_ref_judges_it(data: bytes) -> None:
    assert codes(data, "a") == codes_of_skills_ref(data, "a")


@given(st.lists(st.sampled_from([*FIELDS, "description: b\n", "allowed-tools:\n  - a\n"]), max_size=6))
def test_any_mix_of_fields_is_judged_as_skills_ref_judges_it(fields: list[str]) -> None:
    data = skill("first: 1\n" + "".join(fields))
    assert codes(data, "a") == codes_of_skills_ref(data, "a")


def test_every_real_skill_is_judged_as_skills_ref_judges_it(data: Path) -> None:
    for path in real(data):
        written, directory = path.read_bytes(), path.parent.name
        ours, theirs = codes(written, directory), codes_of_skills_ref(written, directory)
        cut = "---" in parse(written).frontmatter  # there skills-ref sees half of it
        assert bool(ours) == bool(theirs) and (cut or ours == theirs), path


NOT_ITS_FAULTS = {
    "a fence inside quotes": (skill('name: a\ndescription: "b --- c"\n'), set()),
    "a fence inside a block": (skill("name: a\ndescription: |\n  b\n  ---\n  c\nx: y\n"), {"field-unknown"}),
    "a fence inside a comment": (skill("name: a\ndescription: b\n# --- c\nx: y\n"), {"field-unknown"}),
    "a first line that is more": (b"---name: a\ndescription: b\n---\n", {"unreadable"}),
    "an end that is more": (b"---\nname: a\ndescription: b\n----\n", {"unreadable"}),
    "an explicit key": (skill("? name\n: a\ndescription: b\n"), {"unreadable"}),
    "bytes that are no UTF-8": (b"---\nname: \xff\n---\n", {"unreadable"}),
    "a control character": (skill("name: a\x07\n"), {"unreadable"}),
    "an impossible escape": (skill('name: "\\UFFFFFFFF"\n'), {"unreadable"}),
    "half a surrogate pair": (skill('name: a\ndescription: "\\ud800"\n'), {"unreadable"}),
    "more than 1 MiB": (skill(GOOD, "x" * 2_000_000), {"unreadable"}),
}


@pytest.mark.parametrize(("data", "expected"), NOT_ITS_FAULTS.values(), ids=NOT_ITS_FAULTS.keys())
def test_the_deliberate_differences_are_differences(data: bytes, expected: set[str], tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "SKILL.md").write_bytes(data)
    try:
        theirs = validate(tmp_path / "a")
    except (UnicodeDecodeError, AttributeError, OverflowError):
        theirs = []  # it crashed
    assert codes(data, "a") == expected
    assert bool(theirs) != bool(expected)


def test_an_empty_frontmatter_lacks_both_fields() -> None:
    assert codes(skill(""), "a") == {"name-missing", "description-missing"}


def test_a_problem_names_its_line() -> None:
    found = spec.problems(skill("name: A\ntags: [x]\n"), directory="a")
    assert [(problem.code, problem.line) for problem in found] == [
        ("style-flow", 3),
        ("field-unknown", 3),
        ("name-case", 2),
        ("name-directory", 2),
        ("description-missing", None),
    ]
    assert all("\n" not in problem.message for problem in found)
