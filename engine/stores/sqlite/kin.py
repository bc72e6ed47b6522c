"""The kin port on SQLite. In: what narrower items hold. Out: what wider ones may be named for (rule 11)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from engine.stores.ports import Holder, Offer, Origin, WiderAt
from engine.stores.queries import load_queries
from engine.stores.sqlite.items import Items
from engine.stores.sqlite.session import Session
from graph_schema.interval import END, Interval

_SQL = load_queries(__package__, "kin.sql")
_UNKNOWN_PLACE = 0
_ANYWHERE = -1


class SqliteKin:
    """Offers in the table `offer`, how long they matter in `holder`."""

    def __init__(self, session: Session, items: Items) -> None:
        self._session = session
        self._items = items

    def tell(self, holders: Iterable[Holder]) -> None:
        """What each of these holds takes the place of what it held before."""
        for holder in holders:
            owner = self._items.give(holder.owner)
            self._session.run(_SQL["forget_offers"], (owner,))
            self._session.run(_SQL["forget_holder"], (owner,))
            self._session.run_many(_SQL["add_offer"], self._offer_rows(holder, owner))
            self._session.run_many(_SQL["add_holder"], self._holder_rows(holder, owner))

    def clear(self) -> None:
        """Forget all."""
        self._session.run(_SQL["forget_all_offers"])
        self._session.run(_SQL["forget_all_holders"])

    def since(self, places: Collection[WiderAt], *, untold: bool = False) -> dict[WiderAt, int]:
        """The earliest time of any offer to each; of those untold only, if asked."""
        query = _SQL["untold_since" if untold else "since"]
        asked = ((place, (self._items.number(place[0]), self._number_of(place[1]))) for place in places)
        found = ((place, self._session.value(query, numbers)) for place, numbers in asked)
        return {place: time for place, time in found if time is not None}

    def offers(self, wider: str) -> list[Offer]:
        """All offers there are, each once."""
        return self._offers(_SQL["offers"], (self._items.number(wider),))

    def sought(self, wider: str, sites: Collection[str] | None = None) -> list[Offer]:
        """The offers whose origin is sought, each once: at these sites, or at all."""
        number = self._items.number(wider)
        if sites is None:
            return self._offers(_SQL["sought"], (number,))
        places = [self._items.number(site) for site in sorted(sites)]
        return [offer for place in places for offer in self._offers(_SQL["sought_at"], (number, place))]

    def holders(self, wider: str, site: str, times: Interval) -> set[str]:
        """Who has an offer that began there within these times, or surely has some left there."""
        number, place = self._items.number(wider), self._items.number(site)
        bounds = (number, place, _UNKNOWN_PLACE, times.earliest, times.latest)
        began = {owner for (owner,) in self._session.rows(_SQL["owners_of_offers"], bounds)}
        return began | self._bearing(number, place, END)

    def recorded(self, wider: str, since: int) -> set[str]:
        """Who offered anything anywhere and had records from a time on."""
        return self._bearing(self._items.number(wider), _ANYWHERE, since)

    def _bearing(self, wider: int | None, place: int | None, since: int) -> set[str]:
        return {owner for (owner,) in self._session.rows(_SQL["owners_bearing"], (wider, place, since))}

    def _offers(self, query: str, bindings: tuple[int | None, ...]) -> list[Offer]:
        return [
            Offer(vertex, site, Interval(earliest, latest), event, Origin(origin))
            for vertex, site, earliest, latest, event, origin in self._session.rows(query, bindings)
        ]

    def _number_of(self, site: str | None) -> int | None:
        return _UNKNOWN_PLACE if site is None else self._items.number(site)

    def _offer_rows(self, holder: Holder, owner: int) -> Iterator[tuple[object, ...]]:
        for wider in map(self._items.give, holder.wider):
            for offer in holder.offers:
                place = self._place(offer.site)
                time = offer.time
                yield (
                    wider, place, time.earliest, owner, offer.vertex, time.latest, offer.event_id, offer.origin.value,
                )  # fmt: skip

    def _holder_rows(self, holder: Holder, owner: int) -> Iterator[tuple[object, ...]]:
        left = [(self._items.give(site), END) for site in sorted(holder.left)]
        for wider in map(self._items.give, holder.wider):
            for place, until in ((_ANYWHERE, holder.last), *left):
                yield wider, place, until, owner

    def _place(self, site: str | None) -> int:
        return _UNKNOWN_PLACE if site is None else self._items.give(site)
