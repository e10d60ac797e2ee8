"""The words of the pages, in each language: `texts/*.toml`.

    [search]                    of texts/library.toml is `library.search`
    en = "Search"
    zh = "搜索"

A text may have `{names}` for values; where `count` is one of them, `one` is the English text for just one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final, get_args

from skillgit.serve.web.page import Language

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
_TEXTS = Path(__file__).parent / "texts"
_ELSEWHERE: Final = ("recorded.", "settings.")
_NAMED = re.compile(r"\\{(\w+)\\}")
_SHAPES: Final = {
    "skill": r"\S+/\S+",
    "commit": "[0-9a-f]{7,64}",
    "version": r"\d+\.\d+\.\d+\S*",
    "count": r"\d+",
}
"""What a value looks like in what was recorded; any other is words."""
_CHOICE = re.compile(r"\s*([\w-]+)\s*(?:;\s*q=([\d.]+)\s*)?")


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """Every text by its key, `library.search`, in each language."""
    return {
        f"{file.stem}.{name}": text
        for file in sorted(_TEXTS.glob("*.toml"))
        for name, text in tomllib.loads(file.read_text(encoding="utf-8")).items()
    }


def text(language: Language, key: str, **values: object) -> str:
    """A text with its values. Raises KeyError for a key that there is not, or a value that is not given."""
    known = texts()[key]
    chosen = known["one"] if language == "en" and values.get("count") == 1 and "one" in known else known[language]
    return chosen.format_map(values) if values else chosen


def told(language: Language, said: str) -> str:
    """What skillgit has recorded in English in the visitor's language, and what anybody else wrote as it is."""
    for shape, chosen in _recorded(language):
        if match := shape.fullmatch(said):
            return chosen.format_map({name: told(language, value) for name, value in match.groupdict().items()})
    reasons = said.split("; ")
    if len(reasons) == 1:
        return said
    known = [told(language, each) for each in reasons]
    is_known = all(new != old for new, old in zip(known, reasons, strict=True))
    return "；".join(known) if is_known else said


@cache
def _recorded(language: Language) -> tuple[tuple[re.Pattern[str], str], ...]:
    """How each text that stands elsewhere in English is recognised, and what it is in a language."""
    known = [each for key, each in texts().items() if key.startswith(_ELSEWHERE)]
    return tuple((_shape(each["en"]), each[language]) for each in known)


def _shape(english: str) -> re.Pattern[str]:
    return re.compile(_NAMED.sub(lambda found: f"(?P<{found[1]}>{_SHAPES.get(found[1], '.+')})", re.escape(english)))


def language(wanted: str, kept: str, accepted: str) -> Language:
    """The language to speak: the one asked for, or that of the cookie, or what `Accept-Language` likes best."""
    return next(_known([wanted, kept, *_liked(accepted)]), "en")


def _known(tags: Iterable[str]) -> Iterator[Language]:
    for tag in tags:
        yield from (each for each in LANGUAGES if tag.lower().split("-")[0] == each)


def _liked(accepted: str) -> list[str]:
    """The tags of `Accept-Language`, the best liked first."""
    found = [_CHOICE.fullmatch(each) for each in accepted.split(",")]
    weights = [(match[1], _weight(match[2])) for match in found if match]
    return [tag for tag, weight in sorted(weights, key=lambda each: -each[1]) if weight > 0]


def _weight(said: str | None) -> float:
    try:
        return float(said) if said else 1.0
    except ValueError:
        return 0.0
