"""EPCIS XML that others wrote: the same as their JSON, with the hashes they published, and nothing that raises."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from graph_schema.event import Event
from graph_schema.event_hash import event_hash_id, event_pre_hash
from loaders.outcome import Accepted
from tests.loaders.xml_sample import load
from tests.loaders.xml_twins import ASSOCIATIONS, DIFFER, events, twins, without_doctype


def pre_hash(one: Event) -> str:
    """What of an event is hashed, its names whole."""
    return event_pre_hash(one.fields(), msgspec.json.decode(one.context) if one.context else None)


@pytest.mark.corpora
def test_twins_are_one(corpora: Path) -> None:
    """Each event that GS1 or others wrote in XML and in JSON is one event: what is hashed, what the graph is built of.

    But for those whose documents say different things, each with its reason.
    """
    pairs = {name: (events(corpora / name), events(twin)) for name, twin in twins(corpora).items()}
    pairs[ASSOCIATIONS[0]] = (
        events(corpora / ASSOCIATIONS[0])[: len(ASSOCIATIONS[1])],
        [one for name in ASSOCIATIONS[1] for one in events(corpora / name)],
    )
    differing = {name for name, (these, those) in pairs.items() if list(map(_said, these)) != list(map(_said, those))}
    assert differing == set(DIFFER)
    assert sum(len(these) for name, (these, _) in pairs.items() if name not in DIFFER) > 30


def _said(one: Event) -> tuple[str, Event]:
    whats = tuple(sorted(one.whats, key=repr))
    return pre_hash(one), msgspec.structs.replace(one, id="", body=b"", context=b"", body_hash=b"", whats=whats)


@pytest.mark.corpora
def test_published_hashes(corpora: Path) -> None:
    """Read from XML, each event of the published vectors has its hash id.

    But for a file that leaves fields out of the hash by a header of its own, which no standard knows.
    """
    checked = 0
    for path in sorted((corpora / "ralphtro-hash" / "examples").glob("*.xml")):
        if "IgnoreFields" not in path.name:
            found = [event_hash_id(one.fields(), msgspec.json.decode(one.context or b"null")) for one in events(path)]
            assert found == path.with_suffix(".hashes").read_text(encoding="utf-8").split(), path.name
            checked += len(found)
    assert checked >= 19


@pytest.mark.corpora
def test_others_files_never_raise(corpora: Path) -> None:
    """Every file of XML that others wrote, whole and cut anywhere, is outcomes; GS1's documents are all accepted."""
    for path in sorted(corpora.rglob("*.xml")):
        data = without_doctype(path)
        outcomes = load(data)
        assert outcomes, path
        if path.is_relative_to(corpora / "gs1-epcis" / "XML") and "CaptureJob" not in path.name:
            assert all(isinstance(one, Accepted) for one in outcomes), path
        for cut in range(1, 8):
            load(data[: len(data) * cut // 8])
