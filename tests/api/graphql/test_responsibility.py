"""Who is responsible for a found item, in GraphQL."""

from __future__ import annotations

from tests.api.graphql.conftest import Asked

CAN = "(01)09521103009000(10)CAN-B"
QUESTION = """query($id: ID!, $system: String, $first: Int, $after: String) { responsibility(id: $id, system: $system) {
  system ledger { position } accounts { item { id } complete hidden { items }
  subjects(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } edges { node {
    site { id name } certainty roles { id zh en } madeIt madeOf since { earliest } until { latest } stockKnown
    held { low high uom } sold { low } used { low } destroyed { low } counted { low } holds last
    cameFrom { site { name } certainty departed { earliest } events }
    records { event time { earliest } bizStep disposition tracked { id zh en } recorder } } } }
  breaks { edges { node { kind site } } } } } }"""


def test_the_subjects_of_a_lot_are_told_in_order(asked: Asked) -> None:
    """Who made it of what, who had it from whom, what is left with each, and in which role each acted."""
    told = asked.data(QUESTION, id=CAN, system="infant_formula")["responsibility"]
    (account,) = told["accounts"]
    dairy, distributor, store = (edge["node"] for edge in account["subjects"]["edges"])
    assert (told["system"], account["hidden"], account["breaks"]["edges"]) == ("infant_formula", None, [])
    assert dairy["madeIt"]
    assert dairy["madeOf"] == ["https://id.gs1.org/01/09521103002001/10/BL-2"]
    assert [one["site"]["name"] for one in store["cameFrom"]] == [distributor["site"]["name"]]
    assert [one["held"][0]["low"] for one in (dairy, distributor, store)] == ["450", "600", "250"]
    assert (store["sold"][0]["low"], store["last"], store["holds"]) == ("150", True, "CERTAIN")
    assert store["roles"] == [{"id": "retailer", "zh": "零售商", "en": "Retailer"}]
    assert [record["bizStep"] for record in store["records"]] == ["receiving", "retail_selling"]
    assert [label["id"] for label in store["records"][1]["tracked"]] == ["retail"]


def test_subjects_come_in_pages(asked: Asked) -> None:
    """Each once, in the same order."""
    seen, after = [], None
    while True:
        (account,) = asked.data(QUESTION, id=CAN, first=1, after=after)["responsibility"]["accounts"]
        page = account["subjects"]
        seen += [edge["node"]["site"]["id"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(seen) == len(set(seen)) == page["totalCount"] == 3


def test_what_is_not_there_is_refused(asked: Asked) -> None:
    """A code that no event names, what is no code, a system that is not there."""
    assert asked.code(QUESTION, id="(01)09521103009000(10)CAN-Z") == "UNKNOWN_SEED"
    assert asked.code(QUESTION, id="what is this") == "INVALID_IDENTIFIER"
    assert asked.code(QUESTION, id=CAN, system="potions") == "INVALID_INPUT"
