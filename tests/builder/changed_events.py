"""What senders do to events they have sent. In: an event. Out: the same id with other contents, a declaration, a void.

Each goes through the loader again, as it would come in a second file (EPCIS 2.0 §7.4.1.3 for declarations, CBV 2.0
§7.1 for `void_shipping`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from io import BytesIO
from random import Random
from typing import Any

import msgspec

from graph_schema.event import Event
from graph_schema.interval import datetime_of
from loaders.epcis import load_stream
from loaders.outcome import Accepted
from tests.worlds.reading import read_events

Json = dict[str, Any]
Change = Callable[[Json, Json, Random], None]
"""Takes the fields of an event, those of another, and chance; changes the first."""

THINGS = ("epcList", "quantityList", "childEPCs", "childQuantityList", "inputQuantityList", "outputQuantityList")
PLACES = ("readPoint", "bizLocation", "sourceList", "destinationList")


def fields_of(event: Event) -> Json:
    """The event as it came, as a JSON object."""
    fields: Json = msgspec.json.decode(event.body)
    return fields


def changed(event: Event, other: Event, rng: Random) -> Event | None:
    """The event with the same id and something else in it, partly of another event.

    None where nothing changed, or where a loader refuses what came out.
    """
    fields = fields_of(event)
    for change in rng.sample(CHANGES, rng.randint(1, 2)):
        change(fields, fields_of(other), rng)
    read = load_stream(BytesIO(msgspec.json.encode(fields)), "changed.ndjson")
    accepted = [outcome.event for outcome in read if isinstance(outcome, Accepted)]
    return accepted[0] if accepted and fields != fields_of(event) else None


def _place(fields: Json, other: Json, rng: Random) -> None:
    """It says that it was elsewhere, or no longer where."""
    name = rng.choice(PLACES)
    if name in other:
        fields[name] = other[name]
    else:
        fields.pop(name, None)


def _things(fields: Json, other: Json, rng: Random) -> None:
    """It names other things, or more, in a list that it has."""
    name = rng.choice([name for name in THINGS if name in fields] or ["epcList"])
    found = [thing for each in THINGS for thing in other.get(each, ()) if ("List" in each) == ("List" in name)]
    fitting = [thing for thing in found if isinstance(thing, str) == (name in ("epcList", "childEPCs"))]
    if name in fields and fitting:
        fields[name] = [*(fields[name] if rng.random() < 0.5 else ()), *fitting]


def _amounts(fields: Json, other: Json, rng: Random) -> None:
    """It counted otherwise."""
    for name in THINGS:
        for thing in fields.get(name, ()):
            if isinstance(thing, dict) and "quantity" in thing:
                thing["quantity"] += rng.randint(1, 9)


def _time(fields: Json, other: Json, rng: Random) -> None:
    """It was when the other was."""
    fields |= {name: other[name] for name in ("eventTime", "eventTimeZoneOffset") if name in other}


def _step(fields: Json, other: Json, rng: Random) -> None:
    """It was another step."""
    fields["bizStep"] = rng.choice(("shipping", "receiving", "storing", "commissioning", "void_shipping"))


def _parent(fields: Json, other: Json, rng: Random) -> None:
    """It was packed into another container."""
    if "parentID" in fields and "parentID" in other:
        fields["parentID"] = other["parentID"]


def _process(fields: Json, other: Json, rng: Random) -> None:
    """It was a step of another process, or of none that is named."""
    if fields["type"] == "TransformationEvent":
        fields.pop("transformationID", None)
        fields |= {name: other[name] for name in ("transformationID",) if name in other}


CHANGES: tuple[Change, ...] = (_place, _things, _amounts, _time, _step, _parent, _process)


def declared(event: Event, reason: str | None, correctives: Sequence[str]) -> Event:
    """The event again, declared an error."""
    declaration: Json = {"declarationTime": "2026-06-01T00:00:00Z"}
    if reason is not None:
        declaration["reason"] = reason
    if correctives:
        declaration["correctiveEventIDs"] = list(correctives)
    return read_events([{**fields_of(event), "errorDeclaration": declaration}])[0]


def is_shipping(event: Event) -> bool:
    """Whether a void can be of this event."""
    return event.biz_step == "shipping" and event.error is None


def voided(event: Event, hours: int) -> Event:
    """The void of a shipping event, so many hours later."""
    fields = {
        name: value for name, value in fields_of(event).items() if name not in ("disposition", "errorDeclaration")
    }
    moment = datetime_of(event.time.latest)
    assert moment is not None
    when = {"eventTime": (moment + timedelta(hours=hours)).isoformat(), "eventTimeZoneOffset": "+00:00"}
    return read_events([{**fields, **when, "eventID": f"{event.id}:void", "bizStep": "void_shipping"}])[0]
