"""The measures of some days counted by hand, on both stores; and the same as each event is recognised by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from api.coverage import Behind, Recorded
from api.demo.recording import record_event
from engine.capture import capture
from engine.coverage.columns import Noting
from engine.coverage.following import RecordFollower
from engine.coverage.measured import Asked, By, Coverage
from engine.coverage.register import read_register
from engine.coverage.tracked import Period, track
from engine.ledger import Attestation, Capture
from engine.stores.neo4j import open_store as open_database
from engine.stores.ports import Store
from engine.stores.sqlite import open_store
from graph_schema.errors import InvalidInput
from graph_schema.licence import KIND, Licence
from graph_schema.profiles import load_profiles, profiles, recognise
from graph_schema.profiles.loading import SYSTEMS
from tests.coverage.dairy_days import REGISTER, S1, SYSTEM, USCC, A, days, event
from tests.stores.databases import address_of, emptied
from tests.systems.test_profiles import text_of, write
from tests.systems.test_stories import NAMES, events_of
from tests.worlds.reading import read_events

BY = Capture("", "days", "days", 0)
WEEK, MONTH = date(2026, 3, 8), date(2026, 3, 31)


@pytest.fixture(params=["sqlite", "neo4j"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each kind."""
    if request.param == "sqlite":
        opened: Store = open_store(str(tmp_path / "s.db"))
    else:
        server = request.getfixturevalue("neo4j_server")
        emptied(address_of(server))
        opened = open_database(address_of(server))
    yield opened
    opened.close()


Told = tuple[Coverage, Callable[..., list[Behind]]]


def keep(store: Store, events: list[dict[str, Any]], register: tuple[Licence, ...] = REGISTER) -> None:
    """Events and a register into a store."""
    masters = [(one.key, KIND, one.attributes()) for one in register]
    capture(store, read_events(events), BY, masters)


def told(store: Store, at: date = MONTH, since: date = date.min) -> Told:
    """The coverage as all is seen, and what gives the list behind a measure."""
    with store.snapshot() as snapshot:
        records = RecordFollower(Noting(profiles())).follow(snapshot)
        recorded = Recorded(records, snapshot, snapshot, None)
        found = recorded.coverage(Asked(SYSTEM, at, since), profiles())
    return found, lambda name, by=By.SYSTEM, key="", good=False: _rows(store, found, name, by, key, good)


def _rows(store: Store, found: Coverage, name: str, by: By, key: str, good: bool) -> list[Behind]:
    with store.snapshot() as snapshot:
        recorded = Recorded(found.tracked.records, snapshot, snapshot, None)
        tally, numbers = found.behind(name, by, key, good=good)
        return recorded.rows(found, tally, numbers.tolist())


def counted(found: Coverage) -> dict[str, tuple[float, float]]:
    """Numerator and denominator of each measure."""
    return {one.id: (one.numerator, one.denominator) for one in found.total().measures}


def test_the_days_are_counted_as_by_hand(store: Store) -> None:
    """Surface, link, and point measures, each with its numerator and its denominator."""
    keep(store, days())
    found, _ = told(store)
    assert counted(found) == {
        "reporting_rate": (3, 4),
        "unit_coverage": (0, 0),
        "link_rate": (1, 3),
        "balance_rate": (0, 0),
        "orphan_rate": (2, 2),
        "cte_rate": (0, 0),
        "kde_rate": (4, 5),
        "timeliness": (4, 5),
        "code_validity": (5, 5),
        "area_coverage": (1, 2),
    }


def test_behind_each_measure_stands_what_falls_short(store: Store) -> None:
    """By name: the silent shop, the shipments that nobody took up, the event without a vehicle, the area."""
    keep(store, days())
    _, behind = told(store)
    assert [row.licence.holder for row in behind("reporting_rate") if row.licence] == ["丁 Shop"]
    links = behind("link_rate")
    assert [(row.link, row.licence.holder if row.licence else "") for row in links] == [
        ("ship > receive", "甲 Alpha"),
        ("ship > receive", "乙 Beta"),
    ]
    assert {row.thing for row in links} == {event.whats[0].item for event in read_events(days()[1:5:3])}
    (incomplete,) = behind("kde_rate")
    assert (incomplete.tracking_event, incomplete.missing) == ("ship", ("vehicle",))
    assert [row.event for row in behind("timeliness")] == [incomplete.event]
    assert [row.area for row in behind("area_coverage")] == ["zone/west"]
    assert len(behind("kde_rate", good=True)) == 4


