"""Identifiers: every spelling of a thing is one key, and what the key tells (design §2, rule 11)."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from graph_schema.errors import InvalidIdentifier
from graph_schema.identifiers import (
    Kind,
    canonical_key,
    digital_link,
    kind_of_key,
    lot_key,
    lot_of_class,
    parse_identifier,
    site_of_place,
    take_identifier,
    to_element_string,
    to_urn,
    wider_key,
)

GS1 = "https://id.gs1.org"

NAMED = [
    # scheme, kind, EPC URN, key after the domain, wider key after the domain
    ("gtin", "class", "urn:epc:idpat:sgtin:9521141.012345.*", "/01/09521141123454", None),
    ("lgtin", "lot", "urn:epc:class:lgtin:9521141.012345.L1", "/01/09521141123454/10/L1", "/01/09521141123454"),
    ("sgtin", "instance", "urn:epc:id:sgtin:9521141.012345.47", "/01/09521141123454/21/47", "/01/09521141123454"),
    ("upui", "instance", "urn:epc:id:upui:9521141.012345.51q", "/01/09521141123454/235/51q", "/01/09521141123454"),
    ("sscc", "logistic_unit", "urn:epc:id:sscc:9521141.1234567890", "/00/195211412345678900", None),
    ("sgln", "site", "urn:epc:id:sgln:9521141.12345.0", "/414/9521141123454", None),
    ("sgln", "site", "urn:epc:id:sgln:9521141.12345.400", "/414/9521141123454/254/400", None),
    ("pgln", "party", "urn:epc:id:pgln:9521141.12345", "/417/9521141123454", None),
    ("grai", "class", "urn:epc:idpat:grai:9521141.12345.*", "/8003/09521141123454", None),
    ("grai", "instance", "urn:epc:id:grai:9521141.12345.7", "/8003/095211411234547", "/8003/09521141123454"),
    ("giai", "instance", "urn:epc:id:giai:9521141.12345400", "/8004/952114112345400", None),
    ("gsrn", "party", "urn:epc:id:gsrn:9521141.1234567890", "/8018/952114112345678906", None),
    ("gsrnp", "party", "urn:epc:id:gsrnp:9521141.1234567890", "/8017/952114112345678906", None),
    ("gdti", "document", "urn:epc:idpat:gdti:9521141.12345.*", "/253/9521141123454", None),
    ("gdti", "document", "urn:epc:id:gdti:9521141.12345.400", "/253/9521141123454400", "/253/9521141123454"),
    ("cpi", "class", "urn:epc:idpat:cpi:9521141.123ABC.*", "/8010/9521141123ABC", None),
    ("cpi", "instance", "urn:epc:id:cpi:9521141.123ABC.9", "/8010/9521141123ABC/8011/9", "/8010/9521141123ABC"),
    ("sgcn", "class", "urn:epc:idpat:sgcn:9521141.67890.*", "/255/9521141678909", None),
    ("sgcn", "instance", "urn:epc:id:sgcn:9521141.67890.04711", "/255/952114167890904711", "/255/9521141678909"),
    ("ginc", "logistic_unit", "urn:epc:id:ginc:9521141.xyz3311cba", "/401/9521141xyz3311cba", None),
    ("gsin", "logistic_unit", "urn:epc:id:gsin:9521141.123456789", "/402/95211411234567892", None),
    ("itip", "class", "urn:epc:idpat:itip:9521141.012345.01.02.*", "/8006/095211411234540102", "/01/09521141123454"),
    (
        "itip",
        "instance",
        "urn:epc:id:itip:9521141.012345.01.02.987",
        "/8006/095211411234540102/21/987",
        "/8006/095211411234540102",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("scheme", "kind", "urn", "path", "wider"), NAMED)
def test_a_key_is_named_related_and_spelled_again(
    scheme: str, kind: str, urn: str, path: str, wider: str | None
) -> None:
    """Each EPC scheme has its canonical link, kind and wider key, and every other spelling leads back to it."""
    identifier = parse_identifier(urn)
    assert (identifier.key, identifier.urn, identifier.scheme) == (GS1 + path, urn, scheme)
    assert identifier.kind == kind_of_key(identifier.key) == Kind(kind)
    assert wider_key(identifier.key) == (wider and GS1 + wider)
    assert to_urn(identifier.key, 7) == urn
    assert canonical_key(to_element_string(identifier.key)) == identifier.key
    assert canonical_key(to_element_string(identifier.key, raw=True)) == identifier.key
    assert canonical_key(digital_link(identifier.key, "http://brand.example/shop/")) == identifier.key


OTHERS = [
    ("gid", "urn:epc:id:gid:95100000.12345.400", "urn:epc:idpat:gid:95100000.12345.*"),
    ("gid", "urn:epc:idpat:gid:95100000.12345.*", None),
    ("usdod", "urn:epc:id:usdod:2S194.12345678901", "urn:epc:idpat:usdod:2S194.*"),
    ("adi", "urn:epc:id:adi:W81X9C.3KL984PX1.2WMA52", "urn:epc:idpat:adi:W81X9C.3KL984PX1.*"),
    ("adi", "urn:epc:id:adi:2S194..%2312%2F3", "urn:epc:idpat:adi:2S194..*"),
    ("bic", "urn:epc:id:bic:CSQU3054383", None),
    ("imovn", "urn:epc:id:imovn:9176187", None),
]


@pytest.mark.parametrize(("scheme", "urn", "wider"), OTHERS)
def test_an_epc_that_is_no_gs1_key_is_its_own_key(scheme: str, urn: str, wider: str | None) -> None:
    """GID, US DoD, aerospace, container and vessel codes keep their URN, and have no other spelling."""
    identifier = parse_identifier(urn)
    assert (identifier.key, identifier.urn, identifier.scheme) == (urn, urn, scheme)
    assert identifier.kind == (Kind.class_ if "idpat" in urn else Kind.instance)
    assert wider_key(urn) == wider
    assert to_urn(urn, 7) == urn
    with pytest.raises(InvalidIdentifier, match="no GS1 key"):
        digital_link(urn)


SPELLINGS = {
    f"{GS1}/01/09520123456788": [
        "https://example.com/01/9520123456788",
        "HTTP://ID.GS1.ORG/01/09520123456788",
        "https://brand.example:8443/some/path/gtin/09520123456788?linkType=all&17=261231#top",
        f"{GS1}/01/09520123456788/22/2A",
        "(01)09520123456788",
        "(01) 09520123456788 (17) 261231",
        "0109520123456788",
        "]d201095201234567883103000195",
        " https://id.gs1.org/01/09520123456788\n",
    ],
    f"{GS1}/01/00000095201238": ["https://id.gs1.org/01/95201238", "https://example.com/gtin/95201238"],
    f"{GS1}/01/09520123456788/10/A%2FB": [
        "urn:epc:class:lgtin:9520123.045678.A%2FB",
        "URN:EPC:class:lgtin:9520123.045678.A%2fB",
        "urn:epc:class:lgtin:9520123.045678.A/B",
        "https://example.com/01/9520123456788/10/A%2fB",
        "https://example.com/01/9520123456788/lot/A%2FB",
        "https://example.com/01/9520123456788?10=A%2FB",
        "(01)09520123456788(10)A/B",
        "(10)A/B(01)09520123456788",
        "10A/B\x1d0109520123456788",
        "^010952012345678810A/B^3103000195",
    ],
    f"{GS1}/01/09520123456788/21/%21%28%25": [
        "urn:epc:id:sgtin:9520123.045678.!(%25",
        "https://id.gs1.org/01/09520123456788/10/L1/21/!(%25",
        "https://id.gs1.org/01/09520123456788/21/%21%28%25?10=L1",
        r"(01)09520123456788(21)!\(%(10)L1",
        "010952012345678821!(%\x1d10L1",
    ],
    f"{GS1}/414/9521141123454": [
        "urn:epc:id:sgln:9521141.12345.0",
        "urn:epc:idpat:sgln:9521141.12345.*",
        "https://example.org/414/9521141123454/254/0",
        "https://example.org/gln/9521141123454",
        "(414)9521141123454(254)0",
    ],
    f"{GS1}/00/195211412345678900": [
        "(00)195211412345678900(02)09520123456788(37)25(10)ABC",
        "https://a/stem/00/195211412345678900?02=09520123456788&37=25",
        "]C100195211412345678900",
    ],
    f"{GS1}/8018/952114112345678906": ["https://example.org/8018/952114112345678906/8019/12"],
    f"{GS1}/8004/9521141ABC": ["https://example.org/8004/9521141ABC/7040/1ABC"],
    f"{GS1}/8006/095211411234540102/21/9": [
        "https://fashion.example/8006/095211411234540102/22/AB/21/9",
        "(8006)095211411234540102(21)9",
    ],
    f"{GS1}/415/9521141123454/8020/R1": ["(415)9521141123454(8020)R1"],
    f"{GS1}/8013/1987654Ad4X4bL5ttr2310c2K": ["(8013)1987654Ad4X4bL5ttr2310c2K"],
}


@pytest.mark.parametrize(("key", "spelling"), [(k, s) for k, all_ in SPELLINGS.items() for s in [k, *all_]])
def test_every_spelling_gives_one_key(key: str, spelling: str) -> None:
    """URN, Digital Link of any domain and form, bracketed and raw element strings of one thing have one key."""
    assert canonical_key(spelling) == key


OPAQUE = [
    "urn:uuid:4f2b0a6e-9f0e-4b0a-9d3b-0a6e9f0e4b0a",
    "urn:jaif:id:obj:37SUN321456A",
    "https://example.com/01/report",
    "https://example.com/party/summer-2026",
    "https://example.com/401/Unauthorized",
    "https://example.com/items/7?01=09520123456781",
    "http://[::1]/01/09520123456788",
    "urn:gdst:example.org:party:船主",
    "urn:epcglobal:cbv:bt:9521141123454:1152",
]


@pytest.mark.parametrize("uri", OPAQUE)
def test_any_other_uri_is_its_own_key(uri: str) -> None:
    """A URI that is no GS1 key is taken as it is, and tells nothing else."""
    identifier = parse_identifier(uri)
    assert (identifier.key, identifier.urn, identifier.kind, identifier.scheme) == (
        uri,
        None,
        Kind.other,
        "uri",
    )
    assert wider_key(uri) is None
    assert lot_key(uri) is None
    assert site_of_place(uri) == uri


def test_an_instance_tells_the_lot_written_beside_it() -> None:
    """The lot in a serialised code is no part of the key, and is told as the lot's key."""
    text = "https://brand.example/01/9520123456788/10/L%2F1/21/S1"
    assert canonical_key(text) == f"{GS1}/01/09520123456788/21/S1"
    assert lot_key(text) == f"{GS1}/01/09520123456788/10/L%2F1"
    assert parse_identifier(text).lot == "L/1"


