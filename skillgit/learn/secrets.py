"""Where the secrets of a text stand: the rules of betterleaks, and what they miss.

betterleaks knows more than 400 kinds of keys by the shape their issuers give them. Below are shapes that it wants more
around than a conversation gives, and passwords as people tell them. Numbers, ports, hashes, versions, identifiers and
standards are content, and so is a password that only stands for one: `<password>`, `changeme`, `$DB_PASSWORD`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from skillgit.errors import SkillgitError


@dataclass(frozen=True, slots=True)
class Span:
    """What stands from `start` up to `end`, exclusive, and of what kind it is: `github-pat`, `email`."""

    start: int
    end: int
    kind: str


_PASSWORD = r"""["'“]?(?P<secret>(?=[!-~]*\d)(?![^\s"']*[(\[{<$])[!-~]{7,}[^\s"',;.])"""
_OWN: tuple[tuple[str, str, str], ...] = (  # kind; words of which one stands in each of them; the shape
    ("private-key", "private key", r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"),
    ("aws-key-id", "akia asia abia acca", r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b"),
    (
        "aws-secret",
        "secret",
        r"""(?i:secret[ _]?access[ _]?key)["']?\s*(?:is|[=:])\s*["']?(?P<secret>[A-Za-z0-9/+=]{40})""",
    ),
    ("github-token", "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_", r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{50,})"),
    ("gitlab-token", "glpat-", r"\bglpat-[A-Za-z0-9_-]{20,}"),
    ("anthropic-key", "sk-ant-", r"\bsk-ant-[A-Za-z0-9_-]{20,}"),
    ("openai-key", "sk-", r"\bsk-(?:proj-|svcacct-)?(?=[a-z-]*[A-Z0-9])[A-Za-z0-9_-]{20,}"),
    ("slack-token", "xox", r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}"),
    ("stripe-key", "k_live_ k_test_", r"\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}"),
    ("google-key", "aiza", r"\bAIza[A-Za-z0-9_-]{35}"),
    ("google-oauth", "gocspx-", r"\bGOCSPX-[A-Za-z0-9_-]{28}"),
    ("npm-token", "npm_", r"\bnpm_[A-Za-z0-9]{36}"),
    ("pypi-token", "pypi-", r"\bpypi-[A-Za-z0-9_-]{50,}"),
    ("hugging-face-token", "hf_", r"\bhf_[A-Za-z0-9]{30,}"),
    ("notion-token", "ntn_", r"\bntn_[A-Za-z0-9]{40,}"),
    ("twilio-key", "sk", r"\bSK[0-9a-f]{32}\b"),
    ("mailgun-key", "key-", r"\bkey-[0-9a-f]{32}\b"),
    ("telegram-token", ":aa", r"\b[0-9]{8,10}:AA[A-Za-z0-9_-]{33}(?![\w-])"),
    ("discord-token", "m n o", r"\b[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38}(?![\w-])"),
    ("alibaba-key-id", "ltai", r"\bLTAI[A-Za-z0-9]{12,24}\b"),
    ("tencent-key-id", "akid", r"\bAKID[A-Za-z0-9]{32}\b"),
    ("bearer-token", "bearer", r"[Bb]earer (?P<secret>[A-Za-z0-9._~+/-]{20,}=*)"),
    ("basic-auth", "basic", r"[Bb]asic (?P<secret>(?=[A-Za-z0-9+/]*[0-9A-Z])[A-Za-z0-9+/]{16,}={0,2})"),
    ("jwt", "eyj", r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    ("url-password", "://", r"://[^/\s:@]{0,99}:(?P<secret>[^/\s@]{1,200})@"),
    (
        "url-token",
        "token= key= sig= signature= secret=",
        r"(?i)[?&#](?:access_|auth_|api_?|id_|refresh_|sas_)?(?:token|key|sig|signature|secret)="
        r"(?P<secret>(?=[a-z%_.~-]*[0-9])[\w%.~+-]{16,})",
    ),
    (
        "connection-password",
        "password pwd accountkey sharedaccesskey",
        r"(?i);\s?(?:password|pwd|accountkey|sharedaccesskey)\s?=\s?(?P<secret>[^;\s\"']{6,})",
    ),
    (
        "password",
        "passw passphrase secret token api",
        r"(?i:(?<!\[)(?:password|passwd|passphrase|secret|token|api[_ -]?key))[\"'”]?(?:\s+is\s+|\s*[=:：]\s*)"
        + _PASSWORD,
    ),
    ("password", "密码 密钥 口令 令牌", r"(?:密码|密钥|口令|令牌)[\"'”]?\s*(?:是|为|[=:：])\s*" + _PASSWORD),
)
_SHAPES = tuple((kind, tuple(words.split()), re.compile(shape, re.DOTALL)) for kind, words, shape in _OWN)

_ALLOWANCE = re.compile(r"(?i)(?<=leaks:)allow")
"""What makes betterleaks look away from a line; whoever writes a text may not decide that."""
_UNREADABLE = re.compile("[\0\ud800-\udfff]")

_DUMMY = re.compile(
    r"""(?ix) ["'`]* (?: .*(?:\*\*\*|xxxxx|\.\.\.|…|example|placeholder|change[-_]?me|redacted|dummy|your[-_]).*
    | .*[<>${}%].*
    | (?:(?:user|username|admin|root|postgres|mysql|guest|test|my|app|db|dev|strong|wrong|prod|secret)[:=_-]?)*
      (?:pass|password|passwd|pwd|secret|token|postgres|admin|root|guest|test|user|mysql|rabbitmq|redis|key)[0-9]{0,3}
    | [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12} | \[.* | (.)\1* ) ["'`,;)]*"""
)
"""What stands where a secret would: a word for one, a variable, a UUID, a placeholder."""
_CODE = re.compile(r"[A-Za-z_.]+|.*[(\[{].*", re.DOTALL)
"""What stands behind `password =` in a program: a name, a call."""


def secrets(text: str) -> tuple[Span, ...]:
    """Every secret of a text, in order; none overlaps another."""
    return apart((*_by_shape(text), *_by_rule(text)))


def apart(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order, those that overlap joined, as what the first of them is."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if joined and span.start < joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(span.end, joined[-1].end), joined[-1].kind)
        else:
            joined.append(span)
    return tuple(joined)


def _by_shape(text: str) -> Iterator[Span]:
    lowered = text.lower()
    for kind, words, shape in _SHAPES:
        for match in shape.finditer(text) if any(word in lowered for word in words) else ():
            group = "secret" if "secret" in shape.groupindex else 0
            if not _DUMMY.fullmatch(match[group]):
                yield Span(*match.span(group), kind)


def _by_rule(text: str) -> Iterator[Span]:
    import betterleaks  # 15 ms, and 55 for the first text; most commands ask for none

    readable = _UNREADABLE.sub(" ", _ALLOWANCE.sub("-----", text))
    try:
        found = betterleaks.scan_string(readable)
    except betterleaks.BetterleaksError as err:
        raise SkillgitError(f"cannot look for secrets: {err}") from err
    for full, value, kind in {(each.match.full, each.match.value, each.rule_id) for each in found}:
        if value and not _DUMMY.fullmatch(value) and not (kind == "generic-password" and _CODE.fullmatch(value)):
            inside = full.find(value)
            yield from (
                Span(match.start() + inside, match.start() + inside + len(value), kind)
                for match in re.finditer(re.escape(full), readable)
            )
