"""Events and parts by number, the same in every process."""

from __future__ import annotations

import hashlib

import msgspec

from engine.ledger import Capture
from graph_schema.event import Action, ErrorDeclaration, Event, EventType, Role, What
from graph_schema.flow_graph import Flow, FlowKind, Gap, Grade, Line, Part, Vertex, VertexKind
from graph_schema.interval import Interval

CAPTURE = Capture("dairy", "job 1", "milk.json sha256:00", 1_000)


def item(number: int) -> str:
    """The key of an instance."""
    return f"https://id.gs1.org/01/09521321000003/21/{number}"


def event(number: int, *items: str, transformation: str | None = None) -> Event:
    """An event that names these items, else three by its number."""
    body = b'{"type":"ObjectEvent","eventID":"urn:uuid:%032x","action":"OBSERVE"}' % number
    return Event(
        id=f"urn:uuid:{number:032x}",
        type=EventType.OBJECT,
        time=Interval(number, number),
        action=Action.OBSERVE,
        whats=tuple(What(key, Role.NAMED) for key in items or map(item, range(2 * number, 2 * number + 3))),
        transformation_id=transformation,
        body_hash=hashlib.sha256(body).digest(),
        body=body,
        context=b'{"ex":"https://example.org/"}' if number % 2 else b"",
    )


def declared(original: Event, reason: str) -> Event:
    """The same event, declared an error."""
    error = ErrorDeclaration(Interval(0, 0), reason)
    return msgspec.structs.replace(original, error=error, body=original.body + b" ")


def corrected(original: Event) -> Event:
    """Another body under the same id."""
    body = original.body.replace(b"OBSERVE", b"DELETE")
    return msgspec.structs.replace(original, body=body, body_hash=hashlib.sha256(body).digest())


def vertex(number: int) -> Vertex:
    """A holding."""
    name = hashlib.blake2b(b"%d" % number, digest_size=16).digest()
    return Vertex(name, VertexKind.HOLDING, item(number), f"https://id.gs1.org/414/{number}")


def flow(source: int, target: int) -> Flow:
    """Goods going from one holding to another."""
    return Flow(vertex(source).id, vertex(target).id, FlowKind.MOVE, Grade.RECORDED, (event(source).id,))


def gap(number: int) -> Gap:
    """A gap of the item with this number."""
    return Gap("no_origin", item(number), None, (event(number).id,), "It begins here.")


def line(owner: str, *vertices: int) -> Line:
    """The line of an instance through these holdings."""
    path = [vertex(number).id for number in vertices]
    return Line(owner, item(0), (path[0],), (path[-1],))


def part(number: int, length: int = 3) -> Part:
    """What an instance with this number leaves behind: holdings, flows between them, its line and a gap."""
    path = range(100 * number, 100 * number + length)
    return Part(
        item(number),
        tuple(map(vertex, path)),
        tuple(flow(here, here + 1) for here in path[:-1]),
        line(item(number), *path),
        (gap(number),),
    )
