"""`skillgit agent`: an agent's own settings get its hooks, and lose them without a trace."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from pathlib import Path

import pytest

from skillgit.errors import Refused
from skillgit.git.repo import Repo
from skillgit.learn import agent_settings, agents
from tests.cli.shop import ADA
from tests.conftest import Run
from tests.learn.talks import ASKED, LESSON, session

EVENTS = ["SessionEnd", "PreCompact", "Stop"]
THEIRS = '{\n    "model": "opus",\n    "env": {"TOKEN": "hush"},\n    "hooks": {"Stop": [], "Notification": []}\n}'


@pytest.fixture
def top(cli: Run, tmp_path: Path) -> Path:
    cli("init", tmp_path / "a lib")
    return tmp_path / "a lib"


@pytest.fixture
def settings() -> Path:
    return Path.home() / ".claude/settings.json"


def written(settings: Path, text: str) -> Path:
    settings.parent.mkdir(exist_ok=True)
    settings.write_bytes(text.encode())
    return settings


def state(cli: Run, top: Path) -> str:
    return str(json.loads(cli("agent", "status", "claude-code", "--json", cwd=top).out)["state"])


def commands(settings: Path) -> list[str]:
    hooks = json.loads(settings.read_text())["hooks"]
    return [group["hooks"][0]["command"] for event in EVENTS for group in hooks[event]]


def test_what_install_put_there_is_learned_from_when_the_agent_runs_it(cli: Run, top: Path, settings: Path) -> None:
    assert cli("agent", "install", "claude-code", cwd=top).code == 0
    said = {"transcript_path": str(session(Path.home(), "one", *ASKED, *LESSON)), "hook_event_name": "SessionEnd"}
    done = subprocess.run(
        ["sh", "-c", commands(settings)[0]], input=json.dumps(said), capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("", "")
    line = json.loads((top / ".git/skillgit/spool/inbox").read_text())
    assert (line["agent"], line["path"], line["event"]) == ("claude-code", said["transcript_path"], "SessionEnd")
    assert cli("work", "--offline", cwd=top, env=ADA).out.startswith("add ada/release-notes")


BEFORE = {
    "other settings": THEIRS,
    "CRLF and no indent": '{\r\n"model": "opus"\r\n}\r\n',
    "nothing": "{ }",
    "one line": '{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"say done"}]}]},"a":1}\n',
    "a quote that is not closed": '{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"say \'"}]}]}}',
    "comments and last commas": '{\n  // mine\n  "m": "opus", /* or not */\n  "hooks": {"Stop": [ // so\n  ],},\n}\n',
    "a comment behind the last": '{\n  "model": "opus" // mine\n}\n',
    "hooks of other kinds": '{"hooks": {"Stop": [7, {"hooks": 8}, {"hooks": [9]}], "Other": {}}}',
}


@pytest.mark.parametrize("text", BEFORE.values(), ids=BEFORE.keys())
def test_uninstall_gives_back_every_byte_and_the_mode(cli: Run, top: Path, settings: Path, text: str) -> None:
    written(settings, text).chmod(0o640)
    cli("agent", "install", "claude-code", cwd=top)
    assert state(cli, top) == "installed"
    assert stat.S_IMODE(settings.stat().st_mode) == 0o640
    assert cli("agent", "uninstall", "claude-code", cwd=top).code == 0
    assert settings.read_bytes() == text.encode()
    assert stat.S_IMODE(settings.stat().st_mode) == 0o640
    assert [file.name for file in settings.parent.iterdir()] == ["settings.json"]
    assert not (top / ".git/skillgit/agents.json").exists()


def test_a_file_that_install_made_goes_with_its_folder(cli: Run, top: Path, settings: Path) -> None:
    cli("agent", "install", "claude-code", cwd=top)
    assert stat.S_IMODE(settings.stat().st_mode) == 0o600
    cli("agent", "uninstall", "claude-code", cwd=top)
    assert not settings.parent.exists()


def test_install_twice_is_install_once(cli: Run, top: Path, settings: Path) -> None:
    cli("agent", "install", "claude-code", cwd=top)
    once = settings.read_bytes()
    answer = cli("agent", "install", "claude-code", cwd=top)
    assert (answer.code, answer.out, answer.err) == (0, "", "nothing to do: installed already\n")
    assert settings.read_bytes() == once
    assert len(commands(settings)) == len(EVENTS)


def test_a_dry_run_shows_the_change_and_writes_nothing(cli: Run, top: Path, settings: Path) -> None:
    written(settings, THEIRS)
    shown = cli("agent", "install", "claude-code", "--dry-run", cwd=top)
    assert settings.read_bytes() == THEIRS.encode()
    assert not (top / ".git/skillgit/agents.json").exists()
    assert cli("agent", "install", "claude-code", cwd=top).out == shown.out
    assert '+    "hooks": {"Stop": [' in shown.out
    assert [line for line in shown.out.splitlines() if line.startswith("-")][1:] == [
        '-    "hooks": {"Stop": [], "Notification": []}'
    ]


def test_the_record_of_an_install_holds_no_word_of_the_settings(cli: Run, top: Path, settings: Path) -> None:
    written(settings, THEIRS)
    cli("agent", "install", "claude-code", cwd=top)
    record = (top / ".git/skillgit/agents.json").read_text()
    assert "hush" not in record
    assert "opus" not in record


def test_what_was_added_since_stays_when_the_hooks_go(cli: Run, top: Path, settings: Path) -> None:
    cli("agent", "install", "claude-code", cwd=top)
    document = json.loads(settings.read_text())
    document["hooks"]["Stop"].append({"hooks": [{"type": "command", "command": "say done"}]})
    settings.write_text(json.dumps({"model": "opus", **document}))
    cli("agent", "uninstall", "claude-code", cwd=top)
    left = {"hooks": [{"type": "command", "command": "say done"}]}
    assert json.loads(settings.read_text()) == {"model": "opus", "hooks": {"Stop": [left]}}


def test_hooks_of_another_skillgit_are_renewed_and_still_go(cli: Run, top: Path, settings: Path) -> None:
    written(settings, THEIRS)
    cli("agent", "install", "claude-code", cwd=top)
    settings.write_text(settings.read_text().replace('"timeout": 10', '"timeout": 5').replace(" -I ", " -I -E "))
    assert state(cli, top) == "outdated"
    cli("agent", "install", "claude-code", cwd=top)
    assert state(cli, top) == "installed"
    assert len(commands(settings)) == len(EVENTS)
    cli("agent", "uninstall", "claude-code", cwd=top)
    assert json.loads(settings.read_text()) == {**json.loads(THEIRS), "hooks": {"Notification": []}}


def test_two_repositories_have_their_own_hooks(cli: Run, top: Path, tmp_path: Path, settings: Path) -> None:
    cli("init", tmp_path / "other")
    for place in (top, tmp_path / "other"):
        cli("agent", "install", "claude-code", cwd=place)
    assert len(commands(settings)) == 2 * len(EVENTS)
    cli("agent", "uninstall", "claude-code", cwd=top)
    assert (state(cli, top), state(cli, tmp_path / "other")) == ("absent", "installed")


def test_a_hook_that_joined_ours_stays_and_a_matcher_goes_with_it(cli: Run, top: Path, settings: Path) -> None:
    cli("agent", "install", "claude-code", cwd=top)
    document = json.loads(settings.read_text())
    document["hooks"]["Stop"][0]["hooks"].append({"type": "command", "command": "say done"})
    document["hooks"]["SessionEnd"][0]["matcher"] = ""
    settings.write_text(json.dumps(document))
    assert state(cli, top) == "installed"
    cli("agent", "uninstall", "claude-code", cwd=top)
    left = {"hooks": [{"type": "command", "command": "say done"}]}
    assert json.loads(settings.read_text()) == {"hooks": {"Stop": [left]}}


REFUSED = {
    "no JSON": "{",
    "nothing at all": "",
    "a list": "[]",
    "hooks that are a list": '{"hooks": []}',
    "an event that is an object": '{"hooks": {"Stop": {}}}',
    "deep": "[" * 100_000,
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_settings_that_cannot_be_understood_are_left_alone(cli: Run, top: Path, settings: Path, text: str) -> None:
    written(settings, text)
    answer = cli("agent", "install", "claude-code", cwd=top)
    assert answer.code == 128
    assert str(settings) in answer.err
    assert settings.read_bytes() == text.encode()


def test_settings_that_change_between_look_and_write_are_left_alone(top: Path, settings: Path) -> None:
    written(settings, THEIRS)
    repo = Repo.open(top)
    change = agent_settings.install(repo, agents.named("claude-code"))
    settings.write_text("{}")
    with pytest.raises(Refused, match="changed meanwhile"):
        agent_settings.write(repo, change)
    assert settings.read_text() == "{}"


def test_a_link_out_of_the_home_is_not_followed(cli: Run, top: Path, tmp_path: Path, settings: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text("{}")
    settings.parent.mkdir()
    settings.symlink_to(outside)
    answer = cli("agent", "install", "claude-code", cwd=top)
    assert answer.code == 128
    assert "leads out of" in answer.err
    assert outside.read_text() == "{}"


def test_a_link_within_the_home_stays_one(cli: Run, top: Path, settings: Path) -> None:
    dotfiles = Path.home() / "dotfiles.json"
    dotfiles.write_text("{}")
    settings.parent.mkdir()
    settings.symlink_to(dotfiles)
    cli("agent", "install", "claude-code", cwd=top)
    assert settings.is_symlink()
    assert len(commands(dotfiles)) == len(EVENTS)


def test_a_pipe_in_place_of_the_settings_does_not_hang(cli: Run, top: Path, settings: Path) -> None:
    settings.parent.mkdir()
    os.mkfifo(settings)
    assert "is not a file" in cli("agent", "install", "claude-code", cwd=top).err


def test_the_folder_an_agent_was_moved_to_counts(cli: Run, top: Path, tmp_path: Path, settings: Path) -> None:
    cli("agent", "install", "claude-code", cwd=top, env={"CLAUDE_CONFIG_DIR": str(tmp_path / "moved")})
    assert len(commands(tmp_path / "moved/settings.json")) == len(EVENTS)
    assert not settings.exists()


def test_comments_stay_when_hooks_go_from_settings_that_were_changed_since(cli: Run, top: Path, settings: Path) -> None:
    written(settings, '{\n  // mine\n  "model": "opus" // the best\n}\n')
    cli("agent", "install", "claude-code", cwd=top)
    settings.write_text(settings.read_text() + "// and so on\n")
    cli("agent", "uninstall", "claude-code", cwd=top)
    assert settings.read_text() == '{\n  // mine\n  "model": "opus" // the best\n}\n// and so on\n'


def test_settings_of_one_agent_that_cannot_be_read_do_not_hide_the_others(cli: Run, top: Path, settings: Path) -> None:
    written(settings, "{")
    cli("agent", "install", "codex", cwd=top)
    shown = cli("agent", "--json", cwd=top)
    states = {row["agent"]: row["state"] for row in map(json.loads, shown.out.splitlines())}
    assert (states["claude-code"], states["codex"], states["opencode"]) == ("unreadable", "installed", "absent")
    assert f"warning: '{settings}' is not JSON" in shown.err


WRONG = {
    "an agent by hand": (["install", "droid"], 1, "how the hooks of 'droid' are written"),
    "an agent there is none of": (["install", "nope"], 2, "no agent 'nope'"),
    "no agent": (["uninstall"], 2, "no agent named"),
    "another word": (["mend"], 2, "'mend' is not"),
    "a project there is none of": (["status", "--project", "nowhere"], 2, "no folder 'nowhere'"),
    "a dry run of nothing": (["status", "--dry-run"], 2, "--dry-run goes with"),
}


@pytest.mark.parametrize(("words", "code", "said"), WRONG.values(), ids=WRONG.keys())
def test_wrong_words_are_refused(cli: Run, top: Path, words: list[str], code: int, said: str) -> None:
    answer = cli("agent", *words, cwd=top)
    assert answer.code == code
    assert said in answer.err
