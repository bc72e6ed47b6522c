"""A query for events (EPCIS 2.0 §8.2.7.1). In: parameters by name. Out: `EventQuery`, or which parameter is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum

import msgspec

from api.rest.paging import digest_of
from api.rest.query.patterns import is_pattern
from api.rest.query.predicates import FIXED, flexible
from api.rest.query.told_event import Predicate, Reading, ToldEvent
from api.rest.query.values import count_of, key_of_text, refused, single, time_of, word_of
from engine.event_order import FAR_OFF, LONG_AGO, EventField, Fact
from graph_schema.event import EventType
from graph_schema.vocabulary import Kind

PAGING = ("perPage", "nextPageToken")
"""Parameters of a page, not of a query."""

ORDERING = ("orderBy", "orderDirection", "eventCountLimit", "maxEventCount")
_WITHIN = {"WD_readPoint": "read_point", "WD_bizLocation": "biz_location"}
_DAY = 86_400_000_000
"""The longest that a time of an event is: a date without a time."""


class OrderBy(Enum):
    """What events are ordered by."""

    EVENT_TIME = "eventTime"
    RECORD_TIME = "recordTime"
    FIELD = "an extension field"


class Order(msgspec.Struct, frozen=True):
    """The order of the answer."""

    by: OrderBy = OrderBy.EVENT_TIME
    descending: bool = False
    field: str = ""
    """The whole name of an extension field."""


class Narrowing(msgspec.Struct, frozen=True):
    """What of a query a store can find by, so that not every event is looked at."""

    event_ids: tuple[str, ...] | None = None
    items: tuple[str, ...] | None = None
    """Keys of items and transformationIDs, one of which the event names."""
    facts: tuple[Fact, ...] = ()
    since: int = LONG_AGO
    until: int = FAR_OFF
    recorded_since: int | None = None


class EventQuery(msgspec.Struct, frozen=True):
    """A query, read."""

    predicates: tuple[Predicate, ...]
    narrowing: Narrowing
    order: Order
    first: int | None
    """`eventCountLimit`."""
    most: int | None
    """`maxEventCount`."""
    within: tuple[tuple[str, tuple[str, ...]], ...]
    """`WD_…`: a field of the event, and the places of which one, or one within, it must be."""
    digest: bytes
    """Of its parameters: what the tokens of its pages are of."""

    def lets_through(self, told: ToldEvent) -> bool:
        """Whether all parameters let an event through."""
        return all(predicate(told) for predicate in self.predicates)


def parse_query(parameters: Mapping[str, Sequence[str]]) -> EventQuery:
    """The query of these parameters; a `QueryParameterException` names the first that is unknown or malformed."""
    predicates = [
        _reading(name)(name, _some(name, values))
        for name, values in parameters.items()
        if name not in ORDERING and name not in _WITHIN
    ]
    within = tuple(
        (_WITHIN[name], tuple(map(key_of_text, _some(name, values))))
        for name, values in parameters.items()
        if name in _WITHIN
    )
    first, most = (_count(parameters, name) for name in ("eventCountLimit", "maxEventCount"))
    narrowing = _narrowing(parameters)
    order = _order(parameters, narrowing)
    if first is not None and most is not None:
        raise refused("eventCountLimit", "it cannot stand beside maxEventCount", "Leave one out.")
    if first is not None and "orderBy" not in parameters:
        raise refused("eventCountLimit", "without orderBy nothing is first", "Add orderBy.")
    told = sorted((name, list(values)) for name, values in parameters.items())
    return EventQuery(tuple(predicates), narrowing, order, first, most, within, digest_of("events", told))


def parameters_of_url(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Parameters of a URL: several values are divided by `|`, or the name stands several times (§12)."""
    found: dict[str, list[str]] = {}
    for name, text in pairs:
        if name not in PAGING:
            found.setdefault(name, []).extend(text.split("|"))
    return found


