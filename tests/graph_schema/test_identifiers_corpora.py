"""Identifiers against the vectors that others wrote.

Where we disagree, `identifiers_disagreements.yaml` names the exact vector and the clause that says so; a
vector more or less fails.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph_schema.errors import InvalidIdentifier
from graph_schema.identifiers import Identifier, parse_identifier, to_urn
from graph_schema.identifiers.check_digit import check_digit, check_pair
from graph_schema.identifiers.element_format import X, Y, check_element
from graph_schema.identifiers.element_string import read_bracketed, read_raw, write_raw

pytestmark = pytest.mark.corpora

Vector = dict[str, Any]
_LINTERS = "gs1-syntax-dictionary/linter-vectors"
_DISAGREEMENTS: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "identifiers_disagreements.yaml").read_text(encoding="utf-8")
)
_UNJUDGED = {
    "describes an item and names none": {
        "couponcode", "couponposoffer", "hasnondigit", "hh", "hhmi", "hyphen", "iban", "importeridx",
        "iso3166", "iso3166999", "iso3166alpha2", "iso4217", "iso5218", "latitude", "longitude", "mediatype",
        "mi", "nonzero", "packagetype", "pcenc", "posinseqslash", "ss", "winding", "yesno", "yymmdd",
        "yyyymmdd", "yyyymmd0",
    },
    "asks a register of company prefixes, which is on line": {"gcppos1", "gcppos2"},
    "is of no key's character set": {"cset64"},
}  # fmt: skip


def _vectors(corpora: Path, name: str) -> Iterator[Vector]:
    """The vectors of a file; a line that is no JSON (a line feed in a value, cut by sorting) is none."""
    for line in (corpora / f"{name}.give.jsonl").read_text(encoding="utf-8").split("\n"):
        try:
            yield json.loads(line)
        except json.JSONDecodeError:
            continue


def _listed(name: str) -> set[str]:
    return {vector for entry in _DISAGREEMENTS.get(name, ()) for vector in entry["vectors"]}


def _gs1(text: str) -> Identifier | None:
    """What `text` names; None where it is refused or is a URI like any other."""
    try:
        identifier = parse_identifier(text)
    except InvalidIdentifier:
        return None
    return None if identifier.scheme == "uri" else identifier


def _key(text: str) -> str | None:
    identifier = _gs1(text)
    return identifier and identifier.key


def _urn(text: str, company_prefix_length: int) -> str | None:
    identifier = _gs1(text)
    try:
        return identifier and to_urn(identifier.key, company_prefix_length)
    except InvalidIdentifier:
        return None


def _accepted(ai: str, value: str) -> bool:
    try:
        check_element(ai, value)
    except InvalidIdentifier:
        return False
    return True


def test_every_disagreement_names_its_clause() -> None:
    """An entry says which clause and why, and lists its vectors once."""
    for entries in _DISAGREEMENTS.values():
        listed = [vector for entry in entries for vector in entry["vectors"]]
        assert len(listed) == len(set(listed))
        for entry in entries:
            assert re.search(r"§|RFC", entry["clause"])
            assert entry["why"]


def test_normalised_links(corpora: Path) -> None:
    """EPC URNs and Digital Links of any form have the canonical link of the event hash reference."""
    name = "ralphtro-hash/dl-normaliser-vectors"
    vectors = list(_vectors(corpora, name))
    assert len(vectors) == 33
    assert {v["input"] for v in vectors if _key(v["input"]) != v["expected"]} == _listed(name)


def _spelled(urn: str) -> str | None:
    """The URN in the standard's spelling."""
    identifier = _gs1(urn)
    return identifier and identifier.urn


def _converts(vector: Vector) -> bool:
    given, expected = vector["input"], vector["expected"]
    if vector["method"].startswith("toURI"):
        got, wanted = _key(given), _key(expected)
    else:
        prefix, _, _ = expected.rsplit(":", 1)[1].partition(".")
        got, wanted = _urn(given, len(prefix)), _spelled(expected)
    return got is not None and got == wanted


def test_conversions(corpora: Path) -> None:
    """URN to Digital Link and back as OpenEPCIS converts."""
    name = "openepcis-translator/conversion-vectors"
    vectors = [v for v in _vectors(corpora, name) if v["method"].startswith("toUR") and "Vocab" not in v["class"]]
    assert len(vectors) == 93
    assert {v["input"] for v in vectors if not _converts(v)} == _listed(name)


def _valid(vector: Vector) -> bool:
    if (length := vector["gcp_length"]) is None:
        return _gs1(vector["input"]) is not None
    return _urn(vector["input"], length) is not None


def test_validations(corpora: Path) -> None:
    """Identifiers are taken or refused as OpenEPCIS does, with the length of the company prefix given."""
    name = "openepcis-translator/validation-vectors"
    vectors = list(_vectors(corpora, name))
    assert len(vectors) == 287
    wrong = {f"{v['input']} {v['gcp_length'] or ''}".strip() for v in vectors if _valid(v) != v["valid"]}
    assert wrong == _listed(name)


