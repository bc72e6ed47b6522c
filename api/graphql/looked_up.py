"""Public lookups in GraphQL (`engine.public_lookup`). In: a code. Out: the same, each field described."""

from __future__ import annotations

import strawberry
from strawberry import Info

from api.graphql.asking import asking
from api.graphql.serving import asker, serving
from api.graphql.told import told
from api.graphql.words import Finding, RecallStatus
from engine import public_lookup as p


@strawberry.type(description="A scheme as which a code can be read.")
class ReadScheme:
    """A scheme."""

    id: str = told("Its name.")
    zh: str = told("In Chinese.")
    en: str = told("In English.")
    check: str = told("What its check says: holds, fails, none, or unknown, and then nothing is refused for it.")


@strawberry.type(description="A public field of a thing.")
class PublicField:
    """A field."""

    id: str = told("Its name in the profile.")
    zh: str = told("In Chinese.")
    en: str = told("In English.")
    value: str | None = told("Its value; null where nothing public tells it.")


@strawberry.type(description="A code, read as the code of one thing.")
class CodeReading:
    """A reading."""

    key: str = told("The key of what it names so.")
    schemes: list[ReadScheme] = told("The schemes that read it so; none where GS1's own rules do.")
    systems: list[str] = told("The product systems whose code it may be.")
    gtin: str | None = told("The GTIN in it, 14 digits.")
    lot: str | None = told("The lot in it.")
    serial: str | None = told("The serial in it.")
    fields: list[PublicField] = told("What those systems make public: the same fields for every code of them.")
    recall_status: RecallStatus = told("How the thing stands, as public records tell it; none is no proof.")
    findings: list[Finding] = told("What is to be minded: a clone, a check digit that is wrong, or that may be.")
    vague: bool = told("Whether nearly any text has the form of its schemes: that this one has it tells nothing.")

    @classmethod
    def of(cls, reading: p.CodeReading) -> CodeReading:
        """As it was told."""
        return cls(
            key=reading.key,
            schemes=[ReadScheme(id=one.id, zh=one.zh, en=one.en, check=one.checked) for one in reading.schemes],
            systems=list(reading.systems),
            gtin=reading.gtin,
            lot=reading.lot,
            serial=reading.serial,
            fields=[PublicField(id=one.id, zh=one.zh, en=one.en, value=one.value) for one in reading.fields],
            recall_status=reading.recall_status,
            findings=list(reading.findings),
            vague=reading.vague,
        )


@strawberry.type(description="What the public is told of a code.")
class PublicLookup:
    """A lookup."""

    code: str = told("The code, as it was read.")
    readings: list[CodeReading] = told(
        "Each thing that it may be the code of, the likeliest first; none where no scheme reads it."
    )


def looked_up(info: Info, code: str, system: str | None) -> PublicLookup:
    """A code looked up for who asks."""
    found = serving(info).lookups.look_up(code, asking(info).state.snapshot, asker(info), system)
    return PublicLookup(code=found.code, readings=[CodeReading.of(one) for one in found.readings])
