"""Requests of the REST interface of EPCIS 2.0 with what each is answered, as files, and what runs them.

`python -m tests.api.rest.requests [URL]` runs them all, against a server of its own unless a URL is given.
"""
