-- Capture jobs, each as it was put last: MessagePack. They are no part of the ledger.
CREATE TABLE job (
    id TEXT PRIMARY KEY,
    created INTEGER NOT NULL,
    finished INTEGER,
    content BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX job_created ON job (created, id);
CREATE INDEX job_unfinished ON job (created, id) WHERE finished IS NULL;
