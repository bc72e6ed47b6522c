"""Where goods came by inference alone. In: flows of a trace. Out: items and sites, with the events that let it be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from engine.answer import TracedFlow
from graph_schema.flow_graph import CONTACT_KINDS, FlowKind, Grade

Place = tuple[str, str]
"""An item, and a site."""


def unjoined(flows: Iterable[TracedFlow]) -> Mapping[Place, tuple[str, ...]]:
    """Items that came to a site without a recorded flow from any other, and the events of those that may be.

    Not of those that were made there.
    """
    coming: dict[Place, list[TracedFlow]] = defaultdict(list)
    for flow in flows:
        if flow.target is not None and flow.kind not in CONTACT_KINDS:
            for item in flow.items if flow.source != flow.target or flow.kind is FlowKind.MAKE else ():
                coming[item, flow.target].append(flow)
    return {
        place: tuple(dict.fromkeys(event for flow in some for event in flow.events))
        for place, some in coming.items()
        if all(flow.grade is not Grade.RECORDED for flow in some)
    }
