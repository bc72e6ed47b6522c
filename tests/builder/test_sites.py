"""A GLN extension is a place within its site, until records or master data show that it is one (design §2, ADR 16)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import msgspec
import pytest

from engine.capture import capture, rebuild
from engine.index import open_index
from engine.ledger import Capture
from engine.question import ItemSeed, KillStepRule, Options, Question, SiteSeed
from engine.stores.sqlite import open_store
from engine.trace import trace
from graph_schema.event import Event, Reference
from graph_schema.identifiers import canonical_key
from tests.builder.graphs import derived, stored
from tests.questions.telling import item, made, received, shipped, told

BY_ANYONE = Capture("someone", "job", "file", 0)
PORT = canonical_key("urn:epc:id:sgln:0614141.00001.0")
ELSEWHERE = canonical_key("urn:epc:id:sgln:0614141.00002.0")
NORTH, SOUTH, EAST = (canonical_key(f"urn:epc:id:sgln:0614141.00001.{name}") for name in ("north", "south", "east"))


def at(event: Event, place: str | None, to: str | None = None) -> Event:
    """The same event at a place, on its way to another."""
    going = () if to is None else (Reference("location", to),)
    return msgspec.structs.replace(event, read_point=place, destinations=going)


MADE = at(made(1, "-", X=10), NORTH)
LEFT = at(shipped(2, "-", X=4), NORTH, SOUTH)
CAME = at(received(3, "-", X=4), SOUTH)
LEFT_ELSEWHERE = at(shipped(4, "-", X=1), EAST, ELSEWHERE)
WITHIN = [MADE, at(shipped(2, "-", X=4), NORTH, ELSEWHERE), CAME]


class Port:
    """A store of events, and its answers."""

    def __init__(self, folder: Path, *batches: Sequence[Event], masters: Sequence[dict[str, str]] = ()) -> None:
        folder.mkdir(exist_ok=True)
        self.store = open_store(str(folder / "suyuan.db"))
        self.told = [(attributes.pop("key"), "location", msgspec.json.encode(attributes)) for attributes in masters]
        for number, batch in enumerate(batches, 1):
            capture(self.store, batch, msgspec.structs.replace(BY_ANYONE, accepted=number), self.told)

    def sites(self, question: Question | None = None) -> set[str]:
        """The sites of an answer."""
        with self.store.snapshot() as snapshot:
            answer = trace(open_index(None, snapshot), snapshot, question or Question((ItemSeed(item("X")),)))
            return {site.id for site in answer.sites}


def test_extensions_are_places_within_one_site(tmp_path: Path) -> None:
    """Docks that goods pass are their site's."""
    assert Port(tmp_path, WITHIN).sites() == {PORT, ELSEWHERE}


def test_extensions_between_which_an_event_ships_are_sites(tmp_path: Path) -> None:
    """Both are, and no other extension of the GLN."""
    assert Port(tmp_path, [MADE, LEFT, CAME]).sites() == {NORTH, SOUTH}
    port = Port(tmp_path / "east", [MADE, LEFT, CAME, LEFT_ELSEWHERE])
    assert port.sites() == {NORTH, SOUTH, PORT, ELSEWHERE}


def test_an_arrival_that_names_its_source_ships_too(tmp_path: Path) -> None:
    """The departure may have been lost."""
    came = msgspec.structs.replace(CAME, sources=(Reference("location", NORTH),))
    assert Port(tmp_path, [MADE, came]).sites() == {NORTH, SOUTH}


def test_it_does_not_matter_when_it_shows(tmp_path: Path) -> None:
    """Whatever the order in which events come, the graph is that of a rebuild, and the same."""
    graphs = []
    for number, order in enumerate(permutations([MADE, LEFT, CAME, LEFT_ELSEWHERE])):
        port = Port(tmp_path / str(number), *([event] for event in order))
        with port.store.snapshot() as snapshot:
            graphs.append(stored(snapshot))
            assert graphs[-1].differences(derived(snapshot)) == []
    assert all(graphs[0].differences(graph) == [] for graph in graphs)


@pytest.mark.parametrize(
    ("attributes", "apart"),
    [
        ({"urn:epcglobal:cbv:mda#city": "San Diego"}, True),
        ({"urn:epcglobal:cbv:mda:latitude": "32.7"}, True),
        ({"urn:epcglobal:cbv:mda#name": "North dock"}, False),
        ({"urn:epcglobal:cbv:mda#city": "San Diego", "urn:epcglobal:cbv:mda#sst": "204"}, False),
    ],
    ids=["a city", "a position", "a name alone", "a part of a site"],
)
def test_an_address_of_its_own_makes_an_extension_a_site(
    attributes: dict[str, str], apart: bool, tmp_path: Path
) -> None:
    """Master data that do not call it a part of a site."""
    port = Port(tmp_path, WITHIN, masters=[{"key": NORTH, **attributes}])
    assert port.sites() == {NORTH if apart else PORT, PORT, ELSEWHERE}


def test_master_data_that_come_late_count_from_the_next_event_there(tmp_path: Path) -> None:
    """Also for what is in the ledger, and in a rebuild."""
    address = [(NORTH, "location", b'{"city": "San Diego"}')]
    port = Port(tmp_path / "event", [MADE])
    capture(port.store, [], BY_ANYONE, address)
    assert port.sites() == {PORT}
    capture(port.store, [at(shipped(5, "-", Y=1), NORTH)], BY_ANYONE)
    assert port.sites() == {NORTH}
    port = Port(tmp_path / "rebuild", [MADE])
    capture(port.store, [], BY_ANYONE, address)
    rebuild(port.store)
    assert port.sites() == {NORTH}


def test_a_site_asked_for_is_the_extension_or_the_whole_gln(tmp_path: Path) -> None:
    """An extension that is a site stands for itself, any other for its site, a GLN for all that lies in it."""
    port = Port(tmp_path, [MADE, LEFT, CAME, at(made(1, "-", Y=1), EAST)])

    def items(site: str) -> set[str]:
        with port.store.snapshot() as snapshot:
            answer = trace(open_index(None, snapshot), snapshot, Question((SiteSeed(site),)))
            return {thing.id for thing in answer.items}

    assert items(SOUTH) == {item("X")}
    assert items(EAST) == items(canonical_key("urn:epc:id:sgln:0614141.00001.west")) == {item("X"), item("Y")}
    assert items(PORT) == {item("X"), item("Y")}


def test_as_known_before_it_showed_the_extension_is_a_place(tmp_path: Path) -> None:
    """An earlier position keeps its answer."""
    port = Port(tmp_path, [MADE], [LEFT, CAME])
    asked = Question((SiteSeed(NORTH),), options=Options(as_known_at=1))
    assert port.sites(asked) == {PORT}


def test_a_kill_step_at_one_extension_spares_the_others(tmp_path: Path) -> None:
    """What was cooked in the north was not cooked in the south."""
    cooked = at(told("cook", 4, "-", {"X": 4}, step="inspecting"), SOUTH)
    onward = at(shipped(5, "-", X=4), SOUTH, ELSEWHERE)
    port = Port(tmp_path, [MADE, LEFT, CAME, cooked, onward])

    def reached(site: str) -> set[str]:
        rules = Options(rules=(KillStepRule("inspecting", at=site),))
        return port.sites(Question((ItemSeed(item("X"), NORTH),), options=rules))

    assert ELSEWHERE in reached(NORTH)
    assert ELSEWHERE not in reached(SOUTH)
