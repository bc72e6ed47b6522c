-- The graph port: rows with sequence intervals, and the shapes that count who has them.

-- name: shape_of_owner
SELECT shape.digest FROM part JOIN shape ON shape.id = part.shape WHERE owner = ?

-- name: shape
SELECT id, owners, row_digests FROM shape WHERE digest = ?

-- name: add_shape
INSERT INTO shape (digest, owners, row_digests) VALUES (?, ?, ?) RETURNING id

-- name: set_shape_owners
UPDATE shape SET owners = ? WHERE id = ?

-- name: drop_shape
DELETE FROM shape WHERE id = ?

-- name: set_part
INSERT INTO part (owner, shape) VALUES (?, ?) ON CONFLICT DO UPDATE SET shape = excluded.shape

-- name: drop_part
DELETE FROM part WHERE owner = ?

-- name: live_row
SELECT id, shapes, from_seq FROM graph_row WHERE digest = ? AND to_seq IS NULL

-- name: some_row_closed_at
SELECT 1 FROM graph_row WHERE to_seq = ? LIMIT 1

-- name: row_closed_at
SELECT id FROM graph_row WHERE to_seq = ? AND digest = ?

-- name: open_row
INSERT INTO graph_row (kind, place, digest, content, shapes, from_seq) VALUES (?, ?, ?, ?, ?, ?)

-- name: reopen_row
UPDATE graph_row SET to_seq = NULL, shapes = ? WHERE id = ?

-- name: set_row_shapes
UPDATE graph_row SET shapes = ? WHERE id = ?

-- name: close_row
UPDATE graph_row SET to_seq = ?, shapes = 0 WHERE id = ?

-- name: forget_row
-- A row opened and dropped at the same position was never true.
DELETE FROM graph_row WHERE id = ?

-- name: rows_closed_since
-- Rows known at a position and closed after it.
SELECT content, from_seq, to_seq FROM graph_row INDEXED BY row_closed
WHERE to_seq > :after AND kind = :kind AND from_seq <= :after
ORDER BY from_seq, place, digest

-- name: rows_opened_since
SELECT content, from_seq, to_seq FROM graph_row INDEXED BY row_opened
WHERE kind = :kind AND from_seq > :after
ORDER BY from_seq, place, digest

-- name: gaps_at
SELECT content FROM graph_row
WHERE kind = 2 AND from_seq <= :at AND (to_seq IS NULL OR to_seq > :at)

-- name: gaps_of_item_at
SELECT content FROM graph_row INDEXED BY gap_of
WHERE kind = 2 AND place = :item AND from_seq <= :at AND (to_seq IS NULL OR to_seq > :at)

-- name: history_id
SELECT id FROM history WHERE digest = ?

-- name: add_history
INSERT INTO history (digest, content) VALUES (?, ?) RETURNING id

-- name: history
SELECT content FROM history WHERE id = ?

-- name: last_line
SELECT from_seq, to_seq, history FROM line WHERE item = ? ORDER BY from_seq DESC LIMIT 1

-- name: open_line
INSERT INTO line (item, from_seq, history) VALUES (?, ?, ?)

-- name: close_line
UPDATE line SET to_seq = ? WHERE item = ? AND from_seq = ?

-- name: reopen_line
UPDATE line SET to_seq = NULL WHERE item = ? AND from_seq = ?

-- name: forget_line
DELETE FROM line WHERE item = ? AND from_seq = ?

-- name: line_at
SELECT history FROM line
WHERE item = :item AND from_seq <= :at AND (to_seq IS NULL OR to_seq > :at)

-- name: lines_closed_since
SELECT item.key, history, from_seq, to_seq FROM line INDEXED BY line_closed CROSS JOIN item ON item.id = line.item
WHERE to_seq > :after AND from_seq <= :after
ORDER BY from_seq, item.key

-- name: lines_opened_since
SELECT item.key, history, from_seq, to_seq FROM line INDEXED BY line_opened CROSS JOIN item ON item.id = line.item
WHERE from_seq > :after
ORDER BY from_seq, item.key

-- name: edition
SELECT number FROM edition WHERE id = 1

-- name: begin_edition
UPDATE edition SET number = number + 1 WHERE id = 1

-- name: forget_rows_of
-- Rows opened at a position and still live.
DELETE FROM graph_row WHERE from_seq = ? AND to_seq IS NULL

-- name: close_rows
UPDATE graph_row SET to_seq = ?, shapes = 0 WHERE to_seq IS NULL

-- name: forget_lines_of
DELETE FROM line WHERE from_seq = ? AND to_seq IS NULL

-- name: close_lines
UPDATE line SET to_seq = ? WHERE to_seq IS NULL

-- name: drop_parts
DELETE FROM part

-- name: drop_shapes
DELETE FROM shape
