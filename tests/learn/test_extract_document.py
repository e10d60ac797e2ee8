"""Documents as procedures: which lines become steps and rules, what the skill is called, and what is left out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.errors import Unreadable
from skillgit.learn.candidate import Abstention, Candidate, unsupported
from skillgit.learn.extract_offline import extract
from skillgit.transcripts.detect import read
from skillgit.transcripts.model import Transcript


def learned(text: str | bytes) -> Candidate | Abstention:
    [found] = read(text.encode() if isinstance(text, str) else text, format="document")
    assert isinstance(found, Transcript)
    candidate = extract(found)
    if isinstance(candidate, Candidate):
        assert unsupported(candidate, found) == ()
    return candidate


def taught(text: str) -> Candidate:
    candidate = learned(text)
    assert isinstance(candidate, Candidate)
    return candidate


RELEASE = """---
owner: platform
---
# Releasing the gateway

How we ship a new version to production. Never release on a Friday.

## Before you start

- Make sure the main branch is green.
- Do not release with open incidents.
- The vault is at the usual place.

## Steps

1. Update the changelog
   and bump the version.
2. [ ] Run the tests:
   ```
   make test
   ```
3. Tag the commit:
   - use an annotated tag
   - sign it

## References

- Read the wiki.
1. Read it again.
"""


def test_a_runbook_gives_its_steps_in_order_and_its_rules() -> None:
    found = taught(RELEASE)
    assert [step.text for step in found.steps] == [
        "Update the changelog and bump the version.",
        "Run the tests: `make test`",
        "Tag the commit: use an annotated tag; sign it",
    ]
    assert [rule.text for rule in found.rules] == [
        "Never release on a Friday.",
        "Make sure the main branch is green.",
        "Do not release with open incidents.",
    ]


def test_the_skill_is_called_after_the_document_and_says_what_it_says_of_itself() -> None:
    found = taught(RELEASE)
    assert (found.name, found.title) == ("releasing-the-gateway", "Releasing the gateway")
    assert found.description.startswith("How we ship a new version to production.")
    assert "Use when" in found.description


def test_every_line_that_something_comes_from_is_named_and_quoted() -> None:
    found = taught(RELEASE)
    lines = RELEASE.splitlines()
    [remark] = found.remarks
    numbers = [int(number) for number in re.findall(r"\d+", remark)]
    assert remark == "From a document, lines 6, 10-11, 16, 18, 22."
    assert numbers == [next(n for n, line in enumerate(lines, 1) if start in line) for start in (
        "Never release", "Make sure", "Do not release", "Update the", "Run the", "Tag the"
    )]  # fmt: skip
    assert {evidence.turn for evidence in found.evidence} == {0}


STEPS: dict[str, tuple[str, list[str]]] = {
    "headings that say which step they are": (
        "# Setup\n\n## Step 1: Clone the repository\n\n## Step 2 - Install it\n\n- Use uv.\n",
        ["Clone the repository", "Install it: Use uv"],
    ),
    "numbered headings": (
        "# Setup\n## 1. Accounts\nCreate a mailbox.\n## 2) Laptop\n- Order it.\n- Encrypt it.\n",
        ["Accounts: Create a mailbox", "Laptop: Order it; Encrypt it"],
    ),
    "lines that say which step they are": (
        "Weekly report\n\nStep 1: Gather the figures.\nStep 2: Write three points.\n",
        ["Gather the figures.", "Write three points."],
    ),
    "Chinese": (
        "# 周报撰写流程\n\n第一步：收集本周的数据。\n第二步：写出三个要点。\n",
        ["收集本周的数据。", "写出三个要点。"],
    ),
    "German": (
        "# Umzug\n\nSchritt 1: Daten sichern.\nSchritt 2: Server abschalten.\n",
        ["Daten sichern.", "Server abschalten."],
    ),
    "a list below a heading that promises steps": (
        "# Review\n\n## Checklist\n\n- Read it.\n- Sign it.\n",
        ["Read it.", "Sign it."],
    ),
    "numbered lists of several sections": ("# A\n## One\n1. Read it.\n## Two\n1) Sign it.\n", ["Read it.", "Sign it."]),
    "Windows line ends": ("# Review\r\n\r\n1. Read it.\r\n2. Sign it.\r\n", ["Read it.", "Sign it."]),
    "the same step twice": ("# Review\n\n1. Read it.\n2. Read it.\n", ["Read it."]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "steps"), STEPS.values(), ids=STEPS.keys())
def test_steps_are_found_however_they_are_written(text: str, steps: list[str]) -> None:
    assert [step.text for step in taught(text).steps] == steps


NOTHING: dict[str, str] = {
    "prose": "# History\n\nThe gateway was written in 2019. It has served us well.\n",
    "a list of facts": "# Team\n\n- Ada, backend\n- Grace, compilers\n",
    "steps in code only": "# Notes\n\n```\n1. Run it.\n2. Stop it.\n```\n",
    "what others say": "# Notes\n\n> 1. Never do this.\n",
    "a sentence cut by the line": "# Notes\n\nSome say that you\nnever need to test. Others\ndo not agree with that.\n",
}


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING.keys())
def test_a_document_without_a_procedure_teaches_nothing(text: str) -> None:
    assert learned(text) == Abstention("no steps and no rules in the document")


def test_a_document_is_a_text_whatever_it_begins_with() -> None:
    assert taught("[![build](x.svg)](y)\n# Review\n\n1. Read it.\n2. Sign it.\n").title == "Review"
    assert len(taught('{"a": 1}\n{"b": 2}\n\n1. Read it.\n2. Sign it.\n').steps) == 2
    assert taught("User: hi\n\n1. Read it.\n2. Sign it.\n").steps


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "empty"), (b"\n \n", "empty"), (b"# \xff", "not UTF-8"), (b"PK\x03\x04", "zip"), (b"\x1f\x8bx", "gzip")],
)
def test_what_is_no_text_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(Unreadable, match=message):
        learned(content)


LINES = st.sampled_from(
    ["# A", "## Step 1: b", "1. c", "   - d", "- do e", "```", "---", "never f.", "", "第一步：g", "\t2) h", "\0"]
)


@given(st.lists(LINES | st.text(max_size=12), min_size=1, max_size=12).map("\n".join).filter(str.strip))
def test_whatever_a_document_says_every_quote_stands_in_it_and_every_rule_is_a_line(text: str) -> None:
    try:
        found = learned(text)
    except Unreadable:
        return
    if isinstance(found, Candidate):
        for rule in found.steps + found.rules:
            assert rule.text and len(rule.text.splitlines()) == 1 and len(rule.text) <= 400
        assert found.name and len(found.description) <= 1024
