"""At which sites goods are told in answers (`visibility.to_site`, ADR 0033). In: an index, a reader. Out: one as told.

Holdings at a place within a site, which by the records is a site of its own (ADR 0016), or at one that is no GLN, are
told at the site of the GLN, or at a place without a name, where their goods are such as are told by sites alone. The
walk is not cut, and no outlet is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import msgspec
import numpy as np
import numpy.typing as npt

from api.rights.goods_by_site import GoodsBySite, named_in
from api.rights.told_names import ToldNames
from engine.index import NONE, FlowIndex
from graph_schema.event import Event
from graph_schema.profiles.site_level import site_told

Codes = npt.NDArray[np.int64]


class ToldSites:
    """What one reader is told of an index (`engine.index.SitesTold`)."""

    def __init__(
        self,
        index: FlowIndex,
        below: dict[int, str | None],
        goods: GoodsBySite,
        named: Callable[[str], str],
    ) -> None:
        self.names = ToldNames(index.sites, len(index.sites), named)
        self._named = named
        self._index = index
        self._goods = goods
        self._targets = np.arange(len(index.sites), dtype=np.int64)
        for code, site in below.items():
            self._targets[code] = self.names.without_name(code) if site is None else self.names.site(site)
        self._below = np.array(sorted(below), np.int64)

    @property
    def position(self) -> int:
        """The newest position of the index."""
        return self._index.position

    def of(self, rows: Codes, at: int) -> Codes:
        """The codes of the sites told of rows of `vertices`."""
        told = self._index.vertices["site"][rows].astype(np.int64)
        below = np.flatnonzero(np.isin(told, self._below))
        if len(below):
            hidden = below[self._hidden(rows[below], at)]
            told[hidden] = self._targets[told[hidden]]
        return told

    def _hidden(self, rows: Codes, at: int) -> npt.NDArray[np.bool_]:
        """Per row, whether its goods are told by sites: what is held, or came out of a transformation."""
        table = self._index.vertices
        items = self._index.items.optionals(table["item"][rows])
        events = self._index.events.optionals(table["event"][rows])
        made = self._goods.made_in({event for item, event in zip(items, events, strict=True) if event and not item})
        each = [{item} if item else made.get(event or "", set()) for item, event in zip(items, events, strict=True)]
        told = self._goods.among(set[str]().union(*each), at)
        return np.array([not told.isdisjoint(some) for some in each], bool)

    def behind(self, codes: npt.ArrayLike) -> Codes:
        """The codes of all sites that may be told as one of these, themselves among them."""
        asked = np.asarray(codes, np.int64)
        own = asked[(asked >= 0) & (asked < len(self._targets))]
        return np.union1d(own, self._below[np.isin(self._targets[self._below], asked)])

    def key(self, items: Collection[str], site: str, at: int) -> str:
        """The key of the site at which goods are told that were, or were to be, at one."""
        code = self.names.code(site)
        told = self.names.name(int(self._targets[code])) if np.any(self._below == code) else site
        if code == NONE:
            told = site_told(site) or self._named(site)
        return told if told != site and self._goods.among(items, at) else site

    def withholds(self, items: Collection[str], sites: Collection[str]) -> bool:
        """Whether some goods of an answer may be told at some of its sites instead of where they were."""
        told = set(self.names.names(self._targets[self._below]))
        return not told.isdisjoint(sites) and bool(self._goods.among(items, self.position))

    def placed(self, whole: Event, shown: Event) -> Event:
        """An event as it is shown, at the sites that its goods are told at in answers."""
        items = named_in(whole)
        return msgspec.structs.replace(
            shown,
            read_point=self._place(items, whole.read_point, shown.read_point),
            biz_location=self._place(items, whole.biz_location, shown.biz_location),
        )

    def _place(self, items: Collection[str], whole: str | None, shown: str | None) -> str | None:
        """A place where goods are told; as it is shown where no answer names it."""
        if whole is None or self.names.code(whole) == NONE:
            return shown
        return self.key(items, whole, self.position)
