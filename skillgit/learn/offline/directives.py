"""Read the directives of a turn: the clauses that tell the agent how to work, with what belongs to them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from skillgit.learn.offline.force import PRONOUNS, Force, Reach, has_lone_habit, orders, reach_of, scoped, weigh
from skillgit.learn.offline.generic import is_counted, kinds_of_work, names_a_kind, names_all_of_a_kind
from skillgit.learn.offline.language import Languages, cue, lead_length
from skillgit.learn.offline.passages import ARROW, IN_ORDER, Span, clauses, numbered, sentences
from skillgit.learn.offline.phrases import Kind
from skillgit.learn.offline.requests import hands_over, is_kept, is_request, request_start, without_appeal

_FIRST = re.compile(r"\bfirst(?:ly)?\b|先", re.IGNORECASE)
_CODE_SPAN = re.compile(r"`[^`]+`")
_AND = re.compile(r"^\s+(?:and|y|et|und|e|и)\s+$", re.IGNORECASE)
_SCRAP = 2
_FEWEST_STEPS = 2


@dataclass(frozen=True, slots=True)
class Directive:
    """A clause that tells the agent something, with the clauses that belong to it.

    `kind` is the cue that found it and `words` what matched; `spec` is true where it stands in,
    or after, a request for a new piece of work in the same turn.
    """

    span: Span
    force: Force
    kind: Kind
    words: str
    reach: Reach = Reach.HERE
    reached_by: str = ""
    spec: bool = False

    @property
    def why(self) -> str:
        """The cue in one line: `forbid: do not`."""
        return self.reached_by or f"{self.kind}: {self.words}"


def read_directives(text: str, codes: Languages, *, kinds: tuple[str, ...] = ()) -> tuple[Directive, ...]:
    """Every directive of a turn, in order; those of a request for new work, and after it, are its spec.

    `kinds` are the names of the kind of work at hand: who speaks of it in general says how it is done.
    """
    found: list[Directive] = []
    asked = False
    wanted: tuple[str, ...] = ()
    said = sentences(text)
    heading = (Reach.HERE, "")
    listed = 0
    items: tuple[Span, ...] = ()
    for place, sentence in enumerate(said):
        if place and (cue("again", sentence.text, codes) or sentence.end <= listed):
            continue
        procedure = None if asked else _procedure(text, said, place, codes=codes)
        if procedure:
            found.append(procedure)
            listed = procedure.span.end
            continue
        if hands_over(sentence, codes):
            break
        body = sentence.text[lead_length(sentence.text, codes) :]
        general = names_all_of_a_kind(body, wanted, codes)
        wanted = wanted or _wanted(sentence, codes)
        asked = asked or is_request(sentence, codes)
        sentence, appeal = without_appeal(text, sentence, codes=codes)
        kept = appeal or is_kept(said, place, codes) or general
        read = _read_sentence(text, sentence, codes=codes, kinds=kinds, kept=kept)
        if sentence.text.endswith((":", "：")) and all(directive.force == Force.WEAK for directive in read):
            heading, read = max(heading, reach_of(sentence.text, codes)), []
            items = () if any(_is_question(s.text, codes) for s in said) else numbered(text, said, after=place)
        if not read and heading[0] == Reach.LASTING and sentence in items:
            read = [Directive(sentence, Force.WEAK, "direct", sentence.text[:60])]
        found += [replace(_raised(directive, *heading), spec=asked) for directive in read]
    return tuple(found)


def _wanted(sentence: Span, codes: Languages) -> tuple[str, ...]:
    """The names of the kind of work that a sentence asks for; none where it asks for so many."""
    start = request_start(sentence, codes)
    asks = "" if start is None else sentence.text[start:]
    return kinds_of_work(asks, codes) if asks and not is_counted(asks) else ()


def _procedure(text: str, said: tuple[Span, ...], place: int, *, codes: Languages) -> Directive | None:
    """The numbered list of steps under that sentence, with it, where it announces the user's order of work."""
    heading = said[place]
    if not heading.text.endswith((":", "：")):
        return None
    body = heading.text[lead_length(heading.text, codes) :]
    steps = numbered(text, said, after=place)
    asks = any(_is_question(s.text, codes) or is_request(s, codes) for s in said if s not in steps)
    if (
        asks
        or len(steps) < _FEWEST_STEPS
        or not _announces_steps(body, steps, codes=codes, kept=bool(is_kept(said, said.index(steps[-1]), codes)))
    ):
        return None
    end = without_appeal(text, steps[-1], codes=codes)[0].end
    span = Span(heading.start, end, text[heading.start : end])
    return Directive(
        span, Force.PLAIN, "procedure", heading.text[:60], Reach.LASTING, f"procedure: {heading.text[:60]}"
    )


