"""What an enterprise is shown: itself, and one step up and one down where the other side named it."""

from __future__ import annotations

from typing import Any

from tests.api.rights.conftest import EVENTS, GLNS, Ask, firm_of, is_hidden, site_of

CAN_B = "https://id.gs1.org/01/09521103009000/10/CAN-B"
CAN_C = "https://id.gs1.org/01/09521103009000/10/CAN-C"
TANK = "https://id.gs1.org/01/09521101000016/10/TK-S1"
TRACE = """query ($seeds: [SeedInput!]!, $direction: Direction!) {
  trace(seeds: $seeds, direction: $direction) {
    hidden { items sites }
    summary { items { certain possible } sites { certain possible } }
    items { edges { node { item { id } certainty depth evidence } } }
    sites { edges { node { site { id name } certainty depth } } }
    flows { edges { node { from { id name } to { id name } items { id } departed { earliest } arrived { earliest }
      quantity { low } events } } }
    origins { edges { node { site { id } } } }
    gaps { edges { node { text } } }
  }
}"""
SCOPE = """query ($seeds: [SeedInput!]!) {
  recallScope(seeds: $seeds) {
    hidden { outlets lots }
    summary { outlets { certain possible } items { certain possible } held { low uom } }
    outlets { edges { node { site { id } tier certainty contacts { name }
      stock { edges { node { item { id } sold { low } received { low } } } } } } }
    lots { edges { node { item { id } outlets received { low } } } }
  }
}"""


def item(key: str) -> list[dict[str, Any]]:
    """The seeds of one item."""
    return [{"item": {"id": key}}]


def nodes(connection: Any) -> list[Any]:
    """The rows of a page."""
    return [edge["node"] for edge in connection["edges"]]


def test_a_shop_sees_where_its_goods_came_from_one_step_up(ask: Ask) -> None:
    """Itself and who sent them; of what lies beyond that there is some."""
    trace = ask("beibei").data(TRACE, seeds=item(CAN_B), direction="BACK")["trace"]
    assert [row["item"]["id"] for row in nodes(trace["items"])] == [CAN_B]
    assert {row["site"]["id"] for row in nodes(trace["sites"])} == {site_of("beibei"), site_of("tongshun")}
    assert trace["hidden"] == {"items": "FEW", "sites": "FEW"}
    assert trace["summary"]["items"] == {"certain": 1, "possible": 0}


def test_a_dairy_sees_its_own_making_and_whom_it_sent_to(ask: Ask) -> None:
    """Every lot made of the milk, the distributor that named it, and neither shop."""
    trace = ask("dairy").data(TRACE, seeds=item(TANK), direction="FORWARD")["trace"]
    lots = [row["item"]["id"].rsplit("/", 1)[1] for row in nodes(trace["items"])]
    assert set(lots) == {"TK-S1", "BP-1", "BL-1", "BL-2", "CAN-A", "CAN-B"}
    assert {row["site"]["id"] for row in nodes(trace["sites"])} == {
        site_of("rixin"),
        site_of("dairy"),
        site_of("tongshun"),
    }
    assert trace["hidden"] == {"items": "NONE", "sites": "FEW"}


def test_a_distributor_had_what_came_packed_in_what_it_was_told_of(ask: Ask) -> None:
    """The lots in the pallets that the dairy sent."""
    trace = ask("tongshun").data(TRACE, seeds=item(CAN_B), direction="FORWARD")["trace"]
    assert {row["site"]["id"] for row in nodes(trace["sites"])} >= {site_of("tongshun"), site_of("beibei")}


def test_the_regulator_sees_all_and_nothing_is_hidden(ask: Ask) -> None:
    """The same question, whole."""
    trace = ask("regulator").data(TRACE, seeds=item(CAN_B), direction="BACK")["trace"]
    assert trace["hidden"] is None
    assert trace["summary"]["sites"]["certain"] == 5


def test_a_step_that_the_other_side_did_not_tell_ends_in_a_pseudonym(ask: Ask) -> None:
    """Another's end: an id that is no key, no name, no time, no quantity; another in another answer."""
    forward, again = (
        ask("dairy").data(TRACE, seeds=item(seed), direction="FORWARD")["trace"] for seed in (TANK, CAN_B)
    )
    for trace in (forward, again):
        for flow in nodes(trace["flows"]):
            ends = [flow["from"], flow["to"]]
            assert any(end and end["id"] == site_of("dairy") for end in ends)
            for end in ends:
                if end and not end["id"].startswith("https://id.gs1.org/414/"):
                    assert end["id"].startswith("urn:uuid:")
                    assert end["name"] is None


def test_a_recall_scope_counts_the_hidden_in_bands(ask: Ask) -> None:
    """Outlets of one's own with stock, of a partner whom to call, of others none; sums are of what is shown."""
    scope = ask("tongshun").data(SCOPE, seeds=item(CAN_C))["recallScope"]
    outlets = {row["site"]["id"]: row for row in nodes(scope["outlets"])}
    assert site_of("tongshun") in outlets
    assert nodes(outlets[site_of("tongshun")]["stock"])
    assert nodes(outlets[site_of("anan")]["stock"]) == []
    assert outlets[site_of("anan")]["contacts"]
    assert scope["hidden"]["outlets"] in ("NONE", "FEW")
    whole = ask("regulator").data(SCOPE, seeds=item(CAN_C))["recallScope"]
    assert len(nodes(whole["outlets"])) >= len(outlets)


