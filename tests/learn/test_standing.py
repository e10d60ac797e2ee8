"""What stands of what was said: as if each was held against all before it, however many there are."""

from __future__ import annotations

from itertools import islice, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.learn.offline import standing
from skillgit.learn.offline.directives import Directive
from skillgit.learn.offline.force import Force
from skillgit.learn.offline.passages import Span
from skillgit.learn.offline.standing import Said, Standing

WORDS = st.sampled_from(["tables", "figures", "3", "4", "short", "emails", "表格", "use", "5%"])
SENTENCES = st.builds(
    lambda opening, said, kind: f"{opening}{' '.join(said)}{kind}",
    st.sampled_from(["", "Do not ", "Always ", "不要"]),
    st.lists(WORDS, min_size=1, max_size=4),
    st.sampled_from(["", " in release notes", " in weekly reports"]),
)


def heard(turn: int, text: str) -> Said:
    directive = Directive(Span(0, len(text), text), Force.PLAIN, "manner", text)
    return standing.said(turn, directive, text, codes=("en", "zh"))


@given(st.lists(SENTENCES, max_size=12))
def test_only_what_could_be_about_the_same_is_compared_and_nothing_is_missed(texts: list[str]) -> None:
    quick, slow = Standing(), list[Said]()
    for turn, text in enumerate(texts):
        new = heard(turn, text)
        quick.hear(new)
        slow = [old for old in slow if not standing._supersedes(new, old)]
        slow += [] if any(standing._repeats(new, old) for old in slow) else [new]
        assert list(quick.all()) == slow
        assert quick.last == (slow[-1] if slow else None)


def test_thousands_of_rules_are_each_held_against_a_few(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[None] = []

    def counting(new: Said, old: Said) -> bool:
        compared.append(None)
        return supersedes(new, old)

    supersedes = standing._supersedes
    monkeypatch.setattr(standing, "_supersedes", counting)
    stands = Standing()
    for turn, letters in enumerate(islice(product("abcdefghij", repeat=4), 3000)):
        stands.hear(heard(turn, f"Put the {''.join(letters)} before the footer"))
    assert len(stands.all()) == 3000
    assert len(compared) < 3 * 3000
