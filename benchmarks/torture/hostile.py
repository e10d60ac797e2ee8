"""R11 and R12: text that wants to be a trailer, and names and modes that no skill may have."""

from __future__ import annotations

import os
import random
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from benchmarks.torture import place
from benchmarks.torture.row import Row
from skillgit.changes import edit, move
from skillgit.errors import SkillgitError
from skillgit.git.message import Decision, Note, Quote, decode, encode
from skillgit.git.repo import Repo
from skillgit.git.transaction import Transaction, write
from skillgit.share import importing
from skillgit.skills import naming

_BAITS = (
    "Skill-Decision: remove",
    "skill-attempt : FORGED",
    "Signed-off-by: Mallory <m@example.com>",
    "---",
    "diff --git a/x b/x",
    "# comment",
    "| a table |",
    "(cherry picked from commit 0000000)",
    "BREAKING CHANGE: all",
    "add(Users/ada/x): forged (-> 9.9.9)",
)
_GLUE = (
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    "\x00",
    "\x0b",
    "\x0c",
    "\x1b[2K",
    "\x85",
    "\u2028",
    "\u2029",
    "\u202e",
    "\u200b",
    " ",
)
_KEYS = ("Skill-Decision", "Skill-Path", "Skill-Version", "Skill-Attempt")
_DIGEST = "sha256:" + "6f1c" * 16


def r11(quick: bool) -> Row:
    """Commit decisions whose every text is hostile; git and we read back what was decided, and nothing else."""
    dice = random.Random(11)
    wanted = [_decision(dice, number) for number in range(150 if quick else 1500)]

    def body(tx: Transaction) -> None:
        for decision in wanted:
            tx.commit(encode(decision), {})

    with place.directory() as scratch:
        top = scratch / "bare"
        repo = place.library(top, bare=True)
        start = place.git("rev-parse", "HEAD", cwd=top)
        write(repo, body)
        trailers = "%x1f".join(f"%(trailers:key={key},valueonly,separator=%x1d)" for key in _KEYS)
        words = ["log", "--reverse", f"--format={trailers}%x1f%B%x1e", f"{start}..HEAD"]
        records = place.git(*words, cwd=top).split("\x1e")[:-1]
        problems = [] if len(records) == len(wanted) else [f"{len(records)} commits of {len(wanted)}"]
        for decision, said in zip(wanted, records, strict=False):
            problems += _misread(decision, said.lstrip("\n").split("\x1f"))
    return Row(len(wanted), tuple(problems))


def _decision(dice: random.Random, number: int) -> Decision:
    return Decision(
        dice.choice(("add", "merge", "discard", "edit")),
        f"Users/ada/skill-{number % 50}",
        _hostile(dice),
        before="0.1.0",
        after="0.1.1",
        reason=_hostile(dice),
        learner=_hostile(dice),
        attempt=f"{number:026d}",
        evidence=(Quote(_DIGEST, number % 7, _hostile(dice)), Quote(_DIGEST, 8, _hostile(dice))),
        notes=tuple(Note(mark, _hostile(dice)) for mark in "+-~|"),
    )


def _hostile(dice: random.Random) -> str:
    return "".join(dice.choice(_GLUE) + dice.choice(_BAITS) for _ in range(dice.randint(1, 5)))


def _misread(decision: Decision, said: list[str]) -> Iterator[str]:
    read = decode(said[-1])
    expected = [decision.action, decision.path, "0.1.0 -> 0.1.1", decision.attempt]
    if said[:-1] != expected:
        yield f"git reads {said[:-1]}"
    if read is None or [read.action, read.path, f"{read.before} -> {read.after}", read.attempt] != expected:
        yield f"we read {read}"
    if read != decode(encode(decision)):
        yield f"stored otherwise than encoded: {decision.attempt}"


NAMES = (
    *("..", ".", ".git", ".GIT", "git~1", ".git.", ".git ", ".g\u200cit", ".git::$INDEX_ALLOCATION"),
    *("con", "aux.md", "nul.txt", "COM1", "x.", "x ", "SKILL.md:x", "back\\slash", "-rf", "--upload-pack=x"),
    *("esc\x1b[31m", "new\nline", "tab\tbed", "bell\x07", "del\x7f", "c1\x9b", "\ufeffbom", "rtl\u202etxt"),
    *("zero\u200bwidth", "tag\U000e0041", "n" * 300, "*", "?", "<script>", "a|b", "back\\..\\slash"),
    *(".gitmodules", ".gitmodules/x", ".GitModules", ".gitattributes"),
)
OUTWARD = ("../../escape", "/no-such-folder/escape", "../../../../escape")
"""Names that lead out of the folder, which nothing may follow."""

INERT = ("$(touch pwned)", "`touch pwned`", "'; touch pwned; '", "%2e%2e", "~root", "a//b", "e\u0301" * 20)
"""Names that a file in a skill may have, as on any disk, as long as no shell and no decoder ever sees them."""


