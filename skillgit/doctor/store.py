"""How the repository is set up, what was left under way, and whether housekeeping keeps up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from skillgit import config
from skillgit.doctor.finding import FIX, Case, Finding
from skillgit.errors import Locked, RepositoryError, SkillgitError
from skillgit.git import PROPOSALS, driver, graph, intent, lock, prune, setup, upkeep
from skillgit.git import hooks as files
from skillgit.git.repo import Repo
from skillgit.git.run import git
from skillgit.share import proposals as review

_DAY = 86400.0
_MANY_LOOSE = 3000
_MANY_PACKS = 50
_FAR_BEHIND = 1000
_SCRATCH = (
    "objects/??/tmp_obj_*",
    "objects/tmp_*",
    "objects/pack/tmp_*",
    "objects/info/commit-graphs/tmp_*",
    "skillgit/intent.new",
    "skillgit/index/*.unfinished",
    "skillgit/undecided/*.unfinished",
)


def set_up(case: Case) -> Iterator[Finding]:
    """`skillgit init` was here: its settings and its line of .gitattributes."""
    repo, attributes = case.repo, _attributes(case)
    wanted = setup.SETTINGS | (setup.BARE_SETTINGS if repo.worktree is None else {})
    unset = [key for key in wanted if repo.config(key) is None]
    helps, ours = "skillgit init", "skillgit.format" not in unset or setup.ATTRIBUTES in attributes
    mend = partial(_init, repo) if ours else None  # to adopt a repository is for its owner to say
    if setup.ATTRIBUTES not in attributes:
        yield Finding(f".gitattributes lacks '{setup.ATTRIBUTES}'", helps, mend)
    if unset:
        yield Finding(f"git config lacks {', '.join(unset)}", helps, mend)


def drivers(case: Case) -> Iterator[Finding]:
    """git merges a SKILL.md by its rules and sections here, and not as any text."""
    repo = case.repo
    unset, lost = driver.missing(repo), driver.lost_program(repo)
    mend = partial(_set_up_drivers, repo)
    if unset and (repo.config("skillgit.format") or setup.ATTRIBUTES in _attributes(case)):
        words = f"git config lacks {', '.join(unset)}: git merges and shows a SKILL.md as any text"
        yield Finding(words, "skillgit init", mend)
    elif lost:
        yield Finding(f"'{lost}', which git is to merge with, is gone", FIX, mend)


def hooks(case: Case) -> Iterator[Finding]:
    """Hooks that were installed are there, as this skillgit has them; to have none is fine."""
    found = files.status(case.repo)
    lost = files.lost_program(case.repo)
    for hook in found:
        if hook.state == "replaced":
            yield Finding(f"the hook '{hook.name}' was replaced by another one", "skillgit hooks install")
    old = [hook.name for hook in found if hook.state == "outdated"]
    if lost and any(hook.state in ("installed", "outdated") for hook in found):
        yield Finding(f"'{lost}', which the hooks run, is gone", FIX, partial(_renew_hooks, case.repo))
    elif old:
        words = f"the hooks {', '.join(old)} are of another skillgit"
        yield Finding(words, "skillgit hooks install", partial(_renew_hooks, case.repo))


def settings(case: Case) -> Iterator[Finding]:
    """Every setting has a value that means something, wherever it comes from."""
    said: dict[str, str] = {}
    for row in config.SETTINGS:
        try:
            config.setting(case.repo, row.key)
        except SkillgitError as err:
            said[err.message] = err.hint or f"git config skillgit.{row.key} VALUE"
    yield from (Finding(words, helps) for words, helps in said.items())


def under_way(case: Case) -> Iterator[Finding]:
    """No update of a work tree was left half done."""
    if not (case.repo.private / "intent").exists():
        return
    try:
        with lock.hold(case.repo.private / "lock", seconds=2):
            pending = intent.pending(case.repo)
    except Locked:  # its writer lives
        return
    except RepositoryError as err:
        yield Finding(err.message, err.hint)
        return
    if pending:
        words = f"an update of {', '.join(repr(worktree) for worktree in pending.worktrees)} was interrupted"
        yield Finding(words, "the next decision finishes it", partial(_finish, case.repo))


def rewriting(case: Case) -> Iterator[Finding]:
    """No rewrite of the history was left half done."""
    if not prune.is_unfinished(case.repo) or _is_at_work(case.repo):
        return
    words = "'skillgit forget --history' was interrupted: refs and objects may be of the old history"
    yield Finding(words, FIX, partial(_finish_rewrite, case.repo))


def leftovers(case: Case) -> Iterator[Finding]:
    """No scratch files are left of processes that died."""
    old = [file for file in _scratch(case.repo) if _age(file) > _DAY]
    if old:
        words = f"{len(old)} scratch files of dead processes, such as '{old[0]}'"
        yield Finding(words, "remove them", partial(_remove, old))


def proposals(case: Case) -> Iterator[Finding]:
    """No decision waits because it met edits of the user's."""
    waiting = {ref: each for each in review.waiting(case.repo, case.tip) for ref in each.parked}
    shown = git(["for-each-ref", "--format=%(refname) %(objectname)", PROPOSALS], cwd=case.repo.directory)
    for ref, _, oid in (row.partition(" ") for row in shown.decode("utf-8", "surrogateescape").splitlines()):
        if ref in waiting:
            subject = waiting[ref].revision.subject
            yield Finding(f"a decision waits for review: {subject}", f"skillgit review show {ref.rpartition('/')[2]}")
        elif case.tip and review.is_decided(case.repo, case.tip, oid):
            yield Finding(f"'{ref}' has been decided", f"git update-ref -d {ref}", partial(_drop, case.repo, ref))
        else:
            yield Finding(f"'{ref}' holds no decision", f"look at it: git show {ref}")


