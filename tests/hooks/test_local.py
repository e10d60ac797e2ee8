"""What the hooks of a work tree make of a plain `git commit`, and of a push."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from skillgit.git import hooks
from skillgit.git.history import log
from skillgit.git.message import Decision
from skillgit.git.repo import Repo
from tests.changes.library import PDF, RELEASE, REPORT, add, document, head, library
from tests.git.place import git, put, sound, status

FILE = f"{RELEASE}/SKILL.md"


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A library with the hooks in it."""
    hooks.install(library(tmp_path / "lib"), hooks.LOCAL)
    return tmp_path / "lib"


def append(top: Path, text: str, file: str = FILE) -> None:
    with (top / file).open("a") as out:
        out.write(text)


def commit(top: Path, *words: str) -> str:
    """What `git commit` says on stderr, whether it does or not."""
    done = subprocess.run(["git", "commit", "-q", *words], cwd=top, capture_output=True, check=False, text=True)
    return done.stderr


def committed(top: Path, *words: str) -> None:
    """`git commit`, which does."""
    before = head(Repo.open(top))
    said = commit(top, *words)
    assert head(Repo.open(top)) != before, said


def last(top: Path) -> Decision | None:
    return next(iter(log(Repo.open(top), head(Repo.open(top))))).decision


def said(top: Path) -> tuple[str, str | None, str | None]:
    """The newest decision: its action and summary, and the versions before and after."""
    decision = last(top)
    assert decision is not None
    return f"{decision.action}: {decision.summary}", decision.before, decision.after


WAYS = {"all": ("-a",), "a file": (FILE,), "what is staged": ()}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_hand_edit_becomes_a_decision_however_it_is_committed(way: tuple[str, ...], top: Path) -> None:
    append(top, "- Tag it.\n")
    append(top, "- Left for later.\n", f"{REPORT}/SKILL.md") if "-a" not in way else None
    if not way:
        git("add", FILE, cwd=top)
    assert commit(top, "-m", "tag it\n\nAda asked for it.\n\nSigned-off-by: Ada <ada@example.com>", *way) == (
        "skillgit: ada/release is version 0.1.1\n"
    )
    assert said(top) == ("edit: tag it", "0.1.0", "0.1.1")
    message = git("log", "-1", "--format=%B", cwd=top)
    assert "\n\nAda asked for it.\n\n+ Tag it.\n\nSkill-Decision: edit\n" in message
    assert message.endswith("\nSigned-off-by: Ada <ada@example.com>")
    assert document(Repo.open(top), RELEASE).version == "0.1.1"
    assert status(top) == ([] if "-a" in way else [f" M {REPORT}/SKILL.md"])
    sound(top)


def test_what_is_edited_and_not_staged_stays_so(top: Path) -> None:
    append(top, "- Tag it.\n")
    git("add", FILE, cwd=top)
    append(top, "- Sign it.\n")
    committed(top, "-m", "tag it")
    assert document(Repo.open(top), RELEASE).body.endswith("- Tag it.\n")
    changed = git("diff", "-U0", cwd=top).splitlines()
    assert [row for row in changed if row[0] in "+-" and row[:3] not in ("+++", "---")] == ["+- Sign it."]


def test_a_new_skill_gets_an_id_and_a_version(top: Path) -> None:
    (top / "Users/ada/fresh").mkdir()
    (top / "Users/ada/fresh/SKILL.md").write_text("---\nname: fresh\ndescription: Is new.\n---\n# Fresh\n")
    git("add", ".", cwd=top)
    committed(top, "-m", "something new")
    new = document(Repo.open(top), "Users/ada/fresh")
    assert (said(top), len(new.id), status(top)) == (("edit: something new", None, "0.1.0"), 36, [])


def test_a_skill_that_is_renamed_is_moved_and_one_that_is_deleted_removed(top: Path) -> None:
    git("mv", REPORT, "Users/ada/reports", cwd=top)
    file = top / "Users/ada/reports/SKILL.md"
    file.write_text(file.read_text().replace("report", "reports", 1))
    assert commit(top, "-a", "-m", "plural") == "skillgit: ada/reports is version 0.2.0\n"
    moved = last(top)
    assert moved is not None and (moved.action, moved.path, moved.was) == ("move", "Users/ada/reports", REPORT)
    assert (moved.before, moved.after) == ("0.1.0", "0.2.0")
    git("rm", "-rq", "Users/ada/reports", cwd=top)
    committed(top, "-m", "nobody needs it")
    assert said(top) == ("remove: nobody needs it", "0.2.0", None)


