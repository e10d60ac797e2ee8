"""A text that is to be in no object of the repository: what becomes of contents and messages that hold it.

`erase_lesson.py` says so of a skill, and of what a conversation has taught. In a message and in a frontmatter a text
may stand as a JSON string has it, or on one line, or cut short.
"""

from __future__ import annotations

import json
import re

from skillgit.errors import UsageError
from skillgit.git import prune, rewrite
from skillgit.git.message import decode, one_line
from skillgit.git.prune import Plan
from skillgit.git.repo import Repo
from skillgit.git.rewrite import Edit
from skillgit.learn.forget import GAP

_LONGEST = 500
"""Characters of the longest line that a message holds; the rest of a longer one is cut."""
_TELLING = 8
"""So many of its first characters give a text away."""
_CUT = "…"


def plan(repo: Repo, edit: Edit) -> Plan:
    """What erasing would come to, once it is forgotten at HEAD; RepositoryError says why it cannot be done."""
    return prune.plan(repo, edit, clean=repo.skills(repo.resolve("HEAD")))


def erase(repo: Repo, edit: Edit) -> int:
    """It is in no object that a ref leads to; how many hold it all the same, because another git is at work."""
    prune.replace(repo, edit)
    return prune.left(repo, edit)


def of_text(text: str) -> Edit:
    """The edit that leaves a gap wherever the text stands; UsageError for a text that the gap itself holds."""
    forms = _forms(text)
    if not text.strip() or any(form in GAP for form in forms):
        raise UsageError(f"'{text}' is part of what stands in its place: '{GAP}'")
    whole = re.compile(b"|".join(re.escape(form.encode()) for form in forms))
    cut = re.compile(b"|".join(re.escape(form.encode()) for form in (*forms, *_cuts(forms))))

    def message(oid: str, told: bytes) -> bytes:
        edited = cut.sub(GAP.encode(), told)
        if _names(told) != _names(edited):
            raise rewrite.refused(f"what commit {oid[:10]} says of its skill")
        return edited

    return Edit(lambda content: whole.sub(GAP.encode(), content), message)


def _names(message: bytes) -> dict[str, object]:
    """What a decision says that other decisions rest on."""
    said = decode(message.decode("utf-8", "replace"))
    kept = ("action", "path", "id", "was", "before", "after", "bump", "nearest", "learner", "attempt")
    return {name: getattr(said, name) for name in kept} if said else {}


def _forms(text: str) -> tuple[str, ...]:
    lines = (text, one_line(text, len(text)))
    quoted = (json.dumps(each, ensure_ascii=ascii)[1:-1] for each in lines for ascii in (False, True))
    return tuple(dict.fromkeys(each for each in (*lines, *quoted) if each))


def _cuts(forms: tuple[str, ...]) -> tuple[str, ...]:
    """The beginnings of a text, the longest first, as a line ends that is cut within it."""
    lengths = range(min(max(map(len, forms)), _LONGEST), _TELLING - 1, -1)
    return tuple(dict.fromkeys(form[:length].rstrip() + _CUT for length in lengths for form in forms))
