"""A file's bytes as records: the lines of a JSONL, or one JSON document, or one text.

Bytes are read as they come. A JSONL holds one line in memory at a time, a document or a
text all of itself; one line, document or text may have at most `LIMIT` bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from skillgit.errors import Unreadable
from skillgit.transcripts.model import Diagnostic
from skillgit.transcripts.roles import speaker

LIMIT = 512 * 2**20
_HEAD_LINES = 64
_HEAD_BYTES = 2**20

_BOM = b"\xef\xbb\xbf"
_OTHER_FILES = {
    b"PK\x03\x04": ("a zip archive", "unpack it and name the file in it"),
    b"\x1f\x8b": ("gzip data", "unpack it first: gunzip FILE"),
    b"SQLite format 3\0": ("an SQLite database", "name the file itself, where skillgit can read it in its place"),
    b"\xff\xfe": ("UTF-16 text", "convert it: iconv -f UTF-16 -t UTF-8 FILE"),
    b"\xfe\xff": ("UTF-16 text", "convert it: iconv -f UTF-16 -t UTF-8 FILE"),
}

_HEX = "[0-9a-fA-F]"
_HIGH = rf"\\u[dD][89abAB]{_HEX}{_HEX}"
_LOW = rf"\\u[dD][c-fC-F]{_HEX}{_HEX}"
_LONE = re.compile(rf"{_HIGH}(?!{_LOW})|(?<!{_HIGH}){_LOW}")
_ESCAPE = re.compile(rf"(?P<kept>{_HIGH}{_LOW}|\\u(?![dD][89a-fA-F])|\\[^u])|\\u....", re.DOTALL)

Line = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Record:
    """One value of the file: that of a JSON line, or (`line` is None) a whole JSON document, or a text as str."""

    value: Any
    line: int | None = None


def records(chunks: Iterable[bytes]) -> Iterator[Record | Diagnostic]:
    """Yield the file's records in order, a diagnostic in the place of each line that is no JSON.

    Raises Unreadable for an empty file, for bytes that are no UTF-8 in a document or text,
    for a document that is broken or breaks off, and for anything over `LIMIT`.
    """
    lines = split(chunks)
    head = _head(lines)
    written = [line for _, line in head if line.strip()]
    if not written:
        raise Unreadable("the file is empty")
    _refuse_other_files(written[0])
    everything = chain(head, lines)
    if _is_json_lines(written):
        yield from (_row(number, line) for number, line in everything if line.strip())
    elif written[0].lstrip().startswith((b"{", b"[")) and not _speaks(written[0]):
        yield Record(_document(everything))
    else:
        yield Record(_text(everything))


def one_text(chunks: Iterable[bytes]) -> Iterator[Record | Diagnostic]:
    """Yield the file as one text, whatever it looks like. Raises Unreadable as `records` does."""
    lines = split(chunks)
    head = _head(lines)
    if not any(line.strip() for _, line in head):
        raise Unreadable("the file is empty")
    _refuse_other_files(head[0][1])
    yield Record(_text(chain(head, lines)))


def split(chunks: Iterable[bytes]) -> Iterator[Line]:
    """Yield the lines with their numbers from 1, without their ends and the byte order mark."""
    number, rest = 1, [b""]
    size = 0
    for chunk in chunks:
        start = 0
        while (end := chunk.find(b"\n", start)) >= 0:
            rest.append(chunk[start:end])
            yield number, _bare(b"".join(rest), number)
            number, rest, size, start = number + 1, [], 0, end + 1
        rest.append(chunk[start:])
        size += len(chunk) - start
        if size > LIMIT:
            raise _too_large(f"line {number}")
    if last := b"".join(rest):
        yield number, _bare(last, number)


def _bare(line: bytes, number: int) -> bytes:
    return (line.removeprefix(_BOM) if number == 1 else line).removesuffix(b"\r")


def _head(lines: Iterator[Line]) -> list[Line]:
    """The first lines, enough to tell what the file is: two written ones at least, if there are two."""
    head: list[Line] = []
    size = written = 0
    for number, line in lines:
        head.append((number, line))
        size += len(line)
        written += bool(line.strip())
        if written >= _HEAD_LINES or (size > _HEAD_BYTES and written > 1):
            break
    return head


def _refuse_other_files(first: bytes) -> None:
    for magic, (what, remedy) in _OTHER_FILES.items():
        if first.startswith(magic):
            raise Unreadable(f"this is {what}, not a transcript", hint=remedy)


def _is_json_lines(written: list[bytes]) -> bool:
    """Whether these first lines are of a JSONL, some of them perhaps broken."""
    if len(written) == 1:
        return False
    if not written[0].lstrip().startswith((b"{", b"[")):
        return _count_objects(written) > sum(map(_speaks, written))
    if not isinstance(parse(written[0]), Failure):
        return True
    together = parse(b"\n".join(written))
    return isinstance(together, Failure) and not together.breaks_off and _count_objects(written) > 0


def _count_objects(lines: list[bytes]) -> int:
    return sum(line.startswith(b"{") and isinstance(parse(line), dict) for line in lines)


def _speaks(line: bytes) -> bool:
    return speaker(line.decode("utf-8", "replace")) is not None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why some bytes are no JSON; `breaks_off` where they could be the beginning of some."""

    reason: str
    code: str = "invalid_json_line"
    breaks_off: bool = False


