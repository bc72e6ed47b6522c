"""What a file of a product system must not hold: each kind of fault is refused with file, line and reason."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from pathlib import Path

import pytest

from graph_schema.errors import InvalidProfile
from graph_schema.profiles.loading import COMMON, SYSTEMS, load_common, load_profiles
from tests.systems.test_profiles import text_of, write

NAME = "tofu"
TEXT = text_of("other_food").replace("profile: other_food\n", f"profile: {NAME}\n", 1)


def refused(folder: Path, text: str, name: str = NAME, *others: Traversable) -> list[str]:
    """The faults that a file is refused with."""
    write(folder, name, text)
    with pytest.raises(InvalidProfile) as caught:
        load_profiles(*others, folder)
    return caught.value.what.splitlines()


def line_of(text: str, part: str) -> int:
    """The line on which a part of a text begins."""
    assert text.count(part) == 1, part
    return text[: text.index(part)].count("\n") + 1


FAULTS = {
    "a stage that is not there": (
        "next: [circulation], subjects: [producer, lab]",
        "next: [circulatoin], subjects: [producer, lab]",
        "`circulatoin` is no stage",
    ),
    "an event of a stage that is not there": (
        "{id: make, stage: processing",
        "{id: make, stage: procesing",
        "`procesing` is no stage",
    ),
    "a subject that is not there": (
        "by: [distributor, retailer, platform]",
        "by: [distributor, retailor, platform]",
        "`retailor` is no subject",
    ),
    "an item that is not there": (
        "of: [case, pack], kde: [lot, qty, uom]",
        "of: [crate, pack], kde: [lot, qty, uom]",
        "`crate` is no item",
    ),
    "an input that is not there": ("in: [bulk, contact_material]", "in: [bulk, foil]", "`foil` is no item"),
    "a contact of what is not there": ("contact: [line, pack]", "contact: [hose, pack]", "`hose` is no item"),
    "a contact of which nothing tells where its ends stand": (
        "contact: [line, pack], contact_at: [extension equipment, output]",
        "contact: [line, pack]",
        "`fill` needs `contact_at`",
    ),
    "ends of a contact that is not declared": (
        "of: [case, pack], kde: [lot, qty, uom]",
        "of: [case, pack], contact_at: [parent, child], kde: [lot, qty, uom]",
        "needs `contact_at` for its contact, and only for that",
    ),
    "an end of a contact that no event has": (
        "contact: [line, pack], contact_at: [extension equipment, output]",
        "contact: [line, pack], contact_at: [extension equipment, product]",
        "`product` is no role of EPCIS, and no extension",
    ),
    "a contact of its own and of another profile": (
        "contact: [line, pack], ",
        "contact: [line, pack], contact_profile: agri_edible.harvest, ",
        "`fill` has a contact of its own",
    ),
    "a way back of no contact": (
        "of: [case, pack], kde: [lot, qty, uom]",
        "of: [case, pack], contact_back: true, kde: [lot, qty, uom]",
        "has no contact",
    ),
    "a cleaning of what is no vector": (
        "of: [case, pack], kde: [lot, qty, uom]",
        "of: [case, pack], cleans: [pack], kde: [lot, qty, uom]",
        "`pack` is no vector",
    ),
    "a key data element that is not there": (
        "kde: [lot, test_report, test_result]",
        "kde: [lot, test_report, taste]",
        "`taste` is no key data element",
    ),
    "a link to an event that is not there": (
        "{from: make, to: fill",
        "{from: make, to: bottle",
        "`bottle` is no event",
    ),
    "a link by nothing known": ("to: fill, match: lot", "to: fill, match: smell", "`smell` is no key to match by"),
    "a department that is not there": (
        "support: [iib, aec, cob, qts]",
        "support: [iib, aec, cob, moon]",
        "`moon` is no department",
    ),
    "a shared code that is not there": ("{ref: sscc,", "{ref: scss,", "`scss` is no code scheme that profiles share"),
    "a code of what is not there": (
        "{ref: lgtin, of: [ingredient,",
        "{ref: lgtin, of: [ingredients,",
        "`ingredients` is no item or subject",
    ),
    "a measure that is not there": ("targets: {}", "targets: {beauty: 0.9}", "`beauty` is no measure"),
    "a public field that is not there": (
        "public: [product, lot,",
        "public: [product, price,",
        "`price` is no public field",
    ),
    "a public field that is restricted": (
        "public: [product, lot,",
        "public: [product, driver,",
        "`driver` is restricted",
    ),
    "a public field that the profile itself restricts": (
        (
            "public: [product, lot, production_date, expiry_date, producer_name, sc_licence, "
            "test_result, recall_status]\n  enterprise: own_plus_one\n  regulator: all\n  restricted: [driver,"
        ),
        (
            "public: [product, lot, production_date, expiry_date, producer_name, sc_licence, "
            "test_result, recall_status]\n  enterprise: own_plus_one\n  regulator: all\n  restricted: [product, driver,"
        ),
        "`product` is restricted",
    ),
    "a restricted field that cannot be left out": (
        "restricted: [driver, operator, customer]",
        "restricted: [driver, operator, customer, doc]",
        "`doc` is not looked for in extensions alone",
    ),
    "a department that sees as the lead and is not there": (
        "restricted: [driver, operator, customer]",
        "as_lead: [moon]\n  restricted: [driver, operator, customer]",
        "`moon` is no department",
    ),
    "a profile that is not there": (
        "label_en: Ingredient or additive, level: lot",
        "label_en: Ingredient or additive, level: lot, from_profile: farm",
        "`farm` is no profile",
    ),
    "an event of a profile that is not there": (
        "biz_step: retail_selling,",
        "biz_step: retail_selling, contact_profile: pesticide.spray, contact_at: [named, extension plot],",
        "`pesticide.spray` is no event of a profile",
    ),
    "a business step that CBV has not": (
        "biz_step: retail_selling",
        "biz_step: retailing",
        "`retailing` is no business step",
    ),
    "a disposition that CBV has not": ("disposition: retail_sold", "disposition: sold", "`sold` is no disposition"),
    "an action of a transformation": (
        "type: TransformationEvent, biz_step: creating_class_instance, disposition: active",
        "type: TransformationEvent, action: ADD, biz_step: creating_class_instance, disposition: active",
        "needs `in` and `out`, and no `action`",
    ),
    "an event without an action": (
        "type: ObjectEvent, action: DELETE,",
        "type: ObjectEvent,",
        "`destroy` needs `action` and `of`",
    ),
    "an event type that EPCIS has not": (
        "type: AggregationEvent, action: DELETE",
        "type: UnpackingEvent, action: DELETE",
        "Invalid enum value 'UnpackingEvent'",
    ),
    "a date that is none": ("in_force: '2015-09-01'", "in_force: '2015-09-31'", "`2015-09-31` is no date"),
    "a missing status mark": (
        "basis: 食品安全法 art. 50, status: verified,",
        "basis: 食品安全法 art. 50,",
        "missing required field `status`",
    ),
    "a status mark that is none": (
        "basis: 食品安全法 art. 50, status: verified,",
        "basis: 食品安全法 art. 50, status: sure,",
        "Invalid enum value 'sure'",
    ),
    "a name that is there already": ("{role: platform,", "{role: retailer,", "`retailer` is there already"),
    "an event that is there already": (
        "{id: retest, stage",
        "{id: factory_test, stage",
        "`factory_test` is there already",
    ),
    "a name in capitals": ("{role: lab,", "{role: Lab,", "`Lab` is no name"),
    "a class of recall that is there already": ("{class: 2,", "{class: 1,", "class `1` is there already"),
    "a field that is not known": (
        "{ref: uscc, of: [subject]}",
        "{ref: uscc, of: [subject], off: 1}",
        "unknown field `off`",
    ),
    "a period that is none": ("min: P6M", "min: 6 months", "`6 months` is no period"),
    "a period from nowhere": (
        "min: P6M, from: shelf_life_end",
        "min: P6M, from: breakfast",
        "`breakfast` is no beginning",
    ),
    "tickets of what is not there": (
        "hazards:",
        "inspection: {status: proposed, tickets: 1, of: {moon: 2}, signals: {}}\nhazards:",
        "`moon` is no subject or item",
    ),
    "a candidate without tickets": (
        "hazards:",
        "inspection: {status: proposed, tickets: 0, signals: {}}\nhazards:",
        "0 tickets",
    ),
    "a signal that nobody knows": (
        "hazards:",
        "inspection: {status: proposed, tickets: 1, signals: {ugly: 1}}\nhazards:",
        "Invalid enum value 'ugly'",
    ),
    "more tickets than there may be": (
        "hazards:",
        "inspection: {status: proposed, tickets: 1, signals: {late: 101}}\nhazards:",
        "101 tickets",
    ),
    "weights without a mark": (
        "hazards:",
        "inspection: {tickets: 1, signals: {}}\nhazards:",
        "missing required field `status`",
    ),
    "hours that are no number": ("report_within_h: 24", "report_within_h: 1 day", "Expected `int | null`, got `str`"),
    "hours below zero": ("report_within_h: 24", "report_within_h: -24", "-24 hours"),
    "a tolerance above all": (
        "max_gap_h: 168, tol_pct: 0.5",
        "max_gap_h: 168, tol_pct: 150",
        "150.0 is no part of a hundred",
    ),
    "a market of goods that are not there": (
        "    of: [pack]\n    basis",
        "    of: [pakc]\n    basis",
        "`pakc` is no item",
    ),
    "a demand of an event that is not there": (
        "any_of: [raw_receive]",
        "any_of: [raw_recieve]",
        "`raw_recieve` is no event",
    ),
    "a demand that nothing meets": ("any_of: [fill], element", "any_of: [], element", "`in_date` cannot be met"),
    "a date without what tells it": (
        "any_of: [fill], element: expiry_date}",
        "any_of: [fill]}",
        "`in_date` cannot be met",
    ),
    "a day that is no key data element": (
        "element: expiry_date}",
        "element: best_day}",
        "`best_day` is no key data element",
    ),
    "a rate above one": ("targets: {}", "targets: {link_rate: 98}", "98.0 is no rate"),
}
OWN = (
    "  - {name: tofu_code, label_zh: 豆腐码, label_en: Tofu code, of: [pack], regex: '^(?P<made>\\d{8})\\d{6}$',"
    " check: calendar, check_group: made, example: '20260704123456', status: proposed}\n"
)
CODE_FAULTS = {
    "an example without the form of its pattern": ("20260704123456", "2026070412345", "the example has not the form"),
    "an example that fails its check": ("20260704123456", "20260734123456", "the example fails its check `calendar`"),
    "a pattern that cannot be read": ("\\d{6}$", "\\d{6}($", "the pattern cannot be read"),
    "a check that is not there": ("check: calendar", "check: guess", "`guess` is no check algorithm"),
    "a group that is not there": ("check_group: made", "check_group: day", "`day` is no named group of the pattern"),
    "a code without a status mark": (", status: proposed", "", "`tofu_code` has no `status`"),
    "a code without an example": ("example: '20260704123456', ", "", "`tofu_code` has no `example`"),
    "a way to name it that GS1 has not": (
        "status: proposed",
        "status: proposed, gs1: barcode",
        "`barcode` is no way to name it",
    ),
    "a run that counts on what a code does not end in": (
        "status: proposed",
        "status: proposed, run: made",
        "no code ends in `made`",
    ),
    "another code that is not there": ("status: proposed", "status: proposed, alt_ref: qr", "`qr` is no code scheme"),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_refused_with_file_line_and_reason(kind: str, tmp_path: Path) -> None:
    """The first line of the refusal names the file, the line of the fault, and what is wrong."""
    right, wrong, reason = FAULTS[kind]
    told = refused(tmp_path, TEXT.replace(right, wrong))
    assert told[0].startswith(f"{NAME}.yaml:{line_of(TEXT, right)}: ")
    assert reason in told[0]


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """On the line where it stands again."""
    (told,) = refused(tmp_path, TEXT.replace("  register: ", "  register: nobody\n  register: "))
    assert told == f"{NAME}.yaml:{line_of(TEXT, '  register: ') + 1}: `register` stands twice [a key stands once]"


def test_a_field_that_is_missing_is_refused(tmp_path: Path) -> None:
    """On the line where what it is a part of begins."""
    (told,) = refused(tmp_path, TEXT.replace("label_zh: 其他食品\n", ""))
    assert told == f"{NAME}.yaml:1: Object missing required field `label_zh` [the shape of a profile]"


@pytest.mark.parametrize("end", ["origin", "terminal"])
def test_a_chain_without_an_end_is_refused(end: str, tmp_path: Path) -> None:
    """Some stage begins the chain, and some stage ends it."""
    (told,) = refused(tmp_path, TEXT.replace(f", {end}: true", ""))
    assert told.startswith(f"{NAME}.yaml:{line_of(TEXT, 'stages:')}: no stage is {end}")


@pytest.mark.parametrize("kind", CODE_FAULTS)
def test_a_fault_of_a_code_is_refused(kind: str, tmp_path: Path) -> None:
    """A code scheme of the profile's own: pattern, example, check, mark."""
    right, wrong, reason = CODE_FAULTS[kind]
    text = TEXT.replace("stages:\n", OWN + "stages:\n", 1)
    line = line_of(text, "name: tofu_code")
    (told,) = refused(tmp_path, text.replace(OWN, OWN.replace(right, wrong)))
    assert told.startswith(f"{NAME}.yaml:{line}: ")
    assert reason in told


