"""A conversation on the command line: what is typed is said, or is a command, and what comes of it is shown."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from skillgit.changes import skill as skills
from skillgit.chat import commands, options
from skillgit.chat.commands import COMMANDS, Command
from skillgit.chat.event import Answered, Event, Piece, Retrieved, Unanswered
from skillgit.chat.learning import Background
from skillgit.chat.session import Session
from skillgit.cli import app, chat_lines, output
from skillgit.cli.chat_face import Pipe, answering
from skillgit.errors import SkillgitError, Unreadable, UsageError

LARGEST: Final = 2 << 20
"""Bytes of a file that are one message."""
_CLIPBOARDS = (
    ("pbpaste",),
    ("wl-paste", "--no-newline"),
    ("xclip", "-o", "-selection", "clipboard"),
    ("xsel", "-b", "-o"),
)


@dataclass(slots=True)
class Talk:
    """A conversation under way; `failed` says whether an answer did not come."""

    session: Session
    background: Background
    face: Pipe
    failed: bool = False

    def answer(self, events: Generator[Event, None, None]) -> None:
        """The answer is shown as it comes; an interruption ends it, and nothing else."""
        try:
            with answering(), closing(events):
                said = False
                for event in events:
                    said = self._show(event, said=said)
        except KeyboardInterrupt:
            if not self.face.live:
                raise
            output.say()
            chat_lines.quietly("stopped")
        self.settle()

    def settle(self) -> None:
        """What was learned so far is shown; of a pipe, what is being learned, too."""
        if not self.face.live:
            self.background.wait()
        self.face.tell()

    def _show(self, event: Event, *, said: bool) -> bool:
        """Show an event, where an answer was begun or not; whether one is begun."""
        match event:
            case Retrieved():
                chat_lines.show_retrieved(event)
            case Piece():
                output.piece(event.text)
                return True
            case Answered():
                output.say()
            case Unanswered() if self.session.room.model is not None:
                if said:
                    output.say()
                output.complain(event.reason, hint=event.hint)
                self.failed = True
        return said


def run(talk: Talk) -> None:
    """Talk until the user leaves."""
    while True:
        try:
            typed = talk.face.read()
            command = commands.parse(typed)
            if command and command.name == "exit":
                return
            if command:
                _RUN[command.name](talk, command)
            elif typed.strip():
                talk.answer(talk.session.say(typed.strip()))
        except EOFError:
            return
        except KeyboardInterrupt:  # it drops the line that is being typed, or ends a command
            if not talk.face.live:
                raise
        except SkillgitError as err:
            output.complain(err.message, hint=err.hint)


def _help(talk: Talk, command: Command) -> None:
    output.table([(f"/{row.name} {row.argument}".rstrip(), row.help) for row in COMMANDS], headers=("Command", "Does"))
    chat_lines.quietly("Enter sends, Alt-Enter begins another line, Ctrl-C stops an answer, Ctrl-D leaves")


def _skills(talk: Talk, command: Command) -> None:
    room = talk.session.room
    commit = room.repo.tip("HEAD")
    seen = skills.visible(room.repo.skills(commit), user=room.user, scope=talk.session.options.scope)
    found = [(path, skills.readable(room.repo, commit, path)) for path in sorted(seen)]
    rows = [
        (skills.shown(path), each.version or "-", " ".join(each.description.split())) for path, each in found if each
    ]
    output.table(rows, headers=("Skill", "Version", "Description"))
    if not rows:
        output.note("no skills yet")


def _search(talk: Talk, command: Command) -> None:
    chosen = talk.session.options
    limit = ["--limit", str(chosen.limit)] if chosen.limit else []
    least = ["--min-score", str(chosen.min_score)] if chosen.min_score is not None else []
    _skillgit(
        "search", "--user", talk.session.room.user, "--scope", chosen.scope, *limit, *least, "--", command.argument
    )


def _write(talk: Talk, command: Command) -> None:
    folder = _path(command.argument)
    _skillgit("export", "--all", "--user", talk.session.room.user, "--", str(folder))


def _log(talk: Talk, command: Command) -> None:
    _skillgit("log", *(command.words or ["-n", "10"]))


def _of_skill(name: str) -> Callable[[Talk, Command], None]:
    """A command of skillgit's about a skill, which is the one that was learned last where none is named."""

    def run_it(talk: Talk, command: Command) -> None:
        words = command.words or _last(talk)
        if not words:
            raise UsageError("nothing was learned here yet", hint=f"name a skill: /{command.name} SKILL")
        _skillgit(name, *words)

    return run_it


