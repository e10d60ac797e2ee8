"""Judge the user's turns: which of them say how work is to be done from now on, and by which words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import IntEnum

from skillgit.learn.offline.language import Languages, cue, languages, lead_length
from skillgit.learn.offline.passages import Span, clauses, own_words, sentences
from skillgit.learn.offline.phrases import Kind
from skillgit.learn.offline.setting import Setting, delivers, read_setting
from skillgit.transcripts.model import Transcript, Turn

# A first message longer than this is a specification of one piece of work, whatever words it uses.
_SPECIFICATION = 500
ARROW = re.compile(r"\s*(?:->|=>|→|⇒|➜|➔|⟶|-->|——>)\s*")


class Force(IntEnum):
    """How strongly a clause tells the agent how to work."""

    NONE = 0
    WEAK = 1
    PLAIN = 2
    STANDING = 3


@dataclass(frozen=True, slots=True)
class Directive:
    """A clause that tells the agent something, with the clauses that belong to it.

    `why` names the cue and its words; `lasting` is true where the user said that it outlives
    this piece of work; `spec` where it stands in a request for a new one.
    """

    span: Span
    force: Force
    why: str
    lasting: bool = False
    spec: bool = False
    permits: bool = False


@dataclass(frozen=True, slots=True)
class TurnVerdict:
    """What one user turn teaches: `turn` indexes `Transcript.turns`, `why` is one line of words."""

    turn: int
    durable: bool
    why: str
    directives: tuple[Directive, ...] = ()


@dataclass(frozen=True, slots=True)
class _Context:
    codes: Languages
    setting: Setting
    follows: bool


def judge_turns(transcript: Transcript) -> tuple[TurnVerdict, ...]:
    """One verdict per user turn, in order."""
    setting = read_setting(transcript)
    verdicts = tuple(
        _judge(
            turn, _Context(languages(turn.text, usual=setting.usual), setting, _follows_work(transcript, i)), place=i
        )
        for i, turn in transcript.user_turns()
    )
    return _judge_series(verdicts, transcript, setting=setting) if setting.monologue else verdicts


def _follows_work(transcript: Transcript, place: int) -> bool:
    """True where work was asked for, or done, before this turn: only then can the turn correct it."""
    return any(
        delivers(turn) or (turn.role == "user" and asks_for_work(turn.text, languages(turn.text)))
        for turn in transcript.turns[:place]
    )


def asks_for_work(text: str, codes: Languages) -> bool:
    """True where a sentence of the user asks for a new piece of work."""
    return any(is_request(sentence, codes) for sentence in sentences(text)[:6])


def _judge(turn: Turn, context: _Context, *, place: int) -> TurnVerdict:
    refusal = _refusal(turn.text, context)
    if refusal:
        return TurnVerdict(place, False, refusal)
    found = read_directives(turn.text, context.codes)
    teaching = [directive for directive in found if _teaches(directive, turn.text, context)]
    if not teaching:
        return TurnVerdict(place, False, _nothing(found, context), found)
    strongest = max(teaching, key=lambda directive: (directive.force, directive.lasting))
    kept = tuple(d for d in found if d in teaching or (context.follows and d.force and not d.spec))
    return TurnVerdict(place, True, strongest.why, kept)


def _refusal(text: str, context: _Context) -> str:
    """Why the turn as a whole cannot teach, or ""."""
    if not own_words(text):
        return "no words of the user's own"
    if all(cue("chat", sentence.text, context.codes) for sentence in sentences(text)):
        return "small talk"
    if context.setting.service:
        return "a customer's errand"
    persona = next((found for s in sentences(text) if (found := cue("persona", s.text, context.codes))), "")
    return f"a role to play: {persona}" if persona else ""


def _teaches(directive: Directive, text: str, context: _Context) -> bool:
    if directive.spec or not context.follows:
        return directive.lasting and sum(len(span.text) for span in own_words(text)) <= _SPECIFICATION
    return directive.force >= Force.PLAIN


def _nothing(found: tuple[Directive, ...], context: _Context) -> str:
    if any(directive.spec for directive in found):
        return "the specification of one piece of work"
    if found and not context.follows:
        return "a first request"
    return "a change to this one piece of work" if found else "nothing about how to work"


def read_directives(text: str, codes: Languages) -> tuple[Directive, ...]:
    """Every directive of a turn, in order; those of a request for new work, and after it, are its spec."""
    found: list[Directive] = []
    asked = False
    for sentence in sentences(text):
        asked = asked or is_request(sentence, codes)
        found += [replace(d, spec=asked) for d in _read_sentence(text, sentence, codes=codes)]
    return tuple(found)


def is_request(sentence: Span, codes: Languages) -> bool:
    body = sentence.text[lead_length(sentence.text, codes) :]
    return bool(cue("request", body, codes)) and not cue("lasting", sentence.text, codes)


def _read_sentence(text: str, sentence: Span, *, codes: Languages) -> list[Directive]:
    lasting = _lasting(sentence.text, codes)
    if _is_question(sentence.text, codes) and not lasting:
        return []
    found = _group(text, sentence, codes=codes)
    if not found and (cue("convention", sentence.text, codes) or (lasting and len(ARROW.findall(sentence.text)) > 1)):
        found = [Directive(sentence, Force.PLAIN, f"convention: {sentence.text[:40]}")]
    if lasting:
        found = [replace(d, force=Force.STANDING, lasting=True, why=lasting) for d in found]
    return [d for d in found if d.lasting or not _is_bound(d, sentence, codes=codes)]


def _is_question(text: str, codes: Languages) -> bool:
    return bool(cue("question", text, codes)) and not cue("polite", text, codes) and not _opens_with_order(text, codes)


def _opens_with_order(text: str, codes: Languages) -> bool:
    body = text[lead_length(text, codes) :]
    return not body.rstrip().endswith(("?", "？")) and weigh(body, codes)[0] >= Force.PLAIN


def _lasting(text: str, codes: Languages) -> str:
    """Why the sentence outlives this piece of work, or ""."""
    kinds: tuple[Kind, ...] = ("lasting", "convention")
    for kind in kinds:
        words = cue(kind, text, codes)
        if words:
            return f"{kind}: {words[:60]}"
    body = text[lead_length(text, codes) :]
    words = cue("habit", body, codes)
    return f"habit: {words[:60]}" if words and weigh(body, codes)[0] >= Force.PLAIN else ""


def _is_bound(directive: Directive, sentence: Span, *, codes: Languages) -> bool:
    return bool(cue("bound", directive.span.text, codes) or cue("once", sentence.text, codes))


def _group(text: str, sentence: Span, *, codes: Languages) -> list[Directive]:
    """Directives with what belongs to them: conditions before, the rest of the thought after."""
    found: list[Directive] = []
    opening: int | None = None
    for clause in clauses(text, sentence):
        body = clause.text[lead_length(clause.text, codes) :]
        force, why = weigh(body, codes)
        if force:
            start = clause.start if opening is None else opening
            span = Span(start, clause.end, text[start : clause.end])
            found.append(Directive(span, force, why, permits=why.startswith("permit")))
            opening = None
        elif cue("condition", clause.text, codes) or (not body and cue("lasting", clause.text, codes)):
            opening = clause.start if opening is None else opening
        elif found and opening is None and not cue("chat", clause.text, codes):
            found[-1] = _extended(found[-1], text, end=clause.end)
    if found and opening is not None:
        found[-1] = _extended(found[-1], text, end=clauses(text, sentence)[-1].end)
    return found


def _extended(directive: Directive, text: str, *, end: int) -> Directive:
    start = directive.span.start
    return replace(directive, span=Span(start, end, text[start:end]))


_PLAIN_KINDS: tuple[Kind, ...] = ("permit", "forbid", "use", "require", "prefer", "replace")
_WEAK_KINDS: tuple[Kind, ...] = ("adjust", "direct")


def weigh(body: str, codes: Languages) -> tuple[Force, str]:
    """How strongly a clause, its lead taken off, tells the agent how to work, and by which cue."""
    if not body or cue("chat", body, codes):
        return Force.NONE, ""
    for kind in _PLAIN_KINDS:
        words = cue(kind, body, codes)
        if words:
            return Force.PLAIN, f"{kind}: {words[:60]}"
    if cue("request", body, codes):
        return Force.NONE, ""
    for kind in _WEAK_KINDS:
        words = cue(kind, body, codes)
        if words:
            return Force.WEAK, f"{kind}: {words[:60]}"
    return Force.NONE, ""


def _judge_series(
    verdicts: tuple[TurnVerdict, ...], transcript: Transcript, *, setting: Setting
) -> tuple[TurnVerdict, ...]:
    """Where only the user's side was kept, a row of requirements on one deliverable teaches together.

    One such turn alone could be part of any request; three after a request for work are a brief.
    """
    requirements = [v for v in verdicts[1:] if any(d.force for d in v.directives)]
    opening = transcript.turns[verdicts[0].turn].text if verdicts else ""
    if len(requirements) < 3 or not asks_for_work(opening, languages(opening, usual=setting.usual)):
        return verdicts
    return tuple(
        replace(v, durable=True, why="one of a row of requirements on one piece of work")
        if v in requirements and not v.durable
        else v
        for v in verdicts
    )
