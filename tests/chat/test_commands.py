"""What is a command and what is a message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.chat.commands import COMMANDS, parse
from skillgit.chat.options import Options, change
from skillgit.errors import UsageError

TYPED = {
    "a message": ("write the notes", None),
    "a command": ("/scope common", ("scope", "common")),
    "spaces around": ("/search   release notes  ", ("search", "release notes")),
    "a full-width slash": ("／帮助", "no command"),
    "a full-width command": ("／scope common", ("scope", "common")),
    "upper case": ("/HELP", ("help", "")),
    "a hyphen for an underscore": ("/extract-now tables", ("extract_now", "tables")),
    "an alias": ("/quit", ("exit", "")),
    "a bare word": ("exit", ("exit", "")),
    "a bare word with more behind it": ("exit strategies for startups", None),
    "a word that is never bare": ("search", None),
    "a slash alone": ("/", None),
    "a space in front": (" /etc/hosts: why?", None),
    "several lines": ("/search this\nand that", None),
    "no command": ("/etc/hosts", "no command"),
    "nothing where something is wanted": ("/search", "takes QUERY"),
    "something where nothing is wanted": ("/clear all", "takes nothing"),
    "nothing where something may be": ("/log", ("log", "")),
}


@pytest.mark.parametrize(("typed", "read"), TYPED.values(), ids=TYPED.keys())
def test_a_line_is_a_command_or_a_message(typed: str, read: object) -> None:
    if isinstance(read, str):
        with pytest.raises(UsageError, match=read):
            parse(typed)
        return
    found = parse(typed)
    assert (found and (found.name, found.argument)) == read


@given(st.text(st.characters(exclude_characters="/／")))
def test_what_begins_with_no_slash_is_a_message_but_for_a_few_words(text: str) -> None:
    found = parse(text)
    assert found is None or text.strip().lower().replace("-", "_") == found.name or text.strip().lower() == "quit"


def test_every_command_of_autoskill_is_there() -> None:
    theirs = (
        "help exit clear skills search export write rewrite extract extract_every extract_now scope paste file clip"
    )
    assert set(theirs.split()) <= {row.name for row in COMMANDS}


OPTIONS = {
    "scope": ("scope", "common", Options(scope="common")),
    "autoskill's library": ("scope", "library", Options(scope="common")),
    "autoskill's auto": ("rewrite", "auto", Options(rewrite="rule")),
    "autoskill's always": ("rewrite", "always", Options(rewrite="model")),
    "learn": ("learn", "Never", Options(learn="never")),
    "every": ("every", "3", Options(every=3)),
    "min_score": ("min_score", "0.5", Options(min_score=0.5)),
    "no scope": ("scope", "mine", None),
    "no count": ("every", "0", None),
    "no number": ("every", "１", None),
    "no share": ("min_score", "nan", None),
    "more than all": ("min_score", "1.1", None),
}


@pytest.mark.parametrize(("name", "text", "options"), OPTIONS.values(), ids=OPTIONS.keys())
def test_an_option_is_read_as_people_write_it(name: str, text: str, options: Options | None) -> None:
    if options:
        assert change(Options(), **{name: text}) == options
        return
    with pytest.raises(UsageError, match=text):
        change(Options(), **{name: text})


def test_a_quotation_that_is_not_closed_is_named() -> None:
    found = parse("/write 'my skills")
    with pytest.raises(UsageError, match="quotation"):
        assert found and found.words
