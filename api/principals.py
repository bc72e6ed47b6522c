"""Who may ask: principals by their API keys. In: a file of users. Out: the principal of a key.

A file is YAML, `users` a list of `name`, `role`, `key` (the SHA-256 of an API key in hexadecimal) and, where these hold
of one, `department`, `parties`, `sites` and `captures`. Keys themselves are nowhere but with their owners: `suyuan key`
makes one and prints both. They are random, so that their SHA-256 tells nothing of them.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from enum import StrEnum
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

import msgspec
import yaml

from engine.attestation import NOTHING, UNBOUND, Author, Binding
from engine.seeds import parse_key, parse_site
from graph_schema.errors import Forbidden, InvalidInput
from graph_schema.profiles import profiles

_PREFIX = "suyuan_"
_RANDOM_BYTES = 32


class Role(StrEnum):
    """What a principal is."""

    REGULATOR = "regulator"
    RECALL_COORDINATOR = "recall_coordinator"
    ANALYST = "analyst"
    ENTERPRISE = "enterprise"
    """Sees its own events, and of others' one step up and one down."""
    CONSUMER = "consumer"
    """Sees what is public."""


SEES_ALL = frozenset({Role.REGULATOR, Role.RECALL_COORDINATOR, Role.ANALYST})
CAPTURES = frozenset({Role.REGULATOR, Role.RECALL_COORDINATOR, Role.ENTERPRISE})
"""Roles that capture events, unless a principal's own `captures` says otherwise."""
AUTHORITIES = frozenset({Role.REGULATOR, Role.RECALL_COORDINATOR})
"""Roles that say whose a site is (`engine.attestation`)."""


class Principal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who may ask."""

    name: str
    role: Role
    department: str | None = None
    """Of a regulator: where, by its id or name in the profiles; None: of no one department, who sees all events."""
    parties: tuple[str, ...] = ()
    """Keys of the parties that it is; it is bound to their sites."""
    sites: tuple[str, ...] = ()
    """Keys of the sites that it is bound to."""
    captures: bool | None = None
    """Whether it may capture events; None: as its role."""

    @property
    def bound(self) -> Binding:
        """What it is bound to."""
        return Binding(frozenset(self.sites), frozenset(self.parties))

    @property
    def may_capture(self) -> bool:
        """Whether it may capture events."""
        return self.role in CAPTURES if self.captures is None else self.captures

    @property
    def sees_all(self) -> bool:
        """Whether all that is in the ledger is shown to it."""
        return self.role in SEES_ALL

    @classmethod
    def checked(cls, given: Mapping[str, Any]) -> Principal:
        """A principal of what a file or a token says, its parties and sites in any spelling.

        Raises `msgspec.ValidationError` and `InvalidInput`.
        """
        said = msgspec.convert(given, cls)
        _check_department(said.department)
        keys = tuple(dict.fromkeys(map(parse_key, said.parties))), tuple(dict.fromkeys(map(parse_site, said.sites)))
        return msgspec.structs.replace(said, parties=keys[0], sites=keys[1])


def _check_department(name: str | None) -> None:
    """`InvalidInput` for one that no profile knows: it would see nothing, and not know why."""
    common = profiles().common
    if name is not None and not common.departments_called(name):
        raise InvalidInput(
            f"there is no department {name[:80]!r}",
            remedy=f"One of {', '.join(sorted(common.departments))}, or its name; or none, for a regulator of all.",
        )


class SignedIn(msgspec.Struct, frozen=True):
    """Somebody who signed in to a request or a connection."""

    principal: Principal
    until: float | None = None
    """Until when its token is taken, in seconds since 1970; None: by a key, which tells of no end."""


def author_of(principal: Principal | None, anybody: Binding) -> Author:
    """What a principal is bound to, and anybody, as it captures; None: no users are configured."""
    if principal is None:
        return UNBOUND
    return Author(principal.bound, anybody, principal.role in AUTHORITIES)


def check_may_capture(principal: Principal | None) -> None:
    """`Forbidden` for a principal that may not capture events; None: no users are configured."""
    if principal is not None and not principal.may_capture:
        raise Forbidden(
            f"{principal.name} may not capture events",
            remedy="Sign in as somebody who may, or have `captures` set for this user.",
        )


def check_may_draw(principal: Principal | None) -> None:
    """`Forbidden` for anybody but a regulator: whoever draws is who inspects; None: no users are configured."""
    if principal is not None and principal.role is not Role.REGULATOR:
        raise Forbidden(f"{principal.name} may not draw inspections", remedy="Ask a regulator to draw.")


def check_may_drill(principal: Principal | None) -> None:
    """`Forbidden` for whoever does not see all: a drill tells everybody's lots; None: no users are configured."""
    if principal is not None and not principal.sees_all:
        raise Forbidden(f"{principal.name} may not drill", remedy="Ask a regulator to; trace lots of your own.")


def lasts(scope: Mapping[str, Any]) -> bool:
    """Whether it is known who asks beyond the request: of who signed in with a token it is not."""
    return bool(scope.get("principal_lasts", True))


def principal_in(scope: Mapping[str, Any]) -> Principal | None:
    """Who signed in to a request or connection; None where no users are configured."""
    found = scope.get("principal")
    return found if isinstance(found, Principal) else None


class _User(msgspec.Struct, frozen=True):
    """A user as the file has it: its principal, and the digest of its key."""

    principal: Principal
    key: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    users: list[dict[str, Any]]


class Users:
    """The principals that a file names."""

    def __init__(self, by_digest: Mapping[str, Principal]) -> None:
        self._by_digest = by_digest

    @property
    def names(self) -> frozenset[str]:
        """What they are called."""
        return frozenset(principal.name for principal in self._by_digest.values())

    @property
    def bound(self) -> Binding:
        """What any of them is bound to."""
        return reduce(or_, (principal.bound for principal in self._by_digest.values()), NOTHING)

    def of_key(self, key: str) -> Principal | None:
        """Whose key this is."""
        return self._by_digest.get(digest_of(key))

    def named(self, name: str) -> Principal | None:
        """The principal of this name."""
        return next((principal for principal in self._by_digest.values() if principal.name == name), None)


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
        users = list(map(_user, told.users))
    except (yaml.YAMLError, msgspec.ValidationError, InvalidInput, UnicodeDecodeError) as error:
        raise InvalidInput(
            f"this is no file of users: {' '.join(str(error).split())}",
            where=str(file),
            remedy="See docs/api.md, Users.",
        ) from error
    if not users:
        raise InvalidInput("it names nobody", where=str(file), remedy="Name a user, or serve without users.")
    for user in users:
        _check(user, users, file)
    return Users({user.key: user.principal for user in users})


def _user(given: dict[str, Any]) -> _User:
    key = msgspec.convert(given.get("key"), str)
    return _User(Principal.checked({name: value for name, value in given.items() if name != "key"}), key)


def _check(user: _User, users: list[_User], file: Path) -> None:
    if len(user.key) != 2 * hashlib.sha256().digest_size or set(user.key) - set("0123456789abcdef"):
        raise InvalidInput(
            f"the key of {user.principal.name} is no SHA-256 in hexadecimal",
            where=str(file),
            remedy="Make one with `suyuan key`, and write what it prints for the file.",
        )
    if [other.key for other in users].count(user.key) > 1 or [other.principal.name for other in users].count(
        user.principal.name
    ) > 1:
        raise InvalidInput(
            f"{user.principal.name} or its key is there twice",
            where=str(file),
            remedy="Give each user a name and a key of its own.",
        )
