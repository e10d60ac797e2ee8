"""Files that others see whole or not at all."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from skillgit import files


def test_a_file_is_written_where_its_folder_was_missing_and_nothing_else_stays(tmp_path: Path) -> None:
    place = tmp_path / "a" / "b"
    files.write(place / "file", b"one")
    files.write(place / "file", b"two")
    assert [(each.name, each.read_bytes()) for each in place.iterdir()] == [("file", b"two")]


def test_a_reader_sees_one_of_the_writers_whole(tmp_path: Path) -> None:
    file = tmp_path / "file"
    contents = [bytes([number]) * 100_000 for number in range(4)]
    files.write(file, contents[0])
    writers = [threading.Thread(target=files.write, args=(file, each)) for each in contents * 5]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        assert file.read_bytes() in contents
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "file" / "inside").mkdir(parents=True)
    with pytest.raises(OSError):
        files.write(tmp_path / "file", b"one")
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_database_is_its_owners_alone_and_stays_what_it_is(tmp_path: Path) -> None:
    file = tmp_path / "a" / "some.db"
    files.reserve(file)
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_bytes(b"content")
    files.reserve(file)
    assert file.read_bytes() == b"content"
