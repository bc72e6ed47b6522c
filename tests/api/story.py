"""The story of a product system in the default store. In: the system. Out: the command line over its events."""

from __future__ import annotations

import json
from pathlib import Path

from tests.api.conftest import Suyuan
from tests.systems.test_stories import told


def load_story(suyuan: Suyuan, folder: Path, system: str) -> Suyuan:
    """The same command line, once it has loaded the events as one document, which it finds in the folder."""
    document = {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"x": "https://example.org/x#"}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2017-09-16T00:00:00Z",
        "epcisBody": {"eventList": told(system).events},
    }
    (folder / "story.json").write_text(json.dumps(document), encoding="utf-8")
    assert suyuan("load", "story.json").code == 0
    return suyuan
