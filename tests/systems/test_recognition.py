"""Which tracking event of a profile an event is, and what it misses."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.demo.recording import Json, record_event
from graph_schema.event import Event, EventType
from graph_schema.profiles import Profile, TrackingEvent, load_profiles, profiles, recognise, recognise_all
from tests.systems.test_profiles import text_of, write
from tests.worlds.reading import read_events

LOT = "urn:epc:class:lgtin:6901234.056789.LOT2401"
OTHER = "urn:epc:class:lgtin:6901234.056790.LOT2402"
CASE = "urn:epc:id:sscc:6901234.0000000001"
SITE = "https://example.org/site/plant"
EVERY = [(profile, tracked) for profile in profiles().latest() for tracked in profile.events]


def profile_of(name: str) -> Profile:
    """A system."""
    (profile,) = profiles().versions(name)
    return profile


def event_of(tracked: TrackingEvent, **more: object) -> Event:
    """A tracking event as somebody records it, with the fields given beside it or, where None, without."""
    grouped = tracked.type in (EventType.AGGREGATION, EventType.ASSOCIATION)
    told = record_event(
        tracked, "2026-07-04T10:00:00+08:00", SITE, {LOT: 5}, made={OTHER: 4}, parent=CASE if grouped else None
    )
    told |= {name.replace("__", ":"): value for name, value in more.items()}
    (event,) = read_events([{name: value for name, value in told.items() if value is not None}])
    return event


def tracked_of(profile: str, name: str) -> TrackingEvent:
    """A tracking event."""
    found = profile_of(profile).event(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("profile", "tracked"), EVERY, ids=lambda part: getattr(part, "profile", getattr(part, "id", ""))
)
def test_every_tracking_event_is_recognised(profile: Profile, tracked: TrackingEvent) -> None:
    """Named by its sender it is this one alone; unnamed it is among those that its words allow."""
    (found,) = recognise(event_of(tracked), profile, profiles().common)
    assert (found.event, found.profile, found.failed) == (tracked, profile.profile, False)
    unnamed = recognise(event_of(tracked, x__cte=None), profile, profiles().common)
    assert tracked in [each.event for each in unnamed]


def test_a_failed_result_is_the_same_event() -> None:
    """A test that was not passed is the test, told to have failed."""
    event = event_of(tracked_of("dairy", "factory_test"), disposition="non_conformant")
    (found,) = recognise(event, profile_of("dairy"), profiles().common)
    assert found.failed


@pytest.mark.parametrize(
    "changed",
    [
        {"bizStep": "loading"},
        {"disposition": "recalled"},
        {"action": "DELETE"},
        {"disposition": None},
        {"x__cte": "fly"},
    ],
    ids=str,
)
def test_what_is_no_tracking_event_is_none(changed: Json) -> None:
    """Another step, disposition or action, or a name that the profile has not, is none of its events."""
    event = event_of(tracked_of("dairy", "ship"), **changed)
    assert recognise(event, profile_of("dairy"), profiles().common) == ()


def test_a_name_with_its_system_is_of_that_system_alone() -> None:
    """`drug.ship` is no event of dairies, though its words are the same."""
    event = event_of(tracked_of("dairy", "ship"), x__cte="drug.ship")
    assert recognise(event, profile_of("dairy"), profiles().common) == ()
    (found,) = recognise(event, profile_of("drug"), profiles().common)
    assert found.event.id == "ship"


def test_what_is_missing_is_listed() -> None:
    """The elements of every event and those of this one, without what is there or not expected."""
    event = event_of(tracked_of("dairy", "ship"))
    (found,) = recognise(event, profile_of("dairy"), profiles().common)
    assert found.missing == (
        "who", "recorded_at", "source_record", "shipper", "consignee", "doc", "vehicle",
    )  # fmt: skip


def test_a_complete_event_misses_nothing() -> None:
    """Each element stands where common.yaml says that EPCIS has it."""
    event = event_of(
        tracked_of("dairy", "ship"),
        recordTime="2026-07-04T10:01:00+08:00",
        x__recorder="urn:suyuan:code:uscc:91110000600037341L",
        x__sourceRecord="book.xlsx#7",
        x__vehicle="豫A12345",
        bizTransactionList=[{"type": "desadv", "bizTransaction": "urn:example:despatch:7"}],
        sourceList=[{"type": "owning_party", "source": "urn:epc:id:pgln:6901234.00001"}],
        destinationList=[{"type": "owning_party", "destination": "urn:epc:id:pgln:6901234.00002"}],
    )
    (found,) = recognise(event, profile_of("dairy"), profiles().common)
    assert found.missing == ()


def test_of_several_that_fit_the_one_that_misses_least_is_first() -> None:
    """A receipt without a name may be of milk or of ingredients; nothing is guessed, all are told."""
    receipts = [t for t in profile_of("dairy").events if (t.biz_step, t.disposition) == ("receiving", "conformant")]
    event = event_of(
        receipts[0], x__cte=None, sensorElementList=[{"sensorReport": [{"type": "Temperature", "value": 4}]}]
    )
    found = recognise(event, profile_of("dairy"), profiles().common)
    assert {each.event.id for each in found} == {t.id for t in receipts}
    assert [len(each.missing) for each in found] == sorted(len(each.missing) for each in found)
    assert len(found) > 1


def test_single_things_are_counted_by_their_ids() -> None:
    """No quantity, unit or lot is missing of goods that are named one by one with their lot."""
    code = "https://id.gs1.org/01/06901234567892/10/L1/21/S1"
    event = event_of(tracked_of("drug", "dispense"), quantityList=None, epcList=[code])
    (found,) = recognise(event, profile_of("drug"), profiles().common)
    assert not {"qty", "uom", "lot"} & set(found.missing)


def test_a_lot_without_a_quantity_misses_it() -> None:
    """A class says how much, or its quantity is missing."""
    event = event_of(tracked_of("drug", "dispense"), quantityList=[{"epcClass": LOT}])
    (found,) = recognise(event, profile_of("drug"), profiles().common)
    assert "qty" in found.missing


def test_a_profile_that_changes_in_the_middle_of_a_ledger_acts_from_its_day(tmp_path: Path) -> None:
    """An event of before misses what the former version asks, one of the day what the new one does, in its own zone."""
    text = text_of("other_food")
    write(tmp_path, "other_food", text)
    write(
        tmp_path,
        "other_food@2026-07-05",
        text.replace("version: 1", "version: 2\nvalid_from: '2026-07-05'").replace(
            "kde: [shipper, consignee, lot, qty, uom, doc, vehicle]",
            "kde: [shipper, consignee, lot, qty, uom, doc, temp]",
        ),
    )
    systems = load_profiles(tmp_path)
    tracked = systems.latest()[0].event("ship")
    assert tracked is not None
    for time, missing in (("2026-07-04T23:30:00+08:00", "vehicle"), ("2026-07-05T00:30:00+08:00", "temp")):
        (found,) = recognise_all(event_of(tracked, eventTime=time), systems)
        assert {"vehicle", "temp"} & set(found.missing) == {missing}


def test_an_event_is_asked_of_every_system() -> None:
    """A despatch that does not say what it is may be one of many systems; each is told."""
    found = recognise_all(event_of(tracked_of("dairy", "ship"), x__cte=None), profiles())
    assert {"dairy", "drug", "baijiu", "other_food"} <= {one.profile for one in found}
    (only,) = recognise_all(event_of(tracked_of("dairy", "ship"), x__cte="dairy.ship"), profiles())
    assert only.profile == "dairy"
