"""The hooks of agents that name their sessions to a repository: put into an agent's own settings, and taken out.

Settings are edited as text (`json_text.py`), so that no other byte of them moves. What was put in, and where, is kept
in `.git/skillgit/agents.json` as offsets and digests, with no word of the settings: as long as nobody has changed the
file since, taking the hooks out gives back the very bytes that were there. A plugin is a file of its own, and never
stands over one that skillgit did not write.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import shlex
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from skillgit.errors import Refused, Unreadable, Unsafe
from skillgit.git.repo import Repo
from skillgit.learn import json_text, sessions, spool
from skillgit.learn.agents import Agent, Plugin
from skillgit.transcripts import sources
from skillgit.transcripts.fields import Fields, fields, text

State = Literal["installed", "outdated", "absent"]
_Place = tuple[str | int, ...]
"""hooks, an event, the number of an entry; and of a group with other hooks as well: hooks, the number in it."""

_HOOKS = "hooks"
_COMMAND = ("command", "bash")
"""What an entry has its command under."""
_OURS = "// Written by 'skillgit agent install"
"""How a plugin of skillgit's begins, of whatever version."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What an install made of a file: digests before and after, and the (offset, length) of what was put in.

    `before` is None where there was no file; so many `folders` above it were made as well.
    """

    before: str | None
    after: str
    spans: tuple[tuple[int, int], ...]
    folders: int


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of a file of settings; None is no file. `origin` is to be remembered with it."""

    file: Path
    before: str | None
    after: str | None
    origin: Origin | None = None

    def diff(self) -> str:
        """The change as a unified diff; "" where nothing changes."""
        old, new = (each.removesuffix("\n").split("\n") if each else [] for each in (self.before, self.after))
        was, will_be = (os.devnull if each is None else str(self.file) for each in (self.before, self.after))
        return "\n".join(difflib.unified_diff(old, new, was, will_be, lineterm=""))


def settings(repo: Repo, agent: Agent | Plugin, *, project: Path | None = None) -> Path:
    """The file that an agent's hooks are in, a user's or a project's, links followed.

    Unsafe where they lead out of the project, the home or the agent's folder.
    """
    there = sessions.machine(Path.cwd())
    top, place = Path(project or sources.folder(agent.root, there)).absolute(), _place(repo, agent, project)
    within = Path(there.home) if not project and top.is_relative_to(there.home) else top
    file = Path(os.path.realpath(top / place))
    if not file.is_relative_to(os.path.realpath(within)):
        raise Unsafe(f"'{top / place}' leads out of '{within}'", hint=f"it is a link to '{file}'")
    return file


def status(repo: Repo, agent: Agent | Plugin, *, project: Path | None = None) -> State:
    """Whether an agent's hooks name its sessions to a repository; `outdated` is otherwise than install has it."""
    file = settings(repo, agent, project=project)
    now = _read(file)
    return "absent" if now is None else _state(file, now, repo, agent)


def install(repo: Repo, agent: Agent | Plugin, *, project: Path | None = None) -> Change:
    """The change after which an agent names its sessions to a repository; nothing is written."""
    file = settings(repo, agent, project=project)
    now = _read(file)
    if now is not None and _state(file, now, repo, agent) == "installed":
        return Change(file, now, now)
    known = _origins(repo).get(str(file))
    folders = known.folders if known else sum(not folder.exists() for folder in file.parents)
    if isinstance(agent, Plugin):
        after = agent.program(spool.words(repo, agent.name))
        return Change(file, now, after, Origin(None, _digest(after), ((0, len(after)),), folders))
    base = None if now is None else _original(repo, agent, file, now)
    start = json.dumps(dict(agent.members), indent=2) + "\n" if base is None else base
    new = json_text.add(start, _HOOKS, {event: agent.entry(_command(repo, agent, event)) for event in agent.events})
    after = json_text.apply(start, new)
    spans = tuple((each.at, len(each.text)) for each in new)
    return Change(file, now, after, Origin(None if base is None else _digest(base), _digest(after), spans, folders))


def uninstall(repo: Repo, agent: Agent | Plugin, *, project: Path | None = None) -> Change:
    """The change after which nothing of a repository's is in an agent's settings; nothing is written."""
    file = settings(repo, agent, project=project)
    now = _read(file)
    if now is None or _state(file, now, repo, agent) == "absent":
        return Change(file, now, now)
    return Change(file, now, None if isinstance(agent, Plugin) else _original(repo, agent, file, now))


def write(repo: Repo, change: Change) -> None:
    """The file is as the change has it, in one step. Refused where somebody has changed it meanwhile."""
    if change.before == change.after:
        return
    if _read(change.file) != change.before:
        raise Refused(f"'{change.file}' was changed meanwhile", hint="try again")
    origins = _origins(repo)
    known = origins.pop(str(change.file), None)
    if change.origin is not None:
        _keep(repo, {**origins, str(change.file): change.origin})
    if change.after is None:
        change.file.unlink()
        for folder in change.file.parents[: known.folders if known else 0]:
            if any(folder.iterdir()):
                break
            folder.rmdir()
    else:
        _put(change.file, change.after)
    if change.origin is None:
        _keep(repo, origins)


