"""A skill as it stands at one commit, and finding one by what the user typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from skillgit.errors import Invalid, NotFound, SkillgitError, Unreadable, UsageError
from skillgit.git import layout, ledger, submodule
from skillgit.git.repo import Repo
from skillgit.skills import document as documents
from skillgit.skills import naming
from skillgit.skills.document import Document

FILE = "SKILL.md"
Scope = Literal["user", "common", "all"]


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill of one commit: where it stands, its SKILL.md, and the paths of the files beside it."""

    path: str
    document: Document
    files: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The skill's name, which is its folder's."""
        return self.path.rpartition("/")[2]

    @property
    def shown(self) -> str:
        """The path as people type it: `ada/release` for `Users/ada/release`, `Common/x` as it is."""
        return shown(self.path)

    @property
    def user(self) -> str | None:
        """Whose skill it is; None for a common one."""
        return owner(self.path)

    @property
    def version(self) -> str:
        """The version that its metadata says, or ""."""
        return self.document.version

    @property
    def description(self) -> str:
        """What it does and when to use it."""
        return self.document.description

    @property
    def id(self) -> str:
        """The UUID that follows it through renames, or ""."""
        return self.document.id

    @property
    def text(self) -> str:
        """The whole SKILL.md."""
        return self.document.render().decode()


def load(repo: Repo, commit: str | None, path: str) -> Skill:
    """The skill at the full path `path` in a commit; NotFound or Invalid, naming it."""
    files = repo.files(commit, path)
    if FILE not in files:
        raise NotFound(f"no skill '{shown(path)}'" + (f" at '{commit[:10]}'" if commit else ""))
    return Skill(path, read(repo, files[FILE].oid, path), tuple(name for name in files if name != FILE))


def read(repo: Repo, oid: str, path: str) -> Document:
    """The SKILL.md with this blob oid; its errors name the skill."""
    try:
        return documents.parse(repo.read(oid))
    except SkillgitError as err:
        raise type(err)(f"cannot read skill '{shown(path)}': {err.message}", hint=err.hint) from err


def readable(repo: Repo, commit: str | None, path: str) -> Document | None:
    """The SKILL.md at the full path `path`; None where there is none, or where a plain commit left a broken one."""
    oid = repo.skills(commit).get(path)
    try:
        return read(repo, oid, path) if oid else None
    except (Invalid, Unreadable):
        return None


def find(repo: Repo, commit: str | None, typed: str, *, user: str | None = None) -> str:
    """The full path of the skill that `typed` names in a commit: `Users/ada/x`, `ada/x` or just `x`."""
    known = repo.skills(commit)
    try:
        return naming.resolve(typed if typed in known else layout.unsharded(typed), known, user=user)
    except NotFound as err:
        missing = ", ".join(pin.name for pin in submodule.unfetched(repo, commit))
        if err.hint or not missing:
            raise
        raise NotFound(err.message, hint=f"'skillgit library fetch' brings what is not here yet: {missing}") from err


def find_common(repo: Repo, commit: str | None, typed: str, *, user: str | None = None) -> str:
    """As `find`, but the common skill of that name is meant where the user has one, too."""
    try:
        return naming.resolve(typed, visible(repo.skills(commit), user="", scope="common"))
    except NotFound:
        return find(repo, commit, typed, user=user)


def find_ever(repo: Repo, commit: str | None, typed: str, *, user: str | None = None) -> str:
    """As `find`, but where nothing of that name is there now, also a skill that is gone since."""
    known = repo.skills(commit)
    try:
        return naming.resolve(typed, known, user=user)
    except NotFound:
        return naming.resolve(typed, {*known, *ledger.paths(repo, commit)}, user=user)


def shown(path: str) -> str:
    """A skill's path as people type it."""
    return path.removeprefix("Users/")


def owner(path: str) -> str | None:
    """Whose skill stands at `path`; None for a common one."""
    parts = path.split("/")
    return parts[1] if parts[0] == "Users" and len(parts) > 2 else None


def visible(paths: Iterable[str], *, user: str, scope: Scope = "all") -> frozenset[str]:
    """The skills a user sees: the user's own, the common ones, or both; never another user's.

    Raises UsageError for a scope that is none.
    """
    roots = {"user": (f"Users/{user}/",), "common": ("Common/",), "all": (f"Users/{user}/", "Common/")}
    if scope not in roots:
        raise UsageError(f"no scope '{scope}'", hint=f"one of: {', '.join(roots)}")
    seen = roots[scope]
    return frozenset([path for path in paths if path.startswith(seen)])