def test_two_skills_at_once_are_numbered_and_the_message_stays(top: Path) -> None:
    append(top, "- Tag it.\n")
    append(top, "- Cite it.\n", f"{PDF}/SKILL.md")
    committed(top, "-a", "-m", "two things")
    assert last(top) is None and git("log", "-1", "--format=%B", cwd=top) == "two things"
    repo = Repo.open(top)
    assert [document(repo, path).version for path in (RELEASE, PDF, REPORT)] == ["0.1.1", "0.1.1", "0.1.0"]


def test_a_version_that_was_raised_by_hand_counts(top: Path) -> None:
    file = top / FILE
    file.write_text(file.read_text().replace('"0.1.0"', '"0.7.0"') + "- Tag it.\n")
    committed(top, "-a", "-m", "tag it")
    assert said(top) == ("edit: tag it", "0.1.0", "0.7.0")


BAD = {
    "no frontmatter": (FILE, b"# Release\n", "no frontmatter"),
    "another name": (FILE, b"---\nname: x\ndescription: y\n---\n", "is not that of its directory 'release'"),
    "a file that Windows cannot hold": (f"{RELEASE}/aux.md", b"x", "Windows reserves it"),
    "a user that is none": ("Users/Ada L/x/SKILL.md", b"---\nname: x\ndescription: y\n---\n", "invalid name 'Ada L'"),
}


@pytest.mark.parametrize(("file", "content", "words"), BAD.values(), ids=BAD)
def test_a_skill_that_is_invalid_is_not_committed(file: str, content: bytes, words: str, top: Path) -> None:
    (top / file).parent.mkdir(parents=True, exist_ok=True)
    (top / file).write_bytes(content)
    git("add", ".", cwd=top)
    before = head(Repo.open(top))
    assert words in commit(top, "-m", "bad") and head(Repo.open(top)) == before
    assert (top / file).read_bytes() == content


def test_what_no_skill_may_hold_is_not_committed(top: Path) -> None:
    before = head(Repo.open(top))
    append(top, f"- Say ghp_{'a1B2' * 9}.\n")
    said = commit(top, "-a", "-m", "x")
    assert "fatal: pre-commit: skill 'ada/release' is not written" in said and "a1B2" not in said
    assert head(Repo.open(top)) == before


MESSAGES = {
    "no decision": "x\n\nSkill-Decision: add",
    "another skill": "edit(ada/report): x\n\nSkill-Decision: edit\nSkill-Path: Users/ada/report\nSkill-Bump: none",
}


@pytest.mark.parametrize("text", MESSAGES.values(), ids=MESSAGES)
def test_a_message_that_says_what_is_not_so_is_refused(text: str, top: Path) -> None:
    append(top, "- Tag it.\n")
    before = head(Repo.open(top))
    assert "fatal: commit-msg: the message " in commit(top, "-a", "-m", text)
    assert head(Repo.open(top)) == before


