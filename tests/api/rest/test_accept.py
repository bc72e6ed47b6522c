"""What a request accepts (RFC 9110 §12.5.1): on however many lines, and told to caches."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.api.rest.conftest import Client, event


@pytest.mark.parametrize(
    ("lines", "media"),
    [
        (["text/html", "application/json"], "application/json"),
        (["application/json;q=0.1", "application/xml"], "application/xml"),
        (["application/json", "application/xml;q=0.1"], "application/json"),
    ],
)
def test_several_lines_of_accept_are_one(client: Client, lines: Sequence[str], media: str) -> None:
    """None is passed over (RFC 9110 §5.3)."""
    client.capture(event(1))
    del client.http.headers["accept"]
    answer = client.http.get("/events", headers=[("Accept", line) for line in lines])
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == media


def test_caches_are_told_by_what_answers_differ(client: Client) -> None:
    """Media type and formats (§12.5.5), beside how an answer is packed."""
    client.capture(*map(event, range(1, 20)))
    for path in ("/events", "/bizSteps", "/events/urn:uuid:none"):
        vary = client.get(path).headers["Vary"].split(", ")
        assert {"Accept", "GS1-EPC-Format", "GS1-CBV-XML-Format"} <= set(vary), path
    assert "Accept-Encoding" in client.get("/events").headers["Vary"]
