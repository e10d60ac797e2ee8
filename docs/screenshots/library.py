"""A library that grew for a year, made by skillgit itself from what `year.toml` says."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

YEAR = Path(__file__).with_name("year.toml")
_SKILL = """\
---
name: {name}
description: {description}
metadata:
  version: "1.0.0"
---

# {title}

## Rules
{rules}
"""


@dataclass(frozen=True, slots=True)
class Library:
    """A repository of skills, and the environment in which commands know nothing of this machine's user."""

    directory: Path
    env: Mapping[str, str]

    def run(self, *words: str, day: str = "2026-03-01") -> str:
        """What a command of skillgit's prints that is run on a day."""
        moment = f"{day}T09:30:00Z"
        env = {**self.env, "GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
        return self._done([sys.executable, "-m", "skillgit", *words], env)

    def git(self, *words: str) -> str:
        """What git prints."""
        return self._done(["git", *words], self.env)

    def _done(self, words: Sequence[str], env: Mapping[str, str]) -> str:
        done = subprocess.run(words, cwd=self.directory, env=env, check=False, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{' '.join(words)}: {done.stderr}")
        return done.stdout


def grown(place: Path) -> Library:
    """The library of `year.toml`, in a new directory; what is to be reviewed waits on a branch."""
    made = Library(place / "library", _world(place))
    made.directory.mkdir()
    made.git("init", "--quiet", "--initial-branch=main")
    made.git("config", "skillgit.user", "ada")
    made.run("init")
    year = tomllib.loads(YEAR.read_text(encoding="utf-8"))
    made.run("import", "--common", "--library", "acme", *map(str, _common(place, year["common"])))
    for number, each in enumerate(sorted((*year["talk"], *year["step"]), key=lambda each: str(each["day"]))):
        if "run" in each:
            made.run(*each["run"], day=each["day"])
        else:
            policy = "branch" if each.get("review") else "auto"
            made.run("ingest", str(_talk(place, number, each["said"])), "--policy", policy, day=each["day"])
    _used(made)
    return made


def _world(place: Path) -> dict[str, str]:
    home = place / "home"
    home.mkdir()
    person = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in _ADA.items()}
    kept = {name: os.environ[name] for name in ("PATH",)}
    return {**kept, **person, "HOME": str(home), "LANG": "C.UTF-8", "TZ": "UTC", "GIT_CONFIG_NOSYSTEM": "1"}


_ADA = {"NAME": "Ada", "EMAIL": "ada@example.org"}


def _common(place: Path, skills: Sequence[Mapping[str, object]]) -> list[Path]:
    """Folders of skills that everybody shares."""
    return [_written(place, each) for each in skills]


def _written(place: Path, said: Mapping[str, object]) -> Path:
    name, rules = str(said["name"]), said["rules"]
    assert isinstance(rules, list)
    folder = place / "common" / name
    folder.mkdir(parents=True)
    text = _SKILL.format(
        name=name,
        description=said["description"],
        title=name.replace("-", " ").capitalize(),
        rules="\n".join(f"- {rule}" for rule in rules),
    )
    (folder / "SKILL.md").write_text(text, encoding="utf-8")
    return folder


def _talk(place: Path, number: int, said: Sequence[str]) -> Path:
    """A conversation as a file."""
    file = place / f"talk-{number:02}.txt"
    file.write_text("".join(f"User: {text}\nAssistant: Done.\n" for text in said), encoding="utf-8")
    return file


def _used(made: Library) -> None:
    """Some skills were found, and of use."""
    for query in ("release notes", "release notes for 3.1", "government report", "review this code", "客户邮件", "sql"):
        made.run("search", query)
    made.run("usage", "record", "ada/release-notes", "ada/release-notes", "ada/government-report")
