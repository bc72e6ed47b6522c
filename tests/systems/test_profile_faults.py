"""What a profile of a product system must not say: each kind of fault is refused with file, line and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_schema.errors import InvalidProfile
from graph_schema.profiles.loading import COMMON, load_common
from tests.systems.refused import NAME, TEXT, line_of, refused

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
    "an element told by its site that is not there": (
        "restricted: [driver, operator, customer]",
        "to_site: [where_red]\n  restricted: [driver, operator, customer]",
        "`where_red` is no key data element",
    ),
    "an element told by its site that is no location": (
        "restricted: [driver, operator, customer]",
        "to_site: [where_read, who]\n  restricted: [driver, operator, customer]",
        "`who` is no location",
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


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_refused_with_file_line_and_reason(kind: str, tmp_path: Path) -> None:
    """The first line of the refusal names the file, the line of the fault, and what is wrong."""
    right, wrong, reason = FAULTS[kind]
    told = refused(tmp_path, TEXT.replace(right, wrong))
    assert told[0].startswith(f"{NAME}.yaml:{line_of(TEXT, right)}: ")
    assert reason in told[0]


def test_a_field_that_is_missing_is_refused(tmp_path: Path) -> None:
    """On the line where what it is a part of begins."""
    (told,) = refused(tmp_path, TEXT.replace("label_zh: 其他食品\n", ""))
    assert told == f"{NAME}.yaml:1: Object missing required field `label_zh` [the shape of a profile]"


@pytest.mark.parametrize("end", ["origin", "terminal"])
def test_a_chain_without_an_end_is_refused(end: str, tmp_path: Path) -> None:
    """Some stage begins the chain, and some stage ends it."""
    (told,) = refused(tmp_path, TEXT.replace(f", {end}: true", ""))
    assert told.startswith(f"{NAME}.yaml:{line_of(TEXT, 'stages:')}: no stage is {end}")


def test_all_faults_of_a_file_are_told_in_its_order(tmp_path: Path) -> None:
    """A file with three faults is refused once, a line for each."""
    text = TEXT.replace("{from: make", "{from: male").replace("retail_selling", "selling").replace("P6M", "half a year")
    lines = [int(told.split(":")[1]) for told in refused(tmp_path, text)]
    assert len(lines) == 3
    assert lines == sorted(lines)


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
    "a department that coordinates and is not there": ("departments: [cob]", "departments: [moon]", "`moon` is no dep"),
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
