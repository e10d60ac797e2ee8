"""Skills that have a past: learned from words that are quoted, edited, moved, gone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import httpx

from skillgit.changes.edit import edit
from skillgit.changes.record import Change, Recorded, record
from skillgit.changes.skill import readable
from skillgit.git import evidence
from skillgit.git.message import Action, Quote
from skillgit.git.repo import Repo
from skillgit.git.transaction import Transaction, write
from tests.changes.library import document, head, skill
from tests.serve.place import Place, serving

NOTES = "Users/ada/release-notes"
_TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)


@contextmanager
def open_place(directory: Path) -> Iterator[tuple[Place, httpx.Client]]:
    """A server that is open to this machine, and its visitor, who is ada."""
    with serving(directory) as place, httpx.Client(base_url=place.url, follow_redirects=True) as client:
        yield place, client


def learn(repo: Repo, path: str, *rules: str, said: str, turn: str = "", reason: str = "the same job") -> Recorded:
    """A skill gets these rules because somebody said so; it is new where it was not there."""
    digest = f"sha256:{hashlib.sha256(said.encode()).hexdigest()}"
    made: list[Recorded] = []

    def body(tx: Transaction) -> None:
        before = readable(repo, tx.tip, path)
        after = before.with_body(before.body + lines(*rules)) if before else skill(path.rpartition("/")[2], *rules)
        quotes = (Quote(digest, 2, said),)
        action: Action = "merge" if before else "add"
        change = Change(action, path, before, after, rules[0], reason=reason, learner="offline/1", evidence=quotes)
        made[:] = [record(tx, change)]
        evidence.keep(tx, digest, {2: turn or f"Well. {said} Thank you."})

    write(repo, body)
    return made[0]


def own(name: str) -> str:
    """The path of a skill of its own for the test of this name, where tests share a server."""
    return f"Users/ada/notes-{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def rewrite(repo: Repo, path: str, old: str, new: str) -> Recorded:
    """A part of a skill's text is another one, by hand."""
    text = document(repo, path).render().decode()
    assert old in text
    return edit(repo, path, text.replace(old, new).encode(), base=head(repo))[0]


def lines(*rules: str) -> str:
    """Rules as they stand in a skill."""
    return "".join(f"- {rule}\n" for rule in rules)


def words(page: httpx.Response) -> str:
    """What a page says, without its elements."""
    return " ".join(unescape(_TAG.sub(" ", page.text)).split())


def cards(page: httpx.Response) -> list[str]:
    """What each card of a timeline says, newest first."""
    parts = re.findall(r"<article\b.*?</article>", page.text, re.DOTALL)
    return [" ".join(unescape(_TAG.sub(" ", part)).split()) for part in parts]


def scripted(page: httpx.Response) -> list[str]:
    """What of a page would run, or be fetched from elsewhere: there is to be nothing."""
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            foreign = [(name, value) for name, value in attrs if not _is_harmless(tag, name, value or "")]
            found.extend(f"<{tag} {name}={value}>" for name, value in foreign)
            if tag in ("script", "iframe", "object", "base") and not (dict(attrs).get("src") or "").startswith(
                "/static/"
            ):
                found.append(f"<{tag}>")

    Reader().feed(page.text)
    return found


def _is_harmless(tag: str, name: str, value: str) -> bool:
    if name in ("href", "src", "action"):
        return value.startswith(("/", "#"))
    return not name.startswith("on") and name != "style" and not (tag == "meta" and name == "http-equiv")


def field(page: httpx.Response, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found
    return unescape(found[1])
