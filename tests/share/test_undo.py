"""What a review decided taken back: the skill is as it was, the proposal waits again, nothing of others' is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from skillgit.changes.edit import edit
from skillgit.errors import Refused
from skillgit.git import PROPOSALS, ledger
from skillgit.git.repo import Repo
from skillgit.share import review
from skillgit.share.undo import decided, undo
from tests.changes.library import RELEASE, add, document, head, library, state
from tests.git.place import files, git, sound
from tests.share.hub import by, decisions, falling, with_rules
from tests.share.waiting import key, only, park, propose, waiting

FRESH = "Users/ada/fresh"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return library(tmp_path / "lib")


def rejected(repo: Repo) -> None:
    review.reject(repo, only(repo), reason="no")


def accepted(repo: Repo) -> None:
    assert review.accept(repo, only(repo)).fate == "accepted"


def edited(repo: Repo) -> None:
    seen = review.foresee(repo, only(repo))
    assert seen.after is not None
    review.put(repo, only(repo), with_rules(seen.after, "Sign it.").render(), seen=seen)


def skills(repo: Repo) -> dict[str, bytes]:
    """Every file, but for the versions, which never fall."""
    return {path: re.sub(rb"version: .*", b"", content) for path, content in files(repo.directory).items()}


@pytest.mark.parametrize("put", [propose, park])
@pytest.mark.parametrize("path", [RELEASE, FRESH], ids=["of a skill", "of a new one"])
@pytest.mark.parametrize("decide", [accepted, rejected, edited])
def test_what_was_decided_is_taken_back_and_decided_anew(
    repo: Repo, decide: Callable[[Repo], None], path: str, put: Callable[..., str]
) -> None:
    with by("Grace Hopper"):
        put(repo, path, "Tag it.")
    before, one = skills(repo), only(repo)
    decide(repo)
    assert waiting(repo) == ()
    done = undo(repo, one.key, parked=one.revision.oid if one.parked else None)
    assert (done.fate, decided(repo, one.key)) == ("restored", None)
    assert skills(repo) == before
    assert (only(repo).key, only(repo).refs) == (one.key, one.refs)
    assert review.accept(repo, only(repo)).fate == "accepted"
    assert "Tag it." in document(repo, path).body and ledger.rejected(repo, head(repo)) == ()
    assert falling(decisions(repo.directory)) == [] and ledger.is_sound(repo, head(repo))
    sound(repo.directory)


def test_the_files_beside_a_skill_stay(repo: Repo) -> None:
    propose(repo, RELEASE, "Tag it.")
    accepted(repo)
    undo(repo, key("A"))
    assert (repo.directory / RELEASE / "scripts/run.sh").is_file()


def test_what_was_known_already_waits_again(repo: Repo) -> None:
    with by("Grace Hopper"):
        propose(repo, RELEASE, "Tag it.")
    now = document(repo, RELEASE)
    edit(repo, RELEASE, with_rules(now, "Tag it.").render(), base=head(repo))
    accepted(repo)
    undo(repo, key("A"))
    assert only(repo).key == key("A") and "Tag it." in document(repo, RELEASE).body


def test_another_skill_may_have_changed_since(repo: Repo) -> None:
    propose(repo, RELEASE, "Tag it.")
    accepted(repo)
    add(repo, FRESH, "Bake bread.")
    undo(repo, key("A"))
    assert "Tag it." not in document(repo, RELEASE).body and "Bake bread." in document(repo, FRESH).body


def _changed_since(repo: Repo) -> None:
    accepted(repo)
    now = document(repo, RELEASE)
    edit(repo, RELEASE, with_rules(now, "Sign it.").render(), base=head(repo))


def _undone(repo: Repo) -> None:
    accepted(repo)
    undo(repo, key("A"))


REFUSED: dict[str, tuple[Callable[[Repo], object], str]] = {
    "nothing is decided": (lambda repo: None, "nothing is decided"),
    "the skill changed since": (_changed_since, "changed since"),
    "it was taken back": (_undone, "nothing is decided"),
}


@pytest.mark.parametrize(("deed", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_taken_back_stays(repo: Repo, deed: Callable[[Repo], object], words: str) -> None:
    propose(repo, RELEASE, "Tag it.")
    deed(repo)
    before = state(repo.directory)
    with pytest.raises(Refused, match=words):
        undo(repo, key("A"))
    assert state(repo.directory) == before


@pytest.mark.parametrize("commit", ["HEAD~1", ":/Tag it", "0" * 40])
def test_only_what_waited_is_parked_again(repo: Repo, commit: str) -> None:
    park(repo, RELEASE, "Tag it.")
    accepted(repo)
    before = state(repo.directory)
    with pytest.raises(Refused, match=f"^commit '{commit[:10]}' is not what was decided about$"):
        undo(repo, key("A"), parked=commit)
    assert state(repo.directory) == before and git("for-each-ref", PROPOSALS, cwd=repo.directory) == ""


@pytest.mark.parametrize("way", ["accept", "put"])
def test_what_was_seen_otherwise_is_not_accepted(repo: Repo, way: str) -> None:
    propose(repo, RELEASE, "Tag it.")
    seen = review.foresee(repo, only(repo))
    assert seen.after is not None
    now, content = document(repo, RELEASE), seen.after.render()
    edit(repo, RELEASE, with_rules(now, "Sign it.").render(), base=head(repo))
    with pytest.raises(Refused, match="changed while you looked"):
        if way == "put":
            review.put(repo, only(repo), content, seen=seen)
        else:
            review.accept(repo, only(repo), seen=seen)
    assert len(waiting(repo)) == 1


def test_a_text_left_as_it_was_is_accepted_as_its_authors(repo: Repo) -> None:
    propose(repo, RELEASE, "Tag it.")
    seen = review.foresee(repo, only(repo))
    assert seen.after is not None
    done = review.put(repo, only(repo), seen.after.render(), seen=seen)
    assert done.decision is not None and "edited in review" not in [note.text for note in done.decision.notes]
