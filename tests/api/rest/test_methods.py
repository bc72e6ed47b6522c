"""Methods over the REST interface: every path answers HEAD, and says of itself which methods it takes (RFC 9110)."""

from __future__ import annotations

import pytest

from tests.api.rest.conftest import Client, event

PATHS = {
    "/": "GET, HEAD, OPTIONS",
    "/capture": "GET, HEAD, POST, OPTIONS",
    "/events": "GET, HEAD, POST, OPTIONS",
    "/events/urn:uuid:none": "GET, HEAD, OPTIONS",
    "/bizSteps": "GET, HEAD, OPTIONS",
    "/bizSteps/shipping": "GET, HEAD, OPTIONS",
    "/bizSteps/shipping/events": "GET, HEAD, OPTIONS",
    "/queries": "GET, HEAD, POST, OPTIONS",
    "/queries/sent": "GET, HEAD, DELETE, OPTIONS",
    "/queries/sent/events": "GET, HEAD, OPTIONS",
    "/queries/sent/subscriptions": "GET, HEAD, POST, OPTIONS",
    "/queries/sent/subscriptions/none": "GET, HEAD, DELETE, OPTIONS",
    "/nextPageToken/any": "DELETE",
    "/metrics": "GET, HEAD",
    "/lookup": "GET, HEAD",
    "/01/09521103009000": "GET, HEAD",
    "/graphql": "GET, POST",
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["PUT", "PATCH", "TRACE", "FOO"])
def test_a_refused_method_names_every_method_of_the_path(client: Client, path: str, method: str) -> None:
    """`Allow` of 405 is of the path, not of one of its routes."""
    answer = client.http.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == PATHS[path]


def test_head_is_answered_as_get_without_a_body(client: Client) -> None:
    """The same status and headers, for what is there and for what is not."""
    client.capture(event(1))
    for path in ("/", "/events", "/events?perPage=0", "/events/urn:uuid:none", "/bizSteps/shipping/events", "/metrics"):
        got, head = client.http.get(path), client.http.head(path)
        assert (head.status_code, head.content) == (got.status_code, b""), path
        assert head.headers["Content-Type"] == got.headers["Content-Type"], path


def test_options_and_a_refusal_name_the_same_methods(client: Client) -> None:
    """Wherever a path answers OPTIONS."""
    for path, methods in PATHS.items():
        if "OPTIONS" in methods:
            told = client.http.options(path).headers["Allow"]
            assert set(told.split(", ")) == set(methods.split(", ")), path