def _announces_steps(heading: str, steps: tuple[Span, ...], *, codes: Languages, kept: bool) -> bool:
    """True of "our release procedure:", and of "every time you deploy:" over orders to do something.

    So is any heading of orders that are `kept` by the words after them.
    Over rules such a heading announces a list of rules, and over things what somebody does.
    """
    named = cue("procedure", heading, codes)
    opens = cue("condition", heading, codes) or cue("habit", heading, codes)
    rules = any(weigh(step.text, codes)[0] == Force.PLAIN for step in steps)
    orders_given = sum(_is_order(step.text, codes) for step in steps) * 2 >= len(steps)
    if named:
        return orders_given or codes[0] != "en"
    return orders_given and not rules and (kept or (bool(opens) and heading.startswith(opens)))


def _is_order(text: str, codes: Languages) -> bool:
    """True of a text that opens with the verb of an order."""
    kinds: tuple[Kind, ...] = ("work", "request", "direct")
    return any(cue(kind, text, codes) for kind in kinds)


def _read_sentence(
    text: str, sentence: Span, *, codes: Languages, kinds: tuple[str, ...], kept: str
) -> list[Directive]:
    """The directives of one sentence; `kept` are the words after it that say that it holds from now on."""
    reach, why = (Reach.LASTING, f"lasting: {kept[:60]}") if kept else reach_of(sentence.text, codes)
    if reach < Reach.LASTING and _is_question(sentence.text, codes):
        return []
    kind = names_a_kind(sentence.text[lead_length(sentence.text, codes) :], kinds, codes)
    found = _group(text, sentence, codes=codes, lasting=bool(kept))
    if kind:
        found = found or _about_a_kind(sentence, reach, codes=codes)
        found = [replace(d, kind="manner") if d.kind == "direct" else d for d in found]
        reach, why = max((reach, why), (Reach.HABIT, f"every: {kind}"))
    if not found and _contrasts(sentence.text, codes):
        found = [Directive(sentence, Force.PLAIN, "contrast", sentence.text[:60])]
    if not found and _states_a_practice(sentence.text, reach, codes):
        found = [Directive(sentence, Force.PLAIN, "convention", sentence.text[:60])]
    found = [_raised(directive, reach, why) for directive in found]
    return [d for d in found if kind or d.reach == Reach.LASTING or not _is_bound(d, sentence, codes=codes)]


def _about_a_kind(sentence: Span, reach: Reach, *, codes: Languages) -> list[Directive]:
    """A sentence about a kind of work, with no other cue in it, that still orders or says what is usual."""
    body = sentence.text[lead_length(sentence.text, codes) :]
    if orders(body, codes) or reach > Reach.HERE or IN_ORDER.search(body) or cue("usual", body, codes):
        return [Directive(sentence, Force.PLAIN, "convention", sentence.text[:60])]
    return []


def _contrasts(text: str, codes: Languages) -> bool:
    """True of "this, not that" said of a form of work or of code: "metric units, not imperial"."""
    body = text[lead_length(text, codes) :]
    formal = cue("form", body, codes) and not cue("subject", body, codes)
    return bool(cue("contrast", body, codes)) and (bool(formal) or len(_CODE_SPAN.findall(body)) > 1)


def _states_a_practice(text: str, reach: Reach, codes: Languages) -> bool:
    """True of a sentence without an order in it that still says how work is done: a convention, a row of steps."""
    if text.endswith((":", "：")):
        return False
    in_order = len(ARROW.findall(text)) > 1 or bool(IN_ORDER.search(text))
    practice = cue("convention", text, codes) or cue("convention", text[lead_length(text, codes) :], codes)
    return bool(practice) or (reach > Reach.HERE and in_order)


def _raised(directive: Directive, reach: Reach, why: str) -> Directive:
    return replace(directive, reach=reach, reached_by=why) if reach > directive.reach else directive


def _is_question(text: str, codes: Languages) -> bool:
    if not cue("question", text, codes) or cue("polite", text, codes):
        return False
    body = text[lead_length(text, codes) :].rstrip()
    return body.endswith(("?", "？")) or weigh(body, codes)[0] < Force.PLAIN


def _is_bound(directive: Directive, sentence: Span, *, codes: Languages) -> bool:
    """True of a directive about one place of one text; behind "every time" a place is that of any such text."""
    body = sentence.text[lead_length(sentence.text, codes) :]
    every = cue("habit", body, codes)
    relative = bool(every) and body.startswith(every)
    return bool((not relative and cue("bound", directive.span.text, codes)) or cue("once", sentence.text, codes))


