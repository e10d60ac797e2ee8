"""What looks like a secret becomes a placeholder; what only looks technical stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.learn.redact import PLACEHOLDER, redact, redacted
from skillgit.transcripts.model import ToolCall, Transcript, Turn

LETTERS = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"  # the keys are put together here, so that no scanner finds one
HEX = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
SENDGRID = "SG." + "ngeVfQFYQlKU0ufo8x5d1A." + "TwL2iGABf9DHoTf09kqeF8tAmbihYzrnopKc1s5cr4Q"
SLACK = "https://hooks.slack.com/" + "services/"
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
    "a Google OAuth secret": ("GOCSPX-" + LETTERS[:28], "google-oauth"),
    "a Twilio key": ("SK" + HEX, "twilio-key"),
    "a Mailgun key": ("key-" + HEX, "mailgun-key"),
    "a Telegram token": ("123456789" + ":AA" + LETTERS[:33], "telegram-token"),
    "a Discord token": ("M" + LETTERS[:23] + ".GaBcDe." + LETTERS[:27], "discord-token"),
    "a Notion token": ("ntn_" + LETTERS * 2, "notion-token"),
    "an Alibaba key id": ("LTAI5t" + LETTERS[:18], "alibaba-key-id"),
    "a Tencent key id": ("AKID" + LETTERS[:32], "tencent-key-id"),
    "a basic authorization": ("Authorization: Basic " + "YWRhOmh1bnRlcjJodW50ZXIy", "basic-auth"),
    "a token in a URL": ("https://api.example.com/x?access_token=" + LETTERS, "url-token"),
    "a password in a connection string": ("Server=db;User ID=sa;Password=" + "hunter2hunter2;Encrypt=true", "password"),
    "a Shopify token": ("shpat_" + HEX, "shopify-access-token"),
    "a DigitalOcean token": ("dop_v1_" + HEX + "0123456789abcdeffedcba9876543210", "digitalocean-pat"),
    "a Databricks token": ("dapi" + HEX, "databricks-api-token"),
    "a SendGrid key": (SENDGRID, "sendgrid-api-token"),
    "a Slack webhook": (SLACK + "T0A1B2C3D/B4E5F6G7H/" + "Zk3mQ9xWv2LpR8tYc5NbD7aE", "slack-webhook-url"),
}  # fmt: skip

PERSONAL = {
    "an e-mail address": ("Send it to ada.lovelace@lovelace.org.", "Send it to [email-1]."),
    "an e-mail address in Chinese": ("发到ada@lovelace.org，谢谢", "发到[email-1]，谢谢"),
    "a mailto link": ("<mailto:ada@lovelace.org>", "<mailto:[email-1]>"),
    "the same address twice": ("ada@lovelace.org, bob@bobs.org, ADA@lovelace.org", "[email-1], [email-2], [email-1]"),
    "a number with its country code": ("It is +44 20 7946 0958.", "It is [phone-1]."),
    "a number in Germany": ("+49 30 901820", "[phone-1]"),
    "a number in North America": ("(415) 555-2671 or 212-736-5000", "[phone-1] or [phone-2]"),
    "a number in France, behind a word": ("Call 06 12 34 56 78", "Call [phone-1]"),
    "a Chinese mobile": ("手机号13812345678", "手机号[phone-1]"),
    "a Chinese mobile in groups": ("138-1234-5678", "[phone-1]"),
    "a number in Beijing": ("010-62781234", "[phone-1]"),
    "one number in two forms": ("+1 415 555 2671, +14155552671", "[phone-1], [phone-1]"),
    "a card": ("5500 0055 5555 5559", "[card-1]"),
    "a Chinese identity number": ("身份证11010519491231002X", "身份证[identity-1]"),
    "an IBAN": ("DE89 3704 0044 0532 0130 00", "[iban-1]"),
    "a placeholder that was there": ("[email-3] and ada@lovelace.org", "[email-3] and [email-4]"),
}

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
    "Write to you@company.com, clone git@github.com:a/b.git, install react@18.2.0 and @types/node.",
    "Set DB_PASSWORD=${SECRET_1} and password: <your-password-1>, never password=changeme123.",
    "postgres://postgres:postgres@localhost:5432/app",
    "Order 1732280000, at 2026-11-22 16:30, from 192.168.100.1, ISBN 978-3-16-148410-0, part 4111-2222-3333.",
    "Call me on 2026-07-28; the call id is 550e8400-e29b-41d4-a716-446655440000.",
    "Key: 123e4567-e89b-12d3-a456-426614174000",
    "Use get_user_profile_by_identifier, sha256:" + "6f1c8e7f6a5b4c3d" * 4 + " and v1.2.3.",
    "Never exceed 1,000,000 rows or 4242424242424241 ids.",
)


@pytest.mark.parametrize(("secret", "kind"), SECRETS.values(), ids=SECRETS.keys())
def test_a_secret_becomes_the_name_of_its_kind(secret: str, kind: str) -> None:
    said = redact(f"Always use {secret} here.")
    assert f"[secret: {kind}]" in said
    assert not any(part in said for part in ("hunter2", LETTERS[:20], "MIIE", HEX, "YWRhOm", "TwL2iG", "Zk3mQ9"))


@pytest.mark.parametrize(("text", "told"), PERSONAL.values(), ids=PERSONAL.keys())
def test_who_somebody_is_becomes_a_placeholder_with_a_number(text: str, told: str) -> None:
    assert redact(text) == told


@pytest.mark.parametrize(
    "around", ["{} # gitleaks:allow", "{} # BetterLeaks:Allow", "a\0b {}", "\ud800 {}", "é中😀 {}"]
)
def test_nothing_in_a_text_makes_us_look_away(around: str) -> None:
    assert "shpat_" not in redact(around.format("shpat_" + HEX))


@pytest.mark.parametrize("text", CONTENT)
def test_numbers_names_and_identifiers_are_content(text: str) -> None:
    assert redact(text) == text


PIECES = [
    *(text for text, _ in (*SECRETS.values(), *PERSONAL.values())),
    "password: ",
    "token=",
    "call ",
    "://a:",
    "\n",
]


@given(st.text() | st.lists(st.sampled_from(PIECES)).map("".join) | st.lists(st.sampled_from(PIECES)).map(" ".join))
def test_what_was_redacted_holds_no_secret(text: str) -> None:
    assert redact(redact(text)) == redact(text)


def test_a_conversation_has_one_numbering_and_no_secret_in_any_turn() -> None:
    call = ToolCall("1", "mail", '{"to": "bob@bobs.org", "key": "ghp_' + LETTERS + '"}')
    turns = (
        Turn("user", "Write to ada@lovelace.org, not bob@bobs.org"),
        Turn("assistant", "Sent to ADA@lovelace.org", calls=(call,)),
        Turn("tool", "550 bob@bobs.org", call_id="1", ok=False),
    )
    told = redacted(Transcript("openai", turns, id="7", title="For ada@lovelace.org"))
    hidden = replace(call, arguments='{"to": "[email-2]", "key": "[secret: github-token]"}')
    assert [turn.text for turn in told.turns] == [
        "Write to [email-1], not [email-2]",
        "Sent to [email-1]",
        "550 [email-2]",
    ]
    assert told.turns[1].calls == (hidden,)
    assert (told.id, told.title, told.turns[2].ok) == ("7", "For [email-1]", False)


def test_real_skills_hold_no_secret(data: Path) -> None:
    files = sorted((data / "skills").glob("*/**/SKILL.md"))
    flagged = [file for file in files if PLACEHOLDER in redact(file.read_text(encoding="utf-8"))]
    assert len(files) > 1000 and len(flagged) <= len(files) / 100
