"""What goods were made of. In: flows of a back trace. Out: by item the items that went into it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from engine.answer import TracedFlow
from graph_schema.flow_graph import FlowKind


def sources_of(flows: Iterable[TracedFlow]) -> Mapping[str, frozenset[str]]:
    """Inputs by output: they share the event of a transformation."""
    used: dict[str, set[str]] = defaultdict(set)
    made: dict[str, set[str]] = defaultdict(set)
    for flow in flows:
        into = used if flow.kind is FlowKind.USE else made if flow.kind is FlowKind.MAKE else None
        if into is not None:
            for event in flow.events:
                into[event].update(flow.items)
    found: dict[str, set[str]] = defaultdict(set)
    for event, items in made.items():
        for item in items:
            found[item] |= used.get(event, set())
    return {item: frozenset(some) for item, some in found.items()}
