"""The product systems of the public paper, as data (ADR 0023). In: YAML, one file a system. Out: `Profiles`.

A profile says which goods, subjects, codes, stages and recorded events a system has, and what is measured of it.
The program names no system: a renamed copy of a profile works as the profile does.
"""

from graph_schema.profiles.acting import ActingSystem, acting_system
from graph_schema.profiles.aliases import Aliases, aliases_of
from graph_schema.profiles.codes import (
    Checked,
    Code,
    Scheme,
    code_of_key,
    parse_code,
    read_code,
    read_codes,
    schemes_of,
)
from graph_schema.profiles.common import Common
from graph_schema.profiles.contact import Contact, Systems, Touching, touching_of
from graph_schema.profiles.loading import Profiles, load_profiles, profiles
from graph_schema.profiles.naming import system_name
from graph_schema.profiles.profile import Profile, TrackingEvent
from graph_schema.profiles.recall_law import LimitedClass, RecallLaw, recall_law_on, recall_laws
from graph_schema.profiles.recognition import Recognised, recognise, recognise_all
from graph_schema.profiles.runs import before_number, read_keys, runs_with
from graph_schema.profiles.status import Status

__all__ = [
    "ActingSystem",
    "Aliases",
    "Checked",
    "Code",
    "Common",
    "Contact",
    "LimitedClass",
    "Profile",
    "Profiles",
    "RecallLaw",
    "Recognised",
    "Scheme",
    "Status",
    "Systems",
    "Touching",
    "TrackingEvent",
    "acting_system",
    "aliases_of",
    "before_number",
    "code_of_key",
    "load_profiles",
    "parse_code",
    "profiles",
    "read_code",
    "read_codes",
    "read_keys",
    "recall_law_on",
    "recall_laws",
    "recognise",
    "recognise_all",
    "runs_with",
    "schemes_of",
    "system_name",
    "touching_of",
]
