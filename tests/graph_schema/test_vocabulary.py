"""Every spelling of a standard word is one word, and what is no word is said so."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_schema.errors import InvalidEvent
from graph_schema.vocabulary import VOCABULARIES, Kind, cbv_word, words_of

WORDS = [(kind, word) for kind in Kind for word in VOCABULARIES[kind].words]

SCHEMA_DEFINITIONS = {
    Kind.BIZ_STEP: "bizStep",
    Kind.DISPOSITION: "disposition",
    Kind.BIZ_TRANSACTION_TYPE: "bizTransaction-type",
    Kind.SOURCE_DEST_TYPE: "source-dest-type",
    Kind.ERROR_REASON: "error-reason",
    Kind.COMPONENT: "component",
    Kind.SENSOR_ALERT_TYPE: "sensorAlertType",
    Kind.MEASUREMENT_TYPE: "measurementType",
}

ONTOLOGY_STEMS = {
    Kind.BIZ_STEP: "BizStep",
    Kind.DISPOSITION: "Disp",
    Kind.BIZ_TRANSACTION_TYPE: "BTT",
    Kind.SOURCE_DEST_TYPE: "SDT",
    Kind.ERROR_REASON: "ER",
    Kind.COMPONENT: "Comp",
}


@pytest.mark.parametrize(
    "spelling",
    [
        "shipping",
        "urn:epcglobal:cbv:bizstep:shipping",
        "https://ref.gs1.org/cbv/BizStep-shipping",
        "http://ref.gs1.org/cbv/BizStep-shipping",
        "https://ns.gs1.org/cbv/BizStep-shipping",
        "http://ns.gs1.org/cbv/BizStep-shipping",
        "HTTPS://REF.GS1.ORG/cbv/BizStep-shipping",
        "cbv:BizStep-shipping",
        "urn:epcglobal:cbv:shipping",
    ],
)
def test_spellings(spelling: str) -> None:
    """Each way senders write a business step gives the bare word."""
    assert cbv_word(Kind.BIZ_STEP, spelling) == "shipping"


@pytest.mark.parametrize(
    ("kind", "spelling", "word"),
    [
        ("disposition", "urn:epcglobal:cbv:disp:in_transit", "in_transit"),
        ("bizTransactionType", "urn:epcglobal:cbv:btt:desadv", "desadv"),
        ("sourceDestType", "urn:epcglobal:cbv:sdt:owning_party", "owning_party"),
        ("errorReason", "urn:epcglobal:cbv:er:did_not_occur", "did_not_occur"),
        ("component", "cbv:Comp-latitude", "latitude"),
        ("measurementType", "gs1:Temperature", "Temperature"),
        ("measurementType", "https://gs1.org/voc/Temperature", "Temperature"),
        ("sensorAlertType", "https://www.gs1.org/voc/ALARM_CONDITION", "ALARM_CONDITION"),
    ],
)
def test_each_vocabulary_has_its_spellings(kind: str, spelling: str, word: str) -> None:
    """Each vocabulary is known by its own prefix, and its kind may be given as a plain string."""
    assert cbv_word(kind, spelling) == word


@given(st.sampled_from(WORDS))
def test_every_spelling_of_every_word(pair: tuple[Kind, str]) -> None:
    """What a vocabulary writes it reads back, and a word read once reads the same again."""
    kind, word = pair
    vocabulary = VOCABULARIES[kind]
    spellings = [word, vocabulary.web_uri(word), *vocabulary.spellings(word)]
    assert {cbv_word(kind, spelling) for spelling in spellings} == {word}


@pytest.mark.parametrize(
    "uri",
    [
        "https://example.com/bizStep/inspecting",
        "urn:example:step:1",
        "ex:step",
        "urn:epcglobal:cbv:disp:in_transit",
        "https://ref.gs1.org/cbv/BizStep-",
        "https://ref.gs1.org/cbv/BizStep-shipping/x",
    ],
)
def test_other_uri_stays(uri: str) -> None:
    """A URI that is no spelling of a word of this vocabulary comes back to the letter."""
    assert cbv_word(Kind.BIZ_STEP, uri) == uri


@pytest.mark.parametrize("text", ["shiping", "SHIPPING", " shipping", "", "Shipping", "in_transit", ":shipping"])
def test_bare_word_outside_the_standard_is_refused(text: str) -> None:
    """A bare word that is no standard word is refused, with the field and the section of the standard."""
    with pytest.raises(InvalidEvent) as caught:
        cbv_word(Kind.BIZ_STEP, text)
    assert caught.value.where == "bizStep"
    assert caught.value.rule == "CBV 2.0 §7.1"


def test_refusal_names_the_nearest_words() -> None:
    """The error for a misspelt word offers the word meant."""
    with pytest.raises(InvalidEvent, match=r"Did you mean in_transit"):
        cbv_word(Kind.DISPOSITION, "IN_TRANSPORT")


def test_refusal_without_a_near_word_offers_a_uri() -> None:
    """The error for a word like no other says that a URI of one's own is allowed."""
    with pytest.raises(InvalidEvent, match=r"a URI of your own"):
        cbv_word(Kind.DISPOSITION, "qqqqqqqq")


