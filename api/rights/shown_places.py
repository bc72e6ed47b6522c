"""Places as events are shown with them: where a place is told by its site, it is found by the site alone.

In: the events of a state, a clearance that tells sites. Out: the events that say a place as shown, and the places said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, groupby, islice, takewhile

import msgspec

from api.rights.clearance import Clearance
from engine.event_order import FAR_OFF, PAGE, EventField, EventSpan, Fact, facts_of
from engine.ledger import LedgerEntry
from engine.stores.ports import EventPort
from graph_schema.identifiers import site_of_place
from graph_schema.profiles.site_level import site_told

PLACES = frozenset({EventField.READ_POINT, EventField.BIZ_LOCATION})
_WITHIN = "/254/"
"""Between the key of a site and the extension of a place in it."""
MOST = 1_000
"""Places of a site that are looked up; where there are more, all events are looked at."""
LOOKED = 20
"""Events of a place, and places of a site, by which it is told how they are listed."""


class ShownPlaces:
    """The read points and business locations that somebody is shown."""

    def __init__(self, whole: EventPort, clearance: Clearance) -> None:
        self._whole = whole
        self._clearance = clearance

    def in_order(self, span: EventSpan) -> Iterator[LedgerEntry]:
        """Events that say one of the places of a span, as they are shown."""
        within = tuple(islice(chain.from_iterable(map(self._within, span.facts)), MOST + 1))
        facts = () if len(within) > MOST else (*span.facts, *within)
        entries = self._clearance.shown(self._whole.in_order(msgspec.structs.replace(span, facts=facts)))
        wanted = frozenset(span.facts)
        return (entry for entry in entries if not wanted.isdisjoint(facts_of(entry.event)))

    def _within(self, fact: Fact) -> Iterator[Fact]:
        """What events say that lies within a site; nothing lies within a place."""
        begin = fact.value + _WITHIN
        places = takewhile(lambda place: place.startswith(begin), self._said(fact.field, begin))
        return (Fact(fact.field, place) for place in places)

    def values(self, field: EventField, after: str, limit: int) -> list[str]:
        """Places behind a text, in order: those that an event is shown with, and the sites of the others.

        Of many places of a site the first tell how all are listed: a site that no event names stands for places where
        one of these is not told, and the others are told where one of these is.
        """
        sites = groupby(self._said(field, after), site_of_place)
        shown = (place for site, places in sites for place in self._of_site(field, site, places))
        return list(islice((place for place in shown if place > after), limit))

    def _of_site(self, field: EventField, site: str, places: Iterator[str]) -> Iterator[str]:
        first = [(place, self._is_told(field, place)) for place in islice(places, LOOKED)]
        if first[0][0] != site and not all(told for _, told in first):
            yield site
        yield from (place for place, told in first if told)
        if any(told for _, told in first):
            yield from (place for place in places if self._is_told(field, place))

    def _is_told(self, field: EventField, place: str) -> bool:
        """Whether one of the first events that say a place is shown with it."""
        if site_told(place) == place:
            return True
        fact = Fact(field, place)
        entries: Iterable[LedgerEntry] = islice(self._whole.in_order(EventSpan(FAR_OFF, facts=(fact,))), LOOKED)
        return any(fact in facts_of(entry.event) for entry in self._clearance.shown(entries))

    def _said(self, field: EventField, after: str) -> Iterator[str]:
        """All that events say in a field, behind a text, in order."""
        while some := self._whole.values(field, after, PAGE):
            yield from some
            after = some[-1]
