"""What an answer to a conflict may not do."""

from __future__ import annotations

import pytest

from skillgit.merge.check import problems
from skillgit.merge.hunk import Conflict, Dropped, Resolution

CONFLICT = Conflict(
    "Rules",
    "- Cite sources.\n- Old rule.\n",
    "- Cite a source for every figure.\n- Old rule.\n- Be brief.\n",
    "- Cite sources with page numbers.\n",
)
BOTH = "- Cite a source for every figure.\n- Be brief.\n- Cite sources with page numbers.\n"
JOINED = "- Cite a source with page numbers for every figure.\n- Be brief.\n"
TWO = ("- Cite a source for every figure.", "- Cite sources with page numbers.")

ANSWERS: dict[str, tuple[Resolution, list[str]]] = {
    "every line of both": (Resolution(BOTH), []),
    "what one side removed may go or stay": (Resolution(BOTH + "- Old rule.\n"), []),
    "in another order and indentation": (Resolution("".join(f"  {line}\n" for line in BOTH.splitlines()[::-1])), []),
    "two lines joined, both listed": (Resolution(JOINED, tuple(Dropped(line, "joined") for line in TWO)), []),
    "two lines joined in silence": (Resolution(JOINED), [f"a line is lost: {line}" for line in TWO]),
    "no reason": (
        Resolution(BOTH.replace("- Be brief.\n", ""), (Dropped("- Be brief.", " "),)),
        ["no reason for dropping: - Be brief."],
    ),
    "a claim of nobody": (Resolution(BOTH + "- Ask Bob.\n"), ["words of neither side: ask, bob"]),
    "markers": (
        Resolution(f"{BOTH}=======\n"),
        ["a conflict marker in line 4"],
    ),
    "longer than both": (Resolution(BOTH * 2), ["longer than both sides together (160 characters for 93)"]),
}


@pytest.mark.parametrize(("answer", "expected"), ANSWERS.values(), ids=ANSWERS.keys())
def test_an_answer_is_judged_in_words(answer: Resolution, expected: list[str]) -> None:
    assert list(problems(CONFLICT, answer)) == expected
