"""Who may ask: principals by their API keys. In: a file of users. Out: the principal of a key.

A file is YAML, `users` a list of `name`, `role`, `key` (the SHA-256 of an API key in hexadecimal) and, of a regulator,
`department`. Keys themselves are nowhere but with their owners: `suyuan key` makes one and prints both. They are
random, so that their SHA-256 tells nothing of them.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec
import yaml

from graph_schema.errors import InvalidInput

_PREFIX = "suyuan_"
_RANDOM_BYTES = 32


class Role(StrEnum):
    """What a principal is. Each of these sees all that is in the ledger."""

    REGULATOR = "regulator"
    RECALL_COORDINATOR = "recall_coordinator"
    ANALYST = "analyst"


class Principal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who may ask."""

    name: str
    role: Role
    department: str | None = None
    """Of a regulator: where."""


def principal_in(scope: Mapping[str, Any]) -> Principal | None:
    """Who signed in to a request or connection; None where no users are configured."""
    found = scope.get("principal")
    return found if isinstance(found, Principal) else None


class _User(Principal, frozen=True, kw_only=True):
    key: str

    def principal(self) -> Principal:
        """Without the key's digest."""
        return Principal(name=self.name, role=self.role, department=self.department)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    users: list[_User]


class Users:
    """The principals that a file names."""

    def __init__(self, by_digest: Mapping[str, Principal]) -> None:
        self._by_digest = by_digest

    def of_key(self, key: str) -> Principal | None:
        """Whose key this is."""
        return self._by_digest.get(digest_of(key))


def new_key() -> str:
    """An API key that nobody has."""
    return _PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)


def digest_of(key: str) -> str:
    """What a file of users has of a key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def read_users(file: Path) -> Users:
    """The users of a file; `InvalidInput` says what is wrong in it."""
    try:
        told = msgspec.convert(yaml.safe_load(file.read_text(encoding="utf-8")), _File)
    except (yaml.YAMLError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise InvalidInput(
            f"this is no file of users: {' '.join(str(error).split())}",
            where=str(file),
            remedy="See docs/api.md, Users.",
        ) from error
    if not told.users:
        raise InvalidInput("it names nobody", where=str(file), remedy="Name a user, or serve without users.")
    for user in told.users:
        _check(user, told.users, file)
    return Users({user.key: user.principal() for user in told.users})


def _check(user: _User, users: list[_User], file: Path) -> None:
    if len(user.key) != 2 * hashlib.sha256().digest_size or set(user.key) - set("0123456789abcdef"):
        raise InvalidInput(
            f"the key of {user.name} is no SHA-256 in hexadecimal",
            where=str(file),
            remedy="Make one with `suyuan key`, and write what it prints for the file.",
        )
    if [other.key for other in users].count(user.key) > 1 or [other.name for other in users].count(user.name) > 1:
        raise InvalidInput(
            f"{user.name} or its key is there twice",
            where=str(file),
            remedy="Give each user a name and a key of its own.",
        )
