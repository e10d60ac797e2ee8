"""Google Takeout's record of Gemini Apps: single prompts, each with its answer, in no conversation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, moment, rows, text
from skillgit.transcripts.model import Transcript
from skillgit.transcripts.stream import Record

NAME = "gemini-takeout"

_VERB = re.compile(r"(?:Prompted|Asked|Said|Answered)(?: with:| Gemini)? ")
_BLOCKS = {"p", "br", "li", "ul", "ol", "pre", "div", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr"}


def is_gemini_takeout(value: object) -> bool:
    """Whether the value is an array of such activities."""
    return any(_is_prompt(row) for row in rows(value)[:20])


def read(record: Record) -> Iterator[Transcript]:
    """Yield one conversation a prompt, the oldest first; other activities are none."""
    prompts = [row for row in rows(record.value) if _is_prompt(row)]
    for row in reversed(prompts):
        yield _transcript(row, line=record.line)


def _is_prompt(row: Fields) -> bool:
    products = row.get("products")
    known = isinstance(products, list) and "Gemini Apps" in products
    return known and bool(_VERB.match(text(row.get("title"))) or row.get("safeHtmlItem"))


def _transcript(row: Fields, *, line: int | None) -> Transcript:
    draft = Draft(line)
    when = moment(row, "time")
    draft.say("user", _VERB.sub("", text(row.get("title")), count=1), timestamp=when)
    for answer in rows(row.get("safeHtmlItem")):
        draft.say("assistant", _plain(text(answer.get("html"))), timestamp=when)
    return draft.transcript(NAME, created=when)


class _Words(HTMLParser):
    """The words of some HTML, blocks on lines of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a new line for a block."""
        if tag in _BLOCKS:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        self.found.append(data)


def _plain(html: str) -> str:
    words = _Words()
    words.feed(html)
    words.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(words.found)).strip()
