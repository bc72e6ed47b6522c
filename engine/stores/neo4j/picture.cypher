// The property graph that people open and Cypher walks (design §4): the newest of each vertex, and every flow.

// name: open_holdings
UNWIND $rows AS row
MERGE (v:Vertex {id: row.id})
SET v:Holding, v = row.properties, v.id = row.id
FOREACH (site IN row.sites | MERGE (s:Site {id: site}) MERGE (v)-[:AT]->(s))
FOREACH (item IN row.items | MERGE (i:Item {id: item}) MERGE (v)-[:OF]->(i))

// name: open_transformations
UNWIND $rows AS row
MERGE (v:Vertex {id: row.id})
SET v:Transformation, v = row.properties, v.id = row.id
FOREACH (site IN row.sites | MERGE (s:Site {id: site}) MERGE (v)-[:AT]->(s))
FOREACH (item IN row.items | MERGE (i:Item {id: item}) MERGE (v)-[:OF]->(i))

// name: open_endings
UNWIND $rows AS row
MERGE (v:Vertex {id: row.id})
SET v:Ending, v = row.properties, v.id = row.id
FOREACH (site IN row.sites | MERGE (s:Site {id: site}) MERGE (v)-[:AT]->(s))
FOREACH (item IN row.items | MERGE (i:Item {id: item}) MERGE (v)-[:OF]->(i))

// name: open_pools
UNWIND $rows AS row
MERGE (v:Vertex {id: row.id})
SET v:Pool, v = row.properties, v.id = row.id
FOREACH (site IN row.sites | MERGE (s:Site {id: site}) MERGE (v)-[:AT]->(s))
FOREACH (item IN row.items | MERGE (i:Item {id: item}) MERGE (v)-[:OF]->(i))

// name: close_vertices
UNWIND $rows AS digest
MATCH (v:Vertex {digest: digest})
SET v.to_seq = $seq

// name: reopen_vertices
UNWIND $rows AS digest
MATCH (v:Vertex {digest: digest, to_seq: $seq})
REMOVE v.to_seq

// name: forget_vertices
UNWIND $rows AS digest
MATCH (v:Vertex {digest: digest})
SET v.to_seq = $seq

// name: open_flows
UNWIND $rows AS row
MERGE (a:Vertex {id: row.source})
MERGE (b:Vertex {id: row.target})
CREATE (a)-[f:FLOWS_TO]->(b)
SET f = row.properties, f.from_seq = $seq

// name: open_touches
UNWIND $rows AS row
MERGE (a:Vertex {id: row.source})
MERGE (b:Vertex {id: row.target})
CREATE (a)-[f:TOUCHED]->(b)
SET f = row.properties, f.from_seq = $seq

// name: close_flows
UNWIND $rows AS digest
MATCH ()-[f:FLOWS_TO {digest: digest}]->()
WHERE f.to_seq IS NULL
SET f.to_seq = $seq

// name: close_touches
UNWIND $rows AS digest
MATCH ()-[f:TOUCHED {digest: digest}]->()
WHERE f.to_seq IS NULL
SET f.to_seq = $seq

// name: forget_flows
UNWIND $rows AS digest
MATCH ()-[f:FLOWS_TO {digest: digest}]->()
WHERE f.from_seq = $seq AND f.to_seq IS NULL
DELETE f

// name: forget_touches
UNWIND $rows AS digest
MATCH ()-[f:TOUCHED {digest: digest}]->()
WHERE f.from_seq = $seq AND f.to_seq IS NULL
DELETE f

// name: reopen_flows
UNWIND $rows AS digest
MATCH ()-[f:FLOWS_TO {digest: digest, to_seq: $seq}]->()
REMOVE f.to_seq

// name: reopen_touches
UNWIND $rows AS digest
MATCH ()-[f:TOUCHED {digest: digest, to_seq: $seq}]->()
REMOVE f.to_seq
