"""Addresses of databases, of which nobody but the database hears the password."""

from __future__ import annotations

import pytest

from skillgit import config, postgres
from skillgit.errors import UsageError

ADDRESSES = {
    "postgresql://u:topsecret@host/db": "host/db",
    "postgresql://u:top%2Fsecret%40@host/db": "host/db",
    "postgresql://u@one,two:5432/db": "one,two/db",
    "postgresql://host/db?user=u&password=top@secret": "host/db",
    "postgresql:///db?host=/run/postgresql": "/run/postgresql/db",
    "postgres:///": "localhost/",
}
BROKEN = (
    "postgresql://u:top/secret@host/db",
    "postgresql://u:top@secret@host/db",
    "postgresql://u:top/se@cret@host/db",
    "postgresql://u:top secret@host/db",
    "postgresql://u:%zzsecret@host/db",
)


@pytest.mark.parametrize(("url", "told"), ADDRESSES.items())
def test_an_address_is_told_by_host_and_database(url: str, told: str) -> None:
    assert postgres.where(url) == told


@pytest.mark.parametrize("url", BROKEN)
def test_an_address_whose_password_would_be_a_part_of_the_host_is_none(url: str) -> None:
    with pytest.raises(UsageError) as raised:
        postgres.where(url)
    assert "secret" not in f"{raised.value.message} {raised.value.hint}"


@pytest.mark.parametrize("url", [*ADDRESSES, *BROKEN])
def test_a_setting_is_shown_without_a_password(url: str) -> None:
    told = config.shown(url)
    assert "secret" not in told and "top" not in told
    assert told.endswith(url.rpartition("@")[2] if "password" not in url else "password=***")
