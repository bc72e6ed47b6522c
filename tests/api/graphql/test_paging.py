"""Pages of an answer are the answer, whatever is captured meanwhile (contract)."""

from __future__ import annotations

import base64
from typing import Any

import msgspec
import pytest

from api.demo import BAD_TANK
from api.graphql.schema import schema_of
from api.http.service import open_service
from engine.capture import capture
from engine.ledger import Capture
from tests.api.graphql.conftest import Asked
from tests.stores.examples import event

LATE = Capture("late", "job", "", 0)
PAGE = "pageInfo { hasNextPage hasPreviousPage endCursor startCursor }"
ITEMS = f"""query ($first: Int, $after: String) {{
  trace(seeds: [{{item: {{id: "{BAD_TANK}"}}}}], direction: FORWARD) {{ list: items(first: $first, after: $after) {{
    totalCount {PAGE} edges {{ cursor node {{ depth item {{ id }} }} }} }} }} }}"""
OUTLETS = f"""query ($first: Int, $after: String) {{
  recallScope(seeds: [{{item: {{id: "{BAD_TANK}"}}}}]) {{ list: outlets(first: $first, after: $after) {{
    totalCount {PAGE} edges {{ cursor node {{ tier site {{ id }} }} }} }} }} }}"""
EVENTS = f"""query ($first: Int, $after: String) {{
  list: events(first: $first, after: $after) {{ {PAGE} edges {{ cursor node {{ id }} }} }} }}"""


def page(asked: Asked, query: str, **given: Any) -> dict[str, Any]:
    """One page."""
    found: dict[str, Any] = asked.data(query, **given)
    return found["list"] if "list" in found else next(iter(found.values()))["list"]


@pytest.mark.parametrize("query", [ITEMS, OUTLETS, EVENTS])
@pytest.mark.parametrize("size", [1, 3])
def test_pages_are_one_page_cut(asked: Asked, query: str, size: int) -> None:
    """Events that arrive between the pages change nothing of them, and a cursor of any edge goes on from it."""
    whole = page(asked, query, first=1000)
    rows: list[Any] = []
    after, number = None, 0
    while True:
        one = page(asked, query, first=size, after=after)
        assert one["pageInfo"]["hasPreviousPage"] is bool(rows)
        rows += one["edges"]
        after = one["pageInfo"]["endCursor"]
        capture(asked.service.located.store, [event(number)], LATE)
        number += 1
        if not one["pageInfo"]["hasNextPage"]:
            break
    assert [edge["node"] for edge in rows] == [edge["node"] for edge in whole["edges"]]
    middle = whole["edges"][1]["cursor"]
    assert page(asked, query, first=1000, after=middle)["edges"] == whole["edges"][2:]


def test_another_process_goes_on_from_a_cursor(asked: Asked) -> None:
    """The cursor alone says where: nothing of it is kept in the process that gave it."""
    whole = page(asked, ITEMS, first=1000)
    first = page(asked, ITEMS, first=2)
    with open_service(f"sqlite:{asked.service.located.index_folder.with_suffix('')}", to_write=False) as other:
        schema = schema_of(other.reading)
        told = schema._run(ITEMS, variable_values={"first": 1000, "after": first["pageInfo"]["endCursor"]})
    assert told.data is not None
    assert told.data["trace"]["list"]["edges"] == whole["edges"][2:]


def test_a_cursor_that_cannot_be_honoured_is_refused(asked: Asked) -> None:
    """One of another list, of a later ledger, or no cursor at all; never other rows."""
    cursor = page(asked, ITEMS, first=1)["pageInfo"]["endCursor"]
    assert asked.code(OUTLETS, after=cursor) == "CURSOR_EXPIRED"
    position, of, key = msgspec.msgpack.decode(base64.urlsafe_b64decode(cursor))
    later = base64.urlsafe_b64encode(msgspec.msgpack.encode([position + 1, of, key])).decode()
    gone = base64.urlsafe_b64encode(msgspec.msgpack.encode([position, of, [0, "urn:gone"]])).decode()
    assert asked.code(ITEMS, after=later) == "CURSOR_EXPIRED"
    assert asked.code(ITEMS, after=gone) == "CURSOR_EXPIRED"
    for nonsense in ("nonsense", "", "é", "AAAA"):
        assert asked.code(ITEMS, after=nonsense) == "INVALID_INPUT"


def test_a_page_has_bounds(asked: Asked) -> None:
    """Of nothing, of null, of less than nothing, of more than may be."""
    assert page(asked, ITEMS, first=0)["edges"] == []
    assert page(asked, ITEMS, first=None)["edges"]
    assert asked.code(ITEMS, first=-1) == "INVALID_INPUT"
    assert asked.code(ITEMS, first=10_001) == "LIMIT_EXCEEDED"
