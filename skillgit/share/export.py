"""Skills of a commit, written out to a folder or a zip archive, in the form another tool reads."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from skillgit.changes.skill import FILE, read, shown
from skillgit.errors import NotFound, Refused, Unsafe, UsageError
from skillgit.git import history
from skillgit.git.repo import Entry, Repo
from skillgit.skills import dialect, naming, tree
from skillgit.skills.document import Document

Form: TypeAlias = Literal["agentskills", "autoskill", "claude"]
FORMS: tuple[str, ...] = get_args(Form)

_DIALECTS: Mapping[str, Callable[[Document], Document]] = {
    "autoskill": dialect.to_autoskill,
    "claude": dialect.to_claude,
}
_OLDEST, _NEWEST = datetime(1980, 1, 1, tzinfo=UTC), datetime(2107, 12, 31, tzinfo=UTC)
"""What a zip archive can say of a date."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A skill that goes out: its path in the repository, its files with SKILL.md, and the form it takes."""

    path: str
    files: Mapping[str, Entry]
    form: str

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.path.rpartition("/")[2]


def choose(repo: Repo, commit: str | None, paths: Sequence[str], *, form: str = "agentskills") -> tuple[Outgoing, ...]:
    """The skills at `paths` in a commit, ready to go out in a form of FORMS.

    NotFound where one is missing, Unsafe where one holds what no skill may, Refused where two
    would have the same folder.
    """
    if form not in FORMS:
        raise UsageError(f"unknown form '{form}'", hint=f"one of {', '.join(FORMS)}")
    chosen: dict[str, Outgoing] = {}
    for path in paths:
        skill = Outgoing(path, _files(repo, commit, path), form)
        other = chosen.setdefault(naming.folded(skill.name), skill)
        if other is not skill and other.path != path:
            said = f"'{shown(other.path)}' and '{shown(path)}' would both become '{skill.name}'"
            raise Refused(said, hint="export them to two places, or with '--user U' those of one user")
    return tuple(chosen.values())


def to_folder(repo: Repo, skills: Sequence[Outgoing], folder: Path, *, replace: bool = False) -> list[Path]:
    """Write each skill to `folder/<name>` and return where they are; all or none.

    Refused where one of these is there already, unless `replace`; then the whole folder is replaced. They
    are built beside their places and moved there, and a link in the way is never followed.
    """
    places = [folder / skill.name for skill in skills]
    _refuse_existing([] if replace else places)
    with _staging(folder) as stage:
        for name, content, executable in _all_contents(repo, skills):
            write_file(stage / "new" / name, content, executable=executable)
        (stage / "old").mkdir()
        for place in places:
            _swap(place, new=stage / "new" / place.name, old=stage / "old" / place.name)
    return places


def to_zip(repo: Repo, commit: str, skills: Sequence[Outgoing], file: Path, *, replace: bool = False) -> None:
    """Write the skills to the zip archive `file`, one folder each.

    The same commit gives the same bytes: entries are sorted and dated as the commit is.
    Refused where the file is there already, unless `replace`.
    """
    _refuse_existing([] if replace else [file])
    if file.is_dir():
        raise Refused(f"'{file}' is a folder")
    date = _zip_date(repo, commit)
    with _staging(file.parent) as stage:
        with zipfile.ZipFile(stage / "zip", "w") as archive:
            for name, content, executable in _all_contents(repo, sorted(skills, key=lambda skill: skill.name)):
                archive.writestr(_zip_entry(name, date, executable=executable), content)
        (stage / "zip").rename(file)


def _files(repo: Repo, commit: str | None, path: str) -> dict[str, Entry]:
    files = repo.files(commit, path)
    if FILE not in files:
        raise NotFound(f"no skill '{shown(path)}'")
    if fault := naming.danger(path.rpartition("/")[2]):
        raise Unsafe(f"cannot export '{naming.shown(path)}': {fault}")
    for problem in tree.problems_of_tree(tree.Listed(name, entry.mode, 0) for name, entry in files.items()):
        raise Unsafe(f"cannot export '{shown(path)}': {problem.message}")
    return files


def _all_contents(repo: Repo, skills: Sequence[Outgoing]) -> Iterator[tuple[str, bytes, bool]]:
    """Every file of the skills: its path from the skill's folder on, its bytes, whether it may be run."""
    for skill in skills:
        for name, entry in sorted(skill.files.items()):
            content = _skill_file(repo, skill, entry) if name == FILE else repo.read(entry.oid)
            yield f"{skill.name}/{name}", content, entry.mode == tree.EXECUTABLE


def _skill_file(repo: Repo, skill: Outgoing, entry: Entry) -> bytes:
    """The SKILL.md in the form asked for; as it is committed in the specification's own."""
    if skill.form not in _DIALECTS:
        return repo.read(entry.oid)
    return _DIALECTS[skill.form](read(repo, entry.oid, skill.path)).render()


def _refuse_existing(places: Sequence[Path]) -> None:
    for place in places:
        if os.path.lexists(place):
            raise Refused(f"'{place}' is there already", hint="'--force' replaces it")


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """A scratch folder inside `folder`, which is made where it is missing; gone afterwards."""
    if os.path.lexists(folder) and not folder.is_dir():
        raise Refused(f"'{folder}' is no folder")
    folder.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=".skillgit-", dir=folder))
    try:
        yield stage
    finally:
        shutil.rmtree(stage)


def write_file(file: Path, content: bytes, *, executable: bool) -> None:
    """Write a file, in folders that are made for it; whoever may read an executable one may run it, as in git."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    if executable:
        mode = stat.S_IMODE(file.stat().st_mode)
        file.chmod(mode | (mode & 0o444) >> 2)


def _swap(place: Path, *, new: Path, old: Path) -> None:
    """Move `new` to `place`, and what is there to `old`; where that fails it is back in its place."""
    occupied = os.path.lexists(place)
    if occupied:
        place.rename(old)
    try:
        new.rename(place)
    except OSError:
        if occupied:
            old.rename(place)
        raise


def _zip_date(repo: Repo, commit: str) -> tuple[int, int, int, int, int, int]:
    said = next(history.log(repo, commit, limit=1)).date
    date = min(max(datetime.fromisoformat(said).astimezone(UTC), _OLDEST), _NEWEST)
    return date.year, date.month, date.day, date.hour, date.minute, date.second


def _zip_entry(name: str, date: tuple[int, int, int, int, int, int], *, executable: bool) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date)
    entry.create_system = 3  # Unix, whatever we run on: the modes below are its
    entry.external_attr = (tree.EXECUTABLE if executable else tree.FILE) << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
