"""`suyuan demo --system NAME`: each story plays, and prints what it expects."""

from __future__ import annotations

from collections import defaultdict
import re
