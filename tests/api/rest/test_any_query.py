"""Whatever is asked, it is answered or refused by name; whatever an event holds, it is let through or not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.capture_document import CaptureLimits
from api.rest.query.predicates import FIXED
from tests.api.rest.conftest import Client, document, event, served
from tests.api.rest.test_event_query import CONTEXT, EVENTS

ODD: list[Any] = [
    None,
    True,
    7,
    -0.5,
    "",
    "x",
    "urn:epc:id:sgtin:1",
    [],
    [None, 1, "x", {}],
    {},
    {"id": 3},
    {"ex:a": [{}]},
]
"""What an event of a type of one's own may hold anywhere."""

FLEXIBLE = [
    "EQ_bizTransaction_po", "EQ_source_x", "GE_quantity_KGM", "LT_value_CEL", "EQ_ex:a", "GT_INNER_ex:a",
    "EXISTS_ILMD_ex:a", "EQ_SENSORREPORT_ex:a", "HASATTR_ex:a", "EQATTR_ex:a_id", "HASATTR_readPoint", "WD_readPoint",
    "orderBy", "orderDirection", "eventCountLimit", "maxEventCount", "perPage", "nextPageToken",
]  # fmt: skip
VALUES = [
    "shipping", "ADD", "true", "0", "1e400", "NaN", "-1", "2026-01-05T06:00:00Z", "0001-01-01T00:00:00+14:00",
    "eventTime", "ex:a", "DESC", "urn:epc:id:sgtin:9521321.000000.1", "urn:epc:idpat:sgtin:9521321.000000.*",
    "urn:epc:idpat:*", "|", "", "po", "https://id.gs1.org/01/1", "9" * 400,
]  # fmt: skip

names = st.sampled_from([*FIXED, *FLEXIBLE]) | st.text(max_size=20)
values = st.sampled_from(VALUES) | st.text(max_size=20)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client of a server that holds events of all kinds, and some of a type of its sender's own, oddly filled."""
    fields = ("epcList", "quantityList", "sensorElementList", "persistentDisposition", "ilmd", "ex:a", "parentID")
    odd = [
        {**event(100 + number), "type": "ex:Odd", field: value}
        for number, (field, value) in enumerate(product(fields, ODD))
    ]
    with served(tmp_path_factory.mktemp("any"), CaptureLimits()) as client:
        body = document(*EVENTS.values(), *odd, **{"@context": CONTEXT})
        answer = client.post("/capture", body, GS1_Capture_Error_Behaviour="proceed")
        assert client.ended(answer)["accepted"] > len(EVENTS)
        yield client


@settings(max_examples=400, deadline=None)
@given(parameters=st.dictionaries(names, values, max_size=4))
def test_any_query_is_answered_or_refused(asked: Client, parameters: dict[str, str]) -> None:
    """Never with an error of our own."""
    answer = asked.get("/events", **parameters)
    assert answer.status_code in (200, 400, 413), answer.text
    if answer.status_code == 400:
        assert answer.json()["type"] == "epcisException:QueryParameterException"


@settings(max_examples=100, deadline=None)
@given(
    value=st.text(min_size=1, max_size=30),
    path=st.sampled_from(["events", "epcs", "bizSteps", "readPoints", "queries"]),
)
def test_any_value_of_a_path_is_known_or_not(asked: Client, value: str, path: str) -> None:
    """200, or 404."""
    for end in ("", "/events"):
        answer = asked.get(f"/{path}/{quote(value, safe='')}{end}")
        assert answer.status_code in (200, 307, 404), answer.text
