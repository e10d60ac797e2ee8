"""What skillgit asks of a model, whoever runs it: an answer to a conversation, and vectors of texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # numpy takes 100 ms to import, and most commands need none of it
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Message:
    """One turn: `role` is "system", "user" or "assistant"."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model answered, and what it cost, in tokens (0 where the endpoint does not say)."""

    text: str
    model: str
    tokens_in: int = 0
    tokens_out: int = 0


class Chat(Protocol):
    """A model that answers. Safe to call from several threads at once."""

    @property
    def name(self) -> str:
        """The provider and the model, as in "openai/gpt-5-mini": what `Skill-Learner` records."""

    def answer(self, messages: Sequence[Message], *, schema: Mapping[str, object] | None = None) -> Reply:
        """The reply to a conversation; with a JSON schema the text is asked to be one such object, not promised to be.

        Raises ModelError where no whole reply came.
        """


class Embedder(Protocol):
    """A model that makes vectors of texts."""

    @property
    def signature(self) -> str:
        """All that a vector depends on beside its text: provider, endpoint, model, dimensions, recipe."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Rows of length 1, one a text and in their order: (n, dimensions). A text of nothing has a row of zeros.

        Raises ModelError where the model could not be asked.
        """
