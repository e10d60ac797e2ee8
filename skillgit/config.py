"""Settings, each with the place it came from.

Precedence: flag, environment, `git config skillgit.KEY` (local, then global), `skillgit.toml`, default.
`skillgit.toml` travels with the repository, so it may hold policy and nothing else: a clone must not be able
to name an address, a command or a key.
"""

from __future__ import annotations

import getpass
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from skillgit.errors import SkillgitError, UsageError
from skillgit.git.repo import NO, YES, Repo
from skillgit.git.run import git
from skillgit.skills import naming

TOML = "skillgit.toml"
_USER = re.compile(r"(?<=://).*(?=@)")
_PASSWORD = re.compile(r"(?<=password=)[^&\s]*")


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table: `check` says what is wrong with a value, or ""."""

    key: str
    default: str
    travels: bool
    check: Callable[[str], str]
    meaning: str


@dataclass(frozen=True, slots=True)
class Value:
    """A setting's text and its source: `flag`, `environment`, `git config`, `skillgit.toml` or `default`."""

    text: str
    source: str


def _one_of(*allowed: str) -> Callable[[str], str]:
    return lambda text: "" if text in allowed else f"must be one of: {', '.join(allowed)}"


def _yes_or_no(text: str) -> str:
    return "" if text.lower() in (*YES, *NO) else "must be true or false"


def _count(text: str) -> str:
    return "" if text.isascii() and text.isdigit() and int(text) > 0 else "must be a whole number above 0"


def _share(text: str) -> str:
    try:
        return "" if 0 <= float(text) <= 1 else "must be between 0 and 1"
    except ValueError:
        return "must be a number between 0 and 1"


def _anything(text: str) -> str:
    return ""


def _database(text: str) -> str:
    schemes = ("postgresql://", "postgres://")
    return "" if text.startswith(schemes) else "must be an address: postgresql://USER@HOST/DATABASE"


def _shared_name(text: str) -> str:
    known = re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", text)
    return "" if known else "must be 1 to 40 of a-z, 0-9, - and _, the first of them no sign"


