"""What a pull request says, and that no word of a transcript does anything there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from skillgit.changes.record import Change, record
from skillgit.git.history import Revision
from skillgit.git.message import Decision, Note, Quote
from skillgit.git.repo import Repo
from skillgit.git.transaction import Transaction, write
from skillgit.share import request, review
from skillgit.share.forge import Text
from skillgit.share.library_diff import SkillChange
from skillgit.share.request import Request
from tests.changes import library as lib
from tests.conftest import Run
from tests.git.place import git
from tests.share import libraries, waiting

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
DIGEST = "sha256:" + "6f" * 32
HOSTILE = {
    "a mention": "@ada look at this",
    "a closing word": "Fixes #1, closes: team/skills#2 and resolved https://git.example.org/a/b/-/issues/3",
    "a command": "/close",
    "a picture": "![x](https://evil.example/x.png)",
    "a link": "[x](javascript:alert(1)) <https://evil.example> https://evil.example www.evil.example a@evil.example",
    "HTML": "<img src=x onerror=alert(1)><script>alert(1)</script><!-- x",
    "the end of our part": "<!-- /skillgit -->",
    "backticks": "`a` ``b`` ```c``` `",
    "only backticks": "``",
    "a fence": "```\n~~~\n@ada",
    "a table": "| a | b |\n|---|---|",
    "a heading": "# x\n===\n---\n> x\n- [ ] x\n1. x",
    "an end of a code span and a mention": "` @ada `",
    "other directions": "\u202etxet\u200b\x1b[31m",
    "placeholders": "$summary ${skills} $$ {{ x }}",
    "backslashes": "\\` \\\\ \\",
    "an entity": "&#64;ada &lt;b&gt;",
    "nothing": " \n\t ",
}


def told(text: str) -> Request:
    """A request in which the same text is everywhere where there may be one from outside."""
    quote, name = Quote(DIGEST, 3, text), text or "x"
    about = {"learner": name, "score": 0.5, "nearest": name, "evidence": (quote,), "after": f"v {text}"}
    said = Decision("merge", "Users/ada/x", text, before="0.0.1", **about)  # type: ignore[arg-type]
    commits = (
        Revision("a" * 40, ("b" * 40,), text, "2026-01-02T03:04:05Z", text, said),
        Revision("c" * 40, ("b" * 40,), text, "2026-01-02T03:04:05Z", text, None),
    )
    notes = (Note("+", text), Note("-", text), Note("~", text))
    change = SkillChange("renamed", "Users/ada/x", name, "0.1.0", f"v {text}", notes)
    return Request((change,), commits, (text,))


def shape(markdown: str) -> list[tuple[str, str]]:
    """The blocks and spans of a text, with the words of those that are not code."""
    found = []
    for token in MARKDOWN.parse(markdown):
        found.append((token.type, token.tag))
        for child in token.children or ():
            found.append((child.type, "" if child.type == "code_inline" else child.content))
    return found


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_words_from_outside_are_code_whatever_they_are(text: str) -> None:
    body = request.body(told(text))
    assert shape(body) == shape(request.body(told("harmless")))
    assert not re.search(r"(?i)(clos|fix|resolv|implement)\w*:? +(\S*#|http)", body)
    assert not re.search(r"(?m)^\s*/", body)


@given(st.text(max_size=60))
def test_any_text_is_code_and_stays_one_line(text: str) -> None:
    assert shape(request.body(told(text))) == shape(request.body(told("harmless")))


@given(st.text(max_size=80))
def test_a_title_has_no_character_that_does_anything(text: str) -> None:
    named = SkillChange("changed", f"Users/{text}")
    said = request.title(Request((named,), (), ()), text)
    assert re.fullmatch(r"[\w ,./+?…-]*", said)
    assert len(said) <= 100


def decide(repo: Repo, *rules: str, quote: str = "", discard: bool = False) -> None:
    """A lesson about release: rules that are added to it, on somebody's words; or one that is known."""
    before = lib.document(repo, lib.RELEASE)
    after = before if discard else before.with_body(before.body + "".join(f"- {rule}\n" for rule in rules))
    evidence = (Quote(DIGEST, 2, quote),) if quote else ()
    change = Change(
        "discard" if discard else "merge",
        lib.RELEASE,
        before,
        after,
        "; ".join(rules) or "known",
        score=0.83,
        nearest=lib.RELEASE,
        learner="offline/1",
        evidence=evidence,
    )

    def body(tx: Transaction) -> None:
        record(tx, change)

    write(repo, body)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return lib.library(tmp_path / "lib")