def test_only_an_instance_has_a_lot_of_its_own() -> None:
    """A lot is not the lot of itself, and a serial without a lot tells none."""
    assert lot_key("(01)09520123456788(10)L1") is None
    assert lot_key("(01)09520123456788(21)S1") is None


def test_the_pieces_of_a_lot_are_of_the_lot() -> None:
    """An ITIP's lot is narrower than the same lot of the trade item, so that a recall of the lot has its pieces."""
    lot = lot_key("(8006)095211411234540102(21)9(10)L1")
    assert lot == f"{GS1}/8006/095211411234540102/10/L1"
    assert wider_key(lot) == f"{GS1}/01/09521141123454/10/L1"


def test_a_place_is_at_its_site() -> None:
    """A GLN with extension is at the GLN; a GLN, or a party, is where it is."""
    site = f"{GS1}/414/9521141123454"
    assert site_of_place(f"{site}/254/dock-1") == site
    assert site_of_place(site) == site
    assert site_of_place(f"{GS1}/417/9521141123454") == f"{GS1}/417/9521141123454"


def test_the_fields_of_a_key() -> None:
    """GTIN, GLN, extension and serial are given decoded."""
    place = parse_identifier("urn:epc:id:sgln:9521141.12345.A%2F1")
    assert (place.gln, place.extension) == ("9521141123454", "A/1")
    item = parse_identifier("urn:epc:id:sgtin:9521141.012345.%22x")
    assert (item.gtin, item.serial, item.lot) == ("09521141123454", '"x', None)


