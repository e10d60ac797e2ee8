"""A zip archive of skills: nothing its headers claim is believed, and nothing is unpacked on disk.

An archive that no honest tool writes is refused as a whole: entries with absolute paths, `..`,
backslashes or passwords, the same entry twice, a table of contents for more than 100,000 entries, data
that inflates more than 200 times.
"""

from __future__ import annotations

import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from skillgit.errors import Unreadable, Unsafe
from skillgit.share.item import MAX_ITEMS, Item, Kind
from skillgit.skills import naming
from skillgit.skills.naming import shown

MAX_RATIO = 200
_SMALL = 64 << 10
"""Data that inflates to no more than this may be as repetitive as it likes."""

_CHUNK = 64 << 10
_MAX_CONTENTS = 16 << 20
_END_AT_MOST = 76 + 22 + (1 << 16)
"""How far from its end a zip archive says what it holds: zip64's numbers, the plain ones, a comment."""

_UTF8_NAME, _ENCRYPTED, _UNIX = 0x800, 0x1, 3


class Archive:
    """A source that is a zip archive, open for reading. Its single top folder, if it has one, is the source."""

    def __init__(self, file: zipfile.ZipFile, path: Path) -> None:
        self._file = file
        self._room = max(path.stat().st_size * MAX_RATIO, _SMALL)
        entries = _checked(file.infolist())
        top = _top(entries)
        self._entries = {name.removeprefix(f"{top}/"): info for name, info in entries.items()}
        self.name = top or path.stem
        self.parent = ""
        self.own_git = any(name.split("/")[0] == ".git" for name in self._entries)

    def items(self) -> list[Item]:
        """Everything in the archive but the `.git` of the whole and what macOS adds."""
        left_out = (".git", "__MACOSX")
        names = [name for name in self._entries if name.split("/")[0] not in left_out]
        return [_item(name, self._entries[name]) for name in sorted(names)]

    def read(self, item: Item, *, limit: int) -> bytes:
        """The bytes of a file, inflated piece by piece until one of the limits is met."""
        info = self._entries[item.path]
        content = bytearray()
        for piece in _inflated(self._file, info):
            content += piece
            self._room -= len(piece)
            if len(content) > max(info.compress_size * MAX_RATIO, _SMALL) or self._room < 0:
                raise Unsafe(f"archive entry '{shown(item.path)}' inflates more than {MAX_RATIO} times")
            if len(content) > limit:
                raise Unsafe(f"archive entry '{shown(item.path)}' is larger than {limit >> 20} MiB")
        return bytes(content)


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The zip archive at `path`; Unreadable where it is none, Unsafe where it is hostile."""
    with path.open("rb") as stream:
        _check_contents(stream, path)
        try:
            file = zipfile.ZipFile(stream)
        except _BROKEN as err:
            raise _no_archive(path) from err
        with file:
            yield Archive(file, path)


_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError, struct.error, ValueError)


def _no_archive(path: Path) -> Unreadable:
    return Unreadable(f"'{path}' is no zip archive, or was cut short", hint="import takes folders and zip archives")


def _check_contents(stream: BinaryIO, path: Path) -> None:
    """Look at the table of contents' size before zipfile makes an object of each of its entries."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(size - _END_AT_MOST, 0))
    tail = stream.read()
    stream.seek(0)
    ends_plainly = tail[-22:-18] == b"PK\5\6" and tail[-2:] == b"\0\0"
    at = len(tail) - 22 if ends_plainly else tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < 22:
        raise _no_archive(path)
    contents = struct.unpack_from("<L", tail, at + 12)[0]
    if tail[max(at - 20, 0) : at].startswith(b"PK\6\7"):  # zip64: the real numbers stand before that mark
        contents = struct.unpack_from("<Q", tail, at - 36)[0] if tail[at - 76 : at - 72] == b"PK\6\6" else size
    if contents > _MAX_CONTENTS:
        raise Unsafe(f"archive '{path}' is made for more files than a library has")


def _name(info: zipfile.ZipInfo) -> str:
    """The entry's path. Names without zip's UTF-8 flag are UTF-8 all the same on macOS, else code page 437."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8_NAME:
        try:
            name = name.encode("cp437").decode()
        except ValueError:  # it was code page 437
            name = info.orig_filename
    return name.removeprefix("./")


def _checked(listed: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The files of the archive by path; Unsafe where an entry is not one that an honest tool writes."""
    if len(listed) > MAX_ITEMS:
        raise Unsafe(f"the archive holds more than {MAX_ITEMS} files")
    files: dict[str, zipfile.ZipInfo] = {}
    for info in listed:
        _check(info)
        if not info.is_dir() and files.setdefault(_name(info), info) is not info:
            raise Unsafe(f"archive entry '{shown(_name(info))}' is there twice")
    folders = {name[:end] for name in files for end, char in enumerate(name) if char == "/"}
    if both := folders & files.keys():
        raise Unsafe(f"archive entry '{shown(min(both))}' is a file and a folder")
    return files


def _check(info: zipfile.ZipInfo) -> None:
    name = _name(info)
    parts = name.removesuffix("/").split("/")
    if "\\" in name or "\0" in name or ":" in parts[0] or any(part in ("", ".", "..") for part in parts):
        raise Unsafe(f"archive entry '{shown(name)}' has an unsafe path", hint="nothing was imported")
    if info.flag_bits & _ENCRYPTED:
        raise Unsafe(f"archive entry '{shown(name)}' is encrypted", hint="make the archive without a password")


def _top(entries: dict[str, zipfile.ZipInfo]) -> str:
    """The one folder that everything is in, or ""."""
    tops = {name.split("/")[0] for name in entries} - {"__MACOSX"}
    return next(iter(tops)) if len(tops) == 1 and not tops & entries.keys() else ""


def _item(name: str, info: zipfile.ZipInfo) -> Item:
    mode = info.external_attr >> 16 if info.create_system == _UNIX else 0
    return Item(name, _kind(name, mode), info.file_size, bool(mode & stat.S_IXUSR))


def _kind(name: str, mode: int) -> Kind:
    if any(naming.is_git_directory(part) for part in name.split("/")):
        return "git"
    if stat.S_ISLNK(mode):
        return "symlink"
    return "file" if stat.S_IFMT(mode) in (0, stat.S_IFREG) else "device"


def _inflated(file: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unreadable(f"archive entry '{shown(info.filename)}' is compressed in an uncommon way")
    try:
        with file.open(info) as stream:
            while piece := stream.read(_CHUNK):
                yield piece
    except (*_BROKEN, OSError) as err:
        raise Unreadable(f"archive entry '{shown(info.filename)}' is damaged: {err}") from err
