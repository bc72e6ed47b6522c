"""What markets ask for, as data (ADR 0025). In: decoded YAML. Out: a frozen `Market`, and `Access`, which all share."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from graph_schema.profiles.status import Status


class DemandKind(StrEnum):
    """What a market demands beside that nothing bars the goods and their records lead back to where chains begin."""

    CERTIFICATE = "certificate"
    """A record of a paper."""
    TEST = "test"
    """A record of a passed test."""
    DATE = "date"
    """That a day which records tell is not over."""


class Reach(StrEnum):
    """Of which goods a market demands something."""

    LOT = "lot"
    """Of the goods themselves."""
    SOURCES = "sources"
    """Of the goods, or of what they were made of, on each way back."""


class Demand(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a market demands of goods."""

    id: str
    label_zh: str
    label_en: str
    kind: DemandKind
    any_of: tuple[str, ...] = ()
    """Tracking events, a record of any of which meets it, or tells the day."""
    element: str | None = None
    """The key data element that tells the day, of a demand of a date."""
    of: tuple[str, ...] = ()
    """Of these kinds of goods alone; without any, of all that the market takes."""
    over: Reach = Reach.LOT


class Market(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A market, or another gate of the chain: which goods it takes, and what it demands of them (ADR 0025)."""

    id: str
    label_zh: str
    label_en: str
    of: tuple[str, ...]
    """Kinds of goods."""
    basis: str
    """Why it demands this."""
    status: Status
    demands: tuple[Demand, ...]


class Access(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What holds of the access to every market (ADR 0025)."""

    status: Status
    barring: tuple[str, ...]
    """Dispositions of goods that no market takes."""
    proofs: tuple[str, ...]
    """Key data elements without which a record that should have them proves nothing."""
