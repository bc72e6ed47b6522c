-- The subscription port.

-- name: put
INSERT INTO subscription (id, query, owner, created, due, leased, content)
VALUES (:id, :named, :owner, :created, :due, :leased, :content)
ON CONFLICT DO UPDATE SET due = excluded.due, leased = excluded.leased, content = excluded.content

-- name: get
SELECT content FROM subscription WHERE id = ?

-- name: after
SELECT content FROM subscription
WHERE owner = :owner AND query = :named AND (created, id) > (:created, :id)
ORDER BY created, id
LIMIT :limit

-- name: count
SELECT count(*) FROM subscription WHERE owner = ?

-- name: due
SELECT content FROM subscription WHERE due <= :at AND leased <= :at ORDER BY due, id

-- name: remove
DELETE FROM subscription WHERE id = ? RETURNING 1

-- name: remove_all
DELETE FROM subscription WHERE query = ?