def test_the_code_is_right_without_a_fault(tmp_path: Path) -> None:
    """What the faults are made from is a profile."""
    write(tmp_path, NAME, TEXT.replace("stages:\n", OWN + "stages:\n", 1))
    assert load_profiles(tmp_path).names() == [NAME]


def test_all_faults_of_a_file_are_told_in_its_order(tmp_path: Path) -> None:
    """A file with three faults is refused once, a line for each."""
    text = TEXT.replace("{from: make", "{from: male").replace("retail_selling", "selling").replace("P6M", "half a year")
    lines = [int(told.split(":")[1]) for told in refused(tmp_path, text)]
    assert len(lines) == 3
    assert lines == sorted(lines)


def test_an_alias_is_refused(tmp_path: Path) -> None:
    """With aliases a short file can be of any size."""
    text = TEXT.replace("standards: [", "standards: &some [").replace("hazards: [", "hazards: *some # [")
    (told,) = refused(tmp_path, text)
    assert "an alias stands here" in told


def test_what_is_no_yaml_is_refused(tmp_path: Path) -> None:
    """With the line where it breaks."""
    (told,) = refused(tmp_path, TEXT.replace("lead: [fda]", "lead: [fda"))
    assert told.startswith(f"{NAME}.yaml:{line_of(TEXT, 'lead: [fda]') + 1}:")


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 300_000, "a: " + "{a: " * 50 + "}" * 50, "? [a, b]\n: 1", "a: !!bool maybe", "a: !!int x",
        "a: \0", 'a: "\\ud800"', "a: " + "9" * 5_000,
    ],
    ids=["deep", "deep maps", "a list as key", "no truth", "no number", "a control character", "half a sign", "long"],
)  # fmt: skip
def test_yaml_that_would_break_a_reader_is_refused(text: str, tmp_path: Path) -> None:
    """However deep or odd, it is refused with its line."""
    (told,) = refused(tmp_path, text)
    assert told.startswith(f"{NAME}.yaml:1: ")


