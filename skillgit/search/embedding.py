"""What one embedder makes: vectors of texts, and what their cosines mean, wherever they are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from skillgit.errors import ModelError
from skillgit.models.ports import Embedder
from skillgit.search import background, fusion, matrix
from skillgit.search.cache import Shelf
from skillgit.search.fusion import Numbers, Scale
from skillgit.search.matrix import Matrix
from skillgit.search.store import Form, Store

FORM: Final = Form(matrix.open_matrix, matrix.merge)
"""How vectors are kept in files."""
_CHUNK: Final = 1_000  # texts that are embedded before they are kept
_BATCH: Final = 64  # and those that are embedded at once

Watch: TypeAlias = Callable[[Sequence[str]], Iterable[str]]
"""Gives the oids of blobs that are to be embedded back one by one, and may show how far it is."""


class Embedding:
    """The vectors of an embedder; `unrelated` is where those of texts that mean nothing here are kept."""

    def __init__(self, embedder: Embedder, unrelated: Shelf, *, watch: Watch) -> None:
        self.embedder = embedder
        self._unrelated = unrelated
        self._watch = watch
        self._scale: Scale | None = None

    def vectors(self, texts: Sequence[str], *, dimensions: int) -> NDArray[np.float32]:
        """The vectors of some texts. Raises ModelError, also where they are not so long as those that are kept."""
        vectors = self.embedder.embed(texts)
        if vectors.shape[1] != dimensions:
            raise ModelError(
                f"the embedder gives {vectors.shape[1]} dimensions, and gave {dimensions} before",
                hint="run 'skillgit index rebuild'",
            )
        return vectors

    def batches(
        self, oids: Sequence[str], spoken: Callable[[str], str], *, dimensions: Callable[[], int]
    ) -> Iterator[tuple[list[str], NDArray[np.float32]]]:
        """The vectors of some blobs, given what each says, as many at once as are worth keeping."""
        made: list[NDArray[np.float32]] = []
        known, waiting = list[str](), list[str]()
        for count, oid in enumerate(self._watch(oids), start=1):
            waiting.append(oid)
            if len(waiting) == _BATCH or count == len(oids):
                made.append(self.vectors([spoken(each) for each in waiting], dimensions=dimensions()))
                known, waiting = known + waiting, []
            if len(known) >= _CHUNK or count == len(oids):
                yield known, np.concatenate(made)
                made, known = [], []

    def told(self, cosines: Numbers) -> Numbers:
        """What cosines say, in [0, 1], once it is calibrated."""
        assert self._scale is not None
        return fusion.near(cosines, self._scale)

    def calibrate(self, *, dimensions: int) -> tuple[str, ...]:
        """Know how near unrelated texts are in this model, and tell what the user should hear."""
        if self._scale:
            return ()
        store: Store[Matrix] = Store(self._unrelated, FORM)
        notes = store.load()
        unseen = store.lacking(background.TEXTS)
        if unseen:
            made = self.vectors(unseen, dimensions=dimensions)
            notes += store.add(matrix.pack(unseen, made), live=set(background.TEXTS))
        self._scale = fusion.scale(np.concatenate([segment.vectors for segment in store.segments]))
        return notes
