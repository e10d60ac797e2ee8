"""The table of agents whose session files skillgit finds by itself, and where each keeps them.

A new agent is a row of `SOURCES`; docs/transcripts.md shows the same table, and a test compares them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from skillgit.errors import UsageError


@dataclass(frozen=True, slots=True)
class Root:
    """A folder by its candidates, of which the first counts whose `{NAME}`s are all known.

    `{HOME}` and `{PROJECT}` always are, any other name is a variable of the environment.
    `darwin` and `win32` stand in for `anywhere` on these systems, where they differ.
    """

    anywhere: tuple[str, ...]
    darwin: tuple[str, ...] = ()
    win32: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Session files: those below `root` that the glob `pattern` matches; `format` is what they are in.

    A folder that matches is one session, of which each file is an event.
    """

    root: Root
    pattern: str
    format: str


@dataclass(frozen=True, slots=True)
class Source:
    """An agent by the name `--agent` takes, and the places of its sessions."""

    name: str
    about: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Machine:
    """What decides where files lie: `platform` is that of `sys.platform`, `project` the folder being worked in."""

    home: str
    project: str
    platform: str
    environ: Mapping[str, str]


_HOME = Root(("{HOME}",))
_PROJECT = Root(("{PROJECT}",))
_DATA = Root(("{XDG_DATA_HOME}", "{HOME}/.local/share"))
_APP = Root(
    ("{XDG_CONFIG_HOME}", "{HOME}/.config"),
    darwin=("{HOME}/Library/Application Support",),
    win32=("{APPDATA}", "{HOME}/AppData/Roaming"),
)
_CLAUDE = Root(("{CLAUDE_CONFIG_DIR}", "{HOME}/.claude"))
_CODEX = Root(("{CODEX_HOME}", "{HOME}/.codex"))
_COPILOT = Root(("{COPILOT_HOME}", "{HOME}/.copilot"))
_GOOSE = Root(
    ("{GOOSE_PATH_ROOT}/data", "{XDG_DATA_HOME}/goose", "{HOME}/.local/share/goose"),
    darwin=("{GOOSE_PATH_ROOT}/data", "{HOME}/Library/Application Support/Block/goose"),
    win32=("{GOOSE_PATH_ROOT}/data", "{APPDATA}/Block/goose/data", "{HOME}/AppData/Roaming/Block/goose/data"),
)
_HERMES = Root(("{HERMES_HOME}", "{HOME}/.hermes"))
_PI = Root(("{PI_CODING_AGENT_DIR}", "{HOME}/.pi/agent"))
_OPENCLAW = Root(("{OPENCLAW_STATE_DIR}", "{HOME}/.openclaw"))
_QWEN = Root(("{QWEN_HOME}", "{HOME}/.qwen"))

_EXTENSIONS = "Code/User/globalStorage"

