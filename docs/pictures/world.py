"""A small world of worlds.yaml as EPCIS 2.0 events (§7.4), and the flow graph that the engine makes of it."""

from __future__ import annotations

import io
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.capture import capture
from engine.ledger import Capture
from engine.stores.ports import FlowRow, VertexRow
from engine.stores.sqlite import open_store
from graph_schema.flow_graph import Gap, Line
from loaders.epcis import load_stream
from loaders.outcome import Accepted

Json = dict[str, Any]

PREFIX = "9521101"
TRANSFORMING = "transforming"
CONTAINING = {"packing": "ADD", "loading": "ADD", "installing": "ADD", "unpacking": "DELETE"}
BEGINNING = {"commissioning": "ADD", "destroying": "DELETE"}


@dataclass(frozen=True)
class Drawn:
    """A world with all rows that its graph ever had, and its gaps."""

    rule: int
    show: str
    vertices: tuple[VertexRow, ...]
    flows: tuple[FlowRow, ...]
    lines: tuple[Line, ...]
    gaps: tuple[Gap, ...]


def site(name: str) -> str:
    """The URN of a site by its letter."""
    return f"urn:epc:id:sgln:{PREFIX}.{ord(name) - 64:05}.0"


def product(name: str) -> str:
    """The item reference of a lot or class: X and G are of one product."""
    return {"X": "000001", "G": "000001", "Y": "000002", "Z": "000003"}[name[0]]


def _lot(name: str) -> str:
    return f"urn:epc:class:lgtin:{PREFIX}.{product(name)}.{name}"


def _class(name: str) -> str:
    return f"urn:epc:idpat:sgtin:{PREFIX}.{product(name)}.*"


def _serial(number: int) -> str:
    return f"urn:epc:id:sgtin:{PREFIX}.000001.{number}"


def _asset(name: str) -> str:
    return f"urn:epc:id:grai:{PREFIX}.00001.{name}"


def _unit(name: str) -> str:
    return f"urn:epc:id:sscc:{PREFIX}.{ord(name[0]):010}"


def _amounts(amounts: dict[str, float | None], name: Any) -> list[Json]:
    return [
        {"epcClass": name(key), **({} if amount is None else {"quantity": amount, "uom": "KGM"})}
        for key, amount in amounts.items()
    ]


def _epcs(told: Json) -> list[str]:
    named = [*map(_serial, told.get("serials", ())), *map(_unit, told.get("units", ()))]
    return named + [_asset(name) for name in told.get("assets", ())]


def _quantities(told: Json) -> list[Json]:
    return _amounts(told.get("lots", {}), _lot) + _amounts(told.get("classes", {}), _class)


def event(told: Json, number: int) -> Json:
    """One event."""
    hour = "" if told.get("whole") else "T08:00:00Z"
    name = told.get("id", f"e{number}")
    written: Json = {"eventTime": f"2026-03-{told['day']:02}{hour}", "eventTimeZoneOffset": "+00:00"}
    written |= {"eventID": f"https://example.com/{name}", **_what(told)}
    if told["do"] != TRANSFORMING:
        written["bizStep"] = told["do"]
    if "at" in told:
        place = {"id": site(told["at"])}
        written |= {"readPoint": place} if told["do"] == "shipping" else {"readPoint": place, "bizLocation": place}
    if "doc" in told:
        written["bizTransactionList"] = [{"type": "desadv", "bizTransaction": f"https://example.com/{told['doc']}"}]
    for word, key in (("from", "source"), ("to", "destination")):
        if word in told:
            written[f"{key}List"] = [{"type": "location", key: site(told[word])}]
    if "error" in told:
        declared = {"declarationTime": "2026-03-03T08:00:00Z", "reason": told["error"]}
        written["errorDeclaration"] = declared
    return written


def _what(told: Json) -> Json:
    step = told["do"]
    if step == TRANSFORMING:
        return {
            "type": "TransformationEvent",
            "transformationID": f"https://example.com/{told['process']}",
            "bizStep": "creating_class_instance",
            "inputQuantityList": _amounts(told["inputs"], _lot),
            "outputQuantityList": _amounts(told["outputs"], _lot),
        }
    if step in CONTAINING:
        asset = step == "installing"
        parent = _asset(told["into"]) if asset else _unit(told["into"])
        kind = "AssociationEvent" if asset else "AggregationEvent"
        children = {"childEPCs": _epcs(told), "childQuantityList": _quantities(told)}
        return {"type": kind, "action": CONTAINING[step], "parentID": parent, **_filled(children)}
    action = BEGINNING.get(step, "OBSERVE")
    named = {"epcList": _epcs(told), "quantityList": _quantities(told)}
    return {"type": "ObjectEvent", "action": action, **_filled(named)}


def _filled(lists: dict[str, list[Any]]) -> Json:
    return {key: value for key, value in lists.items() if value}


def build(world: Json) -> Drawn:
    """Load a world, event by event, and read its graph."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(str(Path(folder) / "world.db"))
        for number, told in enumerate(world["events"], start=1):
            stream = io.BytesIO(json.dumps(event(told, number)).encode())
            outcomes = list(load_stream(stream, "world"))
            events = [one.event for one in outcomes if isinstance(one, Accepted)]
            assert len(events) == 1, (world["rule"], number, outcomes)
            capture(store, events, Capture("docs", "docs", "worlds.yaml", number))
        with store.snapshot() as state:
            graph = state.graph
            lines = tuple(row.line for row in graph.line_rows() if row.to_seq is None)
            rows = tuple(graph.vertices()), tuple(graph.flows()), lines, tuple(graph.gaps())
        store.close()
    return Drawn(world["rule"], world.get("show", ""), *rows)