def _link_agrees(vector: Vector, link: str, *element_strings: str) -> bool:
    """A link is refused, or names what each of the element strings names, as the vector says."""
    key = _key(link)
    if not vector["valid"]:
        return key is None
    return key is not None and all(_key(text) == key for text in element_strings)


def _verdict(vector: Vector) -> str:
    return f"{'taken' if vector['valid'] else 'refused'}: {vector['uri']}"


def test_links_of_the_syntax_engine(corpora: Path) -> None:
    """Digital Links are taken or refused as the syntax engine does, and name what its elements name."""
    name = "gs1-syntax-engine/digital-link-parse-vectors"
    vectors = list(_vectors(corpora, name))
    assert len(vectors) == 52
    wrong = {_verdict(v) for v in vectors if not _link_agrees(v, v["uri"], v["element_string"])}
    assert wrong == _listed(name)


def test_links_of_the_simple_parser(corpora: Path) -> None:
    """Digital Links are taken or refused as the simple parser does, and name what its elements name."""
    name = "gs1-dl-simple-parser/parse-vectors"
    vectors = list(_vectors(corpora, name))
    assert len(vectors) == 32
    wrong = {_verdict(v) for v in vectors if not _link_agrees(v, v["uri"], *v["rest"][:3])}
    assert wrong == _listed(name)


def test_links_made_of_element_strings(corpora: Path) -> None:
    """An element string names what the link names that GS1's syntax engine makes of it, or neither does."""
    vectors = list(_vectors(corpora, "gs1-syntax-engine/digital-link-generate-vectors"))
    assert len(vectors) == 11
    for vector in vectors:
        key = _key(vector["element_string"])
        assert (key is not None) == vector["valid"], vector
        assert key == (_key(vector["uri"]) if vector["valid"] else None), vector


def _elements(text: str) -> str | None:
    """The elements written raw with ^ for FNC1; None where they are refused."""
    try:
        elements = read_bracketed(text) if text.startswith("(") else read_raw(text)
        for ai, value in elements:
            check_element(ai, value)
    except InvalidIdentifier:
        return None
    return "^" + write_raw(elements).replace("\x1d", "^")


def test_bracketed_element_strings(corpora: Path) -> None:
    """Brackets are read, and written raw, as GS1's syntax engine does."""
    vectors = list(_vectors(corpora, "gs1-syntax-engine/ai-bracketed-parse-vectors"))
    assert len(vectors) == 15
    for vector in vectors:
        assert (_elements(vector["bracketed"]) or "") == vector["unbracketed"], vector


def test_raw_element_strings(corpora: Path) -> None:
    """Raw text is taken or refused as GS1's syntax engine does; what is taken is written as it came."""
    vectors = list(_vectors(corpora, "gs1-syntax-engine/ai-unbracketed-vectors"))
    assert len(vectors) == 45
    for vector in vectors:
        written = vector["unbracketed"].removesuffix("^") if vector["valid"] else None
        assert _elements(vector["unbracketed"]) == written, vector


def test_combinations_of_elements(corpora: Path) -> None:
    """What may not stand together, or names nothing alone, is refused as GS1's syntax engine does."""
    vectors = list(_vectors(corpora, "gs1-syntax-engine/ai-rule-vectors"))
    assert len(vectors) == 37
    for vector in vectors:
        assert (_key(vector["bracketed"]) is not None) == vector["valid"], vector


def _model(body: str) -> bool:
    """A Global Model Number's check pair, the rule without the length of the AI."""
    try:
        return check_pair(body[:-2]) == body[-2:]
    except ValueError:
        return False


_JUDGES: dict[str, Callable[[str], bool]] = {
    "cset39": lambda value: re.fullmatch(Y + "*", value) is not None,
    "cset82": lambda value: re.fullmatch(X + "*", value) is not None,
    "csetnumeric": lambda value: _accepted("255", "9520123456788" + value),
    "csum": lambda value: value.isdecimal() and check_digit(value[:-1]) == value[-1],
    "csumalpha": _model,
    "nozeroprefix": lambda value: _accepted("8011", value),
    "pieceoftotal": lambda value: _accepted("8006", "09520123456788" + value),
    "yymmd0": lambda value: _accepted("17", value),
    "zero": lambda value: _accepted("8003", value + "9520123456788"),
}


@pytest.mark.parametrize("linter", _JUDGES)
def test_syntax_tests(corpora: Path, linter: str) -> None:
    """Each part of a key is taken or refused as GS1's syntax test of that part does."""
    vectors = [v for v in _vectors(corpora, _LINTERS) if v["linter"] == linter]
    assert vectors
    wrong = {f"{linter} {v['value']}" for v in vectors if _JUDGES[linter](v["value"]) != v["valid"]}
    assert wrong == {vector for vector in _listed(_LINTERS) if vector.startswith(linter + " ")}


def test_every_syntax_test_is_judged_or_told_why_not(corpora: Path) -> None:
    """No syntax test of the dictionary is left out without a reason."""
    told = set(_JUDGES).union(*_UNJUDGED.values())
    assert {v["linter"] for v in _vectors(corpora, _LINTERS)} == told
