"""The places where agents keep their sessions, on each system."""

from __future__ import annotations

import re

import pytest

from skillgit.errors import UsageError
from skillgit.learn.reading import formats
from skillgit.transcripts.sources import SOURCES, Machine, folder, named
from tests.conftest import ROOT

LINUX = Machine(home="/home/ada", project="/src/app", platform="linux", environ={})
MAC = Machine(home="/Users/ada", project="/src/app", platform="darwin", environ={"XDG_CONFIG_HOME": "/x"})
WINDOWS = Machine(home="C:/Users/ada", project="D:/app", platform="win32", environ={"APPDATA": "C:/Roaming"})

FOLDERS = {
    "a folder in the home": (LINUX, "claude-code", {}, "/home/ada/.claude"),
    "a variable moves it": (LINUX, "claude-code", {"CLAUDE_CONFIG_DIR": "/c"}, "/c"),
    "a variable set to nothing does not": (LINUX, "codex", {"CODEX_HOME": ""}, "/home/ada/.codex"),
    "the data folder": (LINUX, "opencode", {"XDG_DATA_HOME": "/d"}, "/d"),
    "an application on Linux": (LINUX, "vscode", {}, "/home/ada/.config"),
    "an application on macOS": (MAC, "vscode", {}, "/Users/ada/Library/Application Support"),
    "an application on Windows": (WINDOWS, "vscode", {}, "C:/Roaming"),
    "Windows without APPDATA": (WINDOWS, "vscode", {"APPDATA": ""}, "C:/Users/ada/AppData/Roaming"),
    "the same everywhere": (WINDOWS, "opencode", {}, "C:/Users/ada/.local/share"),
    "below a variable": (MAC, "goose", {"GOOSE_PATH_ROOT": "/g"}, "/g/data"),
    "the project": (MAC, "aider", {}, "/src/app"),
    "a name with braces in a value": (LINUX, "codex", {"CODEX_HOME": "/{HOME}"}, "/{HOME}"),
}


@pytest.mark.parametrize(("machine", "source", "environ", "expected"), FOLDERS.values(), ids=FOLDERS.keys())
def test_a_root_is_a_folder_of_the_machine(
    machine: Machine, source: str, environ: dict[str, str], expected: str
) -> None:
    here = Machine(machine.home, machine.project, machine.platform, {**machine.environ, **environ})
    assert folder(named(source).places[0].root, here) == expected


@pytest.mark.parametrize("machine", [LINUX, MAC, WINDOWS], ids=lambda machine: machine.platform)
def test_every_place_is_below_a_folder_on_every_system(machine: Machine) -> None:
    for source in SOURCES:
        assert source.places
        for place in source.places:
            assert folder(place.root, machine).startswith((machine.home, machine.project, "C:/Roaming"))
            assert not place.pattern.startswith(("/", "~"))


def test_names_are_unique_and_an_unknown_one_is_told_the_others() -> None:
    assert len({source.name for source in SOURCES}) == len(SOURCES)
    with pytest.raises(UsageError, match="no agent 'klaude'") as caught:
        named("klaude")
    assert "claude-code" in caught.value.hint


SYSTEMS = ("anywhere", "darwin", "win32")


def shown(candidates: tuple[str, ...]) -> str:
    """A root as people write it: `$CODEX_HOME` or `~/.codex`."""
    names = (re.sub(r"\{(\w+)\}", r"$\1", one).replace("$HOME", "~").replace("$PROJECT", ".") for one in candidates)
    return " or ".join(f"`{name}`" for name in names)


def table() -> str:
    """The places of all sources as a table in Markdown."""
    rows = ["| `--agent` | agent | folder | files | format |", "|---|---|---|---|---|"]
    for source in SOURCES:
        for place in source.places:
            names = dict(zip(SYSTEMS, ("", "macOS: ", "Windows: "), strict=True))
            known = {system: getattr(place.root, system) for system in SYSTEMS}
            where = "; ".join(names[system] + shown(found) for system, found in known.items() if found)
            rows.append(f"| `{source.name}` | {source.about} | {where} | `{place.pattern}` | `{place.format}` |")
    return "\n".join(rows)


def test_the_documentation_has_the_same_table() -> None:
    assert table() in (ROOT / "docs" / "transcripts.md").read_text(encoding="utf-8")


def test_every_format_is_in_the_documentation_and_every_place_has_one() -> None:
    page = (ROOT / "docs" / "transcripts.md").read_text(encoding="utf-8")
    assert [name for name in formats() if f"| `{name}` | " not in page] == []
    assert {place.format for source in SOURCES for place in source.places} <= set(formats())
