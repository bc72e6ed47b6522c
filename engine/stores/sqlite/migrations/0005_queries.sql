-- Queries that are kept under a name. They are no part of the ledger.
CREATE TABLE named_query (
    name TEXT PRIMARY KEY,
    definition BLOB NOT NULL, -- JSON
    created INTEGER NOT NULL,
    author TEXT NOT NULL
) STRICT, WITHOUT ROWID;
