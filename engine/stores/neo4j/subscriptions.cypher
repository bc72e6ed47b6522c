// The subscription port.

// name: put
MERGE (s:Subscription {id: $id})
SET s.query = $named, s.owner = $owner, s.created = $created,
    s.due = $due, s.leased = $leased, s.content = $content

// name: get
MATCH (s:Subscription {id: $id})
RETURN s.content

// name: after
MATCH (s:Subscription {owner: $owner, query: $named})
USING INDEX s:Subscription(owner, query)
WHERE s.created > $created OR (s.created = $created AND s.id > $id)
RETURN s.content
ORDER BY s.created, s.id
LIMIT $limit

// name: count
MATCH (s:Subscription {owner: $owner})
USING INDEX s:Subscription(owner, query)
WHERE s.query IS NOT NULL
RETURN count(s)

// name: due
MATCH (s:Subscription)
USING INDEX s:Subscription(due)
WHERE s.due <= $at AND s.leased <= $at
RETURN s.content
ORDER BY s.due, s.id

// name: remove
MATCH (s:Subscription {id: $id})
DELETE s

// name: remove_all
MATCH (s:Subscription {query: $named})
USING INDEX s:Subscription(query)
DELETE s
