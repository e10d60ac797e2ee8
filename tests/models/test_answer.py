"""An object out of what a model says, and the one more time it is asked."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.errors import ModelError
from skillgit.models.answer import ask, objects_of, one_object, text_of, texts_of
from skillgit.transcripts.fields import Fields
from tests.models.asking import HELLO, SCHEMA, model
from tests.models.server import says, serving, status

GOOD = {
    "bare": '{"a": 1}',
    "with blanks": ' \n{"a": 1}\n',
    "in a fence": '```json\n{"a": 1}\n```',
    "between words": 'Here you are:\n{"a": 1}\nI hope that this helps :-)',
    "behind thoughts": '<think>{"a": 2}? No, {"a": 1}.</think>\n{"a": 1}',
    "with a byte order mark": '\ufeff{"a": 1}',
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_one_object_is_found(text: str) -> None:
    assert one_object(text) == {"a": 1}


REFUSED = {
    "nothing": ("", "there is no JSON object"),
    "prose": ("I cannot help with that.", "there is no JSON object"),
    "a list": ('[1, {"a": 1}]', "that is a list"),
    "a list in a fence": ('```json\n[{"a": 1}]\n```', "that is a list"),
    "a number": ("7", "there is no JSON object"),
    "two": ('{"a": 1}\n{"a": 2}', "there is more than one JSON object"),
    "a brace too many": ('{"a": 1}}', "there is more than one JSON object"),
    "braces in the words": ('Use {x}: {"a": 1}', "that is no JSON"),
    "cut off": ('{"a": [1, 2', "the JSON object is cut off"),
    "cut off in a string": ('{"a": "one', "the JSON object is cut off"),
    "cut off, whole within": ('{"a": [{"b": 1}', "the JSON object is cut off"),
    "single quotes": ("{'a': 1}", "that is no JSON"),
    "a comma too many": ('{"a": 1,}', "that is no JSON"),
    "not a number": ('{"a": NaN}', "'NaN' is no JSON"),
    "a key twice": ('{"a": 1, "a": 2}', "is there twice"),
    "half a character": ('{"a": "\\ud800"}', "half a character"),
    "nested beyond measure": ('{"a":' * 100_000, "a depth beyond measure"),
    "a number beyond measure": ('{"a": ' + "1" * 5000 + "}", "a number or a depth beyond measure"),
}


@pytest.mark.parametrize(("text", "told"), REFUSED.values(), ids=REFUSED.keys())
def test_anything_else_is_refused_with_the_reason(text: str, told: str) -> None:
    with pytest.raises(ModelError, match=told):
        one_object(text)


_text = st.text(st.sampled_from('ab \\"{}[]中\n'), max_size=8)
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | _text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_text, inner, max_size=3),
    max_leaves=8,
)
_words = st.text(st.sampled_from('ab "\\]`\n'), max_size=8)


@given(st.dictionaries(_text, _values, max_size=3), _words, _words)
def test_words_around_an_object_change_nothing(value: dict[str, object], before: str, after: str) -> None:
    assert one_object(f"{before}{json.dumps(value)}{after}") == value


@given(st.text())
def test_any_text_is_an_object_or_refused(text: str) -> None:
    try:
        assert isinstance(one_object(text), dict)
    except ModelError:
        pass


def test_fields_are_of_their_type_or_refused() -> None:
    record: Fields = {"a": "x", "b": ["x", "y"], "c": [{"d": 1}]}
    assert (text_of(record, "a"), texts_of(record, "b"), objects_of(record, "c")) == ("x", ("x", "y"), ({"d": 1},))
    for read, key in ((text_of, "b"), (text_of, "z"), (texts_of, "c"), (texts_of, "a"), (objects_of, "b")):
        with pytest.raises(ModelError, match=f"'{key}' has to be a"):
            read(record, key)


def word(record: Fields) -> str:
    found = text_of(record, "word")
    if found == "no":
        raise ModelError("'no' is no word")
    return found


def test_a_good_answer_costs_one_call() -> None:
    with serving(says('{"word": "yes"}')) as server:
        assert ask(model(server.url), HELLO, SCHEMA, word) == "yes"
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("first", "told"),
    [('{"word": "no"}', "'no' is no word"), ("Sure!", "there is no JSON object"), ('{"word": 1}', "'word' has to be")],
)
def test_an_answer_that_cannot_be_used_is_asked_for_once_more_with_the_reason(first: str, told: str) -> None:
    with serving(says(first), says('{"word": "yes"}')) as server:
        assert ask(model(server.url), HELLO, SCHEMA, word) == "yes"
    *_, answer, repair = server.requests[1].messages
    assert answer == {"role": "assistant", "content": first}
    assert f"That cannot be used: {told}" in repair["content"]


def test_two_answers_that_cannot_be_used_are_an_error() -> None:
    with serving(says("Sure!")) as server, pytest.raises(ModelError, match="there is no JSON object"):
        ask(model(server.url), HELLO, SCHEMA, word)
    assert len(server.requests) == 2


def test_where_no_answer_came_nothing_is_repaired() -> None:
    with serving(status(401)) as server, pytest.raises(ModelError, match="401"):
        ask(model(server.url), HELLO, SCHEMA, word)
    assert len(server.requests) == 1
