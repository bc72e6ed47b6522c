-- The job port.

-- name: put
INSERT INTO job (id, created, finished, content) VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET created = excluded.created, finished = excluded.finished, content = excluded.content

-- name: get
SELECT content FROM job WHERE id = ?

-- name: newest
SELECT content FROM job ORDER BY created DESC, id DESC LIMIT :limit

-- name: newest_before
SELECT content FROM job WHERE (created, id) < (:created, :id) ORDER BY created DESC, id DESC LIMIT :limit

-- name: unfinished
SELECT content FROM job WHERE finished IS NULL ORDER BY created DESC, id DESC
