"""A decision made again on a tip that has moved: what becomes of it, by what they did meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from skillgit.changes import move, revert
from skillgit.changes.edit import edit
from skillgit.changes.record import Change, record
from skillgit.changes.skill import load
from skillgit.errors import Refused
from skillgit.git import layout
from skillgit.git.repo import Repo
from skillgit.git.transaction import Transaction, write
from skillgit.share.exchange import proposal
from tests.changes.library import RELEASE, REPORT, add, document, head, state, version
from tests.git.place import git, sound
from tests.share.hub import by, decisions, falling, learn, pull, push, with_rules

FRESH = "Users/ada/fresh"

Deed = Callable[[Repo], object]


def lesson(path: str, *rules: str) -> Deed:
    return lambda repo: learn(repo, path, *rules, attempt="A" * 26)


def other(path: str, *rules: str) -> Deed:
    """A lesson of another conversation."""
    return lambda repo: learn(repo, path, *rules, attempt="B" * 26)


def by_hand(path: str, *rules: str) -> Deed:
    return lambda repo: edit(repo, path, with_rules(document(repo, path), *rules).render(), base=head(repo))


def reworded(path: str, text: str) -> Deed:
    def deed(repo: Repo) -> None:
        now = document(repo, path)
        edit(repo, path, now.with_body(now.body.replace("Be careful.", text)).render(), base=head(repo))

    return deed


def script(path: str, content: bytes) -> Deed:
    def deed(repo: Repo) -> None:
        now = document(repo, path)

        def body(tx: Transaction) -> None:
            after = now.with_field(("metadata", "version"), now.version)
            record(tx, Change("edit", path, now, after, "a script", files={"scripts/run.sh": tx.file(content)}))

        write(repo, body)

    return deed


def removed(path: str) -> Deed:
    return lambda repo: move.remove(repo, path)


def moved(path: str, target: str) -> Deed:
    return lambda repo: move.move(repo, path, target)


def reverted(path: str) -> Deed:
    return lambda repo: revert.revert(repo, path)


def added(path: str, *rules: str) -> Deed:
    return lambda repo: add(repo, path, *rules)


def nothing(repo: Repo) -> None:
    """They did nothing."""


def discarded(path: str) -> Deed:
    return lambda repo: learn(repo, path, discard=True, attempt="A" * 26)


def both(*deeds: Deed) -> Deed:
    return lambda repo: [deed(repo) for deed in deeds]


AGAIN = [
    ("another skill changed", lesson(RELEASE, "Tag it."), other(REPORT, "Date it."), "merge", "0.1.1"),
    ("the same skill changed", lesson(RELEASE, "Tag it."), other(RELEASE, "Sign it."), "merge", "0.1.2"),
    ("a hand edit beside theirs", by_hand(RELEASE, "Tag it."), by_hand(RELEASE, "Sign it."), "edit", "0.1.2"),
    ("the same lesson of another day", lesson(RELEASE, "Tag it."), other(RELEASE, "Tag it."), "discard", "0.1.1"),
    ("a new skill", lesson(FRESH, "Tag it."), other(RELEASE, "Sign it."), "add", "0.1.0"),
    ("a new skill, learned there too", lesson(FRESH, "Tag it."), other(FRESH, "Sign it."), "merge", "0.1.1"),
    ("a new skill, the same there", lesson(FRESH, "Tag it."), other(FRESH, "Tag it."), "discard", "0.1.0"),
    (
        "a new skill for the same job, under another name there",
        lesson("Users/ada/changelog-entry", "Tag it."),
        other("Users/ada/changelog-entry-for-users", "Sign letters."),
        "merge",
        "0.1.1",
    ),
    ("a discard", discarded(RELEASE), other(RELEASE, "Sign it."), "discard", "0.1.1"),
    ("a removal", removed(RELEASE), lesson(REPORT, "Sign it."), "remove", None),
    ("a move", moved(RELEASE, "Users/ada/ship"), lesson(REPORT, "Sign it."), "move", "0.2.0"),
    ("a move of what they changed", moved(RELEASE, "Users/ada/ship"), by_hand(RELEASE, "Sign it."), "move", "0.2.0"),
    ("an edit of what they moved", by_hand(RELEASE, "Tag it."), moved(RELEASE, "Users/ada/ship"), "edit", "0.2.1"),
    (
        "an edit of what they moved, and back",
        by_hand(RELEASE, "Tag it."),
        both(moved(RELEASE, "Users/ada/ship"), moved("Users/ada/ship", RELEASE)),
        "edit",
        "0.3.1",
    ),
    ("a script beside a rule", script(RELEASE, b"#!/bin/sh\nexit\n"), by_hand(RELEASE, "Sign it."), "edit", "0.1.2"),
]

KNOWN = [
    ("the same conversation", lesson(RELEASE, "Tag it."), lesson(RELEASE, "Tag it.")),
    ("the same hand edit", by_hand(RELEASE, "Tag it."), by_hand(RELEASE, "Tag it.")),
    ("removed there too", removed(RELEASE), removed(RELEASE)),
    ("the same script", script(RELEASE, b"x\n"), script(RELEASE, b"x\n")),
]

PARKED = [
    ("the same words", reworded(RELEASE, "Be quick."), reworded(RELEASE, "Be slow.")),
    ("removed there", by_hand(RELEASE, "Tag it."), removed(RELEASE)),
    ("removed here", removed(RELEASE), by_hand(RELEASE, "Tag it.")),
    ("the opposite", lesson(RELEASE, "Use tables."), other(RELEASE, "Do not use tables.")),
    ("the opposite, in a new skill", lesson(FRESH, "Use tables."), other(FRESH, "Do not use tables.")),
    ("another script", script(RELEASE, b"x\n"), script(RELEASE, b"y\n")),
    ("the new name is taken", moved(RELEASE, "Users/ada/ship"), added("Users/ada/ship")),
    ("inside a skill of theirs", added("Common/pack/first"), added("Common/pack")),
    ("moved to two places", moved(RELEASE, "Users/ada/ship"), moved(RELEASE, "Users/ada/sail")),
]


def meet(place: Path, ours: Deed, theirs: Deed) -> tuple[Repo, Repo]:
    """Ours and theirs, done at the same time; theirs is pushed."""
    here, there = Repo.open(place / "here"), Repo.open(place / "there")
    ours(here)
    with by("Grace Hopper"):
        theirs(there)
    push(there)
    return here, there


@pytest.mark.parametrize(
    ("ours", "theirs", "action", "number"), [row[1:] for row in AGAIN], ids=[row[0] for row in AGAIN]
)
def test_a_decision_is_made_again_above_theirs(
    place: Path, ours: Deed, theirs: Deed, action: str, number: str | None
) -> None:
    here, there = meet(place, ours, theirs)
    before = decisions(there.directory)
    (made,) = push(here).reapplied
    found = decisions(place / "hub.git")
    assert (made.fate, made.words) == ("again", "")
    assert found[:-1] == before
    assert (found[-1].action, found[-1].after) == (action, number)
    assert falling(found) == []
    assert git("status", "--short", cwd=here.directory) == ""
    sound(here.directory)


@pytest.mark.parametrize(("ours", "theirs"), [row[1:] for row in KNOWN], ids=[row[0] for row in KNOWN])
def test_what_they_have_is_not_made_again(place: Path, ours: Deed, theirs: Deed) -> None:
    here, there = meet(place, ours, theirs)
    (made,) = push(here).reapplied
    assert made.fate == "known" and made.words
    assert head(here) == head(there) == git("rev-parse", "main", cwd=place / "hub.git")


@pytest.mark.parametrize(("ours", "theirs"), [row[1:] for row in PARKED], ids=[row[0] for row in PARKED])
def test_what_contradicts_theirs_is_kept_aside(place: Path, ours: Deed, theirs: Deed) -> None:
    here, there = meet(place, ours, theirs)
    mine = head(here)
    (made,) = push(here).reapplied
    assert made.fate == "parked" and made.words
    assert here.tip(proposal(made)) == mine
    assert head(here) == head(there) == git("rev-parse", "main", cwd=place / "hub.git")
    assert git("status", "--short", cwd=here.directory) == ""


def test_what_is_kept_aside_has_a_safe_name_whatever_its_attempt_says(place: Path) -> None:
    def ours(repo: Repo) -> None:
        learn(repo, RELEASE, "Use tables.", attempt="../../heads/main")

    here, _ = meet(place, ours, other(RELEASE, "Do not use tables."))
    mine = head(here)
    (made,) = push(here).reapplied
    assert here.tip(f"refs/skillgit/proposals/{mine}") == here.tip(proposal(made)) == mine


def test_both_sides_rules_are_in_the_one_skill(place: Path) -> None:
    here, _ = meet(place, lesson(FRESH, "Tag it."), other(FRESH, "Sign it."))
    push(here)
    assert document(here, FRESH).body.endswith("## Rules\n- Sign it.\n- Tag it.\n")
    assert version(here, FRESH) == "0.1.1"


def test_a_name_taken_by_another_skill_is_made_unique_and_followed(place: Path) -> None:
    here, _ = meet(place, both(added(FRESH, "Tag it."), by_hand(FRESH, "Date it.")), added(FRESH, "Bake bread."))
    push(here)
    assert document(here, FRESH).body.endswith("- Bake bread.\n")
    second = load(here, head(here), f"{FRESH}-2").document
    assert second.name == "fresh-2" and second.body.endswith("- Tag it.\n- Date it.\n")


def test_many_decisions_keep_their_order_authors_and_rising_versions(place: Path) -> None:
    here, there = Repo.open(place / "here"), Repo.open(place / "there")
    for number, word in enumerate(("Sign", "Date", "Number")):
        with by(f"Author {number}"):
            learn(here, RELEASE, f"{word} letters.", attempt=f"{number}" * 26)
        learn(there, RELEASE, f"{word} invoices.", attempt=f"{number + 5}" * 26)
    authors = git("log", "--format=%an %aI", "-3", cwd=here.directory)
    push(there)
    push(here)
    found = decisions(place / "hub.git")
    assert [decision.after for decision in found if decision.path == RELEASE] == [f"0.1.{n}" for n in range(7)]
    assert [decision.attempt for decision in found][-3:] == ["0" * 26, "1" * 26, "2" * 26]
    assert git("log", "--format=%an %aI", "-3", cwd=here.directory) == authors


def plain(name: str, content: str) -> Deed:
    def deed(repo: Repo) -> None:
        (repo.directory / name).write_text(content)
        git("add", "-A", cwd=repo.directory)
        git("commit", "-qm", f"wrote {name}", cwd=repo.directory)

    return deed


@pytest.mark.parametrize("theirs", [plain("other.txt", "x\n"), lesson(RELEASE, "Tag it."), plain("notes.txt", "a\n")])
def test_a_plain_commit_is_picked_as_it_is(place: Path, theirs: Deed) -> None:
    here, _ = meet(place, both(plain("notes.txt", "a\n"), other(REPORT, "Date it.")), theirs)
    push(here)
    assert git("show", "main:notes.txt", cwd=place / "hub.git") == "a"
    assert git("log", "--format=%s", "-2", cwd=here.directory).splitlines()[0].startswith("merge(ada/report)")
    assert git("status", "--short", cwd=here.directory) == ""


@pytest.mark.parametrize(
    ("ours", "words"),
    [
        (both(lesson(REPORT, "Date it."), plain("notes.txt", "mine\n")), "meets a conflict in 'notes.txt'"),
        (lambda repo: git("merge", "-q", "--no-ff", "-m", "join", "side", cwd=repo.directory), "is a merge"),
    ],
    ids=["a conflict in a plain commit", "a merge"],
)
def test_what_cannot_be_made_again_stops_it_and_nothing_happens(place: Path, ours: Deed, words: str) -> None:
    here, _ = meet(place, both(_side, ours), plain("notes.txt", "theirs\n"))
    before = state(here.directory)
    with pytest.raises(Refused, match=words) as caught:
        pull(here)
    assert caught.value.hint
    assert without_tracking(state(here.directory)) == without_tracking(before)


def _side(repo: Repo) -> None:
    git("branch", "side", cwd=repo.directory)
    git("switch", "-q", "side", cwd=repo.directory)
    plain("side.txt", "x\n")(repo)
    git("switch", "-q", "main", cwd=repo.directory)


def without_tracking(found: tuple[object, ...]) -> tuple[object, ...]:
    refs, *rest = found
    return (*(line for line in str(refs).splitlines() if "refs/remotes/" not in line), *rest)


def test_a_skill_of_theirs_keeps_its_id_when_ours_goes_into_it(place: Path) -> None:
    here, there = meet(place, lesson(FRESH, "Tag it."), other(FRESH, "Sign it."))
    push(here)
    assert document(here, FRESH).id == document(there, FRESH).id


@pytest.mark.parametrize("theirs", [lesson(RELEASE, "Sign it."), other("Users/ada/third", "Sign it.")])
def test_a_crowded_folder_is_tidied_on_the_new_ground(
    place: Path, monkeypatch: pytest.MonkeyPatch, theirs: Deed
) -> None:
    monkeypatch.setattr(layout, "FLAT", 2)
    here, _ = meet(place, both(added(FRESH, "Tag it."), by_hand(RELEASE, "Date it.")), theirs)
    push(here)
    assert {FRESH, RELEASE, REPORT} <= set(here.skills(head(here)))
    assert document(here, RELEASE).body.endswith("- Date it.\n")
    assert falling(decisions(place / "hub.git")) == []
    assert git("status", "--short", cwd=here.directory) == ""
    sound(here.directory)
