"""What the public should be told of the stories. In: a story, a state. Out: readings, and whether they are right."""

from __future__ import annotations

import msgspec

from api.demo.telling import Told
from engine.public_lookup import CodeReading, PublicCodes, PublicLookup
from engine.stores.ports import Snapshot
from graph_schema.identifiers import canonical_key
from graph_schema.profiles import profiles
from graph_schema.profiles.public import RecallStatus

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


def items_of(telling: Told) -> set[str]:
    """The names of all that a story's goods are called."""
    return {
        name
        for record in telling.story.records
        for part in (record.takes, record.makes, record.move, record.use, record.about)
        for name in part
    }


def held_in(telling: Told) -> set[str]:
    """What a story says that somebody put on hold."""
    return {name for record in telling.story.records if record.tracked == "hold" for name in record.about}


def judge_recalls(telling: Told, snapshot: Snapshot) -> None:
    """What is on hold in a story is recalled to the public, or on hold as its profile says; nothing else is."""
    hold = telling.profile.event("hold")
    recalled = hold is not None and hold.disposition == "recalled"
    status = RecallStatus.RECALLED if recalled else RecallStatus.ON_HOLD
    codes = PublicCodes(profiles())
    for name in sorted(items_of(telling)):
        expected = status if name in held_in(telling) else RecallStatus.NONE
        assert told(codes, snapshot, telling.item(name)).recall_status is expected, name


def judge_shape(telling: Told, snapshot: Snapshot, hidden: str, absent: str) -> None:
    """A lot that is not for the public is told as one that there is not, but for its number."""
    codes = PublicCodes(profiles())
    items = telling.item(hidden), telling.item(hidden).replace(hidden, absent)
    there, nowhere = (msgspec.json.encode(codes.look_up(one, snapshot)).decode() for one in items)
    assert there.replace(hidden, absent) == nowhere
