"""One set of events in every form of a source. In: nothing. Out: bytes by form, and the ids that come out of each."""

from __future__ import annotations

import json

from loaders.outcome import Accepted, Outcome
from tests.loaders.sample import CONTEXT, document, event

EVENTS = [event(eventID=f"urn:example:event:{n}") for n in range(3)]


IDS = [made["eventID"] for made in EVENTS]


QUERY = {
    "@context": CONTEXT,
    "type": "EPCISQueryDocument",
    "epcisBody": {
        "queryResults": {"queryName": "SimpleEventQuery", "resultsBody": {"eventList": EVENTS}},
    },
}


LINES = b"\n".join(json.dumps(made).encode() for made in EVENTS)


FORMS: dict[str, bytes] = {
    "document": json.dumps(document(*EVENTS)).encode(),
    "indented document": json.dumps(document(*EVENTS), indent=2).encode(),
    "document with its context behind": json.dumps(dict(reversed(document(*EVENTS).items()))).encode(),
    "query document": json.dumps(QUERY).encode(),
    "array": json.dumps(EVENTS).encode(),
    "indented array": json.dumps(EVENTS, indent=1).encode(),
    "array of documents": json.dumps([document(*EVENTS[:1]), *EVENTS[1:]]).encode(),
    "lines": LINES,
    "lines with an end, blanks and carriage returns": b"\n" + LINES.replace(b"\n", b"\r\n\r\n") + b"\r\n",
    "lines of documents": b"\n".join(json.dumps(document(made)).encode() for made in EVENTS),
    "lines of arrays": b"\n".join(json.dumps([made]).encode() for made in EVENTS),
    "values on several lines": b"\n".join(json.dumps(made, indent=1).encode() for made in EVENTS),
    "values on one line": b" ".join(json.dumps(made).encode() for made in EVENTS),
    "document an event a line": json.dumps(document(*EVENTS)).encode().replace(b', {"type"', b',\n{"type"'),
}


def ids_of(outcomes: list[Outcome]) -> list[str]:
    return [outcome.event.id for outcome in outcomes if isinstance(outcome, Accepted)]
