"""The firms of the shipped outbreak, each with a key, each having captured its own events; and who asks beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.testclient import TestClient

from api.demo import outbreak
from api.http.app import Served, app_of
from api.http.audit import Audit
from api.http.service import Service, open_service
from api.loading import Loading
from api.principals import read_users
from api.session import open_session
from graph_schema.licence import KIND, Licence
from graph_schema.profiles.readings import readings
from tests.api.rights.maker import BASE, CASE
from tests.api.users import Users
from tests.worlds.reading import read_events

GLNS = {
    "rixin": "9521101000016",
    "yuelai": "9521102000015",
    "dairy": "9521103000014",
    "tongshun": "9521104000013",
    "beibei": "9521105000012",
    "anan": "9521106000011",
}
"""The GLN of each firm's one site; its party has the same."""
ENTERPRISES = (*GLNS, "stranger")
OFFICES: dict[str, dict[str, Any]] = {
    "regulator": {"role": "regulator"},
    "department": {"role": "regulator", "department": "wsb"},
    "elsewhere": {"role": "regulator", "department": "port"},
    "coordinator": {"role": "recall_coordinator"},
    "analyst": {"role": "analyst"},
}
"""To whom answers are told whole, and nothing of what systems restrict: by a role or a department, without a case.

One leads systems that the events may be of, one none: it opens no event.
"""
USERS = Users(
    {
        **{name: {"role": "enterprise", "sites": [GLNS[name]], "parties": [f"(417){GLNS[name]}"]} for name in GLNS},
        "stranger": {"role": "enterprise", "sites": ["9521109000018"]},
        "consumer": {"role": "consumer"},
        **OFFICES,
    }
)
DOCUMENT: dict[str, Any] = json.loads(outbreak().read_text(encoding="utf-8"))

_TOLD = yaml.safe_load(Path(__file__).with_name("facts.yaml").read_text(encoding="utf-8"))


def site_of(name: str) -> str:
    """The key of a firm's site."""
    return f"https://id.gs1.org/414/{GLNS[name]}"


def firm_of(event: dict[str, Any]) -> str:
    """Whose event it is, by its id."""
    return next(name for name, gln in GLNS.items() if event["eventID"].endswith(gln[:7]))


def _told_in_full(event: dict[str, Any]) -> dict[str, Any]:
    """An event with who did it, and in which bay of the site where it may be of a system that tells the site alone.

    Every product system that has such events restricts who did it.
    """
    told = event | {"https://example.org/epcis/personRef": f"HAND-{firm_of(event)}"}
    (read,) = read_events([event])
    if not any(profile.visibility.to_site for profile, _ in readings().of(read).of):
        return told
    return told | {"readPoint": {"id": f"{read.read_point}/254/BAY-{firm_of(event)}"}}


EVENTS: list[dict[str, Any]] = [_told_in_full(event) for event in DOCUMENT["epcisBody"]["eventList"]]


def is_hidden(event: dict[str, Any], name: str) -> bool:
    """Whether a firm neither captured an event nor is named in it; from an office none is."""
    if name in OFFICES:
        return False
    if name not in GLNS:
        return True
    gln = GLNS[name]
    spelt = (gln, f"{gln[:7]}.{gln[7:12]}")
    partners = json.dumps([event.get("sourceList"), event.get("destinationList")])
    return firm_of(event) != name and not any(one in partners for one in spelt)


def never(name: str) -> list[str]:
    """What somebody must not learn: facts by name, and the ids and times of hidden events."""
    told = [text for group in _TOLD["never"][name] for text in _TOLD["facts"][group]]
    for event in EVENTS:
        if is_hidden(event, name):
            moment = datetime.fromisoformat(event["eventTime"])
            told += [event["eventID"], event["eventTime"][:16], moment.astimezone(UTC).isoformat()[:16]]
    seen = {event["eventTime"][:16] for event in EVENTS if not is_hidden(event, name)}
    return [text for text in told if text not in seen]


