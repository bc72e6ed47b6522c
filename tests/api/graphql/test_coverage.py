"""Coverage in GraphQL: to whom it tells what, in pages, at a cost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.http.app import Served, app_of
from api.http.service import open_service
from api.loading import Loading
from api.principals import read_users
from api.session import open_session
from engine.attestation import Author, Binding
from graph_schema.licence import KIND
from tests.api.users import Users
from tests.coverage.dairy_days import REGISTER, S1, USCC, A, B, days

COVERAGE = """query($at: String = "2026-03-31", $system: String = "dairy") { coverage(system: $system, at: $at) {
  system at version position measures { id numerator denominator rate target met } } }"""
PARTS = """query($by: CoverageBy!, $first: Int, $after: String) { coverage(system: "dairy", at: "2026-03-31") {
  parts(by: $by, first: $first, after: $after) { totalCount pageInfo { endCursor hasNextPage }
    edges { node { key by measures { id numerator denominator } } } } } }"""
BEHIND = """query($measure: String!, $good: Boolean = false, $first: Int, $after: String) {
  coverage(system: "dairy", at: "2026-03-31") { behind(measure: $measure, good: $good, first: $first, after: $after) {
    totalCount pageInfo { endCursor hasNextPage }
    edges { node { unit licence { holder department } event trackingEvent time thing link missing area } } } } }"""

WHO: dict[str, dict[str, Any]] = {
    "regulator": {"role": "regulator"},
    "commerce": {"role": "regulator", "department": "商务局"},
    "fda": {"role": "regulator", "department": "fda"},
    "port": {"role": "regulator", "department": "port"},
    "alpha": {"role": "enterprise", "parties": [USCC + A]},
    "shop": {"role": "enterprise", "parties": [S1]},
    "nobody": {"role": "enterprise"},
    "consumer": {"role": "consumer"},
}
USERS = Users(WHO)
AUTHORS = {A: "alpha", B: "beta", S1: "shop"}

Ask = Callable[..., Any]


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Ask]:
    """Asks as somebody, over the days of a dairy, each captured by whose it is."""
    location = f"sqlite:{tmp_path / 's.db'}"
    with open_session(location, to_write=True) as session:
        for one in days():
            report = Loading(session, AUTHORS[one["x:recorder"]]).load_document(json.dumps(one).encode(), "d")
            assert report.accepted == 1
        with session.store.transaction() as writing:
            writing.masters.put([(one.key, KIND, one.attributes()) for one in REGISTER], 5)
    users = read_users(USERS.write(tmp_path))
    with (
        open_service(location, to_write=True) as service,
        TestClient(app_of(service, Served(users=users)), "http://localhost") as client,
    ):

        def asked(name: str, query: str, **variables: Any) -> Any:
            asked = {"query": query, "variables": variables}
            return client.post("/graphql", json=asked, headers=USERS.headers(name)).json()

        yield asked


def counted(answer: Any) -> dict[str, tuple[float, float]]:
    return {one["id"]: (one["numerator"], one["denominator"]) for one in answer["data"]["coverage"]["measures"]}


def test_who_sees_all_is_told_all(ask: Ask) -> None:
    """Each measure with its target; null where there is no such system."""
    told = ask("regulator", COVERAGE)
    assert counted(told)["reporting_rate"] == (3, 4)
    assert told["data"]["coverage"] | {"measures": 0} == {
        "system": "dairy", "at": "2026-03-31", "version": 2, "position": 5, "measures": 0,
    }  # fmt: skip
    assert ask("regulator", COVERAGE, system="potions") == {"data": {"coverage": None}}
    (error,) = ask("regulator", COVERAGE, at="yesterday")["errors"]
    assert error["extensions"]["code"] == "INVALID_INPUT"


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        ('at: "2026-03-01", since: "2026-03-02") { position }', "(2026-03-01) before it begins (2026-03-02)"),
        ('at: "2026-03-31") { behind(key: "cob") { totalCount } }', "'cob' is a part of nothing"),
    ],
    ids=["since after at", "a key of no part"],
)
def test_what_would_be_left_unheard_is_refused(asked: str, what: str, ask: Ask) -> None:
    """With a remedy."""
    (error,) = ask("regulator", f'{{ coverage(system: "dairy", {asked} }}')["errors"]
    assert error["extensions"]["code"] == "INVALID_INPUT"
    assert what in error["message"]


def test_a_regulator_of_a_department_is_told_of_its_own_alone(ask: Ask) -> None:
    """By its id or name; one that supervises nobody, nothing; in measures, parts and lists alike."""
    assert counted(ask("commerce", COVERAGE)) | {"reporting_rate": (1, 1), "link_rate": (0, 1), "kde_rate": (0, 1)} == (
        counted(ask("commerce", COVERAGE))
    )
    assert counted(ask("fda", COVERAGE))["reporting_rate"] == (2, 3)
    assert counted(ask("port", COVERAGE))["reporting_rate"] == (0, 0)
    parts = ask("commerce", PARTS, by="SUBJECT")["data"]["coverage"]["parts"]["edges"]
    assert [edge["node"]["key"] for edge in parts] == [REGISTER[1].key]
    for measure in ("reporting_rate", "kde_rate", "link_rate", "timeliness", "code_validity"):
        for good in (False, True):
            rows = ask("commerce", BEHIND, measure=measure, good=good)["data"]["coverage"]["behind"]["edges"]
            assert {edge["node"]["licence"]["department"] for edge in rows} <= {"cob"}


def test_for_whom_all_counts_the_ledger_is_not_read(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows that are kept suffice, also where what they are shown of events is restricted."""
    told = [ask(name, COVERAGE) for name in ("regulator", "fda")]
    monkeypatch.setattr("api.rights.cleared_state._Ledger.entries", None)
    assert [ask(name, COVERAGE) for name in ("regulator", "fda")] == told
    assert "errors" not in json.dumps(told)


