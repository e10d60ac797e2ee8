"""Putting skills into agents' folders, and taking them out.

    steps = plan(repo, agent, picked, ...)      everything is looked at; Refused where one of them cannot be
    apply(repo, steps)                          all or none; what is in a folder is never written over

A copy is built beside its place and moved there. What we replace is moved away first, and looked at again there: it
goes back where somebody has edited it meanwhile. A process that is killed leaves a hidden folder, which the next one
removes, and at worst a place that is empty, which `renewal` fills.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from skillgit.changes.skill import FILE, shown
from skillgit.errors import Refused
from skillgit.git import lock
from skillgit.git.repo import Repo, folder_oid, tree_files
from skillgit.git.submodule import is_library
from skillgit.share import links, npx_locks
from skillgit.share.agent_folders import Agent, Scope, folder, refuse_own
from skillgit.share.export import write_file
from skillgit.share.links import Link
from skillgit.share.picked import Pick, pick
from skillgit.skills import naming
from skillgit.skills.tree import EXECUTABLE

Did = Literal["linked", "copied", "renewed", "unlinked", "unchanged", "kept"]

_NO_SYMLINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS)
_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of a place: `old` is what of ours is there, `new` what will be; None where nothing is, or will be.

    `pick` is the skill that `new` is. `note` says why it is kept, or why it is a copy where nobody asked for one.
    """

    did: Did
    old: Link | None
    new: Link | None
    pick: Pick | None = None
    note: str = ""

    @property
    def link(self) -> Link:
        """What is there afterwards, or was."""
        found = self.new or self.old
        assert found is not None
        return found


def plan(
    repo: Repo, agent: Agent, picked: Sequence[Pick], *, scope: Scope, project: Path, copy: bool | None
) -> tuple[Step, ...]:
    """What linking these skills for an agent does; nothing is written.

    `copy` None: what is a copy stays one, and nothing else becomes one that can be a link. Refused where two would
    have the same place, or where there is something that is not ours, or was edited.
    """
    where = folder(agent, scope, project)
    refuse_own(repo, where)
    _refuse_twins(picked)
    known = {each.place: each for each in links.links(repo, project)}
    steps = []
    for each in picked:
        base = Link(where / each.name, agent.name, scope, each.skill)
        old = known.get(base.place) or _unrecorded(repo, base, project)
        steps.append(_step(repo, each, base, old, copy=copy))
    return tuple(steps)


def renewal(repo: Repo, tip: str, chosen: Iterable[Link]) -> tuple[Step, ...]:
    """What brings these links up to date; what cannot be is `kept`, and says why."""
    return tuple(_renewed(repo, tip, each) for each in chosen)


def removal(repo: Repo, chosen: Iterable[Link]) -> tuple[Step, ...]:
    """What takes these links away. A copy with edits is `kept`, and so is what somebody else has put there."""
    return tuple(_removed(repo, each) for each in chosen)


