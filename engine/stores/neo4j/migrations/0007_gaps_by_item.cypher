// Gaps are asked for by the items they are of; no other row has such a name.

CREATE INDEX row_gap_of IF NOT EXISTS FOR (r:Row) ON (r.gap_of);

MATCH (r:Row)
WHERE r.kind = 2 AND r.gap_of IS NULL
CALL (r) { SET r.gap_of = r.place } IN TRANSACTIONS OF 5000 ROWS;
