"""The turns that decisions quote, whole: `refs/skillgit/evidence`, a history of its own that no push sends.

    <x>/<y>/<rest of the digest>/<turn>.txt     x and y: the first two hex digits of the transcript's sha256

Sharing skills shares no conversation: the quotes in the commit messages are all that others see. What is kept
here has been redacted by who keeps it. Losing the ref loses the context of quotes, never a rule or a quote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from skillgit.git.message import Quote
from skillgit.git.repo import Repo
from skillgit.git.transaction import Transaction, write

REF = "refs/skillgit/evidence"

_MOST = 20_000
"""Characters of a turn that are kept; a longer one is cut, and says so."""
_CUT = "\n[cut here by skillgit]\n"


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that is kept: of which transcript, its 0-based place in it, and what was said."""

    digest: str
    number: int
    text: str


def keep(tx: Transaction, digest: str, turns: Mapping[int, str]) -> None:
    """Keep turns of a transcript beside what `tx` drafts; the quotes of its decisions stand in them."""
    files = {_file(digest, turn): _cut(text).encode("utf-8", "replace") for turn, text in turns.items()}
    tx.aside(REF, f"evidence: {digest}\n", files)


def turn(repo: Repo, quote: Quote) -> str | None:
    """The turn that a quote stands in; None where it is not kept here, as in a clone."""
    entry = repo.entry(repo.tip(REF), _file(quote.digest, quote.turn))
    return repo.read(entry.oid).decode("utf-8", "replace") if entry else None


def kept(repo: Repo) -> Iterator[Turn]:
    """Every turn that is kept."""
    for file, entry in repo.files(repo.tip(REF), "").items():
        *digest, number = file.removesuffix(".txt").split("/")
        yield Turn(f"sha256:{''.join(digest)}", int(number), repo.read(entry.oid).decode("utf-8", "replace"))


def forget(repo: Repo, told: Callable[[Turn], str | None]) -> int:
    """Each turn that is kept says what `told` makes of it, None being nothing; how many say something else now.

    The ref starts anew with what is left: what it held before is in its history no more.
    """
    turns = {turn: told(turn) for turn in kept(repo)}
    left = {_file(turn.digest, turn.number): text for turn, text in turns.items() if text is not None}
    changed = sum(text != turn.text for turn, text in turns.items())

    def body(tx: Transaction) -> None:
        tx.tip = None
        tx.commit("evidence: what is left\n", {file: tx.file(text.encode()) for file, text in left.items()})

    if changed:
        write(repo, body, ref=REF)
    return changed


def _file(digest: str, turn: int) -> str:
    name = digest.removeprefix("sha256:")
    return f"{name[0]}/{name[1]}/{name[2:]}/{turn}.txt"


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else text[:_MOST] + _CUT
