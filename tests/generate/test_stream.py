"""The stream of any length: exact in number, in order, the same each time, and true."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from datetime import datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import Any

import msgspec
import pytest

from api.generate.stream import season, stream_world, write_stream, write_truth
from api.generate.truth import Seed
from api.generate.world import simulate

Lines = list[dict[str, Any]]


@cache
def _drawn(events: int, seed: int = 1) -> tuple[Lines, Lines]:
    truth: Lines = []
    return list(stream_world(events, seed, truth.append)), truth


@pytest.mark.parametrize("events", [1, 60, 700, 2500])
def test_as_many_events_as_asked(events: int) -> None:
    """A stream has as many events as asked for, or one less."""
    assert len(_drawn(events)[0]) in {events, events - 1}


def test_a_longer_stream_begins_like_a_shorter() -> None:
    """The same seed gives the same events in the same order, however many are asked for."""
    shorter = _drawn(900)[0]
    assert shorter == _drawn(1500)[0][: len(shorter)]


def test_events_come_in_order_of_time() -> None:
    """No event is recorded long before one that stands earlier; a mistake's declaration repeats its time."""
    times = [datetime.fromisoformat(e["eventTime"]) for e in _drawn(2500)[0] if "errorDeclaration" not in e]
    late = [a for a, b in itertools.pairwise(times) if b < a]
    assert len(late) < 0.02 * len(times)


def test_event_ids_are_distinct() -> None:
    """No id is given twice, but to an event and its declaration."""
    counts = Counter(e["eventID"] for e in _drawn(2500)[0])
    declared = {e["eventID"] for e in _drawn(2500)[0] if "errorDeclaration" in e}
    assert {name for name, count in counts.items() if count > 1} == declared


def test_stock_of_the_truth_balances() -> None:
    """Of each lot in the truth, what was made is what was used, sold, destroyed, is held or on the way."""
    total: dict[str, Counter[str]] = defaultdict(Counter)
    for row in (line["stock"] for line in _drawn(3000)[1] if "stock" in line):
        for column in row.keys() - {"item", "site", "uom"}:
            total[row["item"]][column] += int(2 * Decimal(row[column]))
    assert total
    for item, row in total.items():
        out = sum(row[c] for c in ("used", "sold", "destroyed", "held", "in_transit"))
        assert out == row["made"] or not row["made"], item


def test_a_season_leaves_nothing_behind() -> None:
    """When a season is over, nothing is held anywhere or on the way."""
    columns = {column for row in season(3, 1).stock().values() for column in row}
    assert columns.isdisjoint({"held", "in_transit"})


def test_every_kind_of_question_is_answered() -> None:
    """The truth holds items, items at sites since a time, and sites in a window, forward and back."""
    questions = [line[way] for line in _drawn(2500)[1] for way in ("forward", "back") if way in line]
    kinds = {frozenset(q) for q in questions}
    assert kinds >= {frozenset({"item"}), frozenset({"item", "site", "since"}), frozenset({"site", "since", "until"})}


def test_files_hold_what_is_streamed() -> None:
    """The files hold one event, and one line of truth, a line."""
    events, truth = BytesIO(), BytesIO()
    assert list(write_stream(300, 2, events, truth))[-1] in {299, 300}
    streamed, told = _drawn(300, seed=2)
    assert [msgspec.json.decode(line) for line in events.getvalue().splitlines()] == streamed
    assert [msgspec.json.decode(line) for line in truth.getvalue().splitlines()] == told


def test_all_truth_of_a_world() -> None:
    """The file of a world's truth answers for every item what the world answers."""
    world, file = simulate(4), BytesIO()
    write_truth(world, file)
    lines = [msgspec.json.decode(line) for line in file.getvalue().splitlines()]
    told = {line["forward"]["item"]: line["items"] for line in lines if line.get("forward", {}).keys() == {"item"}}
    assert told == {item: sorted(world.forward(Seed(item)).items) for item in world.items}
