"""Takes the pictures of the pages that the documentation shows: `python -m docs.screenshots [NAME...]`.

They are of a real library (`library.py`), served by a real server, in a real browser: Debian's Chromium, or the one
that SKILLGIT_CHROMIUM names. Each page is taken by day, by night and on a phone, into `docs/images`.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from docs.screenshots.library import Library, grown
from docs.screenshots.upstream import upstream

IMAGES = Path(__file__).parents[1] / "images"
LARGEST = 150_000
"""Bytes of a picture."""
_CHROMIUM = os.environ.get("SKILLGIT_CHROMIUM") or "/usr/bin/chromium"
_ARGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
_SAID = (
    ("What is the difference between a merge and a rebase?",),
    ("Write the incident report.", "Done.", "Always put the link to the dashboard at the top of an incident report."),
    ("Write the release notes for 3.2.", "Done.", "Never use emoji in release notes."),
)
_SKILL = "Users/ada/release-notes"


@dataclass(frozen=True, slots=True)
class Way:
    """How a page is looked at: what its pictures end in, the size of the window, and the scheme of colours."""

    ending: str
    width: int
    height: int
    scheme: str


WAYS = (Way("", 1280, 860, "light"), Way("-dark", 1280, 860, "dark"), Way("-phone", 390, 844, "light"))


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: the page it is of, and what is done there first."""

    name: str
    path: str
    first: Callable[[Page], None] = lambda page: None


def _search(page: Page) -> None:
    page.get_by_role("searchbox").fill("how do we write up an outage")
    page.wait_for_timeout(1500)


def _open_proposal(page: Page) -> None:
    page.locator("main a[href^='/review/']").first.click()


def _see_map(page: Page) -> None:
    page.locator("#map-title").scroll_into_view_if_needed()
    page.evaluate("document.querySelector('#map-title').closest('section').scrollIntoView()")


def _work(page: Page) -> None:
    """Some conversations are learned from, where none was yet."""
    if page.locator(".job").count() == 0:
        for said in _SAID:
            roles = ("user", "assistant", "user")
            messages = [{"role": role, "content": text} for role, text in zip(roles, said, strict=False)]
            page.request.post("/v1/skillgit/extractions", data={"messages": messages})
        page.reload()
    expect(page.get_by_text("Nothing is under way.")).to_be_visible(timeout=60_000)


def _talk(page: Page) -> None:
    page.get_by_role("textbox").last.fill("Write the release notes for 3.2 from these commits.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Thanks to Bo, Chidi and Dana.")).to_be_visible()
    page.wait_for_timeout(1000)


CHAT = Shot("chat", "/chat", _talk)
"""The only one that needs a model, which would learn in its own way."""
SHOTS = (
    Shot("library", "/library"),
    Shot("search", "/library", _search),
    Shot("skill", f"/skills/{_SKILL}"),
    Shot("history", f"/history/{_SKILL}"),
    Shot("diff", f"/diff/{_SKILL}?since=0.1.0&to=1.0.0&view=side"),
    Shot("blame", f"/blame/{_SKILL}"),
    Shot("review", "/review", _open_proposal),
    Shot("growth", "/growth"),
    Shot("map", "/growth", _see_map),
    Shot("jobs", "/jobs", _work),
    CHAT,
)


def main(names: Sequence[str]) -> None:
    """Take the pictures of these names, or all of them."""
    wanted = [shot for shot in SHOTS if not names or shot.name in names]
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place, upstream() as model, sync_playwright() as playwright:
        library = grown(Path(place))
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=_ARGS)
        with _served(library) as url:
            for shot in wanted:
                if shot is not CHAT:
                    _take(browser, url, shot)
        if CHAT in wanted:
            for key, value in {"model": "ollama/small", "model-url": model, "serve.learn": "never"}.items():
                library.git("config", f"skillgit.{key}", value)
            with _served(library) as url:
                _take(browser, url, CHAT)
        browser.close()


@contextmanager
def _served(library: Library) -> Iterator[str]:
    """Where the pages of a library are."""
    words = [sys.executable, "-m", "skillgit", "web", "--port", "0"]
    with subprocess.Popen(
        words, cwd=library.directory, env=library.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout
        try:
            yield next(line.split()[-1] for line in server.stdout if "http://" in line)
        finally:
            server.terminate()


def _take(browser: Browser, url: str, shot: Shot) -> None:
    """The pictures of a page, each way."""
    for way in WAYS:
        context = browser.new_context(
            viewport={"width": way.width, "height": way.height},
            color_scheme="dark" if way.scheme == "dark" else "light",
            reduced_motion="reduce",
            locale="en-GB",
            base_url=url,
        )
        page = context.new_page()
        page.goto(shot.path, wait_until="networkidle")
        shot.first(page)
        page.wait_for_load_state("networkidle")
        (IMAGES / f"{shot.name}{way.ending}.png").write_bytes(_small(page.screenshot()))
        context.close()


def _small(picture: bytes) -> bytes:
    """The same picture in as many colours as there is room for."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in (256, 128, 64, 32):
        made = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
        if made.tell() <= LARGEST:
            break
    return made.getvalue()


if __name__ == "__main__":
    main(sys.argv[1:])
