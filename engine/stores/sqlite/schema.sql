-- The embedded store: one file. application_id is 'Suyu'; user_version is the format: 2 is this, more are migrations.

-- Who captured events: one row for each run of entries captured alike. `id` is the first entry of the run.
CREATE TABLE capture (
    id INTEGER PRIMARY KEY,
    author TEXT NOT NULL,
    job TEXT NOT NULL,
    source TEXT NOT NULL,
    accepted INTEGER NOT NULL
) STRICT;

-- JSON-LD contexts, each once.
CREATE TABLE context (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    content BLOB NOT NULL
) STRICT;

-- The ledger. (event, version) is the key of rule 14 as digests: of the event id; of the hashes of body and declaration.
CREATE TABLE entry (
    seq INTEGER PRIMARY KEY,
    event BLOB NOT NULL,
    version BLOB NOT NULL,
    capture INTEGER NOT NULL REFERENCES capture,
    context INTEGER REFERENCES context,
    record BLOB NOT NULL,
    body_digest BLOB NOT NULL,
    hash BLOB NOT NULL,
    UNIQUE (event, version)
) STRICT;

-- Events as they came, apart from the chain so that one can be erased (design §8). Raw deflate with a dictionary.
CREATE TABLE body (
    seq INTEGER PRIMARY KEY REFERENCES entry,
    content BLOB NOT NULL
) STRICT;

-- The dictionary that bodies of this file are deflated with.
CREATE TABLE dictionary (content BLOB NOT NULL) STRICT;

CREATE TRIGGER entry_joins_the_end BEFORE INSERT ON entry
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM entry)
BEGIN SELECT raise(ABORT, 'the ledger is append-only: an entry joins at its end'); END;
CREATE TRIGGER entry_stays BEFORE DELETE ON entry
BEGIN SELECT raise(ABORT, 'the ledger is append-only: an entry stays'); END;
CREATE TRIGGER entry_is_final BEFORE UPDATE ON entry
BEGIN SELECT raise(ABORT, 'the ledger is append-only: an entry is final'); END;
CREATE TRIGGER capture_stays BEFORE DELETE ON capture
BEGIN SELECT raise(ABORT, 'the ledger is append-only: a capture stays'); END;
CREATE TRIGGER capture_is_final BEFORE UPDATE ON capture
BEGIN SELECT raise(ABORT, 'the ledger is append-only: a capture is final'); END;
CREATE TRIGGER context_stays BEFORE DELETE ON context
BEGIN SELECT raise(ABORT, 'the ledger is append-only: a context stays'); END;
CREATE TRIGGER context_is_final BEFORE UPDATE ON context
BEGIN SELECT raise(ABORT, 'the ledger is append-only: a context is final'); END;
-- A body may be erased, never changed.
CREATE TRIGGER body_is_final BEFORE UPDATE ON body
BEGIN SELECT raise(ABORT, 'the ledger is append-only: a body is final'); END;

-- Keys of items ↔ numbers; numbers are never given again.
CREATE TABLE item (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE
) STRICT;

-- Which entries name an item, in any role.
CREATE TABLE item_named (
    item INTEGER NOT NULL REFERENCES item,
    seq INTEGER NOT NULL REFERENCES entry,
    PRIMARY KEY (item, seq)
) STRICT, WITHOUT ROWID;

-- Which entries have a transformationID.
CREATE TABLE transformation_named (
    transformation TEXT NOT NULL,
    seq INTEGER NOT NULL REFERENCES entry,
    PRIMARY KEY (transformation, seq)
) STRICT, WITHOUT ROWID;

-- Which item is of which wider one (rule 11), and the first entry that says so.
CREATE TABLE narrowing (
    wider INTEGER NOT NULL REFERENCES item,
    narrower INTEGER NOT NULL REFERENCES item,
    seq INTEGER NOT NULL,
    PRIMARY KEY (wider, narrower)
) STRICT, WITHOUT ROWID;
CREATE INDEX widening ON narrowing (narrower, wider, seq);

-- Master data by position; attributes as JSON.
CREATE TABLE master (
    key TEXT NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    attributes BLOB NOT NULL,
    PRIMARY KEY (key, seq)
) STRICT;

-- Vertices (kind 0), flows (1) and gaps (2): values, with the positions between which they are true (rule 17).
CREATE TABLE graph_row (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    place BLOB NOT NULL,    -- what orders rows of one position: a vertex's time and id, a flow's time, a gap's item
    digest BLOB NOT NULL,
    content BLOB NOT NULL,  -- MessagePack
    shapes INTEGER NOT NULL CHECK (shapes >= 0), -- how many shapes have it; 0 once it is closed
    from_seq INTEGER NOT NULL,
    to_seq INTEGER CHECK (to_seq > from_seq)
) STRICT;
CREATE UNIQUE INDEX row_live ON graph_row (digest) WHERE to_seq IS NULL;
CREATE INDEX row_opened ON graph_row (kind, from_seq, place);
CREATE INDEX row_closed ON graph_row (to_seq, digest) WHERE to_seq IS NOT NULL;
CREATE INDEX gap_of ON graph_row (place) WHERE kind = 2;

-- What an owner's part holds beside its line: a set of rows, the same for all owners whose goods moved as one.
CREATE TABLE shape (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    owners INTEGER NOT NULL,
    row_digests BLOB NOT NULL -- 16 bytes each, in order
) STRICT;
CREATE TABLE part (
    owner INTEGER PRIMARY KEY REFERENCES item,
    shape INTEGER NOT NULL REFERENCES shape
) STRICT;

-- Lines without their item, each once: what instances that moved as one share.
CREATE TABLE history (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    content BLOB NOT NULL
) STRICT;
CREATE TABLE line (
    item INTEGER NOT NULL REFERENCES item,
    from_seq INTEGER NOT NULL,
    to_seq INTEGER CHECK (to_seq > from_seq),
    history INTEGER NOT NULL REFERENCES history,
    PRIMARY KEY (item, from_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX line_opened ON line (from_seq);
CREATE INDEX line_closed ON line (to_seq) WHERE to_seq IS NOT NULL;

-- What narrower items hold that events may mean which name only a wider one (rule 11). Site 0: an unknown place.
CREATE TABLE offer (
    wider INTEGER NOT NULL REFERENCES item,
    site INTEGER NOT NULL,
    earliest INTEGER NOT NULL,
    owner INTEGER NOT NULL REFERENCES item,
    vertex BLOB NOT NULL,
    latest INTEGER NOT NULL,
    event TEXT NOT NULL,
    origin INTEGER NOT NULL, -- 0 told, 1 untold, 2 sought
    PRIMARY KEY (wider, site, earliest, owner, vertex)
) STRICT, WITHOUT ROWID;
CREATE INDEX offer_of ON offer (owner);
CREATE INDEX offer_untold ON offer (wider, site, earliest) WHERE origin > 0;

-- Until when what is told of wider items bears on a narrower one: site -1: its last record anywhere; another site:
-- without end, since some is surely left there.
CREATE TABLE holder (
    wider INTEGER NOT NULL REFERENCES item,
    site INTEGER NOT NULL,
    until INTEGER NOT NULL,
    owner INTEGER NOT NULL REFERENCES item,
    PRIMARY KEY (wider, site, until, owner)
) STRICT, WITHOUT ROWID;
CREATE INDEX holder_of ON holder (owner);