@pytest.mark.parametrize("length", range(6, 13))
def test_a_urn_is_made_with_every_length_of_company_prefix(length: int) -> None:
    """6 to 12 digits of the key are the company prefix, the rest the reference."""
    urn = to_urn(f"{GS1}/414/9521141123454", length)
    assert urn == f"urn:epc:id:sgln:{'952114112345'[:length]}.{'952114112345'[length:]}.0"
    assert canonical_key(urn) == f"{GS1}/414/9521141123454"


REFUSED = [
    # text, what the error says, the clause it names
    ("https://id.gs1.org/01/09520123456781", "check digit 1 where 8 is right", "§7.9.1"),
    ("(00)195211412345678901", "check digit 1 where 0 is right", "§7.9.1"),
    ("(8013)1987654Ad4X4bL5ttr2310cXX", "check characters XX where 2K is right", "§7.9.5"),
    ("urn:epc:id:bic:CSQU3054384", "check digit 4 where 3 is right", "§6.3.19"),
    ("urn:epc:id:imovn:9176180", "check digit 0 where 7 is right", "§6.3.20"),
    ("urn:epc:id:sgtin:95211.01234567.1", "not 6 to 12 digits", "§6.3.1"),
    ("urn:epc:id:sgtin:9521141.01234.1", "12 digits in prefix and reference where 13 belong", "§6.3.1"),
    ("urn:epc:id:sgtin:9521141.0123x5.1", "not of digits", "§6.3.1"),
    ("urn:epc:id:sgtin:9521141.012345.", "empty last field", "§6.3.1"),
    ("urn:epc:id:sgtin:9521141.012345", "2 fields where 3 belong", "§6.3.1"),
    ("urn:epc:id:sgtin:9521141.012345." + "9" * 21, "not 1 to 20 characters", "(21)"),
    ("urn:epc:id:sgtin:9521141.012345.a%20b", "not 1 to 20 characters of set 82", "(21)"),
    ("urn:epc:id:sgtin:9521141.012345.%FF", "no UTF-8", "RFC 3986"),
    ("urn:epc:idpat:sgtin:9521141.*.*", "not of digits", "§6.3.1"),
    ("urn:epc:idpat:sgtin:9521141.012345.1", "names no one class", "§6.3.1"),
    ("urn:epc:idpat:sscc:9521141.*", "names no one class", "§6.3.2"),
    ("urn:epc:idpat:bic:*", "names no one class", "§6.3.19"),
    ("urn:epc:idpat:gid:1.2.3", "names no one class", "§6.3.16"),
    ("urn:epc:id:gid:1.02.3", "three numbers without leading zeros", "§6.3.16"),
    ("urn:epc:id:cpi:9521141..1", "no reference after the company prefix", "§6.3.9"),
    ("urn:epc:id:cpi:9521141.ab.1", "of set 39", "(8010)"),
    ("urn:epc:id:cpi:9521141.AB.01", "without a leading zero", "(8011)"),
    ("urn:epc:id:itip:9521141.012345.1.02.1", "not of 2 digits", "§6.3.13"),
    ("urn:epc:id:itip:9521141.012345.03.02.1", "piece 03 of 02", "(8006)"),
    ("urn:epc:tag:sgtin-96:3.9521141.012345.1", "no EPC URN of a known scheme", "§6.3"),
    ("urn:epc:class:sgtin:9521141.012345.1", "no EPC URN of a known scheme", "§6.3"),
    ("urn:epc:", "no EPC URN of a known scheme", "§6.3"),
    ("https://id.gs1.org/", "no primary key", "§4"),
    ("https://id.gs1.org/01", "no primary key", "§4"),
    ("https://id.gs1.org/01/09520123456788/", "ends without a value", "§4"),
    ("https://id.gs1.org/01/09520123456788/254/1", "does not qualify (01)", "§4"),
    ("https://id.gs1.org/01/09520123456788/10/A?10=A", "identifier twice", "§4"),
    ("https://id.gs1.org/01/09520123456788?17=", "no application identifier with its value", "§4"),
    ("https://id.gs1.org/01/09520123456788?17=261301", "N2+N6", "(17)"),
    ("https://id.gs1.org/01/09520123456788?17=260230", "no date", "(17)"),
    ("https://id.gs1.org/8010/9521141A#B", "write %23", "§4"),
    ("https://example.com/01/095201234567881", "is not 14 digits", "(01)"),
    ("(415)9521141123454", "without a payment slip reference", "§4.14.2"),
    ("(10)ABC", "no GS1 key among (10)", "§3.2"),
    ("(89)ABC", "(89) is no application identifier", "§3.2"),
    ("(01)09520123456788(10", "cannot be read from character 19", "§7.8"),
    ("(01)09520123456788(10)A(10)B", "(10) has two values", "§4.14.1"),
    ("(01)09520123456788(21)A(235)B", "exclude each other", "§4.14.1"),
    ("(01)09520123456788(8030)SIG", "signs a serialised key", "§4.14.2"),
    ("^", "is empty", "§7.8"),
    ("5095201234567", "no application identifier at '5095'", "§7.8"),
    ("Hello World!", "neither a GS1 key nor a URI", "EPCIS 2.0"),
    ("", "neither a GS1 key nor a URI", "EPCIS 2.0"),
    ("http://", "neither a GS1 key nor a URI", "EPCIS 2.0"),
    ("urn:x:" + "a" * 3000, "3006 characters", "loading.md"),
]


