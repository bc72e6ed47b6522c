-- The port of named queries.

-- name: add
INSERT INTO named_query (name, definition, created, author) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1

-- name: get
SELECT name, definition, created, author FROM named_query WHERE name = ?

-- name: after
SELECT name, definition, created, author FROM named_query WHERE name > :after ORDER BY name LIMIT :limit

-- name: remove
DELETE FROM named_query WHERE name = ? RETURNING 1
