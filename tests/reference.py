"""The pages of docs/commands: each command's help, examples that are replayed, and the guides that link to it.

Nothing on them is written by hand. `make docs` writes them anew; tests/test_reference.py says when they are behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from skillgit.cli.app import COMMANDS, LazyCommands, Row
from tests.conftest import ROOT
from tests.console import BLOCK, Step, Transcript, parse, render

DOCS = ROOT / "docs"
INDEX = DOCS / "commands.md"
_MADE = "<!-- made by 'make docs' from {source}: edit that, not this -->"
_EXAMPLES = 3
_LINES = 20


@dataclass(frozen=True, slots=True)
class Help:
    """What a command says of itself: the words of a call, paragraphs, and rows of (term, meaning)."""

    usage: str
    paragraphs: tuple[str, ...]
    arguments: tuple[tuple[str, str], ...]
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A step of a console transcript, and the file that it stands in."""

    source: Path
    step: Step


def page_of(name: str) -> Path:
    """Where a command's page is."""
    return DOCS / "commands" / f"{name}.md"


def pages() -> dict[Path, str]:
    """Every page that is made, with its text: one a command, and the index."""
    made = {page_of(row.name): _page(row) for row in COMMANDS}
    by_hand = INDEX.read_text(encoding="utf-8").split("\n## ", maxsplit=1)[0].rstrip("\n")
    return made | {INDEX: f"{by_hand}\n{''.join(_index())}"}


def said(row: Row) -> Help:
    """What the help of a command says."""
    command = LazyCommands(name="skillgit").get_command(None, row.name)
    with command.make_context(f"skillgit {row.name}", [], resilient_parsing=True) as context:
        records = [
            (parameter.param_type_name, parameter.get_help_record(context))
            for parameter in command.get_params(context)
            if parameter.name != "help"
        ]
        usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    rows = {kind: tuple(record for of, record in records if of == kind and record) for kind in ("argument", "option")}
    text = (command.help or "").split("\n\n")
    return Help(usage, tuple(" ".join(part.split()) for part in text), rows["argument"], rows["option"])


def guides(name: str) -> list[Path]:
    """The pages written by hand that link to a command's page."""
    return [path for path in _written() if f"(commands/{name}.md)" in path.read_text(encoding="utf-8")]


def title(path: Path) -> str:
    """The heading of a page."""
    if path.name == "README.md":
        return "README"
    return path.read_text(encoding="utf-8").split("\n", maxsplit=1)[0].removeprefix("# ")


def _page(row: Row) -> str:
    told = said(row)
    about, *more = told.paragraphs
    parts = [
        _MADE.format(source=f"skillgit/cli/{row.module}.py"),
        f"# skillgit {row.name}",
        _prose(about),
        f"    {told.usage}",
        *map(_prose, more),
        *_table("argument", told.arguments),
        *_table("option", told.options),
        *_shown(_examples(row, told.usage)),
        *_see_also(row.name),
    ]
    return "\n\n".join(parts) + "\n"


def _index() -> Iterator[str]:
    for group, rows in groupby(COMMANDS, key=lambda row: row.group):
        yield f"\n## {group.capitalize()}\n\n| | |\n| --- | --- |\n"
        for row in rows:
            yield f"| [`{row.name}`](commands/{row.name}.md) | {row.help} |\n"


def _prose(text: str) -> str:
    """Help as Markdown: what it quotes, and options, are code; a command is a link to its page."""
    return re.sub(_CODE, _coded, re.sub(r"<(?=[a-z/])", "&lt;", text))


_CODE = re.compile(r"(?<![^\s(])(?:'([^'\n]+)'|`([^`\n]+)`|(--[a-z][a-z-]*))(?![\w'])")


def _coded(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    words = code.split()
    known = words[0] == "skillgit" and words[1] in {row.name for row in COMMANDS}
    return f"[`{code}`]({words[1]}.md)" if known else f"`{code}`"


def _table(kind: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    lines = [f"| `{_cell(term)}` | {_cell(_prose(meaning))} |" for term, meaning in rows]
    if lines:
        yield "\n".join([f"| {kind} | |", "| --- | --- |", *lines])


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _shown(examples: list[Example]) -> Iterator[str]:
    if examples:
        yield "## Examples"
    for source, found in groupby(examples, key=lambda example: example.source):
        steps = render(Transcript((), tuple(example.step for example in found)))
        yield f"From {_link(source)}:\n\n```console\n{steps}```"


def _see_also(name: str) -> Iterator[str]:
    found = guides(name)
    if found:
        yield "## See also\n\n" + " · ".join(map(_link, found))


def _link(path: Path) -> str:
    place = f"../{path.name}" if path.parent == DOCS else f"../../{path.relative_to(ROOT)}"
    return f"[{title(path) if path.suffix == '.md' else path.name}]({place})"


def _examples(row: Row, usage: str) -> list[Example]:
    """A few steps that call a command, in different ways each; from its guides first, from tests/console at last."""
    first = guides(row.name)
    chosen: dict[frozenset[str], Example] = {}
    for example in sorted(_steps(), key=lambda example: (example.source.suffix != ".md", example.source not in first)):
        called = re.search(rf"(?:^|&& )skillgit {re.escape(row.name)}(?![\w-])([^|&;<>\n]*)", example.step.command)
        enough = chosen and example.source.suffix != ".md"
        if called and not enough and _is_short(example):
            chosen.setdefault(_kind(called[1], usage), example)
    few = list(chosen.values())[:_EXAMPLES]
    sources = [example.source for example in few]
    return sorted(few, key=lambda example: sources.index(example.source))


def _is_short(example: Example) -> bool:
    return len(render(Transcript((), (example.step,))).splitlines()) <= _LINES


def _kind(words: str, usage: str) -> frozenset[str]:
    """What sets one call apart from another: its options, and the word that says what to do."""
    return frozenset(
        word for word in words.split() if word.startswith("-") or f"{word}|" in usage or f"|{word}" in usage
    )


@cache
def _steps() -> tuple[Example, ...]:
    """Every step of the guides and of tests/console, in order."""
    files = [*_written(), *sorted((ROOT / "tests" / "console").glob("*.txt"))]
    return tuple(Example(path, step) for path in files for block in _transcripts(path) for step in block.steps)


def _transcripts(path: Path) -> Iterator[Transcript]:
    text = path.read_text(encoding="utf-8")
    yield from map(parse, BLOCK.findall(text) if path.suffix == ".md" else [text])


def _written() -> list[Path]:
    """The README and the pages of docs, but for those that are made."""
    return [ROOT / "README.md", *(path for path in sorted(DOCS.glob("*.md")) if path != INDEX)]
