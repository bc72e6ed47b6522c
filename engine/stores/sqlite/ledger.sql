-- The ledger port. Digests are 16 bytes (blake2b).

-- name: entry_known
SELECT 1 FROM entry WHERE event = :event AND version = :version

-- name: append_capture
INSERT INTO capture (id, author, job, source, accepted) VALUES (?, ?, ?, ?, ?)

-- name: last_capture
SELECT id, author, job, source, accepted FROM capture ORDER BY id DESC LIMIT 1

-- name: append_entry
INSERT INTO entry (seq, event, version, capture, context, record, body_digest, hash, attestation)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: append_body
INSERT INTO body (seq, content) VALUES (?, ?)

-- name: dictionary
SELECT content FROM dictionary

-- name: context_id
SELECT id FROM context WHERE digest = ?

-- name: append_context
INSERT INTO context (digest, content) VALUES (?, ?) RETURNING id

-- name: head
SELECT seq, hash, accepted FROM entry JOIN capture ON capture.id = entry.capture ORDER BY seq DESC LIMIT 1

-- name: entries_between
SELECT entry.seq, author, job, source, accepted, hash, attestation, record, body_digest, body.content, context.content
FROM entry
JOIN capture ON capture.id = entry.capture
LEFT JOIN body ON body.seq = entry.seq
LEFT JOIN context ON context.id = entry.context
WHERE entry.seq > :after AND entry.seq <= :until
ORDER BY entry.seq

-- name: seqs_of_events
-- Of events of these digests (a JSON array of hexadecimal).
SELECT seq FROM entry WHERE event IN (SELECT unhex(value) FROM json_each(:events))

-- name: entries_at
-- Whole entries at these sequence numbers (a JSON array).
SELECT entry.seq, author, job, source, accepted, hash, attestation, record, body_digest, body.content, context.content
FROM entry
JOIN capture ON capture.id = entry.capture
LEFT JOIN body ON body.seq = entry.seq
LEFT JOIN context ON context.id = entry.context
WHERE entry.seq IN (SELECT value FROM json_each(:seqs))
ORDER BY entry.seq

-- name: event_repeated
SELECT 1 FROM entry WHERE event = ? LIMIT 1 OFFSET 1

-- name: position_at
-- The last entry of the last run of entries accepted by then: the one before the next run.
SELECT coalesce((SELECT min(later.id) - 1 FROM capture AS later WHERE later.id > capture.id), (SELECT max(seq) FROM entry))
FROM capture
WHERE accepted <= :accepted
ORDER BY id DESC
LIMIT 1