def parse(source: bytes) -> Any:
    """The JSON value of some UTF-8 bytes, or a Failure.

    An escaped half of a surrogate pair, which no UTF-8 can hold, becomes U+FFFD.
    """
    try:
        decoded = source.decode("utf-8")
        if "\\u" in decoded and _LONE.search(decoded):
            decoded = _ESCAPE.sub(lambda escape: escape["kept"] or r"\ufffd", decoded)
        return json.loads(decoded)
    except json.JSONDecodeError as err:
        return _located(err)
    except UnicodeDecodeError as err:
        return Failure(f"not UTF-8 at byte {err.start + 1}", code="invalid_utf8")
    except ValueError:
        return Failure("a number has too many digits")
    except RecursionError:
        return Failure("nested too deeply")


def held(value: object) -> Any:
    """What a string or some bytes hold as JSON; any other value, and a string that is no JSON, as it is."""
    if not isinstance(value, str | bytes):
        return value
    found = parse(value.encode("utf-8", "replace") if isinstance(value, str) else value)
    return value if isinstance(found, Failure) else found


def _located(err: json.JSONDecodeError) -> Failure:
    read = err.doc.rstrip()
    breaks_off = err.msg.startswith("Unterminated string") or err.pos >= len(read)
    at = len(read) if breaks_off else err.pos
    column = f"column {at - read.rfind(chr(10), 0, at)}"
    place = f"line {read.count(chr(10), 0, at) + 1}, {column}" if "\n" in read else column
    reason = "it breaks off" if breaks_off else err.msg[0].lower() + err.msg[1:]
    return Failure(f"{reason} at {place}", breaks_off=breaks_off)


def _row(number: int, line: bytes) -> Record | Diagnostic:
    value = parse(line)
    if isinstance(value, Failure):
        return Diagnostic(value.code, f"line {number} is no JSON: {value.reason}", number)
    return Record(value, number)


def _document(lines: Iterator[Line]) -> Any:
    value = parse(_whole(lines))
    if isinstance(value, Failure):
        hint = "the file is cut short: export or copy it again" if value.breaks_off else ""
        raise Unreadable(f"the file is no JSON: {value.reason}", hint=hint)
    return value


def _text(lines: Iterator[Line]) -> str:
    source = _whole(lines)
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError as err:
        before = source[: err.start].split(b"\n")
        place = f"line {len(before)}, byte {len(before[-1]) + 1}"
        hint = "convert it, for instance: iconv -f GB18030 -t UTF-8 FILE"
        raise Unreadable(f"the file is not UTF-8 at {place}", hint=hint) from err


def _whole(lines: Iterator[Line]) -> bytes:
    kept: list[bytes] = []
    size = 0
    for _, line in lines:
        kept.append(line)
        size += len(line) + 1
        if size > LIMIT:
            raise _too_large("a JSON document or text")
    return b"\n".join(kept)


def _too_large(what: str) -> Unreadable:
    return Unreadable(f"{what} is larger than {LIMIT // 2**20} MiB", hint="write one conversation a line, as JSONL")
