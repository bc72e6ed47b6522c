"""What plants faults and looks for them works: `make mutants` is believed because these hold."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import msgspec
import pytest

from api.generate.record import Part
from tests.mutants.__main__ import main, verdict
from tests.mutants.catalogue import TOYS, catalogue
from tests.mutants.fault import Fault, NotPlantedError, function_of, load_faults, planted, texts_of
from tests.mutants.hunt import Sighting, _broken_when_sound, hunt_fault
from tests.mutants.laws import ONE_GRAPH, ONWARD, Put, broken_by_answers, broken_by_graph
from tests.mutants.trials import EVERY_TRIAL, Blanket, despatch_of
from tests.worlds.engine_tracer import engine
from tests.worlds.thinning import PRECISION, RECORD

SEEDS = range(20)
FEW = 2 * len(EVERY_TRIAL)
FAULTS = {fault.fault: fault for fault in load_faults()}
WINDOW = FAULTS["window ignored"]
HARMLESS = msgspec.structs.replace(WINDOW, fault="harmless", after=f"({WINDOW.before})")


def test_faults_are_distinct_and_twenty_at_least() -> None:
    """There are twenty faults or more, each of its own name and its own patch, and two toys."""
    faults = load_faults()
    assert len(faults) >= 20
    assert len(FAULTS) == len({(f.function, f.before, f.after) for f in faults}) == len(faults)
    assert len(TOYS) == 2
    assert len(catalogue()) == len(faults) + 2


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_every_fault_fits_and_is_another_program(fault: Fault) -> None:
    """The function that a fault names is there, holds the piece once, and is another with the fault in it."""
    sound, faulty = texts_of(function_of(fault), fault)
    assert ast.dump(ast.parse(sound)) != ast.dump(ast.parse(faulty))
    assert fault.trial is None or fault.trial in EVERY_TRIAL


def test_a_fault_is_there_only_while_planted() -> None:
    """A function has the faulty code within the block and its own after it, also where the block fails."""
    function = function_of(WINDOW)
    sound = function.__code__

    def fail() -> None:
        with planted(WINDOW):
            assert function.__code__ is not sound
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert function.__code__ is sound


@pytest.mark.parametrize(
    ("patch", "said"),
    [
        ({"before": "no such text"}, "not 0 times"),
        ({"before": "window"}, r"not [2-9] times"),
        ({"function": "engine.questions.windows:gone"}, "there is no"),
        ({"function": "engine.questions.gone:since"}, "there is no"),
        ({"function": "engine.questions.names:_kind"}, "no plain function"),
        ({"function": "engine.questions.windows:Stays"}, "no plain function"),
    ],
)
def test_a_fault_whose_target_is_gone_is_refused(patch: dict[str, str], said: str) -> None:
    """What cannot be planted is an error that names it, never a fault that survives."""
    fault = msgspec.structs.replace(WINDOW, **patch)
    with pytest.raises(NotPlantedError, match=f"^window ignored: .*{said}"):
        hunt_fault(fault, 1)


def test_a_fault_that_does_nothing_survives() -> None:
    """A patch that changes nothing is seen on no world."""
    assert hunt_fault(HARMLESS, FEW) is None


def test_a_fault_is_seen_where_a_law_breaks_that_the_engine_keeps() -> None:
    """The sighting names a world on which the faulty engine breaks the law, and the sound one does not."""
    seen = hunt_fault(WINDOW, FEW)
    assert seen is not None
    put = Put(seen.trial, seen.seed)
    assert not broken_by_answers(put, engine) & set(seen.laws)
    with planted(WINDOW):
        assert set(seen.laws) <= broken_by_answers(put, engine)


@pytest.fixture
def engine_without_window() -> Iterator[None]:
    """An engine that breaks a law of itself, taken for the sound one."""
    _broken_when_sound.cache_clear()
    with planted(WINDOW):
        yield
    _broken_when_sound.cache_clear()


@pytest.mark.usefixtures("engine_without_window")
def test_what_the_engine_breaks_itself_counts_for_no_fault() -> None:
    """Where the engine breaks a law without the fault too, breaking it tells nothing of the fault."""
    contact = FAULTS["contact is flow"]
    assert broken_by_answers(Put("complete", 0), engine)
    assert hunt_fault(msgspec.structs.replace(contact, after=f"{contact.before} | 0"), FEW) is None


def test_worlds_are_counted_over_all_trials() -> None:
    """No more worlds are put than the bound says, whatever the number of trials."""
    fault = FAULTS["error declaration ignored"]
    seen = hunt_fault(fault, FEW)
    assert seen is not None
    trials = list(EVERY_TRIAL)
    assert seen.worlds == seen.seed * len(trials) + trials.index(seen.trial) + 1 > 1
    assert hunt_fault(fault, seen.worlds) == seen
    assert hunt_fault(fault, seen.worlds - 1) is None


@pytest.mark.parametrize(
    ("fault", "law", "put"),
    [
        ("contents not in the closed set", ONE_GRAPH, Put("complete", 0)),
        ("time check dropped in join", ONWARD, Put("blanket", 4)),
    ],
)
def test_the_laws_of_the_graph_are_judged(fault: str, law: str, put: Put) -> None:
    """The sound graph of a world keeps them, and a fault that breaks one is told so."""
    assert not broken_by_graph(put)
    with planted(FAULTS[fault]):
        assert law in broken_by_graph(put)


def test_a_survivor_fails_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    """The table names what survived, and the command exits 1; 0 where all are caught."""
    seen = Sighting(("onward",), "blanket", 4, 34)
    assert verdict([(WINDOW, seen), (HARMLESS, None)]) == 1
    told = capsys.readouterr().out
    assert "SURVIVES" in told
    assert "1 of 2 caught" in told
    assert verdict([(WINDOW, seen)]) == 0


@pytest.mark.parametrize("arguments", [["no such fault"], ["--page", "window"]])
def test_the_command_refuses_what_it_cannot_tell(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A word that is in no name, and a page of some faults only, are errors of use, not runs that end well."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err


def test_blanket_documents_cover_what_follows_one_another() -> None:
    """Consignments under one document never overlap in time, and in most worlds a document covers several."""
    trial = EVERY_TRIAL["blanket"]
    assert isinstance(trial, Blanket)
    assert sum(_covers_several(trial, seed) for seed in SEEDS) > len(SEEDS) / 2


def _covers_several(trial: Blanket, seed: int) -> bool:
    """Whether a document of a world covers several consignments, none of which overlap."""
    until: dict[str, tuple[str | None, int]] = {}
    trips: dict[str, set[str | None]] = {}
    for record in trial.world(seed).records:
        if record.part is not None:
            document = despatch_of(record.event)
            trip, end = until.get(document, (record.trip, 0))
            assert trip == record.trip or (end < record.moment and record.part is Part.DEPARTURE)
            until[document] = (record.trip, record.moment)
            trips.setdefault(document, set()).add(record.trip)
    return any(len(under) > 1 for under in trips.values())


def test_unopened_loses_records_of_unpacking_alone() -> None:
    """Where containers go unopened by the records, nothing else is lost."""
    trial = EVERY_TRIAL["unopened"]
    for seed in SEEDS:
        world = trial.world(seed)
        losses = trial.cases(world)[0].losses
        assert {world.records[number].kind for number in losses} <= {"unpack"}
        assert all(lost == {RECORD} for lost in losses.values())


def test_hurried_loses_times_alone_and_is_over_in_two_days() -> None:
    """Where all happens at once, the time of day is lost of some records, and nothing else."""
    trial = EVERY_TRIAL["hurried"]
    for seed in SEEDS:
        world = trial.world(seed)
        assert world.end < 2 * 24 * 60
        losses = trial.cases(world)[0].losses
        assert losses
        assert all(lost == {PRECISION} for lost in losses.values())
