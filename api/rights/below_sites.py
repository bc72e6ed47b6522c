"""The sites of an index that are none: places within a site (ADR 0016), and what is no GLN. In: an index. Out: codes.

It follows an index that grows, for all requests of a process.
"""

from __future__ import annotations

from threading import Lock

from engine.index import FlowIndex, Names
from graph_schema.profiles.site_level import site_told


class BelowSites:
    """Those found so far, by code, with their sites."""

    def __init__(self) -> None:
        self._names: Names | None = None
        self._count = 0
        self._found: dict[int, str | None] = {}
        self._lock = Lock()

    def of(self, index: FlowIndex) -> dict[int, str | None]:
        """Those of an index that grows; None where nothing tells the site."""
        with self._lock:
            if index.sites is not self._names:
                self._names, self._count, self._found = index.sites, 0, {}
            codes = range(self._count, len(index.sites))
            fresh = zip(codes, index.sites.names(list(codes)), strict=True) if codes else ()
            told = {code: site_told(name) for code, name in fresh if site_told(name) != name}
            if told:
                # Others read what was found before.
                self._found = self._found | told
            self._count += len(codes)
            return self._found