@pytest.mark.parametrize(("text", "what", "rule"), REFUSED)
def test_what_breaks_a_rule_is_refused_with_the_rule(text: str, what: str, rule: str) -> None:
    """The error says what is wrong, by which clause, and what to do."""
    with pytest.raises(InvalidIdentifier) as caught:
        parse_identifier(text)
    assert what in caught.value.what
    assert rule in (caught.value.rule or "")
    assert caught.value.remedy


@pytest.mark.parametrize("length", [0, 5, 13])
def test_a_company_prefix_has_6_to_12_digits(length: int) -> None:
    """No URN is made with a prefix of another length (TDS §7.1)."""
    with pytest.raises(InvalidIdentifier, match="no length of a company prefix"):
        to_urn(f"{GS1}/414/9521141123454", length)


@pytest.mark.parametrize("path", ["/8013/1987654Ad4X4bL5ttr2310c2K", "/8006/095211411234540102/10/L", "/8010/9521141"])
def test_no_urn_is_made_where_the_standard_has_none(path: str) -> None:
    """A model number, a lot of pieces, and a text that ends with the prefix have no EPC URN."""
    with pytest.raises(InvalidIdentifier):
        to_urn(GS1 + path, 7)


KEPT = [
    # written, key, kind, wider key
    ("https://id.gs1.org/00/401234560095633759", None, "logistic_unit", None),
    ("https://x.example/00/401234560095633759", "https://id.gs1.org/00/401234560095633759", "logistic_unit", None),
    ("urn:epc:id:sscc:08600031303.0004", None, "logistic_unit", None),
    ("urn:epc:class:lgtin:9521141.01.L1", None, "lot", "urn:epc:idpat:sgtin:9521141.01.*"),
    ("urn:epc:id:sgtin:9521141.01.S1", None, "instance", "urn:epc:idpat:sgtin:9521141.01.*"),
    ("urn:epc:id:sgtin:9521141.012345.a%20b", None, "instance", f"{GS1}/01/09521141123454"),
    ("urn:epc:idpat:sgtin:9521141.01.*", None, "class", None),
    ("urn:epc:id:grai:9521141.1.7", None, "instance", "urn:epc:idpat:grai:9521141.1.*"),
    ("urn:epc:id:sgln:9521141.1.7", None, "site", None),
    ("urn:epc:id:sgtin:95", None, "instance", None),
    ("urn:epc:id:bic:CSQU3054384", None, "instance", None),
    ("urn:epc:id:nonsense:1", None, "other", None),
    ("https://id.gs1.org/01/09520123456781/10/A", None, "lot", "https://id.gs1.org/01/09520123456781"),
    ("http://x.example/01/9520123456781/21/A", f"{GS1}/01/09520123456781/21/A", "instance", f"{GS1}/01/09520123456781"),
    ("(01)09520123456781(21)A", None, "other", None),
    ("https://id.gs1.org/01/09520123456788/10/%E6%89%B9", None, "lot", f"{GS1}/01/09520123456788"),
    ("https://id.gs1.org/01/%FF", None, "other", None),
    ("pallet 7", None, "other", None),
]  # fmt: skip


