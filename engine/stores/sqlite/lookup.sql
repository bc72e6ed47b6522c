-- The look-up port and the dictionary of items.

-- name: item_id
SELECT id FROM item WHERE key = ?

-- name: add_item
INSERT INTO item (key) VALUES (?) RETURNING id

-- name: name_item
INSERT INTO item_named (item, seq) VALUES (?, ?)

-- name: name_transformation
INSERT INTO transformation_named (transformation, seq) VALUES (?, ?)

-- name: seqs_naming_items
-- Of these items (a JSON array of numbers).
SELECT DISTINCT seq FROM item_named WHERE item IN (SELECT value FROM json_each(:items))

-- name: seqs_naming_transformation
SELECT seq FROM transformation_named WHERE transformation = ?

-- name: bare_entries_at
-- Entries without bodies at these sequence numbers (a JSON array).
SELECT seq, author, job, source, accepted, hash, attestation, record
FROM entry JOIN capture ON capture.id = entry.capture
WHERE seq IN (SELECT value FROM json_each(:seqs))
ORDER BY seq

-- name: add_narrowing
INSERT INTO narrowing (wider, narrower, seq) VALUES (?, ?, ?)
ON CONFLICT DO UPDATE SET seq = excluded.seq WHERE excluded.seq < seq

-- name: narrower
SELECT item.key, narrowing.seq FROM narrowing JOIN item ON item.id = narrowing.narrower WHERE narrowing.wider = ?

-- name: wider
SELECT item.key, narrowing.seq FROM narrowing JOIN item ON item.id = narrowing.wider WHERE narrowing.narrower = ?

-- name: put_master
INSERT INTO master (key, seq, kind, attributes) VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET kind = excluded.kind, attributes = excluded.attributes

-- name: masters
SELECT key, kind, attributes FROM master AS newest
WHERE seq = (SELECT max(seq) FROM master WHERE key = newest.key AND seq <= :at)

-- name: masters_of
SELECT key, kind, attributes FROM master AS newest
WHERE key IN (SELECT value FROM json_each(:keys))
AND seq = (SELECT max(seq) FROM master WHERE key = newest.key AND seq <= :at)
ORDER BY key

-- name: masters_after
SELECT seq, key, kind, attributes FROM master WHERE seq > :after

-- name: items_between
-- Keys of items that entries name, from one key up to (not including) another. An empty blob is beyond every text.
SELECT key FROM item
WHERE key >= :first AND key < :beyond AND EXISTS (SELECT 1 FROM item_named WHERE item = item.id)
ORDER BY key
LIMIT :limit
