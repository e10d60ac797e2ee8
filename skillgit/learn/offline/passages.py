"""The user's own words in a turn: what was pasted is left out, the rest is cut into sentences and clauses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from skillgit.learn.offline.text import REMEMBERED

# Pasted prose is recognised by bulk: a turn longer than this is an instruction around material.
_BULK = 1200
_BRIEF = 320
# Of a huge turn only the two ends are looked at: the rest is certainly pasted.
_HUGE = 20_000
_END = 2_000

_PASTED = re.compile(
    r"^[ \t]*(?P<fence>```|~~~).*?(?:^[ \t]*(?P=fence)[ \t]*$|\Z)"
    r"|<(?P<tag>[A-Za-z][\w-]*)(?:\s[^<>]*)?>.*?</(?P=tag)>"
    r"|<!--.*?(?:-->|\Z)"
    r"|\\begin\{(?P<env>\w+\*?)\}.*?(?:\\end\{(?P=env)\}|\Z)"
    r"|\A---[ \t]*\n.*?\n---[ \t]*$"
    r"|[“\"「『][^”\"」』\n]{160,}[”\"」』]|(?<=[:：])\s*[“\"「『'][^”\"」』\n]{24,}[”\"」』']|[“「『][^”」』\n]{60,}[”」』]",
    re.DOTALL | re.MULTILINE,
)
_MATERIAL_LINE = re.compile(
    r"^\s*(?:>|\||\$ |#!|@@ |\+\+\+ |--- \S|Traceback |File \"|at [\w.$]+\(|\d{4}-\d\d-\d\d[T ]\d\d:|\[?\d\d:\d\d:\d\d"
    r"|(?:import|from) [\w.]+|(?:def|class|function|const|let|var|public|private|return)\b.*[({;=]|"
    r"[{}()\[\];]+\s*$|\\\w+\{)"
    r"|[=(){}\[\]+].*;\s*$|\{\s*$",
)
_PARAGRAPH = re.compile(r"\n\s*\n")
_SENTENCE_END = re.compile(
    r"\n+|(?<=[。！？!?；;])(?=[^”\"」』）)。！？!?；;])|(?<=[。！？])|"
    r"(?<=[^\W\d]\.)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bvs\.)(?<!\betc\.)\s+(?=\S)|"
    r"(?<=[\d)`'\"]\.)\s+(?=[A-ZА-ЯÀ-Ý])"
    r"|\s+(?=[(（]?\d{1,2}[.)、）]\s*[^\d\s])|(?<=[：:，,；;])(?=\d{1,2}[.、)]\s*[^\d\s])"
    r"|(?<=[^\s（])(?=（\d{1,2}）|[①-⑳])|(?<=[\u3000-\u9fff])(?=\(\d{1,2}\))"
)
_MARKER = re.compile(
    r"\s*(?:(?:[-*+•·●○▪]|#{1,6}|[(（]?\d{1,2}[.)、）](?!\d)|[①-⑳]|[一二三四五六七八九十]{1,2}、|[a-z][.)])\s*)*"
)
_NUMBER = re.compile(r"\d{1,2}|[①-⑳]")
_CLAUSE_END = re.compile(
    r"[，,、;；](?!\d)\s*|\s+(?:and|but|so|then|y|pero|et|mais|und|aber|mas|ma|и|но)\s+|\s*[:：](?![/\d])\s*|"
    r"\s+[-–—]+\s+|[。！!？?…~]+\s*|——"
)

# "between the canary and the rollout", "sign with 'Cheers, Jo'": it belongs together, whatever stands in it.
_WHOLE = re.compile(
    r"(?<!\w)(?:'[^'\n]{1,60}'|\"[^\"\n]{1,60}\"|`[^`\n]{1,60}`)(?!\w)|“[^”\n]{1,60}”|「[^」\n]{1,60}」|"
    r"\b(?:between|both|zwischen|entre|tra|fra|между)\s[^,;:.!?]{1,60}?\s(?:and|y|et|und|e|и)\s",
    re.IGNORECASE,
)
# "first ..., then ..." and "先……再……": one thought, however many commas.
IN_ORDER = re.compile(
    r"\bfirst(?:ly)?\b.+\b(?:then|next|finally)\b|(?:^|[:,;.]\s*)first(?:ly)?\b.+[,;.]\s*(?:and )?second(?:ly)?\b"
    r"|(?:先|首先).+(?:再|然后|接着|最后)|第一步.+第二步",
    re.IGNORECASE,
)
ARROW = re.compile(r"\s*(?:->|=>|→|⇒|➜|➔|⟶|-->|——>)\s*")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a turn's text: `text` is exactly what stands from `start` to `end`."""

    start: int
    end: int
    text: str


