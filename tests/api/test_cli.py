"""The command line: what it takes, prints and refuses, and with which exit code."""

from __future__ import annotations

import gzip
import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import networkx
import pytest

from api.demo import BAD_TANK, COMPLAINED, outbreak
from graph_schema.identifiers import canonical_key
from tests.api.conftest import Ran, Suyuan

STORE_Y = "urn:epc:id:sgln:9521105.00001.0"
STORE_Z = "urn:epc:id:sgln:9521106.00001.0"
DAIRY = "urn:epc:id:sgln:9521103.00001.0"
SPRAY_DRYING = "urn:uuid:20170803-0007-4000-8000-000009521103"
COMMAND = [sys.executable, "-m", "api.cli"]

BAD_EVENT = {"type": "ObjectEvent", "eventTime": "2026-01-01T08:00:00Z", "eventTimeZoneOffset": "+00:00"}
"""It has no action and names nothing."""


def events() -> list[dict[str, object]]:
    """The events of the shipped outbreak."""
    document = json.loads(outbreak().read_text(encoding="utf-8"))
    found: list[dict[str, object]] = document["epcisBody"]["eventList"]
    return found


def commissioned(number: int) -> dict[str, object]:
    """A lot of its own begins."""
    return {
        "type": "ObjectEvent",
        "action": "ADD",
        "bizStep": "commissioning",
        "eventTime": "2026-01-01T08:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "readPoint": {"id": STORE_Y},
        "quantityList": [{"epcClass": f"urn:epc:class:lgtin:9521103.000900.L{number}", "quantity": 1}],
    }


