"""A model behind an endpoint: the port `Chat`, over any wire format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from skillgit.errors import ModelError
from skillgit.models.budget import Budget
from skillgit.models.endpoint import Endpoint, Rejected
from skillgit.models.ports import Message, Reply
from skillgit.models.wire import Ask, Way, Wire
from skillgit.transcripts.fields import Fields

_NOT_THIS_WAY = (400, 404, 422, 501)
"""How endpoints say that they know no schema or no tools; also how they say other things, so plain is tried last."""

_CHARACTERS_A_TOKEN = 4  # of English, where an endpoint does not count


class RemoteChat:
    """A model that answers over the network. Safe to use from several threads at once.

    The first way of asking for an object that the endpoint takes is kept: no later question tries the ones before.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        wire: Wire,
        *,
        provider: str,
        model: str,
        extra: Mapping[str, object] | None = None,
        budget: Budget | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._wire = wire
        self._provider = provider
        self._model = model
        self._extra = extra or {}
        self._ways = wire.ways
        self.budget = budget or Budget()

    @property
    def name(self) -> str:
        """The provider and the model, as in "openai/gpt-5-mini"."""
        return f"{self._provider}/{self._model}"

    @property
    def way(self) -> Way:
        """How an object is asked for now."""
        return self._ways[0]

    def answer(self, messages: Sequence[Message], *, schema: Mapping[str, object] | None = None) -> Reply:
        """The reply to a conversation; with a schema, asked for in the best way that the endpoint takes.

        Raises ModelError where no whole reply came, or the budget is used up.
        """
        self.budget.check()
        answered = self._in_words(messages) if schema is None else self._in_best_way(messages, schema, self._ways)
        with self._named():
            reply = self._wire.reply(answered)
        self.budget.spend(reply.tokens_in + reply.tokens_out or _estimate(messages, reply.text))
        return reply

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """The text of a reply, piece by piece as it comes; ModelError where it does not come to its end."""
        self.budget.check()
        asked = {**self._wire.body(Ask(self._model, messages, extra=self._extra)), "stream": True}
        said: list[str] = []
        try:
            for piece in self._pieces(asked):
                said.append(piece)
                yield piece
        finally:
            self.budget.spend(_estimate(messages, "".join(said)))

    def _pieces(self, asked: Mapping[str, object]) -> Iterator[str]:
        for event in self._endpoint.stream(self._wire.path, asked):
            with self._named():
                piece = self._wire.piece(event)
            if piece.text:
                yield piece.text
            if piece.last:
                return
        raise ModelError(f"'{self._endpoint.url}' broke the answer off")

    def _in_words(self, messages: Sequence[Message]) -> Fields:
        return self._post(Ask(self._model, messages, extra=self._extra))

    def _in_best_way(self, messages: Sequence[Message], schema: Mapping[str, object], ways: tuple[Way, ...]) -> Fields:
        """The answer in the first of these ways that is taken; those before it are not tried again."""
        way, *others = ways
        try:
            answered = self._post(Ask(self._model, messages, schema, way, self._extra))
        except Rejected as err:
            if not others or err.status not in _NOT_THIS_WAY:
                raise
            return self._in_best_way(messages, schema, tuple(others))
        self._ways = ways
        return answered

    def _post(self, ask: Ask) -> Fields:
        return self._endpoint.post(self._wire.path, self._wire.body(ask))

    @contextmanager
    def _named(self) -> Iterator[None]:
        """What a format says of an answer, with the address in front."""
        try:
            yield
        except ModelError as err:
            raise ModelError(f"'{self._endpoint.url}' {err.message}", hint=err.hint) from err


def _estimate(messages: Sequence[Message], answered: str) -> int:
    characters = sum(len(message.content) for message in messages) + len(answered)
    return characters // _CHARACTERS_A_TOKEN
