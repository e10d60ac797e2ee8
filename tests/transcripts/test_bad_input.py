"""Bad input: one clear line about the file, or a diagnostic in the place of the line; never a crash."""

from __future__ import annotations

import json

import pytest

from skillgit.errors import Unreadable, UsageError
from skillgit.transcripts import stream
from skillgit.transcripts.detect import read
from skillgit.transcripts.model import Diagnostic, Transcript
from tests.transcripts.reading import diagnostics, only, said, source

GOOD = {"messages": [{"role": "user", "content": "hi"}]}
DEEP = b"[" * 100_000 + b"]" * 100_000
HUGE = b'{"messages":[{"role":"user","content":' + b"9" * 5000 + b"}]}"
CUT = json.dumps({"messages": [{"role": "user", "content": "one\ntwo"}]}, indent=1).encode()

UNREADABLE: dict[str, tuple[object, str]] = {
    "an empty file": (b"", "the file is empty"),
    "only blanks": (b" \n\t\n", "the file is empty"),
    "a document cut in a string": (CUT[:60], "the file is no JSON: it breaks off at line 5, column "),
    "a document cut after a value": (CUT.rstrip(b"]}\n "), "the file is no JSON: it breaks off at line "),
    "one cut line": (source(GOOD)[:-4], "the file is no JSON: it breaks off at column "),
    "a broken document": (b'{\n "messages": [\n  {"role" "user"}\n]}', "expecting ':' delimiter at line 3, column 11"),
    "two documents": (CUT + b"\n" + CUT, "the file is no JSON: extra data at line "),
    "a deep document": (DEEP, "the file is no JSON: nested too deeply"),
    "a huge number": (HUGE, "the file is no JSON: a number has too many digits"),
    "a document in Latin-1": ('{"messages": "é"}'.encode("latin-1"), "the file is no JSON: not UTF-8 at byte 15"),
    "a text in GBK": ("User: hi\n用户：你好".encode("gbk"), "the file is not UTF-8 at line 2, byte 1"),
    "UTF-16": ("User: hi".encode("utf-16"), "this is UTF-16 text, not a transcript"),
    "a zip": (b"PK\x03\x04...", "this is a zip archive, not a transcript"),
    "gzip": (b"\x1f\x8b...", "this is gzip data, not a transcript"),
    "a database": (b"SQLite format 3\0...", "this is an SQLite database, not a transcript"),
    "zeros": (b"\0" * 100, "this is no transcript in a known format"),
    "JSON of another kind": (b'{"name": "x", "version": 1}', "this is no transcript in a known format"),
    "an empty array": (b"[]", "this is no transcript in a known format"),
    "a number": (b"42", "this is no transcript in a known format"),
    "prose": (b"Dear all,\n\nthe minutes are below.\n", "this is no transcript in a known format"),
}


