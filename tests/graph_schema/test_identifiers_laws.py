"""Laws of identifiers over random keys, spellings and texts (design §2)."""

from __future__ import annotations

import contextlib
import string
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote, unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graph_schema.errors import InvalidIdentifier
from graph_schema.identifiers import (
    canonical_key,
    digital_link,
    kind_of_key,
    lot_key,
    parse_identifier,
    site_of_place,
    take_identifier,
    to_element_string,
    to_urn,
    wider_key,
)

DIGITS = string.digits
SET_39 = "#-/" + DIGITS + string.ascii_uppercase
SET_82 = "!\"%&'()*+,-./:;<=>?_" + DIGITS + string.ascii_letters
NO_NUMBER = ""


class Form(NamedTuple):
    """What a scheme's URN is made of: digits of prefix and reference (0: text), and the characters of its serial."""

    digits: int
    serial: str = NO_NUMBER
    longest: int = 0
    reference: str = DIGITS
    middle: str = ""


FORMS = {
    "id:sgtin": Form(13, SET_82, 20),
    "class:lgtin": Form(13, SET_82, 20),
    "id:upui": Form(13, SET_82, 28),
    "id:sscc": Form(17),
    "id:sgln": Form(12, SET_82, 20),
    "id:pgln": Form(12),
    "id:grai": Form(12, SET_82, 16),
    "id:gdti": Form(12, SET_82, 17),
    "id:sgcn": Form(12, DIGITS, 12),
    "id:gsrn": Form(17),
    "id:gsrnp": Form(17),
    "id:gsin": Form(16),
    "id:giai": Form(0, reference=SET_82),
    "id:ginc": Form(0, reference=SET_82),
    "id:cpi": Form(0, "123456789", 12, reference=SET_39),
    "id:itip": Form(13, SET_82, 20, middle=".01.02"),
}
PATTERNS = [
    "idpat:sgtin", "idpat:grai", "idpat:gdti", "idpat:sgcn", "idpat:cpi", "idpat:itip",
]  # fmt: skip
CHECKED = ["id:sgtin", "class:lgtin", "id:sscc", "id:sgln", "id:pgln", "id:grai", "id:gdti", "id:gsrn", "id:gsin"]


def _in_urn(value: str) -> str:
    return quote(value, safe="!'()*+,-.:;=_")


@st.composite
def _urns(draw: st.DrawFn, name: str) -> str:
    form = FORMS[name.replace("idpat", "id")]
    prefix = draw(st.text(DIGITS, min_size=6, max_size=12))
    rest = form.digits - len(prefix) if form.digits else None
    size = (rest, rest) if rest is not None else (1, 30 - len(prefix))
    reference = draw(st.text(form.reference, min_size=size[0] or 0, max_size=size[1]))
    body = f"{prefix}.{_in_urn(reference)}{form.middle}"
    if name.startswith("idpat"):
        return f"urn:epc:{name}:{body}.*"
    if not form.serial:
        return f"urn:epc:{name}:{body}"
    serial = draw(st.text(form.serial, min_size=1, max_size=form.longest))
    return f"urn:epc:{name}:{body}.{_in_urn(serial)}"


any_urn = st.sampled_from([*FORMS, *PATTERNS]).flatmap(_urns)


def _prefix_length(urn: str) -> int:
    return len(urn.split(":", 4)[4].partition(".")[0])


@pytest.mark.parametrize("name", [*FORMS, *PATTERNS])
def test_urn_to_link_and_back(name: str) -> None:
    """An EPC URN becomes a Digital Link and, with the length of its company prefix, the same URN again."""

    @settings(max_examples=40, deadline=None)
    @given(_urns(name))
    def holds(urn: str) -> None:
        identifier = parse_identifier(urn)
        assert identifier.urn == urn
        assert identifier.key.startswith("https://id.gs1.org/")
        assert to_urn(identifier.key, _prefix_length(urn)) == urn

    holds()


def _encode_all(link: str) -> str:
    """The link with every character of its last value percent-encoded, in lower-case hexadecimal."""
    stem, _, value = link.rpartition("/")
    return stem + "/" + "".join(f"%{ord(character):02x}" for character in unquote(value))


RESPELL: list[Callable[[str], str]] = [
    to_element_string,
    lambda key: to_element_string(key, raw=True),
    lambda key: "]C1" + to_element_string(key, raw=True),
    lambda key: "^" + to_element_string(key, raw=True).replace("\x1d", "^"),
    lambda key: to_element_string(key) + "(99)NOTE",
    lambda key: digital_link(key, "http://brand.example:8080/a/b"),
    lambda key: digital_link(key, "HTTPS://ID.GS1.ORG"),
    lambda key: key + "?linkType=gs1:pip&99=NOTE",
    _encode_all,
    lambda key: "  " + key + "\n",
]


@settings(max_examples=300, deadline=None)
@given(any_urn)
def test_every_spelling_is_one_key(urn: str) -> None:
    """However a key is written, it is the same key, and a canonical key is its own canonical key."""
    key = canonical_key(urn)
    assert canonical_key(key) == key
    for respell in RESPELL:
        assert canonical_key(respell(key)) == key, respell(key)


