"""Judge the user's turns: which of them say how work is to be done from now on, and by which words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from skillgit.learn.offline.directives import Directive, Force, Reach, asks_for_work, read_directives
from skillgit.learn.offline.language import Languages, cue, languages
from skillgit.learn.offline.passages import own_words, sentences
from skillgit.learn.offline.setting import Setting, delivers, read_setting
from skillgit.transcripts.model import Transcript, Turn

# A first message longer than this is the specification of one piece of work, whatever words it uses.
_SPECIFICATION = 500
# A habit named in a first message is an instruction only if the message says little else.
_REMARK = 3
# So many requirements on one deliverable are a brief and not a request.
_ROW = 3


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
class _Context:
    codes: Languages
    setting: Setting
    first: bool
    follows: bool
    corrects: bool


def judge_turns(transcript: Transcript) -> tuple[TurnVerdict, ...]:
    """One verdict per user turn, in order."""
    setting = read_setting(transcript)
    verdicts = tuple(
        _judge(turn, _context(transcript, place, setting=setting), place=place)
        for place, turn in transcript.user_turns()
    )
    return _judge_row(verdicts, transcript, setting=setting) if setting.monologue else verdicts


def _context(transcript: Transcript, place: int, *, setting: Setting) -> _Context:
    turn = transcript.turns[place]
    codes = languages(turn.text, usual=setting.usual)
    follows = _follows_work(transcript.turns[:place], setting)
    corrects = follows and (setting.agent or turn.rejects is not None or bool(cue("reject", turn.text.lstrip(), codes)))
    first = not any(_says_something(turn, setting) for turn in transcript.turns[:place])
    return _Context(codes, setting, first, follows, corrects)


def _says_something(turn: Turn, setting: Setting) -> bool:
    codes = languages(turn.text, usual=setting.usual)
    return turn.role == "user" and not all(cue("chat", sentence.text, codes) for sentence in sentences(turn.text))


def _follows_work(before: tuple[Turn, ...], setting: Setting) -> bool:
    """True where work was asked for, or done, before: only then can a turn correct it."""
    return any(
        delivers(turn) or (turn.role == "user" and asks_for_work(turn.text, languages(turn.text, usual=setting.usual)))
        for turn in before
    )


def _judge(turn: Turn, context: _Context, *, place: int) -> TurnVerdict:
    refusal = _refusal(turn.text, context)
    if refusal:
        return TurnVerdict(place, False, refusal)
    found = read_directives(turn.text, context.codes)
    teaching = tuple(directive for directive in found if _teaches(directive, turn.text, context, found=found))
    if not teaching:
        return TurnVerdict(place, False, _nothing(found, context), found)
    strongest = max(teaching, key=lambda directive: (directive.reach, directive.force))
    along = context.follows
    kept = tuple(d for d in found if d in teaching or (along and not d.spec))
    return TurnVerdict(place, True, strongest.why, kept)


def _refusal(text: str, context: _Context) -> str:
    """Why the turn as a whole cannot teach, or ""."""
    if not own_words(text):
        return "no words of the user's own"
    said = sentences(text)
    if all(cue("chat", sentence.text, context.codes) for sentence in said):
        return "small talk"
    if context.setting.service:
        return "a customer's errand"
    role = next((found for sentence in said if (found := cue("persona", sentence.text, context.codes))), "")
    return f"a role to play: {role}" if role else ""


def _teaches(directive: Directive, text: str, context: _Context, *, found: tuple[Directive, ...]) -> bool:
    if directive.spec:
        return directive.reach == Reach.LASTING and directive.kind != "convention" and _is_brief(text)
    if not context.follows:
        return _teaches_at_once(directive, text, context, found=found)
    return (
        directive.force >= Force.PLAIN
        or directive.reach == Reach.LASTING
        or (directive.reach == Reach.HABIT and directive.kind != "direct")
        or (directive.kind == "use" and context.corrects)
    )


def _teaches_at_once(directive: Directive, text: str, context: _Context, *, found: tuple[Directive, ...]) -> bool:
    """True of an instruction in a turn that nothing was asked for or done before."""
    if directive.reach == Reach.LASTING:
        return _is_brief(text)
    said = sentences(text)
    lone = len(said) <= _REMARK and not any(other.spec for other in found)
    asks = any(cue("question", sentence.text, context.codes) for sentence in said)
    return context.first and directive.reach == Reach.HABIT and lone and not asks and _is_brief(text)


def _is_brief(text: str) -> bool:
    return sum(len(span.text) for span in own_words(text)) <= _SPECIFICATION


def _nothing(found: tuple[Directive, ...], context: _Context) -> str:
    if any(directive.spec for directive in found):
        return "the specification of one piece of work"
    if found and not context.follows:
        return "a first request"
    return "a change to this one piece of work" if found else "nothing about how to work"


def _judge_row(
    verdicts: tuple[TurnVerdict, ...], transcript: Transcript, *, setting: Setting
) -> tuple[TurnVerdict, ...]:
    """Where only the user's side was kept, a row of requirements on one deliverable teaches together.

    One such turn alone could be part of any request; three after a request for work are a brief.
    """
    opening = transcript.turns[verdicts[0].turn].text if verdicts else ""
    row = [v for v in verdicts[1:] if v.durable or any(not d.spec for d in v.directives)]
    if len(row) < _ROW or not asks_for_work(opening, languages(opening, usual=setting.usual)):
        return verdicts
    why = "one of a row of requirements on one piece of work"
    return tuple(replace(v, durable=True, why=why) if v in row and not v.durable else v for v in verdicts)
