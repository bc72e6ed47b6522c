"""The kin port on Neo4j. In: what narrower items hold. Out: what wider ones may be named for (rule 11)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from engine.stores.neo4j.session import BATCH, Session, batches
from engine.stores.ports import Holder, Offer, Origin, WiderAt
from engine.stores.queries import load_queries
from graph_schema.interval import END, Interval

_CYPHER = load_queries(__package__, "kin.cypher")
_UNKNOWN_PLACE = ""
_ANYWHERE = "*"
"""Stands where a site's key would: no key is so."""


class Neo4jKin:
    """Offers as nodes `Offer`, how long they matter as nodes `Holder`.

    What is told waits until someone asks about what it is of, since each write asks the server three times. Nothing of
    former offers shows meanwhile: an item is never of less than it was.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._waiting: dict[str, Holder] = {}
        self._wider: set[str] = set()
        """All that what waits is of."""

    def tell(self, holders: Iterable[Holder]) -> None:
        """What each of these holds takes the place of what it held before."""
        for holder in holders:
            self._waiting[holder.owner] = holder
            self._wider.update(holder.wider)
        if len(self._waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        last, self._waiting, self._wider = self._waiting, {}, set()
        if not last:
            return
        self._session.run_many(_CYPHER["forget"], list(last))
        self._session.run_many(_CYPHER["add_offers"], (row for one in last.values() for row in _offers(one)))
        self._session.run_many(_CYPHER["add_holders"], (row for one in last.values() for row in _holders(one)))

    def clear(self) -> None:
        """Forget all."""
        self._waiting, self._wider = {}, set()
        self._session.run_out(_CYPHER["clear"])

    def since(self, places: Collection[WiderAt], *, untold: bool = False) -> dict[WiderAt, int]:
        """The earliest time of any offer to each; of those untold only, if asked."""
        self._write_of(*{wider for wider, _ in places})
        query = _CYPHER["untold_since" if untold else "since"]
        asked = ({"wider": wider, "site": _UNKNOWN_PLACE if site is None else site} for wider, site in places)
        found = (row for some in batches(asked) for row in self._session.rows(query, rows=some))
        return {(wider, site or None): time for wider, site, time in found}

    def offers(self, wider: str) -> list[Offer]:
        """All offers there are, each once."""
        return self._offers("offers", wider)

    def sought(self, wider: str, sites: Collection[str] | None = None) -> list[Offer]:
        """The offers whose origin is sought, each once: at these sites, or at all."""
        found = self._offers("sought", wider)
        return found if sites is None else [offer for offer in found if offer.site in sites]

    def holders(self, wider: str, site: str, times: Interval) -> set[str]:
        """Who has an offer that began there within these times, or surely has some left there."""
        self._write_of(wider)
        rows = self._session.rows(
            _CYPHER["owners_of_offers"],
            wider=wider, sites=[site, _UNKNOWN_PLACE], first=times.earliest, last=times.latest,
        )  # fmt: skip
        return {owner for (owner,) in rows} | self._bearing(wider, site, END)

    def recorded(self, wider: str, since: int) -> set[str]:
        """Who offered anything anywhere and had records from a time on."""
        return self._bearing(wider, _ANYWHERE, since)

    def _bearing(self, wider: str, site: str, since: int) -> set[str]:
        self._write_of(wider)
        rows = self._session.rows(_CYPHER["owners_bearing"], wider=wider, site=site, since=since)
        return {owner for (owner,) in rows}

    def _write_of(self, *wider: str) -> None:
        if not self._wider.isdisjoint(wider):
            self.flush()

    def _offers(self, query: str, wider: str) -> list[Offer]:
        self._write_of(wider)
        rows = self._session.rows(_CYPHER[query], wider=wider)
        return [
            Offer(bytes.fromhex(vertex), site or None, Interval(earliest, latest), event, Origin(told))
            for vertex, site, earliest, latest, event, told in rows
        ]


def _offers(holder: Holder) -> Iterator[dict[str, Any]]:
    seen: set[tuple[str | None, int, bytes]] = set()
    for offer in holder.offers:
        time = offer.time
        if (place := (offer.site, time.earliest, offer.vertex)) in seen:
            continue
        seen.add(place)
        for wider in holder.wider:
            yield {
                "wider": wider, "owner": holder.owner, "site": _UNKNOWN_PLACE if offer.site is None else offer.site,
                "earliest": time.earliest, "latest": time.latest, "vertex": offer.vertex.hex(),
                "event": offer.event_id, "origin": int(offer.origin),
                "untold": None if offer.origin is Origin.TOLD else time.earliest,
            }  # fmt: skip


def _holders(holder: Holder) -> Iterator[dict[str, Any]]:
    left = [(site, END) for site in sorted(holder.left)]
    for wider in holder.wider:
        for site, until in ((_ANYWHERE, holder.last), *left):
            yield {"wider": wider, "owner": holder.owner, "site": site, "until": until}
