"""A code looked up by the public: what its system makes public, the recall status, nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from api.demo.naming import LOT
from api.demo.recording import Json, record_event
from engine.capture import capture_within
from engine.ledger import Attestation, Capture
from engine.public_lookup import Finding, PublicCodes
from engine.stores.ports import Snapshot
from engine.stores.sqlite import open_store
from graph_schema.errors import InvalidIdentifier, InvalidInput
from graph_schema.profiles import load_profiles, profiles
from graph_schema.profiles.public import FIND, RecallStatus
from graph_schema.profiles.rules import FOUND_BY
from tests.systems.looked_up import items_of, judge_recalls, judge_shape, reading_of, told, values_of
from tests.systems.test_profiles import text_of, write
from tests.systems.test_stories import NAMES, Asking, opened
from tests.worlds.reading import read_events

PLANT, SHOP = "https://example.org/site/plant", "https://example.org/site/shop"
CAN = f"{LOT}CAN-1"
LIFT, OTHER_LIFT = "urn:epc:id:giai:6901234.LIFT0001", "urn:epc:id:giai:6901234.LIFT0002"
PLATE = "311010123201700098"
MASTERS = [
    (PLANT, "site", msgspec.json.encode({"name": "青禾乳业 Qinghe"})),
    ("https://id.gs1.org/01/06901234567892", "product", msgspec.json.encode({"descriptionShort": "奶粉 Milk powder"})),
]


def event(system: str, name: str, goods: list[str], *, at: str = PLANT, day: int = 1, **more: Any) -> Json:
    """A tracking event of a system; what its goods came from is not told."""
    (profile,) = profiles().versions(system)
    tracked = profile.event(name)
    assert tracked is not None
    named: dict[str, float | None] = {key: 1 if ":class:" in key else None for key in goods}
    made = tracked.makes and {"made": named}
    told_goods = {} if made else named
    extensions = {f"x:{field}": value for field, value in more.items() if field != "ilmd"}
    extensions |= {"ilmd": more["ilmd"]} if "ilmd" in more else {}
    time = f"2017-09-{day:02}T08:00:00+08:00"
    return record_event(tracked, time, at, told_goods, made=named if made else None, more=extensions)


@contextmanager
def ledger(folder: Path, *events: Json, attestations: tuple[Attestation, ...] = ()) -> Iterator[Snapshot]:
    """A store that holds events."""
    store = open_store(str(folder / "s.db"))
    with store.transaction() as writing:
        read = read_events(events)
        capture_within(writing, read, Capture("a", "j", "s", 0), MASTERS, attestations)
    with store.snapshot() as snapshot:
        yield snapshot
    store.close()


FILLED = event(
    "infant_formula", "fill", [CAN], productionDate="2017-09-01", expiryDate="2019-09-01", licence="SC12941010000015"
)  # fmt: skip


@pytest.fixture(params=NAMES, scope="module")
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """Each story in a store."""
    with opened(request.param, tmp_path_factory.mktemp(request.param)) as asking:
        yield asking


def test_what_a_story_puts_on_hold_is_recalled_to_the_public(story: Asking) -> None:
    """Of all that it names, that and nothing else."""
    telling, _, snapshot = story
    judge_recalls(telling, snapshot)


def test_a_lot_that_is_not_for_the_public_is_told_as_one_that_there_is_not(tmp_path: Path) -> None:
    """A tank of raw milk, whose every event is recorded, and a number that nobody wrote."""
    with opened("infant_formula", tmp_path) as (telling, _, snapshot):
        judge_shape(telling, snapshot, "TK-S1", "TK-S9")


def test_the_public_fields_of_the_profile_are_told_and_nothing_more(tmp_path: Path) -> None:
    """Dates, who made it, its licence; not where it is, to whom it went, how much there is."""
    shipped = event("infant_formula", "ship", [CAN], day=2, vehicle="豫A12345", personRef="Zhao")
    with ledger(tmp_path, FILLED, shipped) as snapshot:
        found = PublicCodes(profiles()).look_up(CAN, snapshot)
    assert values_of(found.readings[0]) == {
        "product": "奶粉 Milk powder",
        "lot": "CAN-1",
        "production_date": "2017-09-01",
        "expiry_date": "2019-09-01",
        "producer_name": "青禾乳业 Qinghe",
        "sc_licence": "SC12941010000015",
    }
    said = msgspec.json.encode(found).decode()
    assert not any(hidden in said for hidden in ("豫A12345", "Zhao", "example.org", "2017-09-02"))


def test_a_record_that_nobody_marked_is_not_public(tmp_path: Path) -> None:
    """Without `cte` it was recorded for partners alone: it tells what the label tells."""
    bare = {name: value for name, value in FILLED.items() if name != "x:cte"}
    with ledger(tmp_path, bare) as snapshot:
        told_of = values_of(told(PublicCodes(profiles()), snapshot, CAN))
    assert told_of == {"product": "奶粉 Milk powder", "lot": "CAN-1"}


def test_a_recall_is_closed_by_who_unsets_it(tmp_path: Path) -> None:
    """`persistentDisposition` unset ends it (CBV 2.0 §7.3)."""
    hold = event("infant_formula", "hold", [CAN], day=3)
    tested = event("infant_formula", "retest", [CAN], day=4) | {"persistentDisposition": {"unset": ["recalled"]}}
    for number, (events, status) in enumerate(
        [([], RecallStatus.NONE), ([hold], RecallStatus.RECALLED), ([hold, tested], RecallStatus.CLOSED)]
    ):
        (tmp_path / str(number)).mkdir()
        with ledger(tmp_path / str(number), FILLED, *events) as snapshot:
            assert told(PublicCodes(profiles()), snapshot, CAN).recall_status is status


def test_a_recall_that_did_not_occur_is_none(tmp_path: Path) -> None:
    """An error declaration takes it back."""
    hold = event("infant_formula", "hold", [CAN], day=3) | {"eventID": "urn:uuid:held"}
    declared = {"declarationTime": "2017-09-05T08:00:00+08:00", "reason": "did_not_occur"}
    with ledger(tmp_path, FILLED, hold, hold | {"errorDeclaration": declared}) as snapshot:
        assert told(PublicCodes(profiles()), snapshot, CAN).recall_status is RecallStatus.NONE


def test_a_stranger_to_a_site_tells_the_public_nothing(tmp_path: Path) -> None:
    """A competitor that says of another's site that a lot is on hold."""
    hold = event("infant_formula", "hold", [CAN], day=3)
    with ledger(tmp_path, FILLED, hold, attestations=(Attestation.FREE, Attestation.STRANGER)) as snapshot:
        assert told(PublicCodes(profiles()), snapshot, CAN).recall_status is RecallStatus.NONE