def r12(quick: bool) -> Row:
    """Offer hostile names, modes and links at every gate; whatever is said, HEAD holds none of them."""
    problems: list[str] = []
    tries = 0
    with place.directory() as scratch:
        top = scratch / "library"
        place.library(top)
        for number, name in enumerate((NAMES + OUTWARD + INERT)[:: 12 if quick else 1]):
            for gate in _GATES:
                offer = scratch / f"offer-{number}-{gate.__name__.strip('_')}"
                offer.mkdir()
                tries += 1
                problems += _through(partial(gate, top, name, offer), f"{gate.__name__.strip('_')}: {name!r}")
                problems += _admitted(top, name)
                place.git("checkout", "-q", "-f", "HEAD", cwd=top)
                place.git("clean", "-qfdx", cwd=top)
        problems += place.unsound(top)
        problems += [f"written outside: {path}" for path in scratch.rglob("escape") if top not in path.parents]
        problems += [f"a shell has run: {path}" for path in scratch.rglob("pwned")]
    return Row(tries, tuple(problems))


def _through(attempt: Callable[[], object], where: str) -> Iterator[str]:
    """Only our own errors say no."""
    try:
        attempt()
    except SkillgitError as err:
        if any(ord(letter) < 32 and letter != "\n" for letter in err.message + err.hint):
            yield f"{where}: control characters in the error"
    except (OSError, ValueError) as err:
        yield f"{where}: {type(err).__name__}: {err}"


def _admitted(top: Path, name: str) -> Iterator[str]:
    rows = place.git("ls-tree", "-r", "-z", "HEAD", cwd=top).split("\0")[:-1]
    for about, _, path in (row.partition("\t") for row in rows):
        if about[:6] not in ("100644", "100755"):
            yield f"mode {about[:6]} of {path!r}"
        if name in NAMES and name.partition("/")[0] in path.split("/")[1:]:
            yield f"admitted: {path!r}"


def _rename(top: Path, name: str, offer: Path) -> None:
    with suppress(SkillgitError):
        move.move(Repo.open(top), "Users/ada/report", move.destination("Users/ada/report", name))
        move.move(Repo.open(top), f"Users/ada/{naming.segment(name)}", "Users/ada/report")
    move.move(Repo.open(top), "Users/ada/report", f"Users/ada/{name}")


def _folder(top: Path, name: str, offer: Path) -> None:
    """A folder to import, with a file of that name in the skill."""
    skill = offer / "cake"
    skill.mkdir()
    _lay(skill / "scripts", name)
    (skill / place.FILE).write_bytes(place.skill("cake", "Bake it."))
    _take(top, offer)


def _title(top: Path, name: str, offer: Path) -> None:
    """A folder to import, whose skill calls itself so."""
    (offer / "tart").mkdir()
    content = place.skill("tart", "Bake it.").replace(b"name: tart", b"name: " + repr(name).encode())
    (offer / "tart" / place.FILE).write_bytes(content)
    _take(top, offer)


def _archive(top: Path, name: str, offer: Path) -> None:
    with zipfile.ZipFile(offer / "x.zip", "w") as file:
        file.writestr("pie/SKILL.md", place.skill("pie", "Bake it."))
        file.writestr(f"pie/{name}", b"x")
    _take(top, offer / "x.zip")


def _link(top: Path, name: str, offer: Path) -> None:
    """A folder and an archive with links in them, one of which is the SKILL.md."""
    skill = offer / "flan"
    skill.mkdir()
    (skill / "secret").symlink_to(offer / "secret")
    (skill / place.FILE).write_bytes(place.skill("flan", "Bake it."))
    with zipfile.ZipFile(offer / "x.zip", "w") as file:
        entry = zipfile.ZipInfo("bun/SKILL.md")
        entry.external_attr = 0o120777 << 16
        file.writestr(entry, str(offer / "secret"))
    for source in (offer, offer / "x.zip"):
        with suppress(SkillgitError):
            _take(top, source)


def _by_hand(top: Path, name: str, offer: Path) -> None:
    """A file, and a link, that the user puts beside a SKILL.md and commits with `skillgit commit`."""
    skill = top / "Users/ada/letters"
    _lay(skill, name)
    with suppress(SkillgitError):
        edit.commit_worktree(Repo.open(top))
    (skill / "link").symlink_to(offer / "secret")
    edit.commit_worktree(Repo.open(top))


_GATES: tuple[Callable[[Path, str, Path], None], ...] = (_rename, _folder, _title, _archive, _link, _by_hand)


def _lay(folder: Path, name: str) -> None:
    """Put a file of that name into the folder, and never anywhere else, as far as the file system lets one."""
    file = Path(os.path.normpath(folder / name))
    if folder not in file.parents:
        return
    with suppress(OSError, ValueError):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")


def _take(top: Path, source: Path) -> None:
    intake = importing.read([source])
    importing.refuse(intake.faults)
    importing.import_skills(Repo.open(top), intake.skills, into="Users/ada")
