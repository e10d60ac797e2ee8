"""Libraries: submodules under `Common/`, of which git's objects are all that is ever read.

    Common/<name>                        a gitlink: the commit that is pinned
    .gitmodules                          its address, and the branch it follows where that is not the remote's own
    .git/modules/Common/<name>/          its objects, where `git submodule update` would put them
        refs/skillgit/pins/<oid>         commits that were pinned: a library that is forced cannot take them away
        config, info/attributes          no hook, no link, no filter acts, not even where git checks it out
    .git/config submodule.<path>.url     the address that is used here; a person has said it

Nothing of a library is checked out. An address that only `.gitmodules` has came with a clone: it may name a server,
and no place on this machine.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pygit2
from pygit2.enums import FileMode

from skillgit.errors import NotFound, Refused, RepositoryError, Unsafe
from skillgit.git import layout
from skillgit.git.address import checked, protocols
from skillgit.git.alone import at_libraries
from skillgit.git.remote import faulty, unreachable
from skillgit.git.repo import Entry, Repo, library
from skillgit.git.run import attempt, git
from skillgit.skills import naming

MAX_FILE = 100 << 20
MAX_LIBRARY = 1 << 30
MAX_FILES = 100_000
MAX_NESTING = 64
MODULES = ".gitmodules"
GITLINK = int(FileMode.COMMIT)

_INERT = {
    "core.hooksPath": "/dev/null",
    "core.symlinks": "false",
    "core.fsmonitor": "false",
    "core.protectHFS": "true",
    "core.protectNTFS": "true",
    "fetch.fsckObjects": "true",
    "submodule.recurse": "false",
    "fetch.recurseSubmodules": "false",
    "gc.auto": "0",
}
_NO_ATTRIBUTES = "* -filter -text -eol -ident -working-tree-encoding -merge -diff -export-subst\n"
_REFS = ("+HEAD:refs/skillgit/head", "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*")


@dataclass(frozen=True, slots=True)
class Pin:
    """A library of a commit: where it is, the commit of its own that is pinned, and what `.gitmodules` says of it."""

    path: str
    commit: str
    url: str = ""
    branch: str = ""

    @property
    def name(self) -> str:
        """The library as people call it."""
        return self.path.removeprefix("Common/")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a library is fetched from; `own` where a person has said so here."""

    url: str
    own: bool


def pins(repo: Repo, commit: str | None) -> dict[str, Pin]:
    """The libraries of a commit, by path."""
    common = layout.folder(repo.handle[commit].peel(pygit2.Tree), "Common") if commit else None
    linked = [item for item in common or () if item.filemode == FileMode.COMMIT and not naming.danger(item.name or "")]
    said = _said(repo, commit) if linked else {}
    found = (Pin(f"Common/{item.name}", str(item.id), *said.get(f"Common/{item.name}", ())) for item in linked)
    return {pin.path: pin for pin in found}


def unfetched(repo: Repo, commit: str | None) -> tuple[Pin, ...]:
    """The libraries of a commit that are not here as they are pinned, by name."""
    found = sorted(pins(repo, commit).items())
    return tuple(pin for path, pin in found if library(repo, path, pin.commit) is None)


def is_library(repo: Repo, commit: str | None, path: str) -> bool:
    """Whether a library is pinned at a path of a commit."""
    entry = repo.stored_entry(commit, path) if path.startswith("Common/") else None
    return entry is not None and entry.mode == GITLINK


def own_skills(repo: Repo, commit: str | None) -> dict[str, str]:
    """The skills of a commit as `Repo.skills` has them, without those of libraries."""
    linked = pins(repo, commit)
    return {path: oid for path, oid in repo.skills(commit).items() if "/".join(path.split("/")[:2]) not in linked}


