-- Subscriptions to named queries, each as it was put last: MessagePack. They are no part of the ledger.
CREATE TABLE subscription (
    id TEXT PRIMARY KEY,
    query TEXT NOT NULL,
    owner TEXT NOT NULL,
    created INTEGER NOT NULL,
    due INTEGER NOT NULL,
    leased INTEGER NOT NULL, -- until when; 0: not
    content BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX subscription_of ON subscription (owner, query, created, id);
CREATE INDEX subscription_due ON subscription (due, id);
