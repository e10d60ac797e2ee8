"""Vectors from an OpenAI-compatible `/embeddings`, in batches: the port `Embedder`.

Source: the OpenAI API reference, "Embeddings". A text is cut at 8,000 characters, which is below the 8,191 tokens of
most models in any language; where an endpoint takes less, what it refuses is halved until it fits.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from skillgit.errors import ModelError
from skillgit.models.endpoint import Endpoint, Rejected
from skillgit.transcripts.fields import Fields, rows

_LONGEST = 8000  # characters
_SHORTEST = 500  # where this is too long as well, length is not what is wrong
_TOO_MUCH = (400, 413, 422)
_RECIPE = f"cut {_LONGEST}"


class RemoteEmbedder:
    """An embedder over the network. Safe to use from several threads at once.

    `dimensions` of 0 are asked for when they are needed; `shortened` sends them, for models that make shorter vectors
    on request.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        provider: str,
        model: str,
        dimensions: int = 0,
        shortened: bool = False,
        batch: int = 64,
    ) -> None:
        self._endpoint = endpoint
        self._provider = provider
        self._model = model
        self._dimensions = dimensions
        self._wanted = {"dimensions": dimensions} if shortened else {}
        self._batch = batch

    @property
    def name(self) -> str:
        """The provider and the model, as in "openai/text-embedding-3-small"."""
        return f"{self._provider}/{self._model}"

    @property
    def signature(self) -> str:
        """All that a vector depends on beside its text; it asks nobody."""
        length = self._wanted.get("dimensions", "own")
        return f"{self.name} at {self._endpoint.url}, {length} dimensions, {_RECIPE}"

    @property
    def dimensions(self) -> int:
        """The length of a vector; where it is not known yet, the endpoint is asked for one."""
        if not self._dimensions:
            self._dimensions = len(self._vectors(["dimensions"])[0])
        return self._dimensions

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Rows of length 1, one a text and in their order: (n, dimensions). A text of nothing has a row of zeros.

        Raises ModelError where the model could not be asked, or answers with anything but one vector a text.
        """
        spoken = [rank for rank, text in enumerate(texts) if text.strip()]
        vectors: list[NDArray[np.float32]] = []
        for start in range(0, len(spoken), self._batch):
            vectors += self._vectors([texts[rank][:_LONGEST] for rank in spoken[start : start + self._batch]])
        matrix = np.zeros((len(texts), self._length(vectors)), dtype=np.float32)
        if spoken:
            matrix[spoken] = vectors
        return matrix

    def _length(self, vectors: Sequence[NDArray[np.float32]]) -> int:
        lengths = {len(vector) for vector in vectors}
        if len(lengths) > 1 or (lengths and self._dimensions and lengths != {self._dimensions}):
            raise self._wrong(f"sent vectors of {', '.join(map(str, sorted(lengths)))} dimensions")
        self._dimensions = lengths.pop() if lengths else self.dimensions
        return self._dimensions

    def _vectors(self, texts: list[str]) -> list[NDArray[np.float32]]:
        """One vector a text, of length 1; what is too much at once is asked for in halves."""
        try:
            answer = self._endpoint.post("embeddings", {"model": self._model, "input": texts, **self._wanted})
        except Rejected as err:
            if err.status not in _TOO_MUCH or max(map(len, texts)) <= _SHORTEST:
                raise
            return self._in_halves(texts)
        return self._read(answer, len(texts))

    def _in_halves(self, texts: list[str]) -> list[NDArray[np.float32]]:
        half = len(texts) // 2
        if half:
            return self._vectors(texts[:half]) + self._vectors(texts[half:])
        return self._vectors([texts[0][: len(texts[0]) // 2]])

    def _read(self, answer: Fields, count: int) -> list[NDArray[np.float32]]:
        sent = rows(answer.get("data"))
        order = [row.get("index", rank) for rank, row in enumerate(sent)]
        if not all(isinstance(rank, int) for rank in order) or sorted(order) != list(range(count)):
            raise self._wrong(f"sent {len(sent)} vectors for {count} texts, or in no order")
        vectors = dict(zip(order, (self._unit(row.get("embedding")) for row in sent), strict=True))
        return [vectors[rank] for rank in range(count)]

    def _unit(self, numbers: object) -> NDArray[np.float32]:
        """A vector of length 1."""
        if not isinstance(numbers, list) or not all(isinstance(number, int | float) for number in numbers):
            raise self._wrong("sent a vector that is no list of numbers")
        vector = np.array(numbers, dtype=np.float64)
        length = float(np.linalg.norm(vector))
        if not np.isfinite(length) or length == 0:
            raise self._wrong("sent a vector without a length")
        return (vector / length).astype(np.float32)

    def _wrong(self, words: str) -> ModelError:
        return ModelError(f"'{self._endpoint.url}' {words}", hint="check that the model makes embeddings")
