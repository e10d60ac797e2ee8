"""Requests: where a user turn asks for a new piece of work, and where it hands over material for it."""

from __future__ import annotations

from functools import lru_cache

from skillgit.learn.offline.force import Force, Reach, has_lone_habit, reach_of, weigh
from skillgit.learn.offline.language import Languages, cue, lead_length
from skillgit.learn.offline.passages import ARROW, IN_ORDER, Span, clauses, sentences
from skillgit.learn.offline.text import REMEMBERED


def asks_for_work(text: str, codes: Languages) -> bool:
    """True where one of the first sentences of a user turn asks for a new piece of work."""
    return any(is_request(sentence, codes) for sentence in sentences(text)[:6])


def is_request(sentence: Span, codes: Languages) -> bool:
    """True where the sentence asks for a new piece of work before it says anything about how."""
    return request_start(sentence, codes) is not None


@lru_cache(maxsize=REMEMBERED)
def request_start(sentence: Span, codes: Languages) -> int | None:
    """Where in the sentence's text the request for new work begins; None where there is none."""
    body = sentence.text[lead_length(sentence.text, codes) :]
    habit = cue("habit", body, codes)
    lasts = reach_of(sentence.text, codes)[0] == Reach.LASTING or _appeals(sentence, codes)
    if lasts or (habit and body.startswith(habit)):
        return None
    if len(ARROW.findall(sentence.text)) > 1 or has_lone_habit(
        clauses(sentence.text, Span(0, len(sentence.text), sentence.text)), codes
    ):
        return None
    ordered = IN_ORDER.search(sentence.text)
    for clause in clauses(sentence.text, Span(0, len(sentence.text), sentence.text))[: 1 if ordered else 4]:
        lead = lead_length(clause.text, codes)
        body = clause.text[lead:]
        if cue("request", body, codes):
            return clause.start + lead
        if weigh(body, codes)[0] >= Force.PLAIN:
            return None
    return None


def without_appeal(text: str, sentence: Span, *, codes: Languages) -> tuple[Span, str]:
    """The sentence without a last clause that only says that it holds from now on, and the words of that clause."""
    pieces = clauses(text, sentence)
    appeal = cue("again", pieces[-1].text, codes) if len(pieces) > 1 else ""
    if not appeal:
        return sentence, ""
    end = pieces[-2].end
    return Span(sentence.start, end, text[sentence.start : end]), appeal


def is_order_for_now(sentence: Span, codes: Languages) -> bool:
    """True of a sentence that opens with an order to do something, and says nothing of later: "fix the parser"."""
    ordered = cue("work", sentence.text[lead_length(sentence.text, codes) :], codes)
    return bool(ordered) and reach_of(sentence.text, codes)[0] < Reach.LASTING and not _appeals(sentence, codes)


def _appeals(sentence: Span, codes: Languages) -> bool:
    return bool(without_appeal(sentence.text, Span(0, len(sentence.text), sentence.text), codes=codes)[1])


def hands_over(sentence: Span, codes: Languages) -> bool:
    """True of an order with its material behind a colon, "Fix the grammar: he always go": none of it is the user's."""
    head, colon, material = sentence.text.partition("：" if "：" in sentence.text else ":")
    order = Span(sentence.start, sentence.start + len(head), head)
    if not colon or (colon == ":" and material[:1].strip()):
        return False
    return is_request(order, codes) or (bool(material) and is_order_for_now(order, codes))


def is_kept(said: tuple[Span, ...], place: int, codes: Languages) -> str:
    """The words of the sentence after that one that say that it holds from now on, or ""."""
    return next((cue("again", following.text, codes) for following in said[place + 1 : place + 2]), "")
