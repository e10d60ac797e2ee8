"""SpecStory's Markdown: sessions of several agents, written down as they went."""

from __future__ import annotations

import re
from collections.abc import Iterator

from skillgit.transcripts.draft import Draft
from skillgit.transcripts.harness import own_words
from skillgit.transcripts.model import Transcript
from skillgit.transcripts.stream import Record

NAME = "specstory"

_MARK = re.compile(
    r"^_\*\*(?P<who>User|Agent|Assistant)(?P<side> - sidechain)?[ ]?(?:\((?P<about>[^)\n]*)\))?\*\*_[ \t]*$",
    re.MULTILINE,
)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?")
_SESSION = re.compile(r"<!-- .{1,40}? Session (?P<id>[\w-]+)")
_TITLE = re.compile(r"^# (?P<title>.+)$", re.MULTILINE)
_SET_APART = re.compile(
    r"<think>(?P<thought>.*?)</think>|<tool-use\b(?P<tag>[^>]*)>(?P<used>.*?)</tool-use>", re.DOTALL | re.IGNORECASE
)
_TOOL = re.compile(r'data-tool-name="([^"]*)"')
_MARKUP = re.compile(r"</?(?:details|summary)>")
_OPENED = re.compile(r"\A_Opened file: [^\n]*_\s*")


def is_specstory(value: object) -> bool:
    """Whether the value is a text with such marks."""
    return isinstance(value, str) and _MARK.search(value) is not None


def read(record: Record) -> Iterator[Transcript]:
    """Yield the one session of a text."""
    written = record.value if isinstance(record.value, str) else ""
    marks = list(_MARK.finditer(written))
    if not marks:
        return
    draft = Draft()
    ends = [*(mark.start() for mark in marks), len(written)][1:]
    for mark, end in zip(marks, ends, strict=True):
        draft.line = written.count("\n", 0, mark.start()) + 1
        if mark["side"]:
            draft.note("sidechain_record_dropped", "dropped a turn of a subagent inside its parent's session")
        else:
            _add(draft, mark, written[mark.end() : end].strip().removesuffix("---").strip())
    head = written[: marks[0].start()]
    session, title = _SESSION.search(head), _TITLE.search(head)
    yield draft.transcript(
        NAME, id=session and session["id"], title=title and title["title"], created=_time(marks[0]["about"] or head)
    )


def _add(draft: Draft, mark: re.Match[str], said: str) -> None:
    when = _time(mark["about"] or "")
    if mark["who"] == "User":
        draft.say("user", own_words(_OPENED.sub("", said)), timestamp=when)
        return
    start = 0
    for apart in _SET_APART.finditer(said):
        draft.say("assistant", said[start : apart.start()].strip(), timestamp=when)
        start = apart.end()
        if apart["thought"] is not None:
            draft.say("reasoning", _bare(apart["thought"]), timestamp=when)
        else:
            name = _TOOL.search(apart["tag"])
            draft.call("", name[1] if name else "", {}, joins=False, timestamp=when)
            draft.answer("", _bare(apart["used"]), timestamp=when)
    draft.say("assistant", said[start:].strip().removesuffix("---").strip(), timestamp=when)


def _bare(shown: str) -> str:
    return _MARKUP.sub("", shown).strip()


def _time(about: str) -> str | None:
    found = _TIME.search(about)
    return f"{found[1]}T{found[2]}{found[3] or ''}" if found else None