@pytest.mark.parametrize(("written", "key", "kind", "wider"), KEPT)
def test_what_breaks_a_rule_can_be_kept(written: str, key: str | None, kind: str, wider: str | None) -> None:
    """A key of others that breaks a rule names what its form says, under one key, with the error told."""
    identifier, error = take_identifier(written)
    assert isinstance(error, InvalidIdentifier)
    assert identifier.key == (key or written)
    assert identifier.kind == kind_of_key(identifier.key) == Kind(kind)
    assert wider_key(identifier.key) == wider
    assert take_identifier(identifier.key)[0].key == identifier.key


def test_what_keeps_the_rules_is_taken_without_an_error() -> None:
    """A valid identifier is taken as it is parsed."""
    text = "urn:epc:id:sgtin:9521141.012345.47"
    assert take_identifier(text) == (parse_identifier(text), None)


def test_a_lot_number_from_master_data_is_of_its_class() -> None:
    """A lot number in whatever script makes a lot of the GTIN; only a class has lots."""
    gtin = f"{GS1}/01/09520123456788"
    assert lot_of_class(gtin, "L/1") == f"{gtin}/10/L%2F1"
    lot = lot_of_class(gtin, "批号 7")
    assert lot is not None
    assert (kind_of_key(lot), wider_key(lot)) == (Kind.lot, gtin)
    assert lot_of_class(f"{gtin}/21/S1", "L1") is None
    assert lot_of_class(f"{GS1}/8003/09521141123454", "L1") is None


def test_the_examples_of_the_documentation_run() -> None:
    """Every example in docs/identifiers.md gives what is printed there."""
    page = Path(__file__).parents[2] / "docs" / "identifiers.md"
    result = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert result.attempted > 15
    assert result.failed == 0


def test_half_a_character_is_no_code() -> None:
    """A surrogate without its other half, beside percent codes, is refused by rule."""
    with pytest.raises(InvalidIdentifier, match="no UTF-8"):
        parse_identifier("https://id.gs1.org/01/\ud800%30")
