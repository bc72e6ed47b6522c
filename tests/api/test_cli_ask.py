"""`suyuan trace`, `path` and `recall scope`: what they answer, in text and JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.demo import BAD_TANK, COMPLAINED
from graph_schema.identifiers import canonical_key
from tests.api.conftest import Suyuan
from tests.api.outbreak_words import DAIRY, SPRAY_DRYING, STORE_Y, STORE_Z, commissioned, items_of


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
