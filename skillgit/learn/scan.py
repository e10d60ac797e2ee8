"""What a skill's files hold that should not be in one, found line by line.

    secret:KIND            high      a key, a token, a password
    hidden-text            high      characters that a person does not see and a model reads
    reordered-text         high      characters that show a line in another order than it is read
    instruction-override   high      an order to leave other instructions aside; medium where it is quoted
    run-from-network       high      what a server sends is run without being a script of its own: eval "$(curl ...)"
    pipe-to-shell          medium    curl ... | sh
    encoded-text           medium    Base64 or hexadecimal digits that are text; high where it is one of the above
    encoded-program        high      the same, of a program
    program                medium    a file that is a program of some machine's

The kinds are what `scan.allow` names.
"""

from __future__ import annotations

import base64
import binascii
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from skillgit.learn.secrets import secrets

Severity = Literal["low", "medium", "high"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)

_MAGIC = (b"\x7fELF", b"MZ\x90\0", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa\xcf", b"\xca\xfe\xba\xbe")
"""How programs begin: ELF, PE, Mach-O."""

_HIDDEN = re.compile(
    "[\U000e0000-\U000e007f]+|[\U000e0100-\U000e01ef]{4,}|[\ufe00-\ufe0f]{4,}|[\u200b\u2060-\u2064\u180e]{4,}"
    "|(?<=[A-Za-z])[\u200b\u2060\u00ad\ufeff](?=[A-Za-z])"
)
"""Tags (flags of some emoji aside), long runs of marks that text can hide in, and breaks within a word."""
_FLAG = re.compile("(?<=\U0001f3f4)[\U000e0061-\U000e007a]{2,6}\U000e007f")
_REORDERED = re.compile("[\u202a\u202b\u202d\u202e\u2066-\u2068]")

_EARLIER = "previous|prior|above|earlier|preceding|existing|original|system|safety|former|foregoing|past"
_ORDERS = "instructions?|prompts?|rules?|guidelines?|directives?|directions?|restrictions?|safeguards?"
_OVERRIDE = re.compile(
    rf"""(?ix)
    \b(?:ignore|disregard|forget|override|bypass|neglect)\s+
      (?:(?:all|any|every|each|of|the|your|these|those|my|its)\s+){{0,4}}
      (?:{_EARLIER})\s+(?:(?:{_EARLIER}|and|or)\s+){{0,2}}(?:{_ORDERS})\b
    | \b(?:ignore|disregard|forget)\s+(?:all|everything)\s+(?:that\s+)?
      (?:you(?:'ve|\ have|\ were)?\s+(?:been\s+)?told|(?:said\s+)?(?:above|before))\b
    | \byou\ are\ (?:now\ )?(?:dan\b|in\ (?:developer|god|jailbreak)\ mode|no\ longer\ bound\ by)
    | <\|(?:im_start|system|endoftext)\|>\s*system\b
    | (?:忽略|无视|忘记|忘掉|抛开|不要理会|不用管|不必理会|跳过)
      (?:掉|你|您|的|所有|一切|全部|任何|之前|以前|以上|上面|前面|先前|此前|系统|原有|原来|其他|给|出|收到){{1,6}}
      (?:指令|指示|提示词?|规则|设定|命令|约束|限制)
    """
)
_OVERRIDING = (
    *("ignore", "disregard", "forget", "override", "bypass", "neglect", "you are", "<|"),
    *("忽略", "无视", "忘记", "忘掉", "抛开", "理会", "不用管", "跳过"),
)
_FETCHING = ("curl", "wget", "fetch", "iwr", "irm", "invoke-", "webclient", "requests", "urllib", "httpx", "base64")
_QUOTED = re.compile(r"[\"'“‘「『`«][^\"'”’」』`»]{0,60}$")
_FETCH = r"(?:curl|wget|fetch|iwr|irm|Invoke-WebRequest|Invoke-RestMethod)\b"
_SHELL = (
    r"(?:sudo\s+(?:-\S+\s+)*)?(?:/\S*/)?"
    r"(?:(?:ba|z|da|k|fi)?sh|python[\d.]*|perl|ruby|node|iex|Invoke-Expression|pwsh)\b"
)
_PIPED = re.compile(rf"(?i)\b{_FETCH}[^\n|;&]{{0,400}}\|\s*(?:tee\s+\S+\s*\|\s*)?{_SHELL}")
_RUN = re.compile(
    rf"""(?ix) \b(?:eval|exec|source|\.) \s*["'(]*\s* (?:\$\(|`|<\() \s*{_FETCH}
    | \b(?:ba|z|da)?sh \s+ (?:-c\s+["']?\$\(|<\() \s*{_FETCH}
    | \b(?:iex|Invoke-Expression)\b [\s("'&]* (?:\(?New-Object\s+Net\.WebClient|{_FETCH})
    | \bexec\( \s*(?:requests|urllib\.request|urllib2|httpx)\.(?:get|urlopen)\(
    | \bbase64\s+(?:-d|--decode)\b [^\n|]{{0,80}} \|\s*{_SHELL}"""
)
_ENCODED = re.compile(
    r"(?<![A-Za-z0-9+/=_-])(?:[A-Za-z0-9+/_-]{64,}={0,2}|(?:[0-9a-fA-F]{2}){40,}|(?:\\x[0-9a-fA-F]{2}){24,})"
)
_MEDIA = re.compile(r"data:(?:image|font|audio|video)/[\w.+-]+;base64,$")
_LONGEST = 1 << 16  # characters of what is decoded


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found in a file: `line` is 1-based and None for the whole, `why` says it in words."""

    kind: str
    severity: Severity
    path: str
    line: int | None
    why: str


def scan(path: str, content: bytes) -> tuple[Finding, ...]:
    """What a file holds that should not be in a skill, by line."""
    if content.startswith(_MAGIC):
        return (Finding("program", "medium", path, None, "a program, which nobody can read"),)
    text = content.decode("utf-8", "replace")
    if "\0" in text[:8000]:
        return ()
    breaks = [match.start() for match in re.finditer("\n", text)]
    found = (
        Finding(kind, severity, path, bisect_right(breaks, at - 1) + 1, why) for kind, severity, at, why in _all(text)
    )
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: finding.line or 0))


_Found = tuple[str, Severity, int, str]
"""A kind, how bad it is, where it begins, and why it was found."""


def _all(text: str) -> Iterator[_Found]:
    for span in secrets(text):
        yield f"secret:{span.kind}", "high", span.start, f"it looks like a secret ({span.kind})"
    yield from _unseen(text)
    yield from _commands(text)
    for match in _ENCODED.finditer(text):
        yield from _encoded(match[0], match.start(), before=text[max(match.start() - 60, 0) : match.start()])


def _unseen(text: str) -> Iterator[_Found]:
    if text.isascii():
        return
    flags = {match.start() for match in _FLAG.finditer(text)}
    for match in _HIDDEN.finditer(text):
        if match.start() not in flags:
            yield (
                "hidden-text",
                "high",
                match.start(),
                f"{len(match[0])} characters (U+{ord(match[0][0]):04X}) are not seen",
            )
    for match in _REORDERED.finditer(text):
        yield "reordered-text", "high", match.start(), f"U+{ord(match[0]):04X} shows the line in another order"


def _commands(text: str) -> Iterator[_Found]:
    lowered = text.lower()
    for match in _OVERRIDE.finditer(text) if _has(lowered, _OVERRIDING) else ():
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        severity: Severity = "medium" if _QUOTED.search(line) else "high"
        yield "instruction-override", severity, match.start(), f"it sets other instructions aside: '{match[0]}'"
    if not _has(lowered, _FETCHING):
        return
    for match in _RUN.finditer(text):
        yield "run-from-network", "high", match.start(), f"it runs what a server sends: '{match[0]}'"
    for match in _PIPED.finditer(text):
        yield "pipe-to-shell", "medium", match.start(), f"it pipes a download into a program: '{match[0][:100]}'"


def _has(lowered: str, words: Iterable[str]) -> bool:
    """Whether one of the words is there: most texts need no closer look."""
    return any(word in lowered for word in words)


def _encoded(run: str, start: int, *, before: str) -> Iterator[_Found]:
    content = None if _MEDIA.search(before) else _decoded(run[:_LONGEST])
    if content is None:
        return
    if content.startswith(_MAGIC):
        yield "encoded-program", "high", start, "it is an encoded program"
    elif said := _text(content):
        worst = next((kind for kind, severity, _, _ in (*_unseen(said), *_commands(said)) if severity != "low"), "")
        clip = " ".join(said.split())[:60]
        yield (
            "encoded-text",
            "high" if worst else "medium",
            start,
            f"it is encoded text: '{clip}'" + (worst and f" ({worst})"),
        )


def _decoded(run: str) -> bytes | None:
    """The bytes that Base64 or hexadecimal digits stand for; None where they are neither."""
    digits = run.replace("\\x", "")
    if re.fullmatch(r"[0-9a-fA-F]+", digits):
        return bytes.fromhex(digits[: len(digits) // 2 * 2])
    try:
        plain = run.translate(str.maketrans("-_", "+/")).rstrip("=")
        return base64.b64decode(plain[: len(plain) // 4 * 4], validate=True)
    except (binascii.Error, ValueError):
        return None


def _text(content: bytes) -> str:
    """The text that the bytes are, or "" where they are none that is read."""
    try:
        said = content.decode("utf-8")
    except UnicodeDecodeError as err:
        if err.start < len(content) - 4:
            return ""
        said = content[: err.start].decode("utf-8")
    readable = sum(char.isprintable() or char.isspace() for char in said)
    return said if readable == len(said) and re.search(r"[^\W\d_]{3,}", said) else ""
