"""Debian's Chromium, driven by playwright: a test fails where the console complains, or another host is asked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, expect, sync_playwright

CHROMIUM = Path(os.environ.get("SKILLGIT_CHROMIUM") or "/usr/bin/chromium")
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
_PATIENCE = 20_000  # milliseconds
_LOADING = "Failed to load resource"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, for these tests alone: while playwright runs, this thread has an event loop that others would meet."""
    if not CHROMIUM.exists():
        pytest.skip("chromium is not here: apt install chromium, or set SKILLGIT_CHROMIUM")
    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=_QUIET)
        yield made
        made.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a browser that has never been anywhere. At the end nobody has complained."""
    context = browser.new_context(reduced_motion="reduce", locale="en-GB")
    context.set_default_timeout(_PATIENCE)
    made, trouble = context.new_page(), list[str]()
    watch(made, trouble)
    context.on("page", lambda other: watch(other, trouble))
    yield made
    context.close()
    assert trouble == []


def watch(page: Page, trouble: list[str]) -> None:
    """What goes wrong on a page is added to `trouble`; that it is one that says so by its status is not wrong."""

    def said(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(_LOADING):
            trouble.append(f"{message.type}: {message.text}")

    def asked(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob", "about") and address.hostname != "127.0.0.1":
            trouble.append(f"asked {request.url}")

    def answered(response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            trouble.append(f"{response.status} {response.url}")

    page.on("console", said)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("request", asked)
    page.on("response", answered)
