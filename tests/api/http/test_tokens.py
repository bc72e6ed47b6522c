"""Signing in with tokens of an OpenID Connect issuer: real keys, and what must not be taken."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from starlette.testclient import TestClient

from api.http.app import Served, app_of
from api.http.oidc import ALGORITHMS, Claims, read_oidc
from api.http.service import Service, open_service
from api.principals import Principal, Role, Users, digest_of, new_key, read_users
from graph_schema.errors import InvalidInput
from tests.api.conftest import Suyuan
from tests.api.graphql.conftest import BASE
from tests.api.http.issuer import CURVE, ISSUER, SIGNING, jwk, keys_in_hand, oidc_file, said, signed, tokens
from tests.api.rest.conftest import document, event

QUERY = {"query": "{ ledger { position } }"}
USER = new_key()


def by_hand(head: object, claims: object, sign: Callable[[bytes], bytes]) -> str:
    """A token that no library would make."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (head, claims)]
    told = b".".join(parts)
    return b".".join([told, base64.urlsafe_b64encode(sign(told)).rstrip(b"=")]).decode()


@dataclass
class Asked:
    """A server that takes tokens."""

    service: Service
    http: TestClient

    def status(self, token: str) -> int:
        """What whoever sends a token is answered."""
        answer = self.http.post("/graphql", json=QUERY, headers={"Authorization": f"Bearer {token}"})
        if answer.status_code == 401:
            assert answer.content == self.http.post("/graphql", json=QUERY).content
        return answer.status_code


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Asked]:
    """A server over an empty store, with a user beside the issuer."""
    users_file = tmp_path / "users.yaml"
    users_file.write_text(f"users: [{{name: dairy, role: enterprise, key: {digest_of(USER)}}}]")
    users, oidc = read_users(users_file), read_oidc(oidc_file(tmp_path))
    with (
        open_service(f"sqlite:{tmp_path / 's.db'}", to_write=True, bound=users.bound | oidc.bound) as service,
        TestClient(app_of(service, Served(users=users, tokens=oidc.tokens)), base_url=BASE) as http,
    ):
        yield Asked(service, http)


def test_a_token_and_a_key_sign_in(asked: Asked) -> None:
    """Side by side, on one server; a token of either key of the issuer."""
    assert [asked.status(token) for token in (USER, signed(said()), signed(said(), "two"))] == [200] * 3


def test_who_signs_in_with_a_token_is_the_author(asked: Asked) -> None:
    """By the name that the token gives."""
    token = signed(said(suyuan_role="enterprise", sub="mill"))
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    assert asked.http.post("/events", content=json.dumps(event(1)), headers=headers).status_code == 201
    with asked.service.reading() as state:
        assert {entry.capture.author for entry in state.snapshot.ledger.entries()} == {"mill"}
    reader = {**headers, "Authorization": f"Bearer {signed(said())}"}
    assert asked.http.post("/capture", content=document(event(2)), headers=reader).status_code == 403


