-- How often the graph was derived anew: who knows rows of an earlier edition reads them all again.
CREATE TABLE edition (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    number INTEGER NOT NULL
) STRICT;
INSERT INTO edition VALUES (1, 0);