def test_a_single_thing_stands_as_its_lot_does(tmp_path: Path) -> None:
    """Of a lot by the code's own word, or by that of the record that made it."""
    hold = event("infant_formula", "hold", [CAN], day=3)
    with ledger(tmp_path, FILLED, hold) as snapshot:
        found = PublicCodes(profiles()).look_up("(01)06901234567892(10)CAN-1(21)7", snapshot)
        assert found.readings[0].recall_status is RecallStatus.RECALLED
        found = PublicCodes(profiles()).look_up("(01)06901234567892(21)7", snapshot)
        assert found.readings[0].recall_status is RecallStatus.NONE


def test_a_code_leads_to_the_thing_that_it_is_on(tmp_path: Path) -> None:
    """The plate of a lift, which is recorded under GS1's number of the asset."""
    coded = event("elevator", "maintain", [LIFT], codes=[f"urn:suyuan:code:elevator.equipment_code:{PLATE}"])
    with ledger(tmp_path, coded) as snapshot:
        codes = PublicCodes(profiles())
        for code in (PLATE, LIFT):
            found = codes.look_up(code, snapshot, "elevator")
            (reading,) = (one for one in found.readings if one.tells)
            assert values_of(reading)["last_maintain_date"] == "2017-09-01"
            assert values_of(reading)["equipment_code"] == PLATE


def test_a_code_on_two_things_is_a_warning_that_names_neither(tmp_path: Path) -> None:
    """A clone: what is told of either is not told of the code."""
    plate = f"urn:suyuan:code:elevator.equipment_code:{PLATE}"
    both = [event("elevator", "maintain", [lift], codes=[plate]) for lift in (LIFT, OTHER_LIFT)]
    with ledger(tmp_path, *both) as snapshot:
        reading = reading_of(PublicCodes(profiles()).look_up(PLATE, snapshot, "elevator"), plate)
    assert reading.findings == (Finding.CLONE,)
    assert "last_maintain_date" not in values_of(reading)
    assert "LIFT" not in msgspec.json.encode(reading).decode()