def _last(talk: Talk) -> list[str]:
    """The skill that the conversation taught last, if any."""
    return next(([each.skill] for each in reversed(talk.session.lessons) if each.skill), [])


def _review(talk: Talk, command: Command) -> None:
    _skillgit("review", *command.words)


def _change(name: str) -> Callable[[Talk, Command], None]:
    """A command that changes an option."""

    def change(talk: Talk, command: Command) -> None:
        talk.session.configure(options.change(talk.session.options, **{name: command.argument}))
        chat_lines.quietly(f"{name} is {getattr(talk.session.options, name)}")

    return change


def _extract(talk: Talk, command: Command) -> None:
    talk.session.extract(command.argument or None)
    chat_lines.quietly("learning from the conversation")
    talk.settle()


def _again(talk: Talk, command: Command) -> None:
    talk.answer(talk.session.again())


def _paste(talk: Talk, command: Command) -> None:
    lines: list[str] = []
    while (line := talk.face.read("")).strip() not in ("/end", "/cancel"):
        lines.append(line)
    if line.strip() == "/end" and "".join(lines).strip():
        talk.answer(talk.session.say("\n".join(lines)))


def _file(talk: Talk, command: Command) -> None:
    path = _path(command.argument)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as err:
        raise Unreadable(f"cannot read '{path}': {(err.strerror or '').lower()}") from err
    _say(talk, content, of=f"'{path}'")


def _clip(talk: Talk, command: Command) -> None:
    program = next((words for words in _CLIPBOARDS if shutil.which(words[0])), None)
    if program is None:
        raise UsageError("no program to read the clipboard", hint="install wl-clipboard, xclip or xsel")
    _say(talk, subprocess.run(program, capture_output=True, check=False).stdout, of="the clipboard")


def _say(talk: Talk, content: bytes, *, of: str) -> None:
    if len(content) > LARGEST:
        raise Unreadable(f"{of} has more than {LARGEST >> 20} MiB")
    try:
        text = content.decode().strip()
    except UnicodeDecodeError as err:
        raise Unreadable(f"{of} is no text") from err
    if not text:
        raise Unreadable(f"{of} is empty")
    talk.answer(talk.session.say(text))


def _clear(talk: Talk, command: Command) -> None:
    talk.session.clear()
    chat_lines.quietly("a new conversation; the old one is in 'skillgit chat --list'")


def _path(typed: str) -> Path:
    """A path as it is typed, with ~ and variables."""
    return Path(os.path.expandvars(typed)).expanduser()


def _skillgit(*words: str) -> None:
    """Run a command of skillgit's, which says itself what goes wrong."""
    app.main(words)


_RUN: Mapping[str, Callable[[Talk, Command], None]] = {
    "help": _help,
    "skills": _skills,
    "search": _search,
    "export": _of_skill("show"),
    "write": _write,
    "log": _log,
    "diff": _of_skill("diff"),
    "why": _of_skill("why"),
    "review": _review,
    "undo": _of_skill("revert"),
    "scope": _change("scope"),
    "rewrite": _change("rewrite"),
    "extract": _change("learn"),
    "extract_every": _change("every"),
    "extract_now": _extract,
    "again": _again,
    "paste": _paste,
    "file": _file,
    "clip": _clip,
    "clear": _clear,
}
