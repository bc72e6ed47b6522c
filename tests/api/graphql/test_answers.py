"""Answers in GraphQL are those of the engine, shown in the contract's names."""

from __future__ import annotations

from typing import Any

from api.demo import BAD_TANK, COMPLAINED
from engine.answer import Direction
from engine.answer_json import as_json
from engine.question import ItemSeed, Options, Question
from engine.seeds import parse_key, parse_seed
from tests.api.graphql.conftest import Asked
from tests.api.outbreak_words import STORE_Y

TRACE = """
query ($id: ID!, $way: Direction!) {
  trace(seeds: [{item: {id: $id}}], direction: $way) {
    direction complete backwardInTime unknownPlace
    ledger { position events hash acceptedUntil }
    summary { items { certain possible } sites { certain possible } events flows depth }
    items(first: 1000) { totalCount edges { node { certainty depth seeds evidence item { id urn kind } } } }
    sites(first: 1000) { edges { node { certainty depth seeds inTransit site { id urn name }
      items(first: 100) { edges { node { item { id } } } } } } }
    flows(first: 1000) { edges { node { from { id } to { id } kind grade items { id } events via
      departed { earliest latest text } quantity { low high uom } } } }
    events(first: 1000) { edges { node { id type bizStep cbvBizStep } } }
    origins(first: 100) { edges { node { site { id } } } }
    gaps(first: 100) { edges { node { kind item site events text } } }
    excluded(first: 100) { edges { node { reason } } }
  }
}"""

SCOPE = """
query ($id: ID!) {
  recallScope(seeds: [{item: {id: $id}}]) {
    ledger { position } hash complete
    summary { outlets { certain possible } items { certain possible } inTransit held { low high uom } gaps }
    outlets(first: 100) { edges { node {
      site { id urn gln name roles party { id name } latitude longitude
        address { lines city state postalCode country } }
      certainty tier inTransit evidence contacts { name role phone email }
      stock(first: 100) { edges { node { item { id kind gtin lot serial product { id name } } certainty
        made { low high uom } received { low high uom } sold { low high uom } held { low high uom }
        affectedAtMost { received { low high uom } sold { low high uom } held { low high uom } } } } } } } }
    lots(first: 100) { edges { node { item { id } certainty depth outlets held { low high uom } } } }
    inTransit(first: 100) { edges { node { item { id } from { id } to { id } certainty } } }
    excluded(first: 100) { edges { node { item site reason text events } } }
    gaps(first: 100) { edges { node { kind text } } }
  }
}"""


def nodes(connection: dict[str, Any]) -> list[Any]:
    """The rows of a connection."""
    return [edge["node"] for edge in connection["edges"]]


def lowered(value: Any) -> Any:
    """Words of enums as JSON answers have them."""
    if isinstance(value, dict):
        return {name: one if name == "uom" else lowered(one) for name, one in value.items()}
    if isinstance(value, list):
        return [lowered(one) for one in value]
    return value.lower() if isinstance(value, str) and value.isupper() and value.isalpha() else value


def engine_trace(asked: Asked, item: str, way: Direction) -> dict[str, Any]:
    """The same question put to the engine."""
    with asked.service.reading() as state:
        return as_json(state.trace(Question((ItemSeed(parse_key(item)),), way)))


def test_a_trace_has_the_engines_items_sites_and_flows(asked: Asked) -> None:
    """Forward and back: items, sites, events, gaps, summary, in the engine's order."""
    for item, way in ((BAD_TANK, Direction.FORWARD), (COMPLAINED, Direction.BACK), (COMPLAINED, Direction.BOTH)):
        told = asked.data(TRACE, id=item, way=way.name)["trace"]
        wanted = engine_trace(asked, item, way)
        assert told["ledger"] == wanted["ledger"]
        assert told["complete"] is wanted["complete"]
        for name, keys in (("items", ("id", "urn", "kind")), ("sites", ("id", "urn", "name"))):
            shown = [
                {key: one[name[:-1]][key] for key in keys} | {k: one[k] for k in ("certainty", "depth", "seeds")}
                for one in nodes(told[name])
            ]
            assert [lowered(row) for row in shown] == [
                {key: row[key] for key in (*keys, "certainty", "depth", "seeds")} for row in wanted[name]
            ]
        assert [event["id"] for event in nodes(told["events"])] == wanted["events"]
        assert nodes(told["gaps"]) == wanted["gaps"]
        assert told["summary"]["sites"] == wanted["summary"]["sites"]
        assert told["summary"]["flows"] == len(told["flows"]["edges"]) > 0
        assert {site["site"]["id"] for site in nodes(told["origins"])} <= {site["id"] for site in wanted["sites"]}
        assert all(one["evidence"] for one in nodes(told["items"]))


