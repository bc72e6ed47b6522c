"""Pure identity patterns (EPCIS 2.0 §8.2.7.1.1): which keys of each kind match, in whatever spelling they came."""

from __future__ import annotations

import pytest

from api.rest.query.patterns import read_pattern
from graph_schema.errors import InvalidIdentifier
from graph_schema.identifiers import canonical_key, take_identifier
from graph_schema.identifiers.epc_scheme import IDENTITIES
from tests.api.rest.conftest import Client, event, problem

P = "9521321"
URNS = {
    "sgtin": f"urn:epc:id:sgtin:{P}.012345.7",
    "sscc": f"urn:epc:id:sscc:{P}.1000000001",
    "sgln": f"urn:epc:id:sgln:{P}.00001.7",
    "grai": f"urn:epc:id:grai:{P}.00001.7",
    "giai": f"urn:epc:id:giai:{P}.AB-12",
    "gsrn": f"urn:epc:id:gsrn:{P}.0000000001",
    "gsrnp": f"urn:epc:id:gsrnp:{P}.0000000001",
    "gdti": f"urn:epc:id:gdti:{P}.00001.7",
    "cpi": f"urn:epc:id:cpi:{P}.AB.7",
    "sgcn": f"urn:epc:id:sgcn:{P}.00001.7",
    "ginc": f"urn:epc:id:ginc:{P}.AB",
    "gsin": f"urn:epc:id:gsin:{P}.000000001",
    "itip": f"urn:epc:id:itip:{P}.012345.01.02.7",
    "upui": f"urn:epc:id:upui:{P}.012345.7",
    "pgln": f"urn:epc:id:pgln:{P}.00001",
    "lgtin": f"urn:epc:class:lgtin:{P}.012345.7",
    "gid": "urn:epc:id:gid:1.2.7",
    "usdod": "urn:epc:id:usdod:2S194.7",
    "adi": "urn:epc:id:adi:W81X9C.3KL984PX1.7",
    "bic": "urn:epc:id:bic:CSQU3054383",
    "imovn": "urn:epc:id:imovn:9176187",
}
"""One of each kind."""
OTHERS = {
    "sgtin": f"urn:epc:id:sgtin:{P}.012346.7",
    "sscc": f"urn:epc:id:sscc:{P}.2000000001",
    "grai": f"urn:epc:id:grai:{P}.00002.7",
    "cpi": f"urn:epc:id:cpi:{P}.ABC.7",
    "itip": f"urn:epc:id:itip:{P}.012345.02.02.7",
    "upui": f"urn:epc:id:upui:{P}.112345.7",
    "lgtin": f"urn:epc:class:lgtin:{P}.112345.7",
    "sgln": f"urn:epc:id:sgln:{P}.00002.7",
    "gdti": f"urn:epc:id:gdti:{P}.00002.7",
    "adi": "urn:epc:id:adi:W81X9C.3KL984PX2.7",
    "gid": "urn:epc:id:gid:1.3.7",
}
"""Another of the same company."""
FOREIGN = {name: urn.replace(P, "9521322") for name, urn in URNS.items() if P in urn}
"""The same of another company."""


def fields(urn: str) -> list[str]:
    """The fields of a URN."""
    name, body = urn.split(":", 4)[3:]
    most = 5 if name == "itip" else 2 if name in ("giai", "ginc", "usdod") else 3
    return body.split(".", most - 1)


def pattern(name: str, known: int) -> str:
    """The pattern of one of a kind, so many of its fields known."""
    own = fields(URNS[name])
    return f"urn:epc:idpat:{name}:" + ".".join([*own[:known], *["*"] * (len(own) - known)])


def test_every_kind_is_tried() -> None:
    """Each scheme of a GS1 key is in the table."""
    assert set(IDENTITIES) <= set(URNS)


@pytest.mark.parametrize("name", URNS)
def test_a_pattern_of_every_kind(name: str) -> None:
    """However many of its fields are open: what it is of matches, and no key of another kind does."""
    key = canonical_key(URNS[name])
    for known in range(len(fields(URNS[name])) + 1):
        matches = read_pattern(pattern(name, known))
        assert matches(key), known
        others = [canonical_key(urn) for other, urn in URNS.items() if other != name]
        also = {"sgtin": "lgtin"}.get(name)
        found = [take_identifier(one)[0].scheme for one in others if matches(one)]
        assert found in ([], [also]), known


