"""A story as EPCIS events. In: a story, its profile. Out: the events, and what its goods are called in them.

Records happen on their day at the hour of their number, their halves a minute apart, so that the order is plain.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import msgspec

from api.demo.happenings import Happening, effect_of, happenings_of, is_into_a_place, tracked_events
from api.demo.naming import Naming, naming_of, site
from api.demo.recording import Goods, Json, record_event
from api.demo.story import Record, Story
from api.demo.whereabouts import Whereabouts
from graph_schema.event import EventType
from graph_schema.profiles import Profile, TrackingEvent, profiles
from graph_schema.steps import Effect
from graph_schema.vocabulary import Kind, words_of

_MOVING = (Effect.DEPARTS, Effect.ARRIVES)


class Told(msgspec.Struct, frozen=True):
    """A story, and the events that tell it."""

    story: Story
    profile: Profile
    naming: Naming
    events: list[Json]

    def item(self, name: str) -> str:
        """The key of an item of the story."""
        return self.naming.item(name)


def tell(story: Story, profile: Profile) -> Told:
    """Tell a story, record by record."""
    naming, whereabouts = naming_of(story, profile), Whereabouts()
    events = []
    for record in story.records:
        for half, happening in enumerate(happenings_of(record, profile, whereabouts), start=1):
            events.append(_event(record, half, happening, profile, naming))
        whereabouts.follow(record, tracked_events(record, profile)[0])
    return Told(story, profile, naming, events)


def _event(record: Record, half: int, happening: Happening, profile: Profile, naming: Naming) -> Json:
    tracked = happening.tracked
    more: Json = {"x:recorder": site(happening.place), "x:cte": f"{profile.profile}.{tracked.id}"}
    more |= _ends_of_contact(record, tracked, naming)
    if tracked.type is EventType.TRANSACTION:
        more["bizTransactionList"] = [{"type": "po", "bizTransaction": f"urn:example:order:{record.number}"}]
    if record.failed and tracked.disposition_fail is not None:
        tracked = msgspec.structs.replace(tracked, disposition=tracked.disposition_fail)
    return record_event(
        tracked,
        f"{record.day}T{record.number:02}:{half:02}:00+08:00",
        site(happening.place),
        _keys(happening.goods, naming),
        made=_keys(happening.made, naming),
        parent=_whole(happening, naming),
        to=None if happening.to is None else site(happening.to),
        transaction=f"urn:example:despatch:{record.number}" if effect_of(tracked) in _MOVING else None,
        more=_with_papers(more, record.papers.get(tracked.id, {})),
        units={naming.item(name): uom for name, uom in naming.units.items()},
    )


def _keys(goods: Goods, naming: Naming) -> Goods:
    return {naming.item(name): amount for name, amount in goods.items()}


def _whole(happening: Happening, naming: Naming) -> str | None:
    """What things are put into: a thing, or a place."""
    if happening.parent is None:
        return None
    return site(happening.parent) if is_into_a_place(happening.tracked) else naming.item(happening.parent)


def _ends_of_contact(record: Record, tracked: TrackingEvent, naming: Naming) -> Json:
    """What touched what, where the profile has it stand in a field of the sender's own."""
    ends = zip(tracked.contact_at or (), record.link, strict=False)
    return {
        f"x:{at.removeprefix('extension ')}": [naming.item(name) for name in names]
        for at, names in ends
        if names and at.startswith("extension ")
    }


def _with_papers(more: Json, papers: dict[str, str]) -> Json:
    """More of an event, with key data elements where the profiles look for them first."""
    told: dict[str, Any] = dict(more)
    for name, value in papers.items():
        word, _, place = profiles().common.kde[name].at[0].partition(" ")
        if word == "extension":
            told[f"x:{place}"] = value
        elif word == "ilmd":
            told["ilmd"] = {**told.get("ilmd", {}), f"cbvmda:{place}": value}
        else:
            kind = place if place in words_of(Kind.BIZ_TRANSACTION_TYPE) else f"https://example.org/{place}"
            paper = {"type": kind, "bizTransaction": f"urn:example:{quote(value)}"}
            told["bizTransactionList"] = [*told.get("bizTransactionList", []), paper]
    return told
