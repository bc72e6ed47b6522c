-- Entries in order of when their events happened (at the earliest).
CREATE TABLE event_time (
    time INTEGER NOT NULL,
    seq INTEGER NOT NULL REFERENCES entry,
    PRIMARY KEY (time, seq)
) STRICT, WITHOUT ROWID;

-- Words and places that events say, each once, and which entries say them, in order of time.
CREATE TABLE fact (
    id INTEGER PRIMARY KEY,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (field, value)
) STRICT;
CREATE TABLE event_fact (
    fact INTEGER NOT NULL REFERENCES fact,
    time INTEGER NOT NULL,
    seq INTEGER NOT NULL REFERENCES entry,
    PRIMARY KEY (fact, time, seq)
) STRICT, WITHOUT ROWID;