def _group(text: str, sentence: Span, *, codes: Languages, lasting: bool) -> list[Directive]:
    """Directives with what belongs to them: conditions before, the rest of the thought after."""
    found: list[Directive] = []
    opening: int | None = None
    pieces = clauses(text, sentence)
    lasting = lasting or bool(cue("lasting", sentence.text, codes)) or has_lone_habit(pieces, codes)
    for place, clause in enumerate(pieces):
        tail = place > 0 and opening is None and bool(cue("tail", clause.text, codes))
        last = clause is pieces[-1]
        force, kind, words = _clause_force(clause, codes, opens=not last and _opens(text, clause, codes=codes))
        joined = place > 0 and bool(_AND.search(text[pieces[place - 1].end : clause.start]))
        if (
            not force
            and kind != "condition"
            and not joined
            and (lasting or (opening is not None and _is_for_every(text[opening : clause.start], codes)))
        ):
            force, kind, words = _asked_every_time(clause, codes)
        if (
            force
            and opening is None
            and not found
            and place
            and _needs_the_start(text, pieces[: place + 1], kind, codes=codes)
        ):
            opening = pieces[0].start
        if force and not tail:
            start = clause.start if opening is None else opening
            found.append(Directive(Span(start, clause.end, text[start : clause.end]), force, kind, words))
            opening = None
        elif not last and (opening is not None or _opens(text, clause, codes=codes)):
            opening = clause.start if opening is None else opening
        elif found and opening is None and not cue("chat", clause.text, codes):
            found[-1] = _extended(found[-1], text, end=clause.end)
    if found and opening is not None:
        found[-1] = _extended(found[-1], text, end=pieces[-1].end)
    return _in_one(found, text, sentence) if IN_ORDER.search(sentence.text) else found


def _needs_the_start(text: str, pieces: tuple[Span, ...], kind: Kind, *, codes: Languages) -> bool:
    """True of a clause that says nothing without those before it: "four levels, never five", "rebase, don't merge"."""
    before = text[pieces[0].start : pieces[-2].end]
    leaning = _is_scrap(pieces[-1].text) or (_is_scrap(before) and not cue("chat", before, codes))
    return kind == "replace" or leaning


def _is_scrap(text: str) -> bool:
    return text.isascii() and len(text.split()) <= _SCRAP


def _is_for_every(opening: str, codes: Languages) -> bool:
    """True of an opening such as "every time you commit", not of somebody's habit: "we always stay there"."""
    first = opening.split(maxsplit=1)[0].casefold()
    return first not in PRONOUNS and bool(cue("habit", opening, codes))


def _in_one(found: list[Directive], text: str, sentence: Span) -> list[Directive]:
    """The directives with an order of work kept in one: from the one that says "first" to the sentence's end."""
    first = _FIRST.search(text, sentence.start, sentence.end)
    if found and first and first.start() < found[0].span.start:
        return [replace(found[0], span=sentence)]
    for place, directive in enumerate(found):
        if _FIRST.search(directive.span.text):
            labelled = place > 0 and text[found[place - 1].span.end :].lstrip().startswith((":", "："))
            opening = place - 1 if labelled else place
            return [*found[:opening], _extended(found[opening], text, end=sentence.end)]
    return found


def _clause_force(clause: Span, codes: Languages, *, opens: bool) -> tuple[Force, Kind, str]:
    body = clause.text[lead_length(clause.text, codes) :]
    weighed = weigh(body, codes)
    conditional = cue("condition", clause.text, codes) or cue("condition", body, codes)
    if opens and conditional and weighed[0] <= Force.WEAK:
        return Force.NONE, "condition", ""
    return weighed if weighed[0] else scoped(body, codes) or weighed


def _asked_every_time(clause: Span, codes: Languages) -> tuple[Force, Kind, str]:
    """An order, or a request, behind "as a rule," is no request for work but a way of working."""
    body = clause.text[lead_length(clause.text, codes) :]
    habit = cue("habit", body, codes)
    ordered = orders(body, codes) and not (habit and body.startswith(habit))
    return (Force.PLAIN, "habit", body[:60]) if ordered else (Force.NONE, "chat", "")


_OPENING: tuple[Kind, ...] = ("condition", "habit", "place", "lasting")


def _opens(text: str, clause: Span, *, codes: Languages) -> bool:
    """True of a clause that says when or for what the next one holds, or is its label: "对照组：…"."""
    after = text[clause.end : clause.end + 1]
    label = after in {":", "："} and len(clause.text) <= 24
    body = clause.text[lead_length(clause.text, codes) :]
    return label or not body or any(cue(kind, clause.text, codes) for kind in _OPENING)


def _extended(directive: Directive, text: str, *, end: int) -> Directive:
    start = directive.span.start
    return replace(directive, span=Span(start, end, text[start:end]))
