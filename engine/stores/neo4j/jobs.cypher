// The job port.

// name: put
// `finished` of a job that runs is -1: an index finds no absent property.
MERGE (j:Job {id: $id})
SET j.created = $created, j.finished = $finished, j.content = $content

// name: get
MATCH (j:Job {id: $id})
RETURN j.content

// name: newest
MATCH (j:Job)
USING INDEX j:Job(created, id)
WHERE j.created <= $created AND j.id IS NOT NULL AND (j.created < $created OR j.id < $id)
RETURN j.content
ORDER BY j.created DESC, j.id DESC
LIMIT $limit

// name: unfinished
MATCH (j:Job {finished: -1})
USING INDEX j:Job(finished)
RETURN j.content
ORDER BY j.created DESC, j.id DESC
