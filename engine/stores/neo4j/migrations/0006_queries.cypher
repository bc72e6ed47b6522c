// Queries that are kept under a name. They are no part of the ledger.

CREATE CONSTRAINT named_query_name IF NOT EXISTS FOR (q:NamedQuery) REQUIRE q.name IS UNIQUE;
