"""A model for conversations about release notes: it answers, streamed and slowly, and it learns what it was told to."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

from tests.chat.place import FEEDBACK, MORE
from tests.learn.answers import EXTRACTED, FIRST_LINE
from tests.models.server import Reply, Request, Sent, says

_TOLD = {
    FEEDBACK: ("List breaking changes first in release notes", "list breaking changes first in release notes"),
    MORE: ("Always link every fix in release notes to its issue", "link every fix in release notes to its issue"),
}
_MERGE = {
    "action": "merge",
    "skill": 1,
    "reason": "the same job",
    "edits": [{"kind": "add", "rule": 1, "line": FIRST_LINE, "text": "", "reason": "new"}],
}


def brain(answer: Callable[[str], str] = "You said: {}".format, *, pace: float = 0.0, thinks: float = 0.0) -> Reply:
    """It answers with what `answer` makes of the user's words, a byte every `pace` seconds, and learns in `thinks`."""

    def reply(request: Request) -> Sent:
        if request.body.get("stream"):
            return replace(says(answer(request.messages[-1]["content"]))(request), pace=pace)
        asked = request.body["response_format"]["json_schema"]["schema"]["properties"]
        return says(json.dumps(_MERGE if "action" in asked else _extracted(request)), wait=thinks)(request)

    return reply


def _extracted(request: Request) -> dict[str, object]:
    """What the pieces of feedback teach that were said."""
    heard = request.messages[-1]["content"]
    turns = {said: int(turn) for turn, said in re.findall(r"turn (\d+), user:\n`+\n(.*)\n`", heard)}
    known = [(turns[said], *told) for said, told in _TOLD.items() if said in turns]
    rules = [{"text": rule, "quote": quote, "turn": turn} for turn, rule, quote in known]
    return {**EXTRACTED, "rules": rules, "triggers": []}
