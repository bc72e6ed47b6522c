"""Codes of the product systems: what is read in them, what their checks say, which key they have."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_schema.errors import InvalidIdentifier
from graph_schema.identifiers import Kind, canonical_key, kind_of_key
from graph_schema.profiles import Checked, Scheme, parse_code, profiles, read_code, read_codes
from graph_schema.profiles.checking import CHECKS
from graph_schema.profiles.codes import LONGEST, shared_scheme

EVERY = sorted(
    {scheme.space: scheme for each in profiles().latest() for scheme in profiles().schemes(each)}.values(),
    key=lambda scheme: scheme.space,
)
DIGITS = string.digits
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
VIN = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"


def shared(name: str) -> Scheme:
    """A scheme that all profiles share."""
    return shared_scheme(name, profiles().common)


def own(space: str) -> Scheme:
    """A scheme of a profile's own, as `profile.scheme`."""
    return next(scheme for scheme in EVERY if scheme.space == space)


def test_a_scheme_is_vague_whose_form_nearly_any_text_has() -> None:
    """Letters and digits in any order and number; never where a check tells more than the form."""
    vague = {scheme.space for scheme in EVERY if scheme.is_vague}
    assert {"ecode", "agri_edible.quality_mark_cert", "rare_earth.quota_no", "seed.unit_code"} <= vague
    assert {"rare_earth.invoice_no", "civil_explosives.detonator_uid"} <= vague
    firm = {"gtin", "sscc", "vin", "uscc", "lgtin", "drug.drug_trace_code", "elevator.equipment_code", "sc_licence"}
    assert not firm & vague


@pytest.mark.parametrize("scheme", EVERY, ids=lambda scheme: scheme.space)
def test_an_example_is_read_by_its_scheme_and_has_a_key(scheme: Scheme) -> None:
    """Each scheme reads its example, refuses it not, and gives it one key, which is its own key."""
    code = parse_code(scheme.example, scheme)
    assert code.checked is not Checked.FAILS
    assert canonical_key(code.key) == code.key
    assert code in read_codes(scheme.example, EVERY)


@pytest.mark.parametrize("scheme", EVERY, ids=lambda scheme: scheme.space)
@given(text=st.text(max_size=40))
def test_any_text_is_read_or_not_and_never_breaks(scheme: Scheme, text: str) -> None:
    """What is no code is None; what is one has a check that says something and a key."""
    code = read_code(text, scheme)
    assert code is None or (code.checked in Checked and code.key)


def test_codes_of_gs1_have_the_key_of_gs1() -> None:
    """A printed GTIN, an SSCC, a GLN, a lot and a UDI are what their Digital Links are."""
    link = "https://id.gs1.org"
    assert parse_code("6901234567892", shared("gtin")).key == f"{link}/01/06901234567892"
    assert parse_code("069012345000000011", shared("sscc")).key == f"{link}/00/069012345000000011"
    assert parse_code("6901234500011", shared("gln")).key == f"{link}/414/6901234500011"
    lot = parse_code("urn:epc:class:lgtin:6901234.056789.LOT2401", shared("lgtin"))
    assert (lot.key, kind_of_key(lot.key)) == (f"{link}/01/06901234567892/10/LOT2401", Kind.lot)
    device = parse_code("(01)06901234567892(11)170801(17)220801(10)L2017(21)S0001", own("medical_device.udi_gs1"))
    assert device.key == f"{link}/01/06901234567892/21/S0001"


def test_a_national_code_has_a_key_under_its_scheme() -> None:
    """Two schemes of one form are two keys; signs outside an URN are encoded."""
    detonator = parse_code("4170901A00037", own("civil_explosives.detonator_code"))
    assert detonator.key == "urn:suyuan:code:civil_explosives.detonator_code:4170901A00037"
    assert detonator.parts == {
        "maker": "41", "year": "7", "month": "09", "day": "01", "feature": "A", "serial": "00037",
    }  # fmt: skip
    assert parse_code("豫A12345", shared("plate")).key == "urn:suyuan:code:plate:%E8%B1%ABA12345"
    pesticide, seed = own("pesticide.unit_code"), own("seed.unit_code")
    assert parse_code(pesticide.example, pesticide).key != parse_code(seed.example, seed).key


def test_one_text_may_be_a_code_of_several_schemes() -> None:
    """Twenty digits are a drug's code and many others; each reading is told."""
    spaces = {code.scheme.space for code in read_codes("81234560123456789012", EVERY)}
    assert {"drug.drug_trace_code", "meat_vegetable.mv_trace_code", "seed.unit_code"} <= spaces


