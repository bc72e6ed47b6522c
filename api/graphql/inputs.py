"""What can be asked, as the contract spells it. In: GraphQL input. Out: the engine's seeds, options and rules."""

from __future__ import annotations

import strawberry
from strawberry import ID, UNSET

from api.graphql.told import told
from api.graphql.words import Certainty, ContactMode
from engine import question as asked
from engine.question import Options, Seed, Window
from engine.seeds import parse_biz_step, parse_key, parse_site
from graph_schema.errors import InvalidInput
from graph_schema.interval import Interval


def window_of(since: Interval | None, until: Interval | None) -> Window:
    """A window of two times, either of which may be absent; `InvalidInput` where it ends before it begins."""
    first, last = None if since is None else since.earliest, None if until is None else until.latest
    if first is not None and last is not None and last < first:
        raise InvalidInput("the window ends before it begins", where="until", remedy="Give the earlier as since.")
    return Window(first, last)


@strawberry.input(description="An item in any spelling, everything narrower with it; at a site, in a window.")
class ItemSeed:
    """An item."""

    id: ID = told("In any spelling: EPC URN, Digital Link, element string, or a URI.")
    at: ID | None = told("At this site alone.", default=None)
    since: Interval | None = told("There then or later.", default=None)
    until: Interval | None = told("There then or earlier.", default=None)

    def seed(self) -> Seed:
        """The engine's."""
        at = None if self.at is None else parse_site(self.at)
        return asked.ItemSeed(parse_key(self.id), at, window_of(self.since, self.until))


@strawberry.input(description="Everything at a site in a window; of one product where it is named.")
class SiteSeed:
    """A site."""

    id: ID = told("In any spelling, or its GLN.")
    since: Interval | None = told("There then or later.", default=None)
    until: Interval | None = told("There then or earlier.", default=None)
    product: ID | None = told("Of this product alone.", default=None)

    def seed(self) -> Seed:
        """The engine's."""
        product = None if self.product is None else parse_key(self.product)
        return asked.SiteSeed(parse_site(self.id), window_of(self.since, self.until), product)


@strawberry.input(
    description="Every lot and instance of a product whose lot begins so, whose serial lies so, that expires so."
)
class PatternSeed:
    """A pattern of lots."""

    product: ID = told("The GTIN of the product, in any spelling.")
    lot_prefix: str | None = told("Whose lot begins so.", default=None)
    serial_from: str | None = told("Whose serial is this or later.", default=None)
    serial_to: str | None = told("Whose serial is this or earlier.", default=None)
    expiry_from: Interval | None = told("That expires then or later.", default=None)
    expiry_to: Interval | None = told("That expires then or earlier.", default=None)
    at: ID | None = told("At this site alone.", default=None)
    since: Interval | None = told("There then or later.", default=None)
    until: Interval | None = told("There then or earlier.", default=None)

    def seed(self) -> Seed:
        """The engine's."""
        return asked.PatternSeed(
            parse_key(self.product),
            self.lot_prefix,
            self.serial_from,
            self.serial_to,
            window_of(self.expiry_from, self.expiry_to),
            None if self.at is None else parse_site(self.at),
            window_of(self.since, self.until),
        )


@strawberry.input(description="What was in a container at a time; without one, every load, told apart.")
class LoadSeed:
    """A load."""

    container: ID = told("The SSCC or other code of the container.")
    at: Interval | None = told("What was in it then; without it, every load.", default=None)

    def seed(self) -> Seed:
        """The engine's."""
        return asked.LoadSeed(parse_key(self.container), window_of(self.at, self.at))


@strawberry.input(one_of=True, description="Where a question starts: exactly one of these.")
class SeedInput:
    """A seed."""

    item: ItemSeed | None = told("An item.", default=UNSET)
    site: SiteSeed | None = told("A site.", default=UNSET)
    pattern: PatternSeed | None = told("Lots by a pattern.", default=UNSET)
    load: LoadSeed | None = told("What was in a container.", default=UNSET)
    event: ID | None = told("The goods of an event.", default=UNSET)
    transformation: ID | None = told("A transformation, by its event or its transformationID.", default=UNSET)

    def seed(self) -> Seed:
        """The engine's."""
        for named in (self.item, self.site, self.pattern, self.load):
            if named:
                return named.seed()
        return asked.EventSeed(self.event) if self.event else asked.TransformationSeed(self.transformation or "")


