"""A story as a file. In: a story that was told. Out: an EPCIS 2.0 document (§10), its places by name."""

from __future__ import annotations

from api.demo.naming import site
from api.demo.recording import CONTEXT, Json
from api.demo.story import ON_THE_WAY
from api.demo.telling import Told

_NAME = "urn:epcglobal:cbv:mda#name"


def document_of(told: Told) -> Json:
    """The document; of the day on which the story is asked."""
    return {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": f"{told.story.asof}T23:59:59+08:00",
        "epcisHeader": {"epcisMasterData": {"vocabularyList": [_places(told)]}},
        "epcisBody": {
            "eventList": [{key: value for key, value in event.items() if key != "@context"} for event in told.events]
        },
    }


def _places(told: Told) -> Json:
    named = {place for record in told.story.records for place in (record.by, record.source, record.to) if place}
    elements = [
        {"id": key, "attributes": [{"id": _NAME, "attribute": name}]}
        for key, name in sorted({site(place): place.removeprefix(ON_THE_WAY) for place in named}.items())
    ]
    return {"type": "urn:epcglobal:epcis:vtype:Location", "vocabularyElementList": elements}
