"""Many codes of one thing, and one code on two."""

from __future__ import annotations

from graph_schema.event import Event
from graph_schema.profiles import parse_code, profiles, schemes_of
from graph_schema.profiles.aliases import aliases_of
from graph_schema.profiles.codes import Scheme, shared_scheme
from tests.worlds.reading import read_events

LINK = "https://id.gs1.org/8004/6901234LIFT0001"
OTHER = "https://id.gs1.org/8004/6901234LIFT0002"
(ELEVATOR,) = profiles().versions("elevator")
OWN: dict[str, Scheme] = {scheme.name: scheme for scheme in schemes_of(ELEVATOR, profiles().common)}
PLATE = parse_code("311010123201700098", OWN["equipment_code"]).key
RESCUE = parse_code("410123", OWN["rescue_no"]).key


def told(*things: str, codes: object) -> Event:
    """An event that names things, and codes."""
    (event,) = read_events(
        [
            {
                "@context": [
                    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
                    {"x": "https://example.org/x#"},
                ],
                "type": "ObjectEvent",
                "action": "OBSERVE",
                "bizStep": "inspecting",
                "eventTime": "2017-07-01T08:00:00+08:00",
                "eventTimeZoneOffset": "+08:00",
                "epcList": list(things),
                "x:codes": codes,
            }
        ]
    )
    return event


def test_many_codes_are_of_one_thing() -> None:
    """Each code leads to it, in any spelling of it; a code of which nothing is told is itself."""
    urn = "urn:epc:id:giai:6901234.LIFT0001"
    found = aliases_of([told(urn, codes=[PLATE, RESCUE]), told(LINK, codes=[PLATE])])
    assert [found.thing(code) for code in (PLATE, RESCUE, "urn:x:y")] == [LINK, LINK, "urn:x:y"]
    assert found.codes(LINK) == [PLATE, RESCUE]
    assert found.clones() == {}


def test_a_code_on_two_things_is_a_clone_and_stands_for_neither() -> None:
    """It is a finding that names both; nothing is merged."""
    found = aliases_of([told(LINK, codes=[RESCUE]), told(OTHER, codes=[RESCUE, PLATE])])
    assert found.clones() == {RESCUE: (LINK, OTHER)}
    assert found.thing(RESCUE) == RESCUE
    assert found.thing(PLATE) == OTHER


def test_codes_beside_several_things_are_nobodys() -> None:
    """Nobody says whose they are."""
    assert aliases_of([told(LINK, OTHER, codes=[RESCUE])]).things == {}


def test_a_printed_code_is_what_its_link_is() -> None:
    """One code may be told alone, in any spelling; a thing is no alias of itself."""
    case = parse_code("069012345000000011", shared_scheme("sscc", profiles().common)).key
    found = aliases_of([told(LINK, codes="(00)069012345000000011"), told(LINK, codes=[LINK])])
    assert found.things == {case: (LINK,)}
