"""SKILL.md in the dialects of other tools, made valid without losing a word, and given back.

    in the dialect                          in the specification's form
    name: Government Report                 name of the directory; the old one is the H1 or metadata.title
    id, version, model, any other field     metadata, as quoted strings; lists and mappings as JSON
    tags: [a, b]                            metadata.tags: "a, b"
    triggers, examples                      sections of the body, those it does not already hold
    prompt, instructions                    the body, where it does not already hold them
    a description of 3,000 characters       its first sentences; all of it in the body

The body keeps its bytes; what is added stands behind it. A valid document stays as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from skillgit.errors import Invalid
from skillgit.skills import naming, usage, version
from skillgit.skills.document import SPEC_FIELDS, Document, parse, split
from skillgit.skills.field import Field, Value
from skillgit.skills.frontmatter import quoted, read
from skillgit.skills.spec import MAX_COMPATIBILITY, MAX_DESCRIPTION

CLAUDE = (
    *("when_to_use", "argument-hint", "arguments", "disable-model-invocation", "user-invocable", "model"),
    *("effort", "context", "agent", "hooks", "paths", "shell", "color", "tools"),
)

_FRONTMATTER = re.compile(rb"(?:\xef\xbb\xbf)?\s*---")
_PAIR = re.compile(r"([A-Za-z_][\w-]*):[ \t]+(?!&\S)(.*?)[ \t]*(\r\n|\n|\r)")  # an anchor is no slip of the pen
_SENTENCE = re.compile(r"[.!?](?=\s)|[。！？]")


def parse_any(data: bytes) -> Document:
    """Read a SKILL.md that may need mending: as `parse` does, but two common faults are no obstacle.

    A file without frontmatter is all body. A field whose line is no YAML by itself
    ("description: use when: asked", "argument-hint: [a] [b]") is the text behind its colon.
    Raises as `parse` does for every other fault, anchors among them, and for a blank file.
    """
    try:
        return parse(data)
    except Invalid:
        if not data.strip():
            raise
        return parse(_mended(data))


def adopt(document: Document, *, name: str) -> Document:
    """Give a document that passes the specification in a directory of this name; no word of it is lost.

    Raises Unsafe or Invalid where the name is no segment.
    """
    naming.segment(name)
    adopted = replace(document, head=document.head.lstrip("\ufeff \t\r\n"))
    adopted = _with_name(adopted, name)
    adopted = _with_description(adopted, name)
    adopted = _with_short_fields(adopted)
    extras = [field for field in document.layout.fields if field.key not in SPEC_FIELDS]
    for field in extras:
        adopted = adopted.without_field(field.key)
    adopted = _with_block_metadata(adopted)
    for field in sorted(extras, key=lambda field: field.key != "examples"):  # first: they go on where the body ends
        adopted = _MOVES.get(field.key, _to_metadata)(adopted, field)
    return _without_rulers(adopted)


def to_autoskill(document: Document) -> Document:
    """Give AutoSkill's dialect: id, version, tags, triggers and examples at the top level, the title as the name."""
    lines = [f"id: {_json(document.id)}"] if document.id else []
    lines.append(f"name: {_json(_string(document.metadata.get('title', '')) or _titled(document.body, document.name))}")
    lines.append(f"description: {_json(document.description)}")
    lines.append(f"version: {_json(document.version or version.FIRST)}")
    lines += _listed("tags", document.tags) + _listed("triggers", usage.triggers(document.body))
    lines += _examples_listed(usage.examples(document.body))
    rest = document.without_field("name").without_field("description")
    for key in ("id", "version", "tags", "title"):
        rest = rest.without_field(("metadata", key))
    return _with_frontmatter(rest, _lines(lines, rest) + rest.frontmatter)


def to_claude(document: Document) -> Document:
    """Give Claude Code's dialect: its own fields at the top level, as the booleans, lists and mappings they were."""
    rest = document
    lines = []
    for key in CLAUDE:
        if value := document.metadata.get(key):
            rest = rest.without_field(("metadata", key))
            lines.append(f"{key}: {_plain(_string(value))}")
    return _with_frontmatter(rest, rest.frontmatter + _lines(lines, rest))


