"""Events in the form that was asked for (`Accept`, `GS1-EPC-Format`, `GS1-CBV-XML-Format`; EPCIS 2.0 §12).

In: an event. Out: its JSON or XML, as it came, or with its identifiers as GS1 Digital Links or EPC URNs. A Digital Link
does not tell where its company prefix ends, so that a URN can be made of it only where some event spells that prefix;
where none does, or where the URN would say less, the event keeps its own spelling, and the answer says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from starlette.datastructures import Headers

from api.rest.negotiation import EpcFormat, MediaType, answered_in, words_form
from api.rest.problems import EpcisException, RestProblem
from engine.event_order import EventField, EventSpan, Fact
from engine.questions.names import CompanyPrefixes, company_digits
from engine.stores.ports import Snapshot
from graph_schema.event import Event
from graph_schema.identifiers import Kind, take_identifier
from loaders.document_writer import event_text
from loaders.json_text import decode_exact
from loaders.xml_writer import CbvForm, write_event

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_EPC_LISTS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
_QUANTITY_LISTS = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
_PARTNERS = (("sourceList", "source"), ("destinationList", "destination"), ("bizTransactionList", "bizTransaction"))
_TRIES = 3
"""Keys of one company whose events are looked at for its prefix."""
_FEW = 3
"""Events that are looked at for one key."""

Respell = Callable[[str], str]
"""An identifier in the spelling wanted."""


class Form(msgspec.Struct, frozen=True):
    """What was asked for."""

    epcs: EpcFormat = EpcFormat.AS_THEY_CAME
    words: CbvForm = CbvForm.NO_PREFERENCE
    media: MediaType = MediaType.JSON

    def headers(self, epcs: EpcFormat) -> dict[str, str]:
        """What an answer has beside, its identifiers written so."""
        told = {"GS1-EPC-Format": epcs.value}
        return told | ({"GS1-CBV-XML-Format": self.words.value} if self.media is MediaType.XML else {})


def form_of(headers: Headers) -> Form:
    """The form that a request asks for; identifiers as they came where it asks for none."""
    asked = headers.get("GS1-EPC-Format", EpcFormat.AS_THEY_CAME)
    try:
        epcs = EpcFormat(asked)
    except ValueError as error:
        what = f"GS1-EPC-Format: {asked[:80]!r} is no format"
        raise RestProblem(406, EpcisException.NOT_ACCEPTABLE, what, f"Ask for {', '.join(EpcFormat)}.") from error
    media = answered_in(headers, (MediaType.JSON, MediaType.XML)) or MediaType.JSON
    return Form(epcs, words_form(headers), media)


class Spelling:
    """Writes events in a form; `snapshot` is where company prefixes are looked for."""

    def __init__(self, form: Form, snapshot: Snapshot, events: Iterable[Event] = ()) -> None:
        self._form = form
        self._urns = _Urns(snapshot)
        if form.epcs is EpcFormat.URN:
            for event in events:
                self._urns.prefixes.read(event.body)

    def told(self, asked: EpcFormat) -> EpcFormat:
        """The format that an answer has: no particular one where a URN was wanted and not known."""
        return EpcFormat.NO_PREFERENCE if self._urns.unknown else asked

    def written(self, event: Event) -> bytes:
        """The event as one JSON object or XML element that stands alone."""
        if self._form.media is MediaType.XML:
            return write_event(event, self._respelt(event.fields()), self._form.words)
        text = event_text(event)
        if self._respell() is None or (self._form.epcs is EpcFormat.DIGITAL_LINK and b"urn:epc:" not in text):
            return text
        return _ENCODER.encode(self._respelt(decode_exact(text)))

    def _respell(self) -> Respell | None:
        return {EpcFormat.DIGITAL_LINK: link_of, EpcFormat.URN: self._urns.urn_of}.get(self._form.epcs)

    def _respelt(self, fields: dict[str, Any]) -> dict[str, Any]:
        respell = self._respell()
        if respell is not None:
            _translate(fields, respell)
        return fields


class _Urns:
    """EPC URNs of identifiers, their company prefixes learnt from events."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.prefixes = CompanyPrefixes()
        self.unknown = False
        """Whether some identifier kept its own spelling."""
        self._snapshot = snapshot
        self._tried: Counter[str] = Counter()

    def urn_of(self, text: str) -> str:
        """The EPC URN of a GS1 key; any other identifier, and a key whose URN is not known, as it is."""
        named, error = take_identifier(text)
        digits = company_digits(named.key)
        if text.startswith("urn:") or error is not None or digits is None:
            return text
        if named.kind is Kind.instance and named.lot is not None:
            urn = None  # It names its lot beside its serial, which no URN does.
        else:
            if self.prefixes.length(digits) is None:
                self._learn(named.key, digits[:6])
            urn = self.prefixes.urn(named.key)
        self.unknown = self.unknown or urn is None
        return text if urn is None else urn

    def _learn(self, key: str, company: str) -> None:
        if self._tried[company] >= _TRIES:
            return
        self._tried[company] += 1
        snapshot = self._snapshot
        naming = {entry.event.id for entry in snapshot.lookup.entries_naming([key])[:_FEW]}
        for entry in snapshot.ledger.entries_of(sorted(naming)):
            self.prefixes.read(entry.event.body)
        for field in (EventField.READ_POINT, EventField.BIZ_LOCATION):
            span = EventSpan(snapshot.ledger.head().position, facts=(Fact(field, key),))
            for entry, _ in zip(snapshot.events.in_order(span), range(_FEW), strict=False):
                self.prefixes.read(entry.event.body)


def link_of(text: str) -> str:
    """The Digital Link of an EPC URN; any other identifier as it is."""
    if not text.startswith("urn:epc:"):
        return text
    named, error = take_identifier(text)
    return text if error is not None or named.kind is Kind.other else named.key


def _translate(fields: dict[str, Any], respell: Respell) -> None:
    """Every identifier of an event in place."""
    for name in _EPC_LISTS:
        if name in fields:
            fields[name] = [respell(text) for text in fields[name]]
    for name in _QUANTITY_LISTS:
        for one in fields.get(name, ()):
            one["epcClass"] = respell(one["epcClass"])
    if "parentID" in fields:
        fields["parentID"] = respell(fields["parentID"])
    for name in ("readPoint", "bizLocation"):
        if name in fields:
            fields[name]["id"] = respell(fields[name]["id"])
    for name, member in _PARTNERS:
        for one in fields.get(name, ()):
            one[member] = respell(one[member])
