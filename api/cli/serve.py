"""`suyuan serve`, `schema` and `key`: the API over one store. In: where to listen, who may ask. Out: a server."""

from __future__ import annotations

import ipaddress
import os
from contextlib import ExitStack
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.console import answers, notices, progress
from api.cli.failure import FINE
from api.cli.options import Store, examples, location
from api.principals import Users, digest_of, new_key, read_users
from api.settings import LOOKUPS_PER_MINUTE, read_settings, without_password
from engine.attestation import NOTHING
from engine.index import warm
from graph_schema.errors import InvalidInput

if TYPE_CHECKING:
    from api.http.oidc import Oidc

Host = Annotated[
    str, typer.Option("--host", metavar="ADDRESS", help="The address to listen on; without users, one of this machine.")
]
Port = Annotated[int, typer.Option("--port", metavar="N", help="The port to listen on.", min=1, max=65_535)]
UsersFile = Annotated[
    Path | None,
    typer.Option(
        "--users", metavar="FILE", help="A file of users and the digests of their keys; else SUYUAN_USERS, else none."
    ),
]
OidcFile = Annotated[
    Path | None,
    typer.Option(
        "--oidc",
        metavar="FILE",
        help="A file that says whose OpenID Connect tokens are taken; else SUYUAN_OIDC, else none.",
    ),
]
AuditFile = Annotated[
    Path | None,
    typer.Option(
        "--audit", metavar="FILE", help="Note every question in this file, which only grows; with users, always in one."
    ),
]
Hostname = Annotated[
    list[str] | None,
    typer.Option("--hostname", metavar="NAME", help="A name under which others reach it; may be given again."),
]
AllowWebhooks = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-webhooks",
        metavar="HOST[:PORT]",
        help="What webhooks may reach though it is not public, or not https; may be given again. "
        "Beside those in SUYUAN_WEBHOOKS.",
    ),
]
MostReached = Annotated[
    int,
    typer.Option(
        "--most-reached", metavar="N", help="Holdings that one walk enters at most; a cut answer says so.", min=1
    ),
]
LookupsPerMinute = Annotated[
    int,
    typer.Option(
        "--lookups-per-minute",
        metavar="N",
        help="Codes that one principal, or one address, may look up in a minute; beyond, 429 with Retry-After.",
        min=1,
    ),
]
NoGraphiql = Annotated[bool, typer.Option("--no-graphiql", help="Do not serve the pages to explore with.")]
NoIntrospection = Annotated[bool, typer.Option("--no-introspection", help="Do not tell the schema to clients.")]

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("serve", epilog=examples("suyuan serve", "suyuan serve --port 9000 --store sqlite:plant.db"))(serve)
    app.command("key", epilog=examples("suyuan key"))(key)
    app.command("schema", epilog=examples("suyuan schema > schema.graphql"))(schema)


def serve(
    store: Store = None,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    users: UsersFile = None,
    oidc: OidcFile = None,
    audit: AuditFile = None,
    hostname: Hostname = None,
    allow_webhooks: AllowWebhooks = None,
    most_reached: MostReached = 1_000_000,
    lookups_per_minute: LookupsPerMinute = LOOKUPS_PER_MINUTE,
    no_graphiql: NoGraphiql = False,
    no_introspection: NoIntrospection = False,
) -> int:
    """Serve the API over a store.

    GraphQL at /graphql, GraphiQL to explore it at /graphiql, the REST interface of EPCIS 2.0 at /, /docs to
    try it, /healthz, /readyz and /metrics. Ctrl-C ends it.
    """
    _require()
    from api.http.app import Served, app_of
    from api.http.audit import Audit
    from api.http.collecting import collecting
    from api.http.listening import listening, serve_on
    from api.http.service import open_service
    from api.http.targets import Targets
    from api.http.webhook import Webhooks
    from api.rest.subscribing.deliveries import Deliveries

    settings = read_settings(os.environ)
    known, signing = _users(users or settings.users), _oidc(oidc or settings.oidc)
    if known is None and signing is None:
        _check_loopback(host)
    where = location(store)
    targets = Targets([*settings.webhooks, *(allow_webhooks or ())])
    with ExitStack() as opened:
        listener = opened.enter_context(listening(host, port))
        bound = (NOTHING if known is None else known.bound) | (NOTHING if signing is None else signing.bound)
        service = opened.enter_context(
            open_service(
                where,
                to_write=True,
                most_reached=most_reached,
                targets=targets,
                bound=bound,
                lookups_per_minute=lookups_per_minute,
            )
        )
        named = known is not None or signing is not None
        log = audit or (service.located.index_folder.with_suffix(".audit") if named else None)
        served = Served(
            graphiql=not no_graphiql,
            introspection=not no_introspection,
            hosts=(*LOOPBACK_NAMES, *(hostname or ())),
            users=known,
            tokens=None if signing is None else signing.tokens,
            audit=None if log is None else opened.enter_context(Audit(log)),
        )
        with progress("Making ready"):
            warm()
            service.settle()
            opened.enter_context(collecting())
        sees = partial(service.seen_by_name, known or (Users({}) if named else None))
        opened.enter_context(Deliveries(service.located.store, sees, Webhooks(targets)))
        _say_where(where, host, port, open_to_all=not named)
        if log is not None:
            notices().print(f"Every question is noted in {log}.", markup=False, highlight=False, soft_wrap=True)
        serve_on(listener, app_of(service, served))
    return FINE


def key() -> int:
    """Make an API key for a user.

    Prints the key, for its owner, and its digest, for the file of users. Neither is kept.
    """
    made = new_key()
    for line in (f"key, for its owner alone: {made}", f"digest, for the file of users: {digest_of(made)}"):
        answers().print(line, markup=False, highlight=False, soft_wrap=True)
    return FINE


def schema() -> int:
    """Print the GraphQL schema (SDL)."""
    _require()
    from api.graphql.schema import sdl

    answers().print(sdl(), end="", markup=False, highlight=False, soft_wrap=True)
    return FINE


def _say_where(where: str, host: str, port: int, *, open_to_all: bool) -> None:
    shown = f"[{host}]" if ":" in host else host
    notices().print(
        f"Suyuan answers for {without_password(where)} at http://{shown}:{port}/ (Ctrl-C ends it).", soft_wrap=True
    )
    if open_to_all:
        told = "No users are configured: it listens on this machine alone, where all may ask all."
        notices().print(told, soft_wrap=True)


def _users(file: Path | str | None) -> Users | None:
    return None if file is None else read_users(Path(file))


def _oidc(file: Path | str | None) -> Oidc | None:
    from api.http.oidc import read_oidc

    return None if file is None else read_oidc(Path(file))


def _require() -> None:
    if any(find_spec(part) is None for part in ("strawberry", "uvicorn", "jwt")):
        raise InvalidInput(
            "the server is not installed", where="serve", remedy="Install it: pip install 'suyuan[serve]'."
        )


def _check_loopback(host: str) -> None:
    """Without users whoever reaches the server may ask all, so that nobody from elsewhere may reach it."""
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    if not loopback:
        raise InvalidInput(
            f"{host} may be reached from other machines, and no users are configured",
            where="--host",
            remedy="Name users (--users), or listen on 127.0.0.1.",
        )
