"""Judge the user's turns: which of them say how work is to be done from now on, and by which words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from skillgit.learn.offline.directives import Directive, read_directives
from skillgit.learn.offline.force import Force, Reach
from skillgit.learn.offline.generic import kinds_of_work
from skillgit.learn.offline.language import Languages, cue, languages, lead_length
from skillgit.learn.offline.passages import Span, clauses, own_words, sentences
from skillgit.learn.offline.requests import asks_for_work, is_order_for_now, is_request, request_start
from skillgit.learn.offline.setting import Setting, delivers, is_asking, read_setting
from skillgit.transcripts.model import Transcript, Turn

# A first message longer than this is the specification of one piece of work, whatever words it uses.
_SPECIFICATION = 500
# A habit named in a first message is an instruction only if the message says little else.
_REMARK = 3
# So many requirements on one deliverable are a brief and not a request.
_ROW = 3


Watch: TypeAlias = Callable[[Sequence[Turn]], Iterable[Turn]]


@dataclass(frozen=True, slots=True)
class TurnVerdict:
    """What one user turn teaches: `turn` indexes `Transcript.turns`, `why` is one line of words.

    Of a durable turn `directives` are those to learn from; of any other, all that were read.
    """

    turn: int
    durable: bool
    why: str
    directives: tuple[Directive, ...] = ()


@dataclass(frozen=True, slots=True)
class _Past:
    """What went before a turn.

    `spoken` by the user, `asked` a question, `worked` on something, a work of `fiction` asked for last, or
    something `apart` from work: an errand, a game, a role to play;
    `kinds` are the names of the kind of work at hand. The agent `waits` for the answer to a question of its own.
    """

    spoken: bool = False
    asked: bool = False
    worked: bool = False
    fiction: bool = False
    apart: bool = False
    waits: bool = False
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Context:
    """How to read one turn; it `corrects` where it turns something down or an agent works in the user's files."""

    codes: Languages
    past: _Past
    service: bool
    corrects: bool


def judge_turns(
    transcript: Transcript, *, setting: Setting | None = None, watch: Watch = iter
) -> tuple[TurnVerdict, ...]:
    """One verdict per user turn, in order; `setting` is the conversation's where it was read already.

    `watch` passes the turns on as they are read, for a progress bar.
    """
    setting = setting or read_setting(transcript)
    verdicts: list[TurnVerdict] = []
    past = _Past()
    for place, turn in enumerate(watch(transcript.turns)):
        if turn.role == "user":
            codes = languages(turn.text, usual=setting.usual)
            turned_down = turn.rejects is not None or bool(cue("reject", turn.text.lstrip(), codes))
            context = _Context(codes, past, setting.service, past.worked and (setting.agent or turned_down))
            verdicts.append(_judge(turn, context, place=place))
            past = _after(past, turn, codes)
        elif turn.role == "assistant":
            done = delivers(turn)
            worked = past.worked or bool(turn.calls) or (done and not past.asked)
            past = replace(past, worked=worked, waits=not done and is_asking(turn))
    return _judge_row(tuple(verdicts), transcript, setting=setting) if setting.monologue else tuple(verdicts)


def _after(past: _Past, turn: Turn, codes: Languages) -> _Past:
    said = sentences(turn.text)
    orders = [sentence for sentence in said[:1] if is_order_for_now(sentence, codes)]
    asked = next((s for s in [*[s for s in said[:6] if is_request(s, codes)], *orders]), None)
    return _Past(
        spoken=past.spoken or any(not cue("chat", sentence.text, codes) for sentence in said),
        asked=past.asked or any(cue("question", sentence.text, codes) for sentence in said),
        worked=past.worked or asked is not None,
        fiction=bool(cue("fiction", asked.text, codes)) if asked else past.fiction,
        apart=_is_apart(said, codes) if asked or not past.apart else True,
        kinds=kinds_of_work(asked.text[request_start(asked, codes) or 0 :], codes) if asked else past.kinds,
    )


def _is_apart(said: tuple[Span, ...], codes: Languages) -> bool:
    """True where a turn sends on an errand or opens a game."""
    return any(
        cue("errand", sentence.text[lead_length(sentence.text, codes) :], codes) or cue("persona", sentence.text, codes)
        for sentence in said[:6]
    )


def _judge(turn: Turn, context: _Context, *, place: int) -> TurnVerdict:
    refusal = _refusal(turn.text, context)
    if refusal:
        return TurnVerdict(place, False, refusal)
    found = read_directives(turn.text, context.codes, kinds=context.past.kinds)
    teaching = tuple(directive for directive in found if _teaches(directive, turn.text, context, found=found))
    if not teaching:
        return TurnVerdict(place, False, _nothing(found, context), found)
    strongest = max(teaching, key=lambda directive: (directive.reach, directive.force))
    along = context.past.worked
    kept = tuple(d for d in found if d in teaching or (along and not d.spec))
    return TurnVerdict(place, True, strongest.why, kept)


def _refusal(text: str, context: _Context) -> str:
    """Why the turn as a whole cannot teach, or ""."""
    said = sentences(text)
    if not said:
        return "no words of the user's own"
    if all(cue("chat", sentence.text, context.codes) for sentence in said):
        return "small talk"
    if context.service:
        return "a customer's errand"
    role = next((found for sentence in said if (found := cue("persona", sentence.text, context.codes))), "")
    return f"a role to play: {role}" if role else ""


