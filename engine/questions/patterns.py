"""Items by a pattern of their codes (design §6). In: a product and bounds. Out: the keys of the items that fit.

Serials compare as numbers where both are digits, else as text. An expiry is that of master data, else the
`itemExpirationDate` of the instance/lot master data of an event that commissioned or made the item (CBV 2.0 §9).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from engine.question import PatternSeed, Window
from engine.questions.things import narrower_items
from engine.stores.ports import Snapshot
from graph_schema.errors import UnknownSeed
from graph_schema.event import Action, Event, EventType, Role
from graph_schema.identifiers import parse_identifier
from graph_schema.interval import micros_of

_EXPIRY = ("itemExpirationDate", "cbvmda:itemExpirationDate", "sellByDate", "bestBeforeDate")


def items_of_pattern(snapshot: Snapshot, seed: PatternSeed, at: int) -> list[str]:
    """The items of a product that fit, with everything narrower than these; raises `UnknownSeed` for none."""
    fitting = {item for item in narrower_items(snapshot, seed.product, at) if _fits(snapshot, seed, item, at)}
    wide = {narrow for item in fitting for narrow in narrower_items(snapshot, item, at)}
    if not wide:
        raise UnknownSeed(
            f"no item of {seed.product} fits the pattern up to position {at}",
            where="seed",
            remedy="Widen the pattern, or load the events that name such items.",
        )
    return sorted(wide)


def _fits(snapshot: Snapshot, seed: PatternSeed, item: str, at: int) -> bool:
    identifier = parse_identifier(item)
    if item == seed.product:
        return False
    if seed.lot_prefix is not None and not (identifier.lot or "").startswith(seed.lot_prefix):
        return False
    if not _serial_fits(seed, identifier.serial):
        return False
    return seed.expiry == Window() or _expiry_fits(snapshot, seed.expiry, item, at)


def _serial_fits(seed: PatternSeed, serial: str | None) -> bool:
    if seed.serial_from is None and seed.serial_to is None:
        return True
    if serial is None:
        return False
    low, high = seed.serial_from, seed.serial_to
    return (low is None or _order(low, serial)) and (high is None or _order(serial, high))


def _order(low: str, high: str) -> bool:
    """Whether one serial is not after another."""
    return int(low) <= int(high) if low.isdecimal() and high.isdecimal() else low <= high


def _expiry_fits(snapshot: Snapshot, window: Window, item: str, at: int) -> bool:
    expiry = _expiry(snapshot, item, at)
    if expiry is None:
        return False
    return (window.since is None or expiry >= window.since) and (window.until is None or expiry <= window.until)


def _expiry(snapshot: Snapshot, item: str, at: int) -> int | None:
    master = snapshot.masters.of([item], at).get(item, {})
    return _date_in(master) if _date_in(master) is not None else _expiry_of_events(snapshot, item, at)


def _expiry_of_events(snapshot: Snapshot, item: str, at: int) -> int | None:
    entries = snapshot.lookup.entries_naming([item])
    ids = [entry.event.id for entry in entries if entry.seq <= at and _begins(entry.event, item)]
    for entry in snapshot.ledger.entries_of(ids):
        found = _date_in(msgspec.json.decode(entry.event.body or b"{}").get("ilmd", {}))
        if found is not None:
            return found
    return None


def _begins(event: Event, item: str) -> bool:
    """Whether an event commissions or makes an item; what it says of its output's expiry is not its inputs'."""
    if event.type is EventType.TRANSFORMATION:
        return any(what.item == item and what.role is Role.OUTPUT for what in event.whats)
    return event.action is Action.ADD


def _date_in(attributes: dict[str, object]) -> int | None:
    """The end of the day of the first expiry among some attributes, in microseconds since 1970 UTC."""
    for name in _EXPIRY:
        try:
            day = datetime.fromisoformat(str(attributes[name]))
        except (KeyError, ValueError):
            continue
        moment = day if day.tzinfo else day.replace(tzinfo=UTC)
        whole = timedelta(days=1) if len(str(attributes[name])) == len("2026-01-01") else timedelta()
        return micros_of(moment + whole) - (1 if whole else 0)
    return None
