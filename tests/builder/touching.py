"""Events of a product system made up for tests, whose profile declares contact. In: a few words. Out: `Event`s."""

from __future__ import annotations

import hashlib
from functools import cache

import msgspec

from graph_schema.event import Action, Event, EventType
from graph_schema.profiles import Profile, Profiles, TrackingEvent, profiles
from graph_schema.profiles.profile import ItemKind, Level
from tests.questions.telling import item, told

SYSTEM = "dairy_hall"
AT = ("named", "extension hose")
"""Goods are named, the hose that they run through stands in a field of the sender's own."""


def tracked(name: str, step: str, **more: object) -> TrackingEvent:
    """A tracking event of the system."""
    return TrackingEvent(
        id=name, stage="hall", label_zh="", label_en="", type=EventType.OBJECT, action=Action.OBSERVE, biz_step=step,
        by=(), of=("milk",), kde=(), **more,
    )  # type: ignore[arg-type]  # fmt: skip


EVENTS = (
    tracked("soil", "other", contact=("milk", "hose"), contact_at=AT),
    tracked("run", "other", contact=("hose", "milk"), contact_at=AT[::-1]),
    tracked("rinse", "other", contact=("hose", "milk"), contact_at=AT[::-1], contact_back=True),
    tracked("scrub", "other", cleans=("hose",), disposition="conformant", disposition_fail="non_conformant"),
)


def system(*events: TrackingEvent, name: str = SYSTEM, valid_from: str | None = None) -> Profile:
    """A profile with these tracking events; all else is as in another."""
    (other,) = profiles().versions("other_food")
    kinds = tuple(
        ItemKind(id=kind, label_zh="", label_en="", level=Level.LOT, vector=kind == "hose") for kind in ("milk", "hose")
    )
    return msgspec.structs.replace(other, profile=name, valid_from=valid_from, items=kinds, events=events or EVENTS)


@cache
def halls() -> Profiles:
    """The system alone."""
    return Profiles(profiles().common, {SYSTEM: (system(),)})


def touched(name: str, when: float, at: str | None, goods: str, hose: str, *, cte: str | None = None) -> Event:
    """Goods and a hose in a tracking event of the system."""
    return saying(cte or f"{SYSTEM}.{name}", told(name, when, at, {goods: None}, step="other"), hose=hose)


def scrubbed(when: float, at: str | None, hose: str, disposition: str = "conformant") -> Event:
    """A hose is cleaned."""
    event = told("scrub", when, at, {hose: None}, step="other", disposition=disposition)
    return saying(f"{SYSTEM}.scrub", event)


def saying(cte: str, event: Event, **fields: str) -> Event:
    """The same event, whose sender says which tracking event it is, and more in fields of its own."""
    body = {"x:cte": cte} | {f"x:{name}": item(key) for name, key in fields.items()}
    words = msgspec.json.encode([event, body])
    return msgspec.structs.replace(
        event, id=f"urn:uuid:{hashlib.sha256(words).hexdigest()[:32]}", body_hash=hashlib.sha256(words).digest(),
        body=msgspec.json.encode(body),
    )  # fmt: skip