@settings(max_examples=300, deadline=None)
@given(any_urn, st.data())
def test_different_things_have_different_keys(urn: str, data: st.DataObject) -> None:
    """A URN with one digit or letter changed, where it is one still, names another thing: nothing is folded."""
    start = len("urn:epc:") + urn[len("urn:epc:") :].index(":", 6) + 1
    places = [p for p in range(start, len(urn)) if urn[p].isalnum() and "%" not in urn[p - 2 : p]]
    place = data.draw(st.sampled_from(places))
    put = data.draw(st.sampled_from([c for c in DIGITS + string.ascii_letters if c != urn[place]]))
    changed = urn[:place] + put + urn[place + 1 :]
    with contextlib.suppress(InvalidIdentifier):
        assert canonical_key(changed) != canonical_key(urn)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(CHECKED).flatmap(_urns), st.data())
def test_a_wrong_digit_is_refused_and_the_right_check_digit_named(urn: str, data: st.DataObject) -> None:
    """Any one wrong digit of a checked number is refused; a wrong check digit is told with the right one."""
    ai, value = map(unquote, canonical_key(urn).split("/")[3:5])
    checked = {"00": 18, "01": 14, "402": 17, "8003": 14, "8017": 18, "8018": 18}.get(ai, 13)
    place = data.draw(st.integers(1 if ai == "8003" else 0, checked - 1))
    wrong = data.draw(st.sampled_from([d for d in DIGITS if d != value[place]]))
    mutated = value[:place] + wrong + value[place + 1 :]
    with pytest.raises(InvalidIdentifier) as caught:
        parse_identifier(f"https://id.gs1.org/{ai}/{quote(mutated, safe='')}")
    if place == checked - 1:
        assert f"check digit {wrong} where {value[place]} is right" in caught.value.what


@settings(max_examples=300, deadline=None)
@given(any_urn)
def test_wider_goes_up_and_ends(urn: str) -> None:
    """What is wider is another key, of a class or a lot or a document type, and the way up ends."""
    for wider in _ways_up(canonical_key(urn)):
        assert kind_of_key(wider) in ("class", "lot", "document")
        assert canonical_key(wider) == wider


def _ways_up(key: str) -> list[str]:
    """The wider keys of a key; none comes twice, and there are at most three."""
    seen = [key]
    while (wider := wider_key(seen[-1])) is not None:
        assert wider not in seen
        seen.append(wider)
    assert len(seen) <= 4
    return seen[1:]


_PIECES = st.sampled_from(
    [
        "urn:", "epc:", "id:", "idpat:", "class:", "sgtin:", "lgtin:", "sgln:", "itip:", "cpi:", "gid:", "adi:", "bic:",
        "https://", "http://", "id.gs1.org", "/01/", "/10/", "/21/", "/00/", "/8003/", "/8010/", "/415/", "/", "?", "#",
        "&", "=", "(01)", "(10)", "(", ")", "\\", "^", "\x1d", "]C1", "09520123456788", "195211412345678900", "9521141",
        "*", ".", "%", "%2F", "%00", "%FF", "%zz", "٠١", "\ud800", "\n", " ", "0", "99",
    ]
)  # fmt: skip
any_text = st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=12).map("".join))
QUESTIONS: list[Callable[[str], object]] = [
    parse_identifier,
    canonical_key,
    to_element_string,
    digital_link,
    lambda text: to_urn(text, 7),
]
TELLING: list[Callable[[str], object]] = [take_identifier, kind_of_key, wider_key, lot_key, site_of_place]


@settings(max_examples=1500, deadline=None)
@given(any_text)
@example("urn:epc:id:gid:")
@example("https://id.gs1.org/01/%D9%A0%D9%A1%D9%A2%D9%A3%D9%A4%D9%A5%D9%A6%D9%A7")
@example("http://[/01/09520123456788")
@example("(٠١)09520123456788")
def test_no_text_does_worse_than_be_refused(text: str) -> None:
    """Every spelling answers any text or refuses it as an invalid identifier; what a key tells is told of any."""
    for tell in TELLING:
        tell(text)
    for question in QUESTIONS:
        with contextlib.suppress(InvalidIdentifier):
            question(text)


@settings(max_examples=500, deadline=None)
@given(any_urn, st.data())
def test_a_changed_key_is_refused_or_another_key(urn: str, data: st.DataObject) -> None:
    """A key with a character changed is refused or has a key; either way it is taken under one key for good."""
    key = canonical_key(urn)
    text = data.draw(st.sampled_from([urn, *[respell(key) for respell in RESPELL]]))
    place = data.draw(st.integers(0, len(text)))
    put = data.draw(st.one_of(st.characters(), _PIECES, st.just("")))
    lost = data.draw(st.integers(0, 2))
    changed = text[:place] + put + text[place + lost :]
    for question in QUESTIONS:
        with contextlib.suppress(InvalidIdentifier):
            question(changed)
    taken, error = take_identifier(changed)
    again, error_again = take_identifier(taken.key)
    assert (again.key, again.kind, again.scheme) == (taken.key, taken.kind, taken.scheme)
    assert error is not None or error_again is None
    _ways_up(taken.key)
