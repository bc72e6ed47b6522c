"""GraphQL: the schema over the answers of the engine, and what guards it."""
