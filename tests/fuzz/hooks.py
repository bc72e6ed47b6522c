"""What schemathesis is told of our scalars, and real names for it to ask for (`SCHEMATHESIS_HOOKS`)."""

from __future__ import annotations

from typing import Any

import schemathesis
from graphql import ObjectValueNode, Visitor, visit
from graphql.language import NullValueNode
from hypothesis import strategies as st
from hypothesis_graphql import nodes

from api.demo import BAD_TANK, COMPLAINED

TIMES = ["2017-08-03", "2017-08-03T08:00:00+08:00", "2017-08-03+08:00", "0001-01-01", "9999-12-31T23:59:59Z", "soon"]
IDS = [BAD_TANK, COMPLAINED, "9521105000012", "urn:epc:id:sgln:9521105.00001.0", "(01)09521103009000", "bogus", ""]

schemathesis.graphql.scalar("DateTime", st.sampled_from(TIMES).map(nodes.String))
schemathesis.graphql.scalar("Decimal", st.decimals(allow_nan=False).map(lambda one: nodes.String(str(one))))
schemathesis.graphql.scalar("BigInt", st.integers().map(nodes.Int))
schemathesis.graphql.scalar("ID", st.sampled_from(IDS).map(nodes.String))


class _OneKey(Visitor):
    """Leaves one key to each input of which the schema wants exactly one: what makes them up knows no @oneOf."""

    CHOICES = ({"item", "site", "pattern", "load", "event", "transformation"}, {"mix", "killStep", "leaveOut"})

    def enter_object_value(self, node: ObjectValueNode, *_: object) -> ObjectValueNode | None:
        names = {field.name.value for field in node.fields}
        if not names or not any(names <= choice for choice in self.CHOICES):
            return None
        given = [field for field in node.fields if not isinstance(field.value, NullValueNode)]
        return ObjectValueNode(fields=tuple((given or list(node.fields))[:1]))


@schemathesis.hook
def map_body(_: schemathesis.HookContext, body: Any) -> Any:
    """The query that is sent."""
    return visit(body, _OneKey())


@schemathesis.check
def answered_or_told_why(_: object, response: schemathesis.Response, __: object) -> None:
    """An answer, or errors that each have a code: never a fault of ours, never a traceback."""
    assert response.status_code < 500, response.text
    assert "Traceback" not in response.text
    for error in response.json().get("errors", ()):
        assert error["extensions"]["code"] != "INTERNAL", error
