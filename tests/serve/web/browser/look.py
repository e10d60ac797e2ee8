"""What is looked for on every page: that all can use it, and that it fits."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

PHONE = 390
_GRAVE = ("serious", "critical")


def accessible(page: Page) -> None:
    """axe-core finds nothing serious on the page as it is, by day and by night."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page).response["violations"]
        grave = [
            (scheme, each["id"], each["nodes"][0]["html"], each["nodes"][0].get("failureSummary"))
            for each in found
            if each["impact"] in _GRAVE
        ]
        assert grave == []


def fits_a_phone(page: Page) -> None:
    """On a phone nothing has to be moved sideways but what moves in its own frame."""
    page.set_viewport_size({"width": PHONE, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
