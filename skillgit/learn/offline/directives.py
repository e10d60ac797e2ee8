"""Read the directives of a turn: the clauses that tell the agent how to work, with what belongs to them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import IntEnum

from skillgit.learn.offline.generic import names_a_kind
from skillgit.learn.offline.language import TABLES, Languages, cue, lead_length
from skillgit.learn.offline.passages import Span, clauses, sentences
from skillgit.learn.offline.phrases import Kind
from skillgit.learn.offline.text import words

# "first ..., then ..." and "先……再……": one thought, however many commas.
_ORDER = re.compile(r"\bfirst(?:ly)?\b.+\b(?:then|next|finally)\b|(?:先|首先).+(?:再|然后|接着|最后)", re.IGNORECASE)
_FIRST = re.compile(r"\bfirst(?:ly)?\b|先", re.IGNORECASE)
ARROW = re.compile(r"\s*(?:->|=>|→|⇒|➜|➔|⟶|-->|——>)\s*")
_CODE_SPAN = re.compile(r"`[^`]+`")
_SCRAP = 2
_WORD_START = re.compile(r"(?<=\s)(?=\w)")
_PRONOUNS = words("you we i they he she it who that to which")


class Force(IntEnum):
    """How strongly a clause tells the agent how to work."""

    NONE = 0
    WEAK = 1
    PLAIN = 2


class Reach(IntEnum):
    """How far the user said it holds: this piece of work, every time, or beyond this conversation."""

    HERE = 0
    HABIT = 1
    LASTING = 2


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
    said = sentences(text)
    heading = (Reach.HERE, "")
    for place, sentence in enumerate(said):
        if place and cue("again", sentence.text, codes):
            continue
        if _hands_over(sentence, codes):
            break
        asked = asked or is_request(sentence, codes)
        kept = is_kept(said, place, codes)
        read = _read_sentence(text, sentence, codes=codes, kinds=kinds, kept=kept)
        if sentence.text.endswith((":", "：")) and all(directive.force == Force.WEAK for directive in read):
            heading, read = max(heading, _reach(sentence.text, codes)), []
        found += [replace(_raised(directive, *heading), spec=asked) for directive in read]
    return tuple(found)


def is_order_for_now(sentence: Span, codes: Languages) -> bool:
    """True of a sentence that opens with an order to do something, and says nothing of later: "fix the parser"."""
    ordered = cue("work", sentence.text[lead_length(sentence.text, codes) :], codes)
    return bool(ordered) and _reach(sentence.text, codes)[0] < Reach.LASTING


def _hands_over(sentence: Span, codes: Languages) -> bool:
    """True of an order with its material behind a colon, "Fix the grammar: he always go": none of it is the user's."""
    head, colon, material = sentence.text.partition("：" if "：" in sentence.text else ":")
    order = Span(sentence.start, sentence.start + len(head), head)
    if not colon or (colon == ":" and material[:1].strip()):
        return False
    return is_request(order, codes) or (bool(material) and is_order_for_now(order, codes))


def is_kept(said: tuple[Span, ...], place: int, codes: Languages) -> str:
    """The words of the sentence after that one that say that it holds from now on, or ""."""
    return next((cue("again", following.text, codes) for following in said[place + 1 : place + 2]), "")


def asks_for_work(text: str, codes: Languages) -> bool:
    """True where one of the first sentences of a user turn asks for a new piece of work."""
    return any(is_request(sentence, codes) for sentence in sentences(text)[:6])


def is_request(sentence: Span, codes: Languages) -> bool:
    """True where the sentence asks for a new piece of work before it says anything about how."""
    return request_start(sentence, codes) is not None


