// Shipments: what one event sent on the way. From where and to where follows from what is drawn of the goods.

// name: open_shipments
UNWIND $rows AS row
MATCH (v:Vertex {id: row.id})
USING INDEX SEEK v:Vertex(id)
MERGE (s:Shipment {id: row.event_id})
SET s.departed = row.departed
MERGE (s)-[:CARRIED]->(v)
WITH s, row
MATCH (e:Event {id: row.event_id})
USING INDEX SEEK e:Event(id)
MERGE (e)-[:RECORDS]->(s)

// name: close_from
UNWIND $rows AS id
MATCH (s:Shipment {id: id})-[from:FROM]->(p:Site)
USING INDEX SEEK s:Shipment(id)
WHERE from.to_seq IS NULL AND NOT EXISTS {
  (s)-[:CARRIED]->(v:Holding)<-[f:FLOWS_TO]-(a:Holding {site: p.id})
  WHERE v.to_seq IS NULL AND f.to_seq IS NULL AND f.grade = from.grade AND NOT a.on_the_way
}
SET from.to_seq = $seq

// name: open_from
// Where it was true until this very position, it was never away.
UNWIND $rows AS id
MATCH (s:Shipment {id: id})-[:CARRIED]->(v:Holding)<-[f:FLOWS_TO]-(a:Holding)-[:AT]->(p:Site)
USING INDEX SEEK s:Shipment(id)
WHERE v.to_seq IS NULL AND f.to_seq IS NULL AND NOT a.on_the_way AND a.site = p.id
WITH DISTINCT s, p, f.grade AS grade, f.grade_name AS grade_name
WHERE NOT EXISTS { (s)-[from:FROM {grade: grade}]->(p) WHERE from.to_seq IS NULL }
MERGE (s)-[from:FROM {grade: grade, to_seq: $seq}]->(p)
ON CREATE SET from.from_seq = $seq, from.grade_name = grade_name
REMOVE from.to_seq

// name: close_to
UNWIND $rows AS id
MATCH (s:Shipment {id: id})-[to:TO]->(p:Site)
USING INDEX SEEK s:Shipment(id)
WHERE to.to_seq IS NULL AND NOT EXISTS { (s)-[:CARRIED]->(v:Holding {site: p.id}) WHERE v.to_seq IS NULL }
SET to.to_seq = $seq

// name: open_to
UNWIND $rows AS id
MATCH (s:Shipment {id: id})-[:CARRIED]->(v:Holding)-[:AT]->(p:Site)
USING INDEX SEEK s:Shipment(id)
WHERE v.to_seq IS NULL AND v.site = p.id
WITH DISTINCT s, p
WHERE NOT EXISTS { (s)-[to:TO]->(p) WHERE to.to_seq IS NULL }
MERGE (s)-[to:TO {to_seq: $seq}]->(p)
ON CREATE SET to.from_seq = $seq
REMOVE to.to_seq