def test_a_known_check_that_fails_is_refused_with_its_reason() -> None:
    """The rule is named, and what to do."""
    with pytest.raises(InvalidIdentifier, match=r"the check of Unified social credit code .* fails"):
        parse_code("91110000600037342L", shared("uscc"))
    with pytest.raises(InvalidIdentifier, match="has not the form of Livestock ear tag"):
        parse_code("941010000000123", own("meat_vegetable.ear_tag"))


def test_an_unknown_check_never_refuses() -> None:
    """A drug's trace code with any last sign is taken, and its check told to be unknown."""
    scheme = own("drug.drug_trace_code")
    for last in DIGITS:
        assert parse_code("8123456012345678901" + last, scheme).checked is Checked.UNKNOWN


def test_a_vin_that_fails_is_marked_only() -> None:
    """Vehicles built for Europe may have no check digit."""
    assert parse_code("1M8GDM9A1KP042788", shared("vin")).checked is Checked.FAILS


def test_a_rural_collective_has_a_code() -> None:
    """Its first letter is N, which others' libraries refuse."""
    body = "N2110000600037341"
    assert [last for last in ALPHABET if CHECKS["gb32100_mod31"](body + last, {})] != []


@pytest.mark.parametrize("day", ["20170229", "20171301", "20170931"])
def test_a_day_that_is_none_is_refused(day: str) -> None:
    """The date in a veterinary drug's code is a day of the calendar."""
    with pytest.raises(InvalidIdentifier, match="fails"):
        parse_code(f"{day}0123412345678901", own("vet_drug.trace_code"))


def test_a_year_of_one_digit_is_of_any_decade() -> None:
    """The twenty-ninth of February of a year ending in 0 may be; of one ending in 1 never."""
    assert read_code("4100229A00037", own("civil_explosives.detonator_code")).checked is Checked.HOLDS
    assert read_code("4110229A00037", own("civil_explosives.detonator_code")).checked is Checked.FAILS


def test_a_code_that_is_too_long_is_none() -> None:
    """What a stranger sends is bounded before a pattern is tried."""
    assert read_code("1" * (LONGEST + 1), own("pesticide.label_qr")) is None


def test_digits_are_those_of_ascii() -> None:
    """Full-width and Arabic digits are no digits of a code."""
    assert read_code("６９０１２３４５６７８９２", shared("gtin")) is None


BODIES = {
    "gs1_mod10": (st.text(DIGITS, min_size=7, max_size=17), DIGITS),
    "gb32100_mod31": (st.text(ALPHABET, min_size=17, max_size=17), ALPHABET),
    "iso7064_mod11_10": (st.text(DIGITS, min_size=1, max_size=20), DIGITS),
    "cas_mod10": (st.from_regex(r"[1-9][0-9]{1,6}-[0-9]{2}-", fullmatch=True), DIGITS),
}


@pytest.mark.parametrize("name", BODIES)
@given(data=st.data())
def test_exactly_one_check_character_holds(name: str, data: st.DataObject) -> None:
    """Of all characters that may follow a body, one is its check."""
    bodies, signs = BODIES[name]
    body = data.draw(bodies)
    assert len([last for last in signs if CHECKS[name](body + last, {})]) == 1


@given(st.text(VIN, min_size=8, max_size=8), st.text(VIN, min_size=8, max_size=8))
def test_exactly_one_check_character_of_a_vin_holds(head: str, tail: str) -> None:
    """It stands in the ninth place."""
    assert len([sign for sign in "0123456789X" if CHECKS["vin_mod11"](head + sign + tail, {})]) == 1


@pytest.mark.parametrize("name", ["gs1_mod10", "gb32100_mod31", "iso7064_mod11_10"])
@given(data=st.data())
def test_one_wrong_character_is_found(name: str, data: st.DataObject) -> None:
    """A code of which one character is another fails its check."""
    bodies, signs = BODIES[name]
    body = data.draw(bodies)
    right = next(body + last for last in signs if CHECKS[name](body + last, {}))
    place = data.draw(st.integers(0, len(right) - 1))
    other = data.draw(st.sampled_from([sign for sign in signs if sign != right[place]]))
    assert not CHECKS[name](right[:place] + other + right[place + 1 :], {})


@given(st.dates())
def test_every_day_of_the_calendar_holds(day: object) -> None:
    """As eight digits."""
    assert CHECKS["calendar"](f"{day:%Y%m%d}".rjust(8, "0"), {})
