"""The questions of the schema (contract). In: arguments. Out: answers of the engine, shown."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import ID, Info

from api.graphql.access import AccessQuery
from api.graphql.asking import Asking, asking, position_asked
from api.graphql.captured import CaptureJob
from api.graphql.connections import After, Connection, First
from api.graphql.coverage import Coverage, Day, Since, coverage_of
from api.graphql.cursors import page_size
from api.graphql.drill import DrillQuery
from api.graphql.events import Event, EventFilter, event_page, events_of
from api.graphql.flows import PathResult, shown_path
from api.graphql.inputs import SeedInput, TraceOptions, options_of
from api.graphql.inspection import InspectionQuery
from api.graphql.looked_up import PublicLookup, looked_up
from api.graphql.open_data import OpenDataQuery
from api.graphql.recalled import Recalled, RecallScope
from api.graphql.responsible import Responsibility, SystemName, responsibility_of
from api.graphql.search import SearchHit, is_item, search
from api.graphql.serving import principal_of, serving
from api.graphql.systems import ProductSystem, product_systems
from api.graphql.things import Item, Ledger, Node, Party, Product, Site
from api.graphql.told import resolved
from api.graphql.traced import Shown, Trace
from api.graphql.words import Direction
from engine.question import Question, parameters_of
from engine.questions.position import ledger_state
from engine.seeds import parse_key, parse_site
from graph_schema.errors import InvalidInput
from graph_schema.master_data import Attributes, product_name, site_name

Seeds = Annotated[list[SeedInput], strawberry.argument(description="Where the question starts.")]
Asked = Annotated[TraceOptions | None, strawberry.argument(description="How it is asked.")]
Way = Annotated[Direction, strawberry.argument(description="Where to, where from, or both.")]
Id = Annotated[ID, strawberry.argument(description="In any spelling.")]
MOST_SEEDS = 1_000


def question_of(seeds: list[SeedInput], direction: Direction, options: TraceOptions | None) -> Question:
    """The engine's question; `InvalidInput` for none or too many seeds."""
    if not 0 < len(seeds) <= MOST_SEEDS:
        raise InvalidInput(f"{len(seeds)} seeds", where="seeds", remedy=f"Give 1 to {MOST_SEEDS:,}.")
    return Question(tuple(seed.seed() for seed in seeds), direction, options_of(options))


def ledger_of(request: Asking) -> Ledger:
    """The ledger as the request reads it."""
    return Ledger.of(ledger_state(request.state.snapshot, request.newest))


