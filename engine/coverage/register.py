"""The register of licence holders as a store knows it. In: master data. Out: licences, and names they are met by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import msgspec

from engine.coverage.columns import digest
from engine.stores.ports import MasterPort
from graph_schema.identifiers import take_identifier
from graph_schema.licence import KIND, Licence, licence_of
from graph_schema.master_data import Attributes, parties_of


class Register(msgspec.Struct, frozen=True):
    """Licences of one product system, in order of key."""

    licences: tuple[Licence, ...]
    met: Mapping[int, Sequence[int]]
    """By the digest of each name of a holder, its licences, by number."""
    elsewhere: frozenset[int]
    """Digests of the names of those who stand in registers of other systems alone."""
    roles: tuple[str, ...] = ()
    """The roles of these licences, each once."""

    def mask(self, roles: Collection[str]) -> int:
        """Some roles, a bit for each that anybody is licensed for."""
        return sum(1 << number for number, role in enumerate(self.roles) if role in roles)

    def held(self, recorder: int, site: int) -> Sequence[int]:
        """The licences, by number, under which who records at a site does so: its own, else those of the site.

        Both are met by the digest of a name.
        """
        return self.met.get(recorder) or self.met.get(site) or ()

    def owner(self, recorder: int, site: int, by: Collection[str]) -> int | None:
        """The one of these that an event is recorded under: of several by the roles that may record it, then site."""
        at_site = self.met.get(site, ())
        held = self.held(recorder, site)
        return min(held, key=lambda one: (self.licences[one].role not in by, one not in at_site, one), default=None)


def read_register(masters: MasterPort, system: str, first: str, last: str, at: int | None = None) -> Register:
    """The licences of a system that are valid on some day of a period (ISO 8601), as known at a ledger position.

    A holder is met under its own names, and at the sites that master data say it has.
    """
    known = masters.of(at=at)
    told = [licence_of(_plain(one)) for _, one in sorted(known.items()) if one["kind"] == KIND]
    valid = [one for one in told if one.holds(first, last)]
    sites = _sites(known)
    own = tuple(one for one in valid if one.system == system)
    met: dict[int, list[int]] = defaultdict(list)
    for number, licence in enumerate(own):
        for name in _names(licence, sites):
            met[digest(name)].append(number)
    others = {digest(name) for one in valid if one.system != system for name in _names(one, sites)}
    roles = tuple(sorted({one.role for one in own}))
    return Register(own, met, frozenset(others - met.keys()), roles)


def _names(licence: Licence, sites: Mapping[str, list[str]]) -> dict[str, None]:
    return dict.fromkeys((*licence.names, *sites.get(licence.party or "", ())))


def _sites(known: Mapping[str, Attributes]) -> Mapping[str, list[str]]:
    """The sites that each party has or owns."""
    sites: dict[str, list[str]] = defaultdict(list)
    for key, attributes in known.items():
        if attributes["kind"] == "site":
            for party in parties_of(attributes):
                sites[take_identifier(party)[0].key].append(key)
    return sites


def _plain(attributes: Attributes) -> dict[str, object]:
    return {name: value for name, value in attributes.items() if name != "kind"}