def _mended(data: bytes) -> bytes:
    if not _FRONTMATTER.match(data):
        return b"---\n---\n" + data
    head, frontmatter, fence, body = split(data)
    lines = frontmatter.splitlines(keepends=True)
    followed = [*(line[:1].isspace() for line in lines[1:]), False]
    mended = [line if more else _mended_line(line) for line, more in zip(lines, followed, strict=True)]
    return f"{head}{''.join(mended)}{fence}{body}".encode()


def _mended_line(line: str) -> str:
    pair = _PAIR.fullmatch(line)
    if pair is None:
        return line
    try:
        read(line, first_line=1)
    except Invalid:
        return f"{pair[1]}: {quoted(pair[2])}{pair[3]}"
    return line


def _with_name(document: Document, name: str) -> Document:
    """Set the name, and keep the old one as metadata.title where the body's heading does not give it back."""
    old = _string(document.fields.get("name", "")).strip()
    if old != name:
        document = document.with_field("name", name)
    if old and old not in (name, _titled(document.body, name)):
        document = _put_metadata(document, "title", old)
    return _kept(document, "name")


def _titled(body: str, name: str) -> str:
    """The heading of the body where the name was made from it, else the name."""
    title = usage.title(body)
    same = naming.slug(title) in (name, re.sub(r"-\d+$", "", name))
    return title if title and same else name


def _with_description(document: Document, name: str) -> Document:
    full = _string(document.fields.get("description", "")).strip()
    said = full or usage.opening(document.body) or usage.title(document.body) or name
    return _limited(document, "description", said, limit=MAX_DESCRIPTION)


def _with_short_fields(document: Document) -> Document:
    """Make license, compatibility and allowed-tools one text each."""
    for key, glue in (("license", ", "), ("compatibility", ", "), ("allowed-tools", " ")):
        value = document.fields.get(key)
        if value is not None:
            text = glue.join(_strings(value)) if isinstance(value, tuple) else _string(value)
            document = _limited(document, key, text, limit=MAX_COMPATIBILITY if key == "compatibility" else len(text))
    return document


def _limited(document: Document, key: str, text: str, *, limit: int) -> Document:
    """Set a field to a text cut at a sentence to fit, with all of it in the body where it had to be cut."""
    if len(text) > limit and text not in document.body:
        document = _append(document, f"## {key.capitalize()}\n\n{text}\n")
    kept = _cut(text, limit)
    stands = isinstance(value := document.fields.get(key), str) and value.strip() == kept and len(value) <= limit
    return _kept(document, key) if stands else document.with_field(key, kept)


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    ends = [match.end() for match in _SENTENCE.finditer(text, 0, limit)]
    if ends and ends[-1] > limit // 4:
        return text[: ends[-1]]
    return f"{text[: limit - 3].rpartition(' ')[0] or text[: limit - 3]}..."


def _with_block_metadata(document: Document) -> Document:
    """Make metadata a block mapping that strictyaml reads; what was no mapping becomes `metadata.metadata`.

    Nested mappings are valid as blocks, and tools look for theirs, so they stay.
    """
    field = next((field for field in document.layout.fields if field.key == "metadata"), None)
    if field is None or not field.value:
        return document.without_field("metadata")
    if not isinstance(field.value, Mapping):
        return document.without_field("metadata").with_field(("metadata", "metadata"), _string(field.value))
    if not field.children:
        document = document.without_field("metadata")
    for key, value in field.value.items():
        if not field.children or (not isinstance(value, str) and document.layout.oddities):
            document = document.with_field(("metadata", key), _string(value))
    return document


def _to_metadata(document: Document, field: Field) -> Document:
    return _put_metadata(document, field.key, _string(field.value))


def _put_metadata(document: Document, key: str, text: str) -> Document:
    """Add an entry to metadata; where another text has that key, both stay."""
    had = document.metadata.get(key)
    if had == text:
        return document
    return document.with_field(("metadata", key if had is None else naming.unique(key, document.metadata)), text)


