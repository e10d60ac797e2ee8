"""Words in pieces: the segmentation of a text that a SentencePiece unigram model finds most likely.

A piece belongs to one word, and the first piece of a word begins with its mark, so words are
cut one by one, and a word that comes again is looked up. Texts are brought to NFKC by Python's
own tables, which differ from the model's in a few signs only.

Source: Kudo, Subword Regularization, ACL 2018, section 3.2; the wire format of sentencepiece_model.proto.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

RECIPE: Final = f"NFKC {unicodedata.unidata_version}"
UNKNOWN, BEGIN, END = 0, 1, 2  # the ids of the marks
_WORD: Final = "\u2581"  # stands before each word
_PENALTY: Final = 10.0  # what a character that no piece has costs beyond the least likely piece
_WORDS = 1 << 16  # that are kept with their pieces

_TAG_PIECE, _TAG_SCORE = 0x0A, 0x15


class Pieces:
    """A vocabulary of pieces: the id of a piece is its place, its score a log probability."""

    def __init__(self, pieces: Sequence[str], scores: Sequence[float]) -> None:
        self._ids = dict(zip(pieces, range(len(pieces)), strict=True))
        self._scores = scores
        self._unknown = min(scores) - _PENALTY
        self._longest = max(map(len, pieces))
        self._word = lru_cache(_WORDS)(self._cut)

    def ids(self, text: str) -> list[int]:
        """The pieces of a text, as ids, between the marks of its beginning and its end."""
        words = unicodedata.normalize("NFKC", text).split()
        return [BEGIN, *(piece for word in words for piece in self._word(_WORD + word)), END]

    def _cut(self, word: str) -> tuple[int, ...]:
        """The most likely pieces of a word; what no piece has is unknown, character by character."""
        best = [(0.0, 0, UNKNOWN)]  # of the word up to here: its score, where its last piece starts, and its id
        for end in range(1, len(word) + 1):
            best.append(
                max(
                    (best[start][0] + score, start, piece)
                    for start in range(max(0, end - self._longest), end)
                    for piece, score in self._known(word[start:end])
                )
            )
        return tuple(reversed(list(_trail(best))))

    def _known(self, text: str) -> Iterator[tuple[int, float]]:
        piece = self._ids.get(text)
        if piece is not None:
            yield piece, self._scores[piece]
        elif len(text) == 1:
            yield UNKNOWN, self._unknown


def _trail(best: Sequence[tuple[float, int, int]]) -> Iterator[int]:
    end = len(best) - 1
    while end:
        _, start, piece = best[end]
        yield piece
        end = start


def read(model: bytes) -> tuple[list[str], list[float]]:
    """The pieces of a SentencePiece model, in order of their ids, and their scores.

    Reads the first field of the file, which is all pieces, and stops where another begins.
    """
    pieces: list[str] = []
    scores: list[float] = []
    place = 0
    while model[place] == _TAG_PIECE:
        size, place = _varint(model, place + 1)
        text, score = _piece(model[place : place + size])
        pieces.append(text)
        scores.append(score)
        place += size
    return pieces, scores


def _piece(data: bytes) -> tuple[str, float]:
    """The text and the score of one piece: fields 1 and 2; its type, field 3, is left out."""
    size, place = _varint(data, 1)
    text, rest = data[place : place + size].decode(), data[place + size :]
    return text, struct.unpack_from("<f", rest, 1)[0] if rest[:1] == bytes([_TAG_SCORE]) else 0.0


def _varint(data: bytes, place: int) -> tuple[int, int]:
    """The number at a place, and the place behind it."""
    value = shift = 0
    while True:
        byte = data[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return value, place
