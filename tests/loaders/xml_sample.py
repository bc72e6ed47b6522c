"""Documents of EPCIS XML as tests write them. In: what an event says more. Out: a document, and what is read of it."""

from __future__ import annotations

import io

from graph_schema.event import Event
from loaders.epcis import load_stream
from loaders.limits import Limits
from loaders.outcome import Accepted, Outcome, Rejected
from tests.loaders.sample import LGTIN, SGTIN

DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2" xmlns:ex="https://example.org/ns/"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
  xmlns:cbvmda="urn:epcglobal:cbv:mda" schemaVersion="2.0" creationDate="2026-01-06T00:00:00Z">
<EPCISBody><EventList>
{}
</EventList></EPCISBody>
</epcis:EPCISDocument>
"""
EVENT = f"""<ObjectEvent>
  <eventTime>2026-01-05T08:30:00+08:00</eventTime>
  <eventTimeZoneOffset>+08:00</eventTimeZoneOffset>
  <epcList><epc>{SGTIN}</epc></epcList>
  <action>OBSERVE</action>
  {{}}
</ObjectEvent>"""

QUANTITIES = f"<quantityList><quantityElement><epcClass>{LGTIN}</epcClass>{{}}</quantityElement></quantityList>"


def xml(*inside: str) -> bytes:
    """A document of events, each with something more."""
    return DOCUMENT.format("\n".join(EVENT.format(one) for one in inside)).encode()


def load(data: bytes, limits: Limits | None = None) -> list[Outcome]:
    """The outcomes of bytes."""
    return list(load_stream(io.BytesIO(data), "test.xml", limits=limits))


def read(inside: str) -> Event:
    """The event of a document, with something more in it."""
    (outcome,) = load(xml(inside))
    assert isinstance(outcome, Accepted), outcome
    return outcome.event


def refusal(data: bytes) -> str:
    """What a document is refused with."""
    (outcome,) = [one for one in load(data) if isinstance(one, Rejected)]
    return f"{outcome.place.position}: {outcome.findings[-1].field} {outcome.findings[-1].what}"
