"""Bad files on the command line: told with file and place, never a traceback, never lost in silence (design §8)."""

from __future__ import annotations

import gzip
import json
import os
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.conftest import Ran, Suyuan
from tests.loaders import others
from tests.loaders.sample import document, event
from tests.loaders.test_mutated_files import DAMAGES
from tests.safety.command import COMMAND, environment

LOADED, WRONG, WITH_REJECTS = 0, 1, 3
"""Exit codes of docs/cli.md: all loaded; nothing can be read at all; loaded but for what was refused."""

MEGABYTE = 1 << 20


def load(suyuan: Suyuan, path: Path) -> tuple[Ran, dict[str, Any]]:
    """Load a file; whatever is in it, the command ends in order and what it refuses has a place in that file."""
    ran = suyuan("load", str(path), "--json")
    assert ran.code in (LOADED, WITH_REJECTS), ran
    assert "Traceback" not in ran.out + ran.err
    told = ran.json
    assert (ran.code == WITH_REJECTS) == bool(told["rejected"])
    assert all(refused["file"] == str(path) for refused in told["rejects"])
    assert all(refused["position"] and refused["what"] for refused in told["rejects"])
    return ran, told


def lines(*events: dict[str, Any]) -> bytes:
    """Events, one a line."""
    return b"\n".join(json.dumps(made).encode() for made in events)


def _nested(depth: int) -> bytes:
    return lines(event())[:-1] + b',"ex:deep":' + b"[" * depth + b"]" * depth + b"}"


BAD = {
    "unparsable": (b'{"type":"ObjectEvent",', 0, "byte 22"),
    "a wrong zone": (lines(event(eventTimeZoneOffset="+25:00")), 0, "/eventTimeZoneOffset"),
    "a negative quantity": (
        lines(event(quantityList=[{"epcClass": "urn:epc:class:lgtin:0614141.100001.X", "quantity": -1, "uom": "KGM"}])),
        0,
        "/quantityList/0/quantity",
    ),
    "an unknown type": (lines(event(type="CookingEvent")), 0, "/type"),
    "a good event and a bad one": (lines(event(), event(action="EAT")), 1, "/action"),
    "deep nesting": (_nested(5_000), 0, "64"),
    "another encoding": (json.dumps(document(event())).encode("utf-16"), 0, "UTF-8"),
    "a truncated gzip file": (gzip.compress(lines(event()) * 50, mtime=0)[:-60], 0, "end before they are whole"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_told(suyuan: Suyuan, tmp_path: Path, case: str) -> None:
    """What is wrong, and where, is in the report and on the screen; what is good is loaded."""
    data, good, word = BAD[case]
    (path := tmp_path / "bad.json").write_bytes(data)
    shown = suyuan("load", str(path))
    _, told = load(suyuan, path)
    assert told["accepted"] + told["duplicates"] == good
    assert told["rejected"] >= 1
    assert word in json.dumps(told["rejects"])
    assert shown.code == WITH_REJECTS
    assert "Traceback" not in shown.out + shown.err
    assert path.name in "".join((shown.out + shown.err).split())


def test_things_that_are_in_each_other(suyuan: Suyuan, tmp_path: Path) -> None:
    """A pallet in a pallet that is in the first is taken as told, and both can be asked for."""
    pallets = [f"urn:epc:id:sscc:0614141.100000000{number}" for number in range(3)]
    packed = [
        event(
            "AggregationEvent",
            eventID=f"urn:uuid:00000000-0000-4000-8000-{number:012}",
            eventTime=f"2026-01-0{number + 1}T00:00:00Z",
            parentID=parent,
            childEPCs=[child],
            childQuantityList=[],
        )
        for number, (parent, child) in enumerate(zip(pallets, [*pallets[1:], pallets[0]], strict=True))
    ]
    (path := tmp_path / "cycle.ndjson").write_bytes(lines(*packed))
    _, told = load(suyuan, path)
    assert told["accepted"] == len(packed)
    for pallet in pallets:
        for way in ("forward", "back"):
            ran = suyuan("trace", way, pallet, "--json")
            assert ran.code == 0
            assert pallet in {item["urn"] for item in ran.json["items"]}


def test_a_missing_file_is_wrong_input(suyuan: Suyuan, tmp_path: Path) -> None:
    """A path that is none is one line on stderr that names it."""
    ran = suyuan("load", str(tmp_path / "none.json"))
    assert ran.code == WRONG
    assert "none.json" in "".join(ran.err.split())
    assert "Traceback" not in ran.err


@pytest.fixture(scope="module")
def sources(corpora: Path) -> list[bytes]:
    """The smaller files of others that hold events."""
    found = [path for path in others.files(corpora) if path.stat().st_size < 30_000]
    return [path.read_bytes() for path in found if others.events_of(path)]


@pytest.mark.corpora
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(place=st.integers(0, 10_000), seed=st.integers(0, 2**20), damage=st.sampled_from(DAMAGES), packed=st.booleans())
def test_damaged_files(
    suyuan: Suyuan,
    sources: list[bytes],
    tmp_path: Path,
    place: int,
    seed: int,
    damage: Callable[[bytes, random.Random], bytes],
    packed: bool,
) -> None:
    """Of a real file damaged at random, each event is loaded, was there, or is refused; a cut is told."""
    data = damage(sources[place % len(sources)], random.Random(seed))
    (path := tmp_path / "damaged.json").write_bytes(gzip.compress(data) if packed else data)
    _, told = load(suyuan, path)
    count = told["accepted"] + told["duplicates"] + told["rejected"]
    try:
        whole = others.events_in(json.loads(data))
    except (ValueError, RecursionError):
        assert count or not data.strip(b" \t\r\n")
    else:
        assert count >= len(whole)


@pytest.mark.slow
def test_an_event_of_two_hundred_megabytes(tmp_path: Path) -> None:
    """It is refused with its size and place, in little memory, and the events around it are loaded."""
    path = tmp_path / "large.ndjson"
    with path.open("wb") as file:
        file.write(lines(event()) + b"\n" + lines(event(eventTime="2026-02-01T00:00:00Z"))[:-1] + b',"ex:x":"')
        file.writelines([b"x" * MEGABYTE] * 200)
        file.write(b'"}\n' + lines(event(eventTime="2026-03-01T00:00:00Z")) + b"\n")
    small, least = _loaded_alone(tmp_path / "small.ndjson", tmp_path, lines(event()))
    told, most = _loaded_alone(path, tmp_path)
    assert (small["accepted"], small["rejected"]) == (1, 0)
    assert (told["accepted"] + told["duplicates"], told["rejected"]) == (2, 1)
    assert str(200 * MEGABYTE)[:3] in told["rejects"][0]["what"]
    assert most - least < 60 * MEGABYTE


def _loaded_alone(path: Path, folder: Path, data: bytes | None = None) -> tuple[dict[str, Any], int]:
    """The report of a load by a process of its own, and the most memory it held, in bytes."""
    if data is not None:
        path.write_bytes(data)
    command = [*COMMAND, "load", str(path), "--store", f"sqlite:{folder / 'suyuan.db'}", "--json"]
    with (folder / "report.json").open("wb") as report:
        process = subprocess.Popen(command, stdout=report, env=environment())
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode in (LOADED, WITH_REJECTS)
    return json.loads((folder / "report.json").read_bytes()), used.ru_maxrss * 1024