def read(repo: Repo, base: str) -> Request:
    """What HEAD has that `base` has not."""
    return request.read(repo, lib.head(repo), repo.resolve(base))


def test_a_skill_is_told_by_what_changes_in_it_by_whom_and_on_whose_words(repo: Repo) -> None:
    base = lib.head(repo)
    decide(repo, "Tag the release.", quote="always tag it")
    decide(repo, "Write the notes first.", quote="notes first, please")
    decide(repo, discard=True)
    found = read(repo, base)
    body = request.body(found)
    assert body.startswith("1 skill changes, by 2 decisions, 1 conversation taught nothing new.\n")
    assert (
        "### changed `ada/release` 0.1.0 → 0.1.2\n\n```diff\n+ Tag the release.\n+ Write the notes first.\n```\n"
        in body
    )
    first, second = (each.oid[:10] for each in found.commits[:2])
    facts = "score 0.83 for `ada/release`, by `offline/1`"
    assert f"- **merge**: `Tag the release.` (0.1.0 → 0.1.1, {facts}, {first})\n  - turn 2: `always tag it`\n" in body
    assert f"(0.1.1 → 0.1.2, {facts}, {second})\n  - turn 2: `notes first, please`\n" in body
    assert body.endswith("- [x] Skills are valid and safe, versions rise, and commits do what they say.")
    assert request.title(found, "topic") == "2 decisions about ada/release"


def test_one_decision_gives_the_title(repo: Repo) -> None:
    base = lib.head(repo)
    decide(repo, "Fixes #1, @ada.")
    assert request.title(read(repo, base), "topic") == "merge ada/release 0.1.1"


def test_a_new_skill_is_told_by_its_rules_and_one_that_is_gone_by_its_name(repo: Repo) -> None:
    base = lib.head(repo)
    lib.add(repo, "Users/ada/fresh", "Keep it cool.")
    git("rm", "-rq", lib.REPORT, cwd=repo.directory)
    git("commit", "-qm", "no reports", cwd=repo.directory)
    found = read(repo, base)
    body = request.body(found)
    assert "### added `ada/fresh` 0.1.0\n\n```diff\n+ Keep it cool.\n```\n" in body
    assert "### removed `ada/report` 0.1.0\n" in body
    assert f"### Other commits\n\n- `no reports` ({found.commits[-1].oid[:10]})" in body
    assert body.startswith("2 skills change, by 1 decision, 1 commit without a decision.\n")


def test_a_skill_that_moved_is_told_once(repo: Repo, cli: Run) -> None:
    base = lib.head(repo)
    assert cli("mv", "ada/release", "ada/shipping", cwd=repo.directory).code == 0
    found = request.read(Repo.open(repo.directory), lib.head(Repo.open(repo.directory)), base)
    assert [(each.kind, each.path, each.was) for each in found.skills] == [
        ("renamed", "Users/ada/shipping", "Users/ada/release")
    ]
    assert "### renamed `ada/shipping`, which was `ada/release` 0.1.0 → 0.2.0" in request.body(found)


def test_a_library_that_moves_is_told_by_its_skills(repo: Repo, cli: Run, tmp_path: Path) -> None:
    shelf = libraries.good(tmp_path / "shelf")
    git("init", "-q", shelf)
    git("add", ".", cwd=shelf)
    git("commit", "-qm", "first", cwd=shelf)
    assert cli("library", "add", shelf, "--name", "acme", cwd=repo.directory).code == 0
    base = lib.head(Repo.open(repo.directory))
    libraries.add(shelf, {"pdf/SKILL.md": libraries.skill_text("pdf") + "- Be kind.\n"})
    git("commit", "-qam", "second", cwd=shelf)
    assert cli("library", "update", cwd=repo.directory).code == 0
    now = Repo.open(repo.directory)
    body = request.body(request.read(now, lib.head(now), base))
    assert "### changed `Common/acme/pdf`\n\n```diff\n+ Be kind.\n```\n" in body


