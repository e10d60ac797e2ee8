"""What looks like a secret becomes a placeholder; what only looks technical stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.learn.redact import redact, without_secrets
from skillgit.transcripts.model import Transcript, Turn

LETTERS = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"  # the keys are put together here, so that no scanner finds one
KEY = "PRIVATE " + "KEY-----"

SECRETS = {
    "a private key": (f"-----BEGIN RSA {KEY}\nMIIE\nabc\n-----END RSA {KEY}", "private-key"),
    "a private key cut off": (f"-----BEGIN {KEY}\nMIIE", "private-key"),
    "an AWS key id": ("AKIA" + "ABCDEFGHIJKLMNOP", "aws-key-id"),
    "an AWS secret": ("AWS_SECRET_ACCESS_KEY" + "=" + LETTERS + "AbCd", "aws-secret"),
    "a GitHub token": ("ghp_" + LETTERS, "github-token"),
    "a GitLab token": ("glpat-" + LETTERS[:20], "gitlab-token"),
    "an Anthropic key": ("sk-ant-" + "api03-" + LETTERS, "anthropic-key"),
    "an OpenAI key": ("sk-proj-" + LETTERS, "openai-key"),
    "a Slack token": ("xoxb-" + "1234567890-abcdef", "slack-token"),
    "a Stripe key": ("sk_live_" + LETTERS, "stripe-key"),
    "a Google key": ("AIza" + LETTERS[:35], "google-key"),
    "an npm token": ("npm_" + LETTERS, "npm-token"),
    "a PyPI token": ("pypi-" + LETTERS * 2, "pypi-token"),
    "a Hugging Face token": ("hf_" + LETTERS, "hugging-face-token"),
    "a bearer token": ("Authorization: Bearer " + LETTERS, "bearer-token"),
    "a JWT": ("eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0." + LETTERS, "jwt"),
    "a password in a URL": ("postgres://ada:" + "hunter2@db.example.com/x", "url-password"),
    "a password that is told": ("the password is " + "hunter2hunter2", "password"),
    "a password in a file": ("PASSWORD=" + "hunter2hunter2", "password"),
    "a password in Chinese": ("密码是" + "hunter2hunter2", "password"),
}  # fmt: skip

CONTENT = (
    "Listen on port 8443 and answer within 250 ms.",
    "The commit 9ac1dc4f0d3b2a1c8e7f6a5b4c3d2e1f0a9b8c7d broke it.",
    "Follow ISO 27001:2022 and RFC 9110.",
    "Use https://example.com/a:b@c in the example, and ada@example.com as the address.",
    "The password is never written to a log.",
    "password: see the vault",
    "Order 4111-2222 has the id 550e8400-e29b-41d4-a716-446655440000.",
    "Use sk-learn, npm_config_cache and the ghp_ prefix.",
    "密码是必填项，长度不少于8位",
)


@pytest.mark.parametrize(("secret", "kind"), SECRETS.values(), ids=SECRETS.keys())
def test_a_secret_becomes_the_name_of_its_kind(secret: str, kind: str) -> None:
    said = redact(f"Always use {secret} here.")
    assert f"[secret: {kind}]" in said
    assert "hunter2" not in said and LETTERS[:20] not in said and "MIIE" not in said


@pytest.mark.parametrize("text", CONTENT)
def test_numbers_names_and_identifiers_are_content(text: str) -> None:
    assert redact(text) == text


@given(st.text() | st.lists(st.sampled_from([secret for secret, _ in SECRETS.values()])).map(" ".join))
def test_what_was_redacted_holds_no_secret(text: str) -> None:
    assert redact(redact(text)) == redact(text)


def test_the_users_turns_are_redacted_and_everything_else_stays() -> None:
    told, answer = Turn("user", "Use ghp_" + LETTERS), Turn("assistant", "ghp_" + LETTERS)
    redacted = without_secrets(Transcript("openai", (told, answer), id="7"))
    assert redacted == Transcript("openai", (Turn("user", "Use [secret: github-token]"), answer), id="7")
