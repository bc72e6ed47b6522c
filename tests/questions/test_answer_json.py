"""The JSON of answers is what docs/answers.md says, and holds the fields that clients rely on."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import orjson

from engine.answer import (
    AffectedLot,
    Certainty,
    Direction,
    Item,
    ItemKind,
    LedgerState,
    PathResult,
    QuantityRange,
    RecallScope,
    RecallSummary,
    StockColumns,
)
from engine.answer_json import COLUMNS, Json, as_json
from engine.path import path
from engine.question import ItemSeed, LoadSeed, SiteSeed
from engine.questions.exclusions import REASONS
from graph_schema.interval import Interval, micros_of
from tests.questions.telling import CLASS, Asking, asking, item, made, packed, received, shipped, site, told, used

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "answers.md").read_text()

EVENTS = [
    made(1, "A", X=10),
    packed(2, "A", "P1", X=5),
    shipped(3, "A", "B", "D1", P1=None),
    received(4, "B", "D1", P1=None),
    shipped(4, "A", "C", "D2", X=1),
    shipped(4.2, "A", "E", "D3", X=1),
    told("void", 4.5, "A", {"X": 1}, to="E", doc="D3", step="void_shipping"),
    used(5, "A", {"X": 1}, {"Y": 1}),
]
MASTERS = [
    (CLASS, "product", b'{"descriptionShort": "Formula"}'),
    (site("A"), "site", b'{"owning_party": "https://example.org/party/A"}'),
]


def _trace(ask: Asking) -> Json:
    return as_json(ask.trace(ItemSeed(item("X")), LoadSeed(item("P1")), direction=Direction.BOTH))


def test_a_trace_has_the_documented_fields(tmp_path: Path) -> None:
    """The fields of a trace that clients rely on are there, with their names and words."""
    with asking(tmp_path, EVENTS) as ask:
        answer = _trace(ask)
    assert list(answer)[:4] == ["direction", "complete", "ledger", "items"]
    assert answer["direction"] == "both"
    assert answer["complete"] is True
    assert (answer["ledger"]["position"], len(answer["ledger"]["hash"])) == (8, 64)
    lot = next(i for i in answer["items"] if i["id"] == item("X"))
    assert lot == {"id": item("X"), "urn": None, "kind": "lot", "certainty": "certain", "depth": 0, "seeds": [0, 1]}
    way = next(s for s in answer["sites"] if s["id"] == site("C"))
    assert (way["certainty"], way["inTransit"]) == ("possible", True)
    assert EVENTS[0].id in answer["events"]
    assert [e["reason"] for e in answer["excluded"]] == ["void_shipping"]


def test_a_recall_scope_has_the_fields_of_the_contract(tmp_path: Path) -> None:
    """Outlets, stock and shipments have the contract's names, connections as plain lists."""
    with asking(tmp_path, EVENTS) as ask:
        answer = as_json(ask.recall(ItemSeed(item("X"))))
    contract = {"ledger", "hash", "complete", "summary", "outlets", "lots", "inTransit", "excluded", "gaps"}
    assert contract <= set(answer)
    outlet = answer["outlets"][0]
    assert {"site", "certainty", "tier", "stock", "evidence", "contacts"} <= set(outlet)
    row = outlet["stock"][0]
    assert {"item", "certainty", *COLUMNS, "affectedAtMost"} == set(row)
    assert row["made"] == [{"low": "10", "high": "10", "uom": "KGM"}]
    assert set(row["affectedAtMost"]) == set(COLUMNS)
    assert len(answer["inTransit"]) == 1


CONTRACT = {
    "Trace": "ledger direction complete summary items sites events origins gaps",
    "TracedItem": "certainty depth seeds",
    "TracedSite": "certainty depth",
    "PathResult": "complete flows",
    "Flow": "from to items grade departed arrived quantity events",
    "TimeRange": "earliest latest text",
    "Ledger": "position events hash acceptedUntil",
    "RecallScope": "ledger hash complete summary outlets lots inTransit excluded gaps",
    "AffectedOutlet": "site certainty tier stock evidence contacts",
    "AffectedStock": "item certainty made received returned used sold destroyed forwarded inTransit held unaccounted "
    "affectedAtMost",
    "QuantityRange": "low high uom",
    "Item": "id urn kind gtin lot serial product system",
    "Site": "id urn gln name roles party address latitude longitude",
}
"""The fields of the GraphQL contract; a trace names its items and sites by id, not as objects of their own.

Its flows are told a page at a time: all of them take many times as long as the trace.
"""


