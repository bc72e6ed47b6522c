// A write that goes in parts, each committed beyond the mark, and what takes back one that was broken off.

// name: note
MERGE (u:Unfinished {name: 'write'})
SET u.token = $token, u.part = $part

// name: look
MATCH (u:Unfinished {name: 'write'})
RETURN u.token, u.part

// name: finish
MATCH (u:Unfinished {name: 'write'})
DELETE u

// name: vertices_beyond
MATCH (r:Row {kind: $kind})
WHERE r.from_seq > $mark
RETURN r.content

// name: vertices_before
MATCH (r:Row {kind: $kind})
RETURN r.digest, r.content, r.to_seq

// name: take_back_rows
MATCH (r:Row)
WHERE r.from_seq > $mark
CALL (r) { DELETE r } IN TRANSACTIONS OF 5000 ROWS

// name: take_back_closings
MATCH (n:Row|Line|Vertex)
WHERE n.to_seq > $mark
CALL (n) { REMOVE n.to_seq } IN TRANSACTIONS OF 5000 ROWS

// name: take_back_lines
MATCH (l:Line)
WHERE l.from_seq > $mark
CALL (l) { DELETE l } IN TRANSACTIONS OF 5000 ROWS

// name: take_back_flows
MATCH ()-[f:FLOWS_TO|TOUCHED|FROM|TO|STARTS_IN|ENDS_IN|ENTERED|OPERATES]->()
WHERE f.from_seq > $mark
CALL (f) { DELETE f } IN TRANSACTIONS OF 5000 ROWS

// name: take_back_closed_flows
MATCH ()-[f:FLOWS_TO|TOUCHED|FROM|TO|STARTS_IN|ENDS_IN|ENTERED|OPERATES]->()
WHERE f.to_seq > $mark
CALL (f) { REMOVE f.to_seq } IN TRANSACTIONS OF 5000 ROWS

// name: take_back_events
MATCH (e:Event)
WHERE e.seq > $mark
CALL (e) { DETACH DELETE e } IN TRANSACTIONS OF 5000 ROWS

// name: take_back_names
MATCH (i:Item)
WHERE i.named > $mark
CALL (i) { REMOVE i.named } IN TRANSACTIONS OF 5000 ROWS

// name: take_back_namings
MATCH (:Item)-[of:OF]->(:Item)
WHERE of.seq > $mark
CALL (of) { DELETE of } IN TRANSACTIONS OF 5000 ROWS

// name: take_back_masters
MATCH (m:Master)
WHERE m.seq > $mark
CALL (m) { DELETE m } IN TRANSACTIONS OF 5000 ROWS

// name: take_back_vertices
UNWIND $rows AS id
MATCH (v:Vertex {id: id})
DETACH DELETE v

// name: drop_empty_shipments
MATCH (s:Shipment)
WHERE NOT EXISTS { (s)-[:CARRIED]->() }
DETACH DELETE s