PACK = "urn:suyuan:code:drug.drug_trace_code:81234560000000000001"
DISPENSED = [event("drug", "dispense", [PACK], at=at, day=day) for at, day in ((SHOP, 3), (PLANT, 5))]
PART, CARS = "urn:epc:id:giai:6901234.PART1", ("urn:epc:id:giai:6901234.CAR1", "urn:epc:id:giai:6901234.CAR2")
FITTED = [
    event("auto_part", "install", [PART], at=SHOP, day=day) | {"parentID": car, "eventID": f"urn:uuid:{day}"}
    for car, day in zip(CARS, (3, 5), strict=True)
]
MADE = event("auto_part", "make", [PART])
REMOVED = event("auto_part", "remove_old", [PART], at=SHOP, day=4) | {"parentID": CARS[0]}
UNMARKED = {name: value for name, value in REMOVED.items() if name != "x:cte"}
WRONG = FITTED[1] | {"errorDeclaration": {"declarationTime": "2017-09-06T08:00:00+08:00", "reason": "did_not_occur"}}
RETURNED = event("drug", "dispense", [PACK], at=SHOP, day=4) | {"bizStep": "receiving", "disposition": "returned"}


def findings(snapshot: Snapshot, key: str) -> tuple[Finding, ...]:
    """What is to be minded of a code."""
    return told(PublicCodes(profiles()), snapshot, key).findings


@pytest.mark.parametrize(("key", "events"), [(PACK, DISPENSED), (PART, [MADE, *FITTED])], ids=["dispensed", "fitted"])
def test_a_code_that_one_object_cannot_have_is_a_warning_that_tells_no_more(
    tmp_path: Path, key: str, events: list[Json]
) -> None:
    """Dispensed at two shops, fitted to two cars, and nothing between: not where, to what, by whom or when."""
    with ledger(tmp_path, *events) as snapshot:
        assert findings(snapshot, key) == (Finding.CLONE,)
        said = msgspec.json.encode(told(PublicCodes(profiles()), snapshot, key)).decode()
    assert not any(hidden in said for hidden in ("CAR", "example.org", "2017-09"))


@pytest.mark.parametrize(
    ("key", "events"),
    [
        (PACK, DISPENSED[:1]),
        (PACK, [*DISPENSED, RETURNED]),
        (PART, [MADE, *FITTED, REMOVED]),
        (PART, [MADE, *FITTED, UNMARKED]),
        (PART, [MADE, *FITTED, WRONG]),
        (PART, [MADE, FITTED[0], {name: value for name, value in FITTED[1].items() if name != "x:cte"}]),
    ],
    ids=["once", "returned", "removed", "removed, unmarked", "an error", "fitted, unmarked"],
)
def test_a_code_that_one_object_can_have_is_no_warning(tmp_path: Path, key: str, events: list[Json]) -> None:
    """It came back, was taken off, the second did not occur; or what tells of it is not for the public."""
    with ledger(tmp_path, *events) as snapshot:
        assert findings(snapshot, key) == ()


def test_a_stranger_warns_the_public_of_no_clone(tmp_path: Path) -> None:
    """Nor takes a warning away: what they tell is not told."""
    free, stranger = Attestation.FREE, Attestation.STRANGER
    worlds = [(FITTED, (free, free, stranger)), ([*FITTED, REMOVED], (free, free, free, stranger))]
    for number, (events, by) in enumerate(worlds):
        (tmp_path / str(number)).mkdir()
        with ledger(tmp_path / str(number), MADE, *events, attestations=by) as snapshot:
            assert findings(snapshot, PART) == ((), (Finding.CLONE,))[number]


def test_no_story_has_a_clone(story: Asking) -> None:
    """Of all that they name: those of the parts have a serial number each."""
    telling, _, snapshot = story
    codes = PublicCodes(profiles())
    found = [name for name in items_of(telling) if Finding.CLONE in told(codes, snapshot, telling.item(name)).findings]
    assert found == []


def test_a_wrong_check_digit_is_told_and_nothing_else_is(tmp_path: Path) -> None:
    """It was misread; a code with an unknown check is never doubted."""
    with ledger(tmp_path, FILLED) as snapshot:
        codes = PublicCodes(profiles())
        found = codes.look_up("06901234567893", snapshot).readings
        (misread,) = (one for one in found if [scheme.id for scheme in one.schemes] == ["gtin"])
        drug = codes.look_up("81234560123456789012", snapshot, "drug").readings
    assert misread.findings == (Finding.CHECK_FAILS,)
    assert [one.findings for one in drug] == [()]


