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
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from math import inf
from typing import Final

from skillgit.spelled import Spelled

RECIPE: Final = f"NFKC {unicodedata.unidata_version}"
UNKNOWN, BEGIN, END = 0, 1, 2  # the ids of the marks
LONGEST: Final = 16  # characters of a piece
_WORD: Final = "\u2581"  # stands before each word
_PENALTY: Final = 10.0  # what a character that no piece has costs beyond the least likely piece
_REMEMBERED: Final = 1 << 16  # words, and as many times two parts of words, whose pieces are kept

_TAG_PIECE, _TAG_SCORE = 0x0A, 0x15


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Pieces; `ids[i]` and `scores[i]` are the id and the log probability of piece i, `least` the least of all."""

    texts: Spelled
    ids: memoryview
    scores: memoryview
    least: float

    def find(self, text: str) -> tuple[int, bool]:
        """The place of the piece that a text is, -1 where it is none, and whether any piece begins with the text."""
        wanted = text.encode("utf-8", "surrogatepass")
        place = self.texts.find(wanted)
        found = self.texts[place] if place < len(self.texts) else b""
        return place if found == wanted else -1, found.startswith(wanted)


class Segmenter:
    """Cuts texts into the pieces of a vocabulary, and remembers the words it has cut."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._find = lru_cache(2 * _REMEMBERED)(vocabulary.find)
        self._word = lru_cache(_REMEMBERED)(self._cut)

    def ids(self, text: str, *, most: int) -> list[int]:
        """The first pieces of a text, as ids, between the marks of its beginning and its end."""
        words = unicodedata.normalize("NFKC", text).split()
        pieces = (piece for word in words for piece in self._word(_WORD + word))
        return [BEGIN, *islice(pieces, most), END]

    def _cut(self, word: str) -> tuple[int, ...]:
        """The most likely pieces of a word; what no piece has is unknown, character by character."""
        scores = [0.0] + [-inf] * len(word)  # of the word up to here
        last = [(0, UNKNOWN)] * len(scores)  # where its last piece starts, and its id
        for start in range(len(word)):
            for end, score, piece in self._known(word, start):
                if scores[start] + score >= scores[end]:
                    scores[end] = scores[start] + score
                    last[end] = start, piece
        return tuple(reversed(list(_trail(last))))

    def _known(self, word: str, start: int) -> Iterator[tuple[int, float, int]]:
        """Where each piece ends that begins there, its score and its id; looks no further than pieces go on."""
        for end in range(start + 1, min(start + LONGEST, len(word)) + 1):
            place, goes_on = self._find(word[start:end])
            if place >= 0:
                yield end, self._vocabulary.scores[place], self._vocabulary.ids[place]
            elif end == start + 1:
                yield end, self._vocabulary.least - _PENALTY, UNKNOWN
            if not goes_on:
                return


def _trail(last: Sequence[tuple[int, int]]) -> Iterator[int]:
    end = len(last) - 1
    while end:
        end, piece = last[end]
        yield piece


def read(model: bytes) -> list[tuple[bytes, float]]:
    """The pieces of a SentencePiece model with their scores, in order of their ids.

    Reads the first field of the file, which is all pieces, and stops where another begins.
    """
    pieces: list[tuple[bytes, float]] = []
    place = 0
    while model[place] == _TAG_PIECE:
        size, place = _varint(model, place + 1)
        pieces.append(_piece(model[place : place + size]))
        place += size
    return pieces


def _piece(data: bytes) -> tuple[bytes, float]:
    """Fields 1 and 2 of a piece, its text and its score; its type is left out."""
    size, place = _varint(data, 1)
    rest = data[place + size :]
    return data[place : place + size], struct.unpack_from("<f", rest, 1)[0] if rest[:1] == bytes([_TAG_SCORE]) else 0.0


def _varint(data: bytes, place: int) -> tuple[int, int]:
    """The number at a place, and the place behind it."""
    value = shift = 0
    while True:
        byte = data[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return value, place
