// The property graph that people open and Cypher walks (design §4): the newest of each vertex, and every flow.

// name: open_vertices
UNWIND $rows AS row
MERGE (v:Vertex {id: row.id})
SET v:$(row.label), v = row.properties, v.id = row.id
FOREACH (site IN row.sites | MERGE (s:Site {id: site}) MERGE (v)-[:AT]->(s))
FOREACH (item IN row.items | MERGE (i:Item {id: item.id}) ON CREATE SET i:$(item.labels) MERGE (v)-[:OF]->(i))

// name: record_vertices
// Every version of the event that opened it.
UNWIND $rows AS row
MATCH (v:Vertex {id: row.id})
USING INDEX SEEK v:Vertex(id)
MATCH (e:Event {id: row.event_id})
USING INDEX SEEK e:Event(id)
MERGE (e)-[:RECORDS]->(v)

// name: close_vertices
// What is closed, opened or forgotten tells which shipments it was of.
UNWIND $rows AS digest
MATCH (v:Vertex {digest: digest})
USING INDEX SEEK v:Vertex(digest)
SET v.to_seq = $seq
WITH v WHERE v.on_the_way AND v.event_id IS NOT NULL
RETURN DISTINCT v.event_id

// name: forget_vertices
UNWIND $rows AS digest
MATCH (v:Vertex {digest: digest})
USING INDEX SEEK v:Vertex(digest)
SET v.to_seq = $seq
WITH v WHERE v.on_the_way AND v.event_id IS NOT NULL
RETURN DISTINCT v.event_id

// name: open_flows
UNWIND $rows AS row
MERGE (a:Vertex {id: row.source})
MERGE (v:Vertex {id: row.target})
CREATE (a)-[f:FLOWS_TO]->(v)
SET f = row.properties, f.from_seq = $seq
WITH v WHERE v.on_the_way AND v.event_id IS NOT NULL
RETURN DISTINCT v.event_id

// name: open_touches
UNWIND $rows AS row
MERGE (a:Vertex {id: row.source})
MERGE (b:Vertex {id: row.target})
CREATE (a)-[f:TOUCHED]->(b)
SET f = row.properties, f.from_seq = $seq

// name: close_flows
UNWIND $rows AS digest
MATCH ()-[f:FLOWS_TO {digest: digest}]->(v)
USING INDEX SEEK f:FLOWS_TO(digest)
WHERE f.to_seq IS NULL
SET f.to_seq = $seq
WITH v WHERE v.on_the_way AND v.event_id IS NOT NULL
RETURN DISTINCT v.event_id

// name: close_touches
UNWIND $rows AS digest
MATCH ()-[f:TOUCHED {digest: digest}]->()
USING INDEX SEEK f:TOUCHED(digest)
WHERE f.to_seq IS NULL
SET f.to_seq = $seq

// name: forget_flows
UNWIND $rows AS digest
MATCH ()-[f:FLOWS_TO {digest: digest}]->(v)
USING INDEX SEEK f:FLOWS_TO(digest)
WHERE f.from_seq = $seq AND f.to_seq IS NULL
DELETE f
WITH v WHERE v.on_the_way AND v.event_id IS NOT NULL
RETURN DISTINCT v.event_id

// name: forget_touches
UNWIND $rows AS digest
MATCH ()-[f:TOUCHED {digest: digest}]->()
USING INDEX SEEK f:TOUCHED(digest)
WHERE f.from_seq = $seq AND f.to_seq IS NULL
DELETE f

// name: reopen_flows
UNWIND $rows AS digest
MATCH ()-[f:FLOWS_TO {digest: digest, to_seq: $seq}]->(v)
USING INDEX SEEK f:FLOWS_TO(digest)
REMOVE f.to_seq
WITH v WHERE v.on_the_way AND v.event_id IS NOT NULL
RETURN DISTINCT v.event_id

// name: reopen_touches
UNWIND $rows AS digest
MATCH ()-[f:TOUCHED {digest: digest, to_seq: $seq}]->()
USING INDEX SEEK f:TOUCHED(digest)
REMOVE f.to_seq
