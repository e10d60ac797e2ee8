"""The table of agents that have hooks, and how each has them written; a new agent is a row of `AGENTS`.

docs/agents.md says what each row was held against. Putting hooks in and taking them out is `agent_settings.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from skillgit.errors import Refused, UsageError
from skillgit.transcripts import sources
from skillgit.transcripts.sources import Root

BY_HAND = ("droid",)
"""Agents that have hooks, whose settings skillgit does not write."""

_SECONDS = 10
"""So long an agent waits for the hook, which takes 20 ms; Claude Code kills a SessionEnd without a number at 1.5 s."""
_CODEX_SECONDS = 3
"""The most that Codex grants a SessionEnd."""

_HOME = Root(("{HOME}",))
_CONFIG = Root(("{XDG_CONFIG_HOME}", "{HOME}/.config"))

_PACKAGE = Path(__file__).parents[1]
_INSTALLED, _CHECKOUT = _PACKAGE / "_templates", _PACKAGE.parent / "templates"


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent by its name in `sources`, its settings, the events it is to tell of, and what it has under each.

    `file` is that of the user below `root`, `project` that below a project's folder. `entry` makes what stands in the
    array of an event out of a command. `members` are those that a file of hooks has besides. `remark` is what is left
    to the user.
    """

    name: str
    root: Root
    file: str
    project: str
    events: tuple[str, ...]
    entry: Callable[[str], object]
    members: Mapping[str, object] = field(default_factory=dict)
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Plugin:
    """An agent whose hooks are a program of its own: `folder` has it for a user, `project` for a project."""

    name: str
    root: Root
    folder: str
    project: str
    template: str
    remark: str = ""

    def program(self, words: Sequence[str]) -> str:
        """The program that runs a command where a session comes to rest."""
        templates = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
        text = (templates / "agents" / self.template).read_text("utf-8")
        return text.replace("@COMMAND@", json.dumps(list(words)))


def _group(timeout: int) -> Callable[[str], object]:
    """An entry of a group of hooks, as Claude Code has them; some agents count in milliseconds."""
    return lambda command: {"hooks": [{"type": "command", "command": command, "timeout": timeout}]}


def _copilot(command: str) -> object:
    return {"type": "command", "bash": command, "timeoutSec": _SECONDS}


def _cursor(command: str) -> object:
    return {"command": command, "timeout": _SECONDS}


def _own(agent: str) -> Root:
    """The folder below which an agent has its sessions, and its settings too."""
    return sources.named(agent).places[0].root


_CLAUDE_EVENTS = ("SessionEnd", "PreCompact", "Stop")
_RESTART = "restart {} to have it read them"

AGENTS: tuple[Agent | Plugin, ...] = (
    Agent(
        "claude-code",
        _own("claude-code"),
        "settings.json",
        ".claude/settings.local.json",
        _CLAUDE_EVENTS,
        _group(_SECONDS),
    ),
    Agent(
        "codex",
        _own("codex"),
        "hooks.json",
        ".codex/hooks.json",
        _CLAUDE_EVENTS,
        _group(_CODEX_SECONDS),
        remark="Codex runs hooks that you trust: '/hooks' in Codex asks",
    ),
    Agent(
        "gemini",
        _HOME,
        ".gemini/settings.json",
        ".gemini/settings.json",
        ("SessionEnd", "PreCompress", "AfterAgent"),
        _group(1000 * _SECONDS),
        remark=_RESTART.format("Gemini CLI"),
    ),
    Agent(
        "copilot",
        _own("copilot"),
        "hooks/skillgit.json",
        ".github/hooks/skillgit.json",
        ("sessionEnd", "preCompact", "agentStop"),
        _copilot,
        {"version": 1},
        _RESTART.format("Copilot"),
    ),
    Agent(
        "cursor",
        _HOME,
        ".cursor/hooks.json",
        ".cursor/hooks.json",
        ("sessionEnd", "preCompact", "stop"),
        _cursor,
        {"version": 1},
        _RESTART.format("Cursor"),
    ),
    Agent(
        "qwen",
        _own("qwen"),
        "settings.json",
        ".qwen/settings.json",
        _CLAUDE_EVENTS,
        _group(1000 * _SECONDS),
        remark=_RESTART.format("Qwen Code"),
    ),
    Plugin(
        "opencode", _CONFIG, "opencode/plugins", ".opencode/plugins", "opencode.js", remark=_RESTART.format("opencode")
    ),
)


def named(name: str) -> Agent | Plugin:
    """The agent of this name; Refused where its hooks are to be written by hand."""
    agent = next((agent for agent in AGENTS if agent.name == name), None)
    if agent is not None:
        return agent
    if name in BY_HAND:
        hint = f"'skillgit work --hook {name}' prints the command to put there by hand"
        raise Refused(f"skillgit does not know how the hooks of '{name}' are written", hint=hint)
    known = ", ".join(agent.name for agent in AGENTS)
    raise UsageError(f"no agent '{name}' with hooks", hint=f"one of: {known}; by hand: {', '.join(BY_HAND)}")
