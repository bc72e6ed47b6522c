"""What a package says of itself, and what who took it says. In: JSON. Out: `Manifest`, `Receipt`; `InvalidInput`.

The digest of a package is the SHA-256 of its manifest, which has that of every part: whoever knows it knows the whole.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import msgspec

from graph_schema.errors import InvalidInput

NAME = "manifest.json"
LARGEST = 4 << 20
"""Bytes of a manifest or receipt."""

Hash = str
"""A SHA-256 in hexadecimal."""
LONGEST = 200
"""Characters of a name of a platform."""
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST)]
"""Of a platform: the ledger has it with every event that came from there."""


class Standing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a ledger stands: its position, and the hash of its chain there."""

    position: int
    hash: Hash


class PartOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a package: events as JSON lines."""

    name: str
    events: int
    bytes: int
    sha256: Hash


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a package says of itself. It names no time: the same events give the same package."""

    format: Literal["suyuan-exchange/1"] = "suyuan-exchange/1"
    sender: Name
    recipient: Name
    system: str | None
    """The product system of which it has the records; None: all events."""
    since: Standing
    """Behind which position of the sender's ledger it begins."""
    until: Standing
    events: int
    left_out: int
    """Events between that it has not: unattested, of other systems, or erased."""
    parts: tuple[PartOf, ...]

    def encoded(self) -> bytes:
        """As the package has it."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


class Receipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What who took a package says of it."""

    format: Literal["suyuan-receipt/1"] = "suyuan-receipt/1"
    package: Hash
    """The digest of the package."""
    sender: Name
    recipient: Name
    system: str | None
    until: Standing
    """Where the sender's ledger stood: what the next package begins behind."""
    taken_at: str
    """ISO 8601 in UTC."""
    ledger: Standing
    """Where the ledger stood into which it was taken, with it."""
    events: int
    accepted: int
    duplicates: int
    """Events that were there already."""
    rejected: int


def digest_of(manifest: bytes) -> Hash:
    """The digest of a package, by its manifest as it has it."""
    return hashlib.sha256(manifest).hexdigest()


Shape = TypeVar("Shape", Manifest, Receipt)


def decoded(content: bytes, shape: type[Shape], where: str) -> Shape:
    """A manifest or receipt; `InvalidInput` for anything else."""
    try:
        return msgspec.json.decode(content, type=shape)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise InvalidInput(
            f"this is no {shape.__name__.lower()}: {error}", where=where, remedy="Get it again from who made it."
        ) from error


def read_receipt(file: Path) -> Receipt:
    """A receipt from a file."""
    with file.open("rb") as opened:
        content = opened.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise InvalidInput(f"it is larger than {LARGEST:,} bytes", where=str(file), remedy="A receipt is short.")
    return decoded(content, Receipt, str(file))
