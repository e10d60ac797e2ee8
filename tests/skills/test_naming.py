"""Names: what is refused, what is made of other texts, and what a typed name means."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.errors import Invalid, NotFound, SkillgitError, Unsafe, UsageError
from skillgit.skills import naming

UNSAFE = {
    "a way up": "../x",
    "an absolute path": "/abs",
    "two segments": "a/b",
    "a backslash": "a\\b",
    "a drive or stream": "a:b",
    "nothing": "",
    "the directory itself": ".",
    "a device": "CON",
    "a device with an extension": "nul.txt",
    "a device in superscript": "com\u00b9",
    "a bidi override": "a\u202eb",
    "a line break": "a\nb",
    "a NUL": "a\0b",
    "git's directory": ".GIT",
    "git's directory with HFS's ignored character": ".g\u200cit",
    "git's directory in NTFS's short form": "GIT~1",
    "half a character": "a\ud800",
}

INVALID = {
    "300 characters": "x" * 300,
    "more bytes than a directory entry has": "\U00020000" * 64,
    "only emoji": "\U0001f600\U0001f680",
    "upper case": "Release",
    "an underscore": "a_b",
    "a space": "a b",
    "a dot": "a.b",
    "a leading hyphen": "-a",
    "two hyphens": "a--b",
    "a ligature": "\ufb01x",
    "a combining mark": "cafe\u0301",
}


@pytest.mark.parametrize("name", UNSAFE.values(), ids=UNSAFE.keys())
def test_an_unsafe_name_is_refused_by_name(name: str) -> None:
    with pytest.raises(Unsafe, match=r"^unsafe name '.*': .+$"):
        naming.segment(name)


@pytest.mark.parametrize("name", INVALID.values(), ids=INVALID.keys())
def test_an_invalid_name_is_refused_with_one_that_would_do(name: str) -> None:
    with pytest.raises(Invalid) as caught:
        naming.segment(name)
    assert "\n" not in caught.value.message
    assert len(caught.value.message) < 160
    assert f"'{naming.slug(name)}'" in caught.value.hint


@pytest.mark.parametrize("name", ["a", "release-checklist", "x9", "中文技能", "naïve", "ada-550e8400", "x" * 64])
def test_a_valid_name_is_kept(name: str) -> None:
    assert naming.segment(name) == naming.slug(name) == naming.user_segment(name) == name


SLUGS = {
    "Government Report (EU)": "government-report-eu",
    "side_by_side__legal": "side-by-side-legal",
    "PyTorch模型训练": "pytorch模型训练",
    "İstanbul": "istanbul",
    "हिन्दी": "हनद",
    "Ｆｕｌｌ width": "full-width",
    "CON": "con-name",
    "../../etc/passwd": "etc-passwd",
    " ".join(["words"] * 30): "-".join(["words"] * 10),
    "y" * 100: "y" * 64,
}


@pytest.mark.parametrize(("text", "expected"), SLUGS.items(), ids=[text[:20] for text in SLUGS])
def test_a_slug_keeps_the_words(text: str, expected: str) -> None:
    assert naming.slug(text) == expected


@given(st.text(max_size=120))
def test_every_text_has_a_valid_slug_that_is_its_own_slug(text: str) -> None:
    slug = naming.slug(text)
    assert naming.segment(slug) == slug == naming.slug(slug) == naming.slug(text)


@given(st.text(max_size=90))
def test_every_client_id_has_a_valid_and_stable_segment(client_id: str) -> None:
    user = naming.user_segment(client_id)
    assert naming.segment(user) == user == naming.user_segment(client_id) == naming.user_segment(user)


def test_client_ids_that_slug_alike_stay_apart() -> None:
    ids = ["Ada", "ADA", "ada!", "\U0001f600", "\U0001f680", "../ada", "ada"]
    assert len({naming.user_segment(client_id) for client_id in ids}) == len(ids)


def test_a_taken_name_gets_the_next_number() -> None:
    assert naming.unique("a", []) == "a"
    assert naming.unique("a", ["A"]) == "a-2"
    assert naming.unique("a", ["a", "a-2", "A-3"]) == "a-4"
    assert naming.unique("caf\u00e9", ["cafe\u0301"]) == "caf\u00e9-2"


@given(st.text(max_size=90), st.integers(1, 12))
def test_a_numbered_name_is_valid_and_free(text: str, count: int) -> None:
    taken: list[str] = []
    for _ in range(count):
        taken.append(naming.unique(naming.slug(text), taken))
        naming.segment(taken[-1])
    assert len({naming.folded(name) for name in taken}) == count


PATHS = {
    "Users/ada/x": ("Users", "ada", "x", "ada/x"),
    "Common/x": ("Common", "", "x", "x"),
    "Common/lib/x": ("Common", "lib", "x", "lib/x"),
    "Common/lib/skills/Some_Folder/x": ("Common", "lib/skills/Some_Folder", "x", "lib/skills/Some_Folder/x"),
}


@pytest.mark.parametrize(("path", "parts"), PATHS.items(), ids=PATHS.keys())
def test_a_full_path_is_read_and_written_back(path: str, parts: tuple[str, str, str, str]) -> None:
    read = naming.parse_path(path)
    assert (read.scope, read.owner, read.name, read.short) == parts
    assert str(read) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "x",
        "ada/x",
        "Users/ada",
        "Users/ada/x/y",
        "Users/../x",
        "Common/../x",
        "Common//x",
        "/Users/ada/x",
        "Common",
    ],
)
def test_no_other_path_is_a_skill_path(path: str) -> None:
    with pytest.raises(SkillgitError):
        naming.parse_path(path)


KNOWN = ["Users/ada/release", "Users/bob/release", "Users/ada/pdf-tools", "Common/review", "Common/lib/skills/deploy"]

MEANT = {
    "a full path": ("Users/ada/release", None, "Users/ada/release"),
    "owner and name": ("bob/release", None, "Users/bob/release"),
    "a name that one skill has": ("pdf-tools", None, "Users/ada/pdf-tools"),
    "a common skill": ("review", None, "Common/review"),
    "the end of a library's path": ("skills/deploy", None, "Common/lib/skills/deploy"),
    "a library and the skill": ("lib/deploy", None, "Common/lib/skills/deploy"),
    "a library and the skill, from the root": ("Common/lib/deploy", None, "Common/lib/skills/deploy"),
    "the user's own among several": ("release", "bob", "Users/bob/release"),
    "another case": ("Ada/Release", None, "Users/ada/release"),
    "the file itself": ("Users/ada/release/SKILL.md", None, "Users/ada/release"),
    "a directory as the shell completes it": ("ada/release/", None, "Users/ada/release"),
}


@pytest.mark.parametrize(("typed", "user", "meant"), MEANT.values(), ids=MEANT.keys())
def test_what_was_typed_finds_the_skill_that_was_meant(typed: str, user: str | None, meant: str) -> None:
    assert naming.resolve(typed, KNOWN, user=user) == meant


def test_an_ambiguous_name_names_the_choices() -> None:
    with pytest.raises(UsageError, match=r"^'release' is ambiguous$") as caught:
        naming.resolve("release", KNOWN)
    assert caught.value.hint == "say one of Users/ada/release, Users/bob/release"


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(NotFound, match=r"^no skill 'pdf-tool'$") as caught:
        naming.resolve("pdf-tool", KNOWN)
    assert caught.value.hint == "did you mean 'pdf-tools'?"
    with pytest.raises(NotFound) as caught:
        naming.resolve("\x1b[31mqqqqq", KNOWN)
    assert caught.value.message == "no skill '\\u001b[31mqqqqq'"
    assert caught.value.hint == ""
    with pytest.raises(NotFound, match=r"^no skill 'lib'$"):  # which of its skills?
        naming.resolve("lib", KNOWN)


@given(st.text(max_size=10))
def test_folding_ignores_case_and_normal_form(text: str) -> None:
    assert naming.folded(unicodedata.normalize("NFD", text)) == naming.folded(text)
