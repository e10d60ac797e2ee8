"""The wheel holds what an installed skillgit needs."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built from the work tree without the network."""
    directory = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(directory)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = directory.glob("skillgit-*.whl")
    return zipfile.ZipFile(path)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "target"),
    [("skillgit", "skillgit"), ("hooks", "skillgit/_hooks"), ("templates", "skillgit/_templates")],
)
def test_every_file_of_a_folder_is_in_the_wheel(source: str, target: str, wheel: zipfile.ZipFile) -> None:
    tracked = subprocess.run(["git", "ls-files", source], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    names = {str(Path(target, Path(line).relative_to(source))) for line in tracked.splitlines()}
    assert names - set(wheel.namelist()) == set()


@pytest.mark.slow
def test_the_wheel_has_the_command_and_the_licence(wheel: zipfile.ZipFile) -> None:
    (entry,) = (name for name in wheel.namelist() if name.endswith("dist-info/entry_points.txt"))
    assert "skillgit = skillgit.__main__:run" in wheel.read(entry).decode()
    assert any(name.endswith("licenses/LICENSE") for name in wheel.namelist())