def test_an_enterprise_is_told_of_itself_alone(ask: Ask) -> None:
    """By the events that it sees; others' licences are no part of any answer."""
    told = counted(ask("alpha", COVERAGE))
    assert (told["reporting_rate"], told["kde_rate"]) == ((1, 1), (2, 2))
    assert counted(ask("nobody", COVERAGE))["reporting_rate"] == (0, 0)
    for name, own in (("alpha", "甲 Alpha"), ("shop", "丙 Shop")):
        answers = [ask(name, PARTS, by=by) for by in ("SUBJECT", "ROLE", "AREA", "DEPARTMENT", "SYSTEM")]
        answers += [
            ask(name, BEHIND, measure=measure, good=good)
            for measure in ("reporting_rate", "kde_rate", "link_rate", "timeliness", "code_validity", "area_coverage")
            for good in (False, True)
        ]
        text = json.dumps(answers, ensure_ascii=False)
        assert "errors" not in text
        assert own in text
        assert [one.holder for one in REGISTER if one.holder != own and (one.holder or "") in text] == []
        assert [one.key for one in REGISTER if one.holder != own and one.key in text] == []


def test_an_event_that_merely_names_another_as_its_recorder_tells_them_nothing(ask: Ask, tmp_path: Path) -> None:
    """What others captured elsewhere under one's name is not seen, so it counts for nothing."""
    before = ask("shop", COVERAGE), ask("regulator", COVERAGE)
    forged = json.dumps(days()[4] | {"x:recorder": S1, "destinationList": []}).encode()
    with open_session(f"sqlite:{tmp_path / 's.db'}", to_write=True) as session:
        assert Loading(session, "beta").load_document(forged, "forged").accepted == 1
    assert counted(ask("shop", COVERAGE)) == counted(before[0])
    assert counted(ask("regulator", COVERAGE)) != counted(before[1])


def test_consumers_are_told_nothing(ask: Ask) -> None:
    """Whatever system they ask for."""
    for system in ("dairy", "potions"):
        (error,) = ask("consumer", COVERAGE, system=system)["errors"]
        assert error["extensions"]["code"] == "FORBIDDEN"


def test_lists_come_in_pages(ask: Ask) -> None:
    """Row by row the same as at once; a cursor of another list is refused."""
    lists = ((PARTS, "parts", {"by": "SUBJECT"}), (BEHIND, "behind", {"measure": "kde_rate", "good": True}))
    for query, name, variables in lists:
        whole = ask("regulator", query, first=100, **variables)["data"]["coverage"][name]
        rows, after = [], None
        while True:
            page = ask("regulator", query, first=1, after=after, **variables)["data"]["coverage"][name]
            rows += page["edges"]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert rows == whole["edges"]
        assert whole["totalCount"] == len(rows)
    (error,) = ask("regulator", BEHIND, measure="timeliness", after=after)["errors"]
    assert error["extensions"]["code"] == "CURSOR_EXPIRED"
    (error,) = ask("fda", BEHIND, measure="kde_rate", good=True, after=after)["errors"]
    assert error["extensions"]["code"] == "CURSOR_EXPIRED"


def test_so_many_at_once_are_too_dear(ask: Ask) -> None:
    """Each reads a row of every entry: a query that asks for many is refused before it runs."""
    many = " ".join(f'a{number}: coverage(system: "dairy") {{ at }}' for number in range(10))
    (error,) = ask("regulator", f"{{ {many} }}")["errors"]
    assert error["extensions"]["code"] == "LIMIT_EXCEEDED"


def test_registers_are_not_for_enterprises_to_tell_or_to_look_up(tmp_path: Path) -> None:
    """Master data under the key of a licence are an authority's; who holds which licence is told by coverage alone."""
    from engine.attestation import may_be_told
    from engine.stores.sqlite import open_store

    store = open_store(str(tmp_path / "s.db"))
    row = (REGISTER[0].key, "site", b"{}")
    bound = Binding(parties=frozenset({USCC + A}))
    with store.snapshot() as snapshot:
        assert may_be_told([row], Author(bound, bound, authority=False), snapshot.masters) == [False]
        assert may_be_told([row], Author(bound, bound, authority=True), snapshot.masters) == [True]
    store.close()


def test_a_licence_is_found_by_no_search_of_others(ask: Ask) -> None:
    """By its key or number."""
    query = "query($text: String!) { search(text: $text) { id name } }"
    for text in (REGISTER[1].key, "SC-B", "乙 Beta"):
        assert ask("alpha", query, text=text)["data"]["search"] == []