@given(st.sampled_from(Kind), st.text(max_size=60))
def test_any_text_is_a_word_a_uri_or_refused(kind: Kind, text: str) -> None:
    """Whatever is written, the answer is a standard word, the text itself, or InvalidEvent."""
    try:
        assert cbv_word(kind, text) in words_of(kind) | {text}
    except InvalidEvent:
        assert text not in words_of(kind)


@pytest.mark.corpora
@pytest.mark.parametrize("kind", Kind)
def test_same_words_as_the_json_schema(corpora: Path, kind: Kind) -> None:
    """Each vocabulary holds exactly the words that GS1's JSON Schema lists."""
    schema = json.loads((corpora / "gs1-epcis" / "EPCIS-JSON-Schema.json").read_text(encoding="utf-8"))
    alternatives = schema["definitions"][SCHEMA_DEFINITIONS[kind]]["anyOf"]
    assert words_of(kind) == {word for each in alternatives for word in each.get("enum", [])}


@pytest.mark.corpora
@pytest.mark.parametrize("kind", ONTOLOGY_STEMS)
def test_same_words_as_the_ontology(corpora: Path, kind: Kind) -> None:
    """Each CBV vocabulary holds exactly the individuals of GS1's CBV ontology."""
    ontology = json.loads((corpora / "gs1-epcis" / "Ontology" / "CBV.jsonld").read_text(encoding="utf-8"))
    ids = [node["@id"] for node in ontology["@graph"]]
    stem = re.compile(rf"cbv:{ONTOLOGY_STEMS[kind]}-(.+)")
    assert words_of(kind) == {match.group(1) for each in ids if (match := stem.fullmatch(each))}


FIELDS = {
    "bizstep": Kind.BIZ_STEP,
    "disposition": Kind.DISPOSITION,
    "persistentdisposition": Kind.DISPOSITION,
    "biztransaction": Kind.BIZ_TRANSACTION_TYPE,
    "biztransactionlist": Kind.BIZ_TRANSACTION_TYPE,
    "source": Kind.SOURCE_DEST_TYPE,
    "sourcelist": Kind.SOURCE_DEST_TYPE,
    "destination": Kind.SOURCE_DEST_TYPE,
    "destinationlist": Kind.SOURCE_DEST_TYPE,
    "reason": Kind.ERROR_REASON,
    "errordeclaration": Kind.ERROR_REASON,
}
"""The vocabulary of a field, as the vectors name it in small letters."""

NO_WORDS = {"processing_party", "cbv:SDT-processing_party", "other", "cbv:ER-other"}
"""What OpenEPCIS converts though CBV 2.0 §7.4 and §7.5 have no such word."""


def _same_word(kind: Kind, one: str, other: str) -> bool:
    try:
        return cbv_word(kind, one) == cbv_word(kind, other)
    except InvalidEvent:
        return one == other


@pytest.mark.corpora
def test_spellings_of_openepcis(corpora: Path) -> None:
    """What OpenEPCIS converts from one spelling of a word to another is one word; what it leaves alone has no field."""
    lines = (corpora / "openepcis-translator" / "conversion-vectors.give.jsonl").read_text("utf-8").splitlines()
    vectors = [v for v in map(json.loads, lines) if v["method"].startswith("short") or "Vocabulary" in v["method"]]
    assert len(vectors) == 44
    differ = set()
    for vector in vectors:
        field = json.loads(vector["extra_args"][0]) if vector["extra_args"] else None
        kind = FIELDS.get((field or "").lower())
        if kind is None:
            assert vector["input"] == vector["expected"]
        elif not _same_word(kind, vector["input"], vector["expected"]):
            differ.add(vector["input"])
    assert differ == NO_WORDS
