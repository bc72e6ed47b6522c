"""Where a seed starts, and what of the seed itself is in the answer (design §6). In: a seed. Out: a `Beginning`.

Lots start at their holdings, instances at the flows that leave their lines. A site stands for all that was there, an
event for the goods it did something to, from then on.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from engine.answer import Direction
from engine.index import NONE, Starts
from engine.question import ALWAYS, EventSeed, ItemSeed, LoadSeed, PatternSeed, Seed, SiteSeed, Window
from engine.questions.events import event_named, opened_by, transformations_named
from engine.questions.histories import Histories, lines_entering, lines_of, lines_through
from engine.questions.loads import Box, Load, loads_in, loads_of
from engine.questions.parts import From, Presence, from_holdings, in_window, line_parts, riding, whole_lines
from engine.questions.patterns import items_of_pattern
from engine.questions.things import item_codes, narrower_items, site_codes, site_of, unknown_site
from engine.questions.view import Numbers, View
from engine.questions.windows import Stays, graded, since, starts_back, starts_forward, stays_in, until
from engine.stores.ports import Snapshot
from graph_schema.errors import UnknownSeed
from graph_schema.event import Event
from graph_schema.flow_graph import Grade, VertexKind
from graph_schema.identifiers import Kind, kind_of_key
from graph_schema.interval import BEGINNING

_NOTHING: Numbers = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where one seed starts in one direction, and what of it is in the answer without a walk."""

    starts: Starts
    presences: list[Presence] = field(default_factory=list)
    items: dict[str, bool] = field(default_factory=dict)
    """The seed's own item, and whether it is certain."""
    sites: dict[str, bool] = field(default_factory=dict)
    """The seed's own site, likewise."""
    load: Load | None = None


@dataclass(frozen=True, slots=True)
class Asker:
    """What every beginning needs to know."""

    view: View
    snapshot: Snapshot
    direction: Direction


def begin(asker: Asker, seed: Seed) -> list[Beginning]:
    """Where a seed starts: several for the loads of a container, told apart. Raises `UnknownSeed`."""
    if isinstance(seed, ItemSeed):
        return _begin_item(asker, seed)
    if isinstance(seed, PatternSeed):
        return [_begin_pattern(asker, seed)]
    if isinstance(seed, SiteSeed):
        return [_begin_site(asker, seed)]
    if isinstance(seed, LoadSeed):
        return _begin_loads(asker, seed)
    if isinstance(seed, EventSeed):
        return [_begin_event(asker, seed.event)]
    made = transformations_named(asker.view, asker.snapshot, seed.transformation)
    return [Beginning(graded(made, _NOTHING))]


def _begin_item(asker: Asker, seed: ItemSeed) -> list[Beginning]:
    names = narrower_items(asker.snapshot, seed.item, asker.view.at)
    sites = None if seed.at is None else site_codes(asker.view, seed.at)
    own = _named(asker, _begin_items(asker, names, sites, seed.window), seed.item, seed.at, seed.window)
    if kind_of_key(seed.item) is not Kind.logistic_unit:
        return [own]
    loads = loads_in(loads_of(asker.view, seed.item), seed.window)
    return [own, *(_begin_load(asker, load, sites, seed.window) for load in loads)]


def _begin_pattern(asker: Asker, seed: PatternSeed) -> Beginning:
    names = items_of_pattern(asker.snapshot, seed, asker.view.at)
    sites = None if seed.at is None else site_codes(asker.view, seed.at)
    found = _begin_items(asker, names, sites, seed.window)
    _check_site(asker, seed.at, found)
    return found


def _begin_site(asker: Asker, seed: SiteSeed) -> Beginning:
    sites = site_codes(asker.view, seed.site)
    lots, instances = _placed(asker.view, sites)
    lines = lines_through(asker.view, instances)
    if seed.product is not None:
        wanted = item_codes(asker.view, narrower_items(asker.snapshot, seed.product, asker.view.at))
        lots = lots[np.isin(asker.view.column("item", lots), wanted)]
        lines = lines[np.isin(asker.view.index.lines["item"][lines], wanted)]
    found = _join(_lots_in(asker, lots, sites, seed.window), _lines_in(asker, lines, sites, seed.window))
    return _named(asker, found, None, seed.site, seed.window)


