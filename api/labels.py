"""How things are called when people read an answer. In: keys and master data. Out: names, short codes.

A short code is the GS1 element string, `(01)09521103009000(10)CAN-B`: the shortest spelling that can be
typed back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import cached_property

from engine.answer import Quantities, QuantityRange
from graph_schema.errors import InvalidIdentifier
from graph_schema.event import Event
from graph_schema.identifiers import site_of_place, to_element_string, wider_key
from graph_schema.interval import Interval, datetime_of
from graph_schema.master_data import product_name, site_name

Masters = Mapping[str, Mapping[str, object]]

UNKNOWN_PLACE = "unknown place"
PIECES = "pieces"
UNITS = {"KGM": "kg", "GRM": "g", "TNE": "t", "LTR": "l", "MLT": "ml", "EA": PIECES, "H87": PIECES}
"""UN/ECE Rec 20 codes that people write otherwise."""


def short_code(key: str) -> str:
    """The element string of a GS1 key; any other key as it is."""
    try:
        return to_element_string(key)
    except InvalidIdentifier:
        return key


def called(sentence: str, names: Mapping[str, str]) -> str:
    """A sentence of the engine, the keys in it as names where they have one."""
    return " ".join(names.get(word, word) for word in sentence.split(" "))


class Labels:
    """Names of items and sites from master data, by canonical key."""

    def __init__(self, masters: Masters) -> None:
        self._masters = masters

    def site(self, key: str | None) -> str:
        """The name of a site, else its code."""
        if key is None:
            return UNKNOWN_PLACE
        found = (site_name(self._masters.get(one, {})) for one in (key, site_of_place(key)))
        return next((name for name in found if name), short_code(key))

    def sentence(self, told: str) -> str:
        """A sentence of the engine, the sites in it called by their names."""
        return called(told, self._sites)

    @cached_property
    def _sites(self) -> dict[str, str]:
        return {key: name for key, attributes in self._masters.items() if (name := site_name(attributes))}

    def item(self, key: str) -> str:
        """The lot or serial number by which people call an item, else its code."""
        code = short_code(key)
        last = code.rpartition("(")[2]
        marked, _, value = last.partition(")")
        return value if marked in {"10", "21"} and value else code

    def product(self, key: str) -> str | None:
        """The name of an item's product."""
        wider: str | None = key
        while wider is not None:
            if name := product_name(self._masters.get(wider, {})):
                return name
            wider = wider_key(wider)
        return None


def keys_of(items: set[str], sites: set[str]) -> set[str]:
    """The keys whose master data names these items and sites: they, and what they are of."""
    keys = set(sites) | {site_of_place(site) for site in sites}
    for item in items:
        wider: str | None = item
        while wider is not None and wider not in keys:
            keys.add(wider)
            wider = wider_key(wider)
    return keys


def number(value: Decimal) -> str:
    """A number with thousands apart and no needless zeros."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def unit(uom: str | None) -> str:
    """A unit as people write it."""
    return UNITS.get(uom, uom) if uom else PIECES


def amount_of(value: Decimal, uom: str | None) -> str:
    """A number with its unit: `600 kg`, `1 piece`."""
    name = unit(uom)
    return f"{number(value)} {'piece' if name == PIECES and value == 1 else name}"


def quantity(amount: QuantityRange) -> str:
    """A range with its unit: `600 kg`, `400 to 600 kg`, `up to 600 kg`, `at least 400 kg`."""
    if amount.high is None:
        return f"at least {amount_of(amount.low, amount.uom)}" if amount.low else f"? {unit(amount.uom)}"
    most = amount_of(amount.high, amount.uom)
    if amount.high == amount.low:
        return most
    return f"{number(amount.low)} to {most}" if amount.low else f"up to {most}"


def quantities(amounts: Quantities) -> str:
    """Ranges of several units, those that are surely nothing left out."""
    return ", ".join(quantity(amount) for amount in amounts if amount.high != 0 or amount.low != 0)


def day_or_time(when: Interval) -> str:
    """An interval in UTC: a moment, `A to B`, `from A`, `until B`, or nothing."""
    first, last = datetime_of(when.earliest), datetime_of(when.latest)
    if first is None and last is None:
        return ""
    if first is None or last is None:
        return f"until {_utc(when.latest)}" if first is None else f"from {_utc(when.earliest)}"
    return _utc(when.earliest) if first == last else f"{_utc(when.earliest)} to {_utc(when.latest)}"


def day_of(event: Event) -> str:
    """The day of an event in the zone that it was written in."""
    moment = datetime_of(event.time.earliest) or datetime_of(event.time.latest)
    return "" if moment is None else _local(moment, event.zone).date().isoformat()


def time_of(event: Event) -> str:
    """The time of an event in the zone that it was written in; an interval in UTC where it is no instant."""
    moment = datetime_of(event.time.earliest)
    if moment is None or event.time.earliest != event.time.latest:
        return day_or_time(event.time)
    return _local(moment, event.zone).isoformat(timespec="minutes")


def _local(moment: datetime, offset: str) -> datetime:
    """The moment in the zone of an offset; in UTC at the ends of the calendar, which has no such day there."""
    try:
        return moment.astimezone(_zone(offset))
    except OverflowError:
        return moment


def _zone(offset: str) -> timezone:
    """The zone of an EPCIS eventTimeZoneOffset, `+08:00`."""
    hours, minutes = int(offset[1:3]), int(offset[4:6])
    away = timedelta(hours=hours, minutes=minutes)
    return timezone(-away if offset[0] == "-" else away)


def _utc(micros: int) -> str:
    moment = datetime_of(micros)
    return "" if moment is None else moment.isoformat(timespec="seconds").replace("+00:00", "Z")