def test_a_recall_scope_has_the_engines_outlets_and_stock(asked: Asked) -> None:
    """Every row and every number of the scope, with contacts and the hash."""
    told = lowered(asked.data(SCOPE, id=BAD_TANK)["recallScope"])
    with asked.service.reading() as state:
        wanted = as_json(state.recall_scope(Question((ItemSeed(parse_key(BAD_TANK)),))))
    assert told["hash"] == wanted["hash"]
    assert told["summary"] == wanted["summary"]
    assert len(told["outlets"]["edges"]) == len(wanted["outlets"]) > 0
    for shown, row in zip(nodes(told["outlets"]), wanted["outlets"], strict=True):
        assert shown["site"] == lowered(row["site"])
        assert shown["contacts"] == row["contacts"]
        assert shown["evidence"] == row["evidence"]
        by_item = {stock["item"]["id"]: stock for stock in row["stock"]}
        assert len(shown["stock"]["edges"]) == len(by_item)
        for stock in nodes(shown["stock"]):
            same = lowered(by_item[stock["item"]["id"]])
            for column in ("made", "received", "sold", "held"):
                assert stock[column] == same[column]
            assert stock["affectedAtMost"]["held"] == same["affectedAtMost"]["held"]
    assert [lot["item"]["id"] for lot in nodes(told["lots"])] == [lot["item"]["id"] for lot in wanted["lots"]]
    assert len(nodes(told["excluded"])) == len(wanted["excluded"])


def test_a_path_is_the_engines(asked: Asked) -> None:
    """Its flows, in order, or none with complete true."""
    query = """query ($from: ID!, $to: ID!) {
      path(from: {item: {id: $from}}, to: {site: {id: $to}}) { complete certainty flows { events grade } } }"""
    told = asked.data(query, **{"from": BAD_TANK, "to": STORE_Y})["path"]
    with asked.service.reading() as state:
        wanted = as_json(state.path(parse_seed(BAD_TANK), parse_seed(f"site:{STORE_Y}"), Options()))
    assert lowered(told["flows"]) == [{"events": f["events"], "grade": f["grade"]} for f in wanted["flows"]]
    none = asked.data(query, **{"from": "(01)09521103009000(10)CAN-B", "to": "urn:epc:id:sgln:9521101.00001.0"})["path"]
    assert none["complete"]


def test_every_kind_of_seed_and_rule_is_understood(asked: Asked) -> None:
    """Each seed of the contract is taken; each rule is an option of the engine."""
    event = nodes(asked.data("{events(first: 1) {edges {node {id}}}}")["events"])[0]["id"]
    seeds = [
        {"item": {"id": BAD_TANK, "at": "urn:epc:id:sgln:9521101.00001.0", "since": "2017-01-01T00:00:00Z"}},
        {"site": {"id": STORE_Y, "until": "2030-01-01"}},
        {"pattern": {"product": "(01)09521103009000", "lotPrefix": "CAN"}},
        {"event": event},
    ]
    query = """query ($seeds: [SeedInput!]!, $options: TraceOptions) {
      trace(seeds: $seeds, direction: FORWARD, options: $options) {
        complete summary { sites { certain possible } } } }"""
    for seed in seeds:
        assert asked.data(query, seeds=[seed])["trace"]["complete"] is True
    whole = asked.data(query, seeds=seeds[:1])["trace"]["summary"]["sites"]
    rules = [{"leaveOut": {"sites": [STORE_Y]}}, {"killStep": {"bizStep": "commissioning"}}]
    rules.append({"mix": {"at": STORE_Y, "since": "2017-01-01"}})
    for rule in rules:
        asked.data(query, seeds=seeds[:1], options={"rules": [rule], "certainty": "CERTAIN", "contact": "ALL"})
    cut = asked.data(query, seeds=[{"item": {"id": BAD_TANK}}], options={"maxDepth": 1})["trace"]
    assert cut["complete"] is False
    assert whole


