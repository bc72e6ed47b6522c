"""Who is responsible for a found item: the chain of subjects, the last recorded holder, where the records break off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from api.session import Reading
from engine.answer import Certainty
from engine.responsibility import responsibility
from engine.stores.ports import Store
from engine.stores.sqlite import open_store
from graph_schema.event import ErrorDeclaration
from graph_schema.interval import Interval
from graph_schema.profiles import profiles, read_keys, runs_with
from graph_schema.profiles.codes import Scheme, parse_code
from graph_schema.profiles.runs import read_run
from tests.questions.telling import asking, day, item, made, received, shipped, site
from tests.systems.responsible import CASES, IDS, asked, judge

DECLARED = Interval(day(20), day(20))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(str(tmp_path / "suyuan.db"))
    yield opened
    opened.close()


@pytest.mark.parametrize("number", range(len(CASES)), ids=IDS)
def test_the_stories_name_the_subjects_and_the_last_holder(number: int, store: Store) -> None:
    """Those that the story tells, in its order; where it tells no purchase, the records break off there."""
    judge(number, asked(number, store))


def test_a_count_that_agrees_with_the_book_clears_a_holder_of_what_was_found_elsewhere(store: Store) -> None:
    """The depot counted its 52; three of the team's are neither blasted nor given back."""
    depot, team = asked(0, store).accounts[1].subjects[1:]
    assert (str(depot.held[0].low), str(depot.counted.amount if depot.counted else "")) == ("52", "52")
    assert (depot.holds, depot.last) == (Certainty.CERTAIN, False)
    assert (str(team.held[0].low), str(team.destroyed[0].low), team.counted, team.last) == ("3", "45", None, True)


def test_subjects_are_told_in_the_words_of_the_system(store: Store) -> None:
    """Each role that may record all that a subject recorded, and the tracking event of each record."""
    plant, _, team = asked(0, store).accounts[1].subjects
    assert (plant.roles, team.roles) == (("producer",), ("user",))
    assert [record.tracked for record in plant.records] == [("make",), ("sell",), ("ship",)]
    assert {record.recorder for record in plant.records} == {"https://example.org/site/plant-E"}


@pytest.mark.parametrize(
    ("error", "holders"),
    [
        (ErrorDeclaration(DECLARED, "did_not_occur"), ["A"]),
        (ErrorDeclaration(DECLARED, "incorrect_data", ("urn:uuid:missing",)), ["A", "B"]),
    ],
    ids=["did not occur", "corrective missing"],
)
def test_a_record_that_was_declared_an_error(error: ErrorDeclaration, holders: list[str], tmp_path: Path) -> None:
    """What did not occur makes nobody a holder; what is to be corrected, and is not yet, a possible one."""
    events = [made(1, "A", X=5), shipped(2, "A", "B", X=5), received(3, "B", X=5)]
    errors = [msgspec.structs.replace(event, error=error) for event in events[1:]]
    with asking(tmp_path, [*events, *errors]) as world:
        (account,) = responsibility(Reading(world.snapshot, world.index), item("X")).accounts
        assert [subject.site for subject in account.holders()] == [site(name) for name in holders]


def detonators() -> Scheme:
    """The one scheme that has runs."""
    (found,) = (one for each in profiles().latest() for one in profiles().schemes(each) if one.run is not None)
    return found


@pytest.mark.parametrize(
    "text",
    ["4170901A00001-0100", "4170901A00100-00001", "4170901A00001", "4170901A00001-", "-00100", "4170901A00001-0010x"],
)
def test_what_is_no_run_is_not_read_as_one(text: str) -> None:
    """A run goes from a code to a number of as many digits that is not smaller."""
    assert read_run(text, detonators()) is None


def test_a_run_holds_the_codes_between_its_ends_and_no_other() -> None:
    """Of the same maker, day and feature."""
    scheme = detonators()
    run, other = (scheme.key_of(f"4170901{feature}00001-00100") for feature in "AB")
    for number, held in (("00001", [run]), ("00037", [run]), ("00100", [run]), ("00101", []), ("00000", [])):
        code = parse_code(f"4170901A{number}", scheme)
        assert list(runs_with(code, [run, other, "urn:example:run", scheme.key_of("4170901A00037")])) == held
    assert read_keys("4170901A00001-00100", [scheme]) == (run,)
