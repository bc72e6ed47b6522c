"""A random inspection is drawn so that anyone repeats it, weighted as the profile says (ADR 0026)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from api.demo.naming import name_of
from api.demo.recording import Json, record_event
from engine.capture import capture
from engine.inspection import Candidate, Draw, DrawAsked, draw
from engine.inspection.drawing import turn_up
from engine.ledger import Attestation, Capture
from engine.seeds import parse_window
from engine.stores.sqlite import open_store
from graph_schema.errors import InvalidInput, LimitExceeded
from graph_schema.licence import KIND, Licence
from graph_schema.profiles import Profiles, load_profiles, profiles
from graph_schema.profiles.profile import Drawable, Signal
from tests.systems.test_profiles import text_of, write
from tests.systems.test_stories import opened
from tests.worlds.reading import read_events

SEED = "双色球 2017101: 04 11 17 23 29 32 09"
STORY = "infant_formula"
DIVERSE = ("infant_formula", "elevator", "civil_explosives")
"""Stories of lots, of single things, and of both."""
LOT = "urn:epc:class:lgtin:6901234.056789."
FIRM = "https://example.org/firm/"
RECORDED = {"recordTime": "2026-07-04T11:00:00+08:00", "x:recorder": f"{FIRM}a", "x:sourceRecord": "book#1"}
COMPLETE = RECORDED | {
    "bizLocation": {"id": "https://example.org/site/plant"},
    "quantityList": [{"epcClass": f"{LOT}A", "quantity": 5, "uom": "KGM"}],
    "bizTransactionList": [{"type": "testres", "bizTransaction": "urn:example:test:1"}],
    "x:testResult": "pass",
}
"""A test of a lot that misses nothing and is in time."""


def asked(**more: Any) -> DrawAsked:
    """A draw of three lots of the story, or another."""
    return msgspec.structs.replace(DrawAsked(system=STORY, seed=SEED, count=3), **more)


def drawn_of(found: Draw) -> list[str]:
    """The names of what was drawn, in order."""
    return [name_of(one.key) for one in found.drawn]


def a_test(**more: object) -> Json:
    """A factory test as a sender records it, with fields beside it or instead."""
    (profile,) = profiles().versions("other_food")
    tracked = profile.event("factory_test")
    assert tracked is not None
    return record_event(tracked, "2026-07-04T10:00:00+08:00", "https://example.org/site/plant", {}) | COMPLETE | more


def drawn_from(
    events: Iterable[Json],
    folder: Path,
    *,
    systems: Profiles | None = None,
    attestations: tuple[Attestation, ...] = (),
    licences: tuple[Licence, ...] = (),
    **more: Any,
) -> Draw:
    """A draw from a ledger of these events, and a register."""
    store = open_store(str(folder / "events.db"))
    masters = [(one.key, KIND, one.attributes()) for one in licences]
    capture(store, read_events([*events]), Capture("", "test", "test", 0), masters, attestations)
    with store.snapshot() as snapshot:
        found = draw(snapshot, systems or profiles(), asked(**{"system": "other_food", "count": 100} | more))
    store.close()
    return found


def signals_of(found: Draw) -> dict[str, tuple[Signal, ...]]:
    """By name, why each has more tickets."""
    return {name_of(one.key): one.signals for one in found.drawn}


def test_a_draw_is_what_it_was_on_any_other_machine(tmp_path: Path) -> None:
    """The story, a seed and a position give these lots, whatever runs it."""
    with opened(STORY, tmp_path) as (_, _, snapshot):
        found = draw(snapshot, profiles(), asked())
    assert (found.position, found.candidates, found.tickets) == (18, 8, 32)
    assert found.digest == "fd417bea643b59652ba4d6580e87bff1f8f60752b55ff975a8dd82d974cdc9c8"
    assert drawn_of(found) == ["BL-1", "BL-2", "BP-2"]


def test_the_numbers_of_tickets_are_hashes_that_anyone_makes(tmp_path: Path) -> None:
    """SHA-256 of seven lines; each is drawn at the least number of its tickets."""
    with opened(STORY, tmp_path) as (_, _, snapshot):
        found = draw(snapshot, profiles(), asked(count=1_000))
    numbers = []
    for one in found.drawn:
        lines = ["suyuan draw 1", found.hash, STORY, "lots", SEED, one.key]
        tickets = [
            hashlib.sha256("".join(f"{line}\n" for line in (*lines, n)).encode()).hexdigest()
            for n in range(1, one.tickets + 1)
        ]
        assert one.number == min(tickets) == tickets[one.ticket - 1]
        numbers.append(one.number)
    assert numbers == sorted(numbers)
    told = "".join(f"{one.key} {one.tickets}\n" for one in sorted(found.drawn, key=lambda one: one.key))
    assert found.digest == hashlib.sha256(told.encode()).hexdigest()


@pytest.mark.parametrize("name", DIVERSE)
def test_nothing_is_drawn_twice_and_a_longer_draw_goes_on_from_a_shorter(name: str, tmp_path: Path) -> None:
    """Without replacement: a draw of all is each candidate once, and begins with the draw of three."""
    with opened(name, tmp_path) as (_, _, snapshot):
        for kind in Drawable:
            few = draw(snapshot, profiles(), asked(system=name, kind=kind))
            every = draw(snapshot, profiles(), asked(system=name, kind=kind, count=1_000))
            assert len({one.key for one in every.drawn}) == len(every.drawn) == every.candidates
            assert few.drawn == every.drawn[:3]
            assert few.id == every.id


def test_what_comes_later_changes_no_draw_at_a_position(tmp_path: Path) -> None:
    """The same position and seed are the same draw, however the ledger grew; the newest position is another."""
    with opened(STORY, tmp_path) as (_, _, snapshot):
        before = draw(snapshot, profiles(), asked(position=12))
        newest = draw(snapshot, profiles(), asked())
    other = tmp_path / "other"
    other.mkdir()
    with opened(STORY, other) as (_, _, snapshot):
        assert draw(snapshot, profiles(), asked(position=12)) == before
    assert (before.position, before.id) != (newest.position, newest.id)


def test_another_seed_is_another_draw(tmp_path: Path) -> None:
    """Of many seeds each lot is drawn first by some."""
    with opened(STORY, tmp_path) as (_, _, snapshot):
        first = {drawn_of(draw(snapshot, profiles(), asked(seed=f"{n}", count=1)))[0] for n in range(60)}
        assert len(first) == draw(snapshot, profiles(), asked()).candidates


def test_seeds_that_read_alike_draw_alike(tmp_path: Path) -> None:
    """Spaces around a seed and the way an accent is composed decide nothing."""
    with opened(STORY, tmp_path) as (_, _, snapshot):
        one, other = (draw(snapshot, profiles(), asked(seed=seed)) for seed in ("caf\u00e9", " cafe\u0301 "))
    assert one == other


def test_the_chance_of_each_is_its_share_of_the_tickets() -> None:
    """Over 4,000 seeds the first, and the second behind a first, are drawn in proportion to their tickets."""
    rows = [Candidate("a", 1), Candidate("b", 2), Candidate("c", 7)]
    seeds = 4_000
    orders = Counter("".join(one.key for one in turn_up(rows, [str(seed)], 3)) for seed in range(seeds))
    weights = {"a": 1, "b": 2, "c": 7}
    assert len(orders) == 6
    for order, seen in orders.items():
        chance, left = 1.0, 10
        for key in order:
            chance *= weights[key] / left
            left -= weights[key]
        spread = (seeds * chance * (1 - chance)) ** 0.5
        assert abs(seen - seeds * chance) < 4 * spread, order


@pytest.mark.parametrize(
    ("changed", "signals"),
    [
        ({}, ()),
        ({"disposition": "non_conformant"}, (Signal.FAILED,)),
        ({"recordTime": None}, (Signal.INCOMPLETE,)),
        ({"recordTime": "2026-07-09T10:00:00+08:00"}, (Signal.LATE,)),
        ({"x:testResult": None, "disposition": "non_conformant"}, (Signal.FAILED, Signal.INCOMPLETE)),
    ],
    ids=str,
)
def test_a_signal_in_its_events_gives_a_candidate_more_tickets(
    changed: Json, signals: tuple[Signal, ...], tmp_path: Path
) -> None:
    """A failed test, a missing element, a late record: as many more as common.yaml proposes."""
    event = {name: value for name, value in a_test(**changed).items() if value is not None}
    found = drawn_from([event], tmp_path)
    weights = profiles().common.inspection_default
    (one,) = found.drawn
    assert one.signals == signals
    assert one.tickets == weights.tickets + sum(weights.signals[signal] for signal in signals)
    assert found.weights.status == "proposed"


def test_a_signal_counts_once_however_often_it_is_there(tmp_path: Path) -> None:
    """A big firm is not drawn because it records much."""
    events = [a_test(recordTime=f"2026-07-{day:02}T10:00:00+08:00") for day in range(10, 20)]
    (one,) = drawn_from(events, tmp_path).drawn
    assert one.tickets == profiles().common.inspection_default.tickets + 1


def test_what_a_stranger_tells_is_a_signal(tmp_path: Path) -> None:
    """An event of a site by somebody not bound to it."""
    found = drawn_from([a_test()], tmp_path, attestations=(Attestation.STRANGER,))
    assert signals_of(found) == {"A": (Signal.UNATTESTED,)}


@pytest.mark.parametrize("name", ["agri_edible", "rare_earth"])
def test_a_subject_is_called_what_its_records_call_it(name: str, tmp_path: Path) -> None:
    """Not by a scheme of certificates or of quota notices, whose form any text has."""
    with opened(name, tmp_path) as (telling, _, snapshot):
        found = draw(snapshot, profiles(), asked(system=name, kind=Drawable.SUBJECTS, count=1_000))
    assert {one.key for one in found.drawn} <= {event["x:recorder"] for event in telling.events}


def test_subjects_are_those_that_record(tmp_path: Path) -> None:
    """By code or name, each once in any spelling; an event that names none is counted."""
    events = [
        a_test(),
        a_test(**{"x:recorder": "91110000600037341L", "x:sourceRecord": "book#2"}),
        a_test(**{"x:recorder": "urn:suyuan:code:uscc:91110000600037341L", "x:sourceRecord": "book#3"}),
        {name: value for name, value in a_test().items() if name != "x:recorder"},
    ]
    found = drawn_from(events, tmp_path, kind=Drawable.SUBJECTS)
    assert {one.key for one in found.drawn} == {f"{FIRM}a", "urn:suyuan:code:uscc:91110000600037341L"}
    assert (found.events, found.unnamed) == (4, 1)


def licence(number: str, **more: Any) -> Licence:
    """A licence of the system."""
    return Licence(**{"system": "other_food", "role": "producer", "number": number} | more)


def test_who_is_licensed_and_silent_is_drawn_as_well(tmp_path: Path) -> None:
    """With more tickets; whose licence is over, or of another system, is not."""
    licences = (
        licence("SC-1", party="https://id.gs1.org/417/6901234500028"),
        licence("SC-2", site="https://example.org/site/plant"),
        licence("SC-3", valid_until="1969-12-31"),
        licence("SC-4", system="drug", role="mah"),
    )
    found = drawn_from([a_test()], tmp_path, kind=Drawable.SUBJECTS, licences=licences)
    assert {one.key: one.signals for one in found.drawn} == {
        "https://id.gs1.org/417/6901234500028": (Signal.SILENT,),
        "https://example.org/site/plant": (),
    }


def test_a_holder_is_one_under_all_its_names(tmp_path: Path) -> None:
    """By its code, its licence number, or at its site: one subject, by its party."""
    holder = licence("SC-1", party="91110000600037341L", site="https://example.org/site/plant")
    events = [
        a_test(),
        a_test(**{"x:recorder": "91110000600037341L", "x:sourceRecord": "book#2"}),
        a_test(**{"x:recorder": "SC-1", "x:sourceRecord": "book#3"}),
    ]
    found = drawn_from(events, tmp_path, kind=Drawable.SUBJECTS, licences=(holder, licence("SC-2", party=holder.party)))
    assert [one.key for one in found.drawn] == ["urn:suyuan:code:uscc:91110000600037341L"]


def test_what_those_record_who_are_licensed_elsewhere_is_of_no_other_system(tmp_path: Path) -> None:
    """A test without its system's name, by somebody in another register; with it, it counts."""
    elsewhere = licence("F-1", system="feed", role="maker", party=f"{FIRM}a")
    assert drawn_from([a_test()], tmp_path, licences=(elsewhere,)).candidates == 0
    named = a_test(**{"x:cte": "other_food.factory_test"})
    folder = tmp_path / "named"
    folder.mkdir()
    assert drawn_from([named], folder, licences=(elsewhere,)).candidates == 1


