"""JSON Web Tokens of an issuer that is configured: who is in a token is who asks, if the issuer has signed it.

The keys are those of `serve.jwt-key`, a file with a public key in PEM or with a JWKS. What a token says of its own
algorithm can choose among those that fit the key, and nothing else; a token that never ends is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from skillgit.config import setting
from skillgit.errors import Unreadable, UsageError
from skillgit.git.repo import Repo
from skillgit.serve.problem import Problem

PublicKey: TypeAlias = RSAPublicKey | EllipticCurvePublicKey | Ed25519PublicKey

_RSA = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
_CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
_LEEWAY = 30.0  # seconds by which two clocks may differ


@dataclass(frozen=True, slots=True)
class Tokens:
    """Whose tokens are taken: public keys by their id, and what a token has to say; "" is whatever it says.

    `claim` is where the id of the user stands.
    """

    keys: Mapping[str, PublicKey]
    audience: str
    issuer: str
    claim: str

    def user(self, token: str) -> str:
        """The id of the user whom a token is about. Raises Problem, 401, for one that does not hold."""
        try:
            name = jwt.get_unverified_header(token).get("kid", "")
            key = next(iter(self.keys.values())) if len(self.keys) == 1 else self.keys[name]
            claims = jwt.decode(
                token,
                key,
                algorithms=_algorithms(key),
                audience=self.audience or None,
                issuer=self.issuer or None,
                leeway=_LEEWAY,
                options={"require": ["exp", self.claim], "verify_aud": bool(self.audience)},
            )
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as err:
            raise Problem(401, "this token is not valid") from err
        found = claims[self.claim]
        if not isinstance(found, str) or not found:
            raise Problem(401, "this token is not valid")
        return found


def configured(repo: Repo, file: str) -> Tokens:
    """The issuer whose public keys are in a file. Raises UsageError or Unreadable where they are not."""
    audience, issuer, claim = (setting(repo, f"serve.jwt-{name}").text for name in ("audience", "issuer", "claim"))
    return Tokens(_keys(Path(file).expanduser()), audience, issuer, claim)


def _keys(file: Path) -> dict[str, PublicKey]:
    try:
        content = file.read_bytes()
    except OSError as err:
        raise Unreadable(
            f"cannot read '{file}', which 'serve.jwt-key' names", hint=(err.strerror or "").lower()
        ) from err
    try:
        keys = _jwks(content) if content.lstrip().startswith(b"{") else {"": load_pem_public_key(content)}
    except (jwt.PyJWTError, ValueError, TypeError) as err:
        raise _useless(file) from err
    known = {name: key for name, key in keys.items() if isinstance(key, PublicKey) and _algorithms(key)}
    if not known or len(known) < len(keys):
        raise _useless(file)
    return known


def _jwks(content: bytes) -> dict[str, object]:
    return {key.key_id or "": key.key for key in jwt.PyJWKSet.from_json(content.decode()).keys}


def _algorithms(key: PublicKey) -> list[str]:
    """The algorithms that a key is for."""
    if isinstance(key, RSAPublicKey):
        return [*_RSA]
    if isinstance(key, EllipticCurvePublicKey):
        return [_CURVES[key.curve.name]] if key.curve.name in _CURVES else []
    return ["EdDSA"]


def _useless(file: Path) -> UsageError:
    return UsageError(
        f"'{file}', which 'serve.jwt-key' names, holds no public keys",
        hint="it takes a PEM or a JWKS with keys of RSA, P-256, P-384, P-521 or Ed25519",
    )