def refuse_inside(repo: Repo, commit: str | None, edits: Mapping[str, Entry | None]) -> None:
    """Refused where an edit is made in a library, or takes one away without its entry in .gitmodules."""
    for path, new in edits.items():
        root, _, below = path.partition("/")
        owner = f"{root}/{below.partition('/')[0]}"
        whole = path == owner and (MODULES in edits or (new is not None and new.mode == GITLINK))
        if below and not whole and is_library(repo, commit, owner):
            raise Refused(
                f"'{path}' is of the library '{owner}', which is read-only",
                hint="'skillgit fork SKILL' makes a copy of your own; 'skillgit library' is for the whole of it",
            )


def refuse_history(repo: Repo, commit: str, path: str) -> None:
    """Refused where the skill at a path is one of a library, whose history is not in this repository."""
    owner, inside = "/".join(path.split("/")[:2]), "/".join(path.split("/")[2:])
    entry = repo.stored_entry(commit, owner)
    if entry is not None and entry.mode == GITLINK:
        words = f"git --git-dir '{store(repo, owner)}' log {entry.oid[:10]} -- '{inside or '.'}'"
        raise Refused(f"the history of '{path}' is that of the library '{owner}'", hint=f"it is asked of git: {words}")


def store(repo: Repo, path: str) -> Path:
    """Where the objects of the library at a path are, or would be."""
    return repo.common_dir / "modules" / path


def address(repo: Repo, pin: Pin) -> Address:
    """Where a library is fetched from: what was said here, else what .gitmodules says; NotFound where neither does."""
    own = repo.config(f"submodule.{pin.path}.url")
    if own:
        return Address(checked(own), own=True)
    if not pin.url:
        raise NotFound(f"no address of library '{pin.name}' is known", hint=f"git config submodule.{pin.path}.url URL")
    return Address(checked(_absolute(repo, pin.url)), own=False)


def fetch(repo: Repo, path: str, where: Address) -> None:
    """The library's branches and tags are in its store, as its remote has them now; RepositoryError where it cannot be.

    Objects are checked as they come: what git holds for an attack, or for broken, is not taken.
    """
    with at_libraries(repo):
        _fetch(repo, path, where)


def _fetch(repo: Repo, path: str, where: Address) -> None:
    home = store(repo, path)
    _prepare(repo, home, where.url)
    spoken = protocols(local=where.own)
    words = ["fetch", "--quiet", "--no-tags", "--prune", "--no-recurse-submodules", "--no-write-fetch-head"]
    done = attempt([*words, "--", where.url, *_REFS], cwd=home, env=_env(home) | spoken)
    said = done.stderr.decode("utf-8", "replace")
    name = path.removeprefix("Common/")
    if done.returncode and "couldn't find remote ref HEAD" in said:
        raise NotFound(f"library '{name}' has no commits")
    if done.returncode and "transport 'file' not allowed" in said:
        raise Refused(
            f"only .gitmodules says that library '{name}' is at '{where.url}', a place on this machine",
            hint=f"if you trust it: git config submodule.{path}.url '{where.url}'",
        )
    fault = faulty(said)
    if done.returncode and fault:
        raise Unsafe(f"library '{name}' is not fetched: {fault}")
    if done.returncode:
        raise unreachable(f"library '{name}'", said, test=where.url)


def bring(repo: Repo, pin: Pin, where: Address) -> None:
    """The pinned commit is in the library's store; NotFound where its remote has it no more."""
    if library(repo, pin.path, pin.commit) is not None:
        return
    with at_libraries(repo):
        _bring(repo, pin, where)


def _bring(repo: Repo, pin: Pin, where: Address) -> None:
    _fetch(repo, pin.path, where)
    home = store(repo, pin.path)
    spoken = protocols(local=where.own)
    if library(repo, pin.path, pin.commit) is None:
        words = ["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--", where.url]
        attempt([*words, pin.commit], cwd=home, env=_env(home) | spoken)
    if library(repo, pin.path, pin.commit) is None:
        raise NotFound(
            f"commit {pin.commit[:10]} of library '{pin.name}' is not at '{where.url}' any more",
            hint=f"'skillgit library update {pin.name}' pins what is there now",
        )
    _keep(repo, pin.path, pin.commit)