def test_no_field_of_the_contract_is_missing(tmp_path: Path) -> None:
    """Each field that clients may rely on is in the JSON under its own name, null where nothing is known."""
    with asking(tmp_path, EVENTS, masters=MASTERS) as ask:
        traced = _trace(ask)
        joined = as_json(path(ask.index, ask.snapshot, ItemSeed(item("X")), ItemSeed(item("Y"))))
        scope = as_json(ask.recall(ItemSeed(item("X"))))
    (outlet, *_), (shipment, *_) = scope["outlets"], scope["inTransit"]
    found = {
        "Trace": [traced],
        "TracedItem": traced["items"],
        "TracedSite": traced["sites"],
        "PathResult": [joined],
        "Flow": joined["flows"],
        "TimeRange": [
            shipment["departed"],
            *(flow[end] for flow in joined["flows"] for end in ("departed", "arrived")),
        ],
        "Ledger": [one["ledger"] for one in (traced, joined, scope)],
        "RecallScope": [scope],
        "AffectedOutlet": scope["outlets"],
        "AffectedStock": outlet["stock"],
        "QuantityRange": [*outlet["stock"][0]["made"], *shipment["quantity"]],
        "Item": [outlet["stock"][0]["item"], shipment["item"]],
        "Site": [outlet["site"], shipment["from"]],
    }
    for name, fields in CONTRACT.items():
        for value in found[name]:
            assert set(fields.split()) <= set(value), name
    assert outlet["stock"][0]["item"]["product"] == {"id": CLASS, "name": "Formula"}
    assert outlet["site"]["party"] == {"id": "https://example.org/party/A", "name": None}
    assert sum(traced["summary"]["items"].values()) == len(traced["items"]) > 0


def test_a_time_is_told_as_the_event_told_it(tmp_path: Path) -> None:
    """A departure recorded as a day is that day in a shipment and in a path, beside the interval that it is."""
    day = Interval(micros_of(datetime(2026, 1, 3, tzinfo=UTC)), micros_of(datetime(2026, 1, 4, tzinfo=UTC)) - 1)
    sent = shipped(3, "A", "B", "D1", X=5)
    sent = msgspec.structs.replace(sent, time=day, body=b'{"eventTime": "2026-01-03"}')
    with asking(tmp_path, [made(1, "A", X=10), sent]) as ask:
        (shipment,) = as_json(ask.recall(ItemSeed(item("X"))))["inTransit"]
        (flow,) = as_json(path(ask.index, ask.snapshot, ItemSeed(item("X"), site("A")), SiteSeed(site("B"))))["flows"]
    told_as = {
        "earliest": "2026-01-03T00:00:00+00:00",
        "latest": "2026-01-03T23:59:59.999999+00:00",
        "text": "2026-01-03",
    }
    assert [shipment["departed"], flow["departed"]] == [told_as] * 2


def test_every_answer_is_json(tmp_path: Path) -> None:
    """Every answer is written by any JSON writer and comes back the same."""
    with asking(tmp_path, EVENTS) as ask:
        joined = path(ask.index, ask.snapshot, ItemSeed(item("X")), ItemSeed(item("Y")))
        for answer in (_trace(ask), as_json(ask.recall(ItemSeed(item("X")))), as_json(joined)):
            assert orjson.loads(orjson.dumps(answer)) == json.loads(json.dumps(answer)) == answer


def test_a_path_that_is_not_there_is_null(tmp_path: Path) -> None:
    """No chain is `flows` null, not an empty list."""
    with asking(tmp_path, EVENTS) as ask:
        known = path(ask.index, ask.snapshot, ItemSeed(item("X")), ItemSeed(item("Y")))
        assert as_json(PathResult(known.ledger, True, None, None))["flows"] is None
        assert as_json(known)["flows"]


def test_numbers_lose_no_digit(tmp_path: Path) -> None:
    """A quantity is plain digits, as many as it has, without exponent or idle zeros."""
    with asking(tmp_path, [made(1, "A", X=10)]) as ask:
        scope = ask.recall(ItemSeed(item("X")))
    assert as_json(scope)["outlets"][0]["stock"][0]["held"] == [{"low": "10", "high": "10", "uom": "KGM"}]
    amounts = {
        "1E+3": "1000",
        "0.10": "0.1",
        "100": "100",
        "-0.0": "0",
        "0.000": "0",
        "0.000000000000000000001": "0.000000000000000000001",
    }
    for written, shown in amounts.items():
        value = Decimal(written)
        (shown_range,) = _shown(QuantityRange(value, value, None))
        assert shown_range == {"low": shown, "high": shown, "uom": None}


def _shown(one: QuantityRange) -> list[Json]:
    lot = Item("x", None, ItemKind.LOT, None, None, None, None)
    scope = RecallScope(
        LedgerState(0, "", 0, None), "", True, RecallSummary(0, 0, 0, 0, 0, (), 0), (),
        (AffectedLot(lot, Certainty.CERTAIN, 0, 0, StockColumns(held=(one,))),), (), (), (), {}, {}, False,
    )  # fmt: skip
    held: list[Json] = as_json(scope)["lots"][0]["held"]
    return held


def _names(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {name for inner in value.values() for name in _names(inner)}
    if isinstance(value, list):
        return {name for inner in value for name in _names(inner)}
    return set()


def test_every_field_and_reason_is_documented(tmp_path: Path) -> None:
    """Each name in the JSON of an answer, and each reason of exclusion, is on the page."""
    with asking(tmp_path, EVENTS) as ask:
        scope = as_json(ask.recall(ItemSeed(item("X"))))
        joined = as_json(path(ask.index, ask.snapshot, ItemSeed(item("X")), ItemSeed(item("Y"))))
        names = _names(_trace(ask)) | _names(joined) | _names({**scope, "parameters": None, "digests": None})
    written = set(re.findall(r"`\"?(\w+)\"?`|\"(\w+)\"", PAGE))
    known = {name for pair in written for name in pair if name}
    assert names - known - {"certain", "possible"} == set()
    assert {*REASONS, "void_shipping"} <= known
