"""Names: the path segments skillgit makes, and the paths of skills below the repository's root.

A segment (a user, a skill) is NFKC, lower case, letters and digits of any script with single
hyphens between, 1 to 64 characters and at most 255 bytes, and no name Windows reserves; so is
a skill name in the Agent Skills specification. Combining marks are no letters there, which is
why `slug` drops them ("हिन्दी" becomes "हनद").

    Users/<user>/<skill>            Common/<skill>            Common/<library>/<any>/<skill>
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from skillgit.errors import Invalid, NotFound, SkillgitError, Unsafe, UsageError

MAX_LENGTH = 64
MAX_BYTES = 255
RESERVED = frozenset(
    ["aux", "con", "conin$", "conout$", "nul", "prn"] + [f"{port}{n}" for port in ("com", "lpt") for n in range(10)]
)


@dataclass(frozen=True, slots=True)
class SkillPath:
    """Where a skill lives: `owner` is the user under Users/, the library's path or "" under Common/."""

    scope: Literal["Users", "Common"]
    owner: str
    name: str

    def __str__(self) -> str:
        """The path below the root, `Users/ada/release-checklist`."""
        return "/".join(part for part in (self.scope, self.owner, self.name) if part)

    @property
    def short(self) -> str:
        """What people type and subjects show: `ada/release-checklist`, or `pdf` for `Common/pdf`."""
        return f"{self.owner}/{self.name}" if self.owner else self.name


def parse_path(path: str) -> SkillPath:
    """Read a full path such as `Users/ada/x` or `Common/lib/skills/x`.

    Under Users/ both segments are ours and are checked by `segment`; a library's own folders
    only have to be safe. Raises Unsafe or Invalid, naming the path.
    """
    match path.split("/"):
        case ["Users", user, name]:
            return SkillPath("Users", segment(user), segment(name))
        case ["Common", *owner, name]:
            for part in (*owner, name):
                if fault := danger(part):
                    raise Unsafe(f"unsafe path '{shown(path)}': {fault}")
            return SkillPath("Common", "/".join(owner), name)
    raise Invalid(f"no skill path: '{shown(path)}'", hint="a skill is Users/<user>/<skill> or Common/<skill>")


def segment(text: str) -> str:
    """Give the text back when it is a valid user or skill name.

    Raises Unsafe for what could leave its directory or clash with a system's own names, and
    Invalid for what only breaks a rule; both name the text and the rule.
    """
    if fault := danger(text):
        raise Unsafe(f"unsafe name '{shown(text)}': {fault}")
    if fault := _breach(text):
        raise Invalid(f"invalid name '{shown(text)}': {fault}", hint=f"'{slug(text)}' would do")
    return text


def slug(text: str) -> str:
    """Make a valid segment of any text; the same text always gives the same one.

    Words are cut off at the end to fit. A text with no letter or digit becomes `skill-` and
    a short hash of it; a reserved name gets `-name` behind it.
    """
    return _words(text) or f"skill-{_short_hash(text)}"


def user_segment(client_id: str) -> str:
    """Turn the id a client sends for its user into a segment: a valid one stays, others get a hash of the id."""
    try:
        return segment(client_id)
    except SkillgitError:
        return _suffixed(_words(client_id) or "user", _short_hash(client_id))


def unique(name: str, taken: Collection[str]) -> str:
    """Give `name`, or the first of `name-2`, `name-3`... that no taken name equals, whatever its case or form."""
    keys = set(folded("\0".join(taken)).split("\0"))  # all at once: 1 ms for 10,000 names, not 5
    number, candidate = 1, name
    while folded(candidate) in keys:
        number += 1
        candidate = _suffixed(name, str(number))
    return candidate


