"""`skillgit chat`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from typing import Annotated

import typer

from skillgit import config
from skillgit.chat import options
from skillgit.chat.chats import Chats, Kept, chats, find, shortest
from skillgit.chat.learning import Background, Wanted, learner_of
from skillgit.chat.retrieve import finder
from skillgit.chat.session import Room, Session
from skillgit.cli import chat_lines, output, propose
from skillgit.cli.chat_face import Pipe, Terminal
from skillgit.cli.chat_talk import Talk, run
from skillgit.cli.context import open_skill_repo
from skillgit.cli.question import watched
from skillgit.errors import NotFound, UsageError
from skillgit.models import choice
from skillgit.search.index import Index

_CONVERSATIONS, _REMEMBERED = 20, 500  # from which, and how many, messages can be fetched back with the arrow up

_Model = Annotated[
    str | None, typer.Option("--model", metavar="PROVIDER/MODEL", help="Talk to it, in place of skillgit.model.")
]
_Rewrite = Annotated[
    str | None, typer.Option("--rewrite", metavar="R", help="Make queries by rule, by model, or never.")
]
_Learn = Annotated[
    str | None, typer.Option("--learn", metavar="L", help="auto: after N messages and at the end; always; never.")
]
_MinScore = Annotated[
    str | None, typer.Option("--min-score", metavar="S", help="No skill below S, in [0, 1]; 0.35 by default.")
]


def chat(
    user: Annotated[str | None, typer.Option("--user", metavar="U", help="Whose skills; the default is you.")] = None,
    model: _Model = None,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no model: only find skills, and learn.")] = False,
    go_on: Annotated[bool, typer.Option("--continue", "-c", help="Go on with the latest conversation.")] = False,
    resume: Annotated[str | None, typer.Option("--resume", metavar="ID", help="Go on with this conversation.")] = None,
    scope: Annotated[str | None, typer.Option("--scope", metavar="S", help="user, common or all.")] = None,
    limit: Annotated[str | None, typer.Option("--limit", "-n", metavar="K", help="At most K skills.")] = None,
    min_score: _MinScore = None,
    rewrite: _Rewrite = None,
    learn: _Learn = None,
    every: Annotated[str | None, typer.Option("--every", metavar="N", help="With auto: the N; 1 by default.")] = None,
    list_them: Annotated[bool, typer.Option("--list", help="List the conversations that are kept.")] = False,
    delete: Annotated[str | None, typer.Option("--delete", metavar="ID", help="Delete a conversation.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Of --list: one JSON object a line.")] = False,
) -> None:
    """Talk with a model that is given your skills, and have it learn from what you say.

    Each message is answered with the skills for it; what you say is learned from in the background, a decision at a
    time. '/help' lists the commands. In a pipe each line is a message. Without a model nothing is answered.
    """
    if model and offline:
        raise UsageError("--model and --offline do not go together")
    if [go_on, resume is not None, list_them, delete is not None].count(True) > 1:
        raise UsageError("--continue, --resume, --list and --delete do not go together")
    if as_json and not list_them:
        raise UsageError("--json goes with --list")
    repo = open_skill_repo()
    whose = config.user(repo, user)
    given = {"scope": scope, "limit": limit, "min_score": min_score, "rewrite": rewrite, "learn": learn, "every": every}
    with chats(repo) as kept:
        known = kept.list(whose)
        if list_them:
            _list(known, as_json=as_json)
        elif delete is not None:
            kept.delete(find(known, delete).id)
        else:
            asked = None if offline else choice.configured(repo, model=model)
            searching = finder(repo, Index.of(repo, watch=watched), user=whose, chat=asked)
            room = Room(repo, whose, searching, asked)
            _talk(room, kept, _chosen(known, resume, latest=go_on), given)


def _chosen(known: Sequence[Kept], typed: str | None, *, latest: bool) -> Kept | None:
    """The conversation to go on with; None for a new one."""
    if latest and not known:
        raise NotFound("no conversation is kept yet")
    if latest:
        return known[0]
    return find(known, typed) if typed is not None else None


def _talk(room: Room, kept: Chats, before: Kept | None, given: dict[str, str | None]) -> None:
    """Talk until the user leaves, and learn from what is left."""
    face = Terminal(_said(kept, room.user)) if sys.stdin.isatty() and sys.stdout.isatty() else Pipe()
    background = Background(room.repo.directory, partial(learner_of, chat=room.model), face.hear)
    how = options.change(before.options if before else options.configured(room.repo), **given)
    session = Session(room, kept, background, options=how, name=before.id if before else None)
    talk = Talk(session, background, face)
    _greet(room, before)
    for name in kept.unheard(room.user):
        background.add(Wanted(name, room.user))
    run(talk)
    _leave(talk)


def _said(kept: Chats, user: str) -> list[str]:
    """What a user said last, in whatever conversation, the latest at the end."""
    latest = reversed(kept.list(user)[:_CONVERSATIONS])
    said = [turn.text for each in latest for turn in kept.turns(each.id) if turn.role == "user"]
    return said[-_REMEMBERED:]


def _leave(talk: Talk) -> None:
    """What was said is learned from, if the user waits for that; where the policy is reviews, one is asked for."""
    talk.session.leave()
    try:
        if talk.background.busy and talk.face.live:
            chat_lines.quietly("learning from the conversation; Ctrl-C leaves it for the next time")
        talk.background.wait()
    except KeyboardInterrupt:
        return
    finally:
        talk.face.tell()
    room = talk.session.room
    propose.ask_for_review(learner_of(room.repo, room.user, chat=room.model))
    if talk.failed and not talk.face.live:
        raise typer.Exit(1)


def _greet(room: Room, before: Kept | None) -> None:
    if room.model is None:
        output.note("no model is configured: nothing is answered, but skills are found, and learned")
        output.note("hint: git config skillgit.model PROVIDER/MODEL")
    elif sys.stdin.isatty():
        chat_lines.quietly(f"{room.model.name} with the skills of {room.user}; /help shows the commands")
    if before:
        chat_lines.quietly(f"goes on: {before.title}")


def _list(known: Sequence[Kept], *, as_json: bool) -> None:
    if as_json:
        for each in known:
            created, changed = output.moment(each.created), output.moment(each.changed)
            output.json_line({"id": each.id, "title": each.title, "created": created, "changed": changed})
        return
    names = shortest(known)
    rows = [(names[each.id], chat_lines.when(each.changed), each.title) for each in known]
    output.table(rows, headers=("Id", "Last", "Begins"))
    output.note("hint: 'skillgit chat --resume ID' goes on with one" if known else "no conversation is kept yet")