def _perhaps(check: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: check(text) if text else ""


SETTINGS = (
    Setting("user", "", False, _anything, "whose skills these are, where --user is not given"),
    Setting("sign", "false", False, _yes_or_no, "sign decisions, as git's own settings say how"),
    Setting("upkeep", "true", False, _yes_or_no, "packs are kept in shape in the background"),
    Setting("learn.policy", "auto", True, _one_of("auto", "branch", "pr"), "where decisions of learning go"),
    Setting("learn.discards", "branch", True, _one_of("branch", "ref", "none"), "where discards are recorded"),
    Setting("learn.budget", "24000", False, _count, "how many tokens of a conversation a model is given"),
    Setting(
        "scan.refuse", "high", True, _one_of("none", "low", "medium", "high"), "no skill is written with worse in it"
    ),
    Setting("scan.allow", "", True, _anything, "what the scan finds and lets through: KIND or KIND=SKILL, with commas"),
    Setting("search.limit", "5", True, _count, "how many hits a search gives"),
    Setting("search.min-score", "", True, _perhaps(_share), "hits below this are left out"),
    Setting("search.vectors", "", False, _perhaps(_database), "a PostgreSQL database for the vectors, with pgvector"),
    Setting("context.budget", "4000", True, _count, "how many tokens of skills go into a prompt"),
    Setting("serve.upstream", "", False, _anything, "where 'serve' sends requests: an address, or a provider's name"),
    Setting("serve.rewrite", "rule", False, _one_of("rule", "model", "never"), "how a query is made of a conversation"),
    Setting("serve.learn", "auto", True, _one_of("auto", "always", "never"), "when conversations are learned from"),
    Setting("serve.every", "1", True, _count, "with auto: after so many turns of the user's"),
    Setting("serve.keep", "30", False, _count, "how many days a job that has ended is kept"),
    Setting("serve.jobs", "", False, _perhaps(_database), "a PostgreSQL database for the jobs, which servers share"),
    Setting("serve.rate", "", False, _perhaps(_count), "how many requests a minute a user may make"),
    Setting("serve.max-body", "32", False, _count, "how many MiB a request may have"),
    Setting("serve.web", "true", False, _yes_or_no, "'serve' has pages for people, too"),
    Setting("serve.jwt-key", "", False, _anything, "a file with the public keys of an issuer of tokens, PEM or JWKS"),
    Setting("serve.jwt-audience", "", False, _anything, "whom a token has to be for"),
    Setting("serve.jwt-issuer", "", False, _anything, "who has to have made it"),
    Setting("serve.jwt-claim", "sub", False, _anything, "where the user's id stands in it"),
    Setting("model", "", False, _anything, "the model to learn and merge with, as PROVIDER/MODEL"),
    Setting("model-url", "", False, _anything, "its address, where it is not the provider's own"),
    Setting("model-budget", "", False, _perhaps(_count), "how many tokens one command may use; a server, a day"),
    Setting("model-timeout", "300", False, _count, "how many seconds an answer is waited for"),
    Setting("embedder", "", False, _anything, "the model that makes vectors of texts, as PROVIDER/MODEL, or none"),
    Setting("embedder-url", "", False, _anything, "its address, where it is not the provider's own"),
    Setting("embedder-dimensions", "", False, _perhaps(_count), "how long its vectors are to be"),
    Setting("shared-name", "", False, _perhaps(_shared_name), "what this repository is called in a database"),
    Setting("forge", "", False, _perhaps(_one_of("github", "gitlab", "gitea", "forgejo")), "what a remote's host is"),
    Setting("forge-url", "", False, _anything, "its address, where the remote's own does not tell it"),
)
_BY_KEY = {setting.key: setting for setting in SETTINGS}


def row(key: str) -> Setting:
    """The row of the table for a key; an error that names one alike where there is none."""
    if key not in _BY_KEY:
        near = get_close_matches(key.removeprefix("skillgit."), _BY_KEY, n=1)
        hint = f"did you mean '{near[0]}'?" if near else "'skillgit config' lists them"
        raise UsageError(f"no setting '{key}'", hint=hint)
    return _BY_KEY[key]


def setting(repo: Repo, key: str, flag: str | None = None) -> Value:
    """The value of a setting in a repository and where it comes from; an error that names it where it is no value."""
    value = found(repo, _BY_KEY[key], flag)
    wrong = complaint(_BY_KEY[key], value)
    if wrong:
        raise UsageError(wrong)
    return value


def found(repo: Repo, row: Setting, flag: str | None = None) -> Value:
    """What is said of a setting first, and where, valid or not."""
    variable = "SKILLGIT_" + row.key.upper().replace(".", "_").replace("-", "_")
    given = (
        Value(flag, "flag") if flag is not None else None,
        _said(os.environ.get(variable), f"environment ({variable})"),
        _said(repo.config(f"skillgit.{row.key}"), "git config"),
        _said(_policy(repo).get(row.key), TOML) if row.travels else None,
    )
    return next((value for value in given if value is not None), Value(row.default, "default"))


def complaint(row: Setting, value: Value) -> str:
    """What is wrong with the value of a setting, in a line; "" where nothing is."""
    wrong = row.check(value.text)
    return f"invalid value '{shown(value.text)}' for '{row.key}' from {value.source}: {wrong}" if wrong else ""


def shown(text: str) -> str:
    """The value of a setting as it may be printed: without the password of an address."""
    return _USER.sub("***", _PASSWORD.sub("***", text))


def put(repo: Repo, row: Setting, text: str, *, everywhere: bool = False) -> None:
    """Set it in git's configuration, of this repository or of all the user's; an error where it is no value."""
    wrong = complaint(row, Value(text, "the command line"))
    if wrong:
        raise UsageError(wrong)
    git(["config", _level(everywhere), f"skillgit.{row.key}", text], cwd=repo.directory)


def take_out(repo: Repo, row: Setting, *, everywhere: bool = False) -> None:
    """Take it out of git's configuration, of this repository or of all the user's; fine where it is not in it."""
    git(["config", _level(everywhere), "--unset-all", f"skillgit.{row.key}"], cwd=repo.directory, ok=(0, 5))


def _level(everywhere: bool) -> str:
    return "--global" if everywhere else "--local"


def is_skill_repository(repo: Repo) -> bool:
    """Whether somebody has set this repository up for skills: by `init`, in a clone's skillgit.toml, or with skills."""
    tip = repo.tip("HEAD")
    return repo.config("skillgit.format") is not None or bool(repo.entry(tip, TOML) or repo.skills(tip))


def user(repo: Repo, flag: str | None = None) -> str:
    """Whose skills a command is about, as a path segment.

    `--user`, `SKILLGIT_USER` and `git config skillgit.user` are taken as they are or refused; where none
    is given it is made of the name git gives an author, or of the login name.
    """
    given = setting(repo, "user", flag)
    if given.text or given.source == "flag":
        return naming.segment(given.text)
    return naming.slug(os.environ.get("GIT_AUTHOR_NAME") or repo.config("user.name") or _login())


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError) as err:  # a user id that the system has no name for, as in containers
        raise UsageError("it is not clear whose skills these are", hint="git config skillgit.user NAME") from err


def _policy(repo: Repo) -> dict[str, str]:
    entry = repo.entry(repo.tip("HEAD"), TOML)
    return read_policy(repo.read(entry.oid)) if entry else {}


def read_policy(content: bytes) -> dict[str, str]:
    """The settings that a skillgit.toml makes, by dotted key; anything it may not set is an error that names it."""
    try:
        tables = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as err:
        raise SkillgitError(f"cannot read {TOML}: {err}") from err
    policy: dict[str, str] = {}
    for key, value in _flat(tables):
        setting = _BY_KEY.get(key)
        if setting is None or not setting.travels:
            known = ", ".join(row.key for row in SETTINGS if row.travels)
            raise SkillgitError(f"{TOML} may not set '{key}'", hint=f"it may set: {known}")
        policy[key] = str(value).lower() if isinstance(value, bool) else str(value)
    return policy


def _flat(tables: Mapping[str, object], prefix: str = "") -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = []
    for key, value in tables.items():
        rows += _flat(value, f"{prefix}{key}.") if isinstance(value, Mapping) else [(f"{prefix}{key}", value)]
    return rows


def _said(text: str | None, source: str) -> Value | None:
    return Value(text, source) if text else None
