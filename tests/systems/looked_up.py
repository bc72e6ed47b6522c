"""What the public should be told of the stories. In: a story, a state. Out: readings, and whether they are right."""

from __future__ import annotations

import msgspec

from engine.public_lookup import CodeReading, PublicCodes, PublicLookup
from engine.stores.ports import Snapshot
from graph_schema.identifiers import canonical_key
from graph_schema.profiles import profiles
from graph_schema.profiles.public import RecallStatus
from tests.systems.telling import Telling

Values = dict[str, str]


def reading_of(found: PublicLookup, key: str) -> CodeReading:
    """The reading that names a key."""
    (reading,) = (one for one in found.readings if one.key == key)
    return reading


def told(codes: PublicCodes, snapshot: Snapshot, item: str) -> CodeReading:
    """What is told of an item under its own key."""
    return reading_of(codes.look_up(item, snapshot), canonical_key(item))


def values_of(reading: CodeReading) -> Values:
    """The fields that have a value."""
    return {field.id: field.value for field in reading.fields if field.value is not None}


def items_of(telling: Telling) -> set[str]:
    """The names of all that a story's goods are called."""
    parts = ("in", "out", "move", "use")
    named = {name for event in telling.story["events"] for part in parts for name in event.get(part, {})}
    return named | {name for event in telling.story["events"] for name in event.get("about", ())}


def held_in(telling: Telling) -> set[str]:
    """What a story says that somebody put on hold."""
    return {name for event in telling.story["events"] if event["cte"] == "hold" for name in event["about"]}


def judge_recalls(telling: Telling, snapshot: Snapshot) -> None:
    """What is on hold in a story is recalled to the public, or on hold as its profile says; nothing else is."""
    hold = telling.profile.event("hold")
    recalled = hold is not None and hold.disposition == "recalled"
    status = RecallStatus.RECALLED if recalled else RecallStatus.ON_HOLD
    codes = PublicCodes(profiles())
    for name in sorted(items_of(telling)):
        expected = status if name in held_in(telling) else RecallStatus.NONE
        assert told(codes, snapshot, telling.item(name)).recall_status is expected, name


def judge_shape(telling: Telling, snapshot: Snapshot, hidden: str, absent: str) -> None:
    """A lot that is not for the public is told as one that there is not, but for its number."""
    codes = PublicCodes(profiles())
    items = telling.item(hidden), telling.item(hidden).replace(hidden, absent)
    there, nowhere = (msgspec.json.encode(codes.look_up(one, snapshot)).decode() for one in items)
    assert there.replace(hidden, absent) == nowhere
