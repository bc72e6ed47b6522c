// The look-up port.

// name: seqs_naming_items
UNWIND $keys AS key
MATCH (i:Item {id: key})<-[:NAMES]-(e:Event)
USING INDEX SEEK i:Item(id)
WHERE e.seq <= $upto
RETURN e.seq

// name: seqs_naming_transformations
UNWIND $keys AS key
MATCH (e:Event {transformation_id: key})
WHERE e.seq <= $upto
RETURN e.seq

// name: bare_entries
UNWIND $keys AS seq
MATCH (e:Event {seq: seq})
RETURN e.seq, e.author, e.job, e.source, e.accepted, e.hash, e.attestation, e.record

// name: add_namings
UNWIND $rows AS row
MERGE (narrower:Item {id: row.narrower})
ON CREATE SET narrower:$(row.narrower_labels)
MERGE (wider:Item {id: row.wider})
ON CREATE SET wider:$(row.wider_labels)
MERGE (narrower)-[of:OF]->(wider)
ON CREATE SET of.seq = row.seq
ON MATCH SET of.seq = CASE WHEN row.seq < of.seq THEN row.seq ELSE of.seq END

// name: narrower
UNWIND $keys AS key
MATCH (n:Item)-[of:OF]->(w:Item {id: key})
USING INDEX SEEK w:Item(id)
WHERE of.seq <= $upto
RETURN n.id, key, of.seq

// name: wider
UNWIND $keys AS key
MATCH (n:Item {id: key})-[of:OF]->(w:Item)
USING INDEX SEEK n:Item(id)
WHERE of.seq <= $upto
RETURN key, w.id, of.seq

// name: put_masters
UNWIND $rows AS row
MERGE (m:Master {key: row.key, seq: $seq})
SET m.kind = row.kind, m.attributes = row.attributes

// name: masters
MATCH (m:Master)
WHERE m.seq <= $at
RETURN m.key, m.kind, m.attributes, m.seq

// name: masters_of
UNWIND $keys AS key
MATCH (m:Master {key: key})
WHERE m.seq <= $at
RETURN m.key, m.kind, m.attributes, m.seq

// name: masters_after
MATCH (m:Master)
WHERE m.seq > $after AND m.seq <= $upto
RETURN m.seq, m.key, m.kind, m.attributes
ORDER BY m.seq, m.key

// name: items_like
MATCH (i:Item)
WHERE i.id STARTS WITH $prefix AND i.named <= $upto
RETURN i.id
ORDER BY i.id
LIMIT $limit

// name: items_after
MATCH (i:Item)
WHERE i.id > $key AND i.named <= $upto
RETURN i.id
ORDER BY i.id
LIMIT $limit
