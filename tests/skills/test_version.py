"""Versions from the diff: which change is which step, and never down."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.skills import rules, version
from skillgit.skills.document import Document, new, parse
from skillgit.skills.version import Bump

RULES = (
    "# Report\n\n## Rules\n- Cite a source for every figure.\n- Use tables for numbers.\n- Write in British English.\n"
)


def document(
    body: str = RULES, *, number: str = "0.1.0", tools: str = "Bash(git:*)", description: str = "d"
) -> Document:
    metadata = {"version": number} if number else {}
    return new("report", description, metadata=metadata, body=body, fields={"allowed-tools": tools})


STEPS: dict[str, tuple[Document, Bump, Bump]] = {
    "nothing": (document(), "none", "none"),
    "a rule added": (document(RULES + "- Keep it under two pages.\n"), "patch", "minor"),
    "a step added": (document(RULES + "\n## Steps\n1. Collect the data.\n"), "patch", "minor"),
    "a rule reworded": (document(RULES.replace("Cite a source", "Always cite one source")), "patch", "patch"),
    "a rule refined": (document(RULES.replace("numbers.", "numbers, with units.")), "patch", "patch"),
    "a rule emphasised": (document(RULES.replace("Use tables", "**Use** tables")), "patch", "patch"),
    "a rule moved": (
        document("# Report\n\n## Rules\n" + "".join(RULES.splitlines(keepends=True)[:2:-1])),
        "patch",
        "patch",
    ),
    "a rule removed": (document(RULES.replace("- Write in British English.\n", "")), "minor", "major"),
    "a rule reversed": (document(RULES.replace("Use tables", "Do not use tables")), "minor", "major"),
    "a rule replaced": (document(RULES.replace("Write in British English.", "End with a summary.")), "minor", "major"),
    "the description": (document(description="other"), "patch", "patch"),
    "wider tools": (document(tools="Bash(git:*) Read"), "patch", "major"),
    "unbounded tools": (document(tools="Bash"), "patch", "major"),
    "other tools": (document(tools="Bash(git:log)"), "patch", "major"),
    "a heading": (document(RULES.replace("## Rules", "## The rules")), "patch", "patch"),
    "code in a fence": (document(RULES + "```\nnot a rule\n```\n"), "patch", "patch"),
    "a trigger": (document(RULES + "\n## When to use\n- a report is due\n"), "patch", "patch"),
    "the name": (document().with_field("name", "reports"), "minor", "major"),
}


@pytest.mark.parametrize(("after", "young", "stable"), STEPS.values(), ids=STEPS.keys())
def test_the_step_follows_from_the_diff(after: Document, young: Bump, stable: Bump) -> None:
    one = ("metadata", "version")
    assert version.bump(document(), after) == young
    assert version.bump(document().with_field(one, "1.0.0"), after.with_field(one, "1.0.0")) == stable


def test_files_and_paths_count_too() -> None:
    for number, resource, gone in [("0.1.0", "patch", "minor"), ("1.0.0", "minor", "major")]:
        skill = document(number=number)
        assert version.bump(skill, skill, files={"scripts/run.sh": True}) == resource
        assert version.bump(skill, skill, files={"scripts/run.sh": True, "notes.md": False}) == gone
        assert version.bump(skill, skill, renamed=True) == gone


def test_a_version_alone_is_no_change() -> None:
    assert version.bump(document(), document(number="3.0.0")) == "none"


NEXT = {
    "0.1.0": ("0.1.1", "0.2.0", "1.0.0"),
    "1.2.3": ("1.2.4", "1.3.0", "2.0.0"),
    "v1.2.3": ("1.2.4", "1.3.0", "2.0.0"),
    "1.0": ("1.0.1", "1.1.0", "2.0.0"),
    "2.3": ("2.3.1", "2.4.0", "3.0.0"),
    "1.10": ("1.10.1", "1.11.0", "2.0.0"),
    "7": ("7.0.1", "7.1.0", "8.0.0"),
    "1.2.0-beta": ("1.2.0", "1.2.0", "2.0.0"),
    "1.2.3+build": ("1.2.4", "1.3.0", "2.0.0"),
    "1.2.3.4": ("1.2.4", "1.3.0", "2.0.0"),
    "01.02": ("1.2.1", "1.3.0", "2.0.0"),
    "": ("0.1.1", "0.2.0", "1.0.0"),
    "latest": ("0.1.1", "0.2.0", "1.0.0"),
}


@pytest.mark.parametrize(("current", "expected"), NEXT.items(), ids=[repr(key) for key in NEXT])
def test_odd_versions_are_read_as_documented(current: str, expected: tuple[str, str, str]) -> None:
    assert tuple(version.next_version(current, step) for step in ("patch", "minor", "major")) == expected


NUMBERS = st.lists(st.integers(0, 30), min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts)))
WRITTEN = st.builds(
    "{}{}{}".format, st.sampled_from(["", "v", "V", " "]), NUMBERS, st.sampled_from(["", "-rc.1", "-beta", "+b", "x"])
)


@given(WRITTEN | st.text(max_size=8), st.sampled_from(["patch", "minor", "major"]))
def test_a_version_never_goes_down_and_never_repeats(current: str, step: Bump) -> None:
    after = version.next_version(current, step)
    assert version.is_above(after, current)
    assert version.is_above(version.next_version(after, step), after)
    assert not version.is_above(current, after)
    assert version.next_version(current, "none") == version.normal(current) == version.normal(version.normal(current))


def test_any_real_version_is_above_none() -> None:
    assert version.is_above("0.0.1", "")
    assert not version.is_above("latest", "")
    assert not version.is_above("", "")


PAIRS = {
    "reworded": ("Cite sources.", "Cite a source for every figure.", False),
    "forbidden": ("Use tables.", "Do not use tables.", True),
    "allowed": ("Never use emoji in titles", "Use emoji in titles", True),
    "a contraction": ("Don't add a summary", "Add a summary at the end", True),
    "Chinese": ("使用表格展示数据", "不要使用表格展示数据", True),
    "Chinese with 别 inside a word": ("按类别分组展示", "按组分组展示", False),
    "two negations": ("Include pinyin for each word.", "Do not omit pinyin for any word.", False),
    "a limit added behind": ("Return the edited text.", "Return the edited text, with no comment.", False),
    "a label before": ("**Tables**: do not use tables", "**Tables**: use tables", True),
}


@pytest.mark.parametrize(("before", "after", "is_reversed"), PAIRS.values(), ids=PAIRS.keys())
def test_a_rule_in_other_words_is_one_rule(before: str, after: str, is_reversed: bool) -> None:
    changes = rules.rule_changes(f"- {before}\n", f"1. {after}\n")
    assert changes.changed == ((before, after),)
    assert (changes.added, changes.removed) == ((), ())
    assert bool(changes.reversed) == is_reversed


def test_rules_are_list_items_and_prose_outside_fences_and_asides() -> None:
    body = (
        "# Title\nProse one.\n\n- item\n  - [ ] nested\n> quoted\n~~~sh\n- no\n```\n~~~\n---\n| a | b |\n|---|---|\n"
        "## Examples\n- no\n### Deeper\nno\n## Steps\n1. first\n2、第二\n## Triggers:\n- no\n"
    )
    found = ["Prose one.", "item", "nested", "quoted", "| a | b |", "first", "第二"]
    assert rules.rules(body) == found


@given(st.lists(st.sampled_from(["use tables", "do not use tables", "cite sources", "be brief", "x y z", "简短"])))
def test_a_body_against_itself_in_any_order_changes_nothing(items: list[str]) -> None:
    body, shuffled = ("".join(f"- {item}\n" for item in some) for some in (items, sorted(items)))
    assert rules.rule_changes(body, shuffled) == rules.RuleChanges()
    against_nothing = rules.rule_changes("", body)
    assert list(against_nothing.added) == items
    assert not against_nothing.removed


def test_the_two_sides_are_accounted_for_in_real_changes(data: Path) -> None:
    pairs = json.loads((data / "versions" / "autoskill_pairs.json").read_text())[::8]
    for pair in pairs:
        before, after = parse(pair["before"].encode()), parse(pair["after"].encode())
        changes = rules.rule_changes(before.body, after.body)
        lost = len(rules.rules(before.body)) - len(changes.removed) - len(changes.changed)
        kept = len(rules.rules(after.body)) - len(changes.added) - len(changes.changed)
        assert lost == kept >= 0
        assert set(changes.reversed) <= set(changes.changed)


def test_a_huge_rewrite_is_compared_in_reasonable_time() -> None:
    before = "".join(f"- alpha{n} beta{n} gamma{n}\n" for n in range(10_000))
    after = "".join(f"- alpha{n} beta{n} delta{n}\n" for n in range(10_000))
    assert len(rules.rule_changes(before, after).changed) == 10_000