def test_a_lot_of_single_things_is_drawn_with_what_was_found_of_these(tmp_path: Path) -> None:
    """A serial with its lot makes the lot a candidate, and itself one among the single things."""
    code = "https://id.gs1.org/01/06901234567892/10/L1/21/S1"
    single = {name: value for name, value in a_test().items() if name != "quantityList"}
    event = single | {"epcList": [code], "disposition": "non_conformant"}
    lots = drawn_from([event], tmp_path)
    assert [(one.key, one.signals) for one in lots.drawn] == [
        ("https://id.gs1.org/01/06901234567892/10/L1", (Signal.FAILED,))
    ]
    singles = drawn_from([event], tmp_path, kind=Drawable.INSTANCES)
    assert [one.key for one in singles.drawn] == ["https://id.gs1.org/01/06901234567892/21/S1"]


def test_what_is_no_tracking_event_of_the_system_makes_no_candidate(tmp_path: Path) -> None:
    """Another system's records are not drawn from."""
    assert drawn_from([a_test(**{"x:cte": "drug.release"})], tmp_path).candidates == 0


def test_only_events_of_the_time_asked_for_are_drawn_from(tmp_path: Path) -> None:
    """From the first instant of a window to its last, both included."""
    lots = {"A": "2026-07-03T23:59:59Z", "B": "2026-07-04T00:00:00Z", "C": "2026-07-05T00:00:00Z"}
    events = [
        a_test(eventTime=time, quantityList=[{"epcClass": LOT + lot, "quantity": 1, "uom": "KGM"}])
        for lot, time in lots.items()
    ]
    found = drawn_from(events, tmp_path, window=parse_window("2026-07-04", "2026-07-04"))
    assert drawn_of(found) == ["B"]