def test_what_the_base_did_meanwhile_is_none_of_it(repo: Repo) -> None:
    git("switch", "-qc", "topic", cwd=repo.directory)
    decide(repo, "Tag the release.")
    git("switch", "-q", "main", cwd=repo.directory)
    lib.add(repo, "Users/ada/fresh")
    git("switch", "-q", "topic", cwd=repo.directory)
    assert [each.path for each in read(repo, "main").skills] == [lib.RELEASE]


def test_what_a_review_has_settled_is_not_asked_for_again_and_a_rejection_is_named(repo: Repo) -> None:
    kept = waiting.propose(repo, lib.RELEASE, "Tag the release.", attempt="A")
    lib.add(repo, "Users/ada/fresh")
    review.accept(repo, waiting.only(repo))
    assert not request.read(repo, kept, lib.head(repo)).brings
    refused = waiting.propose(repo, lib.RELEASE, "Never tag.", attempt="B")
    review.reject(repo, waiting.only(repo), reason="we do")
    assert not request.read(repo, refused, lib.head(repo)).brings
    found = request.read(repo, waiting.propose(repo, lib.REPORT, "Cite.", attempt="C"), lib.head(repo))
    body = request.body(found)
    assert found.faults[0] == f"merge ada/release: was rejected by {lib.head(repo)[:10]}: we do"
    assert (found.brings, request.title(found, "topic")) == (True, "merge ada/report 0.1.1")
    assert body.startswith("2 skills change, by 1 decision, 2 decisions settled already.\n")
    assert f"{refused[:10]}, settled by {lib.head(repo)[:10]})" in body and body.count(", settled by ") == 2
    assert f"- [ ] `{found.faults[0]}`" in body


def test_what_does_not_hold_is_listed(repo: Repo) -> None:
    base = lib.head(repo)
    file = repo.directory / lib.RELEASE / "SKILL.md"
    file.write_text(file.read_text().replace("release", "other"))
    git("commit", "--no-verify", "-qam", "by hand", cwd=repo.directory)
    found = read(repo, base)
    assert any("name" in fault for fault in found.faults) and any("version" in fault for fault in found.faults)
    assert request.body(found).count("- [ ] ") == len(found.faults)


def test_a_long_text_is_cut_between_skills_to_what_every_forge_takes() -> None:
    notes = tuple(Note("+", "Keep it cool. " * 20) for _ in range(45))
    skills = tuple(SkillChange("changed", f"Users/ada/skill-{n}", None, "0.1.0", "0.1.1", notes) for n in range(20))
    body = request.body(Request(skills, (), ()))
    assert len(body) <= request.MAX
    assert re.search(r"… and \d+ sections more\.", body)
    assert body.count("```") % 2 == 0


def test_the_text_around_ours_stays_and_ours_is_brought_up() -> None:
    first, second = Text("One", "first"), Text("Two", "second")
    there = Text("One", f"Before.\n\n{request.marked(first)}\n\nAfter.".replace("\n", "\r\n"))
    now = request.brought_up(there, second)
    assert (now.title, now.body) == ("Two", f"Before.\r\n\r\n{request.marked(second)}\r\n\r\nAfter.")
    assert request.brought_up(now, second) == now


def test_a_title_that_a_person_gave_stays() -> None:
    there = Text("A better name", request.marked(Text("One", "first")))
    assert request.brought_up(there, Text("Two", "second")).title == "A better name"


def test_a_text_without_our_marks_is_kept_and_ours_comes_behind_it() -> None:
    now = request.brought_up(Text("Mine", "I wrote this."), Text("Two", "second"))
    assert now == Text("Mine", f"I wrote this.\n\n{request.marked(Text('Two', 'second'))}")
