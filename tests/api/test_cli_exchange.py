"""`suyuan exchange`: pack, unpack and check on the command line."""

from __future__ import annotations

import json
from pathlib import Path

from tests.api.conftest import Suyuan

PACK = ("exchange", "pack", "--to", "zhengzhou", "--as", "wuhan", "--out", "p.zip")
UNPACK = ("exchange", "unpack", "p.zip", "--as", "zhengzhou", "--receipt", "r.json", "--store", "sqlite:other.db")


def test_a_package_is_packed_checked_taken_and_its_receipt_checked(loaded: Suyuan) -> None:
    """The digest that the sender prints is that of the receipt."""
    packed = loaded(*PACK, "--json").json
    assert (packed["events"], packed["sender"], packed["until"]["position"]) == (35, "wuhan", 35)
    assert "35 events of all systems, from wuhan for zhengzhou" in loaded("exchange", "check", "p.zip").out
    assert "35 events accepted" in loaded(*UNPACK).out
    receipt = json.loads(Path("r.json").read_text())
    assert receipt["package"] == packed["digest"]
    assert "zhengzhou took it at" in loaded("exchange", "check", "p.zip", "--receipt", "r.json").out


def test_a_replay_leaves_the_receipt(loaded: Suyuan) -> None:
    """It says when the package was taken first."""
    loaded(*PACK)
    loaded(*UNPACK)
    first = Path("r.json").read_bytes()
    again = loaded(*UNPACK)
    assert again.code == 0
    assert "0 events accepted, 35 were there already" in again.out
    assert Path("r.json").read_bytes() == first


def test_the_next_package_begins_behind_the_receipt(loaded: Suyuan) -> None:
    """Nothing came since: it has no event, and is taken."""
    loaded(*PACK)
    loaded(*UNPACK)
    assert loaded(*PACK, "--after", "r.json", "--json").json["events"] == 0
    assert loaded(*UNPACK[:-3], "s.json", *UNPACK[-2:], "--after", "r.json").code == 0


def test_what_is_wrong_is_told_with_what_to_do(loaded: Suyuan) -> None:
    """For another, changed, another in its place, no package, no receipt, no such system."""
    loaded(*PACK)
    loaded(*UNPACK)
    assert "Take it as zhengzhou" in loaded(*UNPACK[:4], "luoyang", *UNPACK[5:]).err
    loaded(*PACK[:-1], "q.zip", "--system", "dairy")
    refused = loaded("exchange", "unpack", "q.zip", *UNPACK[3:])
    assert refused.code == 1
    assert "another package was taken" in refused.err
    assert "it is for the package" in loaded("exchange", "check", "q.zip", "--receipt", "r.json").err
    Path("q.zip").write_bytes(b"nothing")
    assert "it is no ZIP" in loaded("exchange", "check", "q.zip").err
    assert "this is no receipt" in loaded("exchange", "check", "p.zip", "--receipt", "q.zip").err
    assert "no product system" in loaded(*PACK, "--system", "tofu").err
    assert "no name of a platform" in loaded("exchange", "pack", "--to", "", "--out", "e.zip").err
    assert loaded("exchange", "check", "nowhere.zip").code == 1
