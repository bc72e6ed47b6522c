"""What makes an answer a lower bound, and what it excludes (design §6). In: items and sites. Out: gaps, exclusions.

A gap belongs to an answer where it is about one of its items and one of its sites, an unknown place, or an event of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from engine.answer import AnswerGap, Exclusion
from engine.stores.ports import Snapshot
from graph_schema.flow_graph import Gap

EXCLUDING = frozenset({"void_shipping"})
"""Kinds of gap that say why something is not in the answer."""


def gaps_of(snapshot: Snapshot, at: int, items: Collection[str]) -> tuple[list[Gap], list[Gap]]:
    """The gaps of some items, and those among them that exclude a place."""
    found = snapshot.graph.gaps(at, items) if items else []
    return [g for g in found if g.kind not in EXCLUDING], [g for g in found if g.kind in EXCLUDING]


def told_gaps(gaps: list[Gap], sites: Collection[str], unknown: Mapping[str, bool]) -> tuple[AnswerGap, ...]:
    """The gaps that touch an answer, and one for each item that was at a place no record names."""
    told = [AnswerGap(g.kind, g.item, g.site, g.event_ids, g.text) for g in gaps if g.site is None or g.site in sites]
    named = {gap.item for gap in told if gap.kind == "unknown_place"}
    words = "was at a place that no record names"
    told += [AnswerGap("unknown_place", item, None, (), words) for item in sorted(set(unknown) - named)]
    return tuple(told)


def told_exclusions(gaps: list[Gap], sites: Collection[str]) -> tuple[Exclusion, ...]:
    """Places that the records themselves exclude, unless the answer has them by another way."""
    return tuple(
        Exclusion(gap.item, gap.site, gap.kind, gap.text, gap.event_ids) for gap in gaps if gap.site not in sites
    )