def _begin_items(asker: Asker, names: list[str], sites: list[int] | None, window: Window) -> Beginning:
    codes = item_codes(asker.view, names)
    lots = asker.view.of_lots(asker.view.holdings("item", codes))
    lines = lines_of(asker.view, codes)
    return _join(_lots_in(asker, lots, sites, window), _lines_in(asker, lines, sites, window))


def _placed(view: View, sites: list[int]) -> tuple[Numbers, Numbers]:
    """Holdings of lots and of instances at some sites, on the way there, or at an unknown place."""
    found = np.union1d(view.holdings("site", sites), view.at_unknown_place())
    return view.of_lots(found), view.of_instances(found)


def _lots_in(
    asker: Asker, lots: Numbers, sites: list[int] | None, window: Window, doubtful: Numbers = _NOTHING
) -> Beginning:
    """Lots, as a whole where no site and no window is asked for; of `doubtful` ones nothing is certain."""
    view = asker.view
    if sites is None and window == ALWAYS:
        sure = view.surely_held(lots) & ~np.isin(lots, doubtful)
        return Beginning(graded(lots[sure], lots[~sure]))
    sure = np.ones(len(lots), bool)
    if sites is not None:
        place = view.column("site", lots)
        lots = lots[np.isin(place, [*sites, NONE])]
        sure = view.is_at(lots)
    sure &= view.surely_held(lots) & ~np.isin(lots, doubtful)
    stays = stays_in(view, lots, window, sure)
    if asker.direction is Direction.BACK:
        starts = starts_back(view, stays, window)
    else:
        starts = starts_forward(view, lots, window, sure)
    return Beginning(starts, _presences(view, stays))


def _presences(view: View, stays: Stays) -> list[Presence]:
    there = stays.holdings[stays.there]
    columns = (view.column("item", there), there, stays.surely_there[stays.there])
    return [Presence(*row) for row in zip(*(c.tolist() for c in columns), strict=True)]


def _lines_in(asker: Asker, lines: Numbers, sites: list[int] | None, window: Window) -> Beginning:
    """Instances, their whole lines where no site and no window is asked for."""
    histories = Histories(asker.view, lines)
    if sites is None and window == ALWAYS:
        return _parts(asker, histories, whole_lines(histories))
    place = None if sites is None else frozenset(sites)
    return _parts(asker, histories, in_window(histories, place, window), since(window))


def _parts(asker: Asker, histories: Histories, origin: From, moment: int = BEGINNING) -> Beginning:
    parts = line_parts(histories, origin, asker.direction, moment)
    return Beginning(parts.starts, parts.presences)


def _begin_loads(asker: Asker, seed: LoadSeed) -> list[Beginning]:
    loads = loads_in(loads_of(asker.view, seed.container), seed.window)
    if not loads:
        when = "" if seed.window == ALWAYS else " then"
        raise UnknownSeed(
            f"no event says that anything was in {seed.container}{when}",
            where="seed",
            remedy="Name a container that was packed, at a time when it was, or load the events that say so.",
        )
    return [_begin_load(asker, load, None, seed.window) for load in loads]


def _begin_load(asker: Asker, load: Load, sites: list[int] | None, window: Window) -> Beginning:
    """What of a load was in its container in a window, at some sites where they are named."""
    boxes = load.boxes_in(window)
    loose = np.array(load.lots, np.int64)
    lots = _join(_lots_in(asker, loose, sites, window), *(_boxed(asker, box, sites, window) for box in boxes))
    if sites is None and window != ALWAYS:
        held = np.array([*load.lots, *(lot for box in boxes for lot in box.lots)], np.int64)
        lots.presences.extend(_carried(asker.view, held, lots.presences, window))
    histories = Histories(asker.view, [content.line for content in load.contents])
    place = None if sites is None else frozenset(sites)
    origin = riding(histories, load.contents, place, window)
    found = _join(lots, _parts(asker, histories, origin, since(window)))
    return Beginning(found.starts, found.presences, load=load)