def apply(repo: Repo, steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps are done, all or none; where symlinks cannot be made, by a copy, as the steps that come back say."""
    with lock.hold(repo.private / "links.lock", seconds=_SECONDS), ExitStack() as stages:
        todo = [step for step in steps if step.did not in ("unchanged", "kept")]
        folders = {step.link.place.parent: None for step in todo}
        with ExitStack() as undo:
            before = links.record(repo)
            undo.callback(links.remember, repo, before.values())
            links.remember(repo, (before | {step.new.place: step.new for step in todo if step.new}).values())
            stage = {where: stages.enter_context(_stage(repo, where, undo)) for where in folders}
            done = {id(step): _place(repo, step, stage[step.link.place.parent], undo) for step in todo}
            result = tuple(done.get(id(step), step) for step in steps)
            links.remember(repo, _recorded(before, result))
            undo.pop_all()
        return result


def _refuse_twins(picked: Sequence[Pick]) -> None:
    chosen: dict[str, Pick] = {}
    for each in picked:
        other = chosen.setdefault(naming.folded(each.name), each)
        if other.skill != each.skill:
            said = f"'{shown(other.skill)}' and '{shown(each.skill)}' are both called '{each.name}'"
            raise Refused(said, hint="an agent's folder has room for one of them")


def _step(repo: Repo, picked: Pick, base: Link, old: Link | None, *, copy: bool | None) -> Step:
    """What puts a skill at a place. `base` is whose place it is, `old` what of ours is to be there already."""
    if old is not None and not os.path.lexists(base.place):
        old = None
    _refuse_occupied(repo, picked, base, old)
    if copy is None:
        copy = old is not None and old.kind == "copy"
    source = None if copy else _source(repo, picked)
    note = "" if copy or source else _why_copied(repo, picked)
    if source is None:
        new = replace(base, tree=picked.tree, target="")
        same = old is not None and old.kind == "copy" and links.tree_at(repo, base.place) == picked.tree
    else:
        new = replace(base, target=os.path.relpath(source, base.place.parent), tree="")
        same = old is not None and old.kind == "link" and base.place.resolve() == source
    if same:
        return Step("unchanged", old, old and replace(old, tree=new.tree), picked)
    did: Did = "renewed" if old else "linked" if source else "copied"
    return Step(did, old, new, picked, note)


def _refuse_occupied(repo: Repo, picked: Pick, base: Link, old: Link | None) -> None:
    place = base.place
    if old is None:
        if os.path.lexists(place):
            raise Refused(
                f"'{place}' is there already, and not of this repository", hint="move it away, or rename the skill"
            )
        return
    if not links.is_ours(repo, old):
        raise Refused(f"'{place}' was replaced by somebody else", hint="move it away to link the skill again")
    if old.skill != picked.skill:
        hint = f"'skillgit unlink {old.agent} {shown(old.skill)}' makes room"
        raise Refused(f"'{place}' is '{shown(old.skill)}', not '{shown(picked.skill)}'", hint=hint)
    if old.kind == "copy" and not links.is_unedited(repo, old):
        hint = "'skillgit import' brings the edits in; then move the copy away"
        raise Refused(f"'{place}' has edits of its own", hint=hint)


def _unrecorded(repo: Repo, base: Link, project: Path) -> Link | None:
    """A copy of ours that the record lost: a folder whose tree git has, so that nothing is lost with it.

    Refused where it is there because `npx skills` put it there.
    """
    if base.place.is_symlink() or not (base.place / FILE).is_file():
        return None
    other = npx_locks.other_source(repo, base, project)
    if other:
        said = f"'{base.place}' is of 'npx skills', from '{other}'"
        raise Refused(said, hint=f"'npx skills remove {base.name}' makes room")
    found = replace(base, tree=links.tree_at(repo, base.place))
    return found if tree_files(repo, found.tree) is not None else None


def _source(repo: Repo, picked: Pick) -> Path | None:
    """The folder that a symlink would point at; None where none would show the skill as it was picked."""
    if repo.config("core.symlinks") == "false":
        return None
    tip = repo.tip("HEAD")
    return links.checked_out(repo, tip, picked.skill) if folder_oid(repo, tip, picked.skill) == picked.tree else None


def _why_copied(repo: Repo, picked: Pick) -> str:
    if repo.worktree is None:
        return "a bare repository has nothing checked out"
    if repo.config("core.symlinks") == "false":
        return "core.symlinks is false"
    if folder_oid(repo, repo.tip("HEAD"), picked.skill) != picked.tree:
        return "the branch has another version of it"
    library = is_library(repo, repo.tip("HEAD"), "/".join(picked.skill.split("/")[:2]))
    return "nothing of a library is checked out" if library else "not checked out"


def _renewed(repo: Repo, tip: str, link: Link) -> Step:
    try:
        picked = pick(repo, link.skill, tree=folder_oid(repo, tip, link.skill))
        if picked.name != link.name:
            raise Refused(f"'{shown(link.skill)}' is called '{picked.name}' now", hint="unlink it, and link it again")
        return _step(repo, picked, link, link, copy=link.kind == "copy")
    except Refused as err:
        return Step("kept", link, link, note=err.message)


def _removed(repo: Repo, link: Link) -> Step:
    if not os.path.lexists(link.place):
        return Step("unlinked", link, None, note="it was gone already")
    if not links.is_ours(repo, link):
        return Step("unlinked", link, None, note="what stands there now is not skillgit's, and stays")
    if link.kind == "copy" and not links.is_unedited(repo, link):
        return Step("kept", link, link, note=f"'{link.place}' has edits of its own")
    return Step("unlinked", link, None)


@contextmanager
def _stage(repo: Repo, where: Path, undo: ExitStack) -> Iterator[Path]:
    """A scratch folder in an agent's folder, which is made where it is missing, and goes again where all is undone.

    It has the same name each time, so that one which a killed process left goes too.
    """
    for missing in [each for each in (*reversed(where.parents), where) if not os.path.lexists(each)]:
        missing.mkdir(exist_ok=True)
        undo.callback(_remove_if_empty, missing)
    if not where.is_dir():
        raise Refused(f"'{where}' is no folder")
    own = hashlib.sha256(os.fsencode(repo.common_dir.resolve())).hexdigest()[:8]
    stage = where / f".skillgit-{own}"
    if stage.is_dir() and not stage.is_symlink():
        shutil.rmtree(stage)
    stage.mkdir()
    undo.callback(shutil.rmtree, stage)
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _remove_if_empty(where: Path) -> None:
    with suppress(OSError):
        where.rmdir()


def _place(repo: Repo, step: Step, stage: Path, undo: ExitStack) -> Step:
    """Do one step, and put on the stack what undoes it; the step as it was done."""
    place, built = step.link.place, stage / f"{step.link.name}.new"
    if step.new is not None and step.new.kind == "copy":
        _build(repo, step, built)
    _move_away(repo, step, stage / f"{step.link.name}.old", undo)
    if step.new is None:
        return step
    if step.new.kind == "link":
        try:
            place.symlink_to(step.new.target)
            undo.callback(place.unlink)
            return step
        except OSError as err:
            if err.errno not in _NO_SYMLINKS or step.pick is None:
                raise
        step = replace(step, did="copied", new=replace(step.new, target="", tree=step.pick.tree))
        step = replace(step, note="symlinks cannot be made there")
        _build(repo, step, built)
    built.rename(place)
    undo.callback(shutil.rmtree, place)
    return step


def _move_away(repo: Repo, step: Step, aside: Path, undo: ExitStack) -> None:
    """What of ours is at a place is beside it; Refused where it is not what was looked at any more."""
    place = step.link.place
    if step.old is None or (step.new is None and not links.is_ours(repo, step.old)):
        if step.new is not None and os.path.lexists(place):
            raise Refused(f"'{place}' is there already, and not of this repository")
        return
    if not os.path.lexists(place):
        return
    place.rename(aside)
    undo.callback(aside.rename, place)
    moved = replace(step.old, place=aside)
    is_whole = aside.is_symlink() if moved.kind == "link" else aside.is_dir() and not aside.is_symlink()
    if not is_whole or (moved.kind == "copy" and not links.is_unedited(repo, moved)):
        raise Refused(f"'{place}' was changed meanwhile", hint="try again")


def _build(repo: Repo, step: Step, built: Path) -> None:
    """The files of the skill that was picked are in a new folder."""
    assert step.pick is not None
    for name, entry in (tree_files(repo, step.pick.tree) or {}).items():
        write_file(built / name, repo.read(entry.oid), executable=entry.mode == EXECUTABLE)


def _recorded(before: dict[Path, Link], steps: Iterable[Step]) -> list[Link]:
    """The record with what was done, and without what was taken away."""
    gone = {step.link.place for step in steps}
    return [link for link in before.values() if link.place not in gone] + [step.new for step in steps if step.new]
