"""When a request is made again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from skillgit.models.retry import Patience, asked_wait, is_passing, waits

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
HEADERS = {
    "seconds": ("120", 120.0),
    "a fraction": ("0.25", 0.25),
    "with blanks": (" 3 ", 3.0),
    "a date": ("Fri, 02 Jan 2026 03:04:35 GMT", 30.0),
    "a date with a zone": ("Fri, 02 Jan 2026 04:04:35 +0100", 30.0),
    "a date that is over": ("Thu, 01 Jan 2026 00:00:00 GMT", 0.0),
    "below zero": ("-5", None),
    "words": ("soon", None),
    "no number": ("nan", None),
    "a number beyond all": ("1e999", float("inf")),
    "nothing": ("", None),
    "no header": (None, None),
}


@pytest.mark.parametrize(("header", "wait"), HEADERS.values(), ids=HEADERS.keys())
def test_an_endpoint_may_say_how_long_to_wait(header: str | None, wait: float | None) -> None:
    assert asked_wait(header, NOW) == wait


def test_waits_grow_are_jittered_and_end() -> None:
    for _ in range(20):
        found = list(waits(Patience(tries=6, first_wait=1, longest_wait=5)))
        assert all(most / 2 <= wait <= most for wait, most in zip(found, (1, 2, 4, 5, 5), strict=True))
    assert list(waits(Patience(tries=1))) == []


def test_trouble_of_the_server_passes_and_no_of_ours() -> None:
    assert [code for code in (200, 307, 400, 401, 404, 408, 409, 422, 425, 429, 500, 503, 529) if is_passing(code)] == [
        408, 425, 429, 500, 503, 529,
    ]  # fmt: skip
