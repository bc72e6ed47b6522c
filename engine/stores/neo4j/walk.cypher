// Walks in the database (design §4): breadth first, pruned; each with the ids to start from and the same filters.
// UNWIND, not `IN $keys`: over several starts the planner would take the distinctness of one for that of all.
// What is reached comes as one list: a row for each would cost more than the walk.
// The index is named: in a database that was filled a moment ago the planner takes it for empty, and scans it for each key.

// name: reached_forward
UNWIND $keys AS key
MATCH (start:Vertex {id: key})
      (()-[f:FLOWS_TO|TOUCHED WHERE f.from_seq <= $position AND coalesce(f.to_seq > $position, true)
           AND f.grade IN $grades AND f.kind IN $kinds
           AND (f.kind = 'carry_over' OR (f.departed_latest_us >= $since AND f.departed_earliest_us <= $until))]->()){1,}
      (there)
USING INDEX SEEK start:Vertex(id)
WITH DISTINCT there
RETURN collect(there.id)

// name: reached_back
UNWIND $keys AS key
MATCH (start:Vertex {id: key})
      (()<-[f:FLOWS_TO|TOUCHED WHERE f.from_seq <= $position AND coalesce(f.to_seq > $position, true)
            AND f.grade IN $grades AND f.kind IN $kinds
            AND (f.kind = 'carry_over' OR (f.departed_latest_us >= $since AND f.departed_earliest_us <= $until))]-()){1,}
      (there)
USING INDEX SEEK start:Vertex(id)
WITH DISTINCT there
RETURN collect(there.id)

// name: steps_forward
UNWIND $keys AS key
MATCH (start:Vertex {id: key})-[f:FLOWS_TO|TOUCHED]->(there)
USING INDEX SEEK start:Vertex(id)
WHERE f.from_seq <= $position AND coalesce(f.to_seq > $position, true) AND f.grade IN $grades AND f.kind IN $kinds
  AND (f.kind = 'carry_over' OR (f.departed_latest_us >= $since AND f.departed_earliest_us <= $until))
RETURN DISTINCT key, there.id

// name: steps_back
UNWIND $keys AS key
MATCH (start:Vertex {id: key})<-[f:FLOWS_TO|TOUCHED]-(there)
USING INDEX SEEK start:Vertex(id)
WHERE f.from_seq <= $position AND coalesce(f.to_seq > $position, true) AND f.grade IN $grades AND f.kind IN $kinds
  AND (f.kind = 'carry_over' OR (f.departed_latest_us >= $since AND f.departed_earliest_us <= $until))
RETURN DISTINCT key, there.id
