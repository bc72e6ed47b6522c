"""`suyuan serve` for tests of time: a body must have come within a second, a head within two."""

from __future__ import annotations

import argparse

from api.http.app import Served, app_of
from api.http.listening import Http, listening, serve_on
from api.http.service import open_service
from tests.api.served import HOST


def main() -> None:
    """Serve until killed."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--port", type=int, required=True)
    asked.add_argument("--store", required=True)
    given = asked.parse_args()
    Http.longest_head = 2.0
    with listening(HOST, given.port) as listener, open_service(given.store, to_write=True) as service:
        serve_on(listener, app_of(service, Served(longest_body=1.0)))


if __name__ == "__main__":
    main()
