"""Strangers' requests, made up: nothing that is sent is answered with a fault of ours."""
