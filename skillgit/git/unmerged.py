"""Files that git left in conflict in the work tree: by a merge, a rebase, a cherry-pick, a revert or a stash."""

from __future__ import annotations

from collections import defaultdict

from skillgit.git.join import Stages
from skillgit.git.repo import Entry, Repo
from skillgit.git.run import git

_CONCLUDE = {
    "rebase-merge": "git rebase --continue",
    "rebase-apply": "git rebase --continue",
    "CHERRY_PICK_HEAD": "git cherry-pick --continue",
    "REVERT_HEAD": "git revert --continue",
    "MERGE_HEAD": "git commit",
}


def unmerged(repo: Repo) -> dict[str, Stages]:
    """The files in conflict, by path, each with the versions that the index has of it."""
    found: dict[str, dict[int, Entry]] = defaultdict(dict)
    for row in git(["ls-files", "-z", "--unmerged"], cwd=repo.directory).decode("utf-8", "surrogateescape").split("\0"):
        about, tab, path = row.partition("\t")
        if tab:
            mode, oid, stage = about.split(" ")
            found[path][int(stage)] = Entry(oid, int(mode, 8))
    return dict(found)


def merged_commit(repo: Repo) -> str | None:
    """The commit that is being merged, if one is."""
    return _named(repo, "MERGE_HEAD")


def picked_commit(repo: Repo) -> str | None:
    """The commit that is being cherry-picked, if one is."""
    return _named(repo, "CHERRY_PICK_HEAD")


def _named(repo: Repo, name: str) -> str | None:
    file = repo.git_dir / name
    return file.read_text().split()[0] if file.is_file() else None


def conclusion(repo: Repo) -> str:
    """The command that concludes what git is in the middle of; "" where nothing has to be, as after a stash."""
    return next((command for name, command in _CONCLUDE.items() if (repo.git_dir / name).exists()), "")


def put(repo: Repo, path: str) -> None:
    """The file is resolved: as it is in the work tree, or gone where it is gone there."""
    git(["add", "--all", "--", f":(top,literal){path}"], cwd=repo.directory)


def remove(repo: Repo, path: str) -> None:
    """The file is resolved: it is gone, from the work tree too."""
    git(["rm", "--quiet", "--force", "--", f":(top,literal){path}"], cwd=repo.directory)
