"""JSON edited as text: what is put in is there, nothing else has moved, and it comes out again without a trace."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.learn.json_text import add, apply, cut, parse, undo

NEW = {"End": {"run": "me"}, "Stop": {"run": "me"}}

leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
hooks = st.dictionaries(st.sampled_from(["End", "Stop", "Other"]), st.lists(values, max_size=2), max_size=3)
documents = st.builds(
    lambda rest, some: {**rest, **({} if some is None else {"hooks": some})},
    st.dictionaries(st.text(max_size=4), values, max_size=3),
    st.none() | hooks,
)
dumped = st.builds(
    lambda document, indent, ascii_only, separators, ends: (
        json.dumps(document, indent=indent, ensure_ascii=ascii_only, separators=separators) + ends
    ),
    documents,
    st.sampled_from([None, 0, 2, 4, "\t"]),
    st.booleans(),
    st.sampled_from([(",", ":"), (", ", " : "), None]),
    st.sampled_from(["", "\n", "\r\n \n"]),
)
texts = st.builds(lambda text, newline: text.replace("\n", newline), dumped, st.sampled_from(["\n", "\r\n"]))


def merged(document: dict[str, Any]) -> dict[str, Any]:
    old = document.get("hooks", {})
    return {**document, "hooks": {**old, **{name: [*old.get(name, []), item] for name, item in NEW.items()}}}


@given(texts)
def test_what_is_put_in_is_there_and_comes_out_without_a_trace(text: str) -> None:
    new = add(text, "hooks", NEW)
    after = apply(text, new)
    assert json.loads(after) == merged(json.loads(text))
    assert undo(after, [(each.at, len(each.text)) for each in new]) == text


@given(texts)
def test_what_is_cut_leaves_the_rest_and_no_empty_holder(text: str) -> None:
    after = apply(text, add(text, "hooks", NEW))
    for name in NEW:
        after = cut(after, ("hooks", name, len(json.loads(after)["hooks"][name]) - 1))
    before = json.loads(text)
    left = {name: items for name, items in before.get("hooks", {}).items() if items or name not in NEW}
    rest = {name: value for name, value in before.items() if name != "hooks"}
    assert json.loads(after) == {**rest, **({"hooks": left} if left else {})}


@st.composite
def noted(draw: st.DrawFn) -> str:
    """A document on several lines, with comments at their ends and between them, and last commas."""
    told = json.dumps(draw(documents), indent=2).split("\n")
    notes = st.sampled_from(["", "", " // a, {note}", ' /* [one] "more */', "\n// a line, of its own"])
    ends = [line.rstrip()[-1:] not in ("", ",", "{", "[") for line in told]
    closes = [line.strip()[:1] in ("}", "]") for line in [*told[1:], ""]]
    commas = [
        draw(st.sampled_from(["", ","])) if end and close else "" for end, close in zip(ends, closes, strict=True)
    ]
    return "\n".join(line + comma + draw(notes) for line, comma in zip(told, commas, strict=True)) + "\n"


@given(noted())
def test_comments_and_last_commas_are_looked_past_and_stay(text: str) -> None:
    new = add(text, "hooks", NEW)
    after = apply(text, new)
    assert parse(after) == merged(parse(text))  # type: ignore[arg-type]  # documents are objects
    assert undo(after, [(each.at, len(each.text)) for each in new]) == text
    for name in NEW:
        after = cut(after, ("hooks", name, len(parse(after)["hooks"][name]) - 1))  # type: ignore[index]
    if "hooks" not in parse(text):  # type: ignore[operator]
        notes = ("// a, {note}", '/* [one] "more */', "// a line, of its own")
        assert [after.count(note) for note in notes] == [text.count(note) for note in notes]


LAID_OUT = {
    "nothing in it": ("{}\n", '{\n  "h": {\n    "E": [\n      1\n    ]\n  }\n}\n'),
    "an empty line in it": ("{\n}", '{\n  "h": {\n    "E": [\n      1\n    ]\n  }\n}'),
    "one line": ('{"a":1, "b":2}', '{"a":1, "b":2, "h": {"E": [1]}}'),
    "tabs": ('{\n\t"a": 1\n}', '{\n\t"a": 1,\n\t"h": {\n\t\t"E": [\n\t\t\t1\n\t\t]\n\t}\n}'),
    "CRLF": ('{\r\n "h": {}\r\n}', '{\r\n "h": {\r\n  "E": [\r\n   1\r\n  ]\r\n }\r\n}'),
    "an array on one line": ('{\n  "h": {"E": [0]}\n}', '{\n  "h": {"E": [0,1]}\n}'),
    "a comment at the end": ('{\n  "a": 1 // x\n}', '{\n  "a": 1, // x\n  "h": {\n    "E": [\n      1\n    ]\n  }\n}'),
    "a last comma": ('{\n  "h": {"E": [0,],},\n}', '{\n  "h": {"E": [0,1],},\n}'),
    "brackets in strings": ('{"}": "]", "h": {"E": ["["]}}', '{"}": "]", "h": {"E": ["[",1]}}'),
}


@pytest.mark.parametrize(("text", "after"), LAID_OUT.values(), ids=LAID_OUT.keys())
def test_what_is_put_in_is_laid_out_as_the_document(text: str, after: str) -> None:
    assert apply(text, add(text, "h", {"E": 1})) == after
