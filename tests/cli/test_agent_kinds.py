"""The hooks of each agent: where they go, how they look, and what the agent says to them."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.shop import ADA
from tests.conftest import Run
from tests.transcripts.examples import COPILOT, CURSOR, GEMINI_CLI, QWEN


@pytest.fixture
def top(cli: Run, tmp_path: Path) -> Path:
    cli("init", tmp_path / "a lib")
    return tmp_path / "a lib"


FILES = {
    "claude-code": (".claude/settings.json", ".claude/settings.local.json"),
    "codex": (".codex/hooks.json", ".codex/hooks.json"),
    "gemini": (".gemini/settings.json", ".gemini/settings.json"),
    "copilot": (".copilot/hooks/skillgit.json", ".github/hooks/skillgit.json"),
    "cursor": (".cursor/hooks.json", ".cursor/hooks.json"),
    "qwen": (".qwen/settings.json", ".qwen/settings.json"),
}
HEARD = {
    "codex": ("Stop", {"transcript_path": "/s/rollout-1.jsonl", "session_id": "s1", "hook_event_name": "Stop"}),
    "gemini": ("AfterAgent", {"transcript_path": "/s/1.json", "session_id": "s1", "hook_event_name": "AfterAgent"}),
    "copilot": ("agentStop", {"transcriptPath": "/s/events.jsonl", "sessionId": "s1", "stopReason": "end_turn"}),
    "cursor": ("stop", {"transcript_path": None, "conversation_id": "s1", "hook_event_name": "stop"}),
    "qwen": ("Stop", {"transcript_path": "/s/1.jsonl", "session_id": "s1", "hook_event_name": "Stop"}),
}


def entry(settings: Path, event: str) -> dict[str, object]:
    """The hook that an agent has under an event, out of its group where there is one."""
    [found] = json.loads(settings.read_text())["hooks"][event]
    [hook] = found.get("hooks", [found])
    return dict(hook)


@pytest.mark.parametrize(("name", "event", "said"), [(name, *row) for name, row in HEARD.items()], ids=HEARD)
def test_what_an_agent_says_to_its_hook_is_understood(
    cli: Run, top: Path, name: str, event: str, said: dict[str, object]
) -> None:
    assert cli("agent", "install", name, cwd=top).code == 0
    hook = entry(Path.home() / FILES[name][0], event)
    command = str(hook.get("command") or hook["bash"])
    subprocess.run(["sh", "-c", command], input=json.dumps(said).encode(), capture_output=True, check=True)
    line = json.loads((top / ".git/skillgit/spool/inbox").read_text())
    path = said.get("transcript_path") or said.get("transcriptPath") or ""
    assert (line["agent"], line["path"], line["session"], line["event"]) == (name, path, "s1", event)


CODEX = (
    {"type": "session_meta", "payload": {"id": "9ac1dc4f-27", "cwd": "/src/app"}},
    {"type": "response_item", "payload": {"type": "message", "role": "user", "content": [{"text": "Hello?"}]}},
)
KEPT = {  # the session of an agent: where it lies, what is in it, the last event, what the agent says of it
    "codex": (".codex/sessions/2026/11/22/rollout-9ac1dc4f-27.jsonl", CODEX, "SessionEnd", "transcript_path"),
    "gemini": (".gemini/tmp/app/chats/session-1.json", GEMINI_CLI, "SessionEnd", "transcript_path"),
    "copilot": (".copilot/session-state/9ac1dc4f-27/events.jsonl", COPILOT, "sessionEnd", "sessionId"),
    "cursor": (
        ".cursor/projects/app/agent-transcripts/9ac1dc4f-27/9ac1dc4f-27.jsonl",
        CURSOR,
        "sessionEnd",
        "conversation_id",
    ),
    "qwen": (".qwen/projects/app/chats/9ac1dc4f-27.jsonl", QWEN, "SessionEnd", "transcript_path"),
}


@pytest.mark.parametrize(("name", "row"), KEPT.items(), ids=KEPT)
def test_a_session_that_an_agent_names_at_its_end_is_read(
    cli: Run, top: Path, name: str, row: tuple[str, object, str, str]
) -> None:
    stored, held, event, word = row
    file = Path.home() / stored
    file.parent.mkdir(parents=True)
    file.write_text("\n".join(map(json.dumps, held)) if isinstance(held, tuple) else json.dumps(held))
    cli("agent", "install", name, cwd=top)
    hook = entry(Path.home() / FILES[name][0], event)
    said = {word: str(file) if word == "transcript_path" else "9ac1dc4f-27"}
    command = str(hook.get("command") or hook["bash"])
    subprocess.run(["sh", "-c", command], input=json.dumps(said).encode(), capture_output=True, check=True)
    done = cli("work", "--offline", "--json", cwd=top, env=ADA)
    assert (done.code, json.loads(done.out)["source"]) == (0, str(file))
    assert done.err.endswith("1 nothing, 0 failed\n")


SHAPES = {
    "codex": {"type": "command", "timeout": 3},
    "gemini": {"type": "command", "timeout": 10_000},
    "copilot": {"type": "command", "timeoutSec": 10},
    "cursor": {"timeout": 10},
    "qwen": {"type": "command", "timeout": 10_000},
}


@pytest.mark.parametrize(("name", "shape"), SHAPES.items(), ids=SHAPES)
def test_each_agent_has_its_hooks_as_it_wants_them(cli: Run, top: Path, name: str, shape: dict[str, object]) -> None:
    cli("agent", "install", name, cwd=top)
    settings = Path.home() / FILES[name][0]
    hook = entry(settings, HEARD[name][0])
    assert {key: value for key, value in hook.items() if key not in ("command", "bash")} == shape
    assert json.loads(settings.read_text()).get("version") == (1 if name in ("copilot", "cursor") else None)


@pytest.mark.parametrize("name", FILES)
def test_the_hooks_of_a_project_go_into_the_project_and_leave_no_trace(
    cli: Run, top: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "app").mkdir()
    there = ("--project", str(tmp_path / "app"))
    told = cli("agent", "install", name, *there, cwd=top)
    assert "keep it out of the project's commits" in told.err
    assert (tmp_path / "app" / FILES[name][1]).is_file()
    assert json.loads(cli("agent", "status", name, "--json", cwd=top).out)["state"] == "absent"
    assert json.loads(cli("agent", "status", name, "--json", *there, cwd=top).out)["state"] == "installed"
    cli("agent", "uninstall", name, *there, cwd=top)
    assert list((tmp_path / "app").iterdir()) == []


@pytest.mark.parametrize("name", FILES)
def test_settings_that_were_there_come_back_byte_for_byte(cli: Run, top: Path, name: str) -> None:
    settings = Path.home() / FILES[name][0]
    settings.parent.mkdir(parents=True)
    event = HEARD.get(name, ("Stop",))[0]
    settings.write_text(
        f'{{"version": 1, "other": {{"b": [1]}},\n "hooks": {{"{event}": [{{"command": "say done"}}]}}}}'
    )
    before = settings.read_bytes()
    cli("agent", "install", name, cwd=top)
    assert json.loads(settings.read_text())["hooks"][event][0] == {"command": "say done"}
    cli("agent", "uninstall", name, cwd=top)
    assert settings.read_bytes() == before


@pytest.fixture
def plugin(cli: Run, top: Path) -> Path:
    cli("agent", "install", "opencode", cwd=top)
    return Path(json.loads(cli("agent", "status", "opencode", "--json", cwd=top).out)["file"])


RESTS = {
    "idle": {"type": "session.idle", "properties": {"sessionID": "ses_1"}},
    "a status of idle": {"type": "session.status", "properties": {"sessionID": "ses_1", "status": {"type": "idle"}}},
}


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node to run the plugin")
@pytest.mark.parametrize("event", RESTS.values(), ids=RESTS)
def test_the_plugin_names_a_session_that_rests_and_no_other(plugin: Path, top: Path, event: dict[str, object]) -> None:
    busy = {"type": "session.status", "properties": {"sessionID": "ses_2", "status": {"type": "busy"}}}
    run = f"""
        const {{ SkillgitPlugin }} = await import("file://{plugin}")
        const hooks = await SkillgitPlugin({{}})
        for (const event of {json.dumps([busy, {"type": "session.created"}, event])}) await hooks.event({{ event }})
    """
    subprocess.run(["node", "--input-type=module", "-e", run], check=True, capture_output=True, timeout=30)
    inbox = top / ".git/skillgit/spool/inbox"
    ends = time.monotonic() + 10
    while not inbox.exists() or not inbox.read_bytes():
        assert time.monotonic() < ends
        time.sleep(0.02)
    [line] = map(json.loads, inbox.read_text().splitlines())
    assert (line["agent"], line["session"], line["event"]) == ("opencode", "ses_1", event["type"])


def test_a_plugin_comes_and_goes_and_a_file_of_that_name_that_is_not_ours_stays(
    cli: Run, top: Path, plugin: Path
) -> None:
    state = ("agent", "status", "opencode", "--json")
    assert json.loads(cli(*state, cwd=top).out)["state"] == "installed"
    assert cli("agent", "install", "opencode", cwd=top).err == "nothing to do: installed already\n"
    plugin.write_text(plugin.read_text() + "// of an older skillgit\n")
    assert json.loads(cli(*state, cwd=top).out)["state"] == "outdated"
    cli("agent", "uninstall", "opencode", cwd=top)
    assert not plugin.parent.parent.exists()
    plugin.parent.mkdir(parents=True)
    plugin.write_text("export const mine = 1\n")
    assert "was not written by skillgit" in cli("agent", "install", "opencode", cwd=top).err
    assert "was not written by skillgit" in cli("agent", "uninstall", "opencode", cwd=top).err
    assert plugin.read_text() == "export const mine = 1\n"
