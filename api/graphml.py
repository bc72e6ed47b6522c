"""The flow graph as GraphML 1.1 (graphml.graphdrawing.org), streamed. In: rows of the graph. Out: XML.

Holdings, transformations and endings are nodes, flows are edges, with the words of the graph's nouns as
data; read by networkx, Gephi, yEd and others. Only what is true at the end of the ledger is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from engine.stores.ports import GraphPort
from graph_schema.flow_graph import Flow, Vertex
from graph_schema.interval import Interval, datetime_of

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"

NODE_WORDS = ("kind", "item", "site", "stay", "role", "event", "container", "arrived", "quantity", "uom", "remains")
EDGE_WORDS = ("kind", "grade", "events", "departed", "arrived", "quantity", "uom", "via")


def write_graphml(graph: GraphPort, out: BinaryIO) -> tuple[int, int]:
    """Write the graph; how many nodes and edges."""
    xml = XMLGenerator(out, encoding="utf-8", short_empty_elements=True)
    xml.startDocument()
    xml.startElement("graphml", AttributesImpl({"xmlns": NAMESPACE}))
    for kind, words in (("node", NODE_WORDS), ("edge", EDGE_WORDS)):
        for word in words:
            names = {"id": f"{kind}.{word}", "for": kind, "attr.name": word, "attr.type": "string"}
            xml.startElement("key", AttributesImpl(names))
            xml.endElement("key")
    xml.startElement("graph", AttributesImpl({"edgedefault": "directed"}))
    counts = _write_nodes(graph, xml), _write_edges(graph, xml)
    xml.endElement("graph")
    xml.endElement("graphml")
    xml.endDocument()
    return counts


def _write_nodes(graph: GraphPort, xml: XMLGenerator) -> int:
    count = 0
    for row in graph.vertices():
        if row.to_seq is None:
            _element(xml, "node", {"id": row.vertex.id.hex()}, _node_data(row.vertex))
            count += 1
    return count


def _write_edges(graph: GraphPort, xml: XMLGenerator) -> int:
    count = 0
    for row in graph.flows():
        if row.to_seq is None:
            ends = {"source": row.flow.source.hex(), "target": row.flow.target.hex()}
            _element(xml, "edge", ends, _edge_data(row.flow))
            count += 1
    return count


def _element(xml: XMLGenerator, kind: str, names: dict[str, str], data: Iterator[tuple[str, object]]) -> None:
    xml.startElement(kind, AttributesImpl(names))
    for word, value in data:
        if value is not None and value != "":
            xml.startElement("data", AttributesImpl({"key": f"{kind}.{word}"}))
            xml.characters(_legal(str(value)))
            xml.endElement("data")
    xml.endElement(kind)


def _node_data(vertex: Vertex) -> Iterator[tuple[str, object]]:
    yield "kind", vertex.kind.name.lower()
    yield "item", vertex.item
    yield "site", vertex.site
    yield "stay", vertex.stay.name.lower()
    yield "role", vertex.role
    yield "event", vertex.event_id
    yield "container", vertex.container
    yield "arrived", _when(vertex.arrived)
    yield "quantity", vertex.quantity
    yield "uom", vertex.uom
    yield "remains", None if vertex.remains is None else vertex.remains.name.lower()


def _edge_data(flow: Flow) -> Iterator[tuple[str, object]]:
    yield "kind", flow.kind.name.lower()
    yield "grade", flow.grade.name.lower()
    yield "events", " ".join(flow.event_ids)
    yield "departed", _when(flow.departed)
    yield "arrived", _when(flow.arrived)
    yield "quantity", flow.quantity
    yield "uom", flow.uom
    yield "via", flow.via


def _when(when: Interval) -> str | None:
    """An ISO 8601 interval; `..` is an open bound (ISO 8601-2 §14)."""
    bounds = [datetime_of(bound) for bound in (when.earliest, when.latest)]
    if bounds[0] == bounds[1]:
        return None if bounds[0] is None else bounds[0].isoformat()
    return "/".join(".." if bound is None else bound.isoformat() for bound in bounds)


def _legal(text: str) -> str:
    """Without the control characters that XML 1.0 cannot hold (§2.2)."""
    return "".join(letter if letter in "\t\n\r" or letter >= " " else "\ufffd" for letter in text)