def write_lines(path: Path, records: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def items_of(ran: Ran) -> dict[str, str]:
    """The items of a trace, with their certainty."""
    return {item["id"]: item["certainty"] for item in ran.json["items"]}


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


class TestAsk:
    """`suyuan trace`, `path` and `recall scope`."""

    @pytest.mark.parametrize(
        "spelling",
        [
            COMPLAINED,
            "(01)09521103009000(10)CAN-B",
            "https://id.gs1.org/01/09521103009000/10/CAN-B",
            "https://example.com/01/09521103009000/10/CAN-B",
        ],
    )
    def test_every_spelling_of_a_seed_is_one_question(self, loaded: Suyuan, spelling: str) -> None:
        """EPC URN, element string and Digital Link of one lot have one answer."""
        told = loaded("trace", "back", spelling, "--json").json
        assert len(told["items"]) == 6

    def test_the_documented_fields_of_a_trace(self, loaded: Suyuan) -> None:
        """Items, sites and ledger have the names that scripts rely on."""
        told = loaded("trace", "forward", BAD_TANK, "--json").json
        assert {"direction", "complete", "ledger", "items", "sites", "events", "gaps"} <= told.keys()
        assert {"position", "hash"} <= told["ledger"].keys()
        assert all({"id", "urn", "kind", "certainty", "depth"} <= item.keys() for item in told["items"])
        assert all({"id", "urn", "certainty", "depth"} <= site.keys() for site in told["sites"])
        assert {item["kind"] for item in told["items"]} == {"lot"}

    def test_options_narrow_the_seed(self, loaded: Suyuan) -> None:
        """At the store, the complained lot has nowhere left to go."""
        told = loaded("trace", "forward", COMPLAINED, "--at", STORE_Y, "--json").json
        assert [site["id"] for site in told["sites"]] == [canonical_key(STORE_Y)]
        since = loaded("trace", "forward", f"site:{STORE_Y}", "--since", "2017-12-01", "--json").json
        assert {item["id"] for item in since["items"]} == {canonical_key(COMPLAINED)}

    def test_cross_contamination_at_a_site(self, loaded: Suyuan) -> None:
        """What was at the dairy together with the bad tank's goods is possible, until the clean break."""
        sound = canonical_key("urn:epc:class:lgtin:9521103.000900.CAN-C")
        assert sound not in items_of(loaded("trace", "forward", BAD_TANK, "--json"))
        for until, mixed in (("2017-08-04", False), ("2017-08-16", True)):
            rule = f"{DAIRY},since=2017-08-02,until={until}"
            told = loaded("trace", "forward", BAD_TANK, "--cross-contamination", rule, "--json")
            assert (items_of(told).get(sound) == "possible") is mixed
            scope = loaded("recall", "scope", BAD_TANK, "--cross-contamination", rule, "--json").json
            assert ("possible" in {outlet["certainty"] for outlet in scope["outlets"]}) is mixed
        other = f"{DAIRY},since=2017-08-02,until=2017-08-16,product=urn:epc:class:lgtin:9521103.000100.BP-2"
        assert sound not in items_of(loaded("trace", "forward", BAD_TANK, "--cross-contamination", other, "--json"))

    @pytest.mark.parametrize(
        ("option", "value"),
        [
            ("--kill-step", "creating_class_instance"),
            ("--kill-step", f"urn:epcglobal:cbv:bizstep:creating_class_instance,at={DAIRY}"),
            ("--kill-step", f"https://ref.gs1.org/cbv/BizStep-creating_class_instance,product={BAD_TANK}"),
            ("--leave-out-site", DAIRY),
            ("--leave-out-event", SPRAY_DRYING),
        ],
    )
    def test_a_kill_step_and_what_is_left_out_end_the_trace(self, loaded: Suyuan, option: str, value: str) -> None:
        """Nothing that the milk of the bad tank was made into is in the answer; no chain leads to the store."""
        told = loaded("trace", "forward", BAD_TANK, option, value, "--json")
        assert items_of(told) == {canonical_key(BAD_TANK): "certain"}
        assert loaded("path", BAD_TANK, f"site:{STORE_Y}", option, value, "--json").json["flows"] is None
        scope = loaded("recall", "scope", BAD_TANK, option, value, "--json").json
        assert canonical_key(STORE_Y) not in {outlet["site"]["id"] for outlet in scope["outlets"]}

    def test_as_known_before_anything_was_loaded(self, loaded: Suyuan) -> None:
        """The ledger of 2020 did not know the lot."""
        assert loaded("trace", "back", COMPLAINED, "--as-known-at", "2020-01-01").code == 1

    @pytest.mark.parametrize("time", ["2017-08-19T12:00:00Z", "2017-08-20", "2017-08-21T12:00:00+08:00"])
    def test_the_load_of_a_pallet(self, loaded: Suyuan, time: str) -> None:
        """Packed, on the road or arrived: what was on the second pallet then went to both stores."""
        told = loaded("trace", "forward", f"load:urn:epc:id:sscc:9521103.0000000024@{time}", "--json").json
        assert {"CAN-B", "CAN-C"} <= {item["id"].rpartition("/")[2] for item in told["items"]}
        assert {canonical_key(STORE_Y), canonical_key(STORE_Z)} <= {site["id"] for site in told["sites"]}

    def test_both_ways_are_drawn(self, loaded: Suyuan) -> None:
        """One answer of the two shows where the lot came from and where it went, and leaves out no place."""
        out = loaded("trace", "both", COMPLAINED).out
        back, _, forward = out.partition("Where it went")
        assert "made from BL-2" in back
        assert "retail selling" in forward
        assert "more places" not in out

    @pytest.mark.parametrize(
        ("seed", "named", "drawn"),
        [
            (f"transformation:{SPRAY_DRYING}", f"transformation:{SPRAY_DRYING}", "made into BL-1"),
            ("site:9521104000013", "site:9521104000013", "→ 贝贝母婴"),
            ("urn:epc:idpat:sgtin:9521103.000900.*", "(01)09521103009000", "→ 贝贝母婴"),
            (COMPLAINED, "CAN-B", "→ 贝贝母婴"),
        ],
    )
    def test_what_was_asked_is_named_and_drawn(self, loaded: Suyuan, seed: str, named: str, drawn: str) -> None:
        """The first line names the question, not all that it stands for; the picture begins at its nearest items."""
        out = loaded("trace", "forward", seed).out
        assert out.startswith(f"Forward from {named}: ")
        assert drawn in out

    def test_many_seeds_are_counted(self, loaded: Suyuan) -> None:
        """Of many seeds the first are named, so that the first line stays one to read."""
        assert "and 90 more: " in loaded("trace", "forward", *[COMPLAINED] * 100).out

    def test_a_path_is_told_step_by_step(self, loaded: Suyuan) -> None:
        """The chain from the tank to the store names its events in order; two things not joined have none."""
        told = loaded("path", BAD_TANK, f"site:{STORE_Y}", "--json").json
        assert told["complete"] is True
        assert told["flows"][-1]["to"] == canonical_key(STORE_Y)
        assert "creating class instance" in loaded("path", BAD_TANK, f"site:{STORE_Y}").out
        none = loaded("path", BAD_TANK, "urn:epc:class:lgtin:9521103.000900.CAN-C", "--json").json
        assert (none["flows"], none["complete"]) == (None, True)

    def test_amounts_are_plain_digits(self, suyuan: Suyuan, tmp_path: Path) -> None:
        """A quantity written with an exponent is told in plain digits, as documented, also by a path."""
        lot = "urn:epc:class:lgtin:9521103.000900.L1"
        begun = {**commissioned(1), "quantityList": [{"epcClass": lot, "quantity": "@"}]}
        begun["bizTransactionList"] = [{"type": "desadv", "bizTransaction": "urn:example:despatch:1"}]
        left = {**begun, "action": "OBSERVE", "bizStep": "shipping", "eventTime": "2026-01-02T08:00:00Z"}
        left["destinationList"] = [{"type": "location", "destination": STORE_Z}]
        came = {**begun, "action": "OBSERVE", "bizStep": "receiving", "eventTime": "2026-01-03T08:00:00Z"}
        came["readPoint"] = {"id": STORE_Z}
        text = "".join(json.dumps(event).replace('"@"', "1.5e3") + "\n" for event in (begun, left, came))
        (tmp_path / "large.ndjson").write_text(text, encoding="utf-8")
        assert suyuan("load", "large.ndjson").code == 0
        flows = suyuan("path", lot, f"site:{STORE_Z}", "--json").json["flows"]
        assert {one["low"] for flow in flows for one in flow["quantity"]} == {"1500"}
        assert suyuan("recall", "scope", lot, "--json").json["lots"][0]["made"][0]["low"] == "1500"

    def test_a_scope_in_csv_and_xlsx(self, loaded: Suyuan, tmp_path: Path) -> None:
        """Both are written, and said to be."""
        ran = loaded("recall", "scope", BAD_TANK, "--csv", "out", "--xlsx", "deep/recall.xlsx")
        assert ran.code == 0
        assert "Written: deep/recall.xlsx" in ran.out
        assert len(list((tmp_path / "out").glob("*.csv"))) == 9
        assert "贝贝母婴" in (tmp_path / "out" / "outlets.csv").read_text(encoding="utf-8-sig")

    def test_the_same_question_has_the_same_scope_hash(self, loaded: Suyuan) -> None:
        """Twice asked of the same ledger, the same hash; asked otherwise, another."""
        first, second, other = (
            loaded("recall", "scope", *arguments, "--json").json["hash"]
            for arguments in ([BAD_TANK], ["(01)09521101000016(10)TK-S1"], [BAD_TANK, "--certain"])
        )
        assert first == second != other


class TestLedger:
    """`suyuan stats`, `rebuild` and `export`."""

    def test_rebuild_changes_no_answer(self, loaded: Suyuan) -> None:
        """A trace before and after is the same, as is what stats counts."""
        before = loaded("trace", "forward", BAD_TANK, "--json").json, loaded("stats", "--json").json
        assert loaded("rebuild", "--json").json == {"position": 35}
        assert (loaded("trace", "forward", BAD_TANK, "--json").json, loaded("stats", "--json").json) == before

    def test_exported_events_are_the_events(self, loaded: Suyuan) -> None:
        """They leave as they came, in order, and another store that loads them counts the same."""
        assert loaded("export", "events", "--out", "all.ndjson").code == 0
        lines = [json.loads(line) for line in Path("all.ndjson").read_text(encoding="utf-8").splitlines()]
        assert lines == events()
        loaded("load", "all.ndjson", "--store", "sqlite:other.db")
        here, there = (loaded("stats", "--json", *to).json for to in ([], ["--store", "sqlite:other.db"]))
        for told in (here, there):
            del told["hash"], told["accepted_until"]
        assert here == there

    def test_the_graph_is_read_by_networkx(self, loaded: Suyuan) -> None:
        """The exported graph joins the tank's first holding to the sale, with grades and kinds on it."""
        loaded("export", "graph", "--out", "graph.graphml")
        graph = networkx.read_graphml("graph.graphml")
        tank = canonical_key(BAD_TANK)
        nodes = graph.nodes(data=True)
        begun = next(n for n, data in nodes if data.get("item") == tank and data["role"] == "commissioned")
        sold = next(n for n, data in nodes if data["role"] == "sold" and "CAN-B" in data["item"])
        assert networkx.has_path(graph, begun, sold)
        assert {data["grade"] for _, _, data in graph.edges(data=True)} == {"recorded"}

    def test_generated_worlds_are_the_same_for_a_seed(self, suyuan: Suyuan) -> None:
        """Events and truth of one seed are the same twice, and load without a refusal."""
        for name in ("a", "b"):
            assert suyuan("generate", "--events", "300", "--seed", "5", "--out", f"{name}.ndjson").code == 0
        assert Path("a.ndjson").read_bytes() == Path("b.ndjson").read_bytes()
        assert Path("a.truth.ndjson").read_bytes() == Path("b.truth.ndjson").read_bytes()
        assert suyuan("load", "a.ndjson").code == 0


class TestHelp:
    """What the command says of itself."""

    def test_the_version(self, suyuan: Suyuan) -> None:
        """--version prints the version of the package, alone on a line."""
        assert suyuan("--version")[:2] == (0, f"suyuan {version('suyuan')}\n")

    @pytest.mark.parametrize("group", [(), ("recall",)])
    def test_a_group_of_commands_has_examples(self, suyuan: Suyuan, group: tuple[str, ...]) -> None:
        """Help that only lists commands shows how one is called, too."""
        ran = suyuan(*group, "--help")
        assert ran.code == 0
        assert "  suyuan recall scope urn:epc:class:lgtin:9521101.000001.TK-S1 --xlsx recall.xlsx\n" in ran.out


class TestRefusals:
    """Errors: one paragraph, never a traceback."""

    @pytest.mark.parametrize(
        ("arguments", "code", "said"),
        [
            (["trace", "forward", "urn:epc:class:lgtin:9521103.000900.NONE"], 1, "no event"),
            (["trace", "forward", "(01)09521103009001(10)CAN-B"], 1, "check digit"),
            (["trace", "forward", "what is this"], 1, "neither a GS1 key nor a URI"),
            (["trace", "forward", COMPLAINED, "--since", "yesterday"], 1, "no time"),
            (["trace", "forward", COMPLAINED, "--since", "2018-01-01", "--until", "2017-01-01"], 1, "ends"),
            (["trace", "forward", BAD_TANK, "--kill-step", "cooking"], 1, "no word of the standard"),
            (["trace", "forward", BAD_TANK, "--kill-step", "packing,since=2017-08-01"], 1, "does not narrow"),
            (["trace", "forward", BAD_TANK, "--cross-contamination", f"{DAIRY},until=soon"], 1, "no time"),
            (["trace", "forward", BAD_TANK, "--cross-contamination", "urn:epc:id:sgln:9521103.00009.0"], 1, "nothing"),
            (["trace", "forward", BAD_TANK, "--leave-out-site", "urn:epc:id:sgln:9521103.00009.0"], 1, "nothing was"),
            (["trace", "forward", BAD_TANK, "--leave-out-event", "urn:uuid:none"], 1, "no event"),
            (["trace", "sideways", COMPLAINED], 2, "sideways"),
            (["trace"], 2, "Missing argument"),
            (["trace", "forward", COMPLAINED, "--contact", "perhaps"], 2, "perhaps"),
            (["recall", "scope", "urn:epc:class:lgtin:9521103.000900.NONE"], 1, "no event"),
            (["path", "urn:epc:class:lgtin:9521103.000900.NONE", COMPLAINED], 1, "no event"),
            (["load", "no-such-file.json"], 1, "no such file"),
            (["load", "x.json", "--store", "mysql:x"], 1, "does not name a store"),
            (["stats", "--store", "sqlite:none.db"], 1, "no store"),
            (["export", "events", "--out", "no/such/folder/x"], 1, "No such file"),
            (["export", "events", "--out", "/dev/full"], 1, "/dev/full"),
            (["recall", "scope", BAD_TANK, "--xlsx", "/dev/full"], 1, "/dev/full"),
            (["recall", "scope", BAD_TANK, "--csv", "suyuan.db"], 1, "a file is where a folder is wanted"),
            (["generate", "--out", "world", "--truth", "./world"], 1, "one file"),
            (["generate", "--events", "0"], 2, "--events"),
            (["frobnicate"], 2, "frobnicate"),
            ([], 2, "Usage"),
            (["recall"], 2, "Usage"),
        ],
    )
    def test_wrong_input(self, loaded: Suyuan, arguments: list[str], code: int, said: str) -> None:
        """Exit code and words say what is wrong; stdout stays empty, also of tracebacks."""
        ran = loaded(*arguments)
        assert ran.code == code
        assert said in ran.err
        assert ran.out == ""
        assert "Traceback" not in ran.err
        if arguments and "recall" not in arguments[-1:]:
            told = loaded(*arguments, "--json")
            assert told.code == code
            error = json.loads(told.err)["error"]
            assert error.keys() == {"type", "what", "where", "rule", "remedy"}

    def test_a_file_that_is_no_store(self, suyuan: Suyuan, tmp_path: Path) -> None:
        """A text file is refused as a store and left as it was."""
        (tmp_path / "notes.db").write_text("these are notes, not a database\n" * 100, encoding="utf-8")
        for command in (["stats"], ["load", str(outbreak())]):
            assert suyuan(*command, "--store", "sqlite:notes.db").code == 1
        assert (tmp_path / "notes.db").read_text(encoding="utf-8").startswith("these are notes")

    def test_an_error_of_our_own_is_one_line(self, loaded: Suyuan, monkeypatch: pytest.MonkeyPatch) -> None:
        """What nobody foresaw gives a sentence and how to report it; the traceback only with SUYUAN_DEBUG."""

        def fail(*_: object) -> None:
            raise ZeroDivisionError("a planted fault")

        monkeypatch.setattr("api.session.Reading.trace", fail)
        ran = loaded("trace", "back", COMPLAINED)
        assert ran.code == 70
        assert "a planted fault" in ran.err
        assert "Traceback" not in ran.err
        assert len(ran.err.splitlines()) == 1
        monkeypatch.setenv("SUYUAN_DEBUG", "1")
        assert "Traceback" in loaded("trace", "back", COMPLAINED).err

    def test_codes_that_look_like_markup(self, loaded: Suyuan) -> None:
        """Brackets in a code are printed as they are, not read as colours."""
        assert "[red]" in loaded("trace", "back", "urn:example:[red]").err


class TestSurroundings:
    """Terminals, pipes and signals, in processes of their own."""

    def environment(self, **named: str) -> dict[str, str]:
        """The caller's, without settings of ours."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SUYUAN_")}
        return {**kept, "PYTHONPATH": str(Path(__file__).parents[2]), **named}

    @pytest.mark.usefixtures("loaded")
    def test_plain_when_piped(self) -> None:
        """No colour and no progress bar reach a pipe."""
        ran = subprocess.run(
            [*COMMAND, "trace", "back", COMPLAINED], capture_output=True, check=True, env=self.environment(), timeout=60
        )
        assert b"\x1b" not in ran.stdout + ran.stderr
        assert ran.stderr == b""
        assert "made from BL-2" in ran.stdout.decode()

    @pytest.mark.usefixtures("loaded")
    @pytest.mark.parametrize(("extra", "colour"), [({}, True), ({"NO_COLOR": "1"}, False)])
    def test_colours_on_a_terminal(self, extra: dict[str, str], colour: bool) -> None:
        """A terminal of 80 columns gets colours unless NO_COLOR is set, and no line beyond its width."""
        shown = on_terminal(
            [*COMMAND, "trace", "back", COMPLAINED], self.environment(TERM="xterm", COLUMNS="80", **extra)
        )
        assert ("\x1b[32m" in shown) is colour
        assert "certain" in shown

    @pytest.mark.usefixtures("loaded")
    def test_a_reader_that_leaves_early(self) -> None:
        """A closed pipe ends the command without a word."""
        process = subprocess.Popen(
            [*COMMAND, "export", "events"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment()
        )
        assert process.stdout is not None
        process.stdout.close()
        _, said = process.communicate(timeout=60)
        assert said == b""

    @pytest.mark.usefixtures("loaded")
    @pytest.mark.parametrize("arguments", [["trace", "back", COMPLAINED], ["stats", "--json"], ["export", "graph"]])
    def test_a_closed_stdout_is_told(self, arguments: list[str]) -> None:
        """An answer that has nowhere to go is an error, not silence nor a fault of ours."""
        ran = subprocess.run(
            ["sh", "-c", '"$@" >&-', "sh", *COMMAND, *arguments],
            capture_output=True,
            check=False,
            env=self.environment(),
            timeout=60,
        )
        assert ran.returncode == 1
        assert b"stdout" in ran.stderr

    @pytest.mark.usefixtures("loaded")
    def test_a_closed_stderr_takes_no_part(self) -> None:
        """The answer is whole, and no store is opened where messages would go."""
        command = ["sh", "-c", '"$@" 2>&- <&-', "sh", *COMMAND, "stats", "--json"]
        ran = subprocess.run(command, capture_output=True, check=True, env=self.environment(), timeout=60)
        assert json.loads(ran.stdout)["position"] == 35

    @pytest.mark.parametrize("wait", [0.1, 0.3, 0.6])
    def test_stopped_while_it_starts(self, tmp_path: Path, wait: float) -> None:
        """Ctrl-C while modules are loaded ends the command without a traceback of ours."""
        os.mkfifo(tmp_path / "silent")  # Nothing is ever written into it, so that a load of it waits.
        command = [*COMMAND, "load", str(tmp_path / "silent"), "--store", f"sqlite:{tmp_path / 'silent.db'}"]
        process = stoppable(command, self.environment())
        time.sleep(wait)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert process.returncode in {130, -signal.SIGINT}
        assert b"api/cli" not in said

    def test_stopped_by_hand(self, suyuan: Suyuan, tmp_path: Path) -> None:
        """Ctrl-C in a load ends it with one line and 130; what was committed is a whole store."""
        write_lines(tmp_path / "many.ndjson", [commissioned(number) for number in range(60_000)])
        process = stoppable([*COMMAND, "load", "many.ndjson"], self.environment())
        while not (tmp_path / "suyuan.db").exists():
            time.sleep(0.05)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=120)
        assert process.returncode == 130
        assert said.decode().strip() == "Stopped. What was committed stays; nothing is half-loaded."
        assert suyuan("stats", "--json").json["position"] % 5000 == 0


def stoppable(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """A command that Ctrl-C stops, also where these tests run behind a shell, which has what it begins ignore it."""
    former = signal.signal(signal.SIGINT, signal.default_int_handler)  # What has a handler begins with the default.
    try:
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    finally:
        signal.signal(signal.SIGINT, former)


def on_terminal(command: list[str], environment: dict[str, str]) -> str:
    """What a command shows on a terminal of its own."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, stdout=theirs, stderr=theirs, stdin=theirs, env=environment, close_fds=True)
    os.close(theirs)
    shown = bytearray()
    while select.select([ours], [], [], 60)[0]:
        try:
            read = os.read(ours, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        if not read:
            break
        shown += read
    os.close(ours)
    assert process.wait(timeout=60) == 0
    return shown.decode()


def test_a_ledger_is_copied_into_another_store(loaded: Suyuan) -> None:
    """The copy has the same chain of hashes and the same graph; again it brings nothing; another ledger is refused."""
    first = loaded("copy", "--from", "sqlite:suyuan.db", "--to", "sqlite:copy.db", "--json")
    stats = [loaded("stats", "--store", store, "--json").json for store in ("sqlite:suyuan.db", "sqlite:copy.db")]
    assert stats[0] == stats[1]
    assert first.json["hash"] == stats[0]["hash"]
    assert first.json["same_graph"] is True
    again = loaded("copy", "--from", "sqlite:suyuan.db", "--to", "sqlite:copy.db")
    assert again.out.startswith("0 entries copied into sqlite:copy.db")
    assert loaded("load", str(outbreak()), "--store", "sqlite:other.db", "--author", "another").code == 0
    refused = loaded("copy", "--from", "sqlite:suyuan.db", "--to", "sqlite:other.db")
    assert refused.code == 1
    assert "another ledger" in refused.err
