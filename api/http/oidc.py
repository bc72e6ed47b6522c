"""Signing in with tokens of an OpenID Connect issuer (JWT, RFC 7519; RFC 8725). In: a token. Out: who, and until when.

A file names the issuer, whom its tokens must be for, its keys, and which claims say who somebody is. What is wrong with
a token is told to nobody, and no token is kept or logged.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jwt
import msgspec
import yaml

from api.http.key_set import KeySet, Source, keys_of, source_at, source_of
from api.principals import Principal, SignedIn
from engine.attestation import Binding
from engine.seeds import parse_key, parse_site
from graph_schema.errors import InvalidIdentifier, InvalidInput

ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"},
)
"""Signatures that only who has the private key can make."""
LEEWAY = 30
"""Seconds that clocks may differ."""
LONGEST_NAME = 255
"""OpenID Connect Core §2, `sub`."""
_REMEDY = "See docs/api.md, Tokens."


class Claims(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which claim of a token says what of its principal."""

    name: str = "sub"
    role: str = "suyuan_role"
    department: str = "suyuan_department"
    parties: str = "suyuan_parties"
    sites: str = "suyuan_sites"


class _Bound(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sites: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    issuer: str
    audience: str
    jwks: str
    algorithms: tuple[str, ...] = ("RS256",)
    claims: Claims = Claims()
    bound: _Bound = _Bound()


class Tokens:
    """What takes the tokens of one issuer."""

    def __init__(self, issuer: str, audience: str, keys: KeySet, algorithms: tuple[str, ...], claims: Claims) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys = keys
        self._algorithms = algorithms
        self._claims = claims

    async def signed_in(self, token: str) -> SignedIn | None:
        """Who signs in with a token; None where it is not to be taken, whatever the reason."""
        try:
            head = jwt.get_unverified_header(token)
            key = await self._key(head)
            return None if key is None else self._signed_in(self._checked(token, key))
        # RecursionError: JSON that is nested deeper than its reader goes.
        except (jwt.PyJWTError, msgspec.ValidationError, InvalidInput, RecursionError):
            return None

    async def _key(self, head: Mapping[str, Any]) -> jwt.PyJWK | None:
        """The key that a token says it is signed with, for the algorithm that it says, if that is one of ours."""
        algorithm, key_id = head.get("alg"), head.get("kid")
        if algorithm not in self._algorithms or not isinstance(key_id, str):
            return None
        jwk = await self._keys.key(key_id)
        if jwk is None or jwk.get("alg", algorithm) != algorithm:
            return None
        return jwt.PyJWK(dict(jwk), algorithm)

    def _checked(self, token: str, key: jwt.PyJWK) -> dict[str, Any]:
        """What a token says, its signature, issuer, audience and times checked."""
        return jwt.decode(
            token,
            key,
            algorithms=list(self._algorithms),
            audience=self._audience,
            issuer=self._issuer,
            leeway=LEEWAY,
            options={"require": ["exp", "iss", "aud", self._claims.name, self._claims.role]},
        )

    def _signed_in(self, said: Mapping[str, Any]) -> SignedIn | None:
        given = {field: said[claim] for field, claim in msgspec.to_builtins(self._claims).items() if claim in said}
        for several in ("parties", "sites"):
            if isinstance(given.get(several), str):
                given[several] = [given[several]]
        principal = Principal.checked(given)
        until = int(said["exp"]) + LEEWAY
        return SignedIn(principal, until) if 0 < len(principal.name) <= LONGEST_NAME else None


class Oidc(msgspec.Struct, frozen=True):
    """What a file says: whose tokens are taken, and to what somebody is bound who is known by tokens alone."""

    tokens: Tokens
    bound: Binding


def read_oidc(file: Path) -> Oidc:
    """What a file says; `InvalidInput` says what is wrong in it."""
    try:
        told = msgspec.convert(yaml.safe_load(file.read_text(encoding="utf-8")), _File)
        bound = Binding(frozenset(map(parse_site, told.bound.sites)), frozenset(map(parse_key, told.bound.parties)))
    except (yaml.YAMLError, msgspec.ValidationError, InvalidIdentifier, UnicodeDecodeError) as error:
        what = f"this does not say whose tokens are taken: {' '.join(str(error).split())}"
        raise InvalidInput(what, where=str(file), remedy=_REMEDY) from error
    _check(told, file)
    keys = KeySet(_source(told.jwks, file))
    return Oidc(Tokens(told.issuer, told.audience, keys, told.algorithms, told.claims), bound)


def _check(told: _File, file: Path) -> None:
    wrong = [name for name in told.algorithms if name not in ALGORITHMS]
    if wrong or not told.algorithms:
        what = f"algorithms: {', '.join(wrong) or 'none'}, where one of {', '.join(sorted(ALGORITHMS))} is wanted"
        raise InvalidInput(what, where=str(file), rule="RFC 8725 §3.1", remedy=_REMEDY)
    if not told.issuer or not told.audience:
        raise InvalidInput("issuer and audience must be said", where=str(file), remedy=_REMEDY)


def _source(jwks: str, file: Path) -> Source:
    """The keys' file, beside this one where it is relative, or their address."""
    if "://" in jwks:
        if not _may_be_asked(jwks):
            raise InvalidInput(
                "jwks: keys are asked for over https",
                where=str(file),
                remedy="Give their https address in ASCII, or a file.",
            )
        return source_at(jwks)
    keys = file.parent / jwks
    try:
        known = keys_of(keys.read_bytes())
    except (OSError, ValueError, msgspec.MsgspecError) as error:  # ValueError: no name of a file, no UTF-8.
        raise InvalidInput(f"jwks: {keys} is no JWK Set that can be read", where=str(file), remedy=_REMEDY) from error
    if not known:
        raise InvalidInput(f"jwks: {keys} has no public key with a kid", where=str(file), remedy=_REMEDY)
    return source_of(keys)


def _may_be_asked(url: str) -> bool:
    """Over https; over http on this machine alone, where nobody is between."""
    try:
        parts = urlsplit(url)
        host = parts.hostname if url.isascii() and parts.port != 0 else None
    except ValueError:
        return False
    if parts.scheme != "http" or not host:
        return parts.scheme == "https" and bool(host)
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