def test_a_rule_that_would_do_nothing_is_refused_by_name(asked: Asked) -> None:
    """A step in any spelling of the CBV ends the hazard; a word that it has not, and leaving nothing out, are told."""
    query = f"""query ($rule: RuleInput!) {{ trace(seeds: [{{item: {{id: "{BAD_TANK}"}}}}], direction: FORWARD,
      options: {{rules: [$rule]}}) {{ items {{ totalCount }} }} }}"""
    for spelling in ("creating_class_instance", "https://ref.gs1.org/cbv/BizStep-creating_class_instance"):
        killed = asked.data(query, rule={"killStep": {"bizStep": spelling}})
        assert killed["trace"]["items"]["totalCount"] == 1, spelling
    assert asked.code(query, rule={"killStep": {"bizStep": "creating_class"}}) == "INVALID_INPUT"
    assert asked.code(query, rule={"leaveOut": {}}) == "INVALID_INPUT"


def test_a_time_that_is_none_says_how_to_write_one(asked: Asked) -> None:
    """Written in the query or given as a variable: the code, and what to do."""

    def asking(since: str) -> str:
        options = f"direction: FORWARD, options: {{since: {since}}}"
        return f'trace(seeds: [{{item: {{id: "{BAD_TANK}"}}}}], {options}) {{ complete }}'

    written, given = "{" + asking('"soon"') + "}", "query ($t: DateTime) {" + asking("$t") + "}"
    for query in (written, given):
        variables = {"t": "soon"} if query == given else {}
        answer = asked.client.post("/graphql", json={"query": query, "variables": variables}).json()
        (error,) = answer["errors"]
        assert error["extensions"]["code"] == "INVALID_INPUT", error
        assert error["extensions"]["remedy"].startswith("Write 2026-01-31"), error


def test_things_are_found_by_any_spelling(asked: Asked) -> None:
    """Item, site and node by URN, Digital Link, element string and GLN; null for what is not known."""
    for spelling in (BAD_TANK, "https://id.gs1.org/01/09521101000016/10/TK-S1", "(01)09521101000016(10)TK-S1"):
        item = asked.data("query ($id: ID!) {item(id: $id) {id kind lot gtin product {name}}}", id=spelling)["item"]
        assert (item["kind"], item["lot"], item["gtin"]) == ("LOT", "TK-S1", "09521101000016")
        assert "生鲜乳" in item["product"]["name"]
    for spelling in (STORE_Y, "9521105000012"):
        site = asked.data("query ($id: ID!) {site(id: $id) {gln name party {name}}}", id=spelling)["site"]
        assert site["gln"] == "9521105000012"
    node = asked.data("query ($id: ID!) {node(id: $id) {__typename id ... on Item {lot}}}", id=BAD_TANK)["node"]
    assert (node["__typename"], node["lot"]) == ("Item", "TK-S1")
    assert asked.data('{item(id: "(01)09521101000016(10)NONE") {id}}') == {"item": None}
    assert asked.data('{site(id: "9521999000013") {id} event(id: "urn:none") {id}}') == {"site": None, "event": None}


def test_a_search_finds_codes_and_names_in_both_scripts(asked: Asked) -> None:
    """By a part of a Chinese or a Latin name, by a whole code, by its beginning, by an event's id."""
    query = "query ($text: String!) {search(text: $text) {id kind name}}"
    for text, kind in (("奶站", "SITE"), ("MILK", "PRODUCT"), (STORE_Y, "SITE"), (BAD_TANK, "ITEM")):
        assert kind in {hit["kind"] for hit in asked.data(query, text=text)["search"]}, text
    assert len(asked.data(query, text="(01)09521103009000")["search"]) > 1
    assert asked.data(query, text="  ")["search"] == []


def test_events_are_filtered_and_read_whole(asked: Asked) -> None:
    """By item, step, type, time; each with what it names and its body as it came."""
    query = """query ($filter: EventFilter) { events(filter: $filter, first: 1000) { edges { node {
      id seq type action bizStep cbvBizStep time { earliest } zone author
      whats { item role quantity uom } body } } } }"""
    whole = nodes(asked.data(query)["events"])
    assert [event["seq"] for event in whole] == list(range(1, len(whole) + 1))
    for filters, holds in (
        ({"bizStep": "SHIPPING"}, lambda e: e["bizStep"] == "shipping"),
        ({"type": "TRANSFORMATION"}, lambda e: e["type"] == "TRANSFORMATION"),
        ({"item": BAD_TANK}, lambda e: parse_key(BAD_TANK) in {what["item"] for what in e["whats"]}),
        ({"until": "2017-08-02"}, lambda e: e["time"]["earliest"] < "2017-08-03"),
        ({"action": "ADD", "author": "demo"}, lambda e: e["action"] == "ADD"),
        ({"author": "nobody"}, lambda _: False),
    ):
        found = nodes(asked.data(query, filter=filters)["events"])
        assert found == [event for event in whole if holds(event)], filters
    assert all(event["body"].startswith("{") for event in whole)
