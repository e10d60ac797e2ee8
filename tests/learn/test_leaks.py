"""Secrets in transcripts of several formats are in no object of the repository afterwards, nor beside it."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.learn.test_redact import PERSONAL, SECRETS

Said = list[tuple[str, str]]


def _text(said: Said) -> str:
    return "".join(f"{role.capitalize()}: {text}\n" for role, text in said)


def _openai(said: Said) -> str:
    return json.dumps({"messages": [{"role": role, "content": text} for role, text in said]})


def _claude_code(said: Said) -> str:
    rows = [
        {
            "type": role,
            "uuid": str(number),
            "sessionId": "1",
            "message": {"role": role, "content": [{"type": "text", "text": text}]},
        }
        for number, (role, text) in enumerate(said)
    ]
    return "".join(json.dumps(row) + "\n" for row in rows)


def _sharegpt(said: Said) -> str:
    names = {"user": "human", "assistant": "gpt"}
    return json.dumps({"conversations": [{"from": names[role], "value": text} for role, text in said]})


FORMATS: Mapping[str, tuple[str, Callable[[Said], str]]] = {
    "text": ("txt", _text),
    "openai": ("json", _openai),
    "claude-code": ("jsonl", _claude_code),
    "sharegpt": ("json", _sharegpt),
}


def planted() -> dict[str, str]:
    """Each secret, and the part of it that must be nowhere."""
    texts = {name: text for name, (text, _) in SECRETS.items()} | {name: text for name, (text, _) in PERSONAL.items()}
    found = {name: re.findall(r"[A-Za-z0-9+/@_.-]{9,}", text) for name, text in texts.items()}
    ordinary = ("AWS_SECRET", "Authorization", "PRIVATE", "https:", "//", "BEGIN", "END", "Encrypt")
    cores = {name: [part for part in parts if not part.startswith(ordinary)] for name, parts in found.items()}
    return {name: max(parts, key=len).strip(".-") for name, parts in cores.items() if parts}


def said_with(secret: str, number: int) -> Said:
    topics = ("release notes", "status reports", "code reviews", "meeting minutes", "travel plans")
    topic = topics[number % len(topics)]
    return [
        ("user", f"Write the {topic}. By the way, here it is: {secret}"),
        ("assistant", f"I have used {secret} for it."),
        ("user", f"From now on, always put section {number} first in {topic}. It is for {secret} only."),
        ("assistant", "Noted."),
        ("user", f"And from now on, never mention {secret} in {topic}, and link every issue in {topic}."),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("kind", FORMATS)
def test_no_planted_secret_is_in_any_object_or_private_file(kind: str, cli: Run, tmp_path: Path) -> None:
    library, folder = tmp_path / "library", tmp_path / "sessions"
    assert cli("init", "library").code == 0
    folder.mkdir()
    ending, wrapped = FORMATS[kind]
    texts = [text.replace("\n", " ") for text, _ in (*SECRETS.values(), *PERSONAL.values())]
    for number, text in enumerate(texts):
        (folder / f"{number}.{ending}").write_text(wrapped(said_with(text, number)), encoding="utf-8")
    done = cli("ingest", folder, cwd=library)
    assert done.code == 0 and len(texts) > 40
    objects = ["git", "cat-file", "--batch-all-objects", "--batch"]
    held = subprocess.run(objects, cwd=library, capture_output=True, check=True).stdout
    assert held.count(b"Skill-Evidence: ") > 10
    held += b"".join(file.read_bytes() for file in (library / ".git/skillgit").rglob("*") if file.is_file())
    assert {name for name, core in planted().items() if core.encode() in held} == set()
    assert not any(core in done.out + done.err for core in planted().values())
