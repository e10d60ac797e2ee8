"""What comes in from a folder or an archive, and what does not."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from skillgit.errors import NotFound, SkillgitError, Unreadable, Unsafe
from skillgit.share import folder
from skillgit.share.intake import File, take_in
from skillgit.share.item import Item
from tests.share.libraries import HOSTILE, add, good, skill_text, zipped


def keys(path: Path) -> list[str]:
    return [skill.key for skill in take_in(path).skills]


def test_a_library_is_searched_and_a_skill_is_a_leaf(tmp_path: Path) -> None:
    library = add(good(tmp_path / "lib"), {"pdf/examples/SKILL.md": "no skill of its own"})
    report, pdf = take_in(library).skills
    assert (pdf.key, pdf.folder, pdf.place) == ("lib/pdf", "pdf", str(library / "pdf"))
    assert report.key == "lib/deep/er/report"
    assert pdf.files == (
        File("assets/logo.png", b"\x89PNG\r\n\x00\xff", False),
        File("examples/SKILL.md", b"no skill of its own", False),
        File("scripts/fill.sh", b"#!/bin/sh\necho fill\n", True),
    )


def test_an_archive_holds_what_its_folder_holds(tmp_path: Path) -> None:
    library = good(tmp_path / "lib")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        for file in library.rglob("*"):
            archive.write(file, file.relative_to(tmp_path))
    found, again = take_in(library), take_in(tmp_path / "other.zip")
    assert [(s.key, s.folder, s.document, s.files) for s in found.skills] == [
        (s.key, s.folder, s.document, s.files) for s in again.skills
    ]


def test_one_skill_has_the_key_it_has_in_its_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = good(tmp_path / "lib")
    assert keys(library / "pdf") == ["lib/pdf"]
    monkeypatch.chdir(library / "pdf")
    assert keys(Path()) == ["lib/pdf"]


@pytest.mark.parametrize("name", ["skill.md", "Skill.md"])
def test_the_skill_file_may_be_written_in_any_case(name: str, tmp_path: Path) -> None:
    library = add(tmp_path / "lib", {f"pdf/{name}": skill_text("pdf")})
    (skill,) = take_in(library).skills
    assert skill.document.name == "pdf"
    assert skill.files == ()


def test_skills_are_found_six_folders_down_and_not_in_hidden_ones(tmp_path: Path) -> None:
    text = skill_text("x")
    files = {
        "1/2/3/4/5/6/SKILL.md": text,
        "1/2/3/4/5/b/7/SKILL.md": text,
        ".hidden/x/SKILL.md": text,
        "a/.x/SKILL.md": text,
    }
    found = ["lib/1/2/3/4/5/6"]
    assert keys(add(tmp_path / "lib", files)) == found
    assert keys(zipped(tmp_path / "lib.zip", files)) == found


def test_the_git_folder_of_the_whole_source_is_left_out(tmp_path: Path) -> None:
    clone = add(good(tmp_path / "clone"), {".git/config": "[core]\n"})
    assert take_in(clone).own_git
    assert len(take_in(clone).skills) == 2
    alone = add(clone / "pdf", {".git/config": "[core]\n"})
    assert [file.path for file in take_in(alone).skills[0].files] == ["assets/logo.png", "scripts/fill.sh"]


@pytest.mark.parametrize(("spoil", "said"), HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_hostile_is_named_and_the_rest_is_read(
    spoil: Callable[[Path], object], said: str, tmp_path: Path
) -> None:
    library = add(good(tmp_path / "lib"), {"bad/SKILL.md": skill_text("bad")})
    spoil(library)
    intake = take_in(library)
    (fault,) = intake.faults
    assert said in fault.error.message
    assert "\n" not in fault.error.message
    assert {"lib/pdf", "lib/deep/er/report"} <= {skill.key for skill in intake.skills}


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    library = add(good(tmp_path / "lib"), {"bad/SKILL.md": skill_text("bad")})
    (library / "bad" / "SKILL.md").chmod(0)
    (fault,) = take_in(library).faults
    assert fault.error.message == "cannot read 'bad/SKILL.md': permission denied"


def test_a_link_swapped_in_after_the_listing_is_not_followed(tmp_path: Path) -> None:
    library = good(tmp_path / "lib")
    secret = add(tmp_path / "secret", {"fill.sh": "secret"})
    source = folder.Folder(library)
    item = next(item for item in source.items() if item.path == "pdf/scripts/fill.sh")
    (library / "pdf" / "scripts").rename(tmp_path / "away")
    (library / "pdf" / "scripts").symlink_to(secret)
    with pytest.raises(Unreadable):
        source.read(item, limit=100)
    with pytest.raises(Unsafe, match="larger"):
        source.read(Item("README.md", "file"), limit=3)


NOTHING: dict[str, tuple[Callable[[Path], object], type[SkillgitError], str]] = {
    "nothing": (lambda path: None, Unreadable, "no such file or directory"),
    "an empty folder": (Path.mkdir, NotFound, "no SKILL.md in"),
    "a FIFO": (os.mkfifo, Unsafe, "neither a folder nor a regular file"),
    "an empty file": (Path.touch, Unreadable, "is no zip archive"),
    "a text": (lambda path: path.write_text("x" * 1000), Unreadable, "is no zip archive"),
}


@pytest.mark.parametrize(("make", "error", "said"), NOTHING.values(), ids=NOTHING.keys())
def test_what_is_no_source_is_said_in_one_line(
    make: Callable[[Path], object], error: type[SkillgitError], said: str, tmp_path: Path
) -> None:
    make(tmp_path / "x")
    with pytest.raises(error, match=said):
        take_in(tmp_path / "x")


def entry(name: str, mode: int = 0o100644) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    info.create_system = 3
    return info


def archive_of(path: Path, *entries: tuple[zipfile.ZipInfo | str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("lib/pdf/SKILL.md", skill_text("pdf"))
        for info, content in entries:
            if isinstance(info, zipfile.ZipInfo):
                info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return path


ARCHIVES: dict[str, tuple[str, bytes, str]] = {
    "a way out": ("lib/../../x", b"", "has an unsafe path"),
    "an absolute path": ("/etc/passwd", b"", "has an unsafe path"),
    "a drive": ("C:x", b"", "has an unsafe path"),
    "backslashes": ("lib\\pdf\\x", b"", "has an unsafe path"),
    "an empty step": ("lib//x", b"", "has an unsafe path"),
    "a file that is a folder": ("lib/pdf", b"", "is a file and a folder"),
}


@pytest.mark.parametrize(("name", "content", "said"), ARCHIVES.values(), ids=ARCHIVES.keys())
def test_an_archive_that_no_honest_tool_writes_is_refused_whole(
    name: str, content: bytes, said: str, tmp_path: Path
) -> None:
    with pytest.raises(Unsafe, match=said):
        take_in(archive_of(tmp_path / "lib.zip", (name, content)))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_with_an_entry_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unsafe, match=r"'lib/pdf/SKILL.md' is there twice"):
        take_in(archive_of(tmp_path / "lib.zip", ("lib/pdf/SKILL.md", b"")))


def test_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    file = archive_of(tmp_path / "lib.zip")
    content = bytearray(file.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    file.write_bytes(content)
    with pytest.raises(Unsafe, match="is encrypted"):
        take_in(file)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR], ids=["link", "FIFO", "device"])
def test_a_link_or_device_in_an_archive_refuses_its_skill(kind: int, tmp_path: Path) -> None:
    intake = take_in(archive_of(tmp_path / "lib.zip", (entry("lib/bad/SKILL.md", kind | 0o644), b"/etc/passwd")))
    assert [skill.key for skill in intake.skills] == ["lib/pdf"]
    (fault,) = intake.faults
    assert fault.error.message in ("'SKILL.md' is a symbolic link", "'SKILL.md' is no regular file")


@pytest.mark.parametrize("size", [1 << 20, 12 << 20], ids=["1 MiB", "12 MiB"])
def test_a_bomb_is_stopped_while_it_inflates(size: int, tmp_path: Path) -> None:
    (fault,) = take_in(archive_of(tmp_path / "lib.zip", ("lib/pdf/zeros", bytes(size)))).faults
    assert fault.error.message == "archive entry 'pdf/zeros' inflates more than 200 times"


DAMAGED = {"cut short": slice(0, -30), "cut in half": slice(0, 200)}


@pytest.mark.parametrize("part", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_archive_is_refused(part: slice, tmp_path: Path) -> None:
    file = archive_of(tmp_path / "lib.zip", ("lib/pdf/noise", os.urandom(500)))
    file.write_bytes(file.read_bytes()[part])
    with pytest.raises(Unreadable, match="is no zip archive, or was cut short"):
        take_in(file)


def test_a_damaged_entry_refuses_its_skill(tmp_path: Path) -> None:
    file = archive_of(tmp_path / "lib.zip", ("lib/pdf/noise", os.urandom(500)))
    data = bytearray(file.read_bytes())
    data[data.index(b"lib/pdf/noise") + 100] ^= 0xFF
    file.write_bytes(data)
    (fault,) = take_in(file).faults
    assert isinstance(fault.error, Unreadable)
    assert fault.error.message.startswith("archive entry 'lib/pdf/noise' is damaged")


def test_a_table_of_contents_too_large_for_a_library_is_not_read(tmp_path: Path) -> None:
    file = archive_of(tmp_path / "lib.zip")
    data = bytearray(file.read_bytes())
    at = data.rindex(b"PK\x05\x06")
    data[at + 12 : at + 16] = (1 << 30).to_bytes(4, "little")
    file.write_bytes(data)
    with pytest.raises(Unsafe, match="more files than a library has"):
        take_in(file)


def test_an_archive_of_the_zip64_kind_is_read_if_it_is_small(tmp_path: Path) -> None:
    file = archive_of(tmp_path / "lib.zip")
    data = file.read_bytes()
    at = data.rindex(b"PK\x05\x06")
    count, size, offset = struct.unpack_from("<HLL", data, at + 10)
    for claimed, many in {size: False, 1 << 40: True}.items():
        large = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, claimed, offset)
        locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
        file.write_bytes(data[:at] + large + locator + data[at:])
        if many:
            with pytest.raises(Unsafe, match="more files than a library has"):
                take_in(file)
        else:
            assert len(take_in(file).skills) == 1


def test_names_of_an_archive_are_read_as_its_maker_wrote_them(tmp_path: Path) -> None:
    file = archive_of(tmp_path / "lib.zip", ("lib/pdf/\u4e2d.md", b"utf-8"), ("lib/pdf/ab.md", b"macos"))
    data = file.read_bytes().replace(b"lib/pdf/ab.md", "lib/pdf/é.md".encode())  # no flag, as Finder writes it
    file.write_bytes(data)
    assert {found.path for found in take_in(file).skills[0].files} == {"\u4e2d.md", "é.md"}
