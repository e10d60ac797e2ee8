"""The skills for a task, and what a request to a model would get of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from skillgit.search import hit
from skillgit.serve import audit, formats
from skillgit.serve.api import places
from skillgit.serve.api.operation import Ask
from skillgit.serve.api.search_shapes import Asked, Hit, Hits, Preview, Turns
from skillgit.serve.api.shapes import Nothing
from skillgit.serve.desk import Hands
from skillgit.serve.problem import Problem
from skillgit.serve.retrieval import Found, Wish

_SECONDS: Final = 20.0
"""How long a search is waited for: the first one of a new server may have to embed all skills."""


async def search(ask: Ask[Nothing, Asked]) -> Hits:
    """The skills that answer a query; they are counted as found."""
    wants = ask.body
    found = _sound(await ask.server.retrieval.search(wants.query, _wish(ask), seconds=_SECONDS))
    ask.server.counting.add(replace(found, injected=()), user=ask.user)
    return Hits(query=wants.query, data=await _hits(ask, found.hits))


async def preview(ask: Ask[Nothing, Turns]) -> Preview:
    """What a request with this conversation would get; nothing is counted."""
    wants = ask.body
    said = [{"role": "user", "content": wants.query}] if wants.query else []
    turns = formats.user_turns([*wants.messages, *said])
    rewrite = wants.rewrite or ask.server.rules.rewrite
    found = (
        _sound(await ask.server.retrieval.find(turns, _wish(ask), how=rewrite, seconds=_SECONDS)) if turns else Found()
    )
    return Preview(
        query=found.query,
        data=await _hits(ask, found.hits),
        injected=[each.path for each in found.injected],
        context=found.text,
    )


def _wish(ask: Ask[Nothing, Asked] | Ask[Nothing, Turns]) -> Wish:
    wants = ask.body
    most = None if wants.limit is None else int(wants.limit)
    return Wish(ask.user, wants.scope, most, wants.min_score)


def _sound(found: Found) -> Found:
    """What was found. Raises Problem, 503, where the search came to nothing; why is said in the log alone."""
    if found.trouble:
        audit.trouble(found.trouble)
        raise Problem(503, "the skills cannot be searched now", wait=1)
    return found


async def _hits(ask: Ask[Any, Any], found: Sequence[hit.Hit]) -> list[Hit]:
    return await ask.server.desk.do("read", partial(_described, found, ask.user)) if found else []


def _described(found: Sequence[hit.Hit], user: str, hands: Hands) -> list[Hit]:
    """The hits as clients get them; what went since they were found is left out."""
    known = places.seen(hands, user)
    return [_hit(each, places.identity(hands, each.path, known[each.path])) for each in found if each.path in known]


def _hit(found: hit.Hit, own: str) -> Hit:
    return Hit(
        id=own,
        path=found.path,
        name=found.name,
        version=found.version,
        description=found.description,
        tags=list(found.tags),
        score=found.score,
        words=found.words,
        vectors=found.vectors,
        line=found.line,
    )
