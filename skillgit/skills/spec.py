"""The Agent Skills specification as a table of checks.

A SKILL.md has no problem here exactly when `skills-ref validate` (0.1.1) accepts it, save
for these deliberate differences:

- A `---` inside a value, in a block scalar, in quotes or in a comment, ends nothing here;
  skills-ref cuts the frontmatter there and reads the rest as the body.
- A fence is a line of its own. skills-ref takes `---name: x` and `--- # c` for a first line
  and the `---` of `----` or `a---b` for the end.
- What skills-ref crashes on is a problem here: bytes that are no UTF-8, control characters
  and impossible escapes in the frontmatter.
- The limits of this project: 1 MiB a file, 64 KiB and 256 fields of frontmatter, nesting of
  16. A key that does not start its line (`? key`) and half a surrogate pair are refused too.

Where skills-ref is milder than the specification's text, so is this: an empty
`compatibility`, a nested `metadata`, a list for `allowed-tools`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from skillgit.errors import SkillgitError
from skillgit.skills.document import SPEC_FIELDS, Document, parse
from skillgit.skills.naming import shown

MAX_NAME = 64
MAX_DESCRIPTION = 1024
MAX_COMPATIBILITY = 500


@dataclass(frozen=True, slots=True)
class Problem:
    """What breaks a rule: `code` names the rule for scripts, `line` is 1-based, None for the whole."""

    code: str
    message: str
    line: int | None = None


def problems(skill: Document | bytes, *, directory: str) -> tuple[Problem, ...]:
    """List what the specification has against a SKILL.md in a directory of that name."""
    if isinstance(skill, bytes):
        try:
            skill = parse(skill)
        except SkillgitError as err:
            return (Problem("unreadable", err.message),)
    document = skill
    return tuple(problem for check in CHECKS for problem in check(document, directory))


def _start(document: Document, directory: str) -> Iterator[Problem]:
    if not document.head.startswith("---"):
        yield Problem("start", "the first line is not '---': there is a byte order mark or a blank line before it", 1)


def _style(document: Document, directory: str) -> Iterator[Problem]:
    says = {
        "flow": "a value in flow style, [...] or {...}: write it as a block or in quotes",
        "indentation": "mappings side by side are indented differently",
    }
    for oddity in document.layout.oddities:
        yield Problem(f"style-{oddity.kind}", says[oddity.kind], oddity.line)


def _fields(document: Document, directory: str) -> Iterator[Problem]:
    for field in document.layout.fields:
        if field.key not in SPEC_FIELDS:
            yield Problem("field-unknown", f"unknown field '{shown(field.key)}': move it under metadata", field.line)


def _name(document: Document, directory: str) -> Iterator[Problem]:
    line = _line(document, "name")
    value = document.fields.get("name")
    if not isinstance(value, str) or not value.strip():
        yield Problem("name-missing", "the field 'name' is missing or no text", line)
        return
    name = unicodedata.normalize("NFKC", value.strip())
    said = f"the name '{shown(name)}'"
    if len(name) > MAX_NAME:
        yield Problem("name-length", f"{said} is longer than {MAX_NAME} characters ({len(name)})", line)
    if name != name.lower():
        yield Problem("name-case", f"{said} is not lower case", line)
    if name.startswith("-") or name.endswith("-") or "--" in name:
        yield Problem("name-hyphen", f"{said} has a hyphen at an end or beside another", line)
    if not all(c.isalnum() or c == "-" for c in name):
        yield Problem("name-characters", f"{said} may hold only letters, digits and hyphens", line)
    if name != unicodedata.normalize("NFKC", directory):
        yield Problem("name-directory", f"{said} is not that of its directory '{shown(directory)}'", line)


def _description(document: Document, directory: str) -> Iterator[Problem]:
    line = _line(document, "description")
    value = document.fields.get("description")
    if not isinstance(value, str) or not value.strip():
        yield Problem("description-missing", "the field 'description' is missing or no text", line)
    elif len(value) > MAX_DESCRIPTION:
        said = f"the description is longer than {MAX_DESCRIPTION} characters ({len(value)})"
        yield Problem("description-length", said, line)


def _compatibility(document: Document, directory: str) -> Iterator[Problem]:
    line = _line(document, "compatibility")
    value = document.fields.get("compatibility", "")
    if not isinstance(value, str):
        yield Problem("compatibility-type", "the field 'compatibility' is no text", line)
    elif len(value) > MAX_COMPATIBILITY:
        said = f"the compatibility is longer than {MAX_COMPATIBILITY} characters ({len(value)})"
        yield Problem("compatibility-length", said, line)


CHECKS: tuple[Callable[[Document, str], Iterator[Problem]], ...] = (
    _start,
    _style,
    _fields,
    _name,
    _description,
    _compatibility,
)


def _line(document: Document, key: str) -> int | None:
    return next((field.line for field in document.layout.fields if field.key == key), None)
