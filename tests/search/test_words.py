"""The tokenizer: what of a text can be asked for, in every script."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.search.words import FIELD_WEIGHTS, PARTS, bag, query, tokens

TOKENS = {
    "plain words": ("Draft Reports", ["draft", "report"]),
    "function words go": ("how should I do a release", ["releas"]),
    "a possessive": ("the user's and users’ data", ["user", "user", "data"]),
    "an apostrophe": ("o'clock", ["oclock"]),
    "camel case": ("HttpWebRequest", ["http", "web", "request", "httpwebrequest"]),
    "an acronym in camel case": ("parseJSONFile", ["pars", "json", "file", "parsejsonfil"]),
    "snake case": ("shm_size", ["shm", "size", "shmsiz"]),
    "kebab case": ("docker-compose", ["docker", "compos", "dockercompos"]),
    "a file name": ("package.json", ["packag", "json", "packagejson"]),
    "dunder": ("__init__", ["init"]),
    "an option": ("--dry-run", ["dry", "run", "dryrun"]),
    "numbers are kept": ("port 8080, HTTP 404", ["port", "8080", "http", "404"]),
    "a version": ("3.11", ["3", "11", "311"]),
    "letters and digits": ("utf8 p5", ["utf8", "p5"]),
    "signs that name a language": ("C++ C# c", ["c++", "c#", "c"]),
    "Chinese": ("数据清洗", ["数据", "据清", "清洗"]),
    "Chinese function words go": ("我的数据吗", ["数据"]),
    "one character": ("猫", ["猫"]),
    "a change of script": ("docker转compose", ["docker", "转", "compos"]),
    "Kana": ("テスト", ["テス", "スト"]),
    "half width is full width": ("ﾃｽﾄ ｆｕｌｌ", ["テス", "スト", "full"]),
    "Hangul": ("보고서를", ["보고", "고서", "서를", "보고서를"]),
    "short Hangul": ("보고", ["보고"]),
    "Cyrillic": ("Ещё Доклад", ["еще", "доклад"]),
    "Greek": ("Άρθρο", ["αρθρο"]),
    "Arabic without its points": ("كِتَاب", ["كتاب"]),
    "Hindi with its vowels": ("हिन्दी", ["हिन्दी"]),
    "Thai": ("ไทย", ["ไท", "ทย"]),
    "accents": ("Café naïve", ["cafe", "naiv"]),
    "casefold": ("STRASSE straße", ["strass", "strass"]),
    "a hash in base64": ("a" * 65, []),
    "nothing": ("  \n\t -- !? 🚀", []),
}


@pytest.mark.parametrize(("text", "expected"), TOKENS.values(), ids=TOKENS.keys())
def test_a_text_gives_these_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


FAMILIES = (
    "review reviews reviewed reviewing",
    "release releases released releasing",
    "query queries queried querying",
    "policy policies",
    "cookie cookies",
    "plan plans planned planning",
    "box boxes",
    "cache caches cached caching",
    "process processes processed processing",
    "test tests tested testing",
)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_forms_of_a_word_are_one_term(family: str) -> None:
    assert len(set(tokens(family))) == 1


LOOK_INFLECTED = ("string", "thing", "bed", "speed", "status", "class", "analysis", "bus", "css", "aws", "king", "is1s")


@pytest.mark.parametrize("word", LOOK_INFLECTED)
def test_a_word_that_only_looks_inflected_is_left_alone(word: str) -> None:
    assert tokens(word) == [word]


def test_different_spellings_of_a_compound_share_the_whole() -> None:
    wholes = [
        set(query(text).wholes) for text in ("dockerCompose", "docker-compose", "docker_compose", "DockerCompose")
    ]
    assert wholes == [{"dockercompos"}] * 4
    assert query("dockercompose").words == ("dockercompos",)


def test_a_query_has_each_term_once_and_a_word_is_never_a_whole_too() -> None:
    found = query("uipath UiPath path")
    assert found.words == ("uipath", "ui", "path")
    assert set(found.words).isdisjoint(found.wholes)
    assert len(set(found.wholes)) == len(found.wholes)


@pytest.mark.parametrize(
    ("asked", "written"),
    [("data frame", "DataFrames"), ("git hub actions", "GitHub"), ("key-value stores", "keyValue")],
)
def test_words_side_by_side_ask_for_their_compound_too(asked: str, written: str) -> None:
    assert set(query(asked).wholes) & set(tokens(written))
    assert set(query(asked).words) <= set(tokens(asked))


def test_a_bag_weighs_the_fields() -> None:
    counts = bag(name="alpha", description="beta", tags="gamma", body="# Epsilon\ndelta delta\n#zeta\n")
    assert counts == {
        "alpha": (FIELD_WEIGHTS["name"], 0b1),
        "beta": (FIELD_WEIGHTS["description"], 0b1),
        "gamma": (FIELD_WEIGHTS["tags"], 0b1),
        "epsilon": (FIELD_WEIGHTS["heading"], 0b10),
        "delta": (2, 0b10),
        "zeta": (1, 0b10),
    }


@pytest.mark.parametrize("lines", [1, 20, 400])
def test_the_parts_of_a_bag_are_paragraphs_of_the_body_in_their_order(lines: int) -> None:
    body = "".join(f"word{number} {'filler ' * 20}\n" for number in range(lines))
    found = bag(name="", description="", tags="", body=body)
    parts = [found[f"word{number}"][1].bit_length() - 1 for number in range(lines)]
    assert parts == sorted(parts)
    assert parts[0] == 1
    assert parts[-1] < PARTS
    assert max(map(parts.count, parts)) <= max(5, lines // (PARTS - 1) + 2)
    assert found["filler"][1].bit_count() == len(set(parts))


@given(st.text())
def test_any_text_gives_clean_tokens_whatever_its_normal_form(text: str) -> None:
    found = tokens(text)
    assert found == tokens(unicodedata.normalize("NFD", text))
    assert all(token and not any(c.isspace() or c == "\0" for c in token) for token in found)
    asked = query(text)
    assert set(asked.words) <= set(found) <= {*asked.words, *asked.wholes}
