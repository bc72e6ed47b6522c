"""What reaches a terminal: the words of records, and nothing in them that steers it."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from api.cli import console
from api.cli.answer_tables import plain_table, print_table
from tests.api.conftest import Suyuan

LOT = "urn:epc:class:lgtin:9521103.000900.L1"
SITE = "urn:epc:id:sgln:9521104.00001.0"
STEERING = "\x1b[2J\x1b]0;title\x07\x9b31m\u202e\x7f"


def written(path: Path, name: str) -> str:
    """A document with a lot at a site of this name."""
    element = {"id": SITE, "attributes": [{"id": "urn:epcglobal:cbv:mda#name", "attribute": name}]}
    vocabulary = {"type": "urn:epcglobal:epcis:vtype:BusinessLocation", "vocabularyElementList": [element]}
    event = {
        "type": "ObjectEvent",
        "action": "ADD",
        "bizStep": "commissioning",
        "eventTime": "2026-01-01T08:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "bizLocation": {"id": SITE},
        "quantityList": [{"epcClass": LOT, "quantity": 1}],
    }
    document = {
        "@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-01-01T09:00:00Z",
        "epcisHeader": {"epcisMasterData": {"vocabularyList": [vocabulary]}},
        "epcisBody": {"eventList": [event]},
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("command", [("trace", "forward"), ("trace", "back"), ("recall", "scope")])
def test_no_name_steers_the_terminal(suyuan: Suyuan, tmp_path: Path, command: tuple[str, ...]) -> None:
    """Escape sequences and marks that turn the direction of writing are left out of a name; its words are printed."""
    suyuan("load", written(tmp_path / "named.json", f"Mill{STEERING} on the\r\n\tHill"))
    ran = suyuan(*command, LOT)
    assert ran.code == 0
    assert not set(STEERING) & set(ran.out) - set("[2J]0;title31m")
    assert "on the Hill" in ran.out


def test_no_seed_steers_the_terminal(suyuan: Suyuan, tmp_path: Path) -> None:
    """An error that repeats what was typed repeats no control character of it."""
    suyuan("load", written(tmp_path / "named.json", "Mill"))
    ran = suyuan("trace", "forward", f"event:none{STEERING}")
    assert ran.code == 1
    assert "\x1b" not in ran.err
    assert "\x9b" not in ran.err


def test_tables_stay_in_line_where_characters_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left out was no cell wide, so that the next column begins where it does in other rows."""
    shown = StringIO()
    monkeypatch.setattr(console, "Console", lambda **options: Console(file=shown, **options))
    table = plain_table("Site", "Code")
    table.add_row(f"日新{STEERING}", "X")
    table.add_row("日新[2J]0;title31m", "X")
    print_table(console.answers(), table)
    first, second = shown.getvalue().splitlines()[1:]
    assert first == second


@pytest.mark.parametrize("columns", ["0", "1", "many"])
def test_a_width_that_is_none(suyuan: Suyuan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    """COLUMNS=0, as some build machines have it, hides no answer."""
    suyuan("load", written(tmp_path / "named.json", "Mill"))
    monkeypatch.setenv("COLUMNS", columns)
    assert "recorded 0" in suyuan("stats").out