@pytest.mark.parametrize("name", FOREIGN)
def test_a_known_prefix_shuts_others_out(name: str) -> None:
    """A company's pattern matches none of another company; the open one does."""
    foreign = canonical_key(FOREIGN[name])
    assert read_pattern(pattern(name, 0))(foreign)
    assert not any(read_pattern(pattern(name, known))(foreign) for known in range(1, len(fields(URNS[name])) + 1))


@pytest.mark.parametrize("name", OTHERS)
def test_a_known_reference_shuts_others_out(name: str) -> None:
    """As far as it tells them apart, and no further."""
    other = canonical_key(OTHERS[name])
    own, differing = fields(URNS[name]), fields(OTHERS[name])
    first = next(number for number, pair in enumerate(zip(own, differing, strict=True)) if pair[0] != pair[1])
    for known in range(len(own) + 1):
        assert read_pattern(pattern(name, known))(other) == (known <= first), known


def test_classes_and_lots() -> None:
    """A pattern with an open serial matches its class, and of a GTIN its lots; that of a lot the lots alone."""
    item, lot = map(canonical_key, (f"urn:epc:idpat:sgtin:{P}.012345.*", f"urn:epc:class:lgtin:{P}.012345.L"))
    for rest in ("012345.*", "*.*"):
        matches = read_pattern(f"urn:epc:idpat:sgtin:{P}.{rest}")
        assert matches(item)
        assert matches(lot)
    lots = read_pattern(f"urn:epc:idpat:lgtin:{P}.*.*")
    assert (lots(item), lots(lot)) == (False, True)
    assert read_pattern(f"urn:epc:idpat:grai:{P}.00001.*")(canonical_key(f"urn:epc:idpat:grai:{P}.00001.*"))


@pytest.mark.parametrize(
    "wrong",
    [
        "sgtin:9521321.*", "sgtin:*.012345.*", "sgtin:9521321.*.7", "sgtin:95.*.*", "sgtin:abcdefg.*.*", "sgtin:",
        "nothing:*", "sgtin:9521321.01234.*", "sgtin:9521321.01234x.*", "itip:9521321.012345.*",
        "sscc:9521321.1000000001.*", "gid:1.*", "*",
    ],
)  # fmt: skip
def test_what_is_no_pattern(wrong: str) -> None:
    """Is refused with what is wrong and how one is written."""
    with pytest.raises(InvalidIdentifier) as error:
        read_pattern(f"urn:epc:idpat:{wrong}")
    assert error.value.remedy


def test_events_match_in_any_spelling(client: Client) -> None:
    """Given as URN, as Digital Link of any domain, with a lot beside the serial."""
    links = ("https://id.gs1.org/01/09521321000001/21/2", "https://shop.example/01/09521321000001/10/L/21/3")
    packed = event(
        6, type="AggregationEvent", parentID="https://id.gs1.org/00/095213210000000018", childEPCs=[links[0]]
    )
    del packed["epcList"]
    client.capture(
        event(1),
        event(2, epcList=[links[0]]),
        event(3, epcList=[links[1]]),
        event(4, epcList=[FOREIGN["sgtin"]]),
        event(5, epcList=[], quantityList=[{"epcClass": "https://id.gs1.org/01/09521321000001/10/L"}]),
        packed,
    )

    def found(**asked: str) -> set[int]:
        answer = client.get("/events", **asked)
        assert answer.status_code == 200, answer.text
        events = answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
        return {int(one["eventID"][-2:]) for one in events}

    for text in (f"{P}.000000.*", f"{P}.*.*"):
        assert found(MATCH_epc=f"urn:epc:idpat:sgtin:{text}") == {1, 2, 3, 6}
        assert found(MATCH_anyEPCClass=f"urn:epc:idpat:sgtin:{text}") == {5}
        assert found(MATCH_epcClass=f"urn:epc:idpat:lgtin:{text}") == {5}
    assert found(MATCH_epc="urn:epc:idpat:sgtin:*.*.*") == {1, 2, 3, 4, 6}
    assert found(MATCH_epc=f"urn:epc:idpat:sgtin:{P}.000000.2") == {2, 6}
    assert found(MATCH_parentID=f"urn:epc:idpat:sscc:{P}.*") == {6}
    assert found(MATCH_anyEPC=f"urn:epc:idpat:sscc:{P}.*|{FOREIGN['sgtin']}") == {4, 6}
    wrong = client.get("/events", MATCH_epc="urn:epc:idpat:sgtin:*.1.*")
    assert "behind a *" in problem(wrong, 400, "QueryParameterException")
