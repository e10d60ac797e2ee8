"""docs/tutorial.md once more, over servers: Ada reaches the hub over HTTP, Bob over git's daemon.

`tests/test_console.py` replays the page as it stands, where the hub is a folder.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

from tests.conftest import ROOT
from tests.console import BLOCK, Step, Transcript, parse, render, replay, stable
from tests.end_to_end.remotes import over_daemon, over_http

PAGE = ROOT / "docs" / "tutorial.md"


def test_the_tutorial_goes_the_same_way_over_servers(tmp_path: Path) -> None:
    room = tmp_path / "room"
    room.mkdir()
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    written = Transcript((), tuple(step for block in blocks for step in parse(block).steps))
    with over_http(room) as ada, over_daemon(room) as bob:
        answered = replay(_through(written, ada, bob), room, os.environ)
    assert render(_as_written(answered, written, ada, bob)) == render(stable(written, room))


def _through(written: Transcript, ada: str, bob: str) -> Transcript:
    """The tutorial with `hub` at a server, and Bob's clone from another one."""
    commands = [step.command.replace("hub=file://$PWD", f"hub={ada}") for step in written.steps]
    ways = [command.replace("clone $hub/", f"clone {bob}/") for command in commands]
    assert sum(old.command != new for old, new in zip(written.steps, ways, strict=True)) == 2
    return Transcript((), tuple(map(Step, ways)))


def _as_written(answered: Transcript, written: Transcript, ada: str, bob: str) -> Transcript:
    """The answers, where the servers' addresses are the folder's, behind the commands of the page."""
    pairs = zip(answered.steps, written.steps, strict=True)
    plain = re.compile(f"{re.escape(ada)}|{re.escape(bob)}")
    steps = (replace(said, command=own.command, output=plain.sub("file://<dir>", said.output)) for said, own in pairs)
    return Transcript((), tuple(steps))