def test_each_part_has_its_own_measures(store: Store) -> None:
    """By licence, role, area (with all that lies in it) and department; the parts of licences add up to the whole."""
    keep(store, days())
    found, behind = told(store)

    def rates(by: By) -> dict[str, tuple[float, float]]:
        parts = {part.key: {one.id: one for one in part.measures} for part in found.parts(by)}
        return {key: (m["reporting_rate"].numerator, m["reporting_rate"].denominator) for key, m in parts.items()}

    assert rates(By.DEPARTMENT) == {"": (0, 0), "cob": (1, 1), "fda": (2, 3)}
    assert rates(By.ROLE) == {"": (0, 0), "producer": (2, 2), "retailer": (1, 2)}
    assert rates(By.AREA) == {"": (0, 0), "zone": (3, 4), "zone/east": (2, 2), "zone/west": (1, 2)}
    for number, one in enumerate(found.total().measures[:-1]):
        assert sum(part.measures[number].denominator for part in found.parts(By.SUBJECT)) == one.denominator
        assert sum(part.measures[number].numerator for part in found.parts(By.SUBJECT)) == one.numerator
    assert [row.licence.holder for row in behind("link_rate", By.DEPARTMENT, "cob") if row.licence] == ["乙 Beta"]


def test_a_link_is_expected_when_its_time_is_over(store: Store) -> None:
    """A week on the shipments of the second and third may still be received; those matched count at once."""
    keep(store, days())
    assert counted(told(store, at=WEEK)[0])["link_rate"] == (1, 1)


def test_a_period_leaves_out_what_was_before_and_after(store: Store) -> None:
    """Both days are included; who reported before them did not report in them."""
    keep(store, days())
    day = date(2026, 3, 1)
    assert counted(told(store, day, day)[0])["kde_rate"] == (2, 2)
    assert counted(told(store, MONTH, date(2026, 3, 4))[0])["reporting_rate"] == (1, 4)


def test_a_period_that_ends_before_it_begins_is_refused(store: Store) -> None:
    """As a draw refuses it: nothing would be counted in it."""
    with pytest.raises(InvalidInput, match="before it begins"):
        told(store, date(2026, 3, 1), date(2026, 3, 2))


def test_a_key_without_what_it_is_a_part_of_is_refused(store: Store) -> None:
    """It would be left unheard."""
    found, _ = told(store)
    with pytest.raises(InvalidInput, match="'cob' is a part of nothing"):
        found.behind("link_rate", By.SYSTEM, "cob", good=False)


def test_a_link_holds_within_its_tolerance(tmp_path: Path) -> None:
    """Two of a thousand of a dairy's shipments, more or less."""
    ship, _, receive, *_ = days()
    for amount, matched in ((100.2, 1), (101, 0), (99.8, 1), (99, 0)):
        received = receive | {"quantityList": [receive["quantityList"][0] | {"quantity": amount}]}
        store = open_store(str(tmp_path / f"{amount}.db"))
        keep(store, [ship, received])
        assert counted(told(store)[0])["link_rate"] == (matched, 1), amount
        store.close()


def test_who_stands_in_no_register_counts_for_the_system_alone(store: Store) -> None:
    """Of nobody's licence, with a key that is empty; in no reporting rate."""
    keep(store, days(), REGISTER[1:])
    found, behind = told(store)
    assert counted(found)["kde_rate"] == (4, 5)
    assert counted(found)["reporting_rate"] == (2, 3)
    assert [row.licence for row in behind("kde_rate", By.SUBJECT, "", good=True)] == [None, None]


