"""Who may say what of which site, over REST with real users (design rule 14, ADR 21)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from api.http.app import Served, app_of
from api.http.service import Service, open_service
from api.loading import Loading
from api.principals import digest_of, new_key, read_users
from api.session import open_session
from engine.answer import Certainty
from engine.ledger import Attestation
from engine.question import ItemSeed, Question
from engine.seeds import parse_key
from tests.api.rest.conftest import BASE, JSON, Client, document, event

KEYS = {name: new_key() for name in ("mill", "shop", "rival", "wang.min")}
MILL, SHOP, OPEN = (f"urn:epc:id:sgln:9521321.0000{place}.0" for place in (1, 2, 3))
SHOPS_DOCK = "urn:epc:id:sgln:9521321.00002.dock"
PARTY = "urn:epc:id:pgln:9521321.00009"
USERS = f"""users:
- {{name: mill, role: enterprise, sites: ['{MILL}'], key: {digest_of(KEYS["mill"])}}}
- {{name: shop, role: enterprise, parties: ['{PARTY}'], sites: ['{SHOP}'], key: {digest_of(KEYS["shop"])}}}
- {{name: rival, role: enterprise, key: {digest_of(KEYS["rival"])}}}
- {{name: wang.min, role: regulator, key: {digest_of(KEYS["wang.min"])}}}
"""
DECLARED = {"declarationTime": "2026-01-06T08:00:00Z", "reason": "did_not_occur"}


class Signed:
    """One server, asked by several users."""

    def __init__(self, service: Service, http: TestClient) -> None:
        self.service = service
        self.http = http

    def take(self, who: str, told: dict[str, Any]) -> Response:
        """One event captured by somebody."""
        return self.http.post("/events", content=json.dumps(told), headers=self.headers(who))

    def capture(self, who: str, *told: dict[str, Any], **more: Any) -> dict[str, Any]:
        """A document captured by somebody; the job, once it has ended."""
        http = TestClient(self.http.app, base_url=BASE, headers=self.headers(who))
        return Client(self.service, http).capture(*told, **more)

    def headers(self, who: str) -> dict[str, str]:
        """What somebody sends."""
        return {"Authorization": f"Bearer {KEYS[who]}", **JSON}

    def sites(self) -> dict[str, Certainty]:
        """Where the thing of the first event went."""
        with self.service.reading() as state:
            told = state.trace(Question((ItemSeed(parse_key("urn:epc:id:sgtin:9521321.000000.1")),)))
            return {site.id: site.certainty for site in told.sites}

    def gaps(self) -> set[str]:
        """The kinds of what is missing or odd."""
        with self.service.reading() as state:
            return {gap.kind for gap in state.snapshot.graph.gaps()}

    def attestations(self) -> list[str]:
        """How the entries of the ledger are attested."""
        with self.service.reading() as state:
            return [entry.attestation.value for entry in state.snapshot.ledger.entries()]


@pytest.fixture
def signed(tmp_path: Path) -> Iterator[Signed]:
    """A server with users who are bound to sites."""
    file = tmp_path / "users.yaml"
    file.write_text(USERS)
    users = read_users(file)
    with (
        open_service(f"sqlite:{tmp_path / 's.db'}", to_write=True, bound=users.bound) as service,
        TestClient(app_of(service, Served(users=users)), base_url=BASE) as http,
    ):
        yield Signed(service, http)


def at(place: str, number: int = 1, minute: int = 1, **fields: Any) -> dict[str, Any]:
    """The first thing is somewhere."""
    told = event(minute, bizStep="storing", bizLocation={"id": place}, **fields)
    return {**told, "epcList": [f"urn:epc:id:sgtin:9521321.000000.{number}"]}


def test_what_an_enterprise_captures_at_its_own_site_is_certain(signed: Signed) -> None:
    """At a place within it, and at a site to which nobody is bound, too."""
    assert signed.take("shop", at(SHOP)).status_code == 201
    assert signed.take("shop", at(SHOPS_DOCK, minute=2)).status_code == 201
    assert signed.take("shop", at(OPEN, minute=3)).status_code == 201
    assert signed.attestations() == ["bound", "bound", "free"]
    assert signed.sites() == {parse_key(SHOP): Certainty.CERTAIN, parse_key(OPEN): Certainty.CERTAIN}


def test_what_another_captures_there_is_possible(signed: Signed) -> None:
    """It is taken, and found to be unattested; once the shop captures the same, it is certain."""
    assert signed.take("mill", at(MILL)).status_code == 201
    assert signed.take("rival", at(SHOP, minute=2)).status_code == 201
    assert signed.sites() == {parse_key(MILL): Certainty.CERTAIN, parse_key(SHOP): Certainty.POSSIBLE}
    assert "unattested" in signed.gaps()
    assert signed.take("rival", at(SHOP, minute=2)).status_code == 409
    assert signed.take("shop", at(SHOP, minute=2)).status_code == 201
    assert signed.sites() == {parse_key(MILL): Certainty.CERTAIN, parse_key(SHOP): Certainty.CERTAIN}
    assert "unattested" not in signed.gaps()


def test_a_declaration_acts_by_whoever_is_bound_alone(signed: Signed) -> None:
    """By a stranger, or a regulator who is bound to nothing, it is a finding."""
    signed.take("mill", at(MILL))
    signed.take("rival", at(SHOP, minute=2))
    for who in ("mill", "wang.min"):
        signed.take(who, {**at(SHOP, minute=2), "errorDeclaration": DECLARED})
    assert parse_key(SHOP) in signed.sites()
    assert "declaration" in signed.gaps()
    signed.take("shop", {**at(SHOP, minute=2), "errorDeclaration": DECLARED})
    assert signed.sites() == {parse_key(MILL): Certainty.CERTAIN}


def vocabulary(site: str, party: str) -> dict[str, Any]:
    """Master data that say whose a site is."""
    attributes = [{"id": "urn:epcglobal:cbv:mda#owning_party", "attribute": party}]
    element = {"id": site, "attributes": attributes}
    listed = [{"type": "urn:epcglobal:epcis:vtype:BusinessLocation", "vocabularyElementList": [element]}]
    return {"epcisHeader": {"epcisMasterData": {"vocabularyList": listed}}}


def test_a_regulator_says_whose_a_site_is_and_an_enterprise_does_not(signed: Signed) -> None:
    """Else it could bind itself to a site, and declare away what others captured there."""
    signed.capture("shop", at(OPEN), **vocabulary(OPEN, PARTY))
    signed.capture("rival", at(OPEN, minute=2))
    assert signed.attestations() == ["free", "free"]
    signed.capture("wang.min", at(MILL, minute=3), **vocabulary(OPEN, PARTY))
    signed.capture("shop", at(OPEN, minute=4))
    signed.capture("rival", at(OPEN, minute=5))
    assert signed.attestations()[3:] == ["bound", "stranger"]


def test_what_the_command_line_loads_is_free(signed: Signed, tmp_path: Path) -> None:
    """Who may write the store is asked for nothing; what it loads is as before there were users."""
    with open_session(f"sqlite:{tmp_path / 's.db'}", to_write=True) as session:
        Loading(session, "local").load_document(document(at(SHOP)), "told.json")
    assert signed.attestations() == [Attestation.FREE.value]
