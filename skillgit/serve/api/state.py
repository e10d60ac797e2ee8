"""The server and what it keeps beside the skills: the index, the counts, and what it can do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import skillgit
from skillgit.changes.skill import visible
from skillgit.models import choice
from skillgit.postgres import place
from skillgit.search import cache, care
from skillgit.search import usage as counts
from skillgit.serve import mcp
from skillgit.serve.api import places
from skillgit.serve.api.operation import Ask
from skillgit.serve.api.shapes import Nothing
from skillgit.serve.api.skills import had, pick
from skillgit.serve.api.state_shapes import Capabilities, Counted, IndexStatus, Rebuilt, Use, Used, Uses
from skillgit.serve.desk import Hands
from skillgit.serve.problem import Problem


def index(ask: Ask[Nothing, None], hands: Hands) -> IndexStatus:
    """How much of what the user sees is in the index."""
    directory, known = hands.repo.private / "index", places.seen(hands, ask.user)
    embedder, shared = choice.searching(hands.repo), place(hands.repo, "search.vectors")
    unseen = {stock.kind: stock.unseen for stock in care.status(directory, known, embedder, shared=shared)}
    return IndexStatus(
        skills=len(known),
        unseen_words=unseen["words"],
        unseen_vectors=unseen.get("vectors", 0),
        vectors=embedder is not None,
        damaged=bool(cache.damaged(directory)),
    )


def rebuild(ask: Ask[Nothing, None], hands: Hands) -> Rebuilt:
    """The index of everybody is made anew. Raises Problem for a key that is one user's, and while that is done."""
    if ask.caller.key and not ask.caller.acts:
        raise Problem(403, "the index is everybody's: a key that may act for others makes it anew")
    if not hands.rebuilding.acquire(blocking=False):
        raise Problem(409, "the index is being made anew")
    try:
        known = hands.repo.skills(hands.repo.tip("HEAD"))
        directory, embedder = hands.repo.private / "index", choice.searching(hands.repo)
        made = care.rebuild(directory, known, hands.repo.read, embedder, shared=place(hands.repo, "search.vectors"))
    finally:
        hands.rebuilding.release()
    return Rebuilt(skills=made.documents, vectors=made.vectors, graphs=made.graphs)


def usage(ask: Ask[Nothing, None], hands: Hands) -> Uses:
    """What the user was given of the skills that the user sees."""
    ask.server.counting.settle()
    own = [use for use in counts.read(hands.repo, user=ask.user) if visible([use.path], user=ask.user)]
    return Uses(data=[_use(use) for use in own])


def used(ask: Ask[Nothing, Used], hands: Hands) -> Counted:
    """A skill is counted as used by the user."""
    place = places.find(hands, ask.user, ask.body.skill)
    version = hands.card(place.path, place.oid).version
    if ask.body.version:
        version = pick(had(hands, ask.user, place.path), ask.body.version, place.path).number
    counts.record(hands.repo, [(place.path, version)], user=ask.user)
    return Counted(path=place.path, version=version)


def capabilities(ask: Ask[Nothing, None], operations: Sequence[str]) -> Capabilities:
    """What the server does for this caller."""
    rules = ask.server.rules
    return Capabilities(
        version=skillgit.__version__,
        user=ask.user,
        acts_for_others=ask.caller.acts,
        learns=rules.learn,
        max_body=rules.max_body,
        rate=rules.rate,
        mcp=mcp.PATH if mcp.is_installed() else "",
        operations=list(operations),
    )


def _use(use: counts.Use) -> Use:
    return Use(
        path=use.path,
        version=use.version,
        retrieved=use.retrieved,
        injected=use.injected,
        used=use.used,
        first=datetime.fromtimestamp(use.first, UTC),
        last=datetime.fromtimestamp(use.last, UTC),
    )
