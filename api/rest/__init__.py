"""The REST interface of EPCIS 2.0 (§12) over one service."""
