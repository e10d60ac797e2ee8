"""What `search` and `context` share: what is asked, and the skills it is asked of."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from skillgit.changes.skill import Scope
from skillgit.cli import output
from skillgit.cli.context import at_commit, head
from skillgit.errors import Unreadable, UsageError
from skillgit.git.repo import Repo
from skillgit.models.choice import configured
from skillgit.models.ports import Chat
from skillgit.search import ask
from skillgit.search.ask import View
from skillgit.search.hit import Hit
from skillgit.search.index import Index

if TYPE_CHECKING:
    from skillgit.transcripts.model import Turn


def model(repo: Repo, *, wanted: bool) -> Chat | None:
    """The configured model where it is wanted; UsageError where none is configured."""
    chat = configured(repo) if wanted else None
    if wanted and chat is None:
        raise UsageError("no model is configured", hint="git config skillgit.model PROVIDER/MODEL")
    return chat


def question(query: str | None, transcript: str | None, chat: Chat | None) -> str:
    """The query to ask: the user's words, or what a conversation asks, which is said on stderr."""
    if (query is None) == (transcript is None):
        raise UsageError("it takes a QUERY or --transcript FILE, and not both")
    if transcript is None:
        return query or ""
    from skillgit.search import rewrite  # 20 ms with its rules, which a query needs none of

    asked = (rewrite.by_model(chat) if chat else rewrite.rewrite)(_turns(transcript))
    hear(asked.notes)
    if not asked.query:
        raise Unreadable(f"the user asks nothing in '{transcript}'")
    output.note(f"query: {asked.query}")
    return asked.query


def view(repo: Repo, user: str, *, scope: str, limit: int | None, min_score: float | None, at: str | None) -> View:
    """The skills that are asked, of a commit that `at` names or HEAD's; what there is to hear of the index is said."""
    seen = ask.look(
        repo,
        Index.of(repo, watch=watched),
        user=user,
        scope=cast(Scope, scope),
        limit=limit,
        min_score=min_score,
        commit=at_commit(repo, at) if at else head(repo),
    )
    hear(seen.notes)
    return seen


def watched(oids: Sequence[str]) -> Iterable[str]:
    """The skills to embed; how many are done is shown once it drags on."""
    return output.progress(oids, total=len(oids), label="Embedding skills")


def hits(seen: View, query: str) -> tuple[Hit, ...]:
    """The skills that answer a query; what there is to hear of the search is said."""
    answer = ask.ask(seen, query)
    hear(answer.notes)
    return answer.hits


def no_answer(seen: View, user: str) -> None:
    """Say that nothing was found, and what may help."""
    output.note("no skill answers that")
    if seen.unseen:
        output.note(f"hint: {user} has no skills here; --user names whose to search")


def hear(notes: Sequence[str]) -> None:
    """Say on stderr what there is to hear beside the answer."""
    for line in notes:
        output.note(f"note: {line}")


def _turns(path: str) -> Sequence[Turn]:
    from skillgit.transcripts import detect  # 10 ms with the formats
    from skillgit.transcripts.model import Transcript

    found = [item for item in detect.read(_content(path)) if isinstance(item, Transcript)]
    if len(found) != 1:
        raise UsageError(f"'{path}' holds {len(found)} conversations, and one is asked for")
    return found[0].turns


def _content(path: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as err:
        raise Unreadable(f"cannot read '{path}': {(err.strerror or '').lower()}") from err