def load_by_firm(location: str) -> None:
    """Each firm's events, by it, as they happened, successive ones at once; the master data by a regulator."""
    with open_session(location, to_write=True) as session:
        Loading(session, "regulator").load_document(event_document([], DOCUMENT["epcisHeader"]), "masters")
        with session.store.transaction() as writing:
            writing.masters.put([(one.key, KIND, one.attributes()) for one in licences()], 0)
        for firm, following in groupby(EVENTS, firm_of):
            events = list(following)
            report = Loading(session, firm).load_document(event_document(events), events[0]["eventID"])
            assert report.accepted == len(events), report


def licences() -> list[Licence]:
    """A register in which each firm is, by the names that nobody else must learn."""
    names = {"rixin": "日新", "yuelai": "悦来", "dairy": "青禾", "tongshun": "通顺", "beibei": "贝贝", "anan": "安安"}
    return [
        Licence(
            system="infant_formula", role="producer", number=name, holder=names[name],
            party=f"https://id.gs1.org/417/{gln}", site=site_of(name),
        )
        for name, gln in GLNS.items()
    ]  # fmt: skip


def event_document(events: list[dict[str, Any]], header: dict[str, Any] | None = None) -> bytes:
    whole = DOCUMENT | {"epcisBody": {"eventList": events}}
    whole.pop("epcisHeader")
    return json.dumps(whole if header is None else whole | {"epcisHeader": header}).encode()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service over the outbreak as its firms captured it."""
    location = f"sqlite:{tmp_path_factory.mktemp('rights') / 's.db'}"
    load_by_firm(location)
    with open_service(location, to_write=True, lookups_per_minute=1_000_000) as opened:
        yield opened


Ask = Callable[[str], "Asker"]


class Asker:
    """Somebody who asks."""

    def __init__(self, name: str, http: TestClient, **headers: str) -> None:
        self.name = name
        self.http = http
        self._signed = {**USERS.headers(name), **headers}

    def under(self, case: str) -> Asker:
        """The same under a case."""
        return Asker(self.name, self.http, **{"Suyuan-Case": case})

    def get(self, path: str, **parameters: Any) -> Any:
        """Over REST."""
        return self.http.get(path, params=parameters, headers=self._signed)

    def post(self, query: str, **variables: Any) -> Any:
        """In GraphQL: the whole answer."""
        asked = {"query": query, "variables": variables}
        return self.http.post("/graphql", json=asked, headers=self._signed)

    def data(self, query: str, **variables: Any) -> Any:
        """What is answered, where nothing is wrong."""
        answer = self.post(query, **variables).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def code(self, query: str, **variables: Any) -> str:
        """The code of the first error."""
        return str(self.post(query, **variables).json()["errors"][0]["extensions"]["code"])


@pytest.fixture(scope="module")
def users() -> Users:
    """Who has a key; a file of tests may have others."""
    return USERS


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where questions are noted."""
    return tmp_path_factory.mktemp("log") / "audit.jsonl"


@pytest.fixture(scope="module")
def http(service: Service, users: Users, log: Path) -> Iterator[TestClient]:
    """A server over a service, with a key for each, that notes what is asked."""
    with Audit(log) as audit:
        app = app_of(service, Served(users=read_users(users.write(log.parent)), audit=audit))
        with TestClient(app, base_url=BASE) as opened:
            yield opened


@pytest.fixture(scope="module")
def ask(http: TestClient) -> Ask:
    """Asks as one of them."""
    return lambda name: Asker(name, http)


@pytest.fixture(scope="module")
def get(http: TestClient, users: Users) -> Callable[..., Any]:
    """Asks over REST as somebody, under headers."""

    def asked(name: str, path: str, **headers: str) -> Any:
        return http.get(path, headers=users.headers(name) | headers)

    return asked


@pytest.fixture(scope="module")
def told(http: TestClient, users: Users) -> Callable[..., list[dict[str, Any]]]:
    """The events as GraphQL shows them, without a case or under one, in the order of the ledger."""

    def asked(name: str, case: bool, which: str = "") -> list[dict[str, Any]]:
        one = "body withheld readPoint bizLocation sources { type id } destinations { type id }"
        query = {"query": f"{{ events{which} {{ edges {{ node {{ {one} }} }} }} }}"}
        answer = http.post("/graphql", json=query, headers=users.headers(name) | (CASE if case else {})).json()
        return [edge["node"] for edge in answer["data"]["events"]["edges"]]

    return asked
