"""A query that is kept under a name (EPCIS 2.0 §8.2.5, §12). In: its definition. Out: `NamedQuery`."""

from __future__ import annotations

import msgspec


class NamedQuery(msgspec.Struct, frozen=True):
    """What its author asks for, as they wrote it."""

    name: str
    definition: bytes
    """The query: a JSON object of parameters (EPCIS query schema)."""
    created: int
    """In microseconds since 1970 UTC."""
    author: str
