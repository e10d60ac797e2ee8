"""The learner with a model: one call reads the conversation, code holds the answer to the user's words.

A rule without a quote in a turn of the user's is dropped, and that is told. Where nothing is left, or the answer cannot
be used, the model is asked once more with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from skillgit.errors import ModelError
from skillgit.learn.candidate import Abstention, Candidate, Rule
from skillgit.learn.claims import Said, said_by_user, shares_words, wrong_with
from skillgit.learn.dialogue import dialogue
from skillgit.learn.listing import one_line
from skillgit.learn.redact import redact
from skillgit.models.answer import ask, objects_of, text_of, texts_of
from skillgit.models.ports import Chat, Message
from skillgit.models.prompts import fenced, prompt
from skillgit.skills import naming
from skillgit.skills.spec import MAX_DESCRIPTION
from skillgit.transcripts.fields import Fields
from skillgit.transcripts.model import Transcript

PROMPT: Final = "extract"
BUDGET: Final = 24_000
"""The tokens of a conversation that a model is given, where the settings say nothing else."""

_MOST_RULES, _LONGEST_RULE = 20, 400
_LONGEST_TITLE, _LONGEST_TRIGGER, _LONGEST_TAG, _LONGEST_REASON = 80, 120, 30, 200
_MOST_TRIGGERS, _MOST_TAGS = 3, 5
_TOLD = 3  # things that are wrong with an answer that the model is told of
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_MARK = re.compile(r"(?:[-*+•]|\d{1,3}[.)])\s+")


@dataclass(frozen=True, slots=True)
class _Checked:
    """The rules that may stand, and what is wrong with the others, in words for the model."""

    rules: tuple[Rule, ...]
    wrong: tuple[str, ...]


def extract(
    chat: Chat, transcript: Transcript, *, hint: str | None = None, budget: int = BUDGET
) -> Candidate | Abstention:
    """Propose at most one skill from a conversation, which is sent once. It has to be without secrets already.

    Raises ModelError with the reason where the model gives no answer that can be used, also when asked again.
    """
    said = said_by_user(transcript)
    if not said.words:
        return Abstention("no turn of the user")
    words = prompt(PROMPT)
    told = dialogue(transcript, budget=budget)
    asked = fenced("what the user wants learned", redact(hint)) + "\n\n" if hint else ""
    messages = (Message("system", words.text), Message("user", asked + told.text))
    return ask(chat, messages, words.schema, partial(_read, said, unread=told.remark))


def _read(said: Said, record: Fields, *, unread: str) -> Candidate | Abstention:
    """The candidate in a model's answer; ModelError with what is wrong, in words for the model."""
    reason = one_line(text_of(record, "reason"))[:_LONGEST_REASON]
    rules, steps = _checked(said, objects_of(record, "rules")), _checked(said, objects_of(record, "steps"))
    wrong = rules.wrong + steps.wrong
    if not rules.rules and not steps.rules and not wrong:
        ends = f" ({unread})" if unread else ""
        return Abstention(f"nothing durable: {reason or 'the model found nothing'}{ends}")
    if steps.wrong or not (rules.rules or steps.rules):
        raise ModelError("; ".join(wrong[:_TOLD]))
    _check_language(record, (*rules.rules, *steps.rules))
    dropped = f"{len(wrong)} more of the model's left out, as nobody said so" if wrong else ""
    return Candidate(
        name=naming.slug(_named(said, record, "name")),
        title=_named(said, record, "title"),
        description=_description(said, record),
        rules=rules.rules,
        steps=steps.rules,
        triggers=_triggers(said, texts_of(record, "triggers")),
        tags=_tags(said, texts_of(record, "tags")),
        remarks=tuple(remark for remark in (dropped, unread) if remark),
    )


def _checked(said: Said, rows: Sequence[Fields]) -> _Checked:
    if len(rows) > _MOST_RULES:
        raise ModelError(f"there are {len(rows)} rules or steps, and no more than {_MOST_RULES} go into a skill")
    rules: list[Rule] = []
    wrong: list[str] = []
    for number, row in enumerate(rows, 1):
        text = _MARK.sub("", one_line(text_of(row, "text")), count=1)
        found = _rule(said, text, row)
        if isinstance(found, Rule):
            rules.append(found)
        else:
            wrong.append(f"'{text[:60]}' ({number}): {found}")
    return _Checked(tuple(rules), tuple(wrong))


def _rule(said: Said, text: str, row: Fields) -> Rule | str:
    """The rule with its evidence, or what is wrong with it."""
    quote, turn = text_of(row, "quote"), row.get("turn")
    if type(turn) is not int:
        raise ModelError("'turn' has to be a whole number")
    evidence = said.stands(quote, turn)
    if evidence is None:
        return f"its quote does not stand in turn {turn} of the user's"
    if not text or len(text) > _LONGEST_RULE:
        return f"a rule has 1 to {_LONGEST_RULE} characters"
    if not shares_words(text, evidence.quote):
        return "it has no word of its quote"
    return wrong_with(text, said) or Rule(text, evidence)


def _check_language(record: Fields, rules: Sequence[Rule]) -> None:
    """ModelError where a skill is named or described in another language than its rules are in."""
    spoken = bool(_CHINESE.search(" ".join(rule.text for rule in rules)))
    for key in ("title", "description"):
        if not spoken and _CHINESE.search(text_of(record, key)):
            raise ModelError(f"'{key}' has to be in the language of the rules")
    if spoken and not _CHINESE.search(text_of(record, "description")):
        raise ModelError("'description' has to be in the language of the rules")


def _named(said: Said, record: Fields, key: str) -> str:
    """A field of the answer that names the job."""
    text = one_line(text_of(record, key))
    if not any(char.isalnum() for char in text) or len(text) > _LONGEST_TITLE:
        raise ModelError(f"'{key}' has to name the job in at most {_LONGEST_TITLE} characters")
    if wrong := wrong_with(text, said, least=0):
        raise ModelError(f"'{key}': {wrong}")
    return text


def _description(said: Said, record: Fields) -> str:
    text = one_line(text_of(record, "description"))
    if not text or len(text) > MAX_DESCRIPTION or "<" in text or ">" in text:
        raise ModelError(f"'description' has to have 1 to {MAX_DESCRIPTION} characters, and no angle brackets")
    wrong = wrong_with(text, said, least=0)
    if not wrong and not shares_words(text, f"{text_of(record, 'title')}\n{said.text}"):
        wrong = "it says nothing of the job"
    if wrong:
        raise ModelError(f"'description': {wrong}")
    return text


def _triggers(said: Said, texts: Sequence[str]) -> tuple[str, ...]:
    """Those that the user did ask."""
    lines = dict.fromkeys(map(one_line, texts))
    asked = (line for line in lines if len(line) <= _LONGEST_TRIGGER and said.has(line) and not wrong_with(line, said))
    return tuple(asked)[:_MOST_TRIGGERS]


def _tags(said: Said, texts: Sequence[str]) -> tuple[str, ...]:
    """Single words, none of them out of nothing."""
    tags = dict.fromkeys(one_line(text).casefold() for text in texts)
    words = (tag for tag in tags if tag and len(tag) <= _LONGEST_TAG and not set(tag) & set(", \"'<>:[]{}#"))
    return tuple(word for word in words if not wrong_with(word, said, least=0))[:_MOST_TAGS]
