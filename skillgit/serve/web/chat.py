"""Conversations: the list of them, one to talk in, its settings, as a file, and no more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from skillgit.chat import options
from skillgit.chat.chats import Kept, chats, new_id
from skillgit.chat.export import as_json, markdown
from skillgit.errors import UsageError
from skillgit.serve.desk import Hands
from skillgit.serve.web import chat_say, chat_view
from skillgit.serve.web.page import Answer, Data, Page, Redirect, View, Visit

_FILES: Final[Mapping[str, tuple[str, Callable[..., str], str]]] = {
    "markdown": ("md", markdown, "text/markdown"),
    "json": ("json", as_json, "application/json"),
}


def new(visit: Visit, hands: Hands) -> View:
    """The list of conversations, and one that begins with the first message."""
    with chats(hands.repo) as kept:
        return chat_view.empty(visit, kept, options=options.configured(hands.repo))


def conversation(visit: Visit, hands: Hands) -> View:
    """A conversation to go on with."""
    with chats(hands.repo) as kept:
        return chat_view.page(visit, hands, kept, at=chat_view.own(kept, visit))


async def begin(visit: Visit) -> Answer:
    """What comes of the first message of a conversation, which there is none without."""
    chat_say.read(visit.form)
    at = await visit.server.desk.do("read", partial(_begun, visit))
    return await chat_say.shown(visit, at, chat_say.said(visit, at), is_new=True)


def configure(visit: Visit, hands: Hands) -> Redirect:
    """The conversation goes on with the options of the form."""
    with chats(hands.repo) as kept:
        at = chat_view.own(kept, visit)
        kept.configure(at.id, options.of_form(at.options, visit.form))
    return Redirect(f"/chat/{at.id}")


def export(visit: Visit, hands: Hands) -> Data:
    """The conversation as a file."""
    wanted = visit.query.get("as", "markdown")
    if wanted not in _FILES:
        raise UsageError("no such format", hint=f"one of: {', '.join(_FILES)}")
    ending, made, media = _FILES[wanted]
    with chats(hands.repo) as kept:
        at = chat_view.own(kept, visit)
        text = made(at, kept.turns(at.id), chat_view.lessons(visit, kept, at.id))
    name = f'attachment; filename="chat-{at.id[:8]}.{ending}"'
    return Data(text.encode(), f"{media}; charset=utf-8", {"Content-Disposition": name})


def ask_delete(visit: Visit, hands: Hands) -> View:
    """What would be deleted."""
    with chats(hands.repo) as kept:
        at = chat_view.own(kept, visit)
        taught = sorted({lesson.skill for lesson in kept.lessons(at.id) if lesson.skill})
    return View("chat_delete.html", {"at": at, "taught": taught})


def delete(visit: Visit, hands: Hands) -> Redirect:
    """Nothing is kept of the conversation."""
    with chats(hands.repo) as kept:
        kept.delete(chat_view.own(kept, visit).id)
    return Redirect("/chat")


def _begun(visit: Visit, hands: Hands) -> Kept:
    name = new_id()
    with chats(hands.repo) as kept:
        kept.begin(name, visit.user, options=options.of_form(options.configured(hands.repo), visit.form))
        return kept.get(name)


PAGES = (
    Page("GET", "/chat", new),
    Page("POST", "/chat", begin, at=None),
    Page("GET", "/chat/{name}", conversation),
    Page("POST", "/chat/{name}/settings", configure),
    Page("GET", "/chat/{name}/export", export),
    Page("GET", "/chat/{name}/delete", ask_delete),
    Page("POST", "/chat/{name}/delete", delete),
    *chat_say.PAGES,
)
