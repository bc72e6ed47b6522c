// Instances in the picture: where each one's line starts and ends, and what it entered.

// name: close_starts
UNWIND $rows AS row
MATCH (i:Item {id: row.item})-[r:STARTS_IN]->(v:Vertex)
USING INDEX SEEK i:Item(id)
WHERE r.to_seq IS NULL AND NOT v.id IN row.starts
SET r.to_seq = $seq

// name: close_ends
UNWIND $rows AS row
MATCH (i:Item {id: row.item})-[r:ENDS_IN]->(v:Vertex)
USING INDEX SEEK i:Item(id)
WHERE r.to_seq IS NULL AND NOT v.id IN row.ends
SET r.to_seq = $seq

// name: close_entered
UNWIND $rows AS row
MATCH (i:Item {id: row.item})-[r:ENTERED]->(v:Vertex)
USING INDEX SEEK i:Item(id)
WHERE r.to_seq IS NULL
  AND NOT any(e IN row.entered WHERE e.vertex = v.id AND e.holding = r.holding AND e.grade = r.grade)
SET r.to_seq = $seq

// name: open_starts
// Where it was true until this very position, it was never away.
UNWIND $rows AS row
MERGE (i:Item {id: row.item})
SET i:$(row.labels)
WITH i, row
UNWIND row.starts AS id
MERGE (v:Vertex {id: id})
WITH i, v
WHERE NOT EXISTS { (i)-[r:STARTS_IN]->(v) WHERE r.to_seq IS NULL }
MERGE (i)-[r:STARTS_IN {to_seq: $seq}]->(v)
ON CREATE SET r.from_seq = $seq
REMOVE r.to_seq

// name: open_ends
UNWIND $rows AS row
MATCH (i:Item {id: row.item})
USING INDEX SEEK i:Item(id)
UNWIND row.ends AS id
MERGE (v:Vertex {id: id})
WITH i, v
WHERE NOT EXISTS { (i)-[r:ENDS_IN]->(v) WHERE r.to_seq IS NULL }
MERGE (i)-[r:ENDS_IN {to_seq: $seq}]->(v)
ON CREATE SET r.from_seq = $seq
REMOVE r.to_seq

// name: open_entered
UNWIND $rows AS row
MATCH (i:Item {id: row.item})
USING INDEX SEEK i:Item(id)
UNWIND row.entered AS e
MERGE (v:Vertex {id: e.vertex})
WITH i, e, v
WHERE NOT EXISTS { (i)-[r:ENTERED {holding: e.holding, grade: e.grade}]->(v) WHERE r.to_seq IS NULL }
MERGE (i)-[r:ENTERED {holding: e.holding, grade: e.grade, to_seq: $seq}]->(v)
ON CREATE SET r.from_seq = $seq, r.grade_name = e.grade_name
REMOVE r.to_seq
