"""The table of commands, and the one place where errors become words and exit codes.

A command is a row below and a module `skillgit.cli.NAME` with one public function of that
name, whose signature typer reads. Only the module of the command that runs is imported.
"""

from __future__ import annotations

import builtins
import keyword
import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from skillgit import __version__
from skillgit.cli import output
from skillgit.errors import SkillgitError, UsageError

if TYPE_CHECKING:
    from typer._click import (
        Command,
        Context,
        HelpFormatter,
    )  # typer brings its own click and gives these no public name


@dataclass(frozen=True, slots=True)
class Row:
    """One command: the heading it stands under, what the user types, what it does."""

    group: str
    name: str
    help: str

    @property
    def module(self) -> str:
        """The command's module under `skillgit.cli` and the function in it: `merge_driver`, `list_`."""
        name = self.name.replace("-", "_")
        return f"{name}_" if keyword.iskeyword(name) or hasattr(builtins, name) or name in _SHARED else name


COMMANDS = (
    Row("set up", "init", "create a skill repository, or adopt one"),
    Row("set up", "clone", "clone a skill repository, and set it up"),
    Row("set up", "doctor", "check the repository, and mend it"),
    Row("set up", "hooks", "show, install or uninstall git's hooks"),
    Row("set up", "agent", "have an agent name its sessions to this repository"),
    Row("set up", "config", "show the settings and where they come from, or set one"),
    Row("set up", "models", "show which models are configured, and test them"),
    Row("set up", "index", "show, remake or check the search index"),
    Row("learn", "ingest", "turn transcripts into decisions: add, merge, discard"),
    Row("learn", "work", "learn from the sessions that agents' hooks have named"),
    Row("learn", "chat", "talk with a model that is given your skills, and learns"),
    Row("look", "status", "show what there is to do, and how your copies stand"),
    Row("look", "list", "list the skills"),
    Row("look", "show", "show a skill, at any version"),
    Row("look", "log", "show the decisions, newest first"),
    Row("look", "diff", "show what changed between two versions of a skill"),
    Row("look", "blame", "show which decision each line of a skill comes from"),
    Row("look", "why", "show whose words a line of a skill rests on"),
    Row("look", "bisect", "find the decision that made a command fail"),
    Row("look", "changelog", "show what each version of a skill brought"),
    Row("look", "stats", "show how the library grew"),
    Row("look", "search", "find the skills for a task"),
    Row("look", "context", "print the skills for a task, to put into a prompt"),
    Row("look", "prompt", "print the catalogue of skills, for a system prompt"),
    Row("look", "usage", "show which skills were found, put into prompts and used"),
    Row("look", "validate", "check skills against the Agent Skills specification"),
    Row("look", "scan", "look for secrets, hidden text and the like in skills"),
    Row("change", "edit", "edit a skill in your editor"),
    Row("change", "commit", "record hand edits of the work tree as decisions"),
    Row("change", "revert", "undo a decision about a skill, as a new version"),
    Row("change", "remove", "remove a skill"),
    Row("change", "mv", "rename a skill, or give it to another user"),
    Row("change", "forget", "take back a skill, what a conversation taught, or a text"),
    Row("change", "tidy", "find near-duplicates and overgrown skills"),
    Row("change", "release", "tag a version of a skill that others may rely on"),
    Row("change", "normalize", "write skills as the specification wants them"),
    Row("share", "library", "add, update or remove shared libraries of skills"),
    Row("share", "fork", "copy a common skill into your own space"),
    Row("share", "sync", "bring what upstream did since into your copies"),
    Row("share", "share", "look through what would leave, and push to a new remote"),
    Row("share", "link", "make skills appear in the folder that an agent reads"),
    Row("share", "unlink", "take skills out of agents' folders"),
    Row("share", "links", "list what is linked into agents' folders"),
    Row("share", "lock", "write skillgit.lock, of what is linked and pinned"),
    Row("share", "ci", "bring back exactly what skillgit.lock says"),
    Row("share", "verify", "say what is not as skillgit.lock has it"),
    Row("share", "push", "send the branch to a remote, on top of what others sent"),
    Row("share", "pull", "bring in what others sent to a remote"),
    Row("share", "review", "accept, edit or reject the decisions that wait"),
    Row("share", "propose", "open a pull request for a branch, or bring it up to date"),
    Row("share", "merge", "merge another branch, skill by skill"),
    Row("share", "resolve", "decide what is left of a merge"),
    Row("share", "import", "bring in a directory or zip of skills"),
    Row("share", "export", "write skills out to a directory or zip"),
    Row("serve", "serve", "serve models to applications, with skills that evolve"),
    Row("serve", "web", "show the library as pages in a browser"),
    Row("serve", "mcp", "serve the skills to agents, over their protocol (MCP)"),
    Row("serve", "health", "check a running server as its clients use it"),
    Row("serve", "eval", "measure what a running server learns"),
    Row("serve", "keys", "add, list or revoke the keys of those who are served"),
)

