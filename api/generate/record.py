"""Events as a site writes them down.

In: what happened, as codes and amounts. Out: an EPCIS 2.0 event as a JSON object. Field names and forms are
those of the EPCIS 2.0 JSON binding (EPCIS 2.0 §10); business steps, dispositions and transaction types those
of CBV 2.0 §7.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

Json = dict[str, object]

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
"""When every simulated world begins: minute 0."""


class Part(StrEnum):
    """What a record is in the movement it belongs to."""

    DEPARTURE = "departure"
    ARRIVAL = "arrival"


@dataclass(frozen=True, slots=True)
class Record:
    """One event of a world with what only the world knows of it."""

    number: int
    """Its place in the order in which things happened."""
    event: Json
    moment: int
    """Minutes since the world began."""
    kind: str
    """What happened: `commission`, `transform`, `pack`, `ship`, `receive`, `end` …; `mistake`, `phantom`: not."""
    trip: str | None = None
    """The movement it belongs to."""
    part: Part | None = None
    declares: int | None = None
    """The number of the record that it declares an error, or whose shipment it voids."""


STEP = Decimal("0.5")
"""What the amounts of a world are multiples of."""


def told_amount(amount: Decimal, uom: str | None) -> Decimal:
    """An amount of a world as it is told: in its unit, and of goods without one in pieces, of which a step is one."""
    return amount if uom is not None else amount / STEP


def number_of(amount: Decimal) -> int | float:
    """An amount as a JSON number; the world's amounts are halves, which a float holds exactly."""
    return int(amount) if amount == int(amount) else float(amount)


def time_of(moment: int, offset: str) -> str:
    """A minute of the world as an EPCIS time in the zone of `offset` (`+08:00`)."""
    sign = -1 if offset[0] == "-" else 1
    shift = sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[4:6]))
    local = BEGIN + timedelta(minutes=moment) + shift
    return local.strftime("%Y-%m-%dT%H:%M:%S.000") + offset


def micros_of(moment: int) -> int:
    """A minute of the world in microseconds since 1970 UTC."""
    return (int(BEGIN.timestamp()) + moment * 60) * 1_000_000


def location(code: str) -> Json:
    """A readPoint or bizLocation."""
    return {"id": code}


def source(code: str, kind: str = "location") -> Json:
    """An entry of a sourceList; `kind` is a CBV source type."""
    return {"type": kind, "source": code}


def destination(code: str, kind: str = "location") -> Json:
    """An entry of a destinationList; `kind` is a CBV destination type."""
    return {"type": kind, "destination": code}


def transaction(code: str, kind: str = "desadv") -> Json:
    """An entry of a bizTransactionList; `kind` is a CBV business transaction type."""
    return {"type": kind, "bizTransaction": code}


def quantity(code: str, amount: Decimal | None, uom: str | None) -> Json:
    """A quantityElement; without an amount it says only that there was some."""
    element: Json = {"epcClass": code}
    if amount is not None:
        element["quantity"] = number_of(told_amount(amount, uom))
        if uom is not None:
            element["uom"] = uom
    return element
