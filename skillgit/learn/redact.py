"""Secrets leave no trace: what looks like one is a placeholder before it is stored or shown.

Each pattern names a kind of key by the shape its issuer gives it. Numbers, ports, hashes, identifiers
and standards are content and stay.
"""

from __future__ import annotations

import re
from dataclasses import replace

from skillgit.transcripts.model import Transcript

PLACEHOLDER = "[secret: "
_KINDS: tuple[tuple[str, str], ...] = (
    ("private-key", r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"),
    ("aws-key-id", r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b"),
    ("aws-secret", r"(?i:(?<=aws_secret_access_key)|(?<=secret access key))\s*(?:is|[=:])\s*[\"']?[A-Za-z0-9/+=]{40}"),
    ("github-token", r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})"),
    ("gitlab-token", r"\bglpat-[A-Za-z0-9_-]{20,}"),
    ("anthropic-key", r"\bsk-ant-[A-Za-z0-9_-]{20,}"),
    ("openai-key", r"\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{20,}"),
    ("slack-token", r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}"),
    ("stripe-key", r"\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}"),
    ("google-key", r"\bAIza[A-Za-z0-9_-]{35}"),
    ("npm-token", r"\bnpm_[A-Za-z0-9]{36}"),
    ("pypi-token", r"\bpypi-[A-Za-z0-9_-]{50,}"),
    ("hugging-face-token", r"\bhf_[A-Za-z0-9]{30,}"),
    ("bearer-token", r"(?<=[Bb]earer )[A-Za-z0-9._~+/-]{20,}=*"),
    ("jwt", r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    ("url-password", r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"),
    ("password", r"(?i:(?<=password)|(?<=passwd)|(?<=密码))\s*(?:is|是|为|[=:：])\s*[\"'“]?(?=[!-~]*\d)[!-~]{8,}"),
)
_ANY = re.compile("|".join(f"(?P<k{n}>{pattern})" for n, (_, pattern) in enumerate(_KINDS)), re.DOTALL)


def redact(text: str) -> str:
    """The text with every secret in it replaced by `[secret: KIND]`."""
    return _ANY.sub(lambda match: f"{PLACEHOLDER}{_KINDS[int(str(match.lastgroup)[1:])][0]}]", text)


def without_secrets(transcript: Transcript) -> Transcript:
    """The transcript with the user's turns redacted: what is learned comes from those, so it can hold no secret."""
    turns = tuple(replace(turn, text=redact(turn.text)) if turn.role == "user" else turn for turn in transcript.turns)
    return replace(transcript, turns=turns)