def test_a_message_from_the_editor_is_taken_without_its_comments(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_EDITOR", "sed -i '1i tag it\\n\\nAt last.'")
    append(top, "- Tag it.\n")
    committed(top, "-a", "-v")
    message = git("log", "-1", "--format=%B", cwd=top)
    assert message.startswith("edit(ada/release): tag it (0.1.0 -> 0.1.1)\n\nAt last.\n\n+ Tag it.\n\nSkill-Decision:")
    monkeypatch.setenv("GIT_EDITOR", "true")
    append(top, "- Sign it.\n")
    assert "Aborting commit due to empty commit message" in commit(top, "-a")


def test_an_amended_decision_and_a_fixup_keep_their_words(top: Path) -> None:
    append(top, "- Tag it.\n")
    committed(top, "-a", "-m", "tag it")
    append(top, "- Sign it.\n")
    assert commit(top, "-a", "--amend", "--no-edit") == "skillgit: ada/release is version 0.1.2\n"
    assert git("log", "-1", "--format=%s", cwd=top) == "edit(ada/release): tag it (0.1.0 -> 0.1.1)"
    append(top, "- Ship it.\n")
    committed(top, "-a", "--fixup", "HEAD")
    assert git("log", "-1", "--format=%s", cwd=top).startswith("fixup! edit(ada/release)")


def test_a_merge_gives_a_version_above_both_sides(top: Path) -> None:
    git("switch", "-qc", "other", cwd=top)
    for rule in ("- Tag it.\n", "- Sign it.\n"):
        append(top, rule)
        committed(top, "-a", "-m", rule)
    git("switch", "-q", "main", cwd=top)
    append(top, "- Ship it.\n")
    committed(top, "-a", "-m", "ship it")
    git("merge", "-q", "--no-commit", "other", cwd=top, ok=False)
    file = top / FILE
    file.write_text(file.read_text().split("- Be careful.")[0].replace('"0.1.2"', '"0.1.1"') + "- Both.\n")
    git("add", ".", cwd=top)
    committed(top, "-m", "both")
    assert document(Repo.open(top), RELEASE).version == "0.2.0"  # above both, and a rule of theirs went
    assert git("log", "-1", "--format=%s", cwd=top) == "both"


def test_a_commit_of_no_skill_starts_no_python(top: Path, tmp_path: Path) -> None:
    (top / ".git/hooks/skillgit.sh").write_text(
        (top / ".git/hooks/skillgit.sh").read_text() + f"\nrun() {{ echo $hook >>'{tmp_path}/ran'; }}\n"
    )
    (top / "README").write_text("hello")
    git("add", ".", cwd=top)
    committed(top, "-m", "readme")
    git("switch", "-qc", "other", cwd=top)
    assert not (tmp_path / "ran").exists()
    append(top, "- Tag it.\n")
    committed(top, "-a", "-m", "tag it")
    git("switch", "-q", "main", cwd=top)
    git("merge", "-q", "other", cwd=top)
    _wait_for(lambda: (tmp_path / "ran").read_text().count("\n") == 5)
    ran = (tmp_path / "ran").read_text().split()
    assert sorted(ran) == ["commit-msg", "post-checkout", "post-commit", "post-merge", "pre-commit"]


def test_the_search_index_knows_a_commit_soon_after(top: Path) -> None:
    append(top, "- Tag it with a zeppelin.\n")
    committed(top, "-a", "-m", "tag it")
    _wait_for(lambda: any((top / ".git/skillgit/index").glob("words*")))


def test_what_git_took_out_of_the_index_is_put_back_by_the_hook(top: Path) -> None:
    repo = Repo.open(top)
    read = (top / ".git/index").read_bytes()
    put(repo, {"Users/ada/fresh/x.md": b"x"})
    (top / ".git/read").write_bytes(read)
    (top / ".git/read").replace(top / ".git/index")  # as a `git commit` does that has read it before
    append(top, "- Tag it.\n")
    git("add", FILE, cwd=top)
    committed(top, "-m", "tag it")
    assert git("show", "HEAD:Users/ada/fresh/x.md", cwd=top) == "x" and status(top) == []


PUSHED = {
    "a skill": (FILE, "- Tag it.\n", ""),
    "a secret": (FILE, f"- Say ghp_{'a1B2' * 9}.\n", "it looks like a secret (github-token)"),
    "a skill that is none": (f"{RELEASE}/aux.md", "x", "error: Users/ada/release: unsafe path 'aux.md'"),
}


@pytest.mark.parametrize(("file", "text", "words"), PUSHED.values(), ids=PUSHED)
def test_a_push_of_what_nobody_should_be_sent_is_refused(file: str, text: str, words: str, top: Path) -> None:
    git("init", "-q", "--bare", "../hub.git", cwd=top)
    git("remote", "add", "origin", "../hub.git", cwd=top)
    git("push", "-q", "origin", "main", cwd=top)
    append(top, text, file)
    git("add", ".", cwd=top)
    committed(top, "-n", "-m", "x")
    done = subprocess.run(["git", "push", "-q", "origin", "main"], cwd=top, capture_output=True, check=False, text=True)
    assert (done.returncode == 0) == (words == "") and words in done.stderr and "a1B2" not in done.stderr


def _wait_for(question: object) -> None:
    assert callable(question)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            if question():
                return
        except FileNotFoundError:
            pass
        time.sleep(0.05)
    raise AssertionError("it did not happen within 20 seconds")


def test_a_library_of_one_user_is_numbered_without_asking_the_others(top: Path) -> None:
    add(Repo.open(top), "Users/bob/x")
    append(top, "- Tag it.\n")
    committed(top, "-a", "-m", "tag it")
    assert document(Repo.open(top), "Users/bob/x").version == "0.1.0"
