"""Documents of GS1 and OpenEPCIS that tell more than one event: each is captured, and what it names can be asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.answer import Direction
from tests.corpora.loaded import Loaded, loaded
from tests.loaders import others

pytestmark = pytest.mark.corpora

FOLDERS = (
    "gs1-epcis/JSON",
    "openepcis-test-resources",
    "openepcis-testdata-generator",
    "openepcis-converter",
    "openepcis-hash",
)
MOST_ITEMS = 40
"""Items asked of one document: of more, so many spread evenly over it."""


def test_every_item_can_be_asked(corpora: Path, tmp_path: Path) -> None:
    """Whatever a document names is in the answer about it, forward and back, and no question about it fails."""
    paths = [path for path in others.files(corpora, *FOLDERS) if len(others.events_of(path)) > 1]
    assert len(paths) > 20
    for number, path in enumerate(paths):
        (folder := tmp_path / str(number)).mkdir()
        with loaded(folder, [path]) as documents:
            if documents.events:
                assert _answered(documents) == set(_some_items(documents)), path


def test_one_ledger_takes_all(corpora: Path, tmp_path: Path) -> None:
    """All of them in one ledger are captured, what two documents share once, and can be asked there too."""
    paths = [path for path in others.files(corpora, *FOLDERS) if len(others.events_of(path)) > 1]
    with loaded(tmp_path, paths) as documents:
        entries = list(documents.snapshot.ledger.entries())
        assert {entry.event.id for entry in entries} == {event.id for event in documents.events}
        assert _answered(documents) == set(_some_items(documents))


def _some_items(documents: Loaded) -> list[str]:
    """Items that events name, at most `MOST_ITEMS`, in order of first mention."""
    named = list(dict.fromkeys(what.item for event in documents.events for what in event.whats))
    return named[:: len(named) // MOST_ITEMS + 1]


def _answered(documents: Loaded) -> set[str]:
    """Those of the items that every answer about them holds."""
    return {
        item
        for item in _some_items(documents)
        if all(item in {found.id for found in documents.ask(item, way).items} for way in Direction)
    }
