"""A token is believed where the issuer that is configured has signed it, and for nothing else."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from skillgit.errors import Unreadable, UsageError
from skillgit.serve.server import gate
from tests.git.place import git
from tests.serve.place import REPORT, Place, chat, library, serving

PEM = PublicFormat.SubjectPublicKeyInfo


@dataclass(frozen=True, slots=True)
class Issued:
    """A server that takes the tokens of an issuer, and the issuer's key."""

    place: Place
    key: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.PEM, PEM)

    def ask(self, token: str) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"}
        return httpx.post(f"{self.place.v1}/chat/completions", content=chat(REPORT), headers=headers)


def claims(**changed: object) -> dict[str, Any]:
    """Those of a token that holds, but for what is changed; None takes one out."""
    usual = {"sub": "bob", "aud": "skillgit", "iss": "https://id.example", "exp": time.time() + 60}
    return {name: value for name, value in {**usual, **changed}.items() if value is not None}


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Issued]:
    folder = tmp_path_factory.mktemp("tokens")
    key = Ed25519PrivateKey.generate()
    (folder / "key.pem").write_bytes(key.public_key().public_bytes(Encoding.PEM, PEM))
    settings = {"key": str(folder / "key.pem"), "audience": "skillgit", "issuer": "https://id.example"}
    with serving(folder / "here", settings={f"serve.jwt-{name}": value for name, value in settings.items()}) as place:
        yield Issued(place, key)


def test_the_user_of_a_token_is_who_asks_and_the_token_goes_no_further(issued: Issued) -> None:
    answer = issued.ask(jwt.encode(claims(), issued.key, algorithm="EdDSA"))
    assert answer.headers["skillgit-skills"] == "Users/bob/government-report@0.1.0"
    assert issued.place.up.last.header("authorization") is None


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _hmac(issued: Issued) -> str:
    """A token signed with the public key, as if that were a secret."""
    signed = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims())}"
    digest = hmac.new(issued.public, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def _signed(**changed: object) -> Callable[[Issued], str]:
    return lambda issued: jwt.encode(claims(**changed), issued.key, algorithm="EdDSA")


FORGED: dict[str, Callable[[Issued], str]] = {
    "none": lambda issued: f"{_part({'alg': 'none'})}.{_part(claims())}.",
    "of-another": lambda issued: jwt.encode(claims(), Ed25519PrivateKey.generate(), algorithm="EdDSA"),
    "public-key-as-secret": _hmac,
    "unsigned": lambda issued: _signed()(issued).rpartition(".")[0] + ".",
    "changed": lambda issued: ".".join([_signed()(issued).split(".")[0], _part(claims(sub="ada")), "x"]),
    "expired": _signed(exp=time.time() - 3600),
    "without-an-end": _signed(exp=None),
    "not-yet": _signed(nbf=time.time() + 3600),
    "for-others": _signed(aud="another"),
    "for-nobody": _signed(aud=None),
    "of-another-issuer": _signed(iss="https://evil.example"),
    "of-nobody": _signed(sub=""),
    "without-a-user": _signed(sub=None),
    "garbage": lambda issued: "ey.a.b",
    "no-token": lambda issued: "sk-theirs",
}


@pytest.mark.parametrize("made", FORGED.values(), ids=FORGED)
def test_a_token_that_does_not_hold_is_refused(issued: Issued, made: Callable[[Issued], str]) -> None:
    before = len(issued.place.up.requests)
    assert issued.ask(made(issued)).status_code == 401
    assert len(issued.place.up.requests) == before


def test_a_path_in_a_token_is_a_name_like_any_other(issued: Issued) -> None:
    answer = issued.ask(jwt.encode(claims(sub="../bob"), issued.key, algorithm="EdDSA"))
    assert answer.status_code == 200
    assert "skillgit-skills" not in answer.headers


def test_a_set_of_keys_is_asked_by_the_id_of_the_key(tmp_path: Path) -> None:
    repo = library(tmp_path / "repo")
    keys = {name: Ed25519PrivateKey.generate() for name in ("one", "two")}
    rows = [
        json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(key.public_key())) | {"kid": name} for name, key in keys.items()
    ]
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": rows}))
    git("config", "skillgit.serve.jwt-key", tmp_path / "jwks.json", cwd=repo.directory)
    tokens = gate(repo, is_local=True).tokens
    assert tokens
    for name, key in keys.items():
        token = jwt.encode(claims(aud=None), key, algorithm="EdDSA", headers={"kid": name})
        assert tokens.user(token) == "bob"


@pytest.mark.parametrize(
    "content", [b"", b"x", b"{}", b'{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}', None, b"private"]
)
def test_a_file_without_public_keys_is_said(tmp_path: Path, content: bytes | None) -> None:
    repo = library(tmp_path / "repo")
    if content == b"private":
        content = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    if content is not None:
        (tmp_path / "key").write_bytes(content)
    git("config", "skillgit.serve.jwt-key", tmp_path / "key", cwd=repo.directory)
    with pytest.raises((UsageError, Unreadable)):
        gate(repo, is_local=True)