@strawberry.input(
    description="What if all goods (of a product) at a site in a window touched each other? `until` is the clean break."
)
class MixRule:
    """Cross-contamination."""

    at: ID = told("The site.")
    since: Interval | None = told("From then on.", default=None)
    until: Interval | None = told("Up to the clean break.", default=None)
    product: ID | None = told("Goods of this product alone.", default=None)

    def rule(self) -> asked.Rule:
        """The engine's."""
        product = None if self.product is None else parse_key(self.product)
        return asked.MixRule(parse_site(self.at), window_of(self.since, self.until), product)


@strawberry.input(description="What if a business step (at a site, on a product) ends the hazard?")
class KillStepRule:
    """A kill step."""

    at: ID | None = told("At this site alone.", default=None)
    biz_step: str = told("The business step: a bare word of CBV 2.0, or a URI.")
    product: ID | None = told("On this product alone.", default=None)

    def rule(self) -> asked.Rule:
        """The engine's."""
        at = None if self.at is None else parse_site(self.at)
        step = parse_biz_step(self.biz_step, "bizStep")
        return asked.KillStepRule(step, at, None if self.product is None else parse_key(self.product))


@strawberry.input(description="What if these sites and events had not been?")
class LeaveOutRule:
    """What is left out."""

    sites: list[ID] | None = told("Sites.", default=None)
    events: list[ID] | None = told("Events.", default=None)

    def rule(self) -> asked.Rule:
        """The engine's."""
        if not self.sites and not self.events:
            raise InvalidInput("nothing is left out", where="leaveOut", remedy="Name sites or events, or leave it out.")
        return asked.LeaveOutRule(tuple(map(parse_site, self.sites or ())), tuple(self.events or ()))


@strawberry.input(one_of=True, description="A what-if rule: exactly one of these.")
class RuleInput:
    """A rule."""

    mix: MixRule | None = told("Cross-contamination.", default=UNSET)
    kill_step: KillStepRule | None = told("A kill step.", default=UNSET)
    leave_out: LeaveOutRule | None = told("What is left out.", default=UNSET)

    def rule(self) -> asked.Rule:
        """The engine's."""
        return (self.mix or self.kill_step or self.leave_out or LeaveOutRule()).rule()


@strawberry.input(description="How a question is asked.")
class TraceOptions:
    """Options."""

    certainty: Certainty | None = told("CERTAIN: recorded flows alone.", default=Certainty.POSSIBLE)
    since: Interval | None = told("Flows wholly before are not followed; a carry-over is never cut.", default=None)
    until: Interval | None = told("Flows wholly after are not followed, likewise.", default=None)
    max_depth: int | None = told("Levels beyond are not entered; a cut answer says complete: false.", default=None)
    as_known_at: Interval | None = told("The ledger as it was accepted by then.", default=None)
    contact: ContactMode | None = told("Which contact is followed.", default=ContactMode.BY_PROFILE)
    rules: list[RuleInput] | None = told("What-if rules.", default=None)

    def options(self) -> Options:
        """The engine's."""
        if self.max_depth is not None and self.max_depth < 0:
            raise InvalidInput("a depth is not below 0", where="maxDepth", remedy="Give 0 or more, or none.")
        return Options(
            certainty=self.certainty or Certainty.POSSIBLE,
            window=window_of(self.since, self.until),
            max_depth=self.max_depth,
            as_known_at=None if self.as_known_at is None else self.as_known_at.latest,
            contact=self.contact or ContactMode.BY_PROFILE,
            rules=tuple(rule.rule() for rule in self.rules or ()),
        )


def options_of(options: TraceOptions | None) -> Options:
    """The engine's options; its defaults where none are given."""
    return TraceOptions().options() if options is None else options.options()
