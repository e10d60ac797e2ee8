"""Secrets and personal identifiers leave no trace: they are placeholders before a text is stored or sent anywhere.

    [secret: github-token]    of a secret only its kind is said: not even which two are the same
    [email-1], [phone-2]      who is meant stays clear: the same address, in one conversation, has the same number

Numbers, ports, hashes, identifiers and standards are content and stay.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from skillgit.learn.personal import personal
from skillgit.learn.secrets import Span, secrets
from skillgit.transcripts.model import ToolCall, Transcript, Turn

PLACEHOLDER = "[secret: "
_LOOKS = 5
_NUMBERED = re.compile(r"\[[a-z]+-(\d{1,6})\]")


@dataclass(slots=True)
class _Names:
    """The placeholders that were given in one conversation; `last` is the highest number taken."""

    last: int = 0
    given: dict[tuple[str, str], str] = field(default_factory=dict)

    def name(self, kind: str, said: str) -> str:
        """The placeholder for an identifier, however it is spaced."""
        key = (kind, re.sub(r"[\s().-]", "", said).casefold() if kind != "email" else said.casefold())
        taken = sum(1 for known, _ in self.given if known == kind)
        return self.given.setdefault(key, f"[{kind}-{self.last + taken + 1}]")


def redact(text: str) -> str:
    """The text with every secret in it replaced by `[secret: KIND]`, and every identifier by `[KIND-NUMBER]`."""
    return _redacted(text, _names(text))


def redacted(transcript: Transcript) -> Transcript:
    """The transcript with all its turns redacted, by one numbering: what is learned or sent comes from this."""
    names = _names(*(turn.text for turn in transcript.turns))
    turns = tuple(_redacted_turn(turn, names) for turn in transcript.turns)
    return replace(transcript, turns=turns, title=_redacted(transcript.title, names) if transcript.title else None)


def _redacted_turn(turn: Turn, names: _Names) -> Turn:
    calls = tuple(ToolCall(call.id, call.name, _redacted(call.arguments, names)) for call in turn.calls)
    return replace(turn, text=_redacted(turn.text, names), calls=calls)


def _names(*texts: str) -> _Names:
    """Names that none of the texts holds already."""
    return _Names(max((int(number) for text in texts for number in _NUMBERED.findall(text)), default=0))


def _redacted(text: str, names: _Names) -> str:
    """The text with placeholders, looked at again until it stays: what was glued to a secret is seen without it."""
    for _ in range(_LOOKS):
        told = _replaced(text, {span: f"{PLACEHOLDER}{span.kind}]" for span in secrets(text)})
        told = _replaced(told, {span: names.name(span.kind, told[span.start : span.end]) for span in personal(told)})
        if told == text:
            break
        text = told
    return text


def _replaced(text: str, placeholders: Mapping[Span, str]) -> str:
    parts, at = list[str](), 0
    for span, placeholder in placeholders.items():
        parts += [text[at : span.start], placeholder]
        at = span.end
    return "".join([*parts, text[at:]])
