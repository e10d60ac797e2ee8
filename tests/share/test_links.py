"""`skillgit link`, `unlink` and `links`: skills in the folders that agents read them from."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest
from skills_ref import validate  # type: ignore[import-untyped]

from skillgit.git import layout
from skillgit.share.agent_folders import AGENTS, Agent
from tests.cli.shop import ADA
from tests.conftest import ROOT, Run
from tests.git.place import git
from tests.share.libraries import add, skill_text, tree
from tests.share.shelf import everything, states, user_folder
from tests.share.skills import commit

LIBRARY_SKILL = "Common/acme/skills/chart"


def linked(cli: Run, top: Path, *words: str | Path) -> list[str]:
    """The lines that a command says, which has to succeed, with ~ for the home."""
    answer = cli(*words, cwd=top, env=ADA)
    assert answer.code == 0, answer.err
    return answer.out.replace(str(Path.home()), "~").splitlines()


def names_in(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


@pytest.mark.parametrize("agent", AGENTS, ids=lambda agent: agent.name)
def test_a_skill_stands_where_each_agent_looks_for_it(cli: Run, shelved: Path, agent: Agent) -> None:
    for where in ("--user", "--project"):
        assert cli("link", agent.name, "ada/pdf", LIBRARY_SKILL, where, cwd=shelved).code == 0
    places = [json.loads(line)["place"] for line in cli("links", "--json", cwd=shelved).out.splitlines()]
    assert {str(shelved / agent.project / name) for name in ("pdf", "chart")} < set(places)
    assert len(places) == 4
    for place in places:
        assert validate(Path(place)) == []
        assert (Path(place) / "SKILL.md").is_file()


DOCUMENTED = {
    "Claude Code, personal": ("claude", "--user", "~/.claude/skills/pdf/SKILL.md"),
    "Claude Code, a project": ("claude", "--project", ".claude/skills/pdf/SKILL.md"),
    "Codex, a person's": ("codex", "--user", "~/.agents/skills/pdf/SKILL.md"),
    "Codex, a repository": ("codex", "--project", ".agents/skills/pdf/SKILL.md"),
    "Gemini CLI, a person's": ("gemini", "--user", "~/.gemini/skills/pdf/SKILL.md"),
    "Cursor, a project": ("cursor", "--project", ".cursor/skills/pdf/SKILL.md"),
    "Copilot, a project": ("copilot", "--project", ".github/skills/pdf/SKILL.md"),
    "another name of it": ("claude-code", "--user", "~/.claude/skills/pdf/SKILL.md"),
}


@pytest.mark.parametrize(("agent", "scope", "place"), DOCUMENTED.values(), ids=DOCUMENTED.keys())
def test_the_layout_is_the_one_that_an_agent_documents(
    cli: Run, shelved: Path, agent: str, scope: str, place: str
) -> None:
    assert cli("link", agent, "ada/pdf", scope, cwd=shelved).code == 0
    file = shelved / Path(place.replace("~", str(Path.home())))
    assert file.read_text() == skill_text("pdf")
    folder = file.parent
    assert folder.is_symlink()  # the folder, as Codex does not follow a SKILL.md that is one
    assert not folder.readlink().is_absolute()


def test_the_page_has_the_table_of_agents() -> None:
    page = (ROOT / "docs" / "agents-folders.md").read_text()
    rows = re.findall(r"^\| `(.+?)` \| (.+?) \| `(.+?)` \| (.+?) \|$", page, re.MULTILINE)
    said = [
        (
            each.name,
            each.about,
            each.project,
            re.sub(r"\{(\w+)\}", r"$\1", ", else ".join(f"`{way}`" for way in each.user.anywhere)),
        )
        for each in AGENTS
    ]
    assert rows == [(name, about, project, user.replace("$HOME", "~")) for name, about, project, user in said]


def test_a_link_shows_each_decision_and_a_copy_when_it_is_renewed(cli: Run, shelved: Path) -> None:
    assert linked(cli, shelved, "link", "claude", "pdf") == ["linked ada/pdf -> ~/.claude/skills/pdf"]
    assert linked(cli, shelved, "link", "gemini", "pdf", "--copy") == ["copied ada/pdf -> ~/.gemini/skills/pdf"]
    commit(shelved, {"Users/ada/pdf/SKILL.md": skill_text("pdf", license="MIT")})
    assert (user_folder() / "pdf/SKILL.md").read_text() == skill_text("pdf", license="MIT")
    assert states(shelved) == {"~/.claude/skills/pdf": "ok", "~/.gemini/skills/pdf": "outdated"}
    assert linked(cli, shelved, "link") == ["renewed ada/pdf -> ~/.gemini/skills/pdf"]
    assert (user_folder(".gemini") / "pdf/SKILL.md").read_text() == skill_text("pdf", license="MIT")
    assert set(states(shelved).values()) == {"ok"}
    assert linked(cli, shelved, "link") == []


@pytest.mark.parametrize("copy", [[], ["--copy"]], ids=["a link", "a copy"])
def test_linking_twice_changes_nothing(cli: Run, shelved: Path, copy: list[str]) -> None:
    linked(cli, shelved, "link", "claude", "pdf", "chart", *copy)
    before = {place: (user_folder() / place).lstat().st_ino for place in ("pdf", "chart")}
    again = linked(cli, shelved, "link", "claude", "pdf", "chart", *copy)
    assert again == [
        "unchanged ada/pdf -> ~/.claude/skills/pdf",
        f"unchanged {LIBRARY_SKILL} -> ~/.claude/skills/chart",
    ]
    assert before == {place: (user_folder() / place).lstat().st_ino for place in ("pdf", "chart")}
    assert names_in(user_folder()) == ["chart", "pdf"]


def test_a_skill_of_a_library_is_a_copy_with_its_modes(cli: Run, shelved: Path) -> None:
    answer = cli("link", "claude", "chart", cwd=shelved)
    assert "a copy: nothing of a library is checked out" in answer.err
    files = tree(user_folder() / "chart")
    assert {name: runs for name, (_, runs) in files.items()} == {"SKILL.md": False, "scripts/draw.sh": True}
    assert states(shelved) == {"~/.claude/skills/chart": "ok"}


def test_a_copy_becomes_a_link_when_it_was_unlinked_and_a_link_a_copy_when_asked_for(cli: Run, shelved: Path) -> None:
    linked(cli, shelved, "link", "claude", "pdf")
    linked(cli, shelved, "link", "claude", "pdf", "--copy")
    assert not (user_folder() / "pdf").is_symlink()
    assert linked(cli, shelved, "link", "claude", "pdf") == ["unchanged ada/pdf -> ~/.claude/skills/pdf"]
    linked(cli, shelved, "unlink", "claude", "pdf")
    linked(cli, shelved, "link", "claude", "pdf")
    assert (user_folder() / "pdf").is_symlink()


def test_a_bare_repository_gives_copies(cli: Run, shelved: Path, tmp_path: Path) -> None:
    git("clone", "-q", "--bare", shelved, tmp_path / "bare.git")
    answer = cli("link", "claude", "ada/pdf", cwd=tmp_path / "bare.git")
    assert (answer.code, answer.err) == (0, "note: a copy: a bare repository has nothing checked out\n")
    assert (user_folder() / "pdf/SKILL.md").read_text() == skill_text("pdf")
    assert "bare repository is no project" in cli("link", "claude", "notes", "--project", cwd=tmp_path / "bare.git").err


def test_a_project_elsewhere_is_named_with_in(cli: Run, shelved: Path, tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    linked(cli, shelved, "link", "claude", "pdf", "--in", tmp_path / "shop")
    assert str((tmp_path / "shop/.claude/skills/pdf").readlink()) == "../../../skills/Users/ada/pdf"
    assert list(states(shelved)) == [str(tmp_path / "shop/.claude/skills/pdf")]
    assert linked(cli, shelved, "unlink", "--all", "--in", tmp_path) != []
    assert not (tmp_path / "shop/.claude/skills/pdf").is_symlink()


def test_where_symlinks_cannot_be_made_there_is_a_copy(
    cli: Run, shelved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    with monkeypatch.context() as system:
        system.setattr(os, "symlink", refused)
        answer = cli("link", "claude", "pdf", cwd=shelved, env=ADA)
    assert answer.out.startswith("copied ada/pdf")
    assert answer.err == "note: a copy: symlinks cannot be made there\n"
    assert states(shelved) == {"~/.claude/skills/pdf": "ok"}
    git("config", "core.symlinks", "false", cwd=shelved)
    assert "core.symlinks is false" in cli("link", "codex", "ada/pdf", cwd=shelved).err


def test_all_links_the_own_skills_and_the_common_ones_that_none_of_them_hides(cli: Run, shelved: Path) -> None:
    commit(shelved, {"Common/pdf/SKILL.md": skill_text("pdf"), "Common/odd/SKILL.md": "---\nname: odd\n---\n"})
    answer = cli("link", "claude", "--all", cwd=shelved, env=ADA)
    assert answer.code == 0
    assert names_in(user_folder()) == ["chart", "notes", "pdf"]
    assert "Common/pdf is left out: ada/pdf has its name" in answer.err
    assert "Common/odd is left out: 'Common/odd' has no description" in answer.err


def test_a_dry_run_says_and_does_nothing(cli: Run, shelved: Path) -> None:
    assert linked(cli, shelved, "link", "claude", "pdf", "-n") == ["would link ada/pdf -> ~/.claude/skills/pdf"]
    assert not (Path.home() / ".claude").exists()
    linked(cli, shelved, "link", "claude", "pdf")
    assert linked(cli, shelved, "unlink", "--all", "-n") == ["would unlink ada/pdf -> ~/.claude/skills/pdf"]
    assert states(shelved) == {"~/.claude/skills/pdf": "ok"}


def test_unlink_takes_what_was_linked_and_nothing_else(cli: Run, shelved: Path) -> None:
    add(user_folder(), {"mine/SKILL.md": "mine"})
    (user_folder() / "elsewhere").symlink_to("/nowhere")
    before = everything(user_folder())
    for agent in ("claude", "codex"):
        linked(cli, shelved, "link", agent, "pdf", "chart", "notes")
    assert linked(cli, shelved, "unlink", "claude", "pdf") == ["unlinked ada/pdf -> ~/.claude/skills/pdf"]
    assert len(states(shelved)) == 5
    assert len(linked(cli, shelved, "unlink", "claude", "--all")) == 2
    assert everything(user_folder()) == before
    assert len(linked(cli, shelved, "unlink", "--all")) == 3
    assert states(shelved) == {}
    assert not (shelved / ".git/skillgit/links.json").exists()


def test_a_skill_that_is_gone_is_broken_and_can_be_unlinked(cli: Run, shelved: Path) -> None:
    linked(cli, shelved, "link", "claude", "pdf", "notes")
    linked(cli, shelved, "link", "gemini", "notes", "--copy")
    linked(cli, shelved, "remove", "notes")
    assert states(shelved) == {
        "~/.claude/skills/notes": "broken",
        "~/.claude/skills/pdf": "ok",
        "~/.gemini/skills/notes": "broken",
    }
    answer = cli("link", cwd=shelved)
    assert (answer.code, answer.err.count("ada/notes is left as it is: no skill 'ada/notes'")) == (1, 2)
    assert len(linked(cli, shelved, "unlink", "claude", "notes")) == 1
    assert len(linked(cli, shelved, "unlink", "gemini", "ada/notes")) == 1


def test_an_edited_copy_is_kept_and_said(cli: Run, shelved: Path) -> None:
    linked(cli, shelved, "link", "claude", "pdf", "--copy")
    file = user_folder() / "pdf/SKILL.md"
    file.write_text("mine")
    commit(shelved, {"Users/ada/pdf/SKILL.md": skill_text("pdf", license="MIT")})
    assert states(shelved) == {"~/.claude/skills/pdf": "edited"}
    for words in (["link"], ["link", "claude", "pdf"], ["unlink", "claude", "pdf"], ["unlink", "--all"]):
        answer = cli(*words, cwd=shelved, env=ADA)
        assert answer.code == 1
        assert "has edits of its own" in answer.err
        assert file.read_text() == "mine"


def test_what_a_script_leaves_behind_is_no_edit(cli: Run, shelved: Path) -> None:
    linked(cli, shelved, "link", "claude", "pdf", "--copy")
    add(user_folder() / "pdf", {"scripts/__pycache__/fill.cpython-311.pyc": "", ".DS_Store": ""})
    assert states(shelved) == {"~/.claude/skills/pdf": "ok"}
    linked(cli, shelved, "unlink", "claude", "pdf")
    assert not (user_folder() / "pdf").exists()


def test_uncommitted_edits_are_seen_through_a_link(cli: Run, shelved: Path) -> None:
    linked(cli, shelved, "link", "claude", "pdf")
    (shelved / "Users/ada/pdf/SKILL.md").write_text(skill_text("pdf", license="MIT"))
    assert states(shelved) == {"~/.claude/skills/pdf": "edited"}
    linked(cli, shelved, "unlink", "--all")
    assert (shelved / "Users/ada/pdf/SKILL.md").read_text() == skill_text("pdf", license="MIT")


def test_line_ends_that_git_changes_are_no_edit(cli: Run, shelved: Path) -> None:
    (shelved / ".git/info/attributes").write_text("*.md text eol=crlf\n")
    (shelved / "Users/ada/pdf/SKILL.md").unlink()
    git("checkout", "--", "Users/ada/pdf", cwd=shelved)
    assert b"\r\n" in (shelved / "Users/ada/pdf/SKILL.md").read_bytes()
    linked(cli, shelved, "link", "claude", "pdf")
    assert states(shelved) == {"~/.claude/skills/pdf": "ok"}


def test_the_record_can_be_lost(cli: Run, shelved: Path) -> None:
    linked(cli, shelved, "link", "claude", "pdf", "chart")
    (shelved / ".git/skillgit/links.json").unlink()
    assert states(shelved) == {"~/.claude/skills/pdf": "ok"}
    commit(shelved, {"Users/ada/notes/SKILL.md": skill_text("notes", license="MIT")})
    again = linked(cli, shelved, "link", "claude", "pdf", "chart")
    assert [line.split()[0] for line in again] == ["unchanged", "unchanged"]
    assert states(shelved) == {"~/.claude/skills/chart": "ok", "~/.claude/skills/pdf": "ok"}


def test_a_record_that_is_torn_is_told_of(cli: Run, shelved: Path) -> None:
    add(shelved / ".git/skillgit", {"links.json": '{"/x": '})
    answer = cli("links", cwd=shelved)
    assert (answer.code, "it can be deleted without loss" in answer.err) == (128, True)


def test_a_place_that_was_emptied_is_filled_again(cli: Run, shelved: Path) -> None:
    linked(cli, shelved, "link", "claude", "pdf", "chart")
    (user_folder() / "pdf").unlink()
    shutil.rmtree(user_folder() / "chart")
    assert set(states(shelved).values()) == {"missing"}
    assert len(linked(cli, shelved, "link")) == 2
    assert set(states(shelved).values()) == {"ok"}


def test_a_place_that_somebody_else_took_is_left_alone(cli: Run, shelved: Path) -> None:
    linked(cli, shelved, "link", "claude", "pdf", "chart", "notes")
    for name in ("pdf", "chart", "notes"):
        place = user_folder() / name
        shutil.rmtree(place) if name == "chart" else place.unlink()
    (user_folder() / "pdf").symlink_to("/nowhere")
    (user_folder() / "chart").write_text("a file")
    add(user_folder(), {"notes/SKILL.md": "theirs"})
    before = everything(user_folder())
    assert set(states(shelved).values()) == {"replaced"}
    assert cli("link", cwd=shelved).err.count("was replaced by somebody else") == 3
    assert cli("unlink", "--all", cwd=shelved).err.count("is not skillgit's, and stays") == 3
    assert everything(user_folder()) == before
    assert states(shelved) == {}


def test_a_repository_that_moved_is_linked_anew(cli: Run, shelved: Path, tmp_path: Path) -> None:
    linked(cli, shelved, "link", "claude", "pdf", "chart")
    moved = shelved.rename(tmp_path / "moved")
    assert states(moved) == {"~/.claude/skills/chart": "ok", "~/.claude/skills/pdf": "broken"}
    assert linked(cli, moved, "link") == ["renewed ada/pdf -> ~/.claude/skills/pdf"]
    assert set(states(moved).values()) == {"ok"}


def test_two_agents_that_share_a_folder_share_a_link(cli: Run, shelved: Path) -> None:
    user_folder(".agents").mkdir(parents=True)
    user_folder().parent.mkdir()
    user_folder().symlink_to("../.agents/skills")
    linked(cli, shelved, "link", "claude", "pdf")
    assert linked(cli, shelved, "link", "codex", "pdf") == ["unchanged ada/pdf -> ~/.agents/skills/pdf"]
    assert list(states(shelved)) == ["~/.agents/skills/pdf"]


def test_a_list_is_read_by_scripts_and_by_people(cli: Run, shelved: Path) -> None:
    assert cli("links", cwd=shelved).err == "nothing is linked yet\n"
    linked(cli, shelved, "link", "claude", "pdf")
    linked(cli, shelved, "link", "codex", "chart", "--project")
    rows = [json.loads(line) for line in cli("links", "--json", cwd=shelved).out.splitlines()]
    assert [(row["skill"], row["agent"], row["scope"], row["kind"], row["state"]) for row in rows] == [
        (LIBRARY_SKILL, "codex", "project", "copy", "ok"),
        ("ada/pdf", "claude", "user", "link", "ok"),
    ]
    assert linked(cli, shelved, "links", "claude") == ["ada/pdf  claude  user  ok  link  ~/.claude/skills/pdf"]


WRONG = {
    "an agent there is none of": (["link", "nope", "pdf"], 2, "no agent 'nope'"),
    "no skill": (["link", "claude", "nope"], 1, "no skill 'nope'"),
    "two of one name": (["link", "claude", "ada/pdf", "bob/pdf"], 1, "'ada/pdf' and 'bob/pdf' are both called 'pdf'"),
    "all and one": (["link", "claude", "pdf", "--all"], 2, "name the skills to link, or say --all"),
    "all for nobody": (["link", "--all"], 2, "name an agent and its skills"),
    "two scopes": (["link", "claude", "pdf", "--user", "--project"], 2, "--user does not go with --project"),
    "a project that is not there": (["link", "claude", "pdf", "--in", "nope"], 1, "'nope' is no folder"),
    "unlink nothing": (["unlink", "claude"], 2, "name an agent and its skills, or say --all"),
    "unlink a skill of nobody": (["unlink", "claude", "pdf"], 1, "'pdf' is not linked there"),
}


@pytest.mark.parametrize(("words", "code", "said"), WRONG.values(), ids=WRONG.keys())
def test_wrong_words_are_refused(cli: Run, shelved: Path, words: list[str], code: int, said: str) -> None:
    answer = cli(*words, cwd=shelved, env=ADA)
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err
    assert not (Path.home() / ".claude").exists()


def test_another_skill_of_the_same_name_does_not_take_the_place(cli: Run, shelved: Path) -> None:
    linked(cli, shelved, "link", "claude", "ada/pdf")
    answer = cli("link", "claude", "notes", "bob/pdf", cwd=shelved, env=ADA)
    assert answer.code == 1
    assert "is 'ada/pdf', not 'bob/pdf'" in answer.err
    assert "'skillgit unlink claude ada/pdf' makes room" in answer.err
    assert names_in(user_folder()) == ["pdf"]


def test_what_others_leave_behind_counts_where_it_was_committed(cli: Run, shelved: Path) -> None:
    add(shelved / "Users/ada/pdf", {".DS_Store": "x"})
    commit(shelved, {})
    linked(cli, shelved, "link", "claude", "pdf", "--copy")
    linked(cli, shelved, "link", "codex", "pdf")
    assert set(states(shelved).values()) == {"ok"}
    assert tree(user_folder() / "pdf").keys() == {".DS_Store", "SKILL.md"}
    linked(cli, shelved, "unlink", "--all")


def test_a_skill_in_a_shard_is_linked_as_any(cli: Run, shelved: Path) -> None:
    stored = f"{layout.sharded('Users/ada/deep')}/SKILL.md"
    commit(shelved, {stored: skill_text("deep")})
    linked(cli, shelved, "link", "claude", "deep")
    (shelved / ".git/skillgit/links.json").unlink()
    assert linked(cli, shelved, "links") == ["ada/deep  claude  user  ok  link  ~/.claude/skills/deep"]


def test_a_library_that_is_a_skill_itself_is_linked_by_its_name(cli: Run, shelved: Path, tmp_path: Path) -> None:
    solo = add(tmp_path / "solo", {"SKILL.md": skill_text("alone"), "README.md": "# Alone\n"})
    git("init", "-q", "-b", "main", solo)
    commit(solo, {})
    linked(cli, shelved, "library", "add", solo)
    linked(cli, shelved, "link", "claude", "Common/solo")
    assert validate(user_folder() / "alone") == []
    assert states(shelved) == {"~/.claude/skills/alone": "ok"}


def test_a_skill_that_is_not_checked_out_is_a_copy(cli: Run, shelved: Path) -> None:
    commit(shelved, {"Common/plain/SKILL.md": skill_text("plain")})
    git("sparse-checkout", "set", "--no-cone", "/Users/ada/notes", cwd=shelved)
    answer = cli("link", "claude", "ada/pdf", "plain", "notes", cwd=shelved, env=ADA)
    assert [line.split()[0] for line in answer.out.splitlines()] == ["copied", "copied", "linked"]
    assert answer.err == "note: 2 copies: not checked out\n"


def test_real_skills_are_valid_where_they_are_linked(cli: Run, shelved: Path, data: Path) -> None:
    chosen = sorted((data / "skills/chinese_gpt4_8").rglob("SKILL.md"))[:15]
    for number, file in enumerate(chosen):
        add(shelved.parent / "real", {f"{number}/SKILL.md": file.read_bytes()})
    linked(cli, shelved, "import", shelved.parent / "real", "--user", "cai")
    names = [line.split()[0] for line in linked(cli, shelved, "list", "--user", "cai")]
    linked(cli, shelved, "link", "claude", *(name for name in names if name.startswith("cai/")))
    places = list(user_folder().iterdir())
    assert len(places) == 15
    assert [problem for place in places for problem in validate(place)] == []
