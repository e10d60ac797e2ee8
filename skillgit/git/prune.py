"""Moving every ref to a rewritten history at once, and leaving no object of the old one.

    plan      what would change, or the reason why it cannot be done now; nothing is written
    replace   under every lock of skillgit's: objects, refs, reflogs, then what nothing leads to any more
    finish    the same from the refs on, where a process died

The refs move in one transaction of git's, but git moves one after the other. Which move to where is in
`.git/skillgit/rewriting` before the first one does, and until the old objects are gone:

    {"refs/heads/main": ["<old oid>", "<new oid>"], "refs/tags/Users/ada/release/v1.0.0": ["<old oid>", ""]}

A crash before that file is there leaves the old history, and objects that nothing leads to; for one after it there is
`finish`.

Work trees are never touched: their files are those of the rewritten branch already, or it is refused.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

from skillgit import files
from skillgit.errors import RepositoryError, StaleRef
from skillgit.git import evidence, intent, layout, lock, overlap, upkeep, worktree
from skillgit.git.alone import LOCK_SECONDS, clear_leftovers
from skillgit.git.drafts import drafting
from skillgit.git.packs import look_again
from skillgit.git.repo import Repo
from skillgit.git.rewrite import Edit, Rewrite, nowhere, store
from skillgit.git.run import attempt, failure, git

_OURS = ("refs/heads/", "refs/tags/", "refs/skillgit/")
_TRACKING = "refs/remotes/"
_LOCKS = ("push.lock", "lock", "upkeep.lock")
_SCRATCH = ("COMMIT_EDITMSG", "MERGE_MSG", "SQUASH_MSG", "FETCH_HEAD", "ORIG_HEAD")
"""What git leaves behind in a git directory, of a commit that is done."""
_LIBRARY = 0o160000
_GONE = ""
_ANY = ""
_Moves = dict[str, tuple[str, str]]
"""What each ref points at, and is to point at; `_GONE` where it goes, from `_ANY` where it only points at another."""
_TRIES = 20
_REST_SECONDS = 0.05
_MOVED = (b"but expected", b"File exists")
"""What `git update-ref` says where another git has moved a ref, or holds its lock file."""

_CLOCK = 0.05
"""How many seconds the times of files may lag behind the clock."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How many commits change, how many refs move, and which go: tags, and what is known of a remote that holds it.

    `lost` commits are of the user's, and go with it: only reflogs, or nothing, lead to them.
    """

    commits: int
    moved: int
    dropped: tuple[str, ...]
    lost: int


@dataclass(frozen=True, slots=True)
class _Refs:
    """What each ref points at, and those of remotes that point at another ref."""

    tips: Mapping[str, str]
    pointers: Mapping[str, str]


def plan(repo: Repo, edit: Edit, *, clean: Iterable[str] = ()) -> Plan:
    """What `replace` would do, once what is below the paths `clean` is rid of it at HEAD.

    Evidence is not counted, it has started anew by then. RepositoryError says why it cannot be done now.
    """
    _raise_if_unfit(repo)
    for top in worktree.every(repo):
        _raise_if_not_ready(Repo.open(top), edit, tuple(clean) if top == repo.worktree else ())
    tips = {ref: oid for ref, oid in _refs(repo).tips.items() if ref != evidence.REF}
    made = Rewrite(repo, edit, nowhere)
    made.add(_staying(tips, edit))
    changed = [ref for ref, oid in tips.items() if edit.drops(ref) or made.of(oid) != oid]
    known = tuple(ref for ref in changed if edit.drops(ref) or ref.startswith(_TRACKING))
    return Plan(made.changed, len(changed) - len(known), known, _lost(repo))


def replace(repo: Repo, edit: Edit) -> None:
    """The history is rewritten: refs lead to the new one, and the objects of the old one are gone."""
    with _alone(repo) as held:
        before = _next_second()
        _persistently(repo, edit, keep=held)
        _prune(repo, before=before, keep=held)
    upkeep.rewrite_graph(repo)


def is_unfinished(repo: Repo) -> bool:
    """Whether a process died, or is at it, while refs moved or old objects went."""
    return _record(repo).exists()


def finish(repo: Repo) -> int:
    """What `replace` left undone is done; how many commits of the old history are held all the same, by another git.

    A ref that has been moved meanwhile, to neither, stays where it is.
    """
    with _alone(repo) as held:
        moves = _moves(repo)
        if moves is None:
            return 0
        before = _next_second()
        now = _refs(repo).tips
        due = {ref: (old, new) for ref, (old, new) in moves.items() if old in (now.get(ref), _ANY)}
        done = _update(repo, due, keep=held)
        if done.returncode:
            raise failure(["update-ref"], done.stderr)
        _prune(repo, before=before, keep=held)
    upkeep.rewrite_graph(repo)
    look_again(repo)
    return len({old for old, _ in moves.values() if old and old in repo.handle})


def left(repo: Repo, edit: Edit) -> int:
    """How many objects there are, whatever leads to them, that hold it."""
    look_again(repo)
    return sum(edit.gone(str(oid)) or _would_change(edit, repo.handle.read(oid)[1]) for oid in repo.handle.odb)


def _would_change(edit: Edit, content: bytes) -> bool:
    return edit.content(content) != content


@contextmanager
def _alone(repo: Repo) -> Iterator[list[int]]:
    """Inside the block no other skillgit writes, and nothing of one that died is left; gives the locks' descriptors."""
    with ExitStack() as stack:
        held = {name: stack.enter_context(lock.hold(repo.private / name, seconds=LOCK_SECONDS)) for name in _LOCKS}
        clear_leftovers(repo, held["lock"])
        overlap.restore(repo)
        intent.mend(repo)
        yield list(held.values())


