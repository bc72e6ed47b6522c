// The graph port. A row is a value with the positions between which it is true (rule 17); beside it the same as people
// walk it: nodes joined by FLOWS_TO.

// name: shapes_of_owners
UNWIND $keys AS owner
MATCH (p:Part {owner: owner})
RETURN p.owner, p.shape

// name: shapes
UNWIND $keys AS digest
MATCH (s:Shape {digest: digest})
RETURN s.digest, s.owners, s.rows

// name: set_shapes
UNWIND $rows AS row
MERGE (s:Shape {digest: row.digest})
SET s.owners = row.owners, s.rows = coalesce(row.rows, s.rows)

// name: drop_shapes
UNWIND $rows AS digest
MATCH (s:Shape {digest: digest})
DELETE s

// name: set_parts
UNWIND $rows AS row
MERGE (p:Part {owner: row.owner})
SET p.shape = row.shape

// name: drop_parts
UNWIND $rows AS owner
MATCH (p:Part {owner: owner})
DELETE p

// name: live_rows
UNWIND $keys AS digest
MATCH (r:Row {digest: digest})
USING INDEX SEEK r:Row(digest)
WHERE r.to_seq IS NULL OR r.to_seq = $seq
RETURN r.digest, r.shapes, r.from_seq, r.to_seq

// name: open_rows
UNWIND $rows AS row
CREATE (r:Row)
SET r = row, r.from_seq = $seq

// name: count_rows
UNWIND $rows AS row
MATCH (r:Row {digest: row.digest})
USING INDEX SEEK r:Row(digest)
WHERE r.to_seq IS NULL
SET r.shapes = row.shapes

// name: reopen_rows
// A row that was closed at this very position was never away.
UNWIND $rows AS row
MATCH (r:Row {digest: row.digest, to_seq: $seq})
USING INDEX SEEK r:Row(digest)
SET r.shapes = row.shapes
REMOVE r.to_seq

// name: close_rows
UNWIND $rows AS digest
MATCH (r:Row {digest: digest})
USING INDEX SEEK r:Row(digest)
WHERE r.to_seq IS NULL
SET r.to_seq = $seq, r.shapes = 0

// name: forget_rows
// A row opened and dropped at the same position was never true.
UNWIND $rows AS digest
MATCH (r:Row {digest: digest, from_seq: $seq})
USING INDEX SEEK r:Row(digest)
WHERE r.to_seq IS NULL
DELETE r

// name: rows_closed_since
MATCH (r:Row {kind: $kind})
WHERE r.to_seq > $after AND r.to_seq <= $upto AND r.from_seq <= $after
RETURN r.content, r.from_seq, r.to_seq
ORDER BY r.from_seq, r.place, r.digest

// name: rows_opened_since
MATCH (r:Row {kind: $kind})
USING INDEX SEEK r:Row(kind, from_seq, place, digest)
WHERE r.from_seq > $after AND r.from_seq <= $upto AND r.place IS NOT NULL AND r.digest IS NOT NULL
RETURN r.content, r.from_seq, r.to_seq
ORDER BY r.from_seq, r.place, r.digest

// name: gaps_at
MATCH (r:Row)
USING INDEX r:Row(gap_of)
WHERE r.gap_of IS NOT NULL AND r.from_seq <= $at AND (r.to_seq IS NULL OR r.to_seq > $at)
RETURN r.content

// name: gaps_of_items_at
UNWIND $keys AS item
MATCH (r:Row {gap_of: item})
USING INDEX SEEK r:Row(gap_of)
WHERE r.from_seq <= $at AND (r.to_seq IS NULL OR r.to_seq > $at)
RETURN r.content

// name: live_digests
MATCH (r:Row)
WHERE r.to_seq IS NULL
RETURN r.digest, r.from_seq

// name: drop_parts_of_all
MATCH (p:Part)
WITH p LIMIT $some
DELETE p
RETURN count(*)

// name: drop_shapes_of_all
MATCH (s:Shape)
WITH s LIMIT $some
DELETE s
RETURN count(*)

// name: last_lines
UNWIND $keys AS item
MATCH (l:Line {item: item})
USING INDEX SEEK l:Line(item, from_seq)
WHERE l.from_seq IS NOT NULL
WITH item, l ORDER BY l.from_seq
WITH item, collect([l.from_seq, l.to_seq, l.history])[-2..] AS spans
RETURN item, spans

// name: add_histories
UNWIND $rows AS row
MERGE (h:History {digest: row.digest})
ON CREATE SET h.content = row.content

// name: histories
UNWIND $keys AS digest
MATCH (h:History {digest: digest})
RETURN h.digest, h.content

// name: open_lines
UNWIND $rows AS row
CREATE (l:Line {item: row.item, from_seq: $seq, history: row.history})

// name: close_lines
UNWIND $rows AS row
MATCH (l:Line {item: row.item, from_seq: row.from_seq})
USING INDEX SEEK l:Line(item, from_seq)
SET l.to_seq = $seq

// name: reopen_lines
UNWIND $rows AS row
MATCH (l:Line {item: row.item, from_seq: row.from_seq})
USING INDEX SEEK l:Line(item, from_seq)
REMOVE l.to_seq

// name: forget_lines
UNWIND $rows AS row
MATCH (l:Line {item: row.item, from_seq: row.from_seq})
USING INDEX SEEK l:Line(item, from_seq)
DELETE l

// name: lines_at
UNWIND $keys AS item
MATCH (l:Line {item: item})
USING INDEX SEEK l:Line(item, from_seq)
WHERE l.from_seq <= $at AND (l.to_seq IS NULL OR l.to_seq > $at)
RETURN l.item, l.history

// name: lines_closed_since
MATCH (l:Line)
WHERE l.to_seq > $after AND l.to_seq <= $upto AND l.from_seq <= $after
RETURN l.item, l.history, l.from_seq, l.to_seq
ORDER BY l.from_seq, l.item

// name: lines_opened_since
MATCH (l:Line)
USING INDEX SEEK l:Line(from_seq, item)
WHERE l.from_seq > $after AND l.from_seq <= $upto AND l.item IS NOT NULL
RETURN l.item, l.history, l.from_seq, l.to_seq
ORDER BY l.from_seq, l.item

// name: live_lines
MATCH (l:Line)
WHERE l.to_seq IS NULL
RETURN l.item, l.from_seq