def _reading(name: str) -> Reading:
    reading = FIXED.get(name) or flexible(name)
    if reading is None:
        raise refused(name[:200], "this is no parameter of a query", "EPCIS 2.0 §8.2.7.1 names them.")
    return reading


def _some(name: str, values: Sequence[str]) -> Sequence[str]:
    if not values or (not all(values) and not name.startswith("EXISTS_")):
        raise refused(name, "it has an empty value")
    return values


def _single(parameters: Mapping[str, Sequence[str]], name: str) -> str | None:
    return single(name, parameters[name]) if name in parameters else None


def _count(parameters: Mapping[str, Sequence[str]], name: str) -> int | None:
    text = _single(parameters, name)
    return None if text is None else count_of(name, text)


def _order(parameters: Mapping[str, Sequence[str]], narrowing: Narrowing) -> Order:
    by, direction = _single(parameters, "orderBy"), _single(parameters, "orderDirection") or "DESC"
    if direction not in ("ASC", "DESC"):
        raise refused("orderDirection", f"{direction[:80]!r} is no direction", "Give ASC or DESC.")
    if by is None:
        # No order is asked for: the one in which what was asked for is found.
        of_late = narrowing.recorded_since is not None and not {"GE_eventTime", "LT_eventTime"} & set(parameters)
        return Order(OrderBy.RECORD_TIME if of_late else OrderBy.EVENT_TIME)
    for known in (OrderBy.EVENT_TIME, OrderBy.RECORD_TIME):
        if by == known.value:
            return Order(known, direction == "DESC")
    if ":" not in by:
        remedy = "Give eventTime, recordTime, or the whole name of an extension field."
        raise refused("orderBy", f"{by[:80]!r} cannot be ordered by", remedy)
    return Order(OrderBy.FIELD, direction == "DESC", by)


_WORDS = {
    "EQ_bizStep": (EventField.BIZ_STEP, Kind.BIZ_STEP),
    "EQ_disposition": (EventField.DISPOSITION, Kind.DISPOSITION),
}
_PLACES = {"EQ_bizLocation": EventField.BIZ_LOCATION, "EQ_readPoint": EventField.READ_POINT}


def _narrowing(parameters: Mapping[str, Sequence[str]]) -> Narrowing:
    ids = parameters.get("EQ_eventID")
    since, until = _time(parameters, "GE_eventTime"), _time(parameters, "LT_eventTime")
    return Narrowing(
        None if ids is None else tuple(ids),
        _items(parameters),
        _facts(parameters),
        LONG_AGO if since is None else since - _DAY,
        FAR_OFF if until is None else until,
        _time(parameters, "GE_recordTime"),
    )


def _time(parameters: Mapping[str, Sequence[str]], name: str) -> int | None:
    text = _single(parameters, name)
    return None if text is None else time_of(name, text).earliest


def _items(parameters: Mapping[str, Sequence[str]]) -> tuple[str, ...] | None:
    """The fewest items that one parameter asks for."""
    named = [
        tuple(value if name == "EQ_transformationID" else key_of_text(value) for value in values)
        for name, values in parameters.items()
        if name == "EQ_transformationID" or (name.startswith("MATCH_") and not any(map(is_pattern, values)))
    ]
    return min(named, key=len, default=None)


def _facts(parameters: Mapping[str, Sequence[str]]) -> tuple[Fact, ...]:
    """What one parameter asks for: a place rather than a word, a word rather than a type."""
    for name, field in _PLACES.items():
        if name in parameters:
            return tuple(Fact(field, key_of_text(value)) for value in parameters[name])
    for name, (field, kind) in _WORDS.items():
        if name in parameters:
            return tuple(Fact(field, word_of(name, kind, value)) for value in parameters[name])
    types = parameters.get("eventType", ())
    return tuple(Fact(EventField.TYPE, value if value in set(EventType) else EventType.EXTENSION) for value in types)