def request_start(sentence: Span, codes: Languages) -> int | None:
    """Where in the sentence's text the request for new work begins; None where there is none."""
    body = sentence.text[lead_length(sentence.text, codes) :]
    habit = cue("habit", body, codes)
    if _reach(sentence.text, codes)[0] == Reach.LASTING or (habit and body.startswith(habit)):
        return None
    if len(ARROW.findall(sentence.text)) > 1 or _has_lone_habit(
        clauses(sentence.text, Span(0, len(sentence.text), sentence.text)), codes
    ):
        return None
    ordered = _ORDER.search(sentence.text)
    for clause in clauses(sentence.text, Span(0, len(sentence.text), sentence.text))[: 1 if ordered else 4]:
        lead = lead_length(clause.text, codes)
        body = clause.text[lead:]
        if cue("request", body, codes):
            return clause.start + lead
        if weigh(body, codes)[0] >= Force.PLAIN:
            return None
    return None


def weigh(body: str, codes: Languages) -> tuple[Force, Kind, str]:
    """How strongly a clause, its lead taken off, tells the agent how to work, and by which cue."""
    if not body or cue("chat", body, codes):
        return Force.NONE, "chat", ""
    for kind in _PLAIN:
        words = cue(kind, body, codes)
        if words:
            return Force.PLAIN, kind, words[:60]
    if words := cue("use", body, codes):
        return (Force.PLAIN if cue("form", body, codes) else Force.WEAK), "use", words[:60]
    if cue("request", body, codes):
        return Force.NONE, "request", ""
    for kind in _WEAK:
        words = cue(kind, body, codes)
        if words and _has_object(body):
            return Force.WEAK, kind, words[:60]
    return _every_time(body, codes)


def _every_time(body: str, codes: Languages) -> tuple[Force, Kind, str]:
    """An order, or a request, behind a word for every time: "always run ...", "每次都列出..."."""
    words = cue("habit", body, codes)
    rest = body[len(words) :].strip(" ,，") if words and body.startswith(words) else ""
    ordered = bool(rest) and (weigh(rest, codes)[0] > Force.NONE or orders(rest, codes))
    return (Force.PLAIN, "habit", words) if ordered else (Force.NONE, "chat", "")


def orders(body: str, codes: Languages) -> bool:
    """True of a clause, its lead taken off, that could be an order by its first word: no subject, no preposition.

    That alone says little: it takes another cue beside it.
    """
    if cue("request", body, codes):
        return True
    return TABLES[codes[0]].spaced and body[:1].isalpha() and _has_object(body) and not cue("subject", body, codes)


_PLAIN: tuple[Kind, ...] = ("permit", "forbid", "manner", "require", "prefer", "replace")
_WEAK: tuple[Kind, ...] = ("adjust", "direct")


def _has_object(body: str) -> bool:
    """True unless the clause is one bare verb: "修改", "fix"."""
    return len(body) > 3 if not body.isascii() else " " in body


def _read_sentence(
    text: str, sentence: Span, *, codes: Languages, kinds: tuple[str, ...], kept: str
) -> list[Directive]:
    """The directives of one sentence; `kept` are the words after it that say that it holds from now on."""
    reach, why = (Reach.LASTING, f"lasting: {kept[:60]}") if kept else _reach(sentence.text, codes)
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
    if orders(body, codes) or reach > Reach.HERE or _ORDER.search(body) or cue("usual", body, codes):
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
    in_order = len(ARROW.findall(text)) > 1 or bool(_ORDER.search(text))
    practice = cue("convention", text, codes) or cue("convention", text[lead_length(text, codes) :], codes)
    return bool(practice) or (reach > Reach.HERE and in_order)


def _raised(directive: Directive, reach: Reach, why: str) -> Directive:
    return replace(directive, reach=reach, reached_by=why) if reach > directive.reach else directive


def _is_question(text: str, codes: Languages) -> bool:
    if not cue("question", text, codes) or cue("polite", text, codes):
        return False
    body = text[lead_length(text, codes) :].rstrip()
    return body.endswith(("?", "？")) or weigh(body, codes)[0] < Force.PLAIN


