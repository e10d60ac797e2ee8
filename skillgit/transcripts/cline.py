"""Cline's and Roo Code's conversations with the API: Anthropic messages, the user's words in tags among much else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from skillgit.transcripts import message
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, rows, text
from skillgit.transcripts.model import Transcript
from skillgit.transcripts.stream import Record

NAME = "cline"

_SAID = re.compile(r"<(?P<tag>task|user_message|feedback|answer)>\s*(?P<words>.*?)\s*</(?P=tag)>", re.DOTALL)
_ADDED = "<environment_details>"
_RESULT = re.compile(r"\[[^\]\n]*\] Result:")


def is_cline(value: object) -> bool:
    """Whether the value is an array of messages that opens with a tagged task."""
    opening = rows(value)[0] if isinstance(value, list) and rows(value) else {}
    said = "\n".join(text(block.get("text")) for block in _blocks(opening))
    return opening.get("role") == "user" and _SAID.search(said) is not None and _ADDED in said


def read(record: Record) -> Iterator[Transcript]:
    """Yield the one conversation of a document."""
    draft = Draft(record.line)
    for sent in rows(record.value):
        for block in _blocks(sent):
            _add(draft, sent, block)
    yield draft.transcript(NAME)


def _blocks(sent: Fields) -> list[Fields]:
    content = sent.get("content")
    return [{"type": "text", "text": content}] if isinstance(content, str) else rows(content)


def _add(draft: Draft, sent: Fields, block: Fields) -> None:
    said = text(block.get("text"))
    if sent.get("role") != "user" or not said:
        message.add(draft, {"role": sent.get("role"), "content": [block]})
        return
    for found in _SAID.finditer(said):
        draft.say("user", found["words"])
    if _RESULT.match(said):
        draft.observe(said.partition(_ADDED)[0])