def test_an_enterprise_traces_only_from_what_it_had(ask: Ask) -> None:
    """What is not there, what is hidden, and what is elsewhere are refused in the same words."""
    shop = ask("beibei")
    refusals = set()
    for seeds in (
        item(CAN_C),
        item("https://id.gs1.org/01/09521103009000/10/NONE"),
        [{"site": {"id": site_of("anan")}}],
        [{"site": {"id": "9521109000018"}}],
        [{"event": EVENTS[0]["eventID"]}],
        [{"event": "urn:uuid:00000000-0000-4000-8000-000000000000"}],
        [{"transformation": EVENTS[6]["eventID"]}],
        [{"item": {"id": CAN_B, "at": site_of("tongshun")}}],
        [{"item": {"id": CAN_B, "since": "2017-08-01"}}],
        [{"pattern": {"product": "https://id.gs1.org/01/09521103009000", "lotPrefix": "CAN"}}],
        [{"load": {"container": "urn:epc:id:sscc:9521103.0000000024"}}],
    ):
        error = shop.post(TRACE, seeds=seeds, direction="FORWARD").json()["errors"][0]
        refusals.add((error["extensions"]["code"], error["message"]))
    assert len(refusals) == 1, refusals
    assert refusals.pop()[0] == "UNKNOWN_SEED"


def test_bounds_that_would_tell_what_is_hidden_are_refused(ask: Ask) -> None:
    """A window, a depth, another day's knowledge, a site of others left out; at one's own sites a rule may be tried."""
    query = """query ($seeds: [SeedInput!]!, $options: TraceOptions) {
      trace(seeds: $seeds, direction: BACK, options: $options) { complete } }"""
    shop = ask("beibei")
    for options in (
        {"since": "2017-08-20"},
        {"until": "2017-08-20"},
        {"maxDepth": 2},
        {"asKnownAt": "2026-01-01"},
        {"rules": [{"leaveOut": {"sites": [site_of("dairy")]}}]},
        {"rules": [{"leaveOut": {"events": [EVENTS[30]["eventID"]]}}]},
        {"rules": [{"killStep": {"bizStep": "receiving"}}]},
        {"rules": [{"mix": {"at": site_of("dairy")}}]},
    ):
        assert shop.code(query, seeds=item(CAN_B), options=options) == "FORBIDDEN", options
    own = {"rules": [{"mix": {"at": site_of("beibei")}}]}
    assert shop.data(query, seeds=item(CAN_B), options=own)["trace"]["complete"]


def test_consumers_look_up_what_is_public(ask: Ask) -> None:
    """What a code tells and the product's name: the same for a lot that there is not; and they do not trace."""
    query = "query ($id: ID!) { item(id: $id) { gtin lot product { name } system { name } } }"
    consumer = ask("consumer")
    there, nowhere = (consumer.data(query, id=f"(01)09521103009000(10){lot}")["item"] for lot in ("CAN-B", "NO-LOT"))
    assert there["product"]["name"] == nowhere["product"]["name"] == "婴儿配方奶粉 Infant formula, stage 1, can"
    assert (there | {"lot": ""}) == (nowhere | {"lot": ""})
    assert consumer.code(TRACE, seeds=item(CAN_B), direction="BACK") == "FORBIDDEN"
    assert consumer.code(SCOPE, seeds=item(CAN_B)) == "FORBIDDEN"


def test_events_are_ones_own_and_those_that_name_one(ask: Ask) -> None:
    """Over GraphQL and REST alike; ids of others' are pseudonyms under which they can be asked for."""
    for name in GLNS:
        asker = ask(name)
        own = {event["eventID"] for event in EVENTS if firm_of(event) == name}
        count = sum(not is_hidden(event, name) for event in EVENTS)
        told = nodes(asker.data("{ events(first: 100) { edges { node { id author } } } }")["events"])
        assert len(told) == count
        assert {event["id"] for event in told if event["author"] == name} == own
        listed = asker.get("/events", perPage=100).json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
        assert {event["eventID"] for event in listed} == {event["id"] for event in told}
        for event in told:
            assert asker.data("query ($id: ID!) { event(id: $id) { id } }", id=event["id"])["event"] == {
                "id": event["id"]
            }
            answer = asker.get(f"/events/{event['id']}").json()
            assert len(answer["epcisBody"]["queryResults"]["resultsBody"]["eventList"]) == 1
        hidden = next(event["eventID"] for event in EVENTS if is_hidden(event, name))
        assert asker.get(f"/events/{hidden}").status_code == 404