@pytest.mark.parametrize(
    "code", ["6901234567893", "(01)06901234567893(10)CAN-1", "(00)106141410000000018", "010690123456789310CAN-1"]
)
def test_what_only_its_check_digit_speaks_against_is_told_first(code: str, tmp_path: Path) -> None:
    """Before schemes that take nearly any text, by which it would be a seed unit or a certificate."""
    with ledger(tmp_path, FILLED) as snapshot:
        found = PublicCodes(profiles()).look_up(code, snapshot)
    (first, *rest) = found.readings
    assert found.foremost() == [first]
    assert (first.findings, first.tells, first.vague) == ((Finding.CHECK_FAILS,), False, False)
    assert all(one.vague for one in rest)


def test_a_check_that_not_every_such_code_has_is_a_doubt(tmp_path: Path) -> None:
    """A VIN of Europe may have none: it is told as a vehicle's, with the doubt."""
    with ledger(tmp_path, FILLED) as snapshot:
        codes = PublicCodes(profiles())
        (doubted,) = codes.look_up("LSVAA4182E2123456", snapshot).foremost()
        (sound,) = codes.look_up("1M8GDM9AXKP042788", snapshot).foremost()
    assert ([one.id for one in doubted.schemes], doubted.findings) == (["vin"], (Finding.CHECK_DOUBTED,))
    assert ([one.id for one in sound.schemes], sound.findings) == (["vin"], ())


def test_a_misread_code_and_what_else_it_may_be_are_both_shown(tmp_path: Path) -> None:
    """The plate of a lift has as many digits as an SSCC, whose check it fails."""
    with ledger(tmp_path, FILLED) as snapshot:
        shown = PublicCodes(profiles()).look_up("311010123201700098", snapshot).foremost()
    assert [[one.id for one in reading.schemes] for reading in shown] == [["sscc"], ["elevator.equipment_code"]]


def test_every_spelling_of_a_code_is_read_alike(tmp_path: Path) -> None:
    """A lot as an URN, a Digital Link, an element string; a link whose check digit is wrong is told to be so."""
    link = "https://id.gs1.org/01/06901234567892/10/CAN-1"
    with ledger(tmp_path, FILLED) as snapshot:
        codes = PublicCodes(profiles())
        spelled = [codes.look_up(code, snapshot).readings[0] for code in (CAN, link, "(01)06901234567892(10)CAN-1")]
        wrong = codes.look_up(link.replace("892", "893"), snapshot).readings[0]
    assert spelled == [spelled[0]] * 3
    assert (spelled[0].key, [one.id for one in spelled[0].schemes]) == (link, ["lgtin"])
    assert wrong.findings == (Finding.CHECK_FAILS,)


def test_a_text_is_read_by_every_scheme_that_it_fits(tmp_path: Path) -> None:
    """A system narrows them; what fits none has no reading; what cannot be a code is refused with what to do."""
    with ledger(tmp_path, FILLED) as snapshot:
        codes = PublicCodes(profiles())
        schemes = {one.id for reading in codes.look_up("4170901A00037", snapshot).readings for one in reading.schemes}
        assert {"civil_explosives.detonator_code", "gas_cylinder.cylinder_tag"} <= schemes
        assert codes.look_up("奶", snapshot).readings == ()
        with pytest.raises(InvalidIdentifier, match="1,001 characters"):
            codes.look_up("1" * 1_001, snapshot)
        with pytest.raises(InvalidInput, match="no product system"):
            codes.look_up("1", snapshot, "tofu")


def test_no_system_is_known_by_its_name(tmp_path: Path) -> None:
    """A renamed copy of a profile makes public what the profile does."""
    write(tmp_path, "pills", text_of("drug").replace("profile: drug\n", "profile: pills\n", 1))
    hold = event("drug", "hold", [CAN], day=3) | {"x:cte": "pills.hold"}
    with ledger(tmp_path, hold) as snapshot:
        found = PublicCodes(load_profiles(tmp_path)).look_up(CAN, snapshot)
    assert found.readings[0].systems == ("pills",)
    assert found.readings[0].recall_status is RecallStatus.RECALLED


def test_every_word_of_common_yaml_finds_something() -> None:
    """What is checked when it is read is what the program knows."""
    assert set(FIND) == set(FOUND_BY)
    used = {place.partition(" ")[0] for one in profiles().common.public_fields.values() for place in one.find}
    assert used <= set(FIND)
