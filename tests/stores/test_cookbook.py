"""Every question of docs/cypher-cookbook.md runs on the shipped outbreak, and gives the answer that is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from neo4j import GraphDatabase, Session

from tests.neo4j_server.fixture import AnyServer
from tests.stores.databases import address_of, load_outbreak

PAGE = Path(__file__).parents[2] / "docs" / "cypher-cookbook.md"
QUESTIONS = dict(
    re.findall(r"^### (.+?)\n\n```cypher\n(.+?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
)

RIXIN, YUELAI, DAIRY = "日新奶站 Rixin Milk Station", "悦来奶站 Yuelai Milk Station", "青禾乳业 Qinghe Dairy"
TONGSHUN, BEIBEI, ANAN = "通顺配送 Tongshun Distribution", "贝贝母婴 Beibei Baby Store", "安安母婴 An'an Baby Store"
CANS = "婴儿配方奶粉 Infant formula, stage 1, can"

ANSWERS: dict[str, list[Any]] = {
    "Which sites did a lot reach": [RIXIN, BEIBEI, TONGSHUN, DAIRY],
    "Which shops did a lot reach, and whom to call there": [(BEIBEI, "贝贝母婴用品 Beibei Baby Goods")],
    "Which lots went into a lot": ["BL-2", "BP-1", "BP-2", "CAN-B", "TK-S1", "TK-S2"],
    "Which raw milk, the lots that nothing went into": [("TK-S1", "10000"), ("TK-S2", "10000")],
    "Which suppliers do two outlets have in common": [YUELAI, TONGSHUN, DAIRY],
    "The shortest chain of flows between a tank and a shelf": [
        [
            "commissioned", "shipped", "received", "transformed", "made", "transformed", "made", "transformed", "made",
            "packed", "carried", "carried", "unpacked", "shipped", "received",
        ]
    ],
    "What was made of a lot, step by step": [
        ("BL-1", "CAN-A"), ("BL-2", "CAN-B"), ("BL-3", "CAN-C"), ("BP-1", "BL-1"), ("BP-1", "BL-2"), ("BP-2", "BL-1"),
        ("BP-2", "BL-2"), ("BP-3", "BL-3"), ("TK-S1", "BP-1"), ("TK-S2", "BP-2"), ("TK-S2B", "BP-3"),
    ],
    "Which lots never mixed with a lot": ["BL-3", "BP-2", "BP-3", "CAN-C", "TK-S2", "TK-S2B"],
    "What is still on a shelf": [
        (ANAN, "CAN-C"), (BEIBEI, "CAN-B"), (TONGSHUN, "CAN-A"), (TONGSHUN, "CAN-B"), (TONGSHUN, "CAN-C"),
        (DAIRY, "BP-1"), (DAIRY, "BP-3"), (DAIRY, "CAN-A"), (DAIRY, "CAN-B"), (DAIRY, "CAN-C"),
    ],
    "Mass balance of each transformation": [
        ("2017-08-03", 10000, 1250), ("2017-08-03", 10000, 1250), ("2017-08-07", 8000, 1000),
        ("2017-08-10", 1000, 1000), ("2017-08-11", 1450, 1450), ("2017-08-12", 1000, 1000),
        ("2017-08-13", 1450, 1450), ("2017-08-14", 900, 900), ("2017-08-15", 900, 900),
    ],
    "Lots with no record of a sale": [
        "BL-1", "BL-2", "BL-3", "BP-1", "BP-2", "BP-3", "CAN-A", "TK-S1", "TK-S2", "TK-S2B",
    ],
    "How much was sold where": [(ANAN, "CAN-C", 80), (BEIBEI, "CAN-B", 150)],
    "Hubs: sites that most goods went through": [(DAIRY, 12), (TONGSHUN, 3), (YUELAI, 2)],
    "The longest chains": [("TK-S1", "sold", 15), ("TK-S2", "sold", 15)],
    "Who ships to whom": [
        (YUELAI, DAIRY, 2), (RIXIN, DAIRY, 1), (TONGSHUN, ANAN, 1), (TONGSHUN, BEIBEI, 1), (DAIRY, TONGSHUN, 1),
    ],
    "What was on each shipment": [
        ("2017-08-01", DAIRY, ["TK-S1"]), ("2017-08-01", DAIRY, ["TK-S2"]), ("2017-08-05", DAIRY, ["TK-S2B"]),
        ("2017-08-19", TONGSHUN, ["CAN-A", "CAN-B", "CAN-C"]), ("2017-08-24", BEIBEI, ["CAN-B"]),
        ("2017-08-25", ANAN, ["CAN-C"]),
    ],
    "What travelled in one container": [("095211030000000175", ["CAN-A"]), ("095211030000000243", ["CAN-B", "CAN-C"])],
    "Where each pallet is now": [
        ("095211030000000175", "received", TONGSHUN), ("095211030000000243", "received", TONGSHUN),
    ],
    "Containers that were used again": [],
    "How many events of each business step": [
        ("commissioning", 7), ("creating_class_instance", 6), ("receiving", 6), ("shipping", 6), ("inspecting", 4),
        ("packing", 2), ("retail_selling", 2), ("unpacking", 2),
    ],
    "Which events prove where a lot went": [
        ("unpacking", "2017-08-22"), ("shipping", "2017-08-25"), ("receiving", "2017-08-26"),
        ("retail_selling", "2017-09-02"),
    ],
    "Which events name a lot, in order": [
        "commissioning", "inspecting", "packing", "unpacking", "shipping", "receiving", "retail_selling",
    ],
    "How sure is the graph": [("recorded", 46)],
    "What was captured by whom, and until when": [("tester", 35, 35)],
    "Lots of a product": [("CAN-A", CANS), ("CAN-B", CANS), ("CAN-C", CANS)],
}  # fmt: skip


@pytest.fixture
def outbreak_in_neo4j(neo4j_server: AnyServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Session]:
    """The shipped outbreak, and nothing else."""
    address = address_of(neo4j_server)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    load_outbreak(neo4j_server)
    with (
        GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver,
        driver.session(database=address.database) as opened,
    ):
        yield opened


def test_the_page_asks_what_is_known() -> None:
    """Twenty questions or more, each with its answer here."""
    assert set(QUESTIONS) == set(ANSWERS)
    assert len(QUESTIONS) >= 20


def test_each_question_is_answered(outbreak_in_neo4j: Session) -> None:
    """Row by row, in order."""
    for title, query in QUESTIONS.items():
        rows = [tuple(record) for record in outbreak_in_neo4j.run(query).values()]
        assert [row[0] if len(row) == 1 else row for row in rows] == ANSWERS[title], title