@pytest.mark.parametrize("text", ["", "- a list", "42", "null"])
def test_what_is_no_profile_is_refused(text: str, tmp_path: Path) -> None:
    """An empty file, a list or a number is no profile."""
    (told,) = refused(tmp_path, text)
    assert told.startswith(f"{NAME}.yaml:1: ")


def test_a_file_of_another_name_is_refused(tmp_path: Path) -> None:
    """A system is called as its file."""
    (told,) = refused(tmp_path, TEXT, "beancurd")
    assert told == "beancurd.yaml:1: the file is called beancurd.yaml [it is called tofu.yaml]"


def test_a_version_is_called_by_its_day(tmp_path: Path) -> None:
    """A later version stands beside the former, under its date."""
    (told,) = refused(tmp_path, TEXT.replace("version: 1", "version: 2\nvalid_from: '2026-07-01'"))
    assert "[it is called tofu@2026-07-01.yaml]" in told


def test_a_system_that_is_there_already_is_refused(tmp_path: Path) -> None:
    """One's own file does not silently take the place of ours."""
    (told,) = refused(tmp_path, text_of("other_food"), "other_food", SYSTEMS)
    assert "other_food.yaml is there already" in told


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    """A file in another encoding is refused with its line."""
    (tmp_path / f"{NAME}.yaml").write_bytes(TEXT.encode("gb18030"))
    with pytest.raises(InvalidProfile, match=r"tofu\.yaml:3: it is not UTF-8"):
        load_profiles(tmp_path)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    """A megabyte is more than any system needs."""
    (told,) = refused(tmp_path, TEXT + "# \n" * 400_000)
    assert "bytes" in told


