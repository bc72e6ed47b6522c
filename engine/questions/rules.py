"""What-if rules as overlays on the index (design §6). In: a question. Out: the `Reach` under its rules.

A rule never changes the data. What is left out, and what a kill step ends, are masks that the walk reads. Mixing at a
site adds starts: all that was there after (back: before) the goods the walk brought there, until the clean break; what
is reached only so is possible. It takes whole holdings, and all instances whose line is in them, in its window.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import msgspec
import numpy as np
import numpy.typing as npt

from engine.answer import Direction
from engine.index import NONE, Filters, Starts
from engine.index import Direction as Way
from engine.question import (
    ALWAYS,
    ItemSeed,
    KillStepRule,
    LeaveOutRule,
    MixRule,
    PatternSeed,
    Question,
    Rule,
    Seed,
    SiteSeed,
    Window,
)
from engine.questions.beginning import Asker, Beginning, begin
from engine.questions.events import event_named, opened_by
from engine.questions.reach import Begun, Reach, begin_all, filters_of, reach_from
from engine.questions.reading import Reading
from engine.questions.things import item_codes, narrower_items, site_codes, site_of, unknown_site
from engine.questions.view import Numbers, View
from engine.questions.windows import doubtful, since, until
from engine.stores.ports import Snapshot
from graph_schema.event import Event
from graph_schema.flow_graph import Stay, VertexKind

Mask = npt.NDArray[np.bool_]


def reach_under_rules(view: View, snapshot: Snapshot, question: Question, direction: Direction) -> Reach:
    """What a question reaches in one direction under its rules; raises `UnknownSeed`, also for what a rule names."""
    rules = question.options.rules
    for rule in rules:
        _check_known(view, snapshot, rule)
    begun = begin_all(view, snapshot, question.seeds, direction)
    filters = _without(view, rules, filters_of(question.options, view.at))
    reach = reach_from(view, direction, begun, filters)
    kills = [rule for rule in rules if isinstance(rule, KillStepRule)]
    if kills:
        filters = _killed(view, snapshot, kills, _mixed(snapshot, rules, reach))
        reach = reach_from(view, direction, _before_kills(view, direction, begun, question, filters), filters)
    return _mixed(snapshot, rules, reach)


def _check_known(view: View, snapshot: Snapshot, rule: Rule) -> None:
    """Refuse a rule about what nothing knows: it would silently do nothing."""
    sites = rule.sites if isinstance(rule, LeaveOutRule) else [rule.at] if rule.at is not None else []
    for site in sites:
        if not site_codes(view, site) and not snapshot.masters.of([site], view.at):
            raise unknown_site(site)
    if isinstance(rule, LeaveOutRule):
        for event in rule.events:
            event_named(snapshot, event, view.at)
    elif rule.product is not None:
        narrower_items(snapshot, rule.product, view.at)


def _without(view: View, rules: Iterable[Rule], filters: Filters) -> Filters:
    """Leave out sites and events."""
    for rule in rules:
        if isinstance(rule, LeaveOutRule):
            filters = _mask(view, filters, *_named(view, rule))
    return filters


def _named(view: View, rule: LeaveOutRule) -> tuple[Numbers, Numbers]:
    """The vertices and edges that a rule leaves out."""
    index = view.index
    sites = [code for site in rule.sites for code in site_codes(view, site)]
    at = index.vertices_where("site", sites, view.at).astype(np.int64)
    codes = [code for code in index.events.codes(list(rule.events)) if code != NONE]
    opened = index.vertices_where("event", codes, view.at).astype(np.int64)
    proofs = index.proofs
    return np.union1d(at, opened), np.asarray(proofs["edge"][proofs.where("event", codes)], np.int64)


def _mask(view: View, filters: Filters, vertices: Numbers, edges: Numbers) -> Filters:
    """The filters with these vertices and edges left out as well."""
    out_vertices = _extended(filters.left_out_vertices, view.index.vertex_count, vertices)
    out_edges = _extended(filters.left_out_edges, view.index.edge_count, edges)
    return replace(filters, left_out_vertices=out_vertices, left_out_edges=out_edges)


def _extended(mask: Mask | None, count: int, numbers: Numbers) -> Mask:
    fresh = np.zeros(count, bool) if mask is None else mask.copy()
    fresh[numbers] = True
    return fresh


def _killed(view: View, snapshot: Snapshot, rules: list[KillStepRule], reach: Reach) -> Filters:
    """End the hazard at every event of a kill step that touches something of the answer."""
    items = view.index.items.names(np.unique(Reading(reach).items.codes))
    entries = [entry for entry in snapshot.lookup.entries_naming(items) if entry.seq <= view.at]
    filters = reach.filters
    for rule in rules:
        killing = [e.event for e in entries if _kills(view, snapshot, rule, e.event)]
        for event in killing:
            filters = _mask(view, filters, *_ended_by(view, event))
    return filters


def _before_kills(
    view: View, direction: Direction, begun: list[Begun], question: Question, filters: Filters
) -> list[Begun]:
    """Where items as a whole start, but for what comes only after a kill step: that starts at no holding there."""
    before = Filters(kinds=filters.kinds, at=view.at)
    way = Way.BACK if direction is Direction.BACK else Way.FORWARD
    edges = np.flatnonzero(filters.left_out_edges) if filters.left_out_edges is not None else ()
    vertices = np.flatnonzero(filters.left_out_vertices) if filters.left_out_vertices is not None else ()
    after = view.walker.walk(view.index, Starts.of(vertices, edges), before, way).levels >= 0
    return [
        replace(b, beginning=_outside(view, b.beginning, after, direction)) if _is_whole(question.seeds[b.seed]) else b
        for b in begun
    ]


def _is_whole(seed: Seed) -> bool:
    return isinstance(seed, ItemSeed | PatternSeed) and seed.at is None and seed.window == ALWAYS


def _outside(view: View, beginning: Beginning, after: Mask, direction: Direction) -> Beginning:
    """A beginning without what starts among some vertices."""
    starts = beginning.starts
    near = view.edge("target" if direction is Direction.BACK else "source", starts.edges)
    vertices, edges = ~after[starts.vertices], ~after[near]
    kept = Starts(
        starts.vertices[vertices],
        starts.vertex_grades[vertices],
        starts.vertex_seeds[vertices],
        starts.edges[edges],
        starts.edge_grades[edges],
        starts.edge_seeds[edges],
    )
    return replace(beginning, starts=kept, presences=[p for p in beginning.presences if not after[p.vertex]])


def _kills(view: View, snapshot: Snapshot, rule: KillStepRule, event: Event) -> bool:
    if event.biz_step != rule.biz_step:
        return False
    sites = {site_of(view, place) for place in (event.biz_location, event.read_point) if place}
    if rule.at is not None and site_of(view, rule.at) not in sites:
        return False
    named = {what.item for what in event.whats}
    return rule.product is None or bool(named & set(narrower_items(snapshot, rule.product, view.at)))


def _ended_by(view: View, event: Event) -> tuple[Numbers, Numbers]:
    """What a kill step opened; where it opened nothing, what surely left the goods it named after it."""
    opened = opened_by(view, [event.id])
    if len(opened):
        return opened, np.empty(0, np.int64)
    codes = item_codes(view, sorted({what.item for what in event.whats}))
    held = view.holdings("item", codes)
    lines = view.index.lines.where("item", codes)
    ends = view.index.ends
    held = np.union1d(view.of_lots(held), ends["vertex"][ends.where("line", lines)]).astype(np.int64)
    place = event.biz_location or event.read_point
    if place is not None:
        held = held[np.isin(view.column("site", held), view.index.sites.codes([site_of(view, place)]))]
    before = held[view.column("arrived_earliest", held) <= event.time.latest]
    edges = view.edges_out(before)
    return np.empty(0, np.int64), edges[view.edge("departed_earliest", edges) >= event.time.latest]


def _mixed(snapshot: Snapshot, rules: Iterable[Rule], reach: Reach) -> Reach:
    """Add what mixed with the goods of the answer, until nothing more does."""
    mixing = [rule for rule in rules if isinstance(rule, MixRule)]
    done: dict[tuple[int, int], Window] = {}
    while mixing:
        fresh = [b for n, rule in enumerate(mixing) for b in _touched(snapshot, reach, rule, n, done)]
        if not fresh:
            break
        reach = reach_from(reach.view, reach.direction, [*reach.begun, *fresh], reach.filters)
    return reach


def _touched(
    snapshot: Snapshot, reach: Reach, rule: MixRule, number: int, done: dict[tuple[int, int], Window]
) -> list[Begun]:
    """What mixed at a site with what each seed brought there, where that is more than was known."""
    found: list[Begun] = []
    for seed in sorted({begun.seed for begun in reach.begun}):
        window = _contaminated(reach, rule, _at_site(snapshot, reach, rule, _others(reach, seed, number)))
        if window is None or done.get((number, seed)) == window:
            continue
        done[number, seed] = window
        asker = Asker(reach.view, snapshot, reach.direction)
        mixed = begin(asker, SiteSeed(rule.at, window, rule.product))
        found += [Begun(seed, _in_doubt(beginning), number) for beginning in mixed]
    return found


def _in_doubt(beginning: Beginning) -> Beginning:
    """The same, nothing of it certain: that goods mixed is a supposition."""
    presences = [msgspec.structs.replace(p, certain=False) for p in beginning.presences]
    return Beginning(doubtful(beginning.starts), presences)


def _others(reach: Reach, seed: int, rule: int) -> list[int]:
    """The beginnings of a seed but for those that the rule itself added: what mixed does not begin the mixing."""
    return [n for n, begun in enumerate(reach.begun) if begun.seed == seed and begun.rule != rule]


def _contaminated(reach: Reach, rule: MixRule, held: Numbers) -> Window | None:
    """When goods at these holdings can have touched others at the site; None where they were not there then."""
    view = reach.view
    first, last = view.column("arrived_earliest", held), _left_latest(view, held)
    there = (first <= until(rule.window)) & (last >= since(rule.window))
    if not there.any():
        return None
    if reach.direction is Direction.BACK:
        return Window(rule.window.since, min(until(rule.window), int(last[there].max())))
    return Window(max(since(rule.window), int(first[there].min())), rule.window.until)


def _at_site(snapshot: Snapshot, reach: Reach, rule: MixRule, numbers: list[int]) -> Numbers:
    """Holdings at the rule's site that some beginnings reach, of the product where one is named."""
    view = reach.view
    sites = site_codes(view, rule.at)
    own = [p.vertex for n in numbers for p in reach.begun[n].beginning.presences]
    held = np.union1d(_reached_by(reach, numbers), np.array(own, np.int64)).astype(np.int64)
    held = held[(view.column("kind", held) == VertexKind.HOLDING) & (view.column("stay", held) == Stay.AT)]
    held = held[np.isin(view.column("site", held), sites)]
    if rule.product is not None:
        wanted = item_codes(view, narrower_items(snapshot, rule.product, view.at))
        held = held[np.isin(view.column("item", held), wanted)]
    return np.asarray(held)


def _reached_by(reach: Reach, numbers: list[int]) -> Numbers:
    reached = reach.possible.reached.astype(np.int64)
    if reach.bits is None:
        return reached
    hit = np.zeros(len(reached), bool)
    for n in numbers:
        hit |= (reach.bits[:, n // 64] >> np.uint64(n % 64)) & np.uint64(1) == 1
    return np.asarray(reached[hit])


def _left_latest(view: View, held: Numbers) -> npt.NDArray[np.int64]:
    """Per holding, the last moment at which goods may have been there: of its last flow, or open."""
    last = view.column("arrived_latest", held).copy()
    edges = view.edges_out(held)
    order = np.searchsorted(held, view.edge("source", edges))
    np.maximum.at(last, order, view.edge("departed_latest", edges))
    remains = view.column("remains", held) >= 0
    stays = remains | view.column("instances", held).astype(bool)
    return np.where(stays, np.iinfo(np.int64).max // 2, last)
