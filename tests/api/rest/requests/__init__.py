"""Requests of the REST interface of EPCIS 2.0 with what each is answered, as files, and what runs them.

`python -m tests.api.rest.requests` runs them all against two servers of its own: one without users, and one that knows
an API key alone, which each request has. With a URL, against that one, with the key that `KEY` in the environment says.
"""
