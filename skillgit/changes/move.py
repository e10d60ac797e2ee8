"""Taking a skill away, and giving it another name or another owner."""

from __future__ import annotations

from skillgit.changes.record import Change, Recorded, record
from skillgit.changes.skill import load, owner, shown
from skillgit.errors import Refused, UsageError
from skillgit.git.repo import Repo
from skillgit.git.transaction import Landed, Transaction, write
from skillgit.skills import naming


def remove(repo: Repo, path: str) -> tuple[Recorded, Landed]:
    """Remove the skill at `path`; the history keeps it, and `revert` brings it back."""
    made: list[Recorded] = []

    def body(tx: Transaction) -> None:
        made[:] = [record(tx, Change("remove", path, load(repo, tx.tip, path).document, None, "removed"))]

    landed = write(repo, body)
    return made[0], landed


def move(repo: Repo, path: str, target: str) -> tuple[Recorded, Landed]:
    """Move the skill at `path` to the full path `target`, and name it so; its id and history go with it."""
    naming.parse_path(target)
    made: list[Recorded] = []

    def body(tx: Transaction) -> None:
        before = load(repo, tx.tip, path).document
        taken = {naming.folded(other): other for other in repo.skills(tx.tip) if other != path}
        if naming.folded(target) in taken:
            raise Refused(f"skill '{shown(taken[naming.folded(target)])}' is already there")
        if target == path:
            raise Refused(f"skill '{shown(path)}' is already there")
        after = before.with_field("name", target.rpartition("/")[2])
        change = Change("move", target, before, after, f"was {shown(path)}", was=path)
        made[:] = [record(tx, change)]

    landed = write(repo, body)
    return made[0], landed


def destination(path: str, typed: str) -> str:
    """The full path that `mv PATH TYPED` means: a new name, `user/name`, or a path below the root."""
    typed = typed.strip("/")
    parts = typed.split("/")
    if parts[0] in ("Users", "Common") and len(parts) > 1:
        return str(naming.parse_path(typed))
    if len(parts) == 1:
        return f"{path.rpartition('/')[0]}/{naming.segment(typed)}"
    if len(parts) == 2:
        return f"Users/{naming.segment(parts[0])}/{naming.segment(parts[1])}"
    raise UsageError(f"'{typed}' is no place for {owner(path) or 'a common'} skill", hint="write NAME or USER/NAME")
