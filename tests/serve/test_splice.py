"""JSON text is edited where it stands."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.serve.splice import Edit, elements, members, spliced, without

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
INDENTS = st.sampled_from([None, 0, 3, "\t"])


@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=5), INDENTS, st.booleans())
def test_members_are_what_a_parser_reads_and_stand_where_they_say(
    value: dict[str, object], indent: int | str | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    found = list(members(text))
    assert {each.key: each.value for each in found} == value
    for each in found:
        assert json.loads(text[each.at : each.end]) == each.value
        assert json.loads("{" + text[each.start : each.end] + "}") == {each.key: each.value}


@given(st.lists(VALUES, max_size=5), INDENTS)
def test_elements_are_what_a_parser_reads(value: list[object], indent: int | str | None) -> None:
    text = json.dumps({"x": value}, indent=indent)
    (member,) = members(text)
    assert [each.value for each in elements(text, member.at)] == value


@given(st.dictionaries(st.text(max_size=5), VALUES, min_size=1, max_size=5), INDENTS, st.data())
def test_a_member_goes_with_its_comma(value: dict[str, object], indent: int | str | None, data: st.DataObject) -> None:
    text = json.dumps(value, indent=indent)
    found = list(members(text))
    place = data.draw(st.integers(0, len(found) - 1))
    rest = {key: each for key, each in value.items() if key != found[place].key}
    assert json.loads(spliced(text, [without(found, place)])) == rest


@pytest.mark.parametrize(
    "text", ["", "[", "[1]", "{", '{"a"', '{"a":', '{"a":1', '{"a":1 "b":2}', "{1:2}", '{"a" 1}', "x"]
)
def test_what_is_no_object_is_an_error(text: str) -> None:
    with pytest.raises(ValueError):
        list(members(text))


def test_what_is_nested_beyond_reason_is_an_error_and_no_crash() -> None:
    with pytest.raises((ValueError, RecursionError)):
        list(members('{"a":' + "[" * 200_000))


def test_edits_are_made_from_the_front_to_the_back() -> None:
    assert spliced("abcdef", [Edit(4, 5, "X"), Edit(0, 0, "-"), Edit(0, 1, "A")]) == "-AbcdXf"
