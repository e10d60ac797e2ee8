"""R7: the newest object or ref is torn, as a power cut leaves it on a disk that was not synced."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.torture import place
from benchmarks.torture.command import skillgit
from benchmarks.torture.row import Row

TEARS: dict[str, Callable[[bytes], bytes]] = {
    "zero": lambda content: b"",
    "zeros": lambda content: bytes(len(content)),
    "half": lambda content: content[: len(content) // 2],
    "most": lambda content: content[: len(content) * 9 // 10],
    "garbage": lambda content: os.urandom(len(content)),
}
COMMANDS = (("list",), ("search", "letters"), ("log",), ("ingest", "-"))
_SECONDS = 10.0


def r7(quick: bool) -> Row:
    """Tear each kind of file in each way, start the machine anew, and ask; then mend, and ask again."""
    problems: list[str] = []
    said: set[str] = set()
    step = 3 if quick else 1
    commands = COMMANDS[::step]
    cases = [(kind, name) for kind in ("ref", "commit", "tree", "blob") for name in list(TEARS)[::step]]
    with place.directory() as scratch:
        for kind, name in cases:
            top = scratch / f"{kind}-{name}"
            file = _torn(top, kind, TEARS[name])
            wrong = [what for words in commands for what in _answered(top, words, said=said)]
            problems += [f"{kind} {name}: {what}" for what in (*wrong, *_mended(top, file))]
    return Row(len(cases) * len(commands), tuple(problems), f"said: {'; '.join(sorted(said - {''}))}")


def _answered(top: Path, words: tuple[str, ...], *, said: set[str]) -> Iterator[str]:
    """What is wrong with a command's answer about a torn repository; what it said is added to `said`."""
    answer = skillgit(top, *words, stdin="User: Always mention the weather.\n", seconds=_SECONDS)
    said.add(answer.words.partition(" '")[0])
    if answer.unclear:
        yield f"{words[0]}: {answer.unclear}"
    if answer.code == 0 and words[0] != "log":
        yield f"{words[0]}: not noticed"


def _torn(top: Path, kind: str, tear: Callable[[bytes], bytes]) -> Path:
    """A library whose newest file of a kind is torn; as after a power cut, the machine has started anew since."""
    repo = place.library(top, bare=True)
    place.learn(repo, place.lesson(0))
    place.learn(repo, place.lesson(1))
    spec = {"commit": "HEAD", "tree": "HEAD^{tree}", "blob": "HEAD:Users/ada/letters/SKILL.md"}
    if kind == "ref":
        file = top / "refs/heads/main"
    else:
        oid = place.git("rev-parse", spec[kind], cwd=top)
        file = top / "objects" / oid[:2] / oid[2:]
    content = file.read_bytes()
    file.chmod(0o644)
    file.write_bytes(tear(content))
    (repo.private / "boot").write_text("the one before\n")
    return file


def _mended(top: Path, file: Path) -> Iterator[str]:
    """What `skillgit doctor --fix` leaves wrong: afterwards a lesson can be learned, and what was whole is there."""
    answer = skillgit(top, "doctor", "--fix", seconds=60)
    if answer.code not in (0, 1) or "Traceback" in answer.err:
        yield f"doctor: {answer.unclear or answer.err[-200:]}"
        return
    again = skillgit(
        top, "ingest", "--user", "ada", "-", stdin=f"User: {place.lesson(2).turns[0].text}\n", seconds=_SECONDS
    )
    if again.code:
        yield f"after the doctor: {again.unclear or again.err[-200:]}"
        return
    if place.git("fsck", "--connectivity-only", "--no-reflogs", "--no-dangling", cwd=top):
        yield "fsck is not clean"
    if "Users/ada/letters" not in place.bodies(top):
        yield "a skill is gone"
