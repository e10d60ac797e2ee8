"""Which cue tables apply to a text, and the matching itself."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache

from skillgit.learn.offline.asian import JAPANESE, KOREAN
from skillgit.learn.offline.chinese import CHINESE
from skillgit.learn.offline.english import ENGLISH
from skillgit.learn.offline.french import FRENCH
from skillgit.learn.offline.german import GERMAN
from skillgit.learn.offline.italian import ITALIAN
from skillgit.learn.offline.phrases import Kind
from skillgit.learn.offline.portuguese import PORTUGUESE
from skillgit.learn.offline.russian import RUSSIAN
from skillgit.learn.offline.spanish import SPANISH
from skillgit.learn.offline.text import REMEMBERED

TABLES = {
    table.code: table
    for table in (ENGLISH, CHINESE, SPANISH, FRENCH, GERMAN, PORTUGUESE, ITALIAN, RUSSIAN, JAPANESE, KOREAN)
}
Languages = tuple[str, ...]

# Function words that one of these languages has and the others rarely do.
_MARKS = {
    "en": "the and of is that you for with this not are please use don't write always never my your to in",
    "es": "el los las una que por para con del pero más uses usa siempre nunca está esto en y tu respuestas escribe",
    "fr": "le les des une est pas que pour dans avec sur mais ne je tu vous du et au toujours jamais réponds "
    "utilise écris",
    "de": "der die das und ist nicht ein eine mit für auf den dem bitte kein keine immer nie ich du verwende "
    "schreib in",
    "pt": "o os as um uma não que para com do da em mas você mais sempre nunca use isso no na escreva responda e",
    "it": "il gli una che non per con del di ma più sempre mai usa questo nel della scrivi rispondi è",
}
_MARKED = {
    word: tuple(code for code, others in _MARKS.items() if word in others.split())
    for words in _MARKS.values()
    for word in words.split()
}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")


def languages(text: str, *, usual: Languages = ()) -> Languages:
    """Name the tables to read a text with, the likeliest first.

    `usual` is what the rest of the conversation is written in: it settles short texts.
    English is read along everywhere, because people mix it into everything.
    """
    found = [code for code, script in (("ja", _KANA), ("ko", _HANGUL), ("ru", _CYRILLIC)) if script.search(text)]
    if _HAN.search(text) and "ja" not in found:
        found.append("zh")
    if not found:
        found = _latin(text, usual)
    return tuple(dict.fromkeys([*found, "en"]))


def _latin(text: str, usual: Languages) -> list[str]:
    words = [word.casefold() for word in _WORD.findall(text[:2000])]
    scores = Counter(dict.fromkeys(_MARKS, 0))
    scores.update(code for word in words for code in _MARKED.get(word, ()))
    best = max(scores.values())
    likely = [code for code, score in scores.items() if score == best and best > 0]
    if len(likely) == 1:
        return likely
    expected = [code for code in usual if code in _MARKS]
    return expected[:1] or likely[:2] or ["en"]


@cache
def _pattern(code: str, kind: Kind) -> re.Pattern[str]:
    table = TABLES[code]
    options = "|".join(getattr(table, kind)) or r"(?!)"
    body = rf"(?<!\w)(?:{options})(?:(?<=\W)|(?!\w))" if table.spaced else rf"(?:{options})"
    return re.compile(body, re.IGNORECASE)


@lru_cache(maxsize=REMEMBERED)
def cue(kind: Kind, text: str, codes: Languages) -> str:
    """The words of the first cue of that kind in the text, or "" where there is none."""
    for code in codes:
        match = _pattern(code, kind).search(text)
        if match:
            return match.group().strip() or text[:20].strip()
    return ""


@cache
def _lead(code: str) -> re.Pattern[str]:
    table = TABLES[code]
    edge = r"(?!\w)" if table.spaced else ""
    return re.compile(rf"(?:(?:{'|'.join(table.lead)}){edge}[\s,，:：.!。！—–-]*)+", re.IGNORECASE)


@lru_cache(maxsize=REMEMBERED)
def lead_length(text: str, codes: Languages) -> int:
    """How many characters of the text come before the instruction in it."""
    best = 0
    for code in codes:
        match = _lead(code).match(text)
        best = max(best, match.end() if match else 0)
    return best
