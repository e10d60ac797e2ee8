"""Taking a skill away, and giving it another name or another owner."""

from __future__ import annotations

from skillgit.changes.record import Change, Recorded, record
from skillgit.changes.skill import load, readable, shown
from skillgit.errors import NotFound, Refused, UsageError
from skillgit.git.repo import Repo
from skillgit.git.transaction import Landed, Transaction, write
from skillgit.skills import naming


def remove(repo: Repo, path: str) -> tuple[Recorded, Landed]:
    """Remove the skill at `path`; the history keeps it, and `revert` brings it back."""
    made: list[Recorded] = []

    def body(tx: Transaction) -> None:
        if path not in repo.skills(tx.tip):
            raise NotFound(f"no skill '{shown(path)}'")
        made[:] = [record(tx, Change("remove", path, readable(repo, tx.tip, path), None, "removed"))]

    landed = write(repo, body)
    return made[0], landed


def move(repo: Repo, path: str, target: str) -> tuple[Recorded, Landed]:
    """Move the skill at `path` to the full path `target`, and name it so; its id and history go with it."""
    naming.parse_path(target)
    made: list[Recorded] = []

    def body(tx: Transaction) -> None:
        before = load(repo, tx.tip, path).document
        _check_free(repo, tx.tip, path, target)
        after = before.with_field("name", target.rpartition("/")[2])
        change = Change("move", target, before, after, f"was {shown(path)}", was=path)
        made[:] = [record(tx, change)]

    landed = write(repo, body)
    return made[0], landed


def _check_free(repo: Repo, tip: str | None, path: str, target: str) -> None:
    """Refused where `target` is taken, on any file system, or lies in what is no folder of skills."""
    known = repo.skills(tip)
    twins = [other for other in known if naming.folded(other) == naming.folded(target)]
    if twins and (target == path or twins != [path]):
        raise Refused(f"skill '{shown(twins[0])}' is already there")
    parts = target.split("/")
    for folder in ("/".join(parts[:end]) for end in range(1, len(parts))):
        if folder in known:
            raise Refused(f"'{folder}' is a skill itself", hint="a skill holds no other skills")
        if repo.entry(tip, folder) is not None:
            raise Refused(f"'{folder}' is a file or a submodule", hint="name another folder")
    if repo.entry(tip, target) is not None or repo.files(tip, target):
        raise Refused(f"'{target}' is in use, though not by a skill", hint="choose another name")


def destination(path: str, typed: str) -> str:
    """The full path that `mv PATH TYPED` means: a new name, `user/name`, or a path below the root."""
    parts = typed.removesuffix("/").split("/")
    if parts[0] in ("Users", "Common") and len(parts) > 1:
        return str(naming.parse_path("/".join(parts)))
    if len(parts) == 1:
        return f"{path.rpartition('/')[0]}/{naming.segment(parts[0])}"
    if len(parts) == 2:
        return f"Users/{naming.segment(parts[0])}/{naming.segment(parts[1])}"
    raise UsageError(f"'{typed}' is no place for a skill", hint="write NAME, USER/NAME or Common/NAME")