def keep(repo: Repo, path: str, commit: str) -> None:
    """A commit of a library stays in its store, whatever becomes of the branches of its remote."""
    with at_libraries(repo):
        _keep(repo, path, commit)


def _keep(repo: Repo, path: str, commit: str) -> None:
    home = store(repo, path)
    git(["update-ref", f"refs/skillgit/pins/{commit}", commit], cwd=home, env=_env(home))


def resolve(repo: Repo, path: str, rev: str | None) -> str:
    """The commit of a fetched library that a branch, tag or oid names; None: the one its remote's HEAD is at."""
    home = store(repo, path)
    names = [f"refs/remotes/origin/{rev}", f"refs/tags/{rev}", rev] if rev else ["refs/skillgit/head"]
    for name in names:
        words = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"]
        done = attempt(words, cwd=home, env=_env(home))
        if done.returncode == 0:
            return done.stdout.decode().strip()
    raise NotFound(f"library '{path}' has no branch, tag or commit '{naming.shown(rev or 'HEAD')}'")


def is_branch(repo: Repo, path: str, rev: str) -> bool:
    """Whether a library's remote has a branch of this name."""
    home = store(repo, path)
    words = ["show-ref", "--verify", "--quiet", f"refs/remotes/origin/{rev}"]
    return attempt(words, cwd=home, env=_env(home)).returncode == 0


def follows(repo: Repo, path: str, old: str, new: str) -> bool:
    """Whether a library's commit `new` is built on `old`; where not, its branch was forced, or moved back."""
    home = store(repo, path)
    return attempt(["merge-base", "--is-ancestor", old, new], cwd=home, env=_env(home)).returncode == 0


def between(repo: Repo, path: str, old: str, new: str) -> int:
    """How many commits `new` has that `old` has not."""
    home = store(repo, path)
    return int(git(["rev-list", "--count", new, f"^{old}"], cwd=home, env=_env(home)))


def check_size(repo: Repo, path: str, commit: str) -> None:
    """Unsafe where what a library holds at a commit is too much to look through: files, bytes, folders in folders."""
    root, home = library(repo, path, commit), store(repo, path)
    assert root is not None
    _weigh(path, root, {}, depth=0)
    asked = ["rev-list", "--objects", "--no-walk", "--no-object-names", commit]
    oids = git(asked, cwd=home, env=_env(home))
    rows = git(["cat-file", "--batch-check=%(objectsize)"], cwd=home, env=_env(home), stdin=oids)
    sizes = [int(row) for row in rows.split()]
    if max(sizes, default=0) > MAX_FILE:
        raise Unsafe(f"library '{path}' has a file that is larger than {MAX_FILE >> 20} MiB")
    if sum(sizes) > MAX_LIBRARY:
        raise Unsafe(f"library '{path}' is larger than {MAX_LIBRARY >> 20} MiB")


def _weigh(path: str, folder: pygit2.Tree, known: dict[str, int], *, depth: int) -> int:
    """How many files a folder holds, the same folder counted as often as it is there and looked at once."""
    if depth > MAX_NESTING:
        raise Unsafe(f"library '{path}' has folders more than {MAX_NESTING} deep")
    oid = str(folder.id)
    if oid not in known:
        trees = (_weigh(path, each, known, depth=depth + 1) for each in folder if isinstance(each, pygit2.Tree))
        known[oid] = len(folder) + sum(trees)
    if known[oid] > MAX_FILES:
        raise Unsafe(f"library '{path}' holds more than {MAX_FILES} files")
    return known[oid]


def with_entry(repo: Repo, commit: str | None, pin: Pin) -> bytes:
    """The .gitmodules of a commit, with this library in it."""
    section = f"submodule.{pin.path}"
    changes = [[f"{section}.path", pin.path], [f"{section}.url", pin.url]]
    return _edited(repo, commit, [*changes, *([[f"{section}.branch", pin.branch]] if pin.branch else [])])


def without_entry(repo: Repo, commit: str | None, path: str) -> bytes:
    """The .gitmodules of a commit, without the library at a path."""
    return _edited(repo, commit, [["--remove-section", f"submodule.{path}"]])


