"""What changed between two bodies, as rules: added, removed, reworded, or turned into their opposite.

A rule is a list item or a line of prose outside code fences. Headings are no rules, nor is
what stands under a heading that only lists examples, triggers, tags or files. Moving a rule
changes nothing, nor do its marker, emphasis, case or final full stop.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from skillgit.skills.outline import outside_fences

REWORDED = 0.5  # a pair at least this alike is one rule before and after
REACH = 60  # a reworded rule is looked for this many rules up and down, so that a huge body stays linear

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?$")
_MARKER = re.compile(r"[ \t]*(?:>[ \t]*)*(?:(?:[-*+•]|\d{1,9}[.)、])(?:[ \t]+|(?<=、)|$))?(?:\[[ xX]\][ \t]+)?")
_EMPHASIS = re.compile(r"\*+|_{2,}|`+")
_ASIDE = re.compile(
    r"triggers?|when to use|examples?|tags?|files?|resources?|references?|触发词?|触发条件|何时使用|示例|例子|标签|文件"
)

_NEGATION = re.compile(
    r"\b(?:not|no|none|never|neither|nor|cannot|without|avoid(?:s|ing)?|refrain(?:s|ing)?|omit(?:s|ting)?|skip(?:s|ping)?"
    r"|exclud(?:e|es|ing)|forbid(?:s|den)?|prohibit(?:s|ed)?|\w+n['’]t"
    r"|nicht|keine?[nmrs]?|nie|niemals|ohne|jamais|pas|sans|nunca|sin|não|nunca|sem|non|mai|senza)\b"
    r"|не\b|никогда|без\b|不(?!同|仅|断|但|管|过|错)|勿|禁止?|避免|(?<![\u3400-\u9fff])别|无需|しない|ない(?:で|こと)|ません"
)
_FILLER = re.compile(
    r"\b(?:an?|the|of|to|in|for|and|or|with|on|at|by|as|is|are|be|its?|this|that|any|every|each|all|does|do|always|must"
    r"|should|shall|may|can|will|please|only|includes?)\b|必须|应该|需要|[要请应须的了和与在是需]"
)
_LABEL = re.compile(r"[^:：.。,，;；]{1,40}[:：](?=\s|\*|[\u3400-\u9fff])\W*")
_CLAUSE = re.compile(r"[,;:.!?](?:\s|$)|[，；：。！？、—–(（]")
_TOKEN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|(?:(?![\u3400-\u9fff\uf900-\ufaff])[^\W_])+")


@dataclass(frozen=True, slots=True)
class RuleChanges:
    """The rules' texts without their list markers.

    `changed` pairs (before, after) rules that are one rule in other words; `reversed` are
    those of them that now say the opposite ("use tables", "do not use tables").
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[tuple[str, str], ...] = ()
    reversed: tuple[tuple[str, str], ...] = ()


def rule_changes(before_body: str, after_body: str) -> RuleChanges:
    """Compare the rules of two bodies; all parts are in the order of the body they stand in."""
    before, after = _changed_only(rules(before_body), rules(after_body))
    pairs = _pairs(before, after)
    old, new = {i for i, _ in pairs}, {j for _, j in pairs}
    changed = [(before[i], after[j]) for i, j in sorted(pairs, key=lambda pair: pair[1])]
    return RuleChanges(
        added=tuple(text for j, text in enumerate(after) if j not in new),
        removed=tuple(text for i, text in enumerate(before) if i not in old),
        changed=tuple(changed),
        reversed=tuple(pair for pair in changed if is_reversal(*pair)),
    )


def rules(body: str) -> list[str]:
    """Give the rules of a body in order, without their list markers."""
    found: list[str] = []
    aside = 0  # the level of the heading whose section holds no rules
    for _, line in outside_fences(body.splitlines()):
        if heading := _HEADING.match(line):
            level = len(heading[1])
            aside = aside if 0 < aside < level else level if is_aside(heading[2] or "") else 0
        elif not aside and _says_something(text := line[_marker_end(line) :].strip()):
            found.append(text)
    return found


def is_aside(heading: str) -> bool:
    """Say whether what stands under a heading only illustrates: examples, triggers, tags, files."""
    return _ASIDE.fullmatch(_EMPHASIS.sub("", heading).strip(" #:：").casefold()) is not None


def _marker_end(line: str) -> int:
    marker = _MARKER.match(line)
    return marker.end() if marker else 0


def _says_something(text: str) -> bool:
    return any(c.isalnum() for c in text) and not text.startswith("<!--")


def _changed_only(before: list[str], after: list[str]) -> tuple[list[str], list[str]]:
    """Drop the rules that stand in both, wherever and however marked."""
    old, new = Counter(map(plain, before)), Counter(map(plain, after))
    return _surplus(before, old - new), _surplus(after, new - old)


def _surplus(texts: list[str], counts: Counter[str]) -> list[str]:
    kept = []
    for text in texts:
        if counts[key := plain(text)] > 0:
            counts[key] -= 1
            kept.append(text)
    return kept


def plain(text: str) -> str:
    """A rule's text without what makes no difference: emphasis, case, spacing, a full stop."""
    bare = _EMPHASIS.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return " ".join(bare.split()).rstrip(" .。;；,!")


def _pairs(before: list[str], after: list[str]) -> list[tuple[int, int]]:
    """Match each rule to its rewording, the most alike first."""
    old, new = [content(text) for text in before], [content(text) for text in after]
    near = (
        (_likeness(words, new[j]), i, j)
        for i, words in enumerate(old)
        for j in range(max(0, i - REACH), min(len(new), i + REACH + 1))
    )
    left, right = set(range(len(old))), set(range(len(new)))
    pairs = []
    for _, i, j in sorted((item for item in near if item[0] >= REWORDED), key=lambda item: (-item[0], item[1:])):
        if i in left and j in right:
            left.remove(i)
            right.remove(j)
            pairs.append((i, j))
    return pairs


def content(text: str) -> frozenset[str]:
    """The words a rule is about: no negations, no filler, no plural."""
    words = _TOKEN.findall(_FILLER.sub(" ", _NEGATION.sub(" ", plain(text))))
    return frozenset(map(_singular, words))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The mean of the shared share of both and of the shorter: "cite sources" is in "cite a source for ..."."""
    if not one or not other:
        return 0.0
    shared = len(one & other)
    return shared / (len(one) + len(other)) + shared / min(len(one), len(other)) / 2


def is_reversal(before: str, after: str) -> bool:
    """Say whether one forbids what the other asks for, judged by what each opens with."""
    one, other = content(_opening(before)), content(_opening(after))
    apart = min(len(one - other), len(other - one)) > 1  # "... in release notes" alone makes no two rules one matter
    return forbids(before) != forbids(after) and _likeness(one, other) >= REWORDED and not apart


def forbids(rule: str) -> bool:
    """Say whether a rule forbids, judged by what it opens with; "do not omit" asks for it."""
    return len(_NEGATION.findall(_opening(rule))) % 2 == 1


def _opening(text: str) -> str:
    """The first clause, without a label: "**Tone**: be brief, never curt" opens with "be brief"."""
    clauses = [part for part in _CLAUSE.split(plain(_LABEL.sub("", text))) if _says_something(part)]
    return clauses[0] if clauses else ""
