-- The event port.

-- name: note_time
INSERT INTO event_time (time, seq) VALUES (?, ?)

-- name: fact_id
SELECT id FROM fact WHERE field = ? AND value = ?

-- name: add_fact
INSERT INTO fact (field, value) VALUES (?, ?) RETURNING id

-- name: note_fact
INSERT INTO event_fact (fact, time, seq) VALUES (?, ?, ?)

-- name: in_order
SELECT time, seq FROM event_time
WHERE (time, seq) > (:time, :seq) AND time >= :since AND time < :until AND seq <= :upto
ORDER BY time, seq
LIMIT :limit

-- name: in_order_back
SELECT time, seq FROM event_time
WHERE (time, seq) < (:time, :seq) AND time >= :since AND time < :until AND seq <= :upto
ORDER BY time DESC, seq DESC
LIMIT :limit

-- name: of_fact
SELECT time, seq FROM event_fact
WHERE fact = (SELECT id FROM fact WHERE field = :field AND value = :value)
AND (time, seq) > (:time, :seq) AND time >= :since AND time < :until AND seq <= :upto
ORDER BY time, seq
LIMIT :limit

-- name: of_fact_back
SELECT time, seq FROM event_fact
WHERE fact = (SELECT id FROM fact WHERE field = :field AND value = :value)
AND (time, seq) < (:time, :seq) AND time >= :since AND time < :until AND seq <= :upto
ORDER BY time DESC, seq DESC
LIMIT :limit

-- name: values
SELECT value FROM fact WHERE field = :field AND value > :after ORDER BY value LIMIT :limit

-- name: accepted_since
-- Clocks may have gone back: the first run of those accepted then, not the earliest.
SELECT min(id) FROM capture WHERE accepted >= :accepted