def own_words(text: str) -> tuple[Span, ...]:
    """The stretches of a turn that the user wrote, without code, quotations, markup and bulk material."""
    ends = [(0, _END), (len(text) - _END, len(text))] if len(text) > _HUGE else [(0, len(text))]
    kept = [piece for start, end in ends for piece in _split(text, _span(text, start, end), _PASTED)]
    if sum(len(span.text) for span in kept) > _BULK:
        kept = _around_material(text, kept)
    return tuple(kept)


def _around_material(text: str, stretches: list[Span]) -> list[Span]:
    """The brief paragraphs at the two ends: what people write around a text they paste."""
    paragraphs = [piece for span in stretches for piece in _split(text, span, _PARAGRAPH)]
    ends = paragraphs[:1] + paragraphs[1:][-1:]
    return [piece for piece in ends if len(piece.text) <= _BRIEF]


@lru_cache(maxsize=REMEMBERED)
def sentences(text: str) -> tuple[Span, ...]:
    """The user's sentences and list items, in order, without list markers."""
    return tuple(
        item
        for stretch in own_words(text)
        for sentence in _split(text, stretch, _SENTENCE_END)
        if not _MATERIAL_LINE.search(sentence.text) and (item := _unmarked(text, sentence)).text
    )


@lru_cache(maxsize=REMEMBERED)
def clauses(text: str, sentence: Span) -> tuple[Span, ...]:
    """The clauses of one sentence, in order, without the marks between them."""
    whole = [match.span() for match in _WHOLE.finditer(text, sentence.start, sentence.end)]
    return tuple(_split(text, sentence, _CLAUSE_END, within=whole))


def numbered(text: str, said: tuple[Span, ...], *, after: int) -> tuple[Span, ...]:
    """The items 1, 2, 3 ... of the list that begins right after that sentence; empty where there is none."""
    items: list[Span] = []
    ends = said[after].end
    for sentence in said[after + 1 :]:
        number = _NUMBER.search(text[ends : sentence.start])
        if number and _value(number.group()) == len(items) + 1:
            items.append(sentence)
        elif not items:
            return ()
        ends = sentence.end
    return tuple(items)


def _value(number: str) -> int:
    return int(unicodedata.numeric(number)) if len(number) == 1 else int(number)


def _split(text: str, span: Span, boundary: re.Pattern[str], *, within: Sequence[tuple[int, int]] = ()) -> list[Span]:
    """The pieces between the boundaries, but for those that stand inside the stretches `within`."""
    pieces, start = [], span.start
    for match in boundary.finditer(text, span.start, span.end):
        if any(opens < match.start() < closes for opens, closes in within):
            continue
        pieces.append(_span(text, start, match.start()))
        start = match.end()
    pieces.append(_span(text, start, span.end))
    return [piece for piece in pieces if piece.text]


def _unmarked(text: str, span: Span) -> Span:
    match = _MARKER.match(span.text)
    return _span(text, span.start + (match.end() if match else 0), span.end)


def _span(text: str, start: int, end: int) -> Span:
    """The span with the white space at its ends taken off."""
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end = max(start, start + len(piece.strip()))
    return Span(start, end, text[start:end])
