"""`suyuan stats`, `rebuild`, `export` and `copy`: a ledger as a whole."""

from __future__ import annotations

import json
from pathlib import Path

import networkx

from api.demo import BAD_TANK, outbreak
from graph_schema.identifiers import canonical_key
from tests.api.conftest import Suyuan
from tests.api.outbreak_words import events


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
