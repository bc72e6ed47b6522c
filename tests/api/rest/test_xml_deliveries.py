"""Documents are sent in XML to who subscribes with an `Accept` that likes XML best (EPCIS 2.0 §9.5, §12)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from lxml import etree

from engine.stores.rows import subscription_of
from engine.subscription import Subscription
from tests.api.receiver import Receiver
from tests.api.rest.conftest import Client
from tests.api.rest.subscribed import capture, client_in, delivering, subscribe, subscribed

DEST = "http://127.0.0.1:9/hook"
XML = {"Accept": "application/xml"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    """A client of a server with a query."""
    with client_in(tmp_path) as made:
        yield made


@pytest.mark.corpora
def test_a_document_is_valid_xml_named_after_query_and_subscription(client: Client, corpora: Path) -> None:
    """The same events that another subscriber is sent in JSON."""
    schema = etree.XMLSchema(etree.parse(corpora / "gs1-epcis" / "XSD" / "EPCglobal-epcis-query-2_0.xsd"))
    with Receiver() as in_xml, Receiver() as in_json:
        one = subscribed(client, in_xml.url, headers=XML)
        subscribed(client, in_json.url)
        with delivering(client):
            capture(client, 2, 3, 4)
            in_xml.wait(lambda it: it.taken == [2, 4])
            in_json.wait(lambda it: it.taken == [2, 4])
    [got] = in_xml.got
    told = ("Content-Type", "GS1-EPC-Format", "GS1-CBV-XML-Format", "GS1-EPCIS-Version")
    assert [got.headers[name] for name in told] == ["application/xml", "Never_Translates", "No_Preference", "2.0.0"]
    root = etree.fromstring(got.body)
    schema.assertValid(root)
    assert root.findtext(".//queryName") == "sent"
    assert root.findtext(".//subscriptionID") == one.rpartition("/")[2]
    assert in_json.got[0].headers["Content-Type"] == "application/json"


def test_xml_is_signed_as_json_is(client: Client) -> None:
    """Whoever knows the token makes the signature again from time and body."""
    with Receiver() as receiver:
        subscribed(client, receiver.url, headers=XML, signatureToken="secret")
        with delivering(client):
            capture(client, 2)
            receiver.wait(lambda it: it.taken == [2])
    [got] = receiver.got
    time, mac = (part.partition("=")[2] for part in got.headers["GS1-Signature"].split(","))
    assert mac == hmac.new(b"secret", time.encode() + b"." + got.body, hashlib.sha256).hexdigest()


def test_words_and_identifiers_are_written_as_the_subscriber_asked(client: Client) -> None:
    """By the headers with which the subscription was made, also after a restart and in a document without events."""
    asked = {"GS1-CBV-XML-Format": "Always_Web_URI", "GS1-EPC-Format": "Always_GS1_Digital_Link"}
    with Receiver() as receiver:
        every_second = {"second": "[0-59]"}
        subscribed(client, receiver.url, headers=XML | asked, schedule=every_second, reportIfEmpty=True)
        with delivering(client):
            receiver.wait(lambda it: len(it.got) > 0)
        capture(client, 2)
        with delivering(client):
            receiver.wait(lambda it: it.taken == [2])
    empty, got = etree.fromstring(receiver.got[0].body), receiver.got[-1]
    assert empty.find(".//EventList") is not None
    assert {name: got.headers[name] for name in asked} == asked
    assert b"https://ref.gs1.org/cbv/BizStep-shipping" in got.body
    assert b"https://id.gs1.org/01/09521321000001/21/2" in got.body


def test_a_receiver_that_takes_less_xml_at_once_is_sent_less(client: Client) -> None:
    """After 413 each document is half as long."""
    with Receiver() as receiver:
        receiver.status = lambda: 413 if len(receiver.got) < 1 else 200
        subscribed(client, receiver.url, headers=XML)
        capture(client, 2, 4, 6, 8)
        with delivering(client):
            receiver.wait(lambda it: it.taken == [2, 4, 6, 8])
    assert [len(got.numbers) for got in receiver.got] == [4, 2, 2]


def test_the_form_is_the_one_liked_most_and_is_told(client: Client) -> None:
    """JSON where both are liked alike; the answer that tells a subscription is JSON in any case."""
    for accept, media in (
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("application/json, application/xml", "application/json"),
        ("application/xml", "application/xml"),
        ("text/xml", "application/xml"),
        ("application/xml, application/json;q=0.5", "application/xml"),
    ):
        answer = subscribe(client, DEST, headers={"Accept": accept})
        assert (answer.status_code, answer.headers["Content-Type"]) == (201, "application/json"), accept
        assert answer.json()["mediaType"] == media, accept
        assert client.get(answer.headers["Location"]).json() == answer.json()
        assert ("cbvXmlFormat" in answer.json()) == (media == "application/xml")


def test_a_form_that_is_none_is_refused(client: Client) -> None:
    """406, in the form that is accepted."""
    for headers in ({"Accept": "text/csv"}, XML | {"GS1-CBV-XML-Format": "Mostly"}):
        answer = subscribe(client, DEST, headers=headers)
        media = "application/problem+xml" if headers["Accept"] == "application/xml" else "application/problem+json"
        assert (answer.status_code, answer.headers["Content-Type"]) == (406, media)
    assert client.get("/queries/sent/subscriptions").json() == []


def test_a_subscription_that_was_kept_before_there_was_xml_is_sent_json() -> None:
    """What a store has of it says nothing of a form; every store keeps the same content."""
    fields = {"id": "s", "query": "q", "owner": "dairy", "created": 1, "dest": DEST, "position": 2, "due": 3}
    before = fields | {"batch": 4, "form": "Never_Translates", "delivery": {"upto": 5, "known_at": 5, "more": False}}
    found = subscription_of(msgspec.msgpack.encode(before))
    assert isinstance(found, Subscription)
    assert (found.media, found.position, found.executed) == ("application/json", 2, 0)
    assert found.delivery is not None
    assert (found.delivery.upto, found.delivery.executed) == (5, 0)
