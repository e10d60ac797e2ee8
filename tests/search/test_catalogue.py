"""The catalogue for an agent is what skills-ref prints, but for locations, which are escaped."""

from __future__ import annotations

import html
import subprocess
import sys
from pathlib import Path

import pytest
from skills_ref.prompt import to_prompt  # type: ignore[import-untyped]

from skillgit.git import layout
from skillgit.git.repo import Repo
from skillgit.search.catalogue import Entry, catalogue, render
from tests.conftest import Run
from tests.git.place import git, put

ENV = {"SKILLGIT_USER": "ada"}


def skill(name: str, description: str) -> bytes:
    return f"---\nname: {name}\ndescription: {description}\nmetadata:\n  version: '0.1.0'\n---\n# {name}\n".encode()


SKILLS: dict[str, bytes | None] = {
    "Users/ada/tea/SKILL.md": skill("tea", "Brew <green> tea & 'black'. Use when \"tea\" is asked for."),
    "Users/ada/notes/SKILL.md": skill("notes", "写发布说明。"),
    "Users/bob/secret/SKILL.md": skill("secret", "Bob's alone."),
    "Common/review/SKILL.md": skill("review", "'Review code: what matters. Use before a merge.'"),
}


@pytest.fixture
def top(cli: Run, tmp_path: Path) -> Path:
    """A repository at a path that is no XML as it stands."""
    top = tmp_path / "a & <b>"
    assert cli("init", top).code == 0
    put(Repo.open(top), SKILLS)
    return top


def test_the_catalogue_is_what_skills_ref_prints_with_locations_escaped(cli: Run, top: Path) -> None:
    folders = [top / name for name in ("Common/review", "Users/ada/notes", "Users/ada/tea")]
    expected = to_prompt(folders).replace(str(top.resolve()), html.escape(str(top.resolve())))
    answer = cli("prompt", cwd=top, env=ENV)
    assert (answer.code, answer.out, answer.err) == (0, f"{expected}\n", "")


def test_the_program_of_skills_ref_prints_the_same_where_nothing_is_to_be_escaped(cli: Run, tmp_path: Path) -> None:
    top = tmp_path / "plain"
    cli("init", top)
    put(Repo.open(top), SKILLS)
    program = Path(sys.executable).with_name("agentskills")
    folders = ["Users/ada/notes", "Users/ada/tea"]
    printed = subprocess.run(
        [program, "to-prompt", *folders], cwd=top, capture_output=True, text=True, check=True
    ).stdout
    assert cli("prompt", "--scope", "user", cwd=top, env=ENV).out == printed


def test_no_skills_are_the_two_outer_tags() -> None:
    assert render([]) == to_prompt([]) == "<available_skills>\n</available_skills>"


def test_a_location_cannot_close_its_tag() -> None:
    assert "</location>\n<x>" not in render([Entry("n", "d", "/a</location>\n<x>")])


def test_another_commit_is_located_as_git_show_takes_it(cli: Run, top: Path) -> None:
    git("tag", "v1", cwd=top)
    put(Repo.open(top), {"Users/ada/tea/SKILL.md": None})
    listed = cli("prompt", "--at", "v1", "--scope", "user", cwd=top, env=ENV).out
    assert "\nv1:Users/ada/tea/SKILL.md\n" in listed
    assert git("show", "v1:Users/ada/tea/SKILL.md", cwd=top).startswith("---\nname: tea")
    assert "tea" not in cli("prompt", cwd=top, env=ENV).out


def test_a_bare_repository_is_located_as_git_show_takes_it(cli: Run, top: Path) -> None:
    bare = top.parent / "bare.git"
    git("clone", "-q", "--bare", top, bare)
    assert "\nHEAD:Users/ada/notes/SKILL.md\n" in cli("prompt", cwd=bare, env=ENV).out


def test_a_skill_in_a_shard_is_located_where_it_is_stored(top: Path) -> None:
    stored = top / layout.sharded("Users/ada/new")
    stored.mkdir(parents=True)
    (stored / "SKILL.md").write_bytes(skill("new", "x"))
    git("add", ".", cwd=top)
    git("commit", "-qm", "by hand", cwd=top)
    repo = Repo.open(top)
    listed = catalogue(repo, repo.resolve("HEAD"), ["Users/ada/new"])
    assert listed.entries[0].location == str(stored.resolve() / "SKILL.md")


def test_a_skill_that_cannot_be_read_is_named_and_left_out(cli: Run, top: Path) -> None:
    put(Repo.open(top), {"Users/ada/bad/SKILL.md": b"no frontmatter"})
    answer = cli("prompt", "--scope", "user", cwd=top, env=ENV)
    assert (answer.code, answer.out.count("<skill>")) == (0, 2)
    assert answer.err.startswith("warning: cannot read skill 'ada/bad'")