def test_resources_and_search_tell_of_what_is_seen(ask: Ask) -> None:
    """Values of one's own events and of those that name one."""
    shop = ask("beibei")
    assert set(shop.get("/bizSteps").json()["member"]) == {"receiving", "retail_selling", "shipping"}
    assert shop.get("/bizSteps/packing/events").status_code == 404
    assert shop.get("/epcs").json()["member"] == [CAN_B]
    hits = shop.data('{ search(text: "Dairy") { id } }')["search"]
    assert hits == []
    assert shop.data('{ search(text: "通顺") { name } }')["search"]


def test_jobs_and_queries_are_their_own(ask: Ask) -> None:
    """Those of others are as if they were not."""
    jobs = ask("beibei").get("/capture").json()
    assert len(jobs) == 0
    assert ask("beibei").get("/queries").json() == []


def test_a_cursor_of_one_is_none_of_another(ask: Ask) -> None:
    """Pages belong to who asked for them."""
    query = "query ($after: String) { events(first: 1, after: $after) { pageInfo { endCursor } } }"
    cursor = ask("tongshun").data(query)["events"]["pageInfo"]["endCursor"]
    assert ask("tongshun").data(query, after=cursor)
    assert ask("beibei").code(query, after=cursor) == "CURSOR_EXPIRED"
    assert ask("regulator").code(query, after=cursor) == "CURSOR_EXPIRED"


RESPONSIBLE = """query ($id: ID!) { responsibility(id: $id) { accounts { hidden { items sites }
  subjects { edges { node { site { id } cameFrom { site { id } } records { event } stockKnown held { low } holds
    last } } } } } }"""


def test_a_shop_is_told_from_whom_it_had_what_was_found_and_no_further(ask: Ask) -> None:
    """The distributor that sent it, without what that has left; that there is more behind it."""
    (account,) = ask("beibei").data(RESPONSIBLE, id=CAN_B)["responsibility"]["accounts"]
    distributor, shop = nodes(account["subjects"])
    assert (distributor["site"]["id"], shop["site"]["id"]) == (site_of("tongshun"), site_of("beibei"))
    assert [one["site"]["id"] for one in shop["cameFrom"]] == [site_of("tongshun")]
    assert (distributor["cameFrom"], distributor["stockKnown"], distributor["held"]) == ([], False, [])
    assert (shop["stockKnown"], shop["held"], shop["last"]) == (True, [{"low": "250"}], True)
    assert account["hidden"] == {"items": "FEW", "sites": "FEW"}


def test_a_dairy_is_not_told_who_has_what_its_customer_sold(ask: Ask) -> None:
    """It had the cans and sent them; whether the distributor has some yet it is not told."""
    (account,) = ask("dairy").data(RESPONSIBLE, id=CAN_B)["responsibility"]["accounts"]
    dairy, distributor = nodes(account["subjects"])
    assert (dairy["site"]["id"], distributor["site"]["id"]) == (site_of("dairy"), site_of("tongshun"))
    assert (dairy["held"], distributor["stockKnown"], distributor["holds"]) == ([{"low": "450"}], False, "POSSIBLE")


def test_who_never_had_it_and_consumers_are_told_nothing(ask: Ask) -> None:
    """What they never had is as what is not there; consumers do not ask."""
    assert ask("anan").code(RESPONSIBLE, id=CAN_B) == "UNKNOWN_SEED"
    assert ask("anan").code(RESPONSIBLE, id=CAN_B.replace("CAN-B", "CAN-Z")) == "UNKNOWN_SEED"
    assert ask("consumer").code(RESPONSIBLE, id=CAN_B) == "FORBIDDEN"


ACCESS = """query ($id: ID!, $on: String) { marketAccess(id: $id, system: "infant_formula", market: "trade", on: $on) {
  verdict hidden reasons { edges { node { kind met item { id } site { id } events } } } } }"""


def test_a_shop_is_told_whether_to_take_goods_and_why_as_far_as_it_sees(ask: Ask) -> None:
    """The verdict is that of the whole; reasons of what it never had are counted."""
    told = ask("beibei").data(ACCESS, id=CAN_B)["marketAccess"]
    whole = ask("regulator").data(ACCESS, id=CAN_B)["marketAccess"]
    assert (told["verdict"], whole["verdict"], whole["hidden"]) == ("HOLD", "HOLD", None)
    assert told["hidden"] == "FEW"
    assert {one["item"]["id"] for one in nodes(told["reasons"])} == {CAN_B}
    assert len(nodes(told["reasons"])) < len(nodes(whole["reasons"]))


def test_market_access_is_not_for_who_never_had_the_goods_nor_of_another_day(ask: Ask) -> None:
    """A day would find out when what is hidden happened."""
    assert ask("anan").code(ACCESS, id=CAN_B) == "UNKNOWN_SEED"
    assert ask("consumer").code(ACCESS, id=CAN_B) == "FORBIDDEN"
    assert ask("beibei").code(ACCESS, id=CAN_B, on="2017-08-20") == "FORBIDDEN"
    assert ask("regulator").data(ACCESS, id=CAN_B, on="2017-08-20")["marketAccess"]["verdict"] == "HOLD"