def _teaches(directive: Directive, text: str, context: _Context, *, found: tuple[Directive, ...]) -> bool:
    if directive.spec:
        return directive.reach == Reach.LASTING and directive.kind != "convention" and _is_brief(text)
    if directive.reach < Reach.LASTING and (context.past.apart or _holds_apart(text, context.codes)):
        return False
    if not context.past.worked:
        return _teaches_at_once(directive, text, context, found=found)
    if directive.reach == Reach.HERE and _is_about_this_one(directive, text, context):
        return False
    return (
        directive.force >= Force.PLAIN
        or directive.reach == Reach.LASTING
        or (directive.reach == Reach.HABIT and directive.kind != "direct")
        or (directive.kind == "use" and context.corrects)
    )


def _holds_apart(text: str, codes: Languages) -> bool:
    """True of a turn that sends on an errand itself, or gives what a puzzle is to be solved from."""
    said = sentences(text)
    return _is_apart(said, codes) or any(
        cue("solve", clause.text, codes) for sentence in said for clause in clauses(text, sentence)
    )


def _is_about_this_one(directive: Directive, text: str, context: _Context) -> bool:
    """True of an instruction that answers the agent, speaks of what is in a text, or comes with a choice or a fault."""
    said, codes, past = directive.span.text, context.codes, context.past
    form = cue("form", said, codes)
    chooses = directive.kind in {"use", "replace"} and bool(cue("bound", text, codes))
    bare = _is_bare_no(directive, codes)
    imagined = past.fiction and (not form or bare or directive.kind in {"use", "replace"})
    about_content = bool(cue("content", said, codes)) or imagined or (bare and not form)
    about_now = past.waits or bool(cue("fault", text, codes))
    return about_content or about_now or (chooses and not context.corrects)


def _is_bare_no(directive: Directive, codes: Languages) -> bool:
    """True of "no museums": it forbids a thing, and only a form of work, "no tables", is a way of working."""
    return directive.kind == "forbid" and bool(cue("absent", directive.words, codes))


def _teaches_at_once(directive: Directive, text: str, context: _Context, *, found: tuple[Directive, ...]) -> bool:
    """True of an instruction in a turn that no work was asked for or done before."""
    if directive.reach == Reach.LASTING:
        return _is_brief(text)
    form = bool(cue("form", directive.span.text, context.codes))
    if context.past.asked and form and directive.force >= Force.PLAIN:
        return not cue("direct", directive.span.text, context.codes)
    if directive.kind == "prefer" and not form:
        return False
    said = sentences(text)
    lone = len(said) <= _REMARK and not any(other.spec for other in found)
    asks = any(cue("question", sentence.text, context.codes) for sentence in said)
    return (
        directive.reach == Reach.HABIT
        and not context.past.spoken
        and not asks
        and lone
        and _is_brief(text)
        and not _tells_of_somebody(directive, context.codes)
    )


def _tells_of_somebody(directive: Directive, codes: Languages) -> bool:
    """True of somebody's habit that only looks like an order: "he never remembers"."""
    said = directive.span.text
    opening = cue("condition", said, codes) or said.startswith(cue("habit", said, codes))
    return directive.kind in {"habit", "forbid"} and bool(cue("subject", said, codes)) and not opening


def _is_brief(text: str) -> bool:
    return sum(len(span.text) for span in own_words(text)) <= _SPECIFICATION


def _nothing(found: tuple[Directive, ...], context: _Context) -> str:
    if any(directive.spec for directive in found):
        return "the specification of one piece of work"
    if found and not context.past.worked:
        return "a first request"
    return "a change to this one piece of work" if found else "nothing about how to work"


def _judge_row(
    verdicts: tuple[TurnVerdict, ...], transcript: Transcript, *, setting: Setting
) -> tuple[TurnVerdict, ...]:
    """Where only the user's side was kept, a row of requirements on one deliverable teaches together.

    One such turn alone could be part of any request; three after a request for work are a brief.
    """
    opening = transcript.turns[verdicts[0].turn].text if verdicts else ""
    if not asks_for_work(opening, languages(opening, usual=setting.usual)):
        return verdicts
    wanted = [_required(verdict, transcript, setting=setting) for verdict in verdicts[1:]]
    certain = sum(bool(verdict.durable or verdict.directives) for verdict in verdicts[1:])
    asked = sum(bool(directives) for directives in wanted)
    if asked < _ROW or certain * 2 < asked:
        return verdicts
    why = "one of a row of requirements on one piece of work"
    return verdicts[:1] + tuple(
        replace(v, durable=True, why=why, directives=directives) if directives and not v.durable else v
        for v, directives in zip(verdicts[1:], wanted, strict=True)
    )


def _required(verdict: TurnVerdict, transcript: Transcript, *, setting: Setting) -> tuple[Directive, ...]:
    """The directives of a turn in a row of requirements; a plain statement is one there."""
    text = transcript.turns[verdict.turn].text
    codes = languages(text, usual=setting.usual)
    read = tuple(directive for directive in verdict.directives if not directive.spec)
    if read or verdict.directives or asks_for_work(text, codes):
        return read
    return tuple(
        Directive(sentence, Force.WEAK, "direct", sentence.text[:60])
        for sentence in sentences(text)
        if not cue("question", sentence.text, codes) and not cue("chat", sentence.text, codes)
    )