def test_who_signs_in_with_a_token_is_sent_nothing_afterwards(asked: Asked) -> None:
    """What is sent is what its owner may see then, which of a token is not known: it is refused, not sent to all."""
    headers = {"Authorization": f"Bearer {signed(said())}", "Content-Type": "application/json"}
    asked.http.post("/queries", content=b'{"name":"q","query":{}}', headers=headers)
    told = b'{"dest":"https://hooks.example.org/","stream":true}'
    answer = asked.http.post("/queries/q/subscriptions", content=told, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (403, "epcisException:SecurityException")
    assert asked.service.seen_by_name(Users({}), "li.na") is None


_OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_PUBLIC = SIGNING["one"].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
_HS = {"alg": "HS256", "kid": "one"}


def _hmac(key: bytes) -> Callable[[bytes], bytes]:
    return lambda told: hmac.digest(key, told, hashlib.sha256)


def _with_key_inside() -> str:
    inside = {**json.loads(RSAAlgorithm.to_jwk(_OTHER.public_key())), "kid": "one"}
    return jwt.encode(said(), _OTHER, "RS256", headers={"kid": "one", "jwk": inside, "jku": "http://127.0.0.1:1/"})


REFUSED: dict[str, Callable[[], str]] = {
    "no token": lambda: "",
    "no JWT": lambda: "a.b.c",
    "no text": lambda: "%%%",
    "nested without end": lambda: base64.urlsafe_b64encode(b"[" * 20_000).decode() + ".e30.e30",
    "a head that is no object": lambda: by_hand([], said(), _hmac(b"")),
    "an id that is no text": lambda: by_hand({"alg": "RS256", "kid": {"a": 1}}, said(), _hmac(b"")),
    "claims that are no object": lambda: by_hand({"alg": "RS256", "kid": "one"}, [1], _hmac(b"")),
    "none": lambda: jwt.encode(said(), None, "none", headers={"kid": "one"}),
    "HS256 with the public key": lambda: by_hand(_HS, said(), _hmac(_PUBLIC)),
    "HS256 with nothing": lambda: by_hand(_HS, said(), _hmac(b"")),
    "an algorithm that is not pinned": lambda: signed(said(), algorithm="RS512"),
    "another kind of key": lambda: signed(said(), key=CURVE, algorithm="ES256"),
    "another's key": lambda: signed(said(), key=_OTHER),
    "the other key of the issuer": lambda: signed(said(), kid="one", key=SIGNING["two"]),
    "a key of its own": _with_key_inside,
    "an unknown key": lambda: signed(said(), kid="three", key=_OTHER),
    "no key id": lambda: jwt.encode(said(), SIGNING["one"], "RS256"),
    "expired": lambda: signed(said(exp=time.time() - 60)),
    "not yet": lambda: signed(said(nbf=time.time() + 60)),
    "without end": lambda: signed(said(exp=None)),
    "an end that is no number": lambda: signed(said(exp="soon")),
    "another audience": lambda: signed(said(aud="shop")),
    "without audience": lambda: signed(said(aud=None)),
    "another issuer": lambda: signed(said(iss="https://login.example.com/")),
    "an issuer that begins alike": lambda: signed(said(iss=ISSUER + "x")),
    "without issuer": lambda: signed(said(iss=None)),
    "without name": lambda: signed(said(sub=None)),
    "an empty name": lambda: signed(said(sub="")),
    "a name without end": lambda: signed(said(sub="x" * 256)),
    "a user's name": lambda: signed(said(sub="dairy")),
    "the name of who loads at the console": lambda: signed(said(sub="local")),
    "without role": lambda: signed(said(suyuan_role=None)),
    "an unknown role": lambda: signed(said(suyuan_role="king")),
    "several roles": lambda: signed(said(suyuan_role=["analyst", "regulator"])),
    "a site that is none": lambda: signed(said(suyuan_sites=["9521321000011"])),
    "sites that are no text": lambda: signed(said(suyuan_sites=[1])),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_is_wrong_with_a_token_is_told_to_nobody(
    asked: Asked, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """One answer, 401, to all; neither a log nor the answer has anything of the token."""
    caplog.set_level(logging.DEBUG)
    token = REFUSED[name]()
    assert asked.status(token) == 401
    assert not [part for part in token.split(".") if len(part) > 4 and part in caplog.text]


def test_a_changed_token_is_refused(asked: Asked) -> None:
    """What it says may not be exchanged, nor its signature left away."""
    head, _, sign = signed(said()).split(".")
    other = signed(said(suyuan_role="regulator"), "two").split(".")[1]
    for token in (f"{head}.{other}.{sign}", f"{head}.{other}.", f"{head}.{other}"):
        assert asked.status(token) == 401


def test_clocks_may_differ_a_little(asked: Asked) -> None:
    """By half a minute at most, either way."""
    assert asked.status(signed(said(exp=time.time() - 20))) == 200
    assert asked.status(signed(said(nbf=time.time() + 20))) == 200


def test_claims_make_a_principal() -> None:
    """Role, department, parties and sites in any spelling, one alone without a list; what else is said is not read."""
    token = signed(
        said(
            suyuan_role="enterprise",
            suyuan_department="fda",
            suyuan_parties="urn:epc:id:pgln:9521321.00009",
            suyuan_sites=["urn:epc:id:sgln:9521321.00001.0", "urn:epc:id:sgln:9521321.00001.0"],
            captures=False,
        )
    )
    assert tokens(keys_in_hand(jwk("one")))(token) == Principal(
        name="li.na",
        role=Role.ENTERPRISE,
        department="fda",
        parties=("https://id.gs1.org/417/9521321000094",),
        sites=("https://id.gs1.org/414/9521321000018",),
    )


def test_claims_have_the_names_that_are_configured() -> None:
    """And those of before are not read then."""
    taking = tokens(keys_in_hand(jwk("one")), claims=Claims(name="email", role="https://example.org/role"))
    told = {"email": "li.na@example.org", "https://example.org/role": "regulator"}
    found = taking(signed(said(**told)))
    assert found == Principal(name="li.na@example.org", role=Role.REGULATOR)
    assert taking(signed(said())) is None


def test_curves_are_taken_where_they_are_pinned() -> None:
    """Each algorithm for keys of its kind alone, and for a key that names its own for that alone."""
    curve = {**json.loads(ECAlgorithm.to_jwk(CURVE.public_key())), "kid": "curve", "use": "sig"}
    taking = tokens(keys_in_hand(jwk("one", alg="RS512"), jwk("two"), curve), ("RS256", "RS512", "PS256", "ES256"))
    fitting = [("curve", CURVE, "ES256"), ("two", None, "PS256"), ("two", None, "RS256"), ("one", None, "RS512")]
    for kid, key, algorithm in fitting:
        assert taking(signed(said(), kid, key, algorithm)) is not None
    for kid, key, algorithm in (("one", None, "RS256"), ("curve", SIGNING["one"], "RS256"), ("two", CURVE, "ES256")):
        assert taking(signed(said(), kid, key, algorithm)) is None


def test_a_key_that_is_not_for_signatures_is_not_taken() -> None:
    """One for encryption, and one that is shared, whatever it says of itself."""
    shared = {"kty": "oct", "kid": "one", "k": base64.urlsafe_b64encode(_PUBLIC).decode(), "alg": "HS256"}
    for keys in ([jwk("one", use="enc")], [shared], [{**jwk("one"), "kid": 1}], [{"kty": "RSA", "kid": "one"}]):
        assert tokens(keys_in_hand(*keys))(signed(said())) is None


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ({"algorithms": ["HS256"]}, "HS256"),
        ({"algorithms": ["RS256", "none"]}, "none"),
        ({"algorithms": []}, "algorithms"),
        ({"issuer": ""}, "issuer"),
        ({"audience": None}, "audience"),
        ({"jwks": "http://login.example.org/keys"}, "https"),
        ({"jwks": "http://127.0.0.1.example.org/keys"}, "https"),
        ({"jwks": "ftp://127.0.0.1/keys"}, "https"),
        ({"jwks": "https://[::1/keys"}, "https"),
        ({"jwks": "http://127.0.0.1:99999/keys"}, "https"),
        ({"jwks": "https://login.example.org/密钥"}, "https"),
        ({"jwks": "nothing.json"}, "JWK Set"),
        ({"jwks": "no\0thing.json"}, "JWK Set"),
        ({"jwks": "oidc.yaml"}, "JWK Set"),
        ({"claims": {"rolle": "role"}}, "rolle"),
        ({"bound": {"sites": ["9521321000011"]}}, "check digit"),
        ({"secret": "x"}, "secret"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_what(tmp_path: Path, told: dict[str, Any], what: str) -> None:
    """By name of what is wrong in it."""
    with pytest.raises(InvalidInput, match=what) as refused:
        read_oidc(oidc_file(tmp_path, **told))
    assert refused.value.where
    assert refused.value.remedy


def test_a_server_does_not_start_with_a_file_that_is_wrong(
    suyuan: Suyuan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By --oidc or SUYUAN_OIDC, and it says what is wrong."""
    file = oidc_file(tmp_path, algorithms=["HS256"])
    ran = suyuan("serve", "--oidc", str(file))
    monkeypatch.setenv("SUYUAN_OIDC", str(file))
    for told in (ran, suyuan("serve")):
        assert told.code == 1
        assert "HS256" in told.err


def test_no_algorithm_is_taken_whose_checker_could_sign() -> None:
    """Each is one of a key pair."""
    assert not [name for name in ALGORITHMS if name.startswith(("HS", "none"))]


def test_a_file_names_sites_to_which_somebody_is_bound(tmp_path: Path) -> None:
    """Who is known by tokens alone is not known before; a token binds its own principal to its sites."""
    site = "urn:epc:id:sgln:9521321.00001.0"
    oidc = read_oidc(oidc_file(tmp_path, bound={"sites": [site]}))
    with (
        open_service(f"sqlite:{tmp_path / 's.db'}", to_write=True, bound=oidc.bound) as service,
        TestClient(app_of(service, Served(tokens=oidc.tokens)), base_url=BASE) as http,
    ):
        for number, sites in enumerate(([], [site]), start=1):
            token = signed(said(sub=f"mill {number}", suyuan_role="enterprise", suyuan_sites=sites))
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            told = json.dumps(event(number, bizLocation={"id": site}))
            assert http.post("/events", content=told, headers=headers).status_code == 201
        with service.reading() as state:
            found = [entry.attestation.value for entry in state.snapshot.ledger.entries()]
        assert found == ["stranger", "bound"]
        assert http.post("/graphql", json=QUERY).status_code == 401
