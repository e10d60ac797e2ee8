"""What `--json` answers is what docs/formats.md says: a session of every command that has it, field by field."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from skillgit.cli.app import COMMANDS
from tests.conftest import ROOT, Run
from tests.reference import said

ELSEWHERE = {"eval", "health"}
"""They ask a server, and are told of in a sentence."""

TALK = "User: Write the release notes for 2.4.\nAssistant: Done.\nUser: From now on, {} in release notes.\n"
PDF = "---\nname: pdf\ndescription: Fills PDF forms.\n---\n- Use qpdf.\n"
FILES = {
    "monday.txt": TALK.format("list breaking changes first"),
    "tuesday.txt": TALK.format("link every fix"),
    "friday.txt": TALK.format("name the authors"),
    "sunday.txt": TALK.format("praise everybody"),
    "queries.jsonl": '{"id": 1, "query": "release notes"}\n',
    "acme/pdf/SKILL.md": PDF,
    "bad/aux/SKILL.md": "---\nname: Bad\n---\n",
    "report/SKILL.md": "---\nname: Weekly Report\ndescription: How to report.\nversion: 1.0\n---\n- Be brief.\n",
    "secret": f"- Use {'ghp_' + 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789'}.\n",
}
STAGE = "git init -q acme && git -C acme add -A && git -C acme commit -qm pdf"
SESSION = r"""
  ingest ../monday.txt
  ingest ../tuesday.txt
  ingest --policy branch ../friday.txt
  review
  review show --turns {id}
  review accept {id}
  ingest --policy branch ../sunday.txt
  review
  review reject {id} --reason no
! echo '- Be brief.' >>Users/ada/release-notes/SKILL.md
  status
  commit
  list
  show release-notes
  log
  blame release-notes
  why release-notes
  changelog release-notes
  stats
  search 'release notes'
  search 'release notes' --explain
  search --queries ../queries.jsonl
  usage
  validate ../bad
  revert release-notes
  mv release-notes notes
  remove notes
  revert notes
  release notes
  index
  index rebuild
  index verify
  config
  models
  models providers
  hooks
  agent
  agent install claude-code --dry-run
  keys add
  keys
  library add ../acme
  library
  library fetch
  fork pdf
! echo '- Keep the original.' >>../acme/pdf/SKILL.md && git -C ../acme commit -qam more
  library update
  status
  sync
  link claude notes
  links
  lock
! rm ~/.claude/skills/notes
  verify
  ci
  unlink --all
  export notes ../out
  library remove acme
  import ../acme --user bob
! touch -d '20 minutes ago' .git/index.lock
  doctor
! rm .git/index.lock
! cp -r ../report Users/bob/report && git add -A && git commit -qm report
  normalize
! cp -r Users/ada/pdf Users/ada/forms && sed -i '/ id:/d; s/name: pdf/name: forms/' Users/ada/forms/SKILL.md
! git add -A && git commit -qm forms
  tidy
! cat ../secret >>Users/ada/forms/SKILL.md && git commit -qam secret
  scan
! git reset -q --hard HEAD~1
  share --bare ../hub.git --dry-run
  share --bare ../hub.git --yes
  push
  pull
  clone ../hub.git ../clone
! git switch -qc side && echo '- Be kind.' >>Users/ada/notes/SKILL.md
  commit
  propose --dry-run
  propose --print
  propose --patch ../mails
! git switch -q main
  merge side
"""


def test_the_fields_are_those_that_the_formats_name(cli: Run, tmp_path: Path) -> None:
    named = dict(_named())
    given = _given(cli, tmp_path, named)
    assert {command: sorted(each - named[command]) for command, each in given.items() if each - named[command]} == {}
    whole = {command: {name.split(".")[0] for name in names} for command, names in given.items()}
    told = {command: {name.split(".")[0] for name in named[command]} for command in given}
    assert {
        command: sorted(told[command] - whole[command]) for command in given if told[command] - whole[command]
    } == {}


@pytest.mark.parametrize("name", [row.name for row in COMMANDS])
def test_every_command_with_json_is_in_the_formats(name: str) -> None:
    (row,) = (row for row in COMMANDS if row.name == name)
    has = any(term == "--json" for term, _ in said(row).options)
    known = {command.split()[0] for command, _ in _named()} | ELSEWHERE
    assert (name in known) == has


def _named() -> Iterator[tuple[str, set[str]]]:
    """Each command of the table in docs/formats.md, with the fields it names."""
    text = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[^|]*`) \| (.*) \|$", text.split("\n| command | fields |\n")[1], flags=re.MULTILINE)
    of = {command: told for commands, told in rows for command in _coded(commands)}
    for command, told in of.items():
        like = re.match("as `([^`]+)`", told)
        names = {name for name in _coded(told) if not name.startswith("-")}
        yield command, names - set(of) | set(_coded(of[like[1]])) if like else names


def _coded(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def _given(cli: Run, room: Path, named: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """The fields that each command gave in the session."""
    for name, text in FILES.items():
        (room / name).parent.mkdir(parents=True, exist_ok=True)
        (room / name).write_text(text)
    bash(STAGE, room)
    cli("init", "lib", cwd=room)
    lib, found, known = room / "lib", defaultdict[str, set[str]](set), ""
    bash("git config skillgit.user ada", lib)
    for line in SESSION.strip("\n").splitlines():
        if line.startswith("!"):
            bash(line[1:], lib)
            continue
        words = shlex.split(line.format(id=known) if "{id}" in line else line)
        answer = cli(*words, "--json", cwd=lib)
        rows = [json.loads(row) for row in answer.out.splitlines()]
        assert rows, f"{line}: {answer}"
        known = rows[0].get("id", known) if words == ["review"] else known
        for row in rows:
            found[_label(words, named)] |= set(_flat(row, named[_label(words, named)]))
    return found


def _label(words: list[str], named: Mapping[str, set[str]]) -> str:
    """The command of the table that a call is one of: the one that says the most of it."""
    fitting = (label for label in named if label.split()[0] == words[0] and set(label.split()) <= set(words))
    return max(fitting, key=lambda label: len(label.split()))


def _flat(row: Mapping[str, object], told: set[str], above: str = "") -> Iterator[str]:
    """The names in an object, `a.b` for those of objects within; an empty list has all that it may hold."""
    for key, value in row.items():
        name = f"{above}{key}"
        within = {each for each in told if each.startswith(f"{name}.")}
        inner = [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict)]
        yield from within or {name}
        for each in inner if within else ():
            yield from _flat(each, told, f"{name}.")


def bash(script: str, directory: Path) -> None:
    subprocess.run(["bash", "-ec", script], cwd=directory, check=True, stdout=subprocess.DEVNULL)