def test_who_is_licensed_for_another_system_alone_is_not_of_this_one(store: Store) -> None:
    """Its events fit, but they are the other system's; where the sender names this one they count."""
    other = Licence(system="baijiu", role="producer", party=USCC + A)
    keep(store, days(), (other, *REGISTER[1:]))
    assert counted(told(store)[0])["kde_rate"] == (2, 3)
    with store.transaction() as writing:
        writing.masters.put([(REGISTER[0].key, KIND, REGISTER[0].attributes())], 5)
    assert counted(told(store)[0])["kde_rate"] == (4, 5)
    named = event("ship", A, "2026-03-20T08:00:00+08:00", "A1", 1) | {"x:cte": "dairy.ship"}
    keep(store, [named], ())
    assert counted(told(store)[0])["kde_rate"] == (5, 6)


def test_a_licence_counts_while_it_is_valid(store: Store) -> None:
    """One that ended before the period, or begins after it, is no denominator."""
    ended = Licence(system=SYSTEM, role="retailer", number="old", valid_until="2026-02-28")
    begins = Licence(system=SYSTEM, role="retailer", number="new", valid_from="2026-04-01")
    keep(store, days(), (*REGISTER, ended, begins))
    assert counted(told(store, since=date(2026, 3, 1))[0])["reporting_rate"] == (3, 4)
    assert counted(told(store)[0])["reporting_rate"] == (3, 5)


def test_what_was_declared_an_error_counts_for_nothing(store: Store) -> None:
    """Nor does the declaration itself."""
    first = days()[0] | {"eventID": "urn:uuid:00000000-0000-4000-8000-000000000001"}
    keep(store, [first, *days()[1:]])
    assert counted(told(store)[0])["kde_rate"] == (4, 5)
    keep(store, [first | {"errorDeclaration": {"declarationTime": "2026-03-05T00:00:00Z", "reason": "did_not_occur"}}])
    assert counted(told(store)[0])["kde_rate"] == (3, 4)


def test_what_a_stranger_tells_of_a_site_counts_for_nothing(store: Store) -> None:
    """Nobody becomes complete, or incomplete, by others' word."""
    events = read_events(days())
    capture(store, events, BY, [(one.key, KIND, one.attributes()) for one in REGISTER], [Attestation.STRANGER] * 5)
    assert counted(told(store)[0])["kde_rate"] == (0, 0)


def test_units_that_are_declared_are_counted_once(store: Store) -> None:
    """What a holder's events make of lots, at most as much as it declares."""
    made = event("milk", S1, "2026-03-01T08:00:00+08:00", "A1", 70)
    for units, expected in ((100, (70, 100)), (50, (50, 50))):
        farm = Licence(system=SYSTEM, role="dairy_farm", party=S1, units=Decimal(units))
        keep(store, [made], (farm,))
        assert counted(told(store)[0])["unit_coverage"] == expected


def test_a_holder_is_met_by_the_site_of_an_event_that_names_no_recorder(store: Store) -> None:
    """By the site of its licence, and by those that master data say are its party's."""
    unnamed = [{key: value for key, value in one.items() if key != "x:recorder"} for one in days()[:1]]
    at_site = Licence(system=SYSTEM, role="producer", site="https://id.gs1.org/414/6901234500011")
    keep(store, unnamed, (at_site,))
    assert counted(told(store)[0])["reporting_rate"] == (1, 1)
    whose = b'{"owning_party":"urn:epc:id:pgln:6901234.50009"}'
    party = Licence(system=SYSTEM, role="producer", party="https://id.gs1.org/417/6901234500097")
    ended = msgspec.structs.replace(at_site, valid_until="2026-01-31")
    licences = [(one.key, KIND, one.attributes()) for one in (party, ended)]
    with store.transaction() as writing:
        writing.masters.put([(at_site.site or "", "site", whose), *licences], writing.ledger.head().position)
    assert counted(told(store, since=date(2026, 2, 1))[0])["reporting_rate"] == (1, 1)


def test_who_records_tells_which_of_several_an_event_is(store: Store) -> None:
    """Without a name of its own a shipment may be of raw materials too, which asks for less; a shop ships none."""
    unnamed = [{key: value for key, value in one.items() if key != "x:cte"} for one in days()]
    keep(store, unnamed)
    _, behind = told(store)
    assert {row.tracking_event for row in behind("kde_rate", good=True)} == {"ship", "receive"}


