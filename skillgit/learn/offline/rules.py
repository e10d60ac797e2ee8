"""From durable directives to rules: cleaned, atomic, without repetition, the latest word winning."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from skillgit.learn.candidate import Evidence, Rule
from skillgit.learn.offline.judge import ARROW, Directive, TurnVerdict
from skillgit.learn.offline.language import Languages, cue, lead_length

_LONGEST = 400
_LINE_STRUCTURE = re.compile(r"^(?:\s|#{1,6}\s|>|[-*+•·●]\s|\d{1,2}[.)、]\s*|[-=_*~`]{3,}|[|:：,，。.、;；!！…]+)+")
_TAG = re.compile(r"</?[A-Za-z!?][^<>]*>")
_SPACES = re.compile(r"\s+")
_TRAILING = " \t,，;；、:：.。!！…~～-–—"
_TOKEN = re.compile(r"[^\W\d_]{2,}|\d+(?:\.\d+)?%?|[\u3400-\u9fff\u3040-\u30ff]+")
_CJK = re.compile(r"[\u3400-\u9fff\u3040-\u30ff]+")
_NUMBER = re.compile(r"\d")
# Words that carry an order's form, not what it is about.
_FORM_WORDS = frozenset(
    [
        "do",
        "not",
        "don",
        "dont",
        "never",
        "no",
        "avoid",
        "stop",
        "use",
        "using",
        "uses",
        "always",
        "please",
        "must",
        "should",
        "you",
        "can",
        "may",
        "are",
        "is",
        "the",
        "any",
        "all",
        "every",
        "for",
        "and",
        "with",
        "without",
        "after",
        "again",
        "more",
        "after",
        "okay",
        "ok",
        "fine",
        "only",
        "instead",
        "be",
        "to",
        "in",
        "of",
        "it",
        "this",
        "that",
        "have",
        "add",
        "include",
        "make",
        "sure",
        "now",
        "actually",
        "allowed",
        "my",
        "mind",
        "them",
        "不要",
        "不用",
        "不能",
        "不得",
        "禁止",
        "避免",
        "不再",
        "使用",
        "可以",
        "必须",
        "一律",
        "统一",
        "要用",
        "要使",
        "用使",
        "要有",
        "需要",
        "还是",
        "不可",
        "可用",
    ]
)


@dataclass(frozen=True, slots=True)
class Said:
    """A directive, where it was said, and what it comes to as a line of text."""

    turn: int
    directive: Directive
    text: str
    codes: Languages

    @property
    def rule(self) -> Rule:
        """The rule with its quote."""
        return Rule(self.text, Evidence(self.turn, self.directive.span.text))


def distil(verdicts: tuple[TurnVerdict, ...], *, codes: Languages) -> tuple[Rule, ...]:
    """The rules of one topic, in the order they were said; what was taken back is gone."""
    said: list[Said] = []
    for verdict in verdicts:
        for directive in verdict.directives:
            text = polish(directive.span.text, codes)
            if text:
                said = _heard(said, Said(verdict.turn, directive, text, codes))
    return tuple(item.rule for item in said)


def steps(verdicts: tuple[TurnVerdict, ...], *, codes: Languages) -> tuple[Rule, ...]:
    """The order of work the user gave last, as steps; empty where none was given."""
    for verdict in reversed(verdicts):
        for directive in reversed(verdict.directives):
            pieces = _ordered(directive.span.text, codes)
            if pieces:
                return tuple(Rule(polish(p, codes), Evidence(verdict.turn, p)) for p in pieces)
    return ()


def polish(text: str, codes: Languages) -> str:
    """One line of plain text: the instruction without courtesy, list markers, markup or control characters."""
    line = unicodedata.normalize("NFC", text)
    line = "".join(" " if char.isspace() else char for char in line if char.isspace() or _is_visible(char))
    line = _TAG.sub(" ", line)
    line = _LINE_STRUCTURE.sub("", _SPACES.sub(" ", line).strip())
    line = line[lead_length(line, codes) :]
    line = _LINE_STRUCTURE.sub("", line).strip(" ").rstrip(_TRAILING)
    if line.count("`") % 2:
        line = line.replace("`", "")
    line = line.replace("<", "\\<") if "`" not in line else line
    if len(line) > _LONGEST or not any(char.isalnum() for char in line):
        return ""
    return _capital(line)


def _is_visible(char: str) -> bool:
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _capital(line: str) -> str:
    first = line.split(" ", 1)[0]
    return line[0].upper() + line[1:] if " " in line and first.isalpha() and first.islower() else line


def _heard(said: list[Said], new: Said) -> list[Said]:
    kept = [old for old in said if not _supersedes(new, old)]
    return kept if any(_key(old.text) == _key(new.text) for old in kept) else [*kept, new]


def _supersedes(new: Said, old: Said) -> bool:
    """True where the later directive contradicts the earlier one, changes its number or says it more fully."""
    ours, theirs = _about(new.text), _about(old.text)
    if not ours or not theirs or _key(new.text) == _key(old.text):
        return False
    shared = len(ours & theirs)
    if _forbids(new) != _forbids(old):
        return shared * 5 >= 3 * min(len(ours), len(theirs))
    words, others = (frozenset(t for t in side if not _NUMBER.search(t)) for side in (ours, theirs))
    if words == others and ours != theirs:
        return True
    return len(theirs) > 1 and theirs < ours


def _forbids(said: Said) -> bool:
    return not said.directive.permits and bool(cue("forbid", said.text, said.codes))


def _about(text: str) -> frozenset[str]:
    """The words of a rule that say what it is about; runs of ideographs as pairs."""
    found: list[str] = []
    for token in _TOKEN.findall(text.casefold()):
        if _CJK.fullmatch(token):
            found += [token[i : i + 2] for i in range(max(1, len(token) - 1))]
        else:
            found.append(token)
    return frozenset(found) - _FORM_WORDS


def _key(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


_FIRST_THEN = re.compile(
    r"^(?:.*?[,，:：]\s*)?(?:first(?:ly)?,?\s+|先|首先[，,]?)(?P<first>.+?)[,，;；。.]?\s*(?:and )?(?:then|next|再|然后|接着|其次|之后再)[,，]?\s*(?P<then>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_NEXT = re.compile(
    r"[,，;；。.]?\s*(?:and )?(?:\bthen\b|\bnext\b|\bfinally\b|\blastly\b|再(?!次)|然后|接着|最后)[,，]?\s*",
    re.IGNORECASE,
)


def _ordered(text: str, codes: Languages) -> tuple[str, ...]:
    """The steps in a text that gives an order of work, each an exact piece of the text."""
    if len(ARROW.findall(text)) > 1:
        return _arrow_steps(text)
    match = _FIRST_THEN.match(text)
    if not match:
        return ()
    tail = [piece.strip(_TRAILING) for piece in _NEXT.split(match["then"])]
    pieces = [match["first"].strip(_TRAILING), *[piece for piece in tail if piece]]
    return tuple(pieces) if len(pieces) > 1 else ()


_HEAD = re.compile(r"^.*[,，:：]\s*", re.DOTALL)


def _arrow_steps(text: str) -> tuple[str, ...]:
    pieces = [piece.strip(_TRAILING) for piece in ARROW.split(text)]
    first = _HEAD.sub("", pieces[0]).strip()
    return tuple(piece for piece in (first, *pieces[1:]) if piece)