def remember(repo: Repo, path: str, url: str) -> None:
    """The address is the one that this machine uses, as `git submodule init` has it."""
    git(["config", "--local", f"submodule.{path}.url", url], cwd=repo.directory)


def forget(repo: Repo, path: str) -> None:
    """This machine has no address of the library of its own."""
    git(["config", "--local", "--remove-section", f"submodule.{path}"], cwd=repo.directory, ok=(0, 5, 128))


def _prepare(repo: Repo, home: Path, url: str) -> None:
    """A store is there, in which nothing of a library can act."""
    kind = {"core.bare": "true" if repo.worktree is None else "false"}
    remote = {"remote.origin.url": url, "remote.origin.fetch": _REFS[1]}
    _make(home)
    known = git(["config", "--local", "--null", "--list"], cwd=home, env=_env(home)).decode("utf-8", "replace")
    for key, value in (_INERT | kind | remote).items():
        if f"{key.lower()}\n{value}" not in known.split("\0"):
            git(["config", key, value], cwd=home, env=_env(home))


def _make(home: Path) -> None:
    if not (home / "HEAD").is_file():
        home.mkdir(parents=True, exist_ok=True)
        sha1 = {"GIT_DEFAULT_HASH": "sha1", "GIT_DEFAULT_REF_FORMAT": "files"}
        git(["init", "--quiet", "--bare", "--template=", "--", "."], cwd=home, env=sha1)
    (home / "info").mkdir(exist_ok=True)
    (home / "info" / "attributes").write_text(_NO_ATTRIBUTES)


def _env(home: Path) -> dict[str, str]:
    """git looks at the store alone, not at the folder that it would be checked out to."""
    return {"GIT_DIR": str(home), "GIT_WORK_TREE": str(home)}


def _said(repo: Repo, commit: str | None) -> dict[str, tuple[str, str]]:
    """What the .gitmodules of a commit says: address and branch, by path."""
    with tempfile.TemporaryDirectory(prefix="skillgit-") as folder:
        file = Path(folder) / "modules"
        file.write_bytes(_modules(repo, commit))
        done = attempt(["config", "--file", str(file), "--null", "--list"], cwd=Path(folder))
    if done.returncode:
        raise RepositoryError(f"cannot read '{MODULES}'", hint="'git config --file .gitmodules --list' may say more")
    values: dict[str, dict[str, str]] = {}
    for row in done.stdout.decode("utf-8", "replace").split("\0"):
        key, _, value = row.partition("\n")
        name, _, what = key.removeprefix("submodule.").rpartition(".")
        values.setdefault(name, {})[what] = value
    return {each["path"]: (each.get("url", ""), each.get("branch", "")) for each in values.values() if "path" in each}


def _edited(repo: Repo, commit: str | None, changes: Iterable[list[str]]) -> bytes:
    with tempfile.TemporaryDirectory(prefix="skillgit-") as folder:
        file = Path(folder) / "modules"
        file.write_bytes(_modules(repo, commit))
        for words in changes:
            git(["config", "--file", str(file), *words], cwd=Path(folder))
        return file.read_bytes()


def _modules(repo: Repo, commit: str | None) -> bytes:
    entry: Entry | None = repo.entry(commit, MODULES)
    if entry is not None and entry.mode not in (FileMode.BLOB, FileMode.BLOB_EXECUTABLE):
        raise Unsafe(f"'{MODULES}' is no plain file", hint="git itself would not read it")
    return repo.read(entry.oid) if entry else b""


def _absolute(repo: Repo, url: str) -> str:
    """An address that .gitmodules gives from that of our own remote on, as git reads it."""
    base = (repo.config("remote.origin.url") or "").rstrip("/") if url.startswith(("./", "../")) else ""
    if not base:
        return url
    while url.startswith(("./", "../")):
        up, url = url.startswith("../"), url.partition("/")[2]
        base = re.sub(r"[/:][^/:]*$", "", base) if up else base
    return f"{base}/{url}"
