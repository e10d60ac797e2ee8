"""Speaking of a kind of work: "changelog entries", "every quiz", "周报", after one changelog entry, quiz or 周报.

Who was given one report and then speaks of reports in general says how reports are made.
"""

from __future__ import annotations

import re
import unicodedata

from skillgit.learn.offline.deliverable import deliverable
from skillgit.learn.offline.language import Languages
from skillgit.learn.offline.text import one_line, words

# What is named after the deed: who asks to summarize speaks of summaries.
_DEEDS = {
    "summarize": "summary",
    "summarise": "summary",
    "translate": "translation",
    "compare": "comparison",
    "explain": "explanation",
    "analyze": "analysis",
    "analyse": "analysis",
    "describe": "description",
}
# Deeds whose very name is that of the work.
_SAME = words("commit test build release merge review plot query report plan email estimate search")
_THIS_ONE = words(
    "the this that these those your its his her their both other more last first previous above it he she"
)
_EACH = words("each every any all")
_LINKS = words("in for on of to with from at by and or")
_INSIDE = ("中", "里", "的", "内", "上", "の")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_SHORTEST_STEM = 3
_FIRM = re.compile(r"\b(?:always|never)\b", re.IGNORECASE)
_COUNT = re.compile(
    r"\b(?:\d+(?= [a-z])|two|three|four|five|six|seven|eight|nine|ten|twenty|some|several|a few|a couple|a list of)\b",
    re.IGNORECASE,
)
_OPENS_WITH = r"^(?:(?:in|for|on|with) |my |our )(?:[\w'-]+ )?"


def kinds_of_work(request: str, codes: Languages) -> tuple[str, ...]:
    """What the work that is asked for may be called when it is spoken of in general, in lower case."""
    body = one_line(request)
    verb = next(iter(_WORD.findall(body.casefold())), "")
    found = deliverable(body, codes[0])
    noun = found.noun.casefold() if found else ""
    if codes[0] != "en":
        return tuple(dict.fromkeys([noun, noun.split(" ", 1)[0]])) if noun else ()
    heads = [noun] if _is_plural(noun) and " " in noun else [noun.rpartition(" ")[2]]
    deed = verb if verb in _SAME else _DEEDS.get(verb, "")
    return tuple(dict.fromkeys(name for name in [*heads, deed] if name))


def names_a_kind(text: str, kinds: tuple[str, ...], codes: Languages) -> str:
    """The kind that the text speaks of in general, or ""."""
    find = _english if codes[0] == "en" else _other
    return next((kind for kind in kinds if find(text.casefold(), kind)), "")


def names_all_of_a_kind(text: str, kinds: tuple[str, ...], codes: Languages) -> str:
    """The kind that the text speaks of in general although one of it was just asked for, or "".

    "Write a report. Reports must always ...", "... in such a report, never ...", "... In release notes, always ...".
    Not "every question must", nor of what is counted: that may be said of the ten questions which are wanted.
    """
    if codes[0] != "en" or not _FIRM.search(text):
        return ""
    return next((kind for kind in kinds if _speaks_of_all(text.casefold(), kind)), "")


def is_counted(request: str) -> bool:
    """Whether a request is for so many of something."""
    return bool(_COUNT.search(request))


def _speaks_of_all(text: str, kind: str) -> bool:
    many = kind if _is_plural(kind) else _plural(kind)
    if re.search(rf"(?<!\w)such (?:an? )?(?:{re.escape(kind)}|{re.escape(many)})(?!\w)", text):
        return True
    apart = _OPENS_WITH if _is_plural(kind) else r"(?<!\w)(?:[\w'-]+ ){0,2}"
    found = re.search(rf"{apart}{re.escape(many)}(?!\w)", text)
    return found is not None and not _THIS_ONE & set(found.group().split())


def _english(text: str, kind: str) -> bool:
    plural = kind if _is_plural(kind) else _plural(kind)
    for match in re.finditer(rf"(?<!\w)(?:{re.escape(plural)}|{re.escape(kind)})(?!\w)", text):
        before = _WORD.findall(text[: match.start()])[-2:]
        near = set(before[-1:] if before and before[-1] in _LINKS else before)
        if near & _EACH or (match.group() == plural and not near & _THIS_ONE):
            return True
    return False


def _other(text: str, kind: str) -> bool:
    if not kind.isascii() and any("\u3040" <= char <= "\u9fff" for char in kind):
        return text.startswith(kind) and not text[len(kind) :].startswith(_INSIDE)
    kind = _unaccented(kind)
    stem = kind[: max(_SHORTEST_STEM, len(kind) - 2)]
    spoken = _WORD.findall(_unaccented(text))
    return any(word.startswith(stem) and abs(len(word) - len(kind)) <= 2 for word in spoken)


def _unaccented(text: str) -> str:
    """The text without marks, which move when a word is inflected: resumen, resúmenes."""
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def _is_plural(noun: str) -> bool:
    return noun.endswith("s") and not noun.endswith(("ss", "is", "us"))


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    if noun.endswith("sis"):
        return noun[:-2] + "es"
    return noun + ("es" if noun.endswith(("s", "x", "z", "ch", "sh")) else "s")