@strawberry.type(description="What can be asked.")
class Query(InspectionQuery, DrillQuery, AccessQuery, OpenDataQuery):
    """Questions."""

    @resolved("Where did it go, where did it come from. BOTH is one answer.")
    def trace(self, info: Info, seeds: Seeds, direction: Way, options: Asked = None) -> Trace:
        """A trace."""
        question = question_of(seeds, direction, options)
        answer = asking(info).trace(question, position_asked(info))
        return Trace(of=Shown(asking(info), answer, parameters_of(question)))

    @resolved("The shortest chain of events that joins two things.")
    def path(
        self,
        info: Info,
        source: Annotated[SeedInput, strawberry.argument(name="from", description="From where.")],
        target: Annotated[SeedInput, strawberry.argument(name="to", description="To where.")],
        options: Asked = None,
    ) -> PathResult:
        """A path."""
        request = asking(info)
        return shown_path(request, request.path(source.seed(), target.seed(), options_of(options)))

    @resolved("What must be recalled, from whom.")
    def recall_scope(self, info: Info, seeds: Seeds, options: Asked = None) -> RecallScope:
        """A recall scope."""
        question = question_of(seeds, Direction.FORWARD, options)
        scope = asking(info).recall_scope(question, position_asked(info))
        return RecallScope(of=Recalled(scope, asking(info).whose))

    @resolved("Who is responsible for a found item: who had it, who has it last, where the records break off.")
    def responsibility(
        self,
        info: Info,
        id: Annotated[ID, strawberry.argument(description="Its code, in any spelling.")],  # noqa: A002
        system: SystemName = None,
    ) -> Responsibility:
        """The subjects."""
        return responsibility_of(asking(info), id, system, position_asked(info))

    @resolved("An item by any spelling of its code; null where no event names it.")
    def item(self, info: Info, id: Id) -> Item | None:  # noqa: A002 - the contract's name
        """An item."""
        return item_of(asking(info), parse_key(id))

    @resolved("A site by any spelling of its code, or its GLN; null where nothing knows it.")
    def site(self, info: Info, id: Id) -> Site | None:  # noqa: A002 - the contract's name
        """A site."""
        return site_of(asking(info), parse_site(id))

    @resolved("An event by its id, as accepted last; null where there is none.")
    def event(self, info: Info, id: Id) -> Event | None:  # noqa: A002 - the contract's name
        """An event."""
        return events_of(asking(info), [id], asking(info).newest).get(id)

    @resolved("A thing by its id: of a type where one is named, else the first of item, site, party and product.")
    def node(
        self,
        info: Info,
        id: Id,  # noqa: A002 - the contract's name
        type: Annotated[str | None, strawberry.argument(description="Item, Site, Party or Product.")] = None,  # noqa: A002
    ) -> Node | None:
        """A node."""
        return node_of(asking(info), parse_key(id), type)

    @resolved("Items, sites, parties, products and events by code or name, Chinese or Latin.")
    def search(
        self,
        info: Info,
        text: Annotated[str, strawberry.argument(description="A code, its beginning, or a part of a name.")],
        first: First = 20,
    ) -> list[SearchHit]:
        """Hits."""
        return search(asking(info), text, page_size(first))

    @resolved("Events in the order in which they were accepted.")
    def events(
        self,
        info: Info,
        wanted: Annotated[EventFilter | None, strawberry.argument(name="filter", description="Which of them.")] = None,
        first: First = 50,
        after: After = None,
    ) -> Connection[Event]:
        """A page of events."""
        at = position_asked(info)
        return event_page(asking(info), wanted, asking(info).newest if at is None else at, first, after)

    @resolved("A capture job by its id; null where there is none.")
    def capture_job(
        self,
        info: Info,
        id: Annotated[ID, strawberry.argument(description="The job's id.")],  # noqa: A002 - the contract's name
    ) -> CaptureJob | None:
        """A job."""
        job = serving(info).captures.job(id, principal_of(info.context))
        return None if job is None else CaptureJob.of(job)

    @resolved("The product systems that are served, by name; what they ask, not what is recorded.")
    def product_systems(
        self,
        name: Annotated[str | None, strawberry.argument(description="Only the one of this name.")] = None,
    ) -> list[ProductSystem]:
        """Systems."""
        return product_systems(name)

    @resolved("What the public is told of a code, typed or scanned: the same for a thing that there is not.")
    def public_lookup(
        self,
        info: Info,
        code: Annotated[str, strawberry.argument(description="A code of any scheme, in any spelling.")],
        system: Annotated[
            str | None, strawberry.argument(description="As a code of this product system alone.")
        ] = None,
    ) -> PublicLookup:
        """A lookup."""
        return looked_up(info, code, system)

    @resolved("How complete the records of a product system are, of what who asks may see; null: no such system.")
    def coverage(
        self,
        info: Info,
        system: Annotated[str, strawberry.argument(description="The system's name.")],
        at: Day = None,
        since: Since = None,
    ) -> Coverage | None:
        """Coverage."""
        return coverage_of(info, system, at, since)

    @resolved("The ledger as it stands.")
    def ledger(self, info: Info) -> Ledger:
        """Its head."""
        return ledger_of(asking(info))


def item_of(request: Asking, key: str) -> Item | None:
    """An item that an event names. To consumers what its code tells, whether or not there is such an item."""
    public = request.is_consumer and is_item(key)
    if not public and request.seen.lookup.items_like(key, 1) != [key]:
        return None
    return Item.of(request.directory(request.newest, items=[key]).item(key, request.kinds([key])[key]))


def site_of(request: Asking, key: str) -> Site | None:
    """A site where goods were, or that master data describe."""
    if not request.knows_site(key) and request.seen.masters.of([key]).get(key, {}).get("kind") != "site":
        return None
    return Site.of(request.directory(request.newest, sites=[key]).site(key))


def node_of(request: Asking, key: str, kind: str | None) -> Node | None:
    """The first thing of this id among those of a kind."""
    described = request.seen.masters.of([key]).get(key, {})
    if kind in (None, "Site") and (site := site_of(request, key)):
        return site
    if kind in (None, "Item") and (item := item_of(request, key)):
        return item
    if kind in (None, "Party") and described.get("kind") == "party":
        return Party(id=ID(key), name=_name(described))
    if kind in (None, "Product") and described.get("kind") == "product":
        return Product(id=ID(key), name=_name(described))
    return None


def _name(attributes: Attributes) -> str | None:
    return site_name(attributes) or product_name(attributes)