def _reach(text: str, codes: Languages) -> tuple[Reach, str]:
    """How far the sentence says that it holds, and by which words."""
    body = text[lead_length(text, codes) :]
    for kind in _LASTING:
        if words := cue(kind, text, codes) or cue(kind, body, codes):
            return Reach.LASTING, f"{kind}: {words[:60]}"
    force, ordered_by, _ = weigh(body, codes)
    firm = force >= Force.PLAIN or ordered_by == "use" or bool(_scoped(text, codes))
    if firm and (words := cue("place", text, codes)):
        return Reach.LASTING, f"place: {words[:60]}"
    words = cue("habit", text, codes)
    return (Reach.HABIT, f"habit: {words[:60]}") if words else (Reach.HERE, "")


_LASTING: tuple[Kind, ...] = ("lasting", "convention")


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
    lasting = lasting or bool(cue("lasting", sentence.text, codes)) or _has_lone_habit(pieces, codes)
    for place, clause in enumerate(pieces):
        tail = place > 0 and opening is None and bool(cue("tail", clause.text, codes))
        last = clause is pieces[-1]
        force, kind, words = _clause_force(clause, codes, opens=not last and _opens(text, clause, codes=codes))
        if not force and (lasting or (opening is not None and _is_for_every(text[opening : clause.start], codes))):
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
    return _in_one(found, text, sentence) if _ORDER.search(sentence.text) else found


def _needs_the_start(text: str, pieces: tuple[Span, ...], kind: Kind, *, codes: Languages) -> bool:
    """True of a clause that says nothing without those before it: "four levels, never five", "rebase, don't merge"."""
    before = text[pieces[0].start : pieces[-2].end]
    leaning = _is_scrap(pieces[-1].text) or (_is_scrap(before) and not cue("chat", before, codes))
    return kind == "replace" or leaning


def _is_scrap(text: str) -> bool:
    return text.isascii() and len(text.split()) <= _SCRAP


def _has_lone_habit(pieces: tuple[Span, ...], codes: Languages) -> bool:
    """True where "always" stands by itself: "write commit messages in English, always"."""
    return any(cue("habit", piece.text, codes) == piece.text.rstrip(".!。！") for piece in pieces)


def _is_for_every(opening: str, codes: Languages) -> bool:
    """True of an opening such as "every time you commit", not of somebody's habit: "we always stay there"."""
    first = opening.split(maxsplit=1)[0].casefold()
    return first not in _PRONOUNS and bool(cue("habit", opening, codes))


def _in_one(found: list[Directive], text: str, sentence: Span) -> list[Directive]:
    """The directives with an order of work kept in one: from the one that says "first" to the sentence's end."""
    for place, directive in enumerate(found):
        if _FIRST.search(directive.span.text):
            labelled = place > 0 and text[found[place - 1].span.end :].lstrip().startswith((":", "："))
            opening = place - 1 if labelled else place
            return [*found[:opening], _extended(found[opening], text, end=sentence.end)]
    return found


def _clause_force(clause: Span, codes: Languages, *, opens: bool) -> tuple[Force, Kind, str]:
    body = clause.text[lead_length(clause.text, codes) :]
    weighed = weigh(body, codes)
    if opens and cue("condition", clause.text, codes) and weighed[0] <= Force.WEAK:
        return Force.NONE, "condition", ""
    return weighed if weighed[0] else _scoped(body, codes) or weighed


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


def _scoped(body: str, codes: Languages) -> tuple[Force, Kind, str] | None:
    """The order behind a condition without a comma: "in this repo use uv"."""
    if not cue("condition", body, codes) or not body[:1].isalpha():
        return None
    for match in list(_WORD_START.finditer(body))[1:9]:
        before = body[: match.start()].split()
        weighed = weigh(body[match.start() :], codes)
        if weighed[0] >= Force.WEAK and weighed[1] != "direct" and before[-1].casefold() not in _PRONOUNS:
            return weighed
    return None


def _extended(directive: Directive, text: str, *, end: int) -> Directive:
    start = directive.span.start
    return replace(directive, span=Span(start, end, text[start:end]))
