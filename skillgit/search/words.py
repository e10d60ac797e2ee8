"""What a text says, as index terms: the tokenizer of the words index.

A text is NFKC, loses accents and vowel points, is cut into chunks and casefolded:

    user's             user                       possessive and apostrophe go
    reviews, reviewed  review                     a light English stem, see `_stem`
    HttpWebRequest     http web request + httpwebrequest
    snake_case, a-b    the parts + the whole, joined; so `snake_case` meets `snake-case`
    docker转compose     docker, 转, compose        a change of script is a boundary
    数据清洗             数据 据清 清洗               bigrams: Han, Kana, Thai, Lao, Khmer, Myanmar
    보고서를             보고 고서 서를 + 보고서를      Hangul words take particles: parts and the whole
    доклад, ξένος      as they are, whole         every other script
    3.11, c++, utf8    3 11 + 311, c++, utf8

English and Chinese function words are dropped. Among 34 skills of one product, stem, wholes
and stop words together lift recall at 1 from .62 to .67, and the area under the curve that
tells prompts with an answer from those without from .83 to .86.
"""

from __future__ import annotations

import hashlib
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, TypeAlias

STOP_WORDS: Final = frozenset(
    re.findall(
        r"\w+",
        """
        a an the and or but if of to in on at by for from with as is are was were be been being it its this that these
        those i me my you your he she we our they their them do does did have has had can could should would will
        shall may might must not no so than then there here what which who whom how when where why all any each some
        such only own same too very just about into over under again once please want need let im ive dont
        """,
    )
)
STOP_CHARACTERS: Final = frozenset("的了吗呢吧啊请把我你您他她们就也都而被让与及那些")
FIELD_WEIGHTS: Final = {"name": 2, "description": 2, "tags": 2, "heading": 2, "body": 1}

PARTS: Final = 32
"""Of a skill: its name, description and tags are the first, the paragraphs of its body the others."""

Standing: TypeAlias = tuple[int, int]
"""How often a term stands in a skill, and in which of its parts, a bit each."""

_PARAGRAPH = 300  # characters
_HEADING = re.compile("#{1,6} ")  # or a comment in code, which says as much about what follows it