def _record(repo: Repo) -> Path:
    return repo.private / "rewriting"


def _moves(repo: Repo) -> _Moves | None:
    """The refs that were to move, each with what it pointed at, and is to; None where it was finished meanwhile."""
    try:
        said = json.loads(_record(repo).read_bytes())
        return {str(ref): (str(old), str(new)) for ref, (old, new) in said.items()}
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, AttributeError) as err:
        raise RepositoryError(
            f"cannot read '{_record(repo)}': {err}", hint="delete that file, and forget the same once more"
        ) from err


def _raise_if_unfit(repo: Repo) -> None:
    unfit = upkeep.unfit(repo)
    if unfit:
        raise RepositoryError(f"the history cannot be rewritten here: {unfit}", hint="do it in a full clone")


def _raise_if_not_ready(repo: Repo, edit: Edit, clean: tuple[str, ...]) -> None:
    """A work tree has to be on a branch, without edits, and its files without what goes."""
    assert repo.worktree is not None
    worktree.raise_if_busy(repo)
    if repo.branch_ref() == "HEAD":
        raise RepositoryError(f"HEAD is detached in '{repo.worktree}'", hint="'git switch BRANCH' first")
    if git(["status", "--porcelain", "--untracked-files=no"], cwd=repo.worktree):
        raise RepositoryError(
            f"there are edits in '{repo.worktree}' that are not committed",
            hint="commit them first, or undo them; a stash would keep the old history",
        )
    held = next((path for path in _held(repo, edit) if not any(path.startswith(f"{top}/") for top in clean)), None)
    if held:
        raise RepositoryError(
            f"'{held}' of '{repo.branch_ref().removeprefix('refs/heads/')}' holds it now",
            hint="take it out of that file and commit, or remove the work tree; then try again",
        )


def _held(repo: Repo, edit: Edit) -> Iterator[str]:
    for path, entry in repo.files(repo.tip("HEAD"), "").items():
        if entry.mode != _LIBRARY:
            is_gone = path.endswith("/SKILL.md") and edit.gone(entry.oid)
            if is_gone or _would_change(edit, repo.read(entry.oid)):
                yield layout.unsharded(path)


