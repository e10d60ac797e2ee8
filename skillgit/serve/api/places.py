"""Where the skill stands that a client names, among those that its user sees.

A skill is named by its id, or by its name: the user's own skill of that name, or else the common one. A name is looked
up among the paths of a commit and never joined to one, so that there is nothing in it to escape with. What another user
has is not there: the answer is the same as for what nobody has.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from skillgit.changes.skill import FILE, Scope, owner, shown, visible
from skillgit.git import ledger
from skillgit.git.repo import folder_oid
from skillgit.serve.api.shapes import Skill
from skillgit.serve.desk import Hands
from skillgit.serve.problem import Problem
from skillgit.skills import naming

_NAMESPACE = uuid.UUID("6d7f1b0e-8a1c-4d6a-9c53-2f1f3b9a6c11")


@dataclass(frozen=True, slots=True)
class Place:
    """A skill at a commit: its full path, and the oid of its SKILL.md."""

    commit: str
    path: str
    oid: str

    def tree(self, hands: Hands) -> str:
        """The oid of its folder."""
        return folder_oid(hands.repo, self.commit, self.path) or self.oid


def seen(hands: Hands, user: str, *, scope: Scope = "all") -> dict[str, str]:
    """The paths of the skills that a user sees now, sorted, and the oids of their SKILL.md."""
    known = hands.repo.skills(hands.repo.tip("HEAD"))
    mine = visible(known, user=user, scope=scope)
    return {path: oid for path, oid in known.items() if path in mine}


def find(hands: Hands, user: str, named: str) -> Place:
    """The skill that a client names. Raises Problem, 404, where its user sees none of that name."""
    known = seen(hands, user)
    path = _named(known, user, named) or _identified(hands, known, user, named)
    commit = hands.repo.tip("HEAD")
    if path is None or commit is None:
        raise missing(named)
    return Place(commit, path, known[path])


def find_ever(hands: Hands, user: str, named: str) -> str:
    """The path of a skill that a client names; of one that is gone, too, where it is the user's own, by its name."""
    try:
        return find(hands, user, named).path
    except Problem:
        path = f"Users/{user}/{named}"
        if path not in ledger.paths(hands.repo, hands.repo.tip("HEAD")):
            raise
        return path


def own(user: str, path: str) -> str:
    """The path, of a skill that its user may change. Raises Problem, 403, for a common one."""
    if owner(path) != user:
        raise Problem(403, f"'{shown(path)}' is a common skill, and changed by review alone")
    return path


def missing(named: str) -> Problem:
    """The error for what is not there, or not for this user."""
    return Problem(404, f"no skill '{naming.shown(named)}'")


def identity(hands: Hands, path: str, oid: str) -> str:
    """The id of a skill: the one in its metadata, or one made of its path where it has none."""
    return hands.card(path, oid).id or str(uuid.uuid5(_NAMESPACE, path))


def scope_of(path: str) -> Literal["user", "common"]:
    """Whose skill stands at a path: a user's, or everybody's."""
    return "user" if owner(path) else "common"


def described(hands: Hands, path: str, oid: str) -> Skill:
    """The skill as lists have it."""
    card = hands.card(path, oid)
    return Skill(
        id=identity(hands, path, oid),
        path=path,
        name=path.rpartition("/")[2],
        scope=scope_of(path),
        version=card.version,
        description=card.description,
        tags=list(card.tags),
        problem=card.problem,
    )


def main_file(hands: Hands, commit: str, path: str) -> str:
    """The oid of a skill's SKILL.md at a commit. Raises Problem, 404, where there is none."""
    entry = hands.repo.files(commit, path).get(FILE)
    if entry is None:
        raise missing(path.rpartition("/")[2])
    return entry.oid


def _named(known: Mapping[str, str], user: str, named: str) -> str | None:
    return next((path for path in (f"Users/{user}/{named}", f"Common/{named}") if path in known), None)


def _identified(hands: Hands, known: Mapping[str, str], user: str, named: str) -> str | None:
    """The path of the skill with this id, the user's own before a common one."""
    try:
        wanted = str(uuid.UUID(named))
    except ValueError:
        return None
    found = [path for path, oid in known.items() if identity(hands, path, oid) == wanted]
    return next((path for path in found if owner(path) == user), next(iter(found), None))
