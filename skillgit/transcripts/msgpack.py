"""MessagePack's bytes as values, as far as LangGraph's checkpoints go.

An extension is an object of Python that was taken apart: its class and what it is made with. It becomes that,
as a dict with the class's name under `__class__`; nothing is ever constructed.

Source: the MessagePack specification, formats by their first byte.
"""

from __future__ import annotations

import struct
from typing import Any

_DEPTH = 100
_NUMBERS = {
    0xCA: ">f",
    0xCB: ">d",
    0xCC: ">B",
    0xCD: ">H",
    0xCE: ">I",
    0xCF: ">Q",
    0xD0: ">b",
    0xD1: ">h",
    0xD2: ">i",
    0xD3: ">q",
}
_CONSTANTS = {0xC0: None, 0xC2: False, 0xC3: True}
_LENGTHS = {  # first byte: what it opens, and the format of its length
    0xC4: ("bin", ">B"),
    0xC5: ("bin", ">H"),
    0xC6: ("bin", ">I"),
    0xC7: ("ext", ">B"),
    0xC8: ("ext", ">H"),
    0xC9: ("ext", ">I"),
    0xD9: ("str", ">B"),
    0xDA: ("str", ">H"),
    0xDB: ("str", ">I"),
    0xDC: ("array", ">H"),
    0xDD: ("array", ">I"),
    0xDE: ("map", ">H"),
    0xDF: ("map", ">I"),
}
_FIXED_EXTENSIONS = {0xD4: 1, 0xD5: 2, 0xD6: 4, 0xD7: 8, 0xD8: 16}


def unpack(packed: bytes) -> Any:
    """The value of some bytes. Raises ValueError where they are no MessagePack, or nested too deeply."""
    try:
        return _Reader(packed).value(0)
    except (struct.error, IndexError) as err:
        raise ValueError("the bytes break off") from err


class _Reader:
    """Some bytes and how far they have been read."""

    def __init__(self, packed: bytes) -> None:
        self._packed = packed
        self._place = 0

    def value(self, depth: int) -> Any:
        """The next value."""
        if depth > _DEPTH:
            raise ValueError("nested too deeply")
        opening = self._take(1)[0]
        if opening in _CONSTANTS:
            return _CONSTANTS[opening]
        if opening in _NUMBERS:
            return self._number(_NUMBERS[opening])
        if opening < 0x80 or opening >= 0xE0:
            return opening if opening < 0x80 else opening - 0x100
        return self._sized(*self._size(opening), depth)

    def _size(self, opening: int) -> tuple[str, int]:
        """What the byte opens, and how long it is."""
        if opening in _LENGTHS:
            kind, length = _LENGTHS[opening]
            return kind, int(self._number(length))
        if opening in _FIXED_EXTENSIONS:
            return "ext", _FIXED_EXTENSIONS[opening]
        if 0xA0 <= opening < 0xC0:
            return "str", opening & 0x1F
        if 0x80 <= opening < 0xA0:
            return ("map" if opening < 0x90 else "array"), opening & 0x0F
        raise ValueError(f"no value begins with {opening:#x}")

    def _sized(self, kind: str, size: int, depth: int) -> Any:
        if kind == "array":
            return [self.value(depth + 1) for _ in range(size)]
        if kind == "map":
            return {str(self.value(depth + 1)): self.value(depth + 1) for _ in range(size)}
        if kind == "ext":
            self._take(1)
            return _taken_apart(_Reader(self._take(size)), depth)
        found = self._take(size)
        return found.decode("utf-8", "replace") if kind == "str" else found

    def _number(self, format: str) -> float:
        number: float = struct.unpack(format, self._take(struct.calcsize(format)))[0]
        return number

    def _take(self, size: int) -> bytes:
        found = self._packed[self._place : self._place + size]
        if len(found) < size:
            raise ValueError("the bytes break off")
        self._place += size
        return found


def _taken_apart(inside: _Reader, depth: int) -> Any:
    """An object of Python: `[module, class, what it is made with, ...]`."""
    value = inside.value(depth + 1)
    if not isinstance(value, list) or len(value) < 3:
        return value
    return {**value[2], "__class__": value[1]} if isinstance(value[2], dict) else value[2]
