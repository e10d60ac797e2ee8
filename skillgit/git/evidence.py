"""The turns that decisions quote, whole: `refs/skillgit/evidence`, a history of its own that no push sends.

    <x>/<y>/<rest of the digest>/<turn>.txt     x and y: the first two hex digits of the transcript's sha256

Sharing skills shares no conversation: the quotes in the commit messages are all that others see. What is kept
here has been redacted by who keeps it. Losing the ref loses the context of quotes, never a rule or a quote.
"""

from __future__ import annotations

from collections.abc import Mapping

from skillgit.git.message import Quote
from skillgit.git.repo import Repo
from skillgit.git.transaction import Transaction

REF = "refs/skillgit/evidence"

_MOST = 20_000
"""Characters of a turn that are kept; a longer one is cut, and says so."""
_CUT = "\n[cut here by skillgit]\n"


def keep(tx: Transaction, digest: str, turns: Mapping[int, str]) -> None:
    """Keep turns of a transcript beside what `tx` drafts; the quotes of its decisions stand in them."""
    files = {_file(digest, turn): _cut(text).encode("utf-8", "replace") for turn, text in turns.items()}
    tx.aside(REF, f"evidence: {digest}\n", files)


def turn(repo: Repo, quote: Quote) -> str | None:
    """The turn that a quote stands in; None where it is not kept here, as in a clone."""
    entry = repo.entry(repo.tip(REF), _file(quote.digest, quote.turn))
    return repo.read(entry.oid).decode("utf-8", "replace") if entry else None


def _file(digest: str, turn: int) -> str:
    name = digest.removeprefix("sha256:")
    return f"{name[0]}/{name[1]}/{name[2:]}/{turn}.txt"


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else text[:_MOST] + _CUT
