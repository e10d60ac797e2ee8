"""The pictures of the documentation: there are those that are shown, and they are small."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.screenshots.__main__ import IMAGES, LARGEST, SHOTS, WAYS
from tests.conftest import ROOT

PAGES = (ROOT / "README.md", ROOT / "README.zh-CN.md", ROOT / "docs" / "web.md")


def test_each_page_was_looked_at_each_way() -> None:
    wanted = {f"{shot.name}{way.ending}.png" for shot in SHOTS for way in WAYS}
    assert {path.name for path in IMAGES.iterdir()} == wanted


def test_no_picture_is_large() -> None:
    assert [path.name for path in IMAGES.iterdir() if path.stat().st_size > LARGEST] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_shows_pictures_that_there_are_and_says_what_is_on_them(page: Path) -> None:
    shown = re.findall(
        r'<picture><source [^>]*srcset="([^"]+)"><img alt="([^"]+)" src="([^"]+)"', page.read_text("utf-8")
    )
    assert shown
    assert page.read_text("utf-8").count("<img") == len(shown)
    for night, alt, day in shown:
        assert len(alt) > 5
        assert (page.parent / day).exists() and (page.parent / night).exists()
        assert night == day.replace(".png", "-dark.png")