def test_an_event_is_judged_by_the_law_of_its_day(store: Store, tmp_path: Path) -> None:
    """From the third of March on a vehicle is no more asked for, two days are time enough, and no link is expected."""
    text = text_of("dairy").replace("version: 2\n", "version: 3\nvalid_from: 2026-03-03\n", 1)
    text = text.replace("lot, qty, uom, doc, vehicle]", "lot, qty, uom, doc]").replace(
        "report_within_h: 24", "report_within_h: 48"
    )
    text = text.replace("  - {from: ship, to: receive, match: lot, max_gap_h: 168, tol_pct: 0.2}\n", "")
    text = text.replace("targets: {}", "targets: {kde_rate: 0.5}")
    write(tmp_path, "dairy@2026-03-03", text)
    keep(store, days())
    with store.snapshot() as snapshot:
        known = load_profiles(SYSTEMS, tmp_path)
        records = RecordFollower(Noting(known)).follow(snapshot)
        recorded = Recorded(records, snapshot, snapshot, None)
        late, early = (recorded.coverage(Asked(SYSTEM, day), known) for day in (MONTH, date(2026, 3, 2)))
    assert {name: counted(late)[name] for name in ("kde_rate", "timeliness", "link_rate")} == {
        "kde_rate": (5, 5),
        "timeliness": (5, 5),
        "link_rate": (1, 2),
    }
    assert (late.targets["kde_rate"], early.targets["kde_rate"]) == (0.5, 0.97)


def test_a_link_that_is_in_force_until_a_day_is_expected_before_it_alone(tmp_path: Path) -> None:
    """The yearly inspection of a lift, by its profile's own date."""
    (lift,) = profiles().versions("elevator")
    inspect = lift.event("periodic_inspect")
    assert inspect is not None
    store = open_store(str(tmp_path / "s.db"))
    lifts = {"before": "2022-05-01T08:00:00+08:00", "after": "2024-05-01T08:00:00+08:00"}
    site = "https://id.gs1.org/414/6901234500011"
    made = [
        record_event(inspect, time, site, {f"urn:epc:id:giai:6901234.{name}": None}) for name, time in lifts.items()
    ]
    capture(store, read_events(made), BY)
    with store.snapshot() as snapshot:
        records = RecordFollower(Noting(profiles())).follow(snapshot)
        found = Recorded(records, snapshot, snapshot, None).coverage(Asked("elevator", date(2026, 3, 1)), profiles())
        tally, numbers = found.behind("link_rate", By.SYSTEM, "", good=False)
        rows = Recorded(records, snapshot, snapshot, None).rows(found, tally, numbers.tolist())
    store.close()
    inspections = [row.thing for row in rows if row.link == "periodic_inspect > periodic_inspect"]
    assert inspections == ["https://id.gs1.org/8004/6901234before"]


@pytest.mark.parametrize("name", NAMES)
def test_all_at_once_are_recognised_as_each_by_itself(name: str, tmp_path: Path) -> None:
    """For every event of every story: which tracking event it is, and what it misses."""
    opened = open_store(str(tmp_path / "s.db"))
    events = events_of(name)
    capture(opened, events, BY)
    (profile,) = profiles().versions(name)
    with opened.snapshot() as snapshot:
        records = RecordFollower(Noting(profiles())).follow(snapshot)
        register = read_register(snapshot.masters, name, "", "9999")
        tracked = track(records, name, profiles(), register, Period(0, date.max.toordinal()))
        kept = {entry.seq - 1: entry.event for entry in snapshot.ledger.entries()}
    opened.close()
    names = list(profiles().common.kde)
    at_once = {
        int(row): (tracked.laws[law].event.id, {one for bit, one in enumerate(names) if int(bits) >> bit & 1})
        for row, law, bits in zip(tracked.rows, tracked.law, tracked.missing, strict=True)
    }
    alone = {row: recognise(event, profile, profiles().common) for row, event in kept.items()}
    assert at_once == {row: (one[0].event.id, set(one[0].missing)) for row, one in alone.items() if one}
