"""`suyuan serve` and `suyuan schema`: the API over one store. In: where to listen. Out: a server, until it is ended."""

from __future__ import annotations

import ipaddress
from importlib.util import find_spec
from typing import Annotated

import typer

from api.cli.console import answers, notices
from api.cli.failure import FINE
from api.cli.options import Store, examples, location
from api.settings import without_password
from graph_schema.errors import InvalidInput

Host = Annotated[
    str,
    typer.Option("--host", help="The address to listen on; of this machine alone, as long as no users are configured."),
]
Port = Annotated[int, typer.Option("--port", help="The port to listen on.", min=1, max=65_535)]
NoGraphiql = Annotated[bool, typer.Option("--no-graphiql", help="Do not serve the page to explore with.")]
NoIntrospection = Annotated[bool, typer.Option("--no-introspection", help="Do not tell the schema to clients.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("serve", epilog=examples("suyuan serve", "suyuan serve --port 9000 --store sqlite:plant.db"))(serve)
    app.command("schema", epilog=examples("suyuan schema > schema.graphql"))(schema)


def serve(
    store: Store = None,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    no_graphiql: NoGraphiql = False,
    no_introspection: NoIntrospection = False,
) -> int:
    """Serve the API over a store.

    GraphQL at /graphql, GraphiQL to explore it at /graphiql, /healthz and /readyz. Ctrl-C ends it.
    """
    _require()
    _check_loopback(host)
    from api.http.app import Served, app_of
    from api.http.listening import listening, serve_on
    from api.http.service import open_service

    where = location(store)
    with listening(host, port) as listener, open_service(where, to_write=True) as service:
        application = app_of(service, Served(graphiql=not no_graphiql, introspection=not no_introspection))
        _tell(host, port, without_password(where))
        serve_on(listener, application)
    return FINE


def _tell(host: str, port: int, where: str) -> None:
    """Say on stderr where it answers."""
    shown = f"[{host}]" if ":" in host else host
    notices().print(f"Suyuan answers for {where} at http://{shown}:{port}/ (Ctrl-C ends it).", soft_wrap=True)
    notices().print("No users are configured: it listens on this machine alone, where all may ask all.", soft_wrap=True)


def schema() -> int:
    """Print the GraphQL schema (SDL)."""
    _require()
    from api.graphql.schema import sdl

    answers().print(sdl(), end="", markup=False, highlight=False, soft_wrap=True)
    return FINE


def _require() -> None:
    if find_spec("strawberry") is None or find_spec("uvicorn") is None:
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
            remedy="Listen on 127.0.0.1, and let a proxy that knows its users stand before it.",
        )
