// The ledger port.

// name: known
UNWIND $keys AS key
MATCH (e:Event {key: key})
RETURN e.key

// name: append
// The event as people read it, and as the chain holds it.
UNWIND $rows AS row
CREATE (e:Event {seq: row.seq, key: row.key})
SET e += row.event, e.author = row.author, e.job = row.job, e.source = row.source, e.accepted = row.accepted,
    e.record = row.record, e.body_digest = row.body_digest, e.body = row.body, e.context = row.context, e.hash = row.hash,
    e.time = row.time, e.earliest = row.earliest, e.attestation = row.attestation

// name: add_contexts
UNWIND $rows AS row
MERGE (c:Context {digest: row.digest})
ON CREATE SET c.content = row.content

// name: name_items
UNWIND $rows AS row
MATCH (e:Event {seq: row.seq})
MERGE (i:Item {id: row.item})
ON CREATE SET i:$(row.labels)
SET i.named = coalesce(i.named, row.seq)
CREATE (e)-[:NAMES]->(i)

// name: entries_between
MATCH (e:Event)
WHERE e.seq > $after AND e.seq <= $until
OPTIONAL MATCH (c:Context {digest: e.context})
RETURN e.seq, e.author, e.job, e.source, e.accepted, e.hash, e.attestation, e.record, e.body_digest, e.body, c.content
ORDER BY e.seq

// name: entries_of
UNWIND $keys AS id
MATCH (e:Event {id: id})
WHERE e.seq <= $upto
OPTIONAL MATCH (c:Context {digest: e.context})
RETURN e.seq, e.author, e.job, e.source, e.accepted, e.hash, e.attestation, e.record, e.body_digest, e.body, c.content

// name: entries_at
UNWIND $keys AS seq
MATCH (e:Event {seq: seq})
OPTIONAL MATCH (c:Context {digest: e.context})
RETURN e.seq, e.author, e.job, e.source, e.accepted, e.hash, e.attestation, e.record, e.body_digest, e.body, c.content

// name: repeated
UNWIND $keys AS id
MATCH (e:Event {id: id})
WHERE e.seq <= $upto
WITH id, count(e) AS entries
WHERE entries > 1
RETURN id

// name: position_at
MATCH (e:Event)
WHERE e.accepted <= $accepted AND e.seq <= $upto
RETURN max(e.seq)
