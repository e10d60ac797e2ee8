"""SKILL.md as a value: the same bytes back, strings as written, edits that touch one field's lines."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.errors import Invalid, Refused, SkillgitError, Unreadable
from skillgit.skills import document, flat, frontmatter
from skillgit.skills.document import Document, Key, parse

BODY = "# Title\n\n---\n- a rule\n"


def real(data: Path) -> list[Path]:
    """The 1,032 skills that AutoSkill learned from real chats."""
    paths = sorted((data / "skills").rglob("SKILL.md"))
    assert len(paths) >= 1_000
    return paths


def skill(fields: str, body: str = BODY) -> bytes:
    return f"---\n{fields}---\n{body}".encode()


ODD_BUT_GOOD = {
    "a byte order mark": b"\xef\xbb\xbf" + skill("name: a\n"),
    "blank lines before": b"\n \n" + skill("name: a\n"),
    "CRLF": skill("name: a\ndescription: b\n").replace(b"\n", b"\r\n"),
    "CR": skill("name: a\ndescription: b\n").replace(b"\n", b"\r"),
    "mixed line breaks": b"---\r\nname: a\ndescription: b\r\n---\nbody\r\n",
    "no final newline": b"---\nname: a\n---\nbody",
    "nothing after the fence": b"---\nname: a\n---",
    "nothing inside": b"---\n---\n",
    "spaces behind the fences": b"--- \nname: a\n---\t\nbody",
    "a fence inside a block scalar": skill("name: a\ndescription: |\n  one\n  ---\n  two\n"),
    "a fence inside quotes": skill('name: a\ndescription: "x --- y"\n'),
    "comments and unknown fields": skill("# c\nname: a # d\n\nx-y: 1\n# e\n"),
    "flow style": skill("name: a\ntags: [a, 'b']\nm: {a: b}\n"),
    "a list without indentation": skill("name: a\ntags:\n- b\n# c\n- d\n"),
    "indented fields": skill("  name: a\n  metadata:\n      version: 1.10\n"),
    "a NUL in the body": skill("name: a\n", "x\0y\n"),
    "escapes": skill('name: "\\ud83d\\ude00 \\x41 \\u4e2d"\n'),
}


@pytest.mark.parametrize("data", ODD_BUT_GOOD.values(), ids=ODD_BUT_GOOD.keys())
def test_rendering_gives_the_same_bytes(data: bytes) -> None:
    assert parse(data).render() == data


def test_rendering_gives_the_same_bytes_for_every_real_skill(data: Path) -> None:
    for path in real(data):
        written = path.read_bytes()
        assert parse(written).render() == written, path


ALPHABET = "ab-:#'\"[]{}|> \t\n\r,.é中\U0001f600\ufeff\u2028\x85\0\\u0012&*!%@`?~"


@given(st.binary(max_size=60) | st.text(ALPHABET, max_size=80).map(lambda text: skill(text)))
def test_any_bytes_are_refused_in_one_line_or_come_back_the_same(data: bytes) -> None:
    try:
        assert parse(data).render() == data
    except SkillgitError as err:
        assert "\n" not in err.message
        assert err.message


REFUSED = {
    "no frontmatter": (b"# Title\n", "no frontmatter"),
    "an empty file": (b"", "no frontmatter"),
    "a fence that is not alone": (b"---name: a\n---\n", "no frontmatter"),
    "frontmatter that is not closed": (b"---\nname: a\n----\n", "is not closed"),
    "an anchor": (skill("name: a\nx: &b c\n"), "anchor or alias, line 3"),
    "an alias": (skill("name: *b\n"), "anchor or alias, line 2"),
    "an alias bomb": (
        skill('a: &a ["lol"]\n' + "".join(f"{y}: &{y} [*{x}, *{x}, *{x}]\n" for x, y in pairwise("abcdefghi"))),
        "anchor or alias, line 2",
    ),
    "a tag": (skill("name: !!python/object/apply:os.system [a]\n"), "YAML tag, line 2"),
    "a merge key": (skill("name: a\nm:\n  <<: b\n"), "merge key, line 4"),
    "a duplicate field": (skill("name: a\nb: c\nname: d\n"), "the field 'name' twice, line 4"),
    "a duplicate field further in": (skill("m:\n  a: b\n  a: c\n"), "the field 'a' twice, line 4"),
    "a nesting bomb": (skill("a: " + "[" * 30_000 + "\n"), "nested more than 16 deep"),
    "a nesting bomb of lists": (skill("a:\n " + "- " * 20_000 + "\n"), "nested more than 16 deep"),
    "too many fields": (skill("".join(f"k{n}: v\n" for n in range(300))), "more than 256 fields"),
    "too many fields further in": (skill("m:\n" + "".join(f" k{n}: v\n" for n in range(300))), "more than 256 fields"),
    "long frontmatter": (skill("a: " + "x" * 70_000 + "\n"), "longer than 64 KiB"),
    "a list": (skill("- a\n"), "not a mapping"),
    "a word": (skill("a\n"), "not a mapping"),
    "a flow mapping": (skill("{name: a}\n"), "one flow mapping, line 2"),
    "a second document": (skill("name: a\n...\nb: c\n"), "second YAML document"),
    "an explicit key": (skill("? name\n: a\n"), "does not start its line, line 2"),
    "a key that is a list": (skill("? [a]\n: b\n"), "no plain word, line 2"),
    "a colon inside a plain value": (skill("name: a\ndescription: use when: b\n"), "not valid YAML: .*, line 3"),
    "a tab": (skill("name:\ta\n"), "not valid YAML"),
    "a control character": (skill("name: a\x07\n"), "not valid YAML"),
    "a NUL in the frontmatter": (skill("name: a\0b\n"), "not valid YAML"),
    "an escape beyond Unicode": (skill('name: "\\UFFFFFFFF"\n'), "not valid YAML"),
    "half a character": (skill('name: "\\ud800"\n'), "half a character, line 2"),
}


@pytest.mark.parametrize(("data", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_skill_is_refused_in_one_line(data: bytes, message: str) -> None:
    with pytest.raises(Invalid, match=message) as caught:
        parse(data)
    assert "\n" not in caught.value.message


def test_a_file_that_is_no_text_or_too_large_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="not UTF-8: byte 0xff on line 3"):
        parse(b"---\nname: a\n\xff\n---\n")
    with pytest.raises(Unreadable, match="larger than 1 MiB"):
        parse(skill("name: a\n", "x" * 10_000_000))


def test_scalars_are_the_strings_that_were_written() -> None:
    fields = parse(
        skill("version: 1.10\ndraft: no\nn: ~\nempty:\nday: 2024-01-01\noct: 012\nlist:\n- on\n- 1_0\n")
    ).fields
    assert list(fields.values()) == ["1.10", "no", "~", "", "2024-01-01", "012", ("on", "1_0")]


def test_the_spec_places_and_autoskills_top_level_places_are_read() -> None:
    ours = parse(skill('name: a\ndescription: |\n  b\nmetadata:\n  id: "1"\n  version: 1.10\n  tags: "x, y, x"\n'))
    theirs = parse(skill("id: 1\nname: a\ndescription: b\nversion: 1.10\ntags:\n  - x\n  - y\n"))
    for read in (ours, theirs):
        assert (read.name, read.description, read.id, read.version, read.tags) == ("a", "b", "1", "1.10", ("x", "y"))
    assert parse(skill("name: [a]\n")).name == ""


TEXTS = st.text(st.sampled_from("ab-:#'\"[]{}|> \t\n\r,.é中\U0001f600\ufeff\u2028\x85\0\x07\\&*!%@`?~"), max_size=30)
FIELDS = [
    'name: "a" # why\n',
    "description: >-\n  folded\n\n  text\n",
    "description: |+\n  kept\n\n\n",
    "license:\n",
    "tags: [a, b] # flow\n",
    "list:\n- a\n# inside\n- b\n",
    "\n# between\n",
    "'quoted': \"two\n  lines\"\n",
    "metadata:\n  # first\n  id: x # keep\n  version: 1.0\n  # last\n",
    "metadata: {id: x}\n",
    "metadata:\n",
    "nested:\n  a:\n    b: c\n",
]
KEYS: list[Key] = [
    "name",
    "description",
    "license",
    "x",
    "quoted",
    "list",
    ("metadata", "version"),
    ("metadata", "y z"),
]


@st.composite
def documents(draw: st.DrawFn) -> Document:
    fields = draw(st.lists(st.sampled_from(FIELDS), unique_by=lambda field: field.split(":")[0], max_size=6))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    return parse(skill("".join(fields)).replace(b"\n", newline.encode()))


def get(read: Document, key: Key) -> object:
    return read.fields.get(key) if isinstance(key, str) else read.metadata.get(key[1])


@given(documents(), st.sampled_from(KEYS), TEXTS)
def test_a_field_is_set_and_every_other_line_stays(before: Document, key: Key, value: str) -> None:
    after = before.with_field(key, value)
    again = parse(after.render())
    assert again == after
    assert get(again, key) == value
    top = key if isinstance(key, str) else key[0]
    for name, old in before.fields.items():
        assert name == top or again.fields[name] == old
    assert after.body == before.body
    field = next((field for field in before.layout.fields if field.key == top), None)
    if field is None:
        assert _is_insertion(before.frontmatter, after.frontmatter)
    else:
        assert after.frontmatter.startswith(before.frontmatter[: field.start])
        assert after.frontmatter.endswith(before.frontmatter[field.end :])


def _is_insertion(before: str, after: str) -> bool:
    return any(after.startswith(before[:at]) and after.endswith(before[at:]) for at in range(len(before) + 1))


@given(documents(), st.sampled_from(KEYS))
def test_a_dropped_field_is_gone_and_nothing_else(before: Document, key: Key) -> None:
    after = before.without_field(key)
    assert not get(parse(after.render()), key)
    top = key if isinstance(key, str) else key[0]
    assert {k: v for k, v in after.fields.items() if k != top} == {k: v for k, v in before.fields.items() if k != top}


def test_a_nested_field_changes_one_line_and_keeps_its_comment() -> None:
    before = skill("name: a\nmetadata:\n  # first\n  version: 1.0 # by hand\n\n  id: x\n")
    after = parse(before).with_field(("metadata", "version"), "1.1.0").render()
    assert after == before.replace(b"version: 1.0 #", b'version: "1.1.0" #')


def test_a_new_field_stands_where_the_specification_has_it() -> None:
    bare = parse(skill("name: a\nx: y\n"))
    assert bare.with_field("description", "b").frontmatter == 'name: a\ndescription: "b"\nx: y\n'
    assert bare.with_field(("metadata", "id"), "1").frontmatter == 'name: a\nmetadata:\n  id: "1"\nx: y\n'


def test_a_parent_that_is_no_mapping_is_refused() -> None:
    with pytest.raises(Refused, match="'metadata' is no mapping, line 2"):
        parse(skill("metadata: words\n")).with_field(("metadata", "id"), "1")


def test_a_new_document_is_written_in_the_specifications_order() -> None:
    made = document.new(
        "a", 'what --- and "when"', metadata={"version": "0.1.0"}, body="# A\n", fields={"license": "MIT"}
    )
    assert made.render().decode() == (
        '---\nname: "a"\ndescription: "what \\x2d-- and \\"when\\""\nlicense: "MIT"\n'
        'metadata:\n  version: "0.1.0"\n---\n\n# A\n'
    )
    assert made.description == 'what --- and "when"'


@given(documents(), TEXTS.filter(lambda text: "\0" not in text))
def test_a_new_body_leaves_the_frontmatter_alone(before: Document, body: str) -> None:
    after = parse(before.with_body(body).render())
    assert (after.frontmatter, after.body) == (before.frontmatter, body)


def test_a_body_behind_a_fence_without_newline_starts_a_line() -> None:
    assert parse(b"---\nname: a\n---").with_body("b").render() == b"---\nname: a\n---\nb"


SCALARS = st.text(st.sampled_from("ab \"'\\n:#-[]{},.é中\U0001f600/u4eD~&*!|>%@`?"), max_size=12)
LINES = st.one_of(
    st.builds("{}: {}".format, st.sampled_from(["a", "b", "c-d", "_e", "f1"]), SCALARS),
    st.builds("{}:".format, st.sampled_from(["g", "h", "i"])),
    st.builds("{}- {}".format, st.sampled_from(["", " ", "  "]), SCALARS),
    st.builds(" {}: {}".format, st.sampled_from(["a", "b", "c"]), SCALARS),
    SCALARS,
)


@given(st.lists(LINES, max_size=6).map(lambda lines: "".join(f"{line}\n" for line in lines)))
def test_the_fast_reader_agrees_with_ruamel_or_stays_silent(text: str) -> None:
    fast = flat.read(text, first_line=2)
    if fast is not None:
        assert fast == frontmatter.read_any(text, first_line=2).fields


def test_the_fast_reader_agrees_with_ruamel_on_every_real_skill(data: Path) -> None:
    texts = [parse(path.read_bytes()).frontmatter for path in real(data)[::3]]
    known = [(text, fast) for text in texts if (fast := flat.read(text, first_line=2)) is not None]
    assert len(known) > len(texts) * 0.9
    for text, fast in known:
        assert fast == frontmatter.read_any(text, first_line=2).fields
