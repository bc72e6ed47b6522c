"""`SUYUAN_WALK=cypher`: the same JSON as the index gives, and what is refused with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.demo import BAD_TANK, COMPLAINED, outbreak
from tests.api.conftest import Suyuan
from tests.api.outbreak_words import DAIRY, STORE_Y, STORE_Z, events, write_lines
from tests.neo4j_server.fixture import AnyServer
from tests.stores.databases import address_of, emptied, location_of

Record = dict[str, object]
OTHER_TANK = "urn:epc:class:lgtin:9521102.000001.TK-S2"
PALLET = "urn:epc:id:sscc:9521103.0000000031"


def piece(number: int) -> str:
    """A serial."""
    return f"urn:epc:id:sgtin:9521103.000900.{number}"


def record(day: int, kind: str, place: str, step: str, **told: object) -> Record:
    """An event of a day, with what it tells of."""
    time = {"eventTime": f"2026-01-{day:02}T08:00:00Z", "eventTimeZoneOffset": "+00:00"}
    return {"type": kind, "bizStep": step, "readPoint": {"id": place}, "bizLocation": {"id": place}, **time, **told}


def pallet(day: int, place: str, step: str, action: str, *pieces: int) -> Record:
    """Pieces go on the pallet, or off it."""
    return record(
        day, "AggregationEvent", place, step, action=action, parentID=PALLET, childEPCs=[piece(n) for n in pieces]
    )


def moved(day: int, place: str, step: str, *items: str) -> Record:
    """Things are seen at a step."""
    return record(day, "ObjectEvent", place, step, action="OBSERVE", epcList=list(items))


COMMISSIONED = record(
    1, "ObjectEvent", DAIRY, "commissioning", action="ADD", epcList=[piece(number) for number in (1, 2)]
)

COMPANIONS = [
    COMMISSIONED,
    pallet(2, DAIRY, "packing", "ADD", 1, 2),
    moved(3, DAIRY, "shipping", PALLET),
    moved(4, STORE_Y, "receiving", PALLET),
    pallet(5, STORE_Y, "unpacking", "DELETE", 1, 2),
    moved(6, STORE_Y, "shipping", piece(2)),
    moved(7, STORE_Z, "receiving", piece(2)),
]
REWORK = [
    COMMISSIONED,
    record(2, "TransformationEvent", DAIRY, "repairing", inputEPCList=[piece(1), piece(2)], outputEPCList=[piece(1)]),
    moved(3, DAIRY, "shipping", piece(1)),
    moved(4, STORE_Y, "receiving", piece(1)),
]

STORIES = {
    "the demo": (events(), BAD_TANK, COMPLAINED),
    "two seeds that meet": (events(), BAD_TANK, OTHER_TANK),
    "companions of one pallet": (COMPANIONS, piece(1), f"site:{STORE_Y}"),
    "rework of one serial": (REWORK, piece(1), f"site:{STORE_Y}"),
}
"""Events, a thing to ask for, and another."""


@pytest.fixture
def database(neo4j_server: AnyServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """An empty database, as `--store` has it; its index is kept with the test."""
    emptied(address_of(neo4j_server))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return location_of(neo4j_server)


def questions(one: str, other: str) -> list[list[str]]:
    """Trace each way, of one and of both; path; recall scope."""
    return [
        ["trace", "forward", one],
        ["trace", "back", one],
        ["trace", "both", one, other],
        ["trace", "forward", one, "--certain"],
        ["trace", "forward", one, "--contact", "all"],
        ["path", one, other],
        ["recall", "scope", one],
        ["recall", "scope", one, other],
    ]


@pytest.mark.parametrize("story", STORIES)
def test_both_walks_give_the_same_json(
    story: str, suyuan: Suyuan, database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """To the letter, for every question about a story."""
    told, one, other = STORIES[story]
    assert suyuan("load", str(write_lines(tmp_path / "story.ndjson", told)), "--store", database).code == 0
    for question in questions(one, other):
        answers = []
        for walk in ("index", "cypher"):
            monkeypatch.setenv("SUYUAN_WALK", walk)
            answers.append(suyuan(*question, "--json", "--store", database))
        assert answers[0] == answers[1], question
        assert answers[0].code == 0, question


def test_what_is_left_out_is_refused_with_what_to_do(
    suyuan: Suyuan, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule that leaves something out is asked of the index."""
    assert suyuan("load", str(outbreak()), "--store", database).code == 0
    monkeypatch.setenv("SUYUAN_WALK", "cypher")
    for rule in (["--leave-out-site", DAIRY], ["--kill-step", "creating_class_instance"]):
        ran = suyuan("trace", "forward", BAD_TANK, *rule, "--store", database)
        assert ran.code == 1
        assert "SUYUAN_WALK=index" in ran.err


def test_a_file_does_not_walk(loaded: Suyuan, monkeypatch: pytest.MonkeyPatch) -> None:
    """The refusal says what to set."""
    monkeypatch.setenv("SUYUAN_WALK", "cypher")
    ran = loaded("trace", "forward", BAD_TANK)
    assert ran.code == 1
    assert "Set SUYUAN_WALK=index, or nothing." in ran.err


def test_an_unknown_walk_is_refused(loaded: Suyuan, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the words that there are."""
    monkeypatch.setenv("SUYUAN_WALK", "gremlin")
    ran = loaded("trace", "forward", BAD_TANK)
    assert ran.code == 1
    assert "Set index or cypher." in ran.err
