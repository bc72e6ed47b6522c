"""Loads of a container (rule 5, design §6). In: a container, a time or none. Out: its loads, told apart.

A load is what was packed into a container during one of its stays; goods packed after it moved on are another load.
What is in a container inside it is in it too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec
import numpy as np
import numpy.typing as npt

from engine.index import NONE
from engine.question import Window
from engine.questions.histories import Histories, lines_of
from engine.questions.view import Numbers, View
from engine.questions.windows import since, until
from graph_schema.flow_graph import FlowKind, Grade
from graph_schema.interval import END, Interval


class Content(msgspec.Struct, frozen=True):
    """An instance in a container: the row of its line, from which holding on, and when."""

    line: int
    holding: int
    packed: Interval
    unpacked: Interval
    since: Interval | None = None
    """When what it was in was packed in turn, for what was in a container inside the container asked for."""
    sure: bool = True
    """Whether it was in it while that rode in the container asked for, in every reading."""


class Held(msgspec.Struct, frozen=True):
    """A holding of a lot in a container that was in the one asked for, and from when to when it was."""

    vertex: int
    since: Interval
    unpacked: Interval
    sure: bool


class Box(msgspec.Struct, frozen=True):
    """Holdings of lots that came into a container, and out of it, in one other; some perhaps."""

    packed: Interval
    unpacked: Interval
    lots: list[int]
    doubtful: list[int]


@dataclass(frozen=True, slots=True)
class Load:
    """What was in a container since one packing: instances, and holdings of lots in order of arrival."""

    container: str
    packed: Interval
    unpacked: Interval
    contents: list[Content] = field(default_factory=list)
    lots: list[int] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    """Those in a container within it."""

    def boxes_in(self, window: Window) -> list[Box]:
        """What of those was in it in a window, together with what came and went with it."""
        first, last = since(window), until(window)
        boxes: dict[tuple[Interval, Interval], list[Held]] = defaultdict(list)
        for held in self.held:
            if held.since.earliest <= last and held.unpacked.latest >= first:
                boxes[held.since, held.unpacked].append(held)
        return [
            Box(packed, unpacked, [h.vertex for h in inside], [h.vertex for h in inside if not h.sure])
            for (packed, unpacked), inside in boxes.items()
        ]


_UNRECORDED = (FlowKind.JOIN, FlowKind.WIDEN, FlowKind.NARROW)

NEVER = Interval(END, END)
"""When what no record takes out is unpacked."""


def loads_of(view: View, container: str) -> list[Load]:
    """Every load of a container, in order of packing; none where it never held anything."""
    code = view.index.items.code(container)
    if code == NONE:
        return []
    stays = _stays(view, code)
    loads: list[list[_Packing]] = []
    for packing in sorted(_packings(view, code), key=lambda p: p.packed):
        if not loads or _another(stays, loads[-1], packing):
            loads.append([])
        loads[-1].append(packing)
    return [_load(view, container, load) for load in loads]


def loads_in(loads: list[Load], window: Window) -> list[Load]:
    """Loads that were, possibly, in the container in a window."""
    return [load for load in loads if load.packed.earliest <= until(window) and load.unpacked.latest >= since(window)]


class _Packing(msgspec.Struct, frozen=True):
    """An instance, or the holdings of a lot, from packing to unpacking."""

    packed: Interval
    unpacked: Interval
    contents: tuple[Content, ...] = ()
    lots: tuple[int, ...] = ()


def _packings(view: View, container: int) -> list[_Packing]:
    instances = [_Packing(c.packed, c.unpacked, contents=(c,)) for c in contents_of(view, [container])]
    chains = [
        _Packing(_arrived(view, chain[0]), _all_emptied(view, chain), lots=tuple(chain))
        for chain in _chains(view, container)
    ]
    return instances + chains


def _another(stays: list[Interval], load: list[_Packing], packing: _Packing) -> bool:
    """Whether a packing begins another load: the container moved on, or was empty, since this one."""
    moved = _stay_at(stays, packing.packed) != _stay_at(stays, load[0].packed)
    return moved or all(former.unpacked.surely_before(packing.packed) for former in load)


def _load(view: View, container: str, packings: list[_Packing]) -> Load:
    contents = [c for p in packings for c in p.contents]
    inner, held = nested(view, contents)
    last = max((p.unpacked for p in packings), key=lambda t: (t.latest, t.earliest))
    lots = [v for p in packings for v in p.lots]
    return Load(container, packings[0].packed, last, contents + inner, lots, held)


def contents_of(view: View, containers: Iterable[int]) -> list[Content]:
    """Instances that rode in these containers."""
    rides = view.index.rides
    rows = view.index.line_rows(rides, "container", list(containers), view.at)
    names = ("line", "holding", "packed_earliest", "packed_latest")
    columns = [rides[name][rows].tolist() for name in names]
    out = [rides[name][rows].tolist() for name in ("unpacked", "unpacked_earliest", "unpacked_latest")]
    return [
        Content(line, holding, Interval(first, last), Interval(*until) if known else NEVER)
        for line, holding, first, last, known, *until in zip(*columns, *out, strict=True)
    ]


def containers_of(view: View, items: npt.ArrayLike) -> Numbers:
    """Codes of all that some items were ever in or on."""
    around = view.column("container", view.index.vertices_where("item", items, view.at))
    rides = view.index.rides
    ridden = rides["container"][rides.where("line", lines_of(view, items))]
    found = np.union1d(around, ridden).astype(np.int64)
    return np.asarray(found[found != NONE])


def nested(view: View, contents: list[Content]) -> tuple[list[Content], list[Held]]:
    """What was in the containers among some contents while these rode."""
    inner: list[Content] = []
    lots: list[Held] = []
    waiting = list(contents)
    seen = {(c.line, c.holding) for c in contents}
    while waiting:
        outer = waiting.pop()
        code = int(view.index.lines["item"][outer.line])
        for lot in _lots_in(view, code).tolist():
            since_packed = outer.since or outer.packed
            sure = _at_once(_arrived(view, lot), _emptied(view, lot), outer, since_packed)
            if sure is not None:
                lots.append(Held(lot, since_packed, outer.unpacked, sure))
        for content in contents_of(view, [code]):
            sure = _at_once(content.packed, content.unpacked, outer, outer.packed)
            if (content.line, content.holding) not in seen and sure is not None:
                seen.add((content.line, content.holding))
                later = max(outer.packed, outer.since or outer.packed, key=lambda t: (t.earliest, t.latest))
                out = _sooner(content.unpacked, outer.unpacked)
                inner.append(msgspec.structs.replace(content, unpacked=out, since=later, sure=sure))
                waiting.append(inner[-1])
    return inner, lots


def _at_once(packed: Interval, unpacked: Interval, outer: Content, since: Interval) -> bool | None:
    """Whether goods were in a container while that rode in another: surely, possibly, or (None) surely not."""
    if packed.earliest > outer.unpacked.latest or since.earliest > unpacked.latest:
        return None
    return outer.sure and packed.latest <= outer.unpacked.earliest and since.latest <= unpacked.earliest


def _sooner(one: Interval, other: Interval) -> Interval:
    """When the first of two things happened."""
    return Interval(min(one.earliest, other.earliest), min(one.latest, other.latest))


def _lots_in(view: View, container: int) -> Numbers:
    return view.of_lots(view.holdings("container", [container]))


def _chains(view: View, container: int) -> list[list[int]]:
    """Holdings of lots in a container, those of one packing together and in order of arrival."""
    held = _lots_in(view, container)
    edges = view.edges_in(held)
    before = view.edge("source", edges)
    within = np.isin(before, held) & (view.edge("kind", edges) != FlowKind.PACK)
    root = {v: v for v in held.tolist()}
    pairs = zip(before[within].tolist(), view.edge("target", edges)[within].tolist(), strict=True)
    for source, target in sorted(pairs, key=lambda pair: _arrived(view, pair[1])):
        root[target] = root[source]
    chains: dict[int, list[int]] = defaultdict(list)
    for vertex in sorted(root, key=lambda v: _arrived(view, v)):
        chains[root[vertex]].append(vertex)
    return list(chains.values())


def _arrived(view: View, vertex: int) -> Interval:
    first, last = (int(view.column(f"arrived_{end}", [vertex])[0]) for end in ("earliest", "latest"))
    return Interval(first, last)


def _all_emptied(view: View, chain: list[int]) -> Interval:
    """When the last of what was in the holdings of a packing left; where their order is open, any may be the last."""
    left = [_emptied(view, vertex) for vertex in chain]
    return Interval(left[-1].earliest, max(time.latest for time in left))


def _emptied(view: View, vertex: int) -> Interval:
    """When the last of what was in a holding left it; never where some surely remains, perhaps never where some may.

    Surely not before the last of the recorded leavings, or, where all are in doubt, the first.
    """
    edges = view.edges_out([vertex])
    # What may have left without a record says nothing of when the rest did.
    edges = edges[~np.isin(view.edge("kind", edges), _UNRECORDED)]
    remains = view.column("remains", [vertex])[0]
    if not len(edges) or remains == Grade.RECORDED:
        return NEVER
    departed = view.edge("departed_earliest", edges)
    recorded = departed[view.edge("grade", edges) == Grade.RECORDED]
    first = int(recorded.max() if len(recorded) else departed.min())
    return Interval(first, END if remains != NONE else int(view.edge("departed_latest", edges).max()))


def _stays(view: View, container: int) -> list[Interval]:
    """When the container came to each of its holdings, in order."""
    histories = Histories(view, lines_of(view, [container]))
    holdings = {v for line in histories.lines for v in histories.holdings(line)}
    return sorted(histories.arrived(v) for v in holdings)


def _stay_at(stays: list[Interval], packed: Interval) -> int:
    """The number of the last stay that began at or before a packing; 0 where none did."""
    return max((n for n, stay in enumerate(stays, 1) if stay.latest <= packed.earliest), default=0)
