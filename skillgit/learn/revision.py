"""A model's edits of a skill, line by line: checked against the file and the candidate, then applied.

An edit names a line and a rule of the candidate. What no edit speaks of keeps every byte; a rule is never lost, as each
has one place; a line goes only where a rule of the user's is about the same matter, or says the opposite.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from skillgit.learn import edit, listing
from skillgit.learn.candidate import Candidate
from skillgit.learn.edit import Edited, Hunk
from skillgit.learn.listing import Style, one_line
from skillgit.merge.hunk import Conflict
from skillgit.merge.support import unsupported
from skillgit.skills.document import Document
from skillgit.skills.outline import Item
from skillgit.skills.rules import content, forbids

Kind: TypeAlias = Literal["keep", "replace", "add", "remove"]

NEAR: Final = 0.5
"""Two rules are about the same matter where so much of the shorter one's words of weight are in the other."""
_SAID = 0.3  # as much where a line is said to say a rule already: nothing is lost then but the rule's wording


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit: `line` is 1-based in the body (0: the end of the rules), `rule` 1-based among the candidate's.

    keep      the line says the rule already
    replace   the line becomes `text`, or the rule where that is ""
    add       the rule goes below the line
    remove    the line goes, since the rule says the opposite
    """

    kind: Kind
    line: int
    rule: int
    text: str = ""
    reason: str = ""


def problems(document: Document, candidate: Candidate, edits: Sequence[Edit]) -> tuple[str, ...]:
    """What speaks against these edits, in words for the model; nothing where they may be applied."""
    lines = document.body.splitlines()
    rules = _rules_by_line(document.body)
    placed = [each.rule for each in edits if each.kind != "remove"]
    found = [f"rule {n} has no edit" for n in range(1, len(candidate.rules) + 1) if n not in placed]
    found += [f"rule {n} has several edits" for n in sorted({n for n in placed if placed.count(n) > 1})]
    changed = [each.line for each in edits if each.kind in ("replace", "remove")]
    found += [f"line {n} is edited several times" for n in sorted({n for n in changed if changed.count(n) > 1})]
    gone = {each.line for each in edits if each.kind == "remove"}
    found += [f"line {each.line} goes, and nothing can go below it" for each in edits if _hangs(each, gone)]
    for each in edits:
        if not 1 <= each.rule <= len(candidate.rules):
            found.append(f"there is no rule {each.rule}")
        elif each.line and not 1 <= each.line <= len(lines):
            found.append(f"there is no line {each.line}")
        else:
            found += _wrong(each, candidate.rules[each.rule - 1].text, lines=lines, rules=rules)
    return tuple(found)


def revise(document: Document, candidate: Candidate, edits: Sequence[Edit]) -> Edited:
    """The document with edits in which there are no problems; the candidate's steps and triggers are worked in, too."""
    style = edit.style_of(candidate, document.newline)
    body, rules = _applied(document.body, candidate, edits, style=style)
    body, steps = edit.with_steps(body, candidate, style)
    return edit.edited(document, body, (*rules, *steps), candidate)


def _rules_by_line(body: str) -> dict[int, Item]:
    """The items that are rules, by their 1-based line."""
    _, rules = edit.items(body)
    return {item.line + 1: item for item in rules}


def _hangs(each: Edit, gone: Collection[int]) -> bool:
    return each.kind == "add" and each.line in gone


def _wrong(each: Edit, rule: str, *, lines: Sequence[str], rules: dict[int, Item]) -> Iterator[str]:
    if each.kind == "add" and not each.line:
        return
    item = rules.get(each.line)
    old = item.text if item else lines[each.line - 1] if each.line else ""
    if item is None and each.kind != "keep":
        yield f"line {each.line} is no rule"
    elif each.kind == "keep" and _shared(old, rule) < _SAID:
        yield f"line {each.line} does not say rule {each.rule}"
    elif each.kind == "replace":
        yield from _wrong_replacement(each, old, rule)
    elif item and each.kind == "remove":
        if forbids(old) == forbids(rule) or _shared(old, rule) < NEAR:
            yield f"line {each.line} is not the opposite of rule {each.rule}: it stays"
        elif listing.below(item, lines) > item.line + 1:
            yield f"line {each.line} goes on below: it stays"


def _wrong_replacement(each: Edit, old: str, rule: str) -> Iterator[str]:
    new = one_line(each.text)
    if _shared(old, rule) < NEAR:
        yield f"line {each.line} is about another matter than rule {each.rule}: it stays"
    elif new and new != rule and unsupported(Conflict("", "", old, rule), new):
        yield f"the text for line {each.line} says what neither the line nor rule {each.rule} says"


def _shared(old: str, new: str) -> float:
    """The part of the shorter rule's words of weight that the other has."""
    one, other = content(old), content(new)
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def _applied(body: str, candidate: Candidate, edits: Sequence[Edit], *, style: Style) -> tuple[str, tuple[Hunk, ...]]:
    rules = _rules_by_line(body)
    texts = [one_line(rule.text) for rule in candidate.rules]
    lines = listing.complete(body, style)
    told = [_hunk(each, rules, texts) for each in edits if each.kind != "keep"]
    hunks = tuple(sorted(told, key=lambda hunk: not hunk.new))
    below = {n: listing.below(rules[n], lines) for n in rules}
    for each in sorted(edits, key=lambda each: -each.line):
        item = rules.get(each.line)
        if item is None or each.kind == "keep":
            continue
        line = lines[item.line]
        if each.kind == "replace":
            lines[item.line] = edit.reworded(line, item, one_line(each.text) or texts[each.rule - 1])
        elif each.kind == "remove":
            lines[item.line] = ""
        else:
            indent = line[: line.index(item.marker)]
            lines[below[each.line] - 1] += f"{indent}{listing.next_marker(item)} {texts[each.rule - 1]}{style.newline}"
    made = "".join(lines)
    for each in edits:
        if each.kind == "add" and not each.line:
            made = listing.with_item(made, "Rules", texts[each.rule - 1], style=style)
    return made if hunks else body, hunks


def _hunk(each: Edit, rules: dict[int, Item], texts: Sequence[str]) -> Hunk:
    old = rules[each.line].text if each.kind != "add" else ""
    new = "" if each.kind == "remove" else (each.text and one_line(each.text)) or texts[each.rule - 1]
    return Hunk(old, new)