def housekeeping(case: Case) -> Iterator[Finding]:
    """Loose objects and packs are few."""
    unfit = upkeep.unfit(case.repo)
    mend = partial(_keep_house, case.repo) if not unfit else None
    helps = f"git gc (skillgit leaves it alone: {unfit})" if unfit else FIX
    loose, packs = upkeep.loose(case.repo), upkeep.packs(case.repo)
    if loose > _MANY_LOOSE:
        yield Finding(f"there are about {loose} loose objects", helps, mend)
    if packs > _MANY_PACKS:
        yield Finding(f"there are {packs} packs", helps, mend)


def commit_graph(case: Case) -> Iterator[Finding]:
    """The commit-graph is there, knows the changed paths, and is not far behind; a log is ten times dearer without."""
    if upkeep.unfit(case.repo) or case.tip is None:
        return
    known = graph.state(case.repo.common_dir)
    count = int(git(["rev-list", "--count", "--all"], cwd=case.repo.directory))
    helps = FIX
    if known.commits and not known.changed_paths:
        words = "the commit-graph lacks the changed paths"
        yield Finding(words, helps, partial(_rewrite_graph, case.repo))
    elif count - known.commits > _FAR_BEHIND:
        words = f"the commit-graph lacks {count - known.commits} of {count} commits"
        yield Finding(words, helps, partial(_keep_house, case.repo))
    if case.full and known.commits:
        yield from _graph_faults(case.repo)


def _attributes(case: Case) -> list[str]:
    entry = case.repo.entry(case.tip, ".gitattributes")
    return case.repo.read(entry.oid).decode("utf-8", "replace").splitlines() if entry else []


def _graph_faults(repo: Repo) -> Iterator[Finding]:
    fault = graph.fault(repo.common_dir)
    if fault:
        yield Finding(f"the commit-graph is damaged: {fault}", FIX, partial(_rewrite_graph, repo))


def _is_at_work(repo: Repo) -> bool:
    """Whether another skillgit writes just now."""
    try:
        with lock.hold(repo.private / "lock", seconds=2):
            return False
    except Locked:
        return True


def _scratch(repo: Repo) -> list[Path]:
    inside = [file for pattern in _SCRATCH for file in sorted(repo.common_dir.glob(pattern)) if file.is_file()]
    if repo.worktree is None:
        return inside
    asked = ["ls-files", "-z", "--others", "--", ":(glob)**/.SKILL.md.skillgit"]
    beside = git(asked, cwd=repo.worktree).decode("utf-8", "surrogateescape").split("\0")[:-1]
    return inside + [repo.worktree / path for path in beside]


def _age(file: Path) -> float:
    try:
        return time.time() - file.lstat().st_mtime
    except FileNotFoundError:  # its process lives, and is done with it
        return 0.0


def _init(repo: Repo) -> str:
    setup.init(repo.directory)
    return "set up anew"


def _set_up_drivers(repo: Repo) -> str:
    driver.install(repo)
    return "set up"


def _renew_hooks(repo: Repo) -> str:
    files.install(repo, [hook.name for hook in files.status(repo) if hook.state in ("installed", "outdated")])
    return "written anew"


def _finish(repo: Repo) -> str:
    with lock.hold(repo.private / "lock", seconds=30):
        return intent.mend(repo) or "it is done"


def _finish_rewrite(repo: Repo) -> str:
    left = prune.finish(repo)
    return f"finished; still held by another git: {left} commits" if left else "finished"


def _remove(files: list[Path]) -> str:
    for file in files:
        file.unlink(missing_ok=True)
    return "removed"


def _drop(repo: Repo, ref: str) -> str:
    git(["update-ref", "-d", ref], cwd=repo.directory)
    return "dropped"


def _keep_house(repo: Repo) -> str:
    upkeep.run(repo)
    return f"{upkeep.packs(repo)} packs, and a commit-graph with the changed paths"


def _rewrite_graph(repo: Repo) -> str:
    upkeep.rewrite_graph(repo)
    return "written anew"
