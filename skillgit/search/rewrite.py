"""The query that a conversation asks: its last user turn, with the topic where that turn only follows up.

    user        Write the release notes for 2.4.
    assistant   ...
    user        Now do the same for 2.5, but shorter.

    query       Write the release notes for 2.4. Now for 2.5, but shorter.

A turn follows up where it says so ("the same", "what about", "translate it", 再, 换成) and is short, or where it
says next to nothing by itself; the topic is then the nearest turn before it that does neither, and the words that
point back go. Pasted text, code and quotations are no part of a query.

Of 240 prompts for 34 skills with a follow-up behind, the right skill is found first, at the default score, for .65;
with the follow-up as it is for .60, for the prompts alone .72, for the last turn alone .01.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from skillgit.errors import ModelError
from skillgit.learn.redact import redact
from skillgit.models import answer
from skillgit.models.ports import Chat, Message
from skillgit.models.prompts import fenced, prompt
from skillgit.search import words
from skillgit.transcripts.fields import Fields
from skillgit.transcripts.model import Turn

LONGEST: Final = 256
"""The most characters of a query; of a long turn its first and last sentences are taken."""
_NOTHING = 1  # distinct terms that say next to nothing
_MUCH = 10  # and those that say enough, whatever the turn points back to
_TURNS = 6  # of the user's that a model sees
_TURN = 1_000  # characters of each

_NOISE = (
    re.compile(r"^ {0,3}(```+|~~~+).*?(?:^ {0,3}\1|\Z)", re.MULTILINE | re.DOTALL),  # code
    re.compile(r"<(\w[\w-]*)\b[^<>]*>.*?</\1>", re.DOTALL),  # what an agent or the user put between tags
    re.compile(r"^\s*[>|].*$", re.MULTILINE),  # quotations and tables
    re.compile(r"https?://\S+"),
)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？；])")
_OPENERS = r"""^\W*(?:(?:ok(?:ay)?|yes|no|good|great|nice|cool|perfect|thanks|thank\ you|please|can\ you
    |and|so|but|then|now)\b\W*)*"""
_AWAY = re.compile(
    rf"""{_OPENERS}(?:new|another|different|unrelated|separate)\ (?:topic|subject|question|task)
    | {_OPENERS}(?:something|completely|totally|entirely)\ (?:else|new|different|unrelated)
    | ^\W*(?:换个|换一个|另一个|新的?|下一个)(?:话题|问题|任务) | ^\W*说点别的""",
    re.IGNORECASE | re.VERBOSE,
)
"""How a turn begins that leaves the topic."""
_BACK = re.compile(
    rf"""{_OPENERS}(?:also|again|another|likewise|similarly|instead|same|repeat|redo|continue|next|once\ more|one\ more
        |try\ again|go\ on|what\ about|how\ about|the\ (?:same|other|next|second|third|last|rest)
        |(?:for|with|without|in|into|to|as|more|less|not|don'?t|do\ not|avoid|only)\b(?!\ (?:example|case)))\b
    | {_OPENERS}(?:\w+\ ){{1,3}}(?:it|them)\b
    | {_OPENERS}(?:\w+\ ){{1,3}}(?:this|that|these|those)
        (?=\W*$ | [,.;] | \ (?:in|into|to|for|with|as|by|on|and|but|more|less|\w+er)\b)
    | (?:\bdo\ )?\bthe\ same\b(?:\ (?:thing|way)\b)?
    | \bas\ (?:before|above|last\ time)\b | \blike\ (?:before|the\ last)\b
    | \b(?:too|again|instead)\W*$
    | ^\W*(?:好的?|谢谢|嗯|行|可以|请)?\W*(?:同样|一样|也|再|继续|接着|还有|另外|那|换|改|然后|下一|重新|还是|照
        |按照?[这上刚同]|把?[这它上刚]|不要|别|不用|更|短一?点|长一?点)
    | 同样 | 一样[的地做写处] | 刚才 | 上面的""",
    re.IGNORECASE | re.VERBOSE,
)
"""How a turn points back at what it is about."""


@dataclass(frozen=True, slots=True)
class Question:
    """What to search for, and what the user should hear about how it was made, a line each."""

    query: str
    notes: tuple[str, ...] = ()


Rewriter = Callable[[Sequence[Turn]], Question]
"""What makes a query of a conversation, of one line and at most LONGEST characters; "" where the user asked nothing."""


def rewrite(turns: Sequence[Turn]) -> Question:
    """The query of a conversation, by rule."""
    said = [text for turn in turns if turn.role == "user" and (text := asked(turn.text))]
    if not said:
        return Question("")
    *before, last = said
    if not before or not follows_up(last):
        return Question(_clipped(last, LONGEST))
    topic = next((text for text in reversed(before) if not follows_up(text)), before[0])
    more = _clipped(" ".join(_BACK.sub(" ", last).split()), LONGEST // 3)
    return Question(f"{_clipped(topic, LONGEST - len(more) - 1)} {more}".rstrip())


def by_model(chat: Chat) -> Rewriter:
    """A rewriter that has a model write the query, from the user's last turns; by rule, and said so, where it does not.

    Secrets are not sent.
    """

    def write(turns: Sequence[Turn]) -> Question:
        said = [text for turn in turns if turn.role == "user" and (text := asked(turn.text))][-_TURNS:]
        if not said:
            return Question("")
        asks = prompt("rewrite")
        blocks = [fenced(f"turn {number}", redact(_clipped(text, _TURN))) for number, text in enumerate(said, 1)]
        messages = (Message("system", asks.text), Message("user", "\n\n".join(blocks)))
        try:
            return Question(answer.ask(chat, messages, asks.schema, _query))
        except ModelError as err:
            return replace(rewrite(turns), notes=(f"the query is made by rule, as the model made none: {err.message}",))

    return write


def asked(text: str) -> str:
    """What a turn asks, on one line: without code, quotations, tagged insertions and addresses."""
    for noise in _NOISE:
        text = noise.sub(" ", text)
    return " ".join(text.split())


def follows_up(text: str) -> bool:
    """Whether a turn needs those before it to say what it is about."""
    terms = len(words.query(text).words)
    return terms <= _NOTHING or (terms <= _MUCH and not _AWAY.search(text) and bool(_BACK.search(text)))


def _query(record: Fields) -> str:
    query = answer.text_of(record, "query").strip()
    if not query or len(query) > LONGEST or len(query.splitlines()) > 1:
        raise ModelError(f"'query' has to be one line of at most {LONGEST} characters")
    return query


def _clipped(text: str, length: int) -> str:
    """The text, or its first and its last sentence, or the beginning of these; never longer than that."""
    if len(text) <= length:
        return text
    sentences = [sentence for sentence in _SENTENCE.split(text) if sentence]
    ends = sentences[0] if len(sentences) == 1 else f"{sentences[0]} {sentences[-1]}"
    if len(ends) <= length:
        return ends
    kept = ends[: length + 1]
    return (kept.rpartition(" ")[0] or kept[:length])[:length]
