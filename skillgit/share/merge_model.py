"""A model's part in a merge: what it makes of a conflict that the ladder could not settle.

It sees the lines that both sides changed and the heading they stand under, and nothing else. They are sent as data,
and what comes back is checked by code (`merge/check.py`, and here), so that an instruction in the text of a skill gets
nowhere: an answer cannot say what neither side says, nor lose a line without naming it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from skillgit.errors import ModelError
from skillgit.learn.redact import redact
from skillgit.merge.check import problems
from skillgit.merge.hunk import Conflict, Dropped, Resolution
from skillgit.merge.ladder import Answer
from skillgit.models.answer import ask, objects_of, text_of, texts_of
from skillgit.models.ports import Chat, Message
from skillgit.models.prompts import fenced, prompt
from skillgit.transcripts.fields import Fields

_LONGEST = 12_000  # characters of a conflict; two sides of a whole file are for a person
_LONGEST_REASON = 200
_TOLD = 5  # problems of an answer that the model is told of

Refusal = Callable[[Conflict, ModelError], None]


def answers(chat: Chat, refused: Refusal) -> Answer:
    """An answer for the ladder to every conflict; None, and `refused` is told why, where the model gives no good one.

    Safe to use from several threads at once, as far as `refused` is.
    """

    def answer(conflict: Conflict) -> Resolution | None:
        try:
            return resolve(chat, conflict)
        except ModelError as err:
            refused(conflict, err)
            return None

    return answer


def resolve(chat: Chat, conflict: Conflict) -> Resolution:
    """The model's answer to a conflict, checked; ModelError with the reason where there is none that can be used.

    One that cannot be used is asked for once more. Nothing is sent that is no text, or that looks like a secret.
    """
    _check_sendable(conflict)
    words = prompt("merge")
    parts = {"section": conflict.section, "base": conflict.base, "ours": conflict.ours, "theirs": conflict.theirs}
    blocks = "\n\n".join(fenced(label, text) for label, text in parts.items())
    return ask(chat, [Message("system", words.text), Message("user", blocks)], words.schema, partial(_read, conflict))


def _check_sendable(conflict: Conflict) -> None:
    text = conflict.section + conflict.base + conflict.ours + conflict.theirs
    if len(text) > _LONGEST:
        raise ModelError(f"the conflict is too long for a model ({len(text):,} characters)")
    if any("\udc80" <= char <= "\udcff" for char in text):
        raise ModelError("the conflict is not sent to a model: it is not UTF-8")
    if redact(text) != text:
        raise ModelError("the conflict is not sent to a model: it holds what looks like a secret")


def _read(conflict: Conflict, record: Fields) -> Resolution:
    """The resolution in a model's answer; ModelError with what is wrong, in words for the model."""
    dropped = tuple(
        Dropped(text_of(row, "line"), " ".join(text_of(row, "reason").split())[:_LONGEST_REASON])
        for row in objects_of(record, "dropped")
    )
    resolution = Resolution(_joined(texts_of(record, "lines"), conflict), dropped)
    wrong = [*_emptied(conflict, resolution), *_unseen(conflict, resolution), *problems(conflict, resolution)]
    if wrong:
        raise ModelError("; ".join(wrong[:_TOLD]))
    return resolution


def _joined(lines: tuple[str, ...], conflict: Conflict) -> str:
    """The lines with the line breaks of the sides; none behind the last where neither side has one."""
    newline = "\r\n" if "\r\n" in conflict.ours + conflict.theirs else "\n"
    text = "".join(f"{line}{newline}" for line in lines)
    open_ended = not conflict.ours.endswith("\n") and not conflict.theirs.endswith("\n")
    return text.removesuffix(newline) if open_ended else text


def _emptied(conflict: Conflict, resolution: Resolution) -> list[str]:
    both = conflict.ours.strip() and conflict.theirs.strip()
    return ["nothing of either side is kept"] if both and not resolution.text.strip() else []


def _unseen(conflict: Conflict, resolution: Resolution) -> list[str]:
    """Characters that no one sees and neither side has; a check of words passes them over."""
    new = set(resolution.text) - set(conflict.base + conflict.ours + conflict.theirs) - set("\r\n")
    hidden = sorted(char for char in new if not char.isprintable())
    return [f"characters that cannot be seen: {', '.join(f'U+{ord(char):04X}' for char in hidden)}"] if hidden else []