COMMON_FAULTS = {
    "a place that is none": (
        "at: [extension reason]",
        "at: [pocket reason]",
        "`pocket reason` is no place in an event",
    ),
    "a field that EPCIS has not": ("at: [field bizStep]", "at: [field bizStop]", "`field bizStop` is no place"),
    "a core element that is not there": (
        "kde_core: [what,",
        "kde_core: [whatever,",
        "`whatever` is no key data element",
    ),
    "an algorithm that nothing computes": ("iso7064_mod11_10:", "iso7064_mod37_36:", "nothing computes it"),
    "a date that is none": ("date: 2017-08-24", "date: 2017-8-24", "it is no date"),
    "a public field that nothing finds": (
        "find: [made_by mah]",
        "find: [sold_by mah]",
        "`sold_by mah` is no place to look",
    ),
    "a shared code with an unknown check": ("check: vin_mod11", "check: vin", "`vin` is no check algorithm"),
}


@pytest.mark.parametrize("kind", COMMON_FAULTS)
def test_a_fault_of_what_all_share_is_refused(kind: str) -> None:
    """Our own common.yaml is held to the same."""
    right, wrong, reason = COMMON_FAULTS[kind]
    text = COMMON.read_text(encoding="utf-8")
    line = line_of(text, right)
    with pytest.raises(InvalidProfile) as caught:
        load_common(text.replace(right, wrong))
    assert caught.value.what.startswith(f"common.yaml:{line}: ")
    assert reason in caught.value.what