def _refs(repo: Repo) -> _Refs:
    """Every ref of the repository; RepositoryError where there is one that cannot be brought along."""
    shown = git(["for-each-ref", "--format=%(refname) %(objectname) %(symref)"], cwd=repo.directory).decode()
    rows = [line.split(" ") for line in shown.splitlines()]
    other = next((ref for ref, _, _ in rows if not ref.startswith((*_OURS, _TRACKING))), None)
    if other:
        raise RepositoryError(
            f"the history cannot be rewritten: '{other}' holds on to the old one",
            hint="'git stash drop'" if other == "refs/stash" else f"git update-ref -d '{other}', where it can go",
        )
    pointers = {ref: target for ref, _, target in rows if target and ref.startswith(_TRACKING)}
    return _Refs({ref: oid for ref, oid, target in rows if not target}, pointers)


def _staying(tips: Mapping[str, str], edit: Edit) -> list[str]:
    """What the refs point at that do not go."""
    return [oid for ref, oid in tips.items() if not edit.drops(ref)]


def _lost(repo: Repo) -> int:
    words = ["fsck", "--unreachable", "--no-reflogs", "--connectivity-only", "--no-progress"]
    return git(words, cwd=repo.directory).decode().count("unreachable commit ")


def _next_second() -> int:
    """The second in which this began. It is over: objects made from now on can be told from those before."""
    before = int(time.time())
    time.sleep(before + 1 + _CLOCK - time.time())
    return before


def _persistently(repo: Repo, edit: Edit, *, keep: Sequence[int]) -> None:
    """Make the new history and move the refs to it; what is new meanwhile is added, and they are moved again."""
    with drafting(repo) as drafts:
        made = Rewrite(repo, edit, store(repo, drafts))
        for _ in range(_TRIES):
            refs = _refs(repo)
            for top in worktree.every(repo):
                _raise_if_not_ready(Repo.open(top), edit, ())
            made.add(_staying(refs.tips, edit))
            if drafts:
                drafts.keep()
            if _move(repo, made, refs, keep=keep):
                return
            time.sleep(_REST_SECONDS)
    raise StaleRef("branches keep moving while their history is being rewritten: nothing changed", hint="try again")


def _move(repo: Repo, made: Rewrite, refs: _Refs, *, keep: Sequence[int]) -> bool:
    """Whether git has moved all refs at once; it has moved none where another git holds or has moved one."""
    moves: _Moves = {}
    for ref, old in refs.tips.items():
        new = _GONE if made.edit.drops(ref) else made.of(old)
        if new != old:
            moves[ref] = (old, _GONE if ref.startswith(_TRACKING) else new)
    moves |= {ref: (_ANY, _GONE) for ref, target in refs.pointers.items() if target in moves}
    files.write(_record(repo), json.dumps(moves).encode())
    done = _update(repo, moves, keep=keep)
    if done.returncode:
        now = _refs(repo).tips
        if all(old in (now.get(ref), _ANY) for ref, (old, _) in moves.items()):
            _record(repo).unlink()
        if not any(words in done.stderr for words in _MOVED):
            raise failure(["update-ref"], done.stderr)
    return not done.returncode


def _update(repo: Repo, moves: _Moves, *, keep: Sequence[int]) -> CompletedProcess[bytes]:
    """What git says of moving these refs, all or none."""
    updates = (f"update {ref} {new} {old}" if new else f"delete {ref} {old}" for ref, (old, new) in moves.items())
    lines = "".join(f"option no-deref\n{update.rstrip()}\n" for update in updates)
    return attempt(["update-ref", "--stdin"], cwd=repo.directory, stdin=lines.encode(), keep=keep)


def _prune(repo: Repo, *, before: int, keep: Sequence[int]) -> None:
    """No reflog leads to an object any more, and what nothing leads to is gone, if it was there `before`.

    What another git is making just now is newer, and stays.
    """
    (repo.private / "landed").unlink(missing_ok=True)
    for folder in (repo.common_dir, *repo.common_dir.glob("worktrees/*")):
        for name in _SCRATCH:
            (folder / name).unlink(missing_ok=True)
    for top in worktree.every(repo):
        git(["update-index", "--clear-resolve-undo"], cwd=top, keep=keep)
    git(["reflog", "expire", "--expire=now", "--all"], cwd=repo.directory, keep=keep)
    git(["gc", "--quiet", f"--prune=@{before} +0000"], cwd=repo.directory, keep=keep)
    _record(repo).unlink(missing_ok=True)
