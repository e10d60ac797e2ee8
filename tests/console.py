"""Console transcripts: a file of commands and what they answer, replayed and compared.

    # what this shows
    # setup: git init -q
    $ skillgit show nope
    fatal: no skill 'nope' at 'main'
    [exit 1]
    $ cat <<END
    > two lines
    > END
    two lines

Lines before the first `$ ` that start with `#` are remarks, `# setup:` ones are run unseen
and must succeed. After a command come its further lines, each behind `> `, then what it
printed, stdout and stderr in order, then `[exit N]` when N is not 0. All commands of a file
run in one bash, in one empty directory. What differs from run to run is compared by kind:
object ids, UUIDs, times and the directory (`<oid>`, `<uuid>`, `<time>`, `<dir>`).
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

BLOCK = re.compile(r"^```console\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
"""The text of a transcript in a page of Markdown."""

_MARK = "\x01exit "  # no command prints this

_UNSTABLE = {
    "<uuid>": r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b",
    "<time>": r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z| ?[+-]\d\d:?\d\d)?"
    r"|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d \d{4}(?: [+-]\d{4})?",
    "<oid>": r"(?<!sha256:)\b(?:[0-9a-f]{40}|[0-9a-f]{7,12})\b",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One command, what it printed, and its exit code."""

    command: str
    output: str = ""
    code: int = 0


@dataclass(frozen=True, slots=True)
class Transcript:
    """The remarks at the head of a file, the commands among them that set the stage, and the steps."""

    head: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def setup(self) -> tuple[str, ...]:
        return tuple(line.removeprefix("# setup:").strip() for line in self.head if line.startswith("# setup:"))


def parse(text: str) -> Transcript:
    """Read a transcript; `render` gives the same text back."""
    head, *commands = re.split(r"^\$ ", text, flags=re.MULTILINE)
    return Transcript(tuple(head.splitlines()), tuple(map(_step, commands)))


def _step(text: str) -> Step:
    lines = text.splitlines()
    command = [lines.pop(0)]
    while lines and (lines[0] == ">" or lines[0].startswith("> ")):
        command.append(lines.pop(0)[2:])
    code = re.fullmatch(r"\[exit (\d+)\]", lines[-1]) if lines else None
    printed = lines[:-1] if code else lines
    return Step("\n".join(command), "".join(f"{line}\n" for line in printed), int(code[1]) if code else 0)


def render(transcript: Transcript) -> str:
    """Write a transcript as its file has it."""
    lines = list(transcript.head)
    for step in transcript.steps:
        first, *further = step.command.split("\n")
        lines.append(f"$ {first}")
        lines.extend(f"> {line}" if line else ">" for line in further)
        lines.extend(step.output.splitlines())
        lines.extend([f"[exit {step.code}]"] if step.code else [])
    return "".join(f"{line}\n" for line in lines)


def replay(transcript: Transcript, directory: Path, env: Mapping[str, str]) -> Transcript:
    """Run the commands in `directory` and return the transcript with what they answered, made stable."""
    for answer in _run(transcript.setup, directory, env):
        assert answer.code == 0, f"setup failed: {answer}"
    answers = _run([step.command for step in transcript.steps], directory, env)
    return stable(replace(transcript, steps=answers), directory)


def stable(transcript: Transcript, directory: Path) -> Transcript:
    """The transcript with each thing that differs from run to run replaced by its kind."""
    return replace(
        transcript, steps=tuple(replace(step, output=_stable(step.output, directory)) for step in transcript.steps)
    )


def _stable(text: str, directory: Path) -> str:
    text = text.replace(str(directory), "<dir>")
    for kind, pattern in _UNSTABLE.items():
        text = re.sub(pattern, kind, text)
    return text


def _run(commands: Sequence[str], directory: Path, env: Mapping[str, str]) -> tuple[Step, ...]:
    """Run commands one after the other in one bash."""
    script = "".join(f"{command}\nprintf '{_MARK}%d\\n' $?\n" for command in commands)
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=directory,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    pieces = re.split(rf"{_MARK}(\d+)\n", done.stdout.decode())
    answers = zip(commands, pieces[0::2], pieces[1::2], strict=False)
    steps = tuple(Step(command, _whole_lines(output), int(code)) for command, output, code in answers)
    assert len(steps) == len(commands), f"the session ended early: {pieces[-1]}"
    return steps


def _whole_lines(output: str) -> str:
    return f"{output}\n" if output and not output.endswith("\n") else output
