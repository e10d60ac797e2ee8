"""What a person types in a conversation: a message, or a command that begins with a slash. Pure.

    /scope common      a command        also with the full-width slash of Chinese keyboards, ／scope
    /etc/hosts: why?   no command, and said so; behind a space it is a message

A command is a row of COMMANDS. What has several lines is a message, whatever it begins with.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from skillgit.errors import UsageError

_SLASHES = ("/", "／")


@dataclass(frozen=True, slots=True)
class Row:
    """One command: what the user types, what stands behind it, what it does.

    A `bare` one is also taken without its slash, where nothing stands behind it.
    """

    name: str
    argument: str
    help: str
    bare: bool = False
    aliases: tuple[str, ...] = ()


COMMANDS: Final = (
    Row("help", "", "show the commands", bare=True),
    Row("skills", "", "list your skills and the common ones", bare=True),
    Row("search", "QUERY", "find the skills for a task"),
    Row("export", "SKILL", "print a skill's SKILL.md", aliases=("show",)),
    Row("write", "DIR", "write your skills to a folder"),
    Row("log", "[SKILL]", "show the decisions, newest first"),
    Row("diff", "[SKILL [V1..V2]]", "show what changed in a skill"),
    Row("why", "[SKILL[:LINE]]", "show whose words a skill rests on"),
    Row("review", "[ARG...]", "go through the decisions that wait, or as 'skillgit review'"),
    Row("undo", "[SKILL]", "take back the last change of a skill"),
    Row("scope", "user|common|all", "say which skills are searched"),
    Row("rewrite", "rule|model|never", "say how a query is made of the conversation"),
    Row("extract", "auto|always|never", "say when the conversation is learned from"),
    Row("extract_every", "N", "with auto: learn after so many messages"),
    Row("extract_now", "[HINT]", "learn from the conversation now", bare=True),
    Row("again", "", "answer the last message anew"),
    Row("paste", "", "say several lines, up to /end; /cancel drops them"),
    Row("file", "PATH", "say what is in a file"),
    Row("clip", "", "say what is in the clipboard"),
    Row("clear", "", "begin a new conversation", bare=True),
    Row("exit", "", "leave", bare=True, aliases=("quit",)),
)
_BY_NAME = {name: row for row in COMMANDS for name in (row.name, *row.aliases)}


@dataclass(frozen=True, slots=True)
class Command:
    """A command that was typed, with what stands behind it on the line."""

    row: Row
    argument: str

    @property
    def name(self) -> str:
        """The command's own name, whatever alias was typed."""
        return self.row.name

    @property
    def words(self) -> list[str]:
        """What stands behind it, as a shell splits it; UsageError for a quotation that is not closed."""
        try:
            return shlex.split(self.argument)
        except ValueError as err:
            raise UsageError(f"cannot read '{self.argument}': {str(err).lower()}") from err


def parse(typed: str) -> Command | None:
    """The command that a text is, None where it is a message. Raises UsageError for a command that there is not."""
    line = typed.rstrip()
    name, _, argument = line.partition(" ")
    bare = _BY_NAME.get(name.lower())
    if bare and bare.bare and not argument:
        return Command(bare, "")
    if not line.startswith(_SLASHES) or "\n" in line or len(line) == 1:
        return None
    row = _BY_NAME.get(name[1:].lower().replace("-", "_"))
    if row is None:
        raise UsageError(f"no command '{name}'", hint=_hint(name[1:]))
    argument = argument.strip()
    if argument and not row.argument:
        raise UsageError(f"'/{row.name}' takes nothing behind it")
    if not argument and row.argument and not row.argument.startswith("["):
        raise UsageError(f"'/{row.name}' takes {row.argument}")
    return Command(row, argument)


def _hint(name: str) -> str:
    near = get_close_matches(name, _BY_NAME, n=1)
    start = f"did you mean '/{near[0]}'?" if near else "'/help' lists them"
    return f"{start}\na space in front makes it a message"
