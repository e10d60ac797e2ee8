"""A model at a loopback server, in each wire format, with little patience."""

from __future__ import annotations

from skillgit.models.anthropic import MESSAGES
from skillgit.models.budget import Budget
from skillgit.models.endpoint import Endpoint
from skillgit.models.openai import CHAT
from skillgit.models.ports import Message
from skillgit.models.remote import RemoteChat
from skillgit.models.responses import RESPONSES
from skillgit.models.retry import Patience
from skillgit.models.wire import Wire

WIRES = {"chat": CHAT, "responses": RESPONSES, "messages": MESSAGES}
HURRY = Patience(connect=2, read=0.3, total=1, tries=3, first_wait=0.01, longest_wait=0.5)
SECRET = "sk-loopback-5f2d9c"
HELLO = (Message("system", "Be brief."), Message("user", "Hello?"))
SCHEMA = {
    "type": "object",
    "properties": {"word": {"type": "string"}},
    "required": ["word"],
    "additionalProperties": False,
}


def endpoint(url: str, *, patience: Patience = HURRY) -> Endpoint:
    headers = {"Authorization": f"Bearer {SECRET}"}
    return Endpoint(url, headers=headers, secret=SECRET, key_hint="set LOOPBACK_KEY", patience=patience)


def model(url: str, wire: Wire = CHAT, *, patience: Patience = HURRY, budget: Budget | None = None) -> RemoteChat:
    return RemoteChat(endpoint(url, patience=patience), wire, provider="loopback", model="loopback-1", budget=budget)
