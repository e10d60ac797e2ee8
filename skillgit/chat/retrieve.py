"""The skills for what a conversation asks last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

from skillgit.chat.event import Retrieved
from skillgit.chat.options import Options
from skillgit.config import setting
from skillgit.errors import SkillgitError
from skillgit.git.repo import Repo
from skillgit.models.ports import Chat
from skillgit.search import ask, context, rewrite, select, usage
from skillgit.search.index import Index
from skillgit.search.rewrite import Question
from skillgit.transcripts.model import Turn

Find: TypeAlias = Callable[[Sequence[Turn], Options], Retrieved]
"""The skills for the last turn of a conversation, whoever searches."""


def finder(repo: Repo, index: Index, *, user: str, chat: Chat | None) -> Find:
    """The search of a thread that has the repository and its index for itself."""
    return partial(retrieve, repo, index, user=user, chat=chat)


def retrieve(
    repo: Repo, index: Index, turns: Sequence[Turn], options: Options, *, user: str, chat: Chat | None
) -> Retrieved:
    """The skills for the last turn of a conversation, at the commit that HEAD is at; what was found is counted.

    Where nothing can be searched, the notes say why: a conversation goes on without skills.
    """
    asked = _question(turns, options, chat)
    if not asked.query:
        return Retrieved("", notes=asked.notes)
    try:
        found = _search(repo, index, asked, user=user, options=options)
    except SkillgitError as err:
        return Retrieved(asked.query, notes=(*asked.notes, f"no skills are searched: {err.message}"))
    return found


def _question(turns: Sequence[Turn], options: Options, chat: Chat | None) -> Question:
    if options.rewrite == "model" and chat is not None:
        return rewrite.by_model(chat)(turns)
    return rewrite.rewrite(turns[-1:] if options.rewrite == "never" else turns)


def _search(repo: Repo, index: Index, asked: Question, *, user: str, options: Options) -> Retrieved:
    view = ask.look(
        repo,
        index,
        user=user,
        scope=options.scope,
        limit=options.limit,
        min_score=options.min_score,
        commit=repo.tip("HEAD"),
    )
    answer = ask.ask(view, asked.query)
    chosen = select.select(asked.query, answer.hits)
    made = context.full(chosen.hits, budget=int(setting(repo, "context.budget").text))
    counted = usage.count(repo, answer.hits, user=user, injected=made.injected)
    notes = tuple(dict.fromkeys((*asked.notes, *view.notes, *answer.notes, *chosen.notes, *counted)))
    return Retrieved(asked.query, answer.hits, made.injected, made.text, notes)
