"""The table of agents that read skills from a folder, and where that folder is.

A new agent is a row of `AGENTS`; docs/agents-folders.md shows the same table, and a test compares them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from skillgit.errors import Refused, Unsafe, UsageError
from skillgit.git import worktree
from skillgit.git.repo import Repo
from skillgit.learn import sessions
from skillgit.transcripts import sources
from skillgit.transcripts.sources import Root

Scope = Literal["user", "project"]


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent by its name here, the folder of a project that it reads skills from, and the one of a home.

    `also` is what else people and other tools call it.
    """

    name: str
    about: str
    project: str
    user: Root
    also: tuple[str, ...] = ()


def _config(folder: str) -> Root:
    return Root((f"{{XDG_CONFIG_HOME}}/{folder}", f"{{HOME}}/.config/{folder}"))


AGENTS = (
    Agent(
        "claude",
        "Claude Code",
        ".claude/skills",
        Root(("{CLAUDE_CONFIG_DIR}/skills", "{HOME}/.claude/skills")),
        also=("claude-code",),
    ),
    Agent("codex", "Codex", ".agents/skills", Root(("{HOME}/.agents/skills",))),
    Agent("gemini", "Gemini CLI", ".gemini/skills", Root(("{HOME}/.gemini/skills",)), also=("gemini-cli",)),
    Agent("cursor", "Cursor", ".cursor/skills", Root(("{HOME}/.cursor/skills",))),
    Agent(
        "copilot",
        "GitHub Copilot",
        ".github/skills",
        Root(("{COPILOT_HOME}/skills", "{HOME}/.copilot/skills")),
        also=("github-copilot",),
    ),
    Agent("agents", "whatever reads .agents/skills", ".agents/skills", Root(("{HOME}/.agents/skills",))),
    Agent("opencode", "opencode", ".opencode/skills", _config("opencode/skills")),
    Agent("amp", "Amp", ".agents/skills", _config("agents/skills")),
    Agent("goose", "Goose", ".goose/skills", _config("goose/skills")),
    Agent("windsurf", "Windsurf", ".windsurf/skills", Root(("{HOME}/.codeium/windsurf/skills",))),
    Agent("droid", "Factory Droid", ".factory/skills", Root(("{HOME}/.factory/skills",))),
    Agent("pi", "Pi", ".pi/skills", Root(("{PI_CODING_AGENT_DIR}/skills", "{HOME}/.pi/agent/skills"))),
    Agent("openhands", "OpenHands", ".openhands/skills", Root(("{HOME}/.openhands/skills",))),
    Agent(
        "qwen", "Qwen Code", ".qwen/skills", Root(("{QWEN_HOME}/skills", "{HOME}/.qwen/skills")), also=("qwen-code",)
    ),
    Agent("hermes", "Hermes", ".hermes/skills", Root(("{HERMES_HOME}/skills", "{HOME}/.hermes/skills"))),
)


def named(name: str) -> Agent:
    """The agent of this name; UsageError where there is none."""
    found = next((agent for agent in AGENTS if name in (agent.name, *agent.also)), None)
    if found is None:
        raise UsageError(f"no agent '{name}'", hint=f"one of: {', '.join(agent.name for agent in AGENTS)}")
    return found


def folder(agent: Agent, scope: Scope, project: Path) -> Path:
    """The folder that an agent reads skills from, links followed, whether it is there or not.

    Unsafe where links lead out of the project or the home. A folder that a variable names is taken at its word.
    """
    machine = sessions.machine(project)
    said = project / agent.project if scope == "project" else Path(sources.folder(agent.user, machine))
    home = project if scope == "project" else Path(machine.home)
    top = home if said.is_relative_to(home) else said.parent
    found = Path(os.path.realpath(said))
    if not found.is_relative_to(os.path.realpath(top)):
        raise Unsafe(f"'{said}' leads out of '{top}'", hint=f"it is a link to '{found}'")
    return found


def refuse_own(repo: Repo, found: Path) -> None:
    """Refused where an agent's folder is one in which the repository keeps its skills itself."""
    for top in worktree.every(repo):
        inside = found.relative_to(top.resolve()) if found.is_relative_to(top.resolve()) else Path()
        if inside.parts[:1] in (("Users",), ("Common",), (".git",)):
            raise Refused(f"'{found}' is '{inside}' of the repository itself", hint="its skills are there already")
