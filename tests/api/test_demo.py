"""The shipped outbreak: the answers that the story has, and what `suyuan demo` leaves behind."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import openpyxl
import pytest

from api.cli.stage import typed_name
from api.demo import BAD_TANK, COMPLAINED, outbreak
from graph_schema.identifiers import canonical_key
from tests.api.conftest import Suyuan

LOTS = {
    "TK-S1": "urn:epc:class:lgtin:9521101.000001.TK-S1",
    "TK-S2": "urn:epc:class:lgtin:9521102.000001.TK-S2",
    "BP-1": "urn:epc:class:lgtin:9521103.000100.BP-1",
    "BP-2": "urn:epc:class:lgtin:9521103.000100.BP-2",
    "BL-1": "urn:epc:class:lgtin:9521103.000200.BL-1",
    "BL-2": "urn:epc:class:lgtin:9521103.000200.BL-2",
    "CAN-A": "urn:epc:class:lgtin:9521103.000900.CAN-A",
    "CAN-B": "urn:epc:class:lgtin:9521103.000900.CAN-B",
}
SITES = {
    "station": "urn:epc:id:sgln:9521101.00001.0",
    "dairy": "urn:epc:id:sgln:9521103.00001.0",
    "distributor": "urn:epc:id:sgln:9521104.00001.0",
    "store": "urn:epc:id:sgln:9521105.00001.0",
}
HELD = {
    ("dairy", "BP-1"): 50,
    ("dairy", "CAN-A"): 400,
    ("dairy", "CAN-B"): 450,
    ("distributor", "CAN-A"): 600,
    ("distributor", "CAN-B"): 600,
    ("store", "CAN-B"): 250,
}
"""What is left where, in kg; nothing is left elsewhere."""


def keys(*names: str) -> set[str]:
    return {canonical_key(LOTS[name]) for name in names}


@pytest.mark.parametrize(
    ("direction", "seed", "answer"),
    [
        ("forward", "TK-S1", ("TK-S1", "BP-1", "BL-1", "BL-2", "CAN-A", "CAN-B")),
        ("back", "CAN-B", ("CAN-B", "BL-2", "BP-1", "BP-2", "TK-S1", "TK-S2")),
    ],
)
def test_traces_are_those_of_the_story(loaded: Suyuan, direction: str, seed: str, answer: tuple[str, ...]) -> None:
    """Both traces reach exactly the story's lots, all certain: the records are complete."""
    told = loaded("trace", direction, LOTS[seed], "--json").json
    assert {item["id"] for item in told["items"]} == keys(*answer)
    assert {item["certainty"] for item in [*told["items"], *told["sites"]]} == {"certain"}
    assert told["direction"] == direction
    assert told["complete"] is True
    assert told["gaps"] == []


def test_clean_milk_is_not_in_the_answer(loaded: Suyuan) -> None:
    """CAN-C shared a pallet with CAN-B and is of clean milk: neither it nor the store that sold it is reached."""
    told = loaded("trace", "forward", BAD_TANK, "--json").json
    assert {site["id"] for site in told["sites"]} == {canonical_key(site) for site in SITES.values()}
    assert not any("CAN-C" in item["id"] for item in told["items"])


def test_recall_scope_has_the_stock_of_the_story(loaded: Suyuan) -> None:
    """What is held and sold where is what the story says, to the kilogram."""
    told = loaded("recall", "scope", BAD_TANK, "--json").json
    names = {canonical_key(key): name for name, key in {**LOTS, **SITES}.items()}
    held, sold = {}, {}
    for outlet in told["outlets"]:
        for stock in outlet["stock"]:
            place = (names[outlet["site"]["id"]], names[stock["item"]["id"]])
            held[place] = [(float(r["low"]), float(r["high"])) for r in stock["held"]]
            sold[place] = [(float(r["low"]), float(r["high"])) for r in stock["sold"]]
    kept = {place: ranges[0][0] for place, ranges in held.items() if ranges and ranges[0][1]}
    assert kept == HELD
    assert all(low == high for ranges in held.values() for low, high in ranges)
    assert {place: ranges[0] for place, ranges in sold.items() if ranges and ranges[0][1]} == {
        ("store", "CAN-B"): (150, 150)
    }
    assert all(outlet["contacts"] and outlet["site"]["address"] for outlet in told["outlets"])


def test_codes_have_right_check_digits() -> None:
    """Every code of the document is read by the strict parser, whose keys carry check digits."""
    document = json.loads(outbreak().read_text(encoding="utf-8"))
    vocabularies = document["epcisHeader"]["epcisMasterData"]["vocabularyList"]
    named = [element["id"] for kind in vocabularies for element in kind["vocabularyElementList"]]
    assert len(named) == 17
    assert all(canonical_key(name).startswith("https://id.gs1.org/") for name in named)


def test_every_command_that_the_demo_shows_runs(suyuan: Suyuan) -> None:
    """What stands behind a $ can be copied: it runs where the demo ran, on the demo's store."""
    shown = re.findall(r"^\$ suyuan (.+)$", suyuan("demo").out, re.MULTILINE)
    mine = [line for line in shown if "YOUR" not in line and line != "--help"]
    assert len(mine) == len(shown) - 3 == 8
    for line in mine:
        assert suyuan(*shlex.split(line)).code == 0, line


def test_the_demo_shows_the_command_as_it_can_be_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Started from .venv/bin, which no shell looks into, it is shown so; else by its name."""
    command = tmp_path / ".venv" / "bin" / "suyuan"
    command.parent.mkdir(parents=True)
    command.touch(mode=0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "/nowhere")
    assert typed_name(".venv/bin/suyuan") == ".venv/bin/suyuan"
    monkeypatch.setenv("PATH", str(command.parent))
    assert typed_name(".venv/bin/suyuan") == typed_name("/usr/lib/python3/pytest") == "suyuan"


def test_demo_prints_and_writes(suyuan: Suyuan, tmp_path: Path) -> None:
    """The demo loads a fresh store twice alike, draws both chains, and writes a workbook that opens."""
    first, second = suyuan("demo"), suyuan("demo")
    assert first.code == second.code == 0
    assert first.err == ""
    for said in ("made from BL-2", "made into BP-1", "Beibei Baby Store", "Whom to call", "recall.xlsx", "What to run"):
        assert said in first.out
    assert COMPLAINED in first.out
    assert "35 events accepted" in second.out, "the second run starts afresh"
    book = openpyxl.load_workbook(tmp_path / "recall.xlsx")
    assert book.sheetnames == [
        "Header",
        "Consignees",
        "Outlets",
        "Lots",
        "Mass balance",
        "In transit",
        "Excluded",
        "Gaps",
        "Evidence",
    ]
    consignees = [[cell.value for cell in row] for row in book["Consignees"].iter_rows()]
    rows = [dict(zip(consignees[0], row, strict=True)) for row in consignees[1:]]
    brought = {(row["GLN"], row["Lot"], row["Quantity"], row["Reason"]) for row in rows if row["Quantity"]}
    assert brought == {
        ("9521103000014", "TK-S1", 10000, "received"),
        ("9521104000013", "CAN-A", 600, "received"),
        ("9521104000013", "CAN-B", 1000, "received"),
        ("9521105000012", "CAN-B", 400, "received"),
    }
    assert all(row["Shipped"] < row["Received"] for row in rows if row["Quantity"])
    assert {row["Document type"] for row in rows if row["Quantity"]} == {"desadv"}
