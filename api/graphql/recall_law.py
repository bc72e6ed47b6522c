"""Rules on recalls in GraphQL (`graph_schema.profiles.recall_law`). In: a rule. Out: the same, each field described."""

from __future__ import annotations

import strawberry

from api.graphql.told import told
from graph_schema.profiles import LimitedClass
from graph_schema.profiles import RecallLaw as Law


@strawberry.type(description="A limit of time of a class of recall.")
class RecallLimit:
    """A limit."""

    of: str = told("What must be done by then: start, notify, finish …")
    within: int = told("How long, in units; nought: at once.")
    unit: str = told("hours, days or working days.")
    text: str = told("The same in words: notify within 24 hours.")


@strawberry.type(description="A class of recall with its limits of time.")
class RecallClass:
    """A class."""

    name: str = told("1, 2, 3, or a name where the law has no numbers.")
    when: str | None = told("What is recalled under it; null where the profile does not tell.")
    limits: list[RecallLimit] = told("Its limits of time; none where none is known.")

    @classmethod
    def of(cls, one: LimitedClass) -> RecallClass:
        """As the profile has it."""
        limits = [RecallLimit(of=each.of, within=each.within, unit=each.unit, text=each.words) for each in one.limits]
        return cls(name=one.name, when=one.when, limits=limits)


@strawberry.type(description="A rule on recalls of a product system.")
class RecallLaw:
    """A rule."""

    in_force: str | None = told("The day from which it holds, ISO 8601; null: the profile does not tell.")
    basis: str = told("Which rule it is.")
    status: str = told("How sure the rule is: verified, verified_local, draft, memory or proposed.")
    figures: str = told("How sure the limits of time are, in the same words.")
    source: str = told("Where it was read; empty where nowhere.")
    owner: str | None = told("Who recalls; null where it is not told.")
    dispose: str | None = told("What becomes of the goods; null where it is not told.")
    note: str | None = told("What else must be known of it.")
    classes: list[RecallClass] = told("Its classes.")

    @classmethod
    def of(cls, law: Law) -> RecallLaw:
        """As the profile has it."""
        return cls(
            in_force=law.in_force, basis=law.basis, status=law.status, figures=law.figures, source=law.source,
            owner=law.owner, dispose=law.dispose, note=law.note, classes=list(map(RecallClass.of, law.classes)),
        )  # fmt: skip
