"""The lists a body keeps for people and routers: when to use the skill, and worked examples.

## When to use                  ## Examples
- "write a report"              ### Example 1
                                Input:

                                  the text, indented by two
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence

from skillgit.skills.outline import sections

TRIGGERS = ("when to use", "triggers")
EXAMPLES = ("examples",)

_ITEM = re.compile(r" {0,3}[-*+][ \t]+(.*)")
_LABEL = re.compile(r"([A-Za-z][\w -]*):$")
_EXAMPLE = re.compile(r" {0,3}#{2,6}[ \t]+example \d+[ \t]*", re.IGNORECASE)


def title(body: str) -> str:
    """The text of the first level-one heading, or ""."""
    return next((section.heading for section in sections(body) if section.level == 1), "")


def opening(body: str) -> str:
    """The first paragraph of prose before any other heading than the title, on one line, or ""."""
    lines = body.splitlines()
    before = itertools.takewhile(lambda section: section.level < 2, sections(body))
    blocks = ["\n".join(lines[section.start + (section.level > 0) : section.end]) for section in before]
    paragraphs = re.split(r"\n\s*\n", "\n\n".join(blocks).strip())
    return next((" ".join(text.split()) for text in paragraphs if text[:1].isalnum()), "")


def triggers(body: str) -> tuple[str, ...]:
    """The requests that the body says the skill is for, quotation marks taken off, each once."""
    lines = [line for start, end in _ranges(body, TRIGGERS) for line in body.splitlines()[start:end]]
    items = [match[1].strip() for line in lines if (match := _ITEM.match(line))]
    return tuple(dict.fromkeys(_unquoted(item) for item in items if item))


def examples(body: str) -> tuple[Mapping[str, str], ...]:
    """The worked examples of the body, each as its labelled texts: `{"input": ..., "output": ...}`."""
    found: list[dict[str, str]] = []
    label = ""
    for line in [line for start, end in _ranges(body, EXAMPLES) for line in body.splitlines()[start:end]]:
        mark = _LABEL.match(line)
        if _EXAMPLE.fullmatch(line):
            found.append({})
            label = ""
        elif mark and found:
            label = mark[1].lower()
            found[-1][label] = ""
        elif label and (line.startswith("  ") or not line):
            found[-1][label] += f"{line[2:]}\n"
        else:
            label = ""
    return tuple({label: text.strip("\n") for label, text in example.items()} for example in found if example)


def ends_with_examples(body: str) -> bool:
    """Say whether the body's last lines are its examples, so that more can follow."""
    return any(end == len(body.splitlines()) for _, end in _ranges(body, EXAMPLES))


def triggers_section(texts: Sequence[str]) -> str:
    """Write a section that `triggers` reads back, one request a line."""
    lines = [" ".join(text.split()) for text in texts]
    return "## When to use\n\n" + "".join(f"- {line}\n" if '"' in line else f'- "{line}"\n' for line in lines)


def examples_text(items: Sequence[Mapping[str, str]], *, first: int) -> str:
    """Write examples that `examples` reads back below its heading, numbered from `first`."""
    parts = []
    for number, example in enumerate(items, first):
        labelled = [f"{label.capitalize()}:\n\n{_indented(text)}\n" for label, text in example.items()]
        parts += [f"### Example {number}\n", *labelled]
    return "\n".join(parts)


def _ranges(body: str, titles: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Give the lines below the last heading of each title, as a range, to the next of its level or above.

    The last, because the instructions above may well talk about examples and triggers too.
    """
    found = sections(body)
    last = {name: n for n, section in enumerate(found) if (name := section.heading.rstrip(":：").casefold()) in titles}
    for n in sorted(last.values()):
        later = (section.start for section in found[n + 1 :] if section.level <= found[n].level)
        yield found[n].start + 1, next(later, found[-1].end)


def _unquoted(item: str) -> str:
    inner = item[1:-1]
    return inner if len(item) > 1 and item[0] == item[-1] == '"' and '"' not in inner else item


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" if line else "" for line in text.splitlines())