def _original(repo: Repo, agent: Agent, file: Path, now: str) -> str | None:
    """The settings without the hooks: the very text that was there, or else what is there now less what is ours."""
    origin = _origins(repo).get(str(file))
    if origin is not None and _digest(now) == origin.after:
        return None if origin.before is None else json_text.undo(now, origin.spans)
    while found := next(_ours(_document(file, now, agent), repo, agent), None):
        now = json_text.cut(now, found[0])
    was_made = origin is not None and origin.before is None
    return None if was_made and json_text.parse(now) == agent.members else now


def _place(repo: Repo, agent: Agent | Plugin, project: Path | None) -> str:
    """Where an agent's hooks are below its folder or a project's; a plugin is named after the repository."""
    if isinstance(agent, Agent):
        return agent.project if project else agent.file
    return f"{agent.project if project else agent.folder}/skillgit-{_digest(str(spool.inbox(repo).resolve()))[:8]}.js"


def _command(repo: Repo, agent: Agent, event: str) -> str:
    return spool.command(repo, agent.name, event)


def _state(file: Path, now: str, repo: Repo, agent: Agent | Plugin) -> State:
    if isinstance(agent, Plugin):
        if not now.startswith(_OURS):
            raise Refused(f"'{file}' was not written by skillgit", hint="move it away")
        return "installed" if now == agent.program(spool.words(repo, agent.name)) else "outdated"
    found = list(_ours(_document(file, now, agent), repo, agent))
    wanted = [(event, _command(repo, agent, event)) for event in agent.events]
    if sorted((event, command) for (_, event, *_), command in found) == sorted(wanted):
        return "installed"
    return "outdated" if found else "absent"


def _document(file: Path, now: str, agent: Agent) -> Fields:
    """The settings as JSON; Unreadable where they are none, or hold other things where hooks belong."""
    try:
        found = json_text.parse(now)
    except (ValueError, RecursionError) as err:
        raise Unreadable(f"'{file}' is not JSON", hint=f"nothing was changed: {err}") from err
    hooks = found.get(_HOOKS, {}) if isinstance(found, dict) else None
    if not isinstance(hooks, dict) or not all(isinstance(hooks.get(event, []), list) for event in agent.events):
        raise Unreadable(f"the hooks in '{file}' are not what they should be", hint="an object of lists, one an event")
    return fields(found)


def _ours(document: Fields, repo: Repo, agent: Agent) -> Iterator[tuple[_Place, str]]:
    """Where each hook is that names an agent's sessions to a repository, and its command, of whatever skillgit."""
    wanted = {str(spool.inbox(repo).resolve()), agent.name}
    return ((place, command) for place, command in _commands(document) if wanted <= set(_words(command)))


def _commands(document: Fields) -> Iterator[tuple[_Place, str]]:
    """Where each hook is, an entry of an event or of a group there, and its command."""
    for event, entries in fields(document.get(_HOOKS)).items():
        for number, entry in enumerate(_items(entries)):
            handlers = _items(fields(entry).get(_HOOKS))
            yield (_HOOKS, event, number), _said(entry)
            for place, handler in enumerate(handlers):
                within = (_HOOKS, place) if len(handlers) > 1 else ()
                yield (_HOOKS, event, number, *within), _said(handler)


def _said(entry: object) -> str:
    """The command of an entry, or ""."""
    return next((said for name in _COMMAND if (said := text(fields(entry).get(name)))), "")


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:  # a quote that is not closed: not written by us
        return []


def _read(file: Path) -> str | None:
    """The text of a file; None where there is none."""
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise Unreadable(f"'{file}' is not a file")
        return file.read_bytes().decode()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as err:
        raise Unreadable(f"'{file}' is not UTF-8", hint="nothing was changed") from err


def _put(file: Path, content: str) -> None:
    """Write a file in one step, and on the disk; its mode is kept, a new one is its owner's."""
    file.parent.mkdir(parents=True, exist_ok=True)
    mode = stat.S_IMODE(file.stat().st_mode) if file.exists() else 0o600
    scratch = file.with_name(f".{file.name}.skillgit-{os.getpid()}")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(content.encode())
            os.fchmod(out.fileno(), mode)
            out.flush()
            os.fsync(out.fileno())
        scratch.replace(file)
    except OSError:
        scratch.unlink(missing_ok=True)
        raise


def _origins(repo: Repo) -> dict[str, Origin]:
    kept = _read(repo.private / "agents.json")
    rows = json.loads(kept) if kept else {}
    return {
        file: Origin(row["before"], row["after"], tuple((at, length) for at, length in row["spans"]), row["folders"])
        for file, row in rows.items()
    }


def _keep(repo: Repo, origins: dict[str, Origin]) -> None:
    place = repo.private / "agents.json"
    if origins:
        _put(place, json.dumps({file: asdict(origin) for file, origin in origins.items()}))
    else:
        place.unlink(missing_ok=True)


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
