"""The table of formats, and the one way in: bytes of any of them to conversations.

A new source is a new file and one row here. Rows are tried from the top, each on the
first records of the file until one says yes, so what is most particular stands first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice

from skillgit.errors import Unreadable, UsageError
from skillgit.transcripts import (
    aider,
    anthropic,
    atif,
    autoskill,
    chatgpt,
    claude_ai,
    claude_code,
    cline,
    codex,
    copilot_cli,
    cursor,
    document,
    droid,
    gemini_api,
    gemini_cli,
    gemini_takeout,
    goose,
    hermes,
    langfuse,
    langsmith,
    letta_code,
    openai,
    opencode,
    openhands,
    otel,
    pi,
    plain,
    qwen,
    sharegpt,
    specstory,
    swe_agent,
    tau_bench,
    vscode_chat,
)
from skillgit.transcripts.fields import Row, rows
from skillgit.transcripts.model import Diagnostic, Item, Transcript
from skillgit.transcripts.stream import Record, one_text, records

Records = Iterator[Record | Diagnostic]
_HEAD = 64


@dataclass(frozen=True, slots=True)
class Format:
    """One row: `sniff` is asked about one record's value, which is parsed JSON, or a whole text as str.

    `records` gives the records of a file that is said to be of this format.
    """

    name: str
    about: str
    sniff: Callable[[object], bool]
    read: Callable[[Records], Iterator[Item]]
    records: Callable[[Iterable[bytes]], Records] = records


def each(read_one: Callable[[Record], Iterator[Transcript]]) -> Callable[[Records], Iterator[Item]]:
    """Make a reader of files out of a reader of one record, for formats with whole conversations in a record."""

    def read(source: Records) -> Iterator[Item]:
        place = 0
        for record in source:
            for item in _conversations(record, read_one):
                yield item if isinstance(item, Diagnostic) else replace(item, place=place)
                place += 1

    return read


def whole(read_rows: Callable[[Iterator[Row]], Transcript]) -> Callable[[Records], Iterator[Item]]:
    """Make a reader of files out of a reader of all their objects, for formats with one conversation a file."""

    def read(source: Records) -> Iterator[Item]:
        broken: list[Diagnostic] = []
        found = read_rows(_rows(source, broken))
        yield from broken
        yield found

    return read


def _rows(source: Records, broken: list[Diagnostic]) -> Iterator[Row]:
    """The objects of the records as they are read; lines that are none are gathered in `broken`."""
    for record in source:
        if isinstance(record, Diagnostic):
            broken.append(record)
        else:
            yield from ((row, record.line) for row in rows(record.value))


def _conversations(record: Record | Diagnostic, read_one: Callable[[Record], Iterator[Transcript]]) -> Iterator[Item]:
    """The conversations of one record, or one diagnostic in the place of the conversation it should have held."""
    if isinstance(record, Diagnostic):
        yield record
        return
    found = False
    for transcript in read_one(record):
        found = True
        yield transcript
    if not found and record.line is None:
        raise Unreadable("the file holds no conversation of this format")
    if not found:
        yield Diagnostic("no_conversation", f"line {record.line} holds no conversation of this format", record.line)


FORMATS: tuple[Format, ...] = (
    Format(qwen.NAME, "a Qwen Code session", qwen.is_qwen, whole(qwen.read)),
    Format(claude_code.NAME, "a Claude Code session", claude_code.is_claude_code, claude_code.read),
    Format(codex.NAME, "a Codex rollout", codex.is_codex, codex.read),
    Format(gemini_cli.NAME, "a Gemini CLI session", gemini_cli.is_gemini_cli, whole(gemini_cli.read)),
    Format(copilot_cli.NAME, "events of GitHub Copilot CLI", copilot_cli.is_copilot_cli, whole(copilot_cli.read)),
    Format(vscode_chat.NAME, "Copilot Chat in VS Code", vscode_chat.is_vscode_chat, whole(vscode_chat.read)),
    Format(cursor.NAME, "a Cursor agent's transcript", cursor.is_cursor, whole(cursor.read)),
    Format(opencode.NAME, "an exported opencode session", opencode.is_opencode, each(opencode.read)),
    Format(openhands.NAME, "events of OpenHands", openhands.is_openhands, each(openhands.read)),
    Format(swe_agent.NAME, "SWE-agent's trajectories", swe_agent.is_swe_agent, each(swe_agent.read)),
    Format(atif.NAME, "trajectories in ATIF", atif.is_atif, each(atif.read)),
    Format(goose.NAME, "a Goose session of before 1.10", goose.is_goose, whole(goose.read)),
    Format(pi.NAME, "a session of Pi, OpenClaw or Oh My Pi", pi.is_pi, whole(pi.read)),
    Format(hermes.NAME, "rows of Hermes' sessions", hermes.is_hermes, each(hermes.read)),
    Format(droid.NAME, "a Factory Droid session", droid.is_droid, whole(droid.read)),
    Format(letta_code.NAME, "a Letta Code transcript", letta_code.is_letta_code, whole(letta_code.read)),
    Format(chatgpt.NAME, "ChatGPT's data export", chatgpt.is_chatgpt, each(chatgpt.read)),
    Format(claude_ai.NAME, "Claude.ai's data export", claude_ai.is_claude_ai, each(claude_ai.read)),
    Format(gemini_takeout.NAME, "Takeout of Gemini", gemini_takeout.is_gemini_takeout, each(gemini_takeout.read)),
    Format(gemini_api.NAME, "Gemini's contents, AI Studio", gemini_api.is_gemini_api, each(gemini_api.read)),
    Format(otel.NAME, "OpenTelemetry's GenAI spans", otel.is_otel, otel.read),
    Format(langfuse.NAME, "traces of Langfuse", langfuse.is_langfuse, langfuse.read),
    Format(langsmith.NAME, "runs of LangSmith", langsmith.is_langsmith, langsmith.read),
    Format(autoskill.NAME, "AutoSkill's web sessions", autoskill.is_autoskill, each(autoskill.read)),
    Format(tau_bench.NAME, "tau-bench trajectories", tau_bench.is_tau_bench, each(tau_bench.read)),
    Format(sharegpt.NAME, "ShareGPT conversations", sharegpt.is_sharegpt, each(sharegpt.read)),
    Format(cline.NAME, "Cline's or Roo Code's messages", cline.is_cline, each(cline.read)),
    Format(anthropic.NAME, "Anthropic messages", anthropic.is_anthropic, each(anthropic.read)),
    Format(openai.NAME, "OpenAI messages, in any wrapper", openai.is_openai, each(openai.read)),
    Format(openai.LOOSE, "OpenAI messages, one a line", openai.is_loose, openai.read_loose),
    Format(specstory.NAME, "SpecStory's Markdown", specstory.is_specstory, each(specstory.read)),
    Format(aider.NAME, "aider's chat history", aider.is_aider, each(aider.read)),
    Format(plain.NAME, "text with 'User:' and 'Assistant:'", plain.is_plain, each(plain.read)),
    Format(document.NAME, "a document that states a procedure", document.is_document, each(document.read), one_text),
)


def named(name: str) -> Format:
    """The format of this name. Raises UsageError where there is none."""
    for row in FORMATS:
        if row.name == name:
            return row
    raise UsageError(f"no transcript format '{name}'", hint=f"one of: {', '.join(row.name for row in FORMATS)}")


def read(chunks: Iterable[bytes] | bytes, *, format: str | None = None) -> Iterator[Item]:
    """Yield the conversations of a file as they are read, and a Diagnostic for each line that is none.

    `chunks` are the file's bytes in pieces of any size, consumed as far as the caller gets.
    Of a JSONL with a conversation a line only that line is in memory, and a line that could
    not be read takes a place of its own, so that places follow lines; of any other file
    (a session, a document, a text) all is.

    Raises UsageError for a `format` that is none, at once; Unreadable, when the first item
    is asked for, for a file that is empty, broken or in no known format.
    """
    chosen = named(format) if format is not None else None
    return _read([chunks] if isinstance(chunks, bytes) else chunks, chosen)


def _read(chunks: Iterable[bytes], chosen: Format | None) -> Iterator[Item]:
    source = chosen.records(chunks) if chosen else records(chunks)
    if chosen is None:
        chosen, source = _recognised(source)
    yield from chosen.read(source)


def _recognised(source: Records) -> tuple[Format, Records]:
    head: list[Record | Diagnostic] = []
    for record in islice(source, _HEAD):
        head.append(record)
        chosen = next((row for row in FORMATS if isinstance(record, Record) and row.sniff(record.value)), None)
        if chosen is not None:
            return chosen, chain(head, source)
    known = ", ".join(row.name for row in FORMATS if row.name != document.NAME)
    hint = f"known are {known}; choose one with --format, or --document for a document that states a procedure"
    raise Unreadable("this is no transcript in a known format", hint=hint)
