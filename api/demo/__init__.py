"""A shipped outbreak: infant formula through one milk station, as an EPCIS 2.0 document with master data.

Milk of two stations is dried, blended and filled at one dairy; cans go on two pallets to a distributor and on to two
stores. A customer complains of a can of CAN-B, and a kept sample of the milk tank TK-S1 is bad. CAN-C is of clean
milk and shared a pallet with CAN-B. Names, places and codes are made up; the codes are of GS1's range for examples.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

COMPLAINED = "urn:epc:class:lgtin:9521103.000900.CAN-B"
"""The can lot that a customer complains of."""
BAD_TANK = "urn:epc:class:lgtin:9521101.000001.TK-S1"
"""The milk tank whose kept sample is bad."""
STORE = "sqlite:suyuan-demo.db"


def outbreak() -> Path:
    """The document."""
    return Path(str(files(__name__) / "outbreak.json"))
