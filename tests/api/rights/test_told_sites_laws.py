"""Laws over random worlds: being told other sites changes no item, no certainty and no quantity of an answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from random import Random
from typing import Any, cast

import msgspec
import pytest

from api.rights.goods_by_site import GoodsBySite
from api.rights.told_sites import ToldSites
from api.rights.told_state import told_state
from engine.answer import Certainty, Direction, RecallScope, Trace
from engine.index import FlowIndex
from engine.question import ItemSeed, Question, SiteSeed
from engine.recall import recall_scope
from engine.stores.ports import Snapshot
from engine.trace import trace
from graph_schema.errors import UnknownSeed
from tests.worlds.engine_tracer import EngineTraces, engine
from tests.worlds.reading import read_events
from tests.worlds.trial import MISLEADING

WORLDS = range(12)
QUESTIONS = 6


class EveryGood:
    """As if all goods were dangerous."""

    def among(self, items: Collection[str], _at: int) -> set[str]:
        """All."""
        return set(items)

    def made_in(self, events: Collection[str]) -> dict[str, set[str]]:
        """Something."""
        return {event: {event} for event in events}


def told(traces: EngineTraces, below: dict[int, str | None]) -> tuple[FlowIndex, Snapshot]:
    """A state as somebody is told of it who may know none of some sites."""
    goods = cast("GoodsBySite", EveryGood())
    sites = ToldSites(traces.index, below, goods, lambda key: f"urn:hidden:{key}")
    return traces.index.as_told(sites), told_state(traces.snapshot, sites)


def questions(traces: EngineTraces, seed: int) -> Iterator[Question]:
    """Some items of a world, forward and back."""
    rng, items = Random(seed), sorted(filter(None, traces.index.items.names(range(len(traces.index.items)))))
    for item in rng.sample(items, min(QUESTIONS, len(items))):
        for direction in (Direction.FORWARD, Direction.BACK):
            yield Question((ItemSeed(item),), direction)


def world(seed: int) -> EngineTraces:
    """A world, recorded in full."""
    return engine(read_events(record.event for record in MISLEADING.world(seed).records))


def renamed(answer: Trace | RecallScope, name: Callable[[str], str], sites: Collection[str]) -> Any:
    """An answer with other names, and rows in no order."""
    text = msgspec.json.encode(msgspec.to_builtins(answer_of(answer))).decode()
    for site in sorted(sites, key=len, reverse=True):
        text = text.replace(f'"{site}"', f'"{name(site)}"')
    return sorted_rows(msgspec.json.decode(text))


def answer_of(answer: Trace | RecallScope) -> dict[str, Any]:
    """What there is of an answer but names, urns and hashes."""
    if isinstance(answer, RecallScope):
        rows = [
            (o.site.id, o.certainty, o.tier, [(s.item.id, s.certainty, s.stock) for s in o.stock])
            for o in answer.outlets
        ]
        sent = [
            (s.item.id, s.source and s.source.id, s.destination and s.destination.id, s.quantity)
            for s in answer.in_transit
        ]
        lots = [(lot.item.id, lot.certainty, lot.stock) for lot in answer.lots]
        return {"outlets": rows, "sent": sent, "lots": lots, "gaps": found(answer)}
    flows = [(f.source, f.target, f.items, f.grade, f.quantity, f.events) for f in answer.flows]
    return {
        "items": [(i.id, i.certainty, i.depth) for i in answer.items],
        "sites": [(s.id, s.certainty, s.depth) for s in answer.sites],
        "held": list(answer.held),
        "flows": flows,
        "gaps": found(answer),
        "origins": [(o.item, o.site, o.certainty) for o in answer.origins],
    }


def found(answer: Trace | RecallScope) -> list[Any]:
    """The gaps of an answer, and what it excludes."""
    return [(one.item, one.site, one.events, one.text) for one in (*answer.gaps, *answer.excluded)]


def sorted_rows(value: Any) -> Any:
    """Rows in one order, at whatever depth."""
    if isinstance(value, dict):
        return {name: sorted_rows(one) for name, one in value.items()}
    return sorted(map(sorted_rows, value), key=repr) if isinstance(value, list) else value


@pytest.mark.parametrize("seed", WORLDS)
def test_an_answer_without_names_is_the_answer_with_other_names(seed: int) -> None:
    """No GLN at all: each place has a name of its own, and all else is as it was."""
    traces = world(seed)
    sites = traces.index.sites.names(range(len(traces.index.sites)))
    state = told(traces, dict.fromkeys(range(0, len(sites), 2)))
    named = {site: f"urn:hidden:{site}" if number % 2 == 0 else site for number, site in enumerate(sites)}
    for question in questions(traces, seed):
        for ask in (trace, recall_scope):
            whole = ask(traces.index, traces.snapshot, question)
            shown = ask(*state, question)
            assert renamed(shown, str, ()) == renamed(whole, lambda site: named[site], sites), question


@pytest.mark.parametrize("seed", WORLDS)
def test_places_that_are_told_as_one_site_are_in_the_answer_as_one(seed: int) -> None:
    """As sure as the surest of them, as near as the nearest; the items are those that they were."""
    traces = world(seed)
    sites = traces.index.sites.names(range(len(traces.index.sites)))
    target = {site: sites[0] if number % 3 else site for number, site in enumerate(sites)}
    state = told(traces, {code: sites[0] for code, site in enumerate(sites) if target[site] != site})
    for question in questions(traces, seed):
        whole, shown = trace(traces.index, traces.snapshot, question), trace(*state, question)
        assert [(i.id, i.certainty, i.depth) for i in shown.items] == [
            (i.id, i.certainty, i.depth) for i in whole.items
        ]
        surest: dict[str, tuple[bool, int]] = {}
        for site in whole.sites:
            sure, depth = surest.get(target[site.id], (False, site.depth))
            surest[target[site.id]] = (sure or site.certainty is Certainty.CERTAIN, min(depth, site.depth))
        assert {s.id: (s.certainty is Certainty.CERTAIN, s.depth) for s in shown.sites} == surest
        assert {(item, target[site]) for item, site, _ in whole.held} == {(item, site) for item, site, _ in shown.held}


@pytest.mark.parametrize("seed", WORLDS)
def test_a_question_for_a_place_without_a_name_is_one_for_nowhere(seed: int) -> None:
    """And one for the name that is told, in another answer, too."""
    traces = world(seed)
    state = told(traces, {0: None})
    for site in (traces.index.sites.name(0), f"urn:hidden:{traces.index.sites.name(0)}"):
        with pytest.raises(UnknownSeed):
            trace(*state, Question((SiteSeed(site),), Direction.FORWARD))