_SHARED = ("context",)
"""Commands that are called as a module which commands share."""


class PlainCommand(TyperCommand):
    """A command whose usage says `SKILL` for what is required and `[SKILL]` for what is not."""

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        return [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]


class LazyCommands(TyperGroup):
    """A typer group that imports a command's module when the command runs, not before."""

    def list_commands(self, ctx: object) -> list[str]:
        return [row.name for row in COMMANDS]

    def get_command(self, ctx: object, cmd_name: str) -> Command:
        row = next((row for row in COMMANDS if row.name == cmd_name), None)
        if row is None:
            raise _unknown(cmd_name)
        app = typer.Typer(add_completion=False, rich_markup_mode=None)
        app.command(row.name, cls=PlainCommand)(getattr(import_module(f"skillgit.cli.{row.module}"), row.module))
        return get_command(app)

    def format_commands(self, ctx: object, formatter: HelpFormatter) -> None:
        width = max(len(row.name) for row in COMMANDS)
        for group, rows in groupby(COMMANDS, key=lambda row: row.group):
            with formatter.section(group.capitalize()):
                formatter.write_dl([(row.name.ljust(width), row.help) for row in rows])


def main(argv: Sequence[str]) -> int:
    """Run one command line and return its exit code; every error has been told on stderr."""
    output.prepare_streams()
    try:
        code = _run(_words(argv))
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as err:
        return tell(err)
    return code


def tell(error: BaseException) -> int:
    """Say on stderr what went wrong and return the exit code that goes with it."""
    match error:
        case SkillgitError():
            output.complain(error.message, hint=error.hint, fatal=error.exit_code == 128)
            return error.exit_code
        case typer.TyperException():
            output.complain(_as_git_words(error.format_message()), hint=_usage_hint(error))
            return error.exit_code
        case BrokenPipeError():
            return 141  # as a program that SIGPIPE ends, such as git
        case OSError(errno=int(code)):  # without an errno it is no word of the system's but a bug
            where = f"'{os.fsdecode(error.filename)}': " if isinstance(error.filename, str | bytes) else ""
            output.complain(f"{where}{os.strerror(code).lower()}", fatal=True)
            return 128
        case KeyboardInterrupt() | typer.Abort():
            return 130
    output.note("".join(traceback.format_exception(error)).rstrip("\n"))
    return 3


def _words(argv: Sequence[str]) -> list[str]:
    """The words of the call; `help COMMAND` is `COMMAND --help`, as in git."""
    match list(argv):
        case [] | ["help"]:
            return ["--help"]
        case ["help", command, *_]:
            return [command, "--help"]
        case words:
            return words


def _run(argv: list[str]) -> int:
    app = typer.Typer(
        cls=LazyCommands,
        add_completion=False,
        rich_markup_mode=None,
        epilog="'skillgit COMMAND --help' says what each takes.",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(global_options)
    group = get_command(app)
    try:
        with group.make_context("skillgit", argv) as ctx:
            group.invoke(ctx)
    except typer.Exit as done:
        return done.exit_code
    return 0


def _show_version(asked: bool) -> None:
    if asked:
        output.say(f"skillgit version {__version__}")
        raise typer.Exit


def global_options(
    directory: Annotated[
        list[Path] | None, typer.Option("-C", metavar="DIR", help="Run as if started in DIR; may be repeated.")
    ] = None,
    no_pager: Annotated[bool, typer.Option("--no-pager", help="Do not page the output.")] = False,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", is_eager=True, callback=_show_version)
    ] = False,
) -> None:
    """Agent Skills that learn from your sessions, kept in git: every lesson is a commit."""
    for step in directory or ():
        os.chdir(step)
    if no_pager:
        os.environ["GIT_PAGER"] = "cat"  # as git does, so that the git programs we start see it too


def _unknown(name: str) -> UsageError:
    near = get_close_matches(name, [row.name for row in COMMANDS], n=1)
    hint = f"did you mean '{near[0]}'?" if near else "see 'skillgit --help'"
    return UsageError(f"'{name}' is not a skillgit command", hint=hint)


def _as_git_words(message: str) -> str:
    """typer's `Missing argument 'QUERY'.` the way git and skillgit speak: lower case, no full stop."""
    return message[:1].lower() + message[1:].rstrip(".")


def _usage_hint(err: typer.TyperException) -> str:
    context = getattr(err, "ctx", None)  # only usage errors have one
    return f"see '{context.command_path} --help'" if context else ""
