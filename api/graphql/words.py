"""The enums of the schema. In: words of the engine and of EPCIS and CBV 2.0. Out: GraphQL enums in upper case."""

from __future__ import annotations

from enum import Enum, StrEnum

import strawberry

from api.rights.bands import Band
from engine.access import ReasonKind, Verdict
from engine.answer import Certainty, Direction, ItemKind
from engine.coverage.measured import By
from engine.public_lookup import Finding
from engine.question import ContactMode
from graph_schema.event import Action, EventType, Role
from graph_schema.flow_graph import FlowKind, Grade
from graph_schema.profiles.public import RecallStatus
from graph_schema.vocabulary import Kind, words_of

__all__ = [
    "Action",
    "Band",
    "BizStep",
    "By",
    "Certainty",
    "ContactMode",
    "Direction",
    "Disposition",
    "EventType",
    "Finding",
    "FlowKind",
    "Grade",
    "HitKind",
    "ItemKind",
    "ReasonKind",
    "RecallStatus",
    "Role",
    "Verdict",
]


class HitKind(StrEnum):
    """What a search found."""

    ITEM = "item"
    SITE = "site"
    PARTY = "party"
    PRODUCT = "product"
    EVENT = "event"


_TOLD: dict[type[Enum], tuple[str, str]] = {
    Direction: ("Direction", "Where goods went (FORWARD), where they came from (BACK), or both as one answer."),
    Certainty: (
        "Certainty",
        "CERTAIN: recorded flows alone reach it. POSSIBLE: some reading of the records reaches it.",
    ),
    ItemKind: ("ItemKind", "What an item's key names."),
    ContactMode: (
        "ContactMode",
        "Which contact of goods (a tanker, hose, vat or plot) a walk follows: none, what a profile declares, or all.",
    ),
    Grade: ("FlowGrade", "How well the records prove a flow, from RECORDED down to INCONSISTENT."),
    FlowKind: ("FlowKind", "Why goods go from one place to the next."),
    Action: ("EventAction", "What an event says of its goods (EPCIS 2.0 §7.3.2)."),
    EventType: ("EventType", "The five event types of EPCIS 2.0 §7.4, and any other that a sender defines."),
    Role: ("EventRole", "What an item is in an event: named, parent, child, input or output."),
    HitKind: ("HitKind", "What a search found."),
    RecallStatus: ("RecallStatus", "How a thing stands, as public records tell it; NONE is no proof."),
    Finding: ("CodeFinding", "What is to be minded of a code: it is on several objects, or its check digit is wrong."),
    By: ("CoverageBy", "What coverage is told for: the system, or each licence, role, area or department of it."),
    Verdict: ("Verdict", "What a market is to do with goods: admit them, or hold them."),
    ReasonKind: ("AccessReasonKind", "What a reason to admit or to hold goods is about."),
    Band: ("Band", "About how many: NONE, FEW (1 to 9), TENS, HUNDREDS, or MORE."),
}


def _cbv(name: str, kind: Kind, description: str) -> type[Enum]:
    """An enum of all words of a vocabulary of CBV 2.0."""
    words = Enum(name, {word.upper(): word for word in sorted(words_of(kind))})  # type: ignore[misc]
    strawberry.enum(words, description=description)
    return words


for _enum, (_name, _description) in _TOLD.items():
    strawberry.enum(_enum, name=_name, description=_description)
BizStep = _cbv("BizStep", Kind.BIZ_STEP, "A business step of CBV 2.0 §7.1.")
Disposition = _cbv("Disposition", Kind.DISPOSITION, "A disposition of CBV 2.0 §7.2.")
