"""A document that states a procedure: all of it is what the user says, in one turn.

Nothing tells it from any other text, so that it is never recognised: the user says that it is one.
"""

from __future__ import annotations

from collections.abc import Iterator

from skillgit.transcripts.draft import Draft
from skillgit.transcripts.model import Transcript
from skillgit.transcripts.stream import Record

NAME = "document"


def is_document(value: object) -> bool:
    """No value is one by itself."""
    return False


def read(record: Record) -> Iterator[Transcript]:
    """Yield the one document of a text."""
    draft = Draft()
    draft.say("user", record.value if isinstance(record.value, str) else "")
    yield draft.transcript(NAME)
