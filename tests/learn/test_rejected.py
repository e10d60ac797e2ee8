"""Which new rules are ones that were rejected: by their words, and by the job that they are for."""

from __future__ import annotations

import pytest

from skillgit.git.ledger import Rejected
from skillgit.learn.candidate import Candidate, Evidence, Rule
from skillgit.learn.rejected import Place, without
from skillgit.skills.rules import plain

GONE, THERE, BOBS = "Users/ada/release-notes", "Users/ada/report", "Users/bob/release-notes"
NOTES, REPORT, MAIL, PREFERENCES = "Release notes", "Report", "Email", "Preferences"
NUMBER = "In release notes, always mention the issue number"

SAME = {
    "the very rule": (GONE, NUMBER, NOTES, NUMBER),
    "in another order": (GONE, NUMBER, NOTES, "Always mention issue numbers in release notes."),
    "where the job goes without saying": (GONE, NUMBER, NOTES, "Always mention the issue number"),
    "where only the old one names no job": (GONE, "Never use emoji", NOTES, "In release notes, never use emoji."),
    "elsewhere, as it names its job": (GONE, NUMBER, PREFERENCES, "Mention the issue number in release notes."),
    "of a catch-all skill": ("Users/ada/preferences", NUMBER, NOTES, "Mention issue numbers in release notes"),
    "in a skill that is there": (THERE, "Cite a source", REPORT, "Always cite a source."),
    "where it is said when": (GONE, "Never use emoji", NOTES, "When writing release notes, never use emoji."),
    "where it is said where, in Chinese": (
        "Users/ada/政府报告",
        "写报告不要使用表格",
        "政府报告",
        "报告里不要使用表格",
    ),
    "in Chinese": ("Users/ada/报告", "报告中不要使用表格", "报告", "报告中不要使用表格。"),
}
OTHER = {
    "another matter": (GONE, NUMBER, NOTES, "List breaking changes first"),
    "the opposite": (GONE, NUMBER, NOTES, "Never mention the issue number in release notes"),
    "more than that": (GONE, "Mention the issue number", NOTES, "Mention the issue number and the author"),
    "for another job": (GONE, "Never use emoji", MAIL, "Never use emoji"),
    "for another job that it names": (GONE, NUMBER, MAIL, "In emails, always mention the issue number"),
    "another number": (GONE, "Keep release notes below 80 words", NOTES, "Keep release notes below 200 words"),
    "another user's": (BOBS, NUMBER, NOTES, NUMBER),
    "in a skill that is there and for another job": (THERE, "Cite a source", NOTES, "Cite a source"),
}


def left(path: str, rejected: str, title: str, rule: str) -> tuple[tuple[str, ...], Rejected | None]:
    """What is left of a candidate of one rule, and the rejection that it met."""
    asked = Candidate(title.lower().replace(" ", "-"), title, "x", (Rule(rule, Evidence(0, rule)),))
    like = {THERE} if title == REPORT else set[str]()
    found, why = without(Place(asked, "ada", like, {THERE: "0"}), [Rejected(path, plain(rejected), "1" * 40)])
    return tuple(each.text for each in found.rules), why


@pytest.mark.parametrize("case", SAME.values(), ids=SAME)
def test_a_rejected_rule_is_known_again(case: tuple[str, str, str, str]) -> None:
    rules, why = left(*case)
    assert why is not None and rules == (case[3],)


@pytest.mark.parametrize("case", OTHER.values(), ids=OTHER)
def test_another_rule_is_not_taken_for_it(case: tuple[str, str, str, str]) -> None:
    assert left(*case) == ((case[3],), None)