_SPACELESS = (
    r"\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    r"\uf900-\ufaff\U00020000-\U0003ffff"
)
_INDIC = r"\u0900-\u0963\u0966-\u0dff"  # its vowel signs are no \w, and a word without them is another word
_WORD = rf"[^\W_{_SPACELESS}]+(?:[{_INDIC}]+[^\W_{_SPACELESS}]*)*"
_CHUNK = re.compile(rf"[{_SPACELESS}]+|{_WORD}(?:[-_.'’]{_WORD})*(?:\+\+|\#)?")
_PLAIN = re.compile(r"[a-z][a-z0-9]{1,20}", re.IGNORECASE | re.ASCII)
_POINTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]")
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_JOINT = re.compile(r"[-_.]|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LONGEST = 64  # code points; a longer chunk is a hash or a picture in base64
_FIRST_HANGUL, _LAST_HANGUL = "\uac00", "\ud7a3"
_VOWEL = re.compile("[aeiouy]")
_PLURAL_ES = ("xes", "ches", "shes", "sses", "zzes")

RECIPE: Final = hashlib.blake2b(
    # The first number stands for what the rest does not show: the code below. Count it up.
    repr((3, sorted(STOP_WORDS), sorted(STOP_CHARACTERS), FIELD_WEIGHTS, _CHUNK.pattern, _JOINT.pattern)).encode()
    + f"{_LONGEST} {unicodedata.unidata_version} {sys.byteorder}".encode(),
    digest_size=6,
).hexdigest()


@dataclass(frozen=True, slots=True)
class Query:
    """The distinct terms of a query, in order of first appearance.

    `words` are what it asks for. `wholes` are joined forms (`httpwebrequest`) of words that
    stand among `words` in parts or side by side: welcome where the index knows them, no loss where it does not.
    """

    words: tuple[str, ...]
    wholes: tuple[str, ...]


def tokens(text: str) -> list[str]:
    """The index terms of a text, in order, with repetitions; the parts of a compound before the whole."""
    return [token for token, _ in _scan(text)]


def query(text: str) -> Query:
    """The index terms of a text as a question; its `data frame` may be a skill's `dataframe`."""
    seen: dict[str, bool] = {}
    for token, whole in _scan(text):
        seen[token] = seen.get(token, True) and whole
    for first, second in pairwise(_PLAIN.findall(_folded(text))):
        seen.setdefault(_stem((first + second).casefold()), True)
    return Query(
        words=tuple(token for token, whole in seen.items() if not whole),
        wholes=tuple(token for token, whole in seen.items() if whole),
    )


def bag(*, name: str, description: str, tags: str, body: str) -> dict[str, Standing]:
    """Where each term stands in a skill; one of a field counts `FIELD_WEIGHTS` times."""
    times: Counter[str] = Counter()
    parts: defaultdict[str, int] = defaultdict(int)
    for part, field, text in (
        (0, "name", name),
        (0, "description", description),
        (0, "tags", tags),
        *_paragraphs(body),
    ):
        for token, found in Counter(tokens(text)).items():
            times[token] += found * FIELD_WEIGHTS[field]
            parts[token] |= 1 << part
    return {token: (found, parts[token]) for token, found in times.items()}


def _paragraphs(body: str) -> Iterator[tuple[int, str, str]]:
    """A body in at most PARTS - 1 runs of lines, each about a paragraph or more: the headings and the rest of each."""
    size = max(_PARAGRAPH, len(body) / (PARTS - 1))
    runs: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    start = 0
    for line in body.splitlines(keepends=True):
        field = "heading" if _HEADING.match(line) else "body"
        runs[min(int(start / size), PARTS - 2) + 1, field].append(line)
        start += len(line)
    return ((part, field, "".join(lines)) for (part, field), lines in runs.items())


def _scan(text: str) -> Iterator[tuple[str, bool]]:
    """Each term, and whether it is the whole of a compound whose parts came before."""
    for chunk in _CHUNK.findall(_folded(text)):
        yield from _chunk(chunk)


def _folded(text: str) -> str:
    """The text in one normal form, without accents and vowel points."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _POINTS.sub("", unicodedata.normalize("NFKD", text)))


@lru_cache(maxsize=1 << 16)
def _chunk(chunk: str) -> tuple[tuple[str, bool], ...]:
    if _is_spaceless(chunk):
        return tuple((pair, False) for pair in _bigrams(chunk) if STOP_CHARACTERS.isdisjoint(pair))
    if len(chunk) > _LONGEST:
        return ()
    plain = _POSSESSIVE.sub("", chunk).replace("'", "").replace("’", "")
    parts = [part for piece in _JOINT.split(plain) for part in _parts(piece.casefold())]
    if len(parts) > 1:
        whole = (_stem("".join(_JOINT.split(plain)).casefold()), True)
        return (*((_stem(part), False) for part in parts if part not in STOP_WORDS), whole)
    return tuple((_stem(part), False) for part in parts if part not in STOP_WORDS)


def _is_spaceless(chunk: str) -> bool:
    return not chunk.isascii() and re.match(f"[{_SPACELESS}]", chunk) is not None  # compiled where needed: 2 ms


def _parts(piece: str) -> list[str]:
    if len(piece) > 2 and _FIRST_HANGUL <= piece[0] <= _LAST_HANGUL:
        return _bigrams(piece)
    return [piece] if piece else []


def _bigrams(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def _stem(word: str) -> str:
    """One form for an English word's plural, -ed, -ing and final -e and -y; what is not plain a-z is left alone.

    It never takes the last vowel and never leaves fewer than three letters, so `string`, `bed`,
    `speed`, `status`, `class` and `analysis` stay what they are.
    """
    if len(word) < 4 or not (word.isascii() and word.isalpha()):
        return word
    word = _without_ending(_singular(word))
    if len(word) > 4 and word[-1] == "e":
        return word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word[-1] == "y" and word[-2] not in "aeiou" else word


def _singular(word: str) -> str:
    if word[-1] != "s" or word[-2] in "siu":
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(_PLURAL_ES) else word[:-1]


def _without_ending(word: str) -> str:
    if word.endswith("ied") and len(word) > 4:
        return word[:-3] + "y"
    for ending in ("ing", "ed"):
        rest = word.removesuffix(ending)
        if rest == word or len(rest) < 3 or not _VOWEL.search(rest) or word.endswith("eed"):
            continue
        return rest[:-1] if rest[-1] == rest[-2] and rest[-1] not in "lsz" else rest
    return word
