"""What can be changed through the schema (contract). In: a document. Out: the job that captures it."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import Info

from api.capture_document import document_bytes
from api.graphql.captured import CaptureJob
from api.graphql.serving import principal_of, serving
from api.graphql.told import resolved


@strawberry.type(description="What can be changed.")
class Mutation:
    """Changes."""

    @resolved(
        "Capture EPCIS events, given as the text of a document, JSON or XML, so that no digit is lost on the way."
    )
    def capture(
        self,
        info: Info,
        document: Annotated[str, strawberry.argument(description="An EPCISDocument (EPCIS 2.0 §9.5, §10) as text.")],
        all_or_nothing: Annotated[
            bool | None,
            strawberry.argument(description="Whether one refused event refuses all; else the rest is kept."),
        ] = False,
    ) -> CaptureJob:
        """The job, which as a rule still runs."""
        content = document_bytes(document)
        job = serving(info).captures.begin(content, principal_of(info.context), all_or_nothing=bool(all_or_nothing))
        return CaptureJob.of(job)
