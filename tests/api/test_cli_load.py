"""`suyuan load`: what it takes, prints and refuses, and with which exit code."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from api.demo import BAD_TANK, outbreak
from graph_schema.identifiers import canonical_key
from tests.api.conftest import Suyuan
from tests.api.outbreak_words import BAD_EVENT, DAIRY, STORE_Y, STORE_Z, commissioned, events, write_lines
from tests.loaders.xml_sample import xml


class TestLoad:
    """`suyuan load`."""

    def test_loading_twice_is_loading_once(self, suyuan: Suyuan) -> None:
        """The second load of a file adds nothing and says so."""
        first, second = (suyuan("load", str(outbreak()), "--json").json for _ in range(2))
        assert (first["accepted"], first["duplicates"]) == (35, 0)
        assert (second["accepted"], second["duplicates"]) == (0, 35)
        assert first["position"] == second["position"] == 35
        assert len(first["sources"][0]["sha256"]) == 64

    def test_forms_and_folders(self, suyuan: Suyuan, tmp_path: Path) -> None:
        """A folder of JSON lines, gzip and a document is loaded whole."""
        inbox = tmp_path / "inbox"
        inbox.mkdir()
        write_lines(inbox / "a.ndjson", events()[:10])
        (inbox / "b.json.gz").write_bytes(gzip.compress(json.dumps(events()[10:20]).encode()))
        (inbox / "c.json").write_bytes(outbreak().read_bytes())
        told = suyuan("load", str(inbox), "--json").json
        assert told["accepted"] == 35
        assert told["duplicates"] == 20
        assert len(told["sources"]) == 3

    def test_xml(self, suyuan: Suyuan, tmp_path: Path) -> None:
        """XML is loaded as JSON is; a refused event is named with its line."""
        path = tmp_path / "inbox.xml"
        path.write_bytes(xml("", "<bizStep>no</bizStep>"))
        ran = suyuan("load", str(path))
        assert ran.code == 3
        assert "inbox.xml, event 2, line 13" in " ".join(ran.out.split())
        assert "1 event" in ran.out

    def test_a_refused_record_is_named_and_the_rest_is_loaded(self, suyuan: Suyuan, tmp_path: Path) -> None:
        """Exit code 3; the table, --json and --rejects name the place and the rule."""
        path = write_lines(tmp_path / "mixed.ndjson", [events()[0], BAD_EVENT, events()[1]])
        ran = suyuan("load", str(path), "--rejects", "no.ndjson")
        assert ran.code == 3
        assert "mixed.ndjson, line 2" in ran.out
        assert "2 events accepted" in ran.out
        assert "1 refused" in ran.out
        refused = [json.loads(line) for line in Path("no.ndjson").read_text(encoding="utf-8").splitlines()]
        assert [record["place"]["position"] for record in refused] == ["line 2"]
        told = suyuan("load", str(path), "--json").json
        assert told["rejected"] == 1
        assert {reject["position"] for reject in told["rejects"]} == {"line 2"}
        assert all(reject["what"] and reject["rule"] for reject in told["rejects"])

    def test_all_or_nothing(self, suyuan: Suyuan, tmp_path: Path) -> None:
        """With a refused record nothing is loaded, exit code 1; without one all is."""
        bad = write_lines(tmp_path / "bad.ndjson", [events()[0], BAD_EVENT])
        ran = suyuan("load", str(bad), str(outbreak()), "--all-or-nothing")
        assert ran.code == 1
        assert "Nothing was loaded" in ran.out
        assert suyuan("stats", "--json").json["position"] == 0
        assert suyuan("load", str(outbreak()), "--all-or-nothing").code == 0
        assert suyuan("stats", "--json").json["position"] == 35
        told = suyuan("load", str(bad), "--all-or-nothing", "--json").json
        assert (told["accepted"], told["position"]) == (0, 35)

    def test_many_refusals_are_counted(self, suyuan: Suyuan, tmp_path: Path) -> None:
        """The table shows twenty and tells how many there are; --json has all."""
        path = write_lines(tmp_path / "bad.ndjson", [BAD_EVENT] * 50)
        ran = suyuan("load", str(path))
        assert ran.code == 3
        assert "50 records in all" in ran.out
        assert {reject["position"] for reject in suyuan("load", str(path), "--json").json["rejects"]} == {
            f"line {number}" for number in range(1, 51)
        }

    def test_who_loaded_is_kept(self, suyuan: Suyuan, monkeypatch: pytest.MonkeyPatch) -> None:
        """SUYUAN_AUTHOR is the author of the ledger's entries, and stands in the evidence of a recall file."""
        monkeypatch.setenv("SUYUAN_AUTHOR", "quality desk")
        suyuan("load", str(outbreak()))
        assert suyuan("recall", "scope", BAD_TANK, "--csv", "files").code == 0
        assert "quality desk" in Path("files/evidence.csv").read_text(encoding="utf-8-sig")

    @pytest.mark.parametrize(("author", "left"), [("mill", 0), ("someone else", 1)])
    def test_an_error_is_declared_by_who_captured_the_event(
        self, suyuan: Suyuan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, author: str, left: int
    ) -> None:
        """--author is who captures, whatever SUYUAN_AUTHOR says; a declaration by another is a finding."""
        monkeypatch.setenv("SUYUAN_AUTHOR", "the desk")
        event = {**commissioned(1), "eventID": "urn:uuid:9a1f3c52-0000-4000-8000-000000000001"}
        declared = {"declarationTime": "2026-01-02T08:00:00Z", "reason": "did_not_occur"}
        first = write_lines(tmp_path / "first.ndjson", [event])
        second = write_lines(tmp_path / "second.ndjson", [{**event, "errorDeclaration": declared}])
        assert suyuan("load", str(first), "--author", "mill").code == 0
        assert suyuan("load", str(second), "--author", author).code == 0
        stats = suyuan("stats", "--json").json
        assert stats["vertices"].get("holding", 0) == left
        assert stats["gaps"].get("declaration", 0) == left

    def test_what_is_recorded_inside_itself_is_a_warning(self, suyuan: Suyuan, tmp_path: Path) -> None:
        """Two pallets in each other that part ways: a load names the events once, and the gap has them and the site."""
        pallets = [f"urn:epc:id:sscc:9521103.000000001{number}" for number in (7, 8)]
        moves = [(pallets[0], pallets[1], None), (pallets[1], pallets[0], None)]
        moves += [(None, pallets[0], STORE_Z), (None, pallets[1], DAIRY)]
        told = [
            {
                "type": "AggregationEvent" if parent else "ObjectEvent",
                "eventID": f"urn:uuid:9a1f3c52-0000-4000-8000-00000000000{number}",
                "action": "ADD" if parent else "OBSERVE",
                "bizStep": "packing" if parent else "shipping",
                "eventTime": f"2026-01-0{max(number, 2)}T08:00:00Z",
                "eventTimeZoneOffset": "+00:00",
                "readPoint": {"id": STORE_Y},
                **({"destinationList": [{"type": "location", "destination": to}]} if to else {}),
                **({"parentID": parent, "childEPCs": [child]} if parent else {"epcList": [child]}),
            }
            for number, (parent, child, to) in enumerate(moves, 1)
        ]
        sound = suyuan("load", str(write_lines(tmp_path / "sound.ndjson", told[:2])), "--json").json
        ran = suyuan("load", str(write_lines(tmp_path / "cycle.ndjson", told)), "--json")
        assert (ran.code, sound["warned"], ran.json["warned"]) == (0, 0, 1)
        (warning,) = ran.json["warnings"]
        assert warning["position"] == "line 2"
        assert all(str(event["eventID"]) in warning["what"] for event in told[:2])
        assert suyuan("load", str(tmp_path / "cycle.ndjson"), "--json").json["warned"] == 0
        gaps = suyuan("trace", "forward", pallets[0], "--json").json["gaps"]
        cyclic = [gap for gap in gaps if gap["kind"] == "cyclic_containment"]
        assert {gap["item"] for gap in cyclic} == set(map(canonical_key, pallets))
        assert {gap["site"] for gap in cyclic} == {canonical_key(STORE_Y)}
        assert all(gap["events"] == [event["eventID"] for event in told[:2]] for gap in cyclic)

    def test_a_file_that_may_not_be_read_is_refused(
        self, suyuan: Suyuan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It is named, exit code 3, and the other files are loaded; what is passed over in a folder is not opened."""
        opened = Path.open
        write_lines(tmp_path / "closed.json", [events()[0]])
        (tmp_path / "closed.txt").write_text("not for us")

        def refuse(path: Path, *arguments: str, **named: str) -> object:
            if path.stem == "closed":
                raise PermissionError(13, "Permission denied", str(path))
            return opened(path, *arguments, **named)  # type: ignore[call-overload]

        write_lines(tmp_path / "open.json", [events()[1]])
        monkeypatch.setattr(Path, "open", refuse)
        ran = suyuan("load", str(tmp_path), "--json")
        assert ran.code == 3
        assert ran.json["accepted"] == 1
        assert [Path(reject["file"]).name for reject in ran.json["rejects"]] == ["closed.json"]
        assert {Path(source["file"]).name for source in ran.json["sources"]} == {"closed.json", "open.json"}
