"""JSON edited as text: what is put in is there, nothing else has moved, and it comes out again without a trace."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.learn.json_text import add, apply, cut, undo

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


LAID_OUT = {
    "nothing in it": ("{}\n", '{\n  "h": {\n    "E": [\n      1\n    ]\n  }\n}\n'),
    "an empty line in it": ("{\n}", '{\n  "h": {\n    "E": [\n      1\n    ]\n  }\n}'),
    "one line": ('{"a":1, "b":2}', '{"a":1, "b":2, "h": {"E": [1]}}'),
    "tabs": ('{\n\t"a": 1\n}', '{\n\t"a": 1,\n\t"h": {\n\t\t"E": [\n\t\t\t1\n\t\t]\n\t}\n}'),
    "CRLF": ('{\r\n "h": {}\r\n}', '{\r\n "h": {\r\n  "E": [\r\n   1\r\n  ]\r\n }\r\n}'),
    "an array on one line": ('{\n  "h": {"E": [0]}\n}', '{\n  "h": {"E": [0,1]}\n}'),
    "brackets in strings": ('{"}": "]", "h": {"E": ["["]}}', '{"}": "]", "h": {"E": ["[",1]}}'),
}


@pytest.mark.parametrize(("text", "after"), LAID_OUT.values(), ids=LAID_OUT.keys())
def test_what_is_put_in_is_laid_out_as_the_document(text: str, after: str) -> None:
    assert apply(text, add(text, "h", {"E": 1})) == after
