"""Market access in GraphQL."""

from __future__ import annotations

from typing import Any

from tests.api.graphql.conftest import Asked

CAN = "(01)09521103009000(10)CAN-B"
QUESTION = """query($id: ID!, $system: String!, $market: String!, $on: String, $first: Int, $after: String) {
  marketAccess(id: $id, system: $system, market: $market, on: $on) {
    ledger { position } system version market { id zh en } basis basisStatus day verdict hidden item { id lot }
    reasons(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
      edges { node { kind demand met item { id } site { id } text events } } } } }"""
ASKED = {"id": CAN, "system": "infant_formula", "market": "trade"}


def reasons(told: Any) -> list[Any]:
    """The rows of a page."""
    return [edge["node"] for edge in told["reasons"]["edges"]]


def test_goods_without_papers_are_held_with_each_reason(asked: Asked) -> None:
    """Those not met first; the market, what it rests on and how sure that is."""
    told = asked.data(QUESTION, **ASKED, on="2017-08-20")["marketAccess"]
    assert (told["verdict"], told["hidden"], told["day"], told["item"]["lot"]) == ("HOLD", None, "2017-08-20", "CAN-B")
    assert (told["market"]["zh"], told["basisStatus"]) == ("流通与零售", "proposed")
    met = [one["met"] for one in reasons(told)]
    assert met == sorted(met)
    assert {"factory_test", "incoming_test", "in_date", "recall", "goods"} <= {one["demand"] for one in reasons(told)}


def test_reasons_come_in_pages(asked: Asked) -> None:
    """Each once."""
    seen: list[Any] = []
    after = None
    while True:
        told = asked.data(QUESTION, **ASKED, on="2017-08-20", first=2, after=after)["marketAccess"]
        seen += reasons(told)
        after = told["reasons"]["pageInfo"]["endCursor"]
        if not told["reasons"]["pageInfo"]["hasNextPage"]:
            break
    assert len(seen) == told["reasons"]["totalCount"]
    assert len({str(one) for one in seen}) == len(seen)


def test_what_is_not_there_is_refused(asked: Asked) -> None:
    """Goods, a system, a market, a day."""
    for wrong, code in (
        ({"id": "(01)09521103009000(10)CAN-Z"}, "UNKNOWN_SEED"),
        ({"system": "potions"}, "INVALID_INPUT"),
        ({"market": "bazaar"}, "INVALID_INPUT"),
        ({"on": "yesterday"}, "INVALID_INPUT"),
    ):
        assert asked.code(QUESTION, **(ASKED | wrong)) == code, wrong
