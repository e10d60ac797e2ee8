"""Two clones that both learn and both edit by hand: what each of them has after `git pull`, and what the log tells."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from skillgit.git.repo import Repo
from skillgit.git.setup import init
from tests.conftest import Run
from tests.git.place import git, sound, status
from tests.share.skills import rules, version

SKILL = "Users/ada/changelog-entry/SKILL.md"
ASKED = "User: Write a changelog entry.\nAssistant: Done.\nUser: {}\n"
LEARNED = [
    "From now on, write changelog entries in the past tense.",
    "Always end changelog entries with the issue number.",
    "Never use emojis in changelog entries.",
]


@pytest.fixture
def clones(tmp_path: Path, cli: Run) -> tuple[Path, Path]:
    """Two clones of one hub, set up by `init`: each has learned a rule of its own, and was edited by hand since."""
    hub, laptop, desktop = (tmp_path / name for name in ("hub.git", "laptop", "desktop"))
    git("init", "-q", "--bare", "-b", "main", hub)
    init(laptop)
    learn(cli, laptop, LEARNED[0])
    git("remote", "add", "origin", hub, cwd=laptop)
    git("push", "-qu", "origin", "main", cwd=laptop)
    git("clone", "-q", hub, desktop)
    init(desktop)
    for top, said, old, new in (
        (laptop, LEARNED[1], "in the past tense", "in the past tense, one a line"),
        (desktop, LEARNED[2], "## When to use\n", '## When to use\n- "Say what changed."\n'),
    ):
        learn(cli, top, said)
        (top / SKILL).write_text((top / SKILL).read_text().replace(old, new))
        assert cli("commit", cwd=top, env={"SKILLGIT_USER": "ada"}).code == 0
    return laptop, desktop


def learn(cli: Run, top: Path, said: str) -> None:
    (top.parent / "said.txt").write_text(ASKED.format(said))
    assert cli("ingest", top.parent / "said.txt", cwd=top, env={"SKILLGIT_USER": "ada"}).code == 0


@pytest.mark.parametrize("how", ["--no-rebase", "--rebase"])
def test_both_have_all_rules_versions_in_order_and_a_log_that_tells(
    how: str, clones: tuple[Path, Path], cli: Run
) -> None:
    laptop, desktop = clones
    git("push", "-q", cwd=laptop)
    git("pull", "-q", how, cwd=desktop)
    git("push", "-q", cwd=desktop)
    git("pull", "-q", how, cwd=laptop)
    assert (laptop / SKILL).read_text() == (desktop / SKILL).read_text()
    kept = {"one a line", "issue number", "emojis", "Say what changed"}
    assert {word for word in kept if any(word in rule for rule in rules(laptop, SKILL))} == kept
    told = git("log", "--format=%s", cwd=laptop)
    assert all(word in told for word in ("past tense, one a line", "issue number", "emojis"))
    given = versions(laptop)
    assert given == sorted(given, reverse=True) and len(set(given)) == len(given) - (how == "--no-rebase") * 2
    assert version(laptop, SKILL) == ".".join(map(str, given[0])) and status(laptop) == status(desktop) == []
    if how == "--no-rebase":  # a rebase leaves the messages as they were, with the versions of before
        assert cli("doctor", cwd=laptop).err == "healthy\n"
    sound(laptop)


def versions(top: Path) -> list[tuple[int, ...]]:
    """The versions that the commits gave the skill, newest first; branches side by side may give the same one."""
    commits = Repo.open(top), git("log", "--date-order", "--format=%H", cwd=top).split()
    texts = [git("show", f"{commit}:{SKILL}", cwd=top, ok=False) for commit in commits[1]]
    found = [re.search(r'version: "([\d.]+)"', text) for text in texts]
    return [tuple(map(int, match[1].split("."))) for match in found if match]