def folded(name: str) -> str:
    """Give the key by which two names are one on a file system that ignores case or normal form."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold())


def resolve(typed: str, known: Iterable[str], *, user: str | None = None) -> str:
    """Find the one known path that was meant by a full path or the end of one: `ada/x`, `x`; or by LIBRARY/SKILL.

    Among several the full path wins, then the skill of `user`. Raises NotFound with the
    nearest name as hint, and UsageError that names the choices.
    """
    paths = sorted(known)
    wanted = folded(typed.removesuffix("/SKILL.md").strip("/"))
    matches = [path for path in paths if folded(path) == wanted]
    matches = matches or [path for path in paths if folded(path).endswith(f"/{wanted}")]
    matches = matches or [path for path in paths if _is_in_library(folded(path), wanted)]
    own = [path for path in matches if path.startswith(f"Users/{user}/")]
    match own or matches:
        case []:
            raise NotFound(f"no skill '{shown(typed)}'", hint=_did_you_mean(wanted, paths))
        case [path]:
            return path
        case several:
            raise UsageError(f"'{shown(typed)}' is ambiguous", hint=f"say one of {', '.join(several)}")


def _is_in_library(path: str, wanted: str) -> bool:
    """Whether LIBRARY/SKILL means the skill at a path, in whatever folder the library keeps it: `acme/pdf`."""
    library, _, skill = wanted.removeprefix("common/").partition("/")
    return bool(skill) and path.startswith(f"common/{library}/") and path.endswith(f"/{skill}")


def shown(text: str) -> str:
    """Make a hostile name fit for one line of a terminal: controls escaped, cut at 60 characters."""
    printable = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[:61])
    return printable if len(text) <= 60 else f"{printable[:60]}..."


def danger(text: str) -> str:
    """Say what makes a text unsafe as one segment of a path, on any system, or ""."""
    if text in ("", ".", ".."):
        return "it is no name of its own"
    if any(c in "/\\:" for c in text):
        return "it contains a path separator"
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in text):
        return "it contains an invisible character"
    if is_git_directory(text):
        return "git keeps that name for itself"
    if _plain(text) in (".gitmodules", "gitmod~1", ".gitattributes", "gitatt~1"):
        return "git takes orders from a file of that name"
    if is_reserved(text):
        return "Windows reserves it"
    return ""


def is_git_directory(name: str) -> bool:
    """Say whether some system takes this name for `.git`: other case, NTFS's `git~1`, HFS's ignored characters."""
    return _plain(name) in (".git", "git~1")


def _plain(name: str) -> str:
    """The name that some system, or another, takes this one for."""
    visible = "".join(c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) != "Cf")
    return visible.casefold().split(":")[0].rstrip(" .")


def is_reserved(name: str) -> bool:
    """Say whether Windows takes this name for a device, with or without an extension."""
    return unicodedata.normalize("NFKC", name).casefold().split(".")[0].rstrip(" ") in RESERVED


def _breach(text: str) -> str:
    """Say which rule of a segment a safe text breaks, or ""."""
    if len(text) > MAX_LENGTH or len(text.encode()) > MAX_BYTES:
        return f"it is longer than {MAX_LENGTH} characters or {MAX_BYTES} bytes"
    if not all(c.isalnum() or c == "-" for c in text):
        return "only letters, digits and hyphens may stand in it"
    if text != text.lower():
        return "it is not lower case"
    if text != unicodedata.normalize("NFKC", text):
        return "it is not in normal form NFKC"
    if text.startswith("-") or text.endswith("-") or "--" in text:
        return "a hyphen may only stand between two other characters"
    return ""


def _words(text: str) -> str:
    """The text's words as a segment, or "" where it has none."""
    normal = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    letters = "".join(c for c in normal if not unicodedata.category(c).startswith("M"))
    words = "".join(c if c.isalnum() else " " for c in unicodedata.normalize("NFKC", letters)).split()
    name = _cut("-".join(words), room=0)
    return f"{name}-name" if name in RESERVED else name


def _cut(name: str, *, room: int) -> str:
    """Shorten a name so that `room` more ASCII characters fit, at a hyphen if that keeps half of it."""
    head = name[: MAX_LENGTH - room].encode()[: MAX_BYTES - room].decode(errors="ignore")
    inside_a_word = head != name and name[len(head)] != "-"
    if inside_a_word and (at := head.rfind("-")) >= len(head) // 2:
        head = head[:at]
    return head.strip("-")


def _suffixed(name: str, suffix: str) -> str:
    return f"{_cut(name, room=len(suffix) + 1)}-{suffix}"


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _did_you_mean(wanted: str, paths: list[str]) -> str:
    import difflib  # 6 ms: only when something was mistyped

    names = {form: path for path in paths for form in (path.rpartition("/")[2], path.split("/", 1)[-1], path)}
    near = difflib.get_close_matches(wanted, names, n=1)
    return f"did you mean '{near[0]}'?" if near else ""