SOURCES: tuple[Source, ...] = (
    Source("claude-code", "Claude Code", (Place(_CLAUDE, "projects/*/*.jsonl", "claude-code"),)),
    Source(
        "codex",
        "Codex",
        (
            Place(_CODEX, "sessions/*/*/*/rollout-*.jsonl", "codex"),
            Place(_CODEX, "archived_sessions/**/rollout-*.jsonl", "codex"),
        ),
    ),
    Source(
        "gemini",
        "Gemini CLI",
        (
            Place(_HOME, ".gemini/tmp/*/chats/*.json", "gemini-cli"),
            Place(_HOME, ".gemini/tmp/*/chats/*.jsonl", "gemini-cli"),
        ),
    ),
    Source(
        "copilot",
        "GitHub Copilot CLI",
        (
            Place(_COPILOT, "session-state/*/events.jsonl", "copilot-cli"),
            Place(_COPILOT, "session-state/*.jsonl", "copilot-cli"),
        ),
    ),
    Source(
        "vscode",
        "Copilot Chat in VS Code",
        (
            Place(_APP, "Code*/User/workspaceStorage/*/chatSessions/*.jsonl", "vscode-chat"),
            Place(_APP, "Code*/User/workspaceStorage/*/chatSessions/*.json", "vscode-chat"),
            Place(_APP, "Code*/User/globalStorage/emptyWindowChatSessions/*.json*", "vscode-chat"),
        ),
    ),
    Source(
        "cursor",
        "Cursor",
        (
            Place(_HOME, ".cursor/projects/*/agent-transcripts/*.jsonl", "cursor"),
            Place(_HOME, ".cursor/projects/*/agent-transcripts/*/*.jsonl", "cursor"),
            Place(_APP, "Cursor/User/globalStorage/state.vscdb", "cursor-store"),
        ),
    ),
    Source("opencode", "opencode", (Place(_DATA, "opencode/opencode*.db", "opencode-store"),)),
    Source(
        "openhands",
        "OpenHands",
        (
            Place(_HOME, ".openhands/conversations/*/events", "openhands"),
            Place(_HOME, ".openhands/agent-canvas/*conversations/*/events", "openhands"),
            Place(_HOME, ".openhands/sessions/*/events", "openhands"),
        ),
    ),
    Source("pi", "Pi", (Place(_PI, "sessions/**/*.jsonl", "pi"),)),
    Source("openclaw", "OpenClaw", (Place(_OPENCLAW, "agents/*/sessions/*.jsonl", "pi"),)),
    Source("omp", "Oh My Pi", (Place(_HOME, ".omp/agent/sessions/**/*.jsonl", "pi"),)),
    Source(
        "hermes",
        "Hermes",
        (
            Place(_HERMES, "state.db", "hermes-store"),
            Place(_HERMES, "sessions/*.json", "hermes"),
        ),
    ),
    Source("droid", "Factory Droid", (Place(_HOME, ".factory/sessions/**/*.jsonl", "droid"),)),
    Source("letta", "Letta Code", (Place(_HOME, ".letta/transcripts/*/*/transcript.jsonl", "letta-code"),)),
    Source("goose", "Goose", (Place(_GOOSE, "sessions/sessions.db", "goose-store"),)),
    Source(
        "cline",
        "Cline and Roo Code in VS Code",
        (
            Place(_APP, f"{_EXTENSIONS}/saoudrizwan.claude-dev/tasks/*/api_conversation_history.json", "cline"),
            Place(_APP, f"{_EXTENSIONS}/rooveterinaryinc.roo-cline/tasks/*/api_conversation_history.json", "cline"),
        ),
    ),
    Source("deepagents", "Deep Agents", (Place(_HOME, ".deepagents/sessions.db", "deepagents-store"),)),
    Source("qwen", "Qwen Code", (Place(_QWEN, "projects/*/chats/*.jsonl", "qwen"),)),
    Source("aider", "aider", (Place(_PROJECT, ".aider.chat.history.md", "aider"),)),
    Source("specstory", "SpecStory", (Place(_PROJECT, ".specstory/history/*.md", "specstory"),)),
)


def named(name: str) -> Source:
    """The source of this name. Raises UsageError where there is none."""
    for row in SOURCES:
        if row.name == name:
            return row
    raise UsageError(f"no agent '{name}'", hint=f"one of: {', '.join(row.name for row in SOURCES)}")


def folder(root: Root, machine: Machine) -> str:
    """The folder that a root is on this machine, whether it exists or not; an empty variable counts as unset."""
    candidates = {"darwin": root.darwin, "win32": root.win32}.get(machine.platform) or root.anywhere
    known = {**machine.environ, "HOME": machine.home, "PROJECT": machine.project}
    return next(candidate.format_map(known) for candidate in candidates if _is_known(candidate, known))


def _is_known(candidate: str, known: Mapping[str, str]) -> bool:
    name = candidate.partition("{")[2].partition("}")[0]
    return bool(known.get(name))