def _tags(document: Document, field: Field) -> Document:
    tags = [tag.replace(",", " ").strip() for tag in _strings(field.value)]
    return _put_metadata(document, "tags", _string(field.value) if isinstance(field.value, str) else ", ".join(tags))


def _triggers(document: Document, field: Field) -> Document:
    known = usage.triggers(document.body)
    missing = [text for text in _strings(field.value) if text.strip() and text not in known]
    return _append(document, usage.triggers_section(missing)) if missing else document


def _examples(document: Document, field: Field) -> Document:
    values = field.value if isinstance(field.value, tuple) else (field.value,)
    listed = [_labelled(value) for value in values if value]
    known = usage.examples(document.body)
    missing = [example for example in listed if example not in known]
    if not missing:
        return document
    if usage.ends_with_examples(document.body):
        return _append(document, usage.examples_text(missing, first=len(known) + 1))
    return _append(document, f"## Examples\n\n{usage.examples_text(listed, first=1)}")


def _labelled(example: Value) -> Mapping[str, str]:
    if isinstance(example, Mapping):
        return {key: _string(value) for key, value in example.items()}
    return {"input": _string(example)}


def _to_body(document: Document, field: Field) -> Document:
    text = _string(field.value).strip()
    return document if text in document.body else _append(document, f"## {field.key.capitalize()}\n\n{text}\n")


_MOVES: Mapping[str, Callable[[Document, Field], Document]] = {
    "tags": _tags,
    "tag": _tags,
    "triggers": _triggers,
    "trigger": _triggers,
    "examples": _examples,
    "prompt": _to_body,
    "instructions": _to_body,
}


def _append(document: Document, section: str) -> Document:
    """Put a section behind the body, with one blank line between and the line breaks of the file."""
    body = document.body
    gap = "" if not body else "\n" if body.endswith(("\n", "\r")) else "\n\n"
    return document.with_body(body + (gap + section).replace("\n", document.newline))


def _kept(document: Document, key: str) -> Document:
    """Write a field anew only where its lines hold a `---`, at which skills-ref would cut."""
    field = next(field for field in document.layout.fields if field.key == key)
    rewrite = "---" in document.frontmatter[field.start : field.end]
    return document.with_field(key, _string(field.value)) if rewrite else document


def _without_rulers(document: Document) -> Document:
    """Take apart a `---` that is left: in metadata it is escaped, in a comment spaced out."""
    for key, value in document.metadata.items():
        if "---" in document.frontmatter:
            document = document.with_field(("metadata", key), _string(value))
    return _with_frontmatter(document, re.sub("-(?=--)", "- ", document.frontmatter))


def _with_frontmatter(document: Document, frontmatter: str) -> Document:
    return parse(f"{document.head}{frontmatter}{document.fence}{document.body}".encode())


def _lines(lines: Iterable[str], document: Document) -> str:
    return "".join(f"{line}{document.newline}" for line in lines)


def _string(value: Value) -> str:
    """A value as one text: itself, words joined by commas where they hold none, JSON for the rest."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple) and all(isinstance(item, str) and item and "," not in item for item in value):
        return ", ".join(_strings(value))
    return _json(value)


def _strings(value: Value) -> tuple[str, ...]:
    return tuple(map(_string, value)) if isinstance(value, tuple) else (_string(value),)


def _plain(text: str) -> str:
    """A text as the YAML it came from: true, 3, ["a"] and {"a": "b"} plain, anything else quoted."""
    if text in ("true", "false") or text.isdecimal():
        return text
    try:
        structure = text.startswith(("[", "{")) and json.loads(text)
    except ValueError:
        structure = False
    return text if structure else _json(text)


def _json(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False, default=dict)


def _listed(key: str, items: Iterable[str]) -> list[str]:
    lines = [f"  - {_json(item)}" for item in items]
    return [f"{key}:", *lines] if lines else []


def _examples_listed(examples: Iterable[Mapping[str, str]]) -> list[str]:
    lines = []
    for example in examples:
        entries = [f"{key}: {_json(text)}" for key, text in example.items()]
        lines += [f"{'    ' if place else '  - '}{entry}" for place, entry in enumerate(entries)]
    return ["examples:", *lines] if lines else []
