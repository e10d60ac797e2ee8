"""What commands say that bring a repository up to date, where libraries are still to be fetched."""

from __future__ import annotations

from skillgit.cli import output
from skillgit.cli.context import head
from skillgit.git import submodule
from skillgit.git.repo import Repo


def tell(repo: Repo) -> None:
    """Say on stderr which libraries of HEAD are not here as they are pinned, and what brings them."""
    missing = [pin.name for pin in submodule.unfetched(repo, head(repo))]
    if missing:
        output.note(f"hint: 'skillgit library fetch' brings what is not here yet: {', '.join(missing)}")