@pytest.mark.parametrize(("given", "message"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_file_that_cannot_be_read_is_refused_in_one_line(given: object, message: str) -> None:
    with pytest.raises(Unreadable) as caught:
        list(read(source(given)))
    assert message in caught.value.message
    assert "\n" not in caught.value.message


BAD_LINES: dict[str, tuple[bytes, str]] = {
    "no JSON": (b"not json", "invalid_json_line"),
    "cut in a string": (b'{"messages": [{"role": "us', "invalid_json_line"),
    "cut after a value": (b'{"messages": []', "invalid_json_line"),
    "nested too deeply": (DEEP, "invalid_json_line"),
    "a huge number": (HUGE, "invalid_json_line"),
    "invalid UTF-8": (b'{"messages": "\xff"}', "invalid_utf8"),
    "zeros": (b"\0\0\0", "invalid_json_line"),
    "no conversation": (b'{"total": 3}', "no_conversation"),
    "no object": (b"3", "no_conversation"),
}


@pytest.mark.parametrize("position", [0, 1, 2])
@pytest.mark.parametrize(("line", "code"), BAD_LINES.values(), ids=BAD_LINES.keys())
def test_a_bad_line_is_numbered_takes_a_place_and_the_rest_is_read(line: bytes, code: str, position: int) -> None:
    lines = [source(GOOD), source(GOOD)]
    lines.insert(position, line)
    items = list(read(b"\n".join(lines)))
    bad = items[position]
    assert isinstance(bad, Diagnostic)
    assert (bad.code, bad.line) == (code, position + 1)
    assert [item.place for item in items if isinstance(item, Transcript)] == [n for n in range(3) if n != position]


def test_blank_lines_count_as_lines_and_take_no_place() -> None:
    items = list(read(b"\n" + source(GOOD) + b"\n\n \r\nbad\r\n" + source(GOOD)))
    assert [getattr(item, "place", None) for item in items] == [0, None, 2]
    assert diagnostics(b"\n" + source(GOOD) + b"\n\n \r\nbad\r\n") == [("invalid_json_line", 5)]


LEFT_OUT: dict[str, tuple[object, list[str]]] = {
    "an unknown role": ({"role": "narrator", "content": "Meanwhile"}, ["unknown_role"]),
    "no role": ({"content": "who?"}, ["unknown_role"]),
    "a role that is no name": ({"role": ["user"], "content": "x"}, ["unknown_role"]),
    "an image": ({"role": "user", "content": [{"type": "image_url", "image_url": {}}]}, ["part_dropped"]),
    "a sound": ({"role": "user", "content": [{"type": "input_audio", "input_audio": {}}]}, ["part_dropped"]),
    "a part that is a number": ({"role": "user", "content": [3]}, ["part_dropped"]),
    "content that is a number": ({"role": "user", "content": 3}, ["part_dropped"]),
    "a type that is a list": ({"role": "user", "content": [{"type": []}]}, ["part_dropped"]),
    "a result nobody asked for": ({"role": "tool", "tool_call_id": "t9", "content": "x"}, ["orphan_tool_result"]),
    "an item of no kind we know": (
        {"role": "user", "type": "message", "content": [{"type": "video"}]},
        ["part_dropped"],
    ),
    "only blanks": ({"role": "user", "content": " \n"}, []),
    "nothing": ({"role": "user", "content": None}, []),
}


@pytest.mark.parametrize(("message", "codes"), LEFT_OUT.values(), ids=LEFT_OUT.keys())
def test_what_cannot_be_kept_is_left_out_and_noted(message: object, codes: list[str]) -> None:
    for given in ({"messages": [*GOOD["messages"], message]}, ({"messages": [*GOOD["messages"], message]}, GOOD)):
        items = list(read(source(given)))
        assert isinstance(items[0], Transcript)
        assert said(items[0]) == [("user", "hi")]
        line = 1 if isinstance(given, tuple) else None
        assert [(noted.code, noted.line) for noted in items[0].diagnostics] == [(code, line) for code in codes]


def test_an_unknown_role_is_named() -> None:
    found = only({"messages": [*GOOD["messages"], {"role": "narrator", "content": "x"}]})
    assert "'narrator'" in found.diagnostics[0].message


def test_zeros_inside_a_text_are_kept() -> None:
    assert said(only(b"User: a\0b\n")) == [("user", "a\0b")]
    assert said(only(b'{"messages":[{"role":"user","content":"a\\u0000b"}]}')) == [("user", "a\0b")]


HALVES = {
    r"a\ud83d b": "a� b",
    r"\ude00": "�",
    r"\ud83d\ude00": "😀",
    r"\\ud83d": r"\ud83d",
    r"\ud83d\ud83d\ude00": "�😀",
}


@pytest.mark.parametrize(("escaped", "text"), HALVES.items(), ids=HALVES.keys())
def test_half_a_surrogate_pair_becomes_a_replacement_character(escaped: str, text: str) -> None:
    found = only('{"messages":[{"role":"user","content":"' + escaped + '"}]}')
    assert said(found) == [("user", text)]


@pytest.mark.parametrize("arguments", ["not json", "[1]", [1], 7, "9" * 5000])
def test_arguments_that_are_no_object_are_wrapped_in_one(arguments: object) -> None:
    call = {"role": "assistant", "tool_calls": [{"id": "t", "function": {"name": "f", "arguments": arguments}}]}
    found = only({"messages": [*GOOD["messages"], call]})
    assert json.loads(found.turns[1].calls[0].arguments) == {"_raw": arguments}
    assert found.diagnostics[0].code == "tool_arguments_reshaped"


def test_a_moment_no_calendar_holds_is_no_timestamp() -> None:
    given = b'{"created": 1e300, "messages": [{"role": "user", "content": "hi", "timestamp": NaN}]}'
    found = only(given)
    assert (found.created, found.turns[0].timestamp) == (None, None)


def test_an_unknown_format_is_refused_before_anything_is_read() -> None:
    with pytest.raises(UsageError, match="no transcript format 'opanai'") as caught:
        read(b"", format="opanai")
    assert "openai" in caught.value.hint


def test_a_forced_format_that_does_not_fit_is_refused() -> None:
    for name in ("openai", "anthropic", "chatgpt", "claude-ai", "sharegpt", "autoskill", "tau-bench", "plain"):
        with pytest.raises(Unreadable, match="no conversation of this format"):
            list(read(b'{"total": 3}', format=name))


def test_more_than_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "LIMIT", 2**20)
    pieces = [b'{"messages": "', *[b"x" * 2**16] * 17]
    for given in (pieces, [b"[\n", *[b"1,\n" * 2**16] * 6]):
        with pytest.raises(Unreadable, match="larger than 1 MiB"):
            list(read(iter(given)))


@pytest.mark.parametrize("depth", [100, 850, 900, 920, 930, 940, 950, 960, 970, 980, 990])
def test_a_value_of_any_depth_is_kept_or_left_out(depth: int) -> None:
    deep = b'{"a":' * depth + b"1" + b"}" * depth
    call = b'{"type":"function_call","call_id":"c","name":"f","arguments":' + deep + b"}"
    output = b'{"type":"function_call_output","call_id":"c","output":' + deep + b"}"
    content = b",".join([source(GOOD["messages"][0]), call, output])
    items = list(read(b'{"messages":[' + content + b"]}\n" + source(GOOD)))
    assert isinstance(items[1], Transcript)