def test_an_event_that_was_declared_an_error_is_drawn_from(tmp_path: Path) -> None:
    """Nobody takes themselves out of the urn by declaring what they recorded an error."""
    event = a_test(eventID="urn:uuid:00000000-0000-4000-8000-000000000001")
    declared = event | {
        "errorDeclaration": {"declarationTime": "2026-07-05T10:00:00Z", "reason": "did_not_occur"},
    }
    assert drawn_of(drawn_from([event, declared], tmp_path)) == ["A"]


def test_a_profile_decides_who_has_more_tickets(tmp_path: Path) -> None:
    """Subjects of a role, goods of a kind, signals: a profile of one's own has its own weights."""
    own = "inspection: {status: proposed, tickets: 2, of: {lab: 9, pack: 5}, signals: {failed: 50}}\nhazards:"
    write(tmp_path, "other_food", text_of("other_food").replace("hazards:", own, 1))
    systems = load_profiles(tmp_path)
    (one,) = drawn_from([a_test(disposition="non_conformant")], tmp_path, systems=systems).drawn
    assert one.tickets == 5 + 50
    (subject,) = drawn_from([a_test()], tmp_path, systems=systems, kind=Drawable.SUBJECTS).drawn
    assert subject.tickets == 9 + 50


def test_a_renamed_copy_of_a_profile_has_the_same_candidates(tmp_path: Path) -> None:
    """The program knows no system by name; only the order is another, since the name is hashed."""
    write(tmp_path, "tofu", text_of("other_food").replace("profile: other_food\n", "profile: tofu\n", 1))
    write(tmp_path, "other_food", text_of("other_food"))
    systems = load_profiles(tmp_path)
    one, other = (drawn_from([a_test()], tmp_path, systems=systems, system=name) for name in ("other_food", "tofu"))
    assert one.digest == other.digest
    assert one.id != other.id


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"seed": " "}, "seed"),
        ({"seed": "a\nb"}, "seed"),
        ({"seed": "x" * 201}, "seed"),
        ({"count": 0}, "count"),
        ({"count": 1_001}, "count"),
        ({"position": 19}, "position"),
        ({"position": -1}, "position"),
        ({"system": "potions"}, "system"),
    ],
    ids=str,
)
def test_what_cannot_be_drawn_is_refused(wrong: dict[str, Any], where: str, tmp_path: Path) -> None:
    """Each with where it is wrong and what to do."""
    with opened(STORY, tmp_path) as (_, _, snapshot), pytest.raises(InvalidInput) as caught:
        draw(snapshot, profiles(), asked(**wrong))
    assert caught.value.where == where
    assert caught.value.remedy


def test_more_events_than_are_read_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do: a shorter time."""
    monkeypatch.setattr("engine.inspection.drawing.MOST_EVENTS", 17)
    with opened(STORY, tmp_path) as (_, _, snapshot):
        with pytest.raises(LimitExceeded, match="Name a shorter time"):
            draw(snapshot, profiles(), asked())
        assert draw(snapshot, profiles(), asked(window=parse_window(None, "2017-09-01"))).candidates


def test_an_empty_ledger_has_nothing_to_draw_from(tmp_path: Path) -> None:
    """Position 0 is one as any other."""
    with opened(STORY, tmp_path) as (_, _, snapshot):
        found = draw(snapshot, profiles(), asked(position=0))
    assert (found.candidates, found.drawn) == (0, ())
