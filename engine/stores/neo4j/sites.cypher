// Sites, the parties that operate them, and products, as master data tell them.

// name: draw_sites
UNWIND $rows AS row
MERGE (s:Site {id: row.id})
SET s.name = row.name, s.roles = row.roles
REMOVE s:$($labels)
SET s:$(row.labels)

// name: draw_parties
UNWIND $rows AS row
MERGE (p:Party {id: row.id})
SET p.name = row.name

// name: draw_products
UNWIND $rows AS row
MERGE (i:Item {id: row.id})
ON CREATE SET i:$(row.labels)
SET i.name = row.name

// name: close_operators
UNWIND $rows AS row
MATCH (p:Party)-[r:OPERATES]->(s:Site {id: row.id})
USING INDEX SEEK s:Site(id)
WHERE r.to_seq IS NULL AND NOT p.id IN row.parties
SET r.to_seq = $seq

// name: open_operators
// Where it was true until this very position, it was never away.
UNWIND $rows AS row
MATCH (s:Site {id: row.id})
USING INDEX SEEK s:Site(id)
UNWIND row.parties AS party
MERGE (p:Party {id: party})
WITH s, p
WHERE NOT EXISTS { (p)-[r:OPERATES]->(s) WHERE r.to_seq IS NULL }
MERGE (p)-[r:OPERATES {to_seq: $seq}]->(s)
ON CREATE SET r.from_seq = $seq
REMOVE r.to_seq

// name: newest_masters
MATCH (m:Master)
WITH m ORDER BY m.seq
WITH m.key AS key, collect(m)[-1] AS newest
RETURN key, newest.kind, newest.attributes