def _boxed(asker: Asker, box: Box, sites: list[int] | None, window: Window) -> Beginning:
    """Lots in a container within the one asked for, while that was in it: what had left before is no part of it."""
    view, lots = asker.view, np.array(box.lots, np.int64)
    edges = view.edges_out(lots)
    before = np.isin(lots, view.edge("source", edges)[view.edge("departed_latest", edges) < box.packed.earliest])
    late = max(box.packed.latest, since(window)) > min(box.unpacked.earliest, until(window))
    doubtful = lots if late else np.array(box.doubtful, np.int64)
    within = Window(max(since(window), box.packed.earliest), min(until(window), box.unpacked.latest))
    return _join(
        _lots_in(asker, lots[~before], sites, window, doubtful), _lots_in(asker, lots[before], sites, within, doubtful)
    )


def _carried(view: View, lots: Numbers, there: list[Presence], window: Window) -> list[Presence]:
    """Where lots that were in a container in a window had been in it before, from where they were packed on."""
    surely = {p.item: any(q.certain for q in there if q.item == p.item) for p in there}
    earlier = lots[view.column("arrived_latest", lots) <= until(window)]
    rows = zip(view.column("item", earlier).tolist(), earlier.tolist(), view.surely_held(earlier).tolist(), strict=True)
    return [Presence(item, vertex, sure and surely[item]) for item, vertex, sure in rows if item in surely]


def _begin_event(asker: Asker, event_id: str) -> Beginning:
    """The goods of an event from then on; of one that opened nothing, those it saw, where and when it saw them."""
    view, event = asker.view, event_named(asker.snapshot, event_id, asker.view.at)
    opened = opened_by(view, [event_id])
    if not len(opened) and event.error is None:
        return _begin_seen(asker, event)
    origin = frozenset(view.of_instances(opened).tolist())
    histories = Histories(view, lines_through(view, sorted(origin)))
    lines = _parts(asker, histories, from_holdings(histories, origin))
    others = opened[~np.isin(opened, sorted(origin))]
    sure = view.surely_held(others)
    starts = graded(others[sure], others[~sure])
    return _join(Beginning(starts, _ended(view, others)), lines)


def _ended(view: View, vertices: Numbers) -> list[Presence]:
    """What went into the endings among some vertices, where it was until then."""
    endings = vertices[view.column("kind", vertices) == VertexKind.ENDING]
    rows = lines_entering(view, endings)
    entries, items = view.index.entries, view.index.lines["item"]
    columns = (
        items[entries["line"][rows]],
        entries["holding"][rows],
        entries["grade"][rows] == Grade.RECORDED,
    )
    found = [Presence(*row) for row in zip(*(c.tolist() for c in columns), strict=True)]
    edges = view.edges_in(endings)
    held = view.edge("source", edges)
    stays = np.isin(held, view.of_lots(held[view.column("kind", held) == VertexKind.HOLDING]))
    edges, held = edges[stays], held[stays]
    recorded = view.edge("grade", edges) == Grade.RECORDED
    columns = (view.column("item", held), held, recorded)
    return found + [Presence(*row) for row in zip(*(c.tolist() for c in columns), strict=True)]


def _begin_seen(asker: Asker, event: Event) -> Beginning:
    place = event.read_point or event.biz_location
    sites = [] if place is None else site_codes(asker.view, place)
    window = Window(event.time.earliest, event.time.latest)
    names = sorted({what.item for what in event.whats})
    return _begin_items(asker, names, sites or None, window)


def _join(*beginnings: Beginning) -> Beginning:
    return Beginning(Starts.union([b.starts for b in beginnings]), [p for b in beginnings for p in b.presences])


def _check_site(asker: Asker, site: str | None, found: Beginning) -> None:
    """Refuse a site that nothing knows, unless goods at an unknown place may have been there."""
    if site is None or found.presences or site_codes(asker.view, site):
        return
    if not asker.snapshot.masters.of([site], asker.view.at):
        raise unknown_site(site)


def _named(asker: Asker, found: Beginning, item: str | None, site: str | None, window: Window) -> Beginning:
    """With the item and site that the seed names: certain where goods surely were there in the window."""
    _check_site(asker, site, found)
    site = None if site is None else site_of(asker.view, site)
    surely = (site is None and window == ALWAYS) or any(p.certain for p in found.presences)
    return Beginning(found.starts, found.presences, _own(item, surely), _own(site, surely))


def _own(thing: str | None, surely: bool) -> dict[str, bool]:
    return {} if thing is None else {thing: surely}
